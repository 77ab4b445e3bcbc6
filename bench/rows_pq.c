/* ML-KEM and ML-DSA, where libcrypto has them. */
#include "rows.h"

struct set {
    const char *name; /* libcrypto's too */
    LPCWSTR set_name;
    ULONG set_name_bytes;
    bool kem;
};

#define SET(name, set, kem)                                                                        \
    {                                                                                              \
        name, set, sizeof set, kem                                                                 \
    }

static const struct set mlkem_sets[] = {
    SET("ML-KEM-512", BCRYPT_MLKEM_PARAMETER_SET_512, true),
    SET("ML-KEM-768", BCRYPT_MLKEM_PARAMETER_SET_768, true),
    SET("ML-KEM-1024", BCRYPT_MLKEM_PARAMETER_SET_1024, true),
};

static const struct set mldsa_sets[] = {
    SET("ML-DSA-44", BCRYPT_MLDSA_PARAMETER_SET_44, false),
    SET("ML-DSA-65", BCRYPT_MLDSA_PARAMETER_SET_65, false),
    SET("ML-DSA-87", BCRYPT_MLDSA_PARAMETER_SET_87, false),
};

struct pq {
    const struct set *set;
    struct ref_pq ref;
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
    LPCWSTR public_type, seed_type;
    struct ours_generate generate;
    struct ours_blob public_blob, seed_blob;
    EVP_PKEY_CTX *load;
};

static bool pq_init(struct pq *k, const struct set *set)
{
    *k = (struct pq){
        .set = set,
        .alg = ours_open(set->kem ? BCRYPT_MLKEM_ALGORITHM : BCRYPT_MLDSA_ALGORITHM),
        .public_type = set->kem ? BCRYPT_MLKEM_PUBLIC_BLOB : BCRYPT_PQDSA_PUBLIC_BLOB,
        .seed_type = set->kem ? BCRYPT_MLKEM_PRIVATE_SEED_BLOB : BCRYPT_PQDSA_PRIVATE_SEED_BLOB,
    };
    if (k->alg == NULL)
        return false;
    k->generate = (struct ours_generate){
        .alg = k->alg,
        .property = BCRYPT_PARAMETER_SET_NAME,
        .value = set->set_name,
        .value_n = set->set_name_bytes,
    };
    k->key = ours_key_new(&k->generate);
    if (k->key == NULL || !export_blob(k->key, k->public_type, &k->public_blob) ||
        !export_blob(k->key, k->seed_type, &k->seed_blob) ||
        !ref_pq_init(&k->ref, set->name, k->public_blob.bytes, k->seed_blob.bytes))
        return false;
    k->load = ref_import_ctx(set->name);
    return true;
}

static void pq_done(struct pq *k)
{
    ref_pq_done(&k->ref);
    EVP_PKEY_CTX_free(k->load);
    if (k->key != NULL)
        BCryptDestroyKey(k->key);
    if (k->alg != NULL)
        BCryptCloseAlgorithmProvider(k->alg, 0);
}

/* Only ML-KEM keys can be generated without a test of the pair. */
static void generate_rows(struct bench *b, struct pq *k)
{
    struct ref_generate ref = {ref_generate_ctx(k->set->name, NULL), EVP_PKEY_pairwise_check};
    bench_row(b, "generate, pair tested", op(ours_generate, &k->generate), op(ref_generate, &ref));
    ref.check = NULL;
    struct ours_generate unchecked = k->generate;
    unchecked.flags = BCRYPT_NO_KEY_VALIDATION;
    if (k->set->kem)
        bench_row(b, "generate, pair not tested", op(ours_generate, &unchecked),
                  op(ref_generate, &ref));
    else
        bench_note_row(b, "generate (libcrypto: pair not tested)", op(ours_generate, &k->generate),
                       op(ref_generate, &ref));
    EVP_PKEY_CTX_free(ref.ctx);
}

/* libcrypto's loading makes the checks of FIPS 203 and FIPS 204; there is no way to load without them. */
static void import_rows(struct bench *b, const struct pq *k)
{
    struct ours_import ours = {k->alg, k->public_type, &k->public_blob, 0};
    struct ref_import ref = {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, NULL};
    bench_row(b, "import public", op(ours_import, &ours), op(ref_import, &ref));
    ours = (struct ours_import){k->alg, k->seed_type, &k->seed_blob, 0};
    ref = (struct ref_import){k->load, EVP_PKEY_KEYPAIR, k->ref.seed_params, NULL};
    bench_row(b, "import seed", op(ours_import, &ours), op(ref_import, &ref));
    ours.flags = BCRYPT_NO_KEY_VALIDATION;
    bench_row(b, "import seed, unchecked", op(ours_import, &ours), op(ref_import, &ref));
}

static void export_rows(struct bench *b, const struct pq *k)
{
    struct ours_export ours = {.key = k->key, .type = k->public_type};
    struct ref_export ref;
    ref_pq_export_init(&ref, &k->ref, false);
    bench_row(b, "export public", op(ours_export, &ours), op(ref_export, &ref));
    ours.type = k->seed_type;
    ref_pq_export_init(&ref, &k->ref, true);
    bench_row(b, "export seed", op(ours_export, &ours), op(ref_export, &ref));
}

static void use_row(struct bench *b, const struct pq *k, const char *name, bool (*ours_run)(void *),
                    const struct ours_call *ours_call, struct ref_prepare prepare,
                    bool (*ref_run)(void *), const struct ref_call *ref_call)
{
    static struct ours_use ours;
    static struct ref_use ref;
    ours = (struct ours_use){{k->alg, k->public_type, &k->public_blob, 0}, ours_run, *ours_call};
    ref = (struct ref_use){
        {k->load, EVP_PKEY_PUBLIC_KEY, k->ref.public_params, NULL}, prepare, ref_run, *ref_call};
    bench_row(b, name, op(ours_use, &ours), op(ref_use, &ref));
}

static void kem_rows(struct bench *b, const struct pq *k)
{
    struct ours_call ours = {.key = k->key};
    struct ref_call ref;
    if (!ref_call_init(&ref, k->ref.pkey, ref_pq_encapsulate()) || !ours_encapsulate(&ours) ||
        !ref_encapsulate(&ref))
        return;
    call_row(b, "encapsulate", op(ours_encapsulate, &ours), ref_encapsulate, &ref);
    ref_call_done(&ref);
    out_to_in(&ours, &ref);
    if (ref_call_init(&ref, k->ref.pkey, ref_pq_decapsulate()))
        call_row(b, "decapsulate", op(ours_decapsulate, &ours), ref_decapsulate, &ref);
    ref_call_done(&ref);
    use_row(b, k, "import public, encapsulate once", ours_encapsulate, &ours, ref_pq_encapsulate(),
            ref_encapsulate, &ref);
}

static void signature_rows(struct bench *b, const struct pq *k)
{
    struct ours_call ours = {.key = k->key};
    struct ref_call ref;
    fill_in(&ours, &ref, HASH_BYTES);
    if (!ref_call_init(&ref, k->ref.pkey, ref_pq_sign(&k->ref)) || !ours_sign(&ours) ||
        !ref_sign(&ref))
        return;
    bench_random_row(b, "sign", op(ours_sign, &ours), op(ref_sign, &ref));
    ref_call_done(&ref);
    if (ref_call_init(&ref, k->ref.pkey, ref_pq_verify(&k->ref)))
        call_row(b, "verify", op(ours_verify, &ours), ref_verify, &ref);
    ref_call_done(&ref);
    use_row(b, k, "import public, verify once", ours_verify, &ours, ref_pq_verify(&k->ref),
            ref_verify, &ref);
}

static void set_rows(struct bench *b, const struct set *set)
{
    static struct pq k;
    if (!bench_group(b, set->name))
        return;
    if (pq_init(&k, set)) {
        generate_rows(b, &k);
        import_rows(b, &k);
        export_rows(b, &k);
        if (set->kem)
            kem_rows(b, &k);
        else
            signature_rows(b, &k);
    } else if (k.alg == NULL) {
        bench_skip(b, "this libcrypto does not have it");
    } else {
        bench_lost(b, "key");
    }
    pq_done(&k);
}

void rows_mlkem(struct bench *b)
{
    for (size_t i = 0; i < sizeof mlkem_sets / sizeof mlkem_sets[0]; i++)
        set_rows(b, &mlkem_sets[i]);
}

void rows_mldsa(struct bench *b)
{
    for (size_t i = 0; i < sizeof mldsa_sets / sizeof mldsa_sets[0]; i++)
        set_rows(b, &mldsa_sets[i]);
}
