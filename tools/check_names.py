#!/usr/bin/env python3
"""check_names.py [ROOT]: names and words that must not be in the tree. TAP.

File names in src/ are unique, so that a stack trace needs no folder. memcmp() stops at the first difference, which
tells a secret: only the files named here, which compare public bytes, may call it. Nothing unfinished is marked for
later, and no path of a developer's machine is written down.
"""
import re
import subprocess
import sys
from pathlib import Path

from tap import Tap

# Files that compare public bytes only, and what these bytes are.
MEMCMP_ALLOWED = {
    "src/base/span.c": "span_equal() of public bytes; ct.c compares secrets",
    "src/base/name.c": "algorithm and property names",
    "src/primitives/rsa/rsa_key.c": "the fixed message of the pairwise consistency test",
    "src/primitives/rsa/rsa_op.c": "a message representative against the modulus, which is refused or sent as it is",
    "src/primitives/rsa/rsa_pad_sign.c": "the encoded message of a signature, which everybody can compute",
    "src/primitives/rsa/rsa_sign.c": "the encoded message of a signature",
}
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HACK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$~}/])/(work|home|root|shared)/[\w.]|\.\./shared/")
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
TEXT = {".c", ".h", ".py", ".md", ".build", ".txt", ".in", ".sh", ".def", ".inc", ".syms", ""}


def tracked_files(root):
    """The files of the tree: git's list where there is one, else everything outside build folders."""
    try:
        listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                                capture_output=True, check=True, text=True).stdout
        return [root / name for name in listed.split("\0") if name and (root / name).is_file()]
    except (OSError, subprocess.CalledProcessError):
        return [path for path in root.rglob("*")
                if path.is_file() and not re.match(r"(build.*|\.git|\.cache)$", path.relative_to(root).parts[0])]


def texts(root):
    for path in sorted(tracked_files(root)):
        if path.suffix in TEXT and "vectors" not in path.parts and "corpus" not in path.parts:
            try:
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue


def without_comments(text):
    return COMMENT.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)


def find(root, pattern, where=lambda name: True, prepare=lambda text: text):
    """'file:line: text' of each match."""
    found = []
    for name, text in texts(root):
        if not where(name):
            continue
        for number, line in enumerate(prepare(text).splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    return found


def duplicate_names(root):
    seen = {}
    for path in sorted((root / "src").rglob("*")):
        if path.suffix in (".c", ".h"):
            seen.setdefault(path.name, []).append(path.relative_to(root).as_posix())
    return [f"one name, several files: {', '.join(paths)}" for paths in seen.values() if len(paths) > 1]


def memcmp_calls(root):
    return find(root, re.compile(r"\bmemcmp\s*\("), prepare=without_comments,
                where=lambda name: re.match(r"src/.*\.[ch]$", name) and name not in MEMCMP_ALLOWED)


def unfinished(root):
    return find(root, UNFINISHED, where=lambda name: name != "tools/check_names.py")


def machine_paths(root):
    return find(root, MACHINE_PATH, where=lambda name: name not in ("tools/check_names.py", "tools/test_checks.py"))


def main(root):
    tap = Tap()
    tap.check(duplicate_names(root), "file names in src are unique")
    tap.check(memcmp_calls(root), "memcmp only where public bytes are compared")
    tap.check(unfinished(root), "nothing is marked as unfinished")
    tap.check(machine_paths(root), "no path of a developer's machine")
    tap.done()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent))
