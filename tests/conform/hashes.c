/*
 * Hashes and message authentication codes, over rows: the whole life of an object, published answers,
 * statuses of bad input, objects in the caller's memory, an algorithm that is closed before its objects,
 * pseudo-handles beside opened algorithms.
 */
#include "conform_sym.h"

#define MAX_RESULT 64

struct row {
    const char *label;
    LPCWSTR alg;
    ULONG flags;
    ULONG_PTR pseudo;
    ULONG length;
    ULONG key; /* bytes 0, 1, 2, … of it */
    bool xof, nonce;
    const char *abc; /* the answer for "abc" */
};

/* Unkeyed: from RFC 1319 and 1320, FIPS 180-4 and 202. Keyed: of key 00 01 02 …, computed with the
 * openssl command and Python, which agree (HMAC-MD2 with Python over Nettle's MD2). */
static const struct row rows[] = {
    {"MD2", BCRYPT_MD2_ALGORITHM, 0, 0x01, 16, .abc = "da853b0d3f88d99b30283a69e6ded6bb"},
    {"MD4", BCRYPT_MD4_ALGORITHM, 0, 0x11, 16, .abc = "a448017aaf21d8525fc10ae87aa6729d"},
    {"MD5", BCRYPT_MD5_ALGORITHM, 0, 0x21, 16, .abc = "900150983cd24fb0d6963f7d28e17f72"},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, 0, 0x31, 20, .abc = "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, 0, 0x41, 32,
     .abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"SHA384", BCRYPT_SHA384_ALGORITHM, 0, 0x51, 48,
     .abc = "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
            "8086072ba1e7cc2358baeca134c825a7"},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, 0, 0x61, 64,
     .abc = "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, 0, 0x3B1, 32,
     .abc = "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {"SHA3-384", BCRYPT_SHA3_384_ALGORITHM, 0, 0x3C1, 48,
     .abc = "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
            "98d88cea927ac7f539f1edf228376d25"},
    {"SHA3-512", BCRYPT_SHA3_512_ALGORITHM, 0, 0x3D1, 64,
     .abc = "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
            "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
    {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, 0, 0x451, 32, .xof = true,
     .abc = "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8"},
    {"SHAKE256", BCRYPT_SHAKE256_ALGORITHM, 0, 0x461, 64, .xof = true,
     .abc = "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
            "d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4"},
    {"CSHAKE128", BCRYPT_CSHAKE128_ALGORITHM, 0, 0x411, 32, .xof = true,
     .abc = "5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8"},
    {"CSHAKE256", BCRYPT_CSHAKE256_ALGORITHM, 0, 0x421, 64, .xof = true,
     .abc = "483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739"
            "d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4"},
    {"HMAC-MD2", BCRYPT_MD2_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0x121, 16, 16,
     .abc = "f85b118422da4ccb735b71f398e24539"},
    {"HMAC-MD4", BCRYPT_MD4_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0x131, 16, 16,
     .abc = "7bd150d1bb20e67c9b5c2c853a9dade5"},
    {"HMAC-MD5", BCRYPT_MD5_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0x91, 16, 16,
     .abc = "773369799e54eb49ff21e6f963e5bb49"},
    {"HMAC-SHA1", BCRYPT_SHA1_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0xA1, 20, 16,
     .abc = "2a29854023ba2ef1490f8cd897a8cc6b557b2a12"},
    {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0xB1, 32, 16,
     .abc = "d601cc177559b0248459787f7e804ed7f27689b5995c59b661802d9682fdf8d2"},
    {"HMAC-SHA384", BCRYPT_SHA384_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0xC1, 48, 16,
     .abc = "67db9d4d66edf2e72b88b8505568a000a9832ba35e4fdecfe5389a5d92798153"
            "6ddb94c0f6c0bd94c418964bbe4b6cf2"},
    {"HMAC-SHA512", BCRYPT_SHA512_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0xD1, 64, 16,
     .abc = "0764a658eb3e2fb02c067293cdaa3c05287315f2d3b45a2810201e26c3893548"
            "e9eaca72f02e041920317168b57a8640291b3bb7aa4a5faf8026b4ad235ac425"},
    {"HMAC-SHA3-256", BCRYPT_SHA3_256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0x3E1, 32, 16,
     .abc = "18e82ea45a9407ccb78729168099d6c6731b562e0d16675a1fe2e3d681565277"},
    {"HMAC-SHA3-384", BCRYPT_SHA3_384_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0x3F1, 48, 16,
     .abc = "177d8bfdc9d8d5dd1773745be13d56ec7cade1a4200b3ee3209dfac1279ffcf1"
            "ef44ed070b9658c08a7bdd1a44cd0c97"},
    {"HMAC-SHA3-512", BCRYPT_SHA3_512_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 0x401, 64, 16,
     .abc = "b49487808a8dc9e1d9832f1e7ad9b0b248bce720887fb17bd544b769794e196c"
            "029b085961f450a1d74cb990d0ccb4bfb5fa4ede361bca6d9d88f3fc19959c9a"},
    {"KMAC128", BCRYPT_KMAC128_ALGORITHM, 0, 0x431, 32, 16, .xof = true,
     .abc = "4944f7aa41c34bae0ff7c622b51a6af94f298a92fbd5d50670b401b06f067872"},
    {"KMAC256", BCRYPT_KMAC256_ALGORITHM, 0, 0x441, 64, 16, .xof = true,
     .abc = "83cd56631cb506644ffd70fa08450889f2ee107739b27f06d21a2aef1f3c89d1"
            "a4f10b105a63d09c11cf5daba680fb832cb9772c8b3c9c270ea0c7c0cee28944"},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, 0, 0x101, 16, 16,
     .abc = "0a54a6a425d48438c3f8bbe09bf944cc"},
    {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, 0, 0x111, 16, 16, .nonce = true,
     .abc = "71c97e7265176abb1ea435384743293d"},
};

/* ---- answers -------------------------------------------------------------------------------------------------- */

static UCHAR key_bytes[32];
static UCHAR abc[] = "abc";

static PUCHAR secret_of(const struct row *r)
{
    return r->key > 0 ? key_bytes : NULL;
}

/* The nonce that GMAC wants before each message: zeros. */
static bool ready(const struct row *r, BCRYPT_HASH_HANDLE h)
{
    UCHAR nonce[12] = {0};
    return !r->nonce ||
           BCryptSetProperty(h, BCRYPT_INITIALIZATION_VECTOR, nonce, sizeof nonce, 0) == 0;
}

static BCRYPT_HASH_HANDLE make(const struct row *r, BCRYPT_ALG_HANDLE alg, ULONG flags)
{
    BCRYPT_HASH_HANDLE h = NULL;
    if (BCryptCreateHash(alg, &h, NULL, 0, secret_of(r), r->key, flags) != 0 || !ready(r, h))
        return NULL;
    return h;
}

static bool answers(const struct row *r, BCRYPT_HASH_HANDLE h)
{
    UCHAR out[MAX_RESULT];
    return BCryptFinishHash(h, out, r->length, 0) == 0 && is_hex(out, r->length, r->abc);
}

static bool hashes_abc(const struct row *r, BCRYPT_HASH_HANDLE h)
{
    return BCryptHashData(h, abc, 3, 0) == 0 && answers(r, h);
}

/* ---- checks --------------------------------------------------------------------------------------------------- */

static void check_life(const struct row *r, BCRYPT_ALG_HANDLE alg)
{
    UCHAR out[MAX_RESULT];
    BCRYPT_HASH_HANDLE h = make(r, alg, 0), copy = NULL;
    tap(h != NULL && BCryptHashData(h, abc, 1, 0) == 0 && BCryptHashData(h, NULL, 0, 0) == 0 &&
            BCryptHashData(h, abc + 1, 1, 0) == 0,
        "data in pieces");
    tap_status(BCryptDuplicateHash(h, &copy, NULL, 0, 0), STATUS_SUCCESS, "a copy in the middle");
    tap(BCryptHashData(h, abc + 2, 1, 0) == 0 && answers(r, h), "the published answer");
    tap_status(BCryptHashData(h, abc, 1, 0), STATUS_INVALID_HANDLE, "no data after the result");
    tap_status(BCryptFinishHash(h, out, r->length, 0), STATUS_INVALID_HANDLE, "no second result");
    tap_status(BCryptDuplicateHash(h, &h, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "no copy after the result");
    tap_status(BCryptDestroyHash(h), STATUS_SUCCESS, "destroyed");
    tap_status(BCryptDestroyHash(h), STATUS_INVALID_PARAMETER, "and only once");
    tap(BCryptHashData(copy, abc + 2, 1, 0) == 0 && answers(r, copy),
        "the copy lives on by itself");
    BCryptDestroyHash(copy);
}

static void check_reuse(const struct row *r, BCRYPT_ALG_HANDLE alg)
{
    BCRYPT_HASH_HANDLE h = make(r, alg, BCRYPT_HASH_REUSABLE_FLAG), copy = NULL;
    bool good = hashes_abc(r, h) && ready(r, h) && hashes_abc(r, h) && ready(r, h);
    tap(good, "a reusable object starts anew with its key");
    good = BCryptHashData(h, abc, 2, 0) == 0 && BCryptDuplicateHash(h, &copy, NULL, 0, 0) == 0 &&
           BCryptHashData(copy, abc + 2, 1, 0) == 0 && answers(r, copy) && ready(r, copy) &&
           hashes_abc(r, copy);
    tap(good, "its copy is reusable too");
    BCryptDestroyHash(h);
    BCryptDestroyHash(copy);
}

static void check_bad_input(const struct row *r, BCRYPT_ALG_HANDLE alg)
{
    UCHAR out[MAX_RESULT + 1];
    BCRYPT_HASH_HANDLE h = make(r, alg, 0), other = alg;
    if (!r->xof) {
        tap_status(BCryptFinishHash(h, out, r->length + 1, 0), STATUS_INVALID_PARAMETER,
                   "a byte too many asked for");
        tap_status(BCryptFinishHash(h, out, r->length - 1, 0), STATUS_INVALID_PARAMETER,
                   "a byte too few");
        tap_status(BCryptFinishHash(h, out, r->length, BCRYPT_HASH_DONT_RESET_FLAG),
                   STATUS_INVALID_PARAMETER, "there is no more output to come");
    }
    tap_status(BCryptFinishHash(h, NULL, r->length, 0), STATUS_INVALID_PARAMETER,
               "no place for the result");
    tap_status(BCryptHashData(h, NULL, 1, 0), STATUS_INVALID_PARAMETER, "data at NULL");
    tap_status(BCryptHashData(h, abc, 3, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "unknown flag with data");
    tap_status(BCryptFinishHash(h, out, r->length, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "unknown flag with the result");
    tap_status(BCryptDuplicateHash(h, &other, NULL, 0, UNKNOWN_BIT), STATUS_INVALID_PARAMETER,
               "unknown flag with a copy");
    tap(hashes_abc(r, h), "none of these changed the object");
    tap_status(BCryptDestroyHash(h), STATUS_SUCCESS, "destroyed");

    UCHAR key[32] = {0};
    if (r->key == 0)
        tap_status(BCryptCreateHash(alg, &other, NULL, 0, key, 16, 0), STATUS_INVALID_PARAMETER,
                   "a key that nobody asked for");
    else
        tap_status(BCryptCreateHash(alg, &other, NULL, 0, NULL, 16, 0), STATUS_INVALID_PARAMETER,
                   "a key at NULL");
    tap_status(BCryptCreateHash(alg, &other, NULL, 0, secret_of(r), r->key, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "unknown flag with a new object");
    tap(other == alg, "no handle was written");
}

static void check_callers_memory(const struct row *r, BCRYPT_ALG_HANDLE alg)
{
    ULONG n = 0, size;
    bool good = BCryptGetProperty(alg, BCRYPT_OBJECT_LENGTH, (PUCHAR)&n, sizeof n, &size, 0) == 0 &&
                n > 0 && n <= 1024;
    tap(good, "an object takes 1 to 1024 bytes");
    struct guarded first = guarded_new(n), second = guarded_new(n);
    BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
    tap_status(BCryptCreateHash(alg, &h, first.p, n - 1, secret_of(r), r->key, 0),
               STATUS_BUFFER_TOO_SMALL, "memory a byte too short");
    good = BCryptCreateHash(alg, &h, first.p, n, secret_of(r), r->key, 0) == 0 && ready(r, h) &&
           BCryptHashData(h, abc, 2, 0) == 0;
    tap_status(BCryptDuplicateHash(h, &copy, second.p, n - 1, 0), STATUS_BUFFER_TOO_SMALL,
               "the same for a copy");
    good = good && BCryptDuplicateHash(h, &copy, second.p, n, 0) == 0 &&
           BCryptHashData(copy, abc + 2, 1, 0) == 0 && answers(r, copy);
    tap(good, "objects in the caller's memory work");
    BCryptDestroyHash(h);
    BCryptDestroyHash(copy);
    tap(guarded_intact(&first) && guarded_intact(&second), "nothing was written behind it");
    guarded_free(&first);
    guarded_free(&second);
}

/* GMAC has no place for its nonce there. */
static void check_one_call(const struct row *r, BCRYPT_ALG_HANDLE alg)
{
    UCHAR out[MAX_RESULT + 1];
    memset(out, GUARD_BYTE, sizeof out);
    NTSTATUS status = BCryptHash(alg, secret_of(r), r->key, abc, 3, out, r->length);
    if (r->nonce) {
        tap_status(status, STATUS_INVALID_PARAMETER, "not without a nonce");
        return;
    }
    tap(status == 0 && is_hex(out, r->length, r->abc) && out[r->length] == GUARD_BYTE,
        "all in one call");
    if (!r->xof)
        tap_status(BCryptHash(alg, secret_of(r), r->key, abc, 3, out, r->length - 1),
                   STATUS_INVALID_PARAMETER, "a byte too few for it");
    tap_status(BCryptHash(alg, secret_of(r), r->key, abc, 3, NULL, r->length),
               STATUS_INVALID_PARAMETER, "no place for it");
}

/* XOFs: what comes in pieces is what comes at once; data has to wait for the reset. */
static void check_squeezing(const struct row *r, BCRYPT_ALG_HANDLE alg)
{
    UCHAR whole[310], pieces[300];
    ULONG done = 0;
    BCRYPT_HASH_HANDLE h = make(r, alg, BCRYPT_HASH_REUSABLE_FLAG);
    bool good = BCryptHashData(h, abc, 3, 0) == 0 &&
                BCryptFinishHash(h, whole, sizeof whole, BCRYPT_HASH_DONT_RESET_FLAG) == 0 &&
                BCryptFinishHash(h, NULL, 0, 0) == 0 && BCryptHashData(h, abc, 3, 0) == 0;
    tap(good, "a finish of no bytes resets");
    for (ULONG step = 1; good && done + step <= sizeof pieces; done += step++)
        good = BCryptFinishHash(h, pieces + done, step, BCRYPT_HASH_DONT_RESET_FLAG) == 0;
    tap(good && memcmp(whole, pieces, done) == 0, "output in pieces is output at once");
    tap_status(BCryptHashData(h, abc, 3, 0), STATUS_INVALID_HANDLE, "no data between them");
    good = BCryptFinishHash(h, pieces, 10, 0) == 0 && memcmp(pieces, whole + done, 10) == 0;
    tap(good && hashes_abc(r, h), "the last piece resets");
    BCryptDestroyHash(h);
}

static void check_row(const struct row *r)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    row_begin("%s (%d-bit WCHAR)", r->label, (int)(8 * sizeof(WCHAR)));
    tap_status(BCryptOpenAlgorithmProvider(&alg, r->alg, NULL, r->flags), STATUS_SUCCESS, "open");
    check_life(r, alg);
    check_reuse(r, alg);
    check_bad_input(r, alg);
    check_callers_memory(r, alg);
    check_one_call(r, alg);
    if (r->xof)
        check_squeezing(r, alg);

    BCRYPT_HASH_HANDLE h = make(r, alg, 0);
    bool good = BCryptHashData(h, abc, 2, 0) == 0 && BCryptCloseAlgorithmProvider(alg, 0) == 0;
    tap(good && BCryptHashData(h, abc + 2, 1, 0) == 0 && answers(r, h),
        "the algorithm may be closed first");
    BCryptDestroyHash(h);

    h = make(r, (BCRYPT_ALG_HANDLE)r->pseudo, 0);
    tap(hashes_abc(r, h) && ready(r, h) && hashes_abc(r, h),
        "the pseudo-handle's object, reusable without a flag");
    BCryptDestroyHash(h);
}

/* The flag for HMAC: on every hash of a fixed length and on AES-CMAC, for which it changes nothing. */
static void check_hmac_flag(void)
{
    static const struct {
        const char *label;
        LPCWSTR alg;
        NTSTATUS status;
    } algs[] = {
        {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, STATUS_NOT_SUPPORTED},
        {"CSHAKE256", BCRYPT_CSHAKE256_ALGORITHM, STATUS_NOT_SUPPORTED},
        {"KMAC128", BCRYPT_KMAC128_ALGORITHM, STATUS_NOT_SUPPORTED},
        {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, STATUS_NOT_SUPPORTED},
        {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, STATUS_SUCCESS},
    };
    for (size_t i = 0; i < COUNT(algs); i++) {
        BCRYPT_ALG_HANDLE alg = NULL;
        row_begin("%s (%d-bit WCHAR)", algs[i].label, (int)(8 * sizeof(WCHAR)));
        tap_status(
            BCryptOpenAlgorithmProvider(&alg, algs[i].alg, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG),
            algs[i].status, "open with the flag for HMAC");
        if (alg != NULL)
            BCryptCloseAlgorithmProvider(alg, 0);
    }
}

int main(void)
{
    for (ULONG i = 0; i < sizeof key_bytes; i++)
        key_bytes[i] = (UCHAR)i;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
    check_hmac_flag();
    return tap_done();
}
