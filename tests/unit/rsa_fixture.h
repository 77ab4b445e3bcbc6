/* What the tests of RSA share: keys in and out through the class's own slots, and libcrypto's EVP
 * as the oracle. */
#ifndef TESTS_UNIT_RSA_FIXTURE_H
#define TESTS_UNIT_RSA_FIXTURE_H

#include "crypto_check.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "registry.h"
#include "rsa_key.h"
#include "rsa_parts.h"

static const char *const rsa_private_types[] __attribute__((unused)) = {
    "RSAPRIVATEBLOB", "RSAFULLPRIVATEBLOB", "PRIVATEBLOB", "CAPIPRIVATEBLOB"};

/* An open algorithm, without a router. */
static inline struct alg alg_of(const struct alg_class *class)
{
    return (struct alg){.class = class};
}

static inline const struct key_format *format_named(const char *name)
{
    const struct key_format *f = rsa_class.asym->formats;
    while (f->name != NULL && strcmp(f->name, name) != 0)
        f++;
    assert_non_null(f->name);
    return f;
}

static inline NTSTATUS import_as(const struct alg_class *class, const char *type, struct span blob,
                                 uint32_t flags, struct key **key)
{
    struct alg alg = alg_of(class);
    const struct key_format *format = format_named(type);
    *key = NULL;
    /* In a block of its exact size, so that a read past the end is seen. */
    uint8_t *copy = malloc(blob.n > 0 ? blob.n : 1);
    assert_non_null(copy);
    if (blob.n > 0)
        memcpy(copy, blob.p, blob.n);
    NTSTATUS status = format->import(&alg, format, (struct span){copy, blob.n}, flags, key);
    free(copy);
    if (status < 0)
        assert_null(*key);
    else
        atomic_store(&(*key)->state, KEY_FINAL);
    assert_no_errors_left();
    return status;
}

static inline struct key *import_good(const char *type, struct span blob)
{
    struct key *key;
    assert_int_equal(import_as(&rsa_class, type, blob, 0, &key), STATUS_SUCCESS);
    return key;
}

static inline NTSTATUS finalize(struct key *key)
{
    NTSTATUS status = key->class->asym->finalize(key, 0);
    if (status >= 0)
        atomic_store(&key->state, KEY_FINAL);
    assert_no_errors_left();
    return status;
}

static inline struct key *generate(uint32_t bits)
{
    struct alg alg = alg_of(&rsa_class);
    struct key *key;
    assert_int_equal(rsa_class.asym->generate(&alg, bits, 0, &key), STATUS_SUCCESS);
    assert_int_equal(finalize(key), STATUS_SUCCESS);
    return key;
}

/* A blob, wherever it came from. */
struct key_blob {
    uint8_t p[8 * RSA_MAX_BYTES];
    uint32_t n;
};

static inline struct span blob_span(const struct key_blob *b)
{
    return (struct span){b->p, b->n};
}

static inline struct key_blob *export_good(struct key *key, const char *type)
{
    const struct key_format *format = format_named(type);
    struct key_blob *b = calloc(1, sizeof *b);
    assert_non_null(b);
    const struct out query = {NULL, 0, &b->n, WIDTH_16};
    assert_int_equal(format->export(key, format, &query), STATUS_SUCCESS);
    uint32_t need = b->n;
    assert_true(need > 0 && need < sizeof b->p);
    const struct out shorter = {b->p, need - 1, &b->n, WIDTH_16};
    assert_int_equal(format->export(key, format, &shorter), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(b->n, need);
    assert_int_equal(b->p[0], 0);
    const struct out exact = {b->p, need, &b->n, WIDTH_16};
    assert_int_equal(format->export(key, format, &exact), STATUS_SUCCESS);
    assert_int_equal(b->n, need);
    return b;
}

/* Numbers as a blob sees them, from libcrypto's. */
struct numbers {
    uint8_t bytes[8][RSA_MAX_BYTES];
    struct rsa_view view;
};

static inline struct num number(struct numbers *all, size_t i, const BIGNUM *v, size_t n)
{
    assert_int_equal(BN_bn2binpad(v, all->bytes[i], (int)n), n);
    return num_be(all->bytes[i], n);
}

static inline struct numbers *numbers_of(const RSA *rsa)
{
    struct numbers *all = calloc(1, sizeof *all);
    assert_non_null(all);
    const BIGNUM *p = RSA_get0_p(rsa), *q = RSA_get0_q(rsa);
    size_t n_bytes = (size_t)RSA_size(rsa);
    size_t p_bytes = (size_t)BN_num_bytes(p), q_bytes = (size_t)BN_num_bytes(q);
    const BIGNUM *e = RSA_get0_e(rsa);
    all->view.e = number(all, 0, e, (size_t)BN_num_bytes(e));
    all->view.n = number(all, 1, RSA_get0_n(rsa), n_bytes);
    all->view.p = number(all, 2, p, p_bytes);
    all->view.q = number(all, 3, q, q_bytes);
    all->view.dp = number(all, 4, RSA_get0_dmp1(rsa), p_bytes);
    all->view.dq = number(all, 5, RSA_get0_dmq1(rsa), q_bytes);
    all->view.qi = number(all, 6, RSA_get0_iqmp(rsa), p_bytes);
    all->view.d = number(all, 7, RSA_get0_d(rsa), n_bytes);
    return all;
}

static inline struct key_blob *encode(int form, const struct rsa_view *v)
{
    struct key_blob *b = calloc(1, sizeof *b);
    assert_non_null(b);
    struct wr w = wr_into(b->p, sizeof b->p);
    rsa_blob_encode(form, v, &w);
    assert_false(w.bad);
    b->n = (uint32_t)w.n;
    return b;
}

/* A key of libcrypto's own making. */
static inline RSA *oracle_rsa(int bits, unsigned long exponent)
{
    RSA *rsa = RSA_new();
    BIGNUM *e = BN_new();
    assert_int_equal(BN_set_word(e, exponent), 1);
    assert_int_equal(RSA_generate_key_ex(rsa, bits, e, NULL), 1);
    BN_free(e);
    return rsa;
}

/* A prime that fits the exponents 3 and 65537. */
static inline BIGNUM *prime_of(int bits)
{
    BIGNUM *p = BN_new();
    do
        assert_int_equal(BN_generate_prime_ex(p, bits, 0, NULL, NULL, NULL), 1);
    while (BN_mod_word(p, 65537) == 1 || BN_mod_word(p, 3) == 1);
    return p;
}

/* From p, q and e alone. */
static inline RSA *oracle_rsa_of(const BIGNUM *p, const BIGNUM *q, unsigned long exponent)
{
    struct rsa_parts k = {.p = BN_dup(p), .q = BN_dup(q), .e = BN_new(), .n = BN_new()};
    BN_CTX *ctx = BN_CTX_new();
    assert_int_equal(BN_set_word(k.e, exponent), 1);
    assert_int_equal(BN_mul(k.n, p, q, ctx), 1);
    RSA *rsa = NULL;
    assert_int_equal(rsa_parts_derive(&k, ctx), STATUS_SUCCESS);
    assert_int_equal(rsa_parts_into(&k, &rsa), STATUS_SUCCESS);
    BN_CTX_free(ctx);
    rsa_parts_done(&k);
    return rsa;
}

/* libcrypto's key of one of ours. */
static inline EVP_PKEY *oracle_of(struct key *key)
{
    EVP_PKEY *pkey = EVP_PKEY_new();
    RSA *rsa = RSA_new();
    const struct rsa_view v = rsa_key_view(rsa_key_of(key));
    assert_int_equal(
        RSA_set0_key(rsa, bn_public(v.n), bn_public(v.e), v.d.n > 0 ? bn_public(v.d) : NULL), 1);
    if (v.d.n > 0) {
        assert_int_equal(RSA_set0_factors(rsa, bn_public(v.p), bn_public(v.q)), 1);
        assert_int_equal(
            RSA_set0_crt_params(rsa, bn_public(v.dp), bn_public(v.dq), bn_public(v.qi)), 1);
    }
    assert_int_equal(EVP_PKEY_assign_RSA(pkey, rsa), 1);
    return pkey;
}

static inline struct padding padding_of(uint32_t flags, const char *hash)
{
    struct padding pad = {.flags = flags, .present = true, .has_hash = hash != NULL};
    if (hash != NULL)
        strncpy(pad.hash.s, hash, sizeof pad.hash.s - 1);
    return pad;
}

static inline struct padding pss_of(const char *hash, uint32_t salt)
{
    struct padding pad = padding_of(BCRYPT_PAD_PSS, hash);
    pad.salt = salt;
    return pad;
}

#endif
