/* The algorithms of the provider: facts in rows. Those of others' providers are in soft_registered.c. */
#include "soft.h"

#include <stddef.h>

#include "rd.h"

/* ---- settings ------------------------------------------------------------------------------- */

/* The key length of BCRYPT_DH_PARAMETER_HEADER. */
static uint32_t dh_bits(struct span value)
{
    struct rd r = rd_of(value);
    (void)rd_span(&r, offsetof(BCRYPT_DH_PARAMETER_HEADER, cbKeyLength));
    uint32_t n = rd_le32(&r);
    return n > UINT32_MAX / 8 ? 0 : 8 * n;
}

static const struct soft_setting curve_settings[] = {
    {.name = "ECCCurveName",
     .id = L"ECCCurveName",
     .on_alg = true,
     .is_string = true,
     .kept = true},
    {.name = "ECCParameters",
     .id = L"ECCParameters",
     .on_alg = true,
     .private_blob = BCRYPT_ECCFULLPRIVATE_BLOB,
     .public_blob = BCRYPT_ECCFULLPUBLIC_BLOB},
    {.name = NULL},
};

static const struct soft_setting dh_settings[] = {
    {.name = "DHParameters", .id = L"DHParameters", .bits = dh_bits},
    {.name = NULL},
};

static const struct soft_setting set_settings[] = {
    {.name = "ParameterSetName", .id = L"ParameterSetName", .is_string = true},
    {.name = NULL},
};

/* ---- rows ----------------------------------------------------------------------------------- */

#define SIGNS NCRYPT_SIGNATURE_INTERFACE, NCRYPT_SIGNATURE_OPERATION
#define AGREES NCRYPT_SECRET_AGREEMENT_INTERFACE, NCRYPT_SECRET_AGREEMENT_OPERATION
#define CIPHERS NCRYPT_CIPHER_INTERFACE, NCRYPT_CIPHER_OPERATION
#define DERIVES NCRYPT_KEY_DERIVATION_INTERFACE, NCRYPT_KEY_DERIVATION_OPERATION

#define PAIR .class = &soft_pair_class
#define ECC_BLOBS .private_blob = BCRYPT_ECCPRIVATE_BLOB, .public_blob = BCRYPT_ECCPUBLIC_BLOB
#define ECDSA_P(bits)                                                                              \
    {                                                                                              \
        .facts = {"ECDSA_P" #bits, SIGNS}, .group = "ECDSA", .id = L"ECDSA_P" #bits, PAIR,         \
        .lengths = {bits, bits, 0, bits}, ECC_BLOBS                                                \
    }
#define ECDH_P(bits)                                                                               \
    {                                                                                              \
        .facts = {"ECDH_P" #bits, AGREES}, .group = "ECDH", .id = L"ECDH_P" #bits, PAIR,           \
        .lengths = {bits, bits, 0, bits}, ECC_BLOBS, .twin = L"ECDSA_P" #bits                      \
    }
#define CIPHER(alg, family, least, most, step, usual)                                              \
    {                                                                                              \
        .facts = {alg, CIPHERS}, .group = family, .id = L"" alg, .class = &soft_cipher_class,      \
        .lengths = {least, most, step, usual}, .private_blob = BCRYPT_KEY_DATA_BLOB                \
    }
#define KDF(alg)                                                                                   \
    {                                                                                              \
        .facts = {alg, DERIVES}, .group = "KEY_DERIVATION", .id = L"" alg,                         \
        .class = &soft_kdf_class, .private_blob = BCRYPT_KEY_DATA_BLOB                             \
    }

/* Lengths are those that Windows was observed to report; bcrypt.h may be stricter about what it
 * generates. */
static const struct soft_alg rows[] = {
    {.facts = {"RSA", NCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE,
               NCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | NCRYPT_SIGNATURE_OPERATION},
     .group = "RSA",
     .id = BCRYPT_RSA_ALGORITHM,
     PAIR,
     .lengths = {512, 16384, 8, 1024},
     .private_blob = BCRYPT_RSAFULLPRIVATE_BLOB,
     .public_blob = BCRYPT_RSAPUBLIC_BLOB,
     .legacy = true},
    {.facts = {"DH", AGREES},
     .group = "DH",
     .id = BCRYPT_DH_ALGORITHM,
     PAIR,
     .lengths = {512, 4096, 64, 1024},
     .settings = dh_settings,
     .private_blob = BCRYPT_DH_PRIVATE_BLOB,
     .public_blob = BCRYPT_DH_PUBLIC_BLOB},
    {.facts = {"DSA", SIGNS},
     .group = "DSA",
     .id = BCRYPT_DSA_ALGORITHM,
     PAIR,
     .lengths = {512, 3072, 64, 1024},
     .private_blob = BCRYPT_DSA_PRIVATE_BLOB,
     .public_blob = BCRYPT_DSA_PUBLIC_BLOB},
    ECDSA_P(256),
    ECDSA_P(384),
    ECDSA_P(521),
    {.facts = {"ECDSA", SIGNS},
     .group = "ECDSA",
     .id = BCRYPT_ECDSA_ALGORITHM,
     PAIR,
     .settings = curve_settings,
     ECC_BLOBS},
    ECDH_P(256),
    ECDH_P(384),
    ECDH_P(521),
    {.facts = {"ECDH", AGREES},
     .group = "ECDH",
     .id = BCRYPT_ECDH_ALGORITHM,
     PAIR,
     .settings = curve_settings,
     ECC_BLOBS,
     .twin = BCRYPT_ECDSA_ALGORITHM},
    {.facts = {"ML-DSA", SIGNS},
     .group = "MLDSA",
     .id = BCRYPT_MLDSA_ALGORITHM,
     PAIR,
     .settings = set_settings,
     .private_blob = BCRYPT_PRIVATE_KEY_BLOB,
     .public_blob = BCRYPT_PQDSA_PUBLIC_BLOB},
    {.facts = {"SLH-DSA", SIGNS},
     .group = "SLHDSA",
     .id = BCRYPT_SLHDSA_ALGORITHM,
     PAIR,
     .settings = set_settings,
     .private_blob = BCRYPT_PQDSA_PRIVATE_BLOB,
     .public_blob = BCRYPT_PQDSA_PUBLIC_BLOB},
    {.facts = {"ML-KEM", NCRYPT_KEY_ENCAPSULATION_INTERFACE, NCRYPT_KEY_ENCAPSULATION_OPERATION},
     .group = "MLKEM",
     .id = BCRYPT_MLKEM_ALGORITHM,
     PAIR,
     .settings = set_settings,
     .private_blob = BCRYPT_PRIVATE_KEY_BLOB,
     .public_blob = BCRYPT_MLKEM_PUBLIC_BLOB},
    CIPHER("AES", "AES", 128, 256, 64, 256),
    CIPHER("3DES", "DES", 192, 192, 0, 192),
    CIPHER("3DES_112", "DES", 128, 128, 0, 128),
    CIPHER("DES", "DES", 64, 64, 0, 64),
    CIPHER("DESX", "DES", 192, 192, 0, 192),
    CIPHER("RC2", "RC2", 16, 128, 8, 128),
    KDF("SP800_108_CTR_HMAC"),
    KDF("SP800_56A_CONCAT"),
    KDF("PBKDF2"),
    KDF("CAPI_KDF"),
    KDF("TLS1_1_KDF"),
    KDF("TLS1_2_KDF"),
    KDF("HKDF"),
};

enum presence { UNKNOWN, PRESENT, ABSENT };

/* Whether bcrypt.h has the algorithm, which depends on the installed libcrypto: asked once. */
static bool is_present(size_t i)
{
    static _Atomic char known[ARRAY_COUNT(rows)];
    char presence = atomic_load_explicit(&known[i], memory_order_relaxed);
    if (presence == UNKNOWN) {
        SCOPED_ALG alg = NULL;
        presence = BCryptOpenAlgorithmProvider(&alg, rows[i].id, NULL, 0) >= 0 ? PRESENT : ABSENT;
        atomic_store_explicit(&known[i], presence, memory_order_relaxed);
    }
    return presence == PRESENT;
}

const struct soft_alg *soft_alg_find(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (text_is(name, rows[i].facts.name))
            return is_present(i) ? &rows[i] : NULL;
    }
    const struct soft_alg *registered;
    return soft_registered_list(name, &registered, 1) == 1 ? registered : NULL;
}

/* More than these are not listed; each can be used. */
#define REGISTERED_MAX 64

NTSTATUS soft_algs(struct ksp_provider *p, uint32_t operations, uint32_t flags,
                   struct ksp_algs *algs)
{
    (void)p;
    (void)flags;
    const struct soft_alg *all[ARRAY_COUNT(rows) + REGISTERED_MAX];
    size_t count = 0;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (is_present(i))
            all[count++] = &rows[i];
    }
    count += soft_registered_list(NULL, all + count, REGISTERED_MAX);
    TRY(ksp_algs_new(algs, count, 0));
    for (size_t i = 0; i < count; i++) {
        if (operations == 0 || (all[i]->facts.operations & operations) != 0)
            algs->list[algs->count++] = all[i]->facts;
    }
    return STATUS_SUCCESS;
}

NTSTATUS soft_has_alg(struct ksp_provider *p, const struct name *alg, uint32_t flags)
{
    (void)p;
    (void)flags;
    return soft_alg_find(alg->s) != NULL ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}
