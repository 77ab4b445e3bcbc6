/* handleapi.h: closing the few kinds of handles that there are. In libwincompat. */
#ifndef _APISETHANDLE_
#define _APISETHANDLE_

#include "windef.h"

OPENCNG_BEGIN_C

/* Closes an event: of CreateEvent, or of NCryptNotifyChangeKey or BCryptRegisterConfigChangeNotify, which then needs no unregistering. The constants of GetCurrentProcess and
 * GetCurrentThread may be closed too, without effect.
 *
 * Returns FALSE (ERROR_INVALID_HANDLE) for everything else. A file descriptor of another kind is never closed.
 */
OPENCNG_API BOOL WINAPI CloseHandle(HANDLE hObject);

OPENCNG_END_C

#endif /* _APISETHANDLE_ */
