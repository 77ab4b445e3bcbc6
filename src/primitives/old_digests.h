/*
 * MD2 and MD4 as hashes of our library context. libcrypto has them only where it was configured with
 * them and in a provider of its own; Windows always has them.
 */
#ifndef PRIMITIVES_OLD_DIGESTS_H
#define PRIMITIVES_OLD_DIGESTS_H

#include "ossl.h"

/* Adds them to a library context, as a provider that is part of this library: EVP_MD_fetch then
 * finds them like any other hash. */
bool old_digests_add(OSSL_LIB_CTX *ctx) MUST_CHECK;

#endif
