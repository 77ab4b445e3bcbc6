#!/usr/bin/env python3
"""instrumented.py PART BUILD [COUNT]: tests in builds that watch them.

  sanitizers   the whole suite, AddressSanitizer and UndefinedBehaviorSanitizer
  threads      what has threads, under ThreadSanitizer
  memory       unit tests and the conformance tests with known answers, under MemorySanitizer

A report ends the program that it is about, so that no test passes beside one. What is left out is listed, with the reason.
"""
import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# part: bar, options of the runtime, tests by name (regular expressions)
PARTS = {
    "threads": (8, {"TSAN_OPTIONS": "halt_on_error=1:die_after_fork=0:second_deadlock_stack=1:exitcode=66"},
                ["conform-threads-wchar32", "conform-threads_sym-wchar32", "conform-ncrypt_threads-wchar32", "test_handle", "test_ctx_pool",
                 "test_secret", "test_rng", "test_ossl", "test_config_state", "test_store_race", "conform-config_race-wchar32",
                 "conform-multi-wchar32", "test_digest", "conform-keypairs-wchar32", "test_selftest"]),
    "memory": (8, {"MSAN_OPTIONS": "halt_on_error=1:exitcode=66"},
               ["test_.*", "conform-(contract|contract_sym|observed|observed_use|observed_sym|hashes|derivation|derivation_use|keypairs|ciphers|aead"
                           "|sym_properties|sym_blobs|against_evp)-wchar32"]),
}
# Names (regular expressions) that are among the chosen, but not run, and why.
NETTLE = "nettle, which the distribution built, writes what DES and the old digests give unseen by MemorySanitizer"
LEFT_OUT = {
    "memory": {
        "test_(old_digests|selftest)": NETTLE,
        "conform-(ciphers|sym_properties|sym_blobs|against_evp|observed_sym)-wchar32": NETTLE,
        "test_rsa_gen": "draws keys for minutes, and without libcrypto's assembler for much longer; test_rsa_key draws some",
        "test_(store_.*|config_image|config_state)": "clang 14's runtime does not see what fstat writes with offsets of 64 bits; ./dev soak memcheck",
    },
}


def results_of(output):
    return len(re.findall(r"^ok \d", output, re.M))


def chosen(build, patterns):
    listed = json.loads(subprocess.run(["meson", "introspect", "--tests", build], capture_output=True, text=True, check=True).stdout)
    for test in listed:
        name = test["name"].split(" / ")[-1].split(":")[-1]
        if any(re.fullmatch(pattern, name) for pattern in patterns) and Path(test["cmd"][0]).is_relative_to(Path(build).resolve()):
            yield name, test["cmd"], test["env"]


def whole_suite(build):
    """`meson test` and its summary."""
    log = Path(build) / "meson-logs" / "testlog.json"
    log.unlink(missing_ok=True)
    status = subprocess.run(["meson", "test", "-C", build, "--no-rebuild", "--timeout-multiplier", "8"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.DEVNULL, check=False).returncode
    done = subprocess.run([sys.executable, str(ROOT / "tools/summary.py"), str(log), str(status)], capture_output=True, text=True, check=False)
    print(done.stdout)
    compiler = (Path(build) / ".dev-options").read_text(encoding="utf-8").split()[0]
    lines = done.stdout.strip().splitlines() or ["no result"]
    print(f"# figure: 7 {compiler}: {lines[-1]}")
    return done.returncode != 0


def main(part, build, _count=1):
    if part == "sanitizers":
        return whole_suite(build)
    bar, options, patterns = PARTS[part]
    left_out = LEFT_OUT.get(part, {})
    programs = results = 0
    wrong = []
    for name, command, env in chosen(build, patterns):
        if any(re.fullmatch(pattern, name) for pattern in left_out):
            continue
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                              check=False, env={**os.environ, **env, **options})
        programs += 1
        results += results_of(done.stdout)
        if done.returncode != 0 or re.search(r"^not ok \d(?!.*# SKIP)|WARNING: \w+Sanitizer", done.stdout, re.M):
            wrong.append(name)
            print(f"{name}: exit status {done.returncode}", done.stdout[-20000:], sep="\n", flush=True)
        else:
            print(f"{name}: ok", flush=True)
    for name, why in left_out.items():
        print(f"# left out: {name}: {why}")
    print(f"# figure: {bar} {'ThreadSanitizer' if part == 'threads' else 'MemorySanitizer'}: {programs} programs, {results} results,"
          f" {len(wrong)} with reports or failures" + (f" ({', '.join(wrong)})" if wrong else ""))
    return bool(wrong) or not programs


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
