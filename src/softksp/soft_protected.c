/*
 * ProtectedKeyBlob: a key protected to a rule of ncryptprotect.h, as Windows' DPAPI-NG does.
 *
 *   NCRYPT_KEY_BLOB_HEADER, magic "PRTK", and the algorithm's name; the key data are protected data, and in them is
 *     a key pair's       PKCS #8
 *     a symmetric key's  CipherKeyBlob or KDFKeyBlob, whole
 *
 * The name in front is checked against what is inside: nothing authenticates it.
 */
#include "soft_format.h"

#include <stdlib.h>
#include <string.h>

#include "ncrypt_blob.h"
#include "protect.h"

/* The longest rule: it may hold a certificate. */
#define RULE_CHARS ((size_t)64 * 1024)
#define RULE_FLAGS (NCRYPT_NAMED_DESCRIPTOR_FLAG | NCRYPT_MACHINE_KEY_FLAG)

static void *heap_alloc(SIZE_T n)
{
    return malloc(n);
}

static const NCRYPT_ALLOC_PARA heap = {sizeof heap, heap_alloc, free};

/* Bytes that the engine allocated; wiped, since they may be a key. */
struct piece {
    uint8_t *p;
    uint32_t n;
};

static void piece_done(struct piece *b)
{
    if (b->p != NULL)
        wipe(b->p, b->n);
    free(b->p);
}
#define PIECE CLEANUP(piece_done) struct piece

static void rule_done(struct protect_rule **rule)
{
    if (*rule != NULL)
        opencng_protect.rule_free(*rule);
}
#define SCOPED_RULE CLEANUP(rule_done) struct protect_rule

/* ---- export --------------------------------------------------------------------------------- */

static NTSTATUS read_rule_text(const struct ksp_params *params, char **text)
{
    const struct in given = ksp_param(params, NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING);
    size_t unit = (size_t)given.width;
    if (given.p == NULL || given.n % unit != 0 || given.n / unit > RULE_CHARS)
        return NTE_INVALID_PARAMETER;
    SECRET ended = {NULL, 0};
    TRY(secret_new(&ended, given.n + unit));
    memcpy(ended.p, given.p, given.n);
    return text_new(text, ended.p, RULE_CHARS, given.width);
}

static NTSTATUS read_rule(const struct ksp_params *params, struct protect_rule **rule)
{
    const struct in given = ksp_param(params, NCRYPTBUFFER_PROTECTION_FLAGS);
    uint32_t flags = 0;
    SCOPED_TEXT *text = NULL;
    TRY(read_rule_text(params, &text));
    if (given.p != NULL)
        TRY(in_u32(&given, &flags));
    if ((flags & ~(uint32_t)RULE_FLAGS) != 0 || flags == NCRYPT_MACHINE_KEY_FLAG)
        return NTE_BAD_FLAGS;
    return flags == 0
               ? opencng_protect.rule_new(text, rule)
               : opencng_protect.rule_named((flags & NCRYPT_MACHINE_KEY_FLAG) != 0, text, rule);
}

/* What is protected. */
static NTSTATUS inner_file(const struct soft_call *call, struct secret *file)
{
    const struct soft_alg *alg = call->key->alg;
    if (alg->class->public_part)
        return soft_pkcs8_file(call, file);
    bool derives = (alg->facts.operations & NCRYPT_KEY_DERIVATION_OPERATION) != 0;
    const struct soft_format *f = soft_format_find(derives ? "KDFKeyBlob" : "CipherKeyBlob");
    uint32_t n = 0;
    struct out o = {NULL, 0, &n, WIDTH_16};
    TRY(f->write(f, call, &o));
    SECRET made = {NULL, 0};
    TRY(secret_new(&made, n));
    o = (struct out){made.p, n, &n, WIDTH_16};
    TRY(f->write(f, call, &o));
    *file = made;
    made = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

NTSTATUS soft_protected_write(const struct soft_format *f, const struct soft_call *call,
                              const struct out *o)
{
    SCOPED_RULE *rule = NULL;
    SECRET file = {NULL, 0};
    PIECE blob = {NULL, 0};
    TRY(read_rule(call->params, &rule));
    TRY(inner_file(call, &file));
    TRY(opencng_protect.seal(rule, secret_span(&file), &heap, &blob.p, &blob.n));
    struct key_envelope e = {.magic = f->magic, .data = span_of(blob.p, blob.n)};
    strcpy(e.alg.s, call->key->alg->facts.name);
    struct wr w = wr_count();
    key_envelope_encode(&e, &w);
    TRY(out_writer(o, &w));
    key_envelope_encode(&e, &w);
    return STATUS_SUCCESS;
}

/* ---- import --------------------------------------------------------------------------------- */

/* A symmetric key, out of its own blob; the material keeps bytes of its own. */
static NTSTATUS take_symmetric(const struct soft_call *call, struct span file,
                               struct soft_material *m)
{
    SECRET kept = {NULL, 0};
    TRY(secret_copy(&kept, file));
    const struct soft_format *f = soft_format_find("CipherKeyBlob");
    if (f->read(f, call, secret_span(&kept), m) < 0) {
        f = soft_format_find("KDFKeyBlob");
        TRY(f->read(f, call, secret_span(&kept), m));
    }
    m->bytes = kept;
    kept = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

NTSTATUS soft_protected_read(const struct soft_format *f, const struct soft_call *call,
                             struct span in, struct soft_material *m)
{
    struct key_envelope e;
    PIECE file = {NULL, 0};
    TRY(key_envelope_decode(f->magic, in, &e));
    const struct soft_alg *alg = soft_alg_find(e.alg.s);
    if (alg == NULL)
        return NTE_NOT_SUPPORTED;
    TRY(opencng_protect.open(e.data, &heap, NULL, &file.p, &file.n));
    NTSTATUS status = alg->class->public_part ? soft_pkcs8_take(call, span_of(file.p, file.n), m)
                                              : take_symmetric(call, span_of(file.p, file.n), m);
    if (status == NTE_INVALID_PARAMETER)
        return NTE_BAD_DATA; /* what is inside is not of the kind that the name says */
    TRY(status);
    return strcmp(m->alg->group, alg->group) == 0 ? STATUS_SUCCESS : NTE_BAD_DATA;
}
