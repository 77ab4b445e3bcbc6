/*
 * What SP 800-185 puts around the data of a sponge: the strings of cSHAKE and the key of KMAC before
 * it, the length of the output behind it. The contexts are those of the rows DIGEST_CSHAKE128 and
 * DIGEST_CSHAKE256.
 */
#ifndef PRIMITIVES_CSHAKE_H
#define PRIMITIVES_CSHAKE_H

#include "digest.h"

/* bytepad(encode_string(N) || encode_string(S), rate), section 3.3 */
bool cshake_add_names(const struct digest *d, EVP_MD_CTX *ctx, struct span function,
                      struct span custom) MUST_CHECK;

/* bytepad(encode_string(K), rate), section 4.3 */
bool cshake_add_key(const struct digest *d, EVP_MD_CTX *ctx, struct span key) MUST_CHECK;

/* right_encode(L) of an output of n bytes; 0: of any length, section 4.3.1 */
bool cshake_add_length(EVP_MD_CTX *ctx, size_t n) MUST_CHECK;

#endif
