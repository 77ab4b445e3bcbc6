/*
 * Keys of the post-quantum classes for tests, without the router: what it would check of a call is
 * not checked here, and the functions call the slots of the class rows as it does.
 */
#ifndef TESTS_PQ_FIXTURE_H
#define TESTS_PQ_FIXTURE_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/params.h>

#include "digest.h"
#include "pq_key.h"
#include "registry.h"

#define BLOB_MAX 6000
#define FOUND_NO_FORMAT                                                                            \
    ((NTSTATUS)0xC00000BBL) /* what the router says of a blob type that a class lacks */

/* Ends a test that needs an algorithm which the libcrypto of this build lacks. */
static inline void need(const struct alg_class *class)
{
    if (class->available())
        return;
    print_message("# %s: absent from this libcrypto\n", class->name);
    skip();
}

/* Every call must leave libcrypto's error queue as it found it. */
static inline int teardown(void **state)
{
    (void)state;
    return ERR_peek_error() == 0 ? 0 : -1;
}

struct bytes {
    uint8_t p[BLOB_MAX];
    uint32_t n;
};

static inline struct span span_in(const struct bytes *b)
{
    return span_of(b->p, b->n);
}

static inline void from_hex(struct bytes *out, const char *hex)
{
    out->n = 0;
    for (; hex[0] != '\0'; hex += 2) {
        unsigned v;
        assert_int_equal(sscanf(hex, "%2x", &v), 1);
        out->p[out->n++] = (uint8_t)v;
    }
}

static inline void sha256_of(struct span s, uint8_t out[32])
{
    assert_int_equal(digest_spans(digest_named("SHA256"), &s, 1, out), STATUS_SUCCESS);
}

static inline void assert_sha256(struct span s, const char *hex)
{
    struct bytes want;
    uint8_t got[32];
    from_hex(&want, hex);
    sha256_of(s, got);
    assert_memory_equal(got, want.p, 32);
}

/* SHAKE256 of the concatenation, at the 64 bytes that digest_spans gives. */
static inline void shake256_of(const struct span *parts, size_t count, uint8_t out[64])
{
    assert_int_equal(digest_spans(digest_named("SHAKE256"), parts, count, out), STATUS_SUCCESS);
}

/* ---- properties ------------------------------------------------------------------------------ */

static inline const struct prop_row *prop_row(const struct alg_class *class, const char *name)
{
    for (const struct prop_row *r = class->props; r->name != NULL; r++)
        if (strcmp(r->name, name) == 0)
            return r;
    return NULL;
}

static inline NTSTATUS set_name(struct key *key, const char *utf8)
{
    uint16_t wide[40] = {0};
    size_t n = strlen(utf8);
    for (size_t i = 0; i < n; i++)
        wide[i] = (uint8_t)utf8[i];
    struct prop_target t = {.class = key->class, .key = key};
    struct in in = {wide, (uint32_t)(2 * (n + 1)), WIDTH_16};
    return prop_row(key->class, "ParameterSetName")->set(&t, &in);
}

static inline NTSTATUS get_prop(struct key *key, const char *name, void *p, uint32_t cap,
                                uint32_t *n)
{
    struct prop_target t = {.class = key->class, .key = key};
    struct out o = {p, cap, n, WIDTH_16};
    return prop_row(key->class, name)->get(&t, &o);
}

static inline uint32_t get_u32(struct key *key, const char *name)
{
    uint32_t v = 0;
    uint32_t n = 0;
    assert_int_equal(get_prop(key, name, &v, sizeof v, &n), STATUS_SUCCESS);
    assert_int_equal(n, sizeof v);
    return v;
}

/* ---- keys ------------------------------------------------------------------------------------ */

static inline struct key *generate_empty(const struct alg_class *class, uint32_t flags)
{
    struct alg alg = {.class = class};
    struct key *key = NULL;
    assert_int_equal(class->asym->generate(&alg, 0, flags, &key), STATUS_SUCCESS);
    return key;
}

static inline struct key *generate(const struct alg_class *class, const char *set)
{
    struct key *key = generate_empty(class, 0);
    assert_int_equal(set_name(key, set), STATUS_SUCCESS);
    assert_int_equal(class->asym->finalize(key, 0), STATUS_SUCCESS);
    return key;
}

static inline const struct key_format *find_format(const struct alg_class *class, const char *type)
{
    for (const struct key_format *f = class->asym->formats; f->name != NULL; f++)
        if (strcmp(f->name, type) == 0)
            return f;
    return NULL;
}

static inline NTSTATUS import_flags(const struct alg_class *class, const char *type,
                                    struct span blob, uint32_t flags, struct key **key)
{
    struct alg alg = {.class = class};
    const struct key_format *f = find_format(class, type);
    return f == NULL ? FOUND_NO_FORMAT : f->import(&alg, f, blob, flags, key);
}

/* The status of an import that must not succeed by accident: a key that comes out is freed. */
static inline NTSTATUS import_status(const struct alg_class *class, const char *type,
                                     struct span blob)
{
    struct key *key = NULL;
    NTSTATUS status = import_flags(class, type, blob, 0, &key);
    if (status < 0)
        assert_null(key);
    key_free(key);
    return status;
}

static inline struct key *import(const struct alg_class *class, const char *type, struct span blob)
{
    struct key *key = NULL;
    assert_int_equal(import_flags(class, type, blob, 0, &key), STATUS_SUCCESS);
    return key;
}

static inline NTSTATUS export_status(struct key *key, const char *type, uint8_t *p, uint32_t cap,
                                     uint32_t *n)
{
    const struct key_format *f = find_format(key->class, type);
    if (f == NULL)
        return FOUND_NO_FORMAT;
    if (f->is_private && !key->has_private)
        return STATUS_INVALID_PARAMETER;
    struct out o = {p, cap, n, WIDTH_16};
    return f->export(key, f, &o);
}

static inline void export(struct key *key, const char *type, struct bytes *blob)
{
    assert_int_equal(export_status(key, type, blob->p, sizeof blob->p, &blob->n), STATUS_SUCCESS);
}

/* A blob as the documentation draws it, independent of the library's encoder. */
static inline void make_blob(struct bytes *out, uint32_t magic, const char *set, struct span key)
{
    uint32_t head[3] = {magic, (uint32_t)(2 * (strlen(set) + 1)), (uint32_t)key.n};
    memcpy(out->p, head, sizeof head);
    memset(out->p + 12, 0, head[1]);
    for (size_t i = 0; set[i] != '\0'; i++)
        out->p[12 + 2 * i] = (uint8_t)set[i];
    memcpy(out->p + 12 + head[1], key.p, key.n);
    out->n = (uint32_t)(12 + head[1] + key.n);
}

/* The key material in a blob. */
static inline struct span blob_key(const struct bytes *blob)
{
    uint32_t head[3];
    memcpy(head, blob->p, sizeof head);
    assert_int_equal(blob->n, 12 + head[1] + head[2]);
    return span_of(blob->p + 12 + head[1], head[2]);
}

/* ---- the same keys in libcrypto -------------------------------------------------------------- */

static inline EVP_PKEY *evp_of_blob(const struct bytes *blob, const char *ossl_name,
                                    const char *param)
{
    struct span key = blob_key(blob);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(param, (void *)(uintptr_t)key.p, key.n),
        OSSL_PARAM_construct_end(),
    };
    SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, ossl_name, NULL);
    EVP_PKEY *pkey = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(ctx), 1);
    assert_int_equal(EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params), 1);
    return pkey;
}

/* Many threads at once use one key, more than a pool of contexts holds; `use` returns NULL when all
 * was well. */
static inline void use_by_threads(struct key *key, void *(*use)(void *))
{
    pthread_t threads[24];
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, use, key), 0);
    for (size_t i = 0; i < ARRAY_COUNT(threads); i++) {
        void *bad;
        assert_int_equal(pthread_join(threads[i], &bad), 0);
        assert_null(bad);
    }
}

#endif
