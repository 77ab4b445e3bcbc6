/* Algorithm providers: open, close, and the buffers that enumerations return. */
#include "router.h"

#include <stdlib.h>

/* Every flag that some algorithm of the API knows. */
#define KNOWN_OPEN_FLAGS                                                                           \
    (BCRYPT_PROV_DISPATCH | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG | BCRYPT_ALG_HANDLE_HMAC_FLAG |        \
     BCRYPT_HASH_REUSABLE_FLAG | BCRYPT_MULTI_FLAG | BCRYPT_EXTENDED_KEYSIZE)

/* Whether an algorithm of the class can be opened with these flags. */
static NTSTATUS flags_check(const struct alg_class *class, uint32_t flags)
{
    if ((flags & ~(KNOWN_OPEN_FLAGS | class->open_flags)) != 0)
        return STATUS_INVALID_PARAMETER;
    if ((flags & ~(class->open_flags | BCRYPT_PROV_DISPATCH)) != 0)
        return STATUS_NOT_SUPPORTED;
    /* What holds for a hash and not for its HMAC, or the other way round. */
    const struct hash_class *hash =
        (flags & BCRYPT_ALG_HANDLE_HMAC_FLAG) != 0 ? class->hmac : class->hash;
    if (hash == NULL)
        return STATUS_SUCCESS;
    if ((flags & BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG) != 0 && hash->tls_verify == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((flags & BCRYPT_MULTI_FLAG) != 0 && hash->no_multi)
        return STATUS_NOT_SUPPORTED;
    return STATUS_SUCCESS;
}

static NTSTATUS open_class(const struct alg_class *class, uint32_t flags, struct alg **out)
{
    TRY(flags_check(class, flags));
    return alg_new(class, flags, out);
}

NTSTATUS router_open(const struct name *alg_name, const struct name *provider, uint32_t flags,
                     void **handle)
{
    if (handle == NULL || alg_name == NULL)
        return STATUS_INVALID_PARAMETER;
    /* As long as nobody configured an order, most programs want one of the built-in provider's rows. */
    const struct alg_class *class =
        provider == NULL && !config_orders() ? resolve_builtin(alg_name) : NULL;
    struct alg *alg;
    NTSTATUS status = class != NULL ? open_class(class, flags, &alg)
                                    : resolve_open(alg_name, provider, flags, open_class, &alg);
    if (status < 0)
        return status == STATUS_NOT_FOUND && (flags & ~(uint32_t)KNOWN_OPEN_FLAGS) != 0
                   ? STATUS_INVALID_PARAMETER
                   : status;
    status = handle_new(&alg->object, &alg->handle);
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
