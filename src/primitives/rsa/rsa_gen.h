/* Making a new RSA key. */
#ifndef PRIMITIVES_RSA_GEN_H
#define PRIMITIVES_RSA_GEN_H

#include "rsa_parts.h"

/* All numbers of a fresh key of `bits` bits, a multiple of 64, with the public exponent 65537, made
 * by so many threads (1 or 2). */
NTSTATUS rsa_generate(uint32_t bits, unsigned threads, struct rsa_parts *k) MUST_CHECK;

#endif
