/* dsa_sign.c: calls and signatures that must be refused, hashes of any value, and threads. */
#include <pthread.h>

#include "dsa_evp.h"

/* ---- tests: signatures ---------------------------------------------------------------------- */

static NTSTATUS sign_status(struct key *key, const struct padding *pad, struct span hash)
{
    struct buf sig;
    struct out o = {sig.p, sizeof sig.p, &sig.n, WIDTH_16};
    return dsa_class.asym->sign(key, pad, hash, &o);
}

static void test_bad_calls(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, true), public_blob = blob_of(&n, false);
    KEY *key = import(&dsa_class, "DSAPRIVATEBLOB", &blob);
    KEY *public = import(&dsa_class, "DSAPUBLICBLOB", &public_blob);
    struct buf hash = hex(fips1862_hash), sig = hex(fips1862_sig);
    struct span whole = buf_span(&hash);
    /* Hashes of another length than q, in both calls. */
    for (size_t len = 0; len < 20; len++)
        assert_int_equal(sign_status(key, &no_padding, span_of(hash.p, len)),
                         STATUS_INVALID_PARAMETER);
    assert_int_equal(sign_status(key, &no_padding, span_of(NULL, 0)), STATUS_INVALID_PARAMETER);
    assert_int_equal(dsa_class.asym->verify(key, &no_padding, span_of(NULL, 0), buf_span(&sig)),
                     STATUS_INVALID_PARAMETER);
    struct buf longer = hash;
    put_run(&longer, 0, 12);
    assert_int_equal(sign_status(key, &no_padding, buf_span(&longer)), STATUS_INVALID_PARAMETER);
    assert_int_equal(verify(key, &longer, &sig), STATUS_INVALID_PARAMETER);
    /* Flags; a public key, which may ask for the size. */
    const struct padding pkcs1 = {.flags = BCRYPT_PAD_PKCS1};
    assert_int_equal(sign_status(key, &pkcs1, whole), STATUS_INVALID_PARAMETER);
    assert_int_equal(dsa_class.asym->verify(key, &pkcs1, whole, buf_span(&sig)),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(sign_status(public, &no_padding, whole), STATUS_INVALID_PARAMETER);
    uint32_t need = 0;
    struct out query = {NULL, 0, &need, WIDTH_16};
    assert_int_equal(dsa_class.asym->sign(public, &no_padding, span_of(NULL, 0), &query),
                     STATUS_SUCCESS);
    assert_int_equal(need, 40);
    /* Signatures of another length. */
    for (uint32_t len = 1; len < 60; len++) {
        struct buf cut = sig;
        put_run(&cut, 0, 20);
        cut.n = len;
        assert_int_equal(verify(key, &hash, &cut),
                         len == 40 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER);
    }
}

/* r and s out of range, and every bit of a signature. */
static void test_bad_signatures(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, false);
    KEY *key = import(&dsa_class, "DSAPUBLICBLOB", &blob);
    struct buf hash = hex(fips1862_hash), good = hex(fips1862_sig);
    for (unsigned bit = 0; bit < 8 * good.n; bit += 3) {
        struct buf bad = good;
        bad.p[bit / 8] ^= (uint8_t)(1 << (bit % 8));
        assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
    }
    SCOPED_BN *q_plus = bn_near(n.q, 1);
    const BIGNUM *values[] = {n.q, q_plus};
    for (int half = 0; half < 2; half++) {
        struct buf bad = good;
        memset(bad.p + 20 * half, 0, 20);
        assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
        memset(bad.p + 20 * half, 0xFF, 20);
        assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
        for (size_t i = 0; i < 2; i++) {
            assert_true(bn_write(values[i], bad.p + 20 * half, 20));
            assert_int_equal(verify(key, &hash, &bad), STATUS_INVALID_SIGNATURE);
        }
    }
    struct buf zero = {.n = 0};
    put_run(&zero, 0, 40);
    assert_int_equal(verify(key, &hash, &zero), STATUS_INVALID_SIGNATURE);
}

/* Hashes at and above q, and two signatures of one hash are not the same. */
static void test_large_hashes(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, true);
    KEY *key = import(&dsa_class, "DSAPRIVATEBLOB", &blob);
    SCOPED_PKEY *pkey = evp_of(key, false);
    for (int i = 0; i < 4; i++) {
        struct buf hash = {.n = 0};
        if (i < 2)
            put_run(&hash, i == 0 ? 0 : 0xFF, 20);
        else
            put_bn(&hash, n.q, 20);
        hash.p[19] = (uint8_t)(hash.p[19] + (i == 3));
        struct buf sig = sign(key, &hash);
        struct buf other = sign(key, &hash);
        assert_memory_not_equal(sig.p, other.p, 20);
        assert_int_equal(verify(key, &hash, &sig), STATUS_SUCCESS);
        assert_true(evp_verify(pkey, &hash, &sig));
    }
}

struct job {
    struct key *key;
    uint8_t start;
    int wrong;
};

static void *sign_often(void *arg)
{
    struct job *job = arg;
    for (uint8_t i = 0; i < 12; i++) {
        struct buf hash = some_hash(job->key, (uint8_t)(job->start + i));
        struct buf sig = sign(job->key, &hash);
        job->wrong += verify(job->key, &hash, &sig) != STATUS_SUCCESS;
        hash.p[5] ^= 1;
        job->wrong += verify(job->key, &hash, &sig) != STATUS_INVALID_SIGNATURE;
    }
    return NULL;
}

/* One key fresh from import, whose tables all threads come upon at once. */
static void test_threads(void **state)
{
    (void)state;
    NUMBERS n = small_key();
    struct buf blob = blob_of(&n, true);
    KEY *key = NULL;
    assert_int_equal(
        try_import(&dsa_class, "DSAPRIVATEBLOB", &blob, BCRYPT_NO_KEY_VALIDATION, &key),
        STATUS_SUCCESS);
    struct job jobs[4];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        jobs[i] = (struct job){key, (uint8_t)(50 * i), 0};
        assert_int_equal(pthread_create(&threads[i], NULL, sign_often, &jobs[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(jobs[i].wrong, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_bad_calls, teardown),
        cmocka_unit_test_teardown(test_bad_signatures, teardown),
        cmocka_unit_test_teardown(test_large_hashes, teardown),
        cmocka_unit_test_teardown(test_threads, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
