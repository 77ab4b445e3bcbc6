/*
 * Elliptic-curve keys for tests, through the slots of the class rows, as the router calls them.
 * Every call is followed by a look at libcrypto's error queue.
 */
#ifndef TESTS_UNIT_ECC_FIXTURE_H
#define TESTS_UNIT_ECC_FIXTURE_H

#include "crypto_check.h"

#include "agreed_dh.h"
#include "ecc_key.h"
#include "registry.h"

#include <endian.h>

/* An open algorithm, generic or not. */
struct test_alg {
    union {
        struct alg base;
        struct ecc_alg generic;
    } u;
};

static inline struct alg *alg_open(struct test_alg *a, const struct alg_class *class)
{
    memset(a, 0, sizeof *a);
    a->u.base.class = class;
    if (class->alg_init != NULL)
        assert_int_equal(class->alg_init(&a->u.base), STATUS_SUCCESS);
    return &a->u.base;
}

static inline void alg_close(struct alg *alg)
{
    if (alg->class->alg_done != NULL)
        alg->class->alg_done(alg);
}

/* ---- properties ---- */

static inline const struct prop_row *prop_of(const struct alg_class *class, const char *name)
{
    for (const struct prop_row *r = class->props; r->name != NULL; r++) {
        if (strcmp(r->name, name) == 0)
            return r;
    }
    return NULL;
}

static inline NTSTATUS prop_get(const struct prop_target *t, const char *name, void *p,
                                uint32_t cap, uint32_t *n)
{
    const struct prop_row *r = prop_of(t->class, name);
    if (r == NULL)
        return STATUS_NOT_SUPPORTED;
    const struct out o = {p, cap, n, WIDTH_16};
    NTSTATUS status = r->get(t, &o);
    assert_no_errors_left();
    return status;
}

static inline NTSTATUS prop_set(const struct prop_target *t, const char *name, const void *p,
                                size_t n)
{
    const struct prop_row *r = prop_of(t->class, name);
    if (r == NULL || r->set == NULL)
        return STATUS_NOT_SUPPORTED;
    const struct in in = {p, (uint32_t)n, WIDTH_16};
    NTSTATUS status = r->set(t, &in);
    assert_no_errors_left();
    return status;
}

static inline struct prop_target on_alg(struct alg *alg)
{
    return (struct prop_target){.class = alg->class, .alg = alg};
}

static inline struct prop_target on_key(struct key *key)
{
    return (struct prop_target){.class = key->class, .key = key};
}

static inline uint32_t prop_u32(const struct prop_target *t, const char *name)
{
    uint32_t v = 0;
    uint32_t n = 0;
    assert_int_equal(prop_get(t, name, &v, sizeof v, &n), STATUS_SUCCESS);
    assert_int_equal(n, sizeof v);
    return v;
}

static inline NTSTATUS set_curve(const struct prop_target *t, const char *name)
{
    uint16_t wide[NAME_MAX_BYTES];
    wide_write(wide, name, WIDTH_16);
    return prop_set(t, "ECCCurveName", wide, (strlen(name) + 1) * 2);
}

static inline void assert_curve(const struct prop_target *t, const char *name)
{
    uint16_t wide[NAME_MAX_BYTES];
    uint32_t n = 0;
    assert_int_equal(prop_get(t, "ECCCurveName", wide, sizeof wide, &n), STATUS_SUCCESS);
    assert_int_equal(n, (strlen(name) + 1) * 2);
    for (size_t i = 0; i <= strlen(name); i++)
        assert_int_equal(wide[i], name[i]);
}

/* ---- keys ---- */

static inline struct key *generate_on(struct alg *alg, uint32_t bits)
{
    struct key *key = NULL;
    assert_int_equal(alg->class->asym->generate(alg, bits, 0, &key), STATUS_SUCCESS);
    assert_int_equal(alg->class->asym->finalize(key, 0), STATUS_SUCCESS);
    atomic_store(&key->state, KEY_FINAL);
    assert_no_errors_left();
    return key;
}

/* A fresh key of a generic class on a named curve. */
static inline struct key *generate_named(const struct alg_class *class, const char *curve)
{
    struct test_alg a;
    struct alg *alg = alg_open(&a, class);
    const struct prop_target t = on_alg(alg);
    assert_int_equal(set_curve(&t, curve), STATUS_SUCCESS);
    struct key *key = generate_on(alg, 0);
    alg_close(alg);
    return key;
}

static inline const struct key_format *format_of(const struct alg_class *class, const char *type)
{
    for (const struct key_format *f = class->asym->formats; f->name != NULL; f++) {
        if (strcmp(f->name, type) == 0)
            return f;
    }
    fail_msg("no format %s", type);
    return NULL;
}

static inline NTSTATUS import_on(struct alg *alg, const char *type, struct span blob,
                                 uint32_t flags, struct key **key)
{
    *key = NULL;
    NTSTATUS status = alg->class->asym->formats == NULL
                          ? STATUS_NOT_SUPPORTED
                          : format_of(alg->class, type)
                                ->import(alg, format_of(alg->class, type), blob, flags, key);
    assert_no_errors_left();
    if (status < 0)
        assert_null(*key);
    else
        atomic_store(&(*key)->state, KEY_FINAL);
    return status;
}

/* Imports through a class whose curve is set to `curve` (NULL: not set). */
static inline NTSTATUS import_flags(const struct alg_class *class, const char *curve,
                                    const char *type, const struct bytes *blob, uint32_t flags,
                                    struct key **key)
{
    struct test_alg a;
    struct alg *alg = alg_open(&a, class);
    const struct prop_target t = on_alg(alg);
    if (curve != NULL)
        assert_int_equal(set_curve(&t, curve), STATUS_SUCCESS);
    NTSTATUS status = import_on(alg, type, bytes_span(blob), flags, key);
    alg_close(alg);
    return status;
}

static inline struct key *import_key(const struct alg_class *class, const char *curve,
                                     const char *type, const struct bytes *blob)
{
    struct key *key;
    assert_int_equal(import_flags(class, curve, type, blob, 0, &key), STATUS_SUCCESS);
    return key;
}

/* The status of an import; a key that comes out is freed. */
static inline NTSTATUS import_status(const struct alg_class *class, const char *curve,
                                     const char *type, const struct bytes *blob, uint32_t flags)
{
    struct key *key;
    NTSTATUS status = import_flags(class, curve, type, blob, flags, &key);
    key_free(key);
    return status;
}

static inline NTSTATUS export_status(struct key *key, const char *type, struct bytes *blob)
{
    const struct key_format *f = format_of(key->class, type);
    uint32_t size = 0;
    const struct out query = {NULL, 0, &size, WIDTH_16};
    NTSTATUS status = f->export(key, f, &query);
    assert_no_errors_left();
    if (status < 0)
        return status;
    assert_true(size < sizeof blob->p);
    memset(blob->p, 0xEE, sizeof blob->p);
    uint32_t n = 0;
    const struct out small = {blob->p, size - 1, &n, WIDTH_16};
    assert_int_equal(f->export(key, f, &small), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(n, size);
    assert_int_equal(blob->p[0], 0xEE);
    const struct out o = {blob->p, size, &n, WIDTH_16};
    status = f->export(key, f, &o);
    assert_no_errors_left();
    assert_int_equal(blob->p[size], 0xEE);
    blob->n = n;
    return status;
}

static inline void export_key(struct key *key, const char *type, struct bytes *blob)
{
    assert_int_equal(export_status(key, type, blob), STATUS_SUCCESS);
}

/* ---- blobs as the documentation draws them ---- */

static inline void put(struct bytes *b, const void *p, size_t n)
{
    assert_true(b->n + n <= sizeof b->p);
    memcpy(b->p + b->n, p, n);
    b->n += n;
}

static inline void put_u32(struct bytes *b, uint32_t v)
{
    v = htole32(v);
    put(b, &v, sizeof v);
}

static inline uint32_t get_u32(const struct bytes *b, size_t at)
{
    uint32_t v;
    memcpy(&v, b->p + at, sizeof v);
    return le32toh(v);
}

static inline void put_hex(struct bytes *b, const char *hex)
{
    struct bytes v = bytes_of_hex(hex);
    put(b, v.p, v.n);
}

/* d NULL: public. */
static inline struct bytes blob_of(uint32_t magic, const char *x, const char *y, const char *d)
{
    struct bytes b = {.n = 0};
    put_u32(&b, magic);
    put_u32(&b, (uint32_t)strlen(x) / 2);
    put_hex(&b, x);
    put_hex(&b, y);
    if (d != NULL)
        put_hex(&b, d);
    return b;
}

/* ---- operations ---- */

static inline NTSTATUS sign_hash(struct key *key, struct span hash, struct bytes *sig)
{
    const struct padding none = {0};
    uint32_t n = 0;
    const struct out o = {sig->p, sizeof sig->p, &n, WIDTH_16};
    NTSTATUS status = key->class->asym->sign(key, &none, hash, &o);
    assert_no_errors_left();
    sig->n = n;
    return status;
}

static inline NTSTATUS verify_hash(struct key *key, struct span hash, const struct bytes *sig)
{
    const struct padding none = {0};
    NTSTATUS status = key->class->asym->verify(key, &none, hash, bytes_span(sig));
    assert_no_errors_left();
    return status;
}

/* The agreed value as TRUNCATE gives it, turned round again: big-endian, or RFC 7748's bytes. */
static inline NTSTATUS agree_raw(struct key *own, struct key *peer, struct bytes *z)
{
    struct agreed *secret = NULL;
    NTSTATUS status = own->class->asym->agree(own, peer, &secret);
    assert_no_errors_left();
    if (status < 0) {
        assert_null(secret);
        return status;
    }
    const struct name kdf = {"TRUNCATE"};
    const struct params none = {0};
    uint8_t reversed[sizeof z->p];
    uint32_t n = 0;
    const struct out o = {reversed, sizeof reversed, &n, WIDTH_16};
    assert_int_equal(own->class->agreed->derive(secret, &kdf, &none, 0, &o), STATUS_SUCCESS);
    z->n = n;
    for (size_t i = 0; i < n; i++)
        z->p[i] = reversed[n - 1 - i];
    agreed_free(secret);
    return STATUS_SUCCESS;
}

static inline void assert_hex(const struct bytes *got, const char *hex)
{
    struct bytes want = bytes_of_hex(hex);
    assert_int_equal(got->n, want.n);
    assert_memory_equal(got->p, want.p, want.n);
}

#endif
