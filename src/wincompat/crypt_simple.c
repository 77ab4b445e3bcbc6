/*
 * Numbers and sequences of them: keys and signatures of DSA, signatures of ECDSA, and the SEQUENCE of
 * which one knows nothing.
 */
#include "crypt_types.h"

#include <string.h>

/* The structure goes to the front of the block, once all that it points to is there. */
static void place(void *at, const void *info, size_t n)
{
    if (at != NULL)
        memcpy(at, info, n);
}

/* ---- INTEGER: CRYPT_UINT_BLOB ---------------------------------------------------------------- */

void number_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    void *at = block_take(b, sizeof(CRYPT_UINT_BLOB));
    CRYPT_UINT_BLOB info = block_reversed(b, der_number(d));
    place(at, &info, sizeof info);
}

void number_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    const CRYPT_UINT_BLOB *v = info;
    der_put_number(o, v->pbData, v->cbData, true);
}

/* ---- SEQUENCE of INTEGERs: so many CRYPT_UINT_BLOBs ------------------------------------------- */

static void numbers_decode(struct der *d, struct block *b, size_t count)
{
    CRYPT_UINT_BLOB *at = block_take(b, count * sizeof *at);
    struct der in = der_enter(d, DER_SEQUENCE);
    for (size_t i = 0; i < count; i++) {
        CRYPT_UINT_BLOB one = block_reversed(b, der_number(&in));
        place(at == NULL ? NULL : at + i, &one, sizeof one);
    }
    der_leave(d, &in);
}

static void numbers_encode(struct der_out *o, const void *info, size_t count)
{
    const CRYPT_UINT_BLOB *v = info;
    size_t since = o->n;
    while (count-- > 0)
        der_put_number(o, v[count].pbData, v[count].cbData, true);
    der_wrap(o, DER_SEQUENCE, since);
}

_Static_assert(sizeof(CERT_DSS_PARAMETERS) == 3 * sizeof(CRYPT_UINT_BLOB) &&
                   sizeof(CERT_ECC_SIGNATURE) == 2 * sizeof(CRYPT_UINT_BLOB),
               "structures of numbers only");

void dss_parameters_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    numbers_decode(d, b, 3);
}

void dss_parameters_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    numbers_encode(o, info, 3);
}

void ecc_signature_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    numbers_decode(d, b, 2);
}

void ecc_signature_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    numbers_encode(o, info, 2);
}

/* ---- DSA's signature: r and s of 20 bytes each ------------------------------------------------ */

void dss_signature_decode(struct der *d, DWORD flags, struct block *b)
{
    BYTE *at = block_take(b, CERT_DSS_SIGNATURE_LEN);
    struct der in = der_enter(d, DER_SEQUENCE);
    for (size_t half = 0; half < 2; half++) {
        struct bytes v = der_number(&in);
        if (v.n > CERT_DSS_R_LEN)
            der_fail(&in, CRYPT_E_ASN1_LARGE);
        if (at == NULL || in.error != NO_ERROR)
            continue;
        BYTE big[CERT_DSS_R_LEN] = {0}, *out = at + half * sizeof big;
        memcpy(big + sizeof big - v.n, v.p, v.n);
        for (size_t i = 0; i < sizeof big; i++) {
            bool keep = (flags & CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG) != 0;
            out[i] = big[keep ? i : sizeof big - 1 - i];
        }
    }
    der_leave(d, &in);
}

void dss_signature_encode(struct der_out *o, DWORD flags, const void *info)
{
    const BYTE *signature = info;
    bool little = (flags & CRYPT_ENCODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG) == 0;
    size_t since = o->n;
    der_put_number(o, signature + CERT_DSS_R_LEN, CERT_DSS_S_LEN, little);
    der_put_number(o, signature, CERT_DSS_R_LEN, little);
    der_wrap(o, DER_SEQUENCE, since);
}

/* ---- SEQUENCE OF ANY -------------------------------------------------------------------------- */

void sequence_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    CRYPT_SEQUENCE_OF_ANY info = {0, NULL};
    void *at = block_take(b, sizeof info);
    struct der in = der_enter(d, DER_SEQUENCE), count = in;
    while (count.n > 0 && count.error == NO_ERROR) {
        der_any(&count);
        info.cValue++;
    }
    info.rgValue = block_take(b, info.cValue * sizeof *info.rgValue);
    for (DWORD i = 0; i < info.cValue; i++) {
        CRYPT_DER_BLOB one = block_bytes(b, der_any(&in));
        place(info.rgValue == NULL ? NULL : info.rgValue + i, &one, sizeof one);
    }
    der_leave(d, &in);
    place(at, &info, sizeof info);
}

void sequence_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    const CRYPT_SEQUENCE_OF_ANY *v = info;
    size_t since = o->n;
    for (DWORD i = v->cValue; i-- > 0;)
        der_put(o, v->rgValue[i].pbData, v->rgValue[i].cbData);
    der_wrap(o, DER_SEQUENCE, since);
}
