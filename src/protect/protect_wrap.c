/* From a protector's secret to a wrapped share, over bcrypt.h. */
#include "protect_parts.h"

#include <string.h>

#include "wr.h"

#define PURPOSE "OpenCNG protect v1"

static void key_done(BCRYPT_KEY_HANDLE *key)
{
    if (*key != NULL)
        BCryptDestroyKey(*key);
}
#define SCOPED_KEY CLEANUP(key_done) BCRYPT_KEY_HANDLE

NTSTATUS protect_kek(const struct secret *secret, struct span salt,
                     const uint8_t digest[PROTECT_DIGEST_BYTES], struct secret *kek)
{
    uint8_t info[sizeof PURPOSE - 1 + PROTECT_DIGEST_BYTES];
    struct wr w = wr_into(info, sizeof info);
    wr_bytes(&w, PURPOSE, sizeof PURPOSE - 1);
    wr_bytes(&w, digest, PROTECT_DIGEST_BYTES);
    TRY(secret_new(kek, PROTECT_KEY_BYTES));
    return store_hkdf(secret_span(secret), salt, span_of(info, w.n), kek->p);
}

static NTSTATUS aes_key(const uint8_t bytes[PROTECT_KEY_BYTES], BCRYPT_KEY_HANDLE *key)
{
    return BCryptGenerateSymmetricKey(BCRYPT_AES_ECB_ALG_HANDLE, key, NULL, 0, (PUCHAR)bytes,
                                      PROTECT_KEY_BYTES, 0);
}

NTSTATUS protect_wrap(const struct secret *kek, const uint8_t share[PROTECT_KEY_BYTES],
                      uint8_t wrapped[PROTECT_WRAPPED_BYTES])
{
    SCOPED_KEY outer = NULL;
    SCOPED_KEY inner = NULL;
    ULONG n;
    TRY(aes_key(kek->p, &outer));
    TRY(aes_key(share, &inner));
    return BCryptExportKey(inner, outer, BCRYPT_AES_WRAP_KEY_BLOB, wrapped, PROTECT_WRAPPED_BYTES,
                           &n, 0);
}

NTSTATUS protect_unwrap(const struct secret *kek, struct span wrapped, struct secret *share)
{
    SCOPED_KEY outer = NULL;
    SCOPED_KEY inner = NULL;
    ULONG n;
    SECRET blob = {NULL, 0};
    if (wrapped.n != PROTECT_WRAPPED_BYTES)
        return NTE_DECRYPTION_FAILURE;
    TRY(aes_key(kek->p, &outer));
    NTSTATUS status = BCryptImportKey(BCRYPT_AES_ECB_ALG_HANDLE, outer, BCRYPT_AES_WRAP_KEY_BLOB,
                                      &inner, NULL, 0, (PUCHAR)wrapped.p, (ULONG)wrapped.n, 0);
    if (status < 0)
        return status == STATUS_NO_MEMORY ? status : NTE_DECRYPTION_FAILURE;
    TRY(secret_new(&blob, sizeof(BCRYPT_KEY_DATA_BLOB_HEADER) + PROTECT_KEY_BYTES));
    TRY(BCryptExportKey(inner, NULL, BCRYPT_KEY_DATA_BLOB, blob.p, (ULONG)blob.n, &n, 0));
    return n == blob.n ? secret_copy(share, span_of(blob.p + sizeof(BCRYPT_KEY_DATA_BLOB_HEADER),
                                                    PROTECT_KEY_BYTES))
                       : NTE_DECRYPTION_FAILURE;
}
