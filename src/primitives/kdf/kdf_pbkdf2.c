/*
 * PBKDF2, RFC 8018 section 5.2, with PRF(x) for the function under the password.
 *
 *     output = T(1) || T(2) || ...             T(i) = U(1) ^ U(2) ^ ... ^ U(count)
 *     U(1) = PRF(salt || i)                    U(j) = PRF(U(j-1))
 *
 * i has 32 bits, big-endian. The loop over j is what the caller pays for; the hashes that passwords
 * are used with have a loop of their own (hmac_chain.h).
 */
#include "kdf_pbkdf2.h"

#include <string.h>

#include "hmac_chain.h"
#include "wr.h"

/* A function under its password, and the way round its loop. */
struct keyed {
    struct prf prf;
    struct hmac_chain chain;
    /* `count` times: u = PRF(u), sum ^= u. */
    NTSTATUS(*loop)
    (struct keyed *k, uint64_t count, struct digest_value *u, struct digest_value *sum);
};

static void keyed_done(struct keyed *k)
{
    prf_done(&k->prf);
    hmac_chain_done(&k->chain);
}

#define KEYED CLEANUP(keyed_done) struct keyed

static NTSTATUS loop_chain(struct keyed *k, uint64_t count, struct digest_value *u,
                           struct digest_value *sum)
{
    hmac_chain_run(&k->chain, count, u, sum);
    return STATUS_SUCCESS;
}

static NTSTATUS loop_prf(struct keyed *k, uint64_t count, struct digest_value *u,
                         struct digest_value *sum)
{
    const struct span previous = span_of(u->p, k->prf.length);
    for (; count > 0; count--) {
        TRY(prf_mac(&k->prf, &previous, 1, u->p));
        for (size_t i = 0; i < k->prf.length; i++)
            sum->p[i] ^= u->p[i];
    }
    return STATUS_SUCCESS;
}

static NTSTATUS keyed_init(struct keyed *k, const struct name *name, struct span password)
{
    TRY(prf_init(&k->prf, name, password));
    const struct digest *d = digest_find(name);
    NTSTATUS status = d == NULL ? STATUS_NOT_SUPPORTED : hmac_chain_init(&k->chain, d, password);
    k->loop = status < 0 ? loop_prf : loop_chain;
    return status == STATUS_NOT_SUPPORTED ? STATUS_SUCCESS : status;
}

/* T(i) into `sum`. */
static NTSTATUS block(struct keyed *k, struct span salt, uint32_t i, uint64_t count,
                      struct digest_value *sum)
{
    uint8_t counter[4];
    struct wr w = wr_into(counter, sizeof counter);
    wr_be32(&w, i);
    const struct span first[] = {salt, span_of(counter, sizeof counter)};
    DIGEST_VALUE u;
    TRY(prf_mac(&k->prf, first, ARRAY_COUNT(first), u.p));
    memcpy(sum->p, u.p, k->prf.length);
    return k->loop(k, count - 1, &u, sum);
}

NTSTATUS kdf_pbkdf2(const struct name *prf, struct span password, struct span salt, uint64_t count,
                    uint8_t *out, size_t n)
{
    KEYED k = {.loop = NULL};
    TRY(keyed_init(&k, prf, password));
    const size_t length = k.prf.length;
    if (count == 0 || n / length >= UINT32_MAX)
        return STATUS_INVALID_PARAMETER;
    DIGEST_VALUE t;
    size_t done = 0;
    for (uint32_t i = 1; done < n; i++) {
        NTSTATUS status = block(&k, salt, i, count, &t);
        if (status < 0) {
            wipe(out, done);
            return status;
        }
        size_t take = n - done < length ? n - done : length;
        memcpy(out + done, t.p, take);
        done += take;
    }
    return STATUS_SUCCESS;
}

NTSTATUS kdf_pbkdf2_alg(struct alg *alg, struct span password, struct span salt, uint64_t count,
                        uint8_t *out, size_t n)
{
    struct name name;
    memcpy(name.s, alg->class->name, strlen(alg->class->name) + 1);
    return kdf_pbkdf2(&name, password, salt, count, out, n);
}
