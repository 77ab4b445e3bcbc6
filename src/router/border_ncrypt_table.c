/*
 * GetKeyStorageInterface: the software key storage provider for those who load providers themselves, and for this
 * library when it is registered as one. The table's functions are the exported ones; where the interface
 * puts the provider's handle in front of a key's, it is not looked at, since a key knows its provider.
 */
#include "border_ncrypt.h"

#include "ncrypt_provider.h"
#include "ui_policy.h"

#include <fcntl.h>
#include <unistd.h>

/* ---- the provider ---------------------------------------------------------------------------- */

/* Whatever name the image is registered with, it is this provider. */
static SECURITY_STATUS WINAPI open_provider(NCRYPT_PROV_HANDLE *provider, LPCWSTR name, DWORD flags)
{
    (void)name;
    return NCryptOpenStorageProvider(provider, MS_KEY_STORAGE_PROVIDER, flags);
}

/* The descriptor is the caller's, who closes it: it is no event of ours (event.h). 0 is a descriptor, and no HANDLE. */
static SECURITY_STATUS WINAPI notify_change(NCRYPT_PROV_HANDLE provider, HANDLE *event, DWORD flags)
{
    PROVIDER_USE u;
    TRY(provider_enter(provider, &u));
    if (event == NULL)
        return NTE_INVALID_PARAMETER;
    if ((flags & ~(DWORD)NCRYPT_MACHINE_KEY_FLAG) != NCRYPT_REGISTER_NOTIFY_FLAG)
        return NTE_BAD_FLAGS;
    TRY(ncrypt_has(u.provider->ksp->notify != NULL));
    int made;
    NTSTATUS status = u.provider->ksp->notify(u.provider, flags, &made);
    if (status < 0)
        return ncrypt_status(status);
    int descriptor = fcntl(made, F_DUPFD_CLOEXEC, 1);
    close(made);
    if (descriptor < 0)
        return NTE_NO_MEMORY;
    *event = (HANDLE)(intptr_t)descriptor;
    return ERROR_SUCCESS;
}

/* ---- properties ------------------------------------------------------------------------------ */

/* The UI policy crosses as a block (ui_policy.h); with PERSIST_ONLY the name stands for bytes of the program's. */
static bool is_policy(const struct text *name, DWORD flags)
{
    return name != NULL && (flags & NCRYPT_PERSIST_ONLY_FLAG) == 0 && text_is(name->s, "UI Policy");
}

static NTSTATUS get_policy(NCRYPT_KEY_HANDLE key, const struct text *name, DWORD flags,
                           const struct out *o)
{
    uint32_t n = 0;
    SECRET policy = {NULL, 0};
    SECRET block = {NULL, 0};
    TRY(ncrypt_get_property(key, name, flags, &(struct out){NULL, 0, &n, o->width}));
    TRY(secret_new(&policy, n));
    TRY(ncrypt_get_property(key, name, flags, &(struct out){policy.p, n, &n, o->width}));
    TRY(ui_policy_encode(&(struct in){policy.p, n, o->width}, &block));
    return out_bytes(o, block.p, block.n);
}

static NTSTATUS set_policy(NCRYPT_KEY_HANDLE key, const struct text *name, DWORD flags,
                           const struct in *in)
{
    uint32_t n = 0;
    SECRET policy = {NULL, 0};
    TRY(ui_policy_decode(in_span(in), &(struct out){NULL, 0, &n, in->width}));
    TRY(secret_new(&policy, n));
    TRY(ui_policy_decode(in_span(in), &(struct out){policy.p, n, &n, in->width}));
    return ncrypt_set_property(key, name, flags, &(struct in){policy.p, n, in->width});
}

static SECURITY_STATUS WINAPI get_key_property(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                               LPCWSTR property, PBYTE output, DWORD room,
                                               DWORD *result, DWORD flags)
{
    (void)provider;
    struct text buffer;
    const struct text *name = border_text(&buffer, property, NCRYPT_MAX_PROPERTY_NAME);
    const struct out o = {output, room, result, BORDER_WIDTH};
    bool policy = result != NULL && is_policy(name, flags);
    return ncrypt_status(
        (policy ? get_policy(key, name, flags, &o) : ncrypt_get_property(key, name, flags, &o)));
}

static SECURITY_STATUS WINAPI set_key_property(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                               LPCWSTR property, PBYTE input, DWORD size,
                                               DWORD flags)
{
    (void)provider;
    struct text buffer;
    const struct text *name = border_text(&buffer, property, NCRYPT_MAX_PROPERTY_NAME);
    const struct in in = {input, size, BORDER_WIDTH};
    bool policy = input != NULL && is_policy(name, flags);
    return ncrypt_status(policy ? set_policy(key, name, flags, &in)
                                : ncrypt_set_property(key, name, flags, &in));
}

/* ---- keys and secrets ------------------------------------------------------------------------ */

static SECURITY_STATUS WINAPI finalize_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                           DWORD flags)
{
    (void)provider;
    return NCryptFinalizeKey(key, flags);
}

static SECURITY_STATUS WINAPI delete_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                         DWORD flags)
{
    (void)provider;
    return NCryptDeleteKey(key, flags);
}

/* Keys and secrets alike. */
static SECURITY_STATUS WINAPI free_object(NCRYPT_PROV_HANDLE provider, NCRYPT_HANDLE object)
{
    (void)provider;
    return NCryptFreeObject(object);
}

static SECURITY_STATUS WINAPI export_key(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                         NCRYPT_KEY_HANDLE wrap, LPCWSTR type,
                                         NCryptBufferDesc *params, PBYTE output, DWORD room,
                                         DWORD *result, DWORD flags)
{
    (void)provider;
    return NCryptExportKey(key, wrap, type, params, output, room, result, flags);
}

static SECURITY_STATUS WINAPI encrypt(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                      PBYTE input, DWORD size, VOID *padding, PBYTE output,
                                      DWORD room, DWORD *result, DWORD flags)
{
    (void)provider;
    return NCryptEncrypt(key, input, size, padding, output, room, result, flags);
}

static SECURITY_STATUS WINAPI decrypt(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                      PBYTE input, DWORD size, VOID *padding, PBYTE output,
                                      DWORD room, DWORD *result, DWORD flags)
{
    (void)provider;
    return NCryptDecrypt(key, input, size, padding, output, room, result, flags);
}

static SECURITY_STATUS WINAPI sign_hash(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                        VOID *padding, PBYTE hash, DWORD hash_size, PBYTE signature,
                                        DWORD room, DWORD *result, DWORD flags)
{
    (void)provider;
    return NCryptSignHash(key, padding, hash, hash_size, signature, room, result, flags);
}

static SECURITY_STATUS WINAPI verify_signature(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                               VOID *padding, PBYTE hash, DWORD hash_size,
                                               PBYTE signature, DWORD size, DWORD flags)
{
    (void)provider;
    return NCryptVerifySignature(key, padding, hash, hash_size, signature, size, flags);
}

static SECURITY_STATUS WINAPI secret_agreement(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE own,
                                               NCRYPT_KEY_HANDLE peer, NCRYPT_SECRET_HANDLE *secret,
                                               DWORD flags)
{
    (void)provider;
    return NCryptSecretAgreement(own, peer, secret, flags);
}

static SECURITY_STATUS WINAPI derive_key(NCRYPT_PROV_HANDLE provider, NCRYPT_SECRET_HANDLE secret,
                                         LPCWSTR kdf, NCryptBufferDesc *params, PBYTE output,
                                         DWORD room, DWORD *result, ULONG flags)
{
    (void)provider;
    return NCryptDeriveKey(secret, kdf, params, output, room, result, flags);
}

static SECURITY_STATUS WINAPI key_derivation(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE key,
                                             NCryptBufferDesc *params, PUCHAR output, DWORD room,
                                             DWORD *result, ULONG flags)
{
    (void)provider;
    return NCryptKeyDerivation(key, params, output, room, result, flags);
}

/* ---- the table ------------------------------------------------------------------------------- */

NTSTATUS WINAPI GetKeyStorageInterface(LPCWSTR pszProviderName,
                                       NCRYPT_KEY_STORAGE_FUNCTION_TABLE **ppFunctionTable,
                                       ULONG dwFlags)
{
    static NCRYPT_KEY_STORAGE_FUNCTION_TABLE table = {
        .Version = NCRYPT_KEY_STORAGE_INTERFACE_VERSION_2,
        .OpenProvider = open_provider,
        .OpenKey = NCryptOpenKey,
        .CreatePersistedKey = NCryptCreatePersistedKey,
        .GetProviderProperty = NCryptGetProperty,
        .GetKeyProperty = get_key_property,
        .SetProviderProperty = NCryptSetProperty,
        .SetKeyProperty = set_key_property,
        .FinalizeKey = finalize_key,
        .DeleteKey = delete_key,
        .FreeProvider = NCryptFreeObject,
        .FreeKey = free_object,
        .FreeBuffer = NCryptFreeBuffer,
        .Encrypt = encrypt,
        .Decrypt = decrypt,
        .IsAlgSupported = NCryptIsAlgSupported,
        .EnumAlgorithms = NCryptEnumAlgorithms,
        .EnumKeys = NCryptEnumKeys,
        .ImportKey = NCryptImportKey,
        .ExportKey = export_key,
        .SignHash = sign_hash,
        .VerifySignature = verify_signature,
        .NotifyChangeKey = notify_change,
        .SecretAgreement = secret_agreement,
        .DeriveKey = derive_key,
        .FreeSecret = free_object,
        .KeyDerivation = key_derivation,
    };
    (void)pszProviderName;
    if (ppFunctionTable == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    *ppFunctionTable = &table;
    return STATUS_SUCCESS;
}
