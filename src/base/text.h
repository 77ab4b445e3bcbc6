/*
 * Strings that are no identifiers: names of keys and of the properties that programs make up, texts
 * for people. Inside the library they are UTF-8, as names are, but longer, and what is malformed is
 * refused.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "name.h"
#include "secret.h"

/* Characters of a key's name (NCRYPT_MAX_KEY_NAME_LENGTH), and bytes that hold it in UTF-8: a
 * character of UTF-16 becomes at most three. */
#define TEXT_MAX_CHARS 512
#define TEXT_MAX_BYTES (3 * TEXT_MAX_CHARS + 1)

struct text {
    char s[TEXT_MAX_BYTES]; /* UTF-8, NUL-terminated */
};

/* Reads a NUL-terminated string of 1 to `chars` characters (of UTF-16, at most TEXT_MAX_CHARS).
 * STATUS_INVALID_PARAMETER: NULL, empty, longer, not well-formed. */
NTSTATUS text_read(struct text *out, const void *wide, size_t chars, enum width w) MUST_CHECK;

/* The same from a counted buffer of `cb` bytes, with or without the terminating NUL. */
NTSTATUS text_read_counted(struct text *out, const void *wide, size_t cb, size_t chars,
                           enum width w) MUST_CHECK;

/* The same out of a blob or a file, which every machine reads alike: at most TEXT_MAX_CHARS of
 * UTF-16, little-endian. */
NTSTATUS text_read_stored(struct text *out, struct span stored) MUST_CHECK;

/* A copy of a NUL-terminated string of at most `chars` characters on the heap, for free().
 * STATUS_INVALID_PARAMETER: NULL, longer, not well-formed. The empty string is one. */
NTSTATUS text_new(char **out, const void *wide, size_t chars, enum width w) MUST_CHECK;

/* Likewise, of a string within cb bytes, with or without its NUL. */
NTSTATUS text_new_counted(char **out, const void *wide, size_t cb, size_t chars,
                          enum width w) MUST_CHECK;

/* A copy of UTF-8 without a NUL, with one; NULL: no memory. Unlike strndup it looks at no byte behind. */
char *text_of_bytes(const uint8_t *p, size_t n) MUST_CHECK;

/* The characters of `n` bytes in another width, NULs among them. A secret, because PINs are strings too.
 * STATUS_INVALID_PARAMETER: not well-formed. */
NTSTATUS text_recode(struct secret *out, const void *wide, size_t n, enum width from,
                     enum width to) MUST_CHECK;

/* Whether two strings are the same; ASCII letters compare without regard to case. */
bool text_is(const char *a, const char *b) MUST_CHECK;

/* Well-formed UTF-8 without NUL. */
bool text_is_utf8(struct span text) MUST_CHECK;

/* Frees a string that text_new made; for CLEANUP. */
void text_done(char **text);

#define SCOPED_TEXT CLEANUP(text_done) char

#endif
