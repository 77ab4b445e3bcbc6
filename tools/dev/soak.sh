# shellcheck shell=bash
# ./dev soak: what takes longer than a gate may, before a release or weekly. Each part is a script in tests/soak that runs alone,
# given a build folder and a count; this file knows which folder each wants and walks over them. tests/soak/report.py keeps
# what came of it; ./dev assurance puts it into tests/soak/record.json, with which the next soak begins, wherever that is.

# PART BAR COUNT WHAT: the bar is a row of tests/bars.toml, the count what the part takes when none is asked for.
soak_parts() {
    cat <<'END'
sanitizers    7  1         the suite under clang's AddressSanitizer and UndefinedBehaviorSanitizer; gcc's is ./dev asan
memcheck      8  1         unit and store tests under valgrind
threads       8  1         the tests with threads under ThreadSanitizer, libcrypto too
memory        8  1         unit and conformance tests under MemorySanitizer, libcrypto too
fuzz          9  14400     seconds of the processor for each fuzz target, over all runs
mutation     11  200       mistakes planted in the sources
differential  3  10000     random inputs for each row, against libcrypto
kill         14  1000      random moments at which a program that changes keys is killed
power        15  1         every disk that an outage may leave
race         16  600       seconds, 64 processes on the same keys
taint        24  1         secrets as undefined memory, five levels of optimization, gcc and clang
timing       25  1000000   measurements of each private operation
oracle       26  100000    malformed RSA ciphertexts of each class
faults       28  10000     bits flipped in RSA keys
cpu          32  1         vectors and unit tests with instructions hidden
i386         32  1         unit, store and conformance tests and vectors, 32 bits
s390x        32  1         the same, big-endian, under qemu
long         33  86400     seconds of mixed operations in one process
END
}

# The build folder of a part, in `folder`.
soak_folder() {
    case $1 in
    sanitizers) soak_clang ;;
    threads) soak_sanitized thread ;;
    memory) soak_sanitized memory ;;
    fuzz) folder=. ;;
    i386 | s390x) soak_cross "$1" ;;
    *) build_folder build ;;
    esac
}

# The command of a part; a part of the same kind as others is a row in one script.
soak_command() {
    local part=$1 folder=$2 count=$3
    case $part in
    sanitizers | threads | memory) soak_script=(tests/soak/instrumented.py "$part" "$folder" "$count") ;;
    i386 | s390x) soak_script=(tests/soak/cross.py "$part" "$folder" "${sysroot:-none}" "$count") ;;
    fuzz) soak_script=(tests/soak/fuzz.py "$count") ;;
    taint) soak_script=(tests/soak/taint.sh "$folder") ;;
    kill | power | race | differential | timing | oracle | faults | long) soak_script=(tests/soak/programs.py "$part" "$folder" "$count") ;;
    *) soak_script=("tests/soak/$part.py" "$folder" "$count") ;;
    esac
}

soak_clang() {
    need_packages sanitize fuzz
    CC=clang build_folder build-asan-clang -Db_sanitize=address,undefined -Dbench=false -Db_lundef=false
}

# Everything that shares memory with our code has to be instrumented, so libcrypto is built once more for each.
soak_sanitized() {
    # shellcheck disable=SC2034 # tools/dev/openssl.sh reads it
    local openssl_flavour=$1
    need_packages fuzz
    CC=clang build_folder "build-$1" "-Db_sanitize=$1" -Db_lundef=false -Dbench=false -Dfuzz=false -Dwerror=false
}

soak_cross() {
    local file=$PWD/build-soak/$1.cross
    folder=build-$1
    if ! ensure_sysroot "$1"; then
        sysroot=none
        return
    fi
    write_cross_file "$1" "$file"
    [ -f "$folder/build.ninja" ] || CC='' meson setup "$folder" --cross-file "$file" -Dbench=false -Dfuzz=false -Dwerror=false >"build-soak/$1-setup.log" ||
        die "meson could not configure $folder (all of its words: build-soak/$1-setup.log)"
}

soak_commit() {
    local commit
    commit=$(git rev-parse --short HEAD 2>/dev/null) || commit=unknown
    [ -z "$(git status --porcelain --untracked-files=no 2>/dev/null)" ] || commit=$commit-dirty
    echo "$commit"
}

# soak_part PART BAR COUNT
soak_part() {
    local part=$1 bar=$2 count=$3 log=build-soak/$1.log commit status=0 start=$SECONDS
    commit=$(soak_commit)
    if [ "$soak_again" = no ] && python3 tests/soak/report.py 'done' "$part" "$commit" "$count"; then
        say "$part: done already"
        return 0
    fi
    say "$part: $count"
    (
        soak_folder "$part"
        soak_command "$part" "$folder" "$count"
        exec "${soak_script[@]}"
    ) >"$log" 2>&1 </dev/null || status=$?
    python3 tests/soak/report.py add "$part" "$bar" "$commit" "$count" "$status" "$log" "./dev soak $part $count" || true
    say "$part: $((SECONDS - start)) s, exit status $status (log: $log)"
}

soak() {
    local soak_again=no wanted=all wanted_count='' argument part bar count found=no
    for argument in "$@"; do
        case $argument in
        --again) soak_again=yes ;;
        [0-9]*) wanted_count=$argument ;;
        *) wanted=$argument ;;
        esac
    done
    need_packages compile test
    mkdir -p build-soak
    while read -r part bar count _; do
        [ "$wanted" = all ] || [ "$wanted" = "$part" ] || continue
        found=yes
        soak_part "$part" "$bar" "${wanted_count:-$count}"
    done < <(soak_parts)
    [ "$found" = yes ] || die "no such part: $wanted" "There are:" "$(soak_parts)"
    python3 tests/soak/report.py table
}
