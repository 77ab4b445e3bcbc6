#!/bin/bash
# fuzz.sh SECONDS: each fuzz target for so long. Resumable: a target that ran its time at this commit is not run again.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=$1
done_list=build-soak/fuzz.done
commit=$(git rev-parse --short HEAD)
[ "$(head -n 1 "$done_list" 2>/dev/null)" = "$commit $seconds" ] || echo "$commit $seconds" >"$done_list"
ran=0 bad=0
for source in fuzz/fuzz_*.c; do
    target=${source#fuzz/fuzz_}
    target=${target%.c}
    ran=$((ran + 1))
    grep -qx "$target" "$done_list" && continue
    if ./dev fuzz "$target" "$seconds" </dev/null; then echo "$target" >>"$done_list"; else bad=$((bad + 1)); fi
done
echo "# figure: 9 $ran targets, $seconds s each, $bad with findings"
[ "$ran" -gt 0 ] && [ "$bad" -eq 0 ]
