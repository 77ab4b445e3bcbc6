/* opencng_abi.h: how a declaration of the installed headers reaches the right symbol of the library.
 *
 * Windows' WCHAR is 16 bits wide; Linux's wchar_t is 32 bits wide unless a program is built with -fshort-wchar.
 * The libraries therefore export every function whose arguments or results can carry a wide string twice:
 *
 *     BCryptExportKey            UTF-16, 16-bit WCHAR: -fshort-wchar builds and foreign-function callers
 *     BCryptExportKey_wchar32    UTF-32, 32-bit wchar_t: ordinary C and C++ builds
 *
 * A C or C++ program never writes the second name: OPENCNG_WIDE(name) after a parameter list gives the declaration the
 * assembler name that fits the translation unit's wchar_t. Functions that touch no string have one symbol.
 *
 * Objects of both widths may be linked into one program, as long as they do not pass wide strings to each other.
 */
#ifndef OPENCNG_ABI_H
#define OPENCNG_ABI_H

#ifndef __GNUC__
#error "The OpenCNG headers need GCC or Clang (assembler names and attributes)."
#endif

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The width of this translation unit's WCHAR in bits, and the suffix that it selects. */
#if __WCHAR_MAX__ <= 0xFFFF
#define OPENCNG_WCHAR_BITS 16
#define OPENCNG_WIDE(name)
#else
#define OPENCNG_WCHAR_BITS 32
#define OPENCNG_WIDE(name) __asm__(#name "_wchar32")
#endif

/* In front of every exported function: the libraries are built with -fvisibility=hidden. */
#define OPENCNG_API __attribute__((__visibility__("default")))

/* Around declarations that C++ must see with C linkage. */
#ifdef __cplusplus
#define OPENCNG_BEGIN_C extern "C" {
#define OPENCNG_END_C }
#else
#define OPENCNG_BEGIN_C
#define OPENCNG_END_C
#endif

#endif /* OPENCNG_ABI_H */
