#!/usr/bin/env python3
"""rename_symbols.py OBJCOPY AR NAMES OUTPUT OBJECT...: an archive of the objects, in which symbols have other names.

NAMES holds lines "old new"; definitions and uses are renamed alike. The objects stay as they are: objcopy does not read the thin
archives that Meson makes, and unit tests link those under the names that the sources have. Of objects for link-time optimization
the finished code is kept (-ffat-lto-objects); objcopy refuses those that have none.
"""
import subprocess
import sys
import tempfile
from pathlib import Path


def main(objcopy, ar, names, output, *objects):
    with tempfile.TemporaryDirectory(dir=Path(output).parent) as folder:
        renamed = [str(Path(folder) / Path(name).name) for name in objects]
        for source, target in zip(objects, renamed):
            subprocess.run([objcopy, "--redefine-syms", names, "--remove-section", ".gnu.lto_*", source, target], check=True)
        Path(output).unlink(missing_ok=True)
        subprocess.run([ar, "rcsD", output, *renamed], check=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
