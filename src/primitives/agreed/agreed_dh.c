/*
 * The agreed secret and the dispatch of BCryptDeriveKey.
 *
 * The shared value never changes after the handle exists, so any number of threads may derive from
 * one secret at once. Each key derivation function is a row: which parameters it takes, and what it
 * does with them.
 */
#include "agreed_kdf.h"

#include <string.h>

#define P KDF_PARAM

static const struct kdf_row {
    const char *name;
    struct kdf_params_row params;
    NTSTATUS (*derive)(const struct kdf_call *call);
} rows[] = {
    {
        .name = "HASH",
        .params.takes = P(KDF_HASH_ALGORITHM) | P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .params.many = P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .derive = agreed_kdf_hash,
    },
    {
        .name = "HMAC",
        .params.takes =
            P(KDF_HASH_ALGORITHM) | P(KDF_HMAC_KEY) | P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .params.many = P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .derive = agreed_kdf_hmac,
    },
    {
        .name = "TLS_PRF",
        .params.takes = P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED) | P(KDF_TLS_PRF_PROTOCOL) |
                        P(KDF_HASH_ALGORITHM),
        .params.needs = P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED),
        .derive = agreed_kdf_tls,
    },
    {
        .name = "SP800_56A_CONCAT",
        .params.takes = P(KDF_ALGORITHMID) | P(KDF_PARTYUINFO) | P(KDF_PARTYVINFO) |
                        P(KDF_SUPPPUBINFO) | P(KDF_SUPPPRIVINFO) | P(KDF_HASH_ALGORITHM),
        .params.needs = P(KDF_ALGORITHMID) | P(KDF_PARTYUINFO) | P(KDF_PARTYVINFO),
        .derive = agreed_kdf_concat,
    },
    {.name = "TRUNCATE", .derive = agreed_kdf_raw},
    {.name = "HKDF", .params.takes = P(KDF_HKDF_INFO), .derive = agreed_kdf_hkdf},
};

static const struct kdf_row *find_row(const struct name *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (name_is(name, rows[i].name))
            return &rows[i];
    }
    return NULL;
}

static NTSTATUS agreed_dh_derive(struct agreed *secret, const struct name *kdf,
                                 const struct params *params, uint32_t flags, const struct out *o)
{
    const struct kdf_row *row = find_row(kdf);
    if (row == NULL)
        return STATUS_NOT_SUPPORTED;
    /* The flag means something to HMAC only, but others get it too: .NET
     * passes it with HASH and TLS_PRF. */
    if ((flags & ~(uint32_t)KDF_USE_SECRET_AS_HMAC_KEY_FLAG) != 0 ||
        !kdf_params_fit(&row->params, params))
        return STATUS_INVALID_PARAMETER;
    return row->derive(&(struct kdf_call){
        .secret = CONTAINER_OF(secret, struct agreed_dh, base),
        .params = params,
        .flags = flags,
        .out = o,
    });
}

/* ---- what the functions share --------------------------------------------------------------- */

NTSTATUS kdf_answer(const struct kdf_call *call, const uint8_t *value, size_t n)
{
    const struct out *o = call->out;
    size_t fits = out_is_query(o) || o->cap > n ? n : o->cap;
    if (!out_is_query(o) && fits > 0)
        memcpy(o->p, value, fits);
    *o->result = (uint32_t)fits;
    return STATUS_SUCCESS;
}

/* ---- the object ----------------------------------------------------------------------------- */

NTSTATUS agreed_dh_new(const struct key *own, size_t n, const char *concat_hash,
                       struct agreed **secret, uint8_t **z)
{
    struct agreed *made = agreed_alloc(own, sizeof(struct agreed_dh));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    struct agreed_dh *dh = CONTAINER_OF(made, struct agreed_dh, base);
    NTSTATUS status = secret_new(&dh->z, n);
    if (status < 0) {
        agreed_free(made);
        return status;
    }
    dh->concat_hash = concat_hash;
    *z = dh->z.p;
    *secret = made;
    return STATUS_SUCCESS;
}

static void agreed_dh_done(struct agreed *secret)
{
    struct agreed_dh *dh = CONTAINER_OF(secret, struct agreed_dh, base);
    secret_done(&dh->z);
    hkdf_state_done(&dh->hkdf);
}

const struct agreed_class agreed_dh_class = {
    .derive = agreed_dh_derive,
    .done = agreed_dh_done,
};
