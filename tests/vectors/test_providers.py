"""Whether the vectors notice a wrong provider, file by file.

usage: test_providers.py LIBBCRYPT WRONG_PROVIDER [COLLECTION]

wrong_provider.c stands in front of the built-in one for every algorithm. In each file of vectors, and in each group of the project's
own, it is wrong in one way after the other: whatever is asked is good, nothing is good, a bit of each output is wrong. It counts the answers that it
changed; a file in which it changed one has to fail. Of each file LIMIT vectors are asked, evenly spread, until one fails
or SECONDS are over (the slowest files come to a few vectors in that time). Prints TAP.
"""
import ctypes
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import acvp
import cng
import own
import report
import run
import symcrypt
import wycheproof

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "foreign"))
import mirror_run  # noqa: E402
from home import Home, untrusted  # noqa: E402

LIMIT = 60
SECONDS = 0.3
# Calls with keys of two providers: the wrapping key is a pseudo-handle's, which is always the built-in provider's. test_honesty.py has
# wrong libraries for these.
MIXED = re.compile(r"wrap|AES-KW", re.I)
# Seconds for one vector or for reading the file; their forms are in other files, too.
SLOW = re.compile(r"pbkdf2_hmacsha1_test|kat_cxof|kat_kmac")
WAYS = {1: "everything is good", 2: "nothing is good", 3: "a bit of each output is wrong"}
NAME = "Wrong"
INSIDE = "OPENCNG_WRONG_PROVIDER"  # set in the process that the provider is registered for

class Enough(BaseException):
    """The file has failed; no harness catches this."""


class Impatient(report.Tally):
    """Ends at the first failure, or when its time is up; asks every `step`-th."""

    def __init__(self, name, total):
        super().__init__(name)
        self.seen, self.step = 0, max(1, total // LIMIT)
        self.until = time.process_time() + SECONDS

    def run(self, label, check):
        self.seen += 1
        if self.seen % self.step == 0:
            super().run(label, check)
        if self.failures or time.process_time() > self.until:
            raise Enough


def files(root):
    """(name, number of vectors, function that runs them over a tally) for everything there is."""
    for document in own.FILES:
        for group in json.loads((run.here / document).read_text())["groups"]:
            total = sum(1 for _ in own.checks_of(group))  # each check is good until the next one is made
            yield f"own/{group['name']}", total, lambda tally, group=group: [tally.run(*check) for check in own.checks_of(group)]
    for folder in ("wycheproof", "acvp", "symcrypt") if root.is_dir() else ():
        for row in run.rows_of(root, folder):
            text = (root / folder / row["file"]).read_text()
            document = text if folder == "symcrypt" else json.loads(text)
            harness = {"wycheproof": wycheproof, "acvp": acvp, "symcrypt": symcrypt}[folder]
            yield f"{folder}/{row['file']}", int(row["tests"]), lambda tally, r=harness.run, d=document: r(d, tally)


def outcome(provider, way, name, total, runner):
    """(answers that were changed, whether the file failed)"""
    tally = Impatient(name, total)
    provider.wrong_way(way)
    try:
        runner(tally)
    except Enough:
        pass
    return provider.wrong_count(), bool(tally.failures)


def inside(library, image, root):
    """With the provider in front of the built-in one."""
    cng.load(library)
    cng.Algorithm.get("RSA")  # loads the provider
    provider = ctypes.CDLL(image)
    touched, blind = dict.fromkeys(WAYS, 0), 0
    for name, total, runner in files(root):
        if MIXED.search(name) or SLOW.search(name):
            continue
        marks = []
        if name.startswith("own/") and outcome(provider, 0, name, total, runner)[1]:
            marks.append("the stacked provider is wrong of itself")
        for way, words in WAYS.items():
            changed, noticed = outcome(provider, way, name, total, runner)
            touched[way] += changed > 0
            if changed and not noticed:
                marks.append(f"{words}: {changed} wrong answers are not noticed")
                blind += 1
        run.tap(not marks, "; ".join([name] + marks))
    for way, words in WAYS.items():
        run.tap(touched[way] > 4, f"{words}: {touched[way]} files are touched")
    files_touched = sum(touched.values())
    print(f"# figure: 2 {len(WAYS)} wrong providers, {files_touched} times a file gets a wrong answer: {files_touched - blind} noticed")
    print(f"1..{run.count}")
    return run.failed != 0


def main(library, image, collection=None):
    reason = untrusted(image)
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    given = collection or os.environ.get("OPENCNG_VECTORS")
    root = pathlib.Path(given) if given else run.here.parents[2] / "shared" / "vectors"
    if INSIDE in os.environ:
        return inside(library, image, root)
    with tempfile.TemporaryDirectory() as folder:
        home = Home(pathlib.Path(folder))
        os.environ["OPENCNG_HOME"] = str(home.root)  # so that nothing of the machine's is listed
        offered = mirror_run.algorithms(library)
        offered.pop("rng")
        home.register(NAME, image, offered)
        home.order({interface: {name: [NAME] for name in names} for interface, names in offered.items()}, flags="exclusive")
        # A process that has asked for the algorithms knows the configuration that was there before.
        return subprocess.run([sys.executable, *sys.argv], env={**os.environ, INSIDE: "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
