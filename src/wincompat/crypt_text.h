/*
 * Bytes as text: base64 with and without header lines, hex with and without addresses and characters.
 * The forms are rows; text is narrow here, one byte for each character.
 */
#ifndef CRYPT_TEXT_H
#define CRYPT_TEXT_H

#include "wincompat.h"

/* CryptStringToBinary and CryptBinaryToString but for the width of the text: a Win32 code. */
DWORD crypt_text_decode(const char *text, size_t n, DWORD flags, BYTE *out, DWORD *size,
                        DWORD *skipped, DWORD *form) MUST_CHECK;

/* The text on the heap, for free(), and its length without the NUL, which is there unless *raw. */
DWORD crypt_text_encode(const BYTE *bytes, size_t n, DWORD flags, char **text, size_t *length,
                        bool *raw) MUST_CHECK;

#endif
