/* Registered providers, and the built-in ones as if they were registered. */
#include "router_config.h"

#include <string.h>

#include "config_format.h"
#include "config_place.h"
#include "text.h"

/* ---- reading a registration ---------------------------------------------------------------------- */

/* Names of an array of strings in the caller's width. */
static NTSTATUS names_read(struct arena *a, PWSTR *strings, uint32_t n, uint32_t max, enum width w,
                           const struct name **out)
{
    if (n > max || (n > 0 && strings == NULL))
        return STATUS_INVALID_PARAMETER;
    struct name *names = arena_alloc(a, n * sizeof *names);
    if (names == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < n; i++) {
        TRY(name_read(&names[i], strings[i], w));
        TRY(config_name_check(&names[i]));
    }
    *out = names;
    return STATUS_SUCCESS;
}

static NTSTATUS interface_read(struct arena *a, const CRYPT_INTERFACE_REG *from, enum width w,
                               struct config_interface *out)
{
    /* The structure's flags are documented twice, as CRYPT_LOCAL and as these. */
    const uint32_t known = CRYPT_MIN_DEPENDENCIES | CRYPT_DOMAIN | CRYPT_PROCESS_ISOLATE;
    if (from == NULL || from->dwInterface == 0 || from->cFunctions == 0 ||
        (from->dwFlags & ~known) != 0)
        return STATUS_INVALID_PARAMETER;
    *out = (struct config_interface){
        .id = from->dwInterface, .flags = from->dwFlags, .count = from->cFunctions};
    return names_read(a, from->rgpszFunctions, from->cFunctions, CONFIG_FUNCTIONS_MAX, w,
                      &out->functions);
}

/* An absolute path, or the name of a file in the folder of providers. */
static NTSTATUS image_read(struct arena *a, PWSTR image, enum width w, const char **out)
{
    SCOPED_TEXT *text = NULL;
    TRY(text_new(&text, image, CONFIG_IMAGE_MAX, w));
    if (text[0] == '\0' || (text[0] != '/' && strchr(text, '/') != NULL))
        return STATUS_INVALID_PARAMETER;
    *out = arena_text(a, span_of(text, strlen(text)));
    return *out == NULL ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

/* There is no kernel mode to load an image into, so pKM says nothing here. */
static NTSTATUS registration_read(struct arena *a, const CRYPT_PROVIDER_REG *from, enum width w,
                                  struct config_provider *out)
{
    if (from == NULL)
        return STATUS_INVALID_PARAMETER;
    const CRYPT_IMAGE_REG *um = from->pUM;
    if (um == NULL)
        return from->pKM != NULL ? STATUS_NOT_SUPPORTED : STATUS_INVALID_PARAMETER;
    if (um->cInterfaces == 0 || um->cInterfaces > CONFIG_INTERFACES_MAX ||
        um->rgpInterfaces == NULL)
        return STATUS_INVALID_PARAMETER;
    TRY(names_read(a, from->rgpszAliases, from->cAliases, CONFIG_ALIASES_MAX, w, &out->aliases));
    out->alias_count = from->cAliases;
    for (size_t i = 0; i < out->alias_count; i++) {
        if (config_is_built_in(&out->aliases[i]))
            return STATUS_ACCESS_DENIED;
    }
    TRY(image_read(a, um->pszImage, w, &out->image));
    struct config_interface *interfaces = arena_alloc(a, um->cInterfaces * sizeof *interfaces);
    if (interfaces == NULL)
        return STATUS_NO_MEMORY;
    for (uint32_t i = 0; i < um->cInterfaces; i++)
        TRY(interface_read(a, um->rgpInterfaces[i], w, &interfaces[i]));
    out->interfaces = interfaces;
    out->interface_count = um->cInterfaces;
    return STATUS_SUCCESS;
}

static void arena_free(struct arena *a)
{
    arena_done(a);
}

#define SCOPED_ARENA CLEANUP(arena_free) struct arena

NTSTATUS router_register(const struct name *provider, uint32_t flags,
                         const CRYPT_PROVIDER_REG *registration, enum width w)
{
    SCOPED_ARENA a = {0};
    struct config_provider p = {0};
    TRY(config_name_check(provider));
    if ((flags & ~(uint32_t)CRYPT_OVERWRITE) != 0)
        return STATUS_INVALID_PARAMETER;
    TRY(registration_read(&a, registration, w, &p));
    if (config_is_built_in(provider))
        return STATUS_ACCESS_DENIED;
    p.name = *provider;
    return config_provider_write(place_local(), &p, (flags & CRYPT_OVERWRITE) != 0);
}

NTSTATUS router_unregister(const struct name *provider)
{
    TRY(config_name_check(provider));
    if (config_is_built_in(provider))
        return STATUS_ACCESS_DENIED;
    NTSTATUS status = config_provider_delete(place_local(), provider);
    if (status != STATUS_NOT_FOUND)
        return status;
    /* The machine's is there, and not this user's to remove. */
    (void)config_refresh();
    CONFIG c = config_acquire();
    const struct config_provider *p = c == NULL ? NULL : config_find(c, provider);
    return p != NULL && name_is(provider, p->name.s) ? STATUS_ACCESS_DENIED : STATUS_NOT_FOUND;
}

/* ---- the built-in ones ----------------------------------------------------------------------------- */

/* The functions of one interface; *out is left alone when there are none. */
static NTSTATUS built_in_functions(struct arena *a, uint32_t id, struct config_interface *out)
{
    const struct provider *provider;
    const struct alg_class *class;
    *out = (struct config_interface){.id = id};
    for (size_t i = 0; (class = resolve_nth(i, &provider)) != NULL; i++) {
        if (provider != &opencng_primitive_provider || class->interface_id != id)
            continue;
        struct name name = {{0}};
        strncpy(name.s, class->name, sizeof name.s - 1);
        struct name *names =
            arena_insert(a, out->functions, &out->count, sizeof name, out->count, &name);
        if (names == NULL)
            return STATUS_NO_MEMORY;
        out->functions = names;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS primitive_interfaces(struct arena *a, struct config_provider *out)
{
    for (uint32_t id = BCRYPT_CIPHER_INTERFACE; id <= BCRYPT_KEY_ENCAPSULATION_INTERFACE; id++) {
        struct config_interface one;
        TRY(built_in_functions(a, id, &one));
        if (one.count == 0)
            continue;
        struct config_interface *list = arena_insert(a, out->interfaces, &out->interface_count,
                                                     sizeof one, out->interface_count, &one);
        if (list == NULL)
            return STATUS_NO_MEMORY;
        out->interfaces = list;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS key_storage_interfaces(struct arena *a, struct config_provider *out)
{
    static const struct name function = {"KEY_STORAGE"};
    static const struct config_interface interface = {
        .id = NCRYPT_KEY_STORAGE_INTERFACE, .count = 1, .functions = &function};
    (void)a;
    out->interfaces = &interface;
    out->interface_count = 1;
    return STATUS_SUCCESS;
}

NTSTATUS built_in_registrations(struct arena *a, struct config_provider out[BUILT_INS])
{
    static const struct {
        struct name name;
        const char *image;
        NTSTATUS (*interfaces)(struct arena *a, struct config_provider *out);
    } rows[BUILT_INS] = {
        {{CONFIG_PRIMITIVE_PROVIDER}, "libbcrypt.so.0", primitive_interfaces},
        {{CONFIG_KEY_STORAGE_PROVIDER}, "libncrypt.so.0", key_storage_interfaces},
    };
    for (size_t i = 0; i < BUILT_INS; i++) {
        out[i] =
            (struct config_provider){.name = rows[i].name, .image = rows[i].image, .machine = true};
        TRY(rows[i].interfaces(a, &out[i]));
    }
    return STATUS_SUCCESS;
}

/* ---- showing ---------------------------------------------------------------------------------------- */

static NTSTATUS interface_view(struct arena *a, const struct config_interface *from,
                               CRYPT_INTERFACE_REG **out)
{
    CRYPT_INTERFACE_REG *reg = arena_alloc(a, sizeof *reg);
    if (reg == NULL)
        return STATUS_NO_MEMORY;
    *reg = (CRYPT_INTERFACE_REG){
        .dwInterface = from->id, .dwFlags = from->flags, .cFunctions = (ULONG)from->count};
    TRY(strings_view(a, from->functions, from->count, sizeof *from->functions,
                     &reg->rgpszFunctions));
    *out = reg;
    return STATUS_SUCCESS;
}

NTSTATUS registration_view(struct arena *a, const struct config_provider *p, uint32_t interface_id,
                           CRYPT_PROVIDER_REG *out)
{
    *out = (CRYPT_PROVIDER_REG){.cAliases = (ULONG)p->alias_count};
    TRY(strings_view(a, p->aliases, p->alias_count, sizeof *p->aliases, &out->rgpszAliases));
    CRYPT_IMAGE_REG *image = arena_alloc(a, sizeof *image);
    CRYPT_INTERFACE_REG **list = arena_alloc(a, p->interface_count * sizeof(void *));
    if (image == NULL || list == NULL)
        return STATUS_NO_MEMORY;
    *image = (CRYPT_IMAGE_REG){.pszImage = block_string(p->image), .rgpInterfaces = list};
    for (size_t i = 0; i < p->interface_count; i++) {
        if (interface_id == 0 || p->interfaces[i].id == interface_id)
            TRY(interface_view(a, &p->interfaces[i], &list[image->cInterfaces++]));
    }
    out->pUM = image;
    return image->cInterfaces > 0 ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

NTSTATUS router_registration(const struct name *provider, uint32_t mode, uint32_t interface_id,
                             const struct block_target *to)
{
    TRY(config_name_check(provider));
    if (mode < CRYPT_UM || mode > CRYPT_ANY)
        return STATUS_INVALID_PARAMETER;
    (void)config_refresh();
    SCOPED_ARENA a = {0};
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    struct config_provider built_in[BUILT_INS];
    TRY(built_in_registrations(&a, built_in));
    const struct config_provider *p = config_find(c, provider);
    for (size_t i = 0; i < BUILT_INS; i++) {
        if (name_is(provider, built_in[i].name.s))
            p = &built_in[i];
    }
    /* Nothing has an image for kernel mode. */
    if (p == NULL || (mode != CRYPT_UM && mode != CRYPT_ANY))
        return STATUS_NOT_FOUND;
    CRYPT_PROVIDER_REG view;
    TRY(registration_view(&a, p, interface_id, &view));
    return block_give(to, &shape_provider_reg, &view);
}

NTSTATUS router_registered(const struct block_target *to)
{
    (void)config_refresh();
    SCOPED_ARENA a = {0};
    CONFIG c = config_acquire();
    if (c == NULL)
        return STATUS_NO_MEMORY;
    size_t n = BUILT_INS + c->provider_count;
    PWSTR *names = arena_alloc(&a, n * sizeof *names);
    if (names == NULL)
        return STATUS_NO_MEMORY;
    struct config_provider built_in[BUILT_INS];
    TRY(built_in_registrations(&a, built_in));
    for (size_t i = 0; i < n; i++)
        names[i] =
            block_string(i < BUILT_INS ? built_in[i].name.s : c->providers[i - BUILT_INS].name.s);
    CRYPT_PROVIDERS view = {.cProviders = (ULONG)n, .rgpszProviders = names};
    return block_give(to, &shape_providers, &view);
}
