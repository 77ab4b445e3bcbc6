/*
 * Encryption paddings.
 *
 *   PKCS#1 v1.5:  00 02 | PS | 00 | message       PS: eight or more random bytes, none of them zero
 *
 *   OAEP:         00 | maskedSeed | maskedDB
 *                 DB = Hash(label) | 00 ... 00 01 | message
 *                 maskedDB = DB xor MGF1(seed), maskedSeed = seed xor MGF1(maskedDB)
 *
 * Taking them off must not say more than whether the whole was right (Bleichenbacher 1998, Manger
 * 2001): every byte is looked at in every case, what was found is kept in masks, and the one branch
 * comes at the end. CNG reports a wrong padding, so that branch cannot be avoided; protocols that
 * must not learn it hide it themselves.
 */
#include <string.h>

#include "ct.h"
#include "rsa_pad.h"

/* The caller gets a status, as in CNG. */
static NTSTATUS verdict(uint32_t good)
{
    return ct_public(ct_barrier(good)) != 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* ---- PKCS #1 v1.5 --------------------------------------------------------------------------- */

#define PKCS1_OVERHEAD 11 /* 00 02, eight random bytes, 00 */

static NTSTATUS random_nonzero(uint8_t *p, size_t n)
{
    TRY(pad_random(p, n));
    for (size_t i = 0; i < n; i++) {
        while (p[i] == 0)
            TRY(pad_random(&p[i], 1));
    }
    return STATUS_SUCCESS;
}

NTSTATUS pad_pkcs1_encrypt(struct span message, uint8_t *em, size_t k)
{
    if (message.n > k - PKCS1_OVERHEAD)
        return STATUS_INVALID_PARAMETER;
    size_t padding = k - message.n - 3;
    em[0] = 0;
    em[1] = 2;
    TRY(random_nonzero(em + 2, padding));
    em[2 + padding] = 0;
    if (message.n > 0)
        memcpy(em + k - message.n, message.p, message.n);
    return STATUS_SUCCESS;
}

NTSTATUS pad_pkcs1_decrypt(const uint8_t *em, size_t k, struct span *message)
{
    uint32_t good = ct_is_zero(em[0]) & ct_eq(em[1], 2);
    uint32_t end = 0; /* the first zero byte after the two */
    uint32_t found = 0;
    for (uint32_t i = 2; i < k; i++) {
        uint32_t zero = ct_is_zero(em[i]);
        end = ct_select(zero & ~found, i, end);
        found |= zero;
    }
    good &= found & ~ct_lt(end, PKCS1_OVERHEAD - 1);
    TRY(verdict(good));
    end = ct_public(end); /* the caller gets the message's length */
    *message = (struct span){em + end + 1, k - end - 1};
    return STATUS_SUCCESS;
}

/* ---- OAEP ----------------------------------------------------------------------------------- */

/* Where the parts of an encoding are. */
struct oaep {
    uint8_t *db;
    size_t db_bytes;
    struct span seed, masked; /* seed and db as what they are hashed from */
};

static struct oaep oaep_locate(const struct digest *d, uint8_t *em, size_t k)
{
    struct oaep o = {.db = em + 1 + d->length, .db_bytes = k - 1 - d->length};
    o.seed = (struct span){em + 1, d->length};
    o.masked = (struct span){o.db, o.db_bytes};
    return o;
}

static bool oaep_fits(const struct digest *d, size_t message_bytes, size_t k)
{
    size_t overhead = 2 * (size_t)d->length + 2;
    return k >= overhead && message_bytes <= k - overhead;
}

NTSTATUS pad_oaep_encrypt(const struct digest *d, struct span label, struct span message,
                          uint8_t *em, size_t k)
{
    if (!oaep_fits(d, message.n, k))
        return STATUS_INVALID_PARAMETER;
    const struct oaep o = oaep_locate(d, em, k);
    em[0] = 0;
    TRY(pad_random(em + 1, d->length));
    TRY(digest_spans(d, &label, 1, o.db));
    size_t zeros = o.db_bytes - d->length - message.n - 1;
    uint8_t *one = o.db + d->length + zeros;
    memset(o.db + d->length, 0, zeros);
    *one = 1;
    if (message.n > 0)
        memcpy(one + 1, message.p, message.n);
    TRY(pad_mask(d, o.seed, o.db, o.db_bytes));
    return pad_mask(d, o.masked, em + 1, d->length);
}

NTSTATUS pad_oaep_decrypt(const struct digest *d, struct span label, uint8_t *em, size_t k,
                          struct span *message)
{
    if (!oaep_fits(d, 0, k))
        return STATUS_INVALID_PARAMETER;
    const struct oaep o = oaep_locate(d, em, k);
    uint8_t label_hash[DIGEST_MAX_BYTES];
    TRY(digest_spans(d, &label, 1, label_hash));
    TRY(pad_mask(d, o.masked, em + 1, d->length));
    TRY(pad_mask(d, o.seed, o.db, o.db_bytes));

    uint32_t difference = em[0];
    for (size_t i = 0; i < d->length; i++)
        difference |= (uint32_t)(o.db[i] ^ label_hash[i]);
    uint32_t good = ct_is_zero(difference);
    uint32_t one = 0; /* the first byte after the hash that is not zero */
    uint32_t found = 0;
    for (uint32_t i = d->length; i < o.db_bytes; i++) {
        uint32_t here = ~ct_is_zero(o.db[i]) & ~found;
        good &= ~here | ct_eq(o.db[i], 1);
        one = ct_select(here, i, one);
        found |= here;
    }
    TRY(verdict(good & found));
    one = ct_public(one); /* the caller gets the message's length */
    *message = (struct span){o.db + one + 1, o.db_bytes - one - 1};
    return STATUS_SUCCESS;
}
