/*
 * How programs written for Windows call the symmetric half of CNG: one function for each habit that was seen, as the program
 * does it, odd sizes and orders included. Raw RSA, the little-endian raw secret and DH with a group of one's own (three more)
 * are in observed_use.c.
 */
#include "conform_sym.h"

#define HABIT(what) row_begin("clients: %s (%d-bit WCHAR)", what, (int)sizeof(WCHAR) * 8)

static UCHAR secret[64], data[256];

/* FIPS 180's "abc". */
static const char abc_sha1[] = "a9993e364706816aba3e25717850c26c9cd0d89d";
static const char abc_sha256[] = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

static void chaining_mode_sizes(void)
{
    HABIT("cbInput of ChainingMode is anything");
    static WCHAR mode[] = BCRYPT_CHAIN_MODE_ECB;
    const struct {
        const char *label;
        ULONG n;
    } sizes[] = {
        {"bytes with the NUL", (ULONG)sizeof mode},
        {"bytes without it", (ULONG)(sizeof mode - sizeof(WCHAR))},
        {"characters", (ULONG)(sizeof mode / sizeof(WCHAR))},
        {"characters without the NUL", (ULONG)(sizeof mode / sizeof(WCHAR) - 1)},
        {"the size of a pointer", (ULONG)sizeof(VOID *)},
        {"0", 0},
        {"more than the string", (ULONG)sizeof mode + 50},
    };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        UCHAR one[32], two[32];
        BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM);
        tap_status(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)mode, sizes[i].n, 0),
                   STATUS_SUCCESS, sizes[i].label);
        BCRYPT_KEY_HANDLE key = sym_key(alg, secret, 16);
        memset(data, 0, 32);
        tap(crypt_all(ENCRYPT, key, data, 32, NULL, 0, one) && memcmp(one, one + 16, 16) == 0,
            "and the mode is ECB");
        tap(set_text(key, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_CBC) == STATUS_SUCCESS &&
                BCryptSetProperty(key, BCRYPT_CHAINING_MODE, (PUCHAR)mode, sizes[i].n, 0) ==
                    STATUS_SUCCESS &&
                crypt_all(ENCRYPT, key, data, 32, NULL, 0, two) && memcmp(one, two, 32) == 0,
            "on a key too");
        BCryptDestroyKey(key);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

/* Asked in one mode, used in another, the mode changed once more on the key. */
static void object_before_mode(void)
{
    HABIT("ObjectLength before the mode is set");
    static const LPCWSTR first[] = {NULL, BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_ECB,
                                    BCRYPT_CHAIN_MODE_GCM, BCRYPT_CHAIN_MODE_CCM};
    for (size_t i = 0; i < COUNT(first); i++) {
        for (int on_key = 0; on_key < 2; on_key++) {
            BCRYPT_ALG_HANDLE alg = open_with(BCRYPT_AES_ALGORITHM, first[i], 0);
            ULONG size = get_u32(alg, BCRYPT_OBJECT_LENGTH);
            struct guarded object = guarded_new(size < 4096 ? size : 4096);
            if (on_key == 0)
                set_text(alg, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_GCM);
            BCRYPT_KEY_HANDLE key = NULL;
            tap_status(BCryptGenerateSymmetricKey(alg, &key, object.p, object.n, secret, 32, 0),
                       STATUS_SUCCESS, "a key in so many bytes");
            if (on_key == 1)
                tap_status(set_text(key, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_GCM),
                           STATUS_SUCCESS, "whose mode is set on the key");
            BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
            UCHAR tag[16], nonce[12] = {0}, out[64], back[64];
            BCRYPT_INIT_AUTH_MODE_INFO(info);
            info.pbNonce = nonce;
            info.cbNonce = 12;
            info.pbTag = tag;
            info.cbTag = 16;
            tap(crypt_once(ENCRYPT, key, data, 64, &info, NULL, 0, out, 64, 0) == STATUS_SUCCESS &&
                    crypt_once(DECRYPT, key, out, 64, &info, NULL, 0, back, 64, 0) ==
                        STATUS_SUCCESS &&
                    memcmp(back, data, 64) == 0 && BCryptDestroyKey(key) == STATUS_SUCCESS,
                "works in GCM");
            tap(guarded_intact(&object), "and writes no byte behind it");
            guarded_free(&object);
            BCryptCloseAlgorithmProvider(alg, 0);
        }
    }

    HABIT("objects of a fixed size");
    static const struct {
        const char *label;
        LPCWSTR alg;
        ULONG secret, size;
    } fixed[] = {
        {"AES in 768 bytes", BCRYPT_AES_ALGORITHM, 32, 768},
        {"3DES in 768 bytes", BCRYPT_3DES_ALGORITHM, 24, 768},
        {"DESX in 768 bytes", BCRYPT_DESX_ALGORITHM, 24, 768},
        {"RC2 in 768 bytes", BCRYPT_RC2_ALGORITHM, 16, 768},
        {"RC4 in 768 bytes", BCRYPT_RC4_ALGORITHM, 16, 768},
        {"XTS-AES in 2048 bytes", BCRYPT_XTS_AES_ALGORITHM, 64, 2048},
    };
    for (size_t i = 0; i < COUNT(fixed); i++) {
        struct guarded object = guarded_new(fixed[i].size);
        BCRYPT_ALG_HANDLE alg = open_alg(fixed[i].alg);
        BCRYPT_KEY_HANDLE key = NULL;
        tap(BCryptGenerateSymmetricKey(alg, &key, object.p, object.n, secret, fixed[i].secret, 0) ==
                    STATUS_SUCCESS &&
                BCryptDestroyKey(key) == STATUS_SUCCESS && guarded_intact(&object),
            fixed[i].label);
        BCryptCloseAlgorithmProvider(alg, 0);
        guarded_free(&object);
    }
}

static void null_objects(void)
{
    HABIT("NULL and 0 for every object");
    UCHAR one[32], two[32], blob[64];
    BCRYPT_KEY_HANDLE key = NULL, copy = NULL, imported = NULL;
    BCRYPT_HASH_HANDLE h = NULL, twin = NULL;
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM), sha = open_alg(BCRYPT_SHA1_ALGORITHM);
    tap(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, 16, 0) == STATUS_SUCCESS &&
            BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &imported, NULL, 0, blob,
                            export_to(key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob),
                            0) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, key, data, 32, NULL, 0, one) &&
            crypt_all(ENCRYPT, copy, data, 32, NULL, 0, two) && memcmp(one, two, 32) == 0 &&
            crypt_all(ENCRYPT, imported, data, 32, NULL, 0, two) && memcmp(one, two, 32) == 0,
        "keys");
    tap(BCryptCreateHash(sha, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptHashData(h, (PUCHAR) "ab", 2, 0) == STATUS_SUCCESS &&
            BCryptDuplicateHash(h, &twin, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptHashData(twin, (PUCHAR) "c", 1, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(twin, one, 20, 0) == STATUS_SUCCESS && is_hex(one, 20, abc_sha1),
        "hashes");
    BCryptDestroyHash(h);
    BCryptDestroyHash(twin);
    BCryptDestroyKey(key);
    BCryptDestroyKey(copy);
    BCryptDestroyKey(imported);
    BCryptCloseAlgorithmProvider(alg, 0);
    BCryptCloseAlgorithmProvider(sha, 0);
}

static void algorithm_closed_early(void)
{
    HABIT("the algorithm is closed first");
    UCHAR digest[32], copy_digest[32], iv[16] = {0}, one[32], two[32];
    BCRYPT_ALG_HANDLE sha = open_alg(BCRYPT_SHA256_ALGORITHM), aes = open_alg(BCRYPT_AES_ALGORITHM);
    BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
    BCryptCreateHash(sha, &h, NULL, 0, NULL, 0, BCRYPT_HASH_REUSABLE_FLAG);
    tap_status(BCryptCloseAlgorithmProvider(sha, 0), STATUS_SUCCESS, "right behind the hash");
    tap(BCryptHashData(h, (PUCHAR) "abc", 3, 0) == STATUS_SUCCESS &&
            BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, digest, 32, 0) == STATUS_SUCCESS &&
            is_hex(digest, 32, abc_sha256) &&
            BCryptFinishHash(copy, copy_digest, 32, 0) == STATUS_SUCCESS &&
            memcmp(digest, copy_digest, 32) == 0 && get_u32(h, BCRYPT_HASH_LENGTH) == 32 &&
            BCryptHashData(h, (PUCHAR) "abc", 3, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, digest, 32, 0) == STATUS_SUCCESS && is_hex(digest, 32, abc_sha256),
        "which hashes, copies and starts anew");
    tap(BCryptDestroyHash(h) == STATUS_SUCCESS && BCryptDestroyHash(copy) == STATUS_SUCCESS,
        "and is destroyed");
    BCRYPT_KEY_HANDLE key = sym_key(aes, secret, 16), twin = NULL;
    tap_status(BCryptCloseAlgorithmProvider(aes, 0), STATUS_SUCCESS, "right behind the key");
    tap(crypt_all(ENCRYPT, key, data, 32, iv, 16, one) &&
            BCryptDuplicateKey(key, &twin, NULL, 0, 0) == STATUS_SUCCESS &&
            set_text(twin, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_CFB) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, twin, data, 32, NULL, 0, two) &&
            get_u32(key, BCRYPT_BLOCK_LENGTH) == 16,
        "which encrypts, is copied and changes its mode");
    tap(BCryptDestroyKey(key) == STATUS_SUCCESS && BCryptDestroyKey(twin) == STATUS_SUCCESS,
        "and is destroyed");
}

static void wrong_handles(void)
{
    HABIT("the address of the handle variable");
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_SHA256_ALGORITHM);
    BCRYPT_HASH_HANDLE h = NULL;
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, NULL, secret, 16);
    BCryptCreateHash(alg, &h, NULL, 0, NULL, 0, 0);
    tap_status(BCryptCloseAlgorithmProvider(&alg, 0), STATUS_INVALID_HANDLE, "closed");
    tap_status(BCryptDestroyKey(&key), STATUS_INVALID_HANDLE, "destroyed as a key");
    tap_status(BCryptDestroyHash(&h), STATUS_INVALID_PARAMETER, "destroyed as a hash");
    tap(BCryptDestroyHash(h) == STATUS_SUCCESS && BCryptDestroyKey(key) == STATUS_SUCCESS &&
            BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS,
        "and then rightly");
}

static void query_before_each_call(void)
{
    HABIT("a size query before each call, one block at a time");
    static const LPCWSTR modes[] = {BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_CFB,
                                    BCRYPT_CHAIN_MODE_ECB};
    for (size_t m = 0; m < COUNT(modes); m++) {
        bool has_iv = m < 2, good = true;
        UCHAR iv[16], whole[256], out[256];
        BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, modes[m], secret, 16);
        memset(iv, 3, 16);
        good = crypt_all(ENCRYPT, key, data, 256, has_iv ? iv : NULL, has_iv ? 16 : 0, whole);
        memset(iv, 3, 16);
        for (ULONG at = 0; at < 256 && good; at += 16) {
            UCHAR block[16];
            memcpy(block, data + at, 16);
            good = crypt_once(ENCRYPT, key, block, 16, NULL, has_iv ? iv : NULL, has_iv ? 16 : 0,
                              NULL, 0, 0) == STATUS_SUCCESS &&
                   got == 16 &&
                   crypt_once(ENCRYPT, key, block, 16, NULL, has_iv ? iv : NULL, has_iv ? 16 : 0,
                              out + at, got, 0) == STATUS_SUCCESS &&
                   got == 16;
        }
        tap(good && memcmp(out, whole, 256) == 0, "is the whole message");
        BCryptDestroyKey(key);
    }
}

static void iv_habits(void)
{
    HABIT("the IV goes on in the caller's buffer, or is a property");
    UCHAR iv[16], keep[16], whole[64], out[64];
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, secret, 32);
    fill(keep, 16);
    memcpy(iv, keep, 16);
    bool good = crypt_all(ENCRYPT, key, data, 64, iv, 16, whole);
    memcpy(iv, keep, 16);
    tap(good && crypt_all(ENCRYPT, key, data, 32, iv, 16, out) && memcmp(iv, out + 16, 16) == 0 &&
            crypt_all(ENCRYPT, key, data + 32, 32, iv, 16, out + 32) && memcmp(out, whole, 64) == 0,
        "in the buffer, from call to call");
    BCryptDestroyKey(key);
    key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, secret, 32);
    tap(BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, keep, 16, 0) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, key, data, 32, NULL, 0, out) &&
            crypt_once(ENCRYPT, key, data + 32, 32, NULL, NULL, 0, out + 32, 32, 0) ==
                STATUS_SUCCESS &&
            memcmp(out, whole, 64) == 0,
        "as a property, then NULL");
    tap(BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, keep, 16, 0) == STATUS_SUCCESS &&
            crypt_once(DECRYPT, key, whole, 64, NULL, NULL, 0, out, 64, 0) == STATUS_SUCCESS &&
            memcmp(out, data, 64) == 0,
        "set again for the way back");
    BCryptDestroyKey(key);
}

/* An archiver's encryption of a file in GCM: the data authenticated alone at first, pbIV and pbMacContext the same 16 bytes, the
 * tag's buffer known from the start in one program and only at the end in another. */
static void gcm_stream(void)
{
    HABIT("GCM in a stream");
    for (int late_tag = 0; late_tag < 2; late_tag++) {
        UCHAR nonce[12], aad[30], tag[16], late[16], context[16] = {0}, whole[256], out[256];
        fill(nonce, sizeof nonce);
        fill(aad, sizeof aad);
        BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, 32);
        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = nonce;
        info.cbNonce = sizeof nonce;
        info.pbAuthData = aad;
        info.cbAuthData = sizeof aad;
        info.pbTag = tag;
        info.cbTag = sizeof tag;
        bool good =
            crypt_once(ENCRYPT, key, data, 250, &info, NULL, 0, whole, 250, 0) == STATUS_SUCCESS;
        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = nonce;
        info.cbNonce = sizeof nonce;
        info.pbTag = late_tag ? NULL : late;
        info.cbTag = sizeof late;
        info.pbMacContext = context;
        info.cbMacContext = sizeof context;
        info.pbAuthData = aad;
        info.cbAuthData = sizeof aad;
        info.dwFlags |= BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        good = good &&
               crypt_once(ENCRYPT, key, NULL, 0, &info, context, 16, NULL, 0, 0) == STATUS_SUCCESS;
        info.pbAuthData = NULL;
        info.cbAuthData = 0;
        for (ULONG at = 0; at < 240 && good; at += 80)
            good = crypt_once(ENCRYPT, key, data + at, 80, &info, context, 16, out + at, 80, 0) ==
                       STATUS_SUCCESS &&
                   got == 80 && (info.dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG) != 0;
        info.pbTag = late;
        info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        tap(good &&
                crypt_once(ENCRYPT, key, data + 240, 10, &info, context, 16, out + 240, 10, 0) ==
                    STATUS_SUCCESS &&
                memcmp(out, whole, 250) == 0 && memcmp(late, tag, 16) == 0,
            late_tag ? "the tag's buffer given at the end"
                     : "the tag's buffer given from the start");
        BCryptDestroyKey(key);
    }
}

static void unknown_property(void)
{
    HABIT("a property that may not exist");
    static const LPCWSTR names[] = {L"NoSuchProperty", L"", L"ObjectLengthX",
                                    BCRYPT_SIGNATURE_LENGTH};
    BCRYPT_ALG_HANDLE aes = open_alg(BCRYPT_AES_ALGORITHM);
    BCRYPT_HASH_HANDLE h = NULL;
    BCRYPT_KEY_HANDLE key = sym_key(aes, secret, 16);
    BCryptCreateHash(BCRYPT_SHA1_ALG_HANDLE, &h, NULL, 0, NULL, 0, 0);
    BCRYPT_HANDLE handles[] = {aes, h, key, BCRYPT_SHA256_ALG_HANDLE};
    for (size_t i = 0; i < COUNT(names); i++) {
        bool good = true;
        for (size_t k = 0; k < COUNT(handles); k++) {
            UCHAR out[16] = {0};
            good =
                good &&
                BCryptGetProperty(handles[k], names[i], out, sizeof out, &got, 0) ==
                    STATUS_NOT_SUPPORTED &&
                BCryptGetProperty(handles[k], names[i], NULL, 0, &got, 0) == STATUS_NOT_SUPPORTED &&
                all_bytes(out, sizeof out, 0);
        }
        tap(good, "is STATUS_NOT_SUPPORTED on algorithm, hash, key and pseudo-handle");
    }
    BCryptDestroyHash(h);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(aes, 0);
}

static void strings_in_lists(void)
{
    HABIT("a hash name in a parameter list counts its NUL or not");
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    UCHAR want[32], out[32];
    ULONGLONG count = 3;
    bool good = BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA256_ALG_HANDLE, secret, 20, data, 8, count,
                                      want, 32, 0) == STATUS_SUCCESS;
    BCRYPT_KEY_HANDLE key = sym_key(BCRYPT_PBKDF2_ALG_HANDLE, secret, 20);
    for (int with_nul = 0; with_nul < 2; with_nul++) {
        BCryptBuffer buffers[] = {
            {(ULONG)(sizeof name - (with_nul ? 0 : sizeof(WCHAR))), KDF_HASH_ALGORITHM, name},
            {8, KDF_SALT, data},
            {sizeof count, KDF_ITERATION_COUNT, &count},
        };
        BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 3, buffers};
        tap(good && BCryptKeyDerivation(key, &list, out, 32, &got, 0) == STATUS_SUCCESS &&
                got == 32 && memcmp(out, want, 32) == 0,
            with_nul ? "with it, in PBKDF2" : "without it, in PBKDF2");
    }
    BCryptDestroyKey(key);
    key = sym_key(BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE, secret, 20);
    for (int with_nul = 0; with_nul < 2; with_nul++) {
        BCryptBuffer buffers[] = {
            {(ULONG)(sizeof name - (with_nul ? 0 : sizeof(WCHAR))), KDF_HASH_ALGORITHM, name},
            {8, KDF_LABEL, data},
            {8, KDF_CONTEXT, data + 8},
        };
        BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 3, buffers};
        NTSTATUS status = BCryptKeyDerivation(key, &list, with_nul ? out : want, 32, &got, 0);
        tap_status(status, STATUS_SUCCESS,
                   with_nul ? "with it, in SP800-108" : "without it, in SP800-108");
    }
    tap(memcmp(out, want, 32) == 0, "and the result is the same");
    BCryptDestroyKey(key);
}

static void hash_habits(void)
{
    HABIT("reusable hashes, copies, results of the exact size");
    static const struct {
        const char *label;
        ULONG open, create;
        bool pseudo, lasts;
    } rows[] = {
        {"the flag at open", BCRYPT_HASH_REUSABLE_FLAG, 0, false, true},
        {"the flag at create", 0, BCRYPT_HASH_REUSABLE_FLAG, false, true},
        {"the flag at both", BCRYPT_HASH_REUSABLE_FLAG, BCRYPT_HASH_REUSABLE_FLAG, false, true},
        {"a pseudo-handle", 0, 0, true, true},
        {"neither", 0, 0, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (int keyed = 0; keyed < 2; keyed++) {
            UCHAR first[32], out[32], snapshot[32];
            BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
            BCRYPT_ALG_HANDLE alg =
                rows[i].pseudo
                    ? (keyed ? BCRYPT_HMAC_SHA256_ALG_HANDLE : BCRYPT_SHA256_ALG_HANDLE)
                    : open_with(BCRYPT_SHA256_ALGORITHM, NULL,
                                rows[i].open | (keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0));
            char what[96];
            snprintf(what, sizeof what, "%s%s: %s", rows[i].label, keyed ? ", HMAC" : "",
                     rows[i].lasts ? "starts anew, with its key" : "can be used once");
            bool good = BCryptHash(alg, keyed ? secret : NULL, keyed ? 20 : 0, data, 100, first,
                                   32) == STATUS_SUCCESS &&
                        BCryptCreateHash(alg, &h, NULL, 0, keyed ? secret : NULL, keyed ? 20 : 0,
                                         rows[i].create) == STATUS_SUCCESS;
            for (int round = 0; round < 3 && good; round++) {
                good = BCryptHashData(h, data, 60, 0) == STATUS_SUCCESS &&
                       BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                       BCryptHashData(h, data + 60, 40, 0) == STATUS_SUCCESS &&
                       BCryptFinishHash(h, out, 31, 0) == STATUS_INVALID_PARAMETER &&
                       BCryptFinishHash(h, out, 33, 0) == STATUS_INVALID_PARAMETER &&
                       BCryptFinishHash(h, out, 32, 0) == STATUS_SUCCESS &&
                       memcmp(out, first, 32) == 0 &&
                       BCryptHashData(copy, data + 60, 40, 0) == STATUS_SUCCESS &&
                       BCryptFinishHash(copy, snapshot, 32, 0) == STATUS_SUCCESS &&
                       memcmp(snapshot, first, 32) == 0;
                if (good && !rows[i].lasts) {
                    good = BCryptHashData(h, data, 1, 0) == STATUS_INVALID_HANDLE &&
                           BCryptFinishHash(h, out, 32, 0) == STATUS_INVALID_HANDLE;
                    BCryptDestroyHash(copy);
                    break;
                }
                /* The copy lasts as the hash does. */
                good = good && BCryptHashData(copy, data, 100, 0) == STATUS_SUCCESS &&
                       BCryptFinishHash(copy, snapshot, 32, 0) == STATUS_SUCCESS &&
                       memcmp(snapshot, first, 32) == 0;
                BCryptDestroyHash(copy);
            }
            tap(good, what);
            BCryptDestroyHash(h);
            if (!rows[i].pseudo)
                BCryptCloseAlgorithmProvider(alg, 0);
        }
    }
}

static void distinct_statuses(void)
{
    HABIT("statuses that are told apart");
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    UCHAR tag[16] = {0}, nonce[12] = {0}, out[64];
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, 16);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    tap_status(crypt_once(DECRYPT, key, data, 32, &info, NULL, 0, out, 32, 0),
               STATUS_AUTH_TAG_MISMATCH, "a tag that does not match");
    BCryptDestroyKey(key);
    key = key_of(BCRYPT_AES_ALGORITHM, NULL, secret, 16);
    tap_status(crypt_once(ENCRYPT, key, data, 32, NULL, NULL, 0, out, 16, 0),
               STATUS_BUFFER_TOO_SMALL, "an output that is too small");
    tap(got == 32, "with the size that is needed");
    tap_status(crypt_once(ENCRYPT, key, data, 20, NULL, NULL, 0, out, 32, 0),
               STATUS_INVALID_BUFFER_SIZE, "a partial block");
    UCHAR block[16] = {0}, iv[16] = {0};
    crypt_all(ENCRYPT, key, block, 16, iv, 16, out);
    memset(iv, 0, 16);
    tap_status(crypt_once(DECRYPT, key, out, 16, NULL, iv, 16, block, 16, BCRYPT_BLOCK_PADDING),
               STATUS_DATA_ERROR, "a padding that is none");
    BCryptDestroyKey(key);
    BCRYPT_ALG_HANDLE none = UNTOUCHED;
    tap_status(BCryptOpenAlgorithmProvider(&none, L"SHA-224", NULL, 0), STATUS_NOT_FOUND,
               "an algorithm that is not there");
}

static void pseudo_handles(void)
{
    HABIT("pseudo-handles wherever an algorithm goes");
    static const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg;
        ULONG key, digest;
    } hashes[] = {
        {"MD2", BCRYPT_MD2_ALG_HANDLE, 0, 16},
        {"MD4", BCRYPT_MD4_ALG_HANDLE, 0, 16},
        {"MD5", BCRYPT_MD5_ALG_HANDLE, 0, 16},
        {"SHA1", BCRYPT_SHA1_ALG_HANDLE, 0, 20},
        {"SHA256", BCRYPT_SHA256_ALG_HANDLE, 0, 32},
        {"SHA384", BCRYPT_SHA384_ALG_HANDLE, 0, 48},
        {"SHA512", BCRYPT_SHA512_ALG_HANDLE, 0, 64},
        {"SHA3-256", BCRYPT_SHA3_256_ALG_HANDLE, 0, 32},
        {"SHA3-384", BCRYPT_SHA3_384_ALG_HANDLE, 0, 48},
        {"SHA3-512", BCRYPT_SHA3_512_ALG_HANDLE, 0, 64},
        {"SHAKE128", BCRYPT_SHAKE128_ALG_HANDLE, 0, 32},
        {"SHAKE256", BCRYPT_SHAKE256_ALG_HANDLE, 0, 64},
        {"CSHAKE128", BCRYPT_CSHAKE128_ALG_HANDLE, 0, 32},
        {"CSHAKE256", BCRYPT_CSHAKE256_ALG_HANDLE, 0, 64},
        {"HMAC-MD2", BCRYPT_HMAC_MD2_ALG_HANDLE, 20, 16},
        {"HMAC-MD4", BCRYPT_HMAC_MD4_ALG_HANDLE, 20, 16},
        {"HMAC-MD5", BCRYPT_HMAC_MD5_ALG_HANDLE, 20, 16},
        {"HMAC-SHA1", BCRYPT_HMAC_SHA1_ALG_HANDLE, 20, 20},
        {"HMAC-SHA256", BCRYPT_HMAC_SHA256_ALG_HANDLE, 20, 32},
        {"HMAC-SHA384", BCRYPT_HMAC_SHA384_ALG_HANDLE, 20, 48},
        {"HMAC-SHA512", BCRYPT_HMAC_SHA512_ALG_HANDLE, 20, 64},
        {"HMAC-SHA3-256", BCRYPT_HMAC_SHA3_256_ALG_HANDLE, 20, 32},
        {"HMAC-SHA3-384", BCRYPT_HMAC_SHA3_384_ALG_HANDLE, 20, 48},
        {"HMAC-SHA3-512", BCRYPT_HMAC_SHA3_512_ALG_HANDLE, 20, 64},
        {"AES-CMAC", BCRYPT_AES_CMAC_ALG_HANDLE, 16, 16},
        {"KMAC128", BCRYPT_KMAC128_ALG_HANDLE, 20, 32},
        {"KMAC256", BCRYPT_KMAC256_ALG_HANDLE, 20, 64},
    };
    for (size_t i = 0; i < COUNT(hashes); i++) {
        UCHAR one[64], two[64];
        PUCHAR k = hashes[i].key > 0 ? secret : NULL;
        BCRYPT_HASH_HANDLE h = NULL;
        BCRYPT_ALG_HANDLE owner = NULL;
        tap(get_u32(hashes[i].alg, BCRYPT_HASH_LENGTH) == hashes[i].digest &&
                BCryptHash(hashes[i].alg, k, hashes[i].key, data, 100, one, hashes[i].digest) ==
                    STATUS_SUCCESS &&
                BCryptCreateHash(hashes[i].alg, &h, NULL, 0, k, hashes[i].key, 0) ==
                    STATUS_SUCCESS &&
                BCryptHashData(h, data, 100, 0) == STATUS_SUCCESS &&
                BCryptFinishHash(h, two, hashes[i].digest, 0) == STATUS_SUCCESS &&
                memcmp(one, two, hashes[i].digest) == 0 &&
                get_u32(h, BCRYPT_HASH_LENGTH) == hashes[i].digest &&
                BCryptGetProperty(h, BCRYPT_PROVIDER_HANDLE, (PUCHAR)&owner, sizeof owner, &got,
                                  0) == STATUS_SUCCESS &&
                owner == hashes[i].alg && BCryptDestroyHash(h) == STATUS_SUCCESS,
            hashes[i].label);
    }
    static const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg;
        LPCWSTR name, mode;
        ULONG key, block, iv;
    } ciphers[] = {
#define BLOCK_ROWS(label, id, n, block)                                                            \
    {label " CBC",                                                                                 \
     BCRYPT_##id##_CBC_ALG_HANDLE,                                                                 \
     BCRYPT_##id##_ALGORITHM,                                                                      \
     BCRYPT_CHAIN_MODE_CBC,                                                                        \
     n,                                                                                            \
     block,                                                                                        \
     block},                                                                                       \
        {label " ECB",                                                                             \
         BCRYPT_##id##_ECB_ALG_HANDLE,                                                             \
         BCRYPT_##id##_ALGORITHM,                                                                  \
         BCRYPT_CHAIN_MODE_ECB,                                                                    \
         n,                                                                                        \
         block,                                                                                    \
         0},                                                                                       \
        {label " CFB",                                                                             \
         BCRYPT_##id##_CFB_ALG_HANDLE,                                                             \
         BCRYPT_##id##_ALGORITHM,                                                                  \
         BCRYPT_CHAIN_MODE_CFB,                                                                    \
         n,                                                                                        \
         block,                                                                                    \
         block}
        BLOCK_ROWS("AES", AES, 16, 16),
        BLOCK_ROWS("DES", DES, 8, 8),
        BLOCK_ROWS("DESX", DESX, 24, 8),
        BLOCK_ROWS("3DES", 3DES, 24, 8),
        BLOCK_ROWS("3DES_112", 3DES_112, 16, 8),
        BLOCK_ROWS("RC2", RC2, 16, 8),
        {"RC4", BCRYPT_RC4_ALG_HANDLE, BCRYPT_RC4_ALGORITHM, NULL, 16, 1, 0},
    };
    for (size_t i = 0; i < COUNT(ciphers); i++) {
        UCHAR one[64], two[64], iv[16] = {0};
        PUCHAR at = ciphers[i].iv > 0 ? iv : NULL;
        BCRYPT_KEY_HANDLE key = sym_key(ciphers[i].alg, secret, ciphers[i].key);
        bool good = get_u32(ciphers[i].alg, BCRYPT_BLOCK_LENGTH) == ciphers[i].block &&
                    crypt_all(ENCRYPT, key, data, 64, at, ciphers[i].iv, one);
        BCryptDestroyKey(key);
        key = key_of(ciphers[i].name, ciphers[i].mode, secret, ciphers[i].key);
        memset(iv, 0, sizeof iv);
        tap(good && crypt_all(ENCRYPT, key, data, 64, at, ciphers[i].iv, two) &&
                memcmp(one, two, 64) == 0,
            ciphers[i].label);
        BCryptDestroyKey(key);
    }
    static const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg;
    } kdfs[] = {
        {"PBKDF2", BCRYPT_PBKDF2_ALG_HANDLE},
        {"SP800_108_CTR_HMAC", BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE},
        {"SP800_56A_CONCAT", BCRYPT_SP80056A_CONCAT_ALG_HANDLE},
        {"CAPI_KDF", BCRYPT_CAPI_KDF_ALG_HANDLE},
        {"TLS1_1_KDF", BCRYPT_TLS1_1_KDF_ALG_HANDLE},
        {"TLS1_2_KDF", BCRYPT_TLS1_2_KDF_ALG_HANDLE},
        {"HKDF", BCRYPT_HKDF_ALG_HANDLE},
    };
    for (size_t i = 0; i < COUNT(kdfs); i++) {
        BCRYPT_KEY_HANDLE key = sym_key(kdfs[i].alg, secret, 20);
        tap(key != NULL && get_u32(key, BCRYPT_KEY_STRENGTH) == 160 &&
                BCryptDestroyKey(key) == STATUS_SUCCESS,
            kdfs[i].label);
    }
}

static void random_habits(void)
{
    HABIT("random bytes, with a handle and without");
    UCHAR one[32] = {0}, two[32] = {0}, three[32] = {0};
    BCRYPT_ALG_HANDLE rng = open_alg(BCRYPT_RNG_ALGORITHM);
    tap(BCryptGenRandom(rng, one, 32, 0) == STATUS_SUCCESS &&
            BCryptGenRandom(NULL, two, 32, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == STATUS_SUCCESS &&
            BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, three, 32, 0) == STATUS_SUCCESS &&
            memcmp(one, two, 32) != 0 && memcmp(one, three, 32) != 0 && memcmp(two, three, 32) != 0,
        "all three ways");
    BCryptCloseAlgorithmProvider(rng, 0);
}

int main(void)
{
    fill(secret, sizeof secret);
    fill(data, sizeof data);
    chaining_mode_sizes();
    fill(data, sizeof data);
    object_before_mode();
    null_objects();
    algorithm_closed_early();
    wrong_handles();
    query_before_each_call();
    iv_habits();
    gcm_stream();
    unknown_property();
    strings_in_lists();
    hash_habits();
    distinct_statuses();
    pseudo_handles();
    random_habits();
    return tap_done();
}
