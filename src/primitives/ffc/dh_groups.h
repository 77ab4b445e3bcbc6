/* The standard groups of Diffie-Hellman: safe primes with the generator 2. */
#ifndef PRIMITIVES_DH_GROUPS_H
#define PRIMITIVES_DH_GROUPS_H

#include "ffc.h"

/* The group that keys of so many bits are made in, or NULL when there is none of this size. */
NTSTATUS dh_group_standard(size_t bits, struct ffc_group **out) MUST_CHECK;

/* The group of given parameters: a standard one when they are its, else a
 * new one, q (may be empty) taken over. */
NTSTATUS dh_group_of(struct num p, struct num q, struct num g, struct ffc_group **out) MUST_CHECK;

/* Fresh parameters (dh_fresh.c). */
NTSTATUS dh_group_fresh(size_t bits, struct ffc_group **out) MUST_CHECK;

#endif
