/* Border of the keys: names, blob types, properties. */
#include "border_ncrypt.h"

SECURITY_STATUS WINAPI NCryptCreatePersistedKey(NCRYPT_PROV_HANDLE hProvider,
                                                NCRYPT_KEY_HANDLE *phKey, LPCWSTR pszAlgId,
                                                LPCWSTR pszKeyName, DWORD dwLegacyKeySpec,
                                                DWORD dwFlags)
{
    struct name alg;
    struct text name;
    const struct ksp_id id = {border_text(&name, pszKeyName, NCRYPT_MAX_KEY_NAME_LENGTH),
                              dwLegacyKeySpec, dwFlags};
    return ncrypt_status(
        ncrypt_create(hProvider, border_name(&alg, pszAlgId), pszKeyName != NULL, &id, phKey));
}

SECURITY_STATUS WINAPI NCryptOpenKey(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE *phKey,
                                     LPCWSTR pszKeyName, DWORD dwLegacyKeySpec, DWORD dwFlags)
{
    struct text name;
    const struct ksp_id id = {border_text(&name, pszKeyName, NCRYPT_MAX_KEY_NAME_LENGTH),
                              dwLegacyKeySpec, dwFlags};
    return ncrypt_status(ncrypt_open_key(hProvider, &id, phKey));
}

SECURITY_STATUS WINAPI NCryptImportKey(NCRYPT_PROV_HANDLE hProvider, NCRYPT_KEY_HANDLE hImportKey,
                                       LPCWSTR pszBlobType, NCryptBufferDesc *pParameterList,
                                       NCRYPT_KEY_HANDLE *phKey, PBYTE pbData, DWORD cbData,
                                       DWORD dwFlags)
{
    struct name type;
    const struct ksp_params params = border_params(pParameterList);
    return ncrypt_status(ncrypt_import(hProvider, hImportKey, border_name(&type, pszBlobType),
                                       &params, (struct span){pbData, cbData}, dwFlags, phKey));
}

SECURITY_STATUS WINAPI NCryptExportKey(NCRYPT_KEY_HANDLE hKey, NCRYPT_KEY_HANDLE hExportKey,
                                       LPCWSTR pszBlobType, NCryptBufferDesc *pParameterList,
                                       PBYTE pbOutput, DWORD cbOutput, DWORD *pcbResult,
                                       DWORD dwFlags)
{
    struct name type;
    const struct ksp_params params = border_params(pParameterList);
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return ncrypt_status(
        ncrypt_export(hKey, hExportKey, border_name(&type, pszBlobType), &params, dwFlags, &o));
}

SECURITY_STATUS WINAPI NCryptGetProperty(NCRYPT_HANDLE hObject, LPCWSTR pszProperty, PBYTE pbOutput,
                                         DWORD cbOutput, DWORD *pcbResult, DWORD dwFlags)
{
    struct text name;
    const struct out o = {pbOutput, cbOutput, pcbResult, BORDER_WIDTH};
    return ncrypt_status(ncrypt_get_property(
        hObject, border_text(&name, pszProperty, NCRYPT_MAX_PROPERTY_NAME), dwFlags, &o));
}

SECURITY_STATUS WINAPI NCryptSetProperty(NCRYPT_HANDLE hObject, LPCWSTR pszProperty, PBYTE pbInput,
                                         DWORD cbInput, DWORD dwFlags)
{
    struct text name;
    const struct in in = {pbInput, cbInput, BORDER_WIDTH};
    return ncrypt_status(ncrypt_set_property(
        hObject, border_text(&name, pszProperty, NCRYPT_MAX_PROPERTY_NAME), dwFlags, &in));
}
