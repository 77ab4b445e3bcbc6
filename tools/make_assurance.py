#!/usr/bin/env python3
"""make_assurance.py BUILD [REPORT.JSON...]: docs/assurance.md on standard output, of what was last run in BUILD.
make_assurance.py --note REPORT.JSON BAR FIGURE COMMAND COMMIT STATUS: writes a report of one bar.

Figures come from the tests themselves: a test prints `# figure: BAR words` in its TAP output. A bar whose tests print none shows what they
came to. What `./dev soak` and `./dev cover` found is read from their reports. A bar without a result says so; nothing is filled in by hand.
"""
import datetime
import json
import re
import sys
from pathlib import Path

import check_bars
import summary

ROOT = Path(__file__).resolve().parent.parent
FIGURE = re.compile(r"^#\s*(?:#\s*)?figure: (\d+) (.*)$", re.M)  # cmocka puts a '# ' of its own in front
NOT_RUN = "not run"


def read_log(build):
    """name -> meson's record of the test, of the last run."""
    path = build / "meson-logs" / "testlog.json"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", errors="replace") as file:
        return {re.sub(r"^[^/ ]+:([^/]+ / )?", "", test["name"]): test for test in map(json.loads, file)}


def tally_of(tests):
    tally = summary.Tally()
    for test in tests:
        summary.read_test(test, tally)
    return tally


def gate_figure(number, bar, log):
    """(words, passed): what the bar's tests printed, and whether all of them ran and passed."""
    names = list(dict.fromkeys(check_bars.split(name)[0] for name in bar.get("tests", ())))
    there = [log[name] for name in names if name in log]
    if not there:
        return NOT_RUN, False
    tally = tally_of(there)
    figures = [words for test in there for bar_number, words in FIGURE.findall(test.get("stdout", "")) if int(bar_number) == number]
    words = "; ".join(dict.fromkeys(figures)) or f"{tally.passed} checks passed"
    if tally.failures:
        words += f"; FAILED: {len(tally.failures)}"
    if len(there) < len(names):
        words += "; not run: " + ", ".join(name for name in names if name not in log)
    return words, not tally.failures and len(there) == len(names)


def class_result(row, log):
    """What became of a class's tests, in one word or a few."""
    words = []
    for name in row["tests"]:
        test = log.get(check_bars.split(name)[0])
        words.append(NOT_RUN if test is None else "FAILED" if tally_of([test]).failures else "passed")
    if not words:
        return row["why"]
    return "passed" if set(words) == {"passed"} else ", ".join(f"{words.count(x)} {x}" for x in sorted(set(words)))


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(cell(x) for x in row)} |" for row in rows]


def run_of(build):
    """(date, commit) of the last run of the tests; ./dev writes it beside the log."""
    path = build / "meson-logs" / "commit"
    if not path.exists():
        return "", ""
    when = datetime.datetime.fromtimestamp(path.stat().st_mtime, datetime.timezone.utc)
    return f"{when:%Y-%m-%d}", path.read_text(encoding="utf-8").strip()


def bar_rows(bars, log, soak, run):
    for number, bar in sorted(bars.items()):
        if bar["where"] == "none":
            yield number, bar["title"], bar["number"], "-", bar["why"], "", ""
            continue
        words, good = gate_figure(number, bar, log) if bar.get("tests") else (NOT_RUN, False)
        if words != NOT_RUN or bar["where"] == "gate":
            ran = words != NOT_RUN
            yield number, bar["title"], bar["number"], f"`{bar['command']}`", words, run[0] * ran, run[1] * ran + " (!)" * (ran and not good)
        if str(number) in soak:
            found = soak[str(number)]
            yield (number, bar["title"], bar.get("soak", bar["number"]), f"`{found['command']}`", found["figure"], found["date"],
                   found["commit"] + ("" if found["ok"] else " (!)"))
        elif bar["where"] == "soak":
            yield number, bar["title"], bar.get("soak", bar["number"]), f"`{bar.get('soak_command', bar['command'])}`", NOT_RUN, "", ""


def document(build, reports):
    bars, classes = check_bars.load(ROOT)
    log, run = read_log(build), run_of(build)
    soak = {}
    for report in reports:
        if report.exists():
            soak |= json.loads(report.read_text(encoding="utf-8"))["bars"]
    lines = [
        "# Assurance", "",
        "Made by `./dev assurance` of what the tests printed the last time that they ran; never written by hand. The bars are those of",
        "`tests/bars.toml`. (!) marks a result that is below its bar or not complete.", "", "## Bars", ""]
    lines += table(("bar", "what", "promised", "command", "figure", "date", "commit"), bar_rows(bars, log, soak, run))
    lines += ["", "## Classes of vulnerabilities", "",
              "What others had to repair, and the tests that look for the same here (`tests/vulnerability_classes.toml`).", ""]
    lines += table(("class", "examples", "what is checked", "bars", "tests", "result"),
                   ((row["name"], row["examples"], row["check"], ", ".join(map(str, row["bars"])),
                     ", ".join(f"`{name}`" for name in row["tests"]) or "-", class_result(row, log)) for row in classes))
    return "\n".join(lines) + "\n"


def note(report, bar, figure, command, commit, status):
    now = datetime.datetime.now(datetime.timezone.utc)
    entry = {"figure": figure, "command": command, "date": now.date().isoformat(), "at": now.isoformat(timespec="seconds"), "commit": commit,
             "ok": status == "0"}
    Path(report).write_text(json.dumps({"bars": {bar: entry}}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1] == "--note":
        note(*sys.argv[2:])
    else:
        print(document(Path(sys.argv[1]), [Path(x) for x in sys.argv[2:]]), end="")
