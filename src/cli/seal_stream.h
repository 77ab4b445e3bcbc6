/*
 * The chunks of a sealed file (docs/seal-format.md): the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár
 * ("Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015). The nonce of a chunk is its
 * number and whether it is the last one, so that no chunk can be changed, moved, left out or added.
 */
#ifndef CLI_SEAL_STREAM_H
#define CLI_SEAL_STREAM_H

#include "inlet.h"
#include "outlet.h"
#include "seal_header.h"

#define SEAL_CHUNK ((size_t)1 << 16)

struct seal_stream {
    const struct engine_key *key;
    const uint8_t *header; /* SEAL_HEADER bytes: associated data of each chunk */
    const char *label;     /* of the bar on a terminal */
    uint64_t text;         /* counts the bytes of plaintext */
};

/* Text in, chunks out. */
enum outcome seal_stream_seal(struct seal_stream *s, struct inlet *in,
                              struct outlet *out) MUST_CHECK;

/* Chunks in, text out: a chunk's text is released only when its tag is right. */
enum outcome seal_stream_open(struct seal_stream *s, struct inlet *in,
                              struct outlet *out) MUST_CHECK;

#endif
