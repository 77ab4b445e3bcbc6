#!/usr/bin/env python3
"""matrix.py BUILD [COMPILER[:LEVEL]...]: the checks of tests/ct with other compilers and optimizations, before a release.

Compilers undo constant-time code in one configuration and not in the next, so it is the binaries that are looked at: the sources of
tests/ct/meson.build are compiled again by each compiler (default: gcc and clang) at -O0 -O1 -O2 -O3 -Os, and linked with what BUILD
has. BUILD is a folder in which tests/ct/ct_taint is built. The last line counts.
"""
import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEVELS = ("-O0", "-O1", "-O2", "-O3", "-Os")
TARGET = "tests/ct/ct_taint"


def run(command, cwd):
    return subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def commands(build):
    """The compiler's and the linker's arguments for the program, as ninja has them."""
    compiled = [shlex.split(entry["command"]) for entry in json.loads((build / "compile_commands.json").read_text())
                if entry["output"].startswith(TARGET + ".p/")]
    lines = run(["ninja", "-t", "commands", "-s", TARGET], build).stdout.splitlines()
    return compiled, shlex.split(lines[-1])


def recompiled(arguments, compiler, level, output):
    """The same compilation by another compiler; warnings were seen to already, and not all compilers know all of them."""
    kept = [a for a in arguments[1:] if not re.match(r"-W(?!l,)|-O|-D_FORTIFY|-U_FORTIFY|-M|-mmem\w+-strategy", a) and not a.endswith(".o.d")]
    at = kept.index("-o")
    source = kept[kept.index("-c") + 1]
    kept = kept[:at] + kept[at + 2:]
    kept = [a for a in kept if a not in ("-c", source) and not a.endswith(".o")]
    return [compiler, *kept, "-w", "-gdwarf-4", level, "-o", str(output), "-c", source]


def build_one(build, folder, compiler, level):
    """Objects and program in `folder`; the complaint, or None."""
    compiled, link = commands(build)
    replaced = {}
    for arguments in compiled:
        was = arguments[arguments.index("-o") + 1]
        output = folder / (Path(was).name.lstrip(".") or "o")
        done = run(recompiled(arguments, compiler, level, output), build)
        if done.returncode != 0:
            return done.stdout
        replaced[was] = str(output)
    link = [replaced.get(a, a) for a in link]
    link[link.index("-o") + 1] = str(folder / "ct_taint")
    done = run(link, build)
    return done.stdout if done.returncode != 0 else None


def main(build, compilers):
    """`compilers` may say "gcc" or "gcc:-Os"."""
    passed = failed = 0
    for compiler in compilers:
        compiler, _, only = compiler.partition(":")
        if shutil.which(compiler) is None:
            print(f"{compiler}: not here")
            continue
        for level in [only] if only else LEVELS:
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                complaint = build_one(build, folder, compiler, level)
                if complaint is not None:
                    print(complaint)
                    failed += 1
                    continue
                outputs = [run([sys.executable, HERE / "run_taint.py", folder / "ct_taint"], build),
                           run([sys.executable, HERE / "check_division.py", folder], build)]
            good = all(done.returncode == 0 for done in outputs)
            count = sum(line.startswith("ok ") for done in outputs for line in done.stdout.splitlines())
            print(f"{compiler} {level}: {'ok' if good else 'NOT OK'}, {count} checks", flush=True)
            for done in outputs if not good else ():
                print("".join(f"  {line}\n" for line in done.stdout.splitlines() if not line.startswith("ok")), end="")
            passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:] or ["gcc", "clang"]))
