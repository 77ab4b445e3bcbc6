/*
 * CryptoAPI's hashes over those of bcrypt.h. The first reading of the value completes a hash: it takes no
 * more data, but its value can be read again, so each reading finishes a duplicate.
 */
#include "csp_table.h"

#include "ntstatus.h"

#include <string.h>

/* Which algorithms there are. SHA-2 came with PROV_RSA_AES, as Microsoft documents of ALG_ID. */
static const struct hash_row {
    BCRYPT_ALG_HANDLE algorithm;
    ALG_ID id;
    bool only_aes;
} rows[] = {
    {BCRYPT_MD2_ALG_HANDLE, CALG_MD2, false},       {BCRYPT_MD4_ALG_HANDLE, CALG_MD4, false},
    {BCRYPT_MD5_ALG_HANDLE, CALG_MD5, false},       {BCRYPT_SHA1_ALG_HANDLE, CALG_SHA1, false},
    {BCRYPT_SHA256_ALG_HANDLE, CALG_SHA_256, true}, {BCRYPT_SHA384_ALG_HANDLE, CALG_SHA_384, true},
    {BCRYPT_SHA512_ALG_HANDLE, CALG_SHA_512, true},
};

static const struct hash_row *row_find(ALG_ID id, DWORD provider_type)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].id == id)
            return rows[i].only_aes && provider_type != PROV_RSA_AES ? NULL : &rows[i];
    }
    return NULL;
}

/* What bcrypt.h said, in CryptoAPI's words. */
static DWORD error_of(NTSTATUS status)
{
    switch (status) {
    case STATUS_SUCCESS:
        return NO_ERROR;
    case STATUS_NO_MEMORY:
        return (DWORD)NTE_NO_MEMORY;
    case STATUS_NOT_FOUND:
    case STATUS_NOT_SUPPORTED:
        return (DWORD)NTE_BAD_ALGID;
    default:
        return (DWORD)NTE_FAIL;
    }
}

BOOL WINAPI CryptCreateHash(HCRYPTPROV hProv, ALG_ID Algid, HCRYPTKEY hKey, DWORD dwFlags,
                            HCRYPTHASH *phHash)
{
    struct csp_slot context, slot = {.kind = CSP_HASH, .algorithm = Algid};
    if (phHash == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    if (!csp_find(hProv, CSP_CONTEXT, &context))
        return fail(ERROR_INVALID_HANDLE);
    if (dwFlags != 0)
        return fail((DWORD)NTE_BAD_FLAGS);
    const struct hash_row *row = row_find(Algid, context.provider_type);
    if (row == NULL)
        return fail((DWORD)NTE_BAD_ALGID);
    if (hKey != 0)
        return fail((DWORD)NTE_BAD_KEY);
    DWORD error = error_of(BCryptCreateHash(row->algorithm, &slot.hash, NULL, 0, NULL, 0, 0));
    if (error != NO_ERROR)
        return fail(error);
    if (csp_open(&slot, phHash))
        return TRUE;
    BCryptDestroyHash(slot.hash);
    return fail((DWORD)NTE_NO_MEMORY);
}

BOOL WINAPI CryptHashData(HCRYPTHASH hHash, const BYTE *pbData, DWORD dwDataLen, DWORD dwFlags)
{
    struct csp_slot slot;
    if (!csp_find(hHash, CSP_HASH, &slot))
        return fail(ERROR_INVALID_HANDLE);
    if (dwFlags != 0)
        return fail((DWORD)NTE_BAD_FLAGS);
    if (pbData == NULL && dwDataLen != 0)
        return fail(ERROR_INVALID_PARAMETER);
    if (slot.complete)
        return fail((DWORD)NTE_BAD_HASH_STATE);
    return finish(error_of(BCryptHashData(slot.hash, (PUCHAR)(ULONG_PTR)pbData, dwDataLen, 0)));
}

static DWORD size_of(const struct csp_slot *slot, DWORD *size)
{
    DWORD got;
    return error_of(
        BCryptGetProperty(slot->hash, BCRYPT_HASH_LENGTH, (PUCHAR)size, sizeof *size, &got, 0));
}

static DWORD value_of(const struct csp_slot *slot, BYTE *value, DWORD size)
{
    BCRYPT_HASH_HANDLE copy;
    NTSTATUS status = BCryptDuplicateHash(slot->hash, &copy, NULL, 0, 0);
    if (status == STATUS_SUCCESS) {
        status = BCryptFinishHash(copy, value, size, 0);
        BCryptDestroyHash(copy);
    }
    return error_of(status);
}

/* Room in the caller's buffer for n bytes; *ask when he only wants to know how many. */
static DWORD room_check(const BYTE *data, DWORD *length, DWORD n, bool *ask)
{
    DWORD room = *length;
    *length = n;
    *ask = data == NULL;
    return *ask || room >= n ? NO_ERROR : ERROR_MORE_DATA;
}

static DWORD parameter(HCRYPTHASH handle, const struct csp_slot *slot, DWORD which, BYTE *data,
                       DWORD *length)
{
    bool ask = false;
    DWORD size;
    DWORD error = size_of(slot, &size);
    if (error != NO_ERROR)
        return error;
    switch (which) {
    case HP_ALGID:
    case HP_HASHSIZE: {
        DWORD answer = which == HP_ALGID ? slot->algorithm : size;
        error = room_check(data, length, sizeof answer, &ask);
        if (error == NO_ERROR && !ask)
            memcpy(data, &answer, sizeof answer);
        return error;
    }
    case HP_HASHVAL:
        error = room_check(data, length, size, &ask);
        if (error != NO_ERROR || ask)
            return error;
        csp_complete(handle);
        return value_of(slot, data, size);
    default:
        return (DWORD)NTE_BAD_TYPE;
    }
}

BOOL WINAPI CryptGetHashParam(HCRYPTHASH hHash, DWORD dwParam, BYTE *pbData, DWORD *pdwDataLen,
                              DWORD dwFlags)
{
    struct csp_slot slot;
    if (!csp_find(hHash, CSP_HASH, &slot))
        return fail(ERROR_INVALID_HANDLE);
    if (pdwDataLen == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    if (dwFlags != 0)
        return fail((DWORD)NTE_BAD_FLAGS);
    return finish(parameter(hHash, &slot, dwParam, pbData, pdwDataLen));
}

BOOL WINAPI CryptDestroyHash(HCRYPTHASH hHash)
{
    struct csp_slot slot;
    if (!csp_close(hHash, CSP_HASH, &slot))
        return fail(ERROR_INVALID_HANDLE);
    BCryptDestroyHash(slot.hash);
    return TRUE;
}
