#!/usr/bin/env python3
"""run_taint.py PROGRAM: tests/ct/ct_taint.c under valgrind. TAP; where valgrind is missing, a skip that says so."""
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main(program):
    valgrind = shutil.which("valgrind")
    if valgrind is None:
        print("1..0 # SKIP valgrind is not installed")
        return 0
    command = [valgrind, "--quiet", "--num-callers=12", f"--suppressions={HERE / 'libcrypto.supp'}", program]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
                          env={**os.environ, "LC_ALL": "C"})
    print(done.stdout, end="")
    planted = ("planted_branch", "planted_lookup", "planted_compare")
    for report in done.stderr.split("== \n"):
        if not any(name in report for name in planted):
            print("".join(f"# {line}\n" for line in report.splitlines()), end="")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
