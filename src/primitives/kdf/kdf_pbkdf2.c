/*
 * PBKDF2, RFC 8018 section 5.2, with PRF(x) for the function under the password.
 *
 *     output = T(1) || T(2) || ...             T(i) = U(1) ^ U(2) ^ ... ^ U(count)
 *     U(1) = PRF(salt || i)                    U(j) = PRF(U(j-1))
 *
 * i has 32 bits, big-endian. The loop over j is what the caller pays for: the function is keyed
 * once, before, and the loop allocates nothing.
 */
#include "kdf_pbkdf2.h"

#include <string.h>

#include "wr.h"

/* a ^= b, in whole words: the loop runs between two hashes. */
static void add(struct digest_value *a, const struct digest_value *b)
{
    for (size_t i = 0; i < sizeof a->p; i += sizeof(uint64_t)) {
        uint64_t x, y;
        memcpy(&x, a->p + i, sizeof x);
        memcpy(&y, b->p + i, sizeof y);
        x ^= y;
        memcpy(a->p + i, &x, sizeof x);
    }
}

static NTSTATUS block(struct prf *prf, struct span salt, uint32_t i, uint64_t count,
                      struct digest_value *t)
{
    uint8_t counter[4];
    struct wr w = wr_into(counter, sizeof counter);
    wr_be32(&w, i);
    const struct span first[] = {salt, span_of(counter, sizeof counter)};
    DIGEST_VALUE u = {{0}};
    const struct span previous = span_of(u.p, prf->length);
    TRY(prf_mac(prf, first, ARRAY_COUNT(first), u.p));
    *t = u;
    for (uint64_t j = 1; j < count; j++) {
        TRY(prf_mac(prf, &previous, 1, u.p));
        add(t, &u);
    }
    return STATUS_SUCCESS;
}

NTSTATUS kdf_pbkdf2(struct prf *prf, struct span salt, uint64_t count, uint8_t *out, size_t n)
{
    if (count == 0 || n / prf->length >= UINT32_MAX)
        return STATUS_INVALID_PARAMETER;
    DIGEST_VALUE t;
    size_t done = 0;
    for (uint32_t i = 1; done < n; i++) {
        NTSTATUS status = block(prf, salt, i, count, &t);
        if (status < 0) {
            wipe(out, done);
            return status;
        }
        size_t take = n - done < prf->length ? n - done : prf->length;
        memcpy(out + done, t.p, take);
        done += take;
    }
    return STATUS_SUCCESS;
}

NTSTATUS kdf_pbkdf2_alg(struct alg *alg, struct span password, struct span salt, uint64_t count,
                        uint8_t *out, size_t n)
{
    PRF prf = {.kind = NULL};
    struct name name;
    memcpy(name.s, alg->class->name, strlen(alg->class->name) + 1);
    TRY(prf_init(&prf, &name, password));
    return kdf_pbkdf2(&prf, salt, count, out, n);
}
