/* Border of the key functions: blob types and properties. */
#include "border.h"

NTSTATUS WINAPI BCryptImportKeyPair(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE hImportKey,
                                    LPCWSTR pszBlobType, BCRYPT_KEY_HANDLE *phKey, PUCHAR pbInput,
                                    ULONG cbInput, ULONG dwFlags)
{
    struct name type;
    return router_import(hAlgorithm, hImportKey, border_name(&type, pszBlobType),
                         (struct span){pbInput, cbInput}, dwFlags, phKey);
}

NTSTATUS WINAPI BCryptImportKey(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE hImportKey,
                                LPCWSTR pszBlobType, BCRYPT_KEY_HANDLE *phKey, PUCHAR pbKeyObject,
                                ULONG cbKeyObject, PUCHAR pbInput, ULONG cbInput, ULONG dwFlags)
{
    struct name type;
    return router_import_sym(hAlgorithm, hImportKey, border_name(&type, pszBlobType),
                             (struct span){pbInput, cbInput},
                             (struct span){pbKeyObject, cbKeyObject}, dwFlags, phKey);
}

NTSTATUS WINAPI BCryptExportKey(BCRYPT_KEY_HANDLE hKey, BCRYPT_KEY_HANDLE hExportKey,
                                LPCWSTR pszBlobType, PUCHAR pbOutput, ULONG cbOutput,
                                ULONG *pcbResult, ULONG dwFlags)
{
    struct name type;
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_export(hKey, hExportKey, border_name(&type, pszBlobType), dwFlags, &o);
}

NTSTATUS WINAPI BCryptGetProperty(BCRYPT_HANDLE hObject, LPCWSTR pszProperty, PUCHAR pbOutput,
                                  ULONG cbOutput, ULONG *pcbResult, ULONG dwFlags)
{
    struct name name;
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return router_get_property(hObject, border_name(&name, pszProperty), dwFlags, &o);
}

NTSTATUS WINAPI BCryptSetProperty(BCRYPT_HANDLE hObject, LPCWSTR pszProperty, PUCHAR pbInput,
                                  ULONG cbInput, ULONG dwFlags)
{
    struct name name;
    const struct in in = {pbInput, cbInput, BORDER_WIDTH};
    return router_set_property(hObject, border_name(&name, pszProperty), dwFlags, &in);
}
