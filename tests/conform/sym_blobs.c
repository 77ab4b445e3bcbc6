/*
 * The blobs of symmetric keys: KeyDataBlob byte for byte and every way to damage it, OpaqueKeyBlob in strange hands, and AES key
 * wrap (RFC 3394) with the RFC's own answers.
 */
#include "conform_sym.h"

struct owner {
    const char *label;
    LPCWSTR alg;
    ULONG secret, refused; /* bytes of a key, and of one that the algorithm does not take */
};

static const struct owner owners[] = {
    {"AES-128", BCRYPT_AES_ALGORITHM, 16, 17},
    {"AES-256", BCRYPT_AES_ALGORITHM, 32, 15},
    {"DES", BCRYPT_DES_ALGORITHM, 8, 7},
    {"DESX", BCRYPT_DESX_ALGORITHM, 24, 23},
    {"3DES", BCRYPT_3DES_ALGORITHM, 24, 16},
    {"3DES_112", BCRYPT_3DES_112_ALGORITHM, 16, 8},
    {"RC2", BCRYPT_RC2_ALGORITHM, 16, 1},
    {"RC4", BCRYPT_RC4_ALGORITHM, 16, 0},
    {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, 64, 48},
    {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, 32, 31},
    {"PBKDF2", BCRYPT_PBKDF2_ALGORITHM, 20, 2049},
    {"SP800_108_CTR_HMAC", BCRYPT_SP800108_CTR_HMAC_ALGORITHM, 20, 2049},
    {"TLS1_2_KDF", BCRYPT_TLS1_2_KDF_ALGORITHM, 48, 2049},
};

static void put_u32(UCHAR *p, ULONG value)
{
    head_turn(&value, sizeof value);
    memcpy(p, &value, 4);
}

static NTSTATUS import(BCRYPT_ALG_HANDLE alg, LPCWSTR type, const UCHAR *blob, ULONG n,
                       BCRYPT_KEY_HANDLE *key)
{
    /* Memory of exactly that size, so that a read behind it shows under AddressSanitizer. */
    UCHAR *exact = malloc(n == 0 ? 1 : n);
    if (exact == NULL)
        abort();
    memcpy(exact, blob, n);
    NTSTATUS status = BCryptImportKey(alg, NULL, type, key, NULL, 0, exact, n, 0);
    free(exact);
    return status;
}

static void check_key_data(const struct owner *o)
{
    UCHAR secret[2100], blob[2200], again[2200];
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    fill(secret, sizeof secret);
    ROW(o->label);
    BCRYPT_ALG_HANDLE alg = open_alg(o->alg);
    put_u32(blob, BCRYPT_KEY_DATA_BLOB_MAGIC);
    put_u32(blob + 4, BCRYPT_KEY_DATA_BLOB_VERSION1);
    put_u32(blob + 8, o->secret);
    memcpy(blob + 12, secret, o->secret);
    const ULONG n = 12 + o->secret;
    tap(memcmp(blob, "KDBM\1\0\0\0", 8) == 0, "KeyDataBlob begins KDBM, 1");
    tap(import(alg, BCRYPT_KEY_DATA_BLOB, blob, n, &key) == STATUS_SUCCESS &&
            export_to(key, BCRYPT_KEY_DATA_BLOB, again, sizeof again) == n &&
            memcmp(blob, again, n) == 0 && BCryptDestroyKey(key) == STATUS_SUCCESS,
        "import, then export, gives the same bytes");

    key = UNTOUCHED;
    bool cut = true;
    for (ULONG less = 0; less < n; less++)
        cut =
            cut && import(alg, BCRYPT_KEY_DATA_BLOB, blob, less, &key) == STATUS_INVALID_PARAMETER;
    tap(cut, "cut anywhere: STATUS_INVALID_PARAMETER");
    blob[n] = 0;
    tap_status(import(alg, BCRYPT_KEY_DATA_BLOB, blob, n + 1, &key), STATUS_INVALID_PARAMETER,
               "a byte more");
    const struct {
        const char *label;
        ULONG at, value;
    } fields[] = {
        {"another magic", 0, BCRYPT_KEY_DATA_BLOB_MAGIC + 1},
        {"a magic of RSA", 0, BCRYPT_RSAPUBLIC_MAGIC},
        {"version 0", 4, 0},
        {"version 2", 4, 2},
        {"cbKeyData one less", 8, o->secret - 1},
        {"cbKeyData one more", 8, o->secret + 1},
        {"cbKeyData 0", 8, 0},
        {"cbKeyData 2^32 - 1", 8, 0xFFFFFFFF},
        {"cbKeyData 2^32 - 12", 8, 0xFFFFFFF4},
    };
    for (size_t i = 0; i < COUNT(fields); i++) {
        memcpy(again, blob, n);
        put_u32(again + fields[i].at, fields[i].value);
        tap_status(import(alg, BCRYPT_KEY_DATA_BLOB, again, n, &key), STATUS_INVALID_PARAMETER,
                   fields[i].label);
    }
    put_u32(again, BCRYPT_KEY_DATA_BLOB_MAGIC);
    put_u32(again + 4, BCRYPT_KEY_DATA_BLOB_VERSION1);
    put_u32(again + 8, o->refused);
    memcpy(again + 12, secret, o->refused);
    tap_status(import(alg, BCRYPT_KEY_DATA_BLOB, again, 12 + o->refused, &key),
               STATUS_INVALID_PARAMETER, "a key of a length that the algorithm does not take");
    tap(key == UNTOUCHED, "the key variable is untouched");
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* A blob of a private format is still bytes from somewhere. */
static void check_opaque(const struct owner *o)
{
    UCHAR secret[64], blob[4096], bad[4096];
    BCRYPT_KEY_HANDLE key, other = UNTOUCHED;
    fill(secret, sizeof secret);
    ROW(o->label);
    BCRYPT_ALG_HANDLE alg = open_alg(o->alg);
    key = sym_key(alg, secret, o->secret);
    ULONG n = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
    if (n == 0 && BCryptExportKey(key, NULL, BCRYPT_OPAQUE_KEY_BLOB, NULL, 0, &got, 0) ==
                      STATUS_NOT_SUPPORTED) {
        tap_skip("OpaqueKeyBlob", "keys of this kind have none");
        BCryptDestroyKey(key);
        BCryptCloseAlgorithmProvider(alg, 0);
        return;
    }
    tap(n > 0 &&
            BCryptExportKey(key, NULL, BCRYPT_OPAQUE_KEY_BLOB, NULL, 0, &got, 0) ==
                STATUS_SUCCESS &&
            got == n,
        "OpaqueKeyBlob has a size");
    struct guarded less = guarded_new(n > 0 ? n - 1 : 0);
    tap(BCryptExportKey(key, NULL, BCRYPT_OPAQUE_KEY_BLOB, less.p, less.n, &got, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            got == n && guarded_untouched(&less),
        "a byte short: the size is told, the buffer untouched");
    guarded_free(&less);
    tap(import(alg, BCRYPT_OPAQUE_KEY_BLOB, blob, n, &other) == STATUS_SUCCESS &&
            export_to(other, BCRYPT_KEY_DATA_BLOB, bad, sizeof bad) == 12 + o->secret &&
            memcmp(bad + 12, secret, o->secret) == 0 && BCryptDestroyKey(other) == STATUS_SUCCESS,
        "and gives the same key");
    other = UNTOUCHED;
    bool refused = n > 0;
    for (ULONG cut = 0; cut < n; cut++)
        refused = refused && import(alg, BCRYPT_OPAQUE_KEY_BLOB, blob, cut, &other) < 0;
    tap(refused && import(alg, BCRYPT_OPAQUE_KEY_BLOB, blob, n + 1, &other) < 0,
        "cut anywhere, or longer, it is refused");
    for (size_t i = 0; i < COUNT(owners); i++) {
        if (text_equal(owners[i].alg, o->alg))
            continue;
        BCRYPT_ALG_HANDLE foreign = open_alg(owners[i].alg);
        refused = refused && import(foreign, BCRYPT_OPAQUE_KEY_BLOB, blob, n, &other) < 0;
        BCryptCloseAlgorithmProvider(foreign, 0);
    }
    tap(refused, "so it is by every other algorithm");
    refused = import(alg, BCRYPT_KEY_DATA_BLOB, blob, n, &other) < 0;
    ULONG plain = export_to(key, BCRYPT_KEY_DATA_BLOB, bad, sizeof bad);
    tap(refused && import(alg, BCRYPT_OPAQUE_KEY_BLOB, bad, plain, &other) < 0 &&
            other == UNTOUCHED,
        "and neither blob passes for the other; the key variable is untouched");
    /* Every byte damaged: an error, or a key that can be used and destroyed. */
    bool usable = true;
    for (ULONG i = 0; i < n && i < sizeof blob; i++) {
        for (int bit = 0; bit < 8; bit++) {
            memcpy(bad, blob, n);
            bad[i] ^= (UCHAR)(1 << bit);
            other = NULL;
            if (import(alg, BCRYPT_OPAQUE_KEY_BLOB, bad, n, &other) < 0)
                continue;
            UCHAR in[64] = {0}, out[64];
            BCRYPT_KEY_HANDLE copy = NULL;
            crypt_once(ENCRYPT, other, in, 64, NULL, NULL, 0, out, 64, 0);
            crypt_once(DECRYPT, other, in, 64, NULL, NULL, 0, out, 64, BCRYPT_BLOCK_PADDING);
            usable = usable && BCryptDuplicateKey(other, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                     BCryptDestroyKey(copy) == STATUS_SUCCESS &&
                     export_to(other, BCRYPT_KEY_DATA_BLOB, out, 0) == 0 &&
                     BCryptDestroyKey(other) == STATUS_SUCCESS;
        }
    }
    tap(usable, "with any bit changed it is refused, or gives a key that can be used");
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- AES key wrap ----------------------------------------------------------------------------------------------- */

/* RFC 3394, section 4. */
static const struct wrap {
    const char *label, *kek, *secret, *wrapped;
} wraps[] = {
    {"4.1", "000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff",
     "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"},
    {"4.2", "000102030405060708090a0b0c0d0e0f1011121314151617", "00112233445566778899aabbccddeeff",
     "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"},
    {"4.3", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "00112233445566778899aabbccddeeff", "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"},
    {"4.4", "000102030405060708090a0b0c0d0e0f1011121314151617",
     "00112233445566778899aabbccddeeff0001020304050607",
     "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"},
    {"4.5", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "00112233445566778899aabbccddeeff0001020304050607",
     "a8f9bc1612c68b3ff6e6f4fbe30e71e4769c8b80a32cb8958cd5d17d6b254da1"},
    {"4.6", "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
     "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"},
};

static void check_wrap_answers(void)
{
    static const LPCWSTR modes[] = {BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_CBC,
                                    BCRYPT_CHAIN_MODE_GCM};
    for (size_t i = 0; i < COUNT(wraps); i++) {
        for (size_t m = 0; m < COUNT(modes); m++) {
            row_begin("Rfc3565KeyWrapBlob, RFC 3394 %s (%d-bit WCHAR)", wraps[i].label,
                      (int)sizeof(WCHAR) * 8);
            UCHAR secret[32], blob[64], data[64];
            ULONG secret_n = unhex(secret, wraps[i].secret), n = secret_n + 8;
            BCRYPT_KEY_HANDLE kek = key_of_hex(BCRYPT_AES_ALGORITHM, modes[m], wraps[i].kek);
            BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, NULL, secret, secret_n);
            BCRYPT_KEY_HANDLE back = NULL;
            got = 0;
            tap(BCryptExportKey(key, kek, BCRYPT_AES_WRAP_KEY_BLOB, NULL, 0, &got, 0) ==
                        STATUS_SUCCESS &&
                    got == n,
                "the size is the key's and 8");
            struct guarded less = guarded_new(n - 1);
            tap(BCryptExportKey(key, kek, BCRYPT_AES_WRAP_KEY_BLOB, less.p, less.n, &got, 0) ==
                        STATUS_BUFFER_TOO_SMALL &&
                    got == n && guarded_untouched(&less),
                "a byte short: the size is told, the buffer untouched");
            guarded_free(&less);
            tap(BCryptExportKey(key, kek, BCRYPT_AES_WRAP_KEY_BLOB, blob, n, &got, 0) ==
                        STATUS_SUCCESS &&
                    got == n && is_hex(blob, n, wraps[i].wrapped),
                "known answer");
            tap(BCryptImportKey(BCRYPT_AES_CBC_ALG_HANDLE, kek, BCRYPT_AES_WRAP_KEY_BLOB, &back,
                                NULL, 0, blob, n, 0) == STATUS_SUCCESS &&
                    export_to(back, BCRYPT_KEY_DATA_BLOB, data, sizeof data) == 12 + secret_n &&
                    memcmp(data + 12, secret, secret_n) == 0,
                "the wrapping key gives the key back");
            BCryptDestroyKey(back);
            BCryptDestroyKey(key);
            BCryptDestroyKey(kek);
        }
    }
}

static void check_wrap_refusals(void)
{
    ROW("Rfc3565KeyWrapBlob");
    UCHAR secret[64], blob[64], bad[64], iv[16], first[16], second[16];
    fill(secret, sizeof secret);
    BCRYPT_KEY_HANDLE kek = key_of(BCRYPT_AES_ALGORITHM, NULL, secret, 16);
    BCRYPT_KEY_HANDLE other_kek = key_of(BCRYPT_AES_ALGORITHM, NULL, secret + 16, 16);
    BCRYPT_KEY_HANDLE des3 = key_of(BCRYPT_3DES_ALGORITHM, NULL, secret, 24);
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, NULL, secret + 32, 32);
    BCRYPT_KEY_HANDLE rsa = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    BCRYPT_KEY_HANDLE back = UNTOUCHED;
    BCRYPT_ALG_HANDLE alg = BCRYPT_AES_CBC_ALG_HANDLE;
    memset(iv, 1, sizeof iv);
    bool good = crypt_all(ENCRYPT, kek, secret, 16, iv, 16, first);
    tap(good &&
            BCryptExportKey(key, kek, BCRYPT_AES_WRAP_KEY_BLOB, blob, sizeof blob, &got, 0) ==
                STATUS_SUCCESS &&
            got == 40,
        "a wrapped key");
    /* E(first ^ 0), which only a key whose chaining value still is `first` gives for NULL. */
    UCHAR zero[16] = {0};
    BCRYPT_KEY_HANDLE ecb = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 16);
    tap(crypt_all(ENCRYPT, kek, zero, 16, NULL, 0, second) &&
            crypt_all(ENCRYPT, ecb, first, 16, NULL, 0, bad) && memcmp(second, bad, 16) == 0,
        "wrapping leaves the wrapping key's chaining value alone");
    BCryptDestroyKey(ecb);

    bool refused = true;
    for (ULONG i = 0; i < 40; i++) {
        memcpy(bad, blob, 40);
        bad[i] ^= 0x10;
        refused = refused && BCryptImportKey(alg, kek, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0,
                                             bad, 40, 0) == STATUS_INVALID_PARAMETER;
    }
    tap(refused, "any byte changed: STATUS_INVALID_PARAMETER");
    static const ULONG sizes[] = {0, 1, 7, 8, 16, 24, 32, 39};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char what[64];
        snprintf(what, sizeof what, "%u bytes of it", (unsigned)sizes[i]);
        tap_status(
            BCryptImportKey(alg, kek, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, sizes[i], 0),
            STATUS_INVALID_PARAMETER, what);
    }
    memset(blob + 40, 0, 8);
    tap_status(BCryptImportKey(alg, kek, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 41, 0),
               STATUS_INVALID_PARAMETER, "a byte more");
    tap_status(
        BCryptImportKey(alg, other_kek, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 40, 0),
        STATUS_INVALID_PARAMETER, "another wrapping key");
    tap_status(BCryptImportKey(alg, des3, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 40, 0),
               STATUS_NOT_SUPPORTED, "a wrapping key of 3DES");
    tap_status(BCryptImportKey(alg, rsa, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 40, 0),
               STATUS_NOT_SUPPORTED, "a key pair");
    tap_status(BCryptImportKey(alg, NULL, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 40, 0),
               STATUS_INVALID_PARAMETER, "no wrapping key");
    tap(back == UNTOUCHED, "the key variable is untouched");
    got = 0;
    struct guarded to = guarded_new(64);
    tap_status(BCryptExportKey(key, des3, BCRYPT_AES_WRAP_KEY_BLOB, to.p, to.n, &got, 0),
               STATUS_NOT_SUPPORTED, "export with a key of 3DES");
    tap_status(BCryptExportKey(key, rsa, BCRYPT_AES_WRAP_KEY_BLOB, to.p, to.n, &got, 0),
               STATUS_NOT_SUPPORTED, "export with a key pair");
    tap_status(BCryptExportKey(key, NULL, BCRYPT_AES_WRAP_KEY_BLOB, to.p, to.n, &got, 0),
               STATUS_INVALID_PARAMETER, "export with none");
    BCRYPT_KEY_HANDLE empty = NULL; /* a pair that is not finalized is no key yet */
    tap_status(BCryptGenerateKeyPair(BCRYPT_RSA_ALG_HANDLE, &empty, 1024, 0), STATUS_SUCCESS,
               "an empty key pair");
    tap_status(BCryptExportKey(key, empty, BCRYPT_AES_WRAP_KEY_BLOB, to.p, to.n, &got, 0),
               STATUS_INVALID_HANDLE, "export with it");
    tap_status(BCryptImportKey(alg, empty, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 40, 0),
               STATUS_INVALID_HANDLE, "and import");
    BCryptDestroyKey(empty);
    BCRYPT_KEY_HANDLE odd = key_of(BCRYPT_RC4_ALGORITHM, NULL, secret, 13);
    tap_fails(BCryptExportKey(odd, kek, BCRYPT_AES_WRAP_KEY_BLOB, to.p, to.n, &got, 0),
              "a key of 13 bytes, which RFC 3394 does not wrap");
    BCryptDestroyKey(odd);
    tap(guarded_untouched(&to), "the output is untouched");
    guarded_free(&to);
    back = NULL;
    tap(BCryptImportKey(alg, kek, BCRYPT_AES_WRAP_KEY_BLOB, &back, NULL, 0, blob, 40, 0) ==
                STATUS_SUCCESS &&
            BCryptDestroyKey(back) == STATUS_SUCCESS &&
            BCryptExportKey(kek, kek, BCRYPT_AES_WRAP_KEY_BLOB, blob, sizeof blob, &got, 0) ==
                STATUS_SUCCESS &&
            got == 24,
        "and the key still wraps, itself too");
    BCryptDestroyKey(rsa);
    BCryptDestroyKey(key);
    BCryptDestroyKey(des3);
    BCryptDestroyKey(other_kek);
    BCryptDestroyKey(kek);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(owners); i++) {
        check_key_data(&owners[i]);
        check_opaque(&owners[i]);
    }
    check_wrap_answers();
    check_wrap_refusals();
    return tap_done();
}
