/* The concatenation key derivation function (NIST SP 800-56A, "one-step" in SP 800-56C). */
#ifndef PRIMITIVES_KDF_CONCAT_H
#define PRIMITIVES_KDF_CONCAT_H

#include "digest.h"

#define KDF_CONCAT_FIELDS 5 /* AlgorithmID, PartyUInfo, PartyVInfo, SuppPubInfo, SuppPrivInfo */

/* n bytes from the secret and the fields of OtherInfo, at most KDF_CONCAT_FIELDS of them; one field
 * may stand for all. n may be up to 2^32 - 1 digests. Failure leaves no part of the output. */
NTSTATUS kdf_concat(const struct digest *d, struct span secret, const struct span *fields,
                    size_t count, uint8_t *out, size_t n) MUST_CHECK;

#endif
