/* What makes calls quick must not change what they give: every lever off and on, with the same work and the same results. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "hazard.h"
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
    uint8_t sealed[32];   /* the hash of many messages in GCM, and of their tags */
    uint8_t ciphered[32]; /* the hash of what the other modes gave, and of their vectors */
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

#define TEXT_MOST 160
#define AAD_MOST 70

/* One message in GCM, in one call or, if `chained` is not 0, in pieces of so many bytes; decrypted again. */
static void seal(BCRYPT_KEY_HANDLE key, BCRYPT_HASH_HANDLE all, ULONG n, ULONG aad_n, ULONG chained)
{
    uint8_t nonce[12] = {1}, aad[AAD_MOST], text[TEXT_MOST], out[TEXT_MOST], tag[16], iv[16] = {0};
    uint8_t mac[16] = {0}, back[TEXT_MOST];
    ULONG done = 0, got;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    pattern(aad, aad_n, n);
    pattern(text, n, aad_n + 1000);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce, info.cbNonce = sizeof nonce;
    info.pbTag = tag, info.cbTag = sizeof tag;
    info.pbAuthData = aad_n > 0 ? aad : NULL, info.cbAuthData = aad_n;
    for (int i = 0; i < 2; i++) { /* there and back */
        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO step = info;
        uint8_t *from = i == 0 ? text : out, *to = i == 0 ? out : back;
        if (chained > 0 && n > chained) {
            step.pbMacContext = mac, step.cbMacContext = sizeof mac;
            step.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        }
        for (done = 0; (step.dwFlags & BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG) != 0; done += got) {
            assert_int_equal((i == 0 ? BCryptEncrypt : BCryptDecrypt)(key, from + done, chained,
                                                                      &step, iv, sizeof iv,
                                                                      to + done, chained, &got, 0),
                             0);
            step.pbAuthData = NULL, step.cbAuthData = 0;
            if (n - done - got <= chained)
                step.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        }
        assert_int_equal((i == 0 ? BCryptEncrypt : BCryptDecrypt)(key, from + done, n - done, &step,
                                                                  iv, sizeof iv, to + done,
                                                                  n - done, &got, 0),
                         0);
    }
    assert_memory_equal(back, text, n);
    assert_int_equal(BCryptHashData(all, out, n, 0), 0);
    assert_int_equal(BCryptHashData(all, tag, sizeof tag, 0), 0);
    tag[n % sizeof tag] ^= 0x10;
    assert_int_equal(BCryptDecrypt(key, out, n, &info, NULL, 0, back, n, &got, 0),
                     STATUS_AUTH_TAG_MISMATCH);
}

static void seal_many(const uint8_t *secret, uint8_t digest[32])
{
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
    BCRYPT_HASH_HANDLE all;
    uint8_t bytes[32];
    memcpy(bytes, secret, sizeof bytes);
    assert_int_equal(BCryptOpenAlgorithmProvider(&alg, BCRYPT_AES_ALGORITHM, NULL, 0), 0);
    assert_int_equal(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)BCRYPT_CHAIN_MODE_GCM,
                                       sizeof BCRYPT_CHAIN_MODE_GCM, 0),
                     0);
    assert_int_equal(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, bytes, sizeof bytes, 0), 0);
    assert_int_equal(BCryptCreateHash(BCRYPT_SHA256_ALG_HANDLE, &all, NULL, 0, NULL, 0, 0), 0);
    for (ULONG n = 0; n <= TEXT_MOST; n++) {
        for (ULONG aad = 0; aad <= AAD_MOST; aad += n % 16 == 0 ? 1 : 23)
            seal(key, all, n, aad, 0);
        seal(key, all, n, n % AAD_MOST, 16 + n / 40 * 16);
    }
    assert_int_equal(BCryptFinishHash(all, digest, 32, 0), 0);
    assert_int_equal(BCryptDestroyHash(all), 0);
    assert_int_equal(BCryptDestroyKey(key), 0);
    assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
}

static const struct cipher {
    LPCWSTR alg, mode;
    ULONG key, iv, grain, segment;
    bool sealed;
} ciphers[] = {
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 16, 0, 16, 0, false},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 24, 16, 16, 0, false},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 32, 16, 1, 1, false},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 16, 16, 16, 16, false},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 24, 0, 1, 0, true},
    {BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 16, 0, 1, 0, true},
    {BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 32, 0, 1, 0, true},
    {BCRYPT_XTS_AES_ALGORITHM, NULL, 64, 8, 16, 0, false},
};

#define CIPHERED_MOST 1024

/* There and back again; what came out and the vector go into `all`. */
static void cipher_once(const struct cipher *c, BCRYPT_KEY_HANDLE key, BCRYPT_HASH_HANDLE all,
                        ULONG n)
{
    uint8_t in[CIPHERED_MOST], out[CIPHERED_MOST], back[CIPHERED_MOST], tag[16], nonce[12] = {3};
    uint8_t iv[16] = {5}, again[16] = {5};
    PUCHAR one = c->iv > 0 ? iv : NULL, other = c->iv > 0 ? again : NULL;
    ULONG got;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce, info.cbNonce = sizeof nonce;
    info.pbAuthData = in, info.cbAuthData = n < 20 ? n : 20;
    info.pbTag = tag, info.cbTag = sizeof tag;
    VOID *more = c->sealed ? &info : NULL;
    pattern(in, n, n);
    assert_int_equal(BCryptEncrypt(key, in, n, more, one, c->iv, out, n, &got, 0), 0);
    assert_int_equal(BCryptHashData(all, out, n, 0), 0);
    assert_int_equal(BCryptHashData(all, iv, sizeof iv, 0), 0);
    assert_int_equal(BCryptDecrypt(key, out, n, more, other, c->iv, back, n, &got, 0), 0);
    assert_memory_equal(back, in, n);
    assert_memory_equal(iv, again, sizeof iv);
    if (!c->sealed)
        return;
    assert_int_equal(BCryptHashData(all, tag, sizeof tag, 0), 0);
    tag[n % sizeof tag] ^= 4;
    assert_int_equal(BCryptDecrypt(key, out, n, more, NULL, 0, back, n, &got, 0),
                     STATUS_AUTH_TAG_MISMATCH);
}

static void cipher_all(uint8_t digest[32])
{
    BCRYPT_HASH_HANDLE all;
    assert_int_equal(BCryptCreateHash(BCRYPT_SHA256_ALG_HANDLE, &all, NULL, 0, NULL, 0, 0), 0);
    for (size_t i = 0; i < ARRAY_COUNT(ciphers); i++) {
        const struct cipher *c = &ciphers[i];
        BCRYPT_ALG_HANDLE alg;
        BCRYPT_KEY_HANDLE key;
        uint8_t secret[64];
        ULONG segment = c->segment, size = sizeof BCRYPT_CHAIN_MODE_ECB; /* of all of them */
        pattern(secret, sizeof secret, (uint32_t)i);
        assert_int_equal(BCryptOpenAlgorithmProvider(&alg, c->alg, NULL, 0), 0);
        if (c->mode != NULL)
            assert_int_equal(
                BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)(ULONG_PTR)c->mode, size, 0),
                0);
        assert_int_equal(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, c->key, 0), 0);
        if (segment != 0)
            assert_int_equal(BCryptSetProperty(key, BCRYPT_MESSAGE_BLOCK_LENGTH, (PUCHAR)&segment,
                                               sizeof segment, 0),
                             0);
        for (ULONG n = c->grain; n <= CIPHERED_MOST; n += n < 200 ? c->grain : 16 * 9)
            cipher_once(c, key, all, n);
        assert_int_equal(BCryptDestroyKey(key), 0);
        assert_int_equal(BCryptCloseAlgorithmProvider(alg, 0), 0);
    }
    assert_int_equal(BCryptFinishHash(all, digest, 32, 0), 0);
    assert_int_equal(BCryptDestroyHash(all), 0);
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
    seal_many(secret, r->sealed);
    cipher_all(r->ciphered);
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
    hazards_allow_barrier(false);
    work(&got);
    hazards_allow_barrier(true);
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
