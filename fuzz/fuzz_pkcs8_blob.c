/* PKCS #8 plain and sealed, what it holds for each algorithm, and the envelopes of ncrypt.h. */
#include "fuzz_codec.h"

#include "ncrypt.h"
#include "ncrypt_blob.h"
#include "pkcs8.h"
#include "security_blob.h"

/* Written into exactly the bytes that were counted. */
static uint8_t *write_exact(void (*put)(const void *v, struct asn1_out *o), const void *v,
                            size_t *n)
{
    struct asn1_out count = asn1_count();
    put(v, &count);
    FUZZ_CHECK(!count.bad);
    uint8_t *bytes = malloc(count.n + 1);
    FUZZ_CHECK(bytes != NULL);
    struct asn1_out o = asn1_into(bytes, count.n);
    put(v, &o);
    FUZZ_CHECK(!o.bad && o.n == count.n);
    o = asn1_into(bytes, count.n - 1);
    put(v, &o);
    FUZZ_CHECK(o.bad);
    o = asn1_into(bytes, count.n);
    put(v, &o);
    *n = count.n;
    return bytes;
}

static void put_plain(const void *v, struct asn1_out *o)
{
    pkcs8_encode(v, o);
}

static void put_sealed(const void *v, struct asn1_out *o)
{
    pkcs8_sealed_encode(v, o);
}

static void put_rsa(const void *v, struct asn1_out *o)
{
    pkcs8_rsa_encode(v, o);
}

static void put_seeded(const void *v, struct asn1_out *o)
{
    pkcs8_seeded_encode(v, o);
}

static void put_ec(const void *v, struct asn1_out *o)
{
    pkcs8_ec_encode_key(v, o);
    pkcs8_ec_encode_params(v, o);
}

static void put_dsa(const void *v, struct asn1_out *o)
{
    pkcs8_dsa_encode_params(v, o);
}

static void put_dh(const void *v, struct asn1_out *o)
{
    pkcs8_dh_encode_params(v, o);
}

/* Numbers that do not fit their curve cannot be written; that is told, and no byte beyond the buffer is. */
static void write_any(void (*put)(const void *v, struct asn1_out *o), const void *v)
{
    struct asn1_out count = asn1_count();
    put(v, &count);
    FUZZ_CHECK(!count.bad);
    uint8_t *bytes = malloc(count.n);
    FUZZ_CHECK(bytes != NULL);
    struct asn1_out o = asn1_into(bytes, count.n);
    put(v, &o);
    FUZZ_CHECK(o.bad || o.n == count.n);
    free(bytes);
}

static void same(struct span a, struct span b)
{
    FUZZ_CHECK(a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0));
}

static void inside(const struct pkcs8 *v)
{
    size_t n;
    struct rsa_view rsa;
    if (pkcs8_rsa_decode(v->key, &rsa) >= 0) {
        uint8_t *bytes = write_exact(put_rsa, &rsa, &n);
        struct rsa_view again;
        FUZZ_CHECK(pkcs8_rsa_decode(span_of(bytes, n), &again) == STATUS_SUCCESS);
        FUZZ_CHECK(num_equal_public(rsa.n, again.n) && num_equal_public(rsa.qi, again.qi));
        free(bytes);
    }
    struct pkcs8_seeded seeded;
    if (pkcs8_seeded_decode(v->key, 32, 2560, &seeded) >= 0) {
        uint8_t *bytes = write_exact(put_seeded, &seeded, &n);
        struct pkcs8_seeded again;
        FUZZ_CHECK(pkcs8_seeded_decode(span_of(bytes, n), 32, 2560, &again) == STATUS_SUCCESS);
        free(bytes);
    }
    struct pkcs8_ec ec;
    struct dsa_view dsa;
    struct dh_view dh;
    if (pkcs8_ec_decode(v, &ec) >= 0)
        write_any(put_ec, &ec);
    if (pkcs8_dsa_decode(v, &dsa) >= 0)
        write_any(put_dsa, &dsa);
    if (pkcs8_dh_decode(v, &dh) >= 0)
        write_any(put_dh, &dh);
}

static void plain(struct span in)
{
    struct pkcs8 v;
    struct pkcs8 again;
    size_t n;
    if (pkcs8_decode(in, &v) < 0)
        return;
    inside(&v);
    uint8_t *bytes = write_exact(put_plain, &v, &n);
    FUZZ_CHECK(pkcs8_decode(span_of(bytes, n), &again) == STATUS_SUCCESS);
    same(v.key, again.key);
    same(v.params, again.params);
    FUZZ_CHECK(strcmp(v.oid.s, again.oid.s) == 0 && v.usage == again.usage);
    free(bytes);
}

static void sealed(struct span in)
{
    struct pkcs8_sealed v;
    struct pkcs8_sealed again;
    size_t n;
    if (pkcs8_sealed_decode(in, &v) < 0)
        return;
    uint8_t *bytes = write_exact(put_sealed, &v, &n);
    FUZZ_CHECK(pkcs8_sealed_decode(span_of(bytes, n), &again) == STATUS_SUCCESS);
    same(v.salt, again.salt);
    same(v.iv, again.iv);
    same(v.ciphertext, again.ciphertext);
    FUZZ_CHECK(v.iterations == again.iterations && v.key_bytes == again.key_bytes);
    free(bytes);
}

static void envelopes(struct span in)
{
    struct key_envelope key;
    struct pq_envelope pq;
    struct security_view security;
    uint8_t bytes[256];
    if (key_envelope_decode(NCRYPT_CIPHER_KEY_BLOB_MAGIC, in, &key) >= 0) {
        struct wr w = wr_count();
        key_envelope_encode(&key, &w);
    }
    if (pq_envelope_decode(in, &pq) >= 0) {
        struct wr w = wr_count();
        pq_envelope_encode(&pq, &w);
    }
    if (security_decode(in, &security) >= 0) {
        struct wr w = wr_into(bytes, sizeof bytes);
        struct security_view again;
        security_encode(&security, &w);
        FUZZ_CHECK(!w.bad);
        FUZZ_CHECK(security_decode(span_of(bytes, w.n), &again) == STATUS_SUCCESS);
        FUZZ_CHECK(security.group_reads == again.group_reads || !security.has_acl);
    }
}

/* How long an element is, told by its start alone: the more of it is there, the same. */
static void size_of(struct span in)
{
    size_t all, some;
    if (asn1_size(in, &all) < 0 || all == 0)
        return;
    for (size_t n = 0; n < in.n && n < 16; n++)
        FUZZ_CHECK(asn1_size(span_of(in.p, n), &some) == STATUS_SUCCESS &&
                   (some == 0 || some == all));
    struct asn1 a = asn1_of(in);
    FUZZ_CHECK(all > in.n || asn1_any(&a).n == all);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const targets[])(struct span in) = {plain, sealed, envelopes, size_of};
    if (size < 1)
        return 0;
    targets[data[0] % ARRAY_COUNT(targets)]((struct span){data + 1, size - 1});
    return 0;
}
