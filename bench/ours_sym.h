/* Hashes, ciphers and derivation through bcrypt.h, as programs call them: one side of the rows of the suite
 * `primitives`. As in ours.h each function does one operation on its argument. */
#ifndef BENCH_OURS_SYM_H
#define BENCH_OURS_SYM_H

#include "ours.h"

/* ---- hashes and codes (ours_hash.c) ---------------------------------------------------------------------------- */

struct ours_hash {
    BCRYPT_ALG_HANDLE alg;   /* may be a pseudo-handle */
    BCRYPT_HASH_HANDLE hash; /* kept: a reusable one, or one that is duplicated */
    const uint8_t *key, *in;
    ULONG key_n, in_n, out_n;
    uint8_t out[64];
};

BCRYPT_ALG_HANDLE ours_open_flags(LPCWSTR name, ULONG flags);

/* Makes the kept object. */
bool ours_hash_init(struct ours_hash *h, ULONG flags);
void ours_hash_done(struct ours_hash *h);

bool ours_hash_once(void *ours_hash);      /* BCryptHash */
bool ours_hash_object(void *ours_hash);    /* an object of its own, from create to destroy */
bool ours_hash_kept(void *ours_hash);      /* data and finish on the kept object */
bool ours_hash_duplicate(void *ours_hash); /* a copy of the kept object gets the data */
bool ours_hash_empty(void *ours_hash);     /* create and destroy */

/* ---- ciphers (ours_cipher.c) ----------------------------------------------------------------------------------- */

#define SYM_IV_BYTES 16
#define SYM_TAG_BYTES 16
#define SYM_KEY_BYTES 64

struct ours_cipher {
    LPCWSTR alg_name, mode; /* mode NULL: the algorithm has one */
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key; /* kept */
    uint8_t key_bytes[SYM_KEY_BYTES];
    ULONG key_n;
    uint8_t iv[SYM_IV_BYTES]; /* vector or nonce */
    ULONG iv_n;
    ULONG segment; /* MessageBlockLength; 0: as it is */
    const uint8_t *aad, *in;
    ULONG aad_n, in_n;
    uint8_t *out;
    uint8_t tag[SYM_TAG_BYTES];
    /* Kept, as the comparison's parameters of the tag are. */
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
};

/* Opens the algorithm, sets the mode, makes the kept key and fills `info`. */
bool ours_cipher_init(struct ours_cipher *c);
void ours_cipher_done(struct ours_cipher *c);

bool ours_cipher_encrypt(void *ours_cipher); /* each message from the vector */
bool ours_cipher_decrypt(void *ours_cipher);
bool ours_cipher_seal(void *ours_cipher); /* authenticated; the tag to `tag` */
bool ours_cipher_open(void *ours_cipher);
bool ours_cipher_query(void *ours_cipher);  /* the size that a message needs */
bool ours_cipher_blocks(void *ours_cipher); /* the message in calls of 16 bytes */
bool ours_cipher_chained(
    void *ours_cipher); /* 16 bytes at a time, each after a size query, the vector chained */
bool ours_cipher_seal_chained(void *ours_cipher); /* authenticated, in calls of PIECE bytes */
bool ours_cipher_key(void *ours_cipher);          /* makes a key and destroys it */
bool ours_cipher_provider(void *ours_cipher);     /* open, mode, key, encrypt, destroy, close */
bool ours_cipher_provider_seal(void *ours_cipher);
bool ours_cipher_import(
    void *ours_cipher); /* import a blob, encrypt, destroy; the caller's memory */
bool ours_cipher_block_length(void *ours_cipher); /* a property of the key */

#define SYM_PIECE_BYTES 1024

/* ---- derivation and random numbers (ours_derive.c) -------------------------------------------------------------- */

struct ours_derive {
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key; /* kept */
    const uint8_t *secret, *salt;
    ULONG secret_n, salt_n;
    LPCWSTR hash;         /* HKDF: set before the salt */
    BCryptBuffer list[4]; /* of BCryptKeyDerivation */
    ULONG list_n;
    uint8_t out[64];
    ULONG out_n;
};

bool ours_derive_init(struct ours_derive *d);
void ours_derive_done(struct ours_derive *d);

bool ours_derive_kept(void *ours_derive);
bool ours_derive_key(void *ours_derive); /* with a key of its own, from make to destroy */

struct ours_random {
    ULONG n;
    uint8_t out[4096];
};

bool ours_random_bytes(void *ours_random);

#endif
