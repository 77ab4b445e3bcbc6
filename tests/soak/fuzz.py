#!/usr/bin/env python3
"""fuzz.py SECONDS: so many seconds of the processor for each fuzz target, and LONGER times as many for those that stand in for most callers.

They are counted over all runs, on whatever machine and commit (tests/soak/report.py keeps the sums), until every target has its time; then
the next commit begins a new round. In turns, those with the least first, so that a part that is ended early leaves none behind.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

import report

TURN = 120  # seconds
LONGER = {"import": 6, "store_file": 6, "calls": 6}
ROOT = Path(__file__).resolve().parents[2]
ACCOUNT = ROOT / "build-fuzz" / "account.json"  # of tools/fuzz_run.py


def commit():
    return subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()


def targets():
    return re.findall(r"^fuzz_(\w+)", (ROOT / "fuzz" / "targets.txt").read_text(encoding="ascii"), re.M)


def spent(target):
    """Seconds of the processor in all runs of this build folder."""
    runs = json.loads(ACCOUNT.read_text(encoding="ascii")) if ACCOUNT.exists() else []
    return sum(run["processor"] for run in runs if run["target"] == f"fuzz_{target}")


def wanted(target, seconds):
    return LONGER.get(target, 1) * seconds


def begin(kept, seconds, now):
    """The round that goes on, or a new one."""
    round_ = kept.get("fuzz")
    over = round_ and round_["since"] != now and all(round_["processor"].get(t, 0) >= wanted(t, seconds) for t in targets())
    return {"since": now, "processor": {}} if round_ is None or over else round_


def next_target(round_, seconds):
    behind = {t: round_["processor"].get(t, 0) / wanted(t, seconds) for t in targets()}
    least = min(behind, key=behind.get)
    return least if behind[least] < 1 else None


def figure(round_, bad):
    each = [round_["processor"].get(t, 0) for t in targets()]
    return (f"# figure: 9 {len(each)} targets, {min(each) / 60:.0f} to {max(each) / 60:.0f} minutes of the processor each, {sum(each) / 3600:.1f} h in all,"
            f" since {round_['since']}: {len(bad)} with findings{' (' if bad else ''}{', '.join(bad)}{')' if bad else ''}")


def main(seconds):
    seconds, bad = int(seconds), []
    with report.changing() as kept:
        round_ = kept["fuzz"] = begin(kept, seconds, commit())
    print(figure(round_, bad), flush=True)
    while not bad and (target := next_target(round_, seconds)) is not None:
        before = spent(target)
        turn = min(TURN, wanted(target, seconds) - round_["processor"].get(target, 0))
        if subprocess.run([ROOT / "dev", "fuzz", target, str(max(1, int(turn)))], stdin=subprocess.DEVNULL, check=False).returncode != 0:
            bad.append(target)
        with report.changing() as kept:
            round_ = kept["fuzz"]
            round_["processor"][target] = round(round_["processor"].get(target, 0) + spent(target) - before, 1)
        print(figure(round_, bad), flush=True)
    return bool(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
