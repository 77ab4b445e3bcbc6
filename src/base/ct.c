/* The loops behind ct.h. Volatile reads, so that no compiler makes one of them stop early. */
#include "ct.h"

bool ct_equal(const void *a, const void *b, size_t n)
{
    const volatile uint8_t *x = a;
    const volatile uint8_t *y = b;
    uint32_t diff = 0;
    for (size_t i = 0; i < n; i++)
        diff |= (uint32_t)(x[i] ^ y[i]);
    return ct_public(ct_is_zero(diff)) != 0; /* the answer, not where they differ */
}

bool ct_all_zero(const void *p, size_t n)
{
    const volatile uint8_t *x = p;
    uint32_t any = 0;
    for (size_t i = 0; i < n; i++)
        any |= x[i];
    return ct_public(ct_is_zero(any)) != 0; /* zero is refused or a case of its own */
}
