/*
 * What was observed of ncrypt.h on Windows, one check for each observation, and the points where this
 * library decides (docs/differences.md).
 */
#include "conform_ncrypt.h"

static NCRYPT_PROV_HANDLE provider;

static NCRYPT_KEY_HANDLE new_key(LPCWSTR alg)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, alg, NULL, 0, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

static NCRYPT_KEY_HANDLE final_key(LPCWSTR alg, DWORD policy)
{
    NCRYPT_KEY_HANDLE key = new_key(alg);
    if (set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, policy, 0) != ERROR_SUCCESS ||
        NCryptFinalizeKey(key, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

static void providers(void)
{
    row_begin("NCryptOpenStorageProvider, NCryptFreeObject");
    NCRYPT_PROV_HANDLE p = 0;
    tap_status(NCryptOpenStorageProvider(&p, NULL, 0), ERROR_SUCCESS,
               "NULL opens the default software provider");
    tap(text_is(p, NCRYPT_NAME_PROPERTY, MS_KEY_STORAGE_PROVIDER), "which says its name");
    tap(get_dword(p, NCRYPT_IMPL_TYPE_PROPERTY) == NCRYPT_IMPL_SOFTWARE_FLAG,
        "Impl Type on the provider: 2");
    tap_status(NCryptFreeObject(p), ERROR_SUCCESS, "it is freed");
    tap_status(NCryptFreeObject(p), NTE_INVALID_HANDLE, "once");
    tap_status(NCryptOpenStorageProvider(&p, L"Microsoft Strong Cryptographic Provider", 0),
               ERROR_SUCCESS, "CryptoAPI's names are aliases");
    NCryptFreeObject(p);
    tap_status(NCryptFreeObject(0), NTE_INVALID_HANDLE, "NCryptFreeObject(0)");
    tap_status(NCryptFreeObject((NCRYPT_HANDLE)&p), NTE_INVALID_HANDLE,
               "NCryptFreeObject of memory that is no object");
    tap_status(NCryptOpenStorageProvider(&p, L"No Such Provider", 0), NTE_NOT_FOUND,
               "an unknown name");
}

static void algorithms(void)
{
    row_begin("NCryptIsAlgSupported");
    tap_status(NCryptIsAlgSupported(0, BCRYPT_RSA_ALGORITHM, 0), NTE_INVALID_HANDLE, "provider 0");
    tap_status(NCryptIsAlgSupported(provider, BCRYPT_SHA256_ALGORITHM, 20), NTE_BAD_FLAGS,
               "undefined flag 20 even for an unsupported name");
    tap_status(NCryptIsAlgSupported(provider, BCRYPT_RSA_ALGORITHM, NCRYPT_SILENT_FLAG),
               ERROR_SUCCESS, "NCRYPT_SILENT_FLAG accepted");
    static const LPCWSTR has[] = {L"RSA",        L"3DES",       L"AES",      L"DSA",
                                  L"ECDSA_P256", L"ECDSA_P384", L"ECDH_P256"};
    for (size_t i = 0; i < sizeof has / sizeof has[0]; i++)
        tap_status(NCryptIsAlgSupported(provider, has[i], 0), ERROR_SUCCESS, "supported");
    static const LPCWSTR lacks[] = {L"RSA_SIGN", L"SHA1", L"SHA256", L"MD5", L"RNG", L"unknown"};
    for (size_t i = 0; i < sizeof lacks / sizeof lacks[0]; i++)
        tap_status(NCryptIsAlgSupported(provider, lacks[i], 0), NTE_NOT_SUPPORTED,
                   "NTE_NOT_SUPPORTED");

    row_begin("NCryptEnumAlgorithms");
    NCryptAlgorithmName *list = NULL;
    DWORD n = 0;
    tap_status(NCryptEnumAlgorithms(provider, NCRYPT_SIGNATURE_OPERATION | NCRYPT_CIPHER_OPERATION,
                                    &n, &list, 0),
               ERROR_SUCCESS, "several operation bits work");
    bool fit = n > 0;
    for (DWORD i = 0; i < n; i++)
        fit &=
            (list[i].dwAlgOperations & (NCRYPT_SIGNATURE_OPERATION | NCRYPT_CIPHER_OPERATION)) != 0;
    tap(fit, "and each algorithm has one of them");
    tap_status(NCryptFreeBuffer(list), ERROR_SUCCESS, "the list is freed");
    tap_status(NCryptFreeBuffer(list), NTE_INVALID_PARAMETER, "once");

    row_begin("NCryptEnumStorageProviders");
    NCryptProviderName *names = NULL;
    tap_status(NCryptEnumStorageProviders(&n, &names, 0), ERROR_SUCCESS, "works");
    tap(n == (is_registered ? 2 : 1) && text_equal(names[0].pszName, MS_KEY_STORAGE_PROVIDER) &&
            text_equal(names[n - 1].pszName, provider_name()),
        "and lists the provider");
    NCryptFreeBuffer(names);
}

static void life(void)
{
    row_begin("NCryptCreatePersistedKey");
    NCRYPT_KEY_HANDLE key = 0;
    tap_status(NCryptCreatePersistedKey(0, &key, L"RSA", NULL, 0, 0), NTE_INVALID_HANDLE,
               "provider 0");
    tap_status(NCryptCreatePersistedKey(provider, &key, NULL, NULL, 0, 0), NTE_INVALID_PARAMETER,
               "NULL algorithm");
    key = new_key(L"RSA");
    tap(get_dword(key, NCRYPT_LENGTH_PROPERTY) == 1024, "RSA: Length reads 1024 before finalize");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "a nameless RSA key works");
    tap_status(NCryptFinalizeKey(key, 0), NTE_INVALID_HANDLE, "finalize twice");
    tap_status(NCryptFinalizeKey(0, 0), NTE_INVALID_HANDLE, "finalize 0");
    NCryptFreeObject(key);
    key = new_key(L"AES");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "AES without Length finalizes");
    NCryptFreeObject(key);
    key = new_key(L"ECDSA");
    tap(NCryptFinalizeKey(key, 0) != ERROR_SUCCESS, "generic ECDSA without a curve fails");
    NCryptFreeObject(key);
    tap_status(NCryptOpenKey(provider, &key, L"no such key", 0, 0), NTE_BAD_KEYSET, "missing key");
    tap_status(NCryptOpenKey(provider, &key, L"no such key", 0, NCRYPT_MACHINE_KEY_FLAG),
               NTE_BAD_KEYSET, "missing key of the machine");
}

/* The nameless RSA key of 1024 bits, which was observed in three ways of making it. */
static void nameless_rsa(NCRYPT_KEY_HANDLE key, const char *how)
{
    row_begin("nameless RSA key, %s", how);
    tap(text_is(key, NCRYPT_ALGORITHM_PROPERTY, L"RSA"), "Algorithm Name RSA");
    tap(text_is(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, L"RSA"), "Algorithm Group RSA");
    tap(get_dword(key, NCRYPT_LENGTH_PROPERTY) == 1024, "Length 1024");
    NCRYPT_SUPPORTED_LENGTHS lengths = {0};
    DWORD n = 0;
    tap(NCryptGetProperty(key, NCRYPT_LENGTHS_PROPERTY, (PBYTE)&lengths, sizeof lengths, &n, 0) ==
                ERROR_SUCCESS &&
            lengths.dwMinLength == 512 && lengths.dwMaxLength == 16384 &&
            lengths.dwIncrement == 8 && lengths.dwDefaultLength == 1024,
        "Lengths {512,16384,8,1024}");
    tap(get_dword(key, NCRYPT_BLOCK_LENGTH_PROPERTY) == 128, "Block Length 128");
    tap(get_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY) == 0, "Export Policy 0");
    tap(get_dword(key, NCRYPT_KEY_USAGE_PROPERTY) == 0x00FFFFFF, "Key Usage 0x00FFFFFF");
    tap(get_dword(key, NCRYPT_KEY_TYPE_PROPERTY) == 0, "Key Type 0");
    tap(get_dword(key, NCRYPT_SIGNATURE_LENGTH_PROPERTY) == 128, "SignatureLength 128");
    tap(get_dword(key, NCRYPT_PUBLIC_LENGTH_PROPERTY) == 1024, "PublicKeyLength 1024");
    NCRYPT_PROV_HANDLE p = 0;
    tap(NCryptGetProperty(key, NCRYPT_PROVIDER_HANDLE_PROPERTY, (PBYTE)&p, sizeof p, &n, 0) ==
                ERROR_SUCCESS &&
            p == provider,
        "Provider Handle is the handle that the caller opened");
    tap_status(NCryptFreeObject(p), ERROR_SUCCESS, "and is a reference of its own");

    static const LPCWSTR not_found[] = {NCRYPT_UI_POLICY_PROPERTY, NCRYPT_WINDOW_HANDLE_PROPERTY,
                                        NCRYPT_USE_CONTEXT_PROPERTY, NCRYPT_LAST_MODIFIED_PROPERTY,
                                        NCRYPT_CERTIFICATE_PROPERTY};
    for (size_t i = 0; i < sizeof not_found / sizeof not_found[0]; i++)
        tap_status(get_status(key, not_found[i], 0), NTE_NOT_FOUND, "NTE_NOT_FOUND");
    tap_status(get_status(key, NCRYPT_SECURITY_DESCR_PROPERTY, 0), NTE_BAD_FLAGS,
               "Security Descr with flags 0");
    static const LPCWSTR not_supported[] = {NCRYPT_NAME_PROPERTY,
                                            NCRYPT_UNIQUE_NAME_PROPERTY,
                                            NCRYPT_IMPL_TYPE_PROPERTY,
                                            NCRYPT_VERSION_PROPERTY,
                                            NCRYPT_SECURITY_DESCR_SUPPORT_PROPERTY,
                                            NCRYPT_USE_COUNT_ENABLED_PROPERTY,
                                            NCRYPT_USE_COUNT_PROPERTY,
                                            NCRYPT_MAX_NAME_LENGTH_PROPERTY,
                                            NCRYPT_PIN_PROPERTY,
                                            NCRYPT_READER_PROPERTY,
                                            NCRYPT_SMARTCARD_GUID_PROPERTY,
                                            NCRYPT_PIN_PROMPT_PROPERTY,
                                            NCRYPT_USER_CERTSTORE_PROPERTY,
                                            NCRYPT_ROOT_CERTSTORE_PROPERTY,
                                            NCRYPT_SECURE_PIN_PROPERTY,
                                            NCRYPT_SCARD_PIN_ID,
                                            NCRYPT_SCARD_PIN_INFO,
                                            L"AlgorithmName",
                                            L"KeyLength",
                                            L"BlockLength"};
    for (size_t i = 0; i < sizeof not_supported / sizeof not_supported[0]; i++)
        tap_status(get_status(key, not_supported[i], 0), NTE_NOT_SUPPORTED, "NTE_NOT_SUPPORTED");
}

static void properties(void)
{
    row_begin("NCryptGetProperty");
    tap_status(get_status(0, NCRYPT_LENGTH_PROPERTY, 0), NTE_INVALID_HANDLE, "handle 0");
    NCRYPT_KEY_HANDLE key = new_key(L"RSA");
    nameless_rsa(key, "created and not finalized");
    NCryptFinalizeKey(key, 0);

    DWORD n = 0;
    BYTE *blob = export_blob(key, BCRYPT_RSAPUBLIC_BLOB, NULL, &n);
    NCRYPT_KEY_HANDLE public = 0;
    row_begin("imported RSA keys");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &public, blob, n, 0),
               ERROR_SUCCESS, "public");
    free(blob);
    nameless_rsa(public, "imported public");
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
    blob = export_blob(key, BCRYPT_RSAPRIVATE_BLOB, NULL, &n);
    NCRYPT_KEY_HANDLE private = 0;
    row_begin("imported RSA keys");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, &private, blob, n, 0),
               ERROR_SUCCESS, "private");
    free(blob);
    nameless_rsa(private, "imported private");

    row_begin("NCryptSetProperty");
    tap_status(set_dword(0, NCRYPT_LENGTH_PROPERTY, 2048, 0), NTE_INVALID_HANDLE, "handle 0");
    tap_status(set_text(key, NCRYPT_NAME_PROPERTY, L"name", 0), NTE_NOT_SUPPORTED, "Name");
    tap_status(set_text(key, L"made up", L"value", 0), NTE_NOT_SUPPORTED,
               "unknown name with flags 0");
    tap_status(set_text(key, L"made up", L"value", NCRYPT_PERSIST_ONLY_FLAG), ERROR_SUCCESS,
               "unknown name with NCRYPT_PERSIST_ONLY_FLAG is stored with the key");
    BYTE byte = 0;
    tap_status(NCryptSetProperty(key, L"empty", &byte, 0, NCRYPT_PERSIST_ONLY_FLAG), ERROR_SUCCESS,
               "also with length 0");
    tap_status(NCryptGetProperty(key, L"empty", &byte, 1, &n, NCRYPT_PERSIST_ONLY_FLAG),
               ERROR_SUCCESS, "which reads back");
    tap(n == 0, "with length 0");
    tap(NCryptSetProperty(key, L"empty", NULL, 0, NCRYPT_PERSIST_ONLY_FLAG) != ERROR_SUCCESS,
        "NULL pointer fails");
    tap_status(get_status(key, L"never stored", NCRYPT_PERSIST_ONLY_FLAG), NTE_NOT_FOUND,
               "reading a name never stored fails");
    tap_status(set_dword(public, NCRYPT_LENGTH_PROPERTY, 2048, 0), ERROR_SUCCESS,
               "Length on an imported public RSA key");
    tap(get_dword(public, NCRYPT_LENGTH_PROPERTY) == 1024, "changes nothing");
    tap_status(set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 1, 0), ERROR_SUCCESS,
               "Export Policy after finalize, nameless");
    NCryptFreeObject(public);
    NCryptFreeObject(private);
    NCryptFreeObject(key);
    key = new_key(L"RSA");
    tap_status(set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 2, 0), ERROR_SUCCESS,
               "Export Policy before finalize, flags 0");
    NCryptFreeObject(key);
}

static void blobs(void)
{
    row_begin("NCryptImportKey, NCryptExportKey");
    NCRYPT_KEY_HANDLE key = final_key(L"RSA", 3);
    NCRYPT_KEY_HANDLE made = 0;
    DWORD n = 0;
    BYTE *blob = export_blob(key, BCRYPT_RSAPUBLIC_BLOB, NULL, &n);
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &made, blob, n, 49),
               NTE_BAD_FLAGS, "undefined flag 49");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &made, blob, n - 1, 0),
               NTE_BAD_DATA, "one byte less");
    blob[offsetof(BCRYPT_RSAKEY_BLOB, cbPublicExp)]++;
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &made, blob, n, 0),
               NTE_BAD_DATA, "wrong cbPublicExp");
    blob[offsetof(BCRYPT_RSAKEY_BLOB, cbPublicExp)]--;
    blob[offsetof(BCRYPT_RSAKEY_BLOB, BitLength)]++;
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &made, blob, n, 0),
               ERROR_SUCCESS, "wrong BitLength");
    NCryptFreeObject(made);
    memcpy(blob, "\x78\x56\x34\x12", 4);
    tap_status(NCryptImportKey(provider, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &made, blob, n, 0),
               NTE_INVALID_PARAMETER, "bad magic");
    free(blob);
    NCryptExportKey(key, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, NULL, 0, &n, 0);
    tap(n == 283, "1024-bit RSA with policy 3: RSAPRIVATEBLOB 283 bytes");
    NCryptExportKey(key, 0, BCRYPT_RSAFULLPRIVATE_BLOB, NULL, NULL, 0, &n, 0);
    tap(n == 603, "RSAFULLPRIVATEBLOB 603 bytes");
    NCryptFreeObject(key);
    static const DWORD refused[] = {0, 1};
    for (size_t i = 0; i < 2; i++) {
        key = final_key(L"RSA", refused[i]);
        tap_status(NCryptExportKey(key, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, NULL, 0, &n, 0),
                   NTE_NOT_SUPPORTED, "policy 0, or 1 for plaintext export");
        NCryptFreeObject(key);
    }
    key = final_key(L"AES", 2);
    blob = export_blob(key, NCRYPT_CIPHER_KEY_BLOB, NULL, &n);
    tap(blob != NULL, "symmetric keys export with 2 alone");
    NCryptFreeObject(key);
    tap(n == 16 + 8 + 12 + 32, "AES-256 as CipherKeyBlob: header, name, KeyDataBlob");
    tap_status(NCryptImportKey(provider, 0, NCRYPT_CIPHER_KEY_BLOB, NULL, &made, blob, n, 0),
               ERROR_SUCCESS, "and back");
    NCryptFreeObject(made);
    free(blob);

    key = final_key(L"ECDH_P521", 3);
    BYTE hash[64] = {7};
    BYTE signature[132];
    tap(text_is(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, L"ECDH"), "a P-521 key of group ECDH");
    tap(NCryptSignHash(key, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0) ==
                ERROR_SUCCESS &&
            n == 132,
        "signs");
    tap_status(NCryptVerifySignature(key, NULL, hash, sizeof hash, signature, n, 0), ERROR_SUCCESS,
               "and verifies ECDSA");
    NCryptFreeObject(key);
}

static void use(void)
{
    row_begin("NCryptEncrypt, NCryptDecrypt, NCryptSignHash, NCryptVerifySignature");
    BYTE data[128] = {0};
    BYTE out[256];
    DWORD n = 0;
    NCRYPT_KEY_HANDLE key = new_key(L"RSA");
    tap_status(NCryptEncrypt(provider, data, 8, NULL, out, sizeof out, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_HANDLE, "provider handle");
    tap_status(NCryptEncrypt(key, data, 8, NULL, out, sizeof out, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_BAD_KEY_STATE, "not finalized");
    NCryptFinalizeKey(key, 0);
    tap_status(NCryptEncrypt(key, data, 8, NULL, out, sizeof out, &n, 51342), NTE_BAD_FLAGS,
               "undefined flags 51342");
    tap(NCryptEncrypt(key, data, 8, NULL, NULL, 0, &n, NCRYPT_NO_PADDING_FLAG) == ERROR_SUCCESS &&
            n == 128,
        "NO_PADDING short input: query succeeds (128)");
    tap_status(NCryptEncrypt(key, data, 8, NULL, out, sizeof out, &n, NCRYPT_NO_PADDING_FLAG),
               NTE_INVALID_PARAMETER, "real call");
    n = 0;
    tap(NCryptEncrypt(key, data, 8, NULL, out, 2, &n, NCRYPT_PAD_PKCS1_FLAG) ==
                NTE_BUFFER_TOO_SMALL &&
            n == 128,
        "short output with the size");
    BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA1_ALGORITHM, NULL, 0};
    tap_status(NCryptEncrypt(key, data, 8, &oaep, out, sizeof out, &n, NCRYPT_PAD_OAEP_FLAG),
               ERROR_SUCCESS, "OAEP");
    out[5] ^= 1;
    tap_status(NCryptDecrypt(key, out, n, &oaep, data, sizeof data, &n, NCRYPT_PAD_OAEP_FLAG),
               NTE_INVALID_PARAMETER, "decrypt with damaged OAEP padding");

    BYTE hash[32] = {1};
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    tap(NCryptSignHash(key, NULL, hash, 32, NULL, 0, &n, 0) == ERROR_SUCCESS && n == 128,
        "how long an RSA signature is, without a padding (xmlsec1 asks so)");
    tap_status(NCryptSignHash(key, NULL, hash, 32, out, sizeof out, &n, 0), NTE_INVALID_PARAMETER,
               "nothing is signed without one");
    NCryptSignHash(key, &pkcs1, hash, 32, out, sizeof out, &n, NCRYPT_PAD_PKCS1_FLAG);
    tap_status(NCryptVerifySignature(key, &pkcs1, hash, 32, out, n, NCRYPT_PAD_PKCS1_FLAG),
               ERROR_SUCCESS, "verify");
    tap_status(NCryptVerifySignature(key, &pkcs1, hash, 32, out, 4, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "4-byte signature");
    tap_status(NCryptVerifySignature(key, &pkcs1, hash, 4, out, n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "hash of another length than the named hash");
    tap_status(NCryptVerifySignature(key, NULL, hash, 32, out, n, 0), NTE_INVALID_PARAMETER,
               "flags 0 with NULL padding on RSA");
    tap_status(NCryptVerifySignature(0, &pkcs1, hash, 32, out, n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_HANDLE, "handle 0");
    tap_status(NCryptVerifySignature(key, &pkcs1, NULL, 0, out, n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "NULL hash");
    tap_status(NCryptVerifySignature(key, &pkcs1, hash, 32, NULL, 0, NCRYPT_PAD_PKCS1_FLAG),
               NTE_INVALID_PARAMETER, "NULL signature");
    hash[0] ^= 1;
    tap_status(NCryptVerifySignature(key, &pkcs1, hash, 32, out, n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_BAD_SIGNATURE, "bad signature");
    NCryptFreeObject(key);

    key = new_key(L"RSA");
    set_dword(key, NCRYPT_KEY_USAGE_PROPERTY, NCRYPT_ALLOW_SIGNING_FLAG, 0);
    NCryptFinalizeKey(key, 0);
    NCryptEncrypt(key, hash, 32, NULL, out, sizeof out, &n, NCRYPT_PAD_PKCS1_FLAG);
    tap_status(NCryptDecrypt(key, out, n, NULL, data, sizeof data, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_PERM, "decrypt with a signature-only key");
    NCryptFreeObject(key);
}

int main(void)
{
    store_begin();
    provider = provider_open();
    providers();
    algorithms();
    life();
    properties();
    blobs();
    use();
    NCryptFreeObject(provider);
    return tap_done();
}
