/* Border of the rules: their words and their names. */
#include "border_ncrypt.h"

#include <stdlib.h>

/* The longest rule: it may hold a certificate. */
#define RULE_CHARS ((size_t)64 * 1024)

/* A rule's words on the heap; they stay NULL where the string is NULL or empty. */
static NTSTATUS read_rule(LPCWSTR string, char **text)
{
    if (string == NULL || string[0] == 0)
        return STATUS_SUCCESS;
    return text_new(text, string, RULE_CHARS, BORDER_WIDTH);
}

SECURITY_STATUS WINAPI NCryptRegisterProtectionDescriptorName(LPCWSTR pwszName,
                                                              LPCWSTR pwszDescriptorString,
                                                              DWORD dwFlags)
{
    struct text name;
    SCOPED_TEXT *text = NULL;
    if (border_text(&name, pwszName, TEXT_MAX_CHARS) == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_MACHINE_KEY_FLAG));
    NTSTATUS status = read_rule(pwszDescriptorString, &text);
    if (status >= 0)
        status = opencng_protect.name_set(dwFlags != 0, name.s, text);
    return ncrypt_status(status);
}

SECURITY_STATUS WINAPI NCryptQueryProtectionDescriptorName(LPCWSTR pwszName,
                                                           LPWSTR pwszDescriptorString,
                                                           SIZE_T *pcDescriptorString,
                                                           DWORD dwFlags)
{
    struct text name;
    SCOPED_TEXT *text = NULL;
    if (border_text(&name, pwszName, TEXT_MAX_CHARS) == NULL || pcDescriptorString == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_MACHINE_KEY_FLAG));
    NTSTATUS status = opencng_protect.name_get(dwFlags != 0, name.s, &text);
    if (status < 0)
        return ncrypt_status(status);
    SIZE_T room = pwszDescriptorString == NULL ? 0 : *pcDescriptorString;
    *pcDescriptorString = wide_length(text, BORDER_WIDTH) + 1;
    if (room == 0)
        return ERROR_SUCCESS;
    if (room < *pcDescriptorString)
        return NTE_BUFFER_TOO_SMALL;
    wide_write(pwszDescriptorString, text, BORDER_WIDTH);
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptCreateProtectionDescriptor(LPCWSTR pwszDescriptorString, DWORD dwFlags,
                                                        NCRYPT_DESCRIPTOR_HANDLE *phDescriptor)
{
    SCOPED_TEXT *text = NULL;
    NTSTATUS status = read_rule(pwszDescriptorString, &text);
    return ncrypt_status(status < 0 ? status : ncrypt_rule(text, dwFlags, phDescriptor));
}

SECURITY_STATUS WINAPI NCryptGetProtectionDescriptorInfo(NCRYPT_DESCRIPTOR_HANDLE hDescriptor,
                                                         const NCRYPT_ALLOC_PARA *pMemPara,
                                                         DWORD dwInfoType, void **ppvInfo)
{
    RULE_USE u;
    NCRYPT_ALLOC_PARA memory;
    if (ppvInfo != NULL)
        *ppvInfo = NULL;
    TRY(rule_enter(hDescriptor, &u));
    if (ppvInfo == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_memory(pMemPara, &memory));
    if (dwInfoType != NCRYPT_PROTECTION_INFO_TYPE_DESCRIPTOR_STRING)
        return NTE_NOT_SUPPORTED;
    const char *text = opencng_protect.rule_text(u.rule);
    void *info = memory.pfnAlloc((wide_length(text, BORDER_WIDTH) + 1) * sizeof(WCHAR));
    if (info == NULL)
        return NTE_NO_MEMORY;
    wide_write(info, text, BORDER_WIDTH);
    *ppvInfo = info;
    return ERROR_SUCCESS;
}
