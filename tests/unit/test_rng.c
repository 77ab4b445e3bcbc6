/* Random numbers: no byte given out twice (calls, threads, processes), even
 * distribution, failing closed. */
#include "crypto_check.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "ct.h"
#include "registry.h"

static NTSTATUS draw(void *p, size_t n)
{
    return rng_class.random(NULL, 0, p, n);
}

static int by_value(const void *a, const void *b)
{
    return memcmp(a, b, 16);
}

/* Whether n values of 16 bytes are all different. */
static bool all_different(uint8_t (*values)[16], size_t n)
{
    qsort(values, n, 16, by_value);
    for (size_t i = 1; i < n; i++) {
        if (memcmp(values[i - 1], values[i], 16) == 0)
            return false;
    }
    return true;
}

static bool child_succeeds(pid_t child)
{
    int status;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* A process in which libcrypto has no generator. First, while this one has not used its own. */
static void test_fails_closed(void **state)
{
    (void)state;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static uint8_t out[5000];
        if (RAND_set_DRBG_type(ossl_ctx(), "no such generator", NULL, NULL, NULL) != 1)
            _exit(2);
        for (size_t n = 16; n <= sizeof out; n = n == 16 ? 512 : n == 512 ? sizeof out : n + 1) {
            memset(out, 0xEE, sizeof out);
            if (draw(out, n) != STATUS_INTERNAL_ERROR || !ct_all_zero(out, n) ||
                ERR_peek_error() != 0)
                _exit(1);
            if (n < sizeof out && out[n] != 0xEE)
                _exit(1);
        }
        _exit(0);
    }
    assert_true(child_succeeds(child));
}

static void test_rows(void **state)
{
    (void)state;
    static const struct {
        const struct alg_class *class;
        const char *name;
    } rows[] = {
        {&rng_class, "RNG"}, {&rng_dsa_class, "FIPS186DSARNG"}, {&rng_dual_ec_class, "DUALECRNG"}};
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        uint8_t a[16] = {0}, b[16] = {0};
        assert_string_equal(rows[i].class->name, rows[i].name);
        assert_int_equal(rows[i].class->interface_id, BCRYPT_RNG_INTERFACE);
        assert_int_equal(rows[i].class->operations, BCRYPT_RNG_OPERATION);
        assert_null(rows[i].class->asym);
        assert_int_equal(rows[i].class->random(NULL, 0, a, 16), STATUS_SUCCESS);
        assert_int_equal(rows[i].class->random(NULL, 0, b, 16), STATUS_SUCCESS);
        assert_memory_not_equal(a, b, 16);
    }
}

/* Writes n bytes and no more, for lengths around every border of the buffer. */
static void test_lengths(void **state)
{
    (void)state;
    static uint8_t out[10000];
    assert_int_equal(draw(NULL, 0), STATUS_SUCCESS);
    for (size_t n = 0; n < sizeof out - 1; n = n < 600 ? n + 1 : n + 1811) {
        memset(out, 0, sizeof out);
        assert_int_equal(draw(out, n), STATUS_SUCCESS);
        assert_true(ct_all_zero(out + n, sizeof out - n));
        assert_true(n < 16 || !ct_all_zero(out + n - 16, 16));
    }
    assert_no_errors_left();
}

/* Chi-squared of 2^20 bytes over 256 values: mean 255, standard deviation 22.6. */
static void test_even(void **state)
{
    (void)state;
    static const size_t sizes[] = {16, 32, 512, 4096};
    for (size_t s = 0; s < ARRAY_COUNT(sizes); s++) {
        double counts[256] = {0};
        size_t total = (size_t)1 << 20;
        for (size_t done = 0; done < total; done += sizes[s]) {
            uint8_t out[4096];
            assert_int_equal(draw(out, sizes[s]), STATUS_SUCCESS);
            for (size_t i = 0; i < sizes[s]; i++)
                counts[out[i]]++;
        }
        double expected = (double)total / 256, chi = 0;
        for (size_t i = 0; i < 256; i++)
            chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        assert_true(chi > 255 - 7 * 22.6 && chi < 255 + 7 * 22.6);
    }
}

#define VALUES 4000

static void test_calls_differ(void **state)
{
    (void)state;
    static uint8_t values[VALUES][16];
    for (size_t i = 0; i < VALUES; i++)
        assert_int_equal(draw(values[i], 16), STATUS_SUCCESS);
    assert_true(all_different(values, VALUES));
}

static void *draw_many(void *values)
{
    for (size_t i = 0; i < VALUES / 4; i++) {
        if (draw((uint8_t *)values + 16 * i, 16) < 0)
            return values;
    }
    return NULL;
}

static void test_threads_differ(void **state)
{
    (void)state;
    static uint8_t values[VALUES][16];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, draw_many, values[i * VALUES / 4]), 0);
    for (size_t i = 0; i < 4; i++) {
        void *failed;
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_true(all_different(values, VALUES));
}

/* Parent, children and grandchildren all start from the same half-used buffer. */
static void test_forks_differ(void **state)
{
    (void)state;
    enum { CHILDREN = 6, EACH = 100, PROCESSES = 2 * CHILDREN + 1 };
    static uint8_t values[PROCESSES * EACH][16];
    int pipes[2];
    assert_int_equal(pipe(pipes), 0);
    uint8_t first[40];
    assert_int_equal(draw(first, sizeof first), STATUS_SUCCESS);

    pid_t children[CHILDREN];
    for (size_t c = 0; c < CHILDREN; c++) {
        children[c] = fork();
        assert_true(children[c] >= 0);
        if (children[c] != 0)
            continue;
        static uint8_t own[EACH][16];
        pid_t grandchild = c % 2 == 0 ? -1 : fork(); /* before this child's first draw */
        for (size_t i = 0; i < EACH; i++) {
            if (draw(own[i], 16) < 0)
                _exit(1);
        }
        if (grandchild < 0)
            grandchild = fork(); /* after its draws */
        if (grandchild == 0) {
            for (size_t i = 0; i < EACH; i++) {
                if (draw(own[i], 16) < 0)
                    _exit(1);
            }
        }
        if (grandchild > 0 && !child_succeeds(grandchild))
            _exit(1);
        _exit(write(pipes[1], own, sizeof own) == (ssize_t)sizeof own ? 0 : 1);
    }
    for (size_t i = 0; i < EACH; i++)
        assert_int_equal(draw(values[i], 16), STATUS_SUCCESS);
    for (size_t c = 0; c < CHILDREN; c++)
        assert_true(child_succeeds(children[c]));
    close(pipes[1]);
    size_t got = EACH * 16;
    for (ssize_t n = 1; n > 0; got += (size_t)n) {
        n = read(pipes[0], (uint8_t *)values + got, sizeof values - got);
        assert_true(n >= 0);
    }
    close(pipes[0]);
    assert_int_equal(got, sizeof values);
    assert_true(all_different(values, PROCESSES * EACH));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fails_closed), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_lengths),      cmocka_unit_test(test_even),
        cmocka_unit_test(test_calls_differ), cmocka_unit_test(test_threads_differ),
        cmocka_unit_test(test_forks_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
