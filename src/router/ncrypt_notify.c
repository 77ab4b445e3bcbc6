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

NTSTATUS ncrypt_notify(struct ksp_provider *p, uint32_t flags, int *descriptor)
{
    int made;
    TRY(ncrypt_has(p->ksp->notify != NULL));
    TRY(p->ksp->notify(p, flags, &made));
    *descriptor = fcntl(made, F_DUPFD_CLOEXEC, 3);
    close(made);
    return *descriptor < 0 ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

/* The number must be small enough to be remembered. */
static NTSTATUS keep(int descriptor, HANDLE *event)
{
    if (descriptor >= DESCRIPTORS) {
        close(descriptor);
        return NTE_NO_MEMORY;
    }
    atomic_fetch_or(&given_out[descriptor / 64], bit_of(descriptor));
    *event = (HANDLE)(intptr_t)descriptor;
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
    if ((dwFlags & NCRYPT_REGISTER_NOTIFY_FLAG) == 0)
        return NTE_BAD_FLAGS;
    TRY(ncrypt_flags(dwFlags, NCRYPT_REGISTER_NOTIFY_FLAG | NCRYPT_MACHINE_KEY_FLAG |
                                  u.provider->ksp->flags));
    int descriptor;
    NTSTATUS status = ncrypt_notify(u.provider, dwFlags, &descriptor);
    return ncrypt_status(status < 0 ? status : keep(descriptor, phEvent));
}
