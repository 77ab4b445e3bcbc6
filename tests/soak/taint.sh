#!/bin/bash
# taint.sh BUILD: secrets as undefined memory, with gcc and clang at five levels of optimization (tests/ct/matrix.py).
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v valgrind >/dev/null || { echo "# skip: valgrind is not installed" && exit 77; }
[ -x "$1/tests/ct/ct_taint" ] || { echo "# skip: tests/ct needs ./dev's libcrypto and valgrind's headers" && exit 77; }
status=0
output=$(python3 tests/ct/matrix.py "$1") || status=$?
echo "$output"
checks=$(sed -n 's/^.* -O.*: .*, \([0-9]*\) checks$/\1/p' <<<"$output" | sort -n | head -n 1)
echo "# figure: 24 $(grep -c ' -O' <<<"$output") builds (gcc, clang; -O0 -O1 -O2 -O3 -Os), at least $checks checks each: $(tail -n 1 <<<"$output")"
exit "$status"
