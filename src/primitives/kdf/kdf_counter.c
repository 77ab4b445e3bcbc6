/*
 * The key derivation function in counter mode, SP 800-108 rev. 1, 4.1:
 *
 *     output = PRF(1 || fields || L) || PRF(2 || fields || L) || ...
 *
 * where the fields are Label || 0 || Context. The counter comes first; it and L, the length of the
 * output in bits, have 32 bits, big-endian.
 */
#include "kdf_counter.h"

#include <string.h>

#include "wr.h"

static void put_be32(uint8_t *p, uint32_t v)
{
    struct wr w = wr_into(p, sizeof v);
    wr_be32(&w, v);
}

NTSTATUS kdf_counter(struct prf *prf, const struct span *fields, size_t count, uint8_t *out,
                     size_t n)
{
    if (count > KDF_COUNTER_FIELDS || n > KDF_COUNTER_LIMIT)
        return STATUS_INVALID_PARAMETER;
    uint8_t counter[4], length[4];
    struct span parts[2 + KDF_COUNTER_FIELDS] = {span_of(counter, sizeof counter)};
    for (size_t i = 0; i < count; i++)
        parts[1 + i] = fields[i];
    parts[1 + count] = span_of(length, sizeof length);
    put_be32(length, (uint32_t)(8 * n));

    DIGEST_VALUE block;
    size_t done = 0;
    for (uint32_t i = 1; done < n; i++) {
        put_be32(counter, i);
        NTSTATUS status = prf_mac(prf, parts, 2 + count, block.p);
        if (status < 0) {
            wipe(out, done);
            return status;
        }
        size_t take = n - done < prf->length ? n - done : prf->length;
        memcpy(out + done, block.p, take);
        done += take;
    }
    return STATUS_SUCCESS;
}
