/* The check of a decrypted record of TLS 1.0 to 1.2 with a CBC cipher, without a padding oracle. */
#ifndef PRIMITIVES_TLS_CBC_H
#define PRIMITIVES_TLS_CBC_H

#include "hmac_key.h"

/* Checks `record`, which is content, code, padding and the padding's length, against what was added to
 * the key before (the record's header) and the content. Time and memory access depend on the lengths of
 * record and header only, not on how long content and padding are or what was wrong. The hash has
 * low-level functions. STATUS_INVALID_SIGNATURE: it does not fit. Drops what was added. */
NTSTATUS tls_cbc_verify(struct hmac_key *k, struct span record) MUST_CHECK;

#endif
