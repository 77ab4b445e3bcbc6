/*
 * Registered key stores: how they are found and loaded, and what becomes of one that breaks its contract
 * (provider_contrary.c). Whatever it does, the program is told so, nothing is written outside of buffers, and what
 * the store gave out is given back to it.
 */
#include "conform_ncrypt.h"

#include <bcrypt_provider.h>
#include <ncrypt_provider.h>

#include <fcntl.h>

static const NCRYPT_HANDLE UNTOUCHED = 0x5A5A5A50;

/* A name in plain text, as wide characters. */
static LPCWSTR wide(const char *s)
{
    static WCHAR text[128];
    size_t n = 0;
    do
        text[n] = (WCHAR)(unsigned char)s[n];
    while (s[n++] != '\0');
    return text;
}

static NCRYPT_PROV_HANDLE open_named(const char *name)
{
    NCRYPT_PROV_HANDLE p = 0;
    return NCryptOpenStorageProvider(&p, wide(name), 0) == ERROR_SUCCESS ? p : 0;
}

/* ---- loading -------------------------------------------------------------------------------- */

static void refused(const char *name, const char *image, SECURITY_STATUS want, const char *what)
{
    NCRYPT_PROV_HANDLE p = UNTOUCHED;
    register_key_store(name, image);
    SECURITY_STATUS got = NCryptOpenStorageProvider(&p, wide(name), 0);
    tap_status(got, want, what);
    tap(p == UNTOUCHED, "and leaves the handle alone");
}

static void loading(const char *contrary)
{
    char text[600];
    char open_file[600];
    snprintf(text, sizeof text, "%s/README.md", getenv("OPENCNG_SOURCE_ROOT"));
    snprintf(open_file, sizeof open_file, "%s/anybody.so", store_home);
    close(open(open_file, O_CREAT | O_WRONLY, 0666));
    chmod(open_file, 0666);

    row_begin("loading");
    refused("Missing", "/nowhere/missing.so", NTE_PROV_DLL_NOT_FOUND, "a file that is not there");
    refused("No Object", text, NTE_PROVIDER_DLL_FAIL, "a file that is no shared object");
    refused("Anybody's", open_file, NTE_PERM, "a file that anybody may write");
    refused("Relative", "some/where.so", NTE_INVALID_PARAMETER, "a relative path");
    refused("No Entry", getenv("OPENCNG_BCRYPT"), NTE_PROVIDER_DLL_FAIL,
            "a library without the entry point");
    refused("Unheard Of", contrary, NTE_PROVIDER_DLL_FAIL, "an image that does not know the name");
    refused("No Table", contrary, NTE_PROVIDER_DLL_FAIL, "success without a table");
    refused("Old", contrary, NTE_BAD_VER, "version 0");
    refused("No OpenProvider", contrary, NTE_PROVIDER_DLL_FAIL, "a table without OpenProvider");
    refused("No FreeProvider", contrary, NTE_PROVIDER_DLL_FAIL, "without FreeProvider");
    refused("No FreeKey", contrary, NTE_PROVIDER_DLL_FAIL, "with keys, and without FreeKey");
    refused("No FreeSecret", contrary, NTE_PROVIDER_DLL_FAIL, "with secrets, without FreeSecret");
    refused("No FreeBuffer", contrary, NTE_PROVIDER_DLL_FAIL, "with lists, without FreeBuffer");
    refused("No Provider", contrary, NTE_INTERNAL_ERROR, "a provider of handle 0");
    refused("Not Today", contrary, NTE_DEVICE_NOT_READY, "one that does not open");

    register_key_store("Microsoft Software Key Storage Provider", contrary);
    NCRYPT_PROV_HANDLE p = open_named("MICROSOFT SOFTWARE KEY STORAGE PROVIDER");
    tap(get_status(p, L"Live", 0) == NTE_NOT_SUPPORTED && NCryptFreeObject(p) == ERROR_SUCCESS,
        "the built-in provider's name stays the built-in provider's");
}

/* ---- finding -------------------------------------------------------------------------------- */

static void finding(const char *contrary)
{
    row_begin("finding");
    tap(open_named("Contrary") == 0, "what is not registered is not there");
    register_image("Contrary", contrary,
                   "alias Perverse\nalias Contrarian\n"
                   "interface key-storage\n  function KEY_STORAGE\n");
    NCRYPT_PROV_HANDLE p = open_named("Contrary");
    NCRYPT_PROV_HANDLE q = open_named("contrarian");
    tap(p != 0, "registered while the program runs, it is");
    tap(q != 0 && q != p, "by an alias too, in any case of letters");
    tap(text_is(q, NCRYPT_NAME_PROPERTY, L"Contrary"), "which says its name");
    tap_status(NCryptFreeObject(q), ERROR_SUCCESS, "and is freed");
    tap_status(NCryptFreeObject(p), ERROR_SUCCESS, "as the other is");
    tap_status(NCryptFreeObject(p), NTE_INVALID_HANDLE, "once");

    register_image("Only Hashes", contrary, "interface hash\n  function SHA256\n");
    tap(open_named("Only Hashes") == 0, "a provider of hashes is no key store");

    /* The change goes through libbcrypt. */
    register_key_store("Passing", getenv("OPENCNG_CONFORM_IMAGE"));
    tap(NCryptFreeObject(open_named("Passing")) == ERROR_SUCCESS, "another is there");
    tap_status(BCryptUnregisterProvider(L"Passing"), STATUS_SUCCESS,
               "until this process removes its registration");
    tap_status(NCryptOpenStorageProvider(&q, L"Passing", 0), NTE_NOT_FOUND, "then it is not");

    NCryptProviderName *list = NULL;
    DWORD n = 0;
    size_t seen = 0;
    tap_status(NCryptEnumStorageProviders(&n, &list, 0), ERROR_SUCCESS, "the list");
    for (DWORD i = 0; i < n; i++) {
        seen += text_equal(list[i].pszName, L"Contrary") || text_equal(list[i].pszName, L"Missing");
        seen += 100 * text_equal(list[i].pszName, L"Only Hashes");
    }
    tap(seen == 2 && text_equal(list[0].pszName, MS_KEY_STORAGE_PROVIDER),
        "has the built-in one first, and the key stores, loaded or not");
    NCryptFreeBuffer(list);
}

/* ---- a sparse one --------------------------------------------------------------------------- */

static void sparse(const char *contrary)
{
    BYTE b[64] = {0};
    DWORD n = 0;
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE other = 0;
    NCRYPT_SECRET_HANDLE secret = 0;
    HANDLE event = NULL;
    PVOID state = NULL;
    NCryptKeyName *name = NULL;
    NCryptAlgorithmName *algs = NULL;
    NCryptBuffer one = {0, NCRYPTBUFFER_EMPTY, NULL};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &one};
    register_key_store("Sparse", contrary);
    NCRYPT_PROV_HANDLE p = open_named("Sparse");
    row_begin("a table with hardly a function");
    tap(p != 0 && NCryptOpenKey(p, &key, L"some", 0, 0) == ERROR_SUCCESS, "has a key");
#define NONE(call) tap_status(call, NTE_NOT_SUPPORTED, #call)
    NONE(NCryptCreatePersistedKey(p, &other, L"RSA", NULL, 0, 0));
    NONE(NCryptImportKey(p, 0, L"RSAPUBLICBLOB", NULL, &other, b, 8, 0));
    NONE(NCryptExportKey(key, 0, L"RSAPUBLICBLOB", NULL, NULL, 0, &n, 0));
    NONE(NCryptIsAlgSupported(p, L"RSA", 0));
    NONE(NCryptEnumAlgorithms(p, 0, &n, &algs, 0));
    NONE(NCryptEnumKeys(p, NULL, &name, &state, 0));
    NONE(NCryptGetProperty(p, L"Version", b, 4, &n, 0));
    NONE(NCryptSetProperty(p, L"SmartCardPin", b, 4, 0));
    NONE(NCryptGetProperty(key, L"Length", b, 4, &n, 0));
    NONE(NCryptSetProperty(key, L"Length", b, 4, 0));
    NONE(NCryptSetProperty(key, L"Provider Handle", b, 8, NCRYPT_PERSIST_ONLY_FLAG));
    NONE(NCryptFinalizeKey(key, 0));
    NONE(NCryptSignHash(key, NULL, b, 32, NULL, 0, &n, 0));
    NONE(NCryptVerifySignature(key, NULL, b, 32, b, 32, 0));
    NONE(NCryptEncrypt(key, b, 16, NULL, NULL, 0, &n, 0));
    NONE(NCryptDecrypt(key, b, 16, NULL, NULL, 0, &n, 0));
    NONE(NCryptSecretAgreement(key, key, &secret, 0));
    NONE(NCryptKeyDerivation(key, &list, b, 16, &n, 0));
    NONE(NCryptEncapsulate(key, NULL, 0, &n, NULL, 0, &n, 0));
    NONE(NCryptDecapsulate(key, b, 32, NULL, 0, &n, 0));
    NONE(NCryptNotifyChangeKey(p, &event, NCRYPT_REGISTER_NOTIFY_FLAG));
    NONE(NCryptDeleteKey(key, 0));
    tap(state == NULL && algs == NULL && other == 0 && secret == 0, "nothing was made");
    tap(NCryptFreeObject(key) == ERROR_SUCCESS && NCryptFreeObject(p) == ERROR_SUCCESS, "freed");
    NCryptProviderName *providers = NULL;
    register_key_store("Sparse", getenv("OPENCNG_EXAMPLE"));
    NCryptEnumStorageProviders(&n, &providers, 0); /* which looks at the configuration again */
    NCryptFreeBuffer(providers);
    p = open_named("Sparse");
    tap(p != 0 && NCryptEnumAlgorithms(p, 0, &n, &algs, 0) == ERROR_SUCCESS,
        "registered anew with another image, it is another one");
    NCryptFreeBuffer(algs);
    NCryptFreeObject(p);
    register_key_store("No OpenKey", contrary);
    p = open_named("No OpenKey");
    key = UNTOUCHED;
    NONE(NCryptOpenKey(p, &key, L"some", 0, 0));
    tap(key == UNTOUCHED, "a table without OpenKey opens none");
    NCryptFreeObject(p);
    register_key_store("No DeriveKey", contrary);
    p = open_named("No DeriveKey");
    tap(NCryptOpenKey(p, &key, L"some", 0, 0) == ERROR_SUCCESS &&
            NCryptSecretAgreement(key, key, &secret, 0) == ERROR_SUCCESS,
        "a secret of a table without DeriveKey");
    NONE(NCryptDeriveKey(secret, L"HASH", NULL, b, 8, &n, 0));
    NCryptFreeObject(secret);
    NCryptFreeObject(key);
    NCryptFreeObject(p);
    register_key_store("Newer", contrary);
    p = open_named("Newer");
    tap(p != 0 && NCryptFreeObject(p) == ERROR_SUCCESS, "a later version is a compatible one");
}

/* ---- what goes wrong in calls --------------------------------------------------------------- */

static void make(NCRYPT_PROV_HANDLE p, LPCWSTR wish, SECURITY_STATUS want, const char *what)
{
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    BYTE blob[8] = {0};
    tap_status(NCryptCreatePersistedKey(p, &key, wish, NULL, 0, 0), want, what);
    tap_status(NCryptOpenKey(p, &key, wish, 0, 0), want, "opened");
    tap_status(NCryptImportKey(p, 0, wish, NULL, &key, blob, sizeof blob, 0), want, "imported");
    tap(key == UNTOUCHED, "and no handle");
}

static void statuses(NCRYPT_PROV_HANDLE p)
{
    row_begin("statuses");
    make(p, L"NULL", NTE_INTERNAL_ERROR, "success without a key, created");
    make(p, L"PROVIDER'S OWN", (SECURITY_STATUS)0x80280923, "a code of the provider's passes");
    make(p, L"NTSTATUS", (SECURITY_STATUS)0xC0001234, "an NTSTATUS that nobody knows passes");
    make(p, L"WIN32", HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED), "a Win32 code becomes an HRESULT");
}

static void states(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_KEY_HANDLE other = UNTOUCHED;
    DWORD n = 0;
    row_begin("states and flags");
    tap_status(NCryptCreatePersistedKey(p, &key, L"NUMBERS", NULL, 0, 0), ERROR_SUCCESS, "a key");
    tap_status(NCryptCreatePersistedKey(p, &other, L"NUMBERS", NULL, 0, 0x08000000), NTE_BAD_FLAGS,
               "flags reach the provider, who judges them");
    tap_status(NCryptSignHash(key, NULL, (PBYTE) "hash", 4, NULL, 0, &n, 0x08000000), ERROR_SUCCESS,
               "the provider says what a building key does");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "it is finalized");
    tap_status(NCryptFinalizeKey(key, 0x08000000), ERROR_SUCCESS, "and again, if it lets one");
    tap_status(NCryptDeleteKey(key, NCRYPT_SILENT_FLAG), NTE_SILENT_CONTEXT, "what is not deleted");
    tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "is there");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "and then is");
    tap_status(NCryptFinalizeKey(key, 0), NTE_INVALID_HANDLE, "not any more");
}

static void answers(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_KEY_HANDLE key = 0;
    NCRYPT_SECRET_HANDLE secret = UNTOUCHED;
    DWORD n = 77;
    WCHAR text[8];
    struct guarded g = guarded_new(16);
    row_begin("answers");
    tap(NCryptOpenKey(p, &key, L"some", 0, 0) == ERROR_SUCCESS, "a key");
    tap_status(NCryptGetProperty(key, L"Too Much", g.p, g.n, &n, 0), NTE_INTERNAL_ERROR,
               "a value that is longer than the buffer");
    tap(n == 77 && guarded_intact(&g), "has no size");
    tap_status(NCryptSignHash(key, NULL, (PBYTE) "hash", 4, g.p, g.n, &n, 0), NTE_INTERNAL_ERROR,
               "a signature that is");
    bool wiped = true;
    for (ULONG i = 0; i < g.n; i++)
        wiped &= g.p[i] == 0;
    tap(n == 77 && wiped && guarded_intact(&g), "is wiped");
    guarded_free(&g);

    tap(NCryptGetProperty(key, NCRYPT_USE_CONTEXT_PROPERTY, (PBYTE)text, sizeof text, &n, 0) ==
                ERROR_SUCCESS &&
            n == 3 * sizeof(WCHAR) && text[0] == 0xE4 && text[1] == 0x20AC && text[2] == 0,
        "strings come in the program's width");
    tap_status(NCryptGetProperty(key, NCRYPT_USE_CONTEXT_PROPERTY, NULL, 0, &n, 0), ERROR_SUCCESS,
               "whose size");
    tap(n == 3 * sizeof(WCHAR), "is told");
    tap_status(NCryptGetProperty(key, NCRYPT_USE_CONTEXT_PROPERTY, (PBYTE)text, 2, &n, 0),
               NTE_BUFFER_TOO_SMALL, "also for a short buffer");
    /* Where the widths are the same, the value is not looked at. */
    SECURITY_STATUS read = sizeof(WCHAR) == 2 ? ERROR_SUCCESS : NTE_INTERNAL_ERROR;
    tap_status(NCryptGetProperty(key, NCRYPT_CHAINING_MODE_PROPERTY, NULL, 0, &n, 0), read,
               "half a character");
    tap_status(NCryptGetProperty(key, NCRYPT_UNIQUE_NAME_PROPERTY, NULL, 0, &n, 0), read,
               "a string without an end");
    tap_status(NCryptGetProperty(key, NCRYPT_UI_POLICY_PROPERTY, NULL, 0, &n, 0),
               NTE_INTERNAL_ERROR, "a policy whose texts are longer than it");
    tap_status(NCryptGetProperty(key, L"Unheard Of", NULL, 0, &n, 0), NTE_NOT_FOUND,
               "a property that is not there");
    BCRYPT_PQDSA_PADDING_INFO pq = {(PUCHAR) "abc", 3, BCRYPT_SHA512_ALGORITHM};
    tap_status(NCryptSignHash(key, &pq, (PBYTE) "hash", 4, NULL, 0, &n, NCRYPT_PAD_PQDSA_FLAG),
               ERROR_SUCCESS, "a padding arrives with the provider's width");

    tap_status(NCryptSecretAgreement(key, key, &secret, NCRYPT_SILENT_FLAG), NTE_INTERNAL_ERROR,
               "a secret of handle 0");
    tap(secret == UNTOUCHED, "is none");
    tap_status(NCryptSecretAgreement(key, key, &secret, 0), ERROR_SUCCESS, "a secret");
    tap_status(NCryptDeriveKey(secret, L"HASH", NULL, (PBYTE)text, 8, &n, 0), NTE_INTERNAL_ERROR,
               "that gives more than there is room for");
    tap_status(NCryptGetProperty(secret, L"Live", (PBYTE)&n, sizeof n, &n, 0), NTE_NOT_SUPPORTED,
               "the interface has no properties of secrets");
    tap(NCryptFreeObject(secret) == ERROR_SUCCESS && NCryptFreeObject(key) == ERROR_SUCCESS,
        "freed, whatever the provider says of it");
}

static void set_mode(NCRYPT_PROV_HANDLE p, DWORD mode)
{
    tap_status(NCryptSetProperty(p, L"Mode", (PBYTE)&mode, sizeof mode, 0), ERROR_SUCCESS, "mode");
}

/* Lists of names are read where the widths differ, and then nothing in them is believed that does not lie in the block. */
static void names(NCRYPT_PROV_HANDLE p)
{
    static const struct {
        DWORD mode;
        const char *what;
    } rows[] = {
        {0, "a table that is elsewhere"},    {1, "no table at all"},
        {2, "more names than are believed"}, {3, "a table that is cut"},
        {4, "a string behind the block"},
    };
    BYTE bytes[64];
    DWORD n = 0;
    row_begin("a list with");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        set_mode(p, rows[i].mode);
        n = 77;
        tap_status(NCryptGetProperty(p, L"ECCCurveNameList", bytes, sizeof bytes, &n, 0),
                   sizeof(WCHAR) == 2 ? ERROR_SUCCESS : NTE_INTERNAL_ERROR, rows[i].what);
        tap(sizeof(WCHAR) == 2 || n == 77, "has no size");
    }
    BCRYPT_ECC_CURVE_NAMES list;
    set_mode(p, 5);
    tap_status(NCryptGetProperty(p, L"ECCCurveNameList", bytes, sizeof bytes, &n, 0), ERROR_SUCCESS,
               "a name");
    memcpy(&list, bytes, sizeof list);
    tap(list.dwEccCurveNames == 1 && text_equal(list.pEccCurveNames[0], L"A"), "is read");

    NCRYPT_KEY_HANDLE key = 0;
    NCryptOpenKey(p, &key, L"some", 0, 0);
    set_mode(p, 1);
    n = 77;
    tap_status(NCryptGetProperty(key, NCRYPT_UI_POLICY_PROPERTY, bytes, sizeof bytes, &n, 0),
               ERROR_SUCCESS, "no bytes");
    tap(n == 0, "are no policy");
    set_mode(p, 0);
    NCryptFreeObject(key);
}

/* Strings among parameters are made anew where the widths differ; for so many there is no room. */
static void parameters(NCRYPT_PROV_HANDLE p)
{
    NCryptBuffer many[100];
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, many};
    BYTE blob[8] = {0};
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    static WCHAR lone[] = {'a', 0xD800};
    for (size_t i = 0; i < 100; i++)
        many[i] = (NCryptBuffer){2 * sizeof(WCHAR), NCRYPTBUFFER_PKCS_KEY_NAME, (PVOID)L"k"};
    row_begin("parameters");
    tap_status(NCryptImportKey(p, 0, L"some", &list, &key, blob, sizeof blob, 0), ERROR_SUCCESS,
               "a string");
    NCryptFreeObject(key);
    key = UNTOUCHED;
    list.cBuffers = 100;
    SECURITY_STATUS want = sizeof(WCHAR) == 2 ? ERROR_SUCCESS : NTE_INVALID_PARAMETER;
    tap_status(NCryptImportKey(p, 0, L"some", &list, &key, blob, sizeof blob, 0), want,
               "a hundred of them");
    tap((key == UNTOUCHED) == (want != ERROR_SUCCESS), "a key only then");
    if (key != UNTOUCHED)
        NCryptFreeObject(key);
    key = UNTOUCHED;
    many[0].pvBuffer = lone;
    list.cBuffers = 1;
    tap_status(NCryptImportKey(p, 0, L"some", &list, &key, blob, sizeof blob, 0), want,
               "half a character");
    tap((key == UNTOUCHED) == (want != ERROR_SUCCESS), "a key only then");
    if (key != UNTOUCHED)
        NCryptFreeObject(key);
}

/* Keys of two providers do not meet. */
static void strangers(NCRYPT_PROV_HANDLE p)
{
    NCRYPT_PROV_HANDLE own = 0;
    NCRYPT_KEY_HANDLE theirs = 0;
    NCRYPT_KEY_HANDLE ours = 0;
    NCRYPT_KEY_HANDLE key = UNTOUCHED;
    BYTE b[256] = {0};
    DWORD n = 0;
    row_begin("keys of two providers");
    tap(NCryptOpenKey(p, &theirs, L"some", 0, 0) == ERROR_SUCCESS &&
            NCryptOpenStorageProvider(&own, MS_KEY_STORAGE_PROVIDER, 0) == ERROR_SUCCESS &&
            NCryptCreatePersistedKey(own, &ours, L"ECDH_P256", NULL, 0, 0) == ERROR_SUCCESS &&
            NCryptFinalizeKey(ours, 0) == ERROR_SUCCESS,
        "a key of each");
    tap_status(NCryptSecretAgreement(ours, theirs, &key, 0), NTE_INVALID_HANDLE, "do not agree");
    tap_status(NCryptExportKey(ours, theirs, BCRYPT_ECCPUBLIC_BLOB, NULL, b, sizeof b, &n, 0),
               NTE_INVALID_HANDLE, "do not wrap each other");
    tap_status(NCryptImportKey(own, theirs, BCRYPT_ECCPUBLIC_BLOB, NULL, &key, b, sizeof b, 0),
               NTE_INVALID_HANDLE, "nor unwrap");
    tap(key == UNTOUCHED, "nothing is made");
    NCryptFreeObject(ours);
    NCryptFreeObject(own);
    NCryptFreeObject(theirs);
}

/* One call of an enumeration of the scope, and its end. */
static SECURITY_STATUS walk_once(NCRYPT_PROV_HANDLE p, LPCWSTR scope)
{
    PVOID state = NULL;
    NCryptKeyName *name = NULL;
    SECURITY_STATUS s = NCryptEnumKeys(p, scope, &name, &state, 0);
    if (name != NULL)
        NCryptFreeBuffer(name);
    if (state != NULL)
        NCryptFreeBuffer(state);
    return s;
}

static void lists(NCRYPT_PROV_HANDLE p)
{
    PVOID state = NULL;
    NCryptKeyName *name = NULL;
    row_begin("lists of keys");
    tap_status(walk_once(p, NULL), NTE_NO_MORE_ITEMS, "an empty one");
    tap_status(walk_once(p, L"NULL"), NTE_INTERNAL_ERROR, "success without a key");
    tap_status(walk_once(p, L"NAMELESS"), NTE_INTERNAL_ERROR, "a key without a name");
    tap_status(walk_once(p, L"WITHOUT ALGORITHM"), NTE_INTERNAL_ERROR, "without an algorithm");
    tap_status(walk_once(p, L"HALF"), NTE_INTERNAL_ERROR, "with half a character in its name");
    tap_status(NCryptEnumKeys(p, L"ENDLESS", &name, &state, 0), ERROR_SUCCESS, "an endless one");
    SECURITY_STATUS s = ERROR_SUCCESS;
    for (size_t i = 0; i < (1u << 21) && s == ERROR_SUCCESS; i++) {
        NCryptFreeBuffer(name);
        s = NCryptEnumKeys(p, L"ENDLESS", &name, &state, 0);
    }
    tap_status(s, NTE_INTERNAL_ERROR, "ends");
    tap_status(NCryptFreeBuffer(state), ERROR_SUCCESS, "and is freed");

    row_begin("lists of algorithms");
    NCryptAlgorithmName *algs = NULL;
    DWORD n = 0;
    tap_status(NCryptEnumAlgorithms(p, NCRYPT_CIPHER_OPERATION, &n, &algs, 0), NTE_INTERNAL_ERROR,
               "one algorithm in no list");
    tap_status(NCryptEnumAlgorithms(p, NCRYPT_HASH_OPERATION, &n, &algs, 0), NTE_INTERNAL_ERROR,
               "more than there can be");
    tap_status(NCryptEnumAlgorithms(p, NCRYPT_SIGNATURE_OPERATION, &n, &algs, 0),
               NTE_INTERNAL_ERROR, "one without a name");
    tap(n == 0 && algs == NULL, "are no lists");
    tap_status(NCryptEnumAlgorithms(p, NCRYPT_RNG_OPERATION, &n, &algs, 0), ERROR_SUCCESS,
               "none in no list");
    tap(n == 0 && algs != NULL && NCryptFreeBuffer(algs) == ERROR_SUCCESS, "is an empty one");
    algs = NULL;
    tap_status(NCryptEnumAlgorithms(p, 0, &n, &algs, 0), ERROR_SUCCESS, "a good one");
    tap(n == 1 && text_equal(algs[0].pszName, L"NUMBERS"), "is read");
    tap_status(NCryptFreeBuffer(algs), ERROR_SUCCESS, "and freed");

    row_begin("notifications");
    HANDLE event = NULL;
    tap_status(NCryptNotifyChangeKey(p, &event, NCRYPT_REGISTER_NOTIFY_FLAG), NTE_INTERNAL_ERROR,
               "a descriptor that is none");
    tap_status(
        NCryptNotifyChangeKey(p, &event, NCRYPT_REGISTER_NOTIFY_FLAG | NCRYPT_MACHINE_KEY_FLAG),
        NTE_INTERNAL_ERROR, "or is missing");
    tap(event == NULL, "is not given out");
}

/* ---- libncrypt's own table ------------------------------------------------------------------- */

static void own_table(void)
{
    NCRYPT_KEY_STORAGE_FUNCTION_TABLE *f = NULL;
    NCRYPT_PROV_HANDLE p = 0;
    NCRYPT_KEY_HANDLE key = 0;
    BYTE hash[32] = {1};
    BYTE signature[64];
    DWORD n = 0;
    row_begin("GetKeyStorageInterface");
    tap_status(GetKeyStorageInterface(NULL, NULL, 0), STATUS_INVALID_PARAMETER, "NULL");
    tap_status(GetKeyStorageInterface(NULL, &f, 1), STATUS_INVALID_PARAMETER, "an unknown flag");
    tap(f == NULL, "give nothing");
    tap_status(GetKeyStorageInterface(MS_KEY_STORAGE_PROVIDER, &f, 0), STATUS_SUCCESS, "the table");
    tap(f->Version.MajorVersion == 2 && f->CreateClaim == NULL, "is of version 2");
    tap(f->OpenProvider(&p, MS_KEY_STORAGE_PROVIDER, 0) == ERROR_SUCCESS &&
            f->CreatePersistedKey(p, &key, L"ECDSA_P256", NULL, 0, 0) == ERROR_SUCCESS &&
            f->FinalizeKey(p, key, 0) == ERROR_SUCCESS &&
            f->SignHash(p, key, NULL, hash, 32, signature, 64, &n, 0) == ERROR_SUCCESS &&
            f->VerifySignature(p, key, NULL, hash, 32, signature, n, 0) == ERROR_SUCCESS,
        "makes keys that sign");
    tap(f->FreeKey(p, key) == ERROR_SUCCESS && f->FreeProvider(p) == ERROR_SUCCESS, "freed");
}

int main(void)
{
    const char *contrary = getenv("OPENCNG_CONTRARY");
    store_begin();
    loading(contrary);
    finding(contrary);
    sparse(contrary);
    NCRYPT_PROV_HANDLE p = open_named("Contrary");
    DWORD before = get_dword(p, L"Live");
    statuses(p);
    states(p);
    answers(p);
    names(p);
    parameters(p);
    strangers(p);
    lists(p);
    row_begin("the end");
    tap(before == 1 && get_dword(p, L"Live") == before, "all that was given out was given back");
    NCryptFreeObject(p);
    own_table();
    return tap_done();
}
