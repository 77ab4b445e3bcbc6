/*
 * CryptDecodeObjectEx and CryptEncodeObjectEx: the type's row, the convention for sizes, memory for the
 * result. What the types are: crypt_types.c.
 */
#include "crypt_types.h"

#include <string.h>

/* Where a result goes: a buffer of the caller's, or a block made for him. */
struct target {
    void *where;
    DWORD *size;
    bool allocate;
    PFN_CRYPT_ALLOC alloc;
    PFN_CRYPT_FREE release;
};

/* A place for n bytes; NULL with NO_ERROR when only the size was asked for. */
static DWORD place_for(const struct target *t, size_t n, void **place)
{
    *place = NULL;
    if (n > UINT32_MAX)
        return (DWORD)E_OUTOFMEMORY;
    DWORD room = *t->size;
    *t->size = (DWORD)n;
    if (t->allocate) {
        *place = t->alloc != NULL ? t->alloc(n) : LocalAlloc(LMEM_FIXED, n);
        return *place != NULL ? NO_ERROR : (DWORD)E_OUTOFMEMORY;
    }
    if (t->where == NULL)
        return NO_ERROR;
    if (room < n)
        return ERROR_MORE_DATA;
    *place = t->where;
    return NO_ERROR;
}

static void hand_over(const struct target *t, void *place)
{
    if (t->allocate)
        memcpy(t->where, &place, sizeof place);
}

/* What was allocated is not handed over: it did not come out well. */
static void take_back(const struct target *t, void *place)
{
    if (t->allocate && t->release != NULL)
        t->release(place);
    else if (t->allocate)
        LocalFree(place);
}

static bool encoding_is_known(DWORD encoding)
{
    return (encoding & (X509_ASN_ENCODING | PKCS_7_ASN_ENCODING)) != 0;
}

/* ---- decoding ---------------------------------------------------------------------------------- */

#define DECODE_FLAGS                                                                               \
    (CRYPT_DECODE_NOCOPY_FLAG | CRYPT_DECODE_TO_BE_SIGNED_FLAG |                                   \
     CRYPT_DECODE_SHARE_OID_STRING_FLAG | CRYPT_DECODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG |           \
     CRYPT_DECODE_ALLOC_FLAG)

static DWORD decode(const struct crypt_type *type, struct bytes in, DWORD flags,
                    const struct target *t)
{
    struct der d = {in.p, in.n, NO_ERROR};
    struct block b = {NULL, 0};
    void *place;
    type->decode(&d, flags, &b);
    if (d.error != NO_ERROR)
        return d.error;
    DWORD error = place_for(t, b.n, &place);
    if (error != NO_ERROR || place == NULL)
        return error;
    /* The padding between the parts goes out too. */
    memset(place, 0, b.n);
    d = (struct der){in.p, in.n, NO_ERROR};
    b = (struct block){place, 0};
    type->decode(&d, flags, &b);
    if (d.error != NO_ERROR) {
        take_back(t, place);
        return d.error;
    }
    hand_over(t, place);
    return NO_ERROR;
}

BOOL WINAPI CryptDecodeObjectEx(DWORD dwCertEncodingType, LPCSTR lpszStructType,
                                const BYTE *pbEncoded, DWORD cbEncoded, DWORD dwFlags,
                                PCRYPT_DECODE_PARA pDecodePara, void *pvStructInfo,
                                DWORD *pcbStructInfo)
{
    struct target t = {pvStructInfo, pcbStructInfo, (dwFlags & CRYPT_DECODE_ALLOC_FLAG) != 0, NULL,
                       NULL};
    if (pcbStructInfo == NULL || (pbEncoded == NULL && cbEncoded != 0) ||
        (dwFlags & ~(DWORD)DECODE_FLAGS) != 0 || (t.allocate && pvStructInfo == NULL))
        return fail((DWORD)E_INVALIDARG);
    if (t.allocate && pDecodePara != NULL) {
        t.alloc = pDecodePara->pfnAlloc;
        t.release = pDecodePara->pfnFree;
    }
    const struct crypt_type *type = crypt_type_find(lpszStructType);
    if (type == NULL || !encoding_is_known(dwCertEncodingType))
        return fail(ERROR_FILE_NOT_FOUND);
    return finish(decode(type, (struct bytes){pbEncoded, cbEncoded}, dwFlags, &t));
}

BOOL WINAPI CryptDecodeObject(DWORD dwCertEncodingType, LPCSTR lpszStructType,
                              const BYTE *pbEncoded, DWORD cbEncoded, DWORD dwFlags,
                              void *pvStructInfo, DWORD *pcbStructInfo)
{
    if ((dwFlags & CRYPT_DECODE_ALLOC_FLAG) != 0)
        return fail((DWORD)E_INVALIDARG);
    return CryptDecodeObjectEx(dwCertEncodingType, lpszStructType, pbEncoded, cbEncoded, dwFlags,
                               NULL, pvStructInfo, pcbStructInfo);
}

/* ---- encoding ---------------------------------------------------------------------------------- */

static DWORD encode(const struct crypt_type *type, const void *info, DWORD flags,
                    const struct target *t)
{
    struct der_out count = {NULL, 0, 0, false};
    void *place;
    type->encode(&count, flags, info);
    if (count.bad)
        return (DWORD)CRYPT_E_BAD_ENCODE;
    DWORD error = place_for(t, count.n, &place);
    if (error != NO_ERROR || place == NULL)
        return error;
    struct der_out out = {place, count.n, 0, false};
    type->encode(&out, flags, info);
    if (out.bad || out.n != count.n) {
        take_back(t, place);
        return (DWORD)CRYPT_E_BAD_ENCODE;
    }
    hand_over(t, place);
    return NO_ERROR;
}

BOOL WINAPI CryptEncodeObjectEx(DWORD dwCertEncodingType, LPCSTR lpszStructType,
                                const void *pvStructInfo, DWORD dwFlags,
                                PCRYPT_ENCODE_PARA pEncodePara, void *pvEncoded, DWORD *pcbEncoded)
{
    struct target t = {pvEncoded, pcbEncoded, (dwFlags & CRYPT_ENCODE_ALLOC_FLAG) != 0, NULL, NULL};
    if (pcbEncoded == NULL || pvStructInfo == NULL || (t.allocate && pvEncoded == NULL) ||
        (dwFlags &
         ~(DWORD)(CRYPT_ENCODE_ALLOC_FLAG | CRYPT_ENCODE_NO_SIGNATURE_BYTE_REVERSAL_FLAG)) != 0)
        return fail((DWORD)E_INVALIDARG);
    if (t.allocate && pEncodePara != NULL) {
        t.alloc = pEncodePara->pfnAlloc;
        t.release = pEncodePara->pfnFree;
    }
    const struct crypt_type *type = crypt_type_find(lpszStructType);
    if (type == NULL || !encoding_is_known(dwCertEncodingType))
        return fail(ERROR_FILE_NOT_FOUND);
    return finish(encode(type, pvStructInfo, dwFlags, &t));
}

BOOL WINAPI CryptEncodeObject(DWORD dwCertEncodingType, LPCSTR lpszStructType,
                              const void *pvStructInfo, BYTE *pbEncoded, DWORD *pcbEncoded)
{
    return CryptEncodeObjectEx(dwCertEncodingType, lpszStructType, pvStructInfo, 0, NULL, pbEncoded,
                               pcbEncoded);
}
