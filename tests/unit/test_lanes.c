/* Many hashes at once: every kernel, and every choice among them, against libcrypto. */
#include "crypto_check.h"

#include <openssl/sha.h>

#include "lanes.h"
#include "lanes_cpu.h"
#include "lanes_hash.h"

static void sha256_block(union lanes_state *state, const uint8_t *block)
{
    SHA256_CTX ctx = {.md_len = SHA256_DIGEST_LENGTH};
    memcpy(ctx.h, state->w32, sizeof ctx.h);
    SHA256_Transform(&ctx, block);
    memcpy(state->w32, ctx.h, sizeof ctx.h);
}

static void sha512_block(union lanes_state *state, const uint8_t *block)
{
    SHA512_CTX ctx = {.md_len = SHA512_DIGEST_LENGTH};
    memcpy(ctx.h, state->w64, sizeof ctx.h);
    SHA512_Transform(&ctx, block);
    memcpy(state->w64, ctx.h, sizeof ctx.h);
}

static const struct row {
    const char *name;
    const struct multi_class *multi;
    const struct lanes_hash *hash;
    void (*block)(union lanes_state *state, const uint8_t *block);
    size_t block_bytes, length;
} rows[] = {
    {"SHA256", &multi_sha256, &lanes_sha256, sha256_block, 64, 32},
    {"SHA384", &multi_sha384, &lanes_sha384, sha512_block, 128, 48},
    {"SHA512", &multi_sha512, &lanes_sha512, sha512_block, 128, 64},
};

/* Kinds of processors. What this one lacks stays hidden. */
static const unsigned processors[] = {
    0,
    LANES_AVX2,
    LANES_AVX2 | LANES_AVX512,
    LANES_SHA,
    LANES_SHA | LANES_AVX2 | LANES_AVX512,
    LANES_SHA | LANES_AVX2 | LANES_AVX512 | LANES_WIDE,
};

#define POOL 65536

static uint8_t pool[POOL + 16]; /* messages are cut from it */

static int set_up(void **state)
{
    (void)state;
    fill(pool, sizeof pool, 1);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lanes_restrict(~0u);
    return 0;
}

/* Some number from 0 to most, the same in every run. */
static size_t below(unsigned *seed, size_t most)
{
    return (size_t)rand_r(seed) % (most + 1);
}

/* ---- kernels -------------------------------------------------------------------------------- */

static void check_kernel(const struct row *row, const struct lanes_kernel *k)
{
    union lanes_state states[LANES_MOST], expected[LANES_MOST], *state[LANES_MOST];
    const uint8_t *data[LANES_MOST];
    for (size_t blocks = 1; blocks <= 5; blocks++) {
        fill((uint8_t *)states, sizeof states, (unsigned)blocks);
        memcpy(expected, states, sizeof states);
        for (size_t i = 0; i < k->lanes; i++) {
            state[i] = &states[i];
            data[i] = pool + 1025 * i; /* not aligned */
            for (size_t b = 0; b < blocks; b++)
                row->block(&expected[i], data[i] + b * row->block_bytes);
        }
        k->run(state, data, blocks);
        assert_memory_equal(states, expected, sizeof states);
    }
}

/* Also those that thresholds keep out of the way here. */
static void test_kernels(void **state)
{
    (void)state;
    lanes_restrict(~0u);
    for (size_t r = 0; r < ARRAY_COUNT(rows); r++) {
        const struct lanes_kernel *k = rows[r].hash->kernels;
        for (bool last = false; !last; k++) {
            last = k->needs == 0;
            assert_in_range(k->lanes, 1, LANES_MOST);
            if ((k->needs & ~lanes_cpu() & ~(unsigned)LANES_WIDE) == 0)
                check_kernel(&rows[r], k);
        }
    }
}

/* Whatever is hidden, some kernel takes any number of streams. */
static void test_choice(void **state)
{
    (void)state;
    for (size_t r = 0; r < ARRAY_COUNT(rows); r++) {
        for (size_t p = 0; p < ARRAY_COUNT(processors); p++) {
            lanes_restrict(processors[p]);
            struct lanes_stream streams[40], *list[40];
            for (size_t n = 1; n <= 40; n++) {
                for (size_t i = 0; i < n; i++) {
                    streams[i] = (struct lanes_stream){.at = pool, .blocks = 2 + i % 3};
                    list[i] = &streams[i];
                }
                size_t ran = lanes_advance(rows[r].hash, list, n);
                assert_in_range(ran, 1, n < LANES_MOST ? n : LANES_MOST);
                size_t done = 0, dry = 0;
                for (size_t i = 0; i < n; i++) {
                    size_t blocks = 2 + i % 3 - streams[i].blocks;
                    assert_ptr_equal(streams[i].at, pool + blocks * rows[r].block_bytes);
                    assert_true(blocks == 0 || i >= n - ran);
                    done += blocks > 0;
                    dry += streams[i].blocks == 0;
                }
                assert_int_equal(done, ran);
                assert_true(dry > 0);
            }
        }
    }
}

/* ---- messages ------------------------------------------------------------------------------- */

static void check_digest(const struct row *row, const uint8_t *got, const uint8_t *in, size_t n)
{
    uint8_t expected[DIGEST_MAX_BYTES];
    const struct span part = {in, n};
    assert_int_equal(digest_spans(digest_named(row->name), &part, 1, expected), STATUS_SUCCESS);
    assert_memory_equal(got, expected, row->length);
}

/* Hashes `count` messages in one call: message i is of lengths[i] bytes at pool + i. */
static void check_messages(const struct row *row, const size_t *lengths, size_t count)
{
    uint8_t out[64][DIGEST_MAX_BYTES + 1];
    struct multi_op ops[128];
    assert_in_range(count, 1, 64);
    void *elements = malloc(count * row->multi->element);
    assert_non_null(elements);
    row->multi->start(elements, count);
    for (size_t i = 0; i < count; i++) {
        out[i][row->length] = 0xEE;
        ops[2 * i] = (struct multi_op){.index = i, .in = pool + i, .n = lengths[i]};
        ops[2 * i + 1] =
            (struct multi_op){.index = i, .finish = true, .out = out[i], .n = row->length};
    }
    assert_int_equal(row->multi->run(elements, count, ops, 2 * count), STATUS_SUCCESS);
    for (size_t i = 0; i < count; i++) {
        check_digest(row, out[i], pool + i, lengths[i]);
        assert_int_equal(out[i][row->length], 0xEE);
    }
    free(elements);
}

static void for_every_processor(void (*check)(const struct row *row))
{
    for (size_t p = 0; p < ARRAY_COUNT(processors); p++) {
        lanes_restrict(processors[p]);
        for (size_t r = 0; r < ARRAY_COUNT(rows); r++)
            check(&rows[r]);
    }
    assert_no_errors_left();
}

static void check_lengths(const struct row *row)
{
    static const size_t counts[] = {1, 2, 3, 5, 8, 16, 33};
    for (size_t n = 0; n <= 300; n++) {
        size_t lengths[33];
        for (size_t i = 0; i < 33; i++)
            lengths[i] = n;
        for (size_t c = 0; c < ARRAY_COUNT(counts); c++)
            check_messages(row, lengths, counts[c]);
    }
}

static void test_lengths(void **state)
{
    (void)state;
    for_every_processor(check_lengths);
}

static void check_unequal(const struct row *row)
{
    unsigned seed = 7;
    for (size_t round = 0; round < 40; round++) {
        size_t lengths[64], count = 1 + below(&seed, 63);
        for (size_t i = 0; i < count; i++)
            lengths[i] = below(&seed, below(&seed, 3) == 0 ? 9000 : 600);
        check_messages(row, lengths, count);
    }
}

static void test_unequal_lengths(void **state)
{
    (void)state;
    for_every_processor(check_unequal);
}

/* ---- operations ----------------------------------------------------------------------------- */

#define MOST_ELEMENTS 40
#define MOST_OPS 700 /* more than are done in one go */

/* What goes into an element, hashed by libcrypto in the order of the array. */
struct oracle {
    EVP_MD_CTX *ctx[MOST_ELEMENTS];
    uint8_t out[MOST_OPS][DIGEST_MAX_BYTES];
};

static void oracle_run(struct oracle *o, const struct multi_op *ops, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        EVP_MD_CTX *ctx = o->ctx[ops[i].index];
        if (!ops[i].finish) {
            assert_int_equal(EVP_DigestUpdate(ctx, ops[i].in, ops[i].n), 1);
        } else {
            assert_int_equal(EVP_DigestFinal_ex(ctx, o->out[i], NULL), 1);
            assert_int_equal(EVP_DigestInit_ex2(ctx, NULL, NULL), 1);
        }
    }
}

/* Data of any length, also none and from nowhere; now and then a digest, after which the element goes
 * on. */
static struct multi_op random_op(unsigned *seed, size_t elements, uint8_t *out, size_t length)
{
    size_t index = below(seed, elements - 1);
    if (below(seed, 4) == 0)
        return (struct multi_op){.index = index, .finish = true, .out = out, .n = length};
    if (below(seed, 15) == 0)
        return (struct multi_op){.index = index};
    static const size_t mosts[] = {5, 64, 128, 300, 2000};
    size_t n = below(seed, mosts[below(seed, ARRAY_COUNT(mosts) - 1)]);
    return (struct multi_op){.index = index, .in = pool + below(seed, POOL - n), .n = n};
}

static void check_operations(const struct row *row)
{
    static struct oracle o;
    static struct multi_op ops[MOST_OPS];
    static uint8_t out[MOST_OPS][DIGEST_MAX_BYTES + 1];
    unsigned seed = 11;
    for (size_t round = 0; round < 25; round++) {
        size_t elements = 1 + below(&seed, MOST_ELEMENTS - 1);
        void *states = malloc(elements * row->multi->element);
        assert_non_null(states);
        row->multi->start(states, elements);
        for (size_t i = 0; i < elements; i++) {
            o.ctx[i] = EVP_MD_CTX_new();
            assert_non_null(o.ctx[i]);
            assert_int_equal(EVP_DigestInit_ex2(o.ctx[i], digest_md(digest_named(row->name)), NULL),
                             1);
        }
        for (size_t call = 0; call < 4; call++) {
            size_t n = below(&seed, call == 3 ? MOST_OPS : 60);
            memset(out, 0xEE, sizeof out);
            for (size_t i = 0; i < n; i++)
                ops[i] = random_op(&seed, elements, out[i], row->length);
            assert_int_equal(row->multi->run(states, elements, ops, n), STATUS_SUCCESS);
            oracle_run(&o, ops, n);
            for (size_t i = 0; i < n; i++) {
                if (ops[i].finish)
                    assert_memory_equal(out[i], o.out[i], row->length);
                assert_int_equal(out[i][ops[i].finish ? row->length : 0], 0xEE);
            }
        }
        for (size_t i = 0; i < elements; i++)
            EVP_MD_CTX_free(o.ctx[i]);
        free(states);
    }
}

static void test_operations(void **state)
{
    (void)state;
    for_every_processor(check_operations);
}

/* Element after element instead of all elements step by step: the same digests. */
static void test_order_between_elements(void **state)
{
    (void)state;
    lanes_restrict(~0u);
    enum { ELEMENTS = 20, STEPS = 12 };
    static uint8_t out[ELEMENTS][DIGEST_MAX_BYTES];
    struct multi_op ops[ELEMENTS * STEPS];
    for (size_t r = 0; r < ARRAY_COUNT(rows); r++) {
        void *states = malloc(ELEMENTS * rows[r].multi->element);
        assert_non_null(states);
        rows[r].multi->start(states, ELEMENTS);
        size_t n = 0;
        for (size_t i = ELEMENTS; i-- > 0;) {
            for (size_t s = 0; s < STEPS - 1; s++)
                ops[n++] = (struct multi_op){.index = i, .in = pool + i + 100 * s, .n = 100};
            ops[n++] =
                (struct multi_op){.index = i, .finish = true, .out = out[i], .n = rows[r].length};
        }
        assert_int_equal(rows[r].multi->run(states, ELEMENTS, ops, n), STATUS_SUCCESS);
        for (size_t i = 0; i < ELEMENTS; i++)
            check_digest(&rows[r], out[i], pool + i, 100 * (STEPS - 1));
        free(states);
    }
}

/* The number of bits needs more than a word of 32. */
static void test_long_message(void **state)
{
    (void)state;
    lanes_restrict(~0u);
    enum { PIECES = 8200 }; /* of 65536 bytes: 2^32 bits and some */
    static struct multi_op ops[PIECES + 1];
    uint8_t out[32], expected[32];
    void *element = malloc(multi_sha256.element);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_non_null(element);
    assert_int_equal(EVP_DigestInit_ex2(ctx, digest_md(digest_named("SHA256")), NULL), 1);
    multi_sha256.start(element, 1);
    for (size_t i = 0; i < PIECES; i++) {
        ops[i] = (struct multi_op){.in = pool, .n = POOL};
        assert_int_equal(EVP_DigestUpdate(ctx, pool, POOL), 1);
    }
    ops[PIECES] = (struct multi_op){.finish = true, .out = out, .n = sizeof out};
    assert_int_equal(multi_sha256.run(element, 1, ops, PIECES + 1), STATUS_SUCCESS);
    assert_int_equal(EVP_DigestFinal_ex(ctx, expected, NULL), 1);
    assert_memory_equal(out, expected, sizeof out);
    EVP_MD_CTX_free(ctx);
    free(element);
}

/* "abc", FIPS 180-2, appendices B.1, C.1 and D.1. */
static void test_known_answers(void **state)
{
    (void)state;
    static const char *const abc[] = {
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134"
        "c825a7",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3"
        "feebbd454d4423643ce80e2a9ac94fa54ca49f",
    };
    for (size_t p = 0; p < ARRAY_COUNT(processors); p++) {
        lanes_restrict(processors[p]);
        for (size_t r = 0; r < ARRAY_COUNT(rows); r++) {
            uint8_t out[5][DIGEST_MAX_BYTES];
            struct multi_op ops[10];
            void *states = malloc(5 * rows[r].multi->element);
            assert_non_null(states);
            rows[r].multi->start(states, 5);
            for (size_t i = 0; i < 5; i++) {
                ops[i] = (struct multi_op){.index = i, .in = (const uint8_t *)"abc", .n = 3};
                ops[5 + i] = (struct multi_op){
                    .index = i, .finish = true, .out = out[i], .n = rows[r].length};
            }
            assert_int_equal(rows[r].multi->run(states, 5, ops, 10), STATUS_SUCCESS);
            struct bytes expected = bytes_of_hex(abc[r]);
            for (size_t i = 0; i < 5; i++)
                assert_memory_equal(out[i], expected.p, expected.n);
            free(states);
        }
    }
}

/* What is hidden is not reported, and hiding ends. */
static void test_restrict(void **state)
{
    (void)state;
    lanes_restrict(~0u);
    unsigned all = lanes_cpu();
    lanes_restrict(LANES_AVX2);
    assert_int_equal(lanes_cpu(), all & LANES_AVX2);
    lanes_restrict(0);
    assert_int_equal(lanes_cpu(), 0);
    lanes_restrict(~0u);
    assert_int_equal(lanes_cpu(), all);
    unsigned known = LANES_SHA | LANES_AVX2 | LANES_AVX512 | LANES_WIDE | LANES_IFMA | LANES_CLMUL;
    assert_int_equal(all & ~known, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_restrict),     cmocka_unit_test(test_kernels),
        cmocka_unit_test(test_choice),       cmocka_unit_test(test_known_answers),
        cmocka_unit_test(test_lengths),      cmocka_unit_test(test_unequal_lengths),
        cmocka_unit_test(test_operations),   cmocka_unit_test(test_order_between_elements),
        cmocka_unit_test(test_long_message),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
