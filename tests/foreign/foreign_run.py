"""Registers the providers of this folder and runs a program over them. Prints the program's TAP.

usage: foreign_run.py LIBBCRYPT BAD NEST EXAMPLE PROGRAM [ARGUMENT...]
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from home import Home, untrusted

BAD_HASHES = ["table-fails", "table-null", "table-old", "table-hole", "open-null", "open-odd", "object-odd", "create-null", "create-odd",
              "data-odd", "finish-odd", "finish-second", "finish-third", "good", "least", "length-odd", "length-short", "length-none", "keyed",
              "names-good", "names-short", "names-many", "names-lone"]


def images(folder, bad):
    """What cannot be loaded."""
    folder.chmod(0o755)
    (folder / "text.so").write_text("This is no shared object.\n")
    (folder / "link.so").symlink_to(bad)
    for path in ("writable.so", "open/folder.so"):
        (folder / path).parent.mkdir(exist_ok=True)
        shutil.copy(bad, folder / path)
        (folder / path).chmod(0o755)
    (folder / "writable.so").chmod(0o777)
    (folder / "open").chmod(0o777)
    return {"Missing": ("missing", folder / "missing.so"), "Text": ("text", folder / "text.so"), "Link": ("link", folder / "link.so"),
            "Writable": ("writable", folder / "writable.so"), "Folder": ("folder", folder / "open" / "folder.so"),
            "Relative": ("relative", "no-such-provider.so")}


def main(library, bad, nest, example, *program):
    for image in (bad, nest, example):
        reason = untrusted(image)
        if reason:
            print(f"1..0 # SKIP {reason}")
            return 0
    with tempfile.TemporaryDirectory() as home_folder, tempfile.TemporaryDirectory(dir=Path(bad).parent) as image_folder:
        home = Home(Path(home_folder))
        for name, (function, image) in images(Path(image_folder), bad).items():
            home.register(name, image, {"hash": [function, "SHA1"] if name == "Missing" else [function]})
        home.register("Bad", bad, {"hash": BAD_HASHES, "rng": ["random"],
                                   "cipher": ["key-null", "crypt-more", "crypt-tag", "wrap", "wrap-other", "wrap-in", "wrap-out"],
                                   "signature": ["sign", "sign-more", "verify", "unfinished"],
                                   "secret-agreement": ["agree", "agree-null", "agree-odd", "agree-other"],
                                   "key-derivation": ["no-entry"], "key-encapsulation": ["encapsulate"], "schannel": ["suite"]})
        home.register("Bad Too", bad, {"hash": ["good"]})
        home.register("Nest", nest, {"hash": ["MD5", "SHA384", *(f"nest-{i}" for i in range(1, 6))], "cipher": ["borrowed"]})
        home.register("Self", os.path.realpath(library), {"hash": ["self"]})
        home.register("Example Primitives", example, {"hash": ["SHA512/256"], "signature": ["Ed25519"]}, aliases=["Example"])
        home.order({"hash": {"MD5": ["Nest"], "SHA384": ["Nest"], "SHA1": ["Missing"]}})
        return subprocess.run(program, env=dict(os.environ, OPENCNG_HOME=home_folder)).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
