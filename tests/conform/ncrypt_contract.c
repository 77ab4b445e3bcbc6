/*
 * The contract of each function of ncrypt.h: wrong handles, NULLs, unknown flags, the size query, a buffer one byte
 * short, guard bytes around every output, outputs untouched on failure.
 */
#include "conform_ncrypt.h"

#include <ncryptprotect.h>

#include <poll.h>

static NCRYPT_PROV_HANDLE provider, dead_provider;
static NCRYPT_KEY_HANDLE rsa, ecdh, kem, aes, building, dead_key;
static NCRYPT_SECRET_HANDLE secret, dead_secret;
static NCRYPT_DESCRIPTOR_HANDLE rule;
static BCRYPT_KEY_HANDLE foreign_key;
static BCRYPT_ALG_HANDLE foreign_alg;

static const NCRYPT_HANDLE UNTOUCHED = 0x5A5A5A50;
static const DWORD UNKNOWN_FLAG = 0x08000000;

static NCRYPT_KEY_HANDLE make(LPCWSTR alg, LPCWSTR property, LPCWSTR value)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, alg, NULL, 0, 0) != ERROR_SUCCESS)
        return 0;
    if (property != NULL)
        set_text(key, property, value, 0);
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
    return NCryptFinalizeKey(key, 0) == ERROR_SUCCESS ? key : 0;
}

static void prepare(void)
{
    provider = provider_open();
    dead_provider = provider_open();
    rsa = make(L"RSA", NULL, NULL);
    ecdh = make(L"ECDH_P256", NULL, NULL);
    aes = make(L"AES", NULL, NULL);
    kem = make(L"ML-KEM", L"ParameterSetName", L"512"); /* 0: not in this libcrypto */
    dead_key = make(L"ECDH_P256", NULL, NULL);
    bool good = rsa != 0 && ecdh != 0 && aes != 0 && NCryptFreeObject(dead_provider) == 0 &&
                NCryptFreeObject(dead_key) == 0 &&
                NCryptCreatePersistedKey(provider, &building, L"RSA", NULL, 0, 0) == 0 &&
                NCryptSecretAgreement(ecdh, ecdh, &secret, 0) == 0 &&
                NCryptSecretAgreement(ecdh, ecdh, &dead_secret, 0) == 0 &&
                NCryptFreeObject(dead_secret) == 0 &&
                NCryptCreateProtectionDescriptor(L"LOCAL=user", 0, &rule) == 0 &&
                BCryptOpenAlgorithmProvider(&foreign_alg, BCRYPT_RSA_ALGORITHM, NULL, 0) == 0 &&
                BCryptGenerateKeyPair(BCRYPT_ECDSA_P256_ALG_HANDLE, &foreign_key, 256, 0) == 0 &&
                BCryptFinalizeKeyPair(foreign_key, 0) == 0;
    row_begin("preparation (%d-bit WCHAR)", (int)sizeof(WCHAR) * 8);
    tap(good, "handles of every kind");
    if (!good)
        exit(tap_done());
}

/* ---- handles -------------------------------------------------------------------------------- */

struct bad_handle {
    const char *label;
    NCRYPT_HANDLE handle;
};

#define BAD_HANDLES 14

static int local;

/* Everything that is no object of ncrypt.h, or is one no more. */
static size_t no_objects(struct bad_handle *out)
{
    const struct bad_handle all[] = {
        {"0", 0},
        {"a small number", 8},
        {"a pseudo-handle", (NCRYPT_HANDLE)BCRYPT_RSA_ALG_HANDLE},
        {"all ones", (NCRYPT_HANDLE)-1},
        {"the address of a variable", (NCRYPT_HANDLE)&local},
        {"a key of bcrypt.h", (NCRYPT_HANDLE)foreign_key},
        /* The registered provider has handles too, which this could be one of. */
        {"a key of bcrypt.h under ncrypt.h's mark",
         is_registered ? 0 : ((NCRYPT_HANDLE)foreign_key & ~(NCRYPT_HANDLE)15) | 0xA},
        {"an algorithm of bcrypt.h", (NCRYPT_HANDLE)foreign_alg},
        {"ncrypt.h's key under bcrypt.h's mark", (rsa & ~(NCRYPT_HANDLE)15) | 6},
        {"a freed key", dead_key},
        {"a freed provider", dead_provider},
        {"a protection descriptor", (NCRYPT_HANDLE)rule},
    };
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof all[0];
}

static size_t no_keys(struct bad_handle *out)
{
    size_t n = no_objects(out);
    out[n++] = (struct bad_handle){"a provider", provider};
    out[n++] = (struct bad_handle){"a secret", secret};
    return n;
}

/* Where 0 says that there is none. */
static size_t no_wraps(struct bad_handle *out)
{
    struct bad_handle all[BAD_HANDLES];
    size_t n = 0;
    for (size_t i = 0, count = no_keys(all); i < count; i++) {
        if (all[i].handle != 0)
            out[n++] = all[i];
    }
    return n;
}

static size_t no_providers(struct bad_handle *out)
{
    size_t n = no_objects(out);
    out[n++] = (struct bad_handle){"a key", rsa};
    out[n++] = (struct bad_handle){"a secret", secret};
    return n;
}

static size_t no_secrets(struct bad_handle *out)
{
    size_t n = no_objects(out);
    out[n++] = (struct bad_handle){"a provider", provider};
    out[n++] = (struct bad_handle){"a freed secret", dead_secret};
    return n;
}

/* ---- one call of each function, with a handle and flags to vary ------------------------------- */

static BYTE bytes[4096];
static DWORD got;
static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};

static SECURITY_STATUS enum_algorithms(NCRYPT_HANDLE h, DWORD flags)
{
    NCryptAlgorithmName *list;
    SECURITY_STATUS s = NCryptEnumAlgorithms(h, 0, &got, &list, flags);
    return s == ERROR_SUCCESS ? NCryptFreeBuffer(list) : s;
}

static SECURITY_STATUS is_supported(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptIsAlgSupported(h, L"RSA", flags);
}

static SECURITY_STATUS enum_keys(NCRYPT_HANDLE h, DWORD flags)
{
    NCryptKeyName *name = NULL;
    PVOID state = NULL;
    SECURITY_STATUS s = NCryptEnumKeys(h, NULL, &name, &state, flags);
    if (state != NULL)
        NCryptFreeBuffer(state);
    return s == NTE_NO_MORE_ITEMS ? ERROR_SUCCESS : s;
}

static SECURITY_STATUS create_key(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    SECURITY_STATUS s = NCryptCreatePersistedKey(h, &key, L"RSA", NULL, 0, flags);
    if (s != ERROR_SUCCESS)
        return key == UNTOUCHED ? s : -1;
    return NCryptFreeObject(key);
}

static SECURITY_STATUS open_key(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    SECURITY_STATUS s = NCryptOpenKey(h, &key, L"missing", 0, flags);
    return key != UNTOUCHED ? -1 : s == NTE_BAD_KEYSET ? ERROR_SUCCESS : s;
}

static SECURITY_STATUS import_key(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    BYTE blob[512];
    DWORD n = 0;
    NCryptExportKey(rsa, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, blob, sizeof blob, &n, 0);
    SECURITY_STATUS s = NCryptImportKey(h, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &key, blob, n, flags);
    if (s != ERROR_SUCCESS)
        return key == UNTOUCHED ? s : -1;
    return NCryptFreeObject(key);
}

static SECURITY_STATUS notify(NCRYPT_HANDLE h, DWORD flags)
{
    HANDLE event = NULL;
    SECURITY_STATUS s = NCryptNotifyChangeKey(h, &event, NCRYPT_REGISTER_NOTIFY_FLAG | flags);
    if (s == ERROR_SUCCESS)
        s = NCryptNotifyChangeKey(h, &event, NCRYPT_UNREGISTER_NOTIFY_FLAG);
    return s == NTE_NOT_FOUND ? ERROR_SUCCESS : s;
}

static SECURITY_STATUS finalize(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = h;
    if (h == rsa)
        NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", NULL, 0, 0);
    SECURITY_STATUS s = NCryptFinalizeKey(key, flags);
    if (key != h)
        NCryptFreeObject(key);
    return s;
}

static SECURITY_STATUS delete_key(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = h;
    if (h == rsa)
        NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", NULL, 0, 0);
    SECURITY_STATUS s = NCryptDeleteKey(key, flags);
    if (key != h && s != ERROR_SUCCESS)
        NCryptFreeObject(key);
    return s;
}

static SECURITY_STATUS export_key(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptExportKey(h, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, bytes, sizeof bytes, &got, flags);
}

static SECURITY_STATUS export_under(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptExportKey(rsa, h == rsa ? 0 : h, BCRYPT_RSAPUBLIC_BLOB, NULL, bytes, sizeof bytes,
                           &got, flags);
}

static SECURITY_STATUS import_under(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    BYTE blob[512];
    DWORD n = 0;
    NCryptExportKey(rsa, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, blob, sizeof blob, &n, 0);
    SECURITY_STATUS s = NCryptImportKey(provider, h == rsa ? 0 : h, BCRYPT_RSAPUBLIC_BLOB, NULL,
                                        &key, blob, n, flags);
    if (s != ERROR_SUCCESS)
        return key == UNTOUCHED ? s : -1;
    return NCryptFreeObject(key);
}

/* A list of one buffer, which is no parameter. */
static SECURITY_STATUS derive_from_key(NCRYPT_HANDLE h, DWORD flags)
{
    NCryptBuffer none = {0, NCRYPTBUFFER_EMPTY, NULL};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &none};
    SECURITY_STATUS s = NCryptKeyDerivation(h, &list, bytes, 16, &got, flags);
    return h == rsa && s == NTE_NOT_SUPPORTED ? ERROR_SUCCESS : s; /* which RSA does not */
}

static SECURITY_STATUS encapsulate(NCRYPT_HANDLE h, DWORD flags)
{
    DWORD n = 0;
    SECURITY_STATUS s = NCryptEncapsulate(h, NULL, 0, &got, NULL, 0, &n, flags);
    return h == rsa && s == NTE_NOT_SUPPORTED ? ERROR_SUCCESS : s;
}

static SECURITY_STATUS decapsulate(NCRYPT_HANDLE h, DWORD flags)
{
    SECURITY_STATUS s = NCryptDecapsulate(h, bytes, 768, NULL, 0, &got, flags);
    return h == rsa && s == NTE_NOT_SUPPORTED ? ERROR_SUCCESS : s;
}

static SECURITY_STATUS get_property(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptGetProperty(h, NCRYPT_LENGTH_PROPERTY, bytes, sizeof bytes, &got, flags);
}

static SECURITY_STATUS set_property(NCRYPT_HANDLE h, DWORD flags)
{
    return set_dword(h, NCRYPT_EXPORT_POLICY_PROPERTY, 3, flags);
}

static SECURITY_STATUS sign_hash(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptSignHash(h, &pkcs1, bytes, 32, bytes, sizeof bytes, &got,
                          NCRYPT_PAD_PKCS1_FLAG | flags);
}

static SECURITY_STATUS verify_signature(NCRYPT_HANDLE h, DWORD flags)
{
    static BYTE hash[32];
    static BYTE signature[128];
    NCryptSignHash(rsa, &pkcs1, hash, 32, signature, sizeof signature, &got, NCRYPT_PAD_PKCS1_FLAG);
    return NCryptVerifySignature(h, &pkcs1, hash, 32, signature, 128,
                                 NCRYPT_PAD_PKCS1_FLAG | flags);
}

static SECURITY_STATUS encrypt(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptEncrypt(h, bytes, 16, NULL, bytes, sizeof bytes, &got,
                         NCRYPT_PAD_PKCS1_FLAG | flags);
}

static SECURITY_STATUS decrypt(NCRYPT_HANDLE h, DWORD flags)
{
    static BYTE sealed[128];
    NCryptEncrypt(rsa, bytes, 16, NULL, sealed, sizeof sealed, &got, NCRYPT_PAD_PKCS1_FLAG);
    return NCryptDecrypt(h, sealed, 128, NULL, bytes, sizeof bytes, &got,
                         NCRYPT_PAD_PKCS1_FLAG | flags);
}

static SECURITY_STATUS agree(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_SECRET_HANDLE made = UNTOUCHED;
    SECURITY_STATUS s = NCryptSecretAgreement(h == rsa ? ecdh : h, ecdh, &made, flags);
    if (s != ERROR_SUCCESS)
        return made == UNTOUCHED ? s : -1;
    return NCryptFreeObject(made);
}

static SECURITY_STATUS agree_with(NCRYPT_HANDLE h, DWORD flags)
{
    NCRYPT_SECRET_HANDLE made = UNTOUCHED;
    SECURITY_STATUS s = NCryptSecretAgreement(ecdh, h == rsa ? ecdh : h, &made, flags);
    if (s != ERROR_SUCCESS)
        return made == UNTOUCHED ? s : -1;
    return NCryptFreeObject(made);
}

static SECURITY_STATUS derive(NCRYPT_HANDLE h, DWORD flags)
{
    return NCryptDeriveKey(h, BCRYPT_KDF_HASH, NULL, bytes, sizeof bytes, &got, flags);
}

struct function {
    const char *name;
    SECURITY_STATUS (*call)(NCRYPT_HANDLE h, DWORD flags);
    size_t (*wrong)(struct bad_handle *out);
    const NCRYPT_HANDLE *right;
    bool silent; /* takes NCRYPT_SILENT_FLAG */
};

static const struct function functions[] = {
    {"NCryptEnumAlgorithms", enum_algorithms, no_providers, &provider, true},
    {"NCryptIsAlgSupported", is_supported, no_providers, &provider, true},
    {"NCryptEnumKeys", enum_keys, no_providers, &provider, true},
    {"NCryptCreatePersistedKey", create_key, no_providers, &provider, true},
    {"NCryptOpenKey", open_key, no_providers, &provider, true},
    {"NCryptImportKey", import_key, no_providers, &provider, true},
    {"NCryptNotifyChangeKey", notify, no_providers, &provider, false},
    {"NCryptFinalizeKey", finalize, no_keys, &rsa, true},
    {"NCryptDeleteKey", delete_key, no_keys, &rsa, true},
    {"NCryptExportKey", export_key, no_keys, &rsa, true},
    {"NCryptExportKey, wrapping", export_under, no_wraps, &rsa, true},
    {"NCryptImportKey, unwrapping", import_under, no_wraps, &rsa, true},
    {"NCryptKeyDerivation", derive_from_key, no_keys, &rsa, true},
    {"NCryptEncapsulate", encapsulate, no_wraps, &rsa, false},
    {"NCryptDecapsulate", decapsulate, no_wraps, &rsa, false},
    {"NCryptGetProperty", get_property, no_objects, &rsa, true},
    {"NCryptSetProperty", set_property, no_objects, &rsa, true},
    {"NCryptSignHash", sign_hash, no_keys, &rsa, true},
    {"NCryptVerifySignature", verify_signature, no_keys, &rsa, true},
    {"NCryptEncrypt", encrypt, no_keys, &rsa, true},
    {"NCryptDecrypt", decrypt, no_keys, &rsa, true},
    {"NCryptSecretAgreement, own", agree, no_keys, &rsa, true},
    {"NCryptSecretAgreement, peer", agree_with, no_keys, &rsa, true},
    {"NCryptDeriveKey", derive, no_secrets, &secret, true},
};

static void handles_and_flags(const struct function *f)
{
    struct bad_handle wrong[BAD_HANDLES];
    size_t n = f->wrong(wrong);
    for (size_t i = 0; i < n; i++) {
        row_begin("%s with %s", f->name, wrong[i].label);
        tap_status(f->call(wrong[i].handle, 0), NTE_INVALID_HANDLE, "NTE_INVALID_HANDLE");
    }
    row_begin("%s", f->name);
    tap_status(f->call(*f->right, 0), ERROR_SUCCESS, "works");
    tap_status(f->call(*f->right, UNKNOWN_FLAG), NTE_BAD_FLAGS, "an unknown flag");
    if (f->silent)
        tap_status(f->call(*f->right, NCRYPT_SILENT_FLAG), ERROR_SUCCESS, "NCRYPT_SILENT_FLAG");
}

static void key_queries(void)
{
    struct bad_handle wrong[BAD_HANDLES];
    size_t n = no_keys(wrong);
    for (size_t i = 0; i < n; i++) {
        row_begin("NCryptIsKeyHandle with %s", wrong[i].label);
        tap(!NCryptIsKeyHandle(wrong[i].handle), "FALSE");
    }
    row_begin("NCryptIsKeyHandle");
    tap(NCryptIsKeyHandle(rsa) && NCryptIsKeyHandle(building), "TRUE for keys");
    row_begin("a handle of ncrypt.h given to bcrypt.h");
    ULONG size = 0;
    tap_status(
        BCryptExportKey((BCRYPT_KEY_HANDLE)rsa, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &size, 0),
        STATUS_INVALID_HANDLE, "STATUS_INVALID_HANDLE");
    row_begin("a key that is not finalized");
    tap_status(sign_hash(building, 0), NTE_BAD_KEY_STATE, "NCryptSignHash");
    tap_status(
        NCryptVerifySignature(building, &pkcs1, bytes, 32, bytes, 128, NCRYPT_PAD_PKCS1_FLAG),
        NTE_BAD_KEY_STATE, "NCryptVerifySignature");
    tap_status(encrypt(building, 0), NTE_BAD_KEY_STATE, "NCryptEncrypt");
    tap_status(export_key(building, 0), NTE_BAD_KEY_STATE, "NCryptExportKey");
    tap_status(agree(building, 0), NTE_BAD_KEY_STATE, "NCryptSecretAgreement");
}

static void nulls(void)
{
    row_begin("NULL where something is required");
    NCRYPT_KEY_HANDLE key = 0;
    NCryptAlgorithmName *list = NULL;
    PVOID state = NULL;
    DWORD n = 0;
    tap_status(NCryptOpenStorageProvider(NULL, NULL, 0), NTE_INVALID_PARAMETER, "the provider");
    tap_status(NCryptEnumAlgorithms(provider, 0, NULL, &list, 0), NTE_INVALID_PARAMETER, "a count");
    tap_status(NCryptEnumAlgorithms(provider, 0, &n, NULL, 0), NTE_INVALID_PARAMETER, "a list");
    tap_status(NCryptEnumStorageProviders(NULL, NULL, 0), NTE_INVALID_PARAMETER, "providers");
    tap_status(NCryptIsAlgSupported(provider, NULL, 0), NTE_INVALID_PARAMETER, "an algorithm");
    tap_status(NCryptEnumKeys(provider, NULL, NULL, &state, 0), NTE_INVALID_PARAMETER, "a name");
    NCryptKeyName *name = NULL;
    tap_status(NCryptEnumKeys(provider, NULL, &name, NULL, 0), NTE_INVALID_PARAMETER, "a state");
    tap_status(NCryptEnumKeys(provider, L"scope", &name, &state, 0), NTE_INVALID_PARAMETER,
               "a scope must be NULL");
    tap_status(NCryptCreatePersistedKey(provider, NULL, L"RSA", NULL, 0, 0), NTE_INVALID_PARAMETER,
               "a key");
    tap_status(NCryptCreatePersistedKey(provider, &key, NULL, NULL, 0, 0), NTE_INVALID_PARAMETER,
               "an algorithm");
    tap_status(NCryptOpenKey(provider, NULL, L"k", 0, 0), NTE_INVALID_PARAMETER, "a key");
    tap_status(NCryptOpenKey(provider, &key, NULL, 0, 0), NTE_INVALID_PARAMETER, "a name");
    tap_status(NCryptImportKey(provider, 0, NULL, NULL, &key, bytes, 8, 0), NTE_INVALID_PARAMETER,
               "a blob type");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, NULL, bytes, 8, 0),
               NTE_INVALID_PARAMETER, "a key");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &key, NULL, 8, 0),
               NTE_INVALID_PARAMETER, "a blob");
    NCryptBufferDesc broken = {NCRYPTBUFFER_VERSION, 2, NULL};
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, &broken, &key, bytes, 8, 0),
               NTE_INVALID_PARAMETER, "a list of two without buffers");
    tap_status(NCryptExportKey(rsa, 0, BCRYPT_RSAPUBLIC_BLOB, &broken, bytes, sizeof bytes, &n, 0),
               NTE_INVALID_PARAMETER, "to export, too");
    tap_status(NCryptDeriveKey(secret, BCRYPT_KDF_HASH, &broken, bytes, 8, &n, 0),
               NTE_INVALID_PARAMETER, "and to derive");
    tap_status(NCryptExportKey(rsa, 0, NULL, NULL, bytes, 8, &n, 0), NTE_INVALID_PARAMETER,
               "a blob type");
    tap_status(NCryptExportKey(rsa, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, bytes, 8, NULL, 0),
               NTE_INVALID_PARAMETER, "a size");
    tap_status(NCryptGetProperty(rsa, NULL, bytes, 8, &n, 0), NTE_INVALID_PARAMETER, "a property");
    tap_status(NCryptGetProperty(rsa, NCRYPT_LENGTH_PROPERTY, bytes, 8, NULL, 0),
               NTE_INVALID_PARAMETER, "a size");
    tap_status(NCryptSetProperty(rsa, NULL, bytes, 4, 0), NTE_INVALID_PARAMETER, "a property");
    tap_status(NCryptSetProperty(rsa, NCRYPT_LENGTH_PROPERTY, NULL, 4, 0), NTE_INVALID_PARAMETER,
               "a value");
    tap_status(NCryptSignHash(rsa, &pkcs1, NULL, 32, bytes, 128, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "a hash");
    tap_status(NCryptSignHash(rsa, &pkcs1, bytes, 32, bytes, 128, NULL, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "a size");
    tap_status(NCryptSignHash(rsa, NULL, bytes, 32, bytes, 128, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "a padding");
    tap_status(NCryptEncrypt(rsa, NULL, 1, NULL, bytes, 128, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "the one byte of a text");
    tap_status(NCryptVerifySignature(rsa, &pkcs1, NULL, 32, bytes, 128, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "a hash to verify");
    tap_status(NCryptVerifySignature(rsa, &pkcs1, bytes, 32, NULL, 128, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "a signature");
    tap_status(NCryptEncrypt(rsa, NULL, 16, NULL, bytes, sizeof bytes, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "a plaintext");
    tap_status(NCryptEncrypt(rsa, NULL, 16, NULL, NULL, 0, &n, NCRYPT_PAD_PKCS1_FLAG),
               ERROR_SUCCESS, "but not when the size is asked for");
    tap_status(
        NCryptEncrypt(rsa, bytes, 16, NULL, bytes, sizeof bytes, NULL, NCRYPT_PAD_PKCS1_FLAG),
        NTE_INVALID_PARAMETER, "a size");
    tap_status(
        NCryptDecrypt(rsa, bytes, 128, NULL, bytes, sizeof bytes, NULL, NCRYPT_PAD_PKCS1_FLAG),
        NTE_INVALID_PARAMETER, "a size");
    tap_status(NCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, bytes, 8, NULL, 0),
               NTE_INVALID_PARAMETER, "a size");
    NCryptBuffer none = {0, NCRYPTBUFFER_EMPTY, NULL};
    NCryptBufferDesc one = {NCRYPTBUFFER_VERSION, 1, &none};
    tap_status(NCryptKeyDerivation(aes, NULL, bytes, 16, &n, 0), NTE_INVALID_PARAMETER, "a list");
    tap_status(NCryptKeyDerivation(aes, &one, NULL, 16, &n, 0), NTE_INVALID_PARAMETER,
               "a place for what is derived");
    tap_status(NCryptKeyDerivation(aes, &one, bytes, 0, &n, 0), NTE_INVALID_PARAMETER,
               "room for it");
    tap_status(NCryptKeyDerivation(aes, &one, bytes, 16, NULL, 0), NTE_INVALID_PARAMETER, "a size");
    tap_status(NCryptEncapsulate(rsa, bytes, 32, NULL, bytes, 8, &n, 0), NTE_INVALID_PARAMETER,
               "the secret's size");
    tap_status(NCryptEncapsulate(rsa, bytes, 32, &n, bytes, 8, NULL, 0), NTE_INVALID_PARAMETER,
               "the ciphertext's");
    tap_status(NCryptDecapsulate(rsa, NULL, 32, bytes, 32, &n, 0), NTE_INVALID_PARAMETER,
               "a ciphertext");
    tap_status(NCryptDecapsulate(rsa, bytes, 32, bytes, 32, NULL, 0), NTE_INVALID_PARAMETER,
               "a size");
    tap_status(NCryptSecretAgreement(ecdh, ecdh, NULL, 0), NTE_INVALID_PARAMETER, "a secret");
    tap_status(NCryptDeriveKey(secret, NULL, NULL, bytes, 8, &n, 0), NTE_INVALID_PARAMETER,
               "a KDF");
    tap_status(NCryptFreeBuffer(NULL), NTE_INVALID_PARAMETER, "a buffer");
    tap_status(NCryptFreeBuffer(&n), NTE_INVALID_PARAMETER, "a buffer of somebody else's");
    tap_status(NCryptNotifyChangeKey(provider, NULL, NCRYPT_REGISTER_NOTIFY_FLAG),
               NTE_INVALID_PARAMETER, "an event");
    tap_status(NCryptTranslateHandle(NULL, NULL, 1, 0, 0, 0), NTE_INVALID_PARAMETER, "a key");
    tap_status(NCryptTranslateHandle(NULL, &key, 1, 0, 0, 0), NTE_NOT_SUPPORTED, "no CryptoAPI");
}

/* Numbers that mean nothing, and values that are too large. */
static void ranges(void)
{
    row_begin("what nobody defined");
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    NCRYPT_PROV_HANDLE p = UNTOUCHED;
    NCryptAlgorithmName *algs = NULL;
    NCryptProviderName *providers = NULL;
    DWORD n = 77;
    tap_status(NCryptOpenStorageProvider(&p, NULL, UNKNOWN_FLAG), NTE_BAD_FLAGS,
               "a flag of NCryptOpenStorageProvider");
    tap_status(NCryptEnumStorageProviders(&n, &providers, UNKNOWN_FLAG), NTE_BAD_FLAGS,
               "of NCryptEnumStorageProviders");
    tap_status(NCryptTranslateHandle(NULL, &key, 1, 0, 0, 1), NTE_BAD_FLAGS,
               "of NCryptTranslateHandle");
    tap_status(NCryptEnumAlgorithms(provider, 0x100, &n, &algs, 0), NTE_INVALID_PARAMETER,
               "an operation");
    tap_status(NCryptOpenKey(provider, &key, L"missing", 77, 0), NTE_INVALID_PARAMETER,
               "a legacy key spec");
    tap_status(NCryptCreatePersistedKey(provider, &key, L"RSA", NULL, 77, 0), NTE_INVALID_PARAMETER,
               "to create, too");
    static WCHAR name[600];
    for (size_t i = 0; i < 599; i++)
        name[i] = 'k';
    tap_status(NCryptOpenKey(provider, &key, name, 0, 0), NTE_INVALID_PARAMETER,
               "a name of 599 characters");
    tap(key == UNTOUCHED && p == UNTOUCHED && n == 77 && algs == NULL && providers == NULL,
        "nothing is written");
    static BYTE large[1024 * 1024 + 1];
    tap_status(NCryptSetProperty(building, L"My own", large, sizeof large,
                                 NCRYPT_PERSIST_ONLY_FLAG | NCRYPT_PERSIST_FLAG),
               NTE_INVALID_PARAMETER, "a value of more than a megabyte");
}

/* ---- sizes ---------------------------------------------------------------------------------- */

typedef SECURITY_STATUS sized(PBYTE out, DWORD cb, DWORD *n);

static SECURITY_STATUS sized_export(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptExportKey(rsa, 0, BCRYPT_RSAFULLPRIVATE_BLOB, NULL, out, cb, n, 0);
}

static SECURITY_STATUS sized_pkcs8(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptExportKey(rsa, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, out, cb, n, 0);
}

static SECURITY_STATUS sized_cipher(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptExportKey(aes, 0, NCRYPT_CIPHER_KEY_BLOB, NULL, out, cb, n, 0);
}

static SECURITY_STATUS sized_opaque(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptExportKey(aes, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, out, cb, n, 0);
}

static SECURITY_STATUS sized_string(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptGetProperty(rsa, NCRYPT_ALGORITHM_PROPERTY, out, cb, n, 0);
}

static SECURITY_STATUS sized_number(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptGetProperty(rsa, NCRYPT_LENGTH_PROPERTY, out, cb, n, 0);
}

static SECURITY_STATUS sized_curves(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptGetProperty(provider, NCRYPT_ECC_CURVE_NAME_LIST_PROPERTY, out, cb, n, 0);
}

static SECURITY_STATUS sized_sign(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptSignHash(rsa, &pkcs1, bytes, 32, out, cb, n, NCRYPT_PAD_PKCS1_FLAG);
}

static SECURITY_STATUS sized_ecdsa(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptSignHash(ecdh, NULL, bytes, 32, out, cb, n, 0);
}

static SECURITY_STATUS sized_encrypt(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptEncrypt(rsa, bytes, 32, NULL, out, cb, n, NCRYPT_PAD_PKCS1_FLAG);
}

static SECURITY_STATUS sized_aes(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptEncrypt(aes, bytes, 32, NULL, out, cb, n, 0);
}

static SECURITY_STATUS sized_raw(PBYTE out, DWORD cb, DWORD *n)
{
    return NCryptDeriveKey(secret, BCRYPT_KDF_RAW_SECRET, NULL, out, cb, n, 0);
}

static const struct {
    const char *name;
    sized *call;
    bool truncates; /* a short buffer gets less, and no error */
} sizes[] = {
    {"NCryptExportKey", sized_export, false},
    {"NCryptExportKey, PKCS #8", sized_pkcs8, false},
    {"NCryptExportKey, CipherKeyBlob", sized_cipher, false},
    {"NCryptExportKey, OpaqueTransport", sized_opaque, false},
    {"NCryptGetProperty, string", sized_string, false},
    {"NCryptGetProperty, number", sized_number, false},
    {"NCryptGetProperty, curves", sized_curves, false},
    {"NCryptSignHash, RSA", sized_sign, false},
    {"NCryptSignHash, ECDH", sized_ecdsa, false},
    {"NCryptEncrypt, RSA", sized_encrypt, false},
    {"NCryptEncrypt, AES", sized_aes, false},
    {"NCryptDeriveKey", sized_raw, true},
};

static void size_rules(size_t i)
{
    DWORD need = 0;
    DWORD n = 0;
    row_begin("%s", sizes[i].name);
    tap_status(sizes[i].call(NULL, 0, &need), ERROR_SUCCESS, "NULL asks for the size");
    struct guarded exact = guarded_new(need);
    tap(sizes[i].call(exact.p, need, &n) == ERROR_SUCCESS && n == need, "which is enough");
    tap(guarded_intact(&exact), "and nothing around the buffer is written");
    guarded_free(&exact);
    if (sizes[i].truncates)
        return;
    struct guarded small = guarded_new(need - 1);
    n = 0;
    tap_status(sizes[i].call(small.p, need - 1, &n), NTE_BUFFER_TOO_SMALL, "one byte less is not");
    tap(n == need, "and the size is told");
    tap(guarded_intact(&small), "nothing around the buffer is written");
    n = 0;
    tap(sizes[i].call(small.p, 0, &n) == NTE_BUFFER_TOO_SMALL && n == need,
        "a buffer of 0 bytes is too small");
    guarded_free(&small);
}

static void encapsulation(void)
{
    row_begin("NCryptEncapsulate, NCryptDecapsulate");
    DWORD n = 0;
    DWORD m = 0;
    tap_status(NCryptEncapsulate(0, bytes, 32, &n, bytes, 100, &m, 0), NTE_INVALID_PARAMETER,
               "key 0 is an invalid parameter");
    tap_status(NCryptDecapsulate(0, bytes, 32, bytes, 32, &n, 0), NTE_INVALID_PARAMETER,
               "for both");
    tap_status(NCryptEncapsulate(rsa, bytes, 32, &n, bytes, 100, &m, 0), NTE_NOT_SUPPORTED,
               "RSA does not encapsulate");
    if (is_registered) {
        tap_status(NCryptEncapsulate(kem, NULL, 0, &n, NULL, 0, &m, 0),
                   kem == 0 ? NTE_INVALID_PARAMETER : NTE_NOT_SUPPORTED,
                   "the published interface has no function for it");
        return;
    }
    if (kem == 0) {
        tap_skip("sizes", "the installed libcrypto lacks ML-KEM");
        return;
    }
    tap(NCryptEncapsulate(kem, NULL, 0, &n, NULL, 0, &m, 0) == ERROR_SUCCESS && n == 32 && m == 768,
        "both NULL ask for the sizes");
    n = m = 0;
    tap(NCryptEncapsulate(kem, bytes, 31, &n, bytes + 64, 768, &m, 0) == NTE_BUFFER_TOO_SMALL &&
            n == 32 && m == 768,
        "a short buffer is told both sizes");
    tap_status(NCryptEncapsulate(kem, bytes, 32, &n, bytes + 64, 768, &m, 4), NTE_BAD_FLAGS,
               "no flags");
    tap_status(NCryptEncapsulate(kem, bytes, 32, NULL, bytes + 64, 768, &m, 0),
               NTE_INVALID_PARAMETER, "NULL size");
    tap_status(NCryptDecapsulate(kem, bytes, 767, bytes, 32, &n, 0), NTE_INVALID_PARAMETER,
               "a ciphertext of the wrong length");
}

static void notifications(void)
{
    row_begin("NCryptNotifyChangeKey");
    NCRYPT_KEY_HANDLE key = 0;
    HANDLE event = NULL;
    tap_status(NCryptNotifyChangeKey(provider, &event, 0), NTE_BAD_FLAGS, "neither flag");
    tap_status(NCryptNotifyChangeKey(provider, &event, 3), NTE_BAD_FLAGS, "both flags");
    tap_status(NCryptNotifyChangeKey(provider, &event,
                                     NCRYPT_UNREGISTER_NOTIFY_FLAG | NCRYPT_MACHINE_KEY_FLAG),
               NTE_BAD_FLAGS, "the machine's without the first");
    event = (HANDLE)(LONG_PTR)1;
    tap_status(NCryptNotifyChangeKey(provider, &event, NCRYPT_UNREGISTER_NOTIFY_FLAG),
               NTE_INVALID_PARAMETER, "a stranger's descriptor stays open");
    NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"watched", 0, 0);
    NCryptFinalizeKey(key, 0);
    tap_status(NCryptNotifyChangeKey(provider, &event, NCRYPT_REGISTER_NOTIFY_FLAG), ERROR_SUCCESS,
               "registers");
    struct pollfd p = {.fd = (int)(LONG_PTR)event, .events = POLLIN};
    tap(poll(&p, 1, 0) == 0, "nothing happened yet");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "a key is deleted");
    tap(poll(&p, 1, 1000) == 1 && (p.revents & POLLIN) != 0, "which is told");
    tap_status(NCryptNotifyChangeKey(provider, &event, NCRYPT_UNREGISTER_NOTIFY_FLAG),
               ERROR_SUCCESS, "unregisters");
    tap(event == INVALID_HANDLE_VALUE, "the handle is invalid");
    tap_status(NCryptNotifyChangeKey(provider, &event, NCRYPT_UNREGISTER_NOTIFY_FLAG),
               NTE_INVALID_PARAMETER, "once");
}

static void vbs(void)
{
    row_begin("virtualization-based security");
    NCRYPT_KEY_HANDLE key = 0;
    tap_status(NCryptCreatePersistedKey(provider, &key, L"RSA", NULL, 0, NCRYPT_REQUIRE_VBS_FLAG),
               NTE_VBS_UNAVAILABLE, "cannot be required");
    tap_status(NCryptCreatePersistedKey(provider, &key, L"RSA", NULL, 0, NCRYPT_PREFER_VBS_FLAG),
               ERROR_SUCCESS, "can be preferred");
    NCryptFreeObject(key);
}

int main(void)
{
    store_begin();
    prepare();
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        handles_and_flags(&functions[i]);
    key_queries();
    nulls();
    ranges();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        size_rules(i);
    encapsulation();
    notifications();
    vbs();
    const NCRYPT_HANDLE all[] = {rsa, ecdh, aes, building, secret, provider};
    row_begin("the end");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        tap_status(NCryptFreeObject(all[i]), ERROR_SUCCESS, "is freed");
    if (kem != 0)
        NCryptFreeObject(kem);
    NCryptCloseProtectionDescriptor(rule);
    BCryptDestroyKey(foreign_key);
    BCryptCloseAlgorithmProvider(foreign_alg, 0);
    return tap_done();
}
