/* DER for suites that make files by hand: written from the end of `der`, `der_at` is where it begins. */
#ifndef CONFORM_DER_H
#define CONFORM_DER_H

#include "conform.h"

static BYTE der[16384];
static size_t der_at;

/* Puts bytes in front of what is there; NULL: some bytes. */
static inline void put(const void *p, size_t count)
{
    der_at -= count;
    if (p == NULL)
        memset(der + der_at, 0x5A, count);
    else
        memcpy(der + der_at, p, count);
}

/* Everything up to `end` becomes an element's contents. */
static inline void put_tag(BYTE tag, size_t end)
{
    size_t length = end - der_at;
    const BYTE longer[] = {tag, 0x82, (BYTE)(length >> 8), (BYTE)length};
    const BYTE middle[] = {tag, 0x81, (BYTE)length};
    const BYTE shorter[] = {tag, (BYTE)length};
    if (length > 0xFF)
        put(longer, sizeof longer);
    else if (length > 0x7F)
        put(middle, sizeof middle);
    else
        put(shorter, sizeof shorter);
}

static inline void put_element(BYTE tag, const void *p, size_t count)
{
    size_t end = der_at;
    put(p, count);
    put_tag(tag, end);
}

#endif
