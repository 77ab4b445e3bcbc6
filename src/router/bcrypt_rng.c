/* Random numbers, and the machine's FIPS mode. */
#include "router.h"

#include <stdlib.h>

#include "fips.h"

/* The built-in provider's generator, found and tested once: keys of the whole process come from it. */
static NTSTATUS system_generator(const struct alg_class **class)
{
    static _Atomic(const struct alg_class *) found;
    *class = atomic_load_explicit(&found, memory_order_acquire);
    if (*class != NULL)
        return STATUS_SUCCESS;
    *class = resolve_builtin(&(struct name){"RNG"});
    if (*class == NULL)
        return STATUS_INVALID_HANDLE;
    TRY(selftest_pass(*class));
    atomic_store_explicit(&found, *class, memory_order_release);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptGenRandom(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer, ULONG cbBuffer,
                                ULONG dwFlags)
{
    bool system = (dwFlags & BCRYPT_USE_SYSTEM_PREFERRED_RNG) != 0;
    ALG_USE u = {.alg = NULL};
    const struct alg_class *class;
    if (hAlgorithm == NULL && system) {
        NTSTATUS status = system_generator(&class);
        /* Who does not look at the status finds zeros, as when the generator itself fails. */
        if (status < 0 && pbBuffer != NULL)
            wipe(pbBuffer, cbBuffer);
        TRY(status);
    } else {
        TRY(alg_enter(hAlgorithm, &u));
        class = u.alg->class;
        if (system)
            return STATUS_INVALID_PARAMETER;
    }
    if (class->random == NULL)
        return STATUS_INVALID_HANDLE;
    if ((dwFlags & ~(BCRYPT_USE_SYSTEM_PREFERRED_RNG | class->random_flags)) != 0)
        return STATUS_INVALID_PARAMETER;
    if (cbBuffer == 0)
        return STATUS_SUCCESS;
    if (pbBuffer == NULL)
        return STATUS_INVALID_PARAMETER;
    return class->random(u.alg, dwFlags, pbBuffer, cbBuffer);
}

/* A caller of this function cannot be told of a failure, and must not go on without random bytes. */
BOOL WINAPI ProcessPrng(PBYTE pbData, SIZE_T cbData)
{
    const struct alg_class *class;
    if (system_generator(&class) < 0 || class->random(NULL, 0, pbData, cbData) < 0)
        abort();
    return TRUE;
}

NTSTATUS WINAPI BCryptGetFipsAlgorithmMode(BOOLEAN *pfEnabled)
{
    if (pfEnabled == NULL)
        return STATUS_INVALID_PARAMETER;
    *pfEnabled = fips_enabled();
    return STATUS_SUCCESS;
}
