/* wchar.h: the C library's wide functions where wchar_t has 16 bits.
 *
 * glibc's work on 32 bits whatever -fshort-wchar says: its wcslen() of a 16-bit string reads far beyond the end. This header stands in front of
 * glibc's; in a build with 32-bit wchar_t it adds nothing. With 16 bits the names below lead by assembler labels to functions of libwincompat, whose
 * printf family has Windows' meaning: %s and %c take wide text, %S, %C and %hs narrow (UTF-8), and l in front of an integer is 32 bits. They write UTF-8
 * to byte-oriented streams, so that printf and wprintf may be mixed. Labels, not macros: C++ has std::wcslen, and no compiler takes them for built-ins.
 *
 * What glibc has and libwincompat has not cannot be called in such a build: the compiler says so.
 */
#ifndef OPENCNG_WCHAR_FIRST
#define OPENCNG_WCHAR_FIRST 1
#pragma GCC system_header

#if __WCHAR_MAX__ > 0xFFFF
#include_next <wchar.h>
#else

/* glibc's declarations get other names, which nobody uses. */
#define wcslen opencng_glibc_wcslen
#define wcsnlen opencng_glibc_wcsnlen
#define wcscmp opencng_glibc_wcscmp
#define wcsncmp opencng_glibc_wcsncmp
#define wcscoll opencng_glibc_wcscoll
#define wcscasecmp opencng_glibc_wcscasecmp
#define wcsncasecmp opencng_glibc_wcsncasecmp
#define wcscpy opencng_glibc_wcscpy
#define wcsncpy opencng_glibc_wcsncpy
#define wcscat opencng_glibc_wcscat
#define wcsncat opencng_glibc_wcsncat
#define wcsdup opencng_glibc_wcsdup
#define wcschr opencng_glibc_wcschr
#define wcsrchr opencng_glibc_wcsrchr
#define wcspbrk opencng_glibc_wcspbrk
#define wcsspn opencng_glibc_wcsspn
#define wcscspn opencng_glibc_wcscspn
#define wcsstr opencng_glibc_wcsstr
#define wcstok opencng_glibc_wcstok
#define wmemcpy opencng_glibc_wmemcpy
#define wmemmove opencng_glibc_wmemmove
#define wmemset opencng_glibc_wmemset
#define wmemcmp opencng_glibc_wmemcmp
#define wmemchr opencng_glibc_wmemchr
#define wcstol opencng_glibc_wcstol
#define wcstoul opencng_glibc_wcstoul
#define wcstoll opencng_glibc_wcstoll
#define wcstoull opencng_glibc_wcstoull
#define wprintf opencng_glibc_wprintf
#define fwprintf opencng_glibc_fwprintf
#define swprintf opencng_glibc_swprintf
#define vwprintf opencng_glibc_vwprintf
#define vfwprintf opencng_glibc_vfwprintf
#define vswprintf opencng_glibc_vswprintf
#define fputws opencng_glibc_fputws
#define fputwc opencng_glibc_fputwc
#define putwc opencng_glibc_putwc
#define putwchar opencng_glibc_putwchar
#define fgetws opencng_glibc_fgetws
#define wscanf opencng_glibc_wscanf
#define fwscanf opencng_glibc_fwscanf
#define swscanf opencng_glibc_swscanf
#define vwscanf opencng_glibc_vwscanf
#define vfwscanf opencng_glibc_vfwscanf
#define vswscanf opencng_glibc_vswscanf
#define wcstod opencng_glibc_wcstod
#define wcstof opencng_glibc_wcstof
#define wcstold opencng_glibc_wcstold
#define wcsxfrm opencng_glibc_wcsxfrm
#define wcsftime opencng_glibc_wcsftime
#define mbrtowc opencng_glibc_mbrtowc
#define mbsrtowcs opencng_glibc_mbsrtowcs
#define wcsrtombs opencng_glibc_wcsrtombs
#define mbsnrtowcs opencng_glibc_mbsnrtowcs
#define wcsnrtombs opencng_glibc_wcsnrtombs
#include_next <wchar.h>
#undef wcslen
#undef wcsnlen
#undef wcscmp
#undef wcsncmp
#undef wcscoll
#undef wcscasecmp
#undef wcsncasecmp
#undef wcscpy
#undef wcsncpy
#undef wcscat
#undef wcsncat
#undef wcsdup
#undef wcschr
#undef wcsrchr
#undef wcspbrk
#undef wcsspn
#undef wcscspn
#undef wcsstr
#undef wcstok
#undef wmemcpy
#undef wmemmove
#undef wmemset
#undef wmemcmp
#undef wmemchr
#undef wcstol
#undef wcstoul
#undef wcstoll
#undef wcstoull
#undef wprintf
#undef fwprintf
#undef swprintf
#undef vwprintf
#undef vfwprintf
#undef vswprintf
#undef fputws
#undef fputwc
#undef putwc
#undef putwchar
#undef fgetws
#undef wscanf
#undef fwscanf
#undef swscanf
#undef vwscanf
#undef vfwscanf
#undef vswscanf
#undef wcstod
#undef wcstof
#undef wcstold
#undef wcsxfrm
#undef wcsftime
#undef mbrtowc
#undef mbsrtowcs
#undef wcsrtombs
#undef mbsnrtowcs
#undef wcsnrtombs
/* libstdc++ makes its own overloads of wcschr and its kin for const and others when glibc does not. */
#undef __CORRECT_ISO_CPP_WCHAR_H_PROTO

#include <stdarg.h>
#include <stdio.h> /* FILE */

/* The label of a function; with a promise not to throw, but for those that write to a stream. */
#define OPENCNG_W16_IO(name) __asm__("opencng_w16_" #name)
#ifndef __cplusplus
#define OPENCNG_W16(name) OPENCNG_W16_IO(name) __attribute__((__nothrow__))
#elif __cplusplus >= 201103L
#define OPENCNG_W16(name) noexcept(true) OPENCNG_W16_IO(name)
#else
#define OPENCNG_W16(name) throw() OPENCNG_W16_IO(name)
#endif
#if defined(__has_attribute)
#if __has_attribute(__error__)
#define OPENCNG_W16_NONE __attribute__((__error__("libwincompat has no such function for 16-bit wchar_t, and glibc's is for 32 bits")))
#endif
#endif
#ifndef OPENCNG_W16_NONE
#define OPENCNG_W16_NONE
#endif

#pragma GCC visibility push(default)
#ifdef __cplusplus
extern "C" {
#endif

extern size_t wcslen(const wchar_t *text) OPENCNG_W16(wcslen);
extern size_t wcsnlen(const wchar_t *text, size_t count) OPENCNG_W16(wcsnlen);
extern int wcscmp(const wchar_t *a, const wchar_t *b) OPENCNG_W16(wcscmp);
extern int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count) OPENCNG_W16(wcsncmp);
extern int wcscoll(const wchar_t *a, const wchar_t *b) OPENCNG_W16(wcscoll);
extern int wcscasecmp(const wchar_t *a, const wchar_t *b) OPENCNG_W16(wcscasecmp);
extern int wcsncasecmp(const wchar_t *a, const wchar_t *b, size_t count) OPENCNG_W16(wcsncasecmp);
extern wchar_t *wcscpy(wchar_t *to, const wchar_t *from) OPENCNG_W16(wcscpy);
extern wchar_t *wcsncpy(wchar_t *to, const wchar_t *from, size_t count) OPENCNG_W16(wcsncpy);
extern wchar_t *wcscat(wchar_t *to, const wchar_t *from) OPENCNG_W16(wcscat);
extern wchar_t *wcsncat(wchar_t *to, const wchar_t *from, size_t count) OPENCNG_W16(wcsncat);
extern wchar_t *wcsdup(const wchar_t *text) OPENCNG_W16(wcsdup);
extern wchar_t *wcschr(const wchar_t *text, wchar_t c) OPENCNG_W16(wcschr);
extern wchar_t *wcsrchr(const wchar_t *text, wchar_t c) OPENCNG_W16(wcsrchr);
extern wchar_t *wcspbrk(const wchar_t *text, const wchar_t *accept) OPENCNG_W16(wcspbrk);
extern size_t wcsspn(const wchar_t *text, const wchar_t *accept) OPENCNG_W16(wcsspn);
extern size_t wcscspn(const wchar_t *text, const wchar_t *reject) OPENCNG_W16(wcscspn);
extern wchar_t *wcsstr(const wchar_t *text, const wchar_t *part) OPENCNG_W16(wcsstr);
extern wchar_t *wcstok(wchar_t *text, const wchar_t *delimiters, wchar_t **next) OPENCNG_W16(wcstok);
extern wchar_t *wmemcpy(wchar_t *to, const wchar_t *from, size_t count) OPENCNG_W16(wmemcpy);
extern wchar_t *wmemmove(wchar_t *to, const wchar_t *from, size_t count) OPENCNG_W16(wmemmove);
extern wchar_t *wmemset(wchar_t *to, wchar_t c, size_t count) OPENCNG_W16(wmemset);
extern int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count) OPENCNG_W16(wmemcmp);
extern wchar_t *wmemchr(const wchar_t *text, wchar_t c, size_t count) OPENCNG_W16(wmemchr);
extern long wcstol(const wchar_t *text, wchar_t **end, int base) OPENCNG_W16(wcstol);
extern unsigned long wcstoul(const wchar_t *text, wchar_t **end, int base) OPENCNG_W16(wcstoul);
extern long long wcstoll(const wchar_t *text, wchar_t **end, int base) OPENCNG_W16(wcstoll);
extern unsigned long long wcstoull(const wchar_t *text, wchar_t **end, int base) OPENCNG_W16(wcstoull);
extern int wprintf(const wchar_t *format, ...) OPENCNG_W16_IO(wprintf);
extern int fwprintf(FILE *file, const wchar_t *format, ...) OPENCNG_W16_IO(fwprintf);
extern int swprintf(wchar_t *to, size_t count, const wchar_t *format, ...) OPENCNG_W16_IO(swprintf);
extern int vwprintf(const wchar_t *format, va_list args) OPENCNG_W16_IO(vwprintf);
extern int vfwprintf(FILE *file, const wchar_t *format, va_list args) OPENCNG_W16_IO(vfwprintf);
extern int vswprintf(wchar_t *to, size_t count, const wchar_t *format, va_list args) OPENCNG_W16_IO(vswprintf);
extern int fputws(const wchar_t *text, FILE *file) OPENCNG_W16_IO(fputws);
extern wint_t fputwc(wchar_t c, FILE *file) OPENCNG_W16_IO(fputwc);
extern wint_t putwc(wchar_t c, FILE *file) OPENCNG_W16_IO(putwc);
extern wint_t putwchar(wchar_t c) OPENCNG_W16_IO(putwchar);

extern wchar_t *fgetws(wchar_t *to, int count, FILE *file) OPENCNG_W16_NONE;
extern int wscanf(const wchar_t *format, ...) OPENCNG_W16_NONE;
extern int fwscanf(FILE *file, const wchar_t *format, ...) OPENCNG_W16_NONE;
extern int swscanf(const wchar_t *text, const wchar_t *format, ...) OPENCNG_W16_NONE;
extern int vwscanf(const wchar_t *format, va_list args) OPENCNG_W16_NONE;
extern int vfwscanf(FILE *file, const wchar_t *format, va_list args) OPENCNG_W16_NONE;
extern int vswscanf(const wchar_t *text, const wchar_t *format, va_list args) OPENCNG_W16_NONE;
extern double wcstod(const wchar_t *text, wchar_t **end) OPENCNG_W16_NONE;
extern float wcstof(const wchar_t *text, wchar_t **end) OPENCNG_W16_NONE;
extern long double wcstold(const wchar_t *text, wchar_t **end) OPENCNG_W16_NONE;
extern size_t wcsxfrm(wchar_t *to, const wchar_t *from, size_t count) OPENCNG_W16_NONE;
extern size_t wcsftime(wchar_t *to, size_t count, const wchar_t *format, const struct tm *time) OPENCNG_W16_NONE;
extern size_t mbrtowc(wchar_t *to, const char *from, size_t count, mbstate_t *state) OPENCNG_W16_NONE;
extern size_t mbsrtowcs(wchar_t *to, const char **from, size_t count, mbstate_t *state) OPENCNG_W16_NONE;
extern size_t wcsrtombs(char *to, const wchar_t **from, size_t count, mbstate_t *state) OPENCNG_W16_NONE;
extern size_t mbsnrtowcs(wchar_t *to, const char **from, size_t bytes, size_t count, mbstate_t *state) OPENCNG_W16_NONE;
extern size_t wcsnrtombs(char *to, const wchar_t **from, size_t chars, size_t count, mbstate_t *state) OPENCNG_W16_NONE;

#ifdef __cplusplus
}
#endif
#pragma GCC visibility pop

#undef OPENCNG_W16
#undef OPENCNG_W16_NONE
#undef OPENCNG_W16_IO

#endif
#else
/* A second time, or from a folder that stands twice in the search path: on to glibc's, which has a guard of its own. */
#pragma GCC system_header
#include_next <wchar.h>
#endif
