/* What every key storage provider shares (ksp.h): its objects hold on to the provider they are of. */
#include "ksp.h"

#include <stdlib.h>

static const NCryptBuffer *find(const struct ksp_params *params, uint32_t type)
{
    for (size_t i = 0; i < params->count; i++) {
        if (params->list[i].BufferType == type)
            return &params->list[i];
    }
    return NULL;
}

struct in ksp_param(const struct ksp_params *params, uint32_t type)
{
    const NCryptBuffer *b = find(params, type);
    return b == NULL ? (struct in){NULL, 0, params->width}
                     : (struct in){b->pvBuffer, b->cbBuffer, params->width};
}

bool ksp_param_is(const struct ksp_params *params, uint32_t type)
{
    return find(params, type) != NULL;
}

NTSTATUS ksp_algs_new(struct ksp_algs *algs, size_t count, size_t text)
{
    algs->list = calloc(1, count * sizeof *algs->list + text + 1);
    algs->count = 0;
    return algs->list == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

void ksp_algs_done(struct ksp_algs *algs)
{
    free(algs->list);
}

void ksp_provider_unref(struct ksp_provider *provider)
{
    if (atomic_fetch_sub(&provider->refs, 1) == 1)
        provider->ksp->close(provider);
}

void ksp_key_free(struct ksp_key *key)
{
    struct ksp_provider *provider = key->provider;
    provider->ksp->key_free(key);
    ksp_provider_unref(provider);
}

void ksp_secret_free(struct ksp_secret *secret)
{
    struct ksp_provider *provider = secret->provider;
    provider->ksp->secret_free(secret);
    ksp_provider_unref(provider);
}

static void key_destroy(struct object *o)
{
    ksp_key_free(CONTAINER_OF(o, struct ksp_key, object));
}

static void secret_destroy(struct object *o)
{
    ksp_secret_free(CONTAINER_OF(o, struct ksp_secret, object));
}

void ksp_key_init(struct ksp_key *key, struct ksp_provider *provider)
{
    atomic_fetch_add(&provider->refs, 1);
    key->object = (struct object){OBJECT_KSP_KEY, key_destroy};
    key->provider = provider;
    atomic_store(&key->state, KSP_BUILDING);
}

void ksp_secret_init(struct ksp_secret *secret, struct ksp_provider *provider)
{
    atomic_fetch_add(&provider->refs, 1);
    secret->object = (struct object){OBJECT_KSP_SECRET, secret_destroy};
    secret->provider = provider;
}
