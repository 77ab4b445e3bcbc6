/* Using a final key pair: sign, verify, encrypt, decrypt, encapsulate, decapsulate. */
#include "router.h"

/* A size query may leave the input out. */
static bool input_missing(struct span in, const struct out *o)
{
    return in.p == NULL && in.n > 0 && !out_is_query(o);
}

NTSTATUS router_sign(const void *handle, const struct padding *pad, struct span hash,
                     const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    if (u.key->class->asym->sign == NULL)
        return STATUS_NOT_SUPPORTED;
    if (o->result == NULL || input_missing(hash, o))
        return STATUS_INVALID_PARAMETER;
    return u.key->class->asym->sign(u.key, pad, hash, o);
}

NTSTATUS router_verify(const void *handle, const struct padding *pad, struct span hash,
                       struct span sig)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    if (u.key->class->asym->verify == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((hash.p == NULL && hash.n > 0) || sig.p == NULL)
        return STATUS_INVALID_PARAMETER;
    return u.key->class->asym->verify(u.key, pad, hash, sig);
}

NTSTATUS router_encrypt(const void *handle, const struct padding *pad, struct span in,
                        const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    if (u.key->class->asym->encrypt == NULL)
        return STATUS_NOT_SUPPORTED;
    if (o->result == NULL || input_missing(in, o))
        return STATUS_INVALID_PARAMETER;
    return u.key->class->asym->encrypt(u.key, pad, in, o);
}

/* Decrypting looks at the input even in a size query: the answer is the length of the plaintext. */
NTSTATUS router_decrypt(const void *handle, const struct padding *pad, struct span in,
                        const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(handle, true, &u));
    if (u.key->class->asym->decrypt == NULL)
        return STATUS_NOT_SUPPORTED;
    if (o->result == NULL || in.p == NULL)
        return STATUS_INVALID_PARAMETER;
    return u.key->class->asym->decrypt(u.key, pad, in, o);
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
    if (u.key->class->asym->encapsulate == NULL)
        return STATUS_NOT_SUPPORTED;
    if (pcbSecretKey == NULL || pcbCipherText == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    const struct out secret = {pbSecretKey, cbSecretKey, pcbSecretKey, WIDTH_16};
    const struct out ciphertext = {pbCipherText, cbCipherText, pcbCipherText, WIDTH_16};
    return u.key->class->asym->encapsulate(u.key, &secret, &ciphertext);
}

NTSTATUS WINAPI BCryptDecapsulate(BCRYPT_KEY_HANDLE hKey, PUCHAR pbCipherText, ULONG cbCipherText,
                                  PUCHAR pbSecretKey, ULONG cbSecretKey, ULONG *pcbSecretKey,
                                  ULONG dwFlags)
{
    if (hKey == NULL)
        return STATUS_INVALID_PARAMETER;
    KEY_USE u;
    TRY(key_enter(hKey, true, &u));
    if (u.key->class->asym->decapsulate == NULL)
        return STATUS_NOT_SUPPORTED;
    /* Documented for pbCipherText without an exception for the size query. */
    if (pcbSecretKey == NULL || pbCipherText == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    const struct out secret = {pbSecretKey, cbSecretKey, pcbSecretKey, WIDTH_16};
    return u.key->class->asym->decapsulate(u.key, (struct span){pbCipherText, cbCipherText},
                                           &secret);
}
