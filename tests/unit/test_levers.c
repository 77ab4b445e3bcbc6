/* What makes calls quick must not change what they give: every lever off and on, with the same work and the same results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "handle.h"
#include "levers.h"
#include "prime_trial.h"

/* ---- work whose results can be compared ------------------------------------------------------------------------- */

#define MESSAGES 40
#define LONGEST 700
#define NUMBERS 300

/* All that is told to be the same: digests, verdicts, ciphertexts. */
struct results {
    uint8_t digests[2][MESSAGES][64];
    uint8_t mac[32], text[4][64], derived[40];
    bool divides[NUMBERS];
};

static void pattern(uint8_t *p, size_t n, uint32_t state)
{
    for (size_t i = 0; i < n; i++) {
        state = state * 1664525 + 1013904223;
        p[i] = (uint8_t)(state >> 24);
    }
}

static void hash_many(BCRYPT_ALG_HANDLE alg, size_t length, uint8_t digests[MESSAGES][64])
{
    static uint8_t data[MESSAGES][LONGEST];
    BCRYPT_MULTI_HASH_OPERATION ops[2 * MESSAGES];
    BCRYPT_HASH_HANDLE many;
    assert_int_equal(BCryptCreateMultiHash(alg, &many, MESSAGES, NULL, 0, NULL, 0, 0), 0);
    for (uint32_t i = 0; i < MESSAGES; i++) {
        uint32_t n = i * LONGEST / MESSAGES;
        pattern(data[i], n, i);
        ops[i] = (BCRYPT_MULTI_HASH_OPERATION){i, BCRYPT_HASH_OPERATION_HASH_DATA, data[i], n};
        ops[MESSAGES + i] = (BCRYPT_MULTI_HASH_OPERATION){i, BCRYPT_HASH_OPERATION_FINISH_HASH,
                                                          digests[i], (ULONG)length};
    }
    assert_int_equal(
        BCryptProcessMultiOperations(many, BCRYPT_OPERATION_TYPE_HASH, ops, sizeof ops, 0), 0);
    assert_int_equal(BCryptDestroyHash(many), 0);
}

static void encrypt(BCRYPT_ALG_HANDLE alg, const uint8_t *secret, uint8_t out[64])
{
    BCRYPT_KEY_HANDLE key;
    uint8_t bytes[16], in[64], iv[16] = {0};
    ULONG n;
    memcpy(bytes, secret, sizeof bytes);
    pattern(in, sizeof in, 7);
    assert_int_equal(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, bytes, sizeof bytes, 0), 0);
    assert_int_equal(BCryptEncrypt(key, in, sizeof in, NULL, iv, sizeof iv, out, 64, &n, 0), 0);
    assert_int_equal(BCryptDestroyKey(key), 0);
}

static void divide(bool verdicts[NUMBERS])
{
    for (uint32_t i = 0; i < NUMBERS; i++) {
        uint64_t
            words[24]; /* so long that all primes are tried, whatever the kernel takes at a time */
        pattern((uint8_t *)words, sizeof words, 1000 + i);
        words[0] |= 1;
        verdicts[i] = trial_finds_factor(words, ARRAY_COUNT(words));
    }
}

static void work(struct results *r)
{
    memset(r, 0, sizeof *r);
    uint8_t secret[32];
    pattern(secret, sizeof secret, 3);
    hash_many(BCRYPT_SHA256_ALG_HANDLE, 32, r->digests[0]);
    hash_many(BCRYPT_SHA512_ALG_HANDLE, 64, r->digests[1]);
    assert_int_equal(BCryptHash(BCRYPT_HMAC_SHA256_ALG_HANDLE, secret, sizeof secret, secret,
                                sizeof secret, r->mac, 32),
                     0);
    for (size_t i = 0; i < ARRAY_COUNT(r->text); i++) {
        BCRYPT_ALG_HANDLE alg;
        assert_int_equal(BCryptOpenAlgorithmProvider(&alg, BCRYPT_AES_ALGORITHM, NULL, 0), 0);
        encrypt(alg, secret + i, r->text[i]);
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    }
    assert_int_equal(BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA256_ALG_HANDLE, secret, 20, secret, 8,
                                           100, r->derived, sizeof r->derived, 0),
                     0);
    divide(r->divides);
}

/* Random numbers have no right answer: fresh ones each time, all of the buffer. */
static void draw(void)
{
    static uint8_t seen[64][32];
    for (size_t i = 0; i < 64; i++) {
        assert_int_equal(BCryptGenRandom(NULL, seen[i], 32, BCRYPT_USE_SYSTEM_PREFERRED_RNG), 0);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(seen[i], seen[j], 32);
    }
}

/* ---- the levers ------------------------------------------------------------------------------------------------- */

static struct results want;

static void off_and_on(void **state)
{
    (void)state;
    struct results got;
    work(&want);
    for (const struct lever *l = levers; l->name != NULL; l++) {
        if (l->allow == NULL)
            continue;
        bool there = l->active();
        l->allow(false);
        assert_false(l->active());
        work(&got);
        assert_memory_equal(&got, &want, sizeof got);
        draw();
        l->allow(true);
        assert_int_equal(l->active(), there);
        work(&got);
        assert_memory_equal(&got, &want, sizeof got);
        draw();
    }
}

static void all_off(void **state)
{
    (void)state;
    struct results got;
    for (const struct lever *l = levers; l->name != NULL; l++) {
        if (l->allow != NULL)
            l->allow(false);
    }
    work(&got);
    draw();
    for (const struct lever *l = levers; l->name != NULL; l++) {
        if (l->allow != NULL)
            l->allow(true);
    }
    assert_memory_equal(&got, &want, sizeof got);
}

static void says_which(void **state)
{
    (void)state;
    char entry[64];
    char text[PROVIDER_LEVERS_MAX];
    levers_text(text);
    for (const struct lever *l = levers; l->name != NULL; l++) {
        snprintf(entry, sizeof entry, "%s=%s", l->name, l->active() ? "on" : "off");
        assert_non_null(strstr(text, entry));
    }
}

static void *wait_for(void *lock)
{
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

/* The one that a process cannot turn: a second thread does. The last test, because glibc does not turn it back. */
static void beside_a_thread(void **state)
{
    (void)state;
    static pthread_mutex_t end = PTHREAD_MUTEX_INITIALIZER;
    struct results got;
    pthread_t other;
    pthread_mutex_lock(&end);
    assert_int_equal(pthread_create(&other, NULL, wait_for, &end), 0);
    char text[PROVIDER_LEVERS_MAX];
    levers_text(text);
    assert_non_null(strstr(text, "single-thread=off"));
    work(&got);
    draw();
    assert_memory_equal(&got, &want, sizeof got);
    handle_allow_barrier(false);
    work(&got);
    handle_allow_barrier(true);
    assert_memory_equal(&got, &want, sizeof got);
    pthread_mutex_unlock(&end);
    pthread_join(other, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(off_and_on),
        cmocka_unit_test(all_off),
        cmocka_unit_test(says_which),
        cmocka_unit_test(beside_a_thread),
    };
    return cmocka_run_group_tests_name("levers", tests, NULL, NULL);
}
