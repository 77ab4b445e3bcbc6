#!/usr/bin/env python3
"""memcheck.py BUILD [COUNT]: the unit and store tests under valgrind's memcheck, COUNT times.

No errors, no byte definitely or indirectly lost. There is one suppression file, tests/soak/memcheck.supp; each entry says why.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What kills, forks thousands of processes or waits for time says nothing here and takes hours under valgrind.
LEFT_OUT = {"test_selftest": "forks in the middle of another thread's call, whose objects are lost in the child; measures time",
            "test_config_state": "forks while other threads hold pictures, which are lost in the child; ./dev asan looks for leaks in the parent",
            "test_store_kill": "traces its children by ptrace", "test_store_race": "is about time; ./dev soak race",
            "test_rsa_gen": "draws keys for minutes; ./dev test",
            "test_hash": "its oracle, libcrypto's EVP_MAC, gives codes of GMAC that valgrind takes for undefined where the text is whole blocks"}


def tests(build):
    """name, command and environment of the programs."""
    listed = json.loads(subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout)
    for test in listed:
        if test["suite"][0].split(":")[-1] in ("unit", "store") and Path(test["cmd"][0]).name not in LEFT_OUT:
            yield Path(test["cmd"][0]).name, test["cmd"], test["env"]


def run(command, env):
    """Exit status, errors, and bytes lost of all processes of a program."""
    valgrind = ["valgrind", "--leak-check=full", "--show-leak-kinds=definite,indirect", "--errors-for-leak-kinds=definite,indirect",
                "--num-callers=20", "--trace-children=no", "--error-exitcode=99", f"--suppressions={HERE / 'memcheck.supp'}"]
    done = subprocess.run([*valgrind, *command], capture_output=True, text=True, errors="replace", check=False, env={**os.environ, **env, "LC_ALL": "C"})
    errors = sum(int(n.replace(",", "")) for n in re.findall(r"ERROR SUMMARY: ([\d,]+) errors", done.stderr))
    lost = sum(int(n.replace(",", "")) for n in re.findall(r"(?:definitely|indirectly) lost: ([\d,]+) bytes", done.stderr))
    return done.returncode, errors, lost, done.stdout, done.stderr


def main(build, times=1):
    if shutil.which("valgrind") is None:
        print("# skip: valgrind is not installed")
        return 77
    programs = results = errors = lost = bad = 0
    for _ in range(int(times)):
        for name, command, env in tests(build):
            status, found, leaked, output, words = run(command, env)
            programs += 1
            results += len(re.findall(r"^ok ", output, re.M))
            errors, lost = errors + found, lost + leaked
            if status != 0 or found or leaked:
                bad += 1
                print(f"{name}: exit status {status}, {found} errors, {leaked} bytes lost", output[-2000:], words, sep="\n")
            else:
                print(f"{name}: ok", flush=True)
    for name, why in LEFT_OUT.items():
        print(f"# left out: {name} {why}")
    suppressions = len(re.findall(r"^\{", (HERE / "memcheck.supp").read_text(), re.M))
    print(f"# figure: 8 valgrind: {programs} programs, {results} results, {errors} errors, {lost} bytes lost, {bad} programs failed,"
          f" {suppressions} suppressions")
    return bad != 0 or programs == 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
