/*
 * The table of hash functions (digest.h) and hashing in one go, in states on the stack or in the calling
 * thread's own contexts: a hash costs its data and a few nanoseconds, with no fetch, no allocation and
 * no reference count on anything that threads share.
 */
#include "digest_state.h"

#include <stdatomic.h>
#include <string.h>

/* 2.16.840.1.101.3.4.2.x, the NIST hash functions */
#define NIST_OID(x)                                                                                \
    .oid_length = 11, .oid = {0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, x}
/* 1.2.840.113549.2.x, RSA's digest algorithms */
#define RSA_OID(x)                                                                                 \
    .oid_length = 10, .oid = {0x06, 0x08, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x02, x}
/* 1.3.14.3.2.26 */
#define SHA1_OID .oid_length = 7, .oid = {0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A}

/* libcrypto squeezes SHAKE in pieces since 3.3, and KECCAK-KMAC in no version. */
#define SHAKE(inner)                                                                               \
    .xof = true, .squeezes = OPENSSL_VERSION_NUMBER >= 0x30300000L, .cshake = &digest_rows[inner]
#define CORE(id) .core = &digest_core_##id

/* clang-format off */
const struct digest digest_rows[DIGEST_ROWS] = {
    [DIGEST_MD2] = {"MD2", "MD2", 16, 16, RSA_OID(2)},
    [DIGEST_MD4] = {"MD4", "MD4", 16, 64, RSA_OID(4)},
    [DIGEST_MD5] = {"MD5", "MD5", 16, 64, RSA_OID(5), CORE(md5)},
    [DIGEST_SHA1] = {"SHA1", "SHA1", 20, 64, SHA1_OID, CORE(sha1)},
    [DIGEST_SHA256] = {"SHA256", "SHA2-256", 32, 64, NIST_OID(1), CORE(sha256), .sha2 = true},
    [DIGEST_SHA384] = {"SHA384", "SHA2-384", 48, 128, NIST_OID(2), CORE(sha384), .sha2 = true},
    [DIGEST_SHA512] = {"SHA512", "SHA2-512", 64, 128, NIST_OID(3), CORE(sha512), .sha2 = true},
    [DIGEST_SHA3_256] = {"SHA3-256", "SHA3-256", 32, 136, NIST_OID(8)},
    [DIGEST_SHA3_384] = {"SHA3-384", "SHA3-384", 48, 104, NIST_OID(9)},
    [DIGEST_SHA3_512] = {"SHA3-512", "SHA3-512", 64, 72, NIST_OID(10)},
    [DIGEST_SHAKE128] = {"SHAKE128", "SHAKE-128", 32, 168, NIST_OID(11), SHAKE(DIGEST_CSHAKE128)},
    [DIGEST_SHAKE256] = {"SHAKE256", "SHAKE-256", 64, 136, NIST_OID(12), SHAKE(DIGEST_CSHAKE256)},
    [DIGEST_CSHAKE128] = {"", "KECCAK-KMAC-128", 32, 168, .xof = true},
    [DIGEST_CSHAKE256] = {"", "KECCAK-KMAC-256", 64, 136, .xof = true},
};
/* clang-format on */

const struct digest *digest_find(const struct name *name)
{
    for (size_t i = 0; i < DIGEST_NAMED; i++) {
        if (name_is(name, digest_rows[i].name))
            return digest_passes(&digest_rows[i]) ? &digest_rows[i] : NULL;
    }
    return NULL;
}

const struct digest *digest_named(const char *name)
{
    for (size_t i = 0; i < DIGEST_NAMED; i++) {
        if (strcmp(name, digest_rows[i].name) == 0)
            return &digest_rows[i];
    }
    return NULL;
}

/* ---- methods -------------------------------------------------------------------------------- */

/* What is known of a hash's method: NULL, nothing yet; the address of
 * `absent`, that libcrypto lacks it. */
static _Atomic(void *) methods[DIGEST_ROWS];
static char absent;

static const EVP_MD *method_learn(size_t i)
{
    OSSL_LIB_CTX *ctx = ossl_ctx();
    EVP_MD *fetched = ctx == NULL ? NULL : EVP_MD_fetch(ctx, digest_rows[i].ossl_name, NULL);
    void *found = fetched;
    if (fetched == NULL) {
        if (ossl_failed(STATUS_NOT_SUPPORTED) == STATUS_NO_MEMORY)
            return NULL; /* says nothing about the hash */
        found = &absent;
    }
    void *first = NULL;
    if (!atomic_compare_exchange_strong(&methods[i], &first, found)) {
        EVP_MD_free(fetched);
        found = first;
    }
    return found == &absent ? NULL : found;
}

const EVP_MD *digest_md(const struct digest *d)
{
    size_t i = digest_index(d);
    void *found = atomic_load_explicit(&methods[i], memory_order_acquire);
    if (found == NULL)
        return method_learn(i);
    return found == &absent ? NULL : found;
}

/* ---- hashing -------------------------------------------------------------------------------- */

NTSTATUS digest_spans(const struct digest *d, const struct span *parts, size_t count, uint8_t *out)
{
    return digest_state_once(d, span_of(NULL, 0), parts, count, out);
}

void digest_value_done(struct digest_value *v)
{
    wipe(v, sizeof *v);
}

void digest_pad_done(struct digest_pad *pad)
{
    wipe(pad, sizeof *pad);
}

static void pad_xor(struct digest_pad *pad, size_t n, uint8_t with)
{
    for (size_t i = 0; i < n; i++)
        pad->p[i] ^= with;
}

NTSTATUS digest_pad_inner(struct digest_pad *pad, const struct digest *d, struct span key)
{
    if (d->xof)
        return STATUS_NOT_SUPPORTED;
    *pad = (struct digest_pad){{0}};
    if (key.n > d->block)
        TRY(digest_spans(d, &key, 1, pad->p));
    else if (key.n > 0)
        memcpy(pad->p, key.p, key.n);
    pad_xor(pad, d->block, 0x36);
    return STATUS_SUCCESS;
}

void digest_pad_outer(struct digest_pad *pad, const struct digest *d)
{
    pad_xor(pad, d->block, 0x36 ^ 0x5C);
}

NTSTATUS digest_hmac(const struct digest *d, struct span key, const struct span *parts,
                     size_t count, uint8_t *out)
{
    DIGEST_PAD pad;
    DIGEST_VALUE inner;
    TRY(digest_pad_inner(&pad, d, key));
    struct span block = span_of(pad.p, d->block);
    TRY(digest_state_once(d, block, parts, count, inner.p));
    digest_pad_outer(&pad, d);
    struct span inner_digest = span_of(inner.p, d->length);
    return digest_state_once(d, block, &inner_digest, 1, out);
}
