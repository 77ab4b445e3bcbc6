# shellcheck shell=bash
# OpenSSL 3.5, libcrypto only, static, built once for this user from Debian 13's source package.
#
# source.sh fetches and checks the package. The result is CACHE/openssl-VERSION-HASH/{include,lib/libcrypto.a}, where HASH stands
# for the configuration.

# The legacy algorithms that Windows still has (MD2, MD4, RC2, RC4, DES) stay, inside libcrypto (no-module);
# protocols, programs, and algorithms that CNG does not know go, which halves the time to build.
openssl_options=(
    no-shared no-pinshared no-module no-engine no-autoload-config
    no-apps no-docs no-tests
    no-ssl no-tls no-dtls no-quic no-sock no-dgram no-http no-cms no-cmp no-ts no-ct no-ocsp
    no-srp no-psk no-srtp no-nextprotoneg no-comp no-ui-console no-rfc3779
    no-aria no-camellia no-seed no-idea no-bf no-cast no-rc5 no-mdc2 no-whirlpool no-rmd160 no-blake2
    no-sm2 no-sm3 no-sm4 no-gost no-ec2m no-siphash no-siv
    enable-md2
    --prefix=/usr --openssldir=/etc/ssl --libdir=lib
)
openssl_cflags="-O3 -fPIC -fvisibility=hidden -fstack-protector-strong"

# 64-bit curve code needs 128-bit integers and little-endian words.
openssl_machine_options() {
    case $(uname -m) in
    x86_64 | aarch64 | ppc64le | riscv64) echo enable-ec_nistp_64_gcc_128 ;;
    esac
}

# For ./dev soak: libcrypto instrumented like the code that calls it. MemorySanitizer takes for uninitialised what assembler wrote.
openssl_flavour=

openssl_flavour_options() {
    case $openssl_flavour in
    thread) echo "-fsanitize=thread -g1" ;;
    memory) echo "no-asm -fsanitize=memory -fno-omit-frame-pointer -g1" ;;
    esac
}

openssl_hash() {
    echo "${openssl_options[*]} $(openssl_machine_options) $openssl_cflags $(uname -m)$(openssl_flavour_options)" | sha256sum | cut -c1-12
}

# The newest finished build of this configuration, or nothing.
openssl_built() {
    printf '%s\n' "$(cache_dir)"/openssl-*-"$(openssl_hash)"/lib/libcrypto.a | sort -rV |
        while read -r archive; do
            if [ -f "$archive" ]; then echo "${archive%/lib/libcrypto.a}" && break; fi
        done
}

# Version of the distribution's libcrypto for developers: installed, or what apt would install.
system_openssl_version() {
    local version
    version=$(dpkg-query -W -f '${Version}' libssl-dev 2>/dev/null) || version=
    [ -n "$version" ] || version=$(apt-cache policy libssl-dev 2>/dev/null | sed -n 's/^ *Candidate: //p')
    echo "${version:-none}"
}

system_openssl_is_enough() {
    local version
    version=$(system_openssl_version)
    [ "$version" != none ] && [ "$version" != "(none)" ] && dpkg --compare-versions "$version" ge 3.5
}

# --- the build --------------------------------------------------------------------------------------------------

unpack_source() {
    local dir=$1
    (cd "$dir/source" && dpkg-source --extract ./openssl_*.dsc "$dir/tree")
}

configure_openssl() {
    # shellcheck disable=SC2046,SC2086
    (cd "$1/tree" && env -u CFLAGS -u CPPFLAGS -u LDFLAGS ${openssl_flavour:+CC=clang} ./Configure "${openssl_options[@]}" \
        $(openssl_machine_options) $openssl_cflags $(openssl_flavour_options))
}

compile_openssl() {
    (cd "$1/tree" && make -j"$(jobs)" build_generated && make -j"$(jobs)" libcrypto.a)
}

# Copies what a build needs beside the final place and renames it, so that nobody ever sees half of it.
publish_openssl() {
    local dir=$1 target=$2 stage="$2.$$"
    rm -rf "$stage"
    mkdir -p "$stage/include" "$stage/lib"
    cp -R "$dir/tree/include/openssl" "$stage/include/"
    find "$stage/include" -name '*.in' -delete
    cp "$dir/tree/libcrypto.a" "$stage/lib/"
    cp "$dir/tree/LICENSE.txt" "$stage/"
    sed -n '/^\(Source\|Version\|Maintainer\): /p' "$dir"/source/openssl_*.dsc >"$stage/SOURCE"
    rm -rf "$target"
    mv "$stage" "$target"
}

# Sets openssl_prefix to the finished build; builds it when this is the first time.
ensure_openssl() {
    openssl_prefix=$(openssl_built)
    [ -n "$openssl_prefix" ] && return 0

    need_packages build-openssl
    mkdir -p "$(cache_dir)"
    exec 9>"$(cache_dir)/openssl.lock"
    if ! flock -n 9; then
        say "another run is building OpenSSL 3.5: waiting for it"
        flock 9
    fi
    openssl_prefix=$(openssl_built)
    if [ -z "$openssl_prefix" ]; then
        build_openssl
        openssl_prefix=$(openssl_built)
    fi
    exec 9>&-
    [ -n "$openssl_prefix" ] || die "OpenSSL was built but is not in $(cache_dir)"
}

build_openssl() {
    local dir log version
    log=$(cache_dir)/openssl.log
    : >"$log"
    need_archive_keys
    say "the system's OpenSSL is $(system_openssl_version); building 3.5's libcrypto once, about a minute on two cores"
    say "(log: $log; --system-openssl does without)"
    dir=$(mktemp -d "${TMPDIR:-/tmp}/opencng-openssl.XXXXXX")
    chmod 711 "$dir"
    # shellcheck disable=SC2064
    trap "rm -rf '$dir'" EXIT
    if ! run_logged "$log" "fetching the source package" fetch_source "$dir" openssl 3.5.; then
        rm -rf "$dir"
        die "the source package of OpenSSL 3.5 could not be fetched" \
            "It comes from Debian 13 (trixie), through the archive that this machine's apt already uses for Debian," \
            "checked with the keys of the package debian-archive-keyring. Needed: a Debian archive in apt's sources (Ubuntu" \
            "has none), that package (2023.3+deb12u2 or newer), and a network. Everything but the post-quantum" \
            "algorithms works without it: repeat the command with --system-openssl"
    fi
    version=$(sed -n 's/^Version: \(.*\)-[^-]*$/\1/p' "$dir"/source/openssl_*.dsc | head -n 1)
    case $version in
    3.[5-9]* | [4-9]*) ;;
    *) die "the archive's newest OpenSSL source package is '$version', not 3.5" "Repeat with --system-openssl" ;;
    esac
    run_logged "$log" "unpacking OpenSSL $version" unpack_source "$dir" || die "the source package did not unpack"
    run_logged "$log" "configuring OpenSSL $version" configure_openssl "$dir" || die "OpenSSL's Configure failed"
    run_logged "$log" "building OpenSSL $version's libcrypto" compile_openssl "$dir" || die "OpenSSL did not build"
    publish_openssl "$dir" "$(cache_dir)/openssl-$version-$(openssl_hash)"
    rm -rf "$dir"
    trap - EXIT
}
