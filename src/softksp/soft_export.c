/*
 * Keys into blobs, as far as their export policy lets them. Refusing is NTE_NOT_SUPPORTED, as observed on
 * Windows.
 *
 * The archiving rights are for the handle that made the key, and for one time (documented).
 */
#include "soft_format.h"

/* For each need: the policy bits of which one is enough, and those that are good for one time. */
static const struct {
    uint32_t always;
    uint32_t once;
} needs[] = {
    [NEED_PLAIN] = {NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, NCRYPT_ALLOW_PLAINTEXT_ARCHIVING_FLAG},
    [NEED_PROTECTED] = {NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG,
                        NCRYPT_ALLOW_ARCHIVING_FLAG | NCRYPT_ALLOW_PLAINTEXT_ARCHIVING_FLAG},
    [NEED_WRAPPED] = {NCRYPT_ALLOW_PKCS11_RSA_AES_EXPORT_FLAG, 0}, /* of its own (documented) */
};

/* *once: the bits that are used up by this export. */
static NTSTATUS check_policy(const struct soft_key *k, enum soft_need need, uint32_t *once)
{
    uint32_t policy = atomic_load(&k->policy);
    *once = 0;
    if (need == NEED_NOTHING || (policy & needs[need].always) != 0)
        return STATUS_SUCCESS;
    if (k->original)
        *once = policy & needs[need].once & ~atomic_load(&k->archived);
    return *once != 0 ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}

NTSTATUS soft_export(struct ksp_key *key, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, uint32_t flags, const struct out *o)
{
    struct soft_key *k = soft_key_of(key);
    const struct soft_call call = {
        .provider = soft_provider_of(key->provider),
        .key = k,
        .wrap = wrap == NULL ? NULL : soft_key_of(wrap),
        .params = params,
        .flags = flags,
    };
    const struct soft_format *f = soft_format_find(type->s);
    if (f == NULL || f->write == NULL)
        return NTE_NOT_SUPPORTED;
    if (((f->wrap & SOFT_EXPORT) != 0) != (wrap != NULL))
        return NTE_INVALID_PARAMETER;
    enum soft_need need = f->need_of != NULL ? f->need_of(params) : f->need;
    uint32_t once;
    TRY(check_policy(k, need, &once));
    TRY(f->write(f, &call, o));
    if (!out_is_query(o))
        atomic_fetch_or(&k->archived, once);
    return STATUS_SUCCESS;
}
