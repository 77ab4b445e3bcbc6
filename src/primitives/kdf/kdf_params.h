/*
 * The parameter lists of BCryptDeriveKey and BCryptKeyDerivation.
 *
 * Each key derivation function has a row that says which parameters it takes. A parameter that it
 * does not take is refused, not ignored: a key from which an input was left out is not the key that
 * the caller meant. Behind the check a function finds only types that it takes, single ones once,
 * and all that it needs.
 */
#ifndef PRIMITIVES_KDF_PARAMS_H
#define PRIMITIVES_KDF_PARAMS_H

#include "digest.h"

/* The bit of a parameter type in a row. */
#define KDF_PARAM(type) (UINT32_C(1) << (type))

struct kdf_params_row {
    uint32_t takes; /* KDF_PARAM() of each type */
    uint32_t many;  /* of these, any number */
    uint32_t needs;
    uint32_t generic; /* those that KDF_GENERIC_PARAMETER stands for; 0: it is not taken */
};

/* Whether the parameters are what the row wants. */
bool kdf_params_fit(const struct kdf_params_row *row, const struct params *params) MUST_CHECK;

/* The parameter of a type, the first when there are several; NULL: not given. */
const struct param *kdf_params_find(const struct params *params, uint32_t type);

/* The bytes of a parameter; empty when it is not given. */
struct span kdf_params_bytes(const struct params *params, uint32_t type);

/* The hash that KDF_HASH_ALGORITHM names, else `otherwise` (NULL where the row needs the
 * parameter). A name that is no hash, or none that libcrypto has, is STATUS_NOT_SUPPORTED, in size
 * queries too (observed on Windows). */
NTSTATUS kdf_params_hash(const struct params *params, const char *otherwise,
                         const struct digest **d) MUST_CHECK;

/* The same for a name. */
NTSTATUS kdf_params_hash_named(const struct name *name, const struct digest **d) MUST_CHECK;

#endif
