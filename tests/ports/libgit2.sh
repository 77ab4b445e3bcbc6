# shellcheck shell=bash
# libgit2 with src/util/hash/win32.c for SHA-1 and SHA-256: it loads bcrypt.dll by name and falls back to CryptoAPI; its tests try both.
# _WIN32 is not defined: files and threads are Linux'. GIT_EXPERIMENTAL_SHA256, a switch of its own, makes repositories of SHA-256 objects
# part of the library and of its tests. Debian's patches are not applied.
# Of its tests those folders are built in which objects are named by their hashes: written, read, packed, indexed.
# shellcheck disable=SC2034
source_package=libgit2 source_version=1.9.
port_packages="zlib1g-dev libhttp-parser-dev python3"

git_folders="commit object odb pack"

# What its CMake would find out about Linux; LIBGIT2_NO_FEATURES_H is its own way to say that on the command line.
git_flags() {
    echo "-DLIBGIT2_NO_FEATURES_H -DGIT_EXPERIMENTAL_SHA256 -DGIT_SHA1_WIN32 -DGIT_SHA256_WIN32 -DGIT_THREADS -DGIT_ARCH_64 -DGIT_USE_NSEC -DGIT_USE_STAT_MTIM" \
        "-DGIT_USE_FUTIMENS -DGIT_REGEX_REGCOMP -DGIT_QSORT_GNU -DGIT_HTTPPARSER_HTTPPARSER -DGIT_COMPRESSION_ZLIB -DGIT_RAND_GETENTROPY" \
        "-DGIT_RAND_GETLOADAVG -DGIT_IO_POLL -DGIT_DEPRECATE_HARD -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_FORTIFY_SOURCE=0" \
        "-Iinclude -Isrc/util -Isrc/libgit2 -Ideps/xdiff $(cng_cflags)"
}

port_build() {
    local flags folder objects=$PORT_WORK/objects suites=$PORT_WORK/suites
    flags=$(git_flags)
    for folder in src/util src/util/allocators src/util/unix src/libgit2 src/libgit2/streams src/libgit2/transports deps/xdiff; do
        compile "$objects/${folder//\//_}" "$flags" "$folder"/*.c
    done
    compile "$objects/hash" "$flags -include $PORT_HERE/libgit2_win32.h" src/util/hash/win32.c
    mkdir -p "$suites"
    cp tests/util/sha1.c tests/util/sha256.c "$suites/"
    for folder in $git_folders; do cp -r "tests/libgit2/$folder" "$suites/"; done
    # clar, the test framework, makes a list of the tests that it finds in a folder.
    python3 tests/clar/generate.py -f -o "$suites" "$suites" >/dev/null
    flags="$flags -Itests/clar -Itests/libgit2 -I$suites -DCLAR_FIXTURE_PATH=\"$PWD/tests/resources/\" -DCLAR_TMPDIR=\"git2\""
    compile "$objects/clar" "$flags" tests/clar/*.c
    while read -r folder; do
        compile "$objects/test_$(tr / _ <<<"${folder#"$suites"}")" "$flags" "$folder"/*.c
    done < <(find "$suites" -name '*.c' -printf '%h\n' | sort -u)
    # shellcheck disable=SC2046
    ${CC:-cc} $(find "$objects" -name '*.o') $(cng_libs) -lz -lhttp_parser -lpthread -o "$PORT_WORK/git_tests"
}

# One process for each suite: a crash costs one.
port_check() {
    local suite
    mkdir -p "$PORT_WORK/run"
    export CLAR_TMP=$PORT_WORK/run
    for suite in sha1 sha256 $git_folders; do check_tap "$suite" "$PORT_WORK/git_tests" -t "-s$suite"; done
    # The proof that it was CNG, and CryptoAPI where a test asks for it.
    OPENCNG_TRACE=$PORT_WORK/calls "$PORT_WORK/git_tests" -ssha256 >/dev/null
    check "the hashes go through BCryptHashData" grep -q 'BCryptHashData(.*STATUS_SUCCESS' "$PORT_WORK/calls"
}
