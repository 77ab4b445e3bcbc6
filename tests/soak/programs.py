#!/usr/bin/env python3
"""programs.py PART BUILD COUNT: a test program of the tree with a long count. What it says in its comments is the figure."""
import os
import re
import subprocess
import sys
from pathlib import Path

# part: bar, program in BUILD, arguments ({}: the count), which comments are the figure, and its words
PARTS = {
    "kill": (14, "tests/store/test_store_kill", ["{}"], None, "killed at every call of every operation and at {count} random moments"),
    "power": (15, "tests/store/test_store_power", [], r"(\d+) disks", "{sum} disks that an outage may leave, each recovers"),
    "race": (16, "tests/store/test_store_race", ["{}", "64"], r"# (.*(?:winner|operations).*)", "64 processes, {count} s: {all}"),
    "timing": (25, "tests/soak/soak_timing", ["{}"], r"# (.*\|t\|.*)", "{all}"),
    "oracle": (26, "tests/soak/soak_oracle", ["{}"], r"# (.*)", "{all}"),
    "faults": (28, "tests/test_rsa_fault", ["{}"], r"# (.*wrong)", "{all}"),
    "long": (33, "tests/soak/soak_long_run", ["{}"], r"# (.*)", "{all}"),
    "differential": (3, "tests/conform-against_evp-wchar32", ["{}"], None, "{results} rows of {count} random inputs each, 0 differences"),
}


def main(part, build, count):
    bar, program, arguments, pattern, words = PARTS[part]
    build = Path(build).resolve()
    env = {**os.environ, "CMOCKA_MESSAGE_OUTPUT": "TAP", "OPENCNG_BUILD_ROOT": str(build),
           "OPENCNG_SOURCE_ROOT": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run([build / program, *[a.format(count) for a in arguments]], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False)
    print(done.stdout)
    results = len(re.findall(r"^ok \d", done.stdout, re.M))
    bad = len(re.findall(r"^not ok \d(?!.*# SKIP)", done.stdout, re.M))
    found = re.findall(pattern, done.stdout) if pattern else []
    total = sum(int(n) for n in found if n.isdigit())
    text = words.format(count=count, sum=total, all="; ".join(found), results=results)
    print(f"# figure: {bar} {text}" + (f" ({bad} of {bad + results} results wrong)" if bad or done.returncode else ""))
    return bad != 0 or done.returncode != 0 or results == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
