/*
 * The blobs of bcrypt.h and their parts, in the order of the bytes. The names in the parts' macros are the header
 * fields of Windows' structures.
 */
#include "layout.h"

#include <bcrypt.h>

#define VERSION_IS(n) {PART_VERSION, FIELD_NONE, 0, n}
#define INT_OF(f) {PART_INT, f, 0, 0}
#define BITS_OF(f) {PART_BITS, f, 0, 0}
#define LENGTH(s) {PART_LENGTH, FIELD_NONE, s, 0}
#define LENGTH_OR(s, f) {PART_LENGTH, f, s, 0}
#define BITLENGTH(s) {PART_BITLENGTH, FIELD_NONE, s, 0}
#define NUMBER(f, s) {PART_NUMBER, f, s, 0}
#define NUMBER_IN(f, n) {PART_NUMBER, f, 0, n}
#define REVERSED(f, s) {PART_REVERSED, f, s, 0}
#define REVERSED_IN(f, n) {PART_REVERSED, f, 0, n}
#define HALF(f, s) {PART_HALF, f, s, 0}
#define BYTES(f, s) {PART_BYTES, f, s, 0}
#define BYTES_IN(f, n) {PART_BYTES, f, 0, n}
#define OPTIONAL_BYTES(f, s) {PART_OPTIONAL, f, s, 0}
#define UTF16(f, s) {PART_TEXT, f, s, 0}
#define END {PART_END, FIELD_NONE, 0, 0}

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
#define CAPI_RSA                                                                                   \
    BITLENGTH(N), REVERSED_IN(FIELD_PUBLIC_EXPONENT, 4), REVERSED(FIELD_MODULUS, N)

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
        OPTIONAL_BYTES(FIELD_CURVE_SEED, CURVE_SEED), NUMBER(FIELD_X, FIELD_ELEMENT),                       \
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
static const struct part dsa_private[] = {DSA_HEADER, DSA_Y, NUMBER_IN(FIELD_PRIVATE_VALUE, 20), END};
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
static const struct part capi_v3_private[] = {V3_LENGTHS, BITLENGTH(X_BYTES),
                                              DSS_SEED,   V3_NUMBERS,
                                              REVERSED(FIELD_PRIVATE_VALUE, X_BYTES), END};

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

#define ECC_ROWS(alg, curve_name, PUB, PRIV)                                                       \
    {.type = "ECCPUBLICBLOB", .algorithm = alg, .curve = curve_name, .magic = PUB,                 \
     .parts = ecc_public},                                                                         \
    {                                                                                              \
        .type = "ECCPRIVATEBLOB", .algorithm = alg, .curve = curve_name, .magic = PRIV,            \
        .is_private = true, .parts = ecc_private                                                   \
    }
#define FULL_ROWS(alg, PUB, PRIV)                                                                  \
    {.type = "ECCFULLPUBLICBLOB", .algorithm = alg, .magic = PUB, .parts = ecc_full_public},       \
    {                                                                                              \
        .type = "ECCFULLPRIVATEBLOB", .algorithm = alg, .magic = PRIV, .is_private = true,         \
        .parts = ecc_full_private                                                                  \
    }

#define CAPI_PUBLIC(v, ...) .magic_at = 8, .capi = {6, v, {__VA_ARGS__}}
#define CAPI_PRIVATE(v, ...) .magic_at = 8, .is_private = true, .capi = {7, v, {__VA_ARGS__}}

#define CALG_RSA 0x0000A400, 0x00002400
#define CALG_DSS 0x00002200, 0
#define CALG_DH 0x0000AA01, 0x0000AA02

const struct layout layouts[] = {
    {.type = "RSAPUBLICBLOB", .algorithm = "RSA", .magic = BCRYPT_RSAPUBLIC_MAGIC, .parts = rsa_public},
    {.type = "RSAPRIVATEBLOB",
     .algorithm = "RSA",
     .magic = BCRYPT_RSAPRIVATE_MAGIC,
     .is_private = true,
     .parts = rsa_private},
    {.type = "RSAFULLPRIVATEBLOB",
     .algorithm = "RSA",
     .magic = BCRYPT_RSAFULLPRIVATE_MAGIC,
     .is_private = true,
     .parts = rsa_full},

    FULL_ROWS("ECDSA", BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC, BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC),
    FULL_ROWS("ECDH", BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC),
    ECC_ROWS("ECDSA", "nistP256", BCRYPT_ECDSA_PUBLIC_P256_MAGIC, BCRYPT_ECDSA_PRIVATE_P256_MAGIC),
    ECC_ROWS("ECDSA", "nistP384", BCRYPT_ECDSA_PUBLIC_P384_MAGIC, BCRYPT_ECDSA_PRIVATE_P384_MAGIC),
    ECC_ROWS("ECDSA", "nistP521", BCRYPT_ECDSA_PUBLIC_P521_MAGIC, BCRYPT_ECDSA_PRIVATE_P521_MAGIC),
    ECC_ROWS("ECDSA", NULL, BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC, BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC),
    ECC_ROWS("ECDH", "nistP256", BCRYPT_ECDH_PUBLIC_P256_MAGIC, BCRYPT_ECDH_PRIVATE_P256_MAGIC),
    ECC_ROWS("ECDH", "nistP384", BCRYPT_ECDH_PUBLIC_P384_MAGIC, BCRYPT_ECDH_PRIVATE_P384_MAGIC),
    ECC_ROWS("ECDH", "nistP521", BCRYPT_ECDH_PUBLIC_P521_MAGIC, BCRYPT_ECDH_PRIVATE_P521_MAGIC),
    ECC_ROWS("ECDH", NULL, BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC),

    {.type = "DHPUBLICBLOB", .algorithm = "DH", .magic = BCRYPT_DH_PUBLIC_MAGIC, .parts = dh_public},
    {.type = "DHPRIVATEBLOB",
     .algorithm = "DH",
     .magic = BCRYPT_DH_PRIVATE_MAGIC,
     .is_private = true,
     .parts = dh_private},

    {.type = "DSAPUBLICBLOB",
     .algorithm = "DSA",
     .magic = BCRYPT_DSA_PUBLIC_MAGIC_V2,
     .parts = dsa_public_v2},
    {.type = "DSAPRIVATEBLOB",
     .algorithm = "DSA",
     .magic = BCRYPT_DSA_PRIVATE_MAGIC_V2,
     .is_private = true,
     .parts = dsa_private_v2},
    {.type = "DSAPUBLICBLOB", .algorithm = "DSA", .magic = BCRYPT_DSA_PUBLIC_MAGIC, .parts = dsa_public},
    {.type = "DSAPRIVATEBLOB",
     .algorithm = "DSA",
     .magic = BCRYPT_DSA_PRIVATE_MAGIC,
     .is_private = true,
     .parts = dsa_private},

    {.type = "PQDSAPUBLICBLOB",
     .algorithm = "ML-DSA",
     .magic = BCRYPT_MLDSA_PUBLIC_MAGIC,
     .parts = pq_public},
    {.type = "PQDSAPRIVATEBLOB",
     .algorithm = "ML-DSA",
     .magic = BCRYPT_MLDSA_PRIVATE_MAGIC,
     .is_private = true,
     .parts = pq_private},
    {.type = "PQDSAPRIVATESEEDBLOB",
     .algorithm = "ML-DSA",
     .magic = BCRYPT_MLDSA_PRIVATE_SEED_MAGIC,
     .is_private = true,
     .parts = pq_seed},
    {.type = "PQDSAPUBLICBLOB",
     .algorithm = "SLH-DSA",
     .magic = BCRYPT_SLHDSA_PUBLIC_MAGIC,
     .parts = pq_public},
    {.type = "PQDSAPRIVATEBLOB",
     .algorithm = "SLH-DSA",
     .magic = BCRYPT_SLHDSA_PRIVATE_MAGIC,
     .is_private = true,
     .parts = pq_private},
    {.type = "MLKEMPUBLICBLOB",
     .algorithm = "ML-KEM",
     .magic = BCRYPT_MLKEM_PUBLIC_MAGIC,
     .trailing = true,
     .parts = pq_public},
    {.type = "MLKEMPRIVATEBLOB",
     .algorithm = "ML-KEM",
     .magic = BCRYPT_MLKEM_PRIVATE_MAGIC,
     .is_private = true,
     .parts = pq_private},
    {.type = "MLKEMPRIVATESEEDBLOB",
     .algorithm = "ML-KEM",
     .magic = BCRYPT_MLKEM_PRIVATE_SEED_MAGIC,
     .is_private = true,
     .trailing = true,
     .parts = pq_seed},

    {.type = "CAPIPUBLICBLOB",
     .algorithm = "RSA",
     .magic = BCRYPT_RSAPUBLIC_MAGIC,
     .foreign = true,
     CAPI_PUBLIC(2, CALG_RSA),
     .parts = capi_rsa_public},
    {.type = "CAPIPRIVATEBLOB",
     .algorithm = "RSA",
     .magic = BCRYPT_RSAPRIVATE_MAGIC,
     CAPI_PRIVATE(2, CALG_RSA),
     .parts = capi_rsa_private},
    {.type = "V2CAPIDSAPUBLICBLOB",
     .algorithm = "DSA",
     .magic = 0x31535344, /* DSS1 */
     .foreign = true,
     CAPI_PUBLIC(2, CALG_DSS),
     .parts = capi_dsa_public},
    {.type = "V2CAPIDSAPRIVATEBLOB",
     .algorithm = "DSA",
     .magic = 0x32535344, /* DSS2 */
     CAPI_PRIVATE(2, CALG_DSS),
     .parts = capi_dsa_private},
    {.type = "CAPIDSAPUBLICBLOB",
     .algorithm = "DSA",
     .magic = 0x33535344, /* DSS3 */
     .foreign = true,
     CAPI_PUBLIC(3, CALG_DSS),
     .parts = capi_v3_public},
    {.type = "CAPIDSAPRIVATEBLOB",
     .algorithm = "DSA",
     .magic = 0x34535344, /* DSS4 */
     CAPI_PRIVATE(3, CALG_DSS),
     .parts = capi_v3_private},
    {.type = "CAPIDHPUBLICBLOB",
     .algorithm = "DH",
     .magic = 0x33484400, /* DH3 */
     .foreign = true,
     CAPI_PUBLIC(3, CALG_DH),
     .parts = capi_v3_public},
    {.type = "CAPIDHPRIVATEBLOB",
     .algorithm = "DH",
     .magic = 0x34484400, /* DH4 */
     CAPI_PRIVATE(3, CALG_DH),
     .parts = capi_v3_private},

    /* Shown, but no key pairs. */
    {.type = "KeyDataBlob", .magic = BCRYPT_KEY_DATA_BLOB_MAGIC, .is_private = true, .parts = key_data},
    {.type = "PKCS11RsaAesWrapBlob",
     .magic = BCRYPT_PKCS11_RSA_AES_WRAP_BLOB_MAGIC,
     .parts = rsa_aes_wrap},
    {.type = "LMS public key", .magic = BCRYPT_LMS_PUBLIC_MAGIC, .parts = pq_public},
    {.type = "XMSS public key", .magic = BCRYPT_XMSS_PUBLIC_MAGIC, .parts = pq_public},
    {.type = "DHParameters", .magic = BCRYPT_DH_PARAMETERS_MAGIC, .magic_at = 4, .parts = dh_parameters},
    {.type = "DSAParameters",
     .magic = BCRYPT_DSA_PARAMETERS_MAGIC,
     .magic_at = 4,
     .parts = dsa_parameters},
    {.type = "DSAParameters",
     .magic = BCRYPT_DSA_PARAMETERS_MAGIC_V2,
     .magic_at = 4,
     .parts = dsa_parameters_v2},

    /* Without a magic, and therefore last. */
    {.type = "SSLECCPUBLICBLOB", .algorithm = "ECDSA", .parts = ecc_ssl},
};

const size_t layout_count = ARRAY_COUNT(layouts);
