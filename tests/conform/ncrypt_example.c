/* The example of a key store (examples/provider-keystore), as a program meets it that knows only its name. */
#include "conform_ncrypt.h"

static BYTE hash[32] = {3, 1, 4, 1, 5};

static NCRYPT_PROV_HANDLE open_example(void)
{
    NCRYPT_PROV_HANDLE p = 0;
    row_begin("the provider");
    tap_status(NCryptOpenStorageProvider(&p, L"Example Key Store", 0), ERROR_SUCCESS, "opens");
    tap(get_dword(p, NCRYPT_IMPL_TYPE_PROPERTY) == NCRYPT_IMPL_SOFTWARE_FLAG, "is software");
    tap(text_is(p, NCRYPT_NAME_PROPERTY, L"Example Key Store"), "knows its name");
    tap_status(NCryptIsAlgSupported(p, L"ecdsa_p256", 0), ERROR_SUCCESS, "has ECDSA_P256");
    tap_status(NCryptIsAlgSupported(p, L"ECDH_P256", 0), NTE_NOT_SUPPORTED, "and no ECDH");
    NCryptAlgorithmName *algs = NULL;
    DWORD n = 0;
    tap(NCryptEnumAlgorithms(p, NCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION, &n, &algs, 0) ==
                ERROR_SUCCESS &&
            n == 1 && text_equal(algs[0].pszName, L"RSA"),
        "of those that encrypt it has RSA");
    NCryptFreeBuffer(algs);
    return p;
}

static NCRYPT_KEY_HANDLE make(NCRYPT_PROV_HANDLE p, LPCWSTR alg, LPCWSTR name, DWORD flags)
{
    NCRYPT_KEY_HANDLE key = 0;
    tap_status(NCryptCreatePersistedKey(p, &key, alg, name, 0, flags), ERROR_SUCCESS, "a key");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "is made");
    return key;
}

/* The names that the store tells, each followed by a semicolon. */
static void names(NCRYPT_PROV_HANDLE p, WCHAR *text)
{
    NCryptKeyName *name = NULL;
    PVOID state = NULL;
    while (NCryptEnumKeys(p, NULL, &name, &state, 0) == ERROR_SUCCESS) {
        for (LPCWSTR at = name->pszName; *at != 0;)
            *text++ = *at++;
        *text++ = L';';
        NCryptFreeBuffer(name);
    }
    *text = 0;
    NCryptFreeBuffer(state);
}

static void named(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_KEY_HANDLE again = 0;
    NCRYPT_KEY_HANDLE other = 0;
    BYTE signature[64];
    WCHAR text[64];
    DWORD n = 0;
    row_begin("a key with a name");
    NCRYPT_KEY_HANDLE key = make(p, L"ECDSA_P256", L"Zwölf", 0);
    tap_status(NCryptFinalizeKey(key, 0), NTE_BAD_KEY_STATE, "once");
    tap(text_is(key, NCRYPT_NAME_PROPERTY, L"Zwölf") &&
            text_is(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, L"ECDSA") &&
            get_dword(key, NCRYPT_LENGTH_PROPERTY) == 256,
        "has properties");
    tap_status(NCryptSignHash(key, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0),
               ERROR_SUCCESS, "signs");
    tap_status(NCryptOpenKey(p, &again, L"ZWölf", 0, 0), ERROR_SUCCESS, "is opened again");
    tap_status(NCryptVerifySignature(again, NULL, hash, sizeof hash, signature, n, 0),
               ERROR_SUCCESS, "and verifies");
    signature[5] ^= 1;
    tap_status(NCryptVerifySignature(again, NULL, hash, sizeof hash, signature, n, 0),
               NTE_BAD_SIGNATURE, "what is not changed");
    tap_status(NCryptCreatePersistedKey(p, &other, L"RSA", L"zwölf", 0, 0), ERROR_SUCCESS,
               "another of the name");
    tap_status(NCryptFinalizeKey(other, 0), NTE_EXISTS, "is refused");
    tap_status(NCryptFreeObject(other), ERROR_SUCCESS, "and goes");
    other = make(p, L"ECDSA_P384", L"zwölf", NCRYPT_OVERWRITE_KEY_FLAG);
    names(p, text);
    tap(text_equal(text, L"zwölf;"), "unless it may overwrite");
    tap_status(NCryptSignHash(again, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0),
               ERROR_SUCCESS, "what is open stays good");
    tap(NCryptDeleteKey(key, 0) == ERROR_SUCCESS && NCryptFreeObject(again) == ERROR_SUCCESS,
        "deleting it");
    names(p, text);
    tap(text_equal(text, L"zwölf;"), "leaves the other one");
    tap_status(NCryptDeleteKey(other, 0), ERROR_SUCCESS, "which is deleted");
    tap_status(NCryptOpenKey(p, &again, L"zwölf", 0, 0), NTE_BAD_KEYSET, "too");
}

static void nameless(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE public = 0;
    BYTE sealed[384];
    BYTE opened[384];
    DWORD n = 0;
    DWORD m = 0;
    BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA256_ALGORITHM, (PUCHAR) "label", 5};
    BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA256_ALGORITHM, 32};
    row_begin("a key without a name");
    tap_status(NCryptCreatePersistedKey(p, &key, L"RSA", NULL, 0, 0), ERROR_SUCCESS, "a key");
    tap_status(NCryptSignHash(key, &pss, hash, 32, NULL, 0, &n, NCRYPT_PAD_PSS_FLAG),
               NTE_BAD_KEY_STATE, "does nothing yet");
    tap_status(set_dword(key, NCRYPT_LENGTH_PROPERTY, 1024, 0), NTE_INVALID_PARAMETER,
               "1024 bits are too few");
    tap_status(set_dword(key, NCRYPT_LENGTH_PROPERTY, 3072, 0), ERROR_SUCCESS, "3072 are not");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "it is made");
    tap(get_dword(key, NCRYPT_LENGTH_PROPERTY) == 3072, "and has them");
    tap_status(NCryptExportKey(key, 0, BCRYPT_RSAPRIVATE_BLOB, NULL, NULL, 0, &n, 0),
               NTE_NOT_SUPPORTED, "its private part stays");
    BYTE *blob = export_blob(key, BCRYPT_RSAPUBLIC_BLOB, NULL, &n);
    tap(blob != NULL && NCryptImportKey(p, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, &public, blob, n, 0) ==
                            ERROR_SUCCESS,
        "its public part does not");
    free(blob);
    tap(NCryptEncrypt(public, hash, 32, &oaep, sealed, sizeof sealed, &n, NCRYPT_PAD_OAEP_FLAG) ==
                ERROR_SUCCESS &&
            NCryptDecrypt(key, sealed, n, &oaep, opened, sizeof opened, &m, NCRYPT_PAD_OAEP_FLAG) ==
                ERROR_SUCCESS &&
            m == 32 && memcmp(opened, hash, 32) == 0,
        "what one encrypts, the other decrypts");
    tap(NCryptSignHash(key, &pss, hash, 32, sealed, sizeof sealed, &n, NCRYPT_PAD_PSS_FLAG) ==
                ERROR_SUCCESS &&
            NCryptVerifySignature(public, &pss, hash, 32, sealed, n, NCRYPT_PAD_PSS_FLAG) ==
                ERROR_SUCCESS,
        "what one signs, the other verifies");
    tap(NCryptFreeObject(public) == ERROR_SUCCESS && NCryptFreeObject(key) == ERROR_SUCCESS,
        "freed");
}

int main(void)
{
    store_begin();
    register_key_store("Example Key Store", getenv("OPENCNG_EXAMPLE"));
    NCRYPT_PROV_HANDLE p = open_example();
    named(p);
    nameless(p);
    NCryptFreeObject(p);
    return tap_done();
}
