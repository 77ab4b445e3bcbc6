/* Border of the configuration: registered providers, and who is asked for a function. */
#include "bcrypt_provider.h"
#include "border.h"
#include "router_config.h"

NTSTATUS WINAPI BCryptRegisterProvider(LPCWSTR pszProvider, ULONG dwFlags, PCRYPT_PROVIDER_REG pReg)
{
    struct name provider;
    return router_register(border_name(&provider, pszProvider), dwFlags, pReg, BORDER_WIDTH);
}

NTSTATUS WINAPI BCryptUnregisterProvider(LPCWSTR pszProvider)
{
    struct name provider;
    return router_unregister(border_name(&provider, pszProvider));
}

NTSTATUS WINAPI BCryptQueryProviderRegistration(LPCWSTR pszProvider, ULONG dwMode,
                                                ULONG dwInterface, ULONG *pcbBuffer,
                                                PCRYPT_PROVIDER_REG *ppBuffer)
{
    struct name provider;
    struct block_target to = {pcbBuffer, ppBuffer, BORDER_WIDTH, STATUS_BUFFER_TOO_SMALL};
    return router_registration(border_name(&provider, pszProvider), dwMode, dwInterface, &to);
}

NTSTATUS WINAPI BCryptEnumRegisteredProviders(ULONG *pcbBuffer, PCRYPT_PROVIDERS *ppBuffer)
{
    struct block_target to = {pcbBuffer, ppBuffer, BORDER_WIDTH, STATUS_BUFFER_TOO_SMALL};
    return router_registered(&to);
}

/* Without a context Default is meant here (Microsoft's recipe for key stores does so), and only here. */
NTSTATUS WINAPI BCryptAddContextFunctionProvider(ULONG dwTable, LPCWSTR pszContext,
                                                 ULONG dwInterface, LPCWSTR pszFunction,
                                                 LPCWSTR pszProvider, ULONG dwPosition)
{
    struct name context;
    struct name function;
    struct name provider;
    LPCWSTR named = pszContext != NULL ? pszContext : CRYPT_DEFAULT_CONTEXT;
    struct entry_ref at = {dwTable, border_name(&context, named), dwInterface,
                           border_name(&function, pszFunction)};
    return router_function_provider_add(&at, border_name(&provider, pszProvider), dwPosition);
}

NTSTATUS WINAPI BCryptRemoveContextFunctionProvider(ULONG dwTable, LPCWSTR pszContext,
                                                    ULONG dwInterface, LPCWSTR pszFunction,
                                                    LPCWSTR pszProvider)
{
    struct name context;
    struct name function;
    struct name provider;
    LPCWSTR named = pszContext != NULL ? pszContext : CRYPT_DEFAULT_CONTEXT;
    struct entry_ref at = {dwTable, border_name(&context, named), dwInterface,
                           border_name(&function, pszFunction)};
    return router_function_provider_remove(&at, border_name(&provider, pszProvider));
}

/* Asking for the size succeeds here (Microsoft documents it). */
NTSTATUS WINAPI BCryptResolveProviders(LPCWSTR pszContext, ULONG dwInterface, LPCWSTR pszFunction,
                                       LPCWSTR pszProvider, ULONG dwMode, ULONG dwFlags,
                                       ULONG *pcbBuffer, PCRYPT_PROVIDER_REFS *ppBuffer)
{
    struct name context;
    struct name function;
    struct name provider;
    struct resolve_query q = {
        .context = border_name(&context, pszContext),
        .interface_id = dwInterface,
        .function = border_name(&function, pszFunction),
        .provider = border_name(&provider, pszProvider),
        .mode = dwMode,
        .flags = dwFlags,
    };
    struct block_target to = {pcbBuffer, ppBuffer, BORDER_WIDTH, STATUS_SUCCESS};
    return router_resolve_providers(&q, &to);
}
