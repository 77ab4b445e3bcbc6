#!/bin/bash
# common.sh NAME STEP [ARGUMENT...]: a step of the recipe NAME.sh, and what recipes use. A step runs in the unpacked source and ends where
# a command fails. PORT_WORK is a folder for what it makes, PORT_HERE this one. A result is a line in PORT_WORK/results:
# "pass NAME", "fail NAME: why" or "skip NAME: why".
set -euo pipefail
PORT_HERE=$(dirname "$(readlink -f "$0")")

# The flags of pkg-config for the installed libraries, the way a program's build gets them.
cng_cflags() { pkg-config --cflags bcrypt ncrypt opencng-wincompat; }
cng_libs() { pkg-config --libs bcrypt ncrypt opencng-wincompat; }

result() { echo "$*" >>"$PORT_WORK/results"; }

# compile OUTPUT-FOLDER FLAGS SOURCE...: objects, as many compilers at once as there are processors; C, or C++ where the name says so.
# FLAGS is one word, split here. What compilers say about the programs' own code is of no use to us, errors are.
compile() {
    local out=$1 flags=$2
    shift 2
    mkdir -p "$out"
    # shellcheck disable=SC2016
    printf '%s\n' "$@" | FLAGS=$flags OUT=$out xargs -P "$(nproc)" -I{} sh -ec '
        name=$(basename "$1")
        case $name in *.c) compiler=${CC:-cc} ;; *) compiler=${CXX:-c++} ;; esac
        $compiler -w -O1 $FLAGS -c "$1" -o "$OUT/${name%.*}.o"' compile {}
}

# Where the words of a test go.
out_of() { echo "$PORT_WORK/$(tr -c 'A-Za-z0-9._\n-' _ <<<"$1").out"; }

# check NAME COMMAND...: the result is the exit status; what was said goes to PORT_WORK/NAME.out.
check() {
    local name=$1 status=0 out
    shift
    out=$(out_of "$name")
    timeout 120 "$@" >"$out" 2>&1 </dev/null || status=$?
    if [ "$status" -eq 0 ]; then result "pass $name"; else result "fail $name: exit status $status, $out"; fi
}

# check_tap NAME COMMAND...: each line of TAP that the command says is a result; so is an end that they do not explain.
check_tap() {
    local name=$1 status=0 out
    shift
    out=$(out_of "$name")
    timeout 240 "$@" >"$out" 2>&1 </dev/null || status=$?
    sed -nE 's/^ok [0-9]+ -? ?# SKIP (.*)/skip \1: skips itself/p; t; s/^ok [0-9]+ -? ?(.*) # SKIP (.*)/skip \1: \2/p; t
        s/^ok [0-9]+ -? ?(.*)/pass \1/p; t; s/^not ok [0-9]+ -? ?(.*)/fail \1/p' "$out" | sed "/^fail/s|\$|: see $out|" >>"$PORT_WORK/results"
    if [ "$status" -ne 0 ] && ! grep -q '^not ok' "$out"; then result "fail $name: exit status $status, $out"; fi
}

# own_network COMMAND...: runs it where nothing else listens: in a network namespace of its own, with nothing but loopback. Who may not
# make one shares the machine's loopback.
own_network() {
    local alone="ip link set lo up"
    if [ "$(id -u)" -eq 0 ] && unshare -n sh -c "$alone" 2>/dev/null; then
        unshare -n sh -c "$alone && exec \"\$@\"" own_network "$@"
    else
        "$@"
    fi
}

# shellcheck disable=SC1090
. "$PORT_HERE/$1.sh"
cd "$PORT_WORK/source"
shift
"$@"
