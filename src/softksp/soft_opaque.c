/*
 * OpaqueTransport: a key with its name and policies, sealed under the key store's key, so that only
 * the store that it came from can read it, and nobody can change it.
 *
 *    0  magic "OCNG"
 *    4  version = 1
 *    8  scope, 1 the user's or 2 the machine's store
 *   12  sealed:
 *          usage, export policy (32 bits each, little-endian)
 *          algorithm, curve, blob type, name: length (16 bits), UTF-8 without NUL
 *          the blob: the rest
 *
 * The twelve bytes in front are authenticated. A rotation of the store's key makes such blobs unreadable.
 */
#include "soft_format.h"

#include <string.h>

#include "ncrypt_blob.h"
#include "rd.h"
#include "wr.h"

#define MAGIC 0x474E434Fu
#define VERSION 1u
#define HEADER_BYTES 12
#define PURPOSE "OpaqueTransport"

static void put_text(struct wr *w, const char *text)
{
    size_t n = strlen(text);
    wr_le16(w, (uint16_t)n);
    wr_bytes(w, text, n);
}

static NTSTATUS get_text(struct rd *r, char *out, size_t cap)
{
    struct span s = rd_span(r, rd_le16(r));
    if (!rd_ok(r) || s.n >= cap)
        return NTE_BAD_DATA;
    if (s.n > 0)
        memcpy(out, s.p, s.n);
    out[s.n] = '\0';
    return STATUS_SUCCESS;
}

struct content {
    uint32_t usage, policy;
    const char *alg, *curve, *type, *name;
    struct span blob;
};

static void put_content(const struct content *c, struct wr *w)
{
    wr_le32(w, c->usage);
    wr_le32(w, c->policy);
    put_text(w, c->alg);
    put_text(w, c->curve);
    put_text(w, c->type);
    put_text(w, c->name);
    wr_span(w, c->blob);
}

static void put_header(uint8_t header[HEADER_BYTES], bool machine)
{
    struct wr w = wr_into(header, HEADER_BYTES);
    wr_le32(&w, MAGIC);
    wr_le32(&w, VERSION);
    wr_le32(&w, machine ? STORE_MACHINE : STORE_USER);
}

static NTSTATUS pin_of(const struct soft_call *call, struct secret *pin)
{
    struct soft_provider *p = call->provider;
    if (call->key != NULL)
        return soft_pin(call->key, pin);
    BUSY held = busy_take(&p->busy);
    return p->pin.n == 0 ? STATUS_SUCCESS : secret_copy(pin, secret_span(&p->pin));
}

static NTSTATUS content_of(const struct soft_call *call, struct secret *plain)
{
    struct soft_key *k = call->key;
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, call->flags, &whole));
    LPCWSTR wide_type = soft_blob_type(k, true);
    SECRET blob = {NULL, 0};
    TRY(soft_blob(whole, wide_type, &blob));
    struct name type;
    struct name curve = {""};
    TRY(name_read(&type, wide_type, WIDTH_16));
    if (k->setting != NULL && k->setting->kept)
        TRY(name_read_counted(&curve, k->value.p, k->value.n, WIDTH_16));
    const struct content c = {
        .usage = atomic_load(&k->usage),
        .policy = atomic_load(&k->policy),
        .alg = k->alg->facts.name,
        .curve = curve.s,
        .type = type.s,
        .name = k->name == NULL ? "" : k->name,
        .blob = secret_span(&blob),
    };
    struct wr count = wr_count();
    put_content(&c, &count);
    TRY(secret_new(plain, count.n));
    struct wr w = wr_into(plain->p, plain->n);
    put_content(&c, &w);
    return STATUS_SUCCESS;
}

NTSTATUS soft_opaque_write(const struct soft_format *f, const struct soft_call *call,
                           const struct out *o)
{
    (void)f;
    SECRET plain = {NULL, 0};
    TRY(content_of(call, &plain));
    uint8_t *dst;
    TRY(out_begin(o, HEADER_BYTES + plain.n + STORE_WRAP_OVERHEAD, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    struct store *store;
    SECRET pin = {NULL, 0};
    TRY(soft_store_of(call->key, &store));
    TRY(pin_of(call, &pin));
    put_header(dst, call->key->machine);
    return store_wrap(store, secret_span(&pin), PURPOSE, (struct span){dst, HEADER_BYTES},
                      secret_span(&plain), dst + HEADER_BYTES);
}

static NTSTATUS take_content(struct secret *plain, struct soft_material *m)
{
    struct rd r = rd_of(secret_span(plain));
    struct name alg;
    m->has_policy = true;
    m->usage = rd_le32(&r);
    m->policy = rd_le32(&r);
    TRY(get_text(&r, alg.s, sizeof alg.s));
    TRY(get_text(&r, m->curve.s, sizeof m->curve.s));
    TRY(get_text(&r, m->type.s, sizeof m->type.s));
    TRY(get_text(&r, m->name.s, sizeof m->name.s));
    m->blob = rd_span(&r, r.n);
    m->bytes = *plain;
    *plain = (struct secret){NULL, 0};
    m->is_private = true;
    m->alg = soft_alg_find(alg.s);
    return m->alg == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS;
}

NTSTATUS soft_opaque_read(const struct soft_format *f, const struct soft_call *call,
                          struct span blob, struct soft_material *m)
{
    (void)f;
    TRY(ncrypt_head_check(blob, HEADER_BYTES, 0, MAGIC));
    struct rd r = rd_of(blob);
    (void)rd_le32(&r);
    uint32_t version = rd_le32(&r);
    uint32_t scope = rd_le32(&r);
    if (scope != STORE_USER && scope != STORE_MACHINE)
        return NTE_BAD_DATA;
    if (version != VERSION)
        return NTE_BAD_VER;
    struct store *store;
    SECRET pin = {NULL, 0};
    TRY(soft_store(call->provider, scope == STORE_MACHINE, &store));
    TRY(pin_of(call, &pin));
    SECRET plain = {NULL, 0};
    TRY(store_unwrap(store, secret_span(&pin), PURPOSE, (struct span){blob.p, HEADER_BYTES},
                     rd_span(&r, r.n), &plain));
    return take_content(&plain, m);
}
