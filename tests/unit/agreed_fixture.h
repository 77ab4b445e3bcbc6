/* An agreed secret with a known shared value, and the calls that derive from it. */
#ifndef TESTS_UNIT_AGREED_FIXTURE_H
#define TESTS_UNIT_AGREED_FIXTURE_H

#include "crypto_check.h"

#include "agreed_dh.h"

#define Z_BYTES 48

static const struct prop_row agreeing_props[] = {AGREED_HKDF_PROP_ROWS, {.name = NULL}};

static const struct alg_class agreeing_class = {
    .name = "ECDH",
    .props = agreeing_props,
    .agreed = &agreed_dh_class,
};

static inline struct agreed *agreed_make(size_t n)
{
    const struct key own = {.class = &agreeing_class};
    struct agreed *secret;
    uint8_t *z;
    assert_int_equal(agreed_dh_new(&own, n, "SHA384", &secret, &z), STATUS_SUCCESS);
    fill(z, n, 77);
    return secret;
}

static inline int agreed_setup(void **state)
{
    *state = agreed_make(Z_BYTES);
    return 0;
}

static inline int agreed_teardown(void **state)
{
    agreed_free(*state);
    return 0;
}

/* What agreed_make puts into the secret. */
static inline struct span shared_value(void)
{
    static uint8_t z[256];
    fill(z, sizeof z, 77);
    return span_of(z, Z_BYTES);
}

struct param_list {
    struct param list[64];
    size_t count;
};

static inline void add_param(struct param_list *l, uint32_t type, struct span bytes)
{
    assert_true(l->count < ARRAY_COUNT(l->list));
    l->list[l->count++] = (struct param){.type = type, .bytes = bytes};
}

static inline void add_hash(struct param_list *l, const char *name)
{
    add_param(l, KDF_HASH_ALGORITHM, span_of(NULL, 0));
    strncpy(l->list[l->count - 1].name.s, name, NAME_MAX_BYTES - 1);
}

/* The answer of one call. The bytes after the buffer's end are watched. */
struct answer {
    uint8_t p[16400];
    uint32_t n;
};

static struct answer answer;

#define UNTOUCHED 0xEE
#define NO_RESULT 0xDDDDDDDD

static inline NTSTATUS derive_flags(struct agreed *secret, const char *kdf,
                                    const struct param_list *l, uint32_t flags, uint32_t cap)
{
    struct name name = {.s = {0}};
    strncpy(name.s, kdf, sizeof name.s - 1);
    const struct params params = {l->list, l->count};
    assert_true(cap < sizeof answer.p);
    memset(answer.p, UNTOUCHED, sizeof answer.p);
    answer.n = NO_RESULT;
    const struct out o = {answer.p, cap, &answer.n, WIDTH_16};
    NTSTATUS status = secret->class->agreed->derive(secret, &name, &params, flags, &o);
    size_t end = status < 0 ? 0 : answer.n;
    assert_true(end <= cap);
    for (size_t i = end; i < sizeof answer.p; i++)
        assert_int_equal(answer.p[i], UNTOUCHED);
    assert_no_errors_left();
    return status;
}

static inline NTSTATUS derive(struct agreed *secret, const char *kdf, const struct param_list *l,
                              uint32_t cap)
{
    return derive_flags(secret, kdf, l, 0, cap);
}

static inline NTSTATUS query_flags(struct agreed *secret, const char *kdf,
                                   const struct param_list *l, uint32_t flags)
{
    struct name name = {.s = {0}};
    strncpy(name.s, kdf, sizeof name.s - 1);
    const struct params params = {l->list, l->count};
    answer.n = NO_RESULT;
    const struct out o = {NULL, 0, &answer.n, WIDTH_16};
    NTSTATUS status = secret->class->agreed->derive(secret, &name, &params, flags, &o);
    assert_no_errors_left();
    return status;
}

static inline NTSTATUS query(struct agreed *secret, const char *kdf, const struct param_list *l)
{
    return query_flags(secret, kdf, l, 0);
}

/* Sets a property of the secret by its row. */
static inline NTSTATUS set_property(struct agreed *secret, const char *name, const void *p,
                                    size_t n)
{
    const struct prop_target t = {.class = secret->class, .agreed = secret};
    const struct in in = {p, (uint32_t)n, WIDTH_16};
    for (const struct prop_row *row = secret->class->props; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            assert_int_equal(row->settable_on, ON_SECRET);
            NTSTATUS status = row->set(&t, &in);
            assert_no_errors_left();
            return status;
        }
    }
    fail_msg("no property %s", name);
    return STATUS_NOT_SUPPORTED;
}

#define AGREED_TEST(f) cmocka_unit_test_setup_teardown(f, agreed_setup, agreed_teardown)

#endif
