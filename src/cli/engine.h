/*
 * The library, as the tool sees it: keys by handle, bytes in octets, names in ASCII. Only engine_*.c calls bcrypt.h,
 * and only there do its spellings and wide strings appear. Statuses go through as they are.
 */
#ifndef CLI_ENGINE_H
#define CLI_ENGINE_H

#include "octets.h"

struct engine_key {
    void *handle;
};

void engine_key_done(struct engine_key *key);

#define ENGINE_KEY CLEANUP(engine_key_done) struct engine_key

/* ---- keys (engine_key.c) -------------------------------------------------------------------------------------- */

/* What to generate; what does not apply is 0 or NULL. */
struct engine_spec {
    const char *algorithm;
    uint32_t bits;
    const char *curve;
    const char *set;
};

NTSTATUS engine_generate(const struct engine_spec *spec, struct engine_key *out) MUST_CHECK;

/* `curve` goes with ECDSA and ECDH, whose shorter blobs do not name theirs; NULL: the blob says it. */
NTSTATUS engine_import(const char *algorithm, const char *curve, const char *type, struct view blob,
                       struct engine_key *out) MUST_CHECK;
NTSTATUS engine_export(const struct engine_key *key, const char *type,
                       struct octets *out) MUST_CHECK;

/* A property that is a string. */
NTSTATUS engine_get_text(const struct engine_key *key, const char *property,
                         struct octets *out) MUST_CHECK;

/* g^x mod p by the library's Diffie-Hellman: the tool has no arithmetic of its own. */
NTSTATUS engine_power(struct view p, struct view g, struct view x, struct octets *out) MUST_CHECK;

/* ---- algorithms (engine_list.c) ------------------------------------------------------------------------------- */

/* Key sizes in bits; all 0: the algorithm is not measured in bits. */
struct engine_sizes {
    uint32_t least, most, step;
};

/* Calls `each` with the name of every key pair algorithm that the library offers. */
NTSTATUS engine_each_algorithm(void (*each)(const char *name, void *context),
                               void *context) MUST_CHECK;

/* STATUS_NOT_FOUND: the library has no such algorithm. */
NTSTATUS engine_get_sizes(const char *algorithm, struct engine_sizes *out) MUST_CHECK;

bool engine_has_algorithm(const char *algorithm);

/* What the library is made with: "OpenSSL 3.5.7 9 Jun 2026"; "AVX2, SHA". */
NTSTATUS engine_get_make(struct octets *engine, struct octets *processor) MUST_CHECK;

/* What makes it quick on this machine: "random-buffer=on spare-blocks=on …". */
NTSTATUS engine_get_levers(struct octets *levers) MUST_CHECK;

/* Opens every algorithm that the library offers, for which it has to pass its self-test. */
NTSTATUS engine_each_selftest(void (*each)(const char *name, NTSTATUS status, void *context),
                              void *context) MUST_CHECK;

bool engine_is_fips(void);

/* ---- use (engine_use.c) --------------------------------------------------------------------------------------- */

enum engine_operation { ENGINE_SIGN = 1, ENGINE_ENCRYPT = 2 };

struct engine_scheme;

/* What a scheme may ask for; the rest stays zero. */
struct engine_padding {
    const struct engine_scheme *scheme;
    const char *hash;
    uint32_t salt;
    struct view label;
    struct view context;
    const char *prehash;
};

/* By the name that --padding takes; NULL: there is none for that operation. */
const struct engine_scheme *engine_scheme_named(const char *name, enum engine_operation operation);

NTSTATUS engine_sign(const struct engine_key *key, const struct engine_padding *padding,
                     struct view input, struct octets *out) MUST_CHECK;
NTSTATUS engine_verify(const struct engine_key *key, const struct engine_padding *padding,
                       struct view input, struct view signature) MUST_CHECK;
NTSTATUS engine_encrypt(const struct engine_key *key, const struct engine_padding *padding,
                        struct view input, struct octets *out) MUST_CHECK;
NTSTATUS engine_decrypt(const struct engine_key *key, const struct engine_padding *padding,
                        struct view input, struct octets *out) MUST_CHECK;
NTSTATUS engine_encapsulate(const struct engine_key *key, struct octets *secret,
                            struct octets *ciphertext) MUST_CHECK;
NTSTATUS engine_decapsulate(const struct engine_key *key, struct view ciphertext,
                            struct octets *secret) MUST_CHECK;

/* ---- agreement and key derivation (engine_agree.c, engine_derive.c) -------------------------------------------- */

/* One entry of the parameter list; text is an algorithm's name, otherwise bytes. */
struct engine_parameter {
    uint32_t id;
    const char *text;
    struct view bytes;
};

#define ENGINE_PARAMETERS_MOST 16

struct engine_kdf {
    const char *name;
    uint32_t flags;
    const char *hkdf_hash; /* HKDF: set on the secret before deriving */
    struct view hkdf_salt;
    struct engine_parameter parameters[ENGINE_PARAMETERS_MOST];
    size_t parameter_count;
    size_t length; /* 0: as much as the function gives, where it is for agreed secrets */
};

NTSTATUS engine_agree(const struct engine_key *own, const struct engine_key *peer,
                      const struct engine_kdf *kdf, struct octets *out) MUST_CHECK;

/* The library takes secrets of at most ENGINE_SECRET_MOST bytes. */
#define ENGINE_SECRET_MOST 2048

NTSTATUS engine_derive(const struct engine_kdf *kdf, struct view secret,
                       struct octets *out) MUST_CHECK;

/* ---- hashes and message authentication codes (engine_hash.c) -------------------------------------------------- */

struct engine_hash {
    void *handle;
};

void engine_hash_done(struct engine_hash *hash);

#define ENGINE_HASH CLEANUP(engine_hash_done) struct engine_hash

/* What the algorithm does not take stays zero. */
struct engine_hash_spec {
    const char *algorithm;
    bool hmac;
    struct view key;
    struct view nonce;         /* AES-GMAC */
    struct view function_name; /* cSHAKE */
    struct view customization; /* cSHAKE, KMAC */
};

/* The digest's bytes of a hash that a registered provider has: neither keyed nor without a length of its own. */
NTSTATUS engine_hash_length(const char *algorithm, size_t *length) MUST_CHECK;
NTSTATUS engine_hash_start(const struct engine_hash_spec *spec, struct engine_hash *out) MUST_CHECK;
NTSTATUS engine_hash_add(const struct engine_hash *hash, struct view data) MUST_CHECK;
NTSTATUS engine_hash_finish(const struct engine_hash *hash, size_t length,
                            struct octets *out) MUST_CHECK;

/* ---- authenticated encryption (engine_aead.c) ----------------------------------------------------------------- */

#define ENGINE_AEAD_KEY 32
#define ENGINE_AEAD_NONCE 12
#define ENGINE_AEAD_TAG 16

enum engine_aead { ENGINE_AES_GCM, ENGINE_CHACHA20_POLY1305 };

NTSTATUS engine_aead_key(enum engine_aead algorithm, struct view key,
                         struct engine_key *out) MUST_CHECK;

/* In place: the n bytes at `text` become ciphertext, and the tag is written behind them. */
NTSTATUS engine_aead_seal(const struct engine_key *key, const uint8_t nonce[ENGINE_AEAD_NONCE],
                          struct view associated, uint8_t *text, size_t n) MUST_CHECK;

/* `sealed` is the ciphertext and the tag behind it. STATUS_AUTH_TAG_MISMATCH: `text` is not to be used. */
NTSTATUS engine_aead_open(const struct engine_key *key, const uint8_t nonce[ENGINE_AEAD_NONCE],
                          struct view associated, struct view sealed, uint8_t *text) MUST_CHECK;

/* ---- random numbers (engine_random.c) ------------------------------------------------------------------------- */

NTSTATUS engine_random(uint8_t *p, size_t n) MUST_CHECK;

#endif
