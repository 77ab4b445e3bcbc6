/*
 * The one door to libcrypto: its library context, the translation of its failures, and the scope
 * releases of its types. Only files of this folder include <openssl/...>.
 *
 * The library context is our own, so that an application that configures or unloads providers in
 * its default context does not change what our calls compute. Algorithms are fetched once and kept.
 */
#ifndef PRIMITIVES_OSSL_H
#define PRIMITIVES_OSSL_H

#define OPENSSL_SUPPRESS_DEPRECATED                                                                \
    1 /* the low-level key types are public API; see ARCHITECTURE.md, "Two ways in" */

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "provider.h"

/* The library context, made on first use; NULL when memory is exhausted. */
OSSL_LIB_CTX *ossl_ctx(void);

/* Whether the installed libcrypto offers a key type ("ML-KEM-768") in our context. */
bool ossl_has_keymgmt(const char *name) MUST_CHECK;

/* libcrypto's name and version. */
const char *ossl_version(void);

/* Drops what libcrypto queued and says what it meant: STATUS_NO_MEMORY when
 * memory ran out, else `otherwise`. */
NTSTATUS ossl_failed(NTSTATUS otherwise) MUST_CHECK;

/* A number as a BIGNUM marked constant-time and kept in memory that is
 * wiped on free; NULL: out of memory. */
BIGNUM *bn_secret(struct num v) MUST_CHECK;
BIGNUM *bn_public(struct num v) MUST_CHECK;

/* Writes a BIGNUM big-endian in exactly n bytes; false when it does not
 * fit. Constant time in the value. */
bool bn_write(const BIGNUM *v, uint8_t *out, size_t n) MUST_CHECK;

#define OSSL_CLEANUP(type, name, fn)                                                               \
    static inline void name(type **p)                                                              \
    {                                                                                              \
        fn(*p);                                                                                    \
        *p = NULL;                                                                                 \
    }

OSSL_CLEANUP(BIGNUM, bn_done, BN_clear_free)
OSSL_CLEANUP(BN_CTX, bn_ctx_done, BN_CTX_free)
OSSL_CLEANUP(BN_MONT_CTX, bn_mont_done, BN_MONT_CTX_free)
OSSL_CLEANUP(EVP_PKEY, evp_pkey_done, EVP_PKEY_free)
OSSL_CLEANUP(EVP_PKEY_CTX, evp_pkey_ctx_done, EVP_PKEY_CTX_free)
OSSL_CLEANUP(EVP_MD_CTX, evp_md_ctx_done, EVP_MD_CTX_free)

#define SCOPED_BN CLEANUP(bn_done) BIGNUM
#define SCOPED_BN_CTX CLEANUP(bn_ctx_done) BN_CTX
#define SCOPED_MONT CLEANUP(bn_mont_done) BN_MONT_CTX
#define SCOPED_PKEY CLEANUP(evp_pkey_done) EVP_PKEY
#define SCOPED_PKEY_CTX CLEANUP(evp_pkey_ctx_done) EVP_PKEY_CTX
#define SCOPED_MD_CTX CLEANUP(evp_md_ctx_done) EVP_MD_CTX

#endif
