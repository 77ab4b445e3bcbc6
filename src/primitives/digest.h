/*
 * The hash functions that other algorithms name: one row each. Signatures, padding and key
 * derivation all find their hash here by its CNG identifier.
 */
#ifndef PRIMITIVES_DIGEST_H
#define PRIMITIVES_DIGEST_H

#include "ossl.h"

enum digest_row {
    DIGEST_MD2,
    DIGEST_MD4,
    DIGEST_MD5,
    DIGEST_SHA1,
    DIGEST_SHA256,
    DIGEST_SHA384,
    DIGEST_SHA512,
    DIGEST_SHA3_256,
    DIGEST_SHA3_384,
    DIGEST_SHA3_512,
    DIGEST_SHAKE128,
    DIGEST_SHAKE256,
    DIGEST_NAMED, /* nobody names what follows: the sponges inside cSHAKE and KMAC */
    DIGEST_CSHAKE128 = DIGEST_NAMED,
    DIGEST_CSHAKE256,
    DIGEST_ROWS,
};

#define DIGEST_MAX_BYTES 64

struct digest {
    const char *name;      /* CNG identifier, "SHA256" */
    const char *ossl_name; /* libcrypto's */
    uint16_t length;       /* digest bytes; XOFs: the default output, 32 or 64 */
    uint16_t block;        /* input block bytes (HMAC) */
    uint8_t oid_length;    /* DER object identifier with its tag; 0: none */
    uint8_t oid[11];
    bool sha2;
    bool xof;
    bool squeezes;                  /* libcrypto gives its output in pieces */
    const struct digest_core *core; /* low-level functions; NULL: libcrypto has none */
    const struct digest *cshake;    /* what is left of a XOF when strings are put before the data */
};

/* digest_state.c */
extern const struct digest_core digest_core_md5, digest_core_sha1, digest_core_sha256;
extern const struct digest_core digest_core_sha384, digest_core_sha512;

extern const struct digest digest_rows[DIGEST_ROWS];

/* A digest that nobody else may see, wiped by scope. */
struct digest_value {
    uint8_t p[DIGEST_MAX_BYTES];
};

void digest_value_done(struct digest_value *v);

#define DIGEST_VALUE CLEANUP(digest_value_done) struct digest_value

/* The first block of HMAC, FIPS 198-1: H((K ^ opad) || H((K ^ ipad) || text)). */
struct digest_pad {
    uint8_t p[144]; /* d->block of them */
};

void digest_pad_done(struct digest_pad *pad);

#define DIGEST_PAD CLEANUP(digest_pad_done) struct digest_pad

/* K ^ ipad of a key of any length; XOFs: STATUS_NOT_SUPPORTED. */
NTSTATUS digest_pad_inner(struct digest_pad *pad, const struct digest *d,
                          struct span key) MUST_CHECK;

/* Turns K ^ ipad into K ^ opad. */
void digest_pad_outer(struct digest_pad *pad, const struct digest *d);

/* The row of a hash that a caller names; NULL when it is no hash of ours, or gave a wrong answer when it was asked a known one. */
const struct digest *digest_find(const struct name *name);

/* The row of a hash of ours. */
const struct digest *digest_named(const char *name);

/* Whether a row that has a name gives the right answer (digest_known.c); found out once. */
bool digest_passes(const struct digest *d) MUST_CHECK;

/* libcrypto's method, fetched once and kept; NULL when the installed libcrypto lacks it. */
const EVP_MD *digest_md(const struct digest *d);

/* The place of a row, below DIGEST_ROWS. */
static inline size_t digest_index(const struct digest *d)
{
    return (size_t)(d - digest_rows);
}

/* Hash of the concatenation of `count` spans into out[d->length]. */
NTSTATUS digest_spans(const struct digest *d, const struct span *parts, size_t count,
                      uint8_t *out) MUST_CHECK;

/* HMAC of the concatenation of `count` spans under `key` into out[d->length]. */
NTSTATUS digest_hmac(const struct digest *d, struct span key, const struct span *parts,
                     size_t count, uint8_t *out) MUST_CHECK;

#endif
