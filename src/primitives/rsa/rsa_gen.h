/* Making a new RSA key. */
#ifndef PRIMITIVES_RSA_GEN_H
#define PRIMITIVES_RSA_GEN_H

#include "rsa_parts.h"

/* All numbers of a fresh key of `bits` bits, a multiple of 64, with the public exponent 65537. */
NTSTATUS rsa_generate(uint32_t bits, struct rsa_parts *k) MUST_CHECK;

#endif
