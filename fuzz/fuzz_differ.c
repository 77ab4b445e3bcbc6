/*
 * The same question to libcrypto, used directly, and to bcrypt.h. An input is
 *
 *    0  what      index into `questions`
 *    1  which     the algorithm among those that it knows
 *    …  key, nonce or salt, and data, each behind its length; then what the question wants
 *
 * Whatever both answer is the same. What libcrypto answers, bcrypt.h answers too, but for what its
 * documentation excludes: sizes of keys, nonces and tags that it does not take.
 */
#include "fuzz_keys.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rsa.h>

#define OUT_MOST 512

struct ask {
    uint8_t which;
    struct bytes key, nonce, data;
    struct input *in;
};

#define OCTETS(name, b) OSSL_PARAM_construct_octet_string(name, (b).p, (b).n)
#define UTF8(name, s) OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)(s), 0)
#define END OSSL_PARAM_construct_end()

/* ---- hashes and message authentication codes ---------------------------------------------------- */

static const struct {
    LPCWSTR cng;
    const char *evp;
    ULONG bytes;
} hashes[] = {
    {BCRYPT_MD5_ALGORITHM, "MD5", 16},           {BCRYPT_SHA1_ALGORITHM, "SHA1", 20},
    {BCRYPT_SHA256_ALGORITHM, "SHA256", 32},     {BCRYPT_SHA384_ALGORITHM, "SHA384", 48},
    {BCRYPT_SHA512_ALGORITHM, "SHA512", 64},     {BCRYPT_SHA3_256_ALGORITHM, "SHA3-256", 32},
    {BCRYPT_SHA3_384_ALGORITHM, "SHA3-384", 48}, {BCRYPT_SHA3_512_ALGORITHM, "SHA3-512", 64},
    {BCRYPT_SHAKE128_ALGORITHM, "SHAKE128", 32}, {BCRYPT_SHAKE256_ALGORITHM, "SHAKE256", 64},
};

enum { FIXED_HASHES = 8 };

static BCRYPT_ALG_HANDLE hash_of(size_t which, bool keyed)
{
    static BCRYPT_ALG_HANDLE algs[COUNT(hashes)][2];
    BCRYPT_ALG_HANDLE *alg = &algs[which][keyed];
    if (*alg == NULL)
        *alg = open_algorithm(hashes[which].cng, keyed ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0);
    return *alg;
}

/* In pieces, whose sizes are bytes of the input. */
static void hash_pieces(BCRYPT_ALG_HANDLE alg, const struct ask *a, struct bytes key, UCHAR *out,
                        ULONG n)
{
    BCRYPT_HASH_HANDLE hash = NULL;
    struct bytes rest = a->data;
    FUZZ_CHECK(BCryptCreateHash(alg, &hash, NULL, 0, key.p, key.n, 0) == STATUS_SUCCESS);
    while (rest.n > 0) {
        ULONG piece = take_byte(a->in);
        if (piece == 0 || piece > rest.n)
            piece = rest.n;
        FUZZ_CHECK(BCryptHashData(hash, rest.p, piece, 0) == STATUS_SUCCESS);
        rest.p += piece;
        rest.n -= piece;
    }
    FUZZ_CHECK(BCryptFinishHash(hash, out, n, 0) == STATUS_SUCCESS);
    FUZZ_CHECK(BCryptDestroyHash(hash) == STATUS_SUCCESS);
}

static void ask_hash(const struct ask *a)
{
    size_t which = a->which % COUNT(hashes);
    UCHAR ours[64], theirs[64], pieces[64];
    unsigned n = 0;
    EVP_MD *md = EVP_MD_fetch(NULL, hashes[which].evp, NULL);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    FUZZ_CHECK(md != NULL && ctx != NULL && EVP_DigestInit_ex(ctx, md, NULL) == 1);
    FUZZ_CHECK(EVP_DigestUpdate(ctx, a->data.p, a->data.n) == 1);
    FUZZ_CHECK(which >= FIXED_HASHES ? EVP_DigestFinalXOF(ctx, theirs, hashes[which].bytes) == 1
                                     : EVP_DigestFinal_ex(ctx, theirs, &n) == 1);
    EVP_MD_CTX_free(ctx);
    EVP_MD_free(md);
    FUZZ_CHECK(BCryptHash(hash_of(which, false), NULL, 0, a->data.p, a->data.n, ours,
                          hashes[which].bytes) == STATUS_SUCCESS);
    hash_pieces(hash_of(which, false), a, (struct bytes){NULL, 0}, pieces, hashes[which].bytes);
    FUZZ_CHECK(memcmp(ours, theirs, hashes[which].bytes) == 0);
    FUZZ_CHECK(memcmp(pieces, theirs, hashes[which].bytes) == 0);
}

static bool evp_mac(const char *name, const OSSL_PARAM *params, const struct ask *a, UCHAR *out,
                    size_t *n)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, name, NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(mac);
    bool good = ctx != NULL && EVP_MAC_init(ctx, a->key.p, a->key.n, params) == 1 &&
                EVP_MAC_update(ctx, a->data.p, a->data.n) == 1 &&
                EVP_MAC_final(ctx, out, n, OUT_MOST) == 1;
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(mac);
    return good;
}

static void ask_hmac(const struct ask *a)
{
    size_t which = a->which % FIXED_HASHES, n = 0;
    UCHAR ours[64], pieces[64], theirs[OUT_MOST];
    const OSSL_PARAM params[] = {UTF8(OSSL_MAC_PARAM_DIGEST, hashes[which].evp), END};
    FUZZ_CHECK(evp_mac("HMAC", params, a, theirs, &n) && n == hashes[which].bytes);
    FUZZ_CHECK(BCryptHash(hash_of(which, true), a->key.p, a->key.n, a->data.p, a->data.n, ours,
                          (ULONG)n) == STATUS_SUCCESS);
    hash_pieces(hash_of(which, true), a, a->key, pieces, (ULONG)n);
    FUZZ_CHECK(memcmp(ours, theirs, n) == 0 && memcmp(pieces, theirs, n) == 0);
}

static void ask_cmac(const struct ask *a)
{
    static const char *const ciphers[] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};
    static BCRYPT_ALG_HANDLE alg;
    UCHAR ours[16], theirs[OUT_MOST];
    size_t n = 0;
    struct ask b = *a;
    b.key.n = 16 + 8u * (a->which % 3u);
    if (a->key.n < b.key.n)
        return;
    const OSSL_PARAM params[] = {UTF8(OSSL_MAC_PARAM_CIPHER, ciphers[a->which % 3]), END};
    if (alg == NULL)
        alg = open_algorithm(BCRYPT_AES_CMAC_ALGORITHM, 0);
    FUZZ_CHECK(evp_mac("CMAC", params, &b, theirs, &n) && n == sizeof ours);
    FUZZ_CHECK(BCryptHash(alg, b.key.p, b.key.n, b.data.p, b.data.n, ours, sizeof ours) ==
               STATUS_SUCCESS);
    FUZZ_CHECK(memcmp(ours, theirs, n) == 0);
}

/* KMAC of libcrypto takes keys of 4 bytes and more. */
static void ask_kmac(const struct ask *a)
{
    static BCRYPT_ALG_HANDLE algs[2];
    bool wide = a->which % 2 != 0;
    UCHAR ours[OUT_MOST], theirs[OUT_MOST];
    size_t size = 1 + a->nonce.n, n = 0;
    const OSSL_PARAM params[] = {OSSL_PARAM_construct_size_t(OSSL_MAC_PARAM_SIZE, &size), END};
    if (algs[wide] == NULL)
        algs[wide] = open_algorithm(wide ? BCRYPT_KMAC256_ALGORITHM : BCRYPT_KMAC128_ALGORITHM, 0);
    if (a->key.n < 4 || !evp_mac(wide ? "KMAC256" : "KMAC128", params, a, theirs, &n))
        return;
    FUZZ_CHECK(BCryptHash(algs[wide], a->key.p, a->key.n, a->data.p, a->data.n, ours, (ULONG)n) ==
               STATUS_SUCCESS);
    FUZZ_CHECK(memcmp(ours, theirs, n) == 0);
}

/* ---- ciphers ------------------------------------------------------------------------------------ */

static const struct {
    LPCWSTR cng;
    LPCWSTR mode; /* NULL: it has none */
    const char *evp;
    ULONG key;
    ULONG nonce; /* bytes of the IV; authenticated: any that libcrypto takes, up to that */
    ULONG block; /* 0: authenticated */
} ciphers[] = {
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, "AES-128-CBC", 16, 16, 16},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, "AES-256-CBC", 32, 16, 16},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, "AES-192-ECB", 24, 0, 16},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, "AES-128-CFB8", 16, 16, 1},
    {BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, "DES-EDE3-CBC", 24, 8, 8},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, "AES-128-GCM", 16, 12, 0},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, "AES-256-GCM", 32, 12, 0},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, "AES-256-CCM", 32, 13, 0},
    {BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, "ChaCha20-Poly1305", 32, 12, 0},
};

static BCRYPT_KEY_HANDLE cipher_key(size_t which, UCHAR *secret)
{
    static BCRYPT_ALG_HANDLE algs[COUNT(ciphers)];
    BCRYPT_KEY_HANDLE key = NULL;
    if (algs[which] == NULL) {
        algs[which] = open_algorithm(ciphers[which].cng, 0);
        if (ciphers[which].mode != NULL)
            set_text(algs[which], BCRYPT_CHAINING_MODE, ciphers[which].mode);
    }
    FUZZ_CHECK(BCryptGenerateSymmetricKey(algs[which], &key, NULL, 0, secret, ciphers[which].key,
                                          0) == STATUS_SUCCESS);
    return key;
}

/* What libcrypto makes of the data; -1: it refuses. */
static int evp_cipher(const char *name, bool encrypt, bool padding, const UCHAR *key,
                      const UCHAR *iv, struct bytes data, UCHAR *out)
{
    int n = 0, more = 0;
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    FUZZ_CHECK(cipher != NULL && ctx != NULL);
    bool good = EVP_CipherInit_ex(ctx, cipher, NULL, key, iv, encrypt) == 1 &&
                EVP_CIPHER_CTX_set_padding(ctx, padding) == 1 &&
                EVP_CipherUpdate(ctx, out, &n, data.p, (int)data.n) == 1 &&
                EVP_CipherFinal_ex(ctx, out + n, &more) == 1;
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return good ? n + more : -1;
}

static void ask_block(const struct ask *a)
{
    size_t which = a->which / 4u % 5u;
    bool encrypt = (a->which & 1) != 0, padding = (a->which & 2) != 0;
    ULONG iv_n = ciphers[which].nonce, n = 0;
    UCHAR iv[16];
    if (a->key.n < ciphers[which].key || a->nonce.n < iv_n ||
        (padding && ciphers[which].block == 1) || (!encrypt && padding && a->data.n == 0))
        return;
    memcpy(iv, a->nonce.p, iv_n);
    struct room room = room_new(a->data.n + 16);
    UCHAR *theirs = input_own(a->in, a->data.n + 64);
    int expected = evp_cipher(ciphers[which].evp, encrypt, padding, a->key.p, iv, a->data, theirs);
    BCRYPT_KEY_HANDLE key = cipher_key(which, a->key.p);
    PUCHAR at = iv_n > 0 ? iv : NULL;
    ULONG flag = padding ? BCRYPT_BLOCK_PADDING : 0;
    NTSTATUS status =
        encrypt
            ? BCryptEncrypt(key, a->data.p, a->data.n, NULL, at, iv_n, room.p, room.n, &n, flag)
            : BCryptDecrypt(key, a->data.p, a->data.n, NULL, at, iv_n, room.p, room.n, &n, flag);
    FUZZ_CHECK((status == STATUS_SUCCESS) == (expected >= 0));
    FUZZ_CHECK(room_untouched_from(&room, status < 0 ? room.n : n));
    if (status == STATUS_SUCCESS)
        FUZZ_CHECK((int)n == expected && memcmp(room.p, theirs, n) == 0);
    FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
    room_free(&room);
}

static bool evp_aead(size_t which, const struct ask *a, struct bytes aad, int tag_n, UCHAR *out,
                     UCHAR *tag)
{
    int n = 0, more = 0;
    bool ccm = strstr(ciphers[which].evp, "CCM") != NULL;
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, ciphers[which].evp, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    FUZZ_CHECK(cipher != NULL && ctx != NULL);
    bool good = EVP_EncryptInit_ex(ctx, cipher, NULL, NULL, NULL) == 1 &&
                EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)a->nonce.n, NULL) == 1 &&
                (!ccm || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, tag_n, NULL) == 1) &&
                EVP_EncryptInit_ex(ctx, NULL, NULL, a->key.p, a->nonce.p) == 1 &&
                (!ccm || EVP_EncryptUpdate(ctx, NULL, &n, NULL, (int)a->data.n) == 1) &&
                (aad.n == 0 || EVP_EncryptUpdate(ctx, NULL, &n, aad.p, (int)aad.n) == 1) &&
                EVP_EncryptUpdate(ctx, out, &n, a->data.p, (int)a->data.n) == 1 &&
                EVP_EncryptFinal_ex(ctx, out + n, &more) == 1 &&
                EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, tag_n, tag) == 1;
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return good;
}

static void ask_aead(const struct ask *a)
{
    size_t which = 5 + a->which % 4u;
    struct bytes aad = take_some(a->in);
    ULONG tag_n = take_byte(a->in) % 17u, n = 0;
    UCHAR ours[16], theirs[16];
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info)
    if (a->key.n < ciphers[which].key || a->data.n == 0)
        return;
    info.pbNonce = a->nonce.p;
    info.cbNonce = a->nonce.n;
    info.pbAuthData = aad.p;
    info.cbAuthData = aad.n;
    info.pbTag = ours;
    info.cbTag = tag_n;
    struct room room = room_new(a->data.n);
    UCHAR *sealed = input_own(a->in, a->data.n + 16);
    BCRYPT_KEY_HANDLE key = cipher_key(which, a->key.p);
    NTSTATUS status =
        BCryptEncrypt(key, a->data.p, a->data.n, &info, NULL, 0, room.p, room.n, &n, 0);
    if (status == STATUS_SUCCESS) {
        FUZZ_CHECK(evp_aead(which, a, aad, (int)tag_n, sealed, theirs));
        FUZZ_CHECK(n == a->data.n && memcmp(room.p, sealed, n) == 0);
        FUZZ_CHECK(memcmp(ours, theirs, tag_n) == 0);
    }
    FUZZ_CHECK(room_intact(&room));
    FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
    room_free(&room);
}

/* ---- key derivation ----------------------------------------------------------------------------- */

static bool evp_kdf(const char *name, const OSSL_PARAM *params, UCHAR *out, size_t n)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, name, NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    bool good = ctx != NULL && EVP_KDF_derive(ctx, out, n, params) == 1;
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return good;
}

static NTSTATUS derive(LPCWSTR name, const struct ask *a, BCryptBuffer *list, ULONG count,
                       UCHAR *out, ULONG n)
{
    BCRYPT_ALG_HANDLE alg = open_algorithm(name, 0);
    BCRYPT_KEY_HANDLE key = NULL;
    BCryptBufferDesc desc = {BCRYPTBUFFER_VERSION, count, list};
    ULONG written = 0;
    FUZZ_CHECK(alg != NULL);
    NTSTATUS status = BCryptGenerateSymmetricKey(alg, &key, NULL, 0, a->key.p, a->key.n, 0);
    if (status >= 0) {
        status = BCryptKeyDerivation(key, &desc, out, n, &written, 0);
        FUZZ_CHECK(status < 0 || written == n);
        FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
    }
    FUZZ_CHECK(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS);
    return status;
}

/* PBKDF2, SP 800-108 with HMAC in counter mode, TLS 1.2's PRF, SP 800-56A's concatenation. */
static void ask_kdf(const struct ask *a)
{
    size_t hash = a->which / 4u % FIXED_HASHES;
    ULONG size = 1 + take_byte(a->in);
    unsigned count = 1 + take_byte(a->in) % 16u;
    ULONGLONG iterations = count;
    struct bytes info = a->data;
    UCHAR ours[OUT_MOST], theirs[OUT_MOST];
    BCryptBuffer list[4] = {
        {text_bytes(hashes[hash].cng), KDF_HASH_ALGORITHM, (PVOID)(ULONG_PTR)hashes[hash].cng}};
    const char *name = NULL;
    LPCWSTR cng = NULL;
    OSSL_PARAM params[8] = {UTF8(OSSL_KDF_PARAM_DIGEST, hashes[hash].evp), END};
    ULONG n = 1;
    switch (a->which % 4) {
    case 0:
        name = "PBKDF2";
        cng = BCRYPT_PBKDF2_ALGORITHM;
        list[n++] = (BCryptBuffer){a->nonce.n, KDF_SALT, a->nonce.p};
        list[n++] = (BCryptBuffer){sizeof iterations, KDF_ITERATION_COUNT, &iterations};
        params[1] = OCTETS(OSSL_KDF_PARAM_PASSWORD, a->key);
        params[2] = OCTETS(OSSL_KDF_PARAM_SALT, a->nonce);
        params[3] = OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &count);
        params[4] = END;
        break;
    case 1:
        name = "KBKDF";
        cng = BCRYPT_SP800108_CTR_HMAC_ALGORITHM;
        list[n++] = (BCryptBuffer){a->nonce.n, KDF_LABEL, a->nonce.p};
        list[n++] = (BCryptBuffer){info.n, KDF_CONTEXT, info.p};
        params[1] = UTF8(OSSL_KDF_PARAM_MAC, "HMAC");
        params[2] = OCTETS(OSSL_KDF_PARAM_KEY, a->key);
        params[3] = OCTETS(OSSL_KDF_PARAM_SALT, a->nonce);
        params[4] = OCTETS(OSSL_KDF_PARAM_INFO, info);
        params[5] = END;
        break;
    case 2:
        /* Labels and seeds have at most 256 bytes, and libcrypto concatenates them. */
        if (hash < 2)
            return;
        name = "TLS1-PRF";
        cng = BCRYPT_TLS1_2_KDF_ALGORITHM;
        list[n++] = (BCryptBuffer){a->nonce.n, KDF_TLS_PRF_LABEL, a->nonce.p};
        list[n++] = (BCryptBuffer){info.n, KDF_TLS_PRF_SEED, info.p};
        params[1] = OCTETS(OSSL_KDF_PARAM_SECRET, a->key);
        params[2] = OCTETS(OSSL_KDF_PARAM_SEED, a->nonce);
        params[3] = OCTETS(OSSL_KDF_PARAM_SEED, info);
        params[4] = END;
        break;
    default:
        name = "SSKDF";
        cng = BCRYPT_SP80056A_CONCAT_ALGORITHM;
        list[n++] = (BCryptBuffer){a->nonce.n, KDF_GENERIC_PARAMETER, a->nonce.p};
        params[1] = OCTETS(OSSL_KDF_PARAM_SECRET, a->key);
        params[2] = OCTETS(OSSL_KDF_PARAM_INFO, a->nonce);
        params[3] = END;
        break;
    }
    if (derive(cng, a, list, n, ours, size) == STATUS_SUCCESS &&
        evp_kdf(name, params, theirs, size))
        FUZZ_CHECK(memcmp(ours, theirs, size) == 0);
}

static void ask_hkdf(const struct ask *a)
{
    size_t hash = a->which % FIXED_HASHES;
    ULONG size = 1 + take_byte(a->in), written = 0;
    struct bytes info = take_some(a->in);
    UCHAR ours[OUT_MOST], theirs[OUT_MOST];
    BCryptBuffer list[] = {{info.n, KDF_HKDF_INFO, info.p}};
    BCryptBufferDesc desc = {BCRYPTBUFFER_VERSION, 1, list};
    BCRYPT_ALG_HANDLE alg = open_algorithm(BCRYPT_HKDF_ALGORITHM, 0);
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptGenerateSymmetricKey(alg, &key, NULL, 0, a->key.p, a->key.n, 0) == STATUS_SUCCESS) {
        set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, hashes[hash].cng);
        FUZZ_CHECK(BCryptSetProperty(key, BCRYPT_HKDF_SALT_AND_FINALIZE, a->nonce.p, a->nonce.n,
                                     0) == STATUS_SUCCESS);
        FUZZ_CHECK(BCryptKeyDerivation(key, &desc, ours, size, &written, 0) == STATUS_SUCCESS);
        FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
        const OSSL_PARAM params[] = {
            UTF8(OSSL_KDF_PARAM_DIGEST, hashes[hash].evp), OCTETS(OSSL_KDF_PARAM_KEY, a->key),
            OCTETS(OSSL_KDF_PARAM_SALT, a->nonce), OCTETS(OSSL_KDF_PARAM_INFO, info), END};
        if (evp_kdf("HKDF", params, theirs, size))
            FUZZ_CHECK(written == size && memcmp(ours, theirs, size) == 0);
    }
    FUZZ_CHECK(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS);
}

/* ---- signatures --------------------------------------------------------------------------------- */

/* Our RSA key, in libcrypto: numbers out of its blob. */
struct rsa {
    EVP_PKEY *pkey;
    BIGNUM *n, *e, *d;
    ULONG bytes;
};

static EVP_PKEY *pkey_of(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    FUZZ_CHECK(ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
               EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1);
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static const struct rsa *rsa_key(void)
{
    static struct rsa k;
    UCHAR blob[2048], n_bytes[256], e_bytes[8];
    ULONG size = 0;
    if (k.pkey != NULL)
        return &k;
    FUZZ_CHECK(BCryptExportKey(pair_of(0)->key, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, blob, sizeof blob,
                               &size, 0) == STATUS_SUCCESS);
    BCRYPT_RSAKEY_BLOB head;
    memcpy(&head, blob, sizeof head);
    const UCHAR *at = blob + sizeof head;
    k.bytes = head.cbModulus;
    k.e = BN_bin2bn(at, (int)head.cbPublicExp, NULL);
    k.n = BN_bin2bn(at + head.cbPublicExp, (int)head.cbModulus, NULL);
    k.d = BN_bin2bn(blob + size - head.cbModulus, (int)head.cbModulus, NULL);
    FUZZ_CHECK(k.e != NULL && k.n != NULL && k.d != NULL);
    FUZZ_CHECK(BN_bn2nativepad(k.n, n_bytes, (int)head.cbModulus) > 0 &&
               BN_bn2nativepad(k.e, e_bytes, (int)head.cbPublicExp) > 0);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n_bytes, head.cbModulus),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_E, e_bytes, head.cbPublicExp), END};
    k.pkey = pkey_of("RSA", params);
    return &k;
}

/* x^y mod n, as long as n. */
static void power(const struct rsa *k, UCHAR *x, const BIGNUM *y)
{
    BN_CTX *ctx = BN_CTX_new();
    BIGNUM *v = BN_bin2bn(x, (int)k->bytes, NULL);
    FUZZ_CHECK(ctx != NULL && v != NULL && BN_mod(v, v, k->n, ctx) == 1 &&
               BN_mod_exp(v, v, y, k->n, ctx) == 1 && BN_bn2binpad(v, x, (int)k->bytes) > 0);
    BN_free(v);
    BN_CTX_free(ctx);
}

static bool evp_verify(EVP_PKEY *pkey, const char *hash, int padding, int salt, struct bytes digest,
                       const UCHAR *signature, size_t n)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    EVP_MD *md = EVP_MD_fetch(NULL, hash, NULL);
    FUZZ_CHECK(ctx != NULL && md != NULL && EVP_PKEY_verify_init(ctx) == 1);
    bool good =
        (padding == 0 || EVP_PKEY_CTX_set_rsa_padding(ctx, padding) == 1) &&
        (padding != RSA_PKCS1_PSS_PADDING || EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt) == 1) &&
        (padding == 0 || EVP_PKEY_CTX_set_signature_md(ctx, md) == 1) &&
        EVP_PKEY_verify(ctx, signature, n, digest.p, digest.n) == 1;
    EVP_MD_free(md);
    EVP_PKEY_CTX_free(ctx);
    return good;
}

/* The padded message of a true signature, with changes, raised to d again: what unpadding sees is the input's choice. */
static void ask_rsa(const struct ask *a)
{
    const struct rsa *k = rsa_key();
    size_t hash = a->which / 2u % FIXED_HASHES;
    bool pss = a->which % 2 != 0;
    ULONG salt = a->nonce.n, n = 0;
    UCHAR signature[256], digest_bytes[64] = {0};
    struct bytes digest = {digest_bytes, hashes[hash].bytes};
    memcpy(digest.p, a->key.p, a->key.n < digest.n ? a->key.n : digest.n);
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {hashes[hash].cng};
    BCRYPT_PSS_PADDING_INFO pss_info = {hashes[hash].cng, salt};
    void *info = pss ? (void *)&pss_info : &pkcs1;
    ULONG flag = pss ? BCRYPT_PAD_PSS : BCRYPT_PAD_PKCS1;
    if (BCryptSignHash(pair_of(0)->key, info, digest.p, digest.n, signature, sizeof signature, &n,
                       flag) < 0)
        return;
    FUZZ_CHECK(n == k->bytes);
    power(k, signature, k->e);
    for (ULONG i = 0; i < n && i < a->data.n; i++)
        signature[i] ^= a->data.p[i];
    power(k, signature, k->d);
    bool ours = BCryptVerifySignature(pair_of(0)->key, info, digest.p, digest.n, signature, n,
                                      flag) == STATUS_SUCCESS;
    FUZZ_CHECK(ours == evp_verify(k->pkey, hashes[hash].evp,
                                  pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING, (int)salt,
                                  digest, signature, n));
}

static EVP_PKEY *ec_key(void)
{
    static EVP_PKEY *pkey;
    UCHAR blob[256];
    ULONG n = 0;
    if (pkey != NULL)
        return pkey;
    FUZZ_CHECK(BCryptExportKey(pair_of(3)->key, NULL, BCRYPT_ECCPUBLIC_BLOB, blob, sizeof blob, &n,
                               0) == STATUS_SUCCESS);
    struct bytes point = {blob + sizeof(BCRYPT_ECCKEY_BLOB) - 1,
                          n - (ULONG)sizeof(BCRYPT_ECCKEY_BLOB) + 1};
    point.p[0] = 4;
    OSSL_PARAM params[] = {UTF8(OSSL_PKEY_PARAM_GROUP_NAME, "P-256"),
                           OCTETS(OSSL_PKEY_PARAM_PUB_KEY, point), END};
    pkey = pkey_of("EC", params);
    return pkey;
}

/* r and s of a true signature, with changes. */
static void ask_ecdsa(const struct ask *a)
{
    struct bytes hash = a->key;
    UCHAR signature[64], *der = NULL;
    ULONG n = 0;
    if (hash.n == 0 || BCryptSignHash(pair_of(3)->key, NULL, hash.p, hash.n, signature,
                                      sizeof signature, &n, 0) < 0)
        return;
    for (ULONG i = 0; i < n && i < a->data.n; i++)
        signature[i] = (a->which & 1) != 0 ? a->data.p[i] : signature[i] ^ a->data.p[i];
    ECDSA_SIG *pair = ECDSA_SIG_new();
    FUZZ_CHECK(pair != NULL && ECDSA_SIG_set0(pair, BN_bin2bn(signature, 32, NULL),
                                              BN_bin2bn(signature + 32, 32, NULL)) == 1);
    int der_n = i2d_ECDSA_SIG(pair, &der);
    FUZZ_CHECK(der_n > 0);
    bool ours = BCryptVerifySignature(pair_of(3)->key, NULL, hash.p, hash.n, signature, n, 0) ==
                STATUS_SUCCESS;
    FUZZ_CHECK(ours == evp_verify(ec_key(), "SHA256", 0, 0, hash, der, (size_t)der_n));
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
}

static void (*const questions[])(const struct ask *a) = {
    ask_hash, ask_hmac, ask_cmac, ask_kmac, ask_block,
    ask_aead, ask_kdf,  ask_hkdf, ask_rsa,  ask_ecdsa,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    uint8_t what = take_byte(&in);
    struct ask a = {.which = take_byte(&in), .in = &in};
    a.key = take_some(&in);
    a.nonce = take_some(&in);
    a.data = take_bytes(&in, take_u16(&in));
    questions[what % COUNT(questions)](&a);
    input_done(&in);
    return 0;
}
