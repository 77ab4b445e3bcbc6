/*
 * RtlGenRandom: the system's generator under the name that advapi32 has for it.
 */
#include "wincompat.h"

#include "bcrypt.h"
#include "ntsecapi.h"

BOOLEAN WINAPI SystemFunction036(PVOID RandomBuffer, ULONG RandomBufferLength)
{
    if (RandomBufferLength == 0)
        return TRUE;
    return BCRYPT_SUCCESS(
        BCryptGenRandom(NULL, RandomBuffer, RandomBufferLength, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
}
