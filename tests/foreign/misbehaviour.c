/*
 * What becomes of providers that misbehave (bad.c), that cannot be loaded, and that use the library themselves (nest.c).
 * foreign_run.py registers them.
 */
#include "../conform/conform_sym.h"

#include <bcrypt_provider.h>

#define ODD ((NTSTATUS)0xC0001234)
static const NTSTATUS ODD_STATUS = ODD;
static const ULONG ODD_FLAG = 0x40000000;

static NTSTATUS open_status(LPCWSTR name, LPCWSTR provider)
{
    BCRYPT_ALG_HANDLE alg = UNTOUCHED;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&alg, name, provider, 0);
    if (status >= 0)
        BCryptCloseAlgorithmProvider(alg, 0);
    else if (alg != UNTOUCHED)
        printf("# an output was written\n");
    return status;
}

/* ---- before there is an algorithm ------------------------------------------------------------ */

static void check_images(void)
{
    static const struct {
        LPCWSTR alg, provider;
        NTSTATUS status;
        const char *what;
    } rows[] = {
        {L"missing", NULL, STATUS_DLL_NOT_FOUND, "there is no such file"},
        {L"text", NULL, STATUS_DLL_INIT_FAILED, "the file is no shared object"},
        {L"link", NULL, STATUS_ACCESS_DENIED, "the path is a symbolic link"},
        {L"writable", NULL, STATUS_ACCESS_DENIED, "others may write to the file"},
        {L"folder", NULL, STATUS_ACCESS_DENIED, "others may write to the folder"},
        {L"relative", NULL, STATUS_DLL_NOT_FOUND, "a name that is not in the fixed folder"},
        {L"no-entry", NULL, STATUS_PROCEDURE_NOT_FOUND, "the interface is not exported"},
        {L"borrowed", NULL, STATUS_PROCEDURE_NOT_FOUND, "only a library that it needs exports it"},
        {L"self", NULL, STATUS_NOT_FOUND, "libbcrypt.so under another name"},
        {L"encapsulate", NULL, STATUS_NOT_FOUND, "an interface that no table of Windows has"},
        {L"suite", NULL, STATUS_NOT_FOUND, "one that is not of algorithms"},
        {L"table-fails", NULL, ODD, "GetHashInterface fails"},
        {L"table-null", NULL, STATUS_INVALID_IMAGE_FORMAT, "a NULL table"},
        {L"table-old", NULL, STATUS_INVALID_IMAGE_FORMAT, "a table of version 0"},
        {L"table-hole", NULL, STATUS_INVALID_IMAGE_FORMAT, "a table without HashData"},
        {L"open-null", NULL, STATUS_INTERNAL_ERROR, "success without a handle"},
        {L"open-odd", NULL, ODD, "an unknown status is passed on"},
        {L"object-odd", NULL, STATUS_INTERNAL_ERROR, "objects of four gigabytes"},
        {L"table-old", L"Bad", STATUS_INVALID_IMAGE_FORMAT, "the same when the provider is named"},
        {L"table-old", MS_PRIMITIVE_PROVIDER, STATUS_NOT_FOUND, "and not at another provider"},
        {L"SHA256", L"Bad", STATUS_NOT_FOUND, "a function that is not registered"},
        {L"table-old", L"No such provider", STATUS_NOT_FOUND, "an unknown provider"},
    };
    ROW("opening");
    for (size_t i = 0; i < COUNT(rows); i++)
        tap_status(open_status(rows[i].alg, rows[i].provider), rows[i].status, rows[i].what);
}

/* ---- objects ---------------------------------------------------------------------------------- */

static NTSTATUS create_status(LPCWSTR name)
{
    BCRYPT_ALG_HANDLE alg = open_alg(name);
    BCRYPT_HASH_HANDLE hash = UNTOUCHED;
    NTSTATUS status = BCryptCreateHash(alg, &hash, NULL, 0, NULL, 0, 0);
    if (status >= 0)
        BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(alg, 0);
    return status;
}

static BCRYPT_HASH_HANDLE hash_of(LPCWSTR name)
{
    BCRYPT_ALG_HANDLE alg = open_alg(name);
    BCRYPT_HASH_HANDLE hash = NULL;
    BCryptCreateHash(alg, &hash, NULL, 0, NULL, 0, 0);
    BCryptCloseAlgorithmProvider(alg, 0);
    return hash;
}

static void check_hashes(void)
{
    ROW("hashes");
    tap_status(create_status(L"create-null"), STATUS_INTERNAL_ERROR, "success without a handle");
    tap_status(create_status(L"create-odd"), ODD_STATUS, "an unknown status is passed on");

    BCRYPT_HASH_HANDLE hash = hash_of(L"data-odd");
    BCRYPT_HASH_HANDLE copy = UNTOUCHED;
    tap_status(BCryptHashData(hash, room, 1, 0), ODD_STATUS, "in HashData");
    tap_status(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), STATUS_INTERNAL_ERROR,
               "a copy without a handle");
    tap(copy == UNTOUCHED, "is none");
    BCryptDestroyHash(hash);

    hash = hash_of(L"finish-odd");
    struct guarded out = guarded_new(32);
    tap_status(BCryptFinishHash(hash, out.p, 32, 0), ODD_STATUS, "in FinishHash");
    BCryptDestroyHash(hash);
    hash = hash_of(L"good");
    tap_status(BCryptFinishHash(hash, out.p, 32, 0), STATUS_SUCCESS, "a hash that is good");
    tap(guarded_intact(&out) && all_bytes(out.p, 32, 0xEE), "gets the caller's bytes and no more");
    tap_status(BCryptHashData(hash, room, 1, 0), STATUS_INVALID_HANDLE, "and is finished then");
    BCryptDestroyHash(hash);
    guarded_free(&out);

    hash = hash_of(L"least");
    tap_status(BCryptDuplicateHash(hash, &copy, NULL, 0, 0), STATUS_NOT_SUPPORTED,
               "no DuplicateHash");
    tap_status(set_u32(hash, L"Own", 1), STATUS_NOT_SUPPORTED, "no SetProperty");
    BCryptDestroyHash(hash);
}

/* Derivations need the length; whatever the provider says it is, the caller's bytes are the limit. */
static void check_lengths(void)
{
    static const LPCWSTR names[] = {L"length-odd", L"length-short", L"length-none"};
    ROW("a length that makes no sense");
    for (size_t i = 0; i < COUNT(names); i++) {
        BCRYPT_HASH_HANDLE hash = hash_of(names[i]);
        struct guarded out = guarded_new(16);
        tap_status(BCryptDeriveKeyCapi(hash, NULL, out.p, out.n, 0), STATUS_INVALID_PARAMETER,
                   "BCryptDeriveKeyCapi");
        BCRYPT_ALG_HANDLE alg = open_with(names[i], NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
        tap_status(BCryptDeriveKeyPBKDF2(alg, room, 4, room, 8, 10, out.p, out.n, 0),
                   STATUS_INVALID_PARAMETER, "BCryptDeriveKeyPBKDF2");
        tap(guarded_untouched(&out), "the output is untouched");
        guarded_free(&out);
        BCryptCloseAlgorithmProvider(alg, 0);
        BCryptDestroyHash(hash);
    }
}

/* A derivation is many calls of the provider's. Whichever of them fails, its status is the answer, and nothing derived is left. */
static void check_derivations(void)
{
    static const struct {
        LPCWSTR name;
        ULONG n; /* bytes wanted; a hash has 32 */
        ULONGLONG count;
        NTSTATUS pbkdf2, capi;
        const char *what;
    } rows[] = {
        {L"good", 64, 2, STATUS_SUCCESS, STATUS_SUCCESS, "no call"},
        {L"create-null", 16, 1, STATUS_INTERNAL_ERROR, 0, "a hash without a handle"},
        {L"create-odd", 16, 1, ODD, 0, "CreateHash"},
        {L"data-odd", 16, 1, ODD, STATUS_SUCCESS, "HashData"},
        {L"finish-odd", 16, 1, ODD, ODD, "FinishHash"},
        {L"finish-second", 16, 2, ODD, STATUS_SUCCESS, "FinishHash, in the second round"},
        {L"finish-second", 64, 1, ODD, ODD, "FinishHash, in the second block"},
        {L"finish-third", 64, 2, ODD, ODD, "FinishHash, in the third"},
        {L"keyed", 16, 1, STATUS_SUCCESS, STATUS_INVALID_PARAMETER, "none, but it is a code"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ROW("derivations");
        bool good = rows[i].pbkdf2 == STATUS_SUCCESS;
        BCRYPT_ALG_HANDLE alg = open_with(rows[i].name, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
        struct guarded out = guarded_new(rows[i].n);
        tap_status(BCryptDeriveKeyPBKDF2(alg, room, 4, room, 8, rows[i].count, out.p, out.n, 0),
                   rows[i].pbkdf2, rows[i].what);
        tap(guarded_intact(&out), "within the caller's bytes");
        tap(good || guarded_untouched(&out) || all_bytes(out.p, 32, 0), "nothing is left behind");
        guarded_free(&out);
        BCryptCloseAlgorithmProvider(alg, 0);
        if (rows[i].capi == 0 && !good)
            continue; /* there is no hash to derive from */
        BCRYPT_HASH_HANDLE hash = hash_of(rows[i].name);
        out = guarded_new(rows[i].n);
        tap_status(BCryptDeriveKeyCapi(hash, NULL, out.p, out.n, 0), rows[i].capi, rows[i].what);
        tap(guarded_intact(&out) && (rows[i].capi >= 0 || guarded_untouched(&out)),
            "which leaves nothing behind");
        guarded_free(&out);
        BCryptDestroyHash(hash);
    }
}

static NTSTATUS names_status(LPCWSTR alg_name, ULONG *n)
{
    BCRYPT_ALG_HANDLE alg = open_alg(alg_name);
    NTSTATUS status = BCryptGetProperty(alg, BCRYPT_ECC_CURVE_NAME_LIST, room, 512, n, 0);
    BCryptCloseAlgorithmProvider(alg, 0);
    return status;
}

/* Values that are or hold strings are read here, to be written in the caller's width: what is no string is refused. */
static void check_strings(void)
{
    ROW("strings");
    ULONG n = 0;
    tap_status(names_status(L"names-good", &n), STATUS_SUCCESS, "a list of names");
    BCRYPT_ECC_CURVE_NAMES list;
    memcpy(&list, room, sizeof list);
    tap(list.dwEccCurveNames == 2 && text_equal(list.pEccCurveNames[0], L"first") &&
            text_equal(list.pEccCurveNames[1], L"second"),
        "comes in the caller's width");
    tap((UCHAR *)list.pEccCurveNames >= room && (UCHAR *)list.pEccCurveNames[1] < room + n,
        "in the caller's block");
    tap_status(names_status(L"names-short", &n), STATUS_INTERNAL_ERROR, "of three bytes");
    tap_status(names_status(L"names-many", &n), STATUS_INTERNAL_ERROR, "of very many names");
    tap_status(names_status(L"names-lone", &n), STATUS_SUCCESS, "with half a character");
    memcpy(&list, room, sizeof list);
    tap(text_equal(list.pEccCurveNames[0], L"first") && list.pEccCurveNames[1][0] == 0xD800 &&
            list.pEccCurveNames[1][1] == 0,
        "which stays one that is no name");

    BCRYPT_ALG_HANDLE alg = open_alg(L"good");
    tap_status(BCryptGetProperty(alg, L"ParameterSetName", room, 8, &n, 0), STATUS_INTERNAL_ERROR,
               "a string of four gigabytes");
    tap(BCryptGetProperty(alg, L"HkdfHashAlgorithm", room, 8, &n, 0) == STATUS_SUCCESS && n == 0,
        "one of no bytes");
    tap_status(BCryptSetProperty(alg, BCRYPT_ECC_CURVE_NAME, (PUCHAR)L"ab", 3 * sizeof(WCHAR), 0),
               STATUS_SUCCESS, "one that is set arrives with the provider's width");
    static WCHAR lone[] = {'a', 0xD800, 0};
    tap_status(BCryptSetProperty(alg, BCRYPT_ECC_CURVE_NAME, (PUCHAR)lone, sizeof lone, 0),
               STATUS_INVALID_PARAMETER, "half a character does not");
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void check_properties(void)
{
    ROW("properties");
    BCRYPT_ALG_HANDLE alg = open_alg(L"good");
    struct guarded out = guarded_new(20);
    ULONG n = 77;
    tap_status(BCryptGetProperty(alg, L"Counts wrong", out.p, out.n, &n, 0), STATUS_INTERNAL_ERROR,
               "more bytes than there was room for");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0), "what was written is wiped");
    tap(n == 77, "and no size told");
    tap(BCryptGetProperty(alg, L"Says nothing", out.p, out.n, &n, 0) == STATUS_SUCCESS && n == 0,
        "a size that is not told is 0");
    guarded_free(&out);
    tap(BCryptGetProperty(alg, L"Own", room, 7, &n, 0) == STATUS_SUCCESS && n == 7 &&
            memcmp(room, "made up", 7) == 0,
        "a property that the provider made up");
    tap_status(BCryptGetProperty(alg, L"Own", room, 6, &n, 0), STATUS_BUFFER_TOO_SMALL,
               "a byte short");
    tap(n == 7, "tells the size");
    tap_status(set_u32(alg, L"Own", 1), STATUS_SUCCESS, "it is set as bytes");
    tap_status(BCryptGetProperty(alg, L"Unknown", room, 7, &n, 0), STATUS_NOT_SUPPORTED,
               "the provider's status for another one");

    const ULONG bytes = 32 * sizeof(WCHAR);
    tap(BCryptGetProperty(alg, BCRYPT_CHAINING_MODE, NULL, 0, &n, 0) == STATUS_SUCCESS &&
            n == bytes,
        "a string has the caller's width");
    tap(BCryptGetProperty(alg, BCRYPT_CHAINING_MODE, room, bytes, &n, 0) == STATUS_SUCCESS &&
            text_equal((WCHAR *)(void *)room, L"ChainingModeOwn"),
        "and its text");
    tap_status(BCryptGetProperty(alg, BCRYPT_CHAINING_MODE, room, bytes - 1, &n, 0),
               STATUS_BUFFER_TOO_SMALL, "a byte short");
    tap_status(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)L"ChainingModeOther", 1, 0),
               STATUS_SUCCESS, "it arrives with the provider's width and size");
    tap(BCryptGetProperty(alg, BCRYPT_CHAINING_MODE, room, bytes, &n, 0) == STATUS_SUCCESS &&
            text_equal((WCHAR *)(void *)room, L"ChainingModeOther"),
        "and comes back");
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- keys ------------------------------------------------------------------------------------- */

static void check_ciphers(void)
{
    ROW("ciphers");
    BCRYPT_ALG_HANDLE alg = open_alg(L"key-null");
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    tap_status(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, room, 16, 0), STATUS_INTERNAL_ERROR,
               "a key without a handle");
    tap(key == UNTOUCHED, "is none");
    BCryptCloseAlgorithmProvider(alg, 0);

    struct guarded out = guarded_new(16);
    key = key_of(L"crypt-more", NULL, room, 16);
    tap_status(crypt_once(ENCRYPT, key, room, 16, NULL, NULL, 0, out.p, out.n, 0),
               STATUS_INTERNAL_ERROR, "more bytes than there was room for");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0), "are wiped");
    BCRYPT_KEY_HANDLE copy = UNTOUCHED;
    tap_status(BCryptDuplicateKey(key, &copy, NULL, 0, 0), STATUS_NOT_SUPPORTED, "no DuplicateKey");
    tap_status(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, NULL, 0, &got, 0),
               STATUS_NOT_SUPPORTED, "no ExportKey");
    BCryptDestroyKey(key);
    key = key_of(L"crypt-tag", NULL, room, 16);
    tap_status(crypt_once(DECRYPT, key, room, 16, NULL, NULL, 0, out.p, out.n, 0),
               STATUS_AUTH_TAG_MISMATCH, "a wrong tag");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0), "what was decrypted is wiped");
    BCryptDestroyKey(key);
    guarded_free(&out);
}

/* A key that wraps another has to be one that the provider knows. */
static void check_wrapping(void)
{
    ROW("wrapping");
    BCRYPT_KEY_HANDLE wrap = key_of(L"wrap", NULL, room, 16);
    BCRYPT_KEY_HANDLE other = key_of(L"wrap-other", NULL, room, 16);
    BCRYPT_KEY_HANDLE built_in = key_of(BCRYPT_AES_ALGORITHM, NULL, room, 16);
    const struct {
        BCRYPT_KEY_HANDLE key;
        NTSTATUS status;
        const char *what;
    } rows[] = {
        {NULL, STATUS_SUCCESS, "by none"},
        {wrap, STATUS_SUCCESS, "by one of its own"},
        {other, STATUS_OBJECT_TYPE_MISMATCH, "by another provider's"},
        {built_in, STATUS_OBJECT_TYPE_MISMATCH, "by the built-in one's"},
    };
    BCRYPT_ALG_HANDLE alg = open_alg(L"wrap");
    for (size_t i = 0; i < COUNT(rows); i++) {
        BCRYPT_KEY_HANDLE key = UNTOUCHED;
        tap_status(BCryptImportKey(alg, rows[i].key, L"Own blob", &key, NULL, 0, room, 8, 0),
                   rows[i].status, rows[i].what);
        tap((key == UNTOUCHED) == (rows[i].status < 0), "a key only then");
        if (rows[i].status >= 0)
            BCryptDestroyKey(key);
        tap_status(BCryptExportKey(wrap, rows[i].key, L"Own blob", room, 8, &got, 0),
                   rows[i].status, "the same to export");
    }
    BCryptCloseAlgorithmProvider(alg, 0);
    BCryptDestroyKey(built_in);
    BCryptDestroyKey(other);
    BCryptDestroyKey(wrap);

    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    alg = open_alg(L"wrap-in");
    tap_status(BCryptImportKey(alg, NULL, L"Own blob", &key, NULL, 0, room, 8, 0), STATUS_SUCCESS,
               "a table without ExportKey imports");
    tap_status(BCryptExportKey(key, NULL, L"Own blob", room, 8, &got, 0), STATUS_NOT_SUPPORTED,
               "and exports nothing");
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
    key = key_of(L"wrap-out", NULL, room, 16);
    tap_status(BCryptExportKey(key, NULL, L"Own blob", room, 8, &got, 0), STATUS_SUCCESS,
               "one without ImportKey exports");
    BCryptDestroyKey(key);
    alg = open_alg(L"wrap-out");
    key = UNTOUCHED;
    tap_status(BCryptImportKey(alg, NULL, L"Own blob", &key, NULL, 0, room, 8, 0),
               STATUS_NOT_SUPPORTED, "and imports nothing");
    tap(key == UNTOUCHED, "nothing was written");
    BCryptCloseAlgorithmProvider(alg, 0);
}

static BCRYPT_KEY_HANDLE pair_of(LPCWSTR name)
{
    BCRYPT_ALG_HANDLE alg = open_alg(name);
    BCRYPT_KEY_HANDLE key = make_key(alg, 0);
    BCryptCloseAlgorithmProvider(alg, 0);
    return key;
}

static void check_agreements(void)
{
    ROW("agreements");
    BCRYPT_KEY_HANDLE other = pair_of(L"agree-other");
    BCRYPT_KEY_HANDLE null = pair_of(L"agree-null");
    BCRYPT_SECRET_HANDLE secret = UNTOUCHED;
    tap_status(BCryptSecretAgreement(null, null, &secret, 0), STATUS_INTERNAL_ERROR,
               "a secret without a handle");
    BCRYPT_KEY_HANDLE odd = pair_of(L"agree-odd");
    tap_status(BCryptSecretAgreement(odd, odd, &secret, 0), ODD_STATUS,
               "an unknown status is passed on");
    BCRYPT_KEY_HANDLE key = pair_of(L"agree");
    tap_status(BCryptSecretAgreement(key, other, &secret, 0), STATUS_OBJECT_TYPE_MISMATCH,
               "with another provider's key");
    tap(secret == UNTOUCHED, "there is no secret");
    tap_status(BCryptSecretAgreement(key, null, &secret, 0), STATUS_SUCCESS, "with one of its own");
    struct guarded out = guarded_new(24);
    tap_status(BCryptDeriveKey(secret, L"made up", NULL, out.p, out.n, &got, 0), STATUS_SUCCESS,
               "a KDF that the provider made up");
    tap(got == out.n && guarded_intact(&out) && all_bytes(out.p, out.n, 0xEE),
        "fills the caller's bytes");
    tap_status(BCryptDeriveKey(secret, L"more", NULL, out.p, out.n, &got, 0), STATUS_INTERNAL_ERROR,
               "more bytes than there was room for");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0), "are wiped");
    guarded_free(&out);
    BCryptDestroySecret(secret);
    BCryptDestroyKey(key);
    BCryptDestroyKey(odd);
    BCryptDestroyKey(null);
    BCryptDestroyKey(other);
}

static void check_padding(BCRYPT_KEY_HANDLE key)
{
    BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA256_ALGORITHM, 20};
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {L"SHA512/256"};
    BCRYPT_OAEP_PADDING_INFO oaep = {NULL, (PUCHAR) "abc", 3};
    BCRYPT_PQDSA_PADDING_INFO pq = {(PUCHAR) "xy", 2, BCRYPT_SHA384_ALGORITHM};
    ULONG own = 77;
    const struct {
        VOID *info;
        ULONG flags;
        const char *what;
    } rows[] = {
        {&pss, BCRYPT_PAD_PSS, "PSS"},
        {&pkcs1, BCRYPT_PAD_PKCS1, "PKCS #1"},
        {&oaep, BCRYPT_PAD_OAEP, "OAEP, without a hash"},
        {&pq, BCRYPT_PAD_PQDSA, "PQDSA"},
        {&own, ODD_FLAG, "a structure and a flag that the provider made up"},
        {NULL, 0, "none"},
    };
    ROW("paddings");
    for (size_t i = 0; i < COUNT(rows); i++) {
        tap_status(BCryptSignHash(key, rows[i].info, room, 8, room, 8, &got, rows[i].flags),
                   STATUS_SUCCESS, rows[i].what);
        tap_status(BCryptVerifySignature(key, rows[i].info, room, 8, room, 8, rows[i].flags),
                   STATUS_SUCCESS, rows[i].what);
    }
}

static void check_pairs(void)
{
    ROW("key pairs");
    BCRYPT_ALG_HANDLE alg = open_alg(L"sign-more");
    BCRYPT_KEY_HANDLE key = NULL;
    tap_status(BCryptGenerateKeyPair(alg, &key, 12345, ODD_FLAG), STATUS_SUCCESS,
               "lengths and flags are the provider's");
    tap_status(BCryptSignHash(key, NULL, room, 8, room, 8, &got, 0), STATUS_INVALID_HANDLE,
               "that an empty key is not used is the library's");
    tap_status(BCryptFinalizeKeyPair(key, ODD_FLAG), ODD_STATUS, "finalize's own status");
    tap_status(BCryptFinalizeKeyPair(key, 0), STATUS_SUCCESS, "which can be tried again");
    tap_status(BCryptFinalizeKeyPair(key, 0), STATUS_INVALID_HANDLE, "once");
    tap_status(set_u32(key, L"Own", 1), STATUS_SUCCESS, "a property of a final key");
    struct guarded out = guarded_new(8);
    tap_status(BCryptSignHash(key, NULL, room, 8, out.p, out.n, &got, 0), STATUS_INTERNAL_ERROR,
               "a signature of more bytes than there was room for");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0), "is wiped");
    guarded_free(&out);
    tap_status(BCryptExportKey(key, NULL, BCRYPT_ECCPUBLIC_BLOB, NULL, 0, &got, 0),
               STATUS_NOT_SUPPORTED, "no ExportKey");
    tap_status(BCryptEncrypt(key, room, 8, NULL, NULL, 0, room, 8, &got, 0), STATUS_NOT_SUPPORTED,
               "no Encrypt in a table of signatures");
    BCryptDestroyKey(key);
    tap_status(try_import(alg, L"Any blob", room, 8, ODD_FLAG), STATUS_SUCCESS,
               "a blob of a type that the provider made up");
    tap_status(try_import(alg, L"Another", room, 8, 0), STATUS_NOT_SUPPORTED,
               "and one that it does not know");
    BCryptCloseAlgorithmProvider(alg, 0);

    static const LPCWSTR makes_none[] = {L"verify", L"unfinished"};
    for (size_t i = 0; i < COUNT(makes_none); i++) {
        alg = open_alg(makes_none[i]);
        key = UNTOUCHED;
        tap_status(BCryptGenerateKeyPair(alg, &key, 256, 0), STATUS_NOT_SUPPORTED,
                   "a table that lacks a part of making keys");
        tap(key == UNTOUCHED, "makes none");
        tap_status(try_import(alg, L"Any blob", room, 8, 0), STATUS_SUCCESS, "but imports");
        BCryptCloseAlgorithmProvider(alg, 0);
    }

    alg = open_alg(L"sign");
    key = make_key(alg, 0);
    BCryptCloseAlgorithmProvider(alg, 0);
    check_padding(key);
    BCryptDestroyKey(key);
}

static void check_random(void)
{
    ROW("random numbers");
    BCRYPT_ALG_HANDLE alg = open_alg(L"random");
    struct guarded out = guarded_new(24);
    tap_status(BCryptGenRandom(alg, out.p, out.n, 0), STATUS_SUCCESS, "a generator of its own");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0xEE), "fills the caller's bytes");
    tap_status(BCryptGenRandom(alg, out.p, out.n, ODD_FLAG), ODD_STATUS, "and fails");
    tap(guarded_intact(&out) && all_bytes(out.p, out.n, 0), "which leaves nothing behind");
    guarded_free(&out);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- providers that call the library ---------------------------------------------------------- */

#define ABC_SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static void check_nested(LPCWSTR name, const char *what)
{
    BCRYPT_HASH_HANDLE hash = hash_of(name);
    BCRYPT_HASH_HANDLE copy = NULL;
    UCHAR digest[32];
    bool good = BCryptHashData(hash, (PUCHAR) "ab", 2, 0) == STATUS_SUCCESS &&
                BCryptDuplicateHash(hash, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                BCryptHashData(copy, (PUCHAR) "c", 1, 0) == STATUS_SUCCESS &&
                BCryptFinishHash(copy, digest, sizeof digest, 0) == STATUS_SUCCESS;
    tap(good && is_hex(digest, sizeof digest, ABC_SHA256), what);
    tap_status(BCryptDestroyHash(copy), STATUS_SUCCESS, "and its end");
    BCryptDestroyHash(hash);
}

static void check_nests(void)
{
    ROW("a provider that uses the library");
    check_nested(L"nest-1", "on the built-in provider");
    check_nested(L"nest-2", "on itself, on the built-in provider");
    check_nested(L"nest-5", "five times on itself");
    BCRYPT_ALG_HANDLE alg = open_alg(L"nest-1");
    tap(get_u32(alg, L"Constructor") == 2, "its constructor opened what there is");
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* Rows are kept for functions that were opened: each by provider and image. */
static void check_same_names(void)
{
    ROW("the same function");
    BCRYPT_ALG_HANDLE first = NULL, second = NULL;
    tap(BCryptOpenAlgorithmProvider(&first, L"good", L"Bad", 0) == STATUS_SUCCESS &&
            BCryptOpenAlgorithmProvider(&second, L"good", L"Bad Too", 0) == STATUS_SUCCESS,
        "of two providers with one image");
    BCryptCloseAlgorithmProvider(first, 0);
    tap(get_u32(second, BCRYPT_HASH_LENGTH) == 32, "is the other's when one is closed");
    BCryptCloseAlgorithmProvider(second, 0);

    static const LPCWSTR images[] = {L"Bad", L"Nest"}; /* whose image "Twice" has */
    for (size_t i = 0; i < COUNT(images); i++) {
        ULONG n = 0;
        PCRYPT_PROVIDER_REG of = NULL;
        PWSTR functions[] = {(PWSTR)L"nest-1"};
        CRYPT_INTERFACE_REG interface = {BCRYPT_HASH_INTERFACE, CRYPT_LOCAL, 1, functions};
        PCRYPT_INTERFACE_REG list[] = {&interface};
        BCryptQueryProviderRegistration(images[i], CRYPT_UM, 0, &n, &of);
        CRYPT_IMAGE_REG image = {of->pUM->pszImage, 1, list};
        CRYPT_PROVIDER_REG reg = {0, NULL, &image, NULL};
        tap_status(BCryptRegisterProvider(L"Twice", CRYPT_OVERWRITE, &reg), STATUS_SUCCESS,
                   "of one provider, whose image changes");
        BCryptFreeBuffer(of);
        tap_status(BCryptOpenAlgorithmProvider(&first, L"nest-1", L"Twice", 0), STATUS_SUCCESS,
                   "is opened");
        tap((BCryptGetProperty(first, L"Constructor", room, 4, &n, 0) == STATUS_SUCCESS) ==
                (i == 1),
            "from the image that is registered now");
        BCryptCloseAlgorithmProvider(first, 0);
    }
    tap_status(BCryptUnregisterProvider(L"Twice"), STATUS_SUCCESS, "unregister");
}

/* The configuration puts "Nest" in front of the built-in provider for MD5 (whose digests nobody takes for SHA256's) and SHA384, and a
 * provider that cannot be loaded for SHA1. */
static void check_order(void)
{
    ROW("the order that was configured");
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_MD5_ALGORITHM);
    tap(get_u32(alg, BCRYPT_HASH_LENGTH) == 32, "another provider in front");
    BCryptCloseAlgorithmProvider(alg, 0);
    BCryptOpenAlgorithmProvider(&alg, BCRYPT_MD5_ALGORITHM, MS_PRIMITIVE_PROVIDER, 0);
    tap(get_u32(alg, BCRYPT_HASH_LENGTH) == 16, "the built-in one by name");
    BCryptCloseAlgorithmProvider(alg, 0);
    tap(get_u32(BCRYPT_MD5_ALG_HANDLE, BCRYPT_HASH_LENGTH) == 16,
        "the built-in one by pseudo-handle");
    alg = open_alg(BCRYPT_SHA384_ALGORITHM);
    tap(get_u32(alg, BCRYPT_HASH_LENGTH) == 48 && get_u32(alg, L"Constructor") == 2,
        "one that opens the algorithm itself gets the next one's");
    BCryptCloseAlgorithmProvider(alg, 0);
    alg = open_alg(BCRYPT_SHA1_ALGORITHM);
    tap(get_u32(alg, BCRYPT_HASH_LENGTH) == 20, "one that cannot be loaded is passed over");
    BCryptCloseAlgorithmProvider(alg, 0);
    tap_status(open_status(BCRYPT_SHA1_ALGORITHM, L"Missing"), STATUS_DLL_NOT_FOUND,
               "but not when it is named");

    BCRYPT_PROVIDER_NAME *names = NULL;
    ULONG count = 0;
    tap(BCryptEnumProviders(BCRYPT_MD5_ALGORITHM, &count, &names, 0) == STATUS_SUCCESS &&
            count == 2 && text_equal(names[0].pszProviderName, L"Nest") &&
            text_equal(names[1].pszProviderName, MS_PRIMITIVE_PROVIDER),
        "BCryptEnumProviders gives the same order");
    BCryptFreeBuffer(names);
}

int main(void)
{
    check_images();
    check_hashes();
    check_lengths();
    check_derivations();
    check_strings();
    check_properties();
    check_ciphers();
    check_wrapping();
    check_agreements();
    check_pairs();
    check_random();
    check_nests();
    check_same_names();
    check_order();
    return tap_done();
}
