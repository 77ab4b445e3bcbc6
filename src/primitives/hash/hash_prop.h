/* Properties that hashes and message authentication codes share. */
#ifndef PRIMITIVES_HASH_PROP_H
#define PRIMITIVES_HASH_PROP_H

#include "props.h"

/* What a caller's memory for a hash object must have; nothing is written there. Programs give fixed
 * buffers of 1024 bytes. */
#define HASH_OBJECT_BYTES 512

/* Rows of every algorithm of the family. */
extern const struct prop_row hash_props_digest[]; /* params is the digest's row, which has an OID */
extern const struct prop_row hash_props_cshake[]; /* params is SHAKE's row */
extern const struct prop_row hash_props_kmac[];
extern const struct prop_row hash_props_cmac[];
extern const struct prop_row hash_props_gmac[];

#endif
