/*
 * The RSA operations on libcrypto's numbers (rsa_op.h).
 *
 * The public one is one modular exponentiation, done here rather than through libcrypto's RSA
 * functions because those refuse large exponents for large moduli: CNG callers do Diffie-Hellman
 * with RSA public keys whose exponent is their secret. So an exponent that is longer than any real
 * public one is treated as a secret.
 *
 * The private one is libcrypto's: it blinds the input, computes modulo p and q in constant time,
 * and verifies the result with e before it lets go of it (a fault in one half would otherwise give
 * the factors away, Boneh, DeMillo and Lipton 1997). Its decryption entry point is used for
 * signatures too: where the two differ, it is the one that unblinds in constant time.
 */
#include "rsa_op.h"

#include <stdlib.h>
#include <string.h>

/* Longer exponents are secrets. Real ones are short: Windows' own limit is 64 bits. */
#define PUBLIC_EXPONENT_BITS 64

struct rsa_engine {
    BIGNUM *e, *n;
    BN_MONT_CTX *mont; /* of n */
    bool secret_e;
};

void rsa_engine_free(struct rsa_engine *engine)
{
    if (engine == NULL)
        return;
    BN_clear_free(engine->e);
    BN_free(engine->n);
    BN_MONT_CTX_free(engine->mont);
    free(engine);
}

static void engine_done(struct rsa_engine **engine)
{
    rsa_engine_free(*engine);
}

/* NULL: out of memory; needs ossl_failed. */
static struct rsa_engine *engine_make(const struct rsa_key *key)
{
    const struct rsa_view v = rsa_key_view(key);
    CLEANUP(engine_done) struct rsa_engine *engine = calloc(1, sizeof *engine);
    SCOPED_BN_CTX *ctx = BN_CTX_new();
    if (engine == NULL || ctx == NULL)
        return NULL;
    engine->secret_e = num_bits(v.e) > PUBLIC_EXPONENT_BITS;
    engine->e = engine->secret_e ? bn_secret(v.e) : bn_public(v.e);
    engine->n = bn_public(v.n);
    engine->mont = BN_MONT_CTX_new();
    if (engine->e == NULL || engine->n == NULL || engine->mont == NULL ||
        BN_MONT_CTX_set(engine->mont, engine->n, ctx) != 1)
        return NULL;
    struct rsa_engine *made = engine;
    engine = NULL;
    return made;
}

/* The key's public side; of threads that make it at the same time, the first wins. */
static struct rsa_engine *engine_get(struct rsa_key *key)
{
    struct rsa_engine *engine = atomic_load_explicit(&key->engine, memory_order_acquire);
    if (engine != NULL)
        return engine;
    struct rsa_engine *made = engine_make(key);
    if (made == NULL || atomic_compare_exchange_strong(&key->engine, &engine, made))
        return made;
    rsa_engine_free(made);
    return engine;
}

static NTSTATUS check_below_modulus(const struct rsa_key *key, const uint8_t *in)
{
    const uint8_t *n = key->public_part + key->e_bytes;
    return memcmp(in, n, key->n_bytes) < 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS rsa_public_op(struct rsa_key *key, const uint8_t *in, uint8_t *out)
{
    TRY(check_below_modulus(key, in));
    const struct rsa_engine *engine = engine_get(key);
    SCOPED_BN_CTX *ctx = BN_CTX_new(); /* wipes its numbers when it is freed */
    if (engine == NULL || ctx == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    BN_CTX_start(ctx);
    BIGNUM *x = BN_CTX_get(ctx);
    BIGNUM *y = BN_CTX_get(ctx);
    if (y == NULL || BN_bin2bn(in, (int)key->n_bytes, x) == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    int ok = engine->secret_e
                 ? BN_mod_exp_mont_consttime(y, x, engine->e, engine->n, ctx, engine->mont)
                 : BN_mod_exp_mont(y, x, engine->e, engine->n, ctx, engine->mont);
    if (ok != 1 || !bn_write(y, out, key->n_bytes))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

NTSTATUS rsa_private_op(struct rsa_key *key, const uint8_t *in, uint8_t *out)
{
    TRY(rsa_key_prove(key));
    TRY(check_below_modulus(key, in));
    int k = (int)key->n_bytes;
    if (RSA_private_decrypt(k, in, out, key->rsa, RSA_NO_PADDING) != k)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}
