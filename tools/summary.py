#!/usr/bin/env python3
"""summary.py TESTLOG.JSON [STATUS]: what a run of `meson test` came to, in words.

Counts the single results inside the tests (TAP lines), not the programs. A program that crashes, runs out of time,
or reports nothing counts as one failure. Names every failure with its output and every skip with its reason, and
ends with the line 'N passed, N failed, N skipped'. STATUS is meson's own exit status: if it is not 0 although nothing
seems to have failed, that is a failure too.
"""
import json
import re
import sys

RESULT = re.compile(r"^(not )?ok\b(?:\s+(\d+))?\s*(?:-\s+)?(.*)$")
SKIP = re.compile(r"(?:^|\s)#\s*SKIP\S*\s*(.*)$", re.I)
PASSING = ("OK", "SKIP", "EXPECTEDFAIL")  # what meson calls a program without failures
PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*(?:SKIP\S*)?\s*(.*))?$", re.I)


class Tally:
    def __init__(self):
        self.passed, self.failures, self.skips = 0, [], []


def title(test):
    """The test's name without the project that meson puts in front of it."""
    return re.sub(r"^[^/ ]+:(\S+ / )?", "", test["name"])


def read_tap(test, tally):
    """Adds the TAP lines of one program; returns how many results it reported, and its plan."""
    seen, planned, last_comment, skipped_all = 0, None, "", False
    for line in test.get("stdout", "").splitlines():
        if plan := PLAN.match(line):
            planned = (planned or 0) + int(plan[1])
            if int(plan[1]) == 0:
                skipped_all = True
                tally.skips.append((title(test), plan[2] or last_comment))
            continue
        result = RESULT.match(line)
        # cmocka closes a group that failed with 'not ok - group', which is no result of its own: it has no number.
        if not result or (result[2] is None and test["numbered"]):
            last_comment = line.lstrip("# ").strip() or last_comment
            continue
        seen += 1
        name = result[3]
        if skip := SKIP.search(name):
            name, words = name[:skip.start()].strip(), skip[1]
            # cmocka writes the name where the reason belongs; the reason is then the comment before it.
            if not name:
                name, words = words, last_comment
            tally.skips.append((f"{title(test)}: {name}", re.sub(r"^(skip(ped)?|reason):\s*", "", words, flags=re.I)))
        elif result[1]:
            tally.failures.append((f"{title(test)}: {name}", None))
        else:
            tally.passed += 1
        last_comment = ""
    return seen, planned, skipped_all


def read_test(test, tally):
    output = test.get("stdout", "")
    test["numbered"] = bool(re.search(r"^(not )?ok \d", output, re.M))
    is_tap = bool(re.search(r"^(1\.\.\d|TAP version|(not )?ok\b)", output, re.M))
    before = len(tally.failures)
    state = test["result"]
    if is_tap:
        seen, planned, skipped_all = read_tap(test, tally)
        if planned is not None and seen < planned:
            tally.failures.append((f"{title(test)}: {planned - seen} of {planned} results are missing", None))
        elif not seen and not skipped_all:
            tally.failures.append((f"{title(test)}: no results", None))
        # cmocka 1.1.5 says 'not ok' of a skip, which meson takes for a failure.
        only_skips = state == "FAIL" and test.get("returncode") == 0 and re.search(r"^not ok\b.*#\s*SKIP", output, re.M)
        if state not in PASSING and not only_skips and len(tally.failures) == before:
            tally.failures.append((f"{title(test)}: {state}, exit status {test.get('returncode')}", None))
    elif state == "SKIP":
        tally.skips.append((title(test), output.strip().splitlines()[-1] if output.strip() else "no reason given"))
    elif state in PASSING:
        tally.passed += 1
    else:
        tally.failures.append((f"{title(test)}: {state}, exit status {test.get('returncode')}", None))
    if len(tally.failures) > before:
        tally.failures[before] = (tally.failures[before][0], test)


def interesting(test, limit=60):
    """The output of a test that failed, without the lines of the results that passed."""
    lines = [line for line in test.get("stdout", "").splitlines() if not re.match(r"^ok\b", line)]
    lines += test.get("stderr", "").splitlines()
    if len(lines) > 2 * limit:
        lines = lines[:limit] + [f"... {len(lines) - 2 * limit} lines ..."] + lines[-limit:]
    return lines


def main(path, status="0"):
    tally, unhappy = Tally(), 0
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            for test in map(json.loads, file):
                unhappy += test["result"] not in PASSING
                read_test(test, tally)
    except FileNotFoundError:
        tally.failures.append(("no test ran", None))
    if not (tally.passed or tally.failures or tally.skips):
        tally.failures.append(("no test reported anything", None))
    if not tally.failures and (int(status) > 127 or (status != "0" and not unhappy)):
        tally.failures.append((f"meson test ended with status {status}", None))

    for name, test in tally.failures:
        if test:
            print(f"----- {title(test)}")
            print("\n".join(interesting(test)))
    for name, reason in tally.skips:
        print(f"skipped: {name} ({reason or 'no reason given'})")
    for name, _ in tally.failures:
        print(f"FAILED: {name}")
    print(f"{tally.passed} passed, {len(tally.failures)} failed, {len(tally.skips)} skipped")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
