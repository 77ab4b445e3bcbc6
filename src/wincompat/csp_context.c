/*
 * CryptAcquireContext and what a context without keys can do: be released, give random numbers, make hashes
 * (csp_hash.c). Keys of CryptoAPI live in containers, of which there are none here: whoever asks for one is
 * told that there is no such key set, and programs that only hash or want random numbers
 * (CRYPT_VERIFYCONTEXT) are served.
 */
#include "csp_table.h"

#include <strings.h>

/* Microsoft's providers of the two types, by the names that programs ask for. */
static const struct provider {
    const char *name;
    DWORD type;
} providers[] = {
    {"Microsoft Base Cryptographic Provider v1.0", PROV_RSA_FULL},
    {"Microsoft Strong Cryptographic Provider", PROV_RSA_FULL},
    {"Microsoft Enhanced Cryptographic Provider v1.0", PROV_RSA_FULL},
    {"Microsoft Enhanced RSA and AES Cryptographic Provider", PROV_RSA_AES},
    {"Microsoft Enhanced RSA and AES Cryptographic Provider (Prototype)", PROV_RSA_AES},
};

#define LAST_TYPE 999

static DWORD type_check(DWORD type)
{
    if (type == 0 || type > LAST_TYPE)
        return (DWORD)NTE_BAD_PROV_TYPE;
    return type == PROV_RSA_FULL || type == PROV_RSA_AES ? NO_ERROR : (DWORD)NTE_PROV_TYPE_NOT_DEF;
}

static DWORD provider_check(const char *name, DWORD type)
{
    if (name == NULL)
        return NO_ERROR; /* the default one of the type */
    for (size_t i = 0; i < ARRAY_COUNT(providers); i++) {
        if (strcasecmp(providers[i].name, name) == 0)
            return providers[i].type == type ? NO_ERROR : (DWORD)NTE_PROV_TYPE_NO_MATCH;
    }
    return (DWORD)NTE_KEYSET_NOT_DEF;
}

/* The flags that may stand beside CRYPT_VERIFYCONTEXT, and those that are about containers. */
#define HARMLESS (CRYPT_SILENT | CRYPT_MACHINE_KEYSET | CRYPT_DEFAULT_CONTAINER_OPTIONAL)
#define OF_CONTAINERS (CRYPT_NEWKEYSET | CRYPT_DELETEKEYSET)

static DWORD flags_check(const char *container, DWORD flags)
{
    bool verify = (flags & CRYPT_VERIFYCONTEXT) == CRYPT_VERIFYCONTEXT;
    DWORD rest = verify ? flags & ~(DWORD)CRYPT_VERIFYCONTEXT : flags;
    if ((rest & ~(DWORD)(HARMLESS | OF_CONTAINERS)) != 0)
        return (DWORD)NTE_BAD_FLAGS;
    if (verify && (rest & OF_CONTAINERS) != 0)
        return (DWORD)NTE_BAD_FLAGS;
    bool named = container != NULL && *container != 0;
    return verify && !named ? NO_ERROR : (DWORD)NTE_BAD_KEYSET;
}

DWORD csp_acquire(HCRYPTPROV *context, const char *container, const char *provider, DWORD type,
                  DWORD flags)
{
    if (context == NULL)
        return ERROR_INVALID_PARAMETER;
    DWORD error = type_check(type);
    if (error == NO_ERROR)
        error = provider_check(provider, type);
    if (error == NO_ERROR)
        error = flags_check(container, flags);
    if (error != NO_ERROR)
        return error;
    struct csp_slot slot = {.kind = CSP_CONTEXT, .provider_type = type};
    return csp_open(&slot, context) ? NO_ERROR : (DWORD)NTE_NO_MEMORY;
}

BOOL WINAPI CryptAcquireContextA(HCRYPTPROV *phProv, LPCSTR szContainer, LPCSTR szProvider,
                                 DWORD dwProvType, DWORD dwFlags)
{
    return finish(csp_acquire(phProv, szContainer, szProvider, dwProvType, dwFlags));
}

BOOL WINAPI CryptReleaseContext(HCRYPTPROV hProv, DWORD dwFlags)
{
    struct csp_slot slot;
    /* Microsoft documents that the context is released in spite of a wrong flag. */
    if (!csp_close(hProv, CSP_CONTEXT, &slot))
        return fail(ERROR_INVALID_HANDLE);
    return finish(dwFlags == 0 ? NO_ERROR : (DWORD)NTE_BAD_FLAGS);
}

BOOL WINAPI CryptGenRandom(HCRYPTPROV hProv, DWORD dwLen, BYTE *pbBuffer)
{
    struct csp_slot slot;
    if (!csp_find(hProv, CSP_CONTEXT, &slot))
        return fail(ERROR_INVALID_HANDLE);
    if (pbBuffer == NULL)
        return fail(ERROR_INVALID_PARAMETER);
    if (dwLen == 0)
        return TRUE;
    bool good =
        BCRYPT_SUCCESS(BCryptGenRandom(NULL, pbBuffer, dwLen, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    return finish(good ? NO_ERROR : (DWORD)NTE_FAIL);
}
