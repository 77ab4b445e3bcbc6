/*
 * Headers, written: a CMS envelope (blob/cms_enveloped.c) with one KEKRecipientInfo for each term.
 *
 * The content's key is drawn. For each group of terms that AND joins it is cut into shares, which give it again by
 * exclusive or: all terms but the last have a random share. A term's share is wrapped under a key that is derived from the
 * protector's secret, a salt, and the SHA-256 of the whole header in which zeros stand for the wrapped shares: a header of
 * which anything was changed opens for nobody. Shares are authenticated by their wrapping.
 */
#include "protect_parts.h"

#include <stdlib.h>

#include "protector_blob.h"

#define OID_KEY_WRAP "2.16.840.1.101.3.4.1.45"
#define OID_GCM "2.16.840.1.101.3.4.1.46"

/* What a term's recipient is made of. */
struct made {
    struct secret secret;
    struct secret id, other; /* encoded */
    struct span salt;        /* in `id` */
    uint8_t wrapped[PROTECT_WRAPPED_BYTES];
};

struct making {
    struct made *made; /* one for each term */
    struct cms_recipient *recipients;
    size_t count;
    struct secret params;
};

static void making_done(struct making *m)
{
    for (size_t i = 0; m->made != NULL && i < m->count; i++) {
        secret_done(&m->made[i].secret);
        secret_done(&m->made[i].id);
        secret_done(&m->made[i].other);
    }
    free(m->made);
    free(m->recipients);
    secret_done(&m->params);
}

static NTSTATUS make_id(const struct rule_term *term, const struct secret *details, struct made *to)
{
    uint8_t salt[PROTECTOR_SALT_BYTES];
    TRY(store_random(salt, sizeof salt));
    const struct key_locator locator = {term->group, {salt, sizeof salt}, secret_span(details)};
    struct wr count = wr_count();
    key_locator_encode(&locator, &count);
    TRY(secret_new(&to->id, count.n));
    struct wr w = wr_into(to->id.p, to->id.n);
    key_locator_encode(&locator, &w);
    struct key_locator again;
    TRY(key_locator_decode(secret_span(&to->id), &again));
    to->salt = again.salt;
    return STATUS_SUCCESS;
}

static struct span span_of_text(const char *text)
{
    return span_of(text, strlen(text));
}

static NTSTATUS make_other(const struct rule_term *term, struct made *to)
{
    struct asn1_out count = asn1_count();
    protector_encode(term->row->oid, span_of_text(term->name), span_of_text(term->raw), &count);
    TRY(secret_new(&to->other, count.n));
    struct asn1_out o = asn1_into(to->other.p, to->other.n);
    protector_encode(term->row->oid, span_of_text(term->name), span_of_text(term->raw), &o);
    return o.bad ? NTE_INTERNAL_ERROR : STATUS_SUCCESS;
}

/* What goes wrong inside a protector is NTE_ENCRYPTION_FAILURE (observed on Windows), unless the status says that
 * this protector does not exist here or that memory ran out. */
static NTSTATUS protector_status(NTSTATUS status)
{
    bool told = status >= 0 || status == NTE_NO_MEMORY || status == STATUS_NO_MEMORY ||
                status == NTE_NOT_FOUND || status == NTE_NOT_SUPPORTED;
    return told ? status : NTE_ENCRYPTION_FAILURE;
}

static NTSTATUS make_term(const struct rule_term *term, struct made *to, struct cms_recipient *r)
{
    SECRET details = {NULL, 0};
    if (term->row == NULL || term->row->make == NULL)
        return NTE_NOT_SUPPORTED;
    TRY(protector_status(term->row->make(term->value, &to->secret, &details)));
    TRY(make_id(term, &details, to));
    TRY(make_other(term, to));
    *r = (struct cms_recipient){
        .kind = CMS_KEK,
        .id = secret_span(&to->id),
        .other_oid = {PROTECTOR_OID},
        .other = secret_span(&to->other),
        .algorithm = {.oid = {OID_KEY_WRAP}},
        .key = {NULL, PROTECT_WRAPPED_BYTES},
    };
    return STATUS_SUCCESS;
}

static NTSTATUS make_terms(const struct protect_rule *rule, struct making *m)
{
    m->made = calloc(rule->count, sizeof *m->made);
    m->recipients = calloc(rule->count, sizeof *m->recipients);
    m->count = rule->count;
    if (m->made == NULL || m->recipients == NULL)
        return NTE_NO_MEMORY;
    for (size_t i = 0; i < rule->count; i++)
        TRY(make_term(&rule->terms[i], &m->made[i], &m->recipients[i]));
    return STATUS_SUCCESS;
}

static NTSTATUS make_params(const struct content_key *k, struct secret *params)
{
    const struct cms_cipher_view how = {
        .cipher = cms_cipher_find(span_of_text(OID_GCM)),
        .iv = {k->nonce, sizeof k->nonce},
        .segment = k->segment,
    };
    struct asn1_out count = asn1_count();
    cms_cipher_encode(&how, &count);
    TRY(secret_new(params, count.n));
    struct asn1_out o = asn1_into(params->p, params->n);
    cms_cipher_encode(&how, &o);
    return STATUS_SUCCESS;
}

static bool ends_group(const struct protect_rule *rule, size_t i)
{
    return i + 1 == rule->count || rule->terms[i + 1].group != rule->terms[i].group;
}

/* Cuts the key and wraps the shares. */
static NTSTATUS wrap_shares(const struct protect_rule *rule, const struct content_key *k,
                            const uint8_t digest[PROTECT_DIGEST_BYTES], struct making *m)
{
    SECRET share = {NULL, 0};
    SECRET rest = {NULL, 0};
    TRY(secret_new(&share, PROTECT_KEY_BYTES));
    TRY(secret_copy(&rest, secret_span(&k->key)));
    for (size_t i = 0; i < rule->count; i++) {
        bool last = ends_group(rule, i);
        if (last)
            memcpy(share.p, rest.p, share.n);
        else
            TRY(store_random(share.p, share.n));
        for (size_t j = 0; j < share.n; j++)
            rest.p[j] ^= share.p[j];
        if (last)
            memcpy(rest.p, k->key.p, rest.n);
        SECRET kek = {NULL, 0};
        TRY(protect_kek(&m->made[i].secret, m->made[i].salt, digest, &kek));
        TRY(protect_wrap(&kek, share.p, m->made[i].wrapped));
        m->recipients[i].key = span_of(m->made[i].wrapped, PROTECT_WRAPPED_BYTES);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS write_header(const struct protect_rule *rule, const struct cms_enveloped *cms,
                             const struct content_key *k, struct making *m, uint8_t *bytes,
                             size_t n)
{
    uint8_t digest[PROTECT_DIGEST_BYTES];
    struct asn1_out o = asn1_into(bytes, n);
    cms_enveloped_encode(cms, m->recipients, m->count, &o);
    TRY(store_sha256(span_of(bytes, n - cms->content.n), digest));
    TRY(wrap_shares(rule, k, digest, m));
    o = asn1_into(bytes, n);
    cms_enveloped_encode(cms, m->recipients, m->count, &o);
    return o.bad ? NTE_INTERNAL_ERROR : STATUS_SUCCESS;
}

NTSTATUS head_seal(const struct protect_rule *rule, size_t content, const NCRYPT_ALLOC_PARA *memory,
                   struct content_key *k, uint8_t **bytes, size_t *header, size_t *n)
{
    CLEANUP(making_done) struct making m = {.made = NULL};
    TRY(make_terms(rule, &m));
    TRY(secret_new(&k->key, PROTECT_KEY_BYTES));
    TRY(store_random(k->key.p, k->key.n));
    TRY(store_random(k->nonce, sizeof k->nonce));
    TRY(make_params(k, &m.params));
    const struct cms_enveloped cms = {
        .content_type = {CMS_OID_DATA},
        .cipher = {{OID_GCM}, secret_span(&m.params)},
        .detached = k->segment > 0,
        .content = {NULL, content},
    };
    struct asn1_out count = asn1_count();
    cms_enveloped_encode(&cms, m.recipients, m.count, &count);
    if (count.bad || count.n > UINT32_MAX)
        return NTE_INVALID_PARAMETER;
    uint8_t *made = memory->pfnAlloc(count.n);
    if (made == NULL)
        return NTE_NO_MEMORY;
    NTSTATUS status = write_header(rule, &cms, k, &m, made, count.n);
    if (status < 0) {
        memory->pfnFree(made);
        return status;
    }
    *bytes = made;
    *header = count.n - content;
    *n = count.n;
    return STATUS_SUCCESS;
}
