/*
 * The two forms of DSA's and ECDSA's signatures: r and s in fixed widths, as CNG has them, and the DER sequence of
 * nearly everybody else.
 */
#ifndef CLI_SIGNATURE_H
#define CLI_SIGNATURE_H

#include "octets.h"

bool signature_to_der(struct view raw, struct octets *der) MUST_CHECK;

/* `width` bytes for each number; false: no such sequence, or a number is longer. */
bool signature_to_raw(struct view der, size_t width, struct octets *raw) MUST_CHECK;

#endif
