# shellcheck shell=bash
# ./dev ports: programs that were written for Windows, built from Debian's source packages against what ./dev install
# installed, unmodified, and their own tests run. docs/ports.md says what each covers.
#
# A port is a recipe, tests/ports/NAME.sh, and what is expected of it, tests/ports/NAME.expect. The recipe sets
#   source_package, source_version   the package and how its version begins
#   source_suites                    where else to look for it than in Debian 13 (fetch_source)
#   port_packages                    Debian packages that building and testing it needs
# and defines port_build and port_check, which run in the unpacked source and report through tests/ports/common.sh.

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

# ensure_port_source PACKAGE PREFIX: sets source_dsc to the checked source package; fetched once for this user.
ensure_port_source() {
    local dir log
    dir=$(cache_dir)/ports
    log=$dir/fetch.log
    source_dsc=$(find "$dir/source" -name "$1_*.dsc" 2>/dev/null | grep -F "/$1_$2" | sort -V | tail -n 1) || source_dsc=
    [ -z "$source_dsc" ] || return 0
    need_packages build-openssl
    need_archive_keys
    mkdir -p "$dir"
    : >"$log"
    run_logged "$log" "fetching $1 $2*" fetch_source "$dir" "$1" "$2" ||
        die "the source package $1 $2* could not be fetched" "It comes from Debian 13, as OpenSSL's does; the log is $log"
    source_dsc=$(find "$dir/source" -name "$1_*.dsc" | grep -F "/$1_$2" | sort -V | tail -n 1)
}

# run_port NAME: unpacks, builds and checks one; its results are judged by what is expected.
run_port() {
    local name=$1 work=$PWD/build-ports/$1 start=$SECONDS
    rm -rf "$work"
    mkdir -p "$work"
    (
        # shellcheck disable=SC1090
        . "tests/ports/$name.sh"
        # shellcheck disable=SC2154,SC2086
        need_port_packages $port_packages
        # shellcheck disable=SC2154
        ensure_port_source "$source_package" "$source_version"
        export PKG_CONFIG_PATH=$ports_prefix/lib/pkgconfig PORT_WORK=$work
        export LD_LIBRARY_PATH=$ports_prefix/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
        # dpkg-source compares the files with the checksums that the archive's signature covers.
        run_logged "$work/log" "$name: unpacking" dpkg-source --skip-patches --no-check --extract "$source_dsc" "$work/source" &&
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
