/*
 * What real programs rely on, one function for each numbered behaviour that was collected from them; the numbers
 * are in the rows' names. clients.c walks the same ground in breadth, with the odd orders and sizes of single
 * programs; this list is the one to read when a program misbehaves.
 */
#include "conform_sym.h"

#include <ncrypt.h>

#include <unistd.h>

#define BEHAVIOUR(number, what)                                                                    \
    row_begin("client-behaviour 3." number ": %s (%d-bit WCHAR)", what, (int)sizeof(WCHAR) * 8)

static UCHAR secret[64], data[256];

static void chaining_mode(void)
{
    BEHAVIOUR("1", "cbInput of ChainingMode is arbitrary");
    static const struct {
        const char *label;
        ULONG n;
    } sizes[] = {
        {"bytes with the NUL", (ULONG)sizeof BCRYPT_CHAIN_MODE_ECB},
        {"bytes without it", (ULONG)(sizeof BCRYPT_CHAIN_MODE_ECB - sizeof(WCHAR))},
        {"characters", (ULONG)(sizeof BCRYPT_CHAIN_MODE_ECB / sizeof(WCHAR))},
        {"the size of a pointer", 8},
    };
    for (size_t i = 0; i < COUNT(sizes); i++) {
        UCHAR out[32], zero[32] = {0};
        BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM);
        NTSTATUS status = BCryptSetProperty(alg, BCRYPT_CHAINING_MODE,
                                            (PUCHAR)BCRYPT_CHAIN_MODE_ECB, sizes[i].n, 0);
        BCRYPT_KEY_HANDLE key = sym_key(alg, secret, 16);
        tap(status == STATUS_SUCCESS && crypt_all(ENCRYPT, key, zero, 32, NULL, 0, out) &&
                memcmp(out, out + 16, 16) == 0,
            sizes[i].label);
        BCryptDestroyKey(key);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

static void object_length(void)
{
    BEHAVIOUR("2", "ObjectLength before and after the mode is set");
    static const LPCWSTR modes[] = {BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_GCM,
                                    BCRYPT_CHAIN_MODE_CCM, BCRYPT_CHAIN_MODE_ECB,
                                    BCRYPT_CHAIN_MODE_CFB};
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM);
    ULONG before = get_u32(alg, BCRYPT_OBJECT_LENGTH);
    bool fits = before > 0 && before <= 768;
    for (size_t i = 0; i < COUNT(modes); i++) {
        set_text(alg, BCRYPT_CHAINING_MODE, modes[i]);
        struct guarded object = guarded_new(before);
        BCRYPT_KEY_HANDLE key = NULL;
        fits = fits && get_u32(alg, BCRYPT_OBJECT_LENGTH) <= 768 &&
               BCryptGenerateSymmetricKey(alg, &key, object.p, object.n, secret, 32, 0) ==
                   STATUS_SUCCESS &&
               set_text(key, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_ECB) == STATUS_SUCCESS &&
               crypt_all(ENCRYPT, key, data, 32, NULL, 0, room) &&
               BCryptDestroyKey(key) == STATUS_SUCCESS && guarded_intact(&object);
        guarded_free(&object);
    }
    BCryptCloseAlgorithmProvider(alg, 0);
    tap(fits, "one size for every mode, at most 768, and nothing is written behind it");
    alg = open_alg(BCRYPT_XTS_AES_ALGORITHM);
    tap(get_u32(alg, BCRYPT_OBJECT_LENGTH) <= 2048, "XTS: at most 2048");
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void null_objects(void)
{
    BEHAVIOUR("3", "NULL and 0 for objects");
    BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, NULL, secret, 16), twin = NULL;
    tap(key != NULL && BCryptDuplicateKey(key, &twin, NULL, 0, 0) == STATUS_SUCCESS, "keys");
    tap(BCryptCreateHash(BCRYPT_SHA256_ALG_HANDLE, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(copy, room, 32, 0) == STATUS_SUCCESS,
        "hashes and their copies");
    BCryptDestroyHash(h);
    BCryptDestroyHash(copy);
    BCryptDestroyKey(key);
    BCryptDestroyKey(twin);
}

static void closed_early(void)
{
    BEHAVIOUR("4", "the algorithm is closed while its objects are used");
    BCRYPT_ALG_HANDLE sha = open_alg(BCRYPT_SHA256_ALGORITHM), aes = open_alg(BCRYPT_AES_ALGORITHM);
    BCRYPT_ALG_HANDLE rsa = open_alg(BCRYPT_RSA_ALGORITHM);
    BCRYPT_HASH_HANDLE h = NULL;
    BCryptCreateHash(sha, &h, NULL, 0, NULL, 0, 0);
    BCRYPT_KEY_HANDLE key = sym_key(aes, secret, 16), pair = make_key(rsa, 1024);
    UCHAR iv[16] = {0};
    BCryptCloseAlgorithmProvider(sha, 0);
    BCryptCloseAlgorithmProvider(aes, 0);
    BCryptCloseAlgorithmProvider(rsa, 0);
    tap(BCryptHashData(h, data, 5, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, room, 32, 0) == STATUS_SUCCESS &&
            BCryptDestroyHash(h) == STATUS_SUCCESS,
        "hash");
    tap(crypt_all(ENCRYPT, key, data, 32, iv, 16, room) && BCryptDestroyKey(key) == STATUS_SUCCESS,
        "key");
    tap(export_to(pair, BCRYPT_RSAPUBLIC_BLOB, room, sizeof room) > 0 &&
            BCryptDestroyKey(pair) == STATUS_SUCCESS,
        "key pair");
}

static void wrong_handles(void)
{
    BEHAVIOUR("5", "wrong handles fail and do not crash");
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM);
    tap_fails(BCryptCloseAlgorithmProvider(&alg, 0), "the address of the variable");
    tap_fails(BCryptDestroyKey(&alg), "as a key");
    tap_fails(BCryptDestroyHash(&alg), "as a hash");
    tap_fails(BCryptDestroySecret(&alg), "as a secret");
    tap_fails(BCryptDestroyKey(alg), "an algorithm as a key");
    tap(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS, "and the right one closes");
}

static void size_queries(void)
{
    BEHAVIOUR("6", "a size query before every call");
    BCRYPT_KEY_HANDLE aes = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, secret, 16);
    BCRYPT_KEY_HANDLE rsa = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    UCHAR iv[16] = {0}, small[8] = {1};
    tap(crypt_once(ENCRYPT, aes, data, 32, NULL, iv, 16, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 32 && all_bytes(iv, 16, 0),
        "a cipher, whose IV stays");
    tap(BCryptEncrypt(rsa, small, sizeof small, NULL, NULL, 0, NULL, 0, &got, BCRYPT_PAD_NONE) ==
                STATUS_SUCCESS &&
            got == 128,
        "RSA with BCRYPT_PAD_NONE and an input shorter than the modulus");
    BCRYPT_PKCS1_PADDING_INFO padding = {NULL};
    tap(BCryptSignHash(rsa, &padding, small, 8, NULL, 0, &got, BCRYPT_PAD_PKCS1) ==
                STATUS_SUCCESS &&
            got == 128,
        "a signature");
    tap(BCryptExportKey(rsa, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &got, 0) == STATUS_SUCCESS &&
            got > 128,
        "an export");
    BCryptDestroyKey(aes);
    BCryptDestroyKey(rsa);
}

static void iv_in_place(void)
{
    BEHAVIOUR("7", "the IV is updated in place, or is a property of the key");
    static const LPCWSTR modes[] = {BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_CFB};
    for (size_t i = 0; i < COUNT(modes); i++) {
        UCHAR iv[16] = {9}, whole[64], out[64];
        BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, modes[i], secret, 16);
        bool good = crypt_all(ENCRYPT, key, data, 64, iv, 16, whole);
        UCHAR again[16] = {9}, property[16] = {9};
        for (ULONG at = 0; at < 64; at += 16)
            good = good && crypt_all(ENCRYPT, key, data + at, 16, again, 16, out + at);
        tap(good && memcmp(out, whole, 64) == 0,
            i == 0 ? "CBC in four calls" : "CFB in four calls");
        good =
            BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, property, 16, 0) == STATUS_SUCCESS;
        tap(good && crypt_all(ENCRYPT, key, data, 64, NULL, 0, out) && memcmp(out, whole, 64) == 0,
            i == 0 ? "CBC with a property" : "CFB with a property");
        BCryptDestroyKey(key);
    }
}

/* A public key with any modulus and exponent, for arithmetic: 7^3 mod n by RSA's bare form. */
static void raw_rsa(void)
{
    BEHAVIOUR("8", "raw RSA as modular exponentiation");
    BCRYPT_RSAKEY_BLOB head = {BCRYPT_RSAPUBLIC_MAGIC, 512, 1, 64, 0, 0};
    UCHAR blob[sizeof head + 1 + 64];
    UCHAR in[64] = {0}, out[64];
    BCRYPT_KEY_HANDLE key = NULL;
    head_turn(&head, sizeof head);
    memcpy(blob, &head, sizeof head);
    blob[sizeof head] = 3;
    /* 2^512 - 1 is divisible by 3, 5, 17, ...: no RSA modulus. */
    memset(blob + sizeof head + 1, 0xFF, 64);
    in[63] = 7;
    tap(BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, BCRYPT_RSAPUBLIC_BLOB, &key, blob,
                            sizeof blob, 0) == STATUS_SUCCESS &&
            BCryptEncrypt(key, in, 64, NULL, NULL, 0, out, 64, &got, BCRYPT_PAD_NONE) ==
                STATUS_SUCCESS &&
            got == 64 && all_bytes(out, 62, 0) && out[62] == 1 && out[63] == 0x57,
        "a modulus of many small primes");
    BCryptDestroyKey(key);
}

static void raw_secret(void)
{
    BEHAVIOUR("9", "RAW_SECRET is little-endian, after a length query");
    UCHAR little[32], big[32];
    BCRYPT_KEY_HANDLE a = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256),
                      b = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256);
    BCRYPT_SECRET_HANDLE z = NULL;
    tap(BCryptSecretAgreement(a, b, &z, 0) == STATUS_SUCCESS &&
            BCryptDeriveKey(z, BCRYPT_KDF_RAW_SECRET, NULL, NULL, 0, &got, 0) == STATUS_SUCCESS &&
            got == 32,
        "the length");
    /* SHA-256 of the secret is that of its big-endian bytes. */
    UCHAR want[32], digest[32];
    bool good =
        BCryptDeriveKey(z, BCRYPT_KDF_RAW_SECRET, NULL, little, 32, &got, 0) == STATUS_SUCCESS &&
        got == 32;
    for (int i = 0; i < 32; i++)
        big[i] = little[31 - i];
    BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, big, 32, want, 32);
    WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer one = {sizeof name, KDF_HASH_ALGORITHM, name};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &one};
    tap(good && BCryptDeriveKey(z, BCRYPT_KDF_HASH, &list, digest, 32, &got, 0) == STATUS_SUCCESS &&
            memcmp(digest, want, 32) == 0,
        "turned, it is what the other functions hash");
    tap_status(BCryptDeriveKey(z, L"NO_SUCH_KDF", NULL, room, 32, &got, 0), STATUS_NOT_SUPPORTED,
               "a function that is not there is STATUS_NOT_SUPPORTED");
    BCryptDestroySecret(z);
    BCryptDestroyKey(a);
    BCryptDestroyKey(b);
}

/* The group of RFC 2409's first Oakley group, 768 bits. */
static const char oakley1[] =
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404"
    "DDEF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A3620FFFFFFFFFFFF"
    "FFFF";

static BCRYPT_KEY_HANDLE dh_key(void)
{
    struct {
        BCRYPT_DH_PARAMETER_HEADER head;
        UCHAR p[96], g[96];
    } parameters = {{sizeof parameters, BCRYPT_DH_PARAMETERS_MAGIC, 96}, {0}, {0}};
    BCRYPT_KEY_HANDLE key = NULL;
    head_turn(&parameters.head, sizeof parameters.head);
    unhex(parameters.p, oakley1);
    parameters.g[95] = 2;
    BCryptGenerateKeyPair(BCRYPT_DH_ALG_HANDLE, &key, 768, 0);
    if (BCryptSetProperty(key, BCRYPT_DH_PARAMETERS, (PUCHAR)&parameters, sizeof parameters, 0) <
            0 ||
        BCryptFinalizeKeyPair(key, 0) < 0) {
        BCryptDestroyKey(key);
        return NULL;
    }
    return key;
}

static void dh_group(void)
{
    BEHAVIOUR("10", "DH with the caller's group, and a padded peer");
    BCRYPT_KEY_HANDLE ours = dh_key(), theirs = dh_key(), peer = NULL;
    BCRYPT_SECRET_HANDLE one = NULL, two = NULL;
    UCHAR blob[1024], padded[1024] = {0}, x[96], y[96];
    ULONG n = export_to(theirs, BCRYPT_DH_PUBLIC_BLOB, blob, sizeof blob);
    tap(ours != NULL && n == sizeof(BCRYPT_DH_KEY_BLOB) + 3 * 96, "made, finalized, exported");
    /* The same three numbers in 128 bytes each. */
    memcpy(padded, blob, sizeof(BCRYPT_DH_KEY_BLOB));
    padded[offsetof(BCRYPT_DH_KEY_BLOB, cbKey)] = 128;
    for (ULONG i = 0; i < 3; i++)
        memcpy(padded + sizeof(BCRYPT_DH_KEY_BLOB) + i * 128 + 32,
               blob + sizeof(BCRYPT_DH_KEY_BLOB) + i * 96, 96);
    tap(BCryptImportKeyPair(BCRYPT_DH_ALG_HANDLE, NULL, BCRYPT_DH_PUBLIC_BLOB, &peer, padded,
                            sizeof(BCRYPT_DH_KEY_BLOB) + 3 * 128, 0) == STATUS_SUCCESS,
        "a peer padded to a larger size");
    tap(BCryptSecretAgreement(ours, peer, &one, 0) == STATUS_SUCCESS &&
            BCryptSecretAgreement(theirs, ours, &two, 0) == STATUS_SUCCESS &&
            BCryptDeriveKey(one, BCRYPT_KDF_RAW_SECRET, NULL, x, 96, &got, 0) == STATUS_SUCCESS &&
            BCryptDeriveKey(two, BCRYPT_KDF_RAW_SECRET, NULL, y, 96, &got, 0) == STATUS_SUCCESS &&
            memcmp(x, y, 96) == 0,
        "agrees");
    BCryptDestroySecret(one);
    BCryptDestroySecret(two);
    BCryptDestroyKey(ours);
    BCryptDestroyKey(theirs);
    BCryptDestroyKey(peer);
}

static void gcm_chained(void)
{
    BEHAVIOUR("11", "GCM in several calls");
    UCHAR nonce[12] = {1}, aad[20] = {2}, tag[16], late[16], context[16] = {0}, whole[100],
          out[100];
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, 32);
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = sizeof nonce;
    info.pbAuthData = aad;
    info.cbAuthData = sizeof aad;
    info.pbTag = tag;
    info.cbTag = sizeof tag;
    bool good =
        crypt_once(ENCRYPT, key, data, 100, &info, NULL, 0, whole, 100, 0) == STATUS_SUCCESS;
    info.pbTag = late;
    info.pbMacContext = context;
    info.cbMacContext = sizeof context;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    tap(good &&
            crypt_once(ENCRYPT, key, NULL, 0, &info, context, 16, NULL, 0, 0) == STATUS_SUCCESS &&
            (info.dwFlags & BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG) != 0,
        "the additional data alone first, pbIV the same 16 bytes as pbMacContext");
    info.pbAuthData = NULL;
    info.cbAuthData = 0;
    good = crypt_once(ENCRYPT, key, data, 48, &info, context, 16, out, 48, 0) == STATUS_SUCCESS &&
           crypt_once(ENCRYPT, key, data + 48, 48, &info, context, 16, out + 48, 48, 0) ==
               STATUS_SUCCESS;
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    good = good && crypt_once(ENCRYPT, key, data + 96, 4, &info, context, 16, out + 96, 4, 0) ==
                       STATUS_SUCCESS;
    tap(good && memcmp(out, whole, 100) == 0 && memcmp(late, tag, 16) == 0,
        "blocks, then the rest with CHAIN_CALLS cleared and nothing else");
    BCryptDestroyKey(key);
}

static void unknown_property(void)
{
    BEHAVIOUR("12", "a property that does not exist");
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, NULL, secret, 16);
    UCHAR value[16];
    tap_fails(BCryptGetProperty(BCRYPT_AES_CBC_ALG_HANDLE, L"NoSuchProperty", value, sizeof value,
                                &got, 0),
              "algorithm");
    tap_fails(BCryptGetProperty(key, L"NoSuchProperty", value, sizeof value, &got, 0), "key");
    BCryptDestroyKey(key);
}

static void strings_in_lists(void)
{
    BEHAVIOUR("13", "strings in parameter lists with and without their NUL");
    WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    UCHAR one[32], two[32];
    BCRYPT_KEY_HANDLE a = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256);
    BCRYPT_SECRET_HANDLE z = NULL;
    BCryptBuffer buffer = {sizeof name, KDF_HASH_ALGORITHM, name};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &buffer};
    bool good = BCryptSecretAgreement(a, a, &z, 0) == STATUS_SUCCESS &&
                BCryptDeriveKey(z, BCRYPT_KDF_HASH, &list, one, 32, &got, 0) == STATUS_SUCCESS;
    buffer.cbBuffer -= (ULONG)sizeof(WCHAR);
    tap(good && BCryptDeriveKey(z, BCRYPT_KDF_HASH, &list, two, 32, &got, 0) == STATUS_SUCCESS &&
            memcmp(one, two, 32) == 0,
        "KDF_HASH_ALGORITHM");
    BCryptDestroySecret(z);
    BCryptDestroyKey(a);
}

static void hash_objects(void)
{
    BEHAVIOUR("14", "reusable hashes, copies, exact lengths");
    for (int at_open = 0; at_open < 2; at_open++) {
        UCHAR one[32], two[32], three[32];
        BCRYPT_ALG_HANDLE alg =
            open_with(BCRYPT_SHA256_ALGORITHM, NULL, at_open ? BCRYPT_HASH_REUSABLE_FLAG : 0);
        BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
        BCryptCreateHash(alg, &h, NULL, 0, NULL, 0, at_open ? 0 : BCRYPT_HASH_REUSABLE_FLAG);
        bool good = BCryptHashData(h, data, 9, 0) == STATUS_SUCCESS &&
                    BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                    BCryptFinishHash(h, one, 31, 0) < 0 &&
                    BCryptFinishHash(h, one, 32, 0) == STATUS_SUCCESS &&
                    BCryptHashData(h, data, 9, 0) == STATUS_SUCCESS &&
                    BCryptFinishHash(h, two, 32, 0) == STATUS_SUCCESS &&
                    BCryptFinishHash(copy, three, 32, 0) == STATUS_SUCCESS;
        tap(good && memcmp(one, two, 32) == 0 && memcmp(one, three, 32) == 0,
            at_open ? "the flag on open" : "the flag on create");
        BCryptDestroyHash(h);
        BCryptDestroyHash(copy);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

static void distinct_bcrypt_statuses(void)
{
    BEHAVIOUR("15", "statuses of bcrypt.h that programs tell apart");
    UCHAR digest[32] = {1}, signature[64], tag[16] = {0}, nonce[12] = {0};
    BCRYPT_KEY_HANDLE pair = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256);
    BCryptSignHash(pair, NULL, digest, 32, signature, 64, &got, 0);
    digest[0] = 2;
    tap_status(BCryptVerifySignature(pair, NULL, digest, 32, signature, 64, 0),
               STATUS_INVALID_SIGNATURE, "a false signature");
    tap_status(BCryptSignHash(pair, NULL, digest, 32, signature, 63, &got, 0),
               STATUS_BUFFER_TOO_SMALL, "too small");
    tap(got == 64, "with the size that is needed");
    BCryptDestroyKey(pair);
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, 16);
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = sizeof nonce;
    info.pbTag = tag;
    info.cbTag = sizeof tag;
    tap_status(crypt_once(DECRYPT, key, data, 32, &info, NULL, 0, room, 32, 0),
               STATUS_AUTH_TAG_MISMATCH, "a false tag");
    BCryptDestroyKey(key);
}

static void distinct_ncrypt_statuses(void)
{
    char folder[] = "/tmp/opencng-clients-XXXXXX", command[64];
    NCRYPT_PROV_HANDLE provider = 0;
    NCRYPT_KEY_HANDLE key = 0, other = 0;
    NCryptKeyName *name = NULL;
    PVOID state = NULL;
    BEHAVIOUR("15", "statuses of ncrypt.h that programs tell apart");
    if (mkdtemp(folder) == NULL || setenv("OPENCNG_HOME", folder, 1) != 0)
        abort();
    NCryptOpenStorageProvider(&provider, NULL, 0);
    tap_status(NCryptOpenKey(provider, &key, L"missing", 0, 0), NTE_BAD_KEYSET,
               "a key that is not there");
    NCryptCreatePersistedKey(provider, &key, NCRYPT_ECDSA_P256_ALGORITHM, L"there", 0, 0);
    NCryptFinalizeKey(key, 0);
    tap_status(
        NCryptCreatePersistedKey(provider, &other, NCRYPT_ECDSA_P256_ALGORITHM, L"there", 0, 0),
        NTE_EXISTS, "a name that is taken, without the overwrite flag");
    tap(NCryptEnumKeys(provider, NULL, &name, &state, 0) == ERROR_SUCCESS &&
            NCryptFreeBuffer(name) == ERROR_SUCCESS,
        "one key is listed");
    tap_status(NCryptEnumKeys(provider, NULL, &name, &state, 0), NTE_NO_MORE_ITEMS,
               "and then no more");
    NCryptFreeBuffer(state);
    NCryptDeleteKey(key, 0);
    NCryptFreeObject(provider);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    if (system(command) != 0)
        printf("# %s stays\n", folder);
}

static void pseudo_handles(void)
{
    BEHAVIOUR("16", "pseudo-handles");
    BCRYPT_HASH_HANDLE h = NULL;
    BCRYPT_KEY_HANDLE key = sym_key(BCRYPT_AES_GCM_ALG_HANDLE, secret, 16), pair = NULL,
                      half = NULL;
    tap(BCryptCreateHash(BCRYPT_HMAC_SHA256_ALG_HANDLE, &h, NULL, 0, secret, 20, 0) ==
            STATUS_SUCCESS,
        "BCryptCreateHash");
    tap(key != NULL, "BCryptGenerateSymmetricKey");
    tap(BCryptGenerateKeyPair(BCRYPT_ECDSA_P256_ALG_HANDLE, &pair, 256, 0) == STATUS_SUCCESS &&
            BCryptFinalizeKeyPair(pair, 0) == STATUS_SUCCESS,
        "BCryptGenerateKeyPair");
    tap((half = public_half(BCRYPT_ECDSA_P256_ALG_HANDLE, pair, BCRYPT_ECCPUBLIC_BLOB)) != NULL,
        "BCryptImportKeyPair");
    tap(get_u32(BCRYPT_SHA512_ALG_HANDLE, BCRYPT_HASH_LENGTH) == 64, "BCryptGetProperty");
    BCryptDestroyHash(h);
    BCryptDestroyKey(key);
    BCryptDestroyKey(pair);
    BCryptDestroyKey(half);
}

static void random_numbers(void)
{
    BEHAVIOUR("17", "BCryptGenRandom with a handle and without");
    UCHAR one[32] = {0}, two[32] = {0};
    BCRYPT_ALG_HANDLE rng = open_alg(BCRYPT_RNG_ALGORITHM);
    tap(BCryptGenRandom(rng, one, 32, 0) == STATUS_SUCCESS && !all_bytes(one, 32, 0), "a handle");
    tap(BCryptGenRandom(NULL, two, 32, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == STATUS_SUCCESS &&
            memcmp(one, two, 32) != 0,
        "NULL and BCRYPT_USE_SYSTEM_PREFERRED_RNG");
    BCryptCloseAlgorithmProvider(rng, 0);
}

int main(void)
{
    fill(secret, sizeof secret);
    fill(data, sizeof data);
    chaining_mode();
    object_length();
    null_objects();
    closed_early();
    wrong_handles();
    size_queries();
    iv_in_place();
    raw_rsa();
    raw_secret();
    dh_group();
    gcm_chained();
    unknown_property();
    strings_in_lists();
    hash_objects();
    distinct_bcrypt_statuses();
    distinct_ncrypt_statuses();
    pseudo_handles();
    random_numbers();
    return tap_done();
}
