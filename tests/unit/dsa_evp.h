/* DSA keys of ours in libcrypto, which signs and verifies as the other party. */
#ifndef TESTS_UNIT_DSA_EVP_H
#define TESTS_UNIT_DSA_EVP_H

#include "dsa_fixture.h"
#include "ffc_evp.h"

#include <openssl/dsa.h>

OSSL_CLEANUP(DSA_SIG, sig_done, DSA_SIG_free)

static inline EVP_PKEY *evp_of(struct key *key, bool with_seed)
{
    const struct dsa_key *k = dsa_key_of(key);
    CLEANUP(bld_done) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
    push_ffc_key(bld, &k->ffc);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_Q, k->ffc.group->q), 1);
    if (with_seed) {
        const uint8_t *c = k->origin.count;
        int count = c[0] << 24 | c[1] << 16 | c[2] << 8 | c[3];
        assert_int_equal(OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_FFC_SEED,
                                                          k->origin.seed, k->origin.seed_bytes),
                         1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_PCOUNTER, count), 1);
        /* Not the digest's name: libcrypto keeps a pointer into the parameters. q's size implies
         * the one we mean. */
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_VALIDATE_PQ, 1), 1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_VALIDATE_G, 1), 1);
        assert_int_equal(OSSL_PARAM_BLD_push_int(bld, OSSL_PKEY_PARAM_FFC_VALIDATE_LEGACY,
                                                 k->origin.standard == DSA_FIPS186_2),
                         1);
    }
    return evp_of_params("DSA", bld);
}

static inline bool evp_verify(EVP_PKEY *pkey, const struct buf *hash, const struct buf *sig)
{
    CLEANUP(sig_done) DSA_SIG *s = DSA_SIG_new();
    int half = (int)sig->n / 2;
    assert_int_equal(
        DSA_SIG_set0(s, BN_bin2bn(sig->p, half, NULL), BN_bin2bn(sig->p + half, half, NULL)), 1);
    unsigned char der[256], *end = der;
    int n = i2d_DSA_SIG(s, &end);
    assert_true(n > 0);
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
    return EVP_PKEY_verify(ctx, der, (size_t)n, hash->p, hash->n) == 1;
}

static inline struct buf evp_sign(EVP_PKEY *pkey, const struct buf *hash)
{
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
    unsigned char der[256];
    const unsigned char *at = der;
    size_t n = sizeof der;
    assert_int_equal(EVP_PKEY_sign_init(ctx), 1);
    assert_int_equal(EVP_PKEY_sign(ctx, der, &n, hash->p, hash->n), 1);
    CLEANUP(sig_done) DSA_SIG *s = d2i_DSA_SIG(NULL, &at, (long)n);
    struct buf sig = {.n = 0};
    const BIGNUM *r_value, *s_value;
    DSA_SIG_get0(s, &r_value, &s_value);
    put_bn(&sig, r_value, hash->n);
    put_bn(&sig, s_value, hash->n);
    return sig;
}

#endif
