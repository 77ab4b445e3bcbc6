/*
 * Curves ready for use. A group is made of domain parameters once: of a named curve on first use
 * and for good, of explicit parameters for the keys and algorithm handles that carry them.
 *
 * What differs between the shapes of curve equations stands in `curve_form` rows: short Weierstrass
 * over libcrypto's EC_KEY (ecc_weierstrass.c), twisted Edwards over an equivalent Weierstrass curve
 * (ecc_edwards.c), and curve25519 in Montgomery form (x25519.c). The common code (ecc_key.c,
 * ecdsa.c, ecdh.c) never asks for the form.
 */
#ifndef PRIMITIVES_ECC_GROUP_H
#define PRIMITIVES_ECC_GROUP_H

#include <stdatomic.h>

#include "curves.h"
#include "ecc_blob.h"
#include "ossl.h"

#include <openssl/ec.h>

struct ecc_key;

/* Bounds of explicit parameters: SEC 2's smallest curve, and twice the size
 * of the largest in use. */
#define ECC_LEAST_BITS 112
#define ECC_MOST_BITS 1024
#define ECC_MOST_FIELD_BYTES (ECC_MOST_BITS / 8)
#define ECC_MOST_ORDER_BYTES (ECC_MOST_FIELD_BYTES + 1)
#define ECC_MOST_SEED_BYTES 256

struct ecc_group {
    const struct curve_form *form;
    const struct curve_domain *domain; /* NULL: explicit parameters that no named curve has */
    bool permanent;                    /* a named curve's own group, which is never freed */
    _Atomic uint32_t users;
    size_t field_bits, field_bytes;
    size_t order_bits, order_bytes;
    bool prime_order; /* cofactor 1 */
    EC_GROUP *ec;     /* the curve that libcrypto computes on; NULL in Montgomery form */
    void *extra;      /* the form's own */
    struct ecc_params_view params; /* in the least lengths that hold them; points into `bytes` */
    uint8_t bytes[];
};

/* The numbers of a key that is being imported, and what to check beyond their ranges. */
struct ecc_import {
    const uint8_t *xy; /* X and Y; NULL: the public point is to be computed */
    const uint8_t *d;  /* private keys */
    bool check_order;  /* the point is a multiple of the generator (curves with a cofactor) */
    bool check_pair;   /* the private number gives the public point */
};

/* Methods return STATUS_INVALID_PARAMETER for numbers that are no key. X and Y are field_bytes
 * each, scalars are order_bytes, both as key blobs have them. */
struct curve_form {
    uint32_t curve_type;    /* BCRYPT_ECC_PRIME_..._CURVE */
    bool signs;             /* ECDSA is defined on it */
    bool private_as_public; /* a private blob passes for a public one (curve25519 on Windows) */

    /* Makes and releases `ec` and `extra` of a group whose numbers are in place. */
    NTSTATUS (*group_init)(struct ecc_group *g);
    void (*group_done)(struct ecc_group *g);

    /* Makes key material, tested for pairwise consistency. */
    NTSTATUS (*generate)(struct ecc_key *k);
    NTSTATUS (*set_public)(struct ecc_key *k, const struct ecc_import *in);
    NTSTATUS (*set_private)(struct ecc_key *k, const struct ecc_import *in);
    NTSTATUS (*get_public)(const struct ecc_key *k, uint8_t *xy);
    NTSTATUS (*get_private)(const struct ecc_key *k, uint8_t *d);
    void (*key_done)(struct ecc_key *k);

    /* r and s, order_bytes each. The hash is not longer than the order. */
    NTSTATUS (*sign)(const struct ecc_key *k, struct span hash, uint8_t *sig);
    NTSTATUS (*verify)(const struct ecc_key *k, struct span hash, const uint8_t *sig);
    /* The shared value, field_bytes. Both keys are on the same curve. */
    NTSTATUS (*agree)(struct ecc_key *own, struct ecc_key *peer, uint8_t *z);
};

extern const struct curve_form ecc_weierstrass, ecc_edwards, ecc_montgomery;

/* The group of a named curve's domain. It needs no release, and tolerates one. */
NTSTATUS ecc_group_named(const struct curve_domain *domain, struct ecc_group **group) MUST_CHECK;

/* The group of explicit parameters: a named curve's own if they are that curve's, else a new one,
 * if they are sound. */
NTSTATUS ecc_group_explicit(const struct ecc_params_view *v, struct ecc_group **group) MUST_CHECK;

struct ecc_group *ecc_group_ref(struct ecc_group *group);
void ecc_group_unref(struct ecc_group *group);

/* Whether keys of one belong on the other. */
bool ecc_group_same(const struct ecc_group *a, const struct ecc_group *b) MUST_CHECK;

/* Whether explicit parameters of a short Weierstrass curve are sound (ecc_validate.c). */
NTSTATUS ecc_params_validate(const struct ecc_params_view *view) MUST_CHECK;

#endif
