/*
 * RSA encryption and decryption. The flags choose a row: raw, PKCS#1 v1.5 or OAEP.
 *
 * Decrypting with a padding finds out how long the plaintext is only by decrypting, so a size query
 * does all of the work and answers the true length (observed on Windows). Until the padding proved
 * right nothing leaves the call: the plaintext is in a buffer of ours, which is wiped in every
 * case.
 */
#include "rsa_crypt.h"

#include <string.h>

#include "rsa_op.h"
#include "rsa_pad.h"

/* An encoded message, wiped by scope. */
struct encoded {
    size_t n;
    uint8_t p[RSA_MAX_BYTES];
};

static void encoded_done(struct encoded *em)
{
    wipe(em->p, em->n);
}

#define ENCODED CLEANUP(encoded_done) struct encoded

/* What a call of encrypt or decrypt is about. */
struct request {
    const struct padding *pad;
    const struct digest *digest; /* OAEP only */
};

struct scheme {
    uint32_t flags;
    bool raw;
    bool needs_digest;
    NTSTATUS (*encode)(const struct request *r, struct span message, struct encoded *em);
    NTSTATUS (*decode)(const struct request *r, struct encoded *em, struct span *message);
};

static NTSTATUS raw_encode(const struct request *r, struct span message, struct encoded *em)
{
    (void)r;
    if (message.n != em->n)
        return STATUS_INVALID_PARAMETER;
    memcpy(em->p, message.p, em->n);
    return STATUS_SUCCESS;
}

static NTSTATUS raw_decode(const struct request *r, struct encoded *em, struct span *message)
{
    (void)r;
    *message = (struct span){em->p, em->n};
    return STATUS_SUCCESS;
}

static NTSTATUS pkcs1_encode(const struct request *r, struct span message, struct encoded *em)
{
    (void)r;
    return pad_pkcs1_encrypt(message, em->p, em->n);
}

static NTSTATUS pkcs1_decode(const struct request *r, struct encoded *em, struct span *message)
{
    (void)r;
    return pad_pkcs1_decrypt(em->p, em->n, message);
}

static NTSTATUS oaep_encode(const struct request *r, struct span message, struct encoded *em)
{
    return pad_oaep_encrypt(r->digest, r->pad->label, message, em->p, em->n);
}

static NTSTATUS oaep_decode(const struct request *r, struct encoded *em, struct span *message)
{
    return pad_oaep_decrypt(r->digest, r->pad->label, em->p, em->n, message);
}

/* ---- rows ----------------------------------------------------------------------------------- */

static const struct scheme schemes[] = {
    {0, true, false, raw_encode, raw_decode},
    {BCRYPT_PAD_NONE, true, false, raw_encode, raw_decode},
    {BCRYPT_PAD_PKCS1, false, false, pkcs1_encode, pkcs1_decode},
    {BCRYPT_PAD_OAEP, false, true, oaep_encode, oaep_decode},
};

static const struct scheme *find_scheme(uint32_t flags)
{
    flags &= ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG; /* means something to the kernel only */
    for (size_t i = 0; i < ARRAY_COUNT(schemes); i++) {
        if (schemes[i].flags == flags)
            return &schemes[i];
    }
    return NULL;
}

/* OAEP's hash has no default. */
static NTSTATUS find_digest(const struct scheme *scheme, const struct padding *pad,
                            const struct digest **out)
{
    *out = NULL;
    if (!scheme->needs_digest)
        return STATUS_SUCCESS;
    if (!pad->present || !pad->has_hash || (pad->label.p == NULL && pad->label.n > 0))
        return STATUS_INVALID_PARAMETER;
    const struct digest *d = digest_find(&pad->hash);
    if (d == NULL)
        return STATUS_NOT_SUPPORTED;
    *out = d;
    return STATUS_SUCCESS;
}

/* A size query, or a buffer that is too small, is answered before anything else is looked at:
 * callers ask before they have the input or the padding together (observed on Windows). */
NTSTATUS rsa_encrypt(struct key *base, const struct padding *pad, struct span in,
                     const struct out *o)
{
    struct rsa_key *key = rsa_key_of(base);
    const struct scheme *scheme = find_scheme(pad->flags);
    if (scheme == NULL)
        return STATUS_INVALID_PARAMETER;
    uint8_t *dst;
    TRY(out_begin(o, key->n_bytes, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    if (in.p == NULL) /* observed on Windows: an empty message needs a pointer too */
        return STATUS_INVALID_PARAMETER;
    struct request r = {.pad = pad};
    TRY(find_digest(scheme, pad, &r.digest));
    ENCODED em;
    em.n = key->n_bytes;
    TRY(scheme->encode(&r, in, &em));
    return rsa_public_op(key, em.p, dst);
}

NTSTATUS rsa_decrypt(struct key *base, const struct padding *pad, struct span in,
                     const struct out *o)
{
    struct rsa_key *key = rsa_key_of(base);
    const struct scheme *scheme = find_scheme(pad->flags);
    uint8_t *dst;
    if (scheme == NULL)
        return STATUS_INVALID_PARAMETER;
    if (scheme->raw) {
        TRY(out_begin(o, key->n_bytes, &dst));
        if (dst == NULL)
            return STATUS_SUCCESS;
    }
    if (!base->has_private || in.p == NULL || in.n != key->n_bytes)
        return STATUS_INVALID_PARAMETER;
    struct request r = {.pad = pad};
    TRY(find_digest(scheme, pad, &r.digest));
    ENCODED em;
    em.n = key->n_bytes;
    TRY(rsa_private_op(key, in.p, em.p));
    struct span message;
    TRY(scheme->decode(&r, &em, &message));
    TRY(out_begin(o, message.n, &dst));
    if (dst != NULL && message.n > 0)
        memcpy(dst, message.p, message.n);
    return STATUS_SUCCESS;
}
