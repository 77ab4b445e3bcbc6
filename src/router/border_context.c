/* Border of the configuration: contexts and their functions. */
#include "border.h"
#include "router_config.h"

/* Where an answer goes; asking for its size is answered by STATUS_BUFFER_TOO_SMALL (Microsoft documents it). */
static struct block_target target(ULONG *size, void *buffer)
{
    return (struct block_target){size, buffer, BORDER_WIDTH, STATUS_BUFFER_TOO_SMALL};
}

/* Names of the caller's that say which entry is meant. */
struct entry_names {
    struct name context;
    struct name function;
};

static struct entry_ref entry(struct entry_names *names, ULONG table, LPCWSTR context,
                              ULONG interface_id, LPCWSTR function)
{
    return (struct entry_ref){table, border_name(&names->context, context), interface_id,
                              border_name(&names->function, function)};
}

NTSTATUS WINAPI BCryptCreateContext(ULONG dwTable, LPCWSTR pszContext,
                                    PCRYPT_CONTEXT_CONFIG pConfig)
{
    struct name context;
    return router_context_create(dwTable, border_name(&context, pszContext), pConfig);
}

NTSTATUS WINAPI BCryptDeleteContext(ULONG dwTable, LPCWSTR pszContext)
{
    struct name context;
    return router_context_delete(dwTable, border_name(&context, pszContext));
}

NTSTATUS WINAPI BCryptEnumContexts(ULONG dwTable, ULONG *pcbBuffer, PCRYPT_CONTEXTS *ppBuffer)
{
    struct block_target to = target(pcbBuffer, ppBuffer);
    return router_contexts(dwTable, &to);
}

NTSTATUS WINAPI BCryptConfigureContext(ULONG dwTable, LPCWSTR pszContext,
                                       PCRYPT_CONTEXT_CONFIG pConfig)
{
    struct name context;
    return router_context_configure(dwTable, border_name(&context, pszContext), pConfig);
}

NTSTATUS WINAPI BCryptQueryContextConfiguration(ULONG dwTable, LPCWSTR pszContext, ULONG *pcbBuffer,
                                                PCRYPT_CONTEXT_CONFIG *ppBuffer)
{
    struct name context;
    struct block_target to = target(pcbBuffer, ppBuffer);
    return router_context_flags(dwTable, border_name(&context, pszContext), &to);
}

NTSTATUS WINAPI BCryptAddContextFunction(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface,
                                         LPCWSTR pszFunction, ULONG dwPosition)
{
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    return router_function_edit(
        &at, (struct config_edit){.apply = edit_function_add, .position = dwPosition});
}

NTSTATUS WINAPI BCryptRemoveContextFunction(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface,
                                            LPCWSTR pszFunction)
{
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    return router_function_edit(&at, (struct config_edit){.apply = edit_function_remove});
}

NTSTATUS WINAPI BCryptEnumContextFunctions(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface,
                                           ULONG *pcbBuffer, PCRYPT_CONTEXT_FUNCTIONS *ppBuffer)
{
    struct name context;
    struct block_target to = target(pcbBuffer, ppBuffer);
    return router_context_functions(dwTable, border_name(&context, pszContext), dwInterface, &to);
}

NTSTATUS WINAPI BCryptConfigureContextFunction(ULONG dwTable, LPCWSTR pszContext, ULONG dwInterface,
                                               LPCWSTR pszFunction,
                                               PCRYPT_CONTEXT_FUNCTION_CONFIG pConfig)
{
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    return router_function_configure(&at, pConfig);
}

NTSTATUS WINAPI BCryptQueryContextFunctionConfiguration(ULONG dwTable, LPCWSTR pszContext,
                                                        ULONG dwInterface, LPCWSTR pszFunction,
                                                        ULONG *pcbBuffer,
                                                        PCRYPT_CONTEXT_FUNCTION_CONFIG *ppBuffer)
{
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    struct block_target to = target(pcbBuffer, ppBuffer);
    return router_function_flags(&at, &to);
}

NTSTATUS WINAPI BCryptEnumContextFunctionProviders(ULONG dwTable, LPCWSTR pszContext,
                                                   ULONG dwInterface, LPCWSTR pszFunction,
                                                   ULONG *pcbBuffer,
                                                   PCRYPT_CONTEXT_FUNCTION_PROVIDERS *ppBuffer)
{
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    struct block_target to = target(pcbBuffer, ppBuffer);
    return router_function_providers(&at, &to);
}

NTSTATUS WINAPI BCryptSetContextFunctionProperty(ULONG dwTable, LPCWSTR pszContext,
                                                 ULONG dwInterface, LPCWSTR pszFunction,
                                                 LPCWSTR pszProperty, ULONG cbValue, PUCHAR pbValue)
{
    struct name property;
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    return router_function_property_set(&at, border_name(&property, pszProperty), pbValue, cbValue);
}

NTSTATUS WINAPI BCryptQueryContextFunctionProperty(ULONG dwTable, LPCWSTR pszContext,
                                                   ULONG dwInterface, LPCWSTR pszFunction,
                                                   LPCWSTR pszProperty, ULONG *pcbValue,
                                                   PUCHAR *ppbValue)
{
    struct name property;
    struct entry_names names;
    struct entry_ref at = entry(&names, dwTable, pszContext, dwInterface, pszFunction);
    struct block_target to = target(pcbValue, ppbValue);
    return router_function_property(&at, border_name(&property, pszProperty), &to);
}
