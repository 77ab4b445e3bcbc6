/*
 * Pairwise tests: a key pair that was made wrong is not given out. What makes the pair, or what the test of it leans on, is wrapped
 * by the linker (-Wl,--wrap) and goes wrong at a chosen call.
 */
#include "crypto_check.h"

#include "ffc.h"
#include "handle.h"
#include "rsa_op.h"

#include <openssl/ec.h>

static unsigned strike; /* the call that goes wrong, from 1; 0: none */
static unsigned calls;

static bool strikes(void)
{
    return ++calls == strike;
}

#define REAL(type, function, ...)                                                                  \
    type __real_##function(__VA_ARGS__);                                                           \
    type __wrap_##function(__VA_ARGS__);                                                           \
    type __wrap_##function(__VA_ARGS__)

/* RSA: a bit of the signature is wrong. */
REAL(NTSTATUS, rsa_private_op, struct rsa_key *key, const uint8_t *in, uint8_t *out)
{
    NTSTATUS status = __real_rsa_private_op(key, in, out);
    if (strikes())
        out[key->n_bytes - 1] ^= 1;
    return status;
}

/* DSA, DH: y, or what it is compared with, is another power of g. */
REAL(NTSTATUS, ffc_power_g, struct ffc_group *group, const BIGNUM *x, size_t bits, BIGNUM *out,
     BN_CTX *ctx)
{
    NTSTATUS status = __real_ffc_power_g(group, x, bits, out, ctx);
    if (strikes())
        assert_int_equal(BN_mod_mul(out, out, group->g, group->p, ctx), 1);
    return status;
}

/* ECDSA, ECDH: the public point, or what it is compared with, is its negative. */
REAL(int, EC_POINT_mul, const EC_GROUP *group, EC_POINT *r, const BIGNUM *n, const EC_POINT *q,
     const BIGNUM *m, BN_CTX *ctx)
{
    int ok = __real_EC_POINT_mul(group, r, n, q, m, ctx);
    if (strikes())
        assert_int_equal(EC_POINT_invert(group, r, ctx), 1);
    return ok;
}

/* curve25519: a bit of the public number is wrong. */
REAL(int, EVP_PKEY_get_raw_public_key, const EVP_PKEY *pkey, unsigned char *pub, size_t *n)
{
    int ok = __real_EVP_PKEY_get_raw_public_key(pkey, pub, n);
    if (strikes())
        pub[0] ^= 1;
    return ok;
}

/* ML-KEM, ML-DSA, SLH-DSA: libcrypto finds that the halves do not fit. */
REAL(int, EVP_PKEY_pairwise_check, EVP_PKEY_CTX *ctx)
{
    int ok = __real_EVP_PKEY_pairwise_check(ctx);
    return strikes() ? 0 : ok;
}

/* ---- the tests ---------------------------------------------------------------------------------- */

static const struct maker {
    const char *label;
    LPCWSTR alg;
    ULONG bits;
    LPCWSTR property, value; /* set before it is finalized */
    unsigned calls;          /* of wrapped functions, at least: libcrypto may make some itself */
} makers[] = {
    {"RSA", BCRYPT_RSA_ALGORITHM, 1024, NULL, NULL, 1},
    {"RSA_SIGN", BCRYPT_RSA_SIGN_ALGORITHM, 1024, NULL, NULL, 1},
    {"DSA", BCRYPT_DSA_ALGORITHM, 512, NULL, NULL, 2},
    {"DH", BCRYPT_DH_ALGORITHM, 2048, NULL, NULL, 2},
    {"ECDSA_P256", BCRYPT_ECDSA_P256_ALGORITHM, 256, NULL, NULL, 1},
    {"ECDSA_P384", BCRYPT_ECDSA_P384_ALGORITHM, 384, NULL, NULL, 1},
    {"ECDSA_P521", BCRYPT_ECDSA_P521_ALGORITHM, 521, NULL, NULL, 1},
    {"ECDSA", BCRYPT_ECDSA_ALGORITHM, 0, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_BRAINPOOLP256R1,
     1},
    {"ECDH_P256", BCRYPT_ECDH_P256_ALGORITHM, 256, NULL, NULL, 1},
    {"ECDH_P384", BCRYPT_ECDH_P384_ALGORITHM, 384, NULL, NULL, 1},
    {"ECDH_P521", BCRYPT_ECDH_P521_ALGORITHM, 521, NULL, NULL, 1},
    {"curve25519", BCRYPT_ECDH_ALGORITHM, 255, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519, 2},
    {"ML-KEM", BCRYPT_MLKEM_ALGORITHM, 0, BCRYPT_PARAMETER_SET_NAME, BCRYPT_MLKEM_PARAMETER_SET_768,
     1},
    {"ML-DSA", BCRYPT_MLDSA_ALGORITHM, 0, BCRYPT_PARAMETER_SET_NAME, BCRYPT_MLDSA_PARAMETER_SET_65,
     1},
    {"SLH-DSA", BCRYPT_SLHDSA_ALGORITHM, 0, BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128F, 1},
};

static ULONG wide_bytes(LPCWSTR text)
{
    ULONG n = 0;
    while (text[n] != 0)
        n++;
    return (n + 1) * (ULONG)sizeof *text;
}

/* An empty key, ready to be finalized. */
static BCRYPT_KEY_HANDLE begin(const struct maker *m, BCRYPT_ALG_HANDLE alg)
{
    BCRYPT_KEY_HANDLE key = NULL;
    assert_int_equal(BCryptGenerateKeyPair(alg, &key, m->bits, 0), 0);
    if (m->property != NULL)
        assert_int_equal(BCryptSetProperty(key, m->property, (PUCHAR)(uintptr_t)m->value,
                                           wide_bytes(m->value), 0),
                         0);
    return key;
}

static bool has_public(BCRYPT_KEY_HANDLE key)
{
    static uint8_t blob[8192];
    ULONG n = 0;
    return BCryptExportKey(key, NULL, BCRYPT_PUBLIC_KEY_BLOB, blob, sizeof blob, &n, 0) == 0;
}

/* How many calls there were. */
static unsigned check(const struct maker *m, BCRYPT_ALG_HANDLE alg, unsigned at)
{
    BCRYPT_KEY_HANDLE key = begin(m, alg);
    calls = 0;
    strike = at;
    NTSTATUS status = BCryptFinalizeKeyPair(key, 0);
    strike = 0;
    if (at == 0 ? status != 0 : status != STATUS_INTERNAL_ERROR)
        fail_msg("%s: call %u goes wrong: status %08X", m->label, at, (unsigned)status);
    unsigned made = calls;
    assert_int_equal(has_public(key), at == 0);
    if (at != 0) { /* the key is empty, and can be made again */
        assert_int_equal(BCryptFinalizeKeyPair(key, 0), 0);
        assert_true(has_public(key));
    }
    assert_int_equal(BCryptDestroyKey(key), 0);
    assert_no_errors_left();
    return made;
}

static void a_wrong_pair_is_not_given_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(makers); i++) {
        BCRYPT_ALG_HANDLE alg = NULL;
        NTSTATUS status = BCryptOpenAlgorithmProvider(&alg, makers[i].alg, NULL, 0);
        if (status == STATUS_NOT_FOUND) {
            print_message("# %s: libcrypto lacks it\n", makers[i].label);
            continue;
        }
        assert_int_equal(status, 0);
        size_t live = handle_count_live();
        unsigned made = check(&makers[i], alg, 0);
        assert_true(made >= makers[i].calls);
        for (unsigned at = 1; at <= made; at++)
            check(&makers[i], alg, at);
        assert_int_equal(handle_count_live(), live);
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_wrong_pair_is_not_given_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
