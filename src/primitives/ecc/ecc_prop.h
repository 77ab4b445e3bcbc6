/* The property lists of the elliptic-curve algorithms: with a curve of their own, and generic. */
#ifndef PRIMITIVES_ECC_PROP_H
#define PRIMITIVES_ECC_PROP_H

#include "provider.h"

extern const struct prop_row ecdsa_fixed_props[], ecdsa_props[];
extern const struct prop_row ecdh_fixed_props[], ecdh_props[];

#endif
