#!/usr/bin/env python3
"""cpu.py BUILD [COUNT]: unit tests and vectors on processors that lack this and that.

libcrypto's choice of code is masked by OPENSSL_ia32cap. Our own (src/primitives/lanes, prime_trial) is forced level by level inside
test_lanes and test_prime_trial, through lanes_restrict; where qemu-user is there, those that hash and draw primes also run on
processors that lack the instructions for good. COUNT 0: one mask, without vectors.
"""
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# OPENSSL_ia32cap(3): two words of CPUID bits. 1 << 60: AVX; of the second word 1 << 5: AVX2, 1 << 29: SHA, 0xD0230000: AVX-512.
MASKS = {
    "plain x86-64": "0x0:0x0",
    "AES-NI and PCLMUL, no AVX": "~0x1000000000000000:0x0",
    "AVX, no AVX2": ":~0xF03F0128",
    "AVX2, no AVX-512, no SHA": ":~0xF0230000",
    "SHA, no AVX-512": ":~0xD0230000",
    "no SHA": ":~0x20000000",
}
EMULATED = {"qemu64": "SSE3", "Nehalem": "SSE4.2", "Haswell": "AVX2", "max": "all that qemu knows"}
OURS = ("test_lanes", "test_prime_trial", "test_hash", "conform-multi-wchar32")
LEFT_OUT = ("test_rsa_gen",)  # minutes of drawing, which no mask changes much


def tests(build):
    listed = json.loads(subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout)
    for test in listed:
        name = test["name"].split(" / ")[-1].split(":")[-1]
        if test["suite"][0].endswith(":unit") or name in OURS:
            yield name, test["cmd"], test["env"]


def run(command, env):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                          check=False, env={**os.environ, **env})
    bad = done.returncode != 0 or re.search(r"^not ok \d(?!.*# SKIP)", done.stdout, re.M)
    return done.stdout, bool(bad)


def main(build, count="1"):
    if platform.machine() != "x86_64":
        print("# skip: not an x86-64")
        return 77
    build = Path(build).resolve()
    programs = [test for test in tests(build) if test[0] not in LEFT_OUT]
    vectors = [sys.executable, "-B", str(ROOT / "tests/vectors/run.py"), str(build / "src/libbcrypt.so")]
    wrong, results, answers = [], 0, 0
    for label, mask in list(MASKS.items())[:None if count != "0" else 1]:
        for name, command, env in programs:
            output, bad = run(command, {**env, "OPENSSL_ia32cap": mask})
            results += len(re.findall(r"^ok \d", output, re.M))
            if bad:
                wrong.append(f"{name} ({label})")
                print(wrong[-1], output, sep="\n")
        if count != "0":
            output, bad = run(vectors, {"OPENSSL_ia32cap": mask})
            answers += sum(int(n) for n in re.findall(r"^ok .*?: (\d+) passed", output, re.M))
            if bad:
                wrong.append(f"vectors ({label})")
                print(wrong[-1], output, sep="\n")
        print(f"{label}: {'ok' if not any(label in w for w in wrong) else 'NOT OK'}", flush=True)
    emulated = list(EMULATED.items()) if shutil.which("qemu-x86_64") else []
    for cpu, what in emulated:
        for name, command, env in programs:
            if name in OURS:
                output, bad = run(["qemu-x86_64", "-cpu", cpu, *command], env)
                results += len(re.findall(r"^ok \d", output, re.M))
                if bad:
                    wrong.append(f"{name} (qemu's {cpu}, {what})")
                    print(wrong[-1], output, sep="\n")
        print(f"qemu's {cpu}: done", flush=True)
    print(f"# figure: 32 {len(MASKS) if count != '0' else 1} masks of libcrypto's instructions and {len(emulated)} emulated processors: {results} results, {answers} vectors,"
          f" {len(wrong)} programs wrong" + "".join(f"; {w}" for w in wrong))
    return bool(wrong) or not programs


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
