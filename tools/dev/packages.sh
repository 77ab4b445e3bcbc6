# shellcheck shell=bash
# Debian and Ubuntu packages: which a verb needs, which are missing, how they get installed.
#
# A verb calls `need_packages SET...`. Nothing is asked of apt, and no right is needed, when all are there.

# The sets. One word for each package; the comment says what it is for.
packages_of() {
    case $1 in
    compile) # a C compiler, the build system, the libraries beside libcrypto, and those that `cng` uses
        echo gcc libc6-dev meson ninja-build pkg-config python3 libtasn1-6-dev libtasn1-bin libjansson-dev nettle-dev libsodium-dev ;;
    system-openssl) # the distribution's own libcrypto
        echo libssl-dev ;;
    build-openssl) # to fetch, check, unpack and build the source package of OpenSSL 3.5
        echo gcc libc6-dev make perl dpkg-dev xz-utils patch ca-certificates gpgv ;;
    demo) # the demo checks everything against the openssl command
        echo openssl ;;
    test) # the C test framework, C++ for the header checks, the openssl command for interoperability, valgrind for constant time
        echo libcmocka-dev g++ clang openssl cmake valgrind binutils ;;
    sanitize) # GCC brings its sanitizers along
        echo gcc ;;
    fuzz) # libFuzzer: the runtime of the clang that is installed; llvm-cov
        echo "libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev llvm-$(clang -dumpversion | cut -d. -f1)" ;;
    lint) # formatter and analyser
        echo clang-format clang-tidy clang shellcheck git ;;
    fmt) echo clang-format ;;
    port) # what a recipe of tests/ports names
        echo "${port_packages:-}" ;;
    cross-i386) # ./dev soak: a compiler for 32 bits
        echo gcc-i686-linux-gnu libc6-dev-i386-cross dpkg-dev ;;
    cross-s390x) # a compiler for a big-endian machine, and an emulator of it
        echo gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user dpkg-dev ;;
    cover) # gcov comes with gcc; this makes the report
        echo gcovr ;;
    *) die "no such package set: $1" ;;
    esac
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Runs a command as root.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        # No question is asked where nobody can answer it.
        if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
    fi
}

# Whether apt's lists know all of these packages; a fresh machine has no lists.
apt_knows() {
    local package
    for package in "$@"; do
        apt-cache show --no-all-versions "$package" >/dev/null 2>&1 || return 1
    done
}

# Makes sure that we can become root without being asked in the middle of something, or says what to do instead.
need_root_for() {
    [ "$(id -u)" -ne 0 ] || return 0
    command -v sudo >/dev/null ||
        die "installing packages needs root, and there is no sudo here" "As root: apt-get install --no-install-recommends $*"
    if [ -t 0 ]; then
        sudo -v || die "sudo refused" "As root: apt-get install --no-install-recommends $*"
    else
        sudo -n true 2>/dev/null || die "sudo wants a password, and there is no terminal to ask on" \
            "As root: apt-get install --no-install-recommends $*"
    fi
}

need_packages() {
    local set package missing=()
    for set in "$@"; do
        for package in $(packages_of "$set"); do
            case " ${missing[*]-} " in *" $package "*) continue ;; esac
            is_installed "$package" || missing+=("$package")
        done
    done
    [ ${#missing[@]} -gt 0 ] || return 0

    command -v apt-get >/dev/null || die "these packages are missing: ${missing[*]}" \
        "This script installs packages on Debian and Ubuntu; elsewhere install their like by hand."
    say "installing: ${missing[*]}"
    need_root_for "${missing[@]}"
    mkdir -p "$(cache_dir)"
    : >"$(packages_log)"
    if ! apt_knows "${missing[@]}"; then
        apt_update
    elif run_logged "$(packages_log)" "apt-get install" apt_install "${missing[@]}"; then
        return 0
    else
        say "once more with fresh package lists"
        apt_update
    fi
    run_logged "$(packages_log)" "apt-get install" apt_install "${missing[@]}" ||
        die "apt-get could not install: ${missing[*]}" "Its own words are in $(packages_log)"
}

# upgrade_package PACKAGE WHY: the newest version of a package that is there but too old.
upgrade_package() {
    say "$2: upgrading $1"
    need_root_for "$1"
    mkdir -p "$(cache_dir)"
    : >"$(packages_log)"
    apt_update
    run_logged "$(packages_log)" "apt-get install" apt_install "$1" || die "apt-get could not upgrade $1"
}

packages_log() { echo "$(cache_dir)/packages.log"; }

apt_update() {
    run_logged "$(packages_log)" "apt-get update" as_root apt-get -q update ||
        die "apt-get update failed (is there a network?)" "Its own words are in $(packages_log)"
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
}
