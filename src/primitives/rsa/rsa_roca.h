/* The fingerprint of weak keys that one maker's chips generated. */
#ifndef PRIMITIVES_RSA_ROCA_H
#define PRIMITIVES_RSA_ROCA_H

#include "span.h"

/* Whether a modulus shows it. One in 2^27 others does, too. */
bool rsa_roca_shows(struct span modulus) MUST_CHECK;

#endif
