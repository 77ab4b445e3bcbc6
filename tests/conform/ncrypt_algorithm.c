/*
 * Keys of an algorithm that bcrypt.h has from a registered provider alone (examples/provider-primitives): the software key store
 * makes, stores and opens them like its own, as Microsoft documents for "the identifier for another registered algorithm".
 */
#include "conform_ncrypt.h"

static BYTE message[] = "signed as it is";
static BYTE signature[64];

static void signs(NCRYPT_KEY_HANDLE key, const char *what)
{
    DWORD n = 0;
    memset(signature, 0, sizeof signature);
    tap_status(
        NCryptSignHash(key, NULL, message, sizeof message, signature, sizeof signature, &n, 0),
        ERROR_SUCCESS, what);
    tap_status(NCryptVerifySignature(key, NULL, message, sizeof message, signature, n, 0),
               ERROR_SUCCESS, "and verifies");
}

static bool lists(NCRYPT_PROV_HANDLE p, DWORD operations, LPCWSTR alg)
{
    NCryptAlgorithmName *list = NULL;
    DWORD n = 0;
    DWORD seen = 0;
    if (NCryptEnumAlgorithms(p, operations, &n, &list, 0) != ERROR_SUCCESS)
        return false;
    for (DWORD i = 0; i < n; i++)
        seen += text_equal(list[i].pszName, alg);
    NCryptFreeBuffer(list);
    return seen == 1;
}

static void unregistered(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_KEY_HANDLE key = 0;
    row_begin("an algorithm that is not registered");
    tap_status(NCryptIsAlgSupported(p, L"Ed25519", 0), NTE_NOT_SUPPORTED, "is not there");
    tap_status(NCryptCreatePersistedKey(p, &key, L"Ed25519", NULL, 0, 0), NTE_NOT_SUPPORTED,
               "nor has it keys");
    tap(!lists(p, 0, L"Ed25519"), "nor is it listed");
}

static void kinds(NCRYPT_PROV_HANDLE p)
{
    row_begin("a registered algorithm");
    tap_status(NCryptIsAlgSupported(p, L"ed25519", 0), ERROR_SUCCESS, "is there");
    tap(lists(p, 0, L"Ed25519") && lists(p, NCRYPT_SIGNATURE_OPERATION, L"Ed25519") &&
            !lists(p, NCRYPT_CIPHER_OPERATION, L"Ed25519"),
        "is listed as what it is");
    tap_status(NCryptIsAlgSupported(p, L"SHA512/256", 0), NTE_NOT_SUPPORTED, "a hash has no keys");
    tap_status(NCryptIsAlgSupported(p, L"RSA_SIGN", 0), NTE_NOT_SUPPORTED,
               "what the built-in provider has keeps its rows");
}

static void named(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE again = 0;
    DWORD n = 0;
    row_begin("a stored key");
    tap_status(NCryptCreatePersistedKey(p, &key, L"Ed25519", L"curve", 0, 0), ERROR_SUCCESS,
               "is created");
    tap_status(set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0),
               ERROR_SUCCESS, "may be exported");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "is made");
    signs(key, "signs");
    tap(text_is(key, NCRYPT_ALGORITHM_PROPERTY, L"Ed25519") &&
            text_is(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, L"Ed25519") &&
            get_dword(key, NCRYPT_LENGTH_PROPERTY) == 256 &&
            get_dword(key, L"SignatureLength") == 64,
        "has properties");
    tap_status(NCryptFreeObject(key), ERROR_SUCCESS, "is closed");
    tap_status(NCryptOpenKey(p, &again, L"curve", 0, 0), ERROR_SUCCESS, "is opened");
    tap_status(NCryptVerifySignature(again, NULL, message, sizeof message, signature, 64, 0),
               ERROR_SUCCESS, "is the same");
    signature[3] ^= 1;
    tap_status(NCryptVerifySignature(again, NULL, message, sizeof message, signature, 64, 0),
               NTE_BAD_SIGNATURE, "knows what it signed");
    signs(again, "signs again");
    BYTE *public = export_blob(again, BCRYPT_PUBLIC_KEY_BLOB, NULL, &n);
    tap(public != NULL && n == 32, "exports its public part");
    BYTE *private = export_blob(again, BCRYPT_PRIVATE_KEY_BLOB, NULL, &n);
    tap(private != NULL && n == 32, "and the private one");

    row_begin("a key from a blob");
    tap_status(NCryptImportKey(p, 0, BCRYPT_PRIVATE_KEY_BLOB, NULL, &key, private, 32, 0),
               NTE_INVALID_PARAMETER, "that does not say of what algorithm it is");
    tap_status(NCryptCreatePersistedKey(p, &key, L"Ed25519", L"twin", 0, 0), ERROR_SUCCESS,
               "is begun by name");
    tap_status(NCryptSetProperty(key, BCRYPT_PRIVATE_KEY_BLOB, private, 32, 0), ERROR_SUCCESS,
               "given its blob");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "made");
    tap_status(NCryptVerifySignature(key, NULL, message, sizeof message, signature, 64, 0),
               ERROR_SUCCESS, "and is the other one's twin");
    free(public);
    free(private);
    tap(NCryptDeleteKey(key, 0) == ERROR_SUCCESS && NCryptDeleteKey(again, 0) == ERROR_SUCCESS,
        "deleted");
}

int main(void)
{
    store_begin();
    NCRYPT_PROV_HANDLE p = provider_open();
    unregistered(p);
    register_image(
        "Example Primitives", getenv("OPENCNG_PRIMITIVES"),
        "interface signature\n  function Ed25519\ninterface hash\n  function SHA512/256\n");
    kinds(p);
    named(p);
    NCryptFreeObject(p);
    return tap_done();
}
