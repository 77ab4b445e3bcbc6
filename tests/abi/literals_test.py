#!/usr/bin/env python3
"""Checks the values of the public constants against abi/constants-bcrypt.txt.

Usage: literals_test.py [INCLUDE_DIR]   (default: include/opencng beside the tests)

A C program that holds every constant is made, compiled with both widths of wchar_t by every compiler found, and run; it prints the
values, and this script compares. A string's size must be that of its characters and its NUL in WCHARs. Prints TAP.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EXPECTED = os.path.join(ROOT, "abi", "constants-bcrypt.txt")
HEADERS = ("windows.h", "bcrypt.h", "bcrypt_provider.h", "ncrypt.h", "ncrypt_provider.h", "ncryptprotect.h", "ntstatus.h", "winerror.h",
           "wincrypt.h")

HELPERS = """
#include <stdio.h>
static void number(const char *name, unsigned long long value)
{
    printf("%s 0x%08llX\\n", name, value & 0xFFFFFFFFULL);
}
static void string(const char *name, const WCHAR *text, size_t size)
{
    printf("%s L\\"", name);
    for (size_t i = 0; i + 1 < size / sizeof(WCHAR); i++)
        putchar(text[i] < 128 ? (int)text[i] : '?');
    printf("\\"%s\\n", size % sizeof(WCHAR) || text[size / sizeof(WCHAR) - 1] ? " (size)" : "");
}
"""


def read_expected(path):
    """Returns [(name, value text, is an enumerator)] in the file's order."""
    expected = []
    with open(path, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            match = re.fullmatch(r'(enum )?(\w+) (0x[0-9A-F]{8}|L".*")', line)
            if not match:
                sys.exit(f"{path}:{number}: not understood: {line}")
            expected.append((match[2], match[3], bool(match[1])))
    return expected


def program(expected):
    lines = [f"#include <{header}>" for header in HEADERS] + [HELPERS, "int main(void)", "{"]
    for name, value, is_enumerator in expected:
        show = f"string(\"{name}\", {name}, sizeof({name}));" if value.startswith("L") else \
            f"number(\"{name}\", (unsigned long long)(uintptr_t)({name}));"
        lines += [show] if is_enumerator else [f"#ifdef {name}", show, "#endif"]
    return "\n".join(lines + ["return 0;", "}"]) + "\n"


def compilers():
    found = [shlex.split(os.environ.get("CC", "cc"))]
    if shutil.which("clang") and os.path.basename(found[0][0]) != "clang":
        found.append(["clang"])
    return found


def run(cc, width, include, text, folder):
    """Returns ({name: value text}, compiler's complaint)."""
    source, binary = os.path.join(folder, "literals.c"), os.path.join(folder, "literals")
    with open(source, "w", encoding="utf-8") as file:
        file.write(text)
    result = subprocess.run([*cc, "-std=c17", "-Wall", "-Wextra", "-Werror", *width, "-I", include, "-o", binary, source],
                            capture_output=True, text=True, check=False)
    if result.returncode:
        return {}, result.stderr
    output = subprocess.run([binary], capture_output=True, text=True, check=True).stdout
    return dict(line.split(" ", 1) for line in output.splitlines()), ""


def main():
    include = sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "include", "opencng")
    expected = read_expected(EXPECTED)
    text = program(expected)
    modes = [(cc, width) for cc in compilers() for width in ([], ["-fshort-wchar"])]
    print(f"1..{len(modes) * len(expected)}")
    count, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for cc, width in modes:
            actual, complaint = run(cc, width, include, text, folder)
            if complaint:
                print("\n".join("# " + line for line in complaint.splitlines()[:20]))
            for name, value, _ in expected:
                count += 1
                title = f"{name} ({' '.join([cc[0], *width])})"
                if actual.get(name) == value:
                    print(f"ok {count} - {title}")
                else:
                    failed += 1
                    print(f"not ok {count} - {title}\n# expected {value}, found {actual.get(name, 'nothing')}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
