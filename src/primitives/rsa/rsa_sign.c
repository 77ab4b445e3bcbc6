/*
 * RSA signatures. The flags choose a row, and the row says how a hash becomes an encoded message
 * and how one is recognised. Recognising PKCS#1 means building what a right signature must hold and
 * comparing: nothing that an attacker made is ever parsed (Bleichenbacher 2006, "BERserk").
 */
#include "rsa_sign.h"

#include <string.h>

#include "rsa_op.h"
#include "rsa_pad.h"

/* What a call of sign or verify is about. */
struct request {
    struct rsa_key *key;
    const struct padding *pad;
    const struct digest *digest; /* NULL: no name given */
    struct span hash;
};

struct scheme {
    uint32_t flags;
    bool needs_digest;
    bool for_signing;
    NTSTATUS (*encode)(const struct request *r, uint8_t *em);
    NTSTATUS (*check)(const struct request *r, uint8_t *em);
};

/* ---- PKCS #1 v1.5 --------------------------------------------------------------------------- */

static NTSTATUS pkcs1_encode(const struct request *r, uint8_t *em)
{
    return pad_pkcs1_sign(r->digest, true, r->hash, em, r->key->n_bytes);
}

/* Whether em is the encoding with this digest. */
static NTSTATUS pkcs1_compare(const struct request *r, const struct digest *d, bool parameters,
                              const uint8_t *em)
{
    uint8_t expected[RSA_MAX_BYTES];
    size_t k = r->key->n_bytes;
    TRY(pad_pkcs1_sign(d, parameters, r->hash, expected, k));
    return memcmp(em, expected, k) == 0 ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}

/* RFC 8017, 9.2 note 2: verifiers accept absent parameters as well as NULL. */
static NTSTATUS pkcs1_check(const struct request *r, uint8_t *em)
{
    NTSTATUS status = pkcs1_compare(r, r->digest, true, em);
    if (status == STATUS_INVALID_SIGNATURE && r->digest != NULL)
        status = pkcs1_compare(r, r->digest, false, em);
    return status;
}

/* The hash may also stand without its DigestInfo. */
static NTSTATUS pkcs1_check_optional(const struct request *r, uint8_t *em)
{
    NTSTATUS status = pkcs1_check(r, em);
    return status == STATUS_INVALID_SIGNATURE ? pkcs1_compare(r, NULL, false, em) : status;
}

/* ---- PSS ------------------------------------------------------------------------------------ */

static NTSTATUS pss_encode(const struct request *r, uint8_t *em)
{
    uint32_t bits = atomic_load_explicit(&r->key->bits, memory_order_relaxed);
    return pad_pss_sign(r->digest, r->hash, r->pad->salt, bits, em);
}

static NTSTATUS pss_check(const struct request *r, uint8_t *em)
{
    uint32_t bits = atomic_load_explicit(&r->key->bits, memory_order_relaxed);
    return pad_pss_verify(r->digest, r->hash, r->pad->salt, bits, em);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static const struct scheme schemes[] = {
    {BCRYPT_PAD_PKCS1, false, true, pkcs1_encode, pkcs1_check},
    {BCRYPT_PAD_PSS, true, true, pss_encode, pss_check},
    {BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID, false, false, pkcs1_encode,
     pkcs1_check_optional},
};

/* The row that the flags name; without flags or without a structure there is none (observed on
 * Windows: STATUS_INVALID_PARAMETER). */
static const struct scheme *find_scheme(const struct padding *pad)
{
    for (size_t i = 0; i < ARRAY_COUNT(schemes); i++) {
        if (schemes[i].flags == pad->flags && pad->present)
            return &schemes[i];
    }
    return NULL;
}

/* The hash that the caller named. A name that is no hash is STATUS_NOT_SUPPORTED (observed on
 * Windows with "AES"). SHAKE has the length of its default output, in MGF1 too, as in NIST's
 * vectors for FIPS 186-5. */
static NTSTATUS find_digest(const struct padding *pad, const struct digest **out)
{
    *out = NULL;
    if (!pad->has_hash)
        return STATUS_SUCCESS;
    const struct digest *d = digest_find(&pad->hash);
    if (d == NULL || d->oid_length == 0)
        return STATUS_NOT_SUPPORTED;
    *out = d;
    return STATUS_SUCCESS;
}

NTSTATUS rsa_sign(struct key *base, const struct padding *pad, struct span hash,
                  const struct out *o)
{
    const struct scheme *scheme = find_scheme(pad);
    if (scheme == NULL || !scheme->for_signing)
        return STATUS_INVALID_PARAMETER;
    struct request r = {.key = rsa_key_of(base), .pad = pad, .hash = hash};
    TRY(find_digest(pad, &r.digest));
    uint8_t *dst;
    TRY(out_begin(o, r.key->n_bytes, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    if (!base->has_private || hash.p == NULL || (scheme->needs_digest && r.digest == NULL))
        return STATUS_INVALID_PARAMETER;
    uint8_t em[RSA_MAX_BYTES];
    TRY(scheme->encode(&r, em));
    return rsa_private_op(r.key, em, dst);
}

NTSTATUS rsa_verify(struct key *base, const struct padding *pad, struct span hash, struct span sig)
{
    const struct scheme *scheme = find_scheme(pad);
    if (scheme == NULL)
        return STATUS_INVALID_PARAMETER;
    struct request r = {.key = rsa_key_of(base), .pad = pad, .hash = hash};
    TRY(find_digest(pad, &r.digest));
    if (hash.p == NULL || sig.n != r.key->n_bytes || (scheme->needs_digest && r.digest == NULL))
        return STATUS_INVALID_PARAMETER;
    uint8_t em[RSA_MAX_BYTES];
    TRY(rsa_public_op(r.key, sig.p, em));
    return scheme->check(&r, em);
}
