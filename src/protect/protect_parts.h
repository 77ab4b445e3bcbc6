/*
 * Data protected to rules (ncryptprotect.h), behind the contract of base/protect.h.
 *
 * A rule is a list of terms; each names a protector, which is a row: a way to a secret that only the one whom the term
 * means finds again. From the secret a key is derived that wraps the term's share of the content's key, and the
 * header of the protected data holds all that is needed to do that again (docs/data-protection.md).
 *
 *   protect_rule.c     text -> rule
 *   protect_row.c      the rows; protect_local.c and protect_cert.c have their functions
 *   protect_wrap.c     secret -> key, and the wrapping of shares
 *   protect_head.c     rule -> header and content's key; protect_head_open.c: back
 *   protect_content.c  what follows the header
 *   protect_stream.c   the same, piece by piece
 *   protect_engine.c   the row of base/protect.h
 */
#ifndef PROTECT_PROTECT_PARTS_H
#define PROTECT_PROTECT_PARTS_H

#include "protect.h"

#include "cms_enveloped.h"
#include "secret.h"
#include "store.h"
#include "store_crypto.h"

#define PROTECT_KEY_BYTES STORE_KEY_BYTES     /* of a content's key, and of a share of it */
#define PROTECT_NONCE_BYTES STORE_NONCE_BYTES /* of AES-256-GCM */
#define PROTECT_TAG_BYTES STORE_TAG_BYTES
#define PROTECT_WRAPPED_BYTES (PROTECT_KEY_BYTES + 8) /* RFC 3394 */
#define PROTECT_DIGEST_BYTES STORE_SHA256_BYTES

/* ---- protectors (protect_row.c) ------------------------------------------------------------- */

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

struct protect_row {
    const char *name; /* in a rule */
    const char *oid;  /* in a header */
    /* Whether data can be protected to the value at all. */
    NTSTATUS (*check)(const char *value);
    /* Gives a secret, and the details that lead to it. NULL: there is no such protector here. */
    NTSTATUS (*make)(const char *value, struct secret *secret, struct secret *details);
    /* The same secret, for whom the value means; else any error. */
    NTSTATUS (*recover)(const char *value, struct span details, struct secret *secret);
};

/* clang-format on */

/* The row of a name; NULL: unknown. Case does not count. */
const struct protect_row *protect_row_find(const char *name);

NTSTATUS protect_local_check(const char *value) MUST_CHECK;
NTSTATUS protect_local_make(const char *value, struct secret *secret,
                            struct secret *details) MUST_CHECK;
NTSTATUS protect_local_recover(const char *value, struct span details,
                               struct secret *secret) MUST_CHECK;
NTSTATUS protect_cert_check(const char *value) MUST_CHECK;
NTSTATUS protect_cert_make(const char *value, struct secret *secret,
                           struct secret *details) MUST_CHECK;
NTSTATUS protect_cert_recover(const char *value, struct span details,
                              struct secret *secret) MUST_CHECK;

/* ---- rules (protect_rule.c) ----------------------------------------------------------------- */

#define PROTECT_TERMS_MAX 64

/* NAME=value. Strings belong to the rule. */
struct rule_term {
    const struct protect_row *row; /* NULL: unknown here */
    const char *name;
    const char *raw;   /* the value as it was written */
    const char *value; /* without its escapes */
    uint32_t group;    /* terms of one group are joined by AND, groups by OR */
};

struct protect_rule {
    char *text; /* as it was written */
    char *strings;
    size_t count;
    struct rule_term terms[PROTECT_TERMS_MAX];
};

/* With `strict`, data can be protected to every term; otherwise the text comes out of a header and may be anybody's. */
NTSTATUS rule_parse(const char *text, bool strict, struct protect_rule **out) MUST_CHECK;
void rule_free(struct protect_rule *rule);

static inline void rule_done(struct protect_rule **rule)
{
    rule_free(*rule);
}
#define SCOPED_RULE CLEANUP(rule_done) struct protect_rule

/* ---- keys (protect_wrap.c) ------------------------------------------------------------------ */

/* The key that wraps a share: HKDF of a protector's secret, bound to the header that it stands in. */
NTSTATUS protect_kek(const struct secret *secret, struct span salt,
                     const uint8_t digest[PROTECT_DIGEST_BYTES], struct secret *kek) MUST_CHECK;

/* AES key wrap. What does not unwrap is NTE_DECRYPTION_FAILURE. */
NTSTATUS protect_wrap(const struct secret *kek, const uint8_t share[PROTECT_KEY_BYTES],
                      uint8_t wrapped[PROTECT_WRAPPED_BYTES]) MUST_CHECK;
NTSTATUS protect_unwrap(const struct secret *kek, struct span wrapped,
                        struct secret *share) MUST_CHECK;

/* ---- headers (protect_head.c, protect_head_open.c) ------------------------------------------- */

/* What the content is sealed with. */
struct content_key {
    struct secret key;
    uint8_t nonce[PROTECT_NONCE_BYTES];
    uint32_t segment; /* bytes of plaintext; 0: all of it at once */
};

static inline void content_key_done(struct content_key *k)
{
    secret_done(&k->key);
}
#define CONTENT_KEY CLEANUP(content_key_done) struct content_key

/* Draws the content's key and writes a header for it into memory from the allocator, with room for `content` bytes behind; with
 * k->segment the content stands outside the CMS structure and `content` is 0. *header is what is written, *n everything. */
NTSTATUS head_seal(const struct protect_rule *rule, size_t content, const NCRYPT_ALLOC_PARA *memory,
                   struct content_key *k, uint8_t **bytes, size_t *header, size_t *n) MUST_CHECK;

/* A header that was read; spans point into the bytes it was read from. */
struct head {
    struct cms_enveloped cms;
    struct cms_cipher_view how;
    struct span bytes; /* all before the content */
};

/* NTE_BAD_DATA: no such header. */
NTSTATUS head_decode(struct span blob, struct head *out) MUST_CHECK;
NTSTATUS head_rule(const struct head *h, struct protect_rule **rule) MUST_CHECK;

/* The content's key. NTE_DECRYPTION_FAILURE: not for us, or changed. */
NTSTATUS head_open(const struct head *h, const struct protect_rule *rule,
                   struct content_key *k) MUST_CHECK;

/* ---- contents (protect_content.c) ----------------------------------------------------------- */

/* The segments that this library writes. */
#define PROTECT_SEGMENT 65536u
#define PROTECT_SEGMENT_MAX 1048576u

/* A segment, or (number 0, final, without segments) all of the content. `out` has room for the tag too; opening gives
 * sealed.n - PROTECT_TAG_BYTES bytes, or NTE_DECRYPTION_FAILURE and nothing. */
NTSTATUS content_seal(const struct content_key *k, uint32_t number, bool final, struct span plain,
                      uint8_t *out) MUST_CHECK;
NTSTATUS content_open(const struct content_key *k, uint32_t number, bool final, struct span sealed,
                      uint8_t *out) MUST_CHECK;

/* All of a content at once: its plaintext's length, and the plaintext. */
NTSTATUS content_size(const struct content_key *k, size_t sealed, size_t *plain) MUST_CHECK;
NTSTATUS content_open_all(const struct content_key *k, struct span sealed, uint8_t *out) MUST_CHECK;

/* ---- streams (protect_stream.c) ------------------------------------------------------------- */

NTSTATUS stream_to_seal(const struct protect_rule *rule, const struct protect_sink *sink,
                        struct protect_stream **stream) MUST_CHECK;
NTSTATUS stream_to_open(const struct protect_sink *sink, struct protect_stream **stream) MUST_CHECK;
NTSTATUS stream_update(struct protect_stream *stream, struct span data, bool final) MUST_CHECK;
void stream_free(struct protect_stream *stream);

#endif
