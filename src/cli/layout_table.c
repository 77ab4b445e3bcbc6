/*
 * The blobs of bcrypt.h and their parts, in the order of the bytes. The names in the parts' macros are the header
 * fields of Windows' structures.
 */
#include "layout.h"

#include <bcrypt.h>

#define VERSION_IS(n)                                                                              \
    {                                                                                              \
        PART_VERSION, FIELD_NONE, 0, n                                                             \
    }
#define INT_OF(f)                                                                                  \
    {                                                                                              \
        PART_INT, f, 0, 0                                                                          \
    }
#define BITS_OF(f)                                                                                 \
    {                                                                                              \
        PART_BITS, f, 0, 0                                                                         \
    }
#define LENGTH(s)                                                                                  \
    {                                                                                              \
        PART_LENGTH, FIELD_NONE, s, 0                                                              \
    }
#define LENGTH_OR(s, f)                                                                            \
    {                                                                                              \
        PART_LENGTH, f, s, 0                                                                       \
    }
#define BITLENGTH(s)                                                                               \
    {                                                                                              \
        PART_BITLENGTH, FIELD_NONE, s, 0                                                           \
    }
#define NUMBER(f, s)                                                                               \
    {                                                                                              \
        PART_NUMBER, f, s, 0                                                                       \
    }
#define NUMBER_IN(f, n)                                                                            \
    {                                                                                              \
        PART_NUMBER, f, 0, n                                                                       \
    }
#define REVERSED(f, s)                                                                             \
    {                                                                                              \
        PART_REVERSED, f, s, 0                                                                     \
    }
#define REVERSED_IN(f, n)                                                                          \
    {                                                                                              \
        PART_REVERSED, f, 0, n                                                                     \
    }
#define HALF(f, s)                                                                                 \
    {                                                                                              \
        PART_HALF, f, s, 0                                                                         \
    }
#define BYTES(f, s)                                                                                \
    {                                                                                              \
        PART_BYTES, f, s, 0                                                                        \
    }
#define BYTES_IN(f, n)                                                                             \
    {                                                                                              \
        PART_BYTES, f, 0, n                                                                        \
    }
#define OPTIONAL_BYTES(f, s)                                                                       \
    {                                                                                              \
        PART_OPTIONAL, f, s, 0                                                                     \
    }
#define UTF16(f, s)                                                                                \
    {                                                                                              \
        PART_TEXT, f, s, 0                                                                         \
    }
#define END                                                                                        \
    {                                                                                              \
        PART_END, FIELD_NONE, 0, 0                                                                 \
    }

/* ---- RSA: BCRYPT_RSAKEY_BLOB --------------------------------------------------------------------------------- */

enum { E = 1, N, P1, P2 };

#define RSA_HEADER BITS_OF(FIELD_MODULUS), LENGTH(E), LENGTH(N), LENGTH(P1), LENGTH(P2)
#define RSA_PUBLIC NUMBER(FIELD_PUBLIC_EXPONENT, E), NUMBER(FIELD_MODULUS, N)
#define RSA_PRIMES NUMBER(FIELD_PRIME1, P1), NUMBER(FIELD_PRIME2, P2)

static const struct part rsa_public[] = {RSA_HEADER, RSA_PUBLIC, END};
static const struct part rsa_private[] = {RSA_HEADER, RSA_PUBLIC, RSA_PRIMES, END};
static const struct part rsa_full[] = {
    RSA_HEADER,
    RSA_PUBLIC,
    RSA_PRIMES,
    NUMBER(FIELD_EXPONENT1, P1),
    NUMBER(FIELD_EXPONENT2, P2),
    NUMBER(FIELD_COEFFICIENT, P1),
    NUMBER(FIELD_PRIVATE_EXPONENT, N),
    END,
};

/* RSAPUBKEY */
#define CAPI_RSA BITLENGTH(N), REVERSED_IN(FIELD_PUBLIC_EXPONENT, 4), REVERSED(FIELD_MODULUS, N)

static const struct part capi_rsa_public[] = {CAPI_RSA, END};
static const struct part capi_rsa_private[] = {
    CAPI_RSA,
    HALF(FIELD_PRIME1, N),
    HALF(FIELD_PRIME2, N),
    HALF(FIELD_EXPONENT1, N),
    HALF(FIELD_EXPONENT2, N),
    HALF(FIELD_COEFFICIENT, N),
    REVERSED(FIELD_PRIVATE_EXPONENT, N),
    END,
};

/* ---- curves: BCRYPT_ECCKEY_BLOB, BCRYPT_ECCFULLKEY_BLOB, SSL_ECCKEY_BLOB -------------------------------------- */

enum { KEY = 1 };
enum { FIELD_ELEMENT = 1, ORDER, COFACTOR, CURVE_SEED };

#define POINT NUMBER(FIELD_X, KEY), NUMBER(FIELD_Y, KEY)

static const struct part ecc_public[] = {LENGTH_OR(KEY, FIELD_COORDINATE), POINT, END};
static const struct part ecc_private[] = {LENGTH_OR(KEY, FIELD_COORDINATE), POINT,
                                          NUMBER(FIELD_D, KEY), END};
static const struct part ecc_ssl[] = {INT_OF(FIELD_TLS_CURVE), LENGTH_OR(KEY, FIELD_COORDINATE),
                                      POINT, END};

#define ECC_FULL                                                                                   \
    VERSION_IS(1), INT_OF(FIELD_CURVE_TYPE), INT_OF(FIELD_GENERATION), LENGTH(FIELD_ELEMENT),      \
        LENGTH(ORDER), LENGTH(COFACTOR), LENGTH(CURVE_SEED), NUMBER(FIELD_CURVE_P, FIELD_ELEMENT), \
        NUMBER(FIELD_CURVE_A, FIELD_ELEMENT), NUMBER(FIELD_CURVE_B, FIELD_ELEMENT),                \
        NUMBER(FIELD_CURVE_GX, FIELD_ELEMENT), NUMBER(FIELD_CURVE_GY, FIELD_ELEMENT),              \
        NUMBER(FIELD_CURVE_ORDER, ORDER), NUMBER(FIELD_CURVE_COFACTOR, COFACTOR),                  \
        OPTIONAL_BYTES(FIELD_CURVE_SEED, CURVE_SEED), NUMBER(FIELD_X, FIELD_ELEMENT),              \
        NUMBER(FIELD_Y, FIELD_ELEMENT)

static const struct part ecc_full_public[] = {ECC_FULL, END};
static const struct part ecc_full_private[] = {ECC_FULL, NUMBER(FIELD_D, ORDER), END};

/* ---- Diffie-Hellman: BCRYPT_DH_KEY_BLOB ----------------------------------------------------------------------- */

#define DH_PUBLIC                                                                                  \
    LENGTH(KEY), NUMBER(FIELD_P, KEY), NUMBER(FIELD_G, KEY), NUMBER(FIELD_PUBLIC_VALUE, KEY)

static const struct part dh_public[] = {DH_PUBLIC, END};
static const struct part dh_private[] = {DH_PUBLIC, NUMBER(FIELD_PRIVATE_VALUE, KEY), END};
static const struct part dh_parameters[] = {LENGTH(KEY), NUMBER(FIELD_P, KEY), NUMBER(FIELD_G, KEY),
                                            END};

/* ---- DSA: BCRYPT_DSA_KEY_BLOB and _V2 ------------------------------------------------------------------------- */

enum { P_BYTES = 1, Q_BYTES, SEED_BYTES };

#define DSA_HEADER                                                                                 \
    LENGTH(P_BYTES), BYTES_IN(FIELD_DSA_COUNT, 4), BYTES_IN(FIELD_DSA_SEED, 20),                   \
        NUMBER_IN(FIELD_Q, 20), NUMBER(FIELD_P, P_BYTES), NUMBER(FIELD_G, P_BYTES)
#define DSA_HEADER_V2                                                                              \
    LENGTH(P_BYTES), INT_OF(FIELD_DSA_HASH), INT_OF(FIELD_DSA_STANDARD), LENGTH(SEED_BYTES),       \
        LENGTH(Q_BYTES), BYTES_IN(FIELD_DSA_COUNT, 4), BYTES(FIELD_DSA_SEED, SEED_BYTES),          \
        NUMBER(FIELD_Q, Q_BYTES), NUMBER(FIELD_P, P_BYTES), NUMBER(FIELD_G, P_BYTES)
#define DSA_Y NUMBER(FIELD_PUBLIC_VALUE, P_BYTES)

static const struct part dsa_public[] = {DSA_HEADER, DSA_Y, END};
static const struct part dsa_private[] = {DSA_HEADER, DSA_Y, NUMBER_IN(FIELD_PRIVATE_VALUE, 20),
                                          END};
static const struct part dsa_parameters[] = {DSA_HEADER, END};
static const struct part dsa_public_v2[] = {DSA_HEADER_V2, DSA_Y, END};
static const struct part dsa_private_v2[] = {DSA_HEADER_V2, DSA_Y,
                                             NUMBER(FIELD_PRIVATE_VALUE, Q_BYTES), END};
static const struct part dsa_parameters_v2[] = {DSA_HEADER_V2, END};

/* ---- CryptoAPI's DSA version 2, and version 3 of DSA and DH ----------------------------------------------------
 * The counter of DSSSEED is a little-endian DWORD, its seed is reversed like a number. */

#define DSS_SEED REVERSED_IN(FIELD_DSA_COUNT, 4), REVERSED_IN(FIELD_DSA_SEED, 20)
#define DSS_GROUP                                                                                  \
    BITLENGTH(P_BYTES), REVERSED(FIELD_P, P_BYTES), REVERSED_IN(FIELD_Q, 20),                      \
        REVERSED(FIELD_G, P_BYTES)

static const struct part capi_dsa_public[] = {DSS_GROUP, REVERSED(FIELD_PUBLIC_VALUE, P_BYTES),
                                              DSS_SEED, END};
static const struct part capi_dsa_private[] = {DSS_GROUP, REVERSED_IN(FIELD_PRIVATE_VALUE, 20),
                                               DSS_SEED, END};

enum { J_BYTES = 3, X_BYTES };

#define V3_LENGTHS BITLENGTH(P_BYTES), BITLENGTH(Q_BYTES), BITLENGTH(J_BYTES)
#define V3_NUMBERS                                                                                 \
    REVERSED(FIELD_P, P_BYTES), REVERSED(FIELD_Q, Q_BYTES), REVERSED(FIELD_G, P_BYTES),            \
        REVERSED(FIELD_J, J_BYTES), REVERSED(FIELD_PUBLIC_VALUE, P_BYTES)

static const struct part capi_v3_public[] = {V3_LENGTHS, DSS_SEED, V3_NUMBERS, END};
static const struct part capi_v3_private[] = {
    V3_LENGTHS, BITLENGTH(X_BYTES), DSS_SEED, V3_NUMBERS, REVERSED(FIELD_PRIVATE_VALUE, X_BYTES),
    END};

/* ---- post-quantum: BCRYPT_PQDSA_KEY_BLOB, BCRYPT_MLKEM_KEY_BLOB ----------------------------------------------- */

enum { SET = 1, MATERIAL };

#define PQ(f) LENGTH(SET), LENGTH(MATERIAL), UTF16(FIELD_SET, SET), BYTES(f, MATERIAL)

static const struct part pq_public[] = {PQ(FIELD_PUBLIC_KEY), END};
static const struct part pq_private[] = {PQ(FIELD_PRIVATE_KEY), END};
static const struct part pq_seed[] = {PQ(FIELD_SEED), END};

/* ---- symmetric keys ------------------------------------------------------------------------------------------ */

static const struct part key_data[] = {VERSION_IS(1), LENGTH(KEY), BYTES(FIELD_KEY_DATA, KEY), END};

enum { WRAPPED = 1, WRAP_HASH, WRAP_LABEL };

static const struct part rsa_aes_wrap[] = {
    LENGTH(WRAPPED),
    LENGTH(WRAP_HASH),
    LENGTH(WRAP_LABEL),
    BYTES(FIELD_WRAPPED_KEY, WRAPPED),
    UTF16(FIELD_WRAP_HASH, WRAP_HASH),
    BYTES(FIELD_WRAP_LABEL, WRAP_LABEL),
    END,
};

/* ---- the rows ------------------------------------------------------------------------------------------------
 * Among rows of one magic, and among rows of one type to write, the one that asks for more comes first. */

#define PUBLIC(name, alg, number, list)                                                            \
    {                                                                                              \
        .type = name, .algorithm = alg, .magic = number, .parts = list                             \
    }
#define PRIVATE(name, alg, number, list)                                                           \
    {                                                                                              \
        .type = name, .algorithm = alg, .magic = number, .is_private = true, .parts = list         \
    }
#define ON_CURVE(name, alg, on, number, private, list)                                             \
    {                                                                                              \
        .type = name, .algorithm = alg, .curve = on, .magic = number, .is_private = private,       \
        .parts = list                                                                              \
    }
#define CURVE_PAIR(alg, on, size)                                                                  \
    ON_CURVE("ECCPUBLICBLOB", #alg, on, BCRYPT_##alg##_PUBLIC_##size##_MAGIC, false, ecc_public),  \
        ON_CURVE("ECCPRIVATEBLOB", #alg, on, BCRYPT_##alg##_PRIVATE_##size##_MAGIC, true,          \
                 ecc_private)
#define FULL_PAIR(alg)                                                                             \
    PUBLIC("ECCFULLPUBLICBLOB", #alg, BCRYPT_##alg##_PUBLIC_GENERIC_MAGIC, ecc_full_public),       \
        PRIVATE("ECCFULLPRIVATEBLOB", #alg, BCRYPT_##alg##_PRIVATE_GENERIC_MAGIC,                  \
                ecc_full_private)
/* The library imports CryptoAPI's private blobs, and not its public ones. */
#define CAPI_PUBLIC(name, alg, v, number, list, ...)                                               \
    {                                                                                              \
        .type = name, .algorithm = alg, .magic = number, .magic_at = 8, .foreign = true,           \
        .capi = {6, v, {__VA_ARGS__}}, .parts = list                                               \
    }
#define CAPI_PRIVATE(name, alg, v, number, list, ...)                                              \
    {                                                                                              \
        .type = name, .algorithm = alg, .magic = number, .magic_at = 8, .is_private = true,        \
        .capi = {7, v, {__VA_ARGS__}}, .parts = list                                               \
    }
#define TRAILING(name, alg, number, private, list)                                                 \
    {                                                                                              \
        .type = name, .algorithm = alg, .magic = number, .is_private = private, .trailing = true,  \
        .parts = list                                                                              \
    }
#define PARAMETERS(name, number, list)                                                             \
    {                                                                                              \
        .type = name, .magic = number, .magic_at = 4, .parts = list                                \
    }

#define CALG_RSA 0x0000A400, 0x00002400
#define CALG_DSS 0x00002200, 0
#define CALG_DH 0x0000AA01, 0x0000AA02
#define DSS1 0x31535344
#define DSS2 0x32535344
#define DSS3 0x33535344
#define DSS4 0x34535344
#define DH3 0x33484400
#define DH4 0x34484400

/* clang-format off */
const struct layout layouts[] = {
    PUBLIC("RSAPUBLICBLOB", "RSA", BCRYPT_RSAPUBLIC_MAGIC, rsa_public),
    PRIVATE("RSAPRIVATEBLOB", "RSA", BCRYPT_RSAPRIVATE_MAGIC, rsa_private),
    PRIVATE("RSAFULLPRIVATEBLOB", "RSA", BCRYPT_RSAFULLPRIVATE_MAGIC, rsa_full),

    FULL_PAIR(ECDSA),
    FULL_PAIR(ECDH),
    CURVE_PAIR(ECDSA, "nistP256", P256),
    CURVE_PAIR(ECDSA, "nistP384", P384),
    CURVE_PAIR(ECDSA, "nistP521", P521),
    CURVE_PAIR(ECDSA, NULL, GENERIC),
    CURVE_PAIR(ECDH, "nistP256", P256),
    CURVE_PAIR(ECDH, "nistP384", P384),
    CURVE_PAIR(ECDH, "nistP521", P521),
    CURVE_PAIR(ECDH, NULL, GENERIC),

    PUBLIC("DHPUBLICBLOB", "DH", BCRYPT_DH_PUBLIC_MAGIC, dh_public),
    PRIVATE("DHPRIVATEBLOB", "DH", BCRYPT_DH_PRIVATE_MAGIC, dh_private),

    PUBLIC("DSAPUBLICBLOB", "DSA", BCRYPT_DSA_PUBLIC_MAGIC_V2, dsa_public_v2),
    PRIVATE("DSAPRIVATEBLOB", "DSA", BCRYPT_DSA_PRIVATE_MAGIC_V2, dsa_private_v2),
    PUBLIC("DSAPUBLICBLOB", "DSA", BCRYPT_DSA_PUBLIC_MAGIC, dsa_public),
    PRIVATE("DSAPRIVATEBLOB", "DSA", BCRYPT_DSA_PRIVATE_MAGIC, dsa_private),

    PUBLIC("PQDSAPUBLICBLOB", "ML-DSA", BCRYPT_MLDSA_PUBLIC_MAGIC, pq_public),
    PRIVATE("PQDSAPRIVATEBLOB", "ML-DSA", BCRYPT_MLDSA_PRIVATE_MAGIC, pq_private),
    PRIVATE("PQDSAPRIVATESEEDBLOB", "ML-DSA", BCRYPT_MLDSA_PRIVATE_SEED_MAGIC, pq_seed),
    PUBLIC("PQDSAPUBLICBLOB", "SLH-DSA", BCRYPT_SLHDSA_PUBLIC_MAGIC, pq_public),
    PRIVATE("PQDSAPRIVATEBLOB", "SLH-DSA", BCRYPT_SLHDSA_PRIVATE_MAGIC, pq_private),
    TRAILING("MLKEMPUBLICBLOB", "ML-KEM", BCRYPT_MLKEM_PUBLIC_MAGIC, false, pq_public),
    PRIVATE("MLKEMPRIVATEBLOB", "ML-KEM", BCRYPT_MLKEM_PRIVATE_MAGIC, pq_private),
    TRAILING("MLKEMPRIVATESEEDBLOB", "ML-KEM", BCRYPT_MLKEM_PRIVATE_SEED_MAGIC, true, pq_seed),

    CAPI_PUBLIC("CAPIPUBLICBLOB", "RSA", 2, BCRYPT_RSAPUBLIC_MAGIC, capi_rsa_public, CALG_RSA),
    CAPI_PRIVATE("CAPIPRIVATEBLOB", "RSA", 2, BCRYPT_RSAPRIVATE_MAGIC, capi_rsa_private, CALG_RSA),
    CAPI_PUBLIC("V2CAPIDSAPUBLICBLOB", "DSA", 2, DSS1, capi_dsa_public, CALG_DSS),
    CAPI_PRIVATE("V2CAPIDSAPRIVATEBLOB", "DSA", 2, DSS2, capi_dsa_private, CALG_DSS),
    CAPI_PUBLIC("CAPIDSAPUBLICBLOB", "DSA", 3, DSS3, capi_v3_public, CALG_DSS),
    CAPI_PRIVATE("CAPIDSAPRIVATEBLOB", "DSA", 3, DSS4, capi_v3_private, CALG_DSS),
    CAPI_PUBLIC("CAPIDHPUBLICBLOB", "DH", 3, DH3, capi_v3_public, CALG_DH),
    CAPI_PRIVATE("CAPIDHPRIVATEBLOB", "DH", 3, DH4, capi_v3_private, CALG_DH),

    /* Shown, but no key pairs. */
    PRIVATE("KeyDataBlob", NULL, BCRYPT_KEY_DATA_BLOB_MAGIC, key_data),
    PUBLIC("PKCS11RsaAesWrapBlob", NULL, BCRYPT_PKCS11_RSA_AES_WRAP_BLOB_MAGIC, rsa_aes_wrap),
    PUBLIC("LMS public key", NULL, BCRYPT_LMS_PUBLIC_MAGIC, pq_public),
    PUBLIC("XMSS public key", NULL, BCRYPT_XMSS_PUBLIC_MAGIC, pq_public),
    PARAMETERS("DHParameters", BCRYPT_DH_PARAMETERS_MAGIC, dh_parameters),
    PARAMETERS("DSAParameters", BCRYPT_DSA_PARAMETERS_MAGIC, dsa_parameters),
    PARAMETERS("DSAParameters", BCRYPT_DSA_PARAMETERS_MAGIC_V2, dsa_parameters_v2),

    /* Without a magic, and therefore last. */
    PUBLIC("SSLECCPUBLICBLOB", "ECDSA", 0, ecc_ssl),
};
/* clang-format on */

const size_t layout_count = ARRAY_COUNT(layouts);
