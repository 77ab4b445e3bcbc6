#!/usr/bin/env python3
"""test_checks.py: each machine check finds a violation that is planted for it, and passes a tree without one. TAP."""
import json
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import check_bars
import check_hardening
import check_includes
import check_names
import check_sizes
import make_assurance
from tap import Tap

HERE = Path(__file__).parent
sys.path += [str(HERE.parent / "tests" / "ports"), str(HERE.parent / "tests" / "soak")]
import fuzz  # noqa: E402
import judge  # noqa: E402
import report  # noqa: E402


def tree(files):
    """A temporary folder with these files; the caller keeps the returned object alive."""
    folder = tempfile.TemporaryDirectory()
    for name, text in files.items():
        path = Path(folder.name) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


CLEAN = {
    "include/opencng/bcrypt.h": "",
    "src/base/rd.h": "#include <stddef.h>\n",
    "src/blob/rsa_blob.h": '#include "rd.h"\n#include "bcrypt.h"\n',
    "src/primitives/rsa.c": '#include "rsa_blob.h"\n#include "rd.h"\n#include <openssl/evp.h>\n',
    "src/router/open.c": '#include "rd.h"\n#include <bcrypt.h>\n',
    "src/cli/main.c": "#include <bcrypt.h>\n",
}

UPWARD = {
    "base includes blob": ("base", {"src/base/rd.c": '#include "rsa_blob.h"\n'}),
    "base includes openssl": ("base", {"src/base/ct.c": "#include <openssl/crypto.h>\n"}),
    "base includes nettle": ("base", {"src/base/ct.c": "#include <nettle/memops.h>\n"}),
    "router includes a provider by path": ("router", {"src/router/x.c": '#include "../primitives/rsa.h"\n'}),
    "router includes blob": ("router", {"src/router/x.c": ' # include "rsa_blob.h"\n'}),
    "cli includes base": ("cli", {"src/cli/x.c": '#include "rd.h"\n'}),
    "primitives includes the router": ("primitives", {"src/primitives/x.c": '#include "open.h"\n', "src/router/open.h": ""}),
    "a folder outside the rule": ("other", {"src/other/x.c": ""}),
}


def test_includes(tap):
    with tree(CLEAN) as root:
        found = [x for xs in check_includes.violations(Path(root)).values() for x in xs]
        tap.check(found, "include rule: a clean tree passes")
    for name, (layer, planted) in UPWARD.items():
        with tree(CLEAN | planted) as root:
            wrong = {k: v for k, v in check_includes.violations(Path(root)).items() if v}
            tap.check([] if list(wrong) == [layer] and len(wrong[layer]) == 1 else [f"found: {wrong}"], f"include rule: {name}")


def test_sizes(tap):
    with tree({"src/base/a.c": "\n" * 400, "src/base/b.c": "\n" * 401, "src/base/c.c": "\n" * 801}) as root:
        warnings, failures = check_sizes.long_files(Path(root))
        right = [len(warnings), len(failures)] == [1, 1] and "b.c" in warnings[0] and "c.c" in failures[0]
        tap.check([] if right else [f"found: {warnings} {failures}"], "sizes: 401 lines warn, 801 fail")


def test_names(tap):
    word = "TO" + "DO"
    with tree({
        "src/base/a.c": f"/* memcmp(a, b) in a comment */\nint x = memcmp(a, b, 1);\n/* {word}: later */\n",
        "src/blob/a.c": "char *p = \"/" + "home/me/x\";\n",
        "README.md": "lib/root/x and https://example.org/home/x are no machine paths\n",
    }) as root:
        root = Path(root)
        for name, found, part in (
                ("unique names", check_names.duplicate_names(root), "src/base/a.c, src/blob/a.c"),
                ("memcmp", check_names.memcmp_calls(root), "src/base/a.c:2"),
                ("unfinished", check_names.unfinished(root), "src/base/a.c:3"),
                ("machine paths", check_names.machine_paths(root), "src/blob/a.c:1")):
            tap.check([] if len(found) == 1 and part in found[0] else [f"found: {found}"], f"names: {name}")


# name -> (what the test printed, meson's verdict, the last line of the summary)
SUMMARIES = {
    "all pass": ("1..2\nok 1 - a\nok 2 - b\n", "OK", 0, "2 passed, 0 failed, 0 skipped"),
    "one fails": ("1..2\nok 1 - a\nnot ok 2 - b\n# not ok - group\n", "FAIL", 1, "1 passed, 1 failed, 0 skipped"),
    "skips, cmocka's way and TAP's way": (
        "1..3\nok 1 - a\n# no ML-KEM\nnot ok 2 # SKIP b\nok 3 - c # SKIP too old\n", "FAIL", 0, "1 passed, 0 failed, 2 skipped"),
    "a failure that meson alone sees": ("1..1\nok 1 - a\n", "FAIL", 0, "1 passed, 1 failed, 0 skipped"),
    "a name may hold a #": ("1..2\nok 1 - #ifndef X\nnot ok 2 - under #if (c11)\n", "FAIL", 1, "1 passed, 1 failed, 0 skipped"),
    "a crash after one result": ("1..3\nok 1 - a\n", "ERROR", -11, "1 passed, 1 failed, 0 skipped"),
    "a crash at exit": ("1..1\nok 1 - a\n", "ERROR", -11, "1 passed, 1 failed, 0 skipped"),
    "no results at all": ("", "ERROR", 1, "0 passed, 1 failed, 0 skipped"),
    "an empty plan is no success": ("1..0\n", "OK", 0, "0 passed, 0 failed, 1 skipped"),
    "time ran out": ("1..2\nok 1 - a\n", "TIMEOUT", -15, "1 passed, 1 failed, 0 skipped"),
}


def test_summary(tap):
    for name, (stdout, result, code, expected) in SUMMARIES.items():
        line = json.dumps({"name": "t", "stdout": stdout, "result": result, "returncode": code})
        with tree({"testlog.json": line + "\n"}) as root:
            run = subprocess.run([sys.executable, HERE / "summary.py", Path(root) / "testlog.json"],
                                 capture_output=True, text=True, check=False)
            last = run.stdout.splitlines()[-1]
            right = last == expected and run.returncode == (" 0 failed" not in expected)
            tap.check([] if right else [f"{last!r}, status {run.returncode}"], f"summary: {name}")


BAR = {"title": "t", "where": "gate", "number": "n", "command": "c", "tests": ["a: words", "b"]}
CLASS = {"name": "n", "examples": "e", "check": "c", "bars": [1], "tests": ["a"]}


def test_bars(tap):
    all_bars = {number: BAR for number in check_bars.BARS}
    for name, found, right in (
            ("complete bars pass", check_bars.bad_bars(all_bars), 0),
            ("a bar is missing", check_bars.bad_bars({n: b for n, b in all_bars.items() if n != 7}), 1),
            ("a bar without a number", check_bars.bad_bars(all_bars | {7: {"title": "t", "where": "gate", "command": "c"}}), 1),
            ("a bar of the gate without tests", check_bars.bad_bars(all_bars | {7: {**BAR, "tests": []}}), 1),
            ("a bar that is nowhere for no reason", check_bars.bad_bars(all_bars | {7: {**BAR, "where": "none"}}), 1),
            ("a class passes", check_bars.bad_classes([CLASS], all_bars), 0),
            ("a class without tests or reason", check_bars.bad_classes([{**CLASS, "tests": []}], all_bars), 1),
            ("a class of a bar that is none", check_bars.bad_classes([{**CLASS, "bars": [99]}], all_bars), 1),
            ("a test that is not in the build", check_bars.unknown_tests(["a: words", "b"], {"a"}), 1),
            ("words that no test says", check_bars.unknown_words(["a: words", "a: other words"], "the words of a test"), 1)):
        tap.check([] if len(found) == right else [f"found: {found}"], f"bars: {name}")


def test_assurance(tap):
    log = {"a": {"name": "a", "stdout": "ok 1 - x\n# figure: 7 ten of ten\n# figure: 8 another\n1..1\n", "result": "OK", "returncode": 0},
           "b": {"name": "b", "stdout": "not ok 1 - y\n1..1\n", "result": "FAIL", "returncode": 1}}
    for name, tests, expected in (
            ("a figure is the bar's own", ["a"], ("ten of ten", True)),
            ("a failure shows", ["a", "b"], ("ten of ten; FAILED: 1", False)),
            ("a test that did not run shows", ["a", "c"], ("ten of ten; not run: c", False)),
            ("nothing ran", ["c"], ("not run", False))):
        found = make_assurance.gate_figure(7, {"tests": tests}, log)
        tap.check([] if found == expected else [f"found: {found}"], f"assurance: {name}")
    counted = make_assurance.gate_figure(9, {"tests": ["a"]}, log)
    tap.check([] if counted == ("1 checks passed", True) else [f"found: {counted}"], "assurance: results are counted where there is no figure")


def test_hardening(tap):
    """A program at a fixed address with nothing in it, and one segment that can be all."""
    head = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 2, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    with tree({}) as root:
        path = Path(root) / "bare"
        path.write_bytes(head + struct.pack("<IIQQQQQQ", 1, 7, 0, 0, 0, 0, 0, 0))
        found = check_hardening.lacking(check_hardening.Elf(path), True)
    parts = ("RELRO", "stack can be executed", "written and executed", "fixed address", "protected stack", "checked functions")
    tap.check([x for x in parts if not any(x in sentence for sentence in found)], f"hardening: {len(parts)} things that a bare file lacks")


def test_judge(tap):
    """Ports: whatever is not as expected is a failure, and what a machine cannot have is a skip."""
    expected = "passed 1\nfails b: known\nleft-out c: a reason\n"
    for name, results, verdict in (
            ("all as expected", "pass a\nfail b: why\nskip c: why\n", (1, 0, 2)),
            ("a number that drops", "fail b: why\nskip c: why\n", (0, 1, 2)),
            ("a failure", "pass a\nfail b: why\nskip c: why\nfail d: why\n", (1, 1, 2)),
            ("left out without a reason", "pass a\nfail b: why\nskip c: why\nskip d: why\n", (1, 1, 2)),
            ("a known failure that passes", "pass a\npass b\nskip c: why\n", (1, 1, 1)),
            ("a reason without a test", "pass a\nfail b: why\n", (1, 1, 1)),
            ("no results", "", (0, 3, 0)),
            ("not to be had", "absent x: no network\n", (0, 0, 1))):
        with tree({"x.expect": expected, "results": results}) as root:
            passed, failed, skipped = judge.judge("x", judge.results(Path(root) / "results"), judge.expectations(Path(root) / "x.expect"))
        found = (passed, len(failed), len(skipped))
        tap.check([] if found == verdict else [f"found: {found}"], f"ports: {name}")


def test_soak_record(tap):
    """What was found elsewhere stays until something newer is known, and what is worse but newer counts."""
    def bar(figure, date, time=None):
        return {"figure": figure, "date": date, "ok": True} | ({"at": f"{date}T{time}"} if time else {})
    here = {"parts": {}, "bars": {"7": bar("here", "2026-02-01", "10:00:00"), "8": bar("here", "2026-02-02"), "9": bar("here", "2026-02-01")}, "fuzz": {"since": "b", "processor": {"x": 2}}}
    there = {"parts": {}, "bars": {"7": bar("there", "2026-02-01", "09:00:00"), "8": bar("there", "2026-02-01"), "9": bar("there", "2026-02-02"), "11": bar("there", "2026-01-01")}}
    with tree({"here.json": json.dumps(here), "record.json": json.dumps(there), "note.json": json.dumps({"bars": {"10": bar("a note", "2026-01-01")}})}) as root:
        report.REPORT, report.RECORD = Path(root) / "here.json", Path(root) / "record.json"
        report.keep(str(Path(root) / "note.json"), str(Path(root) / "absent.json"))
        kept = json.loads(report.RECORD.read_text())
        report.REPORT.unlink()
        begun = report.read()
    found = {number: entry["figure"] for number, entry in kept["bars"].items()}
    expected = {"7": "here", "8": "here", "9": "there", "10": "a note", "11": "there"}
    tap.check([] if found == expected else [f"found: {found}"], "soak: the newer result of each bar is kept")
    tap.check([] if begun == kept and kept["fuzz"] == here["fuzz"] else [f"found: {begun}"], "soak: without a report the record is where it begins")


def test_fuzz_rounds(tap):
    """The target that has the least of its time is next; a round ends when all have theirs, and the next commit begins another."""
    targets = fuzz.targets()
    done = {target: fuzz.wanted(target, 10) for target in targets}
    for name, processor, following in (
            ("nothing was run", {}, targets[0]),
            ("one is behind", done | {targets[3]: 9.5}, targets[3]),
            ("six times as long, and half of it done", done | {"calls": 30}, "calls"),
            ("all have their time", done, None)):
        found = fuzz.next_target({"since": "a", "processor": processor}, 10)
        tap.check([] if found == following else [f"found: {found}"], f"fuzz: the next target, {name}")
    for name, processor, commit, since in (
            ("goes on at another commit", done | {targets[0]: 1}, "b", "a"),
            ("stays over at the same commit", done, "a", "a"),
            ("begins anew at another commit when it is over", done, "b", "b")):
        found = fuzz.begin({"fuzz": {"since": "a", "processor": processor}}, 10, commit)["since"]
        tap.check([] if found == since else [f"found: {found}"], f"fuzz: a round {name}")


def main():
    tap = Tap()
    for test in (test_includes, test_sizes, test_names, test_summary, test_bars, test_assurance, test_hardening, test_judge, test_soak_record,
                 test_fuzz_rounds):
        test(tap)
    tap.done()


if __name__ == "__main__":
    main()
