#!/usr/bin/env python3
"""make_version_script.py LIST OUTPUT: the linker's version script from a plain list of exported names."""
import sys


def read_list(path):
    """The names of an abi/*.syms file: one on each line, '#' starts a comment."""
    with open(path, encoding="utf-8") as file:
        lines = (line.split("#", 1)[0].strip() for line in file)
        return [line for line in lines if line]


def main(list_path, output_path):
    names = read_list(list_path)
    with open(output_path, "w", encoding="utf-8") as file:
        file.write("{\n")
        if names:
            file.write("  global:\n" + "".join(f"    {name};\n" for name in names))
        file.write("  local:\n    *;\n};\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
