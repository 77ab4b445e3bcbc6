# shellcheck shell=bash
# libssh2 with its WinCNG back end, chosen by its own switch (LIBSSH2_WINCNG) without _WIN32: sockets and files are Linux'.
# Debian's patches are not applied. Its tests talk to an OpenSSH server on loopback; libssh2_methods.c beside this file
# asks the library for what it offers and uses each method.
# shellcheck disable=SC2034
source_package=libssh2 source_version=1.11.1-
port_packages="openssh-server openssh-client iproute2"

# The back end's own switches, then what libssh2's CMake would find out about Linux.
ssh_flags() {
    echo "-DLIBSSH2_WINCNG -DLIBSSH2_ECDSA_WINCNG -DLIBSSH2DEBUG" \
        "-DHAVE_UNISTD_H -DHAVE_INTTYPES_H -DHAVE_SYS_SELECT_H -DHAVE_SYS_UIO_H -DHAVE_SYS_SOCKET_H -DHAVE_SYS_IOCTL_H" \
        "-DHAVE_SYS_TIME_H -DHAVE_SYS_UN_H -DHAVE_ARPA_INET_H -DHAVE_NETINET_IN_H -DHAVE_GETTIMEOFDAY -DHAVE_STRTOLL" \
        "-DHAVE_SNPRINTF -DHAVE_POLL -DHAVE_SELECT -DHAVE_O_NONBLOCK -Iinclude -Isrc $(cng_cflags)"
}

# A list of Makefile.inc, the file that upstream's builds share.
makefile_list() { # FILE VARIABLE
    sed -n "/^$2 *=/,/[^\\\\]\$/p" "$1" | tr -d '\\' | sed 's/.*=//' | tr -s ' \n' '\n\n' | sed '/^$/d'
}

port_build() {
    local source sources=() objects=$PORT_WORK/objects test flags
    flags=$(ssh_flags)
    for source in $(makefile_list src/Makefile.inc CSOURCES); do sources+=("src/$source"); done
    compile "$objects/library" "$flags" "${sources[@]}"
    compile "$objects/runner" "$flags" tests/runner.c tests/session_fixture.c tests/openssh_fixture.c
    compile "$objects/tests" "$flags" tests/test_*.c
    ar rcs "$PORT_WORK/libssh2.a" "$objects"/library/*.o
    for test in "$objects"/tests/*.o; do
        # Those that have a main of their own want no runner.
        if nm "$test" | grep -q ' T main$'; then source=; else source=$(echo "$objects"/runner/*.o); fi
        # shellcheck disable=SC2086,SC2046
        ${CC:-cc} "$test" $source "$PORT_WORK/libssh2.a" $(cng_libs) -o "$PORT_WORK/$(basename "$test" .o)"
    done
    # shellcheck disable=SC2046
    ${CC:-cc} -Wall -Wextra -O1 -Iinclude "$PORT_HERE/libssh2_methods.c" "$PORT_WORK/libssh2.a" $(cng_libs) -o "$PORT_WORK/methods"
}

# A server of our own rights, with upstream's keys and methods. Keys of all kinds are generated, so that each host key
# method is used with one.
start_server() {
    local dir=$PORT_WORK/server kind bits
    mkdir -p "$dir"
    cp tests/openssh_server/ssh_host_*_key tests/openssh_server/ca_user_keys.pub "$dir"
    chmod 600 "$dir"/*_key tests/key_*
    cat tests/openssh_server/authorized_keys tests/key_*.pub >"$dir/authorized_keys"
    port=$((20000 + $$ % 20000))
    # test_ssh2 knows no other port than 4711; in a network of our own (common.sh) nobody else has it.
    {
        printf '%s\n' "Port $port" "Port 4711" "ListenAddress 127.0.0.1" "PidFile $dir/pid" "AuthorizedKeysFile $dir/authorized_keys" \
            "TrustedUserCAKeys $dir/ca_user_keys.pub" "StrictModes no" "UsePAM no" "PermitRootLogin yes" "MaxStartups 100" \
            "KexAlgorithms +diffie-hellman-group1-sha1,diffie-hellman-group14-sha1,diffie-hellman-group-exchange-sha1" \
            "HostKeyAlgorithms +ssh-rsa" "PubkeyAcceptedAlgorithms +ssh-rsa,ssh-rsa-cert-v01@openssh.com"
        grep -E '^(MACs|Ciphers) ' tests/openssh_server/sshd_config
        for kind in rsa ecdsa ed25519; do echo "HostKey $dir/ssh_host_${kind}_key"; done
    } >"$dir/config"
    # An OpenSSH of today still signs with DSA only if it was built so.
    if ssh-keygen -q -t dsa -N '' -f "$dir/ssh_host_dsa_key" &&
        { cat "$dir/config"; echo "HostKey $dir/ssh_host_dsa_key"; } >"$dir/config.dsa" &&
        sed -i 's/^\(HostKeyAlgorithms\|PubkeyAcceptedAlgorithms\) +/&ssh-dss,/' "$dir/config.dsa" &&
        /usr/sbin/sshd -t -f "$dir/config.dsa"; then
        mv "$dir/config.dsa" "$dir/config"
    fi
    # As root, the server wants the folder that the package's service makes.
    [ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
    /usr/sbin/sshd -D -f "$dir/config" -E "$dir/log" &
    server=$!
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        ! grep -q '^Server listening' "$dir/log" 2>/dev/null || return 0
        sleep 0.5
    done
    cat "$dir/log"
    return 1
}

port_check() { own_network bash "$PORT_HERE/common.sh" libssh2 check_with_server; }

check_with_server() {
    local port server test algorithm
    start_server
    # shellcheck disable=SC2064
    trap "kill $server" EXIT
    export OPENSSH_NO_DOCKER=1 OPENSSH_SERVER_PORT=$port USER srcdir=$PWD/tests FIXTURE_XFER_COUNT=5000
    export PRIVKEY=$PWD/tests/key_rsa PUBKEY=$PWD/tests/key_rsa.pub
    USER=$(id -un)
    for test in "$PORT_WORK"/test_*; do
        case $test in *.out) continue ;; esac
        check "${test##*/}" "$test"
    done
    while read -r algorithm; do
        case $algorithm in
        *mac-*) check "test_read $algorithm" env FIXTURE_TEST_MAC="$algorithm" "$PORT_WORK/test_read" ;;
        *) check "test_read $algorithm" env FIXTURE_TEST_CRYPT="$algorithm" "$PORT_WORK/test_read" ;;
        esac
    done <tests/test_read_algos.txt
    "$PORT_WORK/methods" "$port" tests/key_rsa.pub tests/key_rsa >>"$PORT_WORK/results" || true
}
