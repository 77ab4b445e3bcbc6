/*
 * The library context and the translation of libcrypto's failures (ossl.h).
 *
 * The context comes into being on the first call that needs it, by compare-and-swap instead of a
 * lock: a process that forks while another thread is in here leaves no lock behind, and a first
 * call that ran out of memory does not spoil the ones after it. It is never freed; neither is
 * libcrypto told to clean up at exit, because destructors of the program that run after libcrypto's
 * would still destroy their keys.
 *
 * Our context takes nothing from a configuration file. OPENSSL_INIT_NO_LOAD_CONFIG is not given all
 * the same: a program that shares this libcrypto may want its file read.
 */
#include "ossl.h"

#include <limits.h>
#include <stdatomic.h>

#include <openssl/provider.h>

#include "old_digests.h"

static _Atomic(OSSL_LIB_CTX *) context;

OSSL_CLEANUP(OSSL_LIB_CTX, lib_ctx_done, OSSL_LIB_CTX_free)

static OSSL_LIB_CTX *context_make(void)
{
    if (OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL) != 1)
        return NULL;
    CLEANUP(lib_ctx_done) OSSL_LIB_CTX *made = OSSL_LIB_CTX_new();
    if (made == NULL || OSSL_PROVIDER_load(made, "default") == NULL || !old_digests_add(made))
        return NULL;
    OSSL_LIB_CTX *first = NULL;
    if (!atomic_compare_exchange_strong(&context, &first, made))
        return first;
    first = made;
    made = NULL;
    return first;
}

OSSL_LIB_CTX *ossl_ctx(void)
{
    OSSL_LIB_CTX *ctx = atomic_load_explicit(&context, memory_order_acquire);
    return ctx != NULL ? ctx : context_make();
}

bool ossl_has_keymgmt(const char *name)
{
    OSSL_LIB_CTX *ctx = ossl_ctx();
    EVP_KEYMGMT *found = ctx == NULL ? NULL : EVP_KEYMGMT_fetch(ctx, name, NULL);
    bool has = found != NULL;
    EVP_KEYMGMT_free(found);
    if (!has)
        ERR_clear_error();
    return has;
}

const char *ossl_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

NTSTATUS ossl_failed(NTSTATUS otherwise)
{
    NTSTATUS status = otherwise;
    for (unsigned long e = ERR_get_error(); e != 0; e = ERR_get_error()) {
        if (ERR_GET_REASON(e) == ERR_R_MALLOC_FAILURE)
            status = STATUS_NO_MEMORY;
    }
    return status;
}

/* Reads the value into *n; on failure frees it. */
static BIGNUM *bn_read(BIGNUM *n, struct num v)
{
    if (n == NULL)
        return NULL;
    BIGNUM *read = NULL;
    if (v.n <= INT_MAX)
        read = v.little ? BN_lebin2bn(v.p, (int)v.n, n) : BN_bin2bn(v.p, (int)v.n, n);
    if (read == NULL)
        BN_clear_free(n);
    return read;
}

BIGNUM *bn_secret(struct num v)
{
    BIGNUM *n = bn_read(BN_secure_new(), v);
    if (n != NULL)
        BN_set_flags(n, BN_FLG_CONSTTIME);
    return n;
}

BIGNUM *bn_public(struct num v)
{
    return bn_read(BN_new(), v);
}

bool bn_write(const BIGNUM *v, uint8_t *out, size_t n)
{
    return n <= INT_MAX && BN_bn2binpad(v, out, (int)n) == (int)n;
}
