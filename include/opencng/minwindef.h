/* minwindef.h: the elementary Windows types in their Windows widths: everything that Windows derives from `long` has 32 bits. */
#ifndef _MINWINDEF_
#define _MINWINDEF_

#include "basetsd.h"
#include "sal.h"
#include "specstrings.h"
#include "winapifamily.h"

/* Calling conventions and qualifiers that mean nothing here. */
#ifndef WINAPI
#define WINAPI
#endif
#ifndef CALLBACK
#define CALLBACK
#endif
#ifndef APIENTRY
#define APIENTRY WINAPI
#endif
#ifndef WINAPIV
#define WINAPIV
#endif
#ifndef PASCAL
#define PASCAL
#endif
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CONST
#define CONST const
#endif
#if !defined(__stdcall) && !defined(_MSC_EXTENSIONS)
#define __stdcall
#endif
#if !defined(__cdecl) && !defined(_MSC_EXTENSIONS)
#define __cdecl
#endif
#if !defined(__fastcall) && !defined(_MSC_EXTENSIONS)
#define __fastcall
#endif
#if !defined(__declspec) && !defined(_MSC_EXTENSIONS)
#define __declspec(x)
#endif
#if !defined(__forceinline) && !defined(_MSC_EXTENSIONS)
#define __forceinline __inline__ __attribute__((__always_inline__))
#endif

#ifndef VOID
#define VOID void
typedef char CHAR;
typedef int16_t SHORT;
typedef int32_t LONG;
#endif

#ifndef BASETYPES
#define BASETYPES
typedef uint32_t ULONG;
typedef ULONG *PULONG;
typedef uint16_t USHORT;
typedef USHORT *PUSHORT;
typedef uint8_t UCHAR;
typedef UCHAR *PUCHAR;
typedef char *PSZ;
#endif

typedef uint32_t DWORD;
typedef int BOOL;
typedef uint8_t BYTE;
typedef uint16_t WORD;
typedef float FLOAT;
typedef int INT;
typedef uint32_t UINT;
typedef FLOAT *PFLOAT;
typedef BOOL *PBOOL;
typedef BOOL *LPBOOL;
typedef BYTE *PBYTE;
typedef BYTE *LPBYTE;
typedef int *PINT;
typedef int *LPINT;
typedef UINT *PUINT;
typedef WORD *PWORD;
typedef WORD *LPWORD;
typedef LONG *LPLONG;
typedef DWORD *PDWORD;
typedef DWORD *LPDWORD;
typedef void *LPVOID;
typedef const void *LPCVOID;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif
#define MAX_PATH 260

#include "winnt.h"

typedef UINT_PTR WPARAM;
typedef LONG_PTR LPARAM;
typedef LONG_PTR LRESULT;

DECLARE_HANDLE(HINSTANCE);
typedef HINSTANCE HMODULE;
DECLARE_HANDLE(HKEY);
typedef HKEY *PHKEY;
typedef HANDLE *LPHANDLE;
typedef HANDLE HGLOBAL;
typedef HANDLE HLOCAL;
/* Without a prototype, as on Windows: a C program calls it with arguments. In C++ it takes none. */
#ifndef __cplusplus
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#endif
typedef INT_PTR (WINAPI *FARPROC)();
#ifndef __cplusplus
#pragma GCC diagnostic pop
#endif

typedef struct _FILETIME
{
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME, *PFILETIME, *LPFILETIME;

#define MAKEWORD(low, high) ((WORD)(((BYTE)((DWORD_PTR)(low) & 0xff)) | ((WORD)((BYTE)((DWORD_PTR)(high) & 0xff))) << 8))
#define MAKELONG(low, high) ((LONG)(((WORD)((DWORD_PTR)(low) & 0xffff)) | ((DWORD)((WORD)((DWORD_PTR)(high) & 0xffff))) << 16))
#define LOWORD(l) ((WORD)((DWORD_PTR)(l) & 0xffff))
#define HIWORD(l) ((WORD)(((DWORD_PTR)(l) >> 16) & 0xffff))
#define LOBYTE(w) ((BYTE)((DWORD_PTR)(w) & 0xff))
#define HIBYTE(w) ((BYTE)(((DWORD_PTR)(w) >> 8) & 0xff))

/* C only: in C++ these two would break the standard library. */
#if !defined(NOMINMAX) && !defined(__cplusplus)
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#endif

#endif /* _MINWINDEF_ */
