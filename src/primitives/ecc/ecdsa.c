/*
 * ECDSA (FIPS 186-5 6). Signatures are r and s, big-endian, each in the length of the group's
 * order; no ASN.1. A hash may have any length: of a longer one than the order the leftmost bits
 * count.
 */
#include "answers.h"
#include "ecc_key.h"
#include "ecc_prop.h"
#include "registry.h"

/* libcrypto takes the bits that are over from the last byte. */
static struct span leftmost(const struct ecc_group *g, struct span hash)
{
    return span_of(hash.p, hash.n < g->order_bytes ? hash.n : g->order_bytes);
}

static NTSTATUS sign(struct key *key, const struct padding *pad, struct span hash,
                     const struct out *o)
{
    const struct ecc_key *k = ecc_key_of(key);
    const struct ecc_group *g = k->curve.group;
    if (pad->flags != 0)
        return STATUS_INVALID_PARAMETER; /* observed on Windows for BCRYPT_PAD_PKCS1 */
    uint8_t *dst;
    TRY(out_begin(o, 2 * g->order_bytes, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    if (!key->has_private || hash.n == 0)
        return STATUS_INVALID_PARAMETER;
    return g->form->sign(k, leftmost(g, hash), dst);
}

static NTSTATUS verify(struct key *key, const struct padding *pad, struct span hash,
                       struct span sig)
{
    const struct ecc_key *k = ecc_key_of(key);
    const struct ecc_group *g = k->curve.group;
    if (pad->flags != 0 || hash.n == 0 || sig.n != 2 * g->order_bytes)
        return STATUS_INVALID_PARAMETER; /* observed on Windows for 62 of 64 bytes */
    return g->form->verify(k, leftmost(g, hash), sig.p);
}

static const struct asym_class ecdsa_asym = {
    .generate = ecc_key_generate,
    .finalize = ecc_key_finalize,
    .done = ecc_key_done,
    .formats = ecc_formats,
    .import_flags = ECC_IMPORT_FLAGS,
    .sign = sign,
    .verify = verify,
};

#define ECDSA_CLASS                                                                                \
    .interface_id = BCRYPT_SIGNATURE_INTERFACE, .operations = BCRYPT_SIGNATURE_OPERATION,          \
    .open_flags = BCRYPT_PROV_DISPATCH, .asym = &ecdsa_asym

static const struct ecc_row p256 = {ECC_USE_ECDSA, &curve_domains[DOMAIN_NISTP256]};
static const struct ecc_row p384 = {ECC_USE_ECDSA, &curve_domains[DOMAIN_NISTP384]};
static const struct ecc_row p521 = {ECC_USE_ECDSA, &curve_domains[DOMAIN_NISTP521]};
static const struct ecc_row generic = {ECC_USE_ECDSA, NULL};

const struct alg_class ecdsa_p256_class = {
    ECDSA_CLASS,     .name = "ECDSA_P256",       .key_lengths = {256, 256, 0},
    .params = &p256, .props = ecdsa_fixed_props, .selftest = &selftest_ecdsa_p256,
};

const struct alg_class ecdsa_p384_class = {
    ECDSA_CLASS,     .name = "ECDSA_P384",       .key_lengths = {384, 384, 0},
    .params = &p384, .props = ecdsa_fixed_props, .selftest = &selftest_ecdsa_p384,
};

const struct alg_class ecdsa_p521_class = {
    ECDSA_CLASS,     .name = "ECDSA_P521",       .key_lengths = {521, 521, 0},
    .params = &p521, .props = ecdsa_fixed_props, .selftest = &selftest_ecdsa_p521,
};

const struct alg_class ecdsa_class = {
    ECDSA_CLASS,
    .name = "ECDSA",
    .key_lengths = ECC_GENERIC_KEY_LENGTHS,
    .params = &generic,
    .props = ecdsa_props,
    .alg_size = sizeof(struct ecc_alg),
    .alg_init = ecc_alg_init,
    .alg_done = ecc_alg_done,
    .selftest = &selftest_ecdsa,
};
