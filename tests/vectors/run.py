"""Known answers through the public API.

usage: run.py [--everything] LIBBCRYPT [COLLECTION]

The project's own vectors (own.json, own_symmetric.json) always run. COLLECTION, else $OPENCNG_VECTORS, else the folder
../shared/vectors beside the checkout is a collection of public vectors with the folders wycheproof, acvp and symcrypt,
each with an INDEX.tsv (file, algorithm, family, tests, …, sha256): every file in it is accounted for. Prints TAP, one
line for each file, and at the end what was left out, and why. --everything: the library has a libcrypto that lacks no
algorithm.
"""
import collections
import csv
import hashlib
import json
import os
import pathlib
import sys

import acvp
import cng
import own
import report
import symcrypt
import wycheproof

here = pathlib.Path(__file__).resolve().parent
count = failed = 0


def tap(good, text):
    global count, failed
    count += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {count} - {text}", flush=True)


def publish(tally, expected_total=None):
    """One TAP line for a file: a wrong verdict or a lost vector fails it, and nothing but skips skips it."""
    skips = ", ".join(f"{n} {reason}" for reason, n in sorted(tally.skipped.items()))
    text = f"{tally.name}: {tally.passed} passed, {len(tally.failures)} failed, {sum(tally.skipped.values())} left out"
    text += f" ({skips})" if skips else ""
    lost = expected_total is not None and tally.total != expected_total
    if tally.passed == 0 and not tally.failures and tally.skipped and not lost:
        reason = tally.skipped.most_common(1)[0][0]
        tap(True, f"{tally.name} # SKIP {sum(tally.skipped.values())} vectors: {report.REASONS[reason]}")
        return
    tap(not tally.failures and not lost and tally.passed > 0, text)
    if lost:
        print(f"# {tally.total} of {expected_total} vectors accounted for")
    for line in tally.failures[:12]:
        print(f"# {line}")


def run_file(folder, data, tally):
    if folder == "symcrypt":
        symcrypt.run(data.decode(), tally)
    else:
        {"wycheproof": wycheproof, "acvp": acvp}[folder].run(json.loads(data), tally)


def rows_of(root, folder):
    """The rows of a folder's index, whose files are exactly those of the folder."""
    with (root / folder / "INDEX.tsv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["file"] != "TOTAL"]
    there = {path.name for path in (root / folder).iterdir() if path.suffix in (".json", ".dat")}
    odd = there.symmetric_difference(row["file"] for row in rows)
    tap(bool(rows) and not odd, f"{folder}: {len(rows)} files, each in the index"
        + "".join(f"; not {name}" for name in sorted(odd)))
    return rows


def run_collection(root):
    families = collections.defaultdict(collections.Counter)
    for folder in ("wycheproof", "acvp", "symcrypt"):
        if not (root / folder / "INDEX.tsv").is_file():
            tap(False, f"{folder}: the collection has no {folder}/INDEX.tsv")
            continue
        for row in rows_of(root, folder):
            tally = report.Tally(f"{folder}/{row['file']}")
            data = (root / folder / row["file"]).read_bytes()
            if hashlib.sha256(data).hexdigest() != row["sha256"]:
                tap(False, f"{tally.name}: is not the file that the index describes")
                continue
            try:
                run_file(folder, data, tally)
            except Exception as error:
                tally.failures.append(f"{type(error).__name__}: {error}")
            publish(tally, int(row["tests"]))
            families[row["family"]].update({"passed": tally.passed, "failed": len(tally.failures), **tally.skipped})
    summarise(families)


def summarise(families):
    """Comments at the end: each family's numbers, and the sentence for each reason."""
    total = collections.Counter()
    for name, numbers in sorted(families.items()):
        total.update(numbers)
        left = ", ".join(f"{n} {reason}" for reason, n in sorted(numbers.items()) if reason in report.REASONS)
        if set(numbers) - {"passed", "failed", "family"} or numbers["passed"]:
            print(f"# {name}: {numbers['passed']} passed, {numbers['failed']} failed; left out: {left or 'none'}")
    left = sum(n for reason, n in total.items() if reason in report.REASONS)
    print(f"# figure: 1 {total['passed']} vectors passed, {total['failed']} failed, {left} left out for {len(set(total) & set(report.REASONS))} listed reasons")
    print(f"# all: {total.pop('passed')} passed, {total.pop('failed')} failed; left out:")
    for reason, n in sorted(total.items()):
        print(f"#   {n:6} {reason}: {report.REASONS[reason]}")


def main(arguments):
    report.everything = "--everything" in arguments
    paths = [x for x in arguments if x != "--everything"]
    cng.load(paths[0])
    for name in own.FILES:
        for tally in own.run(json.loads((here / name).read_text())):
            publish(tally)
    given = paths[1] if len(paths) > 1 else os.environ.get("OPENCNG_VECTORS")
    root = pathlib.Path(given) if given else here.parents[2] / "shared" / "vectors"
    if root.is_dir():
        run_collection(root)
    else:
        tap(True, f"public collections # SKIP no folder {root.name} beside the checkout (OPENCNG_VECTORS names one): "
                  "Wycheproof, ACVP and SymCrypt vectors left out")
    print(f"1..{count}")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
