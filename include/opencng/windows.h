/* windows.h: the part of Windows that callers of CNG use. Types, macros and codes come with the header; functions are in libwincompat
 * (pkg-config opencng-wincompat, CMake OpenCNG::wincompat), which a program that calls none does not need.
 *
 * As on Windows, the C library's wide functions (wcslen, wprintf, ...) are declared. They fit the program's wchar_t: wchar.h beside this file redirects them
 * in builds with -fshort-wchar.
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

#include <wchar.h>

#include "opencng_crt.h"
#include "winbase.h"
#include "winnls.h"

#define ZeroMemory RtlZeroMemory
#define CopyMemory RtlCopyMemory
#define MoveMemory RtlMoveMemory
#define FillMemory RtlFillMemory
#define SecureZeroMemory RtlSecureZeroMemory

#ifndef _countof
#define _countof(a) RTL_NUMBER_OF(a)
#endif

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;
typedef GUID CLSID;
typedef GUID IID;

#ifndef WIN32_LEAN_AND_MEAN
#include "wincrypt.h"
#endif

#endif /* _WINDOWS_ */
