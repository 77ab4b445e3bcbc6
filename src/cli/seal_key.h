/*
 * From a key file or a passphrase to the key of one sealed file (docs/seal-format.md). The salt in the header makes it
 * another key for each file, so that counting nonces from zero never repeats one; the header goes into the derivation,
 * so that a changed header is a wrong key.
 */
#ifndef CLI_SEAL_KEY_H
#define CLI_SEAL_KEY_H

#include "seal_header.h"
#include "secret_source.h"

struct seal_key_source {
    const char *key_file;
    struct passphrase_source passphrase;
};

#define SEAL_KEY_OPTIONS(type, member)                                                             \
    OPTION(type, member.key_file, "key-file", 'k', "FILE",                                         \
           "the key: a file of 32 bytes, instead of a passphrase"),                                \
        PASSPHRASE_SOURCE_OPTIONS(type, member.passphrase, "passphrase")

bool seal_key_uses_file(const struct seal_key_source *source);

/* Reads the key or passphrase; `input` is the file that the verb reads. */
enum outcome seal_key_read(const struct seal_key_source *source, const char *input, bool twice,
                           struct octets *out) MUST_CHECK;

/* The key of the chunks, and what the header's check is with it; from all of the header but the check. */
enum outcome seal_key_derive(const struct seal_header *header, struct view secret,
                             struct engine_key *out, uint8_t check[SEAL_CHECK]) MUST_CHECK;

#endif
