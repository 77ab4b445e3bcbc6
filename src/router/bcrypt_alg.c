/* Algorithm providers: open, close, and the buffers that enumerations return. */
#include "router.h"

#include <stdlib.h>

/* Every flag that some algorithm of the API knows. */
#define KNOWN_OPEN_FLAGS                                                                           \
    (BCRYPT_PROV_DISPATCH | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG | BCRYPT_ALG_HANDLE_HMAC_FLAG |        \
     BCRYPT_HASH_REUSABLE_FLAG | BCRYPT_MULTI_FLAG | BCRYPT_EXTENDED_KEYSIZE)

NTSTATUS router_open(const struct name *alg_name, const struct name *provider, uint32_t flags,
                     void **handle)
{
    if (handle == NULL || alg_name == NULL || (flags & ~(uint32_t)KNOWN_OPEN_FLAGS) != 0)
        return STATUS_INVALID_PARAMETER;
    const struct alg_class *class = resolve_class(alg_name, provider);
    if (class == NULL)
        return STATUS_NOT_FOUND;
    if ((flags & ~(class->open_flags | BCRYPT_PROV_DISPATCH)) != 0)
        return STATUS_NOT_SUPPORTED;

    /* What holds for a hash and not for its HMAC, or the other way round. */
    const struct hash_class *hash =
        (flags & BCRYPT_ALG_HANDLE_HMAC_FLAG) != 0 ? class->hmac : class->hash;
    if ((flags & BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG) != 0 && hash->tls_verify == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((flags & BCRYPT_MULTI_FLAG) != 0 && hash->no_multi)
        return STATUS_NOT_SUPPORTED;

    TRY(selftest_pass(class));
    struct alg *alg = alg_alloc(class, flags);
    if (alg == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = handle_new(&alg->object, &alg->handle);
    if (status < 0) {
        alg->object.destroy(&alg->object);
        return status;
    }
    *handle = alg->handle;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE hAlgorithm, ULONG dwFlags)
{
    if (dwFlags != 0) {
        ALG_USE u;
        TRY(alg_enter(hAlgorithm, &u));
        return STATUS_INVALID_PARAMETER;
    }
    return handle_close(hAlgorithm, OBJECT_ALG) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}

VOID WINAPI BCryptFreeBuffer(PVOID pvBuffer)
{
    free(pvBuffer);
}
