#!/usr/bin/env python3
"""fuzz_run.py FOLDER TARGET SECONDS LONGEST: runs a fuzz target for that time, and tells in a line what it came to.

FOLDER is that of ./dev fuzz. What is found to be new goes into FOLDER/corpus/TARGET; the seeds and the corpus in the tree are only
read. FOLDER/account.json keeps each run, so that the line can tell the processor's time of all of them: the time on a wall says little
where others share the machine. An input has 5 seconds and 512 MiB; one that took longer on the wall is asked again for the processor's
time, and goes on where it was the machine that was slow. All of the fuzzer's words are in FOLDER/TARGET.log.
"""

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INPUT_SECONDS = 5
TIMED_OUT = 70  # libFuzzer's exit status


def run(words, out):
    """(exit status, seconds of the processor)"""
    # What the sanitizer keeps of freed memory counts as used: by default it fills half of what a target may have, in minutes.
    options = ":".join(["quarantine_size_mb=64", *filter(None, [os.environ.get("ASAN_OPTIONS")])])
    process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, env={**os.environ, "ASAN_OPTIONS": options})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, usage.ru_utime + usage.ru_stime


def fuzz(folder, target, seconds, longest):
    """Runs it; (exit status, seconds of the processor, words)."""
    corpus, log = folder / "corpus" / target, folder / f"{target}.log"
    corpus.mkdir(parents=True, exist_ok=True)
    known = [path for path in (folder / "fuzz" / "seeds" / target, ROOT / "fuzz" / "corpus" / target) if path.is_dir()]
    with open(log, "wb") as out:
        status, processor = run([folder / "fuzz" / f"{target}-libfuzzer", f"-max_total_time={seconds}", f"-max_len={longest}",
                                 f"-timeout={INPUT_SECONDS}", "-rss_limit_mb=512", "-print_final_stats=1", f"-artifact_prefix={folder / target}-",
                                 corpus, *known], out)
    return status, processor, log.read_text(encoding="utf-8", errors="replace")


def is_slow(folder, target, path):
    """Whether an input that took too long takes so much of the processor, or fails in another way."""
    status, processor = run([folder / "fuzz" / f"{target}-libfuzzer", f"-timeout={60 * INPUT_SECONDS}", path], subprocess.DEVNULL)
    return status != 0 or processor >= INPUT_SECONDS


def numbers(words):
    """Of libFuzzer's lines "#RUNS WHAT cov: EDGES ft: FEATURES": runs, and edges and features of the first and last."""
    lines = [tuple(map(int, found)) for found in re.findall(r"^#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)", words, re.M)]
    runs = re.findall(r"^stat::number_of_executed_units: (\d+)", words, re.M)
    start = re.findall(r"^#\d+\s+INITED\s+cov: (\d+) ft: (\d+)", words, re.M)
    end = lines[-1] if lines else (0, 0, 0)
    return {"runs": int(runs[-1]) if runs else end[0], "begin": tuple(map(int, start[0])) if start else end[1:], "end": end[1:]}


def account(path, run):
    """Adds the run; all runs of its target."""
    runs = json.loads(path.read_text(encoding="ascii")) if path.exists() else []
    runs.append(run)
    path.write_text(json.dumps(runs, indent=0) + "\n", encoding="ascii")
    return [one for one in runs if one["target"] == run["target"]]


def once(folder, target, seconds, longest):
    """One run of the fuzzer, told and put into the account; whether it was only the machine that was slow."""
    before = set(folder.glob(f"{target}-*-*"))
    status, processor, words = fuzz(folder, target, seconds, longest)
    found = sorted(set(folder.glob(f"{target}-*-*")) - before)
    waited = [path for path in found if re.search("-(timeout|slow-unit)-", path.name) and not is_slow(folder, target, path)]
    for path in waited:
        path.unlink()
    found = [path.name for path in found if path not in waited]
    this = {"target": target, "longest": longest, "processor": round(processor, 1), "found": found, **numbers(words)}
    runs = account(folder / "account.json", this)
    print(f"{target}: {this['runs']} runs in {processor:.0f} s of the processor ({sum(one['processor'] for one in runs):.0f} s in {len(runs)} runs of "
          f"the fuzzer), {this['begin'][0]} -> {this['end'][0]} edges, {this['begin'][1]} -> {this['end'][1]} features, {len(found)} findings", flush=True)
    starved = status == TIMED_OUT and bool(waited) and not found
    if found or not (status == 0 or starved):
        print("\n".join(words.splitlines()[-60:]), file=sys.stderr)
        sys.exit(f"fuzz_run.py: {target} ended with {status}; found: {' '.join(found) or 'no input'}")
    return starved


def main(folder, target, seconds, longest):
    end = time.monotonic() + seconds
    while once(folder, target, max(1, int(end - time.monotonic())), longest) and time.monotonic() < end:
        pass


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
