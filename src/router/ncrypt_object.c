/*
 * The objects of key storage providers. No provider is part of this version, so no handle can be a
 * key's; what remains is what holds for every handle value and every buffer.
 */
#include "ncrypt.h"

#include <stdlib.h>

BOOL WINAPI NCryptIsKeyHandle(NCRYPT_KEY_HANDLE hKey)
{
    (void)hKey;
    return FALSE;
}

SECURITY_STATUS WINAPI NCryptFreeBuffer(PVOID pvInput)
{
    free(pvInput);
    return ERROR_SUCCESS;
}
