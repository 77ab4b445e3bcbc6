/* Keys with a name, beside the same keys through bcrypt.h (rows_store.h). */
#include "rows_store.h"

#include <stdio.h>

#include "ref.h"

#define OPEN_GOAL ((struct bench_goal){1, 50e3}) /* what finding, reading and unsealing may take */
#define SIGN_GOAL ((struct bench_goal){1.03, 0})
#define FLAT_GOAL                                                                                  \
    ((struct bench_goal){1.25, 0}) /* the processor's caches hold a few keys, not all */
#define LEAST_SCALING 1.9
#define ENUM_MOST_KIB 64 /* the names alone of 10,000 keys would take ten times that */
#define SIGN_BYTES 32

static struct bench_op op(bool (*run)(void *arg), void *arg)
{
    return (struct bench_op){run, arg};
}

/* ---- the keys -------------------------------------------------------------------------------- */

static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};

static const struct kind {
    const char *name;
    BCRYPT_ALG_HANDLE alg;
    ULONG bits;
    LPCWSTR blob_type;
    void *padding;
    ULONG flags;
} kinds[] = {
    {"ECDSA P-256", BCRYPT_ECDSA_P256_ALG_HANDLE, 256, BCRYPT_ECCPRIVATE_BLOB, NULL, 0},
    {"RSA-2048", BCRYPT_RSA_ALG_HANDLE, 2048, BCRYPT_RSAFULLPRIVATE_BLOB, &pkcs1, BCRYPT_PAD_PKCS1},
};

#define KINDS (sizeof kinds / sizeof kinds[0])

/* One key: with a name, open by that name, and as bcrypt.h has it. */
struct pair {
    const struct kind *kind;
    struct ours_blob blob;
    BCRYPT_KEY_HANDLE key;
    struct ours_named_call named;
    struct ours_call call;
    struct ours_use use;
};

static void pair_done(struct pair *p)
{
    if (p->named.key != 0)
        NCryptFreeObject(p->named.key);
    if (p->key != NULL)
        BCryptDestroyKey(p->key);
}

static bool pair_blob(const struct kind *kind, struct ours_blob *blob)
{
    static struct ours_export e;
    e = (struct ours_export){.type = kind->blob_type};
    e.key = ours_key_new(&(struct ours_generate){.alg = kind->alg, .bits = kind->bits});
    bool ok = e.key != NULL && ours_export(&e);
    if (e.key != NULL)
        BCryptDestroyKey(e.key);
    *blob = e.blob;
    return ok;
}

static bool pair_init(struct pair *p, const struct kind *kind, const struct ours_store *s)
{
    *p = (struct pair){.kind = kind};
    ours_keys_init(&p->named.keys, s, 0);
    if (!pair_blob(kind, &p->blob) ||
        !ours_keys_import(&p->named.keys, kind->blob_type, &p->blob, 1))
        return false;
    /* What the store unseals was checked when it was stored, so it is imported unchecked. */
    const struct ours_import import = {kind->alg, kind->blob_type, &p->blob,
                                       BCRYPT_NO_KEY_VALIDATION};
    p->key = ours_key_import(&import);
    p->named.key = ours_keys_open(&p->named.keys);
    p->call = (struct ours_call){.key = p->key, .padding = kind->padding, .flags = kind->flags};
    p->call.in.n = SIGN_BYTES;
    for (size_t i = 0; i < SIGN_BYTES; i++)
        p->call.in.bytes[i] = (UCHAR)(i * 37 + 11);
    p->named.call = p->call;
    p->use = (struct ours_use){import, ours_sign, p->call};
    return p->key != NULL && p->named.key != 0;
}

/* ---- making ---------------------------------------------------------------------------------- */

void rows_store_create(struct bench *b, const struct ours_store *s, size_t count)
{
    static struct ours_keys keys;
    struct ours_generate generate = {.alg = BCRYPT_ECDSA_P256_ALG_HANDLE, .bits = 256};
    if (!bench_group(b, "create:"))
        return;
    ours_keys_init(&keys, s, 0);
    bench_wall_row(b, "ECDSA P-256, on the disk", count, op(ours_named_create, &keys),
                   op(ours_generate, &generate));
}

/* ---- opening and signing --------------------------------------------------------------------- */

static void pair_rows(struct bench *b, struct pair *p)
{
    static struct ours_named_call use;
    use = (struct ours_named_call){.keys = p->named.keys, .call = p->named.call};
    bench_goal(b, OPEN_GOAL);
    bench_row(b, "open by name", op(ours_named_open, &p->named.keys),
              op(ours_import, &p->use.import));
    bench_row(b, "open by name, sign once", op(ours_named_use, &use), op(ours_use, &p->use));
    bench_goal(b, SIGN_GOAL);
    bench_row(b, "sign, key open", op(ours_named_sign, &p->named), op(ours_sign, &p->call));
}

void rows_store_keys(struct bench *b, const struct ours_store *s)
{
    static struct pair p;
    for (size_t i = 0; i < KINDS; i++) {
        if (!bench_group(b, kinds[i].name))
            continue;
        if (pair_init(&p, &kinds[i], s))
            pair_rows(b, &p);
        else
            bench_lost(b, "key");
        pair_done(&p);
    }
}

/* ---- two threads ----------------------------------------------------------------------------- */

/* Both threads use one handle, or open the same name. */
static void threads_rows(struct bench *b, const struct pair *p)
{
    static struct ours_named_call named[BENCH_THREADS];
    static struct ours_named_call named_use[BENCH_THREADS];
    static struct ours_call call[BENCH_THREADS];
    static struct ours_use use[BENCH_THREADS];
    struct bench_op ops[4][BENCH_THREADS];
    char name[64];
    for (size_t i = 0; i < BENCH_THREADS; i++) {
        named[i] = named_use[i] = p->named;
        call[i] = p->call;
        use[i] = p->use;
        ops[0][i] = op(ours_named_sign, &named[i]);
        ops[1][i] = op(ours_sign, &call[i]);
        ops[2][i] = op(ours_named_use, &named_use[i]);
        ops[3][i] = op(ours_use, &use[i]);
    }
    snprintf(name, sizeof name, "%s sign, key open", p->kind->name);
    bench_scaling_row(b, name, ops[0], ops[1], LEAST_SCALING);
    snprintf(name, sizeof name, "%s open, sign", p->kind->name);
    bench_scaling_row(b, name, ops[2], ops[3], LEAST_SCALING);
}

void rows_store_threads(struct bench *b, const struct ours_store *s)
{
    static struct pair p;
    if (!bench_group(b, "two threads:"))
        return;
    for (size_t i = 0; i < KINDS; i++) {
        if (pair_init(&p, &kinds[i], s))
            threads_rows(b, &p);
        else
            bench_lost(b, kinds[i].name);
        pair_done(&p);
    }
}

/* ---- many keys ------------------------------------------------------------------------------- */

static void many_rows(struct bench *b, struct ours_keys *many, struct ours_keys *few)
{
    char name[64];
    bench_goal(b, FLAT_GOAL);
    snprintf(name, sizeof name, "open one of %zu (%zu)", many->count, few->count);
    bench_row(b, name, op(ours_named_open, many), op(ours_named_open, few));
    snprintf(name, sizeof name, "enumerate, each of %zu (%zu)", many->count, few->count);
    bench_row(b, name, op(ours_named_next, many), op(ours_named_next, few));
    snprintf(name, sizeof name, "enumerate %zu, memory", many->count);
    /* What a process keeps after its first walk does not depend on the number of keys. */
    double kib;
    if (!ours_named_walk(few, &kib))
        bench_lost(b, "enumerate");
    bench_memory_row(b, name, (struct bench_memory){ours_named_walk, many, ENUM_MOST_KIB});
}

/* The few are the user's, the many the machine's: two folders, and no name of one slows down the other. All are the same
 * key under many names, since generation is measured elsewhere; each is made and stored as any import is. */
void rows_store_many(struct bench *b, const struct ours_store *s, const size_t *counts)
{
    static struct ours_blob blob;
    static struct ours_keys few, many;
    if (!bench_group(b, "keys:"))
        return;
    ours_keys_init(&few, s, 0);
    ours_keys_init(&many, s, NCRYPT_MACHINE_KEY_FLAG);
    const struct kind *kind = &kinds[0];
    bool ok = pair_blob(kind, &blob) && ours_keys_import(&few, kind->blob_type, &blob, 10);
    for (; ok && *counts > 0; counts++) {
        ok = ours_keys_import(&many, kind->blob_type, &blob, *counts);
        if (ok)
            many_rows(b, &many, &few);
    }
    if (!ok)
        bench_lost(b, "set-up");
    ours_keys_done(&many);
}

/* ---- beside libcrypto ------------------------------------------------------------------------ */

void rows_store_patterns(struct bench *b, const struct ours_store *s)
{
    static struct pair p;
    static struct ours_named_call ours;
    static struct ref_ecc ecc;
    static struct ref_use ref;
    if (!bench_group(b, "P16 ECDSA P-256"))
        return;
    bench_goal(b, OPEN_GOAL);
    if (pair_init(&p, &kinds[0], s) && ref_ecc_init(&ecc, p.blob.bytes, "P-256")) {
        ours = (struct ours_named_call){.keys = p.named.keys, .call = p.named.call};
        ref = (struct ref_use){
            .import = {ref_import_ctx(ecc.key_type), EVP_PKEY_KEYPAIR, ecc.private_params, NULL},
            .prepare = {ref_sign_init, NULL},
            .run = ref_sign,
            .call = {.in_n = SIGN_BYTES},
        };
        bench_row(b, "open by name, sign, free", op(ours_named_use, &ours), op(ref_use, &ref));
        EVP_PKEY_CTX_free(ref.import.ctx);
    } else {
        bench_lost(b, "key");
    }
    ref_ecc_done(&ecc);
    pair_done(&p);
}
