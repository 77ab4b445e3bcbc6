#!/usr/bin/env python3
"""check_includes.py [ROOT]: no #include line of src/ may point upward. TAP.

The rule is ARCHITECTURE.md's: each folder may use itself and the folders named here. `include` stands for the
installed headers, `openssl` for <openssl/...>, `nettle` for <nettle/...>.
"""
import re
import sys
from pathlib import Path

from tap import Tap

MAY_USE = {
    "base": {"include"},
    "blob": {"base", "include"},
    "primitives": {"base", "blob", "include", "openssl", "nettle"},
    "router": {"base", "include"},
    "softksp": {"base", "blob", "include"},
    "p11ksp": {"base", "blob", "include"},
    "cli": {"include"},
    "wincompat": {"include"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.M)


def header_index(root):
    """File name -> the folders of src/ and include/ that hold a file of that name."""
    index = {}
    for path in (root / "src").rglob("*"):
        if path.suffix in (".h", ".c", ".def", ".inc"):
            index.setdefault(path.name, set()).add(path.relative_to(root / "src").parts[0])
    for path in (root / "include").rglob("*.h"):
        index.setdefault(path.name, set()).add("include")
    return index


def belongs_to(target, quoted, layer, index):
    """The folder that an #include line means; None for the system's headers and for the folder itself."""
    if target.startswith(("openssl/", "nettle/")):
        return target.split("/")[0]
    parts = [part for part in Path(target).parts if part not in ("..", "src")]
    if len(parts) > 1 and parts[0] in (*MAY_USE, "include"):
        return parts[0]
    folders = index.get(parts[-1], set())
    if not folders or (not quoted and folders != {"include"}):
        return None
    if layer in folders:
        return layer
    return sorted(folders)[0] if len(folders) == 1 else "|".join(sorted(folders))


def violations(root):
    """layer -> sentences about its wrong #include lines."""
    index = header_index(root)
    wrong = {layer: [] for layer in MAY_USE}
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in (".c", ".h", ".def", ".inc"):
            continue
        where = path.relative_to(root)
        layer = where.parts[1]
        if layer not in MAY_USE:
            wrong.setdefault(layer, []).append(f"{where}: the folder {layer} is not in the rule")
            continue
        text = path.read_text(encoding="utf-8")
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            folder = belongs_to(match[2], match[1] == '"', layer, index)
            if folder is not None and folder != layer and folder not in MAY_USE[layer]:
                wrong[layer].append(f"{where}:{line}: {layer} may not include {folder} ({match[2]})")
    return wrong


def main(root):
    tap = Tap()
    for layer, problems in violations(root).items():
        tap.check(problems, f"include rule: {layer} uses only {', '.join(sorted(MAY_USE.get(layer, []))) or 'itself'}")
    tap.done()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent))
