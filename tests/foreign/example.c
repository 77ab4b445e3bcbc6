/*
 * The example of docs/writing-a-provider.md at work: what programs see of a hash and of a signature algorithm that bcrypt.h has no names for.
 * foreign_run.py registers the provider.
 */
#include "../conform/conform_sym.h"

#define SHA512_256 L"SHA512/256"
#define ED25519 L"Ed25519"
#define PUBLIC_BLOB L"ED25519PUBLICBLOB"
#define PRIVATE_BLOB L"ED25519PRIVATEBLOB"

/* FIPS 180-4's example values. */
#define ABC "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"
#define NOTHING "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"

static void check_hash(void)
{
    ROW("SHA512/256");
    UCHAR digest[32], again[32];
    BCRYPT_ALG_HANDLE alg = open_alg(SHA512_256);
    tap(alg != NULL, "opens without naming a provider");
    tap(BCryptHash(alg, NULL, 0, (PUCHAR) "abc", 3, digest, sizeof digest) == STATUS_SUCCESS &&
            is_hex(digest, sizeof digest, ABC),
        "BCryptHash of abc");
    tap(get_u32(alg, BCRYPT_HASH_LENGTH) == 32 && get_u32(alg, BCRYPT_HASH_BLOCK_LENGTH) == 128 &&
            get_u32(alg, BCRYPT_OBJECT_LENGTH) == 0,
        "its lengths");
    tap(get_u32(alg, BCRYPT_PRIMITIVE_TYPE) == BCRYPT_HASH_INTERFACE, "its interface");
    ULONG n = 0;
    tap(BCryptGetProperty(alg, BCRYPT_ALGORITHM_NAME, room, sizeof room, &n, 0) == STATUS_SUCCESS &&
            n == 11 * sizeof(WCHAR) && text_equal((WCHAR *)(void *)room, SHA512_256),
        "its name");

    BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
    tap_status(BCryptCreateHash(alg, &hash, NULL, 0, NULL, 0, BCRYPT_HASH_REUSABLE_FLAG),
               STATUS_SUCCESS, "a hash that is reusable");
    BCryptHashData(hash, (PUCHAR) "a", 1, 0);
    BCryptDuplicateHash(hash, &copy, NULL, 0, 0);
    BCryptHashData(hash, (PUCHAR) "bc", 2, 0);
    BCryptHashData(copy, (PUCHAR) "bc", 2, 0);
    tap(BCryptFinishHash(hash, digest, sizeof digest, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(copy, again, sizeof again, 0) == STATUS_SUCCESS &&
            is_hex(digest, sizeof digest, ABC) && is_hex(again, sizeof again, ABC),
        "and its copy");
    tap(BCryptFinishHash(hash, digest, sizeof digest, 0) == STATUS_SUCCESS &&
            is_hex(digest, sizeof digest, NOTHING),
        "starts anew");
    tap_status(BCryptFinishHash(hash, digest, 31, 0), STATUS_INVALID_PARAMETER, "a wrong length");
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_SUCCESS, "the algorithm is closed");
    tap(BCryptHashData(hash, (PUCHAR) "abc", 3, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(hash, digest, sizeof digest, 0) == STATUS_SUCCESS &&
            is_hex(digest, sizeof digest, ABC),
        "and the hash goes on");
    BCryptDestroyHash(hash);
    BCryptDestroyHash(copy);
    tap_status(BCryptOpenAlgorithmProvider(&alg, SHA512_256, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG),
               STATUS_NOT_SUPPORTED, "no HMAC of it");
}

/* RFC 8032, section 7.1, TEST 2. */
#define SEED "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
#define POINT "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
#define SIGNATURE                                                                                  \
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"                             \
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"

static void check_signature(void)
{
    ROW("Ed25519");
    UCHAR message[] = {0x72}, seed[32], signature[64], blob[64];
    unhex(seed, SEED);
    BCRYPT_ALG_HANDLE alg = NULL;
    tap_status(BCryptOpenAlgorithmProvider(&alg, ED25519, L"Example Primitives", 0), STATUS_SUCCESS,
               "opens by the provider's name");
    BCRYPT_KEY_HANDLE key = NULL, half = NULL;
    tap_status(import_from(alg, PRIVATE_BLOB, seed, sizeof seed, 0, &key), STATUS_SUCCESS,
               "a private key");
    tap(export_to(key, PUBLIC_BLOB, blob, sizeof blob) == 32 && is_hex(blob, 32, POINT),
        "its public half");
    tap_status(import_from(alg, PUBLIC_BLOB, blob, 32, 0, &half), STATUS_SUCCESS, "imported, too");
    tap(BCryptSignHash(key, NULL, message, 1, NULL, 0, &got, 0) == STATUS_SUCCESS && got == 64,
        "a signature's size");
    tap(BCryptSignHash(key, NULL, message, 1, signature, 64, &got, 0) == STATUS_SUCCESS &&
            got == 64 && is_hex(signature, 64, SIGNATURE),
        "a known signature");
    tap_status(BCryptVerifySignature(half, NULL, message, 1, signature, 64, 0), STATUS_SUCCESS,
               "verifies");
    signature[5] ^= 1;
    tap_status(BCryptVerifySignature(half, NULL, message, 1, signature, 64, 0),
               STATUS_INVALID_SIGNATURE, "a changed one does not");
    tap_status(BCryptSignHash(half, NULL, message, 1, signature, 64, &got, 0),
               STATUS_INVALID_PARAMETER, "a public key does not sign");
    BCryptDestroyKey(key);

    key = make_key(alg, 0);
    tap(get_u32(key, BCRYPT_SIGNATURE_LENGTH) == 64, "a fresh key");
    tap(BCryptSignHash(key, NULL, message, 1, signature, 64, &got, 0) == STATUS_SUCCESS &&
            BCryptVerifySignature(key, NULL, message, 1, signature, 64, 0) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, NULL, message, 1, signature, 64, 0) ==
                STATUS_INVALID_SIGNATURE,
        "signs, for itself alone");
    BCRYPT_ALG_HANDLE owner = NULL;
    tap(BCryptGetProperty(key, BCRYPT_PROVIDER_HANDLE, (PUCHAR)&owner, sizeof owner, &got, 0) ==
                STATUS_SUCCESS &&
            owner == alg,
        "and knows its algorithm");
    BCryptDestroyKey(key);
    BCryptDestroyKey(half);
    BCryptCloseAlgorithmProvider(alg, 0);
    tap_status(BCryptOpenAlgorithmProvider(&alg, ED25519, L"example", 0), STATUS_SUCCESS,
               "opens by the provider's alias");
    BCryptCloseAlgorithmProvider(alg, 0);
}

static ULONG times_listed(LPCWSTR name, ULONG operations, ULONG interface_id)
{
    BCRYPT_ALGORITHM_IDENTIFIER *list = NULL;
    ULONG count = 0, found = 0;
    BCryptEnumAlgorithms(operations, &count, &list, 0);
    for (ULONG i = 0; i < count; i++)
        found += text_equal(list[i].pszName, name) && list[i].dwClass == interface_id;
    BCryptFreeBuffer(list);
    return found;
}

static void check_lists(void)
{
    ROW("lists");
    tap(times_listed(SHA512_256, 0, BCRYPT_HASH_INTERFACE) == 1, "the hash is listed once");
    tap(times_listed(SHA512_256, BCRYPT_SIGNATURE_OPERATION, BCRYPT_HASH_INTERFACE) == 0,
        "among hashes alone");
    tap(times_listed(ED25519, BCRYPT_SIGNATURE_OPERATION, BCRYPT_SIGNATURE_INTERFACE) == 1,
        "the signature algorithm among signature algorithms");
    BCRYPT_PROVIDER_NAME *names = NULL;
    ULONG count = 0;
    tap(BCryptEnumProviders(SHA512_256, &count, &names, 0) == STATUS_SUCCESS && count == 1 &&
            text_equal(names[0].pszProviderName, L"Example Primitives"),
        "and by provider");
    BCryptFreeBuffer(names);
}

int main(void)
{
    check_hash();
    check_signature();
    check_lists();
    return tap_done();
}
