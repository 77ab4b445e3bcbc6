#!/usr/bin/env python3
"""cross.py ARCH BUILD SYSROOT [COUNT]: the tests for another architecture: unit, store and conformance programs, then the vectors.

BUILD is configured with the cross file of tools/dev/sysroot.sh, SYSROOT the folder of libraries. A program of an emulated architecture
runs under qemu-user, the vectors in that architecture's own Python.
"""
import concurrent.futures
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# GNU's name of the libraries' folder, emulator, dynamic linker
ARCHES = {"i386": ("i386-linux-gnu", None, "lib/ld-linux.so.2"), "s390x": ("s390x-linux-gnu", "qemu-s390x", "lib/ld64.so.1")}
SUITES = ("unit", "store", "conform")
# Not under an emulator: what traces children, needs real time, or measures memory of a process that is not the emulator's.
EMULATED_LEFT_OUT = {
    "test_store_kill": "qemu-user has no ptrace",
    "test_rsa_gen": "draws primes for hours",
    "conform-large": "gigabytes",
    "test_selftest": "breaks every answer in turn, for an hour",
}
# What fails because of the emulator, or of what the distribution has for the architecture.
EXCUSED = {
    "i386": {"each_takes_little_time": "the arithmetic of 32 bits is slower than the bar, which is for 64",
             "CHACHA20_POLY1305: nothing of it is left anywhere in memory": "libcrypto's ChaCha20 of 32 bits leaves its first block, key and all, on the stack"},
    "s390x": {"test_not_dumped": "qemu-user ignores madvise",
              "32 random bytes, alone: takes no lock": "nor are random numbers buffered without madvise's memory that a child finds empty",
              "32 random bytes, beside a thread: takes no lock": "the same",
              "is opened and used by a second process": "a program that qemu-user runs cannot start itself once more without binfmt_misc"},
}


def programs(build, emulated):
    listed = json.loads(subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout)
    for test in listed:
        name = test["name"].split(" / ")[-1].split(":")[-1]
        program = next((word for word in test["cmd"] if Path(word).is_relative_to(build) and ".." not in Path(word).parts), None)
        suite = test["suite"][0].split(":")[-1]
        if suite not in SUITES or program is None or test["cmd"][0].endswith("python3") or "registered" in name or (emulated and name in EMULATED_LEFT_OUT):
            continue
        if emulated and name.endswith("wchar32"):
            continue  # one width is enough where a program takes minutes
        yield name, program, test["cmd"][test["cmd"].index(program) + 1:], test["env"]


def run(command, env, timeout):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              check=False, timeout=timeout, env={**os.environ, **env})
        return done.returncode, done.stdout
    except subprocess.TimeoutExpired as late:
        return "no end", (late.stdout or b"").decode(errors="replace")


def judge(name, status, output, excused=()):
    """Results that are right, and whether something is wrong."""
    good = len(re.findall(r"^ok \d", output, re.M))
    bad = re.findall(r"^not ok \d(?!.*# SKIP).*", output, re.M)
    if bad and all(any(line.endswith((f"- {known}", f": {known}")) for known in excused) for line in bad):
        bad, status = [], 0
    skipped = re.search(r"^1\.\.0|# SKIP", output, re.M)
    wrong = bool(bad) or (status != 0 and not (skipped and isinstance(status, int))) or not (good or skipped)
    if wrong:
        lines = [line for line in output.splitlines() if not line.startswith("ok ")]
        print(f"{name}: exit status {status}", *lines[-30:], sep="\n  ", flush=True)
    return good, wrong


def main(arch, build, sysroot, _count=1):
    if sysroot == "none":
        print(f"# skip: the packages for {arch} are not to be had here")
        return 77
    build, sysroot = Path(build).resolve(), Path(sysroot)
    folder, emulator, loader = ARCHES[arch]
    if emulator and shutil.which(emulator) is None:
        print(f"# skip: {emulator} is not installed")
        return 77
    libraries = f"{sysroot}/usr/lib/{folder}:{sysroot}/lib/{folder}"
    start = [*([emulator] if emulator else []), str(sysroot / loader), "--library-path", libraries]
    # Not by the emulator's -L: / would be the folder of libraries to programs that open it and go down from there.
    wrapper = start if emulator else []
    tests = list(programs(build, emulator is not None))
    subprocess.run(["ninja", "-C", build], check=True, stdout=subprocess.DEVNULL)
    right = wrong = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        jobs = {pool.submit(run, [*wrapper, program, *arguments], env, 1800): name for name, program, arguments, env in tests}
        for job in concurrent.futures.as_completed(jobs):
            good, bad = judge(jobs[job], *job.result(), EXCUSED[arch])
            right, wrong = right + good, wrong + bad
    status, output = run([*start, str(next(sysroot.glob("usr/bin/python3.*"))), "-B", str(ROOT / "tests/vectors/run.py"),
                          str(build / "src/libbcrypt.so")], {"PYTHONHOME": str(sysroot / "usr")}, 7200)
    files, bad = judge("vectors", status, output)
    vectors = sum(int(n) for n in re.findall(r"^ok .*?: (\d+) passed", output, re.M))
    wrong += bad
    left_out = EMULATED_LEFT_OUT if emulator else {}
    print(*(f"# left out: {name}: {why}" for name, why in {**left_out, **EXCUSED[arch]}.items()), sep="\n")
    print(f"# figure: 32 {arch}: {len(tests)} programs, {right} results; {vectors} vectors in {files} files; {wrong} programs wrong")
    return wrong != 0 or not tests


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
