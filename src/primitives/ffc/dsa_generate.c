/*
 * Fresh domain parameters: FIPS 186-2 appendix 2.2 up to 1024 bits, FIPS 186-3 A.1.1.2 above (seed
 * as long as q, SHA-256), and a generator by A.2.1, which cannot be verified: blobs have no place
 * for the index of a verifiable one.
 *
 * Candidates for p have to be taken in the order of their counters. Those without small factors are
 * tested in pairs, which machines with AVX-512 do in the time of one.
 */
#include "dsa_domain.h"

#include <string.h>

#include <openssl/rand.h>

#include "ffc_prime.h"

struct search {
    const struct dsa_recipe *recipe;
    const struct digest *digest;
    size_t p_bits;
    BN_CTX *ctx;
    struct span seed;
    BIGNUM *q, *two_q;
    BIGNUM *p[2]; /* candidates that wait for their test */
    uint32_t count[2];
    int waiting;
};

static void search_done(struct search *s)
{
    BN_free(s->q);
    BN_free(s->two_q);
    BN_free(s->p[0]);
    BN_free(s->p[1]);
    BN_CTX_free(s->ctx);
}

/* A random seed whose q is prime. */
static NTSTATUS find_q(struct search *s, struct dsa_origin *origin)
{
    size_t q_bytes = dsa_q_bytes(s->p_bits);
    bool prime = false;
    origin->seed_bytes = q_bytes;
    s->seed = span_of(origin->seed, q_bytes);
    while (!prime) {
        if (RAND_bytes_ex(ossl_ctx(), origin->seed, q_bytes, 0) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
        TRY(dsa_derive_q(s->recipe, s->digest, s->seed, q_bytes, s->q));
        TRY(ffc_is_prime(s->q, dsa_rounds_q(s->p_bits), s->ctx, &prime));
    }
    return BN_lshift1(s->two_q, s->q) == 1 ? STATUS_SUCCESS : ossl_failed(STATUS_NO_MEMORY);
}

/* The first of the two moves out, or both. */
static void drop(struct search *s, int n)
{
    if (n == 1) {
        BN_swap(s->p[0], s->p[1]);
        s->count[0] = s->count[1];
    }
    s->waiting -= n;
}

/* Tests what waits; the first prime is then p[0]. */
static NTSTATUS test_waiting(struct search *s, bool *found)
{
    *found = false;
    while (s->waiting > 0 && !*found) {
        int which;
        TRY(ffc_probable_prime(s->p[0], s->waiting == 2 ? s->p[1] : NULL, s->ctx, &which));
        if (which == 0) {
            s->waiting = 0;
            return STATUS_SUCCESS;
        }
        if (which == 2)
            drop(s, 1);
        TRY(ffc_is_prime(s->p[0], dsa_rounds_p(s->p_bits), s->ctx, found));
        if (!*found)
            drop(s, 1);
    }
    return STATUS_SUCCESS;
}

/* The first counter that gives a prime p. */
static NTSTATUS find_p(struct search *s, bool *found)
{
    uint32_t end = dsa_recipe_counters(s->recipe, s->p_bits);
    s->waiting = 0;
    for (uint32_t counter = 0; counter < end; counter++) {
        BIGNUM *p = s->p[s->waiting];
        TRY(dsa_derive_p(s->recipe, s->digest, s->seed, counter, s->p_bits, s->two_q, p, s->ctx));
        if (BN_is_zero(p) || ffc_has_small_factor(p))
            continue;
        s->count[s->waiting++] = counter;
        if (s->waiting == 2) {
            TRY(test_waiting(s, found));
            if (*found)
                return STATUS_SUCCESS;
        }
    }
    return test_waiting(s, found);
}

/* g = h^((p-1)/q) for the first h from 2 on that does not give 1. */
static NTSTATUS find_g(struct search *s, BIGNUM *g)
{
    SCOPED_BN *e = BN_new();
    SCOPED_BN *h = BN_new();
    if (e == NULL || h == NULL || BN_sub(e, s->p[0], BN_value_one()) != 1 ||
        BN_div(e, NULL, e, s->q, s->ctx) != 1 || BN_set_word(h, 1) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    do {
        if (BN_add_word(h, 1) != 1 || BN_mod_exp(g, h, e, s->p[0], s->ctx) != 1)
            return ossl_failed(STATUS_INTERNAL_ERROR);
    } while (BN_is_one(g));
    return STATUS_SUCCESS;
}

static void write_count(struct dsa_origin *origin, uint32_t counter)
{
    for (size_t i = 0; i < sizeof origin->count; i++)
        origin->count[i] = (uint8_t)(counter >> (24 - 8 * i));
}

NTSTATUS dsa_generate(size_t p_bits, struct dsa_origin *origin, struct ffc_group **out)
{
    struct dsa_origin made = {
        .hash = dsa_is_v2(p_bits) ? DSA_HASH_ALGORITHM_SHA256 : DSA_HASH_ALGORITHM_SHA1,
        .standard = dsa_is_v2(p_bits) ? DSA_FIPS186_3 : DSA_FIPS186_2,
    };
    CLEANUP(search_done)
    struct search s = {
        .recipe = &dsa_recipes[made.standard],
        .digest = dsa_digest(made.hash),
        .p_bits = p_bits,
        .ctx = ffc_ctx_new(),
        .q = BN_new(),
        .two_q = BN_new(),
        .p = {BN_new(), BN_new()},
    };
    SCOPED_BN *g = BN_new();
    if (s.ctx == NULL || s.q == NULL || s.two_q == NULL || s.p[0] == NULL || s.p[1] == NULL ||
        g == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    bool found = false;
    while (!found) {
        TRY(find_q(&s, &made));
        TRY(find_p(&s, &found));
    }
    TRY(find_g(&s, g));
    TRY(ffc_group_adopt(s.p[0], s.q, g, out));
    s.p[0] = s.q = g = NULL;
    write_count(&made, s.count[0]);
    *origin = made;
    return STATUS_SUCCESS;
}
