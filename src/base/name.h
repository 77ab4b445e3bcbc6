/*
 * The string border. Windows' strings are UTF-16; a Linux program compiled with 32-bit wchar_t
 * passes UTF-32. Inside the library an identifier is a short UTF-8 `name`, and nothing else knows
 * the two widths.
 */
#ifndef BASE_NAME_H
#define BASE_NAME_H

#include "wr.h"

/* Bytes of one character of the caller's strings. */
enum width { WIDTH_16 = 2, WIDTH_32 = 4 };

#define NAME_MAX_BYTES 64

/* An identifier: algorithm, property, blob type, KDF, curve, parameter set, provider. */
struct name {
    char s[NAME_MAX_BYTES]; /* UTF-8, NUL-terminated */
};

/* Reads a NUL-terminated string. NULL is STATUS_INVALID_PARAMETER. What no identifier can be (too
 * long, not well-formed) becomes a name that matches nothing, so that each caller answers as for an
 * unknown one. */
NTSTATUS name_read(struct name *out, const void *wide, enum width w) MUST_CHECK;

/* The same from a counted buffer of `cb` bytes, with or without the terminating NUL. */
NTSTATUS name_read_counted(struct name *out, const void *wide, size_t cb, enum width w) MUST_CHECK;

/* The same out of a blob or a file, which every machine reads alike: UTF-16, little-endian, or UTF-32 where a program
 * put its own string there. */
NTSTATUS name_read_stored(struct name *out, struct span text) MUST_CHECK;

/* Which of the two a field holds that ends with its NUL: in UTF-32 each second 16-bit unit is zero, in UTF-16 only the
 * last. (Characters beyond the BMP, which no identifier has, are not seen to be UTF-32.) */
enum width name_stored_width(struct span text) MUST_CHECK;

/* Whether a name is the given one; ASCII letters compare without regard to case. Most questions are about
 * rows of a list and are settled by the first character, whose cases differ in one bit. */
bool name_equal(const struct name *a, const char *b) MUST_CHECK;

static inline bool name_is(const struct name *a, const char *b)
{
    return ((a->s[0] ^ b[0]) & ~0x20) == 0 && name_equal(a, b);
}

/* Characters (not bytes) that the string takes in the caller's width, without its NUL. */
size_t wide_length(const char *utf8, enum width w);

/* Writes one code point at `out` (NULL: nowhere); bytes that it takes. */
size_t wide_put(void *out, uint32_t c, enum width w);

/* Writes the string and its NUL at `out`, which has room for wide_length + 1 characters. */
void wide_write(void *out, const char *utf8, enum width w);

/* Writes the string and its NUL into a blob or a file: UTF-16, little-endian on every machine. */
void wr_utf16(struct wr *w, const char *utf8);

#endif
