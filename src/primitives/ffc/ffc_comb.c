/*
 * Tables for powers of a fixed base (idea in ffc_comb.h).
 *
 * With c columns, bit i*c + j of the exponent stands in row i, column j. Entry d of the table is
 *
 *     f * product over the rows i in d of base^(2^(i*c))        f = 2^64
 *
 * in Montgomery's form. Running through the columns from the left by r = r^2 * entry leaves the
 * power times f^(2^c - 1); the last product takes the factor away and leads out of Montgomery's
 * form at once.
 */
#include "ffc_comb.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "ct.h"

#define ENTRIES (1u << FFC_COMB_TEETH)
#define FACTOR_BITS 64
#define MAX_WORDS ((size_t)64) /* of p: 4096 bits */
#define WORD_BYTES 8

struct ffc_comb {
    size_t columns;
    size_t words;     /* of p, 64 bits each */
    BIGNUM *unfactor; /* f^-(2^c - 1), plain */
    uint64_t table[]; /* ENTRIES numbers of `words` words, bytes in little-endian order */
};

void ffc_comb_free(struct ffc_comb *comb)
{
    if (comb == NULL)
        return;
    BN_free(comb->unfactor);
    free(comb);
}

static void comb_done(struct ffc_comb **comb)
{
    ffc_comb_free(*comb);
}

/* ---- making --------------------------------------------------------------------------------- */

static uint64_t *entry_at(struct ffc_comb *comb, size_t i)
{
    return comb->table + i * comb->words;
}

/* Stores an entry; false for one that is not full-sized, which would betray itself by its time. */
static bool entry_store(struct ffc_comb *comb, size_t i, const BIGNUM *v)
{
    size_t bytes = comb->words * 8;
    return (size_t)BN_num_bytes(v) > bytes - 8 &&
           BN_bn2lebinpad(v, (unsigned char *)entry_at(comb, i), (int)bytes) == (int)bytes;
}

/* 2^-(64 (2^c - 1)) mod p, as a power of 1/2 = (p + 1)/2. */
static bool make_unfactor(struct ffc_comb *comb, const BIGNUM *p, BN_MONT_CTX *mont, BN_CTX *ctx)
{
    SCOPED_BN *half = BN_dup(p);
    SCOPED_BN *e = BN_new();
    comb->unfactor = BN_new();
    return half != NULL && e != NULL && comb->unfactor != NULL && BN_add_word(half, 1) == 1 &&
           BN_rshift1(half, half) == 1 && BN_set_bit(e, (int)comb->columns) == 1 &&
           BN_sub_word(e, 1) == 1 && BN_lshift(e, e, 6) == 1 &&
           BN_mod_exp_mont(comb->unfactor, half, e, p, ctx, mont) == 1;
}

/* Entries 2^i … 2^(i+1)-1 from the ones below and the power of the base that belongs to row i. */
static bool fill_row(struct ffc_comb *comb, unsigned row, const BIGNUM *power, BN_MONT_CTX *mont,
                     BN_CTX *ctx)
{
    SCOPED_BN *v = BN_new();
    if (v == NULL)
        return false;
    size_t below = (size_t)1 << row;
    int bytes = (int)(comb->words * 8);
    for (size_t i = 0; i < below; i++) {
        if (BN_lebin2bn((const unsigned char *)entry_at(comb, i), bytes, v) == NULL ||
            BN_mod_mul_montgomery(v, v, power, mont, ctx) != 1 || !entry_store(comb, below + i, v))
            return false;
    }
    return true;
}

static bool fill(struct ffc_comb *comb, const BIGNUM *base, const BIGNUM *p, BN_MONT_CTX *mont,
                 BN_CTX *ctx)
{
    SCOPED_BN *v = BN_new();
    if (v == NULL || BN_set_bit(v, FACTOR_BITS) != 1 || BN_to_montgomery(v, v, mont, ctx) != 1 ||
        !entry_store(comb, 0, v) || BN_nnmod(v, base, p, ctx) != 1 ||
        BN_to_montgomery(v, v, mont, ctx) != 1)
        return false;
    for (unsigned row = 0; row < FFC_COMB_TEETH; row++) {
        if (!fill_row(comb, row, v, mont, ctx))
            return false;
        for (size_t i = 0; i < comb->columns && row + 1 < FFC_COMB_TEETH; i++) {
            if (BN_mod_mul_montgomery(v, v, v, mont, ctx) != 1)
                return false;
        }
    }
    return true;
}

struct ffc_comb *ffc_comb_new(const BIGNUM *base, const BIGNUM *p, BN_MONT_CTX *mont, size_t bits,
                              BN_CTX *ctx)
{
    size_t p_bits = (size_t)BN_num_bits(p);
    if (p_bits % 64 != 0 || p_bits > MAX_WORDS * 64 || bits == 0 || bits > FFC_COMB_MAX_BITS)
        return NULL;
    size_t words = p_bits / 64;
    CLEANUP(comb_done)
    struct ffc_comb *comb = calloc(1, sizeof *comb + ENTRIES * words * sizeof(uint64_t));
    if (comb == NULL)
        return NULL;
    comb->columns = (bits + FFC_COMB_TEETH - 1) / FFC_COMB_TEETH;
    comb->words = words;
    if (!make_unfactor(comb, p, mont, ctx) || !fill(comb, base, p, mont, ctx))
        return NULL;
    struct ffc_comb *made = comb;
    comb = NULL;
    return made;
}

/* ---- powers --------------------------------------------------------------------------------- */

/* An exponent as bytes, least significant first, with room for the last column's bits. */
struct exponent {
    uint8_t bytes[(FFC_COMB_MAX_BITS + FFC_COMB_TEETH + 7) / 8];
};

static void exponent_done(struct exponent *e)
{
    wipe(e, sizeof *e);
}

static bool exponent_read(struct exponent *e, const BIGNUM *x)
{
    return BN_bn2lebinpad(x, e->bytes, sizeof e->bytes) == (int)sizeof e->bytes;
}

static uint32_t exponent_column(const struct exponent *e, const struct ffc_comb *comb,
                                size_t column)
{
    uint32_t d = 0;
    for (size_t row = 0; row < FFC_COMB_TEETH; row++) {
        size_t bit = row * comb->columns + column;
        d |= ((uint32_t)e->bytes[bit / 8] >> (bit % 8) & 1) << row;
    }
    return d;
}

/* Copies entry `d` while reading all of them. The vector type makes 32 bytes at a time of it, on
 * every machine that GCC and Clang know. */
typedef uint64_t lane __attribute__((vector_size(32), aligned(8), may_alias));

static void entry_select(const struct ffc_comb *comb, uint32_t d, uint64_t *out)
{
    size_t words = comb->words;
    memset(out, 0, words * sizeof *out);
    for (uint32_t i = 0; i < ENTRIES; i++) {
        const uint64_t *entry = comb->table + i * words;
        uint32_t hit = ct_eq(i, d);
        uint64_t mask = (uint64_t)hit << 32 | hit;
        size_t w = 0;
        for (; w + 4 <= words; w += 4)
            *(lane *)(out + w) |= *(const lane *)(entry + w) & mask;
        for (; w < words; w++)
            out[w] |= entry[w] & mask;
    }
}

/* An entry as libcrypto's number. Reading one it skips zero bytes in front, one by one; a word with a one, which is taken away
 * again as a whole, leaves none to skip. */
static bool entry_read(const struct ffc_comb *comb, uint64_t *entry, BIGNUM *to)
{
    size_t words = comb->words;
    entry[words] = htole64(1);
    return BN_lebin2bn((const unsigned char *)entry, (int)((words + 1) * WORD_BYTES), to) != NULL &&
           BN_clear_bit(to, (int)(words * WORD_BYTES * 8)) == 1;
}

NTSTATUS ffc_comb_power(const struct ffc_comb *comb, const BIGNUM *x, BIGNUM *r, BN_MONT_CTX *mont,
                        BN_CTX *ctx)
{
    CLEANUP(exponent_done) struct exponent e;
    uint64_t entry[MAX_WORDS + 1];
    SCOPED_BN *v = BN_new();
    SCOPED_BN *t = BN_new();
    bool ok = v != NULL && t != NULL && exponent_read(&e, x);
    for (size_t j = comb->columns; ok && j > 0; j--) {
        bool first = j == comb->columns;
        entry_select(comb, exponent_column(&e, comb, j - 1), entry);
        ok = entry_read(comb, entry, first ? v : t) &&
             (first || (BN_mod_mul_montgomery(v, v, v, mont, ctx) == 1 &&
                        BN_mod_mul_montgomery(v, v, t, mont, ctx) == 1));
    }
    wipe(entry, sizeof entry);
    if (!ok || BN_mod_mul_montgomery(r, v, comb->unfactor, mont, ctx) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}

NTSTATUS ffc_comb_power2(const struct ffc_comb *a, const BIGNUM *u, const struct ffc_comb *b,
                         const BIGNUM *v, BIGNUM *r, BN_MONT_CTX *mont, BN_CTX *ctx)
{
    struct exponent eu, ev;
    SCOPED_BN *z = BN_new();
    SCOPED_BN *t = BN_new();
    bool ok = z != NULL && t != NULL && exponent_read(&eu, u) && exponent_read(&ev, v);
    int bytes = (int)(a->words * 8);
    for (size_t j = a->columns; ok && j > 0; j--) {
        const uint64_t *ta = a->table + exponent_column(&eu, a, j - 1) * a->words;
        const uint64_t *tb = b->table + exponent_column(&ev, b, j - 1) * b->words;
        bool first = j == a->columns;
        BIGNUM *to = first ? z : t;
        ok = (first || BN_mod_mul_montgomery(z, z, z, mont, ctx) == 1) &&
             BN_lebin2bn((const unsigned char *)ta, bytes, to) != NULL &&
             (first || BN_mod_mul_montgomery(z, z, t, mont, ctx) == 1) &&
             BN_lebin2bn((const unsigned char *)tb, bytes, t) != NULL &&
             BN_mod_mul_montgomery(z, z, t, mont, ctx) == 1;
    }
    if (!ok || BN_mod_mul_montgomery(z, z, a->unfactor, mont, ctx) != 1 ||
        BN_to_montgomery(z, z, mont, ctx) != 1 ||
        BN_mod_mul_montgomery(r, z, b->unfactor, mont, ctx) != 1)
        return ossl_failed(STATUS_INTERNAL_ERROR);
    return STATUS_SUCCESS;
}
