# shellcheck shell=bash
# libtorrent-rasterbar with TORRENT_USE_CNG: SHA-1, SHA-256 and SHA-512 (aux_/win_cng.hpp) and the random numbers that it seeds with. It is C++ and
# header-heavy: what is built are the sources that hash and the tests of them, not the session and the network around.
# Debian's patches are not applied.
# shellcheck disable=SC2034
source_package=libtorrent-rasterbar source_version=2.0.11-
port_packages="g++ libboost1.74-dev"

torrent_sources="hasher random sha1_hash hex merkle merkle_tree bitfield cpuid error_code ffs string_util assert version ed25519/add_scalar ed25519/fe
    ed25519/ge ed25519/hasher512 ed25519/key_exchange ed25519/keypair ed25519/sc ed25519/sign ed25519/verify kademlia/ed25519"
torrent_tests="hasher hasher512 sha1_hash info_hash merkle merkle_tree ed25519"

port_build() {
    local flags sources=() name
    flags="-std=c++17 -ffunction-sections -DTORRENT_USE_CNG=1 -DTORRENT_USE_ASSERTS=0 -DBOOST_ERROR_CODE_HEADER_ONLY -D_FILE_OFFSET_BITS=64 -Iinclude -Itest $(cng_cflags)"
    for name in $torrent_sources; do sources+=("src/$name.cpp"); done
    compile "$PORT_WORK/objects" "$flags" "${sources[@]}" "$PORT_HERE/libtorrent_main.cpp"
    sources=()
    for name in $torrent_tests; do sources+=("test/test_$name.cpp"); done
    compile "$PORT_WORK/objects/tests" "$flags" "${sources[@]}" test/test.cpp test/test_utils.cpp
    # What the tests call is all that is linked: the rest of these files leans on the rest of the library.
    # shellcheck disable=SC2046
    ${CXX:-c++} -Wl,--gc-sections "$PORT_WORK"/objects/*.o "$PORT_WORK"/objects/tests/*.o $(cng_libs) -lpthread -o "$PORT_WORK/torrent_tests"
}

port_check() {
    local call
    check_tap torrent "$PORT_WORK/torrent_tests"
    OPENCNG_TRACE=$PORT_WORK/calls "$PORT_WORK/torrent_tests" test_ed25519 >/dev/null
    for call in BCryptHashData BCryptFinishHash BCryptGenRandom; do
        check "it goes through $call" grep -q "$call(.*STATUS_SUCCESS" "$PORT_WORK/calls"
    done
}
