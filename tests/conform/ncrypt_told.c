/*
 * What programs tell keys, before they are final and after: the mode and IV of ciphers, values that persist and values that
 * do not, and what the provider keeps apart from what programs keep under the same names.
 */
#include "conform_ncrypt.h"

static NCRYPT_PROV_HANDLE provider;

static NCRYPT_KEY_HANDLE begin(LPCWSTR alg, LPCWSTR name)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, alg, name, 0, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

static NCRYPT_KEY_HANDLE open_again(LPCWSTR name)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptOpenKey(provider, &key, name, 0, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

static bool text_was(NCRYPT_KEY_HANDLE key, LPCWSTR name, LPCWSTR value, DWORD flags)
{
    WCHAR text[100];
    DWORD n = 0;
    return NCryptGetProperty(key, name, (PBYTE)text, sizeof text, &n, flags) == ERROR_SUCCESS &&
           n == text_bytes(value) && text_equal(text, value);
}

/* ---- ciphers -------------------------------------------------------------------------------- */

static BYTE plain[32] = "thirty-two bytes of plain text.";
static BYTE iv[16] = {1, 2, 3};

/* What comes of the plain text with the IV in the call, or with the one that the key was told. */
static bool encrypts(NCRYPT_KEY_HANDLE key, const BYTE *with, DWORD n, BYTE out[32])
{
    BYTE copy[16];
    NCRYPT_CIPHER_PADDING_INFO info = {.cbSize = sizeof info};
    DWORD got = 0;
    if (with != NULL)
        memcpy(copy, with, n);
    info.pbIV = with == NULL ? NULL : copy;
    info.cbIV = with == NULL ? 0 : n;
    return NCryptEncrypt(key, plain, 32, &info, out, 32, &got, NCRYPT_PAD_CIPHER_FLAG) ==
               ERROR_SUCCESS &&
           got == 32;
}

static const struct {
    const char *label;
    LPCWSTR alg;
    DWORD block;
} ciphers[] = {
    {"AES", L"AES", 16},
    {"3DES", L"3DES", 8},
    {"RC2", L"RC2", 8},
};

static void cipher(LPCWSTR alg, DWORD block)
{
    BYTE by_call[32], by_key[32], ecb[32];
    NCRYPT_KEY_HANDLE key = begin(alg, L"cipher");
    tap(get_dword(key, NCRYPT_BLOCK_LENGTH_PROPERTY) == block, "a building key has a block");
    tap(text_is(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_CBC), "and a mode");
    tap_status(set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, L"ChainingModeXYZ", 0),
               NTE_NOT_SUPPORTED, "a mode that is none");
    tap_status(set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB, 0),
               ERROR_SUCCESS, "takes another mode");
    tap(text_is(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB), "which it tells");
    tap_status(get_status(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, 0), NTE_NOT_SUPPORTED,
               "it has no curve");
    tap_status(get_status(key, NCRYPT_SIGNATURE_LENGTH_PROPERTY, 0), NTE_NOT_SUPPORTED,
               "and no signature");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "is made final");
    tap(text_is(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB), "has that mode still");
    tap(encrypts(key, NULL, 0, ecb), "and encrypts in it");
    NCryptFreeObject(key);

    key = open_again(L"cipher");
    tap(text_is(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_CBC),
        "opened again it has the first mode");
    set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB, 0);
    tap(encrypts(key, NULL, 0, by_key) && memcmp(by_key, ecb, 32) == 0,
        "a mode that is set before the first use counts");
    set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_CBC, 0);
    tap(encrypts(key, iv, block, by_call) && memcmp(by_call, ecb, 32) != 0,
        "and one that is set after it");
    tap_status(NCryptSetProperty(key, NCRYPT_INITIALIZATION_VECTOR, iv, block, 0), ERROR_SUCCESS,
               "an IV");
    tap(encrypts(key, NULL, 0, by_key) && memcmp(by_key, by_call, 32) == 0, "is used");
    NCryptFreeObject(key);

    key = open_again(L"cipher");
    tap_status(NCryptSetProperty(key, NCRYPT_INITIALIZATION_VECTOR, iv, block - 1, 0),
               NTE_INVALID_PARAMETER, "an IV that is too short, before the first use");
    NCryptSetProperty(key, NCRYPT_INITIALIZATION_VECTOR, iv, block, 0);
    tap(encrypts(key, NULL, 0, by_key) && memcmp(by_key, by_call, 32) == 0,
        "an IV that is set before the first use counts");
    tap_status(
        set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB, NCRYPT_PERSIST_FLAG),
        ERROR_SUCCESS, "a mode that is to persist");
    NCryptFreeObject(key);
    key = open_again(L"cipher");
    tap(text_is(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB), "does");
    tap(encrypts(key, NULL, 0, by_key) && memcmp(by_key, ecb, 32) == 0, "and is used");
    NCryptDeleteKey(key, 0);
}

/* A key that wants its user asked answers what needs no secret. */
static void cipher_with_policy(void)
{
    NCRYPT_UI_POLICY policy = {1, NCRYPT_UI_PROTECT_KEY_FLAG, NULL, NULL, NULL};
    BYTE out[32];
    row_begin("a cipher's key that asks its user");
    NCRYPT_KEY_HANDLE key = begin(L"AES", L"asks");
    NCryptSetProperty(key, NCRYPT_UI_POLICY_PROPERTY, (PBYTE)&policy, sizeof policy, 0);
    NCryptFinalizeKey(key, 0);
    NCryptFreeObject(key);
    key = open_again(L"asks");
    tap(get_dword(key, NCRYPT_BLOCK_LENGTH_PROPERTY) == 16 &&
            text_is(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_CBC),
        "has a block and a mode");
    tap_status(set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_ECB, 0),
               ERROR_SUCCESS, "which can be set");
    tap_status(get_status(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, 0), NTE_NOT_SUPPORTED,
               "but no curve");
    DWORD n = 0;
    tap_status(NCryptEncrypt(key, plain, 32, NULL, out, 32, &n, 0), NTE_SILENT_CONTEXT,
               "does not encrypt unasked");
    set_text(key, NCRYPT_PIN_PROPERTY, L"yes", 0);
    tap(encrypts(key, NULL, 0, out), "and does in that mode when it was");
    NCryptDeleteKey(key, 0);
}

/* ---- what persists -------------------------------------------------------------------------- */

static void names_of_both(LPCWSTR name)
{
    static BYTE mine[3] = {1, 2, 3};
    NCRYPT_KEY_HANDLE key = begin(L"ECDSA_P256", L"both");
    NCryptFinalizeKey(key, 0);
    tap_status(get_status(key, name, 0), NTE_NOT_FOUND, "is not there");
    tap_status(NCryptSetProperty(key, name, mine, sizeof mine, NCRYPT_PERSIST_ONLY_FLAG),
               ERROR_SUCCESS, "a program's own");
    tap_status(get_status(key, name, 0), NTE_NOT_FOUND, "is not the provider's");
    tap_status(set_text(key, name, L"built-in", NCRYPT_PERSIST_FLAG), ERROR_SUCCESS,
               "the provider's");
    NCryptFreeObject(key);
    key = open_again(L"both");
    tap(text_was(key, name, L"built-in", 0), "persists");
    BYTE back[100];
    DWORD n = 0;
    tap(NCryptGetProperty(key, name, back, sizeof back, &n, NCRYPT_PERSIST_ONLY_FLAG) ==
                ERROR_SUCCESS &&
            n == sizeof mine && memcmp(back, mine, n) == 0,
        "beside the program's");
    tap_status(set_text(key, name, L"for now", 0), ERROR_SUCCESS, "one that is not to persist");
    tap(text_was(key, name, L"for now", 0), "is told");
    NCryptFreeObject(key);
    key = open_again(L"both");
    tap(text_was(key, name, L"built-in", 0), "as long as the handle lives");
    NCryptDeleteKey(key, 0);

    key = begin(L"ECDSA_P256", L"both");
    set_text(key, name, L"for now", 0);
    NCryptFinalizeKey(key, 0);
    tap(text_was(key, name, L"for now", 0), "one that a building key was told");
    NCryptFreeObject(key);
    key = open_again(L"both");
    tap_status(get_status(key, name, 0), NTE_NOT_FOUND, "does not persist either");
    NCryptDeleteKey(key, 0);
}

static ULONGLONG modified(NCRYPT_KEY_HANDLE key)
{
    ULONGLONG time = 0;
    DWORD n = 0;
    NCryptGetProperty(key, NCRYPT_LAST_MODIFIED_PROPERTY, (PBYTE)&time, sizeof time, &n, 0);
    return time;
}

static void last_modified(void)
{
    row_begin("the time of the last change");
    NCRYPT_KEY_HANDLE key = begin(L"ECDSA_P256", L"modified");
    tap_status(get_status(key, NCRYPT_LAST_MODIFIED_PROPERTY, 0), NTE_NOT_FOUND,
               "a building key has none");
    NCryptFinalizeKey(key, 0);
    ULONGLONG first = modified(key);
    NCryptSetProperty(key, L"mine", plain, 1, NCRYPT_PERSIST_ONLY_FLAG);
    ULONGLONG second = modified(key);
    tap(first != 0 && second > first, "moves on with a change by this handle");
    NCRYPT_KEY_HANDLE again = open_again(L"modified");
    tap(modified(again) == second, "and is the stored key's");
    NCryptFreeObject(again);
    NCryptDeleteKey(key, 0);
}

/* ---- keys that are not made yet ------------------------------------------------------------- */

static const struct {
    const char *label;
    LPCWSTR alg, property;
    SECURITY_STATUS want;
} unset[] = {
    {"a curve's name before there is one", L"ECDSA", NCRYPT_ECC_CURVE_NAME_PROPERTY, NTE_NOT_FOUND},
    {"its parameters", L"ECDSA", NCRYPT_ECC_PARAMETERS_PROPERTY, NTE_NOT_FOUND},
    {"a signature's length", L"ECDSA", NCRYPT_SIGNATURE_LENGTH_PROPERTY, NTE_NOT_FOUND},
    {"DHParameters before they are set", L"DH", NCRYPT_DH_PARAMETERS_PROPERTY, NTE_NOT_FOUND},
    {"a curve of PBKDF2", L"PBKDF2", NCRYPT_ECC_CURVE_NAME_PROPERTY, NTE_NOT_SUPPORTED},
    {"a block of PBKDF2", L"PBKDF2", NCRYPT_BLOCK_LENGTH_PROPERTY, NTE_NOT_SUPPORTED},
};

static void not_there_yet(void)
{
    row_begin("of keys that are not made yet");
    for (size_t i = 0; i < COUNT(unset); i++) {
        NCRYPT_KEY_HANDLE key = begin(unset[i].alg, NULL);
        tap_status(get_status(key, unset[i].property, 0), unset[i].want, unset[i].label);
        NCryptFreeObject(key);
    }
    static const LPCWSTR sized[] = {L"RSA", L"DSA", L"DH", L"AES", L"3DES", L"ECDSA_P256"};
    for (size_t i = 0; i < COUNT(sized); i++) {
        NCRYPT_KEY_HANDLE key = begin(sized[i], NULL);
        tap_status(set_dword(key, NCRYPT_LENGTH_PROPERTY, 0, 0), NTE_INVALID_PARAMETER,
                   "a length of no bits");
        tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "leaves the default");
        NCryptFreeObject(key);
    }
}

/* ---- public keys ---------------------------------------------------------------------------- */

static void signature_sizes(void)
{
    static const LPCWSTR algs[] = {L"RSA", L"ECDSA_P384", L"ECDH_P256", L"DSA"};
    BYTE hash[48] = {1}, out[1024];
    for (size_t i = 0; i < COUNT(algs); i++) {
        BCRYPT_PKCS1_PADDING_INFO sha256 = {BCRYPT_SHA256_ALGORITHM};
        bool rsa = i == 0;
        DWORD flags = rsa ? BCRYPT_PAD_PKCS1 : 0, hash_n = i == 3 ? 20 : 32, n = 0, m = 0,
              asked = 0;
        row_begin("the size of a signature, %zu", i);
        NCRYPT_KEY_HANDLE key = begin(algs[i], NULL), public = 0;
        NCryptFinalizeKey(key, 0);
        BYTE *blob =
            export_blob(key, rsa ? BCRYPT_RSAPUBLIC_BLOB : BCRYPT_PUBLIC_KEY_BLOB, NULL, &n);
        tap_status(NCryptImportKey(provider, 0,
                                   rsa      ? BCRYPT_RSAPUBLIC_BLOB
                                   : i == 3 ? BCRYPT_DSA_PUBLIC_BLOB
                                            : BCRYPT_ECCPUBLIC_BLOB,
                                   NULL, &public, blob, n, 0),
                   ERROR_SUCCESS, "a public key");
        tap_status(
            NCryptSignHash(key, rsa ? &sha256 : NULL, hash, hash_n, out, sizeof out, &m, flags),
            ERROR_SUCCESS, "the private key signs");
        tap_status(
            NCryptSignHash(public, rsa ? &sha256 : NULL, hash, hash_n, NULL, 0, &asked, flags),
            ERROR_SUCCESS, "the public one tells how long that is");
        tap(asked == m, "rightly");
        tap_status(
            NCryptSignHash(public, rsa ? &sha256 : NULL, hash, hash_n, out, sizeof out, &m, flags),
            NTE_NO_KEY, "and does not sign");
        free(blob);
        NCryptFreeObject(public);
        NCryptFreeObject(key);
    }
}

static void hkdf_without_extracting(void)
{
    static BYTE secret[32] = {7};
    row_begin("HKDF");
    NCRYPT_KEY_HANDLE key = begin(L"HKDF", NULL);
    tap(NCryptSetProperty(key, NCRYPT_KDF_SECRET_VALUE, secret, sizeof secret, 0) ==
                ERROR_SUCCESS &&
            NCryptFinalizeKey(key, 0) == ERROR_SUCCESS,
        "a secret");
    tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, BCRYPT_SHA256_ALGORITHM, 0), ERROR_SUCCESS,
               "a hash");
    tap_status(NCryptSetProperty(key, BCRYPT_HKDF_PRK_AND_FINALIZE, secret, 1, 0),
               NTE_INVALID_PARAMETER, "a pseudorandom key is not told a value");
    tap_status(NCryptSetProperty(key, BCRYPT_HKDF_PRK_AND_FINALIZE, secret, 0, 0), ERROR_SUCCESS,
               "but that it is one");
    NCryptFreeObject(key);
}

static void aliases(void)
{
    static const LPCWSTR names[] = {
        L"Microsoft Base Cryptographic Provider v1.0",
        L"Microsoft Base DSS and Diffie-Hellman Cryptographic Provider"};
    row_begin("names of CryptoAPI's providers");
    for (size_t i = 0; i < COUNT(names); i++) {
        NCRYPT_PROV_HANDLE p = 0;
        tap_status(NCryptOpenStorageProvider(&p, names[i], 0), ERROR_SUCCESS, "opens");
        NCryptFreeObject(p);
    }
}

int main(void)
{
    store_begin();
    provider = provider_open();
    for (size_t i = 0; i < COUNT(ciphers); i++) {
        row_begin("%s", ciphers[i].label);
        cipher(ciphers[i].alg, ciphers[i].block);
    }
    cipher_with_policy();
    row_begin("Use Context");
    names_of_both(NCRYPT_USE_CONTEXT_PROPERTY);
    row_begin("SmartCardKeyCertificate");
    names_of_both(NCRYPT_CERTIFICATE_PROPERTY);
    last_modified();
    not_there_yet();
    signature_sizes();
    hkdf_without_extracting();
    aliases();
    NCryptFreeObject(provider);
    return tap_done();
}
