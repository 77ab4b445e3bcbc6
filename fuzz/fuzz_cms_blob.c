/* CMS envelopes, their ciphers and carriers, certificates, and what recipients of protected data tell. */
#include "fuzz_codec.h"

#include "cert_blob.h"
#include "cms_enveloped.h"
#include "protector_blob.h"

static void same(struct span a, struct span b)
{
    FUZZ_CHECK(a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0));
}

/* ---- envelopes ------------------------------------------------------------------------------ */

#define RECIPIENTS 16

static size_t read_recipients(struct span in, struct cms_recipient *list)
{
    struct asn1 a = asn1_of(in);
    size_t n = 0;
    while (n < RECIPIENTS && cms_recipient_next(&a, &list[n]))
        n++;
    return n;
}

static void check_recipient(const struct cms_recipient *a, const struct cms_recipient *b)
{
    FUZZ_CHECK(a->kind == b->kind && strcmp(a->algorithm.oid.s, b->algorithm.oid.s) == 0);
    FUZZ_CHECK(strcmp(a->other_oid.s, b->other_oid.s) == 0);
    same(a->issuer, b->issuer);
    same(a->serial, b->serial);
    same(a->id, b->id);
    same(a->other, b->other);
    same(a->algorithm.params, b->algorithm.params);
    same(a->key, b->key);
}

static void parameters(const struct cms_enveloped *v)
{
    struct cms_cipher_view how;
    if (cms_cipher_decode(&v->cipher, &how) >= 0) {
        uint8_t bytes[64];
        struct cms_algorithm written = v->cipher;
        struct cms_cipher_view again;
        struct asn1_out o = asn1_into(bytes, sizeof bytes);
        cms_cipher_encode(&how, &o);
        FUZZ_CHECK(!o.bad);
        written.params = (struct span){bytes + sizeof bytes - o.n, o.n};
        FUZZ_CHECK(cms_cipher_decode(&written, &again) == STATUS_SUCCESS);
        same(how.iv, again.iv);
        FUZZ_CHECK(how.effective == again.effective && how.segment == again.segment);
    }
}

static void envelope(struct span in)
{
    struct cms_enveloped v;
    struct cms_enveloped again;
    struct cms_recipient list[RECIPIENTS];
    struct cms_recipient list_again[RECIPIENTS];
    if (cms_enveloped_decode(in, &v) < 0)
        return;
    parameters(&v);
    size_t n = read_recipients(v.recipients, list);
    struct cms_transport transport;
    for (size_t i = 0; i < n; i++) {
        (void)!cms_transport_decode(&list[i].algorithm, &transport);
        if (list[i].kind == CMS_OTHER)
            return; /* is not written */
    }
    struct asn1_out count = asn1_count();
    cms_enveloped_encode(&v, list, n, &count);
    FUZZ_CHECK(!count.bad);
    uint8_t *bytes = malloc(count.n);
    FUZZ_CHECK(bytes != NULL);
    struct asn1_out o = asn1_into(bytes, count.n);
    cms_enveloped_encode(&v, list, n, &o);
    FUZZ_CHECK(!o.bad && o.n == count.n);
    FUZZ_CHECK(cms_enveloped_decode(span_of(bytes, count.n), &again) == STATUS_SUCCESS);
    FUZZ_CHECK(again.detached == v.detached && strcmp(again.cipher.oid.s, v.cipher.oid.s) == 0);
    same(again.cipher.params, v.cipher.params);
    if (!v.detached)
        same(again.content, v.content);
    FUZZ_CHECK(read_recipients(again.recipients, list_again) == n);
    for (size_t i = 0; i < n; i++)
        check_recipient(&list[i], &list_again[i]);
    free(bytes);
}

/* ---- the rest ------------------------------------------------------------------------------- */

static void certificate(struct span in)
{
    struct cert_view v;
    struct rsa_view key;
    if (cert_blob_decode(in, &v) >= 0 && cert_rsa_decode(&v, &key) >= 0) {
        struct wr w = wr_count();
        rsa_blob_encode(RSA_FORM_PUBLIC, &key, &w);
    }
}

static void protector(struct span in)
{
    struct protector_view v;
    struct protector_term term;
    if (protector_decode(in, &v) < 0)
        return;
    struct protector_walk w = {.groups = asn1_of(v.rule)};
    size_t terms = 0;
    while (protector_next(&w, &term))
        terms++;
    if (terms != 1 || !term.ends || !asn1_end(&w.groups) || !asn1_end(&w.terms))
        return;
    struct asn1_out count = asn1_count();
    protector_encode(v.type.s, term.name, term.value, &count);
    FUZZ_CHECK(!count.bad && count.n == in.n);
}

static void locator(struct span in)
{
    struct key_locator v;
    if (key_locator_decode(in, &v) < 0)
        return;
    struct wr w = wr_count();
    key_locator_encode(&v, &w);
    FUZZ_CHECK(!w.bad && w.n == in.n);
}

/* The parameters of both algorithms that carry a key. */
static void transport(struct span in)
{
    static const char *const oids[] = {"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.7"};
    for (size_t i = 0; i < ARRAY_COUNT(oids); i++) {
        struct cms_algorithm algorithm = {.params = in};
        struct cms_transport v;
        strcpy(algorithm.oid.s, oids[i]);
        if (cms_transport_decode(&algorithm, &v) >= 0)
            FUZZ_CHECK((i == 0) == (v.hash == NULL) && v.label.n <= in.n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const targets[])(struct span in) = {envelope, certificate, protector, locator,
                                                      transport};
    if (size < 1)
        return 0;
    targets[data[0] % ARRAY_COUNT(targets)]((struct span){data + 1, size - 1});
    return 0;
}
