#!/usr/bin/env python3
"""ct_test.py PROGRAM: secrets under valgrind. TAP.
ct_test.py --skip WHY: says that it cannot be done.

PROGRAM runs a case with its secrets marked as uninitialised. Each branch, address and system call of the project's own
sources that depends on one is a failure; so is a planted leak that is not noticed. What libcrypto does with its operands
is libcrypto's promise: reports from inside it do not count. valgrind knows no AVX-512, so it sees what a machine without runs.
Divisions, whose time may depend on what is divided, are not reported by valgrind.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree


CLEAN = ("generate", "generate-threads", "import")
PLANTED = ("leak-branch", "leak-index", "leak-compare")
KINDS = ("UninitCondition", "UninitValue", "SyscallParam")
# What the C library does for its caller counts as the caller's.
LIBRARIES = ("/libc.so", "/libc-", "vgpreload_", "/ld-linux")


def watch(program, case):
    """(what valgrind reported as XML, the exit code of the case)."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "report.xml")
        run = subprocess.run(["valgrind", "--quiet", "--error-limit=no", "--num-callers=20", "--xml=yes", f"--xml-file={path}",
                              program, case], capture_output=True, text=True, check=False)
        return ElementTree.parse(path).getroot(), run.returncode


def own_frame(error):
    """The place in the project's sources that an error is about, or None."""
    for frame in error.find("stack").findall("frame"):
        if any(part in frame.findtext("obj", "") for part in LIBRARIES):
            continue
        path = os.path.normpath(os.path.join(frame.findtext("dir", ""), frame.findtext("file", "")))
        if any(f"{folder}/" in path for folder in ("src", "tests")):
            return f'{frame.findtext("file")}:{frame.findtext("line")} {frame.findtext("fn")}'
        return None
    return None


def findings(program, case):
    """(distinct places that depend on a secret, what went wrong with the case itself or None)."""
    report, status = watch(program, case)
    errors = [error for error in report.findall("error") if error.findtext("kind") in KINDS]
    places = {own_frame(error) for error in errors} - {None}
    if status != 0:
        return sorted(places), f"the case failed: {status}"
    if not errors:
        return [], "no secret came through: libcrypto, too, works on them"
    return sorted(places), None


def why_not(program):
    """Why valgrind cannot run the program, or None. Old versions do not know the debug information of newer compilers."""
    if shutil.which("valgrind") is None:
        return "valgrind is not installed"
    usage = subprocess.run(["valgrind", "--quiet", program], capture_output=True, text=True, check=False)
    if "unhandled dwarf" in usage.stderr:
        return "valgrind cannot read this compiler's debug information"
    return None


def main(program, reason=None):
    print(f"1..{len(CLEAN) + len(PLANTED)}")
    reason = reason or why_not(program)
    for number, case in enumerate(CLEAN + PLANTED, 1):
        if reason is not None:
            print(f"ok {number} - {case} # SKIP {reason}")
            continue
        places, trouble = findings(program, case)
        good = trouble is None and bool(places) == (case in PLANTED)
        for place in places if case in CLEAN else []:
            print(f"# depends on a secret: {place}")
        if trouble is not None:
            print(f"# {trouble}")
        print(f'{"ok" if good else "not ok"} {number} - {case}')


if __name__ == "__main__":
    main(*sys.argv[1:])
