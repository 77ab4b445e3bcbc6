/*
 * A key of a key derivation function: its secret, and for HKDF what its properties made of it. The
 * secret never changes after the key exists, so any number of threads may derive from it at once.
 *
 * The functions are rows, one for each algorithm, which its class row points at (kdf_class.c).
 */
#ifndef PRIMITIVES_KDF_KEY_H
#define PRIMITIVES_KDF_KEY_H

#include "hkdf_state.h"
#include "kdf_params.h"

#define KDF_KEY_MAX_BYTES 2048

struct kdf_key {
    struct key base;
    struct secret secret;
    struct hkdf_state hkdf;
};

/* One call of BCryptKeyDerivation; its parameters fit the function's row. */
struct kdf_request {
    const struct kdf_key *key;
    const struct params *params;
    uint32_t flags;
    uint8_t *out;
    size_t n; /* bytes wanted, at least 1 */
};

struct kdf_function {
    struct kdf_params_row params;
    uint32_t flags; /* accepted dwFlags */
    /* Failure leaves no part of the output. */
    NTSTATUS (*derive)(const struct kdf_request *r);
};

/* Keys of all functions; those of HKDF have blobs of their own. */
extern const struct sym_class kdf_key_sym, kdf_key_hkdf_sym;
extern const struct prop_row kdf_key_props[], kdf_key_hkdf_props[];

#endif
