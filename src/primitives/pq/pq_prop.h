/*
 * Properties of post-quantum keys, one list for signatures and one for key encapsulation. They
 * follow from the parameter set, so they can be read as soon as it is chosen; before that an empty
 * key answers STATUS_INVALID_HANDLE, as other keys do for what they do not know yet.
 */
#ifndef PRIMITIVES_PQ_PROP_H
#define PRIMITIVES_PQ_PROP_H

#include "provider.h"

extern const struct prop_row pq_sign_props[];
extern const struct prop_row pq_kem_props[];

#endif
