/* What the suites of ncrypt.h share: a key store of their own, and a few calls that many checks need. */
#ifndef CONFORM_NCRYPT_H
#define CONFORM_NCRYPT_H

#include "conform.h"

#include <ncrypt.h>
#include <wincrypt.h>

#include <ftw.h>
#include <unistd.h>

#include "conform_register.h"

static char store_home[] = "/tmp/opencng-conform-XXXXXX";
static pid_t store_owner;

static inline int store_remove_one(const char *path, const struct stat *st, int flag,
                                   struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void store_remove(void)
{
    if (getpid() == store_owner)
        nftw(store_home, store_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/*
 * The suites run twice: over the built-in provider, and over libncrypt.so itself as a registered one, whose image
 * OPENCNG_CONFORM_IMAGE names. What only one of the two can promise asks is_registered.
 */
static bool is_registered;

static inline LPCWSTR provider_name(void)
{
    return is_registered ? L"Another Key Store" : MS_KEY_STORAGE_PROVIDER;
}

static inline void provider_register(void)
{
    const char *image = getenv("OPENCNG_CONFORM_IMAGE");
    if (image == NULL)
        return;
    is_registered = true;
    register_key_store("Another Key Store", image);
    NCRYPT_PROV_HANDLE provider;
    SECURITY_STATUS s = NCryptOpenStorageProvider(&provider, provider_name(), 0);
    if (s == NTE_PERM) {
        printf("1..0 # SKIP others may write to the folders of %s\n", image);
        exit(0);
    }
    if (s != ERROR_SUCCESS || NCryptFreeObject(provider) != ERROR_SUCCESS)
        abort();
}

/* Every run has an empty store, which is gone afterwards. */
static inline void store_begin(void)
{
    if (mkdtemp(store_home) == NULL || setenv("OPENCNG_HOME", store_home, 1) != 0)
        abort();
    store_owner = getpid();
    atexit(store_remove);
    provider_register();
}

static inline NCRYPT_PROV_HANDLE provider_open(void)
{
    NCRYPT_PROV_HANDLE provider = 0;
    if (NCryptOpenStorageProvider(&provider, provider_name(), 0) != ERROR_SUCCESS)
        abort();
    return provider;
}

static inline SECURITY_STATUS set_dword(NCRYPT_HANDLE h, LPCWSTR name, DWORD value, DWORD flags)
{
    return NCryptSetProperty(h, name, (PBYTE)&value, sizeof value, flags);
}

static inline SECURITY_STATUS set_text(NCRYPT_HANDLE h, LPCWSTR name, LPCWSTR value, DWORD flags)
{
    return NCryptSetProperty(h, name, (PBYTE)value, text_bytes(value), flags);
}

/* The property, or 0xDEADBEEF when it cannot be read. */
static inline DWORD get_dword(NCRYPT_HANDLE h, LPCWSTR name)
{
    DWORD value = 0;
    DWORD n = 0;
    SECURITY_STATUS s = NCryptGetProperty(h, name, (PBYTE)&value, sizeof value, &n, 0);
    return s == ERROR_SUCCESS && n == sizeof value ? value : 0xDEADBEEF;
}

static inline bool text_is(NCRYPT_HANDLE h, LPCWSTR name, LPCWSTR value)
{
    WCHAR text[600];
    DWORD n = 0;
    return NCryptGetProperty(h, name, (PBYTE)text, sizeof text, &n, 0) == ERROR_SUCCESS &&
           n == text_bytes(value) && text_equal(text, value);
}

/* The status of reading a property, whatever its size. */
static inline SECURITY_STATUS get_status(NCRYPT_HANDLE h, LPCWSTR name, DWORD flags)
{
    BYTE value[4096];
    DWORD n = 0;
    return NCryptGetProperty(h, name, value, sizeof value, &n, flags);
}

/* A blob of a key in memory of the caller's; NULL when it cannot be exported. */
static inline BYTE *export_blob(NCRYPT_KEY_HANDLE key, LPCWSTR type, NCryptBufferDesc *params,
                                DWORD *n)
{
    if (NCryptExportKey(key, 0, type, params, NULL, 0, n, 0) != ERROR_SUCCESS)
        return NULL;
    BYTE *blob = malloc(*n);
    if (blob == NULL)
        abort();
    if (NCryptExportKey(key, 0, type, params, blob, *n, n, 0) != ERROR_SUCCESS) {
        free(blob);
        return NULL;
    }
    return blob;
}

#endif
