/* Keys of key derivation functions (kdf_key.h): their life, blobs and properties. */
#include "kdf_key.h"

#include "props.h"
#include "sym_blob.h"

/* Nothing is ever written into a caller's memory for a key. */
#define OBJECT_LENGTH 256

static struct kdf_key *of(struct key *key)
{
    return CONTAINER_OF(key, struct kdf_key, base);
}

static NTSTATUS make(struct alg *alg, struct span secret, uint32_t flags, struct key **key)
{
    (void)flags; /* none is accepted */
    if (secret.n > KDF_KEY_MAX_BYTES)
        return STATUS_INVALID_PARAMETER;
    struct key *made = key_alloc(alg, sizeof(struct kdf_key));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = secret_copy(&of(made)->secret, secret);
    if (status < 0) {
        key_free(made);
        return status;
    }
    *key = made;
    return STATUS_SUCCESS;
}

static NTSTATUS fill_copy(struct kdf_key *to, const struct kdf_key *from)
{
    TRY(secret_copy(&to->secret, secret_span(&from->secret)));
    return hkdf_state_copy(&to->hkdf, &from->hkdf);
}

static NTSTATUS copy(struct key *from, struct key **out)
{
    struct key *made = key_clone(from);
    if (made == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = fill_copy(of(made), of(from));
    if (status < 0) {
        key_free(made);
        return status;
    }
    *out = made;
    return STATUS_SUCCESS;
}

static void done(struct key *key)
{
    secret_done(&of(key)->secret);
    hkdf_state_done(&of(key)->hkdf);
}

static NTSTATUS derive(struct key *key, const struct params *params, uint32_t flags,
                       const struct out *o)
{
    const struct kdf_function *function = key->class->params;
    if ((flags & ~function->flags) != 0 || !kdf_params_fit(&function->params, params))
        return STATUS_INVALID_PARAMETER;
    const struct kdf_request r = {of(key), params, flags, o->p, o->cap};
    TRY(function->derive(&r));
    *o->result = o->cap;
    return STATUS_SUCCESS;
}

/* ---- blobs ---------------------------------------------------------------------------------- */

static NTSTATUS import_secret(struct alg *alg, const struct sym_format *format, struct key *wrap,
                              struct span blob, uint32_t flags, struct key **key)
{
    (void)format, (void)wrap, (void)flags;
    struct span secret;
    TRY(sym_blob_decode(blob, &secret));
    return make(alg, secret, 0, key);
}

static NTSTATUS export_secret(struct key *key, const struct sym_format *format, struct key *wrap,
                              const struct out *o)
{
    (void)format, (void)wrap;
    struct span secret = secret_span(&of(key)->secret);
    struct wr w = wr_count();
    sym_blob_encode(secret, &w);
    TRY(out_writer(o, &w));
    sym_blob_encode(secret, &w);
    return STATUS_SUCCESS;
}

/* The key is final, as if its secret were the pseudorandom key. */
static NTSTATUS import_hkdf(struct alg *alg, const struct sym_format *format, struct key *wrap,
                            struct span blob, uint32_t flags, struct key **key)
{
    (void)format, (void)wrap, (void)flags;
    struct sym_hkdf view;
    const struct digest *d;
    TRY(sym_blob_hkdf_decode(blob, &view));
    TRY(hkdf_state_hash(&view.hash, &d));
    struct key *made;
    TRY(make(alg, view.prk, 0, &made));
    NTSTATUS status = hkdf_state_make(&of(made)->hkdf, d, view.prk);
    if (status < 0) {
        key_free(made);
        return status;
    }
    *key = made;
    return STATUS_SUCCESS;
}

static NTSTATUS export_hkdf(struct key *key, const struct sym_format *format, struct key *wrap,
                            const struct out *o)
{
    (void)format, (void)wrap;
    const struct digest *d;
    struct span prk;
    TRY(hkdf_state_final(&of(key)->hkdf, &d, &prk));
    struct wr w = wr_count();
    sym_blob_hkdf_encode(d->name, prk, &w);
    TRY(out_writer(o, &w));
    sym_blob_hkdf_encode(d->name, prk, &w);
    return STATUS_SUCCESS;
}

static const struct sym_format formats[] = {
    {.name = "KeyDataBlob", .import = import_secret, .export = export_secret},
    {.name = NULL},
};

static const struct sym_format hkdf_formats[] = {
    {.name = "KeyDataBlob", .import = import_hkdf, .export = export_hkdf},
    {.name = NULL},
};

#define LIFE                                                                                       \
    .make = make, .copy = copy, .done = done, .object_length = OBJECT_LENGTH, .derive = derive

const struct sym_class kdf_key_sym = {LIFE, .formats = formats};
const struct sym_class kdf_key_hkdf_sym = {LIFE, .formats = hkdf_formats};

/* ---- properties ----------------------------------------------------------------------------- */

static NTSTATUS get_secret_bits(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, (uint32_t)(8 * of(t->key)->secret.n));
}

static NTSTATUS set_hash(const struct prop_target *t, const struct in *in)
{
    return hkdf_state_set_hash(&of(t->key)->hkdf, in);
}

static NTSTATUS set_salt(const struct prop_target *t, const struct in *in)
{
    struct kdf_key *k = of(t->key);
    return hkdf_state_set_salt(&k->hkdf, secret_span(&k->secret), in);
}

static NTSTATUS set_prk(const struct prop_target *t, const struct in *in)
{
    struct kdf_key *k = of(t->key);
    return hkdf_state_set_prk(&k->hkdf, secret_span(&k->secret), in);
}

/* Both sizes are that of the secret: observed of KeyStrength. */
#define COMMON_ROWS                                                                                \
    PROP_ROW_KEY_LENGTHS, PROP_ROW_OBJECT_LENGTH,                                                  \
        {.name = "KeyLength", .on = ON_KEY, .get = get_secret_bits},                               \
    {                                                                                              \
        .name = "KeyStrength", .on = ON_KEY, .get = get_secret_bits                                \
    }

const struct prop_row kdf_key_props[] = {COMMON_ROWS, {.name = NULL}};

const struct prop_row kdf_key_hkdf_props[] = {
    COMMON_ROWS,
    {.name = "HkdfHashAlgorithm", .settable_on = ON_KEY, .set = set_hash},
    {.name = "HkdfSaltAndFinalize", .settable_on = ON_KEY, .set = set_salt},
    {.name = "HkdfPrkAndFinalize", .settable_on = ON_KEY, .set = set_prk},
    {.name = NULL},
};
