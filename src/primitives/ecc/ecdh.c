/*
 * Elliptic-curve Diffie-Hellman (SP 800-56A 5.7.1.2). The agreed secret is the x coordinate of the
 * shared point in the length of the field; for curve25519 RFC 7748's bytes.
 */
#include "answers.h"
#include "agreed_dh.h"
#include "ecc_key.h"
#include "ecc_prop.h"
#include "registry.h"

/* The hash of SP800_56A_CONCAT, by the size of the field. Windows' are
 * known for P-256, P-384 and P-521. */
static const char *concat_hash(const struct ecc_group *g)
{
    return g->field_bits <= 256 ? "SHA256" : g->field_bits <= 384 ? "SHA384" : "SHA512";
}

/* Keys of the curve's own algorithm and of the generic one agree with each other. */
static NTSTATUS agree(struct key *own, struct key *peer, struct agreed **secret)
{
    if (peer->class->asym != own->class->asym || !own->has_private)
        return STATUS_INVALID_PARAMETER;
    struct ecc_key *a = ecc_key_of(own);
    struct ecc_key *b = ecc_key_of(peer);
    const struct ecc_group *g = a->curve.group;
    if (!ecc_group_same(g, b->curve.group))
        return STATUS_INVALID_PARAMETER;

    struct agreed *made;
    uint8_t *z;
    TRY(agreed_dh_new(own, g->field_bytes, concat_hash(g), &made, &z));
    NTSTATUS status = g->form->agree(a, b, z);
    if (status < 0) {
        agreed_free(made);
        return status;
    }
    *secret = made;
    return STATUS_SUCCESS;
}

static const struct asym_class ecdh_asym = {
    .generate = ecc_key_generate,
    .finalize = ecc_key_finalize,
    .done = ecc_key_done,
    .formats = ecc_formats,
    .import_flags = ECC_IMPORT_FLAGS,
    .agree = agree,
};

#define ECDH_CLASS                                                                                 \
    .interface_id = BCRYPT_SECRET_AGREEMENT_INTERFACE,                                             \
    .operations = BCRYPT_SECRET_AGREEMENT_OPERATION, .open_flags = BCRYPT_PROV_DISPATCH,           \
    .asym = &ecdh_asym, .agreed = &agreed_dh_class

static const struct ecc_row p256 = {ECC_USE_ECDH, &curve_domains[DOMAIN_NISTP256]};
static const struct ecc_row p384 = {ECC_USE_ECDH, &curve_domains[DOMAIN_NISTP384]};
static const struct ecc_row p521 = {ECC_USE_ECDH, &curve_domains[DOMAIN_NISTP521]};
static const struct ecc_row generic = {ECC_USE_ECDH, NULL};

const struct alg_class ecdh_p256_class = {
    ECDH_CLASS,      .name = "ECDH_P256",       .key_lengths = {256, 256, 0},
    .params = &p256, .props = ecdh_fixed_props, .selftest = &selftest_ecdh_p256,
};

const struct alg_class ecdh_p384_class = {
    ECDH_CLASS,      .name = "ECDH_P384",       .key_lengths = {384, 384, 0},
    .params = &p384, .props = ecdh_fixed_props, .selftest = &selftest_ecdh_p384,
};

const struct alg_class ecdh_p521_class = {
    ECDH_CLASS,      .name = "ECDH_P521",       .key_lengths = {521, 521, 0},
    .params = &p521, .props = ecdh_fixed_props, .selftest = &selftest_ecdh_p521,
};

const struct alg_class ecdh_class = {
    ECDH_CLASS,
    .name = "ECDH",
    .key_lengths = ECC_GENERIC_KEY_LENGTHS,
    .params = &generic,
    .props = ecdh_props,
    .alg_size = sizeof(struct ecc_alg),
    .alg_init = ecc_alg_init,
    .alg_done = ecc_alg_done,
    .selftest = &selftest_ecdh,
};
