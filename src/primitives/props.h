/* Property getters that every family shares: they answer from the class row or the key's base. */
#ifndef PRIMITIVES_PROPS_H
#define PRIMITIVES_PROPS_H

#include "provider.h"

NTSTATUS prop_get_key_lengths(const struct prop_target *t, const struct out *o) MUST_CHECK;
NTSTATUS prop_get_object_length(const struct prop_target *t, const struct out *o) MUST_CHECK;
NTSTATUS prop_get_padding_schemes(const struct prop_target *t, const struct out *o) MUST_CHECK;

/* The rows that each family starts its own list with (AlgorithmName, PrimitiveType and
 * ProviderHandle are the router's own). */
#define PROP_ROW_KEY_LENGTHS                                                                       \
    {                                                                                              \
        .name = "KeyLengths", .on = ON_ALG, .get = prop_get_key_lengths                            \
    }
#define PROP_ROW_PADDING_SCHEMES                                                                   \
    {                                                                                              \
        .name = "PaddingSchemes", .on = ON_ALG | ON_KEY, .get = prop_get_padding_schemes           \
    }
#define PROP_ROW_OBJECT_LENGTH                                                                     \
    {                                                                                              \
        .name = "ObjectLength", .on = ON_ALG | ON_KEY | ON_HASH, .get = prop_get_object_length     \
    }

#endif
