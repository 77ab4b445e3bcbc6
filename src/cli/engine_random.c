#include "engine_border.h"

NTSTATUS engine_random(uint8_t *p, size_t n)
{
    return BCryptGenRandom(NULL, p, (ULONG)n, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
}
