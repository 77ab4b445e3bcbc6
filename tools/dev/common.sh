# shellcheck shell=bash
# What every part of ./dev uses: how it speaks, how it stops, where it keeps things.

# One line about what happens now; on standard error, so that a verb's own output stays clean.
say() { printf 'dev: %s\n' "$*" >&2; }

# Stop with a sentence that says what is wrong and, where there is one, a second that says what to do.
die() {
    printf 'dev: error: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '     %s\n' "$line" >&2; done
    exit 1
}

# What is built once and used by every checkout of this user lives here.
cache_dir() { printf '%s\n' "${OPENCNG_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/opencng}"; }

jobs() { nproc 2>/dev/null || echo 2; }

# run_logged LOG LABEL COMMAND...: run quietly into LOG; on a terminal show that it is alive.
# One line at the end says how long it took; a failure shows the end of the log.
run_logged() {
    local log=$1 label=$2 start=$SECONDS pid status=0
    shift 2
    "$@" >>"$log" 2>&1 </dev/null &
    pid=$!
    if [ -t 2 ]; then
        while kill -0 "$pid" 2>/dev/null; do
            printf '\rdev: %s ... %d s ' "$label" $((SECONDS - start)) >&2
            sleep 0.5
        done
        printf '\r\033[K' >&2
    fi
    wait "$pid" || status=$?
    if [ "$status" -ne 0 ]; then
        say "$label: FAILED after $((SECONDS - start)) s; the end of $log:"
        tail -n 30 "$log" >&2
        return "$status"
    fi
    say "$label: $((SECONDS - start)) s"
}
