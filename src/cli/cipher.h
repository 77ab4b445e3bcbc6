/* What `encrypt` and `decrypt` share: RSA's paddings. */
#ifndef CLI_CIPHER_H
#define CLI_CIPHER_H

#include "engine.h"
#include "options.h"

struct cipher_args {
    const char *key;
    const char *out;
    const char *padding;
    const char *hash;
    struct option_bytes label;
    bool hex;
    bool force;
    bool json;
};

#define CIPHER_OPTIONS(key_help)                                                                   \
    OPTION_KEY(struct cipher_args, key_help),                                                      \
        OPTION_OUT(struct cipher_args, "where the result goes (default: standard output)"),        \
        OPTION(struct cipher_args, padding, "padding", 0, "NAME",                                  \
               "oaep (default), pkcs1 or none"),                                                   \
        OPTION(struct cipher_args, hash, "hash", 0, "NAME", "oaep: the hash (default SHA256)"),    \
        OPTION(struct cipher_args, label, "label", 0, "VALUE", "oaep: the label"),                 \
        OPTION_HEX(struct cipher_args), OPTION_FORCE(struct cipher_args),                          \
        OPTION_JSON(struct cipher_args), OPTION_END

void cipher_args_done(struct cipher_args *args);

/* The padding that the options describe. */
enum outcome cipher_prepare(const struct cipher_args *args, struct engine_padding *out) MUST_CHECK;

#endif
