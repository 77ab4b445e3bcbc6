/* Finding the two factors of an RSA key. */
#ifndef PRIMITIVES_RSA_SEARCH_H
#define PRIMITIVES_RSA_SEARCH_H

#include "ossl.h"

#define RSA_SEARCH_THREADS 2 /* at most */

/* Two random numbers of `bits` bits that passed a round of Miller and Rabin each, from as many
 * threads, the calling one among them. Where no more threads can be had, from fewer. */
NTSTATUS rsa_search_pair(int bits, unsigned threads, BIGNUM **p, BIGNUM **q) MUST_CHECK;

#endif
