/* What the suites of observations share: one-line ways to make, export and import keys. */
#ifndef CONFORM_KEYS_H
#define CONFORM_KEYS_H

#include "conform.h"

#define ROW(what) row_begin("%s (%d-bit WCHAR)", what, (int)sizeof(WCHAR) * 8)

static VOID *const UNTOUCHED = (VOID *)(ULONG_PTR)0x5A5A5A50;

static UCHAR room[8192];
static ULONG got;

/* ---- making things ------------------------------------------------------------------------------------------- */

static inline BCRYPT_ALG_HANDLE open_alg(LPCWSTR name)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    BCryptOpenAlgorithmProvider(&alg, name, NULL, 0);
    return alg;
}

static inline NTSTATUS set_text(BCRYPT_HANDLE h, LPCWSTR name, LPCWSTR text)
{
    return BCryptSetProperty(h, name, (PUCHAR)text, text_bytes(text), 0);
}

static inline BCRYPT_KEY_HANDLE make_key(BCRYPT_ALG_HANDLE alg, ULONG bits)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptGenerateKeyPair(alg, &key, bits, 0) < 0 || BCryptFinalizeKeyPair(key, 0) < 0)
        abort();
    return key;
}

/* A key whose curve or parameter set is a property; NULL when the installed libcrypto lacks the algorithm. */
static inline BCRYPT_KEY_HANDLE make_named(LPCWSTR alg_name, LPCWSTR property, LPCWSTR value)
{
    BCRYPT_ALG_HANDLE alg = open_alg(alg_name);
    BCRYPT_KEY_HANDLE key = NULL;
    if (alg == NULL)
        return NULL;
    if (BCryptGenerateKeyPair(alg, &key, 0, 0) < 0 || set_text(key, property, value) < 0 ||
        BCryptFinalizeKeyPair(key, 0) < 0)
        abort();
    BCryptCloseAlgorithmProvider(alg, 0);
    return key;
}

static inline ULONG export_to(BCRYPT_KEY_HANDLE key, LPCWSTR type, UCHAR *at, ULONG cap)
{
    ULONG n = 0;
    return BCryptExportKey(key, NULL, type, at, cap, &n, 0) == STATUS_SUCCESS ? n : 0;
}

static inline NTSTATUS import_from(BCRYPT_ALG_HANDLE alg, LPCWSTR type, UCHAR *blob, ULONG n,
                                   ULONG flags, BCRYPT_KEY_HANDLE *key)
{
    return BCryptImportKeyPair(alg, NULL, type, key, blob, n, flags);
}

/* Imports for the status alone. */
static inline NTSTATUS try_import(BCRYPT_ALG_HANDLE alg, LPCWSTR type, UCHAR *blob, ULONG n,
                                  ULONG flags)
{
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status = import_from(alg, type, blob, n, flags, &key);
    if (status == STATUS_SUCCESS)
        BCryptDestroyKey(key);
    return status;
}

static inline BCRYPT_KEY_HANDLE public_half(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key,
                                            LPCWSTR type)
{
    UCHAR blob[4096];
    BCRYPT_KEY_HANDLE half = NULL;
    import_from(alg, type, blob, export_to(key, type, blob, sizeof blob), 0, &half);
    return half;
}

static inline ULONG get_u32(BCRYPT_HANDLE h, LPCWSTR name)
{
    ULONG value = 0, n = 0;
    NTSTATUS status = BCryptGetProperty(h, name, (PUCHAR)&value, sizeof value, &n, 0);
    return status == STATUS_SUCCESS && n == sizeof value ? value : 0xBAD;
}

static inline NTSTATUS derive(BCRYPT_SECRET_HANDLE s, LPCWSTR kdf, BCryptBufferDesc *list,
                              ULONG cap)
{
    memset(room, GUARD_BYTE, sizeof room);
    return BCryptDeriveKey(s, kdf, list, room, cap, &got, 0);
}

#endif
