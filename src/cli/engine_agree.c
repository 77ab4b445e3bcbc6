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

NTSTATUS engine_agree(const struct engine_key *own, const struct engine_key *peer,
                      const struct engine_kdf *kdf, struct octets *out)
{
    CLEANUP(secret_done) struct secret secret = {0};
    TRY_STATUS(BCryptSecretAgreement(own->handle, peer->handle, &secret.handle, 0));
    if (kdf->hkdf_hash != NULL)
        TRY_STATUS(engine_prepare_hkdf(secret.handle, kdf));

    struct engine_list list;
    engine_list_fill(kdf, &list);
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
