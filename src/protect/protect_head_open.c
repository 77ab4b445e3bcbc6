/*
 * Headers, read and opened (protect_head.c says what is in them).
 *
 * Opening looks at every group of terms that it can open, not only at the first: a share that does not unwrap although
 * its secret was found is damage, wherever it stands.
 */
#include "protect_parts.h"

#include <stdlib.h>

#include "ct.h"
#include "protector_blob.h"

static void memory_done(uint8_t **p)
{
    free(*p);
}

/* ---- reading -------------------------------------------------------------------------------- */

NTSTATUS head_decode(struct span blob, struct head *out)
{
    if (cms_enveloped_decode(blob, &out->cms) < 0 ||
        cms_cipher_decode(&out->cms.cipher, &out->how) < 0)
        return NTE_BAD_DATA;
    bool good = strcmp(out->cms.content_type.s, CMS_OID_DATA) == 0 &&
                out->how.cipher->mode == CMS_GCM && out->how.segment <= PROTECT_SEGMENT_MAX &&
                (out->how.segment == 0 || out->cms.detached);
    out->bytes = span_of(blob.p, (size_t)(out->cms.content.p - blob.p));
    return good ? STATUS_SUCCESS : NTE_BAD_DATA;
}

/* What a recipient tells of a rule. */
struct clause {
    struct cms_recipient recipient;
    struct protector_view view;
    struct key_locator locator;
    bool is_ours; /* the locator is */
};

static bool clause_next(struct asn1 *recipients, struct clause *out)
{
    while (cms_recipient_next(recipients, &out->recipient)) {
        const struct cms_recipient *r = &out->recipient;
        if (r->kind != CMS_KEK || strcmp(r->other_oid.s, PROTECTOR_OID) != 0 ||
            protector_decode(r->other, &out->view) < 0)
            continue;
        out->is_ours = key_locator_decode(r->id, &out->locator) >= 0;
        return true;
    }
    return false;
}

static void put_text(struct wr *w, const char *text)
{
    wr_bytes(w, text, strlen(text));
}

/* The rule in words; false: what stands there is none. Terms of one recipient of ours go on with the group of the one before when they
 * are of the same. */
static bool put_rule(const struct head *h, struct wr *w)
{
    struct asn1 recipients = asn1_of(h->cms.recipients);
    struct clause c;
    bool first = true;
    uint32_t group = 0;
    while (clause_next(&recipients, &c)) {
        struct protector_walk walk = {.groups = asn1_of(c.view.rule)};
        struct protector_term term;
        bool same = c.is_ours && c.locator.group == group;
        while (protector_next(&walk, &term)) {
            if (!first)
                put_text(w, same ? " AND " : " OR ");
            wr_span(w, term.name);
            put_text(w, "=");
            wr_span(w, term.value);
            first = false;
            same = !term.ends;
        }
        if (!asn1_end(&walk.groups) || !asn1_end(&walk.terms))
            return false;
        group = c.is_ours ? c.locator.group : group + 1;
    }
    return true;
}

NTSTATUS head_rule(const struct head *h, struct protect_rule **rule)
{
    struct wr count = wr_count();
    if (!put_rule(h, &count) || count.n == 0)
        return NTE_BAD_DATA;
    CLEANUP(memory_done) uint8_t *text = malloc(count.n + 1);
    if (text == NULL)
        return NTE_NO_MEMORY;
    struct wr w = wr_into(text, count.n);
    (void)put_rule(h, &w);
    text[count.n] = '\0';
    if (memchr(text, 0, count.n) != NULL)
        return NTE_BAD_DATA;
    NTSTATUS status = rule_parse((const char *)text, false, rule);
    return status == NTE_INVALID_PARAMETER ? NTE_BAD_DATA : status;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* The digest that the shares were wrapped under. */
static NTSTATUS digest_of(const struct head *h, uint8_t digest[PROTECT_DIGEST_BYTES])
{
    CLEANUP(memory_done) uint8_t *copy = malloc(h->bytes.n);
    if (copy == NULL)
        return NTE_NO_MEMORY;
    memcpy(copy, h->bytes.p, h->bytes.n);
    struct asn1 recipients = asn1_of(h->cms.recipients);
    struct cms_recipient r;
    while (cms_recipient_next(&recipients, &r)) {
        if (r.key.n > 0)
            memset(copy + (r.key.p - h->bytes.p), 0, r.key.n);
    }
    return store_sha256(span_of(copy, h->bytes.n), digest);
}

/* A term's share. *ours: its secret was found; what fails then is damage. */
static NTSTATUS open_share(const struct rule_term *term, const struct clause *c,
                           const uint8_t digest[PROTECT_DIGEST_BYTES], struct secret *share,
                           bool *ours)
{
    SECRET secret = {NULL, 0};
    SECRET kek = {NULL, 0};
    *ours = false;
    if (term->row == NULL || term->row->recover == NULL ||
        strcmp(c->view.type.s, term->row->oid) != 0)
        return NTE_DECRYPTION_FAILURE;
    TRY(term->row->recover(term->value, c->locator.details, &secret));
    *ours = true;
    TRY(protect_kek(&secret, c->locator.salt, digest, &kek));
    return protect_unwrap(&kek, c->recipient.key, share);
}

/* What the groups have given so far. */
struct opening {
    struct secret key;   /* of a group that is open; empty: none yet */
    struct secret group; /* the shares of the group that is being opened */
    bool group_is_open;
    uint32_t number; /* of that group */
};

static void opening_done(struct opening *o)
{
    secret_done(&o->key);
    secret_done(&o->group);
}

/* Every group that opens gives the same key. */
static NTSTATUS end_group(struct opening *o)
{
    if (!o->group_is_open)
        return STATUS_SUCCESS;
    if (o->key.n == 0)
        return secret_copy(&o->key, secret_span(&o->group));
    return ct_equal(o->key.p, o->group.p, o->key.n) ? STATUS_SUCCESS : NTE_DECRYPTION_FAILURE;
}

static NTSTATUS begin_group(struct opening *o, uint32_t number)
{
    secret_done(&o->group);
    o->group = (struct secret){NULL, 0};
    o->group_is_open = true;
    o->number = number;
    return secret_new(&o->group, PROTECT_KEY_BYTES);
}

static NTSTATUS add_term(struct opening *o, const struct rule_term *term, const struct clause *c,
                         const uint8_t digest[PROTECT_DIGEST_BYTES])
{
    SECRET share = {NULL, 0};
    bool ours;
    NTSTATUS status = open_share(term, c, digest, &share, &ours);
    if (status < 0) {
        o->group_is_open = false;
        return ours || status == NTE_NO_MEMORY || status == STATUS_NO_MEMORY ? status
                                                                             : STATUS_SUCCESS;
    }
    for (size_t i = 0; i < share.n; i++)
        o->group.p[i] ^= share.p[i];
    return STATUS_SUCCESS;
}

NTSTATUS head_open(const struct head *h, const struct protect_rule *rule, struct content_key *k)
{
    uint8_t digest[PROTECT_DIGEST_BYTES];
    CLEANUP(opening_done) struct opening o = {.number = 0};
    struct asn1 recipients = asn1_of(h->cms.recipients);
    struct clause c;
    size_t i = 0;
    TRY(digest_of(h, digest));
    TRY(begin_group(&o, 0));
    for (; clause_next(&recipients, &c); i++) {
        if (!c.is_ours || i >= rule->count)
            return NTE_DECRYPTION_FAILURE;
        if (c.locator.group != o.number) {
            TRY(end_group(&o));
            TRY(begin_group(&o, c.locator.group));
        }
        TRY(add_term(&o, &rule->terms[i], &c, digest));
    }
    TRY(end_group(&o));
    if (i != rule->count || o.key.n == 0)
        return NTE_DECRYPTION_FAILURE;
    memcpy(k->nonce, h->how.iv.p, sizeof k->nonce);
    k->segment = h->how.segment;
    k->key = o.key;
    o.key = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}
