"""Runs a conformance suite over the built-in provider's mirror: every algorithm that is opened without naming a provider is a loaded
one's. Prints the suite's TAP.

usage: mirror_run.py LIBBCRYPT MIRROR SUITE
"""
import ctypes
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from home import Home, untrusted

NAME = "Mirror"
# What asks which provider it is, or uses keys of two providers in one call, and what of.
OTHERWISE = {
    r"BCryptEnumProviders .*: the primitive provider": "the mirror is the only provider here",
    r"Rfc3565KeyWrapBlob": "the import is through a pseudo-handle, which is the built-in provider's",
}
INTERFACES = {1: "cipher", 2: "hash", 3: "asymmetric-encryption", 4: "secret-agreement", 5: "signature", 6: "rng", 7: "key-derivation"}


class Identifier(ctypes.Structure):
    _fields_ = [("name", ctypes.c_void_p), ("interface", ctypes.c_uint32), ("flags", ctypes.c_uint32)]


def text_at(address):
    units = bytearray()
    while (unit := ctypes.string_at(address, 2)) != b"\0\0":
        units += unit
        address += 2
    return units.decode("utf-16-le")


def algorithms(library):
    """interface -> names, of all that the library has and that there is a table for."""
    bcrypt = ctypes.CDLL(library)
    count, rows = ctypes.c_uint32(), ctypes.POINTER(Identifier)()
    if bcrypt.BCryptEnumAlgorithms(0, ctypes.byref(count), ctypes.byref(rows), 0) != 0:
        sys.exit("the algorithms cannot be listed")
    found = {}
    for row in rows[:count.value]:
        if row.interface in INTERFACES:
            names = found.setdefault(INTERFACES[row.interface], [])
            name = text_at(row.name)
            if name not in names:
                names.append(name)
    bcrypt.BCryptFreeBuffer(rows)
    return found


def excused(line):
    return next((why for what, why in OTHERWISE.items() if re.search(what, line)), None)


def relay(done):
    """Prints the suite's lines; those that have to be otherwise as skipped. Returns the exit status."""
    failed = 0
    for line in done.stdout.splitlines():
        if line.startswith("not ok ") and excused(line):
            line = f"{line[4:]} # SKIP {excused(line)}"
        failed += line.startswith("not ok ")
        print(line)
    return 1 if failed or done.returncode not in (0, 1) else 0


def main(library, mirror, suite):
    reason = untrusted(mirror)
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder))
        os.environ["OPENCNG_HOME"] = str(home.root)  # so that nothing of the machine's is listed
        offered = algorithms(library)
        home.register(NAME, mirror, offered)
        # No way back to the built-in one.
        home.order({interface: {name: [NAME] for name in names} for interface, names in offered.items()}, flags="exclusive")
        done = subprocess.run([suite], stdout=subprocess.PIPE, text=True)
    return relay(done)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4]))
