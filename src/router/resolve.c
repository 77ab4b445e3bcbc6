/*
 * From names and numbers to rows.
 *
 * Names first: the built-in provider's rows are a list; those of registered providers are made when they are first opened
 * (opencng_foreign_class). Which provider serves an algorithm that is opened without naming one, administrators say
 * (config.h); as long as nobody has said anything the built-in provider comes first, and a look at one atomic is all that
 * its algorithms pay.
 *
 * Windows' pseudo-handles keep their numbers (16n + 1); each stands for an algorithm of the built-in provider that is
 * opened once, on first use, and never closed.
 */
#include "router.h"

#include <stdlib.h>
#include <string.h>

#include "fips.h"

/* Providers of one algorithm that are looked at. */
#define CHOICES 32

static const struct provider *const builtin = &opencng_primitive_provider;

static bool is_available(const struct alg_class *class)
{
    if (class->not_approved && fips_enabled())
        return false;
    return class->available == NULL || class->available();
}

/* The rows that were found last. Programs ask for the same few again and again, and the list is long. */
#define RECENT 32
static _Atomic(const struct alg_class *) recent[RECENT];

static size_t recent_place(const struct name *alg)
{
    uint32_t sum = 0;
    for (const char *c = alg->s; *c != '\0'; c++)
        sum = sum * 31 + (uint8_t)*c;
    return sum % RECENT;
}

const struct alg_class *resolve_builtin(const struct name *alg)
{
    _Atomic(const struct alg_class *) *place = &recent[recent_place(alg)];
    const struct alg_class *last = atomic_load_explicit(place, memory_order_relaxed);
    if (last != NULL && name_is(alg, last->name) && is_available(last))
        return last;
    for (const struct alg_class *const *row = builtin->classes; *row != NULL; row++) {
        if (name_is(alg, (*row)->name) && is_available(*row)) {
            atomic_store_explicit(place, *row, memory_order_relaxed);
            return *row;
        }
    }
    return NULL;
}

const struct alg_class *resolve_nth(size_t i, const struct provider **provider)
{
    for (const struct alg_class *const *row = builtin->classes; *row != NULL; row++) {
        if (is_available(*row) && i-- == 0) {
            *provider = builtin;
            return *row;
        }
    }
    return NULL;
}

/* ---- registered providers ------------------------------------------------------------------- */

/* Interfaces of bcrypt.h; they are numbered like the bits under which their algorithms are enumerated. */
static bool is_primitive(uint32_t interface_id)
{
    return interface_id >= BCRYPT_CIPHER_INTERFACE &&
           interface_id <= BCRYPT_KEY_DERIVATION_INTERFACE;
}

/* The one choice of who names a provider. */
static size_t named_choice(const struct config *c, const struct name *provider,
                           const struct name *alg, struct config_choice *out)
{
    const struct config_provider *p = config_find(c, provider);
    const struct config_interface *face = p == NULL ? NULL : config_offers(p, 0, alg);
    if (face == NULL)
        return 0;
    *out = (struct config_choice){p, face->id};
    return 1;
}

static NTSTATUS choice_class(const struct config_choice *choice, const struct name *alg,
                             const struct alg_class **class)
{
    if (choice->p != NULL)
        return opencng_foreign_class(choice->p, choice->interface_id, alg, class);
    *class = resolve_builtin(alg);
    return *class == NULL ? STATUS_NOT_FOUND : STATUS_SUCCESS;
}

/* A provider that is in front and cannot be used is passed over: what it was to give, the next one may. */
static NTSTATUS open_configured(const struct name *alg, const struct name *provider, uint32_t flags,
                                resolve_open_fn *open, struct alg **out)
{
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    struct config_choice choices[CHOICES];
    size_t count = provider == NULL ? config_order(c, 0, alg, choices, CHOICES)
                                    : named_choice(c, provider, alg, choices);
    NTSTATUS first = STATUS_NOT_FOUND;
    for (size_t i = 0; i < count && i < CHOICES; i++) {
        const struct alg_class *class;
        NTSTATUS status = choice_class(&choices[i], alg, &class);
        if (status >= 0)
            status = open(class, flags, out);
        if (status >= 0)
            return status;
        first = first == STATUS_NOT_FOUND ? status : first;
    }
    return first;
}

NTSTATUS resolve_open(const struct name *alg, const struct name *provider, uint32_t flags,
                      resolve_open_fn *open, struct alg **out)
{
    if (provider != NULL && name_is(provider, builtin->name)) {
        const struct alg_class *class = resolve_builtin(alg);
        return class == NULL ? STATUS_NOT_FOUND : open(class, flags, out);
    }
    NTSTATUS status = open_configured(alg, provider, flags, open, out);
    if (status == STATUS_NOT_FOUND && config_refresh())
        status = open_configured(alg, provider, flags, open, out);
    return status;
}

/* ---- lists ------------------------------------------------------------------------------------- */

static bool is_listed(const struct listed *list, size_t n, const struct listed *what)
{
    struct name name;
    memcpy(name.s, what->alg, strlen(what->alg) + 1);
    for (size_t i = 0; i < n; i++) {
        if (list[i].interface_id == what->interface_id && name_is(&name, list[i].alg))
            return true;
    }
    return false;
}

static size_t list_builtin(struct listed *list)
{
    const struct provider *provider;
    const struct alg_class *class;
    size_t n = 0;
    for (; (class = resolve_nth(n, &provider)) != NULL; n++) {
        if (list != NULL)
            list[n] = (struct listed){class->name, class->interface_id, class->operations};
    }
    return n;
}

/* What a registered provider adds behind the n that are listed; returns how many there are then. */
static size_t list_registered(const struct config_provider *p, struct listed *list, size_t n)
{
    for (size_t i = 0; i < p->interface_count; i++) {
        const struct config_interface *face = &p->interfaces[i];
        for (size_t f = 0; f < face->count && is_primitive(face->id); f++) {
            const struct listed what = {face->functions[f].s, face->id, 1u << (face->id - 1)};
            if (list == NULL || !is_listed(list, n, &what)) {
                if (list != NULL)
                    list[n] = what;
                n++;
            }
        }
    }
    return n;
}

static size_t list_all(const struct config *c, struct listed *list)
{
    size_t n = list_builtin(list);
    for (size_t i = 0; i < c->provider_count; i++)
        n = list_registered(&c->providers[i], list, n);
    return n;
}

NTSTATUS resolve_list(const struct config *c, struct listed **list, size_t *n)
{
    *list = malloc((list_all(c, NULL) + 1) * sizeof **list);
    if (*list == NULL)
        return STATUS_NO_MEMORY;
    *n = list_all(c, *list);
    return STATUS_SUCCESS;
}

size_t resolve_providers(const struct config *c, const struct name *alg, const char **names,
                         size_t max)
{
    struct config_choice choices[CHOICES];
    size_t count = config_order(c, 0, alg, choices, CHOICES);
    size_t n = 0;
    for (size_t i = 0; i < count && i < CHOICES && n < max; i++) {
        const struct config_provider *p = choices[i].p;
        if (p == NULL ? resolve_builtin(alg) != NULL : is_primitive(choices[i].interface_id))
            names[n++] = p == NULL ? builtin->name : p->name.s;
    }
    return n;
}

/* ---- pseudo-handles ------------------------------------------------------------------------- */

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
    const struct alg_class *class = resolve_builtin(&pseudo_rows[n].alg);
    if (class == NULL)
        return STATUS_INVALID_HANDLE;
    TRY(selftest_pass(class));
    struct alg *alg;
    TRY(alg_new(class, pseudo_rows[n].flags, &alg));
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
    object_free(alg, alg_size(alg->class), (alg->flags & BCRYPT_PROV_DISPATCH) != 0);
}

NTSTATUS alg_new(const struct alg_class *class, uint32_t flags, struct alg **out)
{
    size_t size = alg_size(class);
    struct alg *alg = object_calloc(size, (flags & BCRYPT_PROV_DISPATCH) != 0);
    if (alg == NULL)
        return STATUS_NO_MEMORY;
    alg->object = (struct object){OBJECT_ALG, alg_destroy, class_is_quiet(class)};
    alg->class = class;
    alg->flags = flags;
    NTSTATUS status = class->alg_init == NULL ? STATUS_SUCCESS : class->alg_init(alg);
    if (status < 0) {
        alg_destroy(&alg->object);
        return status;
    }
    *out = alg;
    return STATUS_SUCCESS;
}

NTSTATUS alg_enter_other(const void *handle, struct alg_use *u)
{
    *u = (struct alg_use){.alg = NULL};
    if (is_pseudo(handle))
        return pseudo_open((uintptr_t)handle >> 4, &u->alg);
    u->use = handle_enter(handle, OBJECT_ALG);
    if (u->use.object == NULL)
        return STATUS_INVALID_HANDLE;
    u->alg = CONTAINER_OF(u->use.object, struct alg, object);
    return STATUS_SUCCESS;
}
