"""Builds and runs small programs the way users do: against an installed copy, through pkg-config and CMake.

usage: consumer_test.py SOURCE_ROOT BUILD_ROOT   (prints TAP; one subtest line for each line of the programs)
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

source, build = (pathlib.Path(p) for p in sys.argv[1:3])
here = source / "tests" / "consumer"
count = failed = 0


def report(good, what, log=""):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {what}", flush=True)
    if not good:
        print("\n".join("# " + line for line in log.splitlines()[-40:]), flush=True)


def run(command, **kwargs):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **kwargs)


def relay(way, command, env):
    """Runs a program that prints TAP and repeats its lines as ours."""
    done = run(command, env=env)
    lines = [line for line in done.stdout.splitlines() if line.startswith(("ok ", "not ok "))]
    for line in lines:
        report(line.startswith("ok "), f"{way}: {line.split(' - ', 1)[1]}")
    report(done.returncode == 0 and lines != [], f"{way}: exit status", done.stdout)


def flags_of_sanitizers():
    """Programs that load a sanitized library need the sanitizer's runtime first."""
    options = (build / "meson-info" / "intro-buildoptions.json").read_text()
    import json
    value = next(o["value"] for o in json.loads(options) if o["name"] == "b_sanitize")
    return [] if value == "none" else ["-fsanitize=" + value]


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    # What makes an interpreter load a sanitizer's runtime is for our own clients, not for the tools.
    clean = {k: v for k, v in os.environ.items() if k not in ("LD_PRELOAD", "PYTHONPATH", "OPENCNG_PRELOAD")}
    done = run(["meson", "install", "-C", str(build), "--no-rebuild", "--destdir", str(scratch / "root")], env=clean)
    report(done.returncode == 0, "meson install", done.stdout)
    pc = next((scratch / "root").rglob("bcrypt.pc"))
    libdir = pc.parent.parent
    prefix = libdir.parent
    env = dict(clean, PKG_CONFIG_PATH=str(pc.parent), LD_LIBRARY_PATH=str(libdir))
    done = run(["pkg-config", "--define-prefix", "--cflags", "--libs", "bcrypt"], env=env)
    report(done.returncode == 0 and "-lbcrypt" in done.stdout, "pkg-config bcrypt", done.stdout)
    flags = done.stdout.split() + flags_of_sanitizers()
    done = run(["pkg-config", "--define-prefix", "--cflags", "--libs", "ncrypt"], env=env)
    report(done.returncode == 0 and "-lncrypt" in done.stdout, "pkg-config ncrypt", done.stdout)

    done = run(["pkg-config", "--define-prefix", "--cflags", "--libs", "opencng-wincompat"], env=env)
    report(done.returncode == 0 and "-lwincompat" in done.stdout and "-lbcrypt" in done.stdout, "pkg-config opencng-wincompat", done.stdout)

    # program -> what it links with
    clients = {here / "windows_client.c": flags, here / "wincompat_client.c": done.stdout.split() + flags_of_sanitizers()}
    cc, cxx = os.environ.get("CC", "cc").split(), os.environ.get("CXX", "c++").split()
    strict = ["-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-O1"]
    ways = {
        "C, 32-bit wchar_t": cc + ["-std=c11"],
        "C, -fshort-wchar": cc + ["-std=c17", "-fshort-wchar"],
        "C++": cxx + ["-std=c++17", "-x", "c++"],
        "C++, -fshort-wchar": cxx + ["-std=c++17", "-fshort-wchar", "-x", "c++"],
    }
    if shutil.which("clang"):
        ways["C, clang"] = ["clang", "-std=c17"]
        ways["C, clang, -fshort-wchar"] = ["clang", "-std=c17", "-fshort-wchar"]
    for way, compiler in ways.items():
        if "clang" in compiler and flags_of_sanitizers():
            continue  # two compilers' sanitizer runtimes do not mix
        program = scratch / "client"
        for client, linked in clients.items():
            done = run(compiler + strict + [str(client), "-x", "none", "-o", str(program)] + linked, env=env)
            report(done.returncode == 0, f"{way}: {client.stem} compiles without a warning", done.stdout)
            if done.returncode == 0:
                relay(way, [str(program)], env)

    example = scratch / "provider-primitives"
    shutil.copytree(source / "examples" / "provider-primitives", example)
    done = run(["make", "-C", str(example), "PKG_CONFIG=pkg-config --define-prefix", "CFLAGS=-O2 -Wall -Wextra -Werror"], env=env)
    report(done.returncode == 0, "the example of a provider builds by its own Makefile", done.stdout)
    done = run(["nm", "-D", "--defined-only", str(example / "example-primitives.so")], env=clean)
    exported = {line.split()[-1] for line in done.stdout.splitlines()}
    report(exported == {"GetHashInterface", "GetSignatureInterface"}, "and exports its two entries", done.stdout)

    python_env = dict(os.environ, LD_LIBRARY_PATH=str(libdir))
    relay("ctypes, UTF-16", [sys.executable, str(here / "ctypes_client.py"), str(libdir / "libbcrypt.so")], python_env)

    if shutil.which("cmake"):
        project = scratch / "cmake"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.16)\nproject(client C)\nfind_package(OpenCNG 0.1 REQUIRED)\n"
            f'add_executable(client "{here / "windows_client.c"}")\ntarget_link_libraries(client PRIVATE OpenCNG::bcrypt OpenCNG::ncrypt)\n'
            f'add_executable(wincompat "{here / "wincompat_client.c"}")\ntarget_link_libraries(wincompat PRIVATE OpenCNG::wincompat)\n')
        extra = " ".join(flags_of_sanitizers())
        done = run(["cmake", "-S", str(project), "-B", str(project / "b"), f"-DCMAKE_PREFIX_PATH={prefix}",
                    f"-DCMAKE_C_FLAGS={extra}"], env=env)
        built = run(["cmake", "--build", str(project / "b")], env=env) if done.returncode == 0 else done
        report(built.returncode == 0, "find_package(OpenCNG)", built.stdout)
        if built.returncode == 0:
            relay("CMake", [str(project / "b" / "client")], env)
            relay("CMake, OpenCNG::wincompat", [str(project / "b" / "wincompat")], env)
    else:
        count += 1
        print(f"ok {count} - find_package(OpenCNG) # SKIP cmake is not installed")

    tool = next(prefix.rglob("bin/cng"), None)
    if tool is not None:
        done = run([str(tool), "--version"], env=clean if not flags_of_sanitizers() else env)
        report(done.returncode == 0, "the installed cng finds its library", done.stdout)

print(f"1..{count}")
sys.exit(failed != 0)
