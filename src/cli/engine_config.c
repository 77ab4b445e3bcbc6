#include <opencng_config.h>

#include <bcrypt_provider.h>

#include <stdlib.h>
#include <string.h>

#include "engine_border.h"
#include "engine_config.h"

const struct engine_interface engine_interfaces[] = {
    {"cipher", BCRYPT_CIPHER_INTERFACE, "GetCipherInterface"},
    {"hash", BCRYPT_HASH_INTERFACE, "GetHashInterface"},
    {"asymmetric-encryption", BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE,
     "GetAsymmetricEncryptionInterface"},
    {"secret-agreement", BCRYPT_SECRET_AGREEMENT_INTERFACE, "GetSecretAgreementInterface"},
    {"signature", BCRYPT_SIGNATURE_INTERFACE, "GetSignatureInterface"},
    {"rng", BCRYPT_RNG_INTERFACE, "GetRngInterface"},
    {"key-derivation", BCRYPT_KEY_DERIVATION_INTERFACE, "GetKeyDerivationInterface"},
    {"key-encapsulation", BCRYPT_KEY_ENCAPSULATION_INTERFACE, NULL},
    {"key-storage", 0x00010001, "GetKeyStorageInterface"},
    {"schannel", 0x00010002, NULL},
    {"schannel-signature", 0x00010003, NULL},
    {"key-protection", 0x00010004, NULL},
    {NULL, 0, NULL},
};

uint32_t engine_interface_id(const char *text)
{
    for (const struct engine_interface *row = engine_interfaces; row->word != NULL; row++) {
        if (strcmp(row->word, text) == 0)
            return row->id;
    }
    char *end;
    unsigned long v = strncmp(text, "0x", 2) == 0 ? strtoul(text, &end, 16) : 0;
    return v != 0 && v <= UINT32_MAX && *end == 0 ? (uint32_t)v : 0;
}

const struct engine_interface *engine_interface_find(uint32_t id)
{
    for (const struct engine_interface *row = engine_interfaces; row->word != NULL; row++) {
        if (row->id == id)
            return row;
    }
    return NULL;
}

/* ---- contexts ------------------------------------------------------------------------------------------------- */

static ULONG table_of(bool machine)
{
    return machine ? CRYPT_DOMAIN : CRYPT_LOCAL;
}

/* Names in the width of the library. */
struct entry_names {
    struct wide_name context, function;
    ULONG table;
};

static struct entry_names names_of(const struct engine_entry *e)
{
    return (struct entry_names){
        name_of(e->context), name_of(e->function == NULL ? "" : e->function), table_of(e->machine)};
}

static void tell(const PWSTR *names, ULONG n, name_heard *each, void *context)
{
    for (ULONG i = 0; i < n; i++) {
        OCTETS name = {0};
        utf8_of(&name, names[i], SIZE_MAX);
        each(octets_text(&name), context);
    }
}

NTSTATUS engine_contexts_each(bool machine, name_heard *each, void *context)
{
    ULONG n = 0;
    ENGINE_BLOCK PCRYPT_CONTEXTS list = NULL;
    TRY_STATUS(BCryptEnumContexts(table_of(machine), &n, &list));
    tell(list->rgpszContexts, list->cContexts, each, context);
    return STATUS_SUCCESS;
}

NTSTATUS engine_functions_each(const struct engine_entry *e, name_heard *each, void *context)
{
    ULONG n = 0;
    struct entry_names names = names_of(e);
    ENGINE_BLOCK PCRYPT_CONTEXT_FUNCTIONS list = NULL;
    TRY_STATUS(
        BCryptEnumContextFunctions(names.table, names.context.text, e->interface_id, &n, &list));
    tell(list->rgpszFunctions, list->cFunctions, each, context);
    return STATUS_SUCCESS;
}

NTSTATUS engine_providers_each(const struct engine_entry *e, name_heard *each, void *context)
{
    ULONG n = 0;
    struct entry_names names = names_of(e);
    ENGINE_BLOCK PCRYPT_CONTEXT_FUNCTION_PROVIDERS list = NULL;
    TRY_STATUS(BCryptEnumContextFunctionProviders(names.table, names.context.text, e->interface_id,
                                                  names.function.text, &n, &list));
    tell(list->rgpszProviders, list->cProviders, each, context);
    return STATUS_SUCCESS;
}

NTSTATUS engine_flags_get(const struct engine_entry *e, uint32_t *flags)
{
    struct entry_names names = names_of(e);
    CRYPT_CONTEXT_CONFIG of_context;
    CRYPT_CONTEXT_FUNCTION_CONFIG of_function;
    PCRYPT_CONTEXT_CONFIG to_context = &of_context;
    PCRYPT_CONTEXT_FUNCTION_CONFIG to_function = &of_function;
    ULONG n = sizeof of_context;
    if (e->function == NULL) {
        TRY_STATUS(
            BCryptQueryContextConfiguration(names.table, names.context.text, &n, &to_context));
        *flags = of_context.dwFlags;
        return STATUS_SUCCESS;
    }
    TRY_STATUS(BCryptQueryContextFunctionConfiguration(
        names.table, names.context.text, e->interface_id, names.function.text, &n, &to_function));
    *flags = of_function.dwFlags;
    return STATUS_SUCCESS;
}

NTSTATUS engine_flags_set(const struct engine_entry *e, uint32_t flags)
{
    struct entry_names names = names_of(e);
    CRYPT_CONTEXT_CONFIG of_context = {flags, 0};
    CRYPT_CONTEXT_FUNCTION_CONFIG of_function = {flags, 0};
    return e->function == NULL
               ? BCryptConfigureContext(names.table, names.context.text, &of_context)
               : BCryptConfigureContextFunction(names.table, names.context.text, e->interface_id,
                                                names.function.text, &of_function);
}

NTSTATUS engine_context_create(const struct engine_entry *e)
{
    return BCryptCreateContext(table_of(e->machine), name_of(e->context).text, NULL);
}

NTSTATUS engine_context_delete(const struct engine_entry *e)
{
    return BCryptDeleteContext(table_of(e->machine), name_of(e->context).text);
}

NTSTATUS engine_function_add(const struct engine_entry *e, uint32_t position)
{
    struct entry_names names = names_of(e);
    return BCryptAddContextFunction(names.table, names.context.text, e->interface_id,
                                    names.function.text, position);
}

NTSTATUS engine_function_remove(const struct engine_entry *e)
{
    struct entry_names names = names_of(e);
    return BCryptRemoveContextFunction(names.table, names.context.text, e->interface_id,
                                       names.function.text);
}

NTSTATUS engine_provider_add(const struct engine_entry *e, const char *provider, uint32_t position)
{
    struct entry_names names = names_of(e);
    return BCryptAddContextFunctionProvider(names.table, names.context.text, e->interface_id,
                                            names.function.text, name_of(provider).text, position);
}

NTSTATUS engine_provider_remove(const struct engine_entry *e, const char *provider)
{
    struct entry_names names = names_of(e);
    return BCryptRemoveContextFunctionProvider(names.table, names.context.text, e->interface_id,
                                               names.function.text, name_of(provider).text);
}

NTSTATUS engine_property_set(const struct engine_entry *e, const char *property,
                             const struct view *value)
{
    struct entry_names names = names_of(e);
    return BCryptSetContextFunctionProperty(names.table, names.context.text, e->interface_id,
                                            names.function.text, name_of(property).text,
                                            value == NULL ? 0 : (ULONG)value->n,
                                            value == NULL ? NULL : bytes_in(*value));
}

static void tell_properties(const CRYPT_PROVIDER_REF *ref, const struct engine_resolved *heard,
                            void *context)
{
    for (ULONG i = 0; i < ref->cProperties; i++) {
        const CRYPT_PROPERTY_REF *p = ref->rgpProperties[i];
        OCTETS name = {0};
        utf8_of(&name, p->pszProperty, SIZE_MAX);
        heard->property(octets_text(&name), (struct view){p->pbValue, p->cbValue}, context);
    }
}

NTSTATUS engine_resolve(const struct engine_entry *e, const struct engine_resolved *heard,
                        void *context)
{
    ULONG n = 0;
    struct entry_names names = names_of(e);
    ENGINE_BLOCK PCRYPT_PROVIDER_REFS refs = NULL;
    TRY_STATUS(BCryptResolveProviders(names.context.text, e->interface_id, names.function.text,
                                      NULL, CRYPT_UM, CRYPT_ALL_PROVIDERS, &n, &refs));
    for (ULONG i = 0; i < refs->cProviders; i++)
        tell(&refs->rgpProviders[i]->pszProvider, 1, heard->provider, context);
    if (refs->cProviders > 0)
        tell_properties(refs->rgpProviders[0], heard, context);
    return STATUS_SUCCESS;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

NTSTATUS engine_config_folder(bool machine, struct octets *path)
{
    char text[4096];
    TRY_STATUS(CngConfigGetFolder(table_of(machine), text, sizeof text));
    octets_set(path, view_of_text(text));
    return STATUS_SUCCESS;
}

struct problem_call {
    void (*each)(const char *path, const char *problem, void *context);
    void *context;
};

static BOOL WINAPI tell_problem(const char *path, const char *problem, void *context)
{
    const struct problem_call *call = context;
    call->each(path, problem, call->context);
    return TRUE;
}

NTSTATUS engine_config_problems(void (*each)(const char *path, const char *problem, void *context),
                                void *context)
{
    struct problem_call call = {each, context};
    return CngConfigEnumProblems(tell_problem, &call);
}

NTSTATUS engine_image_find(const char *image, struct octets *path)
{
    char text[4096];
    TRY_STATUS(CngConfigFindImage(image, text, sizeof text));
    octets_set(path, view_of_text(text));
    return STATUS_SUCCESS;
}
