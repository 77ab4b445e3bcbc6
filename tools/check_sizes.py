#!/usr/bin/env python3
"""check_sizes.py [ROOT]: one idea in each file. Above 400 lines a warning, above 800 a failure. TAP."""
import sys
from pathlib import Path

from tap import Tap

LONG, TOO_LONG = 400, 800
# Tables of data may be as long as their data.
TABLES = {"curves.c", "curve_table.c", "status.c", "oid_table.c", "groups.c"}


def long_files(root):
    """(files to warn about, files that are too long), each as sentences."""
    warnings, failures = [], []
    for path in sorted([*(root / "src").rglob("*.c"), *(root / "src").rglob("*.h")]):
        lines = path.read_text(encoding="utf-8").count("\n")
        sentence = f"{path.relative_to(root)}: {lines} lines"
        if path.name in TABLES or lines <= LONG:
            continue
        (failures if lines > TOO_LONG else warnings).append(sentence)
    return warnings, failures


def main(root):
    tap = Tap()
    warnings, failures = long_files(root)
    for sentence in warnings:
        print(f"# long: {sentence}")
    tap.check(failures, f"no file of src has more than {TOO_LONG} lines")
    tap.done()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent))
