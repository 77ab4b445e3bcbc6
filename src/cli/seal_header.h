/*
 * The first 64 bytes of a sealed file (docs/seal-format.md): everything that `cng open` must know before it has the key.
 */
#ifndef CLI_SEAL_HEADER_H
#define CLI_SEAL_HEADER_H

#include "engine.h"

#define SEAL_HEADER 64
#define SEAL_HEADER_FACTS 32 /* the part of it that goes into the derivation of the keys */
#define SEAL_SALT 16
#define SEAL_CHECK 32

struct seal_header {
    enum engine_aead cipher;
    bool has_passphrase; /* otherwise a key file */
    uint32_t iterations; /* of PBKDF2; 0 with a key file */
    uint8_t salt[SEAL_SALT];
    uint8_t check[SEAL_CHECK]; /* what tells a wrong key from a right one */
};

const char *seal_cipher_name(enum engine_aead cipher);
bool seal_cipher_named(const char *name, enum engine_aead *out) MUST_CHECK;

void seal_header_encode(const struct seal_header *header, uint8_t out[SEAL_HEADER]);

/* `bytes` is the beginning of the file, SEAL_HEADER bytes unless it is shorter. */
enum outcome seal_header_decode(const char *file, struct view bytes,
                                struct seal_header *out) MUST_CHECK;

/* As JSON, on standard output: how a file was sealed, the bytes of its text, and where the result went. */
void seal_header_show(const struct seal_header *header, uint64_t text, const char *out);

#endif
