#!/usr/bin/env python3
"""fuzz_merge.py FOLDER TARGET [FILES [BYTES]]: puts into fuzz/corpus/TARGET what a fuzzer found that adds most to the seeds.

FOLDER is that of ./dev fuzz. libFuzzer's merge tells which edges each input reaches; inputs are taken by how many they add for their
size, until nothing is added or the limits (40 files, 32 KiB) are reached. What is in the tree already stays.
"""

import hashlib
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


def main(folder, target, most_files=40, most_bytes=32768):
    tree = ROOT / "fuzz" / "corpus" / target
    tree.mkdir(parents=True, exist_ok=True)
    have = list(tree.iterdir())
    room, left = most_files - len(have), most_bytes - sum(p.stat().st_size for p in have)
    program = folder / "fuzz" / f"{target}-libfuzzer"
    known, found = [folder / "fuzz" / "seeds" / target, tree], folder / "corpus" / target
    base = set().union(*edges(program, known).values())
    reached = {path: new - base for path, new in edges(program, [*known, found]).items() if path.is_relative_to(found)}
    taken = 0
    while room > 0:
        gains = [(len(e) / (p.stat().st_size + 64), p) for p, e in reached.items() if p.stat().st_size <= left]
        gain, path = max(gains, default=(0, None))
        if gain == 0:
            break
        base |= reached.pop(path)
        data = path.read_bytes()
        shutil.copyfile(path, tree / hashlib.sha256(data).hexdigest()[:16])
        room, left, taken = room - 1, left - len(data), taken + 1
    missing = set().union(*reached.values())
    print(f"{target}: {taken} inputs more, {len(base)} edges; {len(missing)} that were found are left out")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2], *map(int, sys.argv[3:]))
