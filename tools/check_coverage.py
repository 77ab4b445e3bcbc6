#!/usr/bin/env python3
"""check_coverage.py SUMMARY.JSON FLOOR.TOML [REPORT.JSON COMMIT]: the share of lines and branches that the tests reach, and never less than the
floor. TAP.

SUMMARY.JSON is gcovr's --json-summary; FLOOR.TOML (tests/coverage_floor.toml) names groups of sources and what each must have. REPORT.JSON is
written for make_assurance.py: the figure of bar 10.
"""
import fnmatch
import json
import sys
import tomllib

import make_assurance
from tap import Tap


def counted(files, patterns):
    """(lines in percent, branches in percent) of the files that fit a pattern, and how many there are."""
    chosen = [x for x in files if any(fnmatch.fnmatch(x["filename"], pattern) for pattern in patterns)]
    total = {key: sum(x[key] for x in chosen) for key in ("line_covered", "line_total", "branch_covered", "branch_total")}
    share = lambda kind: 100 * total[f"{kind}_covered"] / max(1, total[f"{kind}_total"])
    return share("line"), share("branch"), len(chosen)


def lowest(files, patterns, count=6):
    """The files of a group that have the most branches left."""
    chosen = [x for x in files if any(fnmatch.fnmatch(x["filename"], pattern) for pattern in patterns)]
    chosen.sort(key=lambda x: x["branch_covered"] - x["branch_total"])
    return [f"{x['filename']}: {x['branch_total'] - x['branch_covered']} of {x['branch_total']} branches left" for x in chosen[:count]]


def main(summary, floor, report=None, commit=""):
    tap = Tap()
    files = json.loads(Path(summary).read_text())["files"]
    groups = tomllib.loads(Path(floor).read_text())["group"]
    words, good = [], True
    for name, group in groups.items():
        lines, branches, count = counted(files, group["files"])
        below = []
        if count == 0:
            below.append("no file of it was run")
        if lines < group["lines"]:
            below.append(f"lines {lines:.1f} %, the floor is {group['lines']} %")
        if branches < group["branches"]:
            below.append(f"branches {branches:.1f} %, the floor is {group['branches']} %")
        for sentence in lowest(files, group["files"]):
            print(f"# {sentence}")
        tap.check(below, f"{name}: {lines:.1f} % of lines, {branches:.1f} % of branches, {count} files")
        words.append(f"{name} {lines:.1f} % lines, {branches:.1f} % branches")
        good = good and lines >= group["goal_lines"] and branches >= group["goal_branches"]
    print(f"# figure: 10 {'; '.join(words)}")
    if report:
        make_assurance.note(report, "10", "; ".join(words), "./dev cover", commit, "0" if good else "1")
    tap.done()


if __name__ == "__main__":
    main(*sys.argv[1:])
