/*
 * The key derivation functions HASH and HMAC of BCryptDeriveKey.
 *
 *     HASH = H(prepend... || Z || append...)
 *     HMAC = HMAC(key, prepend... || Z || append...)
 *
 * The parts of one kind are joined in the order of the list, whatever stands between them there.
 */
#include "agreed_kdf.h"

#include <stdlib.h>

#define PARTS_ON_STACK 8

/* The message as parts; freed by scope. */
struct message {
    struct span few[PARTS_ON_STACK];
    struct span *many; /* NULL: `few` is enough */
    size_t count;
};

static void message_done(struct message *m)
{
    free(m->many);
}

static const struct span *message_parts(const struct message *m)
{
    return m->many != NULL ? m->many : m->few;
}

static struct span *add_params(struct span *at, const struct params *params, uint32_t type)
{
    for (size_t i = 0; i < params->count; i++) {
        if (params->list[i].type == type)
            *at++ = params->list[i].bytes;
    }
    return at;
}

static NTSTATUS message_make(struct message *m, const struct kdf_call *call)
{
    struct span *first = m->few;
    if (call->params->count + 1 > PARTS_ON_STACK) {
        first = m->many = malloc((call->params->count + 1) * sizeof *m->many);
        if (first == NULL)
            return STATUS_NO_MEMORY;
    }
    struct span *at = add_params(first, call->params, KDF_SECRET_PREPEND);
    *at++ = secret_span(&call->secret->z);
    at = add_params(at, call->params, KDF_SECRET_APPEND);
    m->count = (size_t)(at - first);
    return STATUS_SUCCESS;
}

NTSTATUS agreed_kdf_hash(const struct kdf_call *call)
{
    const struct digest *d;
    TRY(kdf_params_hash(call->params, "SHA1", &d));
    DIGEST_VALUE value;
    if (!out_is_query(call->out)) {
        CLEANUP(message_done) struct message m = {.many = NULL};
        TRY(message_make(&m, call));
        TRY(digest_spans(d, message_parts(&m), m.count, value.p));
    }
    return kdf_answer(call, value.p, d->length);
}

/* The flag or a key, not both; a key given as NULL says the same as the flag, as .NET's "no key"
 * does. Without either the key is empty. */
static NTSTATUS hmac_key(const struct kdf_call *call, struct span *key)
{
    const struct param *p = kdf_params_find(call->params, KDF_HMAC_KEY);
    bool flag = (call->flags & KDF_USE_SECRET_AS_HMAC_KEY_FLAG) != 0;
    bool given = p != NULL && p->bytes.p != NULL;
    if (flag && given)
        return STATUS_INVALID_PARAMETER;
    if (flag || (p != NULL && !given))
        *key = secret_span(&call->secret->z);
    else
        *key = given ? p->bytes : span_of(NULL, 0);
    return STATUS_SUCCESS;
}

NTSTATUS agreed_kdf_hmac(const struct kdf_call *call)
{
    const struct digest *d;
    struct span key;
    TRY(kdf_params_hash(call->params, "SHA1", &d));
    TRY(hmac_key(call, &key));
    if (d->xof)
        return STATUS_NOT_SUPPORTED;
    DIGEST_VALUE value;
    if (!out_is_query(call->out)) {
        CLEANUP(message_done) struct message m = {.many = NULL};
        TRY(message_make(&m, call));
        TRY(digest_hmac(d, key, message_parts(&m), m.count, value.p));
    }
    return kdf_answer(call, value.p, d->length);
}
