#!/usr/bin/env python3
"""fuzz_coverage.py FOLDER TARGET...: what the replay of the fuzz targets reaches of the sources that each is about.

FOLDER is built with Clang's -fprofile-instr-generate -fcoverage-mapping; fuzz/targets.txt names the sources, and how far the
seeds are shaken, as in the test. A line for each: lines and branches that all of these targets reach, and the lines that none
does where they are more than 5 in 100.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENOUGH = 95


def tool(name):
    """llvm-cov of the version that clang has."""
    major = subprocess.run(["clang", "-dumpversion"], capture_output=True, text=True, check=True).stdout.split(".")[0]
    found = shutil.which(f"{name}-{major}") or shutil.which(name)
    if not found:
        sys.exit(f"fuzz_coverage.py: {name} is not installed (package llvm-{major})")
    return found


def targets():
    """name -> (shake, sources), of fuzz/targets.txt."""
    table = {}
    for line in (ROOT / "fuzz" / "targets.txt").read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            name, _, _, shake, *sources = line.split()
            table[name] = shake, sources
    return table


def replay(folder, name, shake):
    """Runs seeds and corpus as the test does; the profiles that were written."""
    work = folder / "profiles" / name
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    inputs = ["--shake", shake, folder / "fuzz" / "seeds" / name, "--shake", "0"]
    if (ROOT / "fuzz" / "corpus" / name).is_dir():
        inputs.append(ROOT / "fuzz" / "corpus" / name)
    done = subprocess.run([folder / "fuzz" / ("replay_" + name), *inputs], capture_output=True, text=True, check=False,
                          env={**os.environ, "LLVM_PROFILE_FILE": str(work / "%m-%p.profraw")})
    if done.returncode != 0:
        sys.exit(f"fuzz_coverage.py: {name} fails on its corpus\n{done.stderr[-2000:]}")
    return list(work.glob("*.profraw"))


def measure(folder, shakes, sources):
    """source -> (summary, lines that were not reached), by all of these targets together."""
    names = list(shakes)
    raw = [profile for name, shake in shakes.items() for profile in replay(folder, name, shake)]
    merged = folder / "profiles" / "merged.profdata"
    subprocess.run([tool("llvm-profdata"), "merge", "-sparse", "-o", merged, *raw], check=True)
    programs = [*(folder / "fuzz" / ("replay_" + name) for name in names), *sorted(folder.glob("src/lib*.so"))]
    objects = [arg for program in programs for arg in ("-object", program)]
    common = [tool("llvm-cov"), "export", *objects[1:], "-instr-profile", merged]
    paths = [str(ROOT / source) for source in sources]
    data = json.loads(subprocess.run([*common, "-summary-only", *paths], capture_output=True, text=True, check=True).stdout)
    lcov = subprocess.run([*common, "-format=lcov", *paths], capture_output=True, text=True, check=True).stdout
    found, source = {}, None
    for entry in data["data"][0]["files"]:
        found[os.path.relpath(os.path.realpath(entry["filename"]), ROOT)] = (entry["summary"], [])
    for line in lcov.splitlines():
        if line.startswith("SF:"):
            source = os.path.relpath(os.path.realpath(line[3:]), ROOT)
        elif line.startswith("DA:") and line.endswith(",0"):
            found[source][1].append(int(line[3:].split(",")[0]))
    return found


def ranges(numbers):
    out = []
    for n in numbers:
        if out and n == out[-1][1] + 1:
            out[-1][1] = n
        else:
            out.append([n, n])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in out)


def row(source, summary, missing, of):
    lines, branches = summary["lines"], summary["branches"]
    few = f"; not reached: {ranges(missing)}" if lines["percent"] < ENOUGH else ""
    return f"{source:<46} {lines['percent']:>6.1f} % {branches['percent']:>7.1f} %  {' '.join(of)}{few}"


def total(what, summaries):
    def percent(kind):
        count = sum(s[kind]["count"] for s in summaries)
        return f"{100 * sum(s[kind]['covered'] for s in summaries) / max(count, 1):.1f} % of {count} {kind}"

    short = sum(s["lines"]["percent"] < ENOUGH for s in summaries)
    return f"{what}: {len(summaries)} sources, {percent('lines')}, {percent('branches')}; {short} below {ENOUGH} % of their lines"


def main(folder, names):
    table = targets()
    about = {"parsers": {}, "others": {}}
    for name in names:
        sources = table[name][1]
        at = sources.index("--") if "--" in sources else len(sources)
        for group, members in (("parsers", sources[:at]), ("others", sources[at + 1:])):
            for source in members:
                about[group].setdefault(source, []).append(name.removeprefix("fuzz_"))
    found = measure(folder, {name: table[name][0] for name in names}, [s for group in about.values() for s in group])
    totals = []
    for group, sources in about.items():
        print(f"{group:<46} {'lines':>8} {'branches':>9}  targets")
        for source, of in sorted(sources.items()):
            print(row(source, *found[source], of) if source in found else f"{source:<46}  no code")
        totals.append(total(group, [found[source][0] for source in sources if source in found]))
    print("\n".join(totals))


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2:])
