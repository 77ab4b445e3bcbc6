#!/usr/bin/env python3
"""Checks structure layouts against abi/layout-bcrypt.txt.

Usage: layout_test.py [INCLUDE_DIR]     (default: include/opencng beside the tests)

The expected text has one line for each field, `structure field offset size`, and one `structure = size` for each structure. From it a
C file of static assertions is made and compiled with both widths of wchar_t by every compiler found. Prints TAP.
"""

import os
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXPECTED = os.path.join(ROOT, "abi", "layout-bcrypt.txt")
HEADERS = ("windows.h", "winternl.h", "bcrypt.h", "bcrypt_provider.h", "ncrypt.h", "ncrypt_provider.h", "ncryptprotect.h", "wincrypt.h")


def read_expected(path):
    """Returns {structure: (size, [(field, offset, size), ...])} in the file's order."""
    structures = {}
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            words = line.split("#")[0].split()
            if not words:
                continue
            if len(words) == 3 and words[1] == "=":
                structures[words[0]] = (int(words[2]), [])
            elif len(words) == 4 and words[0] in structures:
                structures[words[0]][1].append((words[1], int(words[2]), int(words[3])))
            else:
                sys.exit(f"{path}:{number}: not understood: {line.rstrip()}")
    return structures


def assertions(name, size, fields):
    lines = [f'_Static_assert(sizeof({name}) == {size}, "sizeof({name}) is {size}");']
    for field, offset, width in fields:
        lines.append(f'_Static_assert(offsetof({name}, {field}) == {offset}, "{name}.{field} is at {offset}");')
        lines.append(f'_Static_assert(sizeof((({name} *)0)->{field}) == {width}, "{name}.{field} has {width} bytes");')
    return "\n".join(lines)


def compilers():
    found = [shlex.split(os.environ.get("CC", "cc"))]
    if shutil.which("clang") and os.path.basename(found[0][0]) != "clang":
        found.append(["clang"])
    return found


def main():
    include = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "include", "opencng")
    structures = read_expected(EXPECTED)
    modes = [(cc, width) for cc in compilers() for width in ([], ["-fshort-wchar"])]
    print(f"1..{len(structures) * len(modes)}")
    count, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "layout.c")
        for cc, width in modes:
            command = [*cc, "-std=c17", *width, "-I", include, "-fsyntax-only", source]
            tests = {name: assertions(name, *layout) for name, layout in structures.items()}
            # All at once first; only when that fails, one by one to name the structure.
            everything = compile_text(command, source, "\n".join(tests.values()))
            for name, text in tests.items():
                count += 1
                result = everything if everything.returncode == 0 else compile_text(command, source, text)
                title = f"{name} ({' '.join([cc[0], *width])})"
                if result.returncode == 0:
                    print(f"ok {count} - {title}")
                else:
                    failed += 1
                    print(f"not ok {count} - {title}")
                    print("\n".join("# " + line for line in result.stderr.splitlines()[:20]))
    return 1 if failed else 0


def compile_text(command, source, text):
    with open(source, "w", encoding="utf-8") as file:
        file.write("".join(f"#include <{header}>\n" for header in HEADERS) + text + "\n")
    return subprocess.run(command, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
