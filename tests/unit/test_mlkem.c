/* Encapsulation and decapsulation: sizes, agreement with libcrypto both
 * ways, implicit rejection, threads. */
#include <pthread.h>

#include "pq_fixture.h"

#define GUARD 0xA5

static const struct {
    const char *set, *ossl_name;
    uint32_t ciphertext;
} sets[] = {{"512", "ML-KEM-512", 768}, {"768", "ML-KEM-768", 1088}, {"1024", "ML-KEM-1024", 1568}};

struct sealed {
    uint8_t secret[48];
    uint8_t ciphertext[1600];
    uint32_t secret_n, ciphertext_n;
};

static NTSTATUS encapsulate(struct key *key, struct sealed *s, uint32_t secret_cap,
                            uint32_t ciphertext_cap)
{
    memset(s, GUARD, sizeof *s);
    struct out secret = {s->secret, secret_cap, &s->secret_n, WIDTH_16};
    struct out ciphertext = {s->ciphertext, ciphertext_cap, &s->ciphertext_n, WIDTH_16};
    return key->class->asym->encapsulate(key, &secret, &ciphertext);
}

static NTSTATUS decapsulate(struct key *key, const uint8_t *ciphertext, size_t n, uint8_t *secret,
                            uint32_t cap, uint32_t *secret_n)
{
    struct out o = {secret, cap, secret_n, WIDTH_16};
    return key->class->asym->decapsulate(key, span_of(ciphertext, n), &o);
}

static void agree_with_itself(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct key *key = generate(&mlkem_class, sets[i].set);
        struct bytes blob;
        export(key, "MLKEMPUBLICBLOB", &blob);
        struct key *peer = import(&mlkem_class, "MLKEMPUBLICBLOB", span_in(&blob));
        struct key *const senders[] = {key, peer, peer};
        struct sealed last = {0};
        for (size_t j = 0; j < ARRAY_COUNT(senders); j++) {
            struct sealed s;
            uint8_t secret[32];
            uint32_t n = 0;
            assert_int_equal(encapsulate(senders[j], &s, 32, sets[i].ciphertext), STATUS_SUCCESS);
            assert_int_equal(s.secret_n, 32);
            assert_int_equal(s.ciphertext_n, sets[i].ciphertext);
            assert_int_equal(s.secret[32], GUARD);
            assert_int_equal(s.ciphertext[sets[i].ciphertext], GUARD);
            assert_int_equal(decapsulate(key, s.ciphertext, s.ciphertext_n, secret, 32, &n),
                             STATUS_SUCCESS);
            assert_int_equal(n, 32);
            assert_memory_equal(secret, s.secret, 32);
            assert_memory_not_equal(s.secret, last.secret, 32);
            last = s;
        }
        key_free(peer);
        key_free(key);
    }
}

static void agree_with_libcrypto(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct key *key = generate(&mlkem_class, sets[i].set);
        struct bytes blob;
        export(key, "MLKEMPRIVATEBLOB", &blob);
        SCOPED_PKEY *pkey = evp_of_blob(&blob, sets[i].ossl_name, "priv");
        SCOPED_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
        struct sealed s;
        uint8_t theirs[32], ours[32], ciphertext[1600];
        size_t n = sizeof theirs;
        size_t ciphertext_n = sizeof ciphertext;
        uint32_t ours_n;

        assert_int_equal(encapsulate(key, &s, 32, sets[i].ciphertext), STATUS_SUCCESS);
        assert_int_equal(EVP_PKEY_decapsulate_init(ctx, NULL), 1);
        assert_int_equal(EVP_PKEY_decapsulate(ctx, theirs, &n, s.ciphertext, s.ciphertext_n), 1);
        assert_memory_equal(theirs, s.secret, 32);

        assert_int_equal(EVP_PKEY_encapsulate_init(ctx, NULL), 1);
        assert_int_equal(EVP_PKEY_encapsulate(ctx, ciphertext, &ciphertext_n, theirs, &n), 1);
        assert_int_equal(decapsulate(key, ciphertext, ciphertext_n, ours, 32, &ours_n),
                         STATUS_SUCCESS);
        assert_memory_equal(theirs, ours, 32);
        key_free(key);
    }
}

static void encapsulation_sizes(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct key *key = generate(&mlkem_class, "768");
    struct sealed s;

    uint32_t secret_n = 0, ciphertext_n = 0;
    struct out no_secret = {NULL, 0, &secret_n, WIDTH_16};
    struct out no_ciphertext = {NULL, 0, &ciphertext_n, WIDTH_16};
    assert_int_equal(mlkem_class.asym->encapsulate(key, &no_secret, &no_ciphertext),
                     STATUS_SUCCESS);
    assert_int_equal(secret_n, 32);
    assert_int_equal(ciphertext_n, 1088);

    struct out secret = {s.secret, sizeof s.secret, &secret_n, WIDTH_16};
    struct out ciphertext = {s.ciphertext, sizeof s.ciphertext, &ciphertext_n, WIDTH_16};
    memset(&s, GUARD, sizeof s);
    secret_n = ciphertext_n = 0;
    assert_int_equal(mlkem_class.asym->encapsulate(key, &secret, &no_ciphertext),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(mlkem_class.asym->encapsulate(key, &no_secret, &ciphertext),
                     STATUS_INVALID_PARAMETER);
    assert_int_equal(secret_n, 32);
    assert_int_equal(ciphertext_n, 1088);
    assert_int_equal(s.secret[0], GUARD);
    assert_int_equal(s.ciphertext[0], GUARD);

    static const uint32_t caps[][2] = {{31, 1088}, {32, 1087}, {0, 1088}, {32, 0}, {31, 1087}};
    for (size_t i = 0; i < ARRAY_COUNT(caps); i++) {
        assert_int_equal(encapsulate(key, &s, caps[i][0], caps[i][1]), STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(s.secret_n, 32);
        assert_int_equal(s.ciphertext_n, 1088);
        assert_int_equal(s.secret[0], GUARD);
        assert_int_equal(s.ciphertext[0], GUARD);
    }
    assert_int_equal(encapsulate(key, &s, 40, 1600), STATUS_SUCCESS);
    assert_int_equal(s.secret_n, 32);
    assert_int_equal(s.ciphertext_n, 1088);
    assert_int_equal(s.secret[32], GUARD);
    assert_int_equal(s.ciphertext[1088], GUARD);
    key_free(key);
}

static void decapsulation_sizes(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct key *key = generate(&mlkem_class, "768");
    struct sealed s;
    uint8_t secret[48];
    uint32_t n = 0;
    assert_int_equal(encapsulate(key, &s, 32, 1088), STATUS_SUCCESS);
    assert_int_equal(decapsulate(key, s.ciphertext, 1088, NULL, 0, &n), STATUS_SUCCESS);
    assert_int_equal(n, 32);
    memset(secret, GUARD, sizeof secret);
    n = 0;
    assert_int_equal(decapsulate(key, s.ciphertext, 1088, secret, 31, &n), STATUS_BUFFER_TOO_SMALL);
    assert_int_equal(n, 32);
    assert_int_equal(decapsulate(key, s.ciphertext, 1087, secret, 32, &n),
                     STATUS_INVALID_BUFFER_SIZE);
    assert_int_equal(decapsulate(key, s.ciphertext, 1089, secret, 32, &n),
                     STATUS_INVALID_BUFFER_SIZE);
    assert_int_equal(decapsulate(key, s.ciphertext, 0, secret, 32, &n), STATUS_INVALID_BUFFER_SIZE);
    assert_int_equal(decapsulate(key, s.ciphertext, 768, secret, 32, &n),
                     STATUS_INVALID_BUFFER_SIZE);
    assert_int_equal(secret[0], GUARD);
    assert_int_equal(decapsulate(key, s.ciphertext, 1088, secret, 48, &n), STATUS_SUCCESS);
    assert_int_equal(n, 32);
    assert_int_equal(secret[32], GUARD);

    struct bytes blob;
    export(key, "MLKEMPUBLICBLOB", &blob);
    struct key *peer = import(&mlkem_class, "MLKEMPUBLICBLOB", span_in(&blob));
    assert_int_equal(decapsulate(peer, s.ciphertext, 1088, secret, 32, &n),
                     STATUS_INVALID_PARAMETER);
    key_free(peer);
    key_free(key);
}

/* FIPS 203 Algorithm 18: a wrong ciphertext gives SHAKE256(z | ciphertext),
 * computed here without ML-KEM. */
static void implicit_rejection(void **state)
{
    (void)state;
    need(&mlkem_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct key *key = generate(&mlkem_class, sets[i].set);
        struct bytes blob;
        export(key, "MLKEMPRIVATEBLOB", &blob);
        struct sealed s;
        assert_int_equal(encapsulate(key, &s, 32, sets[i].ciphertext), STATUS_SUCCESS);
        for (size_t at = 0; at < sets[i].ciphertext; at += 367) {
            uint8_t secret[32], want[64];
            uint32_t n;
            s.ciphertext[at] ^= 0x10;
            const struct span parts[] = {span_of(blob.p + blob.n - 32, 32),
                                         span_of(s.ciphertext, s.ciphertext_n)};
            shake256_of(parts, 2, want);
            assert_int_equal(decapsulate(key, s.ciphertext, s.ciphertext_n, secret, 32, &n),
                             STATUS_SUCCESS);
            assert_memory_equal(secret, want, 32);
            assert_memory_not_equal(secret, s.secret, 32);
            s.ciphertext[at] ^= 0x10;
        }
        key_free(key);
    }
}

static void *use_key(void *arg)
{
    struct key *key = arg;
    for (int i = 0; i < 40; i++) {
        struct sealed s;
        uint8_t secret[32];
        uint32_t n;
        if (encapsulate(key, &s, 32, 1088) != STATUS_SUCCESS ||
            decapsulate(key, s.ciphertext, 1088, secret, 32, &n) != STATUS_SUCCESS ||
            memcmp(secret, s.secret, 32) != 0)
            return key;
    }
    return NULL;
}

static void many_threads_one_key(void **state)
{
    (void)state;
    need(&mlkem_class);
    struct key *key = generate(&mlkem_class, "768");
    use_by_threads(key, use_key);
    key_free(key);
}

static void shared_secret_length_of_the_algorithm(void **state)
{
    (void)state;
    const struct prop_row *row = prop_row(&mlkem_class, "KEMSharedSecretLength");
    assert_int_equal(row->on, ON_ALG | ON_KEY);
    struct alg alg = {.class = &mlkem_class};
    struct prop_target t = {.class = &mlkem_class, .alg = &alg};
    uint32_t v = 0, n = 0;
    struct out o = {(uint8_t *)&v, sizeof v, &n, WIDTH_16};
    assert_int_equal(row->get(&t, &o), STATUS_SUCCESS);
    assert_int_equal(v, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(agree_with_itself, teardown),
        cmocka_unit_test_teardown(agree_with_libcrypto, teardown),
        cmocka_unit_test_teardown(encapsulation_sizes, teardown),
        cmocka_unit_test_teardown(decapsulation_sizes, teardown),
        cmocka_unit_test_teardown(implicit_rejection, teardown),
        cmocka_unit_test_teardown(many_threads_one_key, teardown),
        cmocka_unit_test_teardown(shared_secret_length_of_the_algorithm, teardown),
    };
    return cmocka_run_group_tests_name("mlkem", tests, NULL, NULL);
}
