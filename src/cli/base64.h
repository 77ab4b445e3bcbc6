/*
 * Base64 (RFC 4648, section 4). Private keys travel in it: no table is indexed with what is inside.
 */
#ifndef CLI_BASE64_H
#define CLI_BASE64_H

#include "octets.h"

/* Appended to `text`, in one line, padded. */
void base64_encode(struct view bytes, struct octets *text);

/* Blanks and line ends are skipped; false: anything else that is no base64, or a wrong end. */
bool base64_decode(struct view text, struct octets *out) MUST_CHECK;

#endif
