/*
 * The life of an RSA key pair (rsa_key.h): generate and finalize, import, export, release.
 *
 * A public key that is imported keeps its numbers and no more. A private one is completed and
 * handed to libcrypto (rsa_parts.c); then its numbers are proven to fit together, and its factors
 * to be prime. BCRYPT_NO_KEY_VALIDATION leaves the latter out, and puts the former off until the
 * key is first used: a key whose numbers do not fit never signs or decrypts.
 */
#include "rsa_key.h"

#include <stdlib.h>
#include <string.h>

#include "rsa_gen.h"
#include "rsa_known.h"
#include "rsa_op.h"
#include "rsa_parts.h"
#include "rsa_prime.h"

void rsa_key_done(struct key *base)
{
    struct rsa_key *key = rsa_key_of(base);
    rsa_engine_free(atomic_exchange_explicit(&key->engine, NULL, memory_order_relaxed));
    RSA_free(key->rsa);
    key->rsa = NULL;
    secret_done(&key->private_part);
    if (key->public_part != NULL)
        wipe(key->public_part, key->e_bytes + key->n_bytes);
    free(key->public_part);
    key->public_part = NULL;
    base->has_private = false;
}

static void key_scope_done(struct rsa_key **key)
{
    if (*key != NULL)
        key_free(&(*key)->base);
}

#define RSA_KEY CLEANUP(key_scope_done) struct rsa_key

static struct rsa_key *rsa_key_new(const struct alg *alg)
{
    struct key *base = key_alloc(alg, sizeof(struct rsa_key));
    if (base == NULL)
        return NULL;
    atomic_store_explicit(&rsa_key_of(base)->threads, 1, memory_order_relaxed);
    return rsa_key_of(base);
}

/* ---- numbers -------------------------------------------------------------------------------- */

static struct num next_num(const uint8_t **at, size_t n)
{
    struct num v = num_be(*at, n);
    *at += n;
    return v;
}

struct rsa_view rsa_key_view(const struct rsa_key *key)
{
    struct rsa_view v = {0};
    const uint8_t *at = key->public_part;
    v.e = next_num(&at, key->e_bytes);
    v.n = next_num(&at, key->n_bytes);
    if (key->rsa == NULL)
        return v;
    at = key->private_part.p;
    v.p = next_num(&at, key->p_bytes);
    v.q = next_num(&at, key->q_bytes);
    v.dp = next_num(&at, key->p_bytes);
    v.dq = next_num(&at, key->q_bytes);
    v.qi = next_num(&at, key->p_bytes);
    v.d = next_num(&at, key->n_bytes);
    return v;
}

/* Keeps e and n, which were checked. */
static NTSTATUS set_public(struct rsa_key *key, struct num e, struct num n)
{
    size_t e_bytes = num_trim(e).n;
    size_t n_bytes = num_trim(n).n;
    uint8_t *bytes = malloc(e_bytes + n_bytes);
    if (bytes == NULL)
        return STATUS_NO_MEMORY;
    key->public_part = bytes;
    key->e_bytes = e_bytes;
    key->n_bytes = n_bytes;
    if (!num_to_be(e, bytes, e_bytes) || !num_to_be(n, bytes + e_bytes, n_bytes))
        return STATUS_INTERNAL_ERROR;
    atomic_store_explicit(&key->bits, (uint32_t)num_bits(n), memory_order_relaxed);
    return STATUS_SUCCESS;
}

/* Puts a number as the blob gave it or, where it did not, as it was computed. */
static bool put(struct num given, const BIGNUM *v, uint8_t **at, size_t n)
{
    uint8_t *to = *at;
    *at += n;
    if (given.n == 0)
        return bn_write(v, to, n);
    if (given.little || given.n != n)
        return num_to_be(given, to, n);
    memcpy(to, given.p, n);
    return true;
}

/* Keeps the private numbers, and gives them to libcrypto. */
static NTSTATUS set_private(struct rsa_key *key, const struct rsa_view *given, struct rsa_parts *k)
{
    size_t p = key->p_bytes = ((size_t)k->p_bits + 7) / 8;
    size_t q = key->q_bytes = ((size_t)k->q_bits + 7) / 8;
    size_t n = key->n_bytes;
    TRY(secret_new(&key->private_part, 3 * p + 2 * q + n));
    uint8_t *at = key->private_part.p;
    bool ok = put(given->p, k->p, &at, p) && put(given->q, k->q, &at, q) &&
              put(given->dp, k->dp, &at, p) && put(given->dq, k->dq, &at, q) &&
              put(given->qi, k->qi, &at, p) && put(given->d, k->d, &at, n);
    if (!ok) /* longer than what it is a number modulo of */
        return ossl_failed(STATUS_INVALID_PARAMETER);
    TRY(rsa_parts_into(k, &key->rsa));
    key->base.has_private = true;
    bool derived = given->d.n == 0;
    atomic_store_explicit(&key->proven, derived, memory_order_relaxed);
    return STATUS_SUCCESS;
}

/* ---- import, export ------------------------------------------------------------------------- */

NTSTATUS rsa_key_prove(struct rsa_key *key)
{
    if (atomic_load_explicit(&key->proven, memory_order_relaxed))
        return STATUS_SUCCESS;
    TRY(rsa_check_private(key->rsa));
    atomic_store_explicit(&key->proven, true, memory_order_relaxed);
    return STATUS_SUCCESS;
}

static NTSTATUS check_primes(const struct rsa_key *key)
{
    struct span modulus = {key->public_part + key->e_bytes, key->n_bytes};
    if (rsa_known_has(modulus))
        return STATUS_SUCCESS;
    size_t larger = key->p_bytes > key->q_bytes ? key->p_bytes : key->q_bytes;
    unsigned rounds = prime_rounds_chosen(8 * (int)larger);
    bool prime;
    TRY(prime_test_pair(RSA_get0_p(key->rsa), RSA_get0_q(key->rsa), rounds, &prime));
    if (!prime)
        return STATUS_INVALID_PARAMETER;
    rsa_known_add(modulus);
    return STATUS_SUCCESS;
}

static NTSTATUS import_private(struct rsa_key *key, const struct rsa_view *v, uint32_t flags)
{
    RSA_PARTS k = {0};
    TRY(rsa_parts_read(&k, v));
    TRY(set_private(key, v, &k));
    if (import_unchecked(flags))
        return STATUS_SUCCESS;
    TRY(rsa_key_prove(key));
    return check_primes(key);
}

NTSTATUS rsa_key_import(struct alg *alg, const struct key_format *format, struct span blob,
                        uint32_t flags, struct key **out)
{
    struct rsa_view v;
    TRY(rsa_blob_decode(format->form, blob, &v));
    TRY(rsa_check_public(&v));
    RSA_KEY *key = rsa_key_new(alg);
    if (key == NULL)
        return STATUS_NO_MEMORY;
    TRY(set_public(key, v.e, v.n));
    if (format->is_private)
        TRY(import_private(key, &v, flags));
    *out = &key->base;
    key = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS rsa_key_export(struct key *base, const struct key_format *format, const struct out *o)
{
    const struct rsa_view v = rsa_key_view(rsa_key_of(base));
    struct wr count = wr_count();
    rsa_blob_encode(format->form, &v, &count);
    if (count.bad) /* CryptoAPI's blobs do not have room for every key */
        return STATUS_NOT_SUPPORTED;
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    struct wr w = wr_into(dst, count.n);
    rsa_blob_encode(format->form, &v, &w);
    return w.bad ? STATUS_INTERNAL_ERROR : STATUS_SUCCESS;
}

/* ---- generation ----------------------------------------------------------------------------- */

bool rsa_bits_ok(uint32_t bits)
{
    return bits >= RSA_MIN_BITS && bits <= RSA_MAX_BITS && bits % RSA_STEP_BITS == 0;
}

NTSTATUS rsa_key_generate(struct alg *alg, uint32_t bits, uint32_t flags, struct key **out)
{
    (void)flags;
    if (!rsa_bits_ok(bits))
        return STATUS_INVALID_PARAMETER;
    struct rsa_key *key = rsa_key_new(alg);
    if (key == NULL)
        return STATUS_NO_MEMORY;
    atomic_store_explicit(&key->bits, bits, memory_order_relaxed);
    *out = &key->base;
    return STATUS_SUCCESS;
}

/* The pairwise consistency test of FIPS 140-3: what the private key does, the public one undoes.
 * The message is as large as a padded one. */
static NTSTATUS check_pair(struct rsa_key *key)
{
    uint8_t message[RSA_MAX_BYTES];
    uint8_t result[RSA_MAX_BYTES];
    size_t n = key->n_bytes;
    memset(message, 0x5A, n);
    message[0] = 0;
    TRY(rsa_private_op(key, message, result));
    if (memcmp(message, result, n) == 0)
        return STATUS_INTERNAL_ERROR;
    TRY(rsa_public_op(key, result, result));
    return memcmp(message, result, n) == 0 ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}

static NTSTATUS make(struct rsa_key *key)
{
    RSA_PARTS k = {0};
    TRY(rsa_generate(atomic_load_explicit(&key->bits, memory_order_relaxed),
                     atomic_load_explicit(&key->threads, memory_order_relaxed), &k));
    uint8_t e[sizeof(uint32_t)];
    uint8_t n[RSA_MAX_BYTES];
    size_t e_bytes = (size_t)BN_num_bytes(k.e);
    size_t n_bytes = (size_t)BN_num_bytes(k.n);
    if (!bn_write(k.e, e, e_bytes) || !bn_write(k.n, n, n_bytes))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    TRY(set_public(key, num_be(e, e_bytes), num_be(n, n_bytes)));
    const struct rsa_view none = {0};
    TRY(set_private(key, &none, &k));
    TRY(check_pair(key));
    rsa_known_add((struct span){n, n_bytes});
    return STATUS_SUCCESS;
}

NTSTATUS rsa_key_finalize(struct key *base, uint32_t flags)
{
    (void)flags;
    NTSTATUS status = make(rsa_key_of(base));
    if (status < 0)
        rsa_key_done(base); /* back to an empty key */
    return status;
}
