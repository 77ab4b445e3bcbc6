#include <bcrypt_provider.h>

#include <string.h>

#include "engine_border.h"
#include "engine_config.h"

NTSTATUS engine_registered_each(name_heard *each, void *context)
{
    ULONG n = 0;
    ENGINE_BLOCK PCRYPT_PROVIDERS list = NULL;
    TRY_STATUS(BCryptEnumRegisteredProviders(&n, &list));
    for (ULONG i = 0; i < list->cProviders; i++) {
        OCTETS name = {0};
        utf8_of(&name, list->rgpszProviders[i], SIZE_MAX);
        each(octets_text(&name), context);
    }
    return STATUS_SUCCESS;
}

static void tell_interface(const CRYPT_INTERFACE_REG *f,
                           const struct engine_registration_heard *heard, void *context)
{
    for (ULONG i = 0; i < f->cFunctions; i++) {
        OCTETS name = {0};
        utf8_of(&name, f->rgpszFunctions[i], SIZE_MAX);
        heard->function(f->dwInterface, octets_text(&name), context);
    }
}

NTSTATUS engine_registered_show(const char *provider, const struct engine_registration_heard *heard,
                                void *context)
{
    ULONG n = 0;
    ENGINE_BLOCK PCRYPT_PROVIDER_REG reg = NULL;
    TRY_STATUS(BCryptQueryProviderRegistration(name_of(provider).text, CRYPT_UM, 0, &n, &reg));
    OCTETS image = {0};
    utf8_of(&image, reg->pUM->pszImage, SIZE_MAX);
    heard->image(octets_text(&image), context);
    for (ULONG i = 0; i < reg->cAliases; i++) {
        OCTETS alias = {0};
        utf8_of(&alias, reg->rgpszAliases[i], SIZE_MAX);
        heard->alias(octets_text(&alias), context);
    }
    for (ULONG i = 0; i < reg->pUM->cInterfaces; i++)
        tell_interface(reg->pUM->rgpInterfaces[i], heard, context);
    return STATUS_SUCCESS;
}

/* ---- registering ---------------------------------------------------------------------------------------------- */

/* A registration with its strings in the width of the library. */
struct wide_registration {
    CRYPT_PROVIDER_REG reg;
    CRYPT_IMAGE_REG image;
    CRYPT_INTERFACE_REG interfaces[64];
    PCRYPT_INTERFACE_REG interface_list[64];
    PWSTR functions[256];
    PWSTR aliases[256];
    struct wide_name texts[600];
    size_t text_count;
};

static PWSTR keep(struct wide_registration *w, const char *text)
{
    struct wide_name *kept = &w->texts[w->text_count++];
    *kept = name_of(text);
    return kept->text;
}

/* Functions that follow one another on one interface make one. */
static void keep_offers(struct wide_registration *w, const struct engine_registration *r)
{
    for (size_t i = 0; i < r->offer_count; i++) {
        w->functions[i] = keep(w, r->offers[i].function);
        bool same = i > 0 && r->offers[i].interface_id == r->offers[i - 1].interface_id;
        if (!same && w->image.cInterfaces == ARRAY_COUNT(w->interfaces))
            return;
        ULONG last = same ? w->image.cInterfaces - 1 : w->image.cInterfaces++;
        CRYPT_INTERFACE_REG *f = &w->interfaces[last];
        w->interface_list[last] = f;
        if (!same)
            *f = (CRYPT_INTERFACE_REG){r->offers[i].interface_id, 0, 0, &w->functions[i]};
        f->cFunctions++;
    }
}

NTSTATUS engine_register(const struct engine_registration *r)
{
    OCTETS memory = {0};
    octets_resize(&memory, sizeof(struct wide_registration));
    struct wide_registration *w = (void *)memory.p;
    for (size_t i = 0; i < r->alias_count; i++)
        w->aliases[i] = keep(w, r->aliases[i]);
    w->image = (CRYPT_IMAGE_REG){keep(w, r->image), 0, w->interface_list};
    keep_offers(w, r);
    w->reg = (CRYPT_PROVIDER_REG){(ULONG)r->alias_count, w->aliases, &w->image, NULL};
    return BCryptRegisterProvider(name_of(r->name).text, r->overwrite ? CRYPT_OVERWRITE : 0,
                                  &w->reg);
}

NTSTATUS engine_unregister(const char *name)
{
    return BCryptUnregisterProvider(name_of(name).text);
}
