/* Moduli that are known to be products of two primes. */
#ifndef PRIMITIVES_RSA_KNOWN_H
#define PRIMITIVES_RSA_KNOWN_H

#include "span.h"

/* Whether rsa_known_add was called for this modulus. May forget; never invents. */
bool rsa_known_has(struct span modulus) MUST_CHECK;

/* Remembers a modulus whose two factors were tested to be prime. */
void rsa_known_add(struct span modulus);

#endif
