/*
 * The agreed secret and the dispatch of BCryptDeriveKey.
 *
 * The shared value never changes after the handle exists, so any number of threads may derive from
 * one secret at once. Each key derivation function is a row: which parameters it takes, which it
 * may get more than once, which it needs. A parameter that a function does not take is refused, not
 * ignored: a key from which an input was left out is not the key that the caller meant.
 */
#include "agreed_kdf.h"

#include <string.h>

#define P(type) (UINT32_C(1) << (type))

static const struct kdf_row {
    const char *name;
    uint32_t takes; /* P() of each type */
    uint32_t many;  /* of these, any number */
    uint32_t needs;
    NTSTATUS (*derive)(const struct kdf_call *call);
} rows[] = {
    {
        .name = "HASH",
        .takes = P(KDF_HASH_ALGORITHM) | P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .many = P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .derive = agreed_kdf_hash,
    },
    {
        .name = "HMAC",
        .takes =
            P(KDF_HASH_ALGORITHM) | P(KDF_HMAC_KEY) | P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .many = P(KDF_SECRET_PREPEND) | P(KDF_SECRET_APPEND),
        .derive = agreed_kdf_hmac,
    },
    {
        .name = "TLS_PRF",
        .takes = P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED) | P(KDF_TLS_PRF_PROTOCOL) |
                 P(KDF_HASH_ALGORITHM),
        .needs = P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED),
        .derive = agreed_kdf_tls,
    },
    {
        .name = "SP800_56A_CONCAT",
        .takes = P(KDF_ALGORITHMID) | P(KDF_PARTYUINFO) | P(KDF_PARTYVINFO) | P(KDF_SUPPPUBINFO) |
                 P(KDF_SUPPPRIVINFO) | P(KDF_HASH_ALGORITHM),
        .needs = P(KDF_ALGORITHMID) | P(KDF_PARTYUINFO) | P(KDF_PARTYVINFO),
        .derive = agreed_kdf_concat,
    },
    {.name = "TRUNCATE", .derive = agreed_kdf_raw},
    {.name = "HKDF", .takes = P(KDF_HKDF_INFO), .derive = agreed_kdf_hkdf},
};

static const struct kdf_row *find_row(const struct name *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (name_is(name, rows[i].name))
            return &rows[i];
    }
    return NULL;
}

static bool params_fit(const struct kdf_row *row, const struct params *params)
{
    uint32_t seen = 0;
    for (size_t i = 0; i < params->count; i++) {
        uint32_t type = params->list[i].type;
        uint32_t bit = type < 32 ? P(type) : 0;
        if ((row->takes & bit) == 0 || (seen & bit & ~row->many) != 0)
            return false;
        seen |= bit;
    }
    return (row->needs & ~seen) == 0;
}

static NTSTATUS agreed_dh_derive(struct agreed *secret, const struct name *kdf,
                                 const struct params *params, uint32_t flags, const struct out *o)
{
    const struct kdf_row *row = find_row(kdf);
    if (row == NULL)
        return STATUS_NOT_SUPPORTED;
    /* The flag means something to HMAC only, but others get it too: .NET
     * passes it with HASH and TLS_PRF. */
    if ((flags & ~(uint32_t)KDF_USE_SECRET_AS_HMAC_KEY_FLAG) != 0 || !params_fit(row, params))
        return STATUS_INVALID_PARAMETER;
    return row->derive(&(struct kdf_call){
        .secret = CONTAINER_OF(secret, struct agreed_dh, base),
        .params = params,
        .flags = flags,
        .out = o,
    });
}

/* ---- what the functions share --------------------------------------------------------------- */

const struct param *kdf_param(const struct kdf_call *call, uint32_t type)
{
    for (size_t i = 0; i < call->params->count; i++) {
        if (call->params->list[i].type == type)
            return &call->params->list[i];
    }
    return NULL;
}

struct span kdf_bytes(const struct kdf_call *call, uint32_t type)
{
    const struct param *p = kdf_param(call, type);
    return p == NULL ? span_of(NULL, 0) : p->bytes;
}

static NTSTATUS usable(const struct digest *found, const struct digest **d)
{
    if (found == NULL || digest_md(found) == NULL)
        return STATUS_NOT_SUPPORTED;
    *d = found;
    return STATUS_SUCCESS;
}

NTSTATUS kdf_hash_named(const struct name *name, const struct digest **d)
{
    return usable(digest_find(name), d);
}

NTSTATUS kdf_hash(const struct kdf_call *call, const char *otherwise, const struct digest **d)
{
    const struct param *p = kdf_param(call, KDF_HASH_ALGORITHM);
    return usable(p == NULL ? digest_named(otherwise) : digest_find(&p->name), d);
}

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
    secret_done(&dh->hkdf_prk);
}

const struct agreed_class agreed_dh_class = {
    .derive = agreed_dh_derive,
    .done = agreed_dh_done,
};
