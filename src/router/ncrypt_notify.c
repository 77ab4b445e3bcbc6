/*
 * Change notifications. Windows gives a handle to wait for; here it is a file descriptor to poll,
 * cast to HANDLE: readable means that keys of the scope changed.
 *
 * Unregistering closes a descriptor whose number the program tells, and it must not be made to close
 * a stranger's: the numbers given out are remembered.
 */
#include "ncrypt_router.h"

#include <fcntl.h>
#include <unistd.h>

#define DESCRIPTORS 65536

static _Atomic uint64_t given_out[DESCRIPTORS / 64];

static uint64_t bit_of(int descriptor)
{
    return UINT64_C(1) << (descriptor % 64);
}

/* Not 0, which would be a NULL handle, and small enough to be remembered. */
static NTSTATUS keep(int descriptor, HANDLE *event)
{
    int fit = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    close(descriptor);
    if (fit < 0)
        return NTE_NO_MEMORY;
    if (fit >= DESCRIPTORS) {
        close(fit);
        return NTE_NO_MEMORY;
    }
    atomic_fetch_or(&given_out[fit / 64], bit_of(fit));
    *event = (HANDLE)(intptr_t)fit;
    return STATUS_SUCCESS;
}

static NTSTATUS unregister(HANDLE *event)
{
    intptr_t n = (intptr_t)*event;
    if (n < 0 || n >= DESCRIPTORS)
        return NTE_INVALID_PARAMETER;
    int descriptor = (int)n;
    if ((atomic_fetch_and(&given_out[descriptor / 64], ~bit_of(descriptor)) & bit_of(descriptor)) ==
        0)
        return NTE_INVALID_PARAMETER;
    close(descriptor);
    *event = INVALID_HANDLE_VALUE;
    return STATUS_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptNotifyChangeKey(NCRYPT_PROV_HANDLE hProvider, HANDLE *phEvent,
                                             DWORD dwFlags)
{
    PROVIDER_USE u;
    TRY(provider_enter(hProvider, &u));
    if (phEvent == NULL)
        return NTE_INVALID_PARAMETER;
    if (dwFlags == NCRYPT_UNREGISTER_NOTIFY_FLAG)
        return ncrypt_status(unregister(phEvent));
    if ((dwFlags & ~(DWORD)NCRYPT_MACHINE_KEY_FLAG) != NCRYPT_REGISTER_NOTIFY_FLAG)
        return NTE_BAD_FLAGS;
    if (u.provider->ksp->notify == NULL)
        return NTE_NOT_SUPPORTED;
    int descriptor;
    NTSTATUS status = u.provider->ksp->notify(u.provider, dwFlags, &descriptor);
    return ncrypt_status(status < 0 ? status : keep(descriptor, phEvent));
}
