/* Change notifications: events (base/event.h) that tell that keys of a scope changed. */
#include "event.h"
#include "ncrypt_router.h"

static NTSTATUS unregister(HANDLE *event)
{
    if (!event_close(*event))
        return NTE_INVALID_PARAMETER;
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
    TRY(ncrypt_has(u.provider->ksp->notify != NULL));
    NTSTATUS status = u.provider->ksp->notify(u.provider, dwFlags, &descriptor);
    return ncrypt_status(status < 0 ? status : event_publish(descriptor, phEvent));
}
