#!/usr/bin/env python3
"""fuzz_merge.py FOLDER TARGET [FILES [BYTES]]: puts into fuzz/corpus/TARGET what a fuzzer found that adds most to the seeds.

FOLDER is that of ./dev fuzz. libFuzzer's merge tells which edges each input reaches; inputs are taken by how many they add for their
size, until nothing is added or the limits (40 files, 32 KiB) are reached. Files with names that say what they are stay; what an earlier
merge put into the tree is chosen from anew, and stays as it is where the new choice would reach less.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def edges(program, folders):
    """file -> edges that it is the first to reach. libFuzzer runs the smallest first; without counters a feature is an edge."""
    with tempfile.TemporaryDirectory() as work:
        control, out = Path(work) / "control", Path(work) / "out"
        out.mkdir()
        subprocess.run([program, "-merge=1", f"-merge_control_file={control}", "-use_counters=0", "-timeout=30", "-rss_limit_mb=1024", out,
                        *(folder for folder in folders if folder.is_dir() and any(folder.iterdir()))], check=True, capture_output=True)
        lines = control.read_text(encoding="utf-8").splitlines()
    count = int(lines[0])
    files = [Path(line) for line in lines[2:2 + count]]
    rows = [line.split() for line in lines[2 + count:]]
    return {files[int(row[1])]: set(row[2:]) for row in rows if row[0] == "FT"}


def choose(base, reached, room, left):
    """The inputs that add most for their size; (them, all the edges that are reached then)."""
    taken, base, reached = [], set(base), dict(reached)
    while room > len(taken):
        gains = [(len(e - base) / (p.stat().st_size + 64), str(p), p) for p, e in reached.items() if p.stat().st_size <= left]
        gain, _, path = max(gains, default=(0, None, None))
        if gain == 0:
            break
        base |= reached.pop(path)
        left -= path.stat().st_size
        taken.append(path)
    return taken, base


def main(folder, target, most_files=40, most_bytes=32768):
    tree = ROOT / "fuzz" / "corpus" / target
    tree.mkdir(parents=True, exist_ok=True)
    merged = [p for p in tree.iterdir() if re.fullmatch("[0-9a-f]{16}", p.name)]
    named = [p for p in tree.iterdir() if p not in merged]
    program = folder / "fuzz" / f"{target}-libfuzzer"
    with tempfile.TemporaryDirectory() as work:
        known, pool = Path(work) / "known", Path(work) / "pool"
        known.mkdir()
        pool.mkdir()
        for path in named:
            shutil.copyfile(path, known / path.name)
        for path in [*merged, *(folder / "corpus" / target).iterdir()]:
            shutil.copyfile(path, pool / path.name)
        seeds = [folder / "fuzz" / "seeds" / target, known]
        base = set().union(*edges(program, seeds).values())
        before = base.union(*edges(program, [*seeds, tree]).values())
        reached = {path: new for path, new in edges(program, [*seeds, pool]).items() if path.parent == pool}
        taken, after = choose(base, reached, most_files - len(named), most_bytes - sum(p.stat().st_size for p in named))
        left_out = len(base.union(*reached.values())) - len(after)
        if len(after) > len(before):
            for path in merged:
                path.unlink()
            for path in taken:
                shutil.copyfile(path, tree / hashlib.sha256(path.read_bytes()).hexdigest()[:16])
    print(f"{target}: {len(taken)} inputs, {len(before)} -> {max(len(before), len(after))} edges; {left_out} that were found are left out")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], *map(int, sys.argv[3:]))
