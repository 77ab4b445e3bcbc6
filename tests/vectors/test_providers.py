"""Whether the vectors notice a wrong provider, file by file.

usage: test_providers.py LIBBCRYPT WRONG_PROVIDER [COLLECTION]

wrong_provider.c stands in front of the built-in one for every algorithm. In each file of vectors, and in each group of the project's own, it is wrong in
one way after the other: whatever is asked is good, nothing is good, a bit of each output is wrong. It counts the answers that it
changed; a file in which it changed one has to fail. Of each file LIMIT vectors are asked, evenly spread, until one fails. Prints TAP.
"""
import ctypes
import json
import os
import pathlib
import sys
import tempfile

import cng
import own
import report
import run

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "foreign"))
import mirror_run  # noqa: E402
from home import Home, untrusted  # noqa: E402

LIMIT = 60
WAYS = {1: "everything is good", 2: "nothing is good", 3: "a bit of each output is wrong"}
NAME = "Wrong"

count = failed = 0


def tap(good, text):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {text}", flush=True)


class Enough(BaseException):
    """The file has failed; no harness catches this."""


class Impatient(report.Tally):
    """Ends at the first failure; asks every `step`-th."""

    def __init__(self, name, total):
        super().__init__(name)
        self.seen, self.step = 0, max(1, total // LIMIT)

    def run(self, label, check):
        self.seen += 1
        if self.seen % self.step == 0:
            super().run(label, check)
        if self.failures:
            raise Enough


def files(root):
    """(name, number of vectors, function that runs them over a tally) for everything there is."""
    for document in own.FILES:
        for group in json.loads((run.here / document).read_text())["groups"]:
            checks = list(own.checks_of(group))
            yield f"own/{group['name']}", len(checks), lambda tally, checks=checks: [tally.run(*check) for check in checks]
    for folder in ("wycheproof", "acvp", "symcrypt") if root.is_dir() else ():
        for row in run.rows_of(root, folder):
            data = (root / folder / row["file"]).read_bytes()
            name, total = f"{folder}/{row['file']}", int(row["tests"])
            yield name, total, lambda tally, folder=folder, data=data: run.run_file(folder, data, tally)


def outcome(provider, way, name, total, runner):
    """(answers that were changed, whether the file failed)"""
    tally = Impatient(name, total)
    provider.wrong_way(way)
    try:
        runner(tally)
    except Enough:
        pass
    return provider.wrong_count(), bool(tally.failures)


def main(library, image, collection=None):
    reason = untrusted(image)
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    given = collection or os.environ.get("OPENCNG_VECTORS")
    root = pathlib.Path(given) if given else run.here.parents[2] / "shared" / "vectors"
    with tempfile.TemporaryDirectory() as folder:
        home = Home(pathlib.Path(folder))
        os.environ["OPENCNG_HOME"] = str(home.root)  # so that nothing of the machine's is listed
        offered = mirror_run.algorithms(library)
        offered.pop("rng")
        home.register(NAME, image, offered)
        home.order({interface: {name: [NAME] for name in names} for interface, names in offered.items()}, flags="exclusive")
        cng.load(library)
        cng.Algorithm.get("RSA")  # loads the provider
        provider = ctypes.CDLL(image)
        touched, blind = {way: 0 for way in WAYS}, []
        for name, total, runner in files(root):
            marks = []
            if name.startswith("own/") and outcome(provider, 0, name, total, runner)[1]:
                marks.append("the stacked provider is wrong of itself")
            for way, words in WAYS.items():
                changed, noticed = outcome(provider, way, name, total, runner)
                touched[way] += changed > 0
                if changed and not noticed:
                    marks.append(f"{words}: {changed} wrong answers are not noticed")
            if marks:
                blind.append(name)
            tap(not marks, "; ".join([name] + marks))
    for way, words in WAYS.items():
        tap(touched[way] > 10, f"{words}: {touched[way]} files are touched")
    print(f"# figure: 2 {len(WAYS)} wrong providers, {sum(touched.values())} times a file gets a wrong answer: "
          f"{sum(touched.values()) - len(blind)} noticed")
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
