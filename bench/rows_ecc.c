/* ECDSA, ECDH and X25519. */
#include "rows.h"

struct curve {
    const char *name;
    LPCWSTR alg_name;
    LPCWSTR curve_name; /* set on the algorithm; NULL: it has its own */
    ULONG bits;
    const char *group; /* libcrypto's; NULL: X25519 */
    size_t hash_bytes;
    double generate, verify_once; /* ratios that are the goals of these rows; 0: the usual goal */
};

static const struct curve ecdsa_curves[] = {
    {"ECDSA P-256", BCRYPT_ECDSA_P256_ALGORITHM, NULL, 256, "P-256", 32, 0.80, 0.95},
    {"ECDSA P-384", BCRYPT_ECDSA_P384_ALGORITHM, NULL, 384, "P-384", 48},
    {"ECDSA P-521", BCRYPT_ECDSA_P521_ALGORITHM, NULL, 521, "P-521", 64},
};

static const struct curve ecdh_curves[] = {
    {"ECDH P-256", BCRYPT_ECDH_P256_ALGORITHM, NULL, 256, "P-256", 0, 0.80, 0},
    {"ECDH P-384", BCRYPT_ECDH_P384_ALGORITHM, NULL, 384, "P-384", 0},
    {"ECDH P-521", BCRYPT_ECDH_P521_ALGORITHM, NULL, 521, "P-521", 0},
    {"X25519", BCRYPT_ECDH_ALGORITHM, BCRYPT_ECC_CURVE_25519, 255, NULL, 0},
};

struct ecc {
    const struct curve *curve;
    struct ref_ecc ref;
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
    struct ours_blob public_blob, private_blob;
    EVP_PKEY_CTX *load;
};

static void set_goal(struct bench *b, double ratio)
{
    bench_goal(b, ratio > 0 ? (struct bench_goal){ratio, 0} : BENCH_GOAL);
}

static void generate_rows(struct bench *b, const struct ecc *k)
{
    struct ours_generate ours = {.alg = k->alg, .bits = k->curve->bits};
    struct ref_generate ref = {ref_ecc_generate_ctx(k->curve->group), EVP_PKEY_pairwise_check};
    set_goal(b, k->curve->generate);
    bench_row(b, "generate, pair tested", op(ours_generate, &ours), op(ref_generate, &ref));
    bench_goal(b, BENCH_GOAL);
    ref.check = NULL;
    bench_note_row(b, "generate (libcrypto: pair not tested)", op(ours_generate, &ours),
                   op(ref_generate, &ref));
    EVP_PKEY_CTX_free(ref.ctx);
}

/* Loading a public key checks that it is on the curve, on both sides: there is nothing more to check. */
static void import_rows(struct bench *b, const struct ecc *k)
{
    struct ours_import ours = {k->alg, BCRYPT_ECCPUBLIC_BLOB, &k->public_blob, 0};
    struct ref_import ref = {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, NULL};
    bench_row(b, "import public", op(ours_import, &ours), op(ref_import, &ref));
    ours = (struct ours_import){k->alg, BCRYPT_ECCPRIVATE_BLOB, &k->private_blob, 0};
    ref = (struct ref_import){k->load, EVP_PKEY_KEYPAIR, k->ref.private_params,
                              EVP_PKEY_pairwise_check};
    bench_row(b, "import private, checked", op(ours_import, &ours), op(ref_import, &ref));
    ours.flags = BCRYPT_NO_KEY_VALIDATION;
    ref.check = NULL;
    bench_row(b, "import private, unchecked", op(ours_import, &ours), op(ref_import, &ref));
}

static void export_rows(struct bench *b, const struct ecc *k)
{
    struct ours_export ours = {.key = k->key, .type = BCRYPT_ECCPUBLIC_BLOB};
    struct ref_export ref;
    ref_ecc_export_init(&ref, &k->ref, false);
    bench_row(b, "export public", op(ours_export, &ours), op(ref_export, &ref));
    ours.type = BCRYPT_ECCPRIVATE_BLOB;
    ref_ecc_export_init(&ref, &k->ref, true);
    bench_row(b, "export private", op(ours_export, &ours), op(ref_export, &ref));
}

static void use_row(struct bench *b, const struct ecc *k, const struct ours_call *signed_ours,
                    const struct ref_call *signed_ref)
{
    static struct ours_use ours;
    static struct ref_use ref;
    ours = (struct ours_use){
        {k->alg, BCRYPT_ECCPUBLIC_BLOB, &k->public_blob, 0}, ours_verify, *signed_ours};
    ref = (struct ref_use){{k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, NULL},
                           {ref_verify_init, NULL},
                           ref_verify,
                           *signed_ref};
    set_goal(b, k->curve->verify_once);
    bench_row(b, "import public, verify once", op(ours_use, &ours), op(ref_use, &ref));
    bench_goal(b, BENCH_GOAL);
}

static void signature_rows(struct bench *b, const struct ecc *k)
{
    struct ours_call ours = {.key = k->key};
    struct ref_call ref;
    fill_in(&ours, &ref, k->curve->hash_bytes);
    if (!ref_call_init(&ref, k->ref.pkey, (struct ref_prepare){ref_sign_init, NULL}) ||
        !ours_sign(&ours) || !ref_sign(&ref))
        return;
    call_row(b, "sign", op(ours_sign, &ours), ref_sign, &ref);
    ref_call_done(&ref);
    if (ref_call_init(&ref, k->ref.pkey, (struct ref_prepare){ref_verify_init, NULL}))
        call_row(b, "verify", op(ours_verify, &ours), ref_verify, &ref);
    ref_call_done(&ref);
    use_row(b, k, &ours, &ref);
}

/* The peer's key is the same every time, and libcrypto's context keeps it. */
static void agree_row(struct bench *b, const struct ecc *k)
{
    struct ours_agree ours = {.own = k->key};
    struct ref_call ref;
    ours.peer =
        ours_key_import(&(struct ours_import){k->alg, BCRYPT_ECCPUBLIC_BLOB, &k->public_blob, 0});
    if (ref_call_init(&ref, k->ref.pkey, (struct ref_prepare){ref_derive_init, k->ref.pkey}))
        call_row(b, "agree, derive raw", op(ours_agree, &ours), ref_derive, &ref);
    ref_call_done(&ref);
    BCryptDestroyKey(ours.peer);
}

static bool ecc_init(struct ecc *k, const struct curve *curve)
{
    *k = (struct ecc){.curve = curve, .alg = ours_open(curve->alg_name)};
    if (k->alg == NULL)
        return false;
    if (curve->curve_name != NULL &&
        !ours_ok(BCryptSetProperty(k->alg, BCRYPT_ECC_CURVE_NAME,
                                   (PUCHAR)(uintptr_t)curve->curve_name,
                                   sizeof BCRYPT_ECC_CURVE_25519, 0),
                 "BCryptSetProperty"))
        return false;
    k->key = ours_key_new(&(struct ours_generate){.alg = k->alg, .bits = curve->bits});
    if (k->key == NULL || !export_blob(k->key, BCRYPT_ECCPUBLIC_BLOB, &k->public_blob) ||
        !export_blob(k->key, BCRYPT_ECCPRIVATE_BLOB, &k->private_blob) ||
        !ref_ecc_init(&k->ref, k->private_blob.bytes, curve->group))
        return false;
    k->load = ref_import_ctx(k->ref.key_type);
    return true;
}

static void ecc_done(struct ecc *k)
{
    ref_ecc_done(&k->ref);
    EVP_PKEY_CTX_free(k->load);
    if (k->key != NULL)
        BCryptDestroyKey(k->key);
    if (k->alg != NULL)
        BCryptCloseAlgorithmProvider(k->alg, 0);
}

static void curve_rows(struct bench *b, const struct curve *curve)
{
    static struct ecc k;
    if (!bench_group(b, curve->name))
        return;
    if (ecc_init(&k, curve)) {
        generate_rows(b, &k);
        import_rows(b, &k);
        export_rows(b, &k);
        if (curve->hash_bytes > 0)
            signature_rows(b, &k);
        else
            agree_row(b, &k);
    } else {
        bench_lost(b, "key");
    }
    ecc_done(&k);
}

void rows_ecdsa(struct bench *b)
{
    for (size_t i = 0; i < sizeof ecdsa_curves / sizeof ecdsa_curves[0]; i++)
        curve_rows(b, &ecdsa_curves[i]);
}

void rows_ecdh(struct bench *b)
{
    for (size_t i = 0; i < sizeof ecdh_curves / sizeof ecdh_curves[0]; i++)
        curve_rows(b, &ecdh_curves[i]);
}

static const struct curve pattern_curves[] = {
    {"P15 ECDSA P-256", BCRYPT_ECDSA_P256_ALGORITHM, NULL, 256, "P-256", 32},
    {"P15 ECDSA P-384", BCRYPT_ECDSA_P384_ALGORITHM, NULL, 384, "P-384", 48},
    {"P15 ECDH P-256", BCRYPT_ECDH_P256_ALGORITHM, NULL, 256, "P-256", 0},
    {"P15 ECDH P-384", BCRYPT_ECDH_P384_ALGORITHM, NULL, 384, "P-384", 0},
};

/* libcrypto does not test the pair that it makes, which the other side always does: not judged. */
static void ephemeral_row(struct bench *b, const struct ecc *k)
{
    static struct ours_ephemeral ours;
    static struct ref_ephemeral ref;
    ours = (struct ours_ephemeral){.generate = {.alg = k->alg, .bits = k->curve->bits},
                                   .agree = {.peer = k->key}};
    ref = (struct ref_ephemeral){ref_ecc_generate_ctx(k->curve->group), k->ref.pkey, {0}};
    bench_note_row(b, "generate, agree, derive raw", op(ours_ephemeral, &ours),
                   op(ref_ephemeral, &ref));
    EVP_PKEY_CTX_free(ref.ctx);
}

void rows_ecc_patterns(struct bench *b)
{
    static struct ecc k;
    for (size_t i = 0; i < sizeof pattern_curves / sizeof pattern_curves[0]; i++) {
        const struct curve *curve = &pattern_curves[i];
        if (!bench_group(b, curve->name))
            continue;
        if (!ecc_init(&k, curve))
            bench_lost(b, "key");
        else if (curve->hash_bytes > 0)
            signature_rows(b, &k);
        else
            ephemeral_row(b, &k);
        ecc_done(&k);
    }
}
