#include "scheme.h"

#include <string.h>
#include <strings.h>

#include "complain.h"
#include "curve_table.h"
#include "file_digest.h"
#include "file_io.h"

#define STEP_MESSAGE "reading the message"

void scheme_plan_done(struct scheme_plan *plan)
{
    octets_done(&plan->input);
}

/* ---- hashing -------------------------------------------------------------------------------------------------- */

static enum outcome find_hash(const char *name, const struct digest_row **out)
{
    *out = digest_named(name);
    if (*out != NULL)
        return DONE;
    return complain(BAD_USAGE, NULL, NULL, "there is no hash function %s; these are: %s", name,
                    digest_names());
}

/* The message's hash, or with --input-is-hash the file as it is. */
static enum outcome hash_message(const struct scheme_options *options, const char *fallback,
                                 const char *file, struct scheme_plan *out)
{
    const struct digest_row *hash;
    TRY(find_hash(options->hash != NULL ? options->hash : fallback, &hash));
    out->hash = hash->name;
    const struct engine_hash_spec spec = {.algorithm = hash->name};
    if (!options->is_hash)
        return digest_file(&spec, hash->bytes, file, STEP_MESSAGE, &out->input);
    TRY(file_read(file, STEP_MESSAGE, KEY_FILE_MOST, &out->input));
    if (out->input.n == hash->bytes)
        return DONE;
    return complain(BAD_INPUT, file, STEP_MESSAGE, "a value of %s has %zu bytes, this file has %zu",
                    hash->name, hash->bytes, out->input.n);
}

/* ---- RSA ------------------------------------------------------------------------------------------------------ */

static enum outcome prepare_rsa(struct key *key, const struct scheme_options *options,
                                const char *file, struct scheme_plan *out)
{
    (void)key;
    out->name = options->padding != NULL ? options->padding : "pkcs1";
    out->padding.scheme = engine_scheme_named(out->name, ENGINE_SIGN);
    if (out->padding.scheme == NULL)
        return complain(BAD_USAGE, NULL, NULL, "RSA signs with --padding pkcs1 or pss, not %s",
                        out->name);
    TRY(hash_message(options, "SHA256", file, out));
    out->padding.hash = options->no_oid ? NULL : out->hash;
    out->padding.salt = options->salt.given ? options->salt.value : (uint32_t)out->input.n;
    return DONE;
}

/* ---- DSA ------------------------------------------------------------------------------------------------------ */

/* CNG takes hashes that are as long as q; FIPS 186-4 4.6 takes the leftmost bits of a longer one. */
static enum outcome prepare_dsa(struct key *key, const struct scheme_options *options,
                                const char *file, struct scheme_plan *out)
{
    FIELDS fields = {0};
    TRY(key_fields(key, false, &fields));
    TRY(hash_message(options, "SHA256", file, out));
    size_t bytes = view_trim(fields_get(&fields, FIELD_Q)).n;
    out->number_bytes = bytes;
    if (out->input.n > bytes)
        octets_resize(&out->input, bytes);
    else if (!octets_set_number(&out->input, view_of(&out->input), bytes))
        return complain(BAD_SYSTEM, file, STEP_MESSAGE, "the hash value is too long");
    return DONE;
}

/* ---- ECDSA ---------------------------------------------------------------------------------------------------- */

/* A hash as strong as the curve. */
static const char *hash_for_bits(size_t bits)
{
    return bits <= 256 ? "SHA256" : bits <= 384 ? "SHA384" : "SHA512";
}

static enum outcome prepare_ec(struct key *key, const struct scheme_options *options,
                               const char *file, struct scheme_plan *out)
{
    FIELDS fields = {0};
    TRY(key_fields(key, false, &fields));
    size_t bits = view_bits(fields_get(&fields, FIELD_CURVE_P));
    out->number_bytes = view_trim(fields_get(&fields, FIELD_CURVE_ORDER)).n;
    return hash_message(options, hash_for_bits(bits), file, out);
}

/* ---- ML-DSA, SLH-DSA ------------------------------------------------------------------------------------------ */

static enum outcome prepare_pq(struct key *key, const struct scheme_options *options,
                               const char *file, struct scheme_plan *out)
{
    (void)key;
    out->padding.context = view_of(&options->context.value);
    bool has_structure = options->prehash != NULL || options->context.value.n > 0;
    if (has_structure && options->external_mu)
        return complain(BAD_USAGE, NULL, NULL,
                        "mu contains the context and the hash already: --external-mu goes alone");
    if (has_structure || options->external_mu)
        out->padding.scheme =
            engine_scheme_named(options->external_mu ? "external-mu" : "pqdsa", ENGINE_SIGN);
    if (options->prehash == NULL)
        return file_read(file, STEP_MESSAGE, DATA_FILE_MOST, &out->input);
    TRY(hash_message(options, options->prehash, file, out));
    out->padding.prehash = out->hash;
    return DONE;
}

/* ---- which options a family takes ----------------------------------------------------------------------------- */

struct family_scheme {
    const char *family;
    enum outcome (*prepare)(struct key *key, const struct scheme_options *options, const char *file,
                            struct scheme_plan *out);
    unsigned takes;
};

enum {
    TAKES_HASH = 1,
    TAKES_PADDING = 2,
    TAKES_CONTEXT = 4,
    TAKES_MU = 8,
    TAKES_FORMAT = 16,
    TAKES_IS_HASH = 32,
};

static const struct family_scheme families[] = {
    {"RSA", prepare_rsa, TAKES_HASH | TAKES_IS_HASH | TAKES_PADDING},
    {"DSA", prepare_dsa, TAKES_HASH | TAKES_IS_HASH | TAKES_FORMAT},
    {"EC", prepare_ec, TAKES_HASH | TAKES_IS_HASH | TAKES_FORMAT},
    {"ML-DSA", prepare_pq, TAKES_CONTEXT | TAKES_MU | TAKES_IS_HASH},
    {"SLH-DSA", prepare_pq, TAKES_CONTEXT | TAKES_IS_HASH},
};

static const struct family_scheme *scheme_of(const char *family)
{
    for (size_t i = 0; i < ARRAY_COUNT(families); i++) {
        if (strcmp(families[i].family, family) == 0)
            return &families[i];
    }
    return NULL;
}

static enum outcome check_options(const struct key *key, const struct scheme_options *o,
                                  unsigned takes)
{
    const struct {
        bool given;
        unsigned needs;
        const char *option;
    } given[] = {
        {o->hash != NULL, TAKES_HASH, "--hash"},
        {o->is_hash, TAKES_IS_HASH, "--input-is-hash"},
        {o->padding != NULL, TAKES_PADDING, "--padding"},
        {o->salt.given, TAKES_PADDING, "--salt"},
        {o->no_oid, TAKES_PADDING, "--no-oid"},
        {o->context.given, TAKES_CONTEXT, "--context"},
        {o->prehash != NULL, TAKES_CONTEXT, "--prehash"},
        {o->external_mu, TAKES_MU, "--external-mu"},
        {o->signature_format != NULL, TAKES_FORMAT, "--signature-format"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(given); i++) {
        if (given[i].given && (takes & given[i].needs) == 0)
            return complain(BAD_USAGE, NULL, NULL, "%s does not go with a key of %s (%s)",
                            given[i].option, key->algorithm->name, key->file);
    }
    if (o->context.value.n > 255)
        return complain(BAD_USAGE, NULL, NULL,
                        "a --context has at most 255 bytes, this one has %zu", o->context.value.n);
    if (o->is_hash && (takes & TAKES_HASH) == 0 && o->prehash == NULL)
        return complain(BAD_USAGE, NULL, NULL, "--input-is-hash goes with --prehash NAME here");
    return DONE;
}

enum outcome scheme_prepare(struct key *key, const struct scheme_options *options, const char *file,
                            struct scheme_plan *out)
{
    const struct family_scheme *family = scheme_of(key_family(key)->name);
    if (family == NULL)
        return complain(BAD_INPUT, key->file, "using the key", "a key of %s does not sign",
                        key->algorithm->name);
    TRY(check_options(key, options, family->takes));
    return family->prepare(key, options, file, out);
}

void scheme_report(json_t *report, const struct scheme_plan *plan)
{
    if (plan->hash != NULL)
        report_text(report, "hash", plan->hash);
    if (plan->name != NULL)
        report_text(report, "padding", plan->name);
}

enum outcome scheme_form(const struct scheme_options *options, bool *der)
{
    const char *form = options->signature_format;
    *der = form != NULL && strcmp(form, "der") == 0;
    if (*der || form == NULL || strcmp(form, "raw") == 0)
        return DONE;
    return complain(BAD_USAGE, NULL, NULL, "--signature-format is raw or der, not %s", form);
}
