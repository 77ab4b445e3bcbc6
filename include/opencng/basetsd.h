/* basetsd.h: integers of stated size, and integers as wide as a pointer. */
#ifndef _BASETSD_H_
#define _BASETSD_H_

#include "opencng_abi.h"

/* MSVC's keyword; a macro, so that `unsigned __int64` works. */
#if !defined(__int64) && !defined(_MSC_EXTENSIONS)
#define __int64 __INT64_TYPE__
#endif

typedef int8_t INT8, *PINT8;
typedef int16_t INT16, *PINT16;
typedef int32_t INT32, *PINT32;
typedef int64_t INT64, *PINT64;
typedef uint8_t UINT8, *PUINT8;
typedef uint16_t UINT16, *PUINT16;
typedef uint32_t UINT32, *PUINT32;
typedef uint64_t UINT64, *PUINT64;

typedef int32_t LONG32, *PLONG32;
typedef uint32_t ULONG32, *PULONG32;
typedef uint32_t DWORD32, *PDWORD32;
typedef int64_t LONG64, *PLONG64;
typedef uint64_t ULONG64, *PULONG64;
typedef uint64_t DWORD64, *PDWORD64;

typedef intptr_t INT_PTR, *PINT_PTR;
typedef uintptr_t UINT_PTR, *PUINT_PTR;
typedef intptr_t LONG_PTR, *PLONG_PTR;
typedef uintptr_t ULONG_PTR, *PULONG_PTR;
typedef ULONG_PTR DWORD_PTR, *PDWORD_PTR;
typedef ULONG_PTR SIZE_T, *PSIZE_T;
typedef LONG_PTR SSIZE_T, *PSSIZE_T;

#define MAXUINT32 ((UINT32)~((UINT32)0))
#define MAXUINT64 ((UINT64)~((UINT64)0))
#define MAXSIZE_T ((SIZE_T)~((SIZE_T)0))

/* Handle and pointer to number, and back. */
#define HandleToULong(h) ((uint32_t)(ULONG_PTR)(h))
#define HandleToLong(h) ((int32_t)(LONG_PTR)(h))
#define ULongToHandle(ul) ((void *)(ULONG_PTR)(ul))
#define LongToHandle(l) ((void *)(LONG_PTR)(l))
#define PtrToUlong(p) ((uint32_t)(ULONG_PTR)(p))
#define PtrToULong(p) PtrToUlong(p)
#define PtrToLong(p) ((int32_t)(LONG_PTR)(p))
#define PtrToUint(p) ((uint32_t)(UINT_PTR)(p))
#define UlongToPtr(ul) ((void *)(ULONG_PTR)(ul))
#define ULongToPtr(ul) UlongToPtr(ul)
#define UIntToPtr(ui) ((void *)(UINT_PTR)(ui))

#endif /* _BASETSD_H_ */
