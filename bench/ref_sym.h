/*
 * Hashes, ciphers and derivation on libcrypto, in two ways. `ref_…` is libcrypto used well: methods fetched once,
 * contexts kept and only given what changes (a vector, a tag as an OSSL_PARAM that is ready). `naive_…` is what the
 * examples of its manual make of it: a new context for each message, the method named by EVP_sha256() or the like and
 * so fetched each time.
 */
#ifndef BENCH_REF_SYM_H
#define BENCH_REF_SYM_H

#define OPENSSL_SUPPRESS_DEPRECATED /* RC4 */
#include <openssl/rc4.h>

#include "ref.h"

/* ---- hashes (ref_hash.c) --------------------------------------------------------------------------------------- */

struct ref_hash {
    const char *name;
    const EVP_MD *(*implicit)(void);
    bool xof;
    const uint8_t *in;
    size_t in_n, out_n;
    uint8_t out[64];
    EVP_MD *md;
    EVP_MD_CTX *ctx, *start; /* kept; initialised and never given data */
};

bool ref_hash_init(struct ref_hash *h);
void ref_hash_done(struct ref_hash *h);

bool ref_hash_kept(void *ref_hash);   /* on the kept context */
bool ref_hash_once(void *ref_hash);   /* EVP_Digest with the method that was fetched before */
bool ref_hash_object(void *ref_hash); /* on a context of its own, the method fetched before */
bool ref_hash_copy(void *ref_hash);  /* from a copy of the initialised context, into the kept one */
bool ref_hash_empty(void *ref_hash); /* a new context, initialised and freed */
bool ref_hash_fetch(void *ref_hash); /* fetches the method and lets it go */
bool naive_hash(void *ref_hash);
bool naive_hash_copy(void *ref_hash);
bool naive_hash_empty(void *ref_hash);

/* ---- codes (ref_hash.c) ---------------------------------------------------------------------------------------- */

struct ref_mac {
    const char *name;   /* "HMAC" */
    const char *option; /* "digest", "cipher"; NULL: nothing to choose */
    const char *choice; /* "SHA256" */
    const uint8_t *key, *in;
    size_t key_n, in_n, out_n;
    uint8_t out[64];
    EVP_MAC *mac;
    EVP_MAC_CTX *ctx;
    OSSL_PARAM params[2];
};

bool ref_mac_init(struct ref_mac *m);
void ref_mac_done(struct ref_mac *m);

bool ref_mac_kept(void *ref_mac);   /* kept context and key */
bool ref_mac_key(void *ref_mac);    /* kept context, the key set each time */
bool ref_mac_object(void *ref_mac); /* a context of its own */
bool naive_mac(void *ref_mac);

/* ---- ciphers (ref_cipher.c) ------------------------------------------------------------------------------------ */

struct ref_cipher {
    const char *name;
    const EVP_CIPHER *(*implicit)(void);
    bool ccm;                /* wants the length of the message first */
    uint8_t key[64], iv[16]; /* vector or nonce */
    size_t iv_n;
    const uint8_t *aad, *in;
    size_t aad_n, in_n;
    uint8_t *out;
    uint8_t tag[16];
    EVP_CIPHER *method;
    EVP_CIPHER_CTX *encrypt, *decrypt; /* kept */
    OSSL_PARAM tag_params[2];
};

bool ref_cipher_init(struct ref_cipher *c);
void ref_cipher_done(struct ref_cipher *c);

bool ref_cipher_encrypt(void *ref_cipher);
bool ref_cipher_decrypt(void *ref_cipher);
bool ref_cipher_seal(void *ref_cipher); /* authenticated; the tag to `tag` */
bool ref_cipher_open(void *ref_cipher);
bool ref_cipher_blocks(void *ref_cipher);      /* the message in calls of 16 bytes */
bool ref_cipher_seal_pieces(void *ref_cipher); /* authenticated, in calls of 1024 bytes */
bool ref_cipher_object(void *ref_cipher);      /* encrypts with a context and key of its own */
bool ref_cipher_object_seal(void *ref_cipher);
bool ref_cipher_key(void *ref_cipher);    /* a new context with its key, freed */
bool ref_cipher_number(void *ref_cipher); /* asks the kept context for the length of its vector */
bool ref_cipher_fetch(void *ref_cipher);  /* fetches the method and lets it go */
bool naive_cipher_encrypt(void *ref_cipher);
bool naive_cipher_decrypt(void *ref_cipher);
bool naive_cipher_seal(void *ref_cipher);
bool naive_cipher_open(void *ref_cipher);
bool naive_cipher_key(void *ref_cipher);

/* RC4 by the old function: libcrypto may be built without the provider that has it. */
#ifndef OPENSSL_NO_RC4
struct ref_rc4 {
    RC4_KEY key;
    const uint8_t *in;
    size_t in_n;
    uint8_t *out;
};

void ref_rc4_init(struct ref_rc4 *r, const uint8_t *key, size_t n);
bool ref_rc4(void *ref_rc4);
#endif

/* ---- derivation and random numbers (ref_derive.c) --------------------------------------------------------------- */

struct ref_derive {
    const char *name; /* "PBKDF2" */
    const OSSL_PARAM *params;
    uint8_t out[64];
    size_t out_n;
    EVP_KDF_CTX *ctx;
};

bool ref_derive_new(struct ref_derive *d);
void ref_derive_free(struct ref_derive *d);

bool ref_derive_kept(void *ref_derive);
bool naive_derive(void *ref_derive);

struct ref_random {
    size_t n;
    uint8_t out[4096];
};

bool ref_random_bytes(void *ref_random);

#endif
