/*
 * The same operations on libcrypto, written as well as its EVP interface allows: algorithms fetched and contexts
 * initialised before the clock runs, parameters ready, nothing converted that does not have to be. A signature stays in
 * libcrypto's own form (DER for ECDSA and DSA), an exported number in the machine's byte order.
 *
 * The families' files make the keys, parameters and contexts; the operations are the same for all.
 */
#ifndef BENCH_REF_H
#define BENCH_REF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/evp.h>
#include <openssl/param_build.h>

#define REF_OCTETS 8192

/* Initialises a new context for its operation. */
struct ref_prepare {
    bool (*run)(EVP_PKEY_CTX *ctx, void *arg);
    void *arg;
};

/* As struct ours_call. The context is kept between calls; naive_call makes one for each. */
struct ref_call {
    EVP_PKEY_CTX *ctx;
    EVP_PKEY *pkey;
    struct ref_prepare prepare;
    bool (*run)(void *ref_call);
    size_t in_n, out_n;
    uint8_t in[REF_OCTETS], out[REF_OCTETS];
};

/* Generation with a kept context, and a check of the result where there is one. */
struct ref_generate {
    EVP_PKEY_CTX *ctx;
    int (*check)(EVP_PKEY_CTX *ctx);
};

/* EVP_PKEY_fromdata with a kept context, and a check. */
struct ref_import {
    EVP_PKEY_CTX *ctx;
    int selection;
    OSSL_PARAM *params;
    int (*check)(EVP_PKEY_CTX *ctx);
};

/* All numbers of a key in one call of EVP_PKEY_get_params. */
#define REF_MOST_PARAMS 9
struct ref_export {
    EVP_PKEY *pkey;
    size_t count, used;
    OSSL_PARAM params[REF_MOST_PARAMS];
    uint8_t bytes[REF_OCTETS];
};

/* An operation on a key that is imported for it, and on a context that is made for it. */
struct ref_use {
    struct ref_import import;
    struct ref_prepare prepare;
    bool (*run)(void *call);
    struct ref_call call;
};

/* A key pair made for one agreement with a peer. */
struct ref_ephemeral {
    EVP_PKEY_CTX *ctx; /* for EVP_PKEY_generate */
    EVP_PKEY *peer;
    uint8_t out[REF_OCTETS];
};

/* ---- setting up: NULL or false after a message on stderr ------------------------------------------------------- */

bool ref_call_init(struct ref_call *c, EVP_PKEY *pkey, struct ref_prepare prepare);
void ref_call_done(struct ref_call *c);

/* A kept context for EVP_PKEY_fromdata, and one for EVP_PKEY_generate. */
EVP_PKEY_CTX *ref_import_ctx(const char *key_type);
EVP_PKEY_CTX *ref_generate_ctx(const char *key_type, const OSSL_PARAM *params);
EVP_PKEY_CTX *ref_generate_like_ctx(EVP_PKEY *parameters);

EVP_PKEY *ref_key_import(const struct ref_import *what);

/* Adds a number or a string of bytes that the export has to read. */
void ref_export_number(struct ref_export *e, const char *name, size_t n);
void ref_export_octets(struct ref_export *e, const char *name, size_t n);

/* Reports a failure, and remembers it. */
bool ref_ok(bool ok, const char *what);
extern bool ref_failed;

/* Preparations that many families share. */
bool ref_sign_init(EVP_PKEY_CTX *ctx, void *ossl_params);
bool ref_verify_init(EVP_PKEY_CTX *ctx, void *ossl_params);
bool ref_derive_init(EVP_PKEY_CTX *ctx, void *peer_pkey);

/* ---- the sides of rows ----------------------------------------------------------------------------------------- */

bool ref_generate(void *ref_generate);
bool ref_import(void *ref_import);
bool ref_export(void *ref_export);
bool ref_sign(void *ref_call);
bool ref_verify(void *ref_call);
bool ref_encrypt(void *ref_call);
bool ref_decrypt(void *ref_call);
bool ref_derive(void *ref_call);
bool ref_encapsulate(void *ref_call);
bool ref_decapsulate(void *ref_call);
bool naive_call(void *ref_call);
bool ref_use(void *ref_use);
bool ref_ephemeral(void *ref_ephemeral);

/* ---- families: keys from the blobs that the library exported --------------------------------------------------- */

/* Parameters from the numbers of a blob, in its order: each in its own field, big-endian. */
struct ref_field {
    const char *name;
    const uint8_t *p;
    size_t n;
    bool octets; /* a string of bytes, not a number */
};
OSSL_PARAM *ref_params(const char *group, const struct ref_field *fields, size_t count);

/* RSAFULLPRIVATEBLOB */
struct ref_rsa {
    EVP_PKEY *pkey;
    OSSL_PARAM *public_params, *private_params;
    size_t n_bytes;
};
bool ref_rsa_init(struct ref_rsa *r, const uint8_t *blob);
void ref_rsa_done(struct ref_rsa *r);
void ref_rsa_export_init(struct ref_export *e, const struct ref_rsa *r, bool with_private);
EVP_PKEY_CTX *ref_rsa_generate_ctx(size_t bits);
/* Writes RSAFULLPRIVATEBLOB. */
bool ref_rsa_blob(EVP_PKEY *pkey, uint8_t *blob, uint32_t *n);
enum ref_padding { REF_PKCS1, REF_PSS, REF_OAEP, REF_RAW };
struct ref_prepare ref_rsa_sign(enum ref_padding padding);
struct ref_prepare ref_rsa_verify(enum ref_padding padding);
struct ref_prepare ref_rsa_encrypt(enum ref_padding padding);
struct ref_prepare ref_rsa_decrypt(enum ref_padding padding);

/* ECCPRIVATEBLOB; curve25519 when `group` is NULL */
struct ref_ecc {
    EVP_PKEY *pkey;
    OSSL_PARAM *public_params, *private_params;
    const char *key_type;
    size_t field_bytes;
};
bool ref_ecc_init(struct ref_ecc *r, const uint8_t *blob, const char *group);
void ref_ecc_done(struct ref_ecc *r);
void ref_ecc_export_init(struct ref_export *e, const struct ref_ecc *r, bool with_private);
EVP_PKEY_CTX *ref_ecc_generate_ctx(const char *group);

/* DHPRIVATEBLOB, DSAPRIVATEBLOB (version 2) */
struct ref_ffc {
    EVP_PKEY *pkey;
    OSSL_PARAM *public_params, *private_params;
    const char *key_type;
    size_t p_bytes, q_bytes; /* q: DSA only */
};
bool ref_dh_init(struct ref_ffc *r, const uint8_t *blob);
bool ref_dsa_init(struct ref_ffc *r, const uint8_t *blob);
/* A context for EVP_PKEY_generate that makes parameters. */
EVP_PKEY_CTX *ref_dsa_parameters_ctx(size_t p_bits, size_t q_bits);
void ref_ffc_done(struct ref_ffc *r);
void ref_ffc_export_init(struct ref_export *e, const struct ref_ffc *r, bool with_private);

/* The public and the seed blob of ML-KEM and ML-DSA */
struct ref_pq {
    EVP_PKEY *pkey;
    OSSL_PARAM *public_params, *seed_params;
    size_t public_bytes, seed_bytes;
    const char *key_type;
    void *algorithm; /* EVP_SIGNATURE */
};
bool ref_pq_init(struct ref_pq *r, const char *key_type, const uint8_t *public_blob,
                 const uint8_t *seed_blob);
void ref_pq_done(struct ref_pq *r);
void ref_pq_export_init(struct ref_export *e, const struct ref_pq *r, bool seed);
struct ref_prepare ref_pq_sign(const struct ref_pq *r);
struct ref_prepare ref_pq_verify(const struct ref_pq *r);
struct ref_prepare ref_pq_encapsulate(void);
struct ref_prepare ref_pq_decapsulate(void);

#endif
