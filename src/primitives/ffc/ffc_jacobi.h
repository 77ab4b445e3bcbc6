/* Jacobi's symbol, for public values. */
#ifndef PRIMITIVES_FFC_JACOBI_H
#define PRIMITIVES_FFC_JACOBI_H

#include "ossl.h"

/* Whether y, in 1..p-1, is a square modulo the odd prime p of at most FFC_MAX_BITS bits. */
bool ffc_is_square(const BIGNUM *y, const BIGNUM *p) MUST_CHECK;

#endif
