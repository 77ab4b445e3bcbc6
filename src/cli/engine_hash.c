#include "engine_border.h"

void engine_hash_done(struct engine_hash *hash)
{
    if (hash->handle != NULL)
        (void)BCryptDestroyHash(hash->handle);
    hash->handle = NULL;
}

/* An option that was not given is no property. */
static NTSTATUS set_bytes(const struct engine_hash *hash, LPCWSTR property, struct view value)
{
    if (value.n == 0)
        return STATUS_SUCCESS;
    return BCryptSetProperty(hash->handle, property, bytes_in(value), (ULONG)value.n, 0);
}

static NTSTATUS get_number(const struct engine_alg *alg, LPCWSTR property, ULONG *value)
{
    ULONG n = 0;
    TRY_STATUS(BCryptGetProperty(alg->handle, property, (PUCHAR)value, sizeof *value, &n, 0));
    return n == sizeof *value ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

NTSTATUS engine_hash_length(const char *algorithm, size_t *length)
{
    ENGINE_ALG alg = {0};
    ULONG keyed = FALSE, bytes = 0;
    TRY_STATUS(engine_alg_open(algorithm, NULL, &alg));
    TRY_STATUS(get_number(&alg, BCRYPT_HASH_LENGTH, &bytes));
    if (BCRYPT_SUCCESS(get_number(&alg, BCRYPT_IS_KEYED_HASH, &keyed)) && keyed)
        return STATUS_NOT_SUPPORTED;
    *length = bytes;
    return STATUS_SUCCESS;
}

NTSTATUS engine_hash_start(const struct engine_hash_spec *spec, struct engine_hash *out)
{
    ENGINE_ALG alg = {0};
    ENGINE_HASH made = {0};
    TRY_STATUS(BCryptOpenAlgorithmProvider(&alg.handle, wide_of(spec->algorithm).text, NULL,
                                           spec->hmac ? BCRYPT_ALG_HANDLE_HMAC_FLAG : 0));
    TRY_STATUS(BCryptCreateHash(alg.handle, &made.handle, NULL, 0, bytes_in(spec->key),
                                (ULONG)spec->key.n, 0));
    TRY_STATUS(set_bytes(&made, BCRYPT_INITIALIZATION_VECTOR, spec->nonce));
    TRY_STATUS(set_bytes(&made, BCRYPT_FUNCTION_NAME_STRING, spec->function_name));
    TRY_STATUS(set_bytes(&made, BCRYPT_CUSTOMIZATION_STRING, spec->customization));
    engine_hash_done(out);
    *out = made;
    made.handle = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS engine_hash_add(const struct engine_hash *hash, struct view data)
{
    return BCryptHashData(hash->handle, bytes_in(data), (ULONG)data.n, 0);
}

NTSTATUS engine_hash_finish(const struct engine_hash *hash, size_t length, struct octets *out)
{
    OCTETS made = {0};
    octets_resize(&made, length);
    TRY_STATUS(BCryptFinishHash(hash->handle, made.p, (ULONG)length, 0));
    octets_set(out, view_of(&made));
    return STATUS_SUCCESS;
}
