/* processthreadsapi.h: the process and the thread that one is. In libwincompat. */
#ifndef _PROCESSTHREADSAPI_H_
#define _PROCESSTHREADSAPI_H_

#include "windef.h"

OPENCNG_BEGIN_C

/* Constants that stand for the caller's process and thread; they need no closing. */
OPENCNG_API HANDLE WINAPI GetCurrentProcess(VOID);
OPENCNG_API HANDLE WINAPI GetCurrentThread(VOID);

/* Linux' process and thread numbers. */
OPENCNG_API DWORD WINAPI GetCurrentProcessId(VOID);
OPENCNG_API DWORD WINAPI GetCurrentThreadId(VOID);

/* Tells when the process began and how much time of the processors it used.
 *
 * hProcess: GetCurrentProcess(). lpCreationTime: since 1601. lpExitTime: set to 0, the process runs. lpKernelTime, lpUserTime: units of 100 ns.
 *
 * Returns FALSE: another handle (ERROR_INVALID_HANDLE), a NULL pointer (ERROR_INVALID_PARAMETER), no /proc (ERROR_GEN_FAILURE).
 */
OPENCNG_API BOOL WINAPI GetProcessTimes(HANDLE hProcess, LPFILETIME lpCreationTime, LPFILETIME lpExitTime, LPFILETIME lpKernelTime, LPFILETIME lpUserTime);

OPENCNG_END_C

#endif /* _PROCESSTHREADSAPI_H_ */
