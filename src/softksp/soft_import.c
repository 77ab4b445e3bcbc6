/*
 * Keys from blobs: through NCryptImportKey, and as the value of a building key's property (which
 * lets the program set everything else about the key before).
 */
#include "soft_format.h"

#include <string.h>

/* Which setting a parameter list gives. */
static const struct {
    uint32_t type;
    const char *setting;
} param_rows[] = {
    {NCRYPTBUFFER_ECC_CURVE_NAME, "ECCCurveName"},
    {NCRYPTBUFFER_ECC_PARAMETERS, "ECCParameters"},
};

static const struct soft_setting *setting_named(const struct soft_key *k, const char *name)
{
    const struct soft_setting *s = k->alg->settings;
    while (s != NULL && s->name != NULL && strcmp(s->name, name) != 0)
        s++;
    return s == NULL || s->name == NULL ? NULL : s;
}

static NTSTATUS take_settings(struct soft_key *k, const struct ksp_params *params)
{
    for (size_t i = 0; i < ARRAY_COUNT(param_rows); i++) {
        const struct soft_setting *s = setting_named(k, param_rows[i].setting);
        struct in value = ksp_param(params, param_rows[i].type);
        if (s != NULL && value.p != NULL)
            TRY(soft_setting_take(k, s, &value));
    }
    return STATUS_SUCCESS;
}

/* The curve that the blob names by itself. */
static NTSTATUS take_curve(struct soft_key *k, const struct soft_material *m)
{
    const struct soft_setting *s = setting_named(k, "ECCCurveName");
    struct soft_wide wide;
    if (m->curve.s[0] == '\0' || s == NULL)
        return STATUS_SUCCESS;
    const struct in value = {soft_wide(&wide, m->curve.s), sizeof wide, WIDTH_16};
    return soft_setting_take(k, s, &value);
}

/* The key itself. */
static NTSTATUS take_key(struct soft_key *k, const struct soft_material *m, uint32_t flags)
{
    struct soft_wide type;
    TRY(take_curve(k, m));
    return soft_key_take(k, soft_wide(&type, m->type.s), m->is_private, m->blob, flags);
}

static NTSTATUS take(struct soft_key *k, const struct soft_material *m,
                     const struct ksp_params *params, uint32_t flags)
{
    TRY(take_settings(k, params));
    if (m->has_policy) {
        atomic_store(&k->policy, m->policy);
        atomic_store(&k->usage, m->usage);
    }
    NTSTATUS status = take_key(k, m, flags);
    return m->guessed ? soft_guess_status(status) : status;
}

/* The name that the key is to be stored under: from the list, or out of the blob. A public key is
 * never stored (documented). */
static NTSTATUS name_of(const struct ksp_params *params, struct soft_material *m,
                        const struct text **name)
{
    struct in value = ksp_param(params, NCRYPTBUFFER_PKCS_KEY_NAME);
    *name = NULL;
    if (!m->is_private)
        return STATUS_SUCCESS;
    if (value.p != NULL)
        TRY(text_read_counted(&m->name, value.p, value.n, NCRYPT_MAX_KEY_NAME_LENGTH, value.width));
    if (m->name.s[0] != '\0')
        *name = &m->name;
    return STATUS_SUCCESS;
}

NTSTATUS soft_import(struct ksp_provider *p, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, struct span blob, uint32_t flags,
                     struct ksp_key **key)
{
    const struct soft_call call = {
        .provider = soft_provider_of(p),
        .wrap = wrap == NULL ? NULL : soft_key_of(wrap),
        .params = params,
        .flags = flags,
    };
    const struct soft_format *f = soft_format_find(type->s);
    if (f == NULL || f->read == NULL)
        return NTE_NOT_SUPPORTED;
    if (((f->wrap & SOFT_IMPORT) != 0) != (wrap != NULL))
        return NTE_INVALID_PARAMETER;
    MATERIAL m = {.alg = NULL};
    TRY(f->read(f, &call, blob, &m));
    struct ksp_id id = {.spec = 0, .flags = flags};
    TRY(name_of(params, &m, &id.name));
    SOFT_KEY *k = NULL;
    TRY(soft_key_new(call.provider, m.alg, &id, &k));
    TRY(soft_name_check(k));
    TRY(take(k, &m, params, flags));
    if ((flags & NCRYPT_DO_NOT_FINALIZE_FLAG) == 0)
        TRY(soft_finalize(&k->base, flags));
    *key = &k->base;
    k = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS soft_set_blob(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = soft_key_of(t->key);
    const struct soft_format *f = soft_format_find(t->row->name);
    if (atomic_load(&k->base.state) == KSP_FINAL || f == NULL)
        return NTE_NOT_SUPPORTED;
    const struct ksp_params none = {.list = NULL, .width = in->width};
    const struct soft_call call = {
        .provider = soft_provider_of(k->base.provider), .key = k, .params = &none};
    MATERIAL m = {.alg = NULL};
    TRY(f->read(f, &call, in_span(in), &m));
    if (strcmp(m.alg->group, k->alg->group) != 0 || !m.is_private)
        return NTE_INVALID_PARAMETER;
    return take(k, &m, &none, 0);
}
