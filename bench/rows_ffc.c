/* Diffie-Hellman and DSA, 2048 bits. */
#include "rows.h"

#include <string.h>

struct ffc {
    struct ref_ffc ref;
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
    struct ours_blob public_blob, private_blob;
    EVP_PKEY_CTX *load;
};

struct family {
    LPCWSTR alg_name, public_type, private_type;
    bool (*ref_init)(struct ref_ffc *r, const uint8_t *blob);
};

static const struct family dh = {BCRYPT_DH_ALGORITHM, BCRYPT_DH_PUBLIC_BLOB, BCRYPT_DH_PRIVATE_BLOB,
                                 ref_dh_init};
static const struct family dsa = {BCRYPT_DSA_ALGORITHM, BCRYPT_DSA_PUBLIC_BLOB,
                                  BCRYPT_DSA_PRIVATE_BLOB, ref_dsa_init};

#define BITS 2048

static bool ffc_init(struct ffc *k, const struct family *f)
{
    *k = (struct ffc){.alg = ours_open(f->alg_name)};
    if (k->alg == NULL)
        return false;
    k->key = ours_key_new(&(struct ours_generate){.alg = k->alg, .bits = BITS});
    if (k->key == NULL || !export_blob(k->key, f->public_type, &k->public_blob) ||
        !export_blob(k->key, f->private_type, &k->private_blob) ||
        !f->ref_init(&k->ref, k->private_blob.bytes))
        return false;
    k->load = ref_import_ctx(k->ref.key_type);
    return true;
}

static void ffc_done(struct ffc *k)
{
    ref_ffc_done(&k->ref);
    EVP_PKEY_CTX_free(k->load);
    if (k->key != NULL)
        BCryptDestroyKey(k->key);
    if (k->alg != NULL)
        BCryptCloseAlgorithmProvider(k->alg, 0);
}

static void generate_rows(struct bench *b, const struct ffc *k, struct ours_generate *ours)
{
    struct ref_generate ref = {ref_generate_like_ctx(k->ref.pkey), EVP_PKEY_pairwise_check};
    bench_row(b, "generate, pair tested", op(ours_generate, ours), op(ref_generate, &ref));
    ref.check = NULL;
    bench_note_row(b, "generate (libcrypto: pair not tested)", op(ours_generate, ours),
                   op(ref_generate, &ref));
    EVP_PKEY_CTX_free(ref.ctx);
}

/* The default check is libcrypto's quick one, which is one of ranges for DH, and for DSA its only one. Asked for the order,
 * libcrypto looks at y's in DSA and never with named groups of DH; we look at that of g as well. */
static void import_rows(struct bench *b, const struct ffc *k, const struct family *f)
{
    struct ours_import ours = {k->alg, f->public_type, &k->public_blob, 0};
    struct ref_import ref = {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params,
                             EVP_PKEY_public_check_quick};
    bench_row(b, "import public, checked", op(ours_import, &ours), op(ref_import, &ref));
    ours.flags = BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER;
    ref.check = EVP_PKEY_public_check;
    bench_note_row(b,
                   f == &dh ? "import public, order checked (libcrypto: range)"
                            : "import public, orders checked (libcrypto: y's)",
                   op(ours_import, &ours), op(ref_import, &ref));
    ours.flags = BCRYPT_NO_KEY_VALIDATION;
    ref.check = NULL;
    bench_row(b, "import public, unchecked", op(ours_import, &ours), op(ref_import, &ref));

    ours = (struct ours_import){k->alg, f->private_type, &k->private_blob, 0};
    ref = (struct ref_import){k->load, EVP_PKEY_KEYPAIR, k->ref.private_params,
                              EVP_PKEY_pairwise_check};
    bench_row(b, "import private, checked", op(ours_import, &ours), op(ref_import, &ref));
    ours.flags = BCRYPT_NO_KEY_VALIDATION;
    ref.check = NULL;
    bench_row(b, "import private, unchecked", op(ours_import, &ours), op(ref_import, &ref));
}

static void export_rows(struct bench *b, const struct ffc *k, const struct family *f)
{
    struct ours_export ours = {.key = k->key, .type = f->public_type};
    struct ref_export ref;
    ref_ffc_export_init(&ref, &k->ref, false);
    bench_row(b, "export public", op(ours_export, &ours), op(ref_export, &ref));
    ours.type = f->private_type;
    ref_ffc_export_init(&ref, &k->ref, true);
    bench_row(b, "export private", op(ours_export, &ours), op(ref_export, &ref));
}

/* ---- DH -------------------------------------------------------------------------------------------------------- */

static void agree_row(struct bench *b, const struct ffc *k)
{
    struct ours_agree ours = {.own = k->key};
    struct ref_call ref;
    ours.peer =
        ours_key_import(&(struct ours_import){k->alg, BCRYPT_DH_PUBLIC_BLOB, &k->public_blob, 0});
    if (ref_call_init(&ref, k->ref.pkey, (struct ref_prepare){ref_derive_init, k->ref.pkey}))
        call_row(b, "agree, derive raw", op(ours_agree, &ours), ref_derive, &ref);
    ref_call_done(&ref);
    BCryptDestroyKey(ours.peer);
}

void rows_dh(struct bench *b)
{
    static struct ffc k;
    if (!bench_group(b, "DH-2048"))
        return;
    if (ffc_init(&k, &dh)) {
        generate_rows(b, &k, &(struct ours_generate){.alg = k.alg, .bits = BITS});
        import_rows(b, &k, &dh);
        export_rows(b, &k, &dh);
        agree_row(b, &k);
    } else {
        bench_lost(b, "key");
    }
    ffc_done(&k);
}

void rows_dh_patterns(struct bench *b)
{
    static struct ffc k;
    if (!bench_group(b, "P13 DH-2048"))
        return;
    if (ffc_init(&k, &dh)) {
        generate_rows(b, &k, &(struct ours_generate){.alg = k.alg, .bits = BITS});
        agree_row(b, &k);
    } else {
        bench_lost(b, "key");
    }
    ffc_done(&k);
}

/* ---- DSA ------------------------------------------------------------------------------------------------------- */

static void signature_rows(struct bench *b, const struct ffc *k)
{
    struct ours_call ours = {.key = k->key};
    struct ref_call ref;
    fill_in(&ours, &ref, HASH_BYTES);
    if (!ref_call_init(&ref, k->ref.pkey, (struct ref_prepare){ref_sign_init, NULL}) ||
        !ours_sign(&ours) || !ref_sign(&ref))
        return;
    call_row(b, "sign", op(ours_sign, &ours), ref_sign, &ref);
    ref_call_done(&ref);
    if (ref_call_init(&ref, k->ref.pkey, (struct ref_prepare){ref_verify_init, NULL}))
        call_row(b, "verify", op(ours_verify, &ours), ref_verify, &ref);
    ref_call_done(&ref);

    static struct ours_use ours_once;
    static struct ref_use ref_once;
    ours_once =
        (struct ours_use){{k->alg, BCRYPT_DSA_PUBLIC_BLOB, &k->public_blob, 0}, ours_verify, ours};
    ref_once = (struct ref_use){
        {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, EVP_PKEY_public_check_quick},
        {ref_verify_init, NULL},
        ref_verify,
        ref};
    bench_row(b, "import public, verify once", op(ours_use, &ours_once), op(ref_use, &ref_once));
}

/* Nothing given: parameters, then a key in them. */
static bool ref_fresh_generate(void *parameters_ctx)
{
    EVP_PKEY *parameters = NULL;
    if (!ref_ok(EVP_PKEY_generate(parameters_ctx, &parameters) == 1, "EVP_PKEY_generate"))
        return false;
    struct ref_generate generate = {ref_generate_like_ctx(parameters), NULL};
    bool ok = generate.ctx != NULL && ref_generate(&generate);
    EVP_PKEY_CTX_free(generate.ctx);
    EVP_PKEY_free(parameters);
    return ok;
}

static void fresh_row(struct bench *b, const struct ffc *k)
{
    struct ours_generate ours = {.alg = k->alg, .bits = BITS};
    EVP_PKEY_CTX *ref = ref_dsa_parameters_ctx(BITS, 256);
    bench_goal(b, (struct bench_goal){0.35, 0});
    bench_random_row(b, "generate, parameters too", op(ours_generate, &ours),
                     op(ref_fresh_generate, ref));
    bench_goal(b, BENCH_GOAL);
    EVP_PKEY_CTX_free(ref);
}

/* Parameters given, so that no primes are searched. The library gets them with each key and checks them. */
static bool ref_checked_generate(void *arg)
{
    EVP_PKEY *parameters = ref_key_import(arg);
    if (parameters == NULL)
        return false;
    struct ref_generate generate = {ref_generate_like_ctx(parameters), EVP_PKEY_pairwise_check};
    bool ok = generate.ctx != NULL && ref_generate(&generate);
    EVP_PKEY_CTX_free(generate.ctx);
    EVP_PKEY_free(parameters);
    return ok;
}

static void parameter_rows(struct bench *b, const struct ffc *k)
{
    static struct ours_blob parameters;
    if (!ours_ok(BCryptGetProperty(k->key, BCRYPT_DSA_PARAMETERS, parameters.bytes,
                                   sizeof parameters.bytes, &parameters.n, 0),
                 "BCryptGetProperty"))
        return;
    struct ours_generate ours = {
        .alg = k->alg,
        .bits = BITS,
        .property = BCRYPT_DSA_PARAMETERS,
        .value = parameters.bytes,
        .value_n = parameters.n,
    };
    struct ref_import checked = {k->load, EVP_PKEY_KEY_PARAMETERS, k->ref.public_params,
                                 EVP_PKEY_param_check};
    bench_row(b, "generate, parameters checked", op(ours_generate, &ours),
              op(ref_checked_generate, &checked));
    struct ref_generate trusted = {ref_generate_like_ctx(k->ref.pkey), EVP_PKEY_pairwise_check};
    bench_note_row(b, "generate (libcrypto: parameters trusted)", op(ours_generate, &ours),
                   op(ref_generate, &trusted));
    EVP_PKEY_CTX_free(trusted.ctx);
}

void rows_dsa(struct bench *b)
{
    static struct ffc k;
    if (!bench_group(b, "DSA-2048"))
        return;
    if (ffc_init(&k, &dsa)) {
        fresh_row(b, &k);
        parameter_rows(b, &k);
        import_rows(b, &k, &dsa);
        export_rows(b, &k, &dsa);
        signature_rows(b, &k);
    } else {
        bench_lost(b, "key");
    }
    ffc_done(&k);
}
