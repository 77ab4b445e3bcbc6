#!/usr/bin/env python3
"""judge.py FOLDER NAME=RESULTS...: what ports came to, against what FOLDER/NAME.expect says.

A results file has lines "pass TEST", "fail TEST: why" and "skip TEST: why", or one line "absent NAME: why" when the machine cannot have what
the port needs: that is a skip, and nothing else is expected. An expectations file has
    passed N                  at least so many pass
    fails TEST: reason        fails, and is known to
    left-out TEST: reason     is not run, or runs without testing anything
and comments. Whatever is not as expected is a failure: a number that drops, a test that fails or is left out without a
reason here, a reason without a test, a known failure that passes. Ends with the line 'N passed, N failed, N skipped'.
"""
import sys
from pathlib import Path


def expectations(path):
    """(least number that pass, {test: reason} that fail, {test: reason} that are left out)."""
    passed, fails, left_out = 0, {}, {}
    for line in path.read_text(encoding="utf-8").splitlines():
        word, _, rest = line.partition(" ")
        if word == "passed":
            passed = int(rest)
        elif word in ("fails", "left-out"):
            test, _, reason = rest.partition(": ")
            (fails if word == "fails" else left_out)[test.strip()] = reason.strip()
        elif line.strip() and not line.startswith("#"):
            sys.exit(f"{path}: not understood: {line}")
    return passed, fails, left_out


def results(path):
    """[(word, test, why)] in the order in which they were written."""
    found = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if path.exists() else []:
        word, _, rest = line.partition(" ")
        test, _, why = rest.partition(": ")
        found.append((word, test, why))
    return found


def judge(name, found, expected):
    """(number passed, sentences about failures, sentences about what was left out)."""
    least, fails, left_out = expected
    if found and found[0][0] == "absent":
        return 0, [], [found[0][2]]
    passed, failures, skipped = 0, [], []
    for word, test, why in found:
        if word == "pass" and test in left_out:
            skipped.append(f"{test}: {left_out[test]}")
        elif word == "pass" and test in fails:
            failures.append(f"{test}: passes, although it is expected to fail ({fails[test]})")
        elif word == "pass":
            passed += 1
        elif word == "fail" and test in fails:
            skipped.append(f"{test}: fails as expected: {fails[test]}")
        elif test in left_out:
            skipped.append(f"{test}: {left_out[test]}")
        else:
            failures.append(f"{test}: {why}" if word == "fail" else f"{test}: left out without a reason in {name}.expect ({why})")
    seen = {test for _, test, _ in found}
    failures += [f"{test}: expected in {name}.expect, but there is no such test" for test in [*fails, *left_out] if test not in seen]
    if passed < least:
        failures.append(f"{passed} passed, expected at least {least}")
    return passed, failures, skipped


def main(folder, pairs):
    totals = [0, 0, 0]
    for pair in pairs:
        name, _, path = pair.partition("=")
        passed, failures, skipped = judge(name, results(Path(path)), expectations(folder / f"{name}.expect"))
        for sentence in skipped:
            print(f"skipped: {name}: {sentence}")
        for sentence in failures:
            print(f"FAILED: {name}: {sentence}")
        print(f"{name}: {passed} passed, {len(failures)} failed, {len(skipped)} left out or known to fail")
        totals = [a + b for a, b in zip(totals, (passed, len(failures), len(skipped)))]
    print("{} passed, {} failed, {} skipped".format(*totals))
    return 1 if totals[1] else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
