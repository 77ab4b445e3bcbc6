#include "engine_border.h"

/* An agreed secret. */
struct secret {
    BCRYPT_SECRET_HANDLE handle;
};

static void secret_done(struct secret *secret)
{
    if (secret->handle != NULL)
        (void)BCryptDestroySecret(secret->handle);
}

/* The parameter list with its strings. */
struct list {
    BCryptBufferDesc desc;
    BCryptBuffer buffers[ENGINE_PARAMETERS_MOST];
    struct wide text[ENGINE_PARAMETERS_MOST];
};

static void fill_list(const struct engine_kdf *kdf, struct list *list)
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

/* HKDF takes its hash and salt as properties of the secret. */
static NTSTATUS prepare_hkdf(const struct secret *secret, const struct engine_kdf *kdf)
{
    struct wide hash = wide_of(kdf->hkdf_hash);
    TRY_STATUS(BCryptSetProperty(secret->handle, BCRYPT_HKDF_HASH_ALGORITHM, (PUCHAR)hash.text,
                                 hash.bytes, 0));
    return BCryptSetProperty(secret->handle, BCRYPT_HKDF_SALT_AND_FINALIZE,
                             bytes_in(kdf->hkdf_salt), (ULONG)kdf->hkdf_salt.n, 0);
}

NTSTATUS engine_agree(const struct engine_key *own, const struct engine_key *peer,
                      const struct engine_kdf *kdf, struct octets *out)
{
    CLEANUP(secret_done) struct secret secret = {0};
    TRY_STATUS(BCryptSecretAgreement(own->handle, peer->handle, &secret.handle, 0));
    if (kdf->hkdf_hash != NULL)
        TRY_STATUS(prepare_hkdf(&secret, kdf));

    struct list list;
    fill_list(kdf, &list);
    struct wide name = wide_of(kdf->name);
    ULONG n = (ULONG)kdf->length;
    if (n == 0)
        TRY_STATUS(BCryptDeriveKey(secret.handle, name.text, &list.desc, NULL, 0, &n, kdf->flags));
    OCTETS made = {0};
    octets_resize(&made, n);
    TRY_STATUS(BCryptDeriveKey(secret.handle, name.text, &list.desc, made.p, n, &n, kdf->flags));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}
