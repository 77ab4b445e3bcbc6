/*
 * The file of a key, bytes to view and back. Integers are little-endian.
 *
 *    0  magic            "OCNGKEY\x1a"
 *    8  version          1
 *   12  header bytes
 *   16  payload bytes
 *   20  header: entries {tag u16, bytes u32, value}, tags ascending
 *       nonce[12]
 *       ciphertext[payload bytes]
 *       GCM tag[16]
 *
 * The associated data of AES-256-GCM is everything before the nonce; the key is HKDF-SHA256 of the KEK with
 * the header's salt. The payload is {type bytes u8, type, blob}.
 *
 * A tag's highest bit says that who does not know it must not use the key; unknown tags without
 * that bit are kept when the file is written anew. Every record has exactly one encoding: entries stand
 * in the order of the table in store_container.c, properties in that of their names, and what is empty
 * is left out where the table says so. What enumeration needs stands first.
 */
#ifndef STORE_STORE_CONTAINER_H
#define STORE_STORE_CONTAINER_H

#include "rd.h"
#include "store.h"
#include "store_crypto.h"
#include "text.h"
#include "wr.h"

#define CONTAINER_FIXED_BYTES 20

/* Names of algorithms, curves, blob types and programs. */
#define STORE_TEXT_MAX 255

/* The entries that an enumeration reads lie within so many bytes of the file's start. */
#define CONTAINER_SUMMARY_BYTES 4096

struct container {
    struct store_record record;
    uint8_t salt[STORE_SALT_BYTES];
    struct span *unknown; /* entries kept as they are, tag and length included */
    size_t unknown_count;

    /* Set by decode; all of it inside the bytes that were decoded. */
    struct span head;   /* everything before the nonce */
    struct span nonce;  /* STORE_NONCE_BYTES */
    struct span sealed; /* ciphertext and tag */
    void *lists;        /* allocated: what record.properties and unknown point at */
};

/* Whether the record can be written: names, texts, sizes. NTE_INVALID_PARAMETER. */
SECURITY_STATUS container_check(const struct store_record *record) MUST_CHECK;

/* Writes everything before the nonce. Properties have to be in the order of their names. */
void container_encode(const struct container *c, size_t payload_bytes, struct wr *w);

/* The spans of the result point into `in`. NTE_BAD_DATA, NTE_BAD_VER. */
SECURITY_STATUS container_decode(struct span in, struct container *out) MUST_CHECK;
void container_done(struct container *c);

/* The same from the first bytes of a file of `file_bytes`, only what an enumeration shows; other fields
 * of the record are zero. */
SECURITY_STATUS container_summary(struct span start, uint64_t file_bytes,
                                  struct store_record *out) MUST_CHECK;

/* The order of properties. */
int property_order(const void *a, const void *b);

/* The Unique Name; the name has been checked. */
SECURITY_STATUS unique_make(struct span name, uint32_t spec,
                            char out[STORE_UNIQUE_CHARS + 1]) MUST_CHECK;

/* Whether a file's name looks like a key's. */
bool unique_is(const char *name) MUST_CHECK;

#endif
