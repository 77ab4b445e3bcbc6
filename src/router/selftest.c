/*
 * Known answers (known_answer.h): an algorithm is asked what it must know before it is first opened in a process, through the
 * slots that calls use.
 *
 * There is no lock. Threads that come at the same time each ask for themselves, which costs them milliseconds once; none goes on
 * without an answer, none waits for a thread that a fork left behind, and an algorithm that leans on another cannot wait for
 * itself. A wrong answer is for ever: the algorithm stays closed with STATUS_INTERNAL_ERROR, as Windows has no status for it (there
 * the library does not load, or the process ends). No answer, for lack of memory or of random bytes, is a failure of this one call.
 */
#include "router.h"

#include <string.h>

#include "ct.h"

#define LARGEST_ANSWER 5120 /* bytes; the private blob of ML-DSA-87 */
#define MANY 17 /* hashes at once: more than any processor's lanes, and some left over */

/* What a runner finds: the answer was not the known one. */
#define WRONG STATUS_UNSUCCESSFUL

/* One question. */
struct run {
    const struct alg_class *class;
    const struct known_answer *a;
    struct alg *alg;
    uint32_t n; /* bytes of `got` */
    uint8_t got[LARGEST_ANSWER];
};

static void run_done(struct run *r)
{
    if (r->alg != NULL)
        r->alg->object.destroy(&r->alg->object);
}

static void key_done(struct key **key)
{
    key_free(*key);
}

static void hash_done(struct hash **h)
{
    hash_free(*h);
}

static void agreed_done(struct agreed **secret)
{
    agreed_free(*secret);
}

static void multi_done(struct multi **m)
{
    if (*m != NULL)
        multi_free(*m);
}

#define RUN_KEY CLEANUP(key_done) struct key
#define RUN_HASH CLEANUP(hash_done) struct hash
#define RUN_AGREED CLEANUP(agreed_done) struct agreed
#define RUN_MULTI CLEANUP(multi_done) struct multi

/* ---- what the kinds share ------------------------------------------------------------------- */

/* Answers are public; tests/ct asks the same questions with secret keys. */
static NTSTATUS expect(struct span known, const uint8_t *got)
{
    return ct_equal(known.p, got, known.n) ? STATUS_SUCCESS : WRONG;
}

/* Of a call that has to fail with this status. */
static NTSTATUS expect_refusal(NTSTATUS status, NTSTATUS refusal)
{
    if (status == refusal)
        return STATUS_SUCCESS;
    return status >= 0 ? WRONG : status;
}

static struct out all_of(struct run *r)
{
    return (struct out){r->got, sizeof r->got, &r->n, WIDTH_16};
}

static NTSTATUS expect_output(const struct run *r)
{
    return r->n == r->a->output.n ? expect(r->a->output, r->got) : WRONG;
}

static const struct prop_row *settable(const struct alg_class *class, const char *name)
{
    for (const struct prop_row *row = class->props; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0 && row->set != NULL)
            return row;
    }
    return NULL;
}

static NTSTATUS set_properties(const struct run *r, const struct prop_target *t)
{
    for (const struct known_property *p = r->a->set; p != NULL && p->name != NULL; p++) {
        const struct prop_row *row = settable(r->class, p->name);
        if (row == NULL)
            return WRONG;
        TRY(row->set(t, &(struct in){p->value.p, (uint32_t)p->value.n, WIDTH_16}));
    }
    return STATUS_SUCCESS;
}

/* ---- hashes and codes ----------------------------------------------------------------------- */

static NTSTATUS hash_add(struct hash *h, struct span in)
{
    return in.n == 0 ? STATUS_SUCCESS : h->ops->data(h, in);
}

static NTSTATUS hash_object(struct run *r, const struct hash_class *ops)
{
    const struct known_answer *a = r->a;
    RUN_HASH *h = hash_alloc(r->alg, ops);
    if (h == NULL)
        return STATUS_NO_MEMORY;
    TRY(ops->init(h, r->alg, a->key));
    TRY(set_properties(r, &(struct prop_target){.class = r->class, .hash = h}));
    size_t half = a->input.n / 2;
    TRY(hash_add(h, span_of(a->input.p, half)));
    TRY(hash_add(h, span_of(a->input.p + half, a->input.n - half)));
    TRY(ops->finish(h, r->got, a->output.n, false));
    return expect(a->output, r->got);
}

static NTSTATUS hash_many(struct run *r, const struct hash_class *ops)
{
    const struct known_answer *a = r->a;
    size_t n = a->output.n;
    RUN_MULTI *m = multi_alloc(r->alg, ops, MANY);
    if (m == NULL)
        return STATUS_NO_MEMORY;
    struct multi_op list[2 * MANY];
    for (size_t i = 0; i < MANY; i++) {
        list[i] = (struct multi_op){.index = i, .in = a->input.p, .n = a->input.n};
        list[MANY + i] =
            (struct multi_op){.index = i, .finish = true, .out = r->got + i * n, .n = n};
    }
    ops->multi->start(m->elements, MANY);
    TRY(ops->multi->run(m->elements, MANY, list, ARRAY_COUNT(list)));
    for (size_t i = 0; i < MANY; i++)
        TRY(expect(a->output, r->got + i * n));
    return STATUS_SUCCESS;
}

static NTSTATUS run_hash(struct run *r)
{
    const struct known_answer *a = r->a;
    const struct hash_class *ops = alg_hash(r->alg);
    TRY(hash_object(r, ops));
    if (ops->once != NULL && a->set == NULL) {
        TRY(ops->once(r->alg, a->key, a->input, r->got, a->output.n));
        TRY(expect(a->output, r->got));
    }
    return ops->multi != NULL ? hash_many(r, ops) : STATUS_SUCCESS;
}

/* ---- symmetric keys ------------------------------------------------------------------------- */

static NTSTATUS sym_key(struct run *r, struct key **key)
{
    RUN_KEY *made = NULL;
    TRY(r->class->sym->make(r->alg, r->a->key, 0, &made));
    TRY(set_properties(r, &(struct prop_target){.class = r->class, .key = made}));
    *key = made;
    made = NULL;
    return STATUS_SUCCESS;
}

struct iv {
    uint8_t bytes[16];
};

/* One way with a fresh key; `tag` is made or checked where the answer has one. */
static NTSTATUS crypt(struct run *r, bool encrypt, uint8_t *tag)
{
    const struct known_answer *a = r->a;
    RUN_KEY *key = NULL;
    TRY(sym_key(r, &key));
    struct iv iv = {{0}};
    if (a->iv.n > 0)
        memcpy(iv.bytes, a->iv.p, a->iv.n);
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = iv.bytes;
    info.cbNonce = (ULONG)a->iv.n;
    info.pbAuthData = (PUCHAR)(uintptr_t)a->aad.p;
    info.cbAuthData = (ULONG)a->aad.n;
    info.pbTag = tag;
    info.cbTag = (ULONG)a->tag.n;
    bool aead = a->tag.n > 0;
    const struct crypt call = {
        .encrypt = encrypt,
        .in = encrypt ? a->input : a->output,
        .info = aead ? &info : NULL,
        .iv = aead || a->iv.n == 0 ? NULL : iv.bytes,
        .iv_size = aead ? 0 : (uint32_t)a->iv.n,
    };
    const struct out o = all_of(r);
    TRY(r->class->sym->crypt(key, &call, &o));
    struct span known = encrypt ? a->output : a->input;
    return r->n == known.n ? expect(known, r->got) : WRONG;
}

static NTSTATUS run_crypt(struct run *r)
{
    uint8_t tag[16] = {0};
    TRY(crypt(r, true, tag));
    TRY(expect(r->a->tag, tag));
    TRY(crypt(r, false, tag));
    if (r->a->tag.n == 0)
        return STATUS_SUCCESS;
    tag[0] ^= 1;
    return expect_refusal(crypt(r, false, tag), STATUS_AUTH_TAG_MISMATCH);
}

static NTSTATUS run_derive(struct run *r)
{
    const struct known_answer *a = r->a;
    RUN_KEY *key = NULL;
    TRY(sym_key(r, &key));
    const struct params params = {a->params, a->param_count};
    const struct out o = {r->got, (uint32_t)a->output.n, &r->n, WIDTH_16};
    TRY(r->class->sym->derive(key, &params, 0, &o));
    return expect_output(r);
}

/* ---- key pairs ------------------------------------------------------------------------------ */

static const struct key_format *format_of(const struct run *r, const char *name)
{
    const struct key_format *f = r->class->asym->formats;
    while (strcmp(f->name, name) != 0)
        f++;
    return f;
}

static NTSTATUS import(struct run *r, const char *format, struct span blob, struct key **key)
{
    const struct key_format *f = format_of(r, format);
    TRY(f->import(r->alg, f, blob, r->a->unchecked ? BCRYPT_NO_KEY_VALIDATION : 0, key));
    atomic_store_explicit(&(*key)->state, KEY_FINAL, memory_order_release);
    return STATUS_SUCCESS;
}

static NTSTATUS own_key(struct run *r, struct key **key)
{
    TRY(set_properties(r, &(struct prop_target){.class = r->class, .alg = r->alg}));
    return import(r, r->a->format, r->a->key, key);
}

/* The signature is good, and with another bit it is not. */
static NTSTATUS verify(struct run *r, struct key *key, struct span signature)
{
    const struct known_answer *a = r->a;
    const struct asym_class *class = r->class->asym;
    TRY(class->verify(key, &a->pad, a->input, signature));
    uint8_t wrong[2 * LARGEST_ANSWER];
    if (signature.n > sizeof wrong)
        return WRONG;
    memcpy(wrong, signature.p, signature.n);
    wrong[signature.n - 1] ^= 1;
    return expect_refusal(class->verify(key, &a->pad, a->input, span_of(wrong, signature.n)),
                          STATUS_INVALID_SIGNATURE);
}

static NTSTATUS sign(struct run *r, struct key *key)
{
    const struct out o = all_of(r);
    return r->class->asym->sign(key, &r->a->pad, r->a->input, &o);
}

static NTSTATUS run_sign(struct run *r)
{
    RUN_KEY *key = NULL;
    TRY(own_key(r, &key));
    TRY(sign(r, key));
    TRY(expect_output(r));
    return verify(r, key, r->a->output);
}

static NTSTATUS run_verify(struct run *r)
{
    RUN_KEY *key = NULL;
    TRY(own_key(r, &key));
    return verify(r, key, r->a->output);
}

static NTSTATUS run_pair(struct run *r)
{
    RUN_KEY *key = NULL;
    TRY(own_key(r, &key));
    TRY(sign(r, key));
    return r->class->asym->verify(key, &r->a->pad, r->a->input, span_of(r->got, r->n));
}

static NTSTATUS decrypt(struct run *r, struct key *key, struct span in)
{
    const struct out o = all_of(r);
    TRY(r->class->asym->decrypt(key, &r->a->pad, in, &o));
    return expect_output(r);
}

/* Encryption is random, so what it gave is decrypted. */
static NTSTATUS run_decrypt(struct run *r)
{
    RUN_KEY *key = NULL;
    TRY(own_key(r, &key));
    TRY(decrypt(r, key, r->a->input));
    uint8_t encrypted[LARGEST_ANSWER];
    uint32_t n = 0;
    const struct out o = {encrypted, sizeof encrypted, &n, WIDTH_16};
    TRY(r->class->asym->encrypt(key, &r->a->pad, r->a->output, &o));
    return decrypt(r, key, span_of(encrypted, n));
}

static NTSTATUS run_agree(struct run *r)
{
    RUN_KEY *own = NULL;
    RUN_KEY *peer = NULL;
    RUN_AGREED *secret = NULL;
    TRY(own_key(r, &own));
    TRY(import(r, r->a->peer_format, r->a->peer, &peer));
    TRY(r->class->asym->agree(own, peer, &secret));
    const struct out o = all_of(r);
    TRY(r->class->agreed->derive(secret, &(struct name){"TRUNCATE"}, &(struct params){NULL, 0}, 0,
                                 &o));
    return expect_output(r);
}

static NTSTATUS run_decapsulate(struct run *r)
{
    const struct asym_class *class = r->class->asym;
    RUN_KEY *key = NULL;
    TRY(own_key(r, &key));
    const struct out o = all_of(r);
    TRY(class->decapsulate(key, r->a->input, &o));
    TRY(expect_output(r));

    /* A fresh secret is the same on both sides. */
    uint8_t secret[64], ciphertext[LARGEST_ANSWER];
    uint32_t secret_n = 0, n = 0;
    const struct out inner = {secret, sizeof secret, &secret_n, WIDTH_16};
    const struct out outer = {ciphertext, sizeof ciphertext, &n, WIDTH_16};
    TRY(class->encapsulate(key, &inner, &outer));
    TRY(class->decapsulate(key, span_of(ciphertext, n), &o));
    return r->n == secret_n ? expect(span_of(secret, secret_n), r->got) : WRONG;
}

static NTSTATUS run_key(struct run *r)
{
    const struct known_answer *a = r->a;
    RUN_KEY *key = NULL;
    TRY(own_key(r, &key));
    const struct key_format *f = format_of(r, a->expands);
    const struct out o = all_of(r);
    TRY(f->export(key, f, &o));
    return r->n >= a->offset + a->output.n ? expect(a->output, r->got + a->offset) : WRONG;
}

/* ---- random numbers ------------------------------------------------------------------------- */

#define DRAW 64

/* SP 800-90B's simplest health test: a generator that repeats itself. */
static NTSTATUS run_random(struct run *r)
{
    uint8_t *first = r->got, *second = r->got + DRAW;
    TRY(r->class->random(r->alg, 0, first, DRAW));
    TRY(r->class->random(r->alg, 0, second, DRAW));
    bool stuck = ct_equal(first, first + 1, DRAW - 1) || ct_equal(second, second + 1, DRAW - 1);
    bool same = ct_equal(first, second, DRAW);
    wipe(r->got, (size_t)2 * DRAW); /* what comes next must not be told by what came before */
    return stuck || same ? WRONG : STATUS_SUCCESS;
}

/* ---- the verdict ---------------------------------------------------------------------------- */

static NTSTATUS (*const runners[ANSWER_KINDS])(struct run *r) = {
    [ANSWER_HASH] = run_hash,
    [ANSWER_CRYPT] = run_crypt,
    [ANSWER_DERIVE] = run_derive,
    [ANSWER_SIGN] = run_sign,
    [ANSWER_VERIFY] = run_verify,
    [ANSWER_PAIR] = run_pair,
    [ANSWER_DECRYPT] = run_decrypt,
    [ANSWER_AGREE] = run_agree,
    [ANSWER_DECAPSULATE] = run_decapsulate,
    [ANSWER_KEY] = run_key,
    [ANSWER_RANDOM] = run_random,
};

static NTSTATUS ask(const struct alg_class *class, const struct known_answer *a)
{
    CLEANUP(run_done) struct run r;
    r.class = class;
    r.a = a;
    r.n = 0;
    r.alg = NULL;
    TRY(alg_new(class, a->flags, &r.alg));
    if (a->mode != NULL)
        class->alg_mode(r.alg, a->mode);
    return runners[a->kind](&r);
}

static NTSTATUS ask_all(const struct alg_class *class)
{
    NTSTATUS status = STATUS_SUCCESS;
    for (size_t i = 0; i < class->selftest->count && status >= 0; i++)
        status = ask(class, &class->selftest->answers[i]);
    return status;
}

static bool is_no_answer(NTSTATUS status)
{
    return status == STATUS_NO_MEMORY || status == STATUS_INTERNAL_ERROR;
}

NTSTATUS selftest_run(const struct alg_class *class)
{
    const struct selftest *test = class->selftest;
    if (atomic_load_explicit(test->state, memory_order_acquire) == SELFTEST_BAD)
        return STATUS_INTERNAL_ERROR;
    NTSTATUS status = ask_all(class);
    /* A refusal is asked again: verification of libcrypto 3.0 may call a signature wrong when memory ran out. */
    if (status < 0 && status != WRONG && !is_no_answer(status))
        status = ask_all(class);
    if (is_no_answer(status))
        return status;
    if (status < 0) {
        atomic_store_explicit(test->state, SELFTEST_BAD, memory_order_release);
        return STATUS_INTERNAL_ERROR;
    }
    /* Where another thread got a wrong answer, that one counts. */
    int unknown = SELFTEST_UNKNOWN;
    bool good = atomic_compare_exchange_strong(test->state, &unknown, SELFTEST_GOOD) ||
                unknown == SELFTEST_GOOD;
    return good ? STATUS_SUCCESS : STATUS_INTERNAL_ERROR;
}
