#!/usr/bin/env python3
"""secure_test.py PROGRAM: a set-user-id program takes no folder from its user's environment. Prints TAP.

PROGRAM is secure.c, which finds the libraries by their full path: $ORIGIN means nothing in such a program.
"""
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
from tap import Tap  # noqa: E402

NOBODY = 65534
NAME = "a set-user-id program"


def folders(program, place):
    """Where the program looks, run by another user who would like it to look in `place`; None: it cannot be run."""
    names = ("OPENCNG_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "HOME")
    variables = {"PATH": "/usr/bin:/bin", **{name: f"{place}/planted-{name}" for name in names}}
    done = subprocess.run([program], env=variables, cwd=place, capture_output=True, text=True, check=False, user=NOBODY, group=NOBODY,
                          extra_groups=[])
    return done.stdout.splitlines() if done.returncode == 0 else None


def main(program):
    tap = Tap()
    if os.geteuid() != 0:
        tap.skip(NAME, "only root can make one")
        tap.done()
    with tempfile.TemporaryDirectory(prefix="opencng-secure-") as place:
        os.chmod(place, 0o755)
        copy = Path(place) / "secure"
        shutil.copy(program, copy)
        plain = folders(copy, place)
        if plain is None:
            tap.skip(NAME, "another user does not reach the libraries")
            tap.done()
        planted = [x for x in plain if "planted" in x]
        tap.check([] if len(planted) >= 3 else plain, "a plain program looks where its user's environment says")
        os.chmod(copy, 0o4755)
        raised = folders(copy, place)
        followed = ["it does not run"] if raised is None else [x for x in raised if "planted" in x]
        tap.check(followed if raised else ["it names no folder"],
                  "a set-user-id program looks in none of the folders that its user's environment names")
        print(f"# figure: 21 a set-user-id program follows {len(followed)} of {len(planted)} folders that its user planted")
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1])
