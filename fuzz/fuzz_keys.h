/* Key pairs for targets that use keys: made when first asked for, kept as long as the process lives. */
#ifndef FUZZ_FUZZ_KEYS_H
#define FUZZ_FUZZ_KEYS_H

#include "fuzz_api.h"

struct pair {
    LPCWSTR algorithm;
    ULONG bits;
    LPCWSTR property; /* a curve's name, or a parameter set's */
    LPCWSTR value;
    ULONG hash_bytes; /* a length that can be signed; 0: the key signs nothing */
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
};

#define CURVE(name) 0, BCRYPT_ECC_CURVE_NAME, name
#define SET(name) 0, BCRYPT_PARAMETER_SET_NAME, name
#define NO_NAME NULL, NULL

/* New rows come last: inputs choose by number. */
static struct pair pairs[] = {
    {BCRYPT_RSA_ALGORITHM, 1024, NO_NAME, 32, NULL, NULL},
    {BCRYPT_RSA_SIGN_ALGORITHM, 512, NO_NAME, 20, NULL, NULL},
    {BCRYPT_DSA_ALGORITHM, 512, NO_NAME, 20, NULL, NULL},
    {BCRYPT_ECDSA_P256_ALGORITHM, 256, NO_NAME, 32, NULL, NULL},
    {BCRYPT_ECDSA_P521_ALGORITHM, 521, NO_NAME, 64, NULL, NULL},
    {BCRYPT_ECDSA_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_SECP256K1), 32, NULL, NULL},
    {BCRYPT_ECDSA_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_BRAINPOOLP160R1), 20, NULL, NULL},
    {BCRYPT_ECDSA_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_NUMSP256T1), 32, NULL, NULL},
    {BCRYPT_MLDSA_ALGORITHM, SET(BCRYPT_MLDSA_PARAMETER_SET_44), 32, NULL, NULL},
    {BCRYPT_SLHDSA_ALGORITHM, SET(BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128F), 32, NULL, NULL},
    {BCRYPT_ECDH_P256_ALGORITHM, 256, NO_NAME, 0, NULL, NULL},
    {BCRYPT_ECDH_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_25519), 0, NULL, NULL},
    {BCRYPT_DH_ALGORITHM, 768, NO_NAME, 0, NULL, NULL},
    {BCRYPT_MLKEM_ALGORITHM, SET(BCRYPT_MLKEM_PARAMETER_SET_512), 0, NULL, NULL},
};

/* NULL when this libcrypto does not have the algorithm. */
static inline const struct pair *pair_of(size_t which)
{
    struct pair *p = &pairs[which % COUNT(pairs)];
    if (p->key != NULL)
        return p;
    p->alg = open_algorithm(p->algorithm, 0);
    if (p->alg == NULL)
        return NULL;
    FUZZ_CHECK(BCryptGenerateKeyPair(p->alg, &p->key, p->bits, 0) == STATUS_SUCCESS);
    if (p->property != NULL)
        set_text(p->key, p->property, p->value);
    FUZZ_CHECK(BCryptFinalizeKeyPair(p->key, 0) == STATUS_SUCCESS);
    return p;
}

#endif
