/* The provider's row, and an open provider. */
#include "soft.h"

#include <stdlib.h>

static NTSTATUS open_provider(const struct ksp *ksp, uint32_t flags, struct ksp_provider **provider)
{
    (void)ksp;
    (void)flags;
    struct soft_provider *p = calloc(1, sizeof *p);
    if (p == NULL)
        return NTE_NO_MEMORY;
    *provider = &p->base;
    return STATUS_SUCCESS;
}

static void close_provider(struct ksp_provider *provider)
{
    struct soft_provider *p = soft_provider_of(provider);
    for (size_t i = 0; i < ARRAY_COUNT(p->stores); i++)
        store_close(atomic_load(&p->stores[i]));
    secret_done(&p->pin);
    free(p->use_context);
    free(p);
}

/* Microsoft's CryptoAPI providers, whose names open this one (observed on Windows). */
static const char *const aliases[] = {
    "Microsoft Base Cryptographic Provider v1.0",
    "Microsoft Enhanced Cryptographic Provider v1.0",
    "Microsoft Strong Cryptographic Provider",
    "Microsoft Enhanced RSA and AES Cryptographic Provider",
    "Microsoft RSA SChannel Cryptographic Provider",
    "Microsoft RSA Signature Cryptographic Provider",
    "Microsoft Base DSS Cryptographic Provider",
    "Microsoft Base DSS and Diffie-Hellman Cryptographic Provider",
    "Microsoft DH SChannel Cryptographic Provider",
    NULL,
};

const struct ksp opencng_software_ksp = {
    .name = "Microsoft Software Key Storage Provider",
    .comment = "Keys in files of the user or of the machine",
    .aliases = aliases,
    .provider_props = soft_provider_props,
    .props = soft_props,
    .algs = soft_algs,
    .has_alg = soft_has_alg,
    .open = open_provider,
    .close = close_provider,
    .create = soft_create,
    .open_key = soft_open_key,
    .import = soft_import,
    .finalize = soft_finalize,
    .remove = soft_remove,
    .export = soft_export,
    .key_free = soft_key_free,
    .enum_begin = soft_enum_begin,
    .enum_next = soft_enum_next,
    .enum_end = soft_enum_end,
    .own_get = soft_own_get,
    .own_set = soft_own_set,
    .sign = soft_sign,
    .verify = soft_verify,
    .crypt = soft_crypt,
    .agree = soft_agree,
    .derive = soft_derive,
    .secret_free = soft_secret_free,
    .key_derivation = soft_key_derivation,
    .encapsulate = soft_encapsulate,
    .decapsulate = soft_decapsulate,
    .notify = soft_notify,
};
