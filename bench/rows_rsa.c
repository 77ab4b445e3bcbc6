/* RSA. */
#include "rows.h"

#include <stdio.h>

#include <opencng_keygen.h>

#define FRESH_KEYS 12

struct rsa {
    struct ref_rsa ref;
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
    struct ours_blob public_blob, private_blob, full_blob;
    EVP_PKEY_CTX *load;
};

static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
static BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA256_ALGORITHM, HASH_BYTES};
static BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA256_ALGORITHM, NULL, 0};

/* Our side tests the pair, libcrypto's does not. */
static void generate_rows(struct bench *b, BCRYPT_ALG_HANDLE alg, ULONG bits)
{
    static const DWORD threads = 2;
    struct ours_generate ours = {.alg = alg, .bits = bits};
    struct ref_generate ref = {ref_rsa_generate_ctx(bits), NULL};
    bench_goal(b, (struct bench_goal){0.30, 0});
    bench_random_row(b, "generate", op(ours_generate, &ours), op(ref_generate, &ref));
    ours.property = OPENCNG_KEY_GENERATION_THREADS;
    ours.value = &threads;
    ours.value_n = sizeof threads;
    bench_goal(b, (struct bench_goal){0.18, 0});
    bench_random_wall_row(b, "generate by two threads (libcrypto: one)", op(ours_generate, &ours),
                          op(ref_generate, &ref));
    bench_goal(b, BENCH_GOAL);
    EVP_PKEY_CTX_free(ref.ctx);
}

static void import_rows(struct bench *b, const struct rsa *k)
{
    struct ours_import ours = {k->alg, BCRYPT_RSAPUBLIC_BLOB, &k->public_blob, 0};
    struct ref_import ref = {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, NULL};
    bench_row(b, "import public", op(ours_import, &ours), op(ref_import, &ref));
    ours.flags = BCRYPT_NO_KEY_VALIDATION;
    bench_row(b, "import public, unchecked", op(ours_import, &ours), op(ref_import, &ref));

    ref.selection = EVP_PKEY_KEYPAIR;
    ref.params = k->ref.private_params;
    ours.type = BCRYPT_RSAFULLPRIVATE_BLOB;
    ours.blob = &k->full_blob;
    bench_row(b, "import full private, unchecked", op(ours_import, &ours), op(ref_import, &ref));
    ours.type = BCRYPT_RSAPRIVATE_BLOB;
    ours.blob = &k->private_blob;
    bench_note_row(b, "import private (p, q only), unchecked", op(ours_import, &ours),
                   op(ref_import, &ref));

    ours = (struct ours_import){k->alg, BCRYPT_RSAFULLPRIVATE_BLOB, &k->full_blob, 0};
    ref.check = EVP_PKEY_pairwise_check;
    bench_row(b, "import full private, checked, known key", op(ours_import, &ours),
              op(ref_import, &ref));
}

static void export_rows(struct bench *b, const struct rsa *k)
{
    struct ours_export ours = {.key = k->key, .type = BCRYPT_RSAPUBLIC_BLOB};
    struct ref_export ref;
    ref_rsa_export_init(&ref, &k->ref, false);
    bench_row(b, "export public", op(ours_export, &ours), op(ref_export, &ref));
    ours.type = BCRYPT_RSAFULLPRIVATE_BLOB;
    ref_rsa_export_init(&ref, &k->ref, true);
    bench_row(b, "export full private", op(ours_export, &ours), op(ref_export, &ref));
}

static void signature_rows(struct bench *b, const struct rsa *k, enum ref_padding padding,
                           const char *const *names)
{
    struct ours_call ours = {
        .key = k->key,
        .padding = padding == REF_PSS ? (void *)&pss : (void *)&pkcs1,
        .flags = padding == REF_PSS ? BCRYPT_PAD_PSS : BCRYPT_PAD_PKCS1,
    };
    struct ref_call ref;
    fill_in(&ours, &ref, HASH_BYTES);
    if (!ref_call_init(&ref, k->ref.pkey, ref_rsa_sign(padding)) || !ours_sign(&ours) ||
        !ref_sign(&ref))
        return;
    call_row(b, names[0], op(ours_sign, &ours), ref_sign, &ref);
    ref_call_done(&ref);
    if (ref_call_init(&ref, k->ref.pkey, ref_rsa_verify(padding)))
        call_row(b, names[1], op(ours_verify, &ours), ref_verify, &ref);
    ref_call_done(&ref);
}

static void cipher_rows(struct bench *b, const struct rsa *k, enum ref_padding padding,
                        const char *const *names)
{
    struct ours_call ours = {
        .key = k->key,
        .padding = padding == REF_OAEP ? &oaep : NULL,
        .flags = padding == REF_OAEP ? BCRYPT_PAD_OAEP : BCRYPT_PAD_PKCS1,
    };
    struct ref_call ref;
    fill_in(&ours, &ref, HASH_BYTES);
    if (!ref_call_init(&ref, k->ref.pkey, ref_rsa_encrypt(padding)) || !ours_encrypt(&ours) ||
        !ref_encrypt(&ref))
        return;
    call_row(b, names[0], op(ours_encrypt, &ours), ref_encrypt, &ref);
    ref_call_done(&ref);
    out_to_in(&ours, &ref);
    if (ref_call_init(&ref, k->ref.pkey, ref_rsa_decrypt(padding)))
        call_row(b, names[1], op(ours_decrypt, &ours), ref_decrypt, &ref);
    ref_call_done(&ref);
}

/* Work that an import puts off is done here. */
static void use_rows(struct bench *b, const struct rsa *k)
{
    static struct ours_use ours;
    static struct ref_use ref;
    ours = (struct ours_use){
        .import = {k->alg, BCRYPT_RSAFULLPRIVATE_BLOB, &k->full_blob, BCRYPT_NO_KEY_VALIDATION},
        .run = ours_sign,
        .call = {.padding = &pkcs1, .flags = BCRYPT_PAD_PKCS1},
    };
    ref = (struct ref_use){
        .import = {k->load, EVP_PKEY_KEYPAIR, k->ref.private_params, NULL},
        .prepare = ref_rsa_sign(REF_PKCS1),
        .run = ref_sign,
    };
    fill_in(&ours.call, &ref.call, HASH_BYTES);
    bench_row(b, "import full private unchecked, sign once", op(ours_use, &ours),
              op(ref_use, &ref));
    if (!ours_use(&ours) || !ref_use(&ref))
        return;
    ours.import = (struct ours_import){k->alg, BCRYPT_RSAPUBLIC_BLOB, &k->public_blob, 0};
    ours.run = ours_verify;
    ref.import.selection = EVP_PKEY_PUBLIC_KEY;
    ref.import.params = k->ref.public_params;
    ref.prepare = ref_rsa_verify(REF_PKCS1);
    ref.run = ref_verify;
    bench_row(b, "import public, verify once", op(ours_use, &ours), op(ref_use, &ref));
}

/* ---- private keys that the library has not seen before --------------------------------------------------------- */

/* The library remembers the moduli whose factors it has tested, so each key is new only once. */
struct fresh {
    struct ours_import ours;
    struct ref_import ref;
    size_t ours_next, ref_next;
    OSSL_PARAM *params[FRESH_KEYS];
    struct ours_blob blobs[FRESH_KEYS];
};

static bool fresh_ours(void *arg)
{
    struct fresh *f = arg;
    f->ours.blob = &f->blobs[f->ours_next++ % FRESH_KEYS];
    return ours_import(&f->ours);
}

static bool fresh_ref(void *arg)
{
    struct fresh *f = arg;
    f->ref.params = f->params[f->ref_next++ % FRESH_KEYS];
    return ref_import(&f->ref);
}

static bool fresh_init(struct fresh *f, const struct rsa *k, ULONG bits)
{
    *f = (struct fresh){
        .ours = {k->alg, BCRYPT_RSAFULLPRIVATE_BLOB, NULL, 0},
        .ref = {k->load, EVP_PKEY_KEYPAIR, NULL, EVP_PKEY_pairwise_check},
    };
    EVP_PKEY_CTX *generate = ref_rsa_generate_ctx(bits);
    bool ok = true;
    for (size_t i = 0; ok && i < FRESH_KEYS; i++) {
        EVP_PKEY *pkey = NULL;
        ok = ref_ok(EVP_PKEY_generate(generate, &pkey) == 1 &&
                        EVP_PKEY_todata(pkey, EVP_PKEY_KEYPAIR, &f->params[i]) == 1,
                    "making a key") &&
             ref_rsa_blob(pkey, f->blobs[i].bytes, &f->blobs[i].n);
        EVP_PKEY_free(pkey);
    }
    EVP_PKEY_CTX_free(generate);
    return ok;
}

static const char fresh_name[] = "import full private, checked, new key";

static void fresh_row(struct bench *b, const struct rsa *k, ULONG bits)
{
    static struct fresh f;
    if (!bench_wants(b, fresh_name))
        return;
    if (fresh_init(&f, k, bits))
        bench_once_row(b, fresh_name, FRESH_KEYS, op(fresh_ours, &f), op(fresh_ref, &f));
    for (size_t i = 0; i < FRESH_KEYS; i++)
        OSSL_PARAM_free(f.params[i]);
}

/* ---- the family ------------------------------------------------------------------------------------------------ */

static bool rsa_init(struct rsa *k, ULONG bits)
{
    *k = (struct rsa){.alg = ours_open(BCRYPT_RSA_ALGORITHM)};
    if (k->alg == NULL)
        return false;
    k->key = ours_key_new(&(struct ours_generate){.alg = k->alg, .bits = bits});
    k->load = ref_import_ctx("RSA");
    return k->key != NULL && export_blob(k->key, BCRYPT_RSAPUBLIC_BLOB, &k->public_blob) &&
           export_blob(k->key, BCRYPT_RSAPRIVATE_BLOB, &k->private_blob) &&
           export_blob(k->key, BCRYPT_RSAFULLPRIVATE_BLOB, &k->full_blob) &&
           ref_rsa_init(&k->ref, k->full_blob.bytes);
}

static void rsa_done(struct rsa *k)
{
    ref_rsa_done(&k->ref);
    EVP_PKEY_CTX_free(k->load);
    if (k->key != NULL)
        BCryptDestroyKey(k->key);
    if (k->alg != NULL)
        BCryptCloseAlgorithmProvider(k->alg, 0);
}

static void rsa_rows(struct bench *b, const struct rsa *k, ULONG bits)
{
    generate_rows(b, k->alg, bits);
    import_rows(b, k);
    export_rows(b, k);
    signature_rows(b, k, REF_PKCS1, (const char *const[]){"sign PKCS1", "verify PKCS1"});
    signature_rows(b, k, REF_PSS, (const char *const[]){"sign PSS", "verify PSS"});
    cipher_rows(b, k, REF_OAEP, (const char *const[]){"encrypt OAEP", "decrypt OAEP"});
    cipher_rows(b, k, REF_PKCS1, (const char *const[]){"encrypt PKCS1", "decrypt PKCS1"});
    use_rows(b, k);
    fresh_row(b, k, bits);
}

static void generate_only(struct bench *b, ULONG bits)
{
    BCRYPT_ALG_HANDLE alg = ours_open(BCRYPT_RSA_ALGORITHM);
    if (alg == NULL)
        return;
    generate_rows(b, alg, bits);
    BCryptCloseAlgorithmProvider(alg, 0);
}

void rows_rsa(struct bench *b)
{
    static const ULONG sizes[] = {2048, 3072};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        static struct rsa k;
        char name[16];
        snprintf(name, sizeof name, "RSA-%u", (unsigned)sizes[i]);
        if (!bench_group(b, name))
            continue;
        if (rsa_init(&k, sizes[i]))
            rsa_rows(b, &k, sizes[i]);
        else
            bench_lost(b, "key");
        rsa_done(&k);
    }
    if (bench_group(b, "RSA-4096"))
        generate_only(b, 4096);
}

/* Modular exponentiation by way of a public key that is imported for it. */
static void raw_row(struct bench *b, const struct rsa *k)
{
    static struct ours_use ours;
    static struct ref_use ref;
    ours = (struct ours_use){
        .import = {k->alg, BCRYPT_RSAPUBLIC_BLOB, &k->public_blob, 0},
        .run = ours_encrypt,
        .call = {.flags = BCRYPT_PAD_NONE},
    };
    ref = (struct ref_use){
        .import = {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, NULL},
        .prepare = ref_rsa_encrypt(REF_RAW),
        .run = ref_encrypt,
    };
    fill_in(&ours.call, &ref.call, k->ref.n_bytes);
    ours.call.in.bytes[0] = ref.call.in[0] = 0; /* less than the modulus */
    bench_row(b, "RSA-2048, import public, raw", op(ours_use, &ours), op(ref_use, &ref));
}

void rows_rsa_patterns(struct bench *b)
{
    static struct rsa k;
    if (rsa_init(&k, 2048)) {
        if (bench_group(b, "P13"))
            raw_row(b, &k);
        if (bench_group(b, "P14 RSA-2048"))
            use_rows(b, &k);
    } else {
        bench_lost(b, "RSA key");
    }
    rsa_done(&k);
}
