/* Change notifications of the configuration: events (base/event.h) that tell that a file of either table changed. */
#include "config_watch.h"
#include "event.h"
#include "router.h"

NTSTATUS WINAPI BCryptRegisterConfigChangeNotify(HANDLE *phEvent)
{
    if (phEvent == NULL)
        return STATUS_INVALID_PARAMETER;
    int descriptor;
    TRY(config_watch(&descriptor));
    return event_publish(descriptor, phEvent);
}

NTSTATUS WINAPI BCryptUnregisterConfigChangeNotify(HANDLE hEvent)
{
    return event_close(hEvent) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
