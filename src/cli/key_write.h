/* Keys on their way out: which formats there are, and a key in one of them. */
#ifndef CLI_KEY_WRITE_H
#define CLI_KEY_WRITE_H

#include "key.h"

enum key_container {
    KEY_PEM,
    KEY_DER,
    KEY_BLOB,    /* `type` */
    KEY_NATURAL, /* the blob that the algorithm has of its own */
};

struct key_format {
    enum key_container container;
    const char *type;
    bool is_private; /* KEY_BLOB: its type says so; the others hold either part */
    bool is_text;
};

/* "pem", "der", "blob", or a blob type's name in any case of letters. */
enum outcome key_format_named(const char *text, struct key_format *out) MUST_CHECK;

/* Choices within DER; NULL: the usual. */
struct key_choices {
    const char *pq_form;       /* seed, expanded, both */
    const char *ec_parameters; /* named, explicit */
};

/* Writes the private or the public part of an opened key. */
enum outcome key_encode(const struct key *key, const struct key_format *format, bool is_private,
                        const struct key_choices *choices, struct octets *out) MUST_CHECK;

#endif
