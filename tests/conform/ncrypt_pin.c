/*
 * A store that only a passphrase opens: keys are found and their public parts used without it, private parts when the
 * PIN property says it, on the key or on its provider.
 */
#include "conform_ncrypt.h"

#include <opencng_store.h>

static BYTE hash[32] = {9};
static BYTE signature[64];
static DWORD size;

static SECURITY_STATUS sign(NCRYPT_KEY_HANDLE key, DWORD flags)
{
    return NCryptSignHash(key, NULL, hash, 32, signature, sizeof signature, &size, flags);
}

/* Each with a provider of its own: one that has opened the store keeps it open. */
static NCRYPT_KEY_HANDLE open_key(NCRYPT_PROV_HANDLE *provider)
{
    NCRYPT_KEY_HANDLE key = 0;
    *provider = provider_open();
    if (NCryptOpenKey(*provider, &key, L"guarded", 0, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

int main(void)
{
    store_begin();
    row_begin("a store with a passphrase");
    const CNG_STORE_SLOT_PARAMETERS slot = {
        .Name = "mine", .Type = "passphrase", .Passphrase = {"p\xC3\xA4ss", 5}, .ScryptLog2N = 10};
    tap_status(CngStoreAddSlot(CNG_STORE_USER, NULL, &slot), ERROR_SUCCESS, "is made");

    NCRYPT_PROV_HANDLE provider = provider_open();
    NCRYPT_KEY_HANDLE key = 0;
    tap_status(NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"guarded", 0, 0),
               ERROR_SUCCESS, "a key is begun");
    tap_status(NCryptFinalizeKey(key, 0), NTE_SILENT_CONTEXT, "which nobody can be asked for");
    tap_status(set_text(key, NCRYPT_PIN_PROPERTY, L"wrong", 0), ERROR_SUCCESS,
               "another passphrase");
    tap_status(NCryptFinalizeKey(key, 0), NTE_INCORRECT_PASSWORD, "is told from none");
    tap_status(set_text(key, NCRYPT_PIN_PROPERTY, L"p\xE4ss", 0), ERROR_SUCCESS, "the passphrase");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "stores the key");
    tap_status(get_status(key, NCRYPT_PIN_PROPERTY, 0), NTE_NOT_SUPPORTED, "and is not told");
    tap_status(sign(key, 0), ERROR_SUCCESS, "the key signs");
    NCryptFreeObject(key);
    NCryptFreeObject(provider);

    row_begin("a key of it");
    key = open_key(&provider);
    tap_status(NCryptVerifySignature(key, NULL, hash, 32, signature, size, 0), ERROR_SUCCESS,
               "verifies without the passphrase");
    tap_status(sign(key, 0), NTE_SILENT_CONTEXT, "does not sign without it");
    tap_status(sign(key, NCRYPT_SILENT_FLAG), NTE_SILENT_CONTEXT, "silently neither");
    set_text(key, NCRYPT_PIN_PROPERTY, L"wrong", 0);
    tap_status(sign(key, 0), NTE_INCORRECT_PASSWORD, "nor with another");
    set_text(key, NCRYPT_PIN_PROPERTY, L"p\xE4ss", 0);
    tap_status(sign(key, NCRYPT_SILENT_FLAG), ERROR_SUCCESS, "it signs with the passphrase");
    NCryptFreeObject(key);
    NCryptFreeObject(provider);

    row_begin("the passphrase on the provider");
    key = open_key(&provider);
    tap_status(set_text(provider, NCRYPT_PIN_PROPERTY, L"p\xE4ss", 0), ERROR_SUCCESS, "is set");
    tap_status(sign(key, 0), ERROR_SUCCESS, "and is good for its keys");
    tap_status(set_text(key, L"note", L"kept", NCRYPT_PERSIST_ONLY_FLAG), ERROR_SUCCESS,
               "and for changing them");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "the key is deleted");
    NCryptFreeObject(provider);
    return tap_done();
}
