/* Checking and reading parameter lists (kdf_params.h). Lists are short: they are searched. */
#include "kdf_params.h"

bool kdf_params_fit(const struct kdf_params_row *row, const struct params *params)
{
    uint32_t generic = row->generic == 0 ? 0 : KDF_PARAM(KDF_GENERIC_PARAMETER);
    uint32_t seen = 0;
    for (size_t i = 0; i < params->count; i++) {
        uint32_t type = params->list[i].type;
        uint32_t bit = type < 32 ? KDF_PARAM(type) : 0;
        if (((row->takes | generic) & bit) == 0 || (seen & bit & ~row->many) != 0)
            return false;
        seen |= bit;
    }
    if ((seen & generic) == 0)
        return (row->needs & ~seen) == 0;
    return (seen & row->generic) == 0 && (row->needs & ~row->generic & ~seen) == 0;
}

const struct param *kdf_params_find(const struct params *params, uint32_t type)
{
    for (size_t i = 0; i < params->count; i++) {
        if (params->list[i].type == type)
            return &params->list[i];
    }
    return NULL;
}

struct span kdf_params_bytes(const struct params *params, uint32_t type)
{
    const struct param *p = kdf_params_find(params, type);
    return p == NULL ? span_of(NULL, 0) : p->bytes;
}

static NTSTATUS usable(const struct digest *found, const struct digest **d)
{
    if (found == NULL || digest_md(found) == NULL || !digest_passes(found))
        return STATUS_NOT_SUPPORTED;
    *d = found;
    return STATUS_SUCCESS;
}

NTSTATUS kdf_params_hash_named(const struct name *name, const struct digest **d)
{
    return usable(digest_find(name), d);
}

NTSTATUS kdf_params_hash(const struct params *params, const char *otherwise,
                         const struct digest **d)
{
    const struct param *p = kdf_params_find(params, KDF_HASH_ALGORITHM);
    return usable(p == NULL ? digest_named(otherwise) : digest_find(&p->name), d);
}
