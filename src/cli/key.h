/*
 * A key between its file and the library: a blob of Windows', the algorithm that imports it, and what is known about
 * it. Reading a file recognises its format by content and never by name; opening makes a handle of it.
 */
#ifndef CLI_KEY_H
#define CLI_KEY_H

#include "der.h"
#include "engine.h"
#include "family.h"
#include "layout.h"

/* What the command line adds to what the file says; NULL: nothing. */
struct key_hints {
    const char *curve;     /* --curve */
    const char *algorithm; /* --algorithm */
};

struct key {
    const char *file;
    char format[64];             /* for people: "PKCS #8 (PEM)", "RSAPUBLICBLOB" */
    const struct layout *layout; /* NULL: the file was DER or PEM */
    const char *family;          /* as der.c's rows say, or NULL: no key pair */
    bool is_private;
    bool damaged; /* a blob whose sizes do not add up: only format and layout are set */
    struct octets bytes;
    struct fields fields;

    /* set when opened */
    const struct algorithm *algorithm;
    const char *curve; /* ECDSA, ECDH; NULL: explicit parameters, or it does not apply */
    struct engine_key handle;
};

void key_done(struct key *key);

#define KEY CLEANUP(key_done) struct key

/* Reads and recognises a file, whatever it is. The fields are those of the file. */
enum outcome key_read(const char *file, struct key *out) MUST_CHECK;

/* The same for bytes that are there already, with a name for messages in `file`. */
enum outcome key_recognise(struct key *out) MUST_CHECK;

/* Opens what was read, for a use (USE_NONE: just to have it). */
enum outcome key_open(struct key *key, enum use use, const struct key_hints *hints) MUST_CHECK;

/* Both, for the verbs that use a key; private or not as they need it. */
enum outcome key_load(const char *file, enum use use, bool need_private,
                      const struct key_hints *hints, struct key *out) MUST_CHECK;

/* Makes an opened key of a handle that was just generated; takes the handle over. */
void key_adopt(struct key *key, const struct algorithm *algorithm, const char *curve,
               struct engine_key *handle);

const struct family *key_family(const struct key *key);

/* What it is, for people: "RSA 2048", "ECDSA nistP256", "ML-KEM 768". */
void key_title(struct key *key, struct octets *out);

/* The fields of an opened key, as its family's full blobs give them. */
enum outcome key_fields(const struct key *key, bool is_private, struct fields *out) MUST_CHECK;

#endif
