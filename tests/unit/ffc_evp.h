/* Keys of DH and DSA in libcrypto, which is the other party of their tests. */
#ifndef TESTS_UNIT_FFC_EVP_H
#define TESTS_UNIT_FFC_EVP_H

#include "ffc_fixture.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

OSSL_CLEANUP(OSSL_PARAM_BLD, bld_done, OSSL_PARAM_BLD_free)
OSSL_CLEANUP(OSSL_PARAM, param_done, OSSL_PARAM_free)

/* p, g, y, and x where the key has it. */
static inline void push_ffc_key(OSSL_PARAM_BLD *bld, const struct ffc_key *k)
{
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_P, k->group->p), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_FFC_G, k->group->g), 1);
    assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PUB_KEY, k->y), 1);
    if (k->x != NULL)
        assert_int_equal(OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_PRIV_KEY, k->x), 1);
}

static inline EVP_PKEY *evp_of_params(const char *type, OSSL_PARAM_BLD *bld)
{
    CLEANUP(param_done) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *pkey = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params), 1);
    return pkey;
}

#endif
