/* Agreed secrets: agree, derive, destroy. */
#include "router.h"

NTSTATUS WINAPI BCryptSecretAgreement(BCRYPT_KEY_HANDLE hPrivKey, BCRYPT_KEY_HANDLE hPubKey,
                                      BCRYPT_SECRET_HANDLE *phAgreedSecret, ULONG dwFlags)
{
    KEY_USE own;
    TRY(key_enter(hPrivKey, true, &own));
    KEY_USE peer;
    TRY(key_enter(hPubKey, true, &peer));
    if (phAgreedSecret == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    const struct asym_class *class = own.key->class->asym;
    if (class == NULL || class->agree == NULL)
        return STATUS_NOT_SUPPORTED;
    /* Keys of the curve's own and of the generic algorithm agree with each other: they are of one
     * class of methods. */
    if (peer.key->class->asym == NULL || peer.key->class->asym->agree != class->agree)
        return STATUS_OBJECT_TYPE_MISMATCH;
    if (!own.key->has_private)
        return STATUS_INVALID_PARAMETER;

    struct agreed *secret;
    TRY(class->agree(own.key, peer.key, &secret));
    void *handle;
    NTSTATUS status = handle_new(&secret->object, &handle);
    if (status < 0) {
        agreed_free(secret);
        return status;
    }
    *phAgreedSecret = handle;
    return STATUS_SUCCESS;
}

NTSTATUS router_derive(const void *handle, const struct name *kdf, const struct params *params,
                       uint32_t flags, const struct out *o)
{
    CLEANUP(handle_leave) struct handle_use use = handle_enter(handle, OBJECT_SECRET);
    if (use.object == NULL)
        return STATUS_INVALID_HANDLE;
    struct agreed *secret = CONTAINER_OF(use.object, struct agreed, object);
    if (o->result == NULL || kdf == NULL || (params->count > 0 && params->list == NULL))
        return STATUS_INVALID_PARAMETER;
    return secret->class->agreed->derive(secret, kdf, params, flags, o);
}

NTSTATUS WINAPI BCryptDestroySecret(BCRYPT_SECRET_HANDLE hSecret)
{
    return handle_close(hSecret, OBJECT_SECRET) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}
