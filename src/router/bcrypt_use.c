/* Using a final key: sign, verify, encrypt, decrypt, encapsulate, decapsulate. A class without the slot, and a
 * symmetric key where a key pair is wanted, is STATUS_NOT_SUPPORTED. */
#include "router.h"

NTSTATUS router_sign(const void *handle, const struct padding *pad, struct span hash,
                     const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    const struct asym_class *class = u.key->class->asym;
    if (class == NULL || class->sign == NULL)
        return STATUS_NOT_SUPPORTED;
    if (o->result == NULL || input_missing(hash, o))
        return STATUS_INVALID_PARAMETER;
    return class->sign(u.key, pad, hash, o);
}

NTSTATUS router_verify(const void *handle, const struct padding *pad, struct span hash,
                       struct span sig)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    const struct asym_class *class = u.key->class->asym;
    if (class == NULL || class->verify == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((hash.p == NULL && hash.n > 0) || sig.p == NULL)
        return STATUS_INVALID_PARAMETER;
    return class->verify(u.key, pad, hash, sig);
}

NTSTATUS router_crypt_pair(struct key *key, const struct crypt *call, read_padding_fn *read,
                           const struct out *o)
{
    const struct asym_class *class = key->class->asym;
    if (!key_is_final(key))
        return STATUS_INVALID_HANDLE;
    if (class == NULL)
        return STATUS_NOT_SUPPORTED;
    NTSTATUS(*run)
    (struct key *, const struct padding *, struct span, const struct out *) =
        call->encrypt ? class->encrypt : class->decrypt;
    if (run == NULL)
        return STATUS_NOT_SUPPORTED;
    if (o->result == NULL || (call->encrypt ? input_missing(call->in, o) : call->in.p == NULL))
        return STATUS_INVALID_PARAMETER;
    struct padding pad;
    read(&pad, call->info, call->flags);
    return run(key, &pad, call->in, o);
}

NTSTATUS WINAPI BCryptEncapsulate(BCRYPT_KEY_HANDLE hKey, PUCHAR pbSecretKey, ULONG cbSecretKey,
                                  ULONG *pcbSecretKey, PUCHAR pbCipherText, ULONG cbCipherText,
                                  ULONG *pcbCipherText, ULONG dwFlags)
{
    /* Microsoft documents NULL as an invalid parameter here, not as an invalid handle. */
    if (hKey == NULL)
        return STATUS_INVALID_PARAMETER;
    KEY_USE u;
    TRY(key_enter(hKey, true, &u));
    const struct asym_class *class = u.key->class->asym;
    if (class == NULL || class->encapsulate == NULL)
        return STATUS_NOT_SUPPORTED;
    if (pcbSecretKey == NULL || pcbCipherText == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    const struct out secret = {pbSecretKey, cbSecretKey, pcbSecretKey, WIDTH_16};
    const struct out ciphertext = {pbCipherText, cbCipherText, pcbCipherText, WIDTH_16};
    return class->encapsulate(u.key, &secret, &ciphertext);
}

NTSTATUS WINAPI BCryptDecapsulate(BCRYPT_KEY_HANDLE hKey, PUCHAR pbCipherText, ULONG cbCipherText,
                                  PUCHAR pbSecretKey, ULONG cbSecretKey, ULONG *pcbSecretKey,
                                  ULONG dwFlags)
{
    if (hKey == NULL)
        return STATUS_INVALID_PARAMETER;
    KEY_USE u;
    TRY(key_enter(hKey, true, &u));
    const struct asym_class *class = u.key->class->asym;
    if (class == NULL || class->decapsulate == NULL)
        return STATUS_NOT_SUPPORTED;
    /* Documented for pbCipherText without an exception for the size query. */
    if (pcbSecretKey == NULL || pbCipherText == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    const struct out secret = {pbSecretKey, cbSecretKey, pcbSecretKey, WIDTH_16};
    return class->decapsulate(u.key, (struct span){pbCipherText, cbCipherText}, &secret);
}
