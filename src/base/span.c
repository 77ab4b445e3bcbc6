/* Numbers in borrowed bytes (span.h), whatever their byte order. */
#include "span.h"

#include <string.h>

#include "ct.h"

uint8_t num_byte(struct num v, size_t i)
{
    if (i >= v.n)
        return 0;
    return v.little ? v.p[i] : v.p[v.n - 1 - i];
}

struct num num_trim(struct num v)
{
    while (v.n > 0 && num_byte(v, v.n - 1) == 0) {
        if (!v.little)
            v.p++;
        v.n--;
    }
    return v;
}

size_t num_bits(struct num v)
{
    v = num_trim(v);
    if (v.n == 0)
        return 0;
    unsigned top = num_byte(v, v.n - 1);
    size_t bits = (v.n - 1) * 8;
    for (; top != 0; top >>= 1)
        bits++;
    return bits;
}

bool num_equal_public(struct num a, struct num b)
{
    size_t n = a.n > b.n ? a.n : b.n;
    for (size_t i = 0; i < n; i++) {
        if (num_byte(a, i) != num_byte(b, i))
            return false;
    }
    return true;
}

bool num_to_be(struct num v, uint8_t *out, size_t n)
{
    if (!v.little && v.n <= n) {
        if (v.n > 0)
            memmove(out + (n - v.n), v.p, v.n);
        memset(out, 0, n - v.n);
        return true;
    }
    uint8_t spill = 0;
    for (size_t i = 0; i < v.n; i++) {
        uint8_t byte = v.little ? v.p[i] : v.p[v.n - 1 - i];
        if (i < n)
            out[n - 1 - i] = byte;
        else
            spill |= byte;
    }
    if (v.n < n)
        memset(out, 0, n - v.n);
    return ct_public(spill) == 0; /* a number that is too long is refused */
}
