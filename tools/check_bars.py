#!/usr/bin/env python3
"""check_bars.py ROOT [BUILD]: what tests/bars.toml and tests/vulnerability_classes.toml name exists. TAP.

A test is named 'TEST' or 'TEST: WORDS'. TEST is a name of `meson test --list` (or of a part of ./dev soak), WORDS stand in a
source of the tests: the name of a cmocka test, or words that a TAP line has. With BUILD, the names are looked up in what meson
knows of that folder; a build that leaves tests out by design (sanitizers, the system's libcrypto) is asked for nothing.
"""
import json
import re
import sys
from pathlib import Path

try:
    import tomllib
except ModuleNotFoundError:  # Python before 3.11
    tomllib = None

from tap import Tap

BARS = set(range(1, 36))
WHERE = {"gate", "soak", "none"}
NEEDED = {"title", "where", "number", "command"}
SOURCES = ("tests", "tools", "fuzz", "bench")


def load(root):
    """(number -> bar, list of classes)"""
    with open(root / "tests" / "bars.toml", "rb") as file:
        bars = {int(number): bar for number, bar in tomllib.load(file)["bar"].items()}
    with open(root / "tests" / "vulnerability_classes.toml", "rb") as file:
        classes = tomllib.load(file)["class"]
    return bars, classes


def split(name):
    """('TEST', 'WORDS' or None)"""
    test, colon, words = name.partition(": ")
    return test, words if colon else None


def bad_bars(bars):
    """Bars that are missing or incomplete, as sentences."""
    found = [f"bar {number} is missing" for number in sorted(BARS - set(bars))]
    for number, bar in sorted(bars.items()):
        if NEEDED - set(bar):
            found.append(f"bar {number} lacks {', '.join(sorted(NEEDED - set(bar)))}")
        elif bar["where"] not in WHERE:
            found.append(f"bar {number} is in {bar['where']}")
        elif bar["where"] == "gate" and not bar.get("tests"):
            found.append(f"bar {number} is in the gate and names no test")
        elif bar["where"] == "none" and not bar.get("why"):
            found.append(f"bar {number} is nowhere and does not say why")
    return found


def bad_classes(classes, bars):
    found = []
    for row in classes:
        lacking = {"name", "examples", "check", "bars", "tests"} - set(row)
        if lacking:
            found.append(f"{row.get('name', 'a class')} lacks {', '.join(sorted(lacking))}")
        elif not row["tests"] and not row.get("why"):
            found.append(f"{row['name']}: no test, and no reason")
        else:
            found += [f"{row['name']}: bar {number} does not exist" for number in row["bars"] if number not in bars]
    return found


def named_tests(bars, classes):
    """Everything that is named, in the gate."""
    names = [name for bar in bars.values() for name in bar.get("tests", ())]
    return sorted({name for name in names} | {name for row in classes for name in row.get("tests", ())})


def soak_parts(root):
    """What `./dev soak` can be asked for: the files of tests/soak."""
    return {path.stem.replace("_", "-") for path in (root / "tests" / "soak").glob("*.*")} | {"fuzz"}


def unknown_tests(names, known):
    return [f"no such test: {name}" for name in names if split(name)[0] not in known]


def unknown_words(names, text):
    return [f"no test says so: {name}" for name in names if split(name)[1] and split(name)[1] not in text]


def all_sources(root):
    """The text of everything that can hold a test, with C's strings joined that go over lines."""
    paths = [path for folder in SOURCES for path in (root / folder).rglob("*")
             if path.suffix in (".c", ".h", ".py", ".sh", ".build")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return re.sub(r'"\s*\n\s*"', "", text)


def tests_of_build(build):
    """The names of a build's tests, or None if it leaves some out by design."""
    options = {x["name"]: x["value"] for x in json.loads((build / "meson-info" / "intro-buildoptions.json").read_text())}
    if options["b_sanitize"] != "none" or not options["openssl_prefix"] or options["buildtype"] not in ("debugoptimized", "custom"):
        return None
    return {x["name"] for x in json.loads((build / "meson-info" / "intro-tests.json").read_text())}


def main(root, build=None):
    tap = Tap()
    if tomllib is None:
        tap.skip("bars and classes", "Python before 3.11 reads no TOML")
        tap.done()
    bars, classes = load(root)
    names = named_tests(bars, classes)
    tap.check(bad_bars(bars), f"bars.toml: {len(bars)} bars, each with a title, a number and a command")
    tap.check(bad_classes(classes, bars), f"vulnerability_classes.toml: {len(classes)} classes, each with its tests")
    tap.check(unknown_words(names, all_sources(root)), f"{len(names)} tests that are named say what they are named for")
    known = build and tests_of_build(build)
    if known:
        tap.check(unknown_tests(names, known), f"{len(names)} tests that are named are in the build")
    tap.done()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
