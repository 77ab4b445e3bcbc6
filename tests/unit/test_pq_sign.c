/* ML-DSA and SLH-DSA signatures: every way to build the signed message, agreement with libcrypto,
 * and bad calls. */
#include <pthread.h>

#include "pq_fixture.h"

#define GUARD 0xA5
#define SIGNATURE_MAX 17088

static const struct {
    const struct alg_class *class;
    const char *set, *ossl_name;
    uint32_t signature;
} sets[] = {
    {&mldsa_class, "44", "ML-DSA-44", 2420},
    {&mldsa_class, "65", "ML-DSA-65", 3309},
    {&mldsa_class, "87", "ML-DSA-87", 4627},
    {&slhdsa_class, "SHA2-128f", "SLH-DSA-SHA2-128f", 17088},
    {&slhdsa_class, "SHAKE-128f", "SLH-DSA-SHAKE-128f", 17088},
};

static const uint8_t context_bytes[256] = {1, 2, 3, 4, 5};

static struct padding pure(void)
{
    return (struct padding){0};
}

static struct padding with_context(size_t n)
{
    return (struct padding){
        .flags = BCRYPT_PAD_PQDSA, .present = true, .context = {n == 0 ? NULL : context_bytes, n}};
}

static struct padding with_prehash(const char *hash, size_t n)
{
    struct padding pad = with_context(n);
    pad.has_hash = true;
    memcpy(pad.hash.s, hash, strlen(hash) + 1);
    return pad;
}

static struct padding with_flags(uint32_t flags)
{
    return (struct padding){.flags = flags};
}

struct signature {
    uint8_t p[SIGNATURE_MAX + 8];
    uint32_t n;
};

static NTSTATUS sign_into(struct key *key, struct padding pad, struct span input, uint8_t *p,
                          uint32_t cap, uint32_t *n)
{
    struct out o = {p, cap, n, WIDTH_16};
    return key->class->asym->sign(key, &pad, input, &o);
}

static NTSTATUS sign(struct key *key, struct padding pad, struct span input, struct signature *s)
{
    memset(s->p, GUARD, sizeof s->p);
    return sign_into(key, pad, input, s->p, SIGNATURE_MAX, &s->n);
}

static NTSTATUS verify(struct key *key, struct padding pad, struct span input,
                       const struct signature *s)
{
    return key->class->asym->verify(key, &pad, input, span_of(s->p, s->n));
}

static struct span text(const char *s)
{
    return span_of(s, strlen(s));
}

static void sign_and_verify(void **state)
{
    (void)state;
    need(&mldsa_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct key *key = generate(sets[i].class, sets[i].set);
        struct bytes blob;
        export(key, "PUBLICBLOB", &blob);
        struct key *peer = import(sets[i].class, "PUBLICBLOB", span_in(&blob));
        struct signature s, again;
        uint32_t n = 0;
        assert_int_equal(sign_into(key, pure(), span_of(NULL, 0), NULL, 0, &n), STATUS_SUCCESS);
        assert_int_equal(n, sets[i].signature);

        assert_int_equal(sign(key, pure(), text("message"), &s), STATUS_SUCCESS);
        assert_int_equal(s.n, sets[i].signature);
        assert_int_equal(s.p[s.n], GUARD);
        assert_int_equal(verify(peer, pure(), text("message"), &s), STATUS_SUCCESS);
        assert_int_equal(verify(peer, with_context(0), text("message"), &s), STATUS_SUCCESS);
        assert_int_equal(verify(peer, pure(), text("massage"), &s), STATUS_INVALID_SIGNATURE);
        assert_int_equal(verify(peer, with_context(1), text("message"), &s),
                         STATUS_INVALID_SIGNATURE);
        assert_int_equal(verify(peer, pure(), span_of(NULL, 0), &s), STATUS_INVALID_SIGNATURE);
        assert_int_equal(sign(key, pure(), text("message"), &again), STATUS_SUCCESS);
        assert_memory_not_equal(s.p, again.p, s.n); /* hedged */

        static const uint32_t places[] = {0, 40, 700, 2000, 2419};
        for (size_t j = 0; j < ARRAY_COUNT(places); j++) {
            s.p[places[j]] ^= 1;
            assert_int_equal(verify(peer, pure(), text("message"), &s), STATUS_INVALID_SIGNATURE);
            s.p[places[j]] ^= 1;
        }
        for (int change = -1; change <= 1; change += 2) {
            s.n = (uint32_t)((int)sets[i].signature + change);
            assert_int_equal(verify(peer, pure(), text("message"), &s), STATUS_INVALID_PARAMETER);
        }
        s.n = 0;
        assert_int_equal(verify(peer, pure(), text("message"), &s), STATUS_INVALID_PARAMETER);
        key_free(peer);
        key_free(key);
    }
}

static void contexts_and_lengths(void **state)
{
    (void)state;
    need(&mldsa_class);
    struct key *key = generate(&mldsa_class, "44");
    static uint8_t long_message[5000];
    static const size_t contexts[] = {1, 5, 255};
    struct signature s;
    for (size_t i = 0; i < ARRAY_COUNT(contexts); i++) {
        struct span message = span_of(long_message, sizeof long_message);
        assert_int_equal(sign(key, with_context(contexts[i]), message, &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, with_context(contexts[i]), message, &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, with_context(contexts[i] - 1), message, &s),
                         STATUS_INVALID_SIGNATURE);
        assert_int_equal(verify(key, pure(), message, &s), STATUS_INVALID_SIGNATURE);
    }
    assert_int_equal(sign(key, pure(), span_of(NULL, 0), &s), STATUS_SUCCESS);
    assert_int_equal(verify(key, pure(), span_of("", 0), &s), STATUS_SUCCESS);

    struct padding bad = with_context(256);
    assert_int_equal(sign(key, bad, text("m"), &s), STATUS_INVALID_PARAMETER);
    assert_int_equal(verify(key, bad, text("m"), &s), STATUS_INVALID_PARAMETER);
    bad = with_context(0);
    bad.context = (struct span){NULL, 3};
    assert_int_equal(sign(key, bad, text("m"), &s), STATUS_INVALID_PARAMETER);
    bad.context = (struct span){context_bytes, 0};
    assert_int_equal(sign(key, bad, text("m"), &s), STATUS_INVALID_PARAMETER);
    key_free(key);
}

/* tr and mu of FIPS 204, computed here: mu = SHAKE256(SHAKE256(pk) | M'). */
static void compute_mu(struct key *key, const struct span *parts, size_t count, uint8_t mu[64])
{
    struct bytes blob;
    export(key, "PQDSAPUBLICBLOB", &blob);
    struct span pk = blob_key(&blob);
    uint8_t tr[64];
    shake256_of(&pk, 1, tr);
    struct span all[6] = {span_of(tr, 64)};
    for (size_t i = 0; i < count; i++)
        all[i + 1] = parts[i];
    shake256_of(all, count + 1, mu);
}

static void external_mu(void **state)
{
    (void)state;
    need(&mldsa_class);
    for (size_t i = 0; i < 3; i++) {
        struct key *key = generate(&mldsa_class, sets[i].set);
        const uint8_t head[] = {0, 5};
        const struct span parts[] = {span_of(head, 2), span_of(context_bytes, 5), text("message")};
        uint8_t mu[65] = {0};
        compute_mu(key, parts, 3, mu);
        struct signature s;
        struct padding external = with_flags(BCRYPT_MLDSA_EXTERNAL_MU);

        assert_int_equal(sign(key, external, span_of(mu, 64), &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, with_context(5), text("message"), &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, pure(), text("message"), &s), STATUS_INVALID_SIGNATURE);
        assert_int_equal(sign(key, with_context(5), text("message"), &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, external, span_of(mu, 64), &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, pure(), span_of(mu, 64), &s), STATUS_INVALID_SIGNATURE);

        static const size_t wrong[] = {0, 1, 63, 65, 32};
        for (size_t j = 0; j < ARRAY_COUNT(wrong); j++) {
            assert_int_equal(sign(key, external, span_of(mu, wrong[j]), &s),
                             STATUS_INVALID_PARAMETER);
            assert_int_equal(verify(key, external, span_of(mu, wrong[j]), &s),
                             STATUS_INVALID_PARAMETER);
        }
        struct padding both = with_context(5);
        both.flags |= BCRYPT_MLDSA_EXTERNAL_MU;
        assert_int_equal(sign(key, both, span_of(mu, 64), &s), STATUS_INVALID_PARAMETER);
        both.flags = BCRYPT_MLDSA_EXTERNAL_MU; /* a structure that the flag does not ask for */
        assert_int_equal(sign(key, both, span_of(mu, 64), &s), STATUS_INVALID_PARAMETER);
        key_free(key);
    }
}

/* FIPS 204 Algorithm 4. The last byte of each object identifier
 * 2.16.840.1.101.3.4.2.x is from NIST's list. */
static const struct {
    const char *hash;
    uint8_t oid_end;
    size_t length;
} prehashes[] = {
    {"SHA256", 1, 32},   {"SHA384", 2, 48},    {"SHA512", 3, 64},    {"SHA3-256", 8, 32},
    {"SHA3-384", 9, 48}, {"SHA3-512", 10, 64}, {"SHAKE128", 11, 32}, {"SHAKE256", 12, 64},
};

static void prehash_known_encoding(void **state)
{
    (void)state;
    need(&mldsa_class);
    struct key *key = generate(&mldsa_class, "44");
    uint8_t digest[65];
    memset(digest, 0x5C, sizeof digest);
    for (size_t i = 0; i < ARRAY_COUNT(prehashes); i++) {
        struct span input = span_of(digest, prehashes[i].length);
        const uint8_t head[] = {1, 5};
        const uint8_t oid[] = {6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, prehashes[i].oid_end};
        const struct span parts[] = {span_of(head, 2), span_of(context_bytes, 5), span_of(oid, 11),
                                     input};
        uint8_t mu[64];
        compute_mu(key, parts, 4, mu);
        struct signature s;
        struct padding pad = with_prehash(prehashes[i].hash, 5);
        assert_int_equal(sign(key, pad, input, &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, with_flags(BCRYPT_MLDSA_EXTERNAL_MU), span_of(mu, 64), &s),
                         STATUS_SUCCESS);
        assert_int_equal(verify(key, pad, input, &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, with_prehash(prehashes[i].hash, 4), input, &s),
                         STATUS_INVALID_SIGNATURE);
        assert_int_equal(verify(key, with_context(5), input, &s), STATUS_INVALID_SIGNATURE);
        assert_int_equal(sign(key, pad, span_of(digest, input.n - 1), &s),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(sign(key, pad, span_of(digest, input.n + 1), &s),
                         STATUS_INVALID_PARAMETER);
        assert_int_equal(sign(key, pad, span_of(NULL, 0), &s), STATUS_INVALID_PARAMETER);
    }
    struct signature s;
    assert_int_equal(sign(key, with_prehash("SHA256", 255), span_of(digest, 32), &s),
                     STATUS_SUCCESS);
    assert_int_equal(verify(key, with_prehash("sha256", 255), span_of(digest, 32), &s),
                     STATUS_SUCCESS);
    static const char *const unknown[] = {"SHA1", "MD5", "AES", "", "SHA512/256", "CSHAKE128"};
    for (size_t i = 0; i < ARRAY_COUNT(unknown); i++)
        assert_int_equal(sign(key, with_prehash(unknown[i], 0), span_of(digest, 32), &s),
                         STATUS_NOT_SUPPORTED);
    key_free(key);
}

static void slhdsa_prehash(void **state)
{
    (void)state;
    need(&slhdsa_class);
    struct key *key = generate(&slhdsa_class, "SHA2-128f");
    uint8_t digest[32] = {7};
    struct signature s;
    assert_int_equal(sign(key, with_prehash("SHAKE128", 5), span_of(digest, 32), &s),
                     STATUS_SUCCESS);
    assert_int_equal(verify(key, with_prehash("SHAKE128", 5), span_of(digest, 32), &s),
                     STATUS_SUCCESS);
    assert_int_equal(verify(key, with_prehash("SHA256", 5), span_of(digest, 32), &s),
                     STATUS_INVALID_SIGNATURE);
    assert_int_equal(verify(key, with_context(5), span_of(digest, 32), &s),
                     STATUS_INVALID_SIGNATURE);
    uint8_t mu[64] = {0};
    assert_int_equal(sign(key, with_flags(BCRYPT_MLDSA_EXTERNAL_MU), span_of(mu, 64), &s),
                     STATUS_INVALID_PARAMETER);
    key_free(key);
}

/* ---- libcrypto on the other side ------------------------------------------------------------- */

static void agree_with_libcrypto(void **state)
{
    (void)state;
    need(&mldsa_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
        struct key *key = generate(sets[i].class, sets[i].set);
        struct bytes blob;
        export(key, "PRIVATEBLOB", &blob);
        SCOPED_PKEY *pkey = evp_of_blob(&blob, sets[i].ossl_name, "priv");
        const OSSL_PARAM params[] = {
            OSSL_PARAM_construct_octet_string("context-string", (void *)(uintptr_t)context_bytes,
                                              5),
            OSSL_PARAM_construct_end(),
        };
        struct span m = text("message");
        struct signature s;

        assert_int_equal(sign(key, with_context(5), m, &s), STATUS_SUCCESS);
        SCOPED_MD_CTX *ctx = EVP_MD_CTX_new();
        assert_int_equal(EVP_DigestVerifyInit_ex(ctx, NULL, NULL, NULL, NULL, pkey, params), 1);
        assert_int_equal(EVP_DigestVerify(ctx, s.p, s.n, m.p, m.n), 1);

        SCOPED_MD_CTX *signer = EVP_MD_CTX_new();
        size_t n = SIGNATURE_MAX;
        assert_int_equal(EVP_DigestSignInit_ex(signer, NULL, NULL, NULL, NULL, pkey, params), 1);
        assert_int_equal(EVP_DigestSign(signer, s.p, &n, m.p, m.n), 1);
        s.n = (uint32_t)n;
        assert_int_equal(verify(key, with_context(5), m, &s), STATUS_SUCCESS);
        assert_int_equal(verify(key, pure(), m, &s), STATUS_INVALID_SIGNATURE);
        key_free(key);
    }
}

/* ---- bad calls ------------------------------------------------------------------------------- */

static void bad_calls(void **state)
{
    (void)state;
    need(&mldsa_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i += 3) { /* one set of each class */
        struct key *key = generate(sets[i].class, sets[i].set);
        struct signature s;
        uint32_t n = 0;
        static const uint32_t flags[] = {1,    2,    4,    8,          0x10,
                                         0x80, 0x42, 0x21, 0x80000000, 0xFFFFFFFF};
        for (size_t j = 0; j < ARRAY_COUNT(flags); j++) {
            struct padding pad = with_flags(flags[j]);
            assert_int_equal(sign(key, pad, text("m"), &s), STATUS_INVALID_PARAMETER);
            assert_int_equal(verify(key, pad, text("m"), &s), STATUS_INVALID_PARAMETER);
            pad.present = true;
            assert_int_equal(sign(key, pad, text("m"), &s), STATUS_INVALID_PARAMETER);
        }
        assert_int_equal(sign(key, with_flags(BCRYPT_PAD_PQDSA), text("m"), &s),
                         STATUS_INVALID_PARAMETER);
        struct padding unasked = with_context(1);
        unasked.flags = 0;
        assert_int_equal(sign(key, unasked, text("m"), &s), STATUS_INVALID_PARAMETER);

        memset(s.p, GUARD, sizeof s.p);
        assert_int_equal(sign_into(key, pure(), text("m"), s.p, sets[i].signature - 1, &n),
                         STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(n, sets[i].signature);
        assert_int_equal(sign_into(key, pure(), text("m"), s.p, 0, &n), STATUS_BUFFER_TOO_SMALL);
        assert_int_equal(s.p[0], GUARD);
        key_free(key);
    }
}

static void public_key_cannot_sign(void **state)
{
    (void)state;
    need(&mldsa_class);
    for (size_t i = 0; i < ARRAY_COUNT(sets); i += 3) {
        struct key *key = generate(sets[i].class, sets[i].set);
        struct bytes blob;
        export(key, "PUBLICBLOB", &blob);
        struct key *peer = import(sets[i].class, "PUBLICBLOB", span_in(&blob));
        struct signature s;
        uint32_t n = 0;
        NTSTATUS want =
            sets[i].class == &mldsa_class ? (NTSTATUS)0xC100000D : STATUS_INVALID_PARAMETER;
        assert_int_equal(sign(peer, pure(), text("m"), &s), want);
        assert_int_equal(s.p[0], GUARD);
        assert_int_equal(sign_into(peer, pure(), text("m"), NULL, 0, &n), STATUS_SUCCESS);
        assert_int_equal(n, sets[i].signature);
        key_free(peer);
        key_free(key);
    }
}

static void *use_key(void *arg)
{
    struct key *key = arg;
    for (int i = 0; i < 6; i++) {
        struct signature s;
        struct padding pad = i % 2 == 0 ? pure() : with_context((size_t)i);
        if (sign(key, pad, text("threads"), &s) != STATUS_SUCCESS ||
            verify(key, pad, text("threads"), &s) != STATUS_SUCCESS ||
            verify(key, with_context(200), text("threads"), &s) != STATUS_INVALID_SIGNATURE)
            return key;
    }
    return ERR_peek_error() == 0 ? NULL : key;
}

static void many_threads_one_key(void **state)
{
    (void)state;
    need(&mldsa_class);
    struct key *key = generate(&mldsa_class, "44");
    use_by_threads(key, use_key);
    key_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(sign_and_verify, teardown),
        cmocka_unit_test_teardown(contexts_and_lengths, teardown),
        cmocka_unit_test_teardown(external_mu, teardown),
        cmocka_unit_test_teardown(prehash_known_encoding, teardown),
        cmocka_unit_test_teardown(slhdsa_prehash, teardown),
        cmocka_unit_test_teardown(agree_with_libcrypto, teardown),
        cmocka_unit_test_teardown(bad_calls, teardown),
        cmocka_unit_test_teardown(public_key_cannot_sign, teardown),
        cmocka_unit_test_teardown(many_threads_one_key, teardown),
    };
    return cmocka_run_group_tests_name("pq_sign", tests, NULL, NULL);
}
