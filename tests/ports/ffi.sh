# shellcheck shell=bash
# Programs in other languages that bind the libraries by name, as they bind the DLLs on Windows: Go (ffi_client.go, with cgo and dlopen) and Node
# (ffi_client.js, with an N-API addon that knows nothing of CNG). Python's is in tests/consumer, which ./dev test runs; this one is here because
# Go's package takes 450 MB of disk.
# shellcheck disable=SC2034
source_package='' source_version=''
port_packages="golang-go nodejs"
# Other packages of Node than Debian's bring the headers along.
[ -e /usr/include/node/node_api.h ] || port_packages+=" libnode-dev"

port_build() {
    ${CC:-cc} -Wall -Wextra -Werror -O1 -shared -fPIC -I/usr/include/node "$PORT_HERE/ffi_addon.c" -ldl -o "$PORT_WORK/addon.node"
    env GOCACHE="$PORT_WORK/go" GOFLAGS=-mod=mod GO111MODULE=off go build -o "$PORT_WORK/go_client" "$PORT_HERE/ffi_client.go"
}

port_check() {
    export OPENCNG_HOME=$PORT_WORK/keys
    mkdir -p "$OPENCNG_HOME" && chmod 700 "$OPENCNG_HOME"
    check_tap node node "$PORT_HERE/ffi_client.js" "$PORT_WORK/addon.node"
    check_tap go "$PORT_WORK/go_client"
}
