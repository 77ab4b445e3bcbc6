/*
 * From names and numbers to rows. Windows' pseudo-handles keep their numbers (16n + 1); each stands
 * for an algorithm that is opened once, on first use, and never closed.
 */
#include "router.h"

#include <stdlib.h>

#include "fips.h"

static const struct provider *const providers[] = {&opencng_primitive_provider};

static bool is_available(const struct alg_class *class)
{
    if (class->not_approved && fips_enabled())
        return false;
    return class->available == NULL || class->available();
}

const struct alg_class *resolve_class(const struct name *alg, const struct name *provider)
{
    for (size_t i = 0; i < ARRAY_COUNT(providers); i++) {
        if (provider != NULL && !name_is(provider, providers[i]->name))
            continue;
        for (const struct alg_class *const *row = providers[i]->classes; *row != NULL; row++) {
            if (name_is(alg, (*row)->name) && is_available(*row))
                return *row;
        }
    }
    return NULL;
}

const struct alg_class *resolve_nth(size_t i, const struct provider **provider)
{
    for (size_t p = 0; p < ARRAY_COUNT(providers); p++) {
        for (const struct alg_class *const *row = providers[p]->classes; *row != NULL; row++) {
            if (is_available(*row) && i-- == 0) {
                *provider = providers[p];
                return *row;
            }
        }
    }
    return NULL;
}

/* The n-th row is pseudo-handle 16n + 1. */
static const struct {
    struct name alg;
    uint32_t flags;
    const char *mode; /* NULL: it has none */
} pseudo_rows[] = {
    {{"MD2"}, 0, NULL},
    {{"MD4"}, 0, NULL},
    {{"MD5"}, 0, NULL},
    {{"SHA1"}, 0, NULL},
    {{"SHA256"}, 0, NULL},
    {{"SHA384"}, 0, NULL},
    {{"SHA512"}, 0, NULL},
    {{"RC4"}, 0, NULL},
    {{"RNG"}, 0, NULL},
    {{"MD5"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"SHA1"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"SHA256"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"SHA384"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"SHA512"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"RSA"}, 0, NULL},
    {{"ECDSA"}, 0, NULL},
    {{"AES-CMAC"}, 0, NULL},
    {{"AES-GMAC"}, 0, NULL},
    {{"MD2"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"MD4"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"3DES"}, 0, "ChainingModeCBC"},
    {{"3DES"}, 0, "ChainingModeECB"},
    {{"3DES"}, 0, "ChainingModeCFB"},
    {{"3DES_112"}, 0, "ChainingModeCBC"},
    {{"3DES_112"}, 0, "ChainingModeECB"},
    {{"3DES_112"}, 0, "ChainingModeCFB"},
    {{"AES"}, 0, "ChainingModeCBC"},
    {{"AES"}, 0, "ChainingModeECB"},
    {{"AES"}, 0, "ChainingModeCFB"},
    {{"AES"}, 0, "ChainingModeCCM"},
    {{"AES"}, 0, "ChainingModeGCM"},
    {{"DES"}, 0, "ChainingModeCBC"},
    {{"DES"}, 0, "ChainingModeECB"},
    {{"DES"}, 0, "ChainingModeCFB"},
    {{"DESX"}, 0, "ChainingModeCBC"},
    {{"DESX"}, 0, "ChainingModeECB"},
    {{"DESX"}, 0, "ChainingModeCFB"},
    {{"RC2"}, 0, "ChainingModeCBC"},
    {{"RC2"}, 0, "ChainingModeECB"},
    {{"RC2"}, 0, "ChainingModeCFB"},
    {{"DH"}, 0, NULL},
    {{"ECDH"}, 0, NULL},
    {{"ECDH_P256"}, 0, NULL},
    {{"ECDH_P384"}, 0, NULL},
    {{"ECDH_P521"}, 0, NULL},
    {{"DSA"}, 0, NULL},
    {{"ECDSA_P256"}, 0, NULL},
    {{"ECDSA_P384"}, 0, NULL},
    {{"ECDSA_P521"}, 0, NULL},
    {{"RSA_SIGN"}, 0, NULL},
    {{"CAPI_KDF"}, 0, NULL},
    {{"PBKDF2"}, 0, NULL},
    {{"SP800_108_CTR_HMAC"}, 0, NULL},
    {{"SP800_56A_CONCAT"}, 0, NULL},
    {{"TLS1_1_KDF"}, 0, NULL},
    {{"TLS1_2_KDF"}, 0, NULL},
    {{"XTS-AES"}, 0, NULL},
    {{"HKDF"}, 0, NULL},
    {{"CHACHA20_POLY1305"}, 0, NULL},
    {{"SHA3-256"}, 0, NULL},
    {{"SHA3-384"}, 0, NULL},
    {{"SHA3-512"}, 0, NULL},
    {{"SHA3-256"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"SHA3-384"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"SHA3-512"}, BCRYPT_ALG_HANDLE_HMAC_FLAG, NULL},
    {{"CSHAKE128"}, 0, NULL},
    {{"CSHAKE256"}, 0, NULL},
    {{"KMAC128"}, 0, NULL},
    {{"KMAC256"}, 0, NULL},
    {{"SHAKE128"}, 0, NULL},
    {{"SHAKE256"}, 0, NULL},
    {{"ML-DSA"}, 0, NULL},
    {{"ML-KEM"}, 0, NULL},
};

_Static_assert(ARRAY_COUNT(pseudo_rows) == PSEUDO_HANDLES, "a row for each pseudo-handle");

_Atomic(struct alg *) pseudo_algs[PSEUDO_HANDLES];

static NTSTATUS pseudo_open(size_t n, struct alg **opened)
{
    const struct alg_class *class = resolve_class(&pseudo_rows[n].alg, NULL);
    if (class == NULL)
        return STATUS_INVALID_HANDLE;
    TRY(selftest_pass(class));
    struct alg *alg = alg_alloc(class, pseudo_rows[n].flags);
    if (alg == NULL)
        return STATUS_NO_MEMORY;
    alg->pseudo = true;
    alg->handle = (void *)(n << 4 | 1);
    if (pseudo_rows[n].mode != NULL)
        class->alg_mode(alg, pseudo_rows[n].mode);
    struct alg *first = NULL;
    if (!atomic_compare_exchange_strong(&pseudo_algs[n], &first, alg)) {
        alg->object.destroy(&alg->object);
        alg = first;
    }
    *opened = alg;
    return STATUS_SUCCESS;
}

static size_t alg_size(const struct alg_class *class)
{
    return class->alg_size > sizeof(struct alg) ? class->alg_size : sizeof(struct alg);
}

static void alg_destroy(struct object *o)
{
    struct alg *alg = CONTAINER_OF(o, struct alg, object);
    if (alg->class->alg_done != NULL)
        alg->class->alg_done(alg);
    if ((alg->flags & BCRYPT_PROV_DISPATCH) != 0)
        secret_free(alg, alg_size(alg->class));
    else
        free(alg);
}

struct alg *alg_alloc(const struct alg_class *class, uint32_t flags)
{
    size_t size = alg_size(class);
    struct alg *alg = (flags & BCRYPT_PROV_DISPATCH) != 0 ? secret_calloc(size) : calloc(1, size);
    if (alg == NULL)
        return NULL;
    alg->object = (struct object){OBJECT_ALG, alg_destroy};
    alg->class = class;
    alg->flags = flags;
    if (class->alg_init != NULL)
        class->alg_init(alg);
    return alg;
}

NTSTATUS alg_enter_other(const void *handle, struct alg_use *u)
{
    *u = (struct alg_use){.alg = NULL};
    uintptr_t value = (uintptr_t)handle;
    if ((value & 15) == 1 && value >> 4 < PSEUDO_HANDLES)
        return pseudo_open(value >> 4, &u->alg);
    handle_enter_at(&u->use, handle, OBJECT_ALG);
    if (u->use.object == NULL)
        return STATUS_INVALID_HANDLE;
    u->alg = CONTAINER_OF(u->use.object, struct alg, object);
    return STATUS_SUCCESS;
}
