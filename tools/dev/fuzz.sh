# shellcheck shell=bash
# shellcheck disable=SC2154 # folder: build_folder sets it
# ./dev fuzz: the targets of fuzz/targets.txt, with libFuzzer in a folder that is instrumented as a whole, and what the
# corpus in the tree reaches of the sources that each is about.

# fuzz_listed TARGET: the lines of targets.txt for one target, with or without "fuzz_", or for all.
fuzz_listed() { awk -v t="$1" '!/^#/ && (t == "all" || $1 == t || $1 == "fuzz_" t)' fuzz/targets.txt; }

# fuzz_run NAME SECONDS LONGEST, in the folder that build_folder set.
fuzz_run() {
    say "$1: $2 s, inputs of up to $3 bytes"
    python3 tools/fuzz_run.py "$folder" "$@" || die "$1 found something" "The input is $folder/$1-*"
}

# Each target for that time, and a tenth of it with inputs that are longer than any that makes sense.
fuzz() {
    local seconds=${2:-60} name longest lines
    case ${1:-all} in coverage | --coverage) fuzz_coverage; return ;; esac
    lines=$(fuzz_listed "${1:-all}")
    [ -n "$lines" ] || die "no such fuzz target: $1" "There are: $(fuzz_listed all | awk '{printf "%s ", $1}')"
    need_packages compile test
    need_packages fuzz
    mapfile -t goals < <(awk '{print "fuzz/" $1 "-libfuzzer"}' <<<"$lines")
    goals+=(fuzz/seeds)
    CC=clang build_folder build-fuzz -Dbench=false -Dlibfuzzer=true -Doptimization=1 -Db_lundef=false \
        -Db_sanitize=address,undefined -Dc_args=-fsanitize=fuzzer-no-link
    while read -r name _ longest _; do
        fuzz_run "$name" "$seconds" "$longest"
        [ "$longest" -ge 65536 ] || fuzz_run "$name" $((seconds / 10 + 1)) 65536
    done <<<"$lines"
    mapfile -t names < <(awk '{print $1}' <<<"$lines")
    fuzz_coverage "${names[@]}"
}

# fuzz_coverage [NAME...]: replays seeds and corpus, and prints what they reach, a line for each source.
fuzz_coverage() {
    local names=("$@")
    [ $# -gt 0 ] || mapfile -t names < <(fuzz_listed all | awk '{print $1}')
    need_packages compile test
    need_packages fuzz
    goals=(fuzz/seeds "${names[@]/#/fuzz/replay_}")
    CC=clang LLVM_PROFILE_FILE=/dev/null build_folder build-fuzz-cover -Dbench=false -Doptimization=0 -Db_lundef=false \
        '-Dc_args=-fprofile-instr-generate -fcoverage-mapping' -Dc_link_args=-fprofile-instr-generate
    python3 tools/fuzz_coverage.py "$folder" "${names[@]}"
}
