/*
 * How messages are signed: the options that `sign` and `verify` share, and what they come to for a key. Each family
 * has a row that says which options make sense for it and how a message becomes what the library signs.
 */
#ifndef CLI_SCHEME_H
#define CLI_SCHEME_H

#include "key.h"
#include "options.h"
#include "render.h"

struct scheme_options {
    const char *hash;
    bool is_hash;
    const char *padding;
    struct option_number salt;
    bool no_oid;
    struct option_bytes context;
    const char *prehash;
    bool external_mu;
    const char *signature_format;
};

#define SCHEME_OPTIONS(type)                                                                       \
    OPTION(type, scheme.hash, "hash", 0, "NAME",                                                   \
           "hash of the message (RSA, DSA: SHA256; ECDSA: by the curve's size)"),                  \
        OPTION(type, scheme.is_hash, "input-is-hash", 0, NULL,                                     \
               "the file holds the hash value itself"),                                            \
        OPTION(type, scheme.padding, "padding", 0, "NAME", "RSA: pkcs1 (default) or pss"),         \
        OPTION(type, scheme.salt, "salt", 0, "BYTES",                                              \
               "RSA pss: length of the salt (default: the hash's)"),                               \
        OPTION(type, scheme.no_oid, "no-oid", 0, NULL,                                             \
               "RSA pkcs1: sign the hash without naming its algorithm"),                           \
        OPTION(type, scheme.context, "context", 0, "VALUE",                                        \
               "ML-DSA, SLH-DSA: context, at most 255 bytes"),                                     \
        OPTION(type, scheme.prehash, "prehash", 0, "NAME",                                         \
               "ML-DSA, SLH-DSA: sign this hash of the message"),                                  \
        OPTION(type, scheme.external_mu, "external-mu", 0, NULL,                                   \
               "ML-DSA: the file holds the 64 bytes of mu")

/* The form of a signature that is made. */
#define SCHEME_OPTION_FORM(type)                                                                   \
    OPTION(type, scheme.signature_format, "signature-format", 0, "FORM",                           \
           "DSA, ECDSA: raw (default), as Windows has it, or der, as OpenSSL")

enum outcome scheme_form(const struct scheme_options *options, bool *der) MUST_CHECK;

/* What the library is asked to sign, and how. */
struct scheme_plan {
    struct engine_padding padding;
    const char *hash;    /* NULL: none */
    const char *name;    /* of the padding; NULL: none */
    size_t number_bytes; /* DSA, ECDSA: of r and of s; else 0 */
    struct octets input;
};

void scheme_plan_done(struct scheme_plan *plan);

#define SCHEME_PLAN CLEANUP(scheme_plan_done) struct scheme_plan

enum outcome scheme_prepare(struct key *key, const struct scheme_options *options, const char *file,
                            struct scheme_plan *out) MUST_CHECK;

void scheme_report(json_t *report, const struct scheme_plan *plan);

#endif
