/*
 * The life of every algorithm's keys in the key store, walked over rows: without a name and with one, through all
 * blobs, and through a second process that opens the key by name.
 */
#include "conform_ncrypt.h"

#include <errno.h>
#include <sys/wait.h>

enum ability { SIGNS = 1, DECRYPTS = 2, AGREES = 4, ENCAPSULATES = 8, CIPHERS = 16, DERIVES = 32 };

struct row {
    const char *label;
    LPCWSTR alg;
    LPCWSTR group;
    DWORD length;     /* 0: not set */
    LPCWSTR property; /* that decides what is generated; NULL: none */
    LPCWSTR value;
    int abilities;
    DWORD sign_flags;
    LPCWSTR blobs[4]; /* private ones, ended by NULL */
};

static const struct row rows[] = {
    {"RSA",
     L"RSA",
     L"RSA",
     1024,
     NULL,
     NULL,
     SIGNS | DECRYPTS,
     NCRYPT_PAD_PKCS1_FLAG,
     {L"RSAPRIVATEBLOB", L"RSAFULLPRIVATEBLOB", L"CAPIPRIVATEBLOB"}},
    {"DSA", L"DSA", L"DSA", 1024, NULL, NULL, SIGNS, 0, {L"DSAPRIVATEBLOB", L"PRIVATEBLOB"}},
    {"DH", L"DH", L"DH", 1024, NULL, NULL, AGREES, 0, {L"DHPRIVATEBLOB", L"PRIVATEBLOB"}},
    {"ECDSA_P256",
     L"ECDSA_P256",
     L"ECDSA",
     0,
     NULL,
     NULL,
     SIGNS,
     0,
     {L"ECCPRIVATEBLOB", L"ECCFULLPRIVATEBLOB", L"PRIVATEBLOB"}},
    {"ECDSA_P384", L"ECDSA_P384", L"ECDSA", 0, NULL, NULL, SIGNS, 0, {L"ECCPRIVATEBLOB"}},
    {"ECDSA_P521", L"ECDSA_P521", L"ECDSA", 0, NULL, NULL, SIGNS, 0, {L"ECCPRIVATEBLOB"}},
    {"ECDSA secP256k1",
     L"ECDSA",
     L"ECDSA",
     0,
     L"ECCCurveName",
     L"secP256k1",
     SIGNS,
     0,
     {L"ECCFULLPRIVATEBLOB"}},
    {"ECDSA nistP256",
     L"ECDSA",
     L"ECDSA",
     0,
     L"ECCCurveName",
     L"nistP256",
     SIGNS,
     0,
     {L"ECCPRIVATEBLOB", L"ECCFULLPRIVATEBLOB"}},
    {"ECDH_P256", L"ECDH_P256", L"ECDH", 0, NULL, NULL, AGREES | SIGNS, 0, {L"ECCPRIVATEBLOB"}},
    {"ECDH_P521", L"ECDH_P521", L"ECDH", 0, NULL, NULL, AGREES | SIGNS, 0, {L"ECCPRIVATEBLOB"}},
    {"ECDH brainpoolP256r1",
     L"ECDH",
     L"ECDH",
     0,
     L"ECCCurveName",
     L"brainpoolP256r1",
     AGREES | SIGNS,
     0,
     {L"ECCFULLPRIVATEBLOB"}},
    {"ECDH curve25519", L"ECDH", L"ECDH", 0, L"ECCCurveName", L"curve25519", AGREES, 0, {NULL}},
    {"ML-DSA 44",
     L"ML-DSA",
     L"MLDSA",
     0,
     L"ParameterSetName",
     L"44",
     SIGNS,
     0,
     {L"PQDSAPRIVATEBLOB", L"PQDSAPRIVATESEEDBLOB", L"PQPrivateKeyBlob"}},
    {"ML-KEM 768",
     L"ML-KEM",
     L"MLKEM",
     0,
     L"ParameterSetName",
     L"768",
     ENCAPSULATES,
     0,
     {L"MLKEMPRIVATEBLOB", L"MLKEMPRIVATESEEDBLOB", L"PQPrivateKeyBlob"}},
    {"SLH-DSA SHA2-128f",
     L"SLH-DSA",
     L"SLHDSA",
     0,
     L"ParameterSetName",
     L"SHA2-128f",
     SIGNS,
     0,
     {L"PQDSAPRIVATEBLOB"}},
    {"AES-128", L"AES", L"AES", 128, NULL, NULL, CIPHERS, 0, {L"CipherKeyBlob"}},
    {"AES", L"AES", L"AES", 0, NULL, NULL, CIPHERS, 0, {L"CipherKeyBlob"}},
    {"3DES", L"3DES", L"DES", 0, NULL, NULL, CIPHERS, 0, {L"CipherKeyBlob"}},
    {"PBKDF2", L"PBKDF2", L"KEY_DERIVATION", 0, NULL, NULL, DERIVES, 0, {L"KDFKeyBlob"}},
};

static NCRYPT_PROV_HANDLE provider;
static const char *program;

/* ---- what a key can do ---------------------------------------------------------------------- */

static BYTE message[32] = "thirty-two bytes of a hash value";

static BYTE *sign(const struct row *r, NCRYPT_KEY_HANDLE key, DWORD *n)
{
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    VOID *info = r->sign_flags == NCRYPT_PAD_PKCS1_FLAG ? &pkcs1 : NULL;
    DWORD hash = text_equal(r->alg, L"DSA") ? 20 : 32;
    if (NCryptSignHash(key, info, message, hash, NULL, 0, n, r->sign_flags) != ERROR_SUCCESS)
        return NULL;
    BYTE *signature = malloc(*n);
    if (signature != NULL &&
        NCryptSignHash(key, info, message, hash, signature, *n, n, r->sign_flags) == ERROR_SUCCESS)
        return signature;
    free(signature);
    return NULL;
}

static SECURITY_STATUS verify(const struct row *r, NCRYPT_KEY_HANDLE key, BYTE *signature, DWORD n)
{
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    VOID *info = r->sign_flags == NCRYPT_PAD_PKCS1_FLAG ? &pkcs1 : NULL;
    DWORD hash = text_equal(r->alg, L"DSA") ? 20 : 32;
    return NCryptVerifySignature(key, info, message, hash, signature, n, r->sign_flags);
}

static bool signs(const struct row *r, NCRYPT_KEY_HANDLE private, NCRYPT_KEY_HANDLE public)
{
    DWORD n = 0;
    BYTE *signature = sign(r, private, &n);
    bool good = signature != NULL && verify(r, public, signature, n) == ERROR_SUCCESS;
    if (signature != NULL) {
        signature[n / 2] ^= 1;
        good &= verify(r, public, signature, n) == NTE_BAD_SIGNATURE;
    }
    free(signature);
    return good;
}

static bool decrypts(NCRYPT_KEY_HANDLE private, NCRYPT_KEY_HANDLE public)
{
    BYTE sealed[512];
    BYTE opened[512];
    DWORD n = 0;
    DWORD m = 0;
    return NCryptEncrypt(public, message, 32, NULL, sealed, sizeof sealed, &n,
                         NCRYPT_PAD_PKCS1_FLAG) == ERROR_SUCCESS &&
           NCryptDecrypt(private, sealed, n, NULL, opened, sizeof opened, &m,
                         NCRYPT_PAD_PKCS1_FLAG) == ERROR_SUCCESS &&
           m == 32 && memcmp(opened, message, 32) == 0;
}

static bool agrees(NCRYPT_KEY_HANDLE private, NCRYPT_KEY_HANDLE public)
{
    NCRYPT_SECRET_HANDLE one = 0;
    NCRYPT_SECRET_HANDLE two = 0;
    BYTE a[64];
    BYTE b[64];
    DWORD n = 0;
    DWORD m = 0;
    WCHAR hash[] = BCRYPT_SHA256_ALGORITHM;
    NCryptBuffer buffer = {sizeof hash, KDF_HASH_ALGORITHM, hash};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    bool good = NCryptSecretAgreement(private, public, &one, 0) == ERROR_SUCCESS &&
                NCryptSecretAgreement(private, private, &two, 0) == ERROR_SUCCESS &&
                NCryptDeriveKey(one, BCRYPT_KDF_HASH, &list, a, sizeof a, &n, 0) == ERROR_SUCCESS &&
                NCryptDeriveKey(two, BCRYPT_KDF_HASH, &list, b, sizeof b, &m, 0) == ERROR_SUCCESS &&
                n == 32 && m == 32 && memcmp(a, b, 32) == 0;
    good &= NCryptFreeObject(one) == ERROR_SUCCESS && NCryptFreeObject(two) == ERROR_SUCCESS;
    return good;
}

static bool encapsulates(NCRYPT_KEY_HANDLE private, NCRYPT_KEY_HANDLE public)
{
    BYTE a[64];
    BYTE b[64];
    BYTE sealed[2048];
    DWORD n = 0;
    DWORD m = 0;
    DWORD c = 0;
    return NCryptEncapsulate(public, a, sizeof a, &n, sealed, sizeof sealed, &c, 0) ==
               ERROR_SUCCESS &&
           NCryptDecapsulate(private, sealed, c, b, sizeof b, &m, 0) == ERROR_SUCCESS && n == 32 &&
           m == 32 && memcmp(a, b, 32) == 0;
}

/* Two handles of one key with the same chaining value. */
static bool ciphers(NCRYPT_KEY_HANDLE one, NCRYPT_KEY_HANDLE two)
{
    BYTE iv[16] = {3};
    BYTE sealed[32];
    BYTE opened[32];
    DWORD n = 0;
    DWORD block = get_dword(one, NCRYPT_BLOCK_LENGTH_PROPERTY);
    bool good = block == 8 || block == 16;
    NCRYPT_KEY_HANDLE keys[] = {one, two};
    for (size_t i = 0; good && i < 2; i++)
        good =
            set_text(keys[i], NCRYPT_CHAINING_MODE_PROPERTY, BCRYPT_CHAIN_MODE_CBC, 0) ==
                ERROR_SUCCESS &&
            NCryptSetProperty(keys[i], NCRYPT_INITIALIZATION_VECTOR, iv, block, 0) == ERROR_SUCCESS;
    good = good && NCryptEncrypt(one, message, 16, NULL, sealed, 16, &n, 0) == ERROR_SUCCESS &&
           n == 16 &&
           NCryptEncrypt(one, message + 16, 16, NULL, sealed + 16, 16, &n, 0) == ERROR_SUCCESS;
    if (one == two)
        good = good &&
               NCryptSetProperty(two, NCRYPT_INITIALIZATION_VECTOR, iv, block, 0) == ERROR_SUCCESS;
    good = good && NCryptDecrypt(two, sealed, 32, NULL, opened, 32, &n, 0) == ERROR_SUCCESS &&
           n == 32 && memcmp(opened, message, 32) == 0;

    NCRYPT_CIPHER_PADDING_INFO info = {.cbSize = sizeof info,
                                       .dwFlags = NCRYPT_CIPHER_BLOCK_PADDING_FLAG,
                                       .pbIV = iv,
                                       .cbIV = block};
    BYTE padded[48];
    good = good &&
           NCryptEncrypt(one, message, 17, &info, padded, sizeof padded, &n,
                         NCRYPT_PAD_CIPHER_FLAG) == ERROR_SUCCESS &&
           n == 17 - 17 % block + block;
    memset(iv, 0, sizeof iv);
    iv[0] = 3;
    return good &&
           NCryptDecrypt(two, padded, n, &info, opened, sizeof opened, &n,
                         NCRYPT_PAD_CIPHER_FLAG) == ERROR_SUCCESS &&
           n == 17 && memcmp(opened, message, 17) == 0;
}

static bool derives(NCRYPT_KEY_HANDLE one, NCRYPT_KEY_HANDLE two)
{
    WCHAR hash[] = BCRYPT_SHA256_ALGORITHM;
    BYTE salt[8] = {1};
    ULONGLONG count = 1000;
    NCryptBuffer buffers[] = {{sizeof hash, KDF_HASH_ALGORITHM, hash},
                              {sizeof salt, KDF_SALT, salt},
                              {sizeof count, KDF_ITERATION_COUNT, &count}};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 3, buffers};
    BYTE a[20];
    BYTE b[20];
    DWORD n = 0;
    return NCryptKeyDerivation(one, &list, a, sizeof a, &n, 0) == ERROR_SUCCESS && n == sizeof a &&
           NCryptKeyDerivation(two, &list, b, sizeof b, &n, 0) == ERROR_SUCCESS &&
           memcmp(a, b, sizeof a) == 0;
}

/* Whether `private` does everything that the row says, `public` checking it. */
static void use(const struct row *r, NCRYPT_KEY_HANDLE private, NCRYPT_KEY_HANDLE public)
{
    if (r->abilities & SIGNS)
        tap(signs(r, private, public), "signs");
    if (r->abilities & DECRYPTS)
        tap(decrypts(private, public), "decrypts");
    if (r->abilities & AGREES)
        tap(agrees(private, public), "agrees");
    if ((r->abilities & ENCAPSULATES) && is_registered)
        tap_skip("encapsulates", "the published interface has no function for it");
    else if (r->abilities & ENCAPSULATES)
        tap(encapsulates(private, public), "encapsulates");
    if (r->abilities & CIPHERS)
        tap(ciphers(private, public), "encrypts and decrypts");
    if (r->abilities & DERIVES)
        tap(derives(private, public), "derives");
}

/* ---- making, exporting, importing ----------------------------------------------------------- */

static SECURITY_STATUS make(const struct row *r, LPCWSTR name, DWORD policy, DWORD flags,
                            NCRYPT_KEY_HANDLE *key)
{
    SECURITY_STATUS s = NCryptCreatePersistedKey(provider, key, r->alg, name, 0, flags);
    if (s == ERROR_SUCCESS && r->length != 0)
        s = set_dword(*key, NCRYPT_LENGTH_PROPERTY, r->length, 0);
    if (s == ERROR_SUCCESS)
        s = set_dword(*key, NCRYPT_EXPORT_POLICY_PROPERTY, policy, NCRYPT_PERSIST_FLAG);
    if (s == ERROR_SUCCESS && r->property != NULL)
        s = set_text(*key, r->property, r->value, 0);
    if (s == ERROR_SUCCESS && (r->abilities & DERIVES) != 0)
        s = NCryptSetProperty(*key, NCRYPT_KDF_SECRET_VALUE, message, 32, 0);
    return s == ERROR_SUCCESS ? NCryptFinalizeKey(*key, 0) : s;
}

static bool has_public(const struct row *r)
{
    return (r->abilities & (CIPHERS | DERIVES)) == 0;
}

/* The list that names a generic curve, where one is wanted. */
static NCryptBufferDesc *curve_list(const struct row *r, NCryptBufferDesc *list,
                                    NCryptBuffer *buffer)
{
    if (r->property == NULL || !text_equal(r->property, L"ECCCurveName"))
        return NULL;
    *buffer = (NCryptBuffer){text_bytes(r->value), NCRYPTBUFFER_ECC_CURVE_NAME, (PVOID)r->value};
    *list = (NCryptBufferDesc){NCRYPTBUFFER_VERSION, 1, buffer};
    return list;
}

static void blob_round(const struct row *r, NCRYPT_KEY_HANDLE key, LPCWSTR type)
{
    NCryptBufferDesc list;
    NCryptBuffer buffer;
    NCRYPT_KEY_HANDLE copy = 0;
    DWORD n = 0;
    DWORD m = 0;
    BYTE *blob = export_blob(key, type, NULL, &n);
    tap(blob != NULL, "exports a private blob");
    if (blob == NULL)
        return;
    tap_status(NCryptImportKey(provider, 0, type, curve_list(r, &list, &buffer), &copy, blob, n, 0),
               ERROR_SUCCESS, "imports it");
    use(r, copy, has_public(r) ? key : copy);
    tap(get_dword(copy, NCRYPT_EXPORT_POLICY_PROPERTY) == 0, "which has no export policy");
    set_dword(copy, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0);
    BYTE *again = export_blob(copy, type, NULL, &m);
    tap(again != NULL && n == m && memcmp(blob, again, n) == 0, "and exports the same bytes");
    free(again);
    NCryptFreeObject(copy);
    free(blob);
}

/* Sealed for the store: never the same bytes twice. */
static void opaque_round(const struct row *r, NCRYPT_KEY_HANDLE key)
{
    NCRYPT_KEY_HANDLE copy = 0;
    DWORD n = 0;
    BYTE *blob = export_blob(key, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &n);
    tap(blob != NULL, "exports OpaqueTransport");
    if (blob == NULL)
        return;
    tap_status(NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &copy, blob, n, 0),
               ERROR_SUCCESS, "imports it");
    use(r, copy, has_public(r) ? key : copy);
    tap(get_dword(copy, NCRYPT_EXPORT_POLICY_PROPERTY) == NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG,
        "with its export policy");
    NCryptFreeObject(copy);
    blob[n / 2] ^= 1;
    tap_status(NCryptImportKey(provider, 0, NCRYPT_OPAQUETRANSPORT_BLOB, NULL, &copy, blob, n, 0),
               NTE_BAD_DATA, "a changed one is refused");
    free(blob);
}

static void public_round(const struct row *r, NCRYPT_KEY_HANDLE key)
{
    NCryptBufferDesc list;
    NCryptBuffer buffer;
    NCRYPT_KEY_HANDLE public = 0;
    DWORD n = 0;
    BYTE *blob = export_blob(key, BCRYPT_PUBLIC_KEY_BLOB, NULL, &n);
    tap(blob != NULL, "exports its public blob");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_PUBLIC_KEY_BLOB, curve_list(r, &list, &buffer),
                               &public, blob, n, 0),
               ERROR_SUCCESS, "imports it");
    use(r, key, public);
    if (r->abilities & SIGNS) {
        BYTE out[20000];
        BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
        tap_status(NCryptSignHash(public, r->sign_flags != 0 ? &pkcs1 : NULL, message, 20, out,
                                  sizeof out, &n, r->sign_flags),
                   NTE_NO_KEY, "a public key does not sign");
    }
    NCryptFreeObject(public);
    free(blob);
}

static void nameless(const struct row *r)
{
    NCRYPT_KEY_HANDLE key = 0;
    row_begin("%s, no name", r->label);
    tap_status(make(r, NULL, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0, &key), ERROR_SUCCESS,
               "is made");
    tap(text_is(key, NCRYPT_ALGORITHM_PROPERTY, r->alg), "Algorithm Name");
    tap(text_is(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, r->group), "Algorithm Group");
    if (r->property != NULL)
        tap(text_is(key, r->property, r->value), "what decided about it reads back");
    use(r, key, key);
    if (has_public(r))
        public_round(r, key);
    for (size_t i = 0; i < 4 && r->blobs[i] != NULL; i++)
        blob_round(r, key, r->blobs[i]);
    if (has_public(r))
        blob_round(r, key, NCRYPT_PKCS8_PRIVATE_KEY_BLOB);
    opaque_round(r, key);
    tap(NCryptIsKeyHandle(key), "is a key's handle");
    tap_status(NCryptFreeObject(key), ERROR_SUCCESS, "is freed");
    tap(!NCryptIsKeyHandle(key), "is none any more");
    tap_status(NCryptFreeObject(key), NTE_INVALID_HANDLE, "is freed once");
}

/* ---- stored keys ---------------------------------------------------------------------------- */

/* The key's name: the row's label, which has spaces and hyphens. */
static void name_of(const struct row *r, WCHAR out[64])
{
    size_t i = 0;
    for (; r->label[i] != '\0' && i < 63; i++)
        out[i] = (WCHAR)r->label[i];
    out[i] = 0;
}

static bool second_process(const struct row *r)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        char number[16];
        snprintf(number, sizeof number, "%d", (int)(r - rows));
        execl(program, program, "open", number, (char *)NULL);
        _exit(127);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void named(const struct row *r)
{
    WCHAR name[64];
    WCHAR unique[64];
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE other = 0;
    DWORD n = 0;
    name_of(r, name);
    row_begin("%s, stored", r->label);
    tap_status(make(r, name, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0, &key), ERROR_SUCCESS,
               "is made");
    tap(text_is(key, NCRYPT_NAME_PROPERTY, name), "Name");
    FILETIME modified = {0};
    tap(NCryptGetProperty(key, NCRYPT_LAST_MODIFIED_PROPERTY, (PBYTE)&modified, sizeof modified, &n,
                          0) == ERROR_SUCCESS &&
            modified.dwHighDateTime != 0,
        "Modified");
    tap_status(NCryptCreatePersistedKey(provider, &other, r->alg, name, 0, 0), NTE_EXISTS,
               "its name is taken");
    tap_status(set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0), NTE_NOT_SUPPORTED,
               "its export policy stays");
    tap_status(set_text(key, L"made up", L"value", NCRYPT_PERSIST_ONLY_FLAG), ERROR_SUCCESS,
               "takes a property of the program's");
    tap_status(NCryptOpenKey(provider, &other, name, 0, 0), ERROR_SUCCESS, "is opened by name");
    use(r, other, has_public(r) ? key : other);
    tap(get_dword(other, NCRYPT_EXPORT_POLICY_PROPERTY) == NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG,
        "with its export policy");
    WCHAR text[16];
    tap(NCryptGetProperty(other, L"made up", (PBYTE)text, sizeof text, &n,
                          NCRYPT_PERSIST_ONLY_FLAG) == ERROR_SUCCESS &&
            text_equal(text, L"value"),
        "with the program's property");
    if (r->property != NULL)
        tap(text_is(other, r->property, r->value), "with what decided about it");
    NCryptFreeObject(other);
    tap(NCryptGetProperty(key, NCRYPT_UNIQUE_NAME_PROPERTY, (PBYTE)unique, sizeof unique, &n, 0) ==
                ERROR_SUCCESS &&
            NCryptOpenKey(provider, &other, unique, 0, 0) == ERROR_SUCCESS,
        "is opened by Unique Name");
    tap(text_is(other, NCRYPT_NAME_PROPERTY, name), "which stands for its name");
    tap(second_process(r), "is opened and used by a second process");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "is deleted");
    tap_status(NCryptFreeObject(key), NTE_INVALID_HANDLE, "which frees the handle");
    use(r, other, other);
    tap_status(NCryptDeleteKey(other, 0), NTE_BAD_KEYSET, "and cannot be deleted again");
    NCryptFreeObject(other);
    tap_status(NCryptOpenKey(provider, &other, name, 0, 0), NTE_BAD_KEYSET, "is gone");
}

/* The second process. */
static int open_and_use(const struct row *r)
{
    WCHAR name[64];
    NCRYPT_KEY_HANDLE key = 0;
    name_of(r, name);
    provider = provider_open();
    row_begin("%s", r->label);
    if (NCryptOpenKey(provider, &key, name, 0, 0) != ERROR_SUCCESS)
        return 1;
    /* its words belong to the first one's report */
    if (freopen("/dev/null", "w", stdout) == NULL)
        return 1;
    use(r, key, key);
    NCryptFreeObject(key);
    NCryptFreeObject(provider);
    return failures != 0;
}

/* ---- what does not depend on the algorithm -------------------------------------------------- */

/* How many keys of that name and spec are enumerated. */
static size_t entries_of(LPCWSTR name, DWORD spec)
{
    size_t n = 0;
    PVOID state = NULL;
    NCryptKeyName *found = NULL;
    while (NCryptEnumKeys(provider, NULL, &found, &state, 0) == ERROR_SUCCESS) {
        n += text_equal(found->pszName, name) && found->dwLegacyKeySpec == spec;
        NCryptFreeBuffer(found);
    }
    NCryptFreeBuffer(state);
    return n;
}

static void names(void)
{
    row_begin("names of keys");
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE other = 0;
    tap_status(make(&rows[3], L"Case", 0, 0, &key), ERROR_SUCCESS, "a key");
    NCryptFreeObject(key);
    tap_status(NCryptOpenKey(provider, &key, L"CASE", 0, 0), ERROR_SUCCESS,
               "is found without regard to case");
    tap(text_is(key, NCRYPT_NAME_PROPERTY, L"Case"), "and keeps its spelling");
    NCryptDeleteKey(key, 0);
    WCHAR lengthy[600];
    for (size_t i = 0; i < 513; i++)
        lengthy[i] = 'n';
    lengthy[513] = 0;
    tap_status(make(&rows[3], lengthy, 0, 0, &key), NTE_INVALID_PARAMETER, "513 characters");
    lengthy[512] = 0;
    tap_status(make(&rows[3], lengthy, 0, 0, &key), ERROR_SUCCESS, "512 characters");
    NCryptDeleteKey(key, 0);
    tap_status(make(&rows[3], L"", 0, 0, &key), NTE_INVALID_PARAMETER, "the empty name");
    static const LPCWSTR odd[] = {L"../../etc/passwd", L"a/b\\c:d*", L".", L"\x4e2d\x6587 \xe9"};
    for (size_t i = 0; i < 4; i++) {
        tap_status(make(&rows[3], odd[i], 0, 0, &key), ERROR_SUCCESS, "an odd name");
        NCryptFreeObject(key);
        tap(NCryptOpenKey(provider, &key, odd[i], 0, 0) == ERROR_SUCCESS &&
                text_is(key, NCRYPT_NAME_PROPERTY, odd[i]),
            "is found again");
        NCryptDeleteKey(key, 0);
    }

    row_begin("key specs");
    tap(NCryptCreatePersistedKey(provider, &key, L"RSA", L"container", AT_SIGNATURE, 0) ==
                ERROR_SUCCESS &&
            NCryptFinalizeKey(key, 0) == ERROR_SUCCESS,
        "AT_SIGNATURE");
    static const DWORD specs[] = {0, AT_KEYEXCHANGE, AT_SIGNATURE};
    for (size_t i = 0; i < COUNT(specs); i++) {
        tap_status(NCryptCreatePersistedKey(provider, &other, L"RSA", L"container", specs[i], 0),
                   NTE_EXISTS, "the name is taken, whatever the spec");
        tap_status(NCryptOpenKey(provider, &other, L"container", specs[i], 0), ERROR_SUCCESS,
                   "and opens the key");
        tap(signs(&rows[0], other, key), "which is the same");
        NCryptFreeObject(other);
    }
    tap(entries_of(L"container", AT_SIGNATURE) == 1, "its spec is told");
    tap_status(make(&rows[0], L"container", 0, NCRYPT_OVERWRITE_KEY_FLAG, &other), ERROR_SUCCESS,
               "another without a spec takes its place");
    tap(entries_of(L"container", AT_SIGNATURE) == 0 && entries_of(L"container", 0) == 1, "alone");
    tap_status(NCryptDeleteKey(key, 0), NTE_BAD_KEYSET, "the old handle does not delete it");
    NCryptFreeObject(key);
    tap_status(NCryptOpenKey(provider, &key, L"container", AT_SIGNATURE, 0), ERROR_SUCCESS,
               "the name opens it");
    tap(signs(&rows[0], key, other), "as any name does");
    NCryptFreeObject(other);
    NCryptDeleteKey(key, 0);
    tap_status(NCryptOpenKey(provider, &key, L"container", 0, 0), NTE_BAD_KEYSET, "it is deleted");
    tap_status(NCryptCreatePersistedKey(provider, &key, L"RSA", L"container", 3, 0),
               NTE_INVALID_PARAMETER, "another spec");

    row_begin("NCRYPT_OVERWRITE_KEY_FLAG");
    tap_status(make(&rows[3], L"twice", 0, 0, &key), ERROR_SUCCESS, "a key");
    DWORD n = 0;
    DWORD m = 0;
    BYTE *first = export_blob(key, BCRYPT_PUBLIC_KEY_BLOB, NULL, &n);
    tap_status(make(&rows[3], L"twice", 0, NCRYPT_OVERWRITE_KEY_FLAG, &other), ERROR_SUCCESS,
               "is replaced");
    NCryptFreeObject(other);
    tap_status(NCryptOpenKey(provider, &other, L"twice", 0, 0), ERROR_SUCCESS, "by another");
    BYTE *second = export_blob(other, BCRYPT_PUBLIC_KEY_BLOB, NULL, &m);
    tap(n == m && memcmp(first, second, n) != 0, "which is a different one");
    free(first);
    free(second);
    tap_status(NCryptDeleteKey(key, 0), NTE_BAD_KEYSET, "the old handle does not delete it");
    NCryptFreeObject(key);
    NCryptDeleteKey(other, 0);

    row_begin("a name that is taken between create and finalize");
    tap_status(NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"race", 0, 0),
               ERROR_SUCCESS, "one");
    tap_status(make(&rows[3], L"race", 0, 0, &other), ERROR_SUCCESS, "another is faster");
    tap_status(NCryptFinalizeKey(key, 0), NTE_EXISTS, "finalize says so");
    tap_status(NCryptFinalizeKey(key, 0), NTE_EXISTS, "and the key is still building");
    NCryptDeleteKey(other, 0);
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "it finalizes when the name is free");
    NCryptDeleteKey(key, 0);
}

static void enumeration(void)
{
    row_begin("NCryptEnumKeys");
    NCryptKeyName *found = NULL;
    PVOID state = NULL;
    tap_status(NCryptEnumKeys(provider, NULL, &found, &state, 0), NTE_NO_MORE_ITEMS,
               "an empty store");
    if (state != NULL)
        tap_status(NCryptFreeBuffer(state), ERROR_SUCCESS, "its state is freed");
    NCRYPT_KEY_HANDLE keys[3];
    static const LPCWSTR names_of_keys[] = {L"one", L"two", L"three"};
    for (size_t i = 0; i < 3; i++)
        make(&rows[3], names_of_keys[i], 0, 0, &keys[i]);
    state = NULL;
    int seen = 0;
    SECURITY_STATUS s;
    while ((s = NCryptEnumKeys(provider, NULL, &found, &state, NCRYPT_SILENT_FLAG)) ==
           ERROR_SUCCESS) {
        for (size_t i = 0; i < 3; i++)
            seen |= text_equal(found->pszName, names_of_keys[i]) &&
                            text_equal(found->pszAlgid, L"ECDSA_P256") &&
                            found->dwLegacyKeySpec == 0 && found->dwFlags == 0
                        ? 1 << i
                        : 0;
        NCryptFreeBuffer(found);
    }
    tap_status(s, NTE_NO_MORE_ITEMS, "ends with NTE_NO_MORE_ITEMS");
    tap(seen == 7, "after every key");
    tap_status(NCryptFreeBuffer(state), ERROR_SUCCESS, "the caller frees the state");
    tap_status(NCryptFreeBuffer(state), NTE_INVALID_PARAMETER, "once");
    int local = 0;
    state = &local;
    tap_status(NCryptEnumKeys(provider, NULL, &found, &state, 0), NTE_INVALID_PARAMETER,
               "a state that no call left");
    for (size_t i = 0; i < 3; i++)
        NCryptDeleteKey(keys[i], 0);
}

static bool context_found;

static int look_for_context(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    static const char context[] = {'t', 'h', 'e', ' ', 'p', 'r', 'o', 'p', 'e', 'r', 't',
                                   'y', ' ', 'U', 's', 'e', ' ', 'C', 'o', 'n', 't', 'e',
                                   'x', 't', 'c', 'o', 'n', 't', 'e', 'x', 't'};
    static BYTE file[4096];
    (void)st;
    (void)ftw;
    FILE *f = flag == FTW_F ? fopen(path, "rb") : NULL;
    if (f == NULL)
        return 0;
    size_t n = fread(file, 1, sizeof file, f);
    fclose(f);
    context_found |= memmem(file, n, context, sizeof context) != NULL;
    return 0;
}

static void policies(void)
{
    row_begin("policies");
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    tap(NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"policies", 0, 0) ==
                ERROR_SUCCESS &&
            set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PLAINTEXT_ARCHIVING_FLAG,
                      0) == ERROR_SUCCESS &&
            set_dword(key, NCRYPT_KEY_USAGE_PROPERTY, NCRYPT_ALLOW_DECRYPT_FLAG, 0) ==
                ERROR_SUCCESS,
        "a key for one export, that may not sign");
    static const NCRYPT_UI_POLICY ui = {1, NCRYPT_UI_PROTECT_KEY_FLAG, L"title", L"friendly",
                                        L"description"};
    tap_status(NCryptSetProperty(key, NCRYPT_UI_POLICY_PROPERTY, (PBYTE)&ui, sizeof ui, 0),
               ERROR_SUCCESS, "with a UI policy");
    tap_status(set_text(key, NCRYPT_USE_CONTEXT_PROPERTY, L"context", NCRYPT_PERSIST_FLAG),
               ERROR_SUCCESS, "and a context");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "is made");
    tap_status(set_dword(key, NCRYPT_KEY_USAGE_PROPERTY, 3, 0), NTE_NOT_SUPPORTED,
               "its usage stays");
    BYTE out[256];
    tap_status(NCryptSignHash(key, NULL, message, 32, out, sizeof out, &n, 0), NTE_PERM,
               "does not sign");
    tap_status(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, out, sizeof out, &n, 0),
               NTE_SILENT_CONTEXT, "nobody can be asked for the export");
    tap_status(set_text(key, NCRYPT_PIN_PROPERTY, L"1234", 0), ERROR_SUCCESS, "the PIN");
    tap_status(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, NULL, 0, &n, 0), ERROR_SUCCESS,
               "asking for the size");
    tap_status(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, out, sizeof out, &n, 0),
               ERROR_SUCCESS, "is exported once");
    tap_status(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, out, sizeof out, &n, 0),
               NTE_NOT_SUPPORTED, "and no more");
    NCryptFreeObject(key);

    tap_status(NCryptOpenKey(provider, &key, L"policies", 0, 0), ERROR_SUCCESS, "opened again");
    struct guarded g = guarded_new(1024);
    tap_status(NCryptGetProperty(key, NCRYPT_UI_POLICY_PROPERTY, g.p, 8, &n, 0),
               NTE_BUFFER_TOO_SMALL, "its UI policy has a size");
    tap_status(NCryptGetProperty(key, NCRYPT_UI_POLICY_PROPERTY, g.p, n, &n, 0), ERROR_SUCCESS,
               "its UI policy");
    NCRYPT_UI_POLICY back;
    memcpy(&back, g.p, sizeof back);
    tap(back.dwVersion == 1 && back.dwFlags == NCRYPT_UI_PROTECT_KEY_FLAG &&
            text_equal(back.pszFriendlyName, L"friendly") &&
            text_equal(back.pszDescription, L"description") &&
            (const BYTE *)back.pszDescription < g.p + n,
        "has the texts, in the caller's buffer");
    tap(guarded_intact(&g), "and nothing around it");
    guarded_free(&g);
    tap(text_is(key, NCRYPT_USE_CONTEXT_PROPERTY, L"context"), "its context");
    nftw(store_home, look_for_context, 16, FTW_PHYS);
    tap(context_found, "which the file has in UTF-8, apart from what programs name");
    tap_status(NCryptExportKey(key, 0, BCRYPT_ECCPRIVATE_BLOB, NULL, out, sizeof out, &n, 0),
               NTE_NOT_SUPPORTED, "archiving is for the handle that made it");
    tap_status(NCryptGetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, out, sizeof out, &n,
                                 OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION),
               ERROR_SUCCESS, "its security descriptor");
    tap_status(
        NCryptSetProperty(key, NCRYPT_SECURITY_DESCR_PROPERTY, out, n, DACL_SECURITY_INFORMATION),
        ERROR_SUCCESS, "which can be set to what it is");
    NCryptDeleteKey(key, 0);
}

/* The key is made of a blob after everything else was said about it. */
static void blob_as_property(void)
{
    row_begin("a blob as a property");
    NCRYPT_KEY_HANDLE from = 0;
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    make(&rows[3], NULL, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0, &from);
    BYTE *blob = export_blob(from, BCRYPT_ECCPRIVATE_BLOB, NULL, &n);
    tap(NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"blob", 0, 0) == ERROR_SUCCESS &&
            NCryptSetProperty(key, BCRYPT_ECCPRIVATE_BLOB, blob, n, 0) == ERROR_SUCCESS &&
            set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0) == ERROR_SUCCESS &&
            NCryptFinalizeKey(key, 0) == ERROR_SUCCESS,
        "makes the key");
    tap(signs(&rows[3], key, from), "which is the blob's");
    NCryptFreeObject(key);
    tap(NCryptOpenKey(provider, &key, L"blob", 0, 0) == ERROR_SUCCESS && signs(&rows[3], key, from),
        "and stored");
    NCryptDeleteKey(key, 0);

    row_begin("an import with a name");
    WCHAR name[] = L"imported";
    NCryptBuffer buffer = {sizeof name, NCRYPTBUFFER_PKCS_KEY_NAME, name};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    tap_status(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, &list, &key, blob, n, 0),
               ERROR_SUCCESS, "is stored");
    NCryptFreeObject(key);
    tap_status(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, &list, &key, blob, n, 0),
               NTE_EXISTS, "once");
    tap_status(NCryptImportKey(provider, 0, BCRYPT_ECCPRIVATE_BLOB, &list, &key, blob, n,
                               NCRYPT_OVERWRITE_KEY_FLAG | NCRYPT_DO_NOT_FINALIZE_FLAG),
               ERROR_SUCCESS, "or overwritten, and not finalized");
    BYTE out[64];
    tap_status(NCryptSignHash(key, NULL, message, 32, out, sizeof out, &n, 0), NTE_BAD_KEY_STATE,
               "which does not sign yet");
    tap_status(set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 2, 0), ERROR_SUCCESS,
               "takes properties");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "and is finalized");
    tap(signs(&rows[3], key, from), "then it signs");
    NCryptDeleteKey(key, 0);
    NCryptFreeObject(from);
    free(blob);
}

/* A key for the owner of an RSA key. */
static void wrapped(void)
{
    row_begin("PKCS11RsaAesWrapBlob");
    NCRYPT_KEY_HANDLE rsa = 0;
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE copy = 0;
    BYTE blob[2048];
    DWORD n = 0;
    DWORD m = 0;
    make(&rows[0], NULL, 0, 0, &rsa);
    make(&rows[3], NULL, 0, 0, &key);
    static const DWORD others[] = {0, NCRYPT_ALLOW_EXPORT_FLAG, NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG,
                                   NCRYPT_ALLOW_ARCHIVING_FLAG,
                                   NCRYPT_ALLOW_PLAINTEXT_ARCHIVING_FLAG};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, others[i], 0);
        tap_status(
            NCryptExportKey(key, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, NULL, 0, &n, 0),
            NTE_NOT_SUPPORTED, "wants its own bit of the export policy");
    }
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_PKCS11_RSA_AES_EXPORT_FLAG, 0);
    tap_status(NCryptExportKey(key, 0, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, NULL, 0, &n, 0),
               NTE_INVALID_PARAMETER, "and a key that wraps");
    tap_status(NCryptExportKey(key, key, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, NULL, 0, &n, 0),
               NTE_INVALID_PARAMETER, "of RSA");
    tap_status(NCryptExportKey(key, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, NULL, 0, &n, 0),
               ERROR_SUCCESS, "tells its size");
    tap(NCryptExportKey(key, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, blob, n, &m, 0) ==
                ERROR_SUCCESS &&
            n == m,
        "is written");
    static const BYTE sha256[] = {'S', 0, 'H', 0, 'A', 0, '2', 0, '5', 0, '6', 0, 0, 0};
    tap(memcmp(blob + n - sizeof sha256, sha256, sizeof sha256) == 0,
        "names its hash in UTF-16, little-endian");
    tap_status(NCryptImportKey(provider, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy,
                               blob, n, 0),
               ERROR_SUCCESS, "is read");
    tap(signs(&rows[3], copy, key), "and is the same key");
    NCryptFreeObject(copy);
    static const DWORD places[] = {20, 150, 300};
    for (size_t i = 0; i < 3; i++) {
        blob[places[i]] ^= 1;
        tap_status(NCryptImportKey(provider, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy,
                                   blob, n, 0),
                   NTE_BAD_DATA, "a changed one is refused");
        blob[places[i]] ^= 1;
    }
    WCHAR hash[] = BCRYPT_SHA1_ALGORITHM;
    DWORD bits = 128;
    char label[] = "label";
    NCryptBuffer buffers[] = {{sizeof hash, NCRYPTBUFFER_PKCS_PADDING_ALGO, hash},
                              {sizeof bits, NCRYPTBUFFER_PKCS_AES_KEY_BITS, &bits},
                              {5, NCRYPTBUFFER_PKCS_PADDING_LABEL, label}};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 3, buffers};
    tap(NCryptExportKey(key, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, &list, blob, sizeof blob, &n,
                        0) == ERROR_SUCCESS &&
            NCryptImportKey(provider, rsa, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, NULL, &copy, blob,
                            n, 0) == ERROR_SUCCESS &&
            signs(&rows[3], copy, key),
        "with another hash, key size and label");
    NCryptFreeObject(copy);
    NCryptFreeObject(key);
    NCryptFreeObject(rsa);
}

static void legacy(void)
{
    row_begin("NCRYPT_WRITE_KEY_TO_LEGACY_STORE_FLAG");
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE other = 0;
    NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"legacy", 0, 0);
    tap_status(NCryptFinalizeKey(key, NCRYPT_WRITE_KEY_TO_LEGACY_STORE_FLAG), NTE_NOT_SUPPORTED,
               "RSA only");
    NCryptFreeObject(key);
    NCryptCreatePersistedKey(provider, &key, L"RSA", L"legacy", 0, 0);
    tap_status(NCryptFinalizeKey(key, NCRYPT_WRITE_KEY_TO_LEGACY_STORE_FLAG), ERROR_SUCCESS,
               "an RSA key");
    tap_status(NCryptOpenKey(provider, &other, L"legacy", AT_KEYEXCHANGE, 0), ERROR_SUCCESS,
               "is stored as a container's key too");
    tap(signs(&rows[0], other, key), "which is the same key");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "the key is deleted");
    tap_status(NCryptOpenKey(provider, &key, L"legacy", 0, 0), ERROR_SUCCESS,
               "its name opens the container");
    tap_status(NCryptCreatePersistedKey(provider, &other, L"RSA", L"legacy", 0, 0), NTE_EXISTS,
               "and is taken");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "until that is deleted");
    tap_status(NCryptOpenKey(provider, &key, L"legacy", 0, 0), NTE_BAD_KEYSET, "it is free");
    NCryptFreeObject(other);
}

static void provider_first(void)
{
    row_begin("a provider that is freed before its key");
    NCRYPT_PROV_HANDLE p = provider_open();
    NCRYPT_PROV_HANDLE back = 0;
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    NCryptCreatePersistedKey(p, &key, L"ECDSA_P256", L"orphan", 0, 0);
    NCryptFinalizeKey(key, 0);
    tap_status(NCryptFreeObject(p), ERROR_SUCCESS, "is freed");
    tap(signs(&rows[3], key, key), "the key works");
    tap(NCryptGetProperty(key, NCRYPT_PROVIDER_HANDLE_PROPERTY, (PBYTE)&back, sizeof back, &n, 0) ==
                ERROR_SUCCESS &&
            text_is(back, NCRYPT_NAME_PROPERTY, provider_name()),
        "and gives a provider again");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "the key is deleted");
    tap_status(NCryptFreeObject(back), ERROR_SUCCESS, "the provider is freed");
    tap_status(NCryptFreeObject(back), NTE_INVALID_HANDLE, "once");
}

/* TLS's blob of a public point names the curve and no algorithm: what it becomes verifies and agrees. */
static void tls_point(void)
{
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE peer = 0;
    BYTE hash[32] = {1};
    BYTE signature[64];
    DWORD n = 0;
    DWORD again = 0;
    row_begin("SSLECCPUBLICBLOB");
    NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", NULL, 0, 0);
    NCryptFinalizeKey(key, 0);
    BYTE *blob = export_blob(key, L"SSLECCPUBLICBLOB", NULL, &n);
    tap(blob != NULL, "is exported");
    if (blob == NULL)
        return;
    tap_status(NCryptImportKey(provider, 0, L"SSLECCPUBLICBLOB", NULL, &peer, blob, n, 0),
               ERROR_SUCCESS, "is imported");
    BYTE *back = export_blob(peer, L"SSLECCPUBLICBLOB", NULL, &again);
    tap(back != NULL && again == n && memcmp(back, blob, n) == 0, "comes back the same");
    tap_status(NCryptSignHash(key, NULL, hash, sizeof hash, signature, sizeof signature, &again, 0),
               ERROR_SUCCESS, "its key signs");
    tap_status(NCryptVerifySignature(peer, NULL, hash, sizeof hash, signature, again, 0),
               ERROR_SUCCESS, "and it verifies");
    NCryptFreeObject(peer);
    tap(NCryptImportKey(provider, 0, L"SSLECCPUBLICBLOB", NULL, &peer, blob, n - 1, 0) !=
            ERROR_SUCCESS,
        "is refused when it is cut");
    free(blob);
    free(back);
    NCryptFreeObject(key);
}

int main(int argc, char **argv)
{
    (void)argc;
    program = argv[0];
    if (argc == 3 && strcmp(argv[1], "open") == 0)
        return open_and_use(&rows[atoi(argv[2])]);
    store_begin();
    provider = provider_open();
    enumeration();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (NCryptIsAlgSupported(provider, rows[i].alg, 0) != ERROR_SUCCESS) {
            row_begin("%s", rows[i].label);
            tap_skip("everything", "the installed libcrypto lacks it");
            continue;
        }
        nameless(&rows[i]);
        named(&rows[i]);
    }
    names();
    policies();
    blob_as_property();
    wrapped();
    tls_point();
    legacy();
    provider_first();
    NCryptFreeObject(provider);
    return tap_done();
}
