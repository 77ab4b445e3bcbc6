/*
 * Signature paddings.
 *
 *   PKCS#1 v1.5:  00 01 FF ... FF 00 | DigestInfo or bare hash       (at least eight FF)
 *
 *   PSS:          maskedDB | H | BC
 *                 DB = 00 ... 00 01 | salt,  masked with MGF1(H)
 *                 H  = Hash(00 x 8 | hash | salt)
 *
 * PSS works on one bit less than the modulus has: the bits of the first byte above that are zero,
 * and where none are left in it the whole byte is zero and not part of the encoding.
 */
#include <string.h>

#include "rsa_pad.h"
#include "wr.h"

/* ---- PKCS #1 v1.5 --------------------------------------------------------------------------- */

#define PKCS1_OVERHEAD 11 /* 00 01, eight FF, 00 */
#define DER_SEQUENCE 0x30
#define DER_OCTET_STRING 0x04

static const uint8_t der_null[] = {0x05, 0x00};

/* Everything of the DigestInfo but the hash itself. */
static void write_digest_info(struct wr *w, const struct digest *d, bool parameters)
{
    size_t algorithm = d->oid_length + (parameters ? sizeof der_null : 0);
    wr_u8(w, DER_SEQUENCE);
    wr_u8(w, (uint8_t)(2 + algorithm + 2 + d->length));
    wr_u8(w, DER_SEQUENCE);
    wr_u8(w, (uint8_t)algorithm);
    wr_bytes(w, d->oid, d->oid_length);
    if (parameters)
        wr_bytes(w, der_null, sizeof der_null);
    wr_u8(w, DER_OCTET_STRING);
    wr_u8(w, (uint8_t)d->length);
}

NTSTATUS pad_pkcs1_sign(const struct digest *d, bool parameters, struct span hash, uint8_t *em,
                        size_t k)
{
    uint8_t head[32];
    struct wr w = wr_into(head, sizeof head);
    if (d != NULL)
        write_digest_info(&w, d, parameters);
    size_t tail = w.n + hash.n;
    if (w.bad || hash.n > k || tail + PKCS1_OVERHEAD > k || (d != NULL && hash.n != d->length))
        return STATUS_INVALID_PARAMETER;
    em[0] = 0;
    em[1] = 1;
    memset(em + 2, 0xFF, k - tail - 3);
    em[k - tail - 1] = 0;
    memcpy(em + k - tail, head, w.n);
    if (hash.n > 0)
        memcpy(em + k - hash.n, hash.p, hash.n);
    return STATUS_SUCCESS;
}

/* ---- PSS ------------------------------------------------------------------------------------ */

#define PSS_TRAILER 0xBC

/* Where the parts of an encoding are. */
struct pss {
    uint8_t *db, *h, *trailer;
    size_t db_bytes;
    uint8_t top; /* the bits of the first byte that belong to it */
};

static NTSTATUS pss_locate(const struct digest *d, struct span hash, size_t salt_bytes, size_t bits,
                           uint8_t *em, struct pss *out)
{
    size_t k = (bits + 7) / 8;
    size_t n = (bits - 1 + 7) / 8;
    if (hash.n != d->length || salt_bytes > n || n < d->length + salt_bytes + 2)
        return STATUS_INVALID_PARAMETER;
    out->db = em + (k - n);
    out->db_bytes = n - d->length - 1;
    out->h = out->db + out->db_bytes;
    out->trailer = out->h + d->length;
    out->top = (uint8_t)(0xFF >> (8 * n - (bits - 1)));
    return STATUS_SUCCESS;
}

static NTSTATUS pss_hash(const struct digest *d, struct span hash, struct span salt, uint8_t *out)
{
    static const uint8_t zeros[8];
    const struct span parts[] = {{zeros, sizeof zeros}, hash, salt};
    return digest_spans(d, parts, ARRAY_COUNT(parts), out);
}

NTSTATUS pad_pss_sign(const struct digest *d, struct span hash, size_t salt_bytes, size_t bits,
                      uint8_t *em)
{
    struct pss pss;
    TRY(pss_locate(d, hash, salt_bytes, bits, em, &pss));
    em[0] = 0;
    size_t zeros = pss.db_bytes - salt_bytes - 1;
    uint8_t *salt = pss.h - salt_bytes;
    memset(pss.db, 0, zeros);
    pss.db[zeros] = 1;
    TRY(pad_random(salt, salt_bytes));
    TRY(pss_hash(d, hash, (struct span){salt, salt_bytes}, pss.h));
    TRY(pad_mask(d, (struct span){pss.h, d->length}, pss.db, pss.db_bytes));
    pss.db[0] &= pss.top;
    *pss.trailer = PSS_TRAILER;
    return STATUS_SUCCESS;
}

NTSTATUS pad_pss_verify(const struct digest *d, struct span hash, size_t salt_bytes, size_t bits,
                        uint8_t *em)
{
    struct pss pss;
    if (hash.n != d->length)
        return STATUS_INVALID_PARAMETER;
    /* No signature of this key has room for such a salt: what Windows calls a wrong signature, not
     * a wrong call. */
    if (pss_locate(d, hash, salt_bytes, bits, em, &pss) < 0)
        return STATUS_INVALID_SIGNATURE;
    if (*pss.trailer != PSS_TRAILER || (pss.db[0] & ~pss.top) != 0 || (pss.db > em && em[0] != 0))
        return STATUS_INVALID_SIGNATURE;
    TRY(pad_mask(d, (struct span){pss.h, d->length}, pss.db, pss.db_bytes));
    pss.db[0] &= pss.top;
    size_t zeros = pss.db_bytes - salt_bytes - 1;
    for (size_t i = 0; i < zeros; i++) {
        if (pss.db[i] != 0)
            return STATUS_INVALID_SIGNATURE;
    }
    if (pss.db[zeros] != 1)
        return STATUS_INVALID_SIGNATURE;
    uint8_t expected[DIGEST_MAX_BYTES];
    TRY(pss_hash(d, hash, (struct span){pss.h - salt_bytes, salt_bytes}, expected));
    return memcmp(expected, pss.h, d->length) == 0 ? STATUS_SUCCESS : STATUS_INVALID_SIGNATURE;
}
