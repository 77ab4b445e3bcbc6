/*
 * Keys of DH and DSA for tests, without the router: the functions call the slots of the class rows
 * as it does and keep the states that it keeps.
 */
#ifndef TESTS_UNIT_FFC_FIXTURE_H
#define TESTS_UNIT_FFC_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "ffc_key.h"
#include "ffc_vectors.h"
#include "registry.h"

/* Every call must leave libcrypto's error queue empty. */
static inline int teardown(void **state)
{
    (void)state;
    return ERR_peek_error() == 0 ? 0 : -1;
}

/* ---- bytes ---------------------------------------------------------------------------------- */

struct buf {
    uint8_t p[8192];
    uint32_t n;
};

static inline struct span buf_span(const struct buf *b)
{
    return span_of(b->p, b->n);
}

static inline void put(struct buf *b, const void *p, size_t n)
{
    assert_true(b->n + n <= sizeof b->p);
    memcpy(b->p + b->n, p, n);
    b->n += (uint32_t)n;
}

static inline void put_le32(struct buf *b, uint32_t v)
{
    put(b, &(uint8_t[]){(uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16), (uint8_t)(v >> 24)}, 4);
}

static inline void put_run(struct buf *b, uint8_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(b, &v, 1);
}

static inline void put_hex(struct buf *b, const char *hex)
{
    for (; hex[0] != '\0'; hex += 2) {
        const char pair[] = {hex[0], hex[1], '\0'};
        put(b, &(uint8_t){(uint8_t)strtoul(pair, NULL, 16)}, 1);
    }
}

static inline struct buf hex(const char *text)
{
    struct buf b = {.n = 0};
    put_hex(&b, text);
    return b;
}

/* A number big-endian in n bytes. */
static inline void put_bn(struct buf *b, const BIGNUM *v, size_t n)
{
    uint8_t bytes[2048];
    assert_true(bn_write(v, bytes, n));
    put(b, bytes, n);
}

static inline BIGNUM *bn_hex(const char *text)
{
    BIGNUM *v = NULL;
    assert_true(BN_hex2bn(&v, text) > 0);
    return v;
}

/* v + delta */
static inline BIGNUM *bn_near(const BIGNUM *v, int delta)
{
    BIGNUM *r = BN_dup(v);
    assert_non_null(r);
    assert_int_equal(delta < 0 ? BN_sub_word(r, (BN_ULONG)-delta) : BN_add_word(r, (BN_ULONG)delta),
                     1);
    return r;
}

static inline BIGNUM *bn_word(unsigned v)
{
    BIGNUM *r = BN_new();
    assert_non_null(r);
    assert_int_equal(BN_set_word(r, v), 1);
    return r;
}

/* ---- keys ----------------------------------------------------------------------------------- */

static inline void key_drop(struct key **key)
{
    key_free(*key);
    *key = NULL;
}

#define KEY CLEANUP(key_drop) struct key

static inline NTSTATUS try_generate(const struct alg_class *class, uint32_t bits, struct key **key)
{
    struct alg alg = {.class = class};
    return class->asym->generate(&alg, bits, 0, key);
}

/* What a class says to a key of so many bits. */
struct length_row {
    uint32_t bits;
    NTSTATUS status;
};

static inline void check_lengths(const struct alg_class *class, const struct length_row *rows,
                                 size_t count)
{
    for (size_t i = 0; i < count; i++) {
        KEY *key = NULL;
        assert_int_equal(try_generate(class, rows[i].bits, &key), rows[i].status);
        assert_int_equal(key != NULL, rows[i].status == STATUS_SUCCESS);
    }
}

static inline struct key *generate_empty(const struct alg_class *class, uint32_t bits)
{
    struct key *key = NULL;
    assert_int_equal(try_generate(class, bits, &key), STATUS_SUCCESS);
    return key;
}

static inline void finalize(struct key *key)
{
    assert_int_equal(key->class->asym->finalize(key, 0), STATUS_SUCCESS);
    atomic_store(&key->state, KEY_FINAL);
}

static inline struct key *generate(const struct alg_class *class, uint32_t bits)
{
    struct key *key = generate_empty(class, bits);
    finalize(key);
    return key;
}

static inline const struct key_format *format_of(const struct alg_class *class, const char *type)
{
    const struct key_format *f = class->asym->formats;
    while (strcmp(f->name, type) != 0)
        f++;
    return f;
}

/* *key is NULL after a failure. */
static inline NTSTATUS try_import(const struct alg_class *class, const char *type,
                                  const struct buf *blob, uint32_t flags, struct key **key)
{
    struct alg alg = {.class = class};
    const struct key_format *f = format_of(class, type);
    assert_non_null(f->import);
    *key = NULL;
    NTSTATUS status = f->import(&alg, f, buf_span(blob), flags, key);
    assert_int_equal(status < 0, *key == NULL);
    if (*key != NULL)
        atomic_store(&(*key)->state, KEY_FINAL);
    return status;
}

static inline struct key *import(const struct alg_class *class, const char *type,
                                 const struct buf *blob)
{
    struct key *key;
    assert_int_equal(try_import(class, type, blob, 0, &key), STATUS_SUCCESS);
    return key;
}

/* The status alone. */
static inline NTSTATUS import_flags(const struct alg_class *class, const char *type,
                                    const struct buf *blob, uint32_t flags)
{
    KEY *key;
    NTSTATUS status = try_import(class, type, blob, flags, &key);
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

/* Exports, after a size query that has to say the same and a buffer that is one byte short. */
static inline struct buf export(struct key *key, const char *type)
{
    const struct key_format *f = format_of(key->class, type);
    struct buf b = {.n = 0};
    uint32_t need = 0;
    assert_int_equal(f->export(key, f, &(struct out){NULL, 0, &need, WIDTH_16}), STATUS_SUCCESS);
    memset(b.p, 0xA5, sizeof b.p);
    assert_int_equal(f->export(key, f, &(struct out){b.p, need - 1, &b.n, WIDTH_16}),
                     STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(b.n, need);
    for (size_t i = 0; i < need; i++)
        assert_int_equal(b.p[i], 0xA5);
    assert_int_equal(f->export(key, f, &(struct out){b.p, need, &b.n, WIDTH_16}), STATUS_SUCCESS);
    assert_int_equal(b.n, need);
    assert_int_equal(b.p[need], 0xA5);
    return b;
}

static inline void assert_same(const struct buf *a, const struct buf *b)
{
    assert_int_equal(a->n, b->n);
    assert_memory_equal(a->p, b->p, a->n);
}

/* A good blob cut at each length (steps of `step`), with bytes after its end, and with each of the
 * words at `at` changed: none may be imported, and each copy lies on the heap in exactly its own
 * size. */
static inline void damage(const struct alg_class *class, const char *type, const struct buf *good,
                          size_t step, const size_t *at, size_t count)
{
    static const uint32_t values[] = {0,       1,           19,          127,        129,
                                      0x10000, 0x7FFFFFFFu, 0x80000000u, 0xFFFFFFFFu};
    struct alg alg = {.class = class};
    const struct key_format *f = format_of(class, type);
    struct key *key = NULL;
    for (size_t n = 0; n < good->n; n += n < 64 ? 1 : step) {
        uint8_t *copy = malloc(n == 0 ? 1 : n);
        assert_non_null(copy);
        memcpy(copy, good->p, n);
        assert_true(f->import(&alg, f, span_of(copy, n), 0, &key) < 0);
        free(copy);
    }
    struct buf longer = *good;
    put_run(&longer, 0, 1);
    assert_true(f->import(&alg, f, buf_span(&longer), 0, &key) < 0);
    for (size_t i = 0; i < count; i++) {
        for (size_t v = 0; v < ARRAY_COUNT(values); v++) {
            struct buf bad = *good;
            uint32_t before = bad.p[at[i]] | (uint32_t)bad.p[at[i] + 1] << 8 |
                              (uint32_t)bad.p[at[i] + 2] << 16 | (uint32_t)bad.p[at[i] + 3] << 24;
            for (size_t k = 0; k < 4; k++)
                bad.p[at[i] + k] = (uint8_t)(values[v] >> (8 * k));
            if (before != values[v])
                assert_true(f->import(&alg, f, buf_span(&bad), 0, &key) < 0);
        }
    }
    assert_null(key);
    assert_int_equal(ERR_peek_error(), 0);
}

/* ---- properties ----------------------------------------------------------------------------- */

static inline const struct prop_row *prop_of(const struct alg_class *class, const char *name)
{
    const struct prop_row *row = class->props;
    while (row->name != NULL && strcmp(row->name, name) != 0)
        row++;
    return row->name == NULL ? NULL : row;
}

static inline NTSTATUS set_prop(struct key *key, const char *name, const void *p, uint32_t n)
{
    struct prop_target t = {.class = key->class, .key = key};
    return prop_of(key->class, name)->set(&t, &(struct in){p, n, WIDTH_16});
}

static inline NTSTATUS get_prop(struct key *key, const char *name, uint8_t *p, uint32_t cap,
                                uint32_t *n)
{
    struct prop_target t = {.class = key->class, .key = key};
    return prop_of(key->class, name)->get(&t, &(struct out){p, cap, n, WIDTH_16});
}

static inline uint32_t get_u32(struct key *key, const char *name)
{
    uint32_t v = 0, n = 0;
    assert_int_equal(get_prop(key, name, (uint8_t *)&v, sizeof v, &n), STATUS_SUCCESS);
    assert_int_equal(n, sizeof v);
    return v;
}

static inline struct buf get_params(struct key *key, const char *name)
{
    struct buf b = {.n = 0};
    uint32_t need = 0;
    assert_int_equal(get_prop(key, name, NULL, 0, &need), STATUS_SUCCESS);
    assert_int_equal(get_prop(key, name, b.p, need - 1, &b.n), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(get_prop(key, name, b.p, need, &b.n), STATUS_SUCCESS);
    assert_int_equal(b.n, need);
    return b;
}

#endif
