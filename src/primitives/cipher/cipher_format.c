/*
 * The blobs of cipher keys: the bytes (KeyDataBlob), all of the key (OpaqueKeyBlob), the bytes wrapped under
 * an AES key (Rfc3565KeyWrapBlob) and under an RSA key (PKCS11RsaAesWrapBlob).
 */
#include "cipher_key.h"

#include <string.h>

#include "cipher_wrap.h"
#include "ct.h"
#include "registry.h"
#include "sym_blob.h"
#include "cipher_blob.h"

static NTSTATUS publish(struct alg *alg, struct span secret, struct key **key)
{
    struct cipher_key *k;
    TRY(cipher_key_new(alg, secret, true, cipher_effective(alg), &k));
    *key = &k->base;
    return STATUS_SUCCESS;
}

/* ---- KeyDataBlob ------------------------------------------------------------------------------------ */

static NTSTATUS import_data(struct alg *alg, const struct sym_format *format, struct key *wrap,
                            struct span blob, uint32_t flags, struct key **key)
{
    (void)format, (void)wrap, (void)flags;
    struct span secret;
    TRY(sym_blob_decode(blob, &secret));
    return publish(alg, secret, key);
}

static NTSTATUS export_data(struct key *key, const struct sym_format *format, struct key *wrap,
                            const struct out *o)
{
    (void)format, (void)wrap;
    struct span secret = secret_span(&cipher_key_of(key)->secret);
    struct wr w = wr_count();
    sym_blob_encode(secret, &w);
    TRY(out_writer(o, &w));
    sym_blob_encode(secret, &w);
    return STATUS_SUCCESS;
}

/* ---- OpaqueKeyBlob ------------------------------------------------------------------------------------ */

static NTSTATUS restore(struct cipher_key *k, const struct opaque_blob *b)
{
    size_t modes = 0;
    while (k->row->modes[modes] != NULL)
        modes++;
    if (b->mode >= modes || !cipher_segment_fits(k->row, b->segment))
        return STATUS_INVALID_PARAMETER;
    cipher_key_set_mode(k, k->row->modes[b->mode]);
    atomic_store_explicit(&k->segment, b->segment, memory_order_relaxed);
    memcpy(k->iv, b->chain.p, sizeof k->iv);
    return k->row->resume != NULL ? k->row->resume(k) : STATUS_SUCCESS;
}

static NTSTATUS import_opaque(struct alg *alg, const struct sym_format *format, struct key *wrap,
                              struct span blob, uint32_t flags, struct key **key)
{
    (void)format, (void)wrap, (void)flags;
    struct opaque_blob b;
    TRY(opaque_blob_decode(blob, &b));
    if (b.algorithm.n != strlen(alg->class->name) ||
        !ct_equal(b.algorithm.p, alg->class->name, b.algorithm.n))
        return STATUS_INVALID_PARAMETER;
    struct cipher_key *k;
    TRY(cipher_key_new(alg, b.key, true, b.effective, &k));
    NTSTATUS status = restore(k, &b);
    if (status < 0) {
        key_free(&k->base);
        return status;
    }
    *key = &k->base;
    return STATUS_SUCCESS;
}

static uint32_t mode_number(const struct cipher_key *k)
{
    uint32_t i = 0;
    while (k->row->modes[i] != atomic_load_explicit(&k->mode, memory_order_relaxed))
        i++;
    return i;
}

static NTSTATUS export_opaque(struct key *key, const struct sym_format *format, struct key *wrap,
                              const struct out *o)
{
    (void)format, (void)wrap;
    struct cipher_key *k = cipher_key_of(key);
    BUSY held = busy_take(&key->busy);
    const struct opaque_blob b = {
        .algorithm = span_of(key->class->name, strlen(key->class->name)),
        .mode = mode_number(k),
        .segment = atomic_load_explicit(&k->segment, memory_order_relaxed),
        .effective = k->effective,
        .chain = span_of(k->iv, sizeof k->iv),
        .key = secret_span(&k->secret),
    };
    struct wr w = wr_count();
    opaque_blob_encode(&b, &w);
    TRY(out_writer(o, &w));
    opaque_blob_encode(&b, &w);
    return STATUS_SUCCESS;
}

/* ---- Rfc3565KeyWrapBlob --------------------------------------------------------------------------------- */

/* The AES key that wraps, or NULL. */
static struct cipher_key *wrapping_key(struct key *wrap)
{
    bool aes = wrap->class->sym == &cipher_sym && cipher_key_of(wrap)->row->wraps;
    return aes ? cipher_key_of(wrap) : NULL;
}

static NTSTATUS import_wrapped(struct alg *alg, const struct sym_format *format, struct key *wrap,
                               struct span blob, uint32_t flags, struct key **key)
{
    (void)format, (void)flags;
    const struct cipher_key *kek = wrapping_key(wrap);
    if (kek == NULL)
        return STATUS_NOT_SUPPORTED;
    if (!cipher_wrap_fits(blob.n))
        return STATUS_INVALID_PARAMETER;
    SECRET secret = {.p = NULL};
    TRY(secret_new(&secret, blob.n - CIPHER_WRAP_EXTRA));
    TRY(cipher_unwrap(secret_span(&kek->secret), blob, secret.p));
    return publish(alg, secret_span(&secret), key);
}

static NTSTATUS export_wrapped(struct key *key, const struct sym_format *format, struct key *wrap,
                               const struct out *o)
{
    (void)format;
    const struct cipher_key *kek = wrapping_key(wrap);
    struct span secret = secret_span(&cipher_key_of(key)->secret);
    if (kek == NULL)
        return STATUS_NOT_SUPPORTED;
    if (!cipher_wrap_fits(secret.n + CIPHER_WRAP_EXTRA))
        return STATUS_INVALID_PARAMETER;
    uint8_t *dst;
    TRY(out_begin(o, secret.n + CIPHER_WRAP_EXTRA, &dst));
    return dst == NULL ? STATUS_SUCCESS : cipher_wrap(secret_span(&kek->secret), secret, dst);
}

/* ---- PKCS11RsaAesWrapBlob ------------------------------------------------------------------------------- */

/* The key pair's own encryption does the RSA part, with OAEP. The AES key in the middle is made for the
 * one blob. */
#define MIDDLE_BYTES 32

static const uint8_t sha256_utf16[] = {'S', 0, 'H', 0, 'A', 0, '2', 0, '5', 0, '6', 0, 0, 0};

static NTSTATUS oaep_of(struct padding *pad, const struct rsa_aes_blob *blob)
{
    *pad = (struct padding){
        .flags = BCRYPT_PAD_OAEP, .present = true, .has_hash = true, .label = blob->label};
    return name_read_stored(&pad->hash, blob->hash);
}

/* Bytes of a ciphertext of the key pair. */
static NTSTATUS modulus_bytes(struct key *pair, const struct padding *pad, uint32_t *n)
{
    const struct out o = {NULL, 0, n, WIDTH_16};
    return pair->class->asym->encrypt(pair, pad, span_of(NULL, 0), &o);
}

static NTSTATUS import_rsa_aes(struct alg *alg, const struct sym_format *format, struct key *wrap,
                               struct span blob, uint32_t flags, struct key **key)
{
    (void)format, (void)flags;
    if (wrap->class->asym == NULL || wrap->class->asym->decrypt == NULL)
        return STATUS_NOT_SUPPORTED;
    struct rsa_aes_blob b;
    struct padding pad;
    uint32_t k = 0;
    TRY(rsa_aes_blob_decode(blob, &b));
    TRY(oaep_of(&pad, &b));
    TRY(modulus_bytes(wrap, &pad, &k));
    if (b.key.n <= k)
        return STATUS_INVALID_PARAMETER;

    SECRET middle = {.p = NULL};
    TRY(secret_new(&middle, MIDDLE_BYTES));
    uint32_t middle_n = 0;
    const struct out o = {middle.p, MIDDLE_BYTES, &middle_n, WIDTH_16};
    if (wrap->class->asym->decrypt(wrap, &pad, span_of(b.key.p, k), &o) < 0)
        return STATUS_INVALID_PARAMETER;
    struct span sealed = span_of(b.key.p + k, b.key.n - k);
    SECRET secret = {.p = NULL};
    size_t n = 0;
    TRY(secret_new(&secret, sealed.n));
    TRY(cipher_unwrap_padded(span_of(middle.p, middle_n), sealed, secret.p, &n));
    return publish(alg, span_of(secret.p, n), key);
}

static NTSTATUS export_rsa_aes(struct key *key, const struct sym_format *format, struct key *wrap,
                               const struct out *o)
{
    (void)format;
    if (wrap->class->asym == NULL || wrap->class->asym->encrypt == NULL)
        return STATUS_NOT_SUPPORTED;
    struct span secret = secret_span(&cipher_key_of(key)->secret);
    struct rsa_aes_blob b = {.hash = span_of(sha256_utf16, sizeof sha256_utf16)};
    struct padding pad;
    uint32_t k = 0;
    TRY(oaep_of(&pad, &b));
    TRY(modulus_bytes(wrap, &pad, &k));
    b.key.n = k + cipher_wrap_padded_bytes(secret.n);
    struct wr count = wr_count();
    rsa_aes_blob_encode(&b, &count);
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;

    SECRET middle = {.p = NULL};
    SECRET wrapped = {.p = NULL}; /* no secret, but of the same life */
    TRY(secret_new(&middle, MIDDLE_BYTES));
    TRY(secret_new(&wrapped, b.key.n));
    TRY(rng_class.random(NULL, 0, middle.p, middle.n));
    const struct out rsa = {wrapped.p, k, &k, WIDTH_16};
    TRY(wrap->class->asym->encrypt(wrap, &pad, secret_span(&middle), &rsa));
    TRY(cipher_wrap_padded(secret_span(&middle), secret, wrapped.p + k));
    b.key = secret_span(&wrapped);
    struct wr w = wr_into(dst, count.n);
    rsa_aes_blob_encode(&b, &w);
    return STATUS_SUCCESS;
}

const struct sym_format cipher_formats[] = {
    {.name = "KeyDataBlob", .import = import_data, .export = export_data},
    {.name = "OpaqueKeyBlob", .import = import_opaque, .export = export_opaque},
    {.name = "Rfc3565KeyWrapBlob",
     .wrap = WRAP_ALWAYS,
     .import = import_wrapped,
     .export = export_wrapped},
    {.name = "PKCS11RsaAesWrapBlob",
     .wrap = WRAP_ALWAYS,
     .import = import_rsa_aes,
     .export = export_rsa_aes},
    {.name = NULL},
};
