/* What the tests of primitives share: bytes from hexadecimal text, and
 * libcrypto asked directly as the oracle. */
#ifndef TESTS_UNIT_CRYPTO_CHECK_H
#define TESTS_UNIT_CRYPTO_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "digest.h"

#include <openssl/core_names.h>
#include <openssl/kdf.h>

struct bytes {
    uint8_t p[1024];
    size_t n;
};

static inline struct bytes bytes_of_hex(const char *text)
{
    struct bytes b = {.n = 0};
    for (; text[0] != '\0'; text += 2) {
        const char pair[] = {text[0], text[1], '\0'};
        assert_true(b.n < sizeof b.p);
        b.p[b.n++] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return b;
}

static inline struct span bytes_span(const struct bytes *b)
{
    return span_of(b->p, b->n);
}

static inline struct span text_span(const char *text)
{
    return span_of(text, strlen(text));
}

static inline void fill(uint8_t *p, size_t n, unsigned seed)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (uint8_t)rand_r(&seed);
}

/* Whether libcrypto's error queue is empty, as it has to be after each of our calls. */
static inline void assert_no_errors_left(void)
{
    assert_int_equal(ERR_peek_error(), 0);
}

#define OCTETS(name, span)                                                                         \
    OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)(span).p, (span).n)
#define STRING(name, text) OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)(text), 0)

/* libcrypto's own key derivation, in its default context. */
static inline void oracle_kdf(const char *kdf, const OSSL_PARAM *params, uint8_t *out, size_t n)
{
    EVP_KDF *method = EVP_KDF_fetch(NULL, kdf, NULL);
    assert_non_null(method);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(method);
    assert_non_null(ctx);
    assert_int_equal(EVP_KDF_derive(ctx, out, n, params), 1);
    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(method);
}

#endif
