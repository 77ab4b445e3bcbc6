/* PBKDF2 (RFC 8018) over any pseudorandom function. */
#ifndef PRIMITIVES_KDF_PBKDF2_H
#define PRIMITIVES_KDF_PBKDF2_H

#include "prf.h"

#define KDF_PBKDF2_DEFAULT_COUNT 10000

/* n bytes, fewer than 2^32 - 1 results of the function, with the statuses of prf_init. A count of 0 is
 * STATUS_INVALID_PARAMETER. Failure leaves no part of the output. */
NTSTATUS kdf_pbkdf2(const struct name *prf, struct span password, struct span salt, uint64_t count,
                    uint8_t *out, size_t n) MUST_CHECK;

/* The slot `pbkdf2` of every keyed hash whose name is that of a pseudorandom function. */
NTSTATUS kdf_pbkdf2_alg(struct alg *alg, struct span password, struct span salt, uint64_t count,
                        uint8_t *out, size_t n) MUST_CHECK;

#endif
