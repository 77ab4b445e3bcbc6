#!/usr/bin/env python3
"""instructions.py [--update] BENCH BASELINE COMPILER: what calls cost in instructions, which noise does not touch. TAP.

Each row of BASELINE is an operation of the suite `primitives` of BENCH, under its group, counted by valgrind's callgrind: two runs that differ only in how
often the operation happens. More than LIMIT times the figure that BASELINE holds is a failure; --update writes the figures
that were counted. Figures hold for one compiler, one libcrypto and one kind of processor; with others there is nothing to
compare.
"""
import json
import platform
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
from tap import Tap  # noqa: E402

LIMIT = 1.05
COUNTS = (100, 600)


def collected(bench, group, name, count):
    """Instructions of a whole run, in which the operation happens `count` times."""
    run = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", bench, "primitives", "--group", group,
                          "--filter", name, "--profile", "ours", "--count", str(count)], capture_output=True, text=True, check=False)
    match = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or match is None:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr else "valgrind failed")
    return int(match[1])


def instructions(bench, group, name):
    """Instructions of one operation."""
    with ThreadPoolExecutor(len(COUNTS)) as pool:
        few, many = pool.map(lambda count: collected(bench, group, name, count), COUNTS)
    return (many - few) / (COUNTS[1] - COUNTS[0])


def libcrypto(bench):
    run = subprocess.run([bench, "primitives", "--filter", "no such operation", "--json"], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)["libcrypto"]


def processor():
    """What libcrypto sees of the processor under valgrind, which knows no AVX-512 and no SHA extensions."""
    flags = re.search(r"^flags\s*:(.*)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    known = [flag for flag in ("avx2", "bmi2", "adx", "aes") if flags and flag in flags[1].split()]
    return " ".join([platform.machine(), *known])


def main(arguments):
    update = "--update" in arguments
    bench, path, compiler = [argument for argument in arguments if argument != "--update"]
    baseline = json.loads(Path(path).read_text(encoding="utf-8"))
    here = {"compiler": compiler, "libcrypto": libcrypto(bench), "processor": processor()}
    tap = Tap()
    reason = None
    if shutil.which("valgrind") is None:
        reason = "valgrind is not installed"
    elif not update and {key: baseline[key] for key in here} != here:
        reason = f"the figures are of {baseline['compiler']}, {baseline['libcrypto']}, {baseline['processor']}"
    for group, rows in baseline["rows"].items():
        for name, figure in rows.items():
            if reason is not None:
                tap.skip(f"{group} {name}", reason)
                continue
            counted = instructions(bench, group, name)
            if update:
                rows[name] = round(counted, 1)
            over = counted > figure * LIMIT and not update
            tap.check([f"{counted:.1f} instructions, the baseline has {figure}"] if over else [], f"{group} {name}: {counted:.1f}")
    if update:
        Path(path).write_text(json.dumps(baseline | here, indent=2) + "\n", encoding="utf-8")
    tap.done()


if __name__ == "__main__":
    main(sys.argv[1:])
