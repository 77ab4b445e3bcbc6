#!/usr/bin/env python3
"""The report of ./dev soak: build-soak/report.json, which docs/assurance.md is made of. It begins as tests/soak/record.json, where
`./dev assurance` puts what is known: days of soak are the sum of many evenings, and not all of them on one machine.

report.py done PART COMMIT COUNT              exit status 0: this part has been run so, and was right
report.py add PART BAR COMMIT COUNT STATUS LOG COMMAND   what a part came to: STATUS 0 right, 77 not possible here, else wrong. The figure is
                                              what it printed last as '# figure: BAR TEXT', the reason of a skip as '# skip: TEXT'
report.py table                               all of it; the last line is 'N passed, N failed, N skipped'
report.py keep [REPORT.JSON...]               writes this report and others of the same form into the record; what is newer counts

A bar may have several parts. {"parts": {NAME: {...}}, "bars": {BAR: {"figure", "command", "date", "commit", "ok"}}}, and what a part
needs to go on where it stopped, under its own name.
"""
import contextlib
import datetime
import fcntl
import json
import os
import re
import sys
from pathlib import Path

REPORT = Path(os.environ.get("OPENCNG_SOAK_REPORT", "build-soak/report.json"))
RECORD = Path(__file__).resolve().parent / "record.json"


def read():
    known = next((path for path in (REPORT, RECORD) if path.exists()), None)
    return json.loads(known.read_text()) if known else {"parts": {}, "bars": {}}


@contextlib.contextmanager
def changing():
    """The report, which is written back at the end; two parts that run at once wait for each other."""
    REPORT.parent.mkdir(exist_ok=True)
    with open(REPORT.with_suffix(".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        report = read()
        yield report
        beside = REPORT.with_suffix(".tmp")
        beside.write_text(json.dumps(report, indent=2) + "\n")
        beside.replace(REPORT)


def now():
    time = datetime.datetime.now(datetime.timezone.utc)
    return {"date": time.date().isoformat(), "at": time.isoformat(timespec="seconds")}


def moment(entry):
    """When it was found; the first records tell the day alone."""
    return entry.get("at", entry["date"])


def bar_of(parts):
    """One bar's entry out of its parts."""
    run = [part for part in parts if part["state"] != "skipped"]
    return {
        "figure": "; ".join(part["figure"] for part in parts),
        "command": " && ".join(part["command"] for part in run or parts),
        "date": max(part["date"] for part in parts),
        "at": max(map(moment, parts)),
        "commit": ", ".join(dict.fromkeys(part["commit"] for part in parts)),
        "ok": bool(run) and all(part["state"] == "passed" for part in run),
    }


def last(pattern, text):
    found = re.findall(pattern, text, re.M)
    return found[-1].strip() if found else None


def add(name, bar, commit, count, status, log, command):
    text = Path(log).read_text(errors="replace")
    state = {"0": "passed", "77": "skipped"}.get(status, "failed")
    figure = last(rf"^# figure: {bar} (.*)$", text)
    if state == "skipped":
        figure = "skipped: " + (last(r"^# skip: (.*)$", text) or "no reason given")
    elif figure is None:
        state, figure = "failed", f"{name} printed no figure; exit status {status}"
    with changing() as report:
        report["parts"][name] = {"bar": bar, "state": state, "figure": figure, "command": command, "count": count, "commit": commit,
                                 **now()}
        report["bars"][bar] = bar_of([part for part in report["parts"].values() if part["bar"] == bar])
    return state == "failed"


def done(name, commit, count):
    part = read()["parts"].get(name)
    return not (part and part["state"] == "passed" and part["commit"] == commit and part["count"] == count and "-dirty" not in commit)


def table():
    parts = read()["parts"]
    for name, part in sorted(parts.items(), key=lambda item: (int(item[1]["bar"]), item[0])):
        print(f"{part['bar']:>3}  {name:<13} {part['state']:<8} {part['commit']:<10} {part['figure']}")
    states = [part["state"] for part in parts.values()]
    print(f"{states.count('passed')} passed, {states.count('failed')} failed, {states.count('skipped')} skipped")
    return "failed" in states or not states


def keep(*others):
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {"parts": {}, "bars": {}}
    for path in map(Path, (REPORT, *others)):
        for section, entries in (json.loads(path.read_text()) if path.exists() else {}).items():
            known = record.setdefault(section, {})
            dated = section in ("parts", "bars")
            known.update({name: entry for name, entry in entries.items()
                          if not dated or moment(entry) >= moment(known.get(name, entry))})
    RECORD.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")


def main(verb, *arguments):
    return {"add": add, "done": done, "table": table, "keep": keep}[verb](*arguments)


if __name__ == "__main__":
    sys.exit(int(bool(main(*sys.argv[1:]))))
