/*
 * XTS-AES (IEEE 1619, SP 800-38E). The vector is the 64-bit number of the first data unit; each unit
 * counts one up, and the number is the unit's tweak, little-endian, filled up with zeros. A unit that is not
 * whole blocks ends in ciphertext stealing.
 *
 * libcrypto does not encrypt under a key of two equal halves. Windows does, outside FIPS mode; the few
 * lines at the end do it with libcrypto's ECB.
 */
#include "cipher_evp.h"
#include "ct.h"

#include <endian.h>
#include <string.h>

#define BLOCK 16
#define NUMBER_BYTES 8
#define PIECE 4096 /* bytes that the lines at the end do at a time */

static uint64_t read_number(const uint8_t *p)
{
    uint64_t v;
    memcpy(&v, p, NUMBER_BYTES);
    return le64toh(v);
}

static void write_number(uint8_t *p, uint64_t v)
{
    v = htole64(v);
    memcpy(p, &v, NUMBER_BYTES);
}

/* Stored at once, since libcrypto reads it at once: a processor that is asked for what it wrote in two pieces waits until all that it wrote
 * before has left for the cache. */
typedef uint64_t tweak_block __attribute__((vector_size(BLOCK)));

/* Apart: laid out in its caller it made texts of 16 KiB slower (./dev bench primitives). */
static __attribute__((noinline)) NTSTATUS unit_evp(struct evp_ctx *ctx, uint64_t number,
                                                   const uint8_t *in, uint8_t *out, size_t n)
{
    const tweak_block tweak = {htole64(number), 0};
    if (!evp_restart(ctx, (const uint8_t *)&tweak))
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return evp_update(ctx, in, out, n);
}

static NTSTATUS units_evp(struct cipher_key *k, const struct crypt *call, size_t unit, uint8_t *out)
{
    EVP_USE u = evp_take(k, EVP_KIND_XTS, call->encrypt);
    if (UNLIKELY(u.ctx == NULL))
        return evp_missing(k, EVP_KIND_XTS);
    uint64_t number = read_number(call->iv);
    for (size_t at = 0; at < call->in.n; at += unit)
        TRY(unit_evp(u.ctx, number++, call->in.p + at, out + at, unit));
    write_number(call->iv, number);
    return STATUS_SUCCESS;
}

/* ---- equal halves ---------------------------------------------------------------------------------- */

/* The tweak times alpha, in constant time. */
static void next_tweak(uint8_t *t)
{
    uint8_t carry = (uint8_t)(0 - (t[BLOCK - 1] >> 7));
    for (size_t i = BLOCK - 1; i > 0; i--)
        t[i] = (uint8_t)(t[i] << 1 | t[i - 1] >> 7);
    t[0] = (uint8_t)(t[0] << 1 ^ (carry & 0x87));
}

struct masks {
    uint8_t tweak[BLOCK];
    uint8_t p[PIECE];
};

static void masks_done(struct masks *m)
{
    wipe(m, sizeof *m);
}

static void masks_fill(struct masks *m, size_t n)
{
    for (size_t i = 0; i < n; i += BLOCK) {
        memcpy(m->p + i, m->tweak, BLOCK);
        next_tweak(m->tweak);
    }
}

static void masks_apply(const struct masks *m, const uint8_t *in, uint8_t *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = in[i] ^ m->p[i];
}

/* One block under the tweak. */
static NTSTATUS block_plain(struct evp_ctx *data, const uint8_t *tweak, const uint8_t *in,
                            uint8_t *out)
{
    uint8_t block[BLOCK];
    for (size_t i = 0; i < BLOCK; i++)
        block[i] = in[i] ^ tweak[i];
    NTSTATUS status = evp_update(data, block, block, BLOCK);
    for (size_t i = 0; status >= 0 && i < BLOCK; i++)
        out[i] = block[i] ^ tweak[i];
    wipe(block, sizeof block);
    return status;
}

/* The last whole block and the rest behind it: the rest's missing bytes are stolen from the block.
 * Decrypting takes the two tweaks the other way round. */
static NTSTATUS steal(struct evp_ctx *data, bool encrypt, const uint8_t *tweak, const uint8_t *in,
                      uint8_t *out, size_t rest)
{
    uint8_t here[BLOCK];
    uint8_t next[BLOCK];
    uint8_t block[BLOCK];
    uint8_t joined[BLOCK];
    memcpy(here, tweak, BLOCK);
    memcpy(next, tweak, BLOCK);
    next_tweak(next);
    NTSTATUS status = block_plain(data, encrypt ? here : next, in, block);
    if (status >= 0) {
        memcpy(joined, in + BLOCK, rest);
        memcpy(joined + rest, block + rest, BLOCK - rest);
        memcpy(out + BLOCK, block, rest);
        status = block_plain(data, encrypt ? next : here, joined, out);
    }
    wipe(here, BLOCK);
    wipe(next, BLOCK);
    wipe(block, BLOCK);
    wipe(joined, BLOCK);
    return status;
}

static NTSTATUS unit_plain(struct evp_ctx *data, struct evp_ctx *tweak, bool encrypt,
                           uint64_t number, const uint8_t *in, uint8_t *out, size_t n)
{
    size_t rest = n % BLOCK;
    size_t whole = rest == 0 ? n : n - rest - BLOCK;
    CLEANUP(masks_done) struct masks m = {.tweak = {0}};
    write_number(m.tweak, number);
    TRY(evp_update(tweak, m.tweak, m.tweak, BLOCK));
    for (size_t at = 0; at < whole; at += PIECE) {
        size_t part = whole - at < PIECE ? whole - at : PIECE;
        masks_fill(&m, part);
        masks_apply(&m, in + at, out + at, part);
        TRY(evp_update(data, out + at, out + at, part));
        masks_apply(&m, out + at, out + at, part);
    }
    return rest == 0 ? STATUS_SUCCESS
                     : steal(data, encrypt, m.tweak, in + whole, out + whole, rest);
}

static NTSTATUS units_plain(struct cipher_key *k, const struct crypt *call, size_t unit,
                            uint8_t *out)
{
    const struct evp_method *ecb = evp_method(EVP_KIND_ECB, k->secret.n / 2);
    SCOPED_EVP_CTX *data = ecb == NULL ? NULL : evp_context(ecb, k->secret.p, call->encrypt);
    SCOPED_EVP_CTX *tweak = ecb == NULL ? NULL : evp_context(ecb, k->secret.p, true);
    if (data == NULL || tweak == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    uint64_t number = read_number(call->iv);
    for (size_t at = 0; at < call->in.n; at += unit)
        TRY(unit_plain(data, tweak, call->encrypt, number++, call->in.p + at, out + at, unit));
    write_number(call->iv, number);
    return STATUS_SUCCESS;
}

NTSTATUS xts_expand(struct cipher_key *k)
{
    size_t half = k->secret.n / 2;
    k->halves_equal = ct_equal(k->secret.p, k->secret.p + half, half);
    return STATUS_SUCCESS;
}

/* ---- the mode -------------------------------------------------------------------------------------- */

static NTSTATUS xts_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    struct cipher_key *k = cipher_key_of(key);
    const size_t n = call->in.n;
    size_t segment = atomic_load_explicit(&k->segment, memory_order_relaxed);
    size_t unit = segment == 0 ? n : segment;
    *o->result = (uint32_t)n;
    if ((call->flags & ~(uint32_t)BCRYPT_BUFFERS_LOCKED_FLAG) != 0)
        return STATUS_INVALID_PARAMETER;
    if ((n > 0 && n < BLOCK) || (unit != n && n % unit != 0)) /* a division is felt */
        return STATUS_INVALID_BUFFER_SIZE;
    if (call->iv != NULL && call->iv_size != NUMBER_BYTES)
        return STATUS_INVALID_PARAMETER;
    if (out_is_query(o))
        return STATUS_SUCCESS;
    /* A number that counts on by itself would hide which unit is meant. */
    if (call->iv == NULL)
        return STATUS_INVALID_PARAMETER;
    if (o->cap < n)
        return STATUS_BUFFER_TOO_SMALL;
    if (cipher_overlaps(call->in.p, n, o->p, n))
        return STATUS_INVALID_PARAMETER;
    if (n == 0)
        return STATUS_SUCCESS;
    if (UNLIKELY(k->halves_equal))
        return units_plain(k, call, unit, o->p);
    return units_evp(k, call, unit, o->p);
}

const struct cipher_mode aes_xts_mode = {
    .name = "ChainingModeN/A",
    .crypt = xts_crypt,
};
