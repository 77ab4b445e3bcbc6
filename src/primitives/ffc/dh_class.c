/* Diffie-Hellman: the row, its properties, and agreement. */
#include "answers.h"
#include "agreed_dh.h"
#include "dh_key.h"
#include "props.h"
#include "registry.h"

/* ---- agreement ------------------------------------------------------------------------------ */

/* Whether the peer's value belongs to the group, found out once for each
 * key. Two threads may both do it. */
static NTSTATUS check_peer(struct dh_key *peer, BN_CTX *ctx)
{
    if (atomic_load_explicit(&peer->trusted, memory_order_relaxed))
        return STATUS_SUCCESS;
    TRY(ffc_check_order(peer->ffc.group, peer->ffc.y, ctx));
    atomic_store_explicit(&peer->trusted, true, memory_order_relaxed);
    return STATUS_SUCCESS;
}

/* SP 800-56A rev. 3, 5.7.1.1: the shared value z, refused when it is 0, 1 or p - 1. */
static NTSTATUS shared_value(struct ffc_key *own, const struct ffc_key *peer, BIGNUM *z,
                             BN_CTX *ctx)
{
    TRY(ffc_power(own->group, peer->y, own->x, z, ctx));
    return ffc_check_range(own->group, z);
}

static NTSTATUS dh_agree(struct key *own_key, struct key *peer_key, struct agreed **out)
{
    struct ffc_key *own = ffc_key_of(own_key);
    struct dh_key *peer = dh_key_of(peer_key);
    if (!own_key->has_private || !ffc_group_same(own->group, peer->ffc.group))
        return STATUS_INVALID_PARAMETER;
    SCOPED_BN_CTX *ctx = ffc_ctx_new();
    SCOPED_BN *z = BN_secure_new();
    if (ctx == NULL || z == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    TRY(check_peer(peer, ctx));
    TRY(shared_value(own, &peer->ffc, z, ctx));
    /* As long as p, leading zeros included. Which hash SP800_56A_CONCAT
     * takes for DH is not documented. */
    struct agreed *secret;
    uint8_t *bytes;
    TRY(agreed_dh_new(own_key, own->group->bytes, "SHA256", &secret, &bytes));
    if (!bn_write(z, bytes, own->group->bytes)) {
        agreed_free(secret);
        return ossl_failed(STATUS_INTERNAL_ERROR);
    }
    *out = secret;
    return STATUS_SUCCESS;
}

/* ---- the row -------------------------------------------------------------------------------- */

static const struct prop_row props[] = {
    PROP_ROW_KEY_LENGTHS,
    PROP_ROW_FFC_KEY_LENGTH,
    PROP_ROW_FFC_KEY_STRENGTH,
    PROP_ROW_FFC_PUBLIC_KEY_LENGTH,
    {
        .name = "DHParameters",
        .on = ON_KEY,
        .settable_on = ON_KEY,
        .only_final = true,
        .get = dh_get_parameters,
        .set = dh_set_parameters,
    },
    AGREED_HKDF_PROP_ROWS,
    {.name = NULL},
};

static const struct asym_class dh_asym = {
    .generate = dh_key_generate,
    .finalize = dh_key_finalize,
    .done = dh_key_done,
    .formats = dh_formats,
    .import_flags = FFC_IMPORT_FLAGS,
    .agree = dh_agree,
};

const struct alg_class dh_class = {
    .name = "DH",
    .interface_id = BCRYPT_SECRET_AGREEMENT_INTERFACE,
    .operations = BCRYPT_SECRET_AGREEMENT_OPERATION,
    .open_flags = BCRYPT_PROV_DISPATCH,
    .key_lengths = {512, 4096, 64},
    .props = props,
    .asym = &dh_asym,
    .agreed = &agreed_dh_class,
    .selftest = &selftest_dh,
};
