/*
 * Values that are well placed and wrong: properties, cipher paddings, usages, parameters and files that the key store has to
 * look into before it can refuse them. Each is refused with the status that ncrypt.h documents, and nothing comes of it.
 */
#include "conform_der.h"
#include "conform_ncrypt.h"

static const NCRYPT_HANDLE UNTOUCHED = 0x5A5A5A50;

static NCRYPT_PROV_HANDLE provider;
static BYTE bytes[4096];
static DWORD n;

static NCRYPT_KEY_HANDLE begin(LPCWSTR alg)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, alg, NULL, 0, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

/* `usage` 0: all. */
static NCRYPT_KEY_HANDLE make(LPCWSTR alg, DWORD usage)
{
    NCRYPT_KEY_HANDLE key = begin(alg);
    if ((usage != 0 && set_dword(key, NCRYPT_KEY_USAGE_PROPERTY, usage, 0) != ERROR_SUCCESS) ||
        set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0) != ERROR_SUCCESS ||
        NCryptFinalizeKey(key, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

/* ---- properties ----------------------------------------------------------------------------- */

static void numbers(void)
{
    NCRYPT_KEY_HANDLE key = begin(L"RSA");
    BYTE two[2] = {3, 0};
    row_begin("numbers");
    tap_status(set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 0x100, 0), NTE_INVALID_PARAMETER,
               "an unknown export policy");
    tap_status(set_dword(key, NCRYPT_KEY_USAGE_PROPERTY, 0x01000000, 0), NTE_INVALID_PARAMETER,
               "an unknown usage");
    tap_status(set_dword(key, NCRYPT_LENGTH_PROPERTY, 1000, 0), NTE_INVALID_PARAMETER,
               "a length that RSA does not have");
    tap_status(NCryptSetProperty(key, NCRYPT_LENGTH_PROPERTY, two, sizeof two, 0),
               NTE_INVALID_PARAMETER, "a number of two bytes");
    tap(get_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY) == 0 &&
            get_dword(key, NCRYPT_KEY_USAGE_PROPERTY) == NCRYPT_ALLOW_ALL_USAGES &&
            get_dword(key, NCRYPT_LENGTH_PROPERTY) != 1000,
        "all are as they were");
    tap_status(set_text(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, L"nistP256", 0), NTE_NOT_SUPPORTED,
               "a curve of RSA");
    tap_status(NCryptSetProperty(key, NCRYPT_KDF_SECRET_VALUE, bytes, 16, 0), NTE_NOT_SUPPORTED,
               "a KDF's secret of RSA");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "it can still be made");
    tap_status(set_dword(key, NCRYPT_KEY_USAGE_PROPERTY, NCRYPT_ALLOW_SIGNING_FLAG, 0),
               NTE_NOT_SUPPORTED, "its usage stays from then on");
    NCryptFreeObject(key);

    key = begin(L"ECDSA");
    tap_status(set_text(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, L"spiral", 0), NTE_NOT_SUPPORTED,
               "a curve that is none");
    tap_status(set_text(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, L"nistP256", 0), ERROR_SUCCESS,
               "and one that is");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "which a key is made on");
    tap_status(set_text(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, L"nistP384", 0), NTE_NOT_SUPPORTED,
               "and stays on");
    NCryptFreeObject(key);
}

/* Lengths are of a range, in steps. */
static void lengths(void)
{
    static const struct {
        LPCWSTR alg;
        DWORD bits;
        SECURITY_STATUS status;
    } rows[] = {
        {L"RSA", 256, NTE_INVALID_PARAMETER},  {L"RSA", 32768, NTE_INVALID_PARAMETER},
        {L"RSA", 1025, NTE_INVALID_PARAMETER}, {L"RSA", 1024, ERROR_SUCCESS},
        {L"AES", 64, NTE_INVALID_PARAMETER},   {L"AES", 512, NTE_INVALID_PARAMETER},
        {L"AES", 130, NTE_INVALID_PARAMETER},  {L"AES", 192, ERROR_SUCCESS},
    };
    row_begin("lengths");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        NCRYPT_KEY_HANDLE key = begin(rows[i].alg);
        DWORD before = get_dword(key, NCRYPT_LENGTH_PROPERTY);
        tap_status(set_dword(key, NCRYPT_LENGTH_PROPERTY, rows[i].bits, 0), rows[i].status, "set");
        tap(get_dword(key, NCRYPT_LENGTH_PROPERTY) ==
                (rows[i].status == ERROR_SUCCESS ? rows[i].bits : before),
            "get");
        NCryptFreeObject(key);
    }
    NCRYPT_KEY_HANDLE kdf = begin(L"HKDF");
    tap_status(NCryptFinalizeKey(kdf, 0), NTE_INVALID_PARAMETER, "a KDF's key without a secret");
    NCryptFreeObject(kdf);
    kdf = begin(L"HKDF");
    tap(NCryptSetProperty(kdf, NCRYPT_KDF_SECRET_VALUE, bytes, 16, 0) == ERROR_SUCCESS &&
            NCryptFinalizeKey(kdf, 0) == ERROR_SUCCESS,
        "and with one");
    tap_status(NCryptSetProperty(kdf, NCRYPT_KDF_SECRET_VALUE, bytes, 16, 0), NTE_NOT_SUPPORTED,
               "the secret of a KDF's key that is finished");
    NCryptFreeObject(kdf);
}

static void group(void)
{
    NCRYPT_KEY_HANDLE key = begin(L"DH");
    BCRYPT_KEY_HANDLE other = NULL;
    row_begin("DHParameters");
    if (BCryptGenerateKeyPair(BCRYPT_DH_ALG_HANDLE, &other, 768, 0) < 0 ||
        BCryptFinalizeKeyPair(other, 0) < 0 ||
        BCryptGetProperty(other, BCRYPT_DH_PARAMETERS, bytes, sizeof bytes, &n, 0) < 0)
        abort();
    tap_status(NCryptSetProperty(key, BCRYPT_DH_PARAMETERS, bytes, n, 0), ERROR_SUCCESS,
               "of another key");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "make a key");
    tap(get_dword(key, NCRYPT_LENGTH_PROPERTY) == 768, "of their length");
    BCryptDestroyKey(other);
    NCryptFreeObject(key);
}

/* Owner, group and access of a stored key's file. */
static void security(void)
{
    const DWORD parts = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION;
    NCRYPT_KEY_HANDLE key = make(L"ECDSA_P256", 0);
    row_begin("a security descriptor");
    tap_status(get_status(key, NCRYPT_SECURITY_DESCR_PROPERTY, parts), NTE_NOT_SUPPORTED,
               "of a key that is not stored");
    NCryptFreeObject(key);
    NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"described", 0, 0);
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "of one that is");
    tap_status(get_status(key, NCRYPT_SECURITY_DESCR_PROPERTY, SACL_SECURITY_INFORMATION),
               NTE_NOT_SUPPORTED, "has no system list");
    tap_status(
        NCryptGetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, bytes, sizeof bytes, &n, parts),
        ERROR_SUCCESS, "has an owner and a group");
    tap_status(NCryptSetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, bytes, n, parts),
               ERROR_SUCCESS, "which may be set to what they are");
    DWORD owner = 0;
    memcpy(&owner, bytes + 4, sizeof owner);
    head_turn(&owner, sizeof owner); /* where its SID is; the SID's last number is the user's */
    bytes[owner + 8 + 4 * (bytes[owner + 1] - 1u)] ^= 1;
    tap_status(NCryptSetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, bytes, n, parts), NTE_PERM,
               "but a key is not given away");
    bytes[owner] = 9;
    tap_status(NCryptSetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, bytes, n, parts),
               NTE_BAD_DATA, "nor to a SID of another version");
    tap_status(NCryptSetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, bytes, 10, parts),
               NTE_BAD_DATA, "nor by a descriptor that is cut");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "deleted");
}

/* A key of the machine's store beside one of the user's, of the same name. */
static void machine(void)
{
    NCRYPT_KEY_HANDLE keys[2] = {0, 0};
    static const DWORD flags[] = {0, NCRYPT_MACHINE_KEY_FLAG};
    NCRYPT_KEY_HANDLE copy = UNTOUCHED;
    row_begin("the machine's keys");
    for (size_t i = 0; i < 2; i++) {
        NCryptCreatePersistedKey(provider, &keys[i], L"ECDSA_P256", L"twice", 0, flags[i]);
        set_dword(keys[i], NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
        tap_status(NCryptFinalizeKey(keys[i], 0), ERROR_SUCCESS, "are apart from the user's");
        tap(get_dword(keys[i], NCRYPT_KEY_TYPE_PROPERTY) == flags[i], "and say so");
    }
    BYTE *blob = export_blob(keys[1], NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &n);
    tap_status(NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &copy, blob, n, 0),
               NTE_EXISTS, "an opaque blob has the key's name, which the user has a key of");
    tap_status(NCryptDeleteKey(keys[1], 0), ERROR_SUCCESS, "which is free");
    tap(blob[8] == 2, "the machine's store made it");
    blob[8] = 1;
    tap_status(NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &copy, blob, n, 0),
               NTE_DECRYPTION_FAILURE, "the user's does not open it");
    blob[8] = 2;
    tap(copy == UNTOUCHED, "no key is made");
    tap_status(NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &keys[1], blob, n,
                               NCRYPT_MACHINE_KEY_FLAG),
               ERROR_SUCCESS, "its own does");
    tap(get_dword(keys[1], NCRYPT_KEY_TYPE_PROPERTY) == NCRYPT_MACHINE_KEY_FLAG, "as it was");
    free(blob);
    tap_status(NCryptDeleteKey(keys[0], 0), ERROR_SUCCESS, "the user's is deleted");
    tap_status(NCryptOpenKey(provider, &copy, L"twice", 0, 0), NTE_BAD_KEYSET, "and gone");
    tap_status(NCryptOpenKey(provider, &copy, L"twice", 0, NCRYPT_MACHINE_KEY_FLAG), ERROR_SUCCESS,
               "the machine's stays");
    NCryptFreeObject(copy);
    tap_status(NCryptDeleteKey(keys[1], 0), ERROR_SUCCESS, "until it is deleted");
}

static void policies(void)
{
    NCRYPT_KEY_HANDLE key = begin(L"ECDSA_P256");
    NCRYPT_UI_POLICY good = {1, 0, L"Title", L"Name", L"Description"};
    const struct {
        NCRYPT_UI_POLICY policy;
        const char *what;
    } rows[] = {
        {{2, 0, L"T", L"N", L"D"}, "of another version"},
        {{1, 0x80, L"T", L"N", L"D"}, "with an unknown flag"},
    };
    row_begin("a UI policy");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        tap_status(NCryptSetProperty(key, NCRYPT_UI_POLICY_PROPERTY, (PBYTE)&rows[i].policy,
                                     sizeof rows[i].policy, 0),
                   NTE_INVALID_PARAMETER, rows[i].what);
    tap_status(NCryptSetProperty(key, NCRYPT_UI_POLICY_PROPERTY, (PBYTE)&good, sizeof good - 1, 0),
               NTE_INVALID_PARAMETER, "that is cut");
    static WCHAR lone[] = {'a', 0xD800, 0};
    good.pszFriendlyName = lone;
    tap_status(NCryptSetProperty(key, NCRYPT_UI_POLICY_PROPERTY, (PBYTE)&good, sizeof good, 0),
               NTE_INVALID_PARAMETER, "with half a character");
    tap_status(get_status(key, NCRYPT_UI_POLICY_PROPERTY, 0), NTE_NOT_FOUND, "is not kept");
    static const LPCWSTR names[] = {NULL, L"Name"};
    for (size_t i = 0; i < 2; i++) {
        good.pszFriendlyName = names[i];
        good.pszDescription = names[1 - i];
        tap_status(NCryptSetProperty(key, NCRYPT_UI_POLICY_PROPERTY, (PBYTE)&good, sizeof good, 0),
                   ERROR_SUCCESS, "without one of its texts");
        tap_status(NCryptGetProperty(key, NCRYPT_UI_POLICY_PROPERTY, bytes, sizeof bytes, &n, 0),
                   ERROR_SUCCESS, "is kept");
        NCRYPT_UI_POLICY kept;
        memcpy(&kept, bytes, sizeof kept);
        LPCWSTR told = i == 0 ? kept.pszDescription : kept.pszFriendlyName;
        LPCWSTR other = i == 0 ? kept.pszFriendlyName : kept.pszDescription;
        tap(kept.pszCreationTitle == NULL && told != NULL && text_equal(told, L"Name") &&
                other == NULL,
            "as it was, but for the title, which is not told");
    }
    NCryptFreeObject(key);
}

/* Key material may be given as a property, of the blob's name. */
static void material(void)
{
    NCRYPT_KEY_HANDLE ecdsa = make(L"ECDSA_P256", 0);
    NCRYPT_KEY_HANDLE key = begin(L"RSA");
    row_begin("a blob as a property");
    BYTE *blob = export_blob(ecdsa, BCRYPT_ECCPRIVATE_BLOB, NULL, &n);
    tap_status(NCryptSetProperty(key, BCRYPT_ECCPRIVATE_BLOB, blob, n, 0), NTE_INVALID_PARAMETER,
               "of another algorithm");
    free(blob);
    NCryptFreeObject(key);
    key = begin(L"ECDSA_P256");
    blob = export_blob(ecdsa, BCRYPT_ECCPUBLIC_BLOB, NULL, &n);
    tap_status(NCryptSetProperty(key, BCRYPT_ECCPUBLIC_BLOB, blob, n, 0), NTE_NOT_SUPPORTED,
               "without a private part");
    free(blob);
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "a key of its own is made then");
    blob = export_blob(ecdsa, BCRYPT_ECCPRIVATE_BLOB, NULL, &n);
    tap_status(NCryptSetProperty(key, BCRYPT_ECCPRIVATE_BLOB, blob, n, 0), NTE_NOT_SUPPORTED,
               "and takes no other");
    free(blob);
    NCryptFreeObject(key);
    NCryptFreeObject(ecdsa);
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void cipher_paddings(void)
{
    NCRYPT_KEY_HANDLE key = make(L"AES", 0);
    BYTE iv[16] = {0};
    const NCRYPT_CIPHER_PADDING_INFO good = {.cbSize = sizeof good,
                                             .dwFlags = NCRYPT_CIPHER_BLOCK_PADDING_FLAG,
                                             .pbIV = iv,
                                             .cbIV = sizeof iv};
    NCRYPT_CIPHER_PADDING_INFO rows[5];
    static const char *const what[] = {
        "that is cut", "with an unknown flag", "with nothing where something is said to be",
        "with less than that", "without padding, for a part of a block"};
    for (size_t i = 0; i < 5; i++)
        rows[i] = good;
    rows[0].cbSize--;
    rows[1].dwFlags |= 0x80;
    rows[2].dwFlags |= NCRYPT_CIPHER_OTHER_PADDING_FLAG;
    rows[3].dwFlags |= NCRYPT_CIPHER_OTHER_PADDING_FLAG;
    rows[3].pbOtherInfo = bytes;
    rows[3].cbOtherInfo = 4;
    rows[4].dwFlags = 0;
    row_begin("a cipher's padding");
    struct guarded out = guarded_new(16);
    for (size_t i = 0; i < 5; i++)
        tap_status(NCryptEncrypt(key, (PBYTE) "hello", 5, &rows[i], out.p, out.n, &n,
                                 NCRYPT_PAD_CIPHER_FLAG),
                   NTE_INVALID_PARAMETER, what[i]);
    tap_status(
        NCryptEncrypt(key, (PBYTE) "hello", 5, NULL, out.p, out.n, &n, NCRYPT_PAD_CIPHER_FLAG),
        NTE_INVALID_PARAMETER, "that is none");
    tap_status(NCryptEncrypt(key, (PBYTE) "hello", 5, NULL, out.p, out.n, &n, NCRYPT_PAD_OAEP_FLAG),
               NTE_BAD_FLAGS, "of RSA");
    tap(guarded_untouched(&out), "nothing is written");
    NCRYPT_CIPHER_PADDING_INFO info = good;
    tap(NCryptEncrypt(key, (PBYTE) "hello", 5, &info, out.p, out.n, &n, NCRYPT_PAD_CIPHER_FLAG) ==
                ERROR_SUCCESS &&
            n == 16,
        "a good one");
    memset(iv, 0, sizeof iv);
    tap(NCryptDecrypt(key, out.p, 16, &info, bytes, sizeof bytes, &n, NCRYPT_PAD_CIPHER_FLAG) ==
                ERROR_SUCCESS &&
            n == 5 && memcmp(bytes, "hello", 5) == 0,
        "and back");
    guarded_free(&out);
    NCryptFreeObject(key);
}

static void authenticated(void)
{
    NCRYPT_KEY_HANDLE key = make(L"AES", 0);
    BYTE nonce[12] = {1}, tag[16] = {0}, sealed[5], opened[5] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO auth;
    BCRYPT_INIT_AUTH_MODE_INFO(auth);
    auth.pbNonce = nonce;
    auth.cbNonce = sizeof nonce;
    auth.pbTag = tag;
    auth.cbTag = sizeof tag;
    NCRYPT_CIPHER_PADDING_INFO info = {.cbSize = sizeof info,
                                       .dwFlags = NCRYPT_CIPHER_OTHER_PADDING_FLAG,
                                       .pbOtherInfo = (PUCHAR)&auth,
                                       .cbOtherInfo = sizeof auth};
    row_begin("an authenticated cipher");
    tap_status(set_text(key, NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_GCM, 0),
               ERROR_SUCCESS, "GCM");
    tap(NCryptEncrypt(key, (PBYTE) "hello", 5, &info, sealed, 5, &n, NCRYPT_PAD_CIPHER_FLAG) ==
                ERROR_SUCCESS &&
            n == 5,
        "seals");
    tap(NCryptDecrypt(key, sealed, 5, &info, opened, 5, &n, NCRYPT_PAD_CIPHER_FLAG) ==
                ERROR_SUCCESS &&
            memcmp(opened, "hello", 5) == 0,
        "opens");
    tag[0] ^= 1;
    memset(opened, 0, sizeof opened);
    tap_status(NCryptDecrypt(key, sealed, 5, &info, opened, 5, &n, NCRYPT_PAD_CIPHER_FLAG),
               NTE_DECRYPTION_FAILURE, "and says no to another tag");
    tap(memcmp(opened, "\0\0\0\0\0", 5) == 0, "without a byte of what was sealed");
    NCryptFreeObject(key);
}

static void usages(void)
{
    NCRYPT_KEY_HANDLE rsa = make(L"RSA", NCRYPT_ALLOW_KEY_ATTESTATION_FLAG);
    NCRYPT_KEY_HANDLE aes = make(L"AES", NCRYPT_ALLOW_SIGNING_FLAG);
    NCRYPT_KEY_HANDLE ecdh = make(L"ECDH_P256", NCRYPT_ALLOW_SIGNING_FLAG);
    NCRYPT_KEY_HANDLE any = make(L"ECDH_P256", 0);
    NCRYPT_SECRET_HANDLE secret = UNTOUCHED;
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    row_begin("a key that may not");
    tap_status(
        NCryptSignHash(rsa, &pkcs1, bytes, 32, bytes, sizeof bytes, &n, NCRYPT_PAD_PKCS1_FLAG),
        NTE_PERM, "sign");
    tap_status(NCryptDecrypt(rsa, bytes, 256, NULL, bytes, sizeof bytes, &n, NCRYPT_PAD_PKCS1_FLAG),
               NTE_PERM, "decrypt");
    tap_status(NCryptEncrypt(aes, bytes, 16, NULL, bytes, sizeof bytes, &n, 0), NTE_PERM,
               "encrypt, of a cipher");
    tap_status(NCryptSecretAgreement(ecdh, any, &secret, 0), NTE_PERM, "agree");
    tap_status(NCryptSecretAgreement(any, aes, &secret, 0), NTE_INVALID_PARAMETER,
               "or whose peer is a cipher's key");
    NCRYPT_KEY_HANDLE signer = make(L"ECDSA_P256", 0);
    tap_status(NCryptSecretAgreement(signer, any, &secret, 0), NTE_NOT_SUPPORTED,
               "or is one of another kind");
    NCryptFreeObject(signer);
    tap_status(NCryptEncrypt(rsa, bytes, 16, NULL, bytes, sizeof bytes, &n, NCRYPT_PAD_CIPHER_FLAG),
               NTE_BAD_FLAGS, "or pad as a cipher's");
    tap(secret == UNTOUCHED, "no secret is made");
    tap_status(NCryptSecretAgreement(any, ecdh, &secret, 0), ERROR_SUCCESS,
               "the peer's usage does not matter");

    NCryptBuffer many[65];
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 65, many};
    for (size_t i = 0; i < 65; i++)
        many[i] = (NCryptBuffer){0, NCRYPTBUFFER_EMPTY, NULL};
    row_begin("parameters of a derivation");
    tap_status(NCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, bytes, 20, &n, 0),
               NTE_INVALID_PARAMETER, "65 of them");
    list.cBuffers = 3;
    for (size_t i = 0; i < 3; i++)
        many[i] = (NCryptBuffer){sizeof BCRYPT_SHA256_ALGORITHM, KDF_HASH_ALGORITHM,
                                 (PVOID)BCRYPT_SHA256_ALGORITHM};
    tap_status(NCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, bytes, 20, &n, 0),
               NTE_INVALID_PARAMETER, "three hashes");
    many[0].pvBuffer = NULL;
    list.cBuffers = 1;
    tap_status(NCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, bytes, 20, &n, 0),
               NTE_INVALID_PARAMETER, "a hash without a name");
    tap_status(NCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, bytes, 20, &n, 0), ERROR_SUCCESS,
               "and none");
    NCryptFreeObject(secret);
    NCryptFreeObject(any);
    NCryptFreeObject(ecdh);
    NCryptFreeObject(aes);
    NCryptFreeObject(rsa);
}

/* ---- files ---------------------------------------------------------------------------------- */

/* EncryptedPrivateKeyInfo with pbeWithSHAAnd3-KeyTripleDES-CBC, and its import. */
static SECURITY_STATUS import_sealed(size_t salt, DWORD iterations, size_t ciphertext)
{
    static const BYTE oid[] = {0x06, 10, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 12, 1, 3};
    const BYTE count[] = {0, (BYTE)(iterations >> 24), (BYTE)(iterations >> 16),
                          (BYTE)(iterations >> 8), (BYTE)iterations};
    size_t skip = 0;
    while (skip < 4 && count[skip] == 0 && count[skip + 1] < 0x80)
        skip++;
    der_at = sizeof der;
    put(NULL, ciphertext);
    put_tag(0x04, sizeof der);
    size_t algorithm = der_at;
    put(count + skip, sizeof count - skip);
    put_tag(0x02, algorithm);
    size_t number = der_at;
    put(NULL, salt);
    put_tag(0x04, number);
    put_tag(0x30, algorithm);
    put(oid, sizeof oid);
    put_tag(0x30, algorithm);
    put_tag(0x30, sizeof der);
    static WCHAR password[] = L"password";
    NCryptBuffer buffer = {sizeof password, NCRYPTBUFFER_PKCS_SECRET, password};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    SECURITY_STATUS s = NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, &key,
                                        der + der_at, (DWORD)(sizeof der - der_at), 0);
    return key == UNTOUCHED ? s : ERROR_SUCCESS;
}

static void passwords(void)
{
    static const struct {
        size_t salt;
        DWORD iterations;
        size_t ciphertext;
        const char *what;
    } rows[] = {
        {8, 0, 64, "no iterations"},
        {8, 10000001, 64, "more iterations than anybody waits for"},
        {8, 0xFFFFFFFF, 64, "four thousand million"},
        {0, 1000, 64, "no salt"},
        {257, 1000, 64, "more salt than is believed"},
        {8, 1000, 7, "less than a block"},
        {8, 1000, 63, "not whole blocks"},
        {8, 1000, 64, "a wrong password"},
    };
    row_begin("a private key under a password with");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        tap_status(import_sealed(rows[i].salt, rows[i].iterations, rows[i].ciphertext),
                   NTE_BAD_DATA, rows[i].what);
}

struct cost {
    CRYPT_PKCS12_PBE_PARAMS params;
    BYTE salt[80];
};

static void costs(void)
{
    static const struct {
        int iterations;
        ULONG salt, given; /* bytes that are told, and that are there */
        SECURITY_STATUS status;
        const char *what;
    } rows[] = {
        {0, 8, 8, NTE_INVALID_PARAMETER, "no iterations"},
        {-1, 8, 8, NTE_INVALID_PARAMETER, "fewer than none"},
        {10000001, 8, 8, NTE_INVALID_PARAMETER, "very many"},
        {1000, 0, 0, NTE_INVALID_PARAMETER, "no salt"},
        {1000, 65, 65, NTE_INVALID_PARAMETER, "65 bytes of salt"},
        {1000, 8, 7, NTE_INVALID_PARAMETER, "a salt that is cut"},
        {1000, 8, 9, NTE_INVALID_PARAMETER, "more than the salt"},
        {1000, 64, 64, ERROR_SUCCESS, "64 bytes of salt"},
    };
    NCRYPT_KEY_HANDLE key = make(L"ECDSA_P256", 0);
    static WCHAR password[] = L"password";
    struct cost cost = {{0, 0}, {7}};
    NCryptBuffer buffers[3] = {{sizeof password, NCRYPTBUFFER_PKCS_SECRET, password},
                               {0, NCRYPTBUFFER_PKCS_ALG_PARAM, &cost}};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 2, buffers};
    row_begin("to export under a password with");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        cost.params.iIterations = rows[i].iterations;
        cost.params.cbSalt = rows[i].salt;
        buffers[1].cbBuffer = (ULONG)sizeof cost.params + rows[i].given;
        tap_status(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, bytes,
                                   sizeof bytes, &n, 0),
                   rows[i].status, rows[i].what);
    }
    buffers[1].cbBuffer = sizeof cost.params - 1;
    tap_status(
        NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, bytes, sizeof bytes, &n, 0),
        NTE_INVALID_PARAMETER, "a structure that is cut");
    static char oids[][24] = {"1.2.840.113549.1.12.1.6", "1.2.840.113549.1.5.1"};
    for (size_t i = 0; i < 2; i++) {
        buffers[1] = (NCryptBuffer){(ULONG)strlen(oids[i]) + 1, NCRYPTBUFFER_PKCS_ALG_OID, oids[i]};
        tap_status(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, bytes,
                                   sizeof bytes, &n, 0),
                   NTE_NOT_SUPPORTED, "a scheme that is not written");
    }
    NCryptFreeObject(key);
}

/* RFC 8410's shape; the key has 32 bytes, and nothing behind it. */
static void montgomery(void)
{
    static const BYTE algorithm[] = {0x30, 5, 0x06, 3, 0x2B, 0x65, 0x6E};
    static const BYTE zero[] = {0x02, 1, 0};
    static const struct {
        size_t key, behind;
        bool params;
        SECURITY_STATUS status;
        const char *what;
    } rows[] = {
        {32, 0, false, ERROR_SUCCESS, "32 bytes"},
        {31, 0, false, NTE_BAD_DATA, "31 bytes"},
        {33, 0, false, NTE_BAD_DATA, "33 bytes"},
        {32, 2, false, NTE_BAD_DATA, "something behind it"},
        {32, 0, true, NTE_BAD_DATA, "parameters"},
    };
    row_begin("a key of X25519 with");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        NCRYPT_KEY_HANDLE key = UNTOUCHED;
        der_at = sizeof der;
        put("\x05\0", rows[i].behind);
        size_t end = der_at;
        put(NULL, rows[i].key);
        put_tag(0x04, end);
        put_tag(0x04, sizeof der);
        size_t next = der_at;
        if (rows[i].params) {
            put("\x05\0", 2);
            put(algorithm + 2, 5);
            put_tag(0x30, next);
        } else {
            put(algorithm, sizeof algorithm);
        }
        put(zero, sizeof zero);
        put_tag(0x30, sizeof der);
        tap_status(NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, &key,
                                   der + der_at, (DWORD)(sizeof der - der_at), 0),
                   rows[i].status, rows[i].what);
        tap((key != UNTOUCHED) == (rows[i].status == ERROR_SUCCESS), "a key only then");
        if (key != UNTOUCHED)
            NCryptFreeObject(key);
    }
}

/* A key for the owner of an RSA key: the blob says how long its parts are. */
static void wrapped(void)
{
    NCRYPT_KEY_HANDLE rsa = make(L"RSA", 0);
    NCRYPT_KEY_HANDLE closed = make(L"RSA", NCRYPT_ALLOW_SIGNING_FLAG);
    NCRYPT_KEY_HANDLE key = make(L"ECDSA_P256", 0);
    NCRYPT_KEY_HANDLE copy = UNTOUCHED;
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PKCS11_RSA_AES_EXPORT_FLAG, 0);
    DWORD bits = 100;
    NCryptBuffer buffer = {sizeof bits, NCRYPTBUFFER_PKCS_AES_KEY_BITS, &bits};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
#define EXPORT(list)                                                                               \
    NCryptExportKey(key, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, list, bytes, sizeof bytes, &n, 0)
    row_begin("a wrapped key");
    tap_status(EXPORT(&list), NTE_INVALID_PARAMETER, "under AES of 100 bits");
    buffer.cbBuffer = 2;
    tap_status(EXPORT(&list), NTE_INVALID_PARAMETER, "of bits in two bytes");
    static WCHAR hash[] = L"NOHASH";
    buffer = (NCryptBuffer){sizeof hash, NCRYPTBUFFER_PKCS_PADDING_ALGO, hash};
    tap(EXPORT(&list) != ERROR_SUCCESS, "with a hash that is none");
    tap_status(EXPORT(NULL), ERROR_SUCCESS, "a good one");
    BCRYPT_PKCS11_RSA_AES_WRAP_BLOB head;
    memcpy(&head, bytes, sizeof head);
    head_turn(&head, sizeof head);
    const DWORD modulus = get_dword(rsa, NCRYPT_LENGTH_PROPERTY) / 8;
    const BYTE *const name = bytes + sizeof head + head.cbKey;
    const DWORD lengths[] = {modulus - 1, modulus,      modulus + 4,
                             modulus + 8, modulus + 16, head.cbKey - 4};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        BYTE blob[2048];
        BCRYPT_PKCS11_RSA_AES_WRAP_BLOB cut = head;
        cut.cbKey = lengths[i];
        memcpy(blob, &cut, sizeof cut);
        head_turn(blob, sizeof cut);
        memcpy(blob + sizeof cut, bytes + sizeof cut, cut.cbKey);
        memcpy(blob + sizeof cut + cut.cbKey, name, head.cbPaddingAlgId);
        tap_status(NCryptImportKey(provider, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy,
                                   blob, (DWORD)sizeof cut + cut.cbKey + head.cbPaddingAlgId, 0),
                   NTE_BAD_DATA, "is cut");
    }
    tap_status(NCryptImportKey(provider, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy,
                               bytes, n - 1, 0),
               NTE_BAD_DATA, "lacks a byte");
    tap_status(NCryptImportKey(provider, key, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy,
                               bytes, n, 0),
               NTE_INVALID_PARAMETER, "for a key that is not RSA's");
    tap_status(
        NCryptImportKey(provider, 0, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy, bytes, n, 0),
        NTE_INVALID_PARAMETER, "for none");
    tap_status(NCryptImportKey(provider, closed, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy,
                               bytes, n, 0),
               NTE_PERM, "for one that may not decrypt");
    tap(copy == UNTOUCHED, "no key is made of any of them");
    NCryptFreeObject(key);
    NCryptFreeObject(closed);
    NCryptFreeObject(rsa);
}

static void opaque(void)
{
    static const struct {
        DWORD at; /* of the header's numbers: a mark, a version, whose store */
        BYTE value;
        SECURITY_STATUS status;
    } rows[] = {{0, 0, NTE_INVALID_PARAMETER}, {4, 9, NTE_BAD_VER}, {8, 9, NTE_BAD_DATA}};
    NCRYPT_KEY_HANDLE key = make(L"ECDSA_P256", 0);
    NCRYPT_KEY_HANDLE copy = UNTOUCHED;
    row_begin("an opaque blob");
    BYTE *blob = export_blob(key, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &n);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        BYTE was = blob[rows[i].at];
        blob[rows[i].at] = rows[i].value;
        tap_status(
            NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &copy, blob, n, 0),
            rows[i].status, "with another header");
        blob[rows[i].at] = was;
    }
    static const DWORD lengths[] = {0, 1, 11, 12, 40};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        tap_status(NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &copy, blob,
                                   lengths[i], 0),
                   NTE_BAD_DATA, "that is cut");
    tap(copy == UNTOUCHED, "is no key");
    free(blob);
    NCryptFreeObject(key);
}

static void rules(void)
{
    static WCHAR text[3000];
    for (size_t i = 0; i < 2999; i++)
        text[i] = 'L';
    NCRYPT_KEY_HANDLE key = make(L"ECDSA_P256", 0);
    WCHAR rule[] = L"LOCAL=user";
    DWORD flags = 0;
    NCryptBuffer buffers[] = {
        {sizeof rule - 1, NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING, rule},
        {sizeof flags, NCRYPTBUFFER_PROTECTION_FLAGS, &flags},
    };
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 2, buffers};
#define PROTECT() NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0)
    row_begin("a rule");
    /* On the way to a registered provider with characters of another width such an end is lost. */
    if (!is_registered)
        tap_status(PROTECT(), NTE_INVALID_PARAMETER, "that ends within a character");
    buffers[0].cbBuffer = sizeof text;
    buffers[0].pvBuffer = text;
    tap(PROTECT() != ERROR_SUCCESS, "of three thousand characters");
    buffers[0].cbBuffer = sizeof rule - sizeof(WCHAR);
    buffers[0].pvBuffer = rule;
    tap_status(PROTECT(), ERROR_SUCCESS, "without its NUL");
    flags = NCRYPT_MACHINE_KEY_FLAG;
    tap_status(PROTECT(), NTE_BAD_FLAGS, "the machine's, which has no name");
    flags = 0;
    buffers[1].cbBuffer = 2;
    tap_status(PROTECT(), NTE_INVALID_PARAMETER, "with flags of two bytes");
    NCryptFreeObject(key);
}

int main(void)
{
    store_begin();
    provider = provider_open();
    numbers();
    lengths();
    group();
    security();
    machine();
    policies();
    material();
    cipher_paddings();
    authenticated();
    usages();
    passwords();
    costs();
    montgomery();
    wrapped();
    opaque();
    rules();
    row_begin("the end");
    tap_status(NCryptFreeObject(provider), ERROR_SUCCESS, "is freed");
    return tap_done();
}
