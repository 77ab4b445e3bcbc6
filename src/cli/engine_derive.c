#include "engine_border.h"

/* ---- parameter lists ------------------------------------------------------------------------------------------ */

void engine_list_fill(const struct engine_kdf *kdf, struct engine_list *list)
{
    list->desc =
        (BCryptBufferDesc){BCRYPTBUFFER_VERSION, (ULONG)kdf->parameter_count, list->buffers};
    for (size_t i = 0; i < kdf->parameter_count; i++) {
        const struct engine_parameter *in = &kdf->parameters[i];
        list->buffers[i] = (BCryptBuffer){(ULONG)in->bytes.n, in->id, bytes_in(in->bytes)};
        if (in->text == NULL)
            continue;
        list->text[i] = wide_of(in->text);
        list->buffers[i].cbBuffer = list->text[i].bytes;
        list->buffers[i].pvBuffer = list->text[i].text;
    }
}

NTSTATUS engine_prepare_hkdf(BCRYPT_HANDLE secret, const struct engine_kdf *kdf)
{
    struct wide hash = wide_of(kdf->hkdf_hash);
    TRY_STATUS(
        BCryptSetProperty(secret, BCRYPT_HKDF_HASH_ALGORITHM, (PUCHAR)hash.text, hash.bytes, 0));
    return BCryptSetProperty(secret, BCRYPT_HKDF_SALT_AND_FINALIZE, bytes_in(kdf->hkdf_salt),
                             (ULONG)kdf->hkdf_salt.n, 0);
}

/* ---- derivation ----------------------------------------------------------------------------------------------- */

NTSTATUS engine_derive(const struct engine_kdf *kdf, struct view secret, struct octets *out)
{
    ENGINE_ALG alg = {0};
    ENGINE_KEY key = {0};
    struct engine_list list;
    OCTETS made = {0};
    ULONG n = 0;
    TRY_STATUS(engine_alg_open(kdf->name, NULL, &alg));
    TRY_STATUS(BCryptGenerateSymmetricKey(alg.handle, &key.handle, NULL, 0, bytes_in(secret),
                                          (ULONG)secret.n, 0));
    if (kdf->hkdf_hash != NULL)
        TRY_STATUS(engine_prepare_hkdf(key.handle, kdf));
    engine_list_fill(kdf, &list);
    octets_resize(&made, kdf->length);
    TRY_STATUS(BCryptKeyDerivation(key.handle, &list.desc, made.p, (ULONG)made.n, &n, kdf->flags));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}
