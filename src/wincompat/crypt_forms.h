/*
 * The forms of text that crypt_text.c has rows of. A reader fills `out`, which has room for a byte for each
 * character, and returns false when the text is of another form; `strict` is CRYPT_STRING_STRICT. A writer ends
 * its lines with `line_end`.
 */
#ifndef CRYPT_FORMS_H
#define CRYPT_FORMS_H

#include "wincompat.h"

#include <stdio.h>

struct text {
    const char *p;
    size_t n;
};

struct bytes_out {
    BYTE *p;
    size_t n;
};

static inline bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* crypt_base64.c */
bool base64_read(struct text in, bool strict, struct bytes_out *out);
bool base64_uri_read(struct text in, bool strict, struct bytes_out *out);
void base64_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
void base64_uri_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);

/* crypt_hex.c */
bool hex_read(struct text in, bool strict, struct bytes_out *out);
bool hex_ascii_read(struct text in, bool strict, struct bytes_out *out);
bool hex_address_read(struct text in, bool strict, struct bytes_out *out);
bool hex_ascii_address_read(struct text in, bool strict, struct bytes_out *out);
bool hex_raw_read(struct text in, bool strict, struct bytes_out *out);
void hex_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
void hex_ascii_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
void hex_address_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
void hex_ascii_address_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);
void hex_raw_write(FILE *to, const BYTE *bytes, size_t n, const char *line_end);

#endif
