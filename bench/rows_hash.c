/* Hashes and message authentication codes: in one call, by an object for each message, by one that is kept. */
#include "rows_sym.h"

#include <openssl/core_names.h>

struct hash_kind {
    const char *group;
    LPCWSTR name;
    BCRYPT_ALG_HANDLE alg;
    const char *ossl_name;
    const EVP_MD *(*implicit)(void);
    size_t out_n;
    bool xof;
};

static const struct hash_kind hash_kinds[] = {
    {"MD5", BCRYPT_MD5_ALGORITHM, BCRYPT_MD5_ALG_HANDLE, "MD5", EVP_md5, 16, false},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, BCRYPT_SHA1_ALG_HANDLE, "SHA1", EVP_sha1, 20, false},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_SHA256_ALG_HANDLE, "SHA256", EVP_sha256, 32, false},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, BCRYPT_SHA512_ALG_HANDLE, "SHA512", EVP_sha512, 64, false},
    {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, BCRYPT_SHA3_256_ALG_HANDLE, "SHA3-256", EVP_sha3_256,
     32, false},
    {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, BCRYPT_SHAKE128_ALG_HANDLE, "SHAKE128", EVP_shake128,
     32, true},
};

struct hash_pair {
    struct ours_hash ours;
    struct ref_hash ref;
};

static void hash_row(struct bench *b, struct hash_pair *p, const char *what, size_t n,
                     struct bench_goal goal, bool (*ours)(void *), bool (*ref)(void *),
                     bool (*naive)(void *))
{
    p->ours.in_n = (ULONG)n;
    p->ref.in_n = n;
    sym_row(b, sym_name(what, n).text, goal,
            &(struct sym_row){op(ours, &p->ours), op(ref, &p->ref), op(naive, &p->ref), p->ours.out,
                              p->ref.out, p->ref.out_n});
}

static void hash_rows(struct bench *b, struct hash_pair *p)
{
    for (size_t i = 0; i < SYM_SIZES; i++) {
        size_t n = sym_sizes[i];
        hash_row(b, p, "one call", n, n == 16 ? GOAL_HASH : sym_goal(n), ours_hash_once,
                 ref_hash_kept, naive_hash);
    }
    if (!p->ref.xof)
        hash_row(b, p, "one call on both sides", 16, GOAL_NO_SLOWER, ours_hash_once, ref_hash_once,
                 naive_hash);
    for (size_t i = 0; i < SYM_SIZES; i++) {
        size_t n = sym_sizes[i];
        hash_row(b, p, "object for each message", n, sym_goal(n), ours_hash_object, ref_hash_object,
                 naive_hash);
    }
    for (size_t i = 0; i < SYM_SIZES; i++) {
        size_t n = sym_sizes[i];
        hash_row(b, p, "kept object", n, sym_goal(n), ours_hash_kept, ref_hash_kept, naive_hash);
    }
}

void rows_hash(struct bench *b)
{
    sym_fill(sym_in, sizeof sym_in, 1);
    for (size_t i = 0; i < sizeof hash_kinds / sizeof hash_kinds[0]; i++) {
        const struct hash_kind *k = &hash_kinds[i];
        struct hash_pair p = {
            .ours = {.alg = k->alg, .in = sym_in, .out_n = (ULONG)k->out_n},
            .ref = {.name = k->ossl_name,
                    .implicit = k->implicit,
                    .xof = k->xof,
                    .in = sym_in,
                    .out_n = k->out_n},
        };
        if (!bench_group(b, k->group))
            continue;
        if (ours_hash_init(&p.ours, BCRYPT_HASH_REUSABLE_FLAG) && ref_hash_init(&p.ref))
            hash_rows(b, &p);
        ours_hash_done(&p.ours);
        ref_hash_done(&p.ref);
    }
}

/* ---- codes ------------------------------------------------------------------------------------------------------- */

struct mac_kind {
    const char *group;
    BCRYPT_ALG_HANDLE alg;
    const char *ossl_name, *option, *choice;
    size_t key_n, out_n;
};

static const struct mac_kind mac_kinds[] = {
    {"HMAC-SHA1", BCRYPT_HMAC_SHA1_ALG_HANDLE, "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA1", 20, 20},
    {"HMAC-SHA256", BCRYPT_HMAC_SHA256_ALG_HANDLE, "HMAC", OSSL_MAC_PARAM_DIGEST, "SHA256", 32, 32},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALG_HANDLE, "CMAC", OSSL_MAC_PARAM_CIPHER, "AES-128-CBC", 16, 16},
    {"KMAC128", BCRYPT_KMAC128_ALG_HANDLE, "KMAC128", NULL, NULL, 32, 32},
};

struct mac_pair {
    struct ours_hash ours;
    struct ref_mac ref;
};

static void mac_row(struct bench *b, struct mac_pair *p, const char *what, size_t n,
                    bool (*ours)(void *), bool (*ref)(void *))
{
    p->ours.in_n = (ULONG)n;
    p->ref.in_n = n;
    sym_row(b, sym_name(what, n).text, sym_goal(n),
            &(struct sym_row){op(ours, &p->ours), op(ref, &p->ref), op(naive_mac, &p->ref),
                              p->ours.out, p->ref.out, p->ref.out_n});
}

static bool mac_init(struct mac_pair *p, const struct mac_kind *k)
{
    static uint8_t key[32];
    sym_fill(key, sizeof key, 2);
    *p = (struct mac_pair){
        .ours = {.alg = k->alg,
                 .key = key,
                 .key_n = (ULONG)k->key_n,
                 .in = sym_in,
                 .out_n = (ULONG)k->out_n},
        .ref = {.name = k->ossl_name,
                .option = k->option,
                .choice = k->choice,
                .key = key,
                .key_n = k->key_n,
                .in = sym_in,
                .out_n = k->out_n},
    };
    return ours_hash_init(&p->ours, BCRYPT_HASH_REUSABLE_FLAG) && ref_mac_init(&p->ref);
}

static void mac_done(struct mac_pair *p)
{
    ours_hash_done(&p->ours);
    ref_mac_done(&p->ref);
}

void rows_mac(struct bench *b)
{
    for (size_t i = 0; i < sizeof mac_kinds / sizeof mac_kinds[0]; i++) {
        struct mac_pair p;
        if (!bench_group(b, mac_kinds[i].group))
            continue;
        if (mac_init(&p, &mac_kinds[i])) {
            for (size_t j = 0; j < SYM_SIZES; j++)
                mac_row(b, &p, "kept key", sym_sizes[j], ours_hash_kept, ref_mac_kept);
            for (size_t j = 0; j < SYM_SIZES; j++)
                mac_row(b, &p, "new key, one call", sym_sizes[j], ours_hash_once, ref_mac_key);
            mac_row(b, &p, "object for each message", 64, ours_hash_object, ref_mac_object);
        }
        mac_done(&p);
    }
}

void rows_mac_patterns(struct bench *b)
{
    struct mac_pair p;
    if (!bench_group(b, "P10"))
        return;
    if (mac_init(&p, &mac_kinds[1])) {
        mac_row(b, &p, "HMAC-SHA256, kept key", 64, ours_hash_kept, ref_mac_kept);
        mac_row(b, &p, "HMAC-SHA256, object for each packet", 64, ours_hash_object, ref_mac_object);
    }
    mac_done(&p);
}
