/*
 * One line of a file of the configuration: a word, blanks, and a value that reaches to the end of the line.
 *
 * Values are UTF-8. What would be lost or misread stands as %XX: control characters, the percent sign, a
 * blank at either end.
 */
#ifndef CONFIG_CONFIG_LINE_H
#define CONFIG_CONFIG_LINE_H

#include "wr.h"

struct line {
    struct span word;
    struct span value; /* as it stands there; may be empty */
};

/* The next line that says something (not blank, no comment). *number counts all lines, and must be kept between calls.
 * False at the end, and where a line has no end, then *cut is set. */
bool line_next(struct span *text, size_t *number, struct line *out, bool *cut) MUST_CHECK;

bool line_is(struct span s, const char *word) MUST_CHECK;

/* Takes the next word out of a value; false: there is none. */
bool line_word(struct span *value, struct span *word) MUST_CHECK;

/* Decodes a value into `out`, of `cap` bytes, and ends it with a NUL; false: it does not fit, or is no text. */
bool line_text(struct span value, char *out, size_t cap) MUST_CHECK;

/* A number in hexadecimal digits behind 0x. */
bool line_number(struct span value, uint32_t *out) MUST_CHECK;

/* Bytes as pairs of digits, at most `cap`; false: none such. */
bool line_bytes(struct span value, uint8_t *out, size_t cap, size_t *n) MUST_CHECK;

/* What line_text, line_number and line_bytes read. */
void line_put_text(struct wr *w, const char *text);
void line_put_number(struct wr *w, uint32_t v);
void line_put_bytes(struct wr *w, struct span bytes);
void line_put(struct wr *w, const char *literal);

#endif
