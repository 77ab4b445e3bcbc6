/* Descriptors given out as events (event.h). */
#include "event.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#define DESCRIPTORS 65536

static _Atomic uint64_t given_out[DESCRIPTORS / 64];

static uint64_t bit_of(int descriptor)
{
    return UINT64_C(1) << (descriptor % 64);
}

/* Not 0, which would be a NULL handle, and small enough to be remembered. */
NTSTATUS event_publish(int descriptor, HANDLE *event)
{
    int fit = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
    close(descriptor);
    if (fit < 0)
        return STATUS_NO_MEMORY;
    if (fit >= DESCRIPTORS) {
        close(fit);
        return STATUS_NO_MEMORY;
    }
    atomic_fetch_or(&given_out[fit / 64], bit_of(fit));
    *event = (HANDLE)(intptr_t)fit;
    return STATUS_SUCCESS;
}

bool event_close(HANDLE event)
{
    intptr_t n = (intptr_t)event;
    if (n < 0 || n >= DESCRIPTORS)
        return false;
    int descriptor = (int)n;
    if ((atomic_fetch_and(&given_out[descriptor / 64], ~bit_of(descriptor)) & bit_of(descriptor)) ==
        0)
        return false;
    close(descriptor);
    return true;
}
