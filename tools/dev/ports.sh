# shellcheck shell=bash
# ./dev ports: programs that were written for Windows, built from Debian's source packages against what ./dev install
# installed, unmodified, and their own tests run. docs/ports.md says what each covers.
#
# A port is a recipe, tests/ports/NAME.sh, and what is expected of it, tests/ports/NAME.expect. The recipe sets
#   source_package, source_version   the package and how its version begins; empty: all that it needs is in tests/ports
#   source_suites                    where else to look for it than in Debian 13 (fetch_source)
#   port_packages                    Debian packages that building and testing it needs
# and defines port_build and port_check, which run in the unpacked source and report through tests/ports/common.sh.
#
# What a machine cannot have is no failure: a port whose packages or source cannot be fetched is skipped by name, and counted.

ports_listed() {
    local recipe
    for recipe in tests/ports/*.sh; do
        recipe=${recipe##*/}
        [ "$recipe" = common.sh ] || echo "${recipe%.sh}"
    done
}

# Installs the packages that are missing of those named.
need_port_packages() {
    port_packages="$*"
    need_packages port
}

# The newest source package of PACKAGE and PREFIX that was fetched; nothing when there is none.
fetched_source() { find "$(cache_dir)/ports/source" -name "$1_$2*.dsc" 2>/dev/null | sort -V | tail -n 1; }

# ensure_port_source PACKAGE PREFIX [SUITES]: sets source_dsc to the checked source package; fetched once for this user.
ensure_port_source() {
    local dir
    dir=$(cache_dir)/ports
    source_dsc=$(fetched_source "$1" "$2")
    [ -z "$source_dsc" ] || return 0
    need_packages build-openssl
    need_archive_keys
    mkdir -p "$dir"
    # One run at a time writes into the cache.
    exec 9>"$dir/lock"
    flock 9
    : >"$dir/fetch.log"
    source_dsc=$(fetched_source "$1" "$2")
    [ -n "$source_dsc" ] || run_logged "$dir/fetch.log" "fetching $1 $2*" fetch_source "$dir" "$1" "$2" ${3:+"$3"} ||
        die "the source package $1 $2* could not be fetched" "It comes from Debian, as OpenSSL's does; the log is $dir/fetch.log"
    exec 9>&-
    source_dsc=$(fetched_source "$1" "$2")
}

# In this shell: what a recipe needs is there, and source_dsc is its source package.
prepare_port() {
    # shellcheck disable=SC2154,SC2086
    need_port_packages $port_packages
    source_dsc=
    # shellcheck disable=SC2154
    [ -z "$source_package" ] || ensure_port_source "$source_package" "$source_version" "${source_suites:-}"
}

# What is in the source package, unpacked. dpkg-source compares the files with the checksums that the archive's signature covers.
unpack_port() {
    if [ -z "$source_dsc" ]; then mkdir -p "$1"; else dpkg-source --skip-patches --no-check --extract "$source_dsc" "$1"; fi
}

# run_port NAME: unpacks, builds and checks one; its results are judged by what is expected.
run_port() {
    local name=$1 work=$PWD/build-ports/$1 start=$SECONDS
    rm -rf "$work"
    mkdir -p "$work"
    (
        # shellcheck disable=SC1090
        . "tests/ports/$name.sh"
        # In a shell of its own first: it ends where something cannot be had.
        (prepare_port) || { echo "absent $name: a package or the source cannot be fetched" >>"$work/results" && exit 0; }
        prepare_port
        export PKG_CONFIG_PATH=$ports_prefix/lib/pkgconfig PORT_WORK=$work
        export LD_LIBRARY_PATH=$ports_prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
        run_logged "$work/log" "$name: unpacking" unpack_port "$work/source" &&
            run_logged "$work/log" "$name: building" bash tests/ports/common.sh "$name" port_build &&
            run_logged "$work/log" "$name: testing" bash tests/ports/common.sh "$name" port_check
    ) || echo "fail the recipe itself: see build-ports/$name/log" >>"$work/results"
    say "$name: $((SECONDS - start)) s"
}

ports() {
    local name names=("$@") results=()
    need_packages compile
    [ $# -gt 0 ] || mapfile -t names < <(ports_listed)
    for name in "${names[@]}"; do
        [ -f "tests/ports/$name.sh" ] || die "no such port: $name" "There are: $(ports_listed | tr '\n' ' ')"
    done
    ports_prefix=$PWD/build-ports/prefix
    install "$ports_prefix"
    for name in "${names[@]}"; do
        run_port "$name"
        results+=("$name=build-ports/$name/results")
    done
    python3 tests/ports/judge.py tests/ports "${results[@]}"
}
