/*
 * UTF-8, one character at a time. What is malformed is stepped over as Unicode recommends (3.9,
 * "substitution of maximal subparts"): each longest beginning of a character counts once.
 */
#ifndef WIN_UTF8_H
#define WIN_UTF8_H

#include <stddef.h>
#include <stdint.h>

#define UTF8_BAD UINT32_MAX
#define UTF8_REPLACEMENT 0xFFFDu

/* The next character of the bytes from *p to `end`, which are at least one; UTF8_BAD when it is none. */
uint32_t utf8_next(const unsigned char **p, const unsigned char *end);

/* Writes a character that is one into up to 4 bytes; how many. */
size_t utf8_put(unsigned char out[4], uint32_t c);

#endif
