#!/usr/bin/env python3
"""fuzz_run.py FOLDER TARGET SECONDS LONGEST: runs a fuzz target for that time, and tells in a line what it came to.

FOLDER is that of ./dev fuzz. What is found to be new goes into FOLDER/corpus/TARGET; the seeds and the corpus in the tree are only
read. FOLDER/account.json keeps each run, so that the line can tell the processor's time of all of them: the time on a wall says little
where others share the machine. An input has 5 seconds and 512 MiB. All of the fuzzer's words are in FOLDER/TARGET.log.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def fuzz(folder, target, seconds, longest):
    """Runs it; (exit status, seconds of the processor, words)."""
    corpus, log = folder / "corpus" / target, folder / f"{target}.log"
    corpus.mkdir(parents=True, exist_ok=True)
    known = [path for path in (folder / "fuzz" / "seeds" / target, ROOT / "fuzz" / "corpus" / target) if path.is_dir()]
    with open(log, "wb") as out:
        fuzzer = subprocess.Popen([folder / "fuzz" / f"{target}-libfuzzer", f"-max_total_time={seconds}", f"-max_len={longest}", "-timeout=5",
                                   "-rss_limit_mb=512", "-print_final_stats=1", f"-artifact_prefix={folder / target}-", corpus, *known],
                                  stdout=out, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(fuzzer.pid, 0)
    fuzzer.returncode = os.waitstatus_to_exitcode(status)
    return fuzzer.returncode, usage.ru_utime + usage.ru_stime, log.read_text(encoding="utf-8", errors="replace")


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


def main(folder, target, seconds, longest):
    before = set(folder.glob(f"{target}-*-*"))
    code, processor, words = fuzz(folder, target, seconds, longest)
    found = sorted(path.name for path in set(folder.glob(f"{target}-*-*")) - before)
    run = {"target": target, "longest": longest, "processor": round(processor, 1), "found": found, **numbers(words)}
    runs = account(folder / "account.json", run)
    print(f"{target}: {run['runs']} runs in {processor:.0f} s of the processor ({sum(one['processor'] for one in runs):.0f} s in {len(runs)} runs of "
          f"the fuzzer), {run['begin'][0]} -> {run['end'][0]} edges, {run['begin'][1]} -> {run['end'][1]} features, {len(found)} findings", flush=True)
    if code != 0 or found:
        print("\n".join(words.splitlines()[-60:]), file=sys.stderr)
        sys.exit(f"fuzz_run.py: {target} ended with {code}; found: {' '.join(found) or 'no input'}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
