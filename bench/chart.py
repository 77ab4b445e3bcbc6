#!/usr/bin/env python3
"""chart.py JSON... > FILE.svg: the ratios that `bench --json` printed, as bars that a person can compare.

One row for each operation: the bar goes from 1 (libcrypto used well) to the ratio, on a logarithmic scale; left is faster. The
hollow mark is the ratio to libcrypto as its manual shows it, where that was measured.
"""
import json
import math
import sys
from html import escape

ROW, LEFT, WIDTH, TOP = 18, 430, 560, 46  # pixels
LOW, HIGH = 1 / 32, 8  # the scale's ends, in ratios
FASTER, SLOWER, INK, PALE = "#1a7f4b", "#b3541e", "#222", "#ddd"


def x_of(ratio):
    place = math.log(min(max(ratio, LOW), HIGH) / LOW) / math.log(HIGH / LOW)
    return LEFT + place * WIDTH


def text(x, y, words, anchor="start", size=12):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{INK}">{escape(words)}</text>'


def scale(height):
    ticks = [2**n for n in range(-5, 4)]
    for tick in ticks:
        x = x_of(tick)
        yield f'<line x1="{x:.1f}" y1="{TOP - 8}" x2="{x:.1f}" y2="{height - 8}" stroke="{INK if tick == 1 else PALE}"/>'
        yield text(x, TOP - 14, f"{tick:g}" if tick >= 1 else f"1/{1 / tick:g}", "middle", 11)


def row(y, result):
    ratio = result["ratio"]
    one, end = x_of(1), x_of(ratio)
    yield text(LEFT - 8, y + 12, result["operation"], "end")
    yield (f'<rect x="{min(one, end):.1f}" y="{y + 3}" width="{max(abs(end - one), 1):.1f}" height="{ROW - 6}" '
           f'fill="{FASTER if ratio <= 1 else SLOWER}"/>')
    if result.get("naive_ratio"):
        yield f'<circle cx="{x_of(result["naive_ratio"]):.1f}" cy="{y + ROW / 2}" r="4" fill="none" stroke="{INK}"/>'
    yield text(LEFT + WIDTH + 10, y + 12, f"{ratio:.2f}")


def main(paths):
    runs = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            runs.append(json.load(file))
    results = [result for run in runs for result in run["rows"] if "ratio" in result]
    height = TOP + ROW * len(results) + 16
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 60}" height="{height}" font-family="sans-serif">')
    print(f'<rect width="100%" height="100%" fill="white"/>{text(8, 18, "time of OpenCNG / time of libcrypto, " + runs[0]["libcrypto"], size=13)}')
    for element in scale(height):
        print(element)
    for i, result in enumerate(results):
        for element in row(TOP + ROW * i, result):
            print(element)
    print("</svg>")


if __name__ == "__main__":
    main(sys.argv[1:])
