/*
 * The rows of hashes and message authentication codes. HMAC is no algorithm of its own but a hash that
 * was opened with the flag for it, so a hash's row has two classes.
 */
#include "answers.h"
#include "digest.h"
#include "hash_cmac.h"
#include "hash_gmac.h"
#include "hash_hmac.h"
#include "hash_plain.h"
#include "hash_xof.h"
#include "lanes.h"
#include "registry.h"

#define OPEN_FLAGS (BCRYPT_HASH_REUSABLE_FLAG | BCRYPT_MULTI_FLAG)

#define HASH_FACTS .interface_id = BCRYPT_HASH_INTERFACE, .operations = BCRYPT_HASH_OPERATION

/* clang-format off */

/* ---- hashes of a fixed length, and their HMAC ----------------------------------------------- */

/* `more` and `hmac_more`: what the hash and what its HMAC have besides. */
#define FIXED(id, title, row, bytes, more, hmac_more, ...)                                         \
    static const struct hash_class id##_hash = {HASH_PLAIN_OPS, .length = (bytes), more};          \
    static const struct hash_class id##_hmac = {HASH_HMAC_OPS, .length = (bytes), hmac_more};      \
    const struct alg_class id##_class = {                                                          \
        HASH_FACTS,                                                                                \
        .name = (title),                                                                           \
        .params = &digest_rows[row],                                                               \
        .props = hash_props_digest,                                                                \
        .hash = &id##_hash,                                                                        \
        .hmac = &id##_hmac,                                                                        \
        .selftest = &selftest_##id,                                                                \
        __VA_ARGS__                                                                                \
    }

#define HMAC_FLAGS (OPEN_FLAGS | BCRYPT_ALG_HANDLE_HMAC_FLAG)
#define TLS_FLAGS (HMAC_FLAGS | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG)
#define TLS_VERIFY .tls_verify = hash_hmac_tls_verify
#define NO_MULTI .no_multi = true

FIXED(md2, "MD2", DIGEST_MD2, 16, , NO_MULTI, .open_flags = HMAC_FLAGS, .not_approved = true);
FIXED(md4, "MD4", DIGEST_MD4, 16, , NO_MULTI, .open_flags = HMAC_FLAGS, .not_approved = true);
FIXED(md5, "MD5", DIGEST_MD5, 16, , , .open_flags = HMAC_FLAGS, .not_approved = true);
FIXED(sha1, "SHA1", DIGEST_SHA1, 20, , TLS_VERIFY, .open_flags = TLS_FLAGS);
FIXED(sha256, "SHA256", DIGEST_SHA256, 32, .multi = &multi_sha256, TLS_VERIFY, .open_flags = TLS_FLAGS);
FIXED(sha384, "SHA384", DIGEST_SHA384, 48, .multi = &multi_sha384, TLS_VERIFY, .open_flags = TLS_FLAGS);
FIXED(sha512, "SHA512", DIGEST_SHA512, 64, .multi = &multi_sha512, , .open_flags = HMAC_FLAGS);
FIXED(sha3_256, "SHA3-256", DIGEST_SHA3_256, 32, , , .open_flags = HMAC_FLAGS);
FIXED(sha3_384, "SHA3-384", DIGEST_SHA3_384, 48, , , .open_flags = HMAC_FLAGS);
FIXED(sha3_512, "SHA3-512", DIGEST_SHA3_512, 64, , , .open_flags = HMAC_FLAGS);

/* ---- of any length -------------------------------------------------------------------------- */

static const struct hash_class xof128 = {HASH_XOF_OPS, .length = 32};
static const struct hash_class xof256 = {HASH_XOF_OPS, .length = 64};
static const struct hash_class kmac128 = {HASH_KMAC_OPS, .length = 32};
static const struct hash_class kmac256 = {HASH_KMAC_OPS, .length = 64};

#define ANY_LENGTH(id, title, row, class, rows)                                                    \
    const struct alg_class id##_class = {                                                          \
        HASH_FACTS,                                                                                \
        .name = (title),                                                                           \
        .open_flags = OPEN_FLAGS,                                                                  \
        .params = &digest_rows[row],                                                               \
        .props = (rows),                                                                           \
        .hash = &(class),                                                                          \
        .selftest = &selftest_##id,                                                                \
    }

ANY_LENGTH(shake128, "SHAKE128", DIGEST_SHAKE128, xof128, hash_props_digest);
ANY_LENGTH(shake256, "SHAKE256", DIGEST_SHAKE256, xof256, hash_props_digest);
ANY_LENGTH(cshake128, "CSHAKE128", DIGEST_SHAKE128, xof128, hash_props_cshake);
ANY_LENGTH(cshake256, "CSHAKE256", DIGEST_SHAKE256, xof256, hash_props_cshake);
ANY_LENGTH(kmac128, "KMAC128", DIGEST_SHAKE128, kmac128, hash_props_kmac);
ANY_LENGTH(kmac256, "KMAC256", DIGEST_SHAKE256, kmac256, hash_props_kmac);

/* clang-format on */

/* ---- codes of a block cipher ---------------------------------------------------------------- */

#define AES_KEY_LENGTHS                                                                            \
    {                                                                                              \
        .dwMinLength = 128, .dwMaxLength = 256, .dwIncrement = 64                                  \
    }

static const struct hash_class cmac = {HASH_CMAC_OPS};
static const struct hash_class gmac = {HASH_GMAC_OPS};

/* The flag for HMAC changes nothing; programs give it to use the code for key derivation (observed on
 * Windows). */
const struct alg_class aes_cmac_class = {
    HASH_FACTS,
    .name = "AES-CMAC",
    .open_flags = OPEN_FLAGS | BCRYPT_ALG_HANDLE_HMAC_FLAG,
    .key_lengths = AES_KEY_LENGTHS,
    .props = hash_props_cmac,
    .hash = &cmac,
    .hmac = &cmac,
    .selftest = &selftest_aes_cmac,
};

const struct alg_class aes_gmac_class = {
    HASH_FACTS,
    .name = "AES-GMAC",
    .open_flags = BCRYPT_HASH_REUSABLE_FLAG,
    .key_lengths = AES_KEY_LENGTHS,
    .props = hash_props_gmac,
    .hash = &gmac,
    .selftest = &selftest_aes_gmac,
};
