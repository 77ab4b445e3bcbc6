# shellcheck shell=bash
# libarchive with the digests (archive_digest.c), AES-CTR, PBKDF2 (archive_cryptor.c), HMAC (archive_hmac.c) and random numbers
# (archive_random.c) of CNG. The digests have a switch of their own; the rest is under #ifdef _WIN32, and libarchive_win32.h
# beside this file defines that for those files and the two that share their structures (zip's reader and writer).
# Debian's patches are not applied. The configuration is upstream's hand-written one for Linux; of the test program those
# files are built that encrypt, decrypt or digest.
# shellcheck disable=SC2034
source_package=libarchive source_version=3.7.4-
port_packages="zlib1g-dev libbz2-dev liblzma-dev libxml2-dev"

archive_tests="archive_digest archive_read_add_passphrase archive_write_set_passphrase read_format_7zip
    read_format_7zip_encryption_data read_format_7zip_encryption_header read_format_7zip_encryption_partially
    read_format_mtree read_format_xar read_format_zip read_format_zip_encryption_data read_format_zip_encryption_header
    read_format_zip_encryption_partially read_format_zip_traditional_encryption_data read_format_zip_winzip_aes
    read_format_zip_winzip_aes_large write_format_7zip write_format_7zip_empty write_format_mtree write_format_xar
    write_format_xar_empty write_format_zip write_format_zip_compression_store write_format_zip_stream"

archive_flags() {
    echo "-DHAVE_CONFIG_H -I$PORT_WORK/config -I. -Ilibarchive -Ilibarchive/test -Itest_utils -D_GNU_SOURCE" \
        "-DHAVE_BZLIB_H -DHAVE_LIBBZ2 -DHAVE_LZMA_H -DHAVE_WCSCMP -DHAVE_WCSCPY" \
        "-DHAVE_LIBXML2 -DHAVE_LIBXML_XMLREADER_H -DHAVE_LIBXML_XMLWRITER_H $(pkg-config --cflags libxml-2.0)" \
        "-DHAVE_BCRYPT_H -DARCHIVE_CRYPTO_MD5_WIN -DARCHIVE_CRYPTO_SHA1_WIN -DARCHIVE_CRYPTO_SHA256_WIN" \
        "-DARCHIVE_CRYPTO_SHA384_WIN -DARCHIVE_CRYPTO_SHA512_WIN $(cng_cflags)"
}

port_build() {
    local name flags tests=() plain=() windows=()
    flags=$(archive_flags)
    mkdir -p "$PORT_WORK/config"
    printf '%s\n' '#define __LIBARCHIVE_CONFIG_H_INCLUDED 1' '#include "contrib/android/config/linux_host.h"' \
        >"$PORT_WORK/config/config.h"
    for name in $archive_tests; do tests+=("libarchive/test/test_$name.c"); done
    cat "${tests[@]}" | grep '^DEFINE_TEST' >"$PORT_WORK/config/list.h"
    for name in $(sed -n '/^SET(libarchive_SOURCES/,/)/p' libarchive/CMakeLists.txt | grep '\.c$'); do
        case $name in
        archive_cryptor.c | archive_hmac.c | archive_random.c | *_format_zip.c) windows+=("libarchive/$name") ;;
        *_windows.c) ;;
        *) plain+=("libarchive/$name") ;;
        esac
    done
    plain+=(libarchive/archive_blake2s_ref.c libarchive/archive_blake2sp_ref.c)
    compile "$PORT_WORK/objects" "$flags" "${plain[@]}"
    compile "$PORT_WORK/objects" "$flags -include $PORT_HERE/libarchive_win32.h" "${windows[@]}"
    compile "$PORT_WORK/objects" "$flags" "${tests[@]}" test_utils/test_main.c test_utils/test_utils.c \
        libarchive/test/read_open_memory.c
    # shellcheck disable=SC2046
    ${CC:-cc} "$PORT_WORK"/objects/*.o $(cng_libs) -lz -lbz2 -llzma -lxml2 -o "$PORT_WORK/libarchive_test"
}

# One process for each test: a crash costs one result. A test that skips a part says so and passes all the same.
port_check() {
    local name
    mkdir -p "$PORT_WORK/run"
    for name in $(sed 's/.*(\(.*\)).*/\1/' "$PORT_WORK/config/list.h"); do
        check "$name" env -C "$PORT_WORK/run" "$PORT_WORK/libarchive_test" -v -r "$PWD/libarchive/test" "$name"
    done
    # The proof that it was CNG: what the zip reader asked for.
    OPENCNG_TRACE=$PORT_WORK/calls "$PORT_WORK/libarchive_test" -r "$PWD/libarchive/test" test_read_format_zip_winzip_aes256
    check "winzip AES goes through BCryptDeriveKeyPBKDF2" grep -q 'BCryptDeriveKeyPBKDF2(.*STATUS_SUCCESS' "$PORT_WORK/calls"
    check "winzip AES goes through BCryptEncrypt" grep -q 'BCryptEncrypt(.*STATUS_SUCCESS' "$PORT_WORK/calls"
}
