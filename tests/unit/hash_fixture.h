/* What the tests of hashes share: every algorithm of the family as a row, and libcrypto's answer for
 * it. */
#ifndef TESTS_UNIT_HASH_FIXTURE_H
#define TESTS_UNIT_HASH_FIXTURE_H

#include "crypto_check.h"

#define MAX_RESULT 700 /* bytes that the tests ask of a XOF */

struct hash_row {
    const char *label;
    LPCWSTR alg;
    ULONG flags;
    ULONG length;       /* of the result; XOFs: by default */
    ULONG block;        /* HashBlockLength */
    const char *md;     /* libcrypto's hash */
    const char *mac;    /* libcrypto's code, for keyed ones */
    const char *cipher; /* that it takes */
    size_t key;         /* bytes of the keys that the tests use */
    bool xof;
    ULONG_PTR pseudo; /* pseudo-handle; 0: none */
};

#define HMAC_ROW(name, n, b, md_name, k, handle)                                                   \
    {                                                                                              \
        .label = "HMAC-" name, .alg = L"" name, .flags = BCRYPT_ALG_HANDLE_HMAC_FLAG, .length = n, \
        .block = b, .md = md_name, .mac = "HMAC", .key = k, .pseudo = handle                       \
    }
#define PLAIN_ROW(name, n, b, md_name, handle)                                                     \
    {                                                                                              \
        .label = name, .alg = L"" name, .length = n, .block = b, .md = md_name, .pseudo = handle   \
    }
#define XOF_ROW(name, n, b, md_name, handle)                                                       \
    {                                                                                              \
        .label = name, .alg = L"" name, .length = n, .block = b, .md = md_name, .xof = true,       \
        .pseudo = handle                                                                           \
    }

static const struct hash_row hash_rows[] = {
    PLAIN_ROW("MD2", 16, 16, "MD2", 0x01),
    PLAIN_ROW("MD4", 16, 64, "MD4", 0x11),
    PLAIN_ROW("MD5", 16, 64, "MD5", 0x21),
    PLAIN_ROW("SHA1", 20, 64, "SHA1", 0x31),
    PLAIN_ROW("SHA256", 32, 64, "SHA2-256", 0x41),
    PLAIN_ROW("SHA384", 48, 128, "SHA2-384", 0x51),
    PLAIN_ROW("SHA512", 64, 128, "SHA2-512", 0x61),
    PLAIN_ROW("SHA3-256", 32, 136, "SHA3-256", 0x3B1),
    PLAIN_ROW("SHA3-384", 48, 104, "SHA3-384", 0x3C1),
    PLAIN_ROW("SHA3-512", 64, 72, "SHA3-512", 0x3D1),
    HMAC_ROW("MD2", 16, 16, "MD2", 7, 0x121),
    HMAC_ROW("MD4", 16, 64, "MD4", 64, 0x131),
    HMAC_ROW("MD5", 16, 64, "MD5", 65, 0x91),
    HMAC_ROW("SHA1", 20, 64, "SHA1", 20, 0xA1),
    HMAC_ROW("SHA256", 32, 64, "SHA2-256", 200, 0xB1),
    HMAC_ROW("SHA384", 48, 128, "SHA2-384", 48, 0xC1),
    HMAC_ROW("SHA512", 64, 128, "SHA2-512", 129, 0xD1),
    HMAC_ROW("SHA3-256", 32, 136, "SHA3-256", 136, 0x3E1),
    HMAC_ROW("SHA3-384", 48, 104, "SHA3-384", 105, 0x3F1),
    HMAC_ROW("SHA3-512", 64, 72, "SHA3-512", 1, 0x401),
    XOF_ROW("SHAKE128", 32, 168, "SHAKE-128", 0x451),
    XOF_ROW("SHAKE256", 64, 136, "SHAKE-256", 0x461),
    XOF_ROW("CSHAKE128", 32, 168, "SHAKE-128", 0x411),
    XOF_ROW("CSHAKE256", 64, 136, "SHAKE-256", 0x421),
    {"KMAC128", L"KMAC128", 0, 32, 168, NULL, "KMAC-128", NULL, 32, true, 0x431},
    {"KMAC256", L"KMAC256", 0, 64, 136, NULL, "KMAC-256", NULL, 137, true, 0x441},
    {"AES-CMAC 16", L"AES-CMAC", 0, 16, 16, NULL, "CMAC", "AES-128-CBC", 16, false, 0x101},
    {"AES-CMAC 24", L"AES-CMAC", BCRYPT_ALG_HANDLE_HMAC_FLAG, 16, 16, NULL, "CMAC", "AES-192-CBC",
     24, false, 0x101},
    {"AES-CMAC 32", L"AES-CMAC", 0, 16, 16, NULL, "CMAC", "AES-256-CBC", 32, false, 0x101},
    {"AES-GMAC 16", L"AES-GMAC", 0, 16, 16, NULL, "GMAC", "AES-128-GCM", 16, false, 0x111},
    {"AES-GMAC 24", L"AES-GMAC", 0, 16, 16, NULL, "GMAC", "AES-192-GCM", 24, false, 0x111},
    {"AES-GMAC 32", L"AES-GMAC", 0, 16, 16, NULL, "GMAC", "AES-256-GCM", 32, false, 0x111},
};

static const uint8_t hash_nonce[12] = "0123456789a";

static inline bool row_needs_nonce(const struct hash_row *row)
{
    return row->mac != NULL && strcmp(row->mac, "GMAC") == 0;
}

/* What libcrypto says of the text; n bytes of it from a XOF. */
static inline void oracle_hash(const struct hash_row *row, struct span key, struct span text,
                               uint8_t *out, size_t n)
{
    if (row->mac == NULL) {
        EVP_MD *md = EVP_MD_fetch(ossl_ctx(), row->md, NULL);
        EVP_MD_CTX *ctx = EVP_MD_CTX_new();
        assert_int_equal(EVP_DigestInit_ex2(ctx, md, NULL), 1);
        assert_int_equal(EVP_DigestUpdate(ctx, text.p, text.n), 1);
        assert_int_equal(
            row->xof ? EVP_DigestFinalXOF(ctx, out, n) : EVP_DigestFinal_ex(ctx, out, NULL), 1);
        EVP_MD_CTX_free(ctx);
        EVP_MD_free(md);
        return;
    }
    EVP_MAC *method = EVP_MAC_fetch(ossl_ctx(), row->mac, NULL);
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(method);
    assert_non_null(ctx);
    OSSL_PARAM params[5], *p = params;
    if (row->md != NULL)
        *p++ = STRING("digest", row->md);
    if (row->cipher != NULL)
        *p++ = STRING("cipher", row->cipher);
    if (row_needs_nonce(row))
        *p++ = OCTETS("iv", span_of(hash_nonce, sizeof hash_nonce));
    if (row->xof)
        *p++ = OSSL_PARAM_construct_size_t("size", &n);
    *p = OSSL_PARAM_construct_end();
    size_t written = 0;
    assert_int_equal(EVP_MAC_init(ctx, key.p, key.n, params), 1);
    assert_int_equal(EVP_MAC_update(ctx, text.p, text.n), 1);
    assert_int_equal(EVP_MAC_final(ctx, out, &written, n), 1);
    assert_int_equal(written, n);
    EVP_MAC_CTX_free(ctx);
    EVP_MAC_free(method);
}

/* ---- the algorithm through the API ----------------------------------------------------------- */

static inline BCRYPT_ALG_HANDLE row_open(const struct hash_row *row, ULONG more_flags)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    assert_int_equal(BCryptOpenAlgorithmProvider(&alg, row->alg, NULL, row->flags | more_flags), 0);
    return alg;
}

static inline void row_set_nonce(const struct hash_row *row, BCRYPT_HASH_HANDLE hash)
{
    if (row_needs_nonce(row))
        assert_int_equal(BCryptSetProperty(hash, BCRYPT_INITIALIZATION_VECTOR,
                                           (PUCHAR)(uintptr_t)hash_nonce, sizeof hash_nonce, 0),
                         0);
}

static inline PUCHAR bytes_at(const uint8_t *p)
{
    return (PUCHAR)(uintptr_t)p;
}

/* A hash object ready for data. */
static inline BCRYPT_HASH_HANDLE row_hash(const struct hash_row *row, BCRYPT_ALG_HANDLE alg,
                                          const uint8_t *key, ULONG flags)
{
    BCRYPT_HASH_HANDLE hash = NULL;
    assert_int_equal(BCryptCreateHash(alg, &hash, NULL, 0, row->mac != NULL ? bytes_at(key) : NULL,
                                      (ULONG)row->key, flags),
                     0);
    row_set_nonce(row, hash);
    return hash;
}

#endif
