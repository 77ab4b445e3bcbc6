/*
 * Keys with their algorithm: SubjectPublicKeyInfo (RFC 5280), PrivateKeyInfo and
 * EncryptedPrivateKeyInfo (RFC 5208), ECPrivateKey (RFC 5915).
 */
#include "crypt_types.h"

#include <string.h>

static void place(void *at, const void *info, size_t n)
{
    if (at != NULL)
        memcpy(at, info, n);
}

/* AlgorithmIdentifier: the parameters are an element as a whole, or absent. */
static CRYPT_ALGORITHM_IDENTIFIER algorithm_decode(struct der *d, struct block *b)
{
    CRYPT_ALGORITHM_IDENTIFIER info = {NULL, {0, NULL}};
    struct der in = der_enter(d, DER_SEQUENCE);
    info.pszObjId = block_oid(b, &in);
    if (in.n > 0)
        info.Parameters = block_bytes(b, der_any(&in));
    der_leave(d, &in);
    return info;
}

static void algorithm_encode(struct der_out *o, const CRYPT_ALGORITHM_IDENTIFIER *info)
{
    size_t since = o->n;
    der_put(o, info->Parameters.pbData, info->Parameters.cbData);
    der_put_oid(o, info->pszObjId);
    der_wrap(o, DER_SEQUENCE, since);
}

static CRYPT_BIT_BLOB bits_decode(struct der *d, struct block *b)
{
    DWORD unused;
    struct bytes v = der_bits(d, &unused);
    CRYPT_DATA_BLOB copy = block_bytes(b, v);
    return (CRYPT_BIT_BLOB){copy.cbData, copy.pbData, unused};
}

/* ---- SubjectPublicKeyInfo ---------------------------------------------------------------------- */

void public_key_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    CERT_PUBLIC_KEY_INFO info;
    void *at = block_take(b, sizeof info);
    struct der in = der_enter(d, DER_SEQUENCE);
    info.Algorithm = algorithm_decode(&in, b);
    info.PublicKey = bits_decode(&in, b);
    der_leave(d, &in);
    place(at, &info, sizeof info);
}

void public_key_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    const CERT_PUBLIC_KEY_INFO *v = info;
    size_t since = o->n;
    der_put_bits(o, v->PublicKey.pbData, v->PublicKey.cbData, v->PublicKey.cUnusedBits);
    algorithm_encode(o, &v->Algorithm);
    der_wrap(o, DER_SEQUENCE, since);
}

/* ---- PrivateKeyInfo ---------------------------------------------------------------------------- */

/* SET OF ANY as so many blobs. */
static DWORD values_decode(struct der *d, struct block *b, PCRYPT_ATTR_BLOB *values)
{
    struct der in = der_enter(d, DER_SET), count = in;
    DWORD n = 0;
    while (count.n > 0 && count.error == NO_ERROR) {
        der_any(&count);
        n++;
    }
    *values = block_take(b, n * sizeof **values);
    for (DWORD i = 0; i < n; i++) {
        CRYPT_ATTR_BLOB one = block_bytes(b, der_any(&in));
        place(*values == NULL ? NULL : *values + i, &one, sizeof one);
    }
    der_leave(d, &in);
    return n;
}

static PCRYPT_ATTRIBUTES attributes_decode(struct der *d, struct block *b)
{
    CRYPT_ATTRIBUTES info = {0, NULL};
    PCRYPT_ATTRIBUTES at = block_take(b, sizeof info);
    struct der in = der_enter(d, DER_CONTEXT_OF(0)), count = in;
    while (count.n > 0 && count.error == NO_ERROR) {
        der_any(&count);
        info.cAttr++;
    }
    info.rgAttr = block_take(b, info.cAttr * sizeof *info.rgAttr);
    for (DWORD i = 0; i < info.cAttr; i++) {
        CRYPT_ATTRIBUTE one;
        struct der attribute = der_enter(&in, DER_SEQUENCE);
        one.pszObjId = block_oid(b, &attribute);
        one.cValue = values_decode(&attribute, b, &one.rgValue);
        der_leave(&in, &attribute);
        place(info.rgAttr == NULL ? NULL : info.rgAttr + i, &one, sizeof one);
    }
    der_leave(d, &in);
    place(at, &info, sizeof info);
    return at;
}

static void attributes_encode(struct der_out *o, const CRYPT_ATTRIBUTES *v)
{
    size_t since = o->n;
    for (DWORD i = v->cAttr; i-- > 0;) {
        const CRYPT_ATTRIBUTE *attribute = &v->rgAttr[i];
        size_t start = o->n;
        for (DWORD k = attribute->cValue; k-- > 0;)
            der_put(o, attribute->rgValue[k].pbData, attribute->rgValue[k].cbData);
        der_wrap(o, DER_SET, start);
        der_put_oid(o, attribute->pszObjId);
        der_wrap(o, DER_SEQUENCE, start);
    }
    der_wrap(o, DER_CONTEXT_OF(0), since);
}

void private_key_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    CRYPT_PRIVATE_KEY_INFO info;
    void *at = block_take(b, sizeof info);
    struct der in = der_enter(d, DER_SEQUENCE);
    info.Version = der_small(&in);
    info.Algorithm = algorithm_decode(&in, b);
    info.PrivateKey = block_bytes(b, der_take(&in, DER_OCTETS));
    info.pAttributes = der_is(&in, DER_CONTEXT_OF(0)) ? attributes_decode(&in, b) : NULL;
    /* RFC 5958 adds a public key, [1] IMPLICIT, for which the structure has no place. */
    if (der_is(&in, 0x81))
        der_any(&in);
    der_leave(d, &in);
    place(at, &info, sizeof info);
}

void private_key_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    const CRYPT_PRIVATE_KEY_INFO *v = info;
    size_t since = o->n;
    if (v->pAttributes != NULL)
        attributes_encode(o, v->pAttributes);
    der_put_octets(o, v->PrivateKey.pbData, v->PrivateKey.cbData);
    algorithm_encode(o, &v->Algorithm);
    der_put_small(o, v->Version);
    der_wrap(o, DER_SEQUENCE, since);
}

/* ---- EncryptedPrivateKeyInfo -------------------------------------------------------------------- */

void encrypted_key_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    CRYPT_ENCRYPTED_PRIVATE_KEY_INFO info;
    void *at = block_take(b, sizeof info);
    struct der in = der_enter(d, DER_SEQUENCE);
    info.EncryptionAlgorithm = algorithm_decode(&in, b);
    info.EncryptedPrivateKey = block_bytes(b, der_take(&in, DER_OCTETS));
    der_leave(d, &in);
    place(at, &info, sizeof info);
}

void encrypted_key_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    const CRYPT_ENCRYPTED_PRIVATE_KEY_INFO *v = info;
    size_t since = o->n;
    der_put_octets(o, v->EncryptedPrivateKey.pbData, v->EncryptedPrivateKey.cbData);
    algorithm_encode(o, &v->EncryptionAlgorithm);
    der_wrap(o, DER_SEQUENCE, since);
}

/* ---- ECPrivateKey ------------------------------------------------------------------------------- */

void ecc_key_decode(struct der *d, DWORD flags, struct block *b)
{
    (void)flags;
    CRYPT_ECC_PRIVATE_KEY_INFO info = {0, {0, NULL}, NULL, {0, NULL, 0}};
    void *at = block_take(b, sizeof info);
    struct der in = der_enter(d, DER_SEQUENCE);
    info.dwVersion = der_small(&in);
    info.PrivateKey = block_bytes(b, der_take(&in, DER_OCTETS));
    if (der_is(&in, DER_CONTEXT_OF(0))) {
        struct der curve = der_enter(&in, DER_CONTEXT_OF(0));
        info.szCurveOid = block_oid(b, &curve);
        der_leave(&in, &curve);
    }
    if (der_is(&in, DER_CONTEXT_OF(1))) {
        struct der point = der_enter(&in, DER_CONTEXT_OF(1));
        info.PublicKey = bits_decode(&point, b);
        der_leave(&in, &point);
    }
    der_leave(d, &in);
    place(at, &info, sizeof info);
}

void ecc_key_encode(struct der_out *o, DWORD flags, const void *info)
{
    (void)flags;
    const CRYPT_ECC_PRIVATE_KEY_INFO *v = info;
    size_t since = o->n;
    if (v->PublicKey.cbData != 0) {
        der_put_bits(o, v->PublicKey.pbData, v->PublicKey.cbData, v->PublicKey.cUnusedBits);
        der_wrap(o, DER_CONTEXT_OF(1), since);
    }
    if (v->szCurveOid != NULL) {
        size_t curve = o->n;
        der_put_oid(o, v->szCurveOid);
        der_wrap(o, DER_CONTEXT_OF(0), curve);
    }
    der_put_octets(o, v->PrivateKey.pbData, v->PrivateKey.cbData);
    der_put_small(o, v->dwVersion);
    der_wrap(o, DER_SEQUENCE, since);
}
