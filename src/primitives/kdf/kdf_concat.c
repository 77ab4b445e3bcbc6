/*
 * The concatenation key derivation function, SP 800-56A 5.8.1 (SP 800-56C rev. 2, 4.1, option 1):
 *
 *     output = H(1 || secret || OtherInfo) || H(2 || secret || OtherInfo) || ...
 *
 * Counters have 32 bits, big-endian. The fields of OtherInfo are joined as they are: whoever wants
 * lengths between them puts them into the fields.
 */
#include "kdf_concat.h"

#include <string.h>

#include "wr.h"

NTSTATUS kdf_concat(const struct digest *d, struct span secret, const struct span *fields,
                    size_t count, uint8_t *out, size_t n)
{
    if (count > KDF_CONCAT_FIELDS || n / d->length >= UINT32_MAX)
        return STATUS_INVALID_PARAMETER;
    uint8_t counter[4];
    struct span parts[2 + KDF_CONCAT_FIELDS] = {span_of(counter, sizeof counter), secret};
    for (size_t i = 0; i < count; i++)
        parts[2 + i] = fields[i];

    DIGEST_VALUE block;
    size_t done = 0;
    for (uint32_t i = 1; done < n; i++) {
        struct wr w = wr_into(counter, sizeof counter);
        wr_be32(&w, i);
        NTSTATUS status = digest_spans(d, parts, 2 + count, block.p);
        if (status < 0) {
            wipe(out, done);
            return status;
        }
        size_t take = n - done < d->length ? n - done : d->length;
        memcpy(out + done, block.p, take);
        done += take;
    }
    return STATUS_SUCCESS;
}
