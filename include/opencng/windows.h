/* windows.h: the small part of Windows that callers of CNG use: types, macros and status codes.
 *
 * Without WIN32_LEAN_AND_MEAN it also brings wincrypt.h and with it bcrypt.h and ncrypt.h. WIN32_NO_STATUS leaves out every STATUS_... code, for
 * programs that take them from ntstatus.h. _WIN32 is never defined: the system is Linux.
 */
#ifndef _WINDOWS_
#define _WINDOWS_

#include "sdkddkver.h"
#include "winapifamily.h"
#include "windef.h"
#include "winerror.h"
#include "winnt.h"

#define ZeroMemory RtlZeroMemory
#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory
#define FillMemory RtlFillMemory
#define SecureZeroMemory RtlSecureZeroMemory

#ifndef _countof
#define _countof(a) RTL_NUMBER_OF(a)
#endif

#define INFINITE 0xFFFFFFFF
#define WAIT_OBJECT_0 ((DWORD)0x00000000L)
#define WAIT_TIMEOUT 258L

#ifndef WIN32_LEAN_AND_MEAN
#include "wincrypt.h"
#endif

#endif /* _WINDOWS_ */
