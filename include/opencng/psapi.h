/* psapi.h: the libraries that the process has loaded. In libwincompat. */
#ifndef _PSAPI_H_
#define _PSAPI_H_

#include "libloaderapi.h"

OPENCNG_BEGIN_C

/* Lists the program and its libraries.
 *
 * hProcess: GetCurrentProcess(). lphModule (out): as many handles as cb bytes hold; they are not counted. cb: its size in bytes. lpcbNeeded (out): bytes for all.
 *
 * Returns FALSE: another process (ERROR_INVALID_HANDLE), a NULL pointer (ERROR_INVALID_PARAMETER).
 */
OPENCNG_API BOOL WINAPI EnumProcessModules(HANDLE hProcess, HMODULE *lphModule, DWORD cb, LPDWORD lpcbNeeded);

OPENCNG_END_C

#define K32EnumProcessModules EnumProcessModules

#endif /* _PSAPI_H_ */
