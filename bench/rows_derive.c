/* Random numbers and key derivation. */
#include "rows_sym.h"

#include <stdio.h>
#include <wchar.h>

#include <openssl/core_names.h>
#include <openssl/kdf.h>

void rows_random(struct bench *b, const char *group)
{
    static const size_t sizes[] = {1, 16, 32, 64, 4096};
    static struct ours_random ours;
    static struct ref_random ref;
    if (!bench_group(b, group))
        return;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        ours.n = (ULONG)(ref.n = sizes[i]);
        bench_goal(b, GOAL_SMALL);
        bench_row(b, sym_name("random", sizes[i]).text, op(ours_random_bytes, &ours),
                  op(ref_random_bytes, &ref));
    }
}

/* ---- derivation -------------------------------------------------------------------------------------------------- */

#define SECRET_BYTES 32
#define SALT_BYTES 16

static uint8_t secret[SECRET_BYTES], salt[SALT_BYTES];

struct hash_choice {
    LPCWSTR name;
    const char *ossl_name;
};

static const struct hash_choice sha1 = {BCRYPT_SHA1_ALGORITHM, "SHA1"};
static const struct hash_choice sha256 = {BCRYPT_SHA256_ALGORITHM, "SHA256"};
static const struct hash_choice sha512 = {BCRYPT_SHA512_ALGORITHM, "SHA512"};

static BCryptBuffer buffer(ULONG type, const void *p, size_t n)
{
    return (BCryptBuffer){(ULONG)n, type, (PVOID)(uintptr_t)p};
}

static BCryptBuffer hash_buffer(LPCWSTR name)
{
    return buffer(KDF_HASH_ALGORITHM, name, (wcslen(name) + 1) * sizeof *name);
}

static OSSL_PARAM text(const char *name, const char *value)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)value, 0);
}

static OSSL_PARAM octets(const char *name, const void *p, size_t n)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)p, n);
}

struct derive_pair {
    struct ours_derive ours;
    struct ref_derive ref;
    OSSL_PARAM params[8];
};

static void pair_init(struct derive_pair *p, BCRYPT_ALG_HANDLE alg, const char *ossl_name,
                      size_t out_n)
{
    *p = (struct derive_pair){
        .ours = {.alg = alg,
                 .secret = secret,
                 .secret_n = sizeof secret,
                 .salt = salt,
                 .salt_n = sizeof salt,
                 .out_n = (ULONG)out_n},
        .ref = {.name = ossl_name, .out_n = out_n},
    };
    p->ref.params = p->params;
}

static void pair_row(struct bench *b, struct derive_pair *p, const char *name, bool (*ours)(void *))
{
    if (ours_derive_init(&p->ours) && ref_derive_new(&p->ref))
        sym_row(b, name, GOAL_SMALL,
                &(struct sym_row){op(ours, &p->ours), op(ref_derive_kept, &p->ref),
                                  op(naive_derive, &p->ref), p->ours.out, p->ref.out,
                                  p->ref.out_n});
    ours_derive_done(&p->ours);
    ref_derive_free(&p->ref);
}

static void pbkdf2_row(struct bench *b, const struct hash_choice *hash, unsigned iterations)
{
    static struct derive_pair p;
    ULONGLONG count = iterations;
    char name[64];
    snprintf(name, sizeof name, "PBKDF2-%s, %u iterations", hash->ossl_name, iterations);
    pair_init(&p, BCRYPT_PBKDF2_ALG_HANDLE, "PBKDF2", 20);
    p.ours.list[0] = hash_buffer(hash->name);
    p.ours.list[1] = buffer(KDF_SALT, salt, sizeof salt);
    p.ours.list[2] = buffer(KDF_ITERATION_COUNT, &count, sizeof count);
    p.ours.list_n = 3;
    p.params[0] = text(OSSL_KDF_PARAM_DIGEST, hash->ossl_name);
    p.params[1] = octets(OSSL_KDF_PARAM_PASSWORD, secret, sizeof secret);
    p.params[2] = octets(OSSL_KDF_PARAM_SALT, salt, sizeof salt);
    p.params[3] = OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &iterations);
    p.params[4] = OSSL_PARAM_construct_end();
    pair_row(b, &p, name, ours_derive_kept);
}

/* The kept key has its salt already: libcrypto then starts from the extracted key too. */
static void hkdf_row(struct bench *b, const char *name, bool kept)
{
    static struct derive_pair p;
    static uint8_t extracted[32];
    static const uint8_t info[] = "a label of the protocol";
    char mode_text[] = "EXTRACT_ONLY";
    pair_init(&p, BCRYPT_HKDF_ALG_HANDLE, "HKDF", 32);
    p.ours.hash = sha256.name;
    p.ours.list[0] = buffer(KDF_HKDF_INFO, info, sizeof info - 1);
    p.ours.list_n = 1;
    p.params[0] = text(OSSL_KDF_PARAM_DIGEST, sha256.ossl_name);
    p.params[1] = octets(OSSL_KDF_PARAM_KEY, secret, sizeof secret);
    p.params[2] = octets(OSSL_KDF_PARAM_SALT, salt, sizeof salt);
    p.params[3] = text(OSSL_KDF_PARAM_MODE, mode_text);
    p.params[4] = OSSL_PARAM_construct_end();
    if (kept) {
        bool ok = ref_derive_new(&p.ref) && ref_derive_kept(&p.ref);
        ref_derive_free(&p.ref);
        if (!ok)
            return;
        for (size_t i = 0; i < sizeof extracted; i++)
            extracted[i] = p.ref.out[i];
        p.params[1] = octets(OSSL_KDF_PARAM_KEY, extracted, sizeof extracted);
        p.params[2] = text(OSSL_KDF_PARAM_MODE, "EXPAND_ONLY");
        p.params[3] = octets(OSSL_KDF_PARAM_INFO, info, sizeof info - 1);
    } else {
        p.params[3] = octets(OSSL_KDF_PARAM_INFO, info, sizeof info - 1);
    }
    pair_row(b, &p, name, kept ? ours_derive_kept : ours_derive_key);
}

static void counter_row(struct bench *b)
{
    static struct derive_pair p;
    static const uint8_t label[] = "label";
    static const uint8_t context[] = "context of the key";
    pair_init(&p, BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE, "KBKDF", 32);
    p.ours.list[0] = hash_buffer(sha256.name);
    p.ours.list[1] = buffer(KDF_LABEL, label, sizeof label - 1);
    p.ours.list[2] = buffer(KDF_CONTEXT, context, sizeof context - 1);
    p.ours.list_n = 3;
    p.params[0] = text(OSSL_KDF_PARAM_MAC, "HMAC");
    p.params[1] = text(OSSL_KDF_PARAM_DIGEST, sha256.ossl_name);
    p.params[2] = text(OSSL_KDF_PARAM_MODE, "counter");
    p.params[3] = octets(OSSL_KDF_PARAM_KEY, secret, sizeof secret);
    p.params[4] = octets(OSSL_KDF_PARAM_SALT, label, sizeof label - 1);
    p.params[5] = octets(OSSL_KDF_PARAM_INFO, context, sizeof context - 1);
    p.params[6] = OSSL_PARAM_construct_end();
    pair_row(b, &p, "SP800-108, kept key", ours_derive_kept);
    pair_row(b, &p, "SP800-108, new key", ours_derive_key);
}

static void pbkdf2_rows(struct bench *b, bool quick)
{
    unsigned iterations = quick ? 1000 : 100000;
    sym_fill(secret, sizeof secret, 6);
    sym_fill(salt, sizeof salt, 7);
    pbkdf2_row(b, &sha1, iterations);
    pbkdf2_row(b, &sha256, iterations);
    pbkdf2_row(b, &sha512, iterations);
}

void rows_derive_patterns(struct bench *b, bool quick)
{
    if (bench_group(b, "P12"))
        pbkdf2_rows(b, quick);
}

void rows_derive(struct bench *b, bool quick)
{
    if (!bench_group(b, "derive"))
        return;
    pbkdf2_rows(b, quick);
    hkdf_row(b, "HKDF expand, kept key", true);
    hkdf_row(b, "HKDF, new key", false);
    counter_row(b);
}
