/* Key derivation in counter mode (NIST SP 800-108) over any pseudorandom function. */
#ifndef PRIMITIVES_KDF_COUNTER_H
#define PRIMITIVES_KDF_COUNTER_H

#include "prf.h"

#define KDF_COUNTER_FIELDS 3 /* Label, the zero byte, Context */

/* The most that one call derives, in bytes: the length in bits has to fit 32 of them. */
#define KDF_COUNTER_LIMIT ((size_t)UINT32_MAX / 8)

/* n bytes, at most KDF_COUNTER_LIMIT, from the function, which has the secret for its key. The
 * fields are what stands between counter and length, at most KDF_COUNTER_FIELDS of them. A
 * request for fewer bytes gives other bytes. Failure leaves no part of the output. */
NTSTATUS kdf_counter(struct prf *prf, const struct span *fields, size_t count, uint8_t *out,
                     size_t n) MUST_CHECK;

#endif
