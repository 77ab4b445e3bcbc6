#include "crypt_types.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

static const struct crypt_type types[] = {
    {X509_PUBLIC_KEY_INFO, NULL, public_key_decode, public_key_encode},
    {RSA_CSP_PUBLICKEYBLOB, szOID_RSA_RSA, rsa_csp_public_decode, rsa_csp_public_encode},
    {X509_SEQUENCE_OF_ANY, NULL, sequence_decode, sequence_encode},
    {X509_MULTI_BYTE_UINT, NULL, number_decode, number_encode},
    {X509_DSS_PARAMETERS, szOID_X957_DSA, dss_parameters_decode, dss_parameters_encode},
    {X509_DSS_SIGNATURE, NULL, dss_signature_decode, dss_signature_encode},
    {PKCS_RSA_PRIVATE_KEY, NULL, rsa_csp_private_decode, rsa_csp_private_encode},
    {PKCS_PRIVATE_KEY_INFO, NULL, private_key_decode, private_key_encode},
    {PKCS_ENCRYPTED_PRIVATE_KEY_INFO, NULL, encrypted_key_decode, encrypted_key_encode},
    {X509_ECC_SIGNATURE, NULL, ecc_signature_decode, ecc_signature_encode},
    {CNG_RSA_PUBLIC_KEY_BLOB, NULL, rsa_cng_public_decode, rsa_cng_public_encode},
    {X509_ECC_PRIVATE_KEY, NULL, ecc_key_decode, ecc_key_encode},
    {CNG_RSA_PRIVATE_KEY_BLOB, NULL, rsa_cng_private_decode, rsa_cng_private_encode},
};

const struct crypt_type *crypt_type_find(LPCSTR type)
{
    bool is_number = (uintptr_t)type <= 0xFFFF;
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        const struct crypt_type *t = &types[i];
        if (is_number ? t->number == type : t->oid != NULL && strcmp(t->oid, type) == 0)
            return t;
    }
    return NULL;
}

/* ---- the block ------------------------------------------------------------------------------- */

void *block_take(struct block *b, size_t n)
{
    size_t at = (b->n + 7) & ~(size_t)7;
    b->n = at + n;
    return b->p == NULL ? NULL : b->p + at;
}

CRYPT_DATA_BLOB block_bytes(struct block *b, struct bytes v)
{
    CRYPT_DATA_BLOB out = {(DWORD)v.n, block_take(b, v.n)};
    if (out.pbData != NULL && v.n > 0)
        memcpy(out.pbData, v.p, v.n);
    return out;
}

CRYPT_DATA_BLOB block_reversed(struct block *b, struct bytes v)
{
    CRYPT_DATA_BLOB out = {(DWORD)v.n, block_take(b, v.n)};
    for (size_t i = 0; out.pbData != NULL && i < v.n; i++)
        out.pbData[i] = v.p[v.n - 1 - i];
    return out;
}

void fields_turn(DWORD *fields, size_t count)
{
    for (size_t i = 0; i < count; i++)
        fields[i] = le32toh(fields[i]);
}

/* ---- object identifiers ---------------------------------------------------------------------- */

/* One number of the identifier. False: it ends in the middle, could be shorter, or has more than 64 bits. */
static bool next_arc(struct bytes *v, uint64_t *arc)
{
    *arc = 0;
    if (v->n > 0 && v->p[0] == 0x80)
        return false;
    while (v->n > 0) {
        BYTE byte = *v->p++;
        v->n--;
        if (*arc > UINT64_MAX >> 7)
            return false;
        *arc = *arc << 7 | (byte & 0x7F);
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

LPSTR block_oid(struct block *b, struct der *d)
{
    struct bytes v = der_take(d, DER_OID);
    /* A byte becomes at most three digits and a dot; the first has two numbers in it. */
    char text[512];
    size_t n = 0;
    uint64_t arc;
    bool good = v.n > 0 && v.n < sizeof text / 4 - 2;
    for (bool first = true; good && v.n > 0; first = false) {
        good = next_arc(&v, &arc);
        if (!good)
            break;
        uint64_t top = arc < 80 ? arc / 40 : 2;
        if (first)
            n += (size_t)snprintf(text + n, sizeof text - n, "%llu", (unsigned long long)top);
        n += (size_t)snprintf(text + n, sizeof text - n, ".%llu",
                              (unsigned long long)(first ? arc - 40 * top : arc));
    }
    if (!good) {
        der_fail(d, CRYPT_E_ASN1_CORRUPT);
        return NULL;
    }
    LPSTR out = block_take(b, n + 1);
    if (out != NULL)
        memcpy(out, text, n + 1);
    return out;
}
