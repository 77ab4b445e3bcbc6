#!/bin/bash
# lint.sh FOLDER: the format of the sources, then clang-tidy over src/ with FOLDER/compile_commands.json. TAP.
# lint.sh --format: formats the sources.
# Both tools are pinned to version 14 (Debian 12's): another version formats and warns differently, and is skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$1
pinned=14
number=0 failed=0 skipped=0

report() { # report STATUS NAME
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; failed=$((failed + 1)); fi
}

skip() { number=$((number + 1)) skipped=$((skipped + 1)); echo "ok $number - $1 # SKIP $2"; }

# show LINES: as TAP comments; fails when there is one.
show() {
    [ -z "$(tr -d '[:space:]' <<<"$1")" ] && return 0
    echo "# ${1//$'\n'/$'\n# '}"
    return 1
}

# The program NAME-14, or NAME when that is version 14; nothing otherwise.
find_pinned() {
    local candidate
    for candidate in "$1-$pinned" "$1"; do
        if command -v "$candidate" >/dev/null && "$candidate" --version | grep -q "version $pinned\."; then
            echo "$candidate"
            return
        fi
    done
}

files() { git ls-files --cached --others --exclude-standard "$@"; }

# What has a format. Not include/: those headers are written like Windows' own, with tabs, a brace on a line of its own and
# declarations that people compare with Microsoft's documentation line by line.
formatted() { files 'src/*.[ch]' 'tests/*.[ch]' 'examples/*.[ch]' 'fuzz/*.[ch]' 'bench/*.[ch]' 'tools/*.[ch]'; }

format() {
    local tool
    tool=$(find_pinned clang-format)
    if [ -z "$tool" ]; then
        echo "clang-format $pinned is not installed: another version formats differently" >&2
        exit 1
    fi
    formatted | xargs -r "$tool" -i
}

check_format() {
    local tool found status=0
    tool=$(find_pinned clang-format)
    if [ -z "$tool" ]; then skip "format" "clang-format $pinned is not installed"; return; fi
    echo "# $("$tool" --version)"
    found=$(formatted | xargs -r "$tool" --dry-run --Werror 2>&1 | grep -oE '^[^ ]+: (error|warning)' |
        cut -d: -f1 | uniq -c || true)
    show "$found" || status=1
    report "$status" "format: ./dev fmt changes nothing"
}

check_tidy() {
    local tool found status=0
    tool=$(find_pinned clang-tidy)
    if [ -z "$tool" ]; then skip "clang-tidy" "clang-tidy $pinned is not installed"; return; fi
    echo "# $("$tool" --version | grep -o 'LLVM version.*')"
    # One file at a time: version 14 carries the state of its va_list check from one file to the next.
    found=$(files 'src/*.c' | xargs -r -P "$(nproc)" -n 1 "$tool" --quiet -p "$folder" 2>/dev/null |
        grep -E '(error|warning):' | sed "s|^\($PWD/\)\?\([^ ]*/\)\?\.\./||; s|^$PWD/||" | sort -u || true)
    show "$found" || status=1
    report "$status" "clang-tidy finds nothing"
}

check_shell() {
    local found status=0
    if ! command -v shellcheck >/dev/null; then skip "shellcheck" "it is not installed"; return; fi
    found=$(shellcheck -x dev .ci/run tools/*.sh tools/dev/*.sh tests/soak/*.sh || true)
    show "$found" || status=1
    report "$status" "shellcheck finds nothing"
}

if [ "$folder" = --format ]; then
    format
    exit
fi
check_format
check_tidy
check_shell
echo "1..$number"
echo "$((number - failed - skipped)) passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
