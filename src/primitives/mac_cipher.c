/* Methods of AES for message authentication codes (mac_cipher.h). */
#include "mac_cipher.h"

#include <stdatomic.h>

static const struct {
    uint8_t key_bytes;
    const char *names[MAC_MODES];
} rows[] = {
    {16, {"AES-128-CBC", "AES-128-GCM"}},
    {24, {"AES-192-CBC", "AES-192-GCM"}},
    {32, {"AES-256-CBC", "AES-256-GCM"}},
};

static _Atomic(EVP_CIPHER *) fetched[ARRAY_COUNT(rows)][MAC_MODES];

static NTSTATUS fetch(size_t i, enum mac_mode mode, const EVP_CIPHER **cipher)
{
    OSSL_LIB_CTX *ctx = ossl_ctx();
    EVP_CIPHER *made = ctx == NULL ? NULL : EVP_CIPHER_fetch(ctx, rows[i].names[mode], NULL);
    if (made == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    EVP_CIPHER *first = NULL;
    if (!atomic_compare_exchange_strong(&fetched[i][mode], &first, made)) {
        EVP_CIPHER_free(made);
        made = first;
    }
    *cipher = made;
    return STATUS_SUCCESS;
}

NTSTATUS mac_cipher_find(enum mac_mode mode, size_t n, const EVP_CIPHER **cipher)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].key_bytes != n)
            continue;
        *cipher = atomic_load_explicit(&fetched[i][mode], memory_order_acquire);
        return *cipher != NULL ? STATUS_SUCCESS : fetch(i, mode, cipher);
    }
    return STATUS_INVALID_PARAMETER;
}
