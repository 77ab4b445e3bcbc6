/*
 * The contract of each exported function: wrong handles, NULLs, unknown flags, the size query, a
 * buffer one byte short, guard bytes around every output, outputs untouched on failure. What each
 * argument means is keypairs.c's business.
 */
#include "conform.h"

static BCRYPT_ALG_HANDLE rsa_alg, ecdh_alg, rng_alg, kem_alg, closed_alg;
static BCRYPT_KEY_HANDLE rsa, ecdsa, ecdh, dead_key, empty_key, kem;
static BCRYPT_SECRET_HANDLE secret, dead_secret;

static VOID *const UNTOUCHED = (VOID *)(ULONG_PTR)0x5A5A5A50;
static const ULONG UNKNOWN_FLAG = 0x40000000;

static void prepare(void)
{
    bool good =
        BCryptOpenAlgorithmProvider(&rsa_alg, BCRYPT_RSA_ALGORITHM, NULL, 0) == STATUS_SUCCESS &&
        BCryptOpenAlgorithmProvider(&ecdh_alg, BCRYPT_ECDH_P256_ALGORITHM, NULL, 0) ==
            STATUS_SUCCESS &&
        BCryptOpenAlgorithmProvider(&rng_alg, BCRYPT_RNG_ALGORITHM, NULL, 0) == STATUS_SUCCESS &&
        BCryptOpenAlgorithmProvider(&closed_alg, BCRYPT_DSA_ALGORITHM, NULL, 0) == STATUS_SUCCESS &&
        BCryptCloseAlgorithmProvider(closed_alg, 0) == STATUS_SUCCESS;
    good = good && BCryptGenerateKeyPair(rsa_alg, &rsa, 1024, 0) == STATUS_SUCCESS &&
           BCryptFinalizeKeyPair(rsa, 0) == STATUS_SUCCESS &&
           BCryptGenerateKeyPair(BCRYPT_ECDSA_P256_ALG_HANDLE, &ecdsa, 256, 0) == STATUS_SUCCESS &&
           BCryptFinalizeKeyPair(ecdsa, 0) == STATUS_SUCCESS &&
           BCryptGenerateKeyPair(ecdh_alg, &ecdh, 256, 0) == STATUS_SUCCESS &&
           BCryptFinalizeKeyPair(ecdh, 0) == STATUS_SUCCESS &&
           BCryptGenerateKeyPair(rsa_alg, &empty_key, 1024, 0) == STATUS_SUCCESS &&
           BCryptGenerateKeyPair(ecdh_alg, &dead_key, 256, 0) == STATUS_SUCCESS &&
           BCryptDestroyKey(dead_key) == STATUS_SUCCESS;
    good = good && BCryptSecretAgreement(ecdh, ecdh, &secret, 0) == STATUS_SUCCESS &&
           BCryptSecretAgreement(ecdh, ecdh, &dead_secret, 0) == STATUS_SUCCESS &&
           BCryptDestroySecret(dead_secret) == STATUS_SUCCESS;
    if (good &&
        BCryptOpenAlgorithmProvider(&kem_alg, BCRYPT_MLKEM_ALGORITHM, NULL, 0) == STATUS_SUCCESS) {
        WCHAR set[] = BCRYPT_MLKEM_PARAMETER_SET_768;
        good = BCryptGenerateKeyPair(kem_alg, &kem, 0, 0) == STATUS_SUCCESS &&
               BCryptSetProperty(kem, BCRYPT_PARAMETER_SET_NAME, (PUCHAR)set, sizeof set, 0) ==
                   STATUS_SUCCESS &&
               BCryptFinalizeKeyPair(kem, 0) == STATUS_SUCCESS;
    }
    row_begin("preparation (%d-bit WCHAR)", (int)sizeof(WCHAR) * 8);
    tap(good, "handles of every kind");
    if (!good)
        exit(tap_done());
}

/* ---- handles -------------------------------------------------------------------------------- */

struct bad_handle {
    const char *label;
    VOID *handle;
};

#define BAD_HANDLES 12

/* Everything that is no key; the caller asks with one function after another. */
static size_t not_keys(struct bad_handle out[BAD_HANDLES])
{
    static int local;
    const struct bad_handle all[] = {
        {"NULL", NULL},
        {"a small number", (VOID *)8},
        {"a pseudo-handle", BCRYPT_RSA_ALG_HANDLE},
        {"an unknown pseudo-handle", (VOID *)0xFFF1},
        {"all ones", (VOID *)-1},
        {"the address of a variable", &local},
        {"the address of the handle variable", &rsa},
        {"an algorithm", rsa_alg},
        {"a closed algorithm", closed_alg},
        {"a secret", secret},
        {"a destroyed key", dead_key},
        {"a destroyed secret", dead_secret},
    };
    memcpy(out, all, sizeof all);
    return sizeof all / sizeof all[0];
}

static void each_bad_key(const char *function, NTSTATUS (*call)(VOID *handle), NTSTATUS for_null)
{
    struct bad_handle bad[BAD_HANDLES];
    size_t n = not_keys(bad);
    for (size_t i = 0; i < n; i++) {
        char what[96];
        row_begin("%s (%d-bit WCHAR)", function, (int)sizeof(WCHAR) * 8);
        snprintf(what, sizeof what, "key handle is %s", bad[i].label);
        tap_status(call(bad[i].handle), bad[i].handle == NULL ? for_null : STATUS_INVALID_HANDLE,
                   what);
    }
}

static ULONG ignored;
static UCHAR bytes[2048];

static NTSTATUS call_finalize(VOID *h)
{
    return BCryptFinalizeKeyPair(h, 0);
}
static NTSTATUS call_export(VOID *h)
{
    return BCryptExportKey(h, NULL, BCRYPT_PUBLIC_KEY_BLOB, NULL, 0, &ignored, 0);
}
static NTSTATUS call_duplicate(VOID *h)
{
    BCRYPT_KEY_HANDLE copy;
    return BCryptDuplicateKey(h, &copy, NULL, 0, 0);
}
static NTSTATUS call_destroy(VOID *h)
{
    return BCryptDestroyKey(h);
}
static NTSTATUS call_sign(VOID *h)
{
    return BCryptSignHash(h, NULL, bytes, 32, NULL, 0, &ignored, 0);
}
static NTSTATUS call_verify(VOID *h)
{
    return BCryptVerifySignature(h, NULL, bytes, 32, bytes, 64, 0);
}
static NTSTATUS call_encrypt(VOID *h)
{
    return BCryptEncrypt(h, bytes, 16, NULL, NULL, 0, bytes, sizeof bytes, &ignored,
                         BCRYPT_PAD_PKCS1);
}
static NTSTATUS call_decrypt(VOID *h)
{
    return BCryptDecrypt(h, bytes, 128, NULL, NULL, 0, bytes, sizeof bytes, &ignored,
                         BCRYPT_PAD_PKCS1);
}
static NTSTATUS call_agree_own(VOID *h)
{
    BCRYPT_SECRET_HANDLE s;
    return BCryptSecretAgreement(h, ecdh, &s, 0);
}
static NTSTATUS call_agree_peer(VOID *h)
{
    BCRYPT_SECRET_HANDLE s;
    return BCryptSecretAgreement(ecdh, h, &s, 0);
}
static NTSTATUS call_encapsulate(VOID *h)
{
    return BCryptEncapsulate(h, NULL, 0, &ignored, NULL, 0, &ignored, 0);
}
static NTSTATUS call_decapsulate(VOID *h)
{
    return BCryptDecapsulate(h, bytes, 1088, NULL, 0, &ignored, 0);
}

static void check_handles(void)
{
    each_bad_key("BCryptFinalizeKeyPair", call_finalize, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptExportKey", call_export, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptDuplicateKey", call_duplicate, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptDestroyKey", call_destroy, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptSignHash", call_sign, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptVerifySignature", call_verify, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptEncrypt", call_encrypt, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptDecrypt", call_decrypt, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptSecretAgreement (own key)", call_agree_own, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptSecretAgreement (peer key)", call_agree_peer, STATUS_INVALID_HANDLE);
    each_bad_key("BCryptEncapsulate", call_encapsulate, STATUS_INVALID_PARAMETER);
    each_bad_key("BCryptDecapsulate", call_decapsulate, STATUS_INVALID_PARAMETER);
}

/* The same for algorithms and secrets. */
static void check_other_handles(void)
{
    int local = 0;
    const struct bad_handle not_algorithms[] = {
        {"NULL", NULL},
        {"a number", (VOID *)8},
        {"an unknown pseudo-handle", (VOID *)0xFFF1},
        {"a key", rsa},
        {"a closed one", closed_alg},
        {"a secret", secret},
        {"an address", &local},
    };
    for (size_t i = 0; i < sizeof not_algorithms / sizeof not_algorithms[0]; i++) {
        const struct bad_handle *bad = &not_algorithms[i];
        row_begin("algorithm handle is %s (%d-bit WCHAR)", bad->label, (int)sizeof(WCHAR) * 8);
        BCRYPT_KEY_HANDLE key = UNTOUCHED;
        tap_status(BCryptCloseAlgorithmProvider(bad->handle, 0), STATUS_INVALID_HANDLE,
                   "BCryptCloseAlgorithmProvider");
        tap_status(BCryptGenerateKeyPair(bad->handle, &key, 1024, 0), STATUS_INVALID_HANDLE,
                   "BCryptGenerateKeyPair");
        tap_status(
            BCryptImportKeyPair(bad->handle, NULL, BCRYPT_PUBLIC_KEY_BLOB, &key, bytes, 64, 0),
            STATUS_INVALID_HANDLE, "BCryptImportKeyPair");
        tap(key == UNTOUCHED, "the key variable is untouched");
        if (bad->handle != NULL)
            tap_status(BCryptGenRandom(bad->handle, bytes, 16, 0), STATUS_INVALID_HANDLE,
                       "BCryptGenRandom");
    }
    const struct bad_handle not_secrets[] = {
        {"NULL", NULL},
        {"a number", (VOID *)8},
        {"a pseudo-handle", BCRYPT_ECDH_ALG_HANDLE},
        {"a key", ecdh},
        {"a destroyed one", dead_secret},
        {"an algorithm", ecdh_alg},
        {"an address", &local},
    };
    for (size_t i = 0; i < sizeof not_secrets / sizeof not_secrets[0]; i++) {
        const struct bad_handle *bad = &not_secrets[i];
        row_begin("secret handle is %s (%d-bit WCHAR)", bad->label, (int)sizeof(WCHAR) * 8);
        tap_status(BCryptDeriveKey(bad->handle, BCRYPT_KDF_HASH, NULL, bytes, 20, &ignored, 0),
                   STATUS_INVALID_HANDLE, "BCryptDeriveKey");
        tap_status(BCryptDestroySecret(bad->handle), STATUS_INVALID_HANDLE, "BCryptDestroySecret");
    }
    const struct bad_handle not_objects[] = {
        {"NULL", NULL},
        {"a number", (VOID *)8},
        {"an unknown pseudo-handle", (VOID *)0xFFF1},
        {"a closed algorithm", closed_alg},
        {"a destroyed key", dead_key},
        {"a destroyed secret", dead_secret},
        {"an address", &local},
    };
    for (size_t i = 0; i < sizeof not_objects / sizeof not_objects[0]; i++) {
        const struct bad_handle *bad = &not_objects[i];
        row_begin("object handle is %s (%d-bit WCHAR)", bad->label, (int)sizeof(WCHAR) * 8);
        tap_status(
            BCryptGetProperty(bad->handle, BCRYPT_ALGORITHM_NAME, bytes, sizeof bytes, &ignored, 0),
            STATUS_INVALID_HANDLE, "BCryptGetProperty");
        tap_status(BCryptSetProperty(bad->handle, BCRYPT_KEY_LENGTH, bytes, 4, 0),
                   STATUS_INVALID_HANDLE, "BCryptSetProperty");
    }
}

/* ---- each function's other arguments -------------------------------------------------------- */

#define ROW(function) row_begin("%s (%d-bit WCHAR)", function, (int)sizeof(WCHAR) * 8)

static void check_open(void)
{
    ROW("BCryptOpenAlgorithmProvider");
    BCRYPT_ALG_HANDLE alg = UNTOUCHED;
    tap_status(BCryptOpenAlgorithmProvider(NULL, BCRYPT_RSA_ALGORITHM, NULL, 0),
               STATUS_INVALID_PARAMETER, "no handle variable");
    tap_status(BCryptOpenAlgorithmProvider(&alg, NULL, NULL, 0), STATUS_INVALID_PARAMETER,
               "no name");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"", NULL, 0), STATUS_NOT_FOUND, "an empty name");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"RSAX", NULL, 0), STATUS_NOT_FOUND,
               "an unknown name");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"RS", NULL, 0), STATUS_NOT_FOUND,
               "the beginning of a name");
    tap_status(BCryptOpenAlgorithmProvider(
                   &alg,
                   L"a name that is much longer than any algorithm's name could ever be, whoever "
                   L"registers it, and goes on and on",
                   NULL, 0),
               STATUS_NOT_FOUND, "a very long name");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"\x52\xd83d\x53", NULL, 0), STATUS_NOT_FOUND,
               "a name that is no text");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"Ed25519", NULL, 0), STATUS_NOT_FOUND,
               "an algorithm that Windows lacks");
    tap_status(BCryptOpenAlgorithmProvider(&alg, BCRYPT_RSA_ALGORITHM, L"No Such Provider", 0),
               STATUS_NOT_FOUND, "an unknown provider");
    tap_status(BCryptOpenAlgorithmProvider(&alg, BCRYPT_RSA_ALGORITHM, NULL, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(
        BCryptOpenAlgorithmProvider(&alg, BCRYPT_RSA_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG),
        STATUS_NOT_SUPPORTED, "another algorithm's flag");
    tap(alg == UNTOUCHED, "the handle variable is untouched");
    tap_status(BCryptOpenAlgorithmProvider(&alg, BCRYPT_RSA_ALGORITHM, MS_PRIMITIVE_PROVIDER, 0),
               STATUS_SUCCESS, "the provider's name");
    tap_status(BCryptCloseAlgorithmProvider(alg, UNKNOWN_FLAG), STATUS_INVALID_PARAMETER,
               "close with an unknown flag");
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_SUCCESS, "close");
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_INVALID_HANDLE, "close twice");
    tap_status(BCryptCloseAlgorithmProvider(BCRYPT_RSA_ALG_HANDLE, 0), STATUS_INVALID_HANDLE,
               "close a pseudo-handle");
    tap_status(
        BCryptOpenAlgorithmProvider(&alg, BCRYPT_ECDSA_P256_ALGORITHM, NULL, BCRYPT_PROV_DISPATCH),
        STATUS_SUCCESS, "open with BCRYPT_PROV_DISPATCH");
    BCRYPT_KEY_HANDLE key = NULL;
    tap(BCryptGenerateKeyPair(alg, &key, 256, 0) == STATUS_SUCCESS &&
            BCryptFinalizeKeyPair(key, 0) == STATUS_SUCCESS &&
            BCryptSignHash(key, NULL, bytes, 32, bytes, 64, &ignored, 0) == STATUS_SUCCESS,
        "a key in locked memory works");
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void check_enumerations(void)
{
    ROW("BCryptEnumAlgorithms");
    ULONG count = 77;
    BCRYPT_ALGORITHM_IDENTIFIER *list = UNTOUCHED;
    tap_status(BCryptEnumAlgorithms(0, NULL, &list, 0), STATUS_INVALID_PARAMETER,
               "no count variable");
    tap_status(BCryptEnumAlgorithms(0, &count, NULL, 0), STATUS_INVALID_PARAMETER,
               "no list variable");
    tap_status(BCryptEnumAlgorithms(~0u, &count, &list, 0), STATUS_INVALID_PARAMETER, "all bits");
    tap_status(BCryptEnumAlgorithms(0x100, &count, &list, 0), STATUS_INVALID_PARAMETER,
               "an unknown class");
    tap_status(BCryptEnumAlgorithms(0, &count, &list, UNKNOWN_FLAG), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap(count == 77 && list == UNTOUCHED, "the outputs are untouched");
    tap_status(BCryptEnumAlgorithms(0, &count, &list, 0), STATUS_SUCCESS, "all classes");
    bool rsa_seen = false;
    for (ULONG i = 0; i < count; i++)
        rsa_seen = rsa_seen ||
                   (text_equal(list[i].pszName, BCRYPT_RSA_ALGORITHM) && list[i].dwFlags == 0 &&
                    list[i].dwClass == BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE);
    tap(count >= 12 && rsa_seen, "with RSA among them");
    BCryptFreeBuffer(list);
    tap_status(BCryptEnumAlgorithms(BCRYPT_SECRET_AGREEMENT_OPERATION | BCRYPT_RNG_OPERATION,
                                    &count, &list, 0),
               STATUS_SUCCESS, "two classes");
    bool only = count > 0;
    for (ULONG i = 0; i < count; i++)
        only = only && (list[i].dwClass == BCRYPT_SECRET_AGREEMENT_INTERFACE ||
                        list[i].dwClass == BCRYPT_RNG_INTERFACE);
    tap(only, "gives only those");
    BCryptFreeBuffer(list);
    BCryptFreeBuffer(NULL);

    ROW("BCryptEnumProviders");
    BCRYPT_PROVIDER_NAME *names = UNTOUCHED;
    count = 77;
    tap_status(BCryptEnumProviders(NULL, &count, &names, 0), STATUS_INVALID_PARAMETER,
               "no algorithm");
    tap_status(BCryptEnumProviders(BCRYPT_RSA_ALGORITHM, NULL, &names, 0), STATUS_INVALID_PARAMETER,
               "no count variable");
    tap_status(BCryptEnumProviders(BCRYPT_RSA_ALGORITHM, &count, NULL, 0), STATUS_INVALID_PARAMETER,
               "no list variable");
    tap_status(BCryptEnumProviders(BCRYPT_RSA_ALGORITHM, &count, &names, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptEnumProviders(L"nothing", &count, &names, 0), STATUS_NOT_FOUND,
               "an unknown algorithm");
    tap(count == 77 && names == UNTOUCHED, "the outputs are untouched");
    tap_status(BCryptEnumProviders(BCRYPT_RSA_ALGORITHM, &count, &names, 0), STATUS_SUCCESS,
               "the providers of RSA");
    tap(count == 1 && text_equal(names[0].pszProviderName, MS_PRIMITIVE_PROVIDER),
        "the primitive provider");
    BCryptFreeBuffer(names);
}

static void check_get_property(void)
{
    ROW("BCryptGetProperty");
    ULONG size = 0;
    tap_status(BCryptGetProperty(rsa, NULL, bytes, sizeof bytes, &size, 0),
               STATUS_INVALID_PARAMETER, "no name");
    tap_status(BCryptGetProperty(rsa, BCRYPT_KEY_LENGTH, bytes, sizeof bytes, NULL, 0),
               STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(BCryptGetProperty(rsa, BCRYPT_KEY_LENGTH, bytes, sizeof bytes, &size, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptGetProperty(rsa, L"NoSuchProperty", bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "an unknown name");
    tap_status(BCryptGetProperty(rsa_alg, BCRYPT_ECC_CURVE_NAME, bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "a property of another algorithm");
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, NULL, 99, &size, 0), STATUS_SUCCESS,
               "size query with any count");
    tap(size == 4 * sizeof(WCHAR), "a string's size counts its NUL");
    struct guarded short_of = guarded_new(4 * sizeof(WCHAR) - 1);
    size = 0;
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, short_of.p, short_of.n, &size, 0),
               STATUS_BUFFER_TOO_SMALL, "one byte short");
    tap(size == 4 * sizeof(WCHAR) && guarded_untouched(&short_of), "size told, buffer untouched");
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, short_of.p, 0, &size, 0),
               STATUS_BUFFER_TOO_SMALL, "count 0");
    guarded_free(&short_of);
    BCRYPT_KEY_LENGTHS_STRUCT lengths;
    tap(BCryptGetProperty(BCRYPT_RSA_ALG_HANDLE, BCRYPT_KEY_LENGTHS, (PUCHAR)&lengths,
                          sizeof lengths, &size, 0) == STATUS_SUCCESS &&
            lengths.dwMinLength == 512 && lengths.dwMaxLength == 16384 && lengths.dwIncrement == 64,
        "KeyLengths of the RSA pseudo-handle");
    BCRYPT_ALG_HANDLE provider = NULL;
    tap(BCryptGetProperty(ecdh, BCRYPT_PROVIDER_HANDLE, (PUCHAR)&provider, sizeof provider, &size,
                          0) == STATUS_SUCCESS &&
            provider == ecdh_alg && size == sizeof provider,
        "ProviderHandle of a key");
    ULONG value = 0;
    tap(BCryptGetProperty(ecdh_alg, BCRYPT_PRIMITIVE_TYPE, (PUCHAR)&value, 4, &size, 0) ==
                STATUS_SUCCESS &&
            value == BCRYPT_SECRET_AGREEMENT_INTERFACE,
        "PrimitiveType");
    tap(BCryptGetProperty(secret, BCRYPT_ALGORITHM_NAME, bytes, sizeof bytes, &size, 0) ==
                STATUS_SUCCESS &&
            text_equal((LPCWSTR)(VOID *)bytes, BCRYPT_ECDH_P256_ALGORITHM),
        "AlgorithmName of a secret");
    tap_status(BCryptGetProperty(rng_alg, BCRYPT_OBJECT_LENGTH, bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "ObjectLength of RNG");

    tap_status(
        BCryptGetProperty(BCRYPT_ECDH_ALG_HANDLE, BCRYPT_ECC_CURVE_NAME_LIST, NULL, 0, &size, 0),
        STATUS_SUCCESS, "size of the list of curves");
    struct guarded names = guarded_new(size);
    tap_status(BCryptGetProperty(BCRYPT_ECDH_ALG_HANDLE, BCRYPT_ECC_CURVE_NAME_LIST, names.p, size,
                                 &size, 0),
               STATUS_SUCCESS, "the list of curves");
    BCRYPT_ECC_CURVE_NAMES *curves = (BCRYPT_ECC_CURVE_NAMES *)(VOID *)names.p;
    bool inside = true, x25519 = false;
    for (ULONG i = 0; i < curves->dwEccCurveNames; i++) {
        const UCHAR *at = (const UCHAR *)curves->pEccCurveNames[i];
        inside = inside && at > names.p && at < names.p + size;
        x25519 = x25519 || text_equal(curves->pEccCurveNames[i], BCRYPT_ECC_CURVE_25519);
    }
    tap(curves->dwEccCurveNames == 45 && inside && x25519 && guarded_intact(&names),
        "45 names inside the buffer");
    guarded_free(&names);
}

/* What a key pair has only when it is made. */
static void check_final_property(void)
{
    static const struct {
        BCRYPT_ALG_HANDLE alg;
        LPCWSTR name;
    } rows[] = {{BCRYPT_DSA_ALG_HANDLE, BCRYPT_DSA_PARAMETERS},
                {BCRYPT_DH_ALG_HANDLE, BCRYPT_DH_PARAMETERS}};
    ROW("properties of a key that is not finished");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        BCRYPT_KEY_HANDLE key = NULL;
        ULONG size = 77;
        tap_status(BCryptGenerateKeyPair(rows[i].alg, &key, 512, 0), STATUS_SUCCESS, "begun");
        tap_status(BCryptGetProperty(key, rows[i].name, bytes, sizeof bytes, &size, 0),
                   STATUS_INVALID_HANDLE, "it has no parameters yet");
        tap(size == 77, "and no size");
        BCryptDestroyKey(key);
    }
}

static void check_set_property(void)
{
    ROW("BCryptSetProperty");
    ULONG bits = 2048;
    tap_status(BCryptSetProperty(empty_key, NULL, (PUCHAR)&bits, 4, 0), STATUS_INVALID_PARAMETER,
               "no name");
    tap_status(BCryptSetProperty(empty_key, BCRYPT_KEY_LENGTH, NULL, 4, 0),
               STATUS_INVALID_PARAMETER, "no value");
    tap_status(BCryptSetProperty(empty_key, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, 2, 0),
               STATUS_INVALID_PARAMETER, "a value of 2 bytes");
    tap_status(BCryptSetProperty(empty_key, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, 4, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptSetProperty(empty_key, L"NoSuchProperty", (PUCHAR)&bits, 4, 0),
               STATUS_NOT_SUPPORTED, "an unknown name");
    tap_status(BCryptSetProperty(empty_key, BCRYPT_ALGORITHM_NAME, (PUCHAR)&bits, 4, 0),
               STATUS_NOT_SUPPORTED, "a read-only property");
    tap_status(BCryptSetProperty(empty_key, BCRYPT_KEY_STRENGTH, (PUCHAR)&bits, 4, 0),
               STATUS_NOT_SUPPORTED, "another read-only property");
    static const ULONG wrong[] = {0, 1, 511, 513, 500, 1023, 16385, 16448, 0x7FFFFFFF, 0xFFFFFFC0};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char what[64];
        snprintf(what, sizeof what, "a key length of %u", (unsigned)wrong[i]);
        tap_status(BCryptSetProperty(empty_key, BCRYPT_KEY_LENGTH, (PUCHAR)&wrong[i], 4, 0),
                   STATUS_INVALID_PARAMETER, what);
    }
    WCHAR curve[] = BCRYPT_ECC_CURVE_NISTP256;
    tap_status(BCryptSetProperty(BCRYPT_ECDSA_ALG_HANDLE, BCRYPT_ECC_CURVE_NAME, (PUCHAR)curve,
                                 sizeof curve, 0),
               STATUS_ACCESS_DENIED, "a pseudo-handle");
    tap_status(BCryptSetProperty(ecdh_alg, BCRYPT_ECC_CURVE_NAME, (PUCHAR)curve, sizeof curve, 0),
               STATUS_NOT_SUPPORTED, "the curve of an algorithm with a curve of its own");
}

static void check_key_life(void)
{
    ROW("BCryptGenerateKeyPair");
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    tap_status(BCryptGenerateKeyPair(rsa_alg, NULL, 1024, 0), STATUS_INVALID_PARAMETER,
               "no key variable");
    tap_status(BCryptGenerateKeyPair(rsa_alg, &key, 1024, UNKNOWN_FLAG), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap_status(BCryptGenerateKeyPair(rng_alg, &key, 1024, 0), STATUS_NOT_SUPPORTED,
               "an algorithm without key pairs");
    static const struct {
        BCRYPT_ALG_HANDLE alg;
        const char *name;
        ULONG bits[6];
    } sizes[] = {
        {BCRYPT_RSA_ALG_HANDLE, "RSA", {0, 448, 511, 520, 1081, 16448}},
        {BCRYPT_DSA_ALG_HANDLE, "DSA", {0, 448, 511, 520, 3136, 4096}},
        {BCRYPT_DH_ALG_HANDLE, "DH", {0, 256, 511, 520, 4160, 8192}},
        {BCRYPT_ECDSA_P256_ALG_HANDLE, "ECDSA_P256", {0, 255, 257, 384, 521, 1}},
        {BCRYPT_ECDSA_P521_ALG_HANDLE, "ECDSA_P521", {0, 256, 520, 522, 528, 1}},
        {BCRYPT_ECDH_P384_ALG_HANDLE, "ECDH_P384", {0, 256, 383, 385, 521, 1}},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t k = 0; k < 6; k++) {
            char what[64];
            snprintf(what, sizeof what, "%s of %u bits", sizes[i].name, (unsigned)sizes[i].bits[k]);
            tap_status(BCryptGenerateKeyPair(sizes[i].alg, &key, sizes[i].bits[k], 0),
                       STATUS_INVALID_PARAMETER, what);
        }
    }
    tap(key == UNTOUCHED, "the key variable is untouched");

    ROW("BCryptFinalizeKeyPair");
    tap_status(BCryptFinalizeKeyPair(empty_key, UNKNOWN_FLAG), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap_status(BCryptFinalizeKeyPair(empty_key, 0), STATUS_SUCCESS,
               "the key is still empty and can be finalized");
    tap_status(BCryptFinalizeKeyPair(empty_key, 0), STATUS_INVALID_HANDLE, "a second time");

    ROW("BCryptImportKeyPair");
    ULONG size = 0;
    BCryptExportKey(rsa, NULL, BCRYPT_RSAPUBLIC_BLOB, bytes, sizeof bytes, &size, 0);
    tap_status(BCryptImportKeyPair(rsa_alg, NULL, NULL, &key, bytes, size, 0),
               STATUS_INVALID_PARAMETER, "no blob type");
    tap_status(BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, bytes, size, 0),
               STATUS_INVALID_PARAMETER, "no key variable");
    tap_status(BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_RSAPUBLIC_BLOB, &key, NULL, size, 0),
               STATUS_INVALID_PARAMETER, "no blob");
    tap_status(
        BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_RSAPUBLIC_BLOB, &key, bytes, size, UNKNOWN_FLAG),
        STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptImportKeyPair(rsa_alg, rsa, BCRYPT_RSAPUBLIC_BLOB, &key, bytes, size, 0),
               STATUS_INVALID_PARAMETER, "an import key");
    tap_status(BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_ECCPUBLIC_BLOB, &key, bytes, size, 0),
               STATUS_NOT_SUPPORTED, "another algorithm's blob type");
    tap_status(BCryptImportKeyPair(rsa_alg, NULL, L"NOSUCHBLOB", &key, bytes, size, 0),
               STATUS_NOT_SUPPORTED, "an unknown blob type");
    tap_status(BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_RSAPRIVATE_BLOB, &key, bytes, size, 0),
               STATUS_INVALID_PARAMETER, "a public blob as a private one");
    tap_status(BCryptImportKeyPair(rng_alg, NULL, BCRYPT_RSAPUBLIC_BLOB, &key, bytes, size, 0),
               STATUS_NOT_SUPPORTED, "an algorithm without key pairs");
    tap(key == UNTOUCHED, "the key variable is untouched");

    /* A full private blob in whose wider first prime's fields the exponent modulo p has become too
     * long. */
    UCHAR full[1024], wide[1024];
    BCRYPT_RSAKEY_BLOB head;
    BCryptExportKey(rsa, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, full, sizeof full, &size, 0);
    memcpy(&head, full, sizeof head);
    head_turn(&head, sizeof head);
    const UCHAR *from = full + sizeof head;
    UCHAR *to = wide + sizeof head;
    const ULONG parts[] = {head.cbPublicExp + head.cbModulus,
                           head.cbPrime1,
                           head.cbPrime2,
                           head.cbPrime1,
                           head.cbPrime2,
                           head.cbPrime1,
                           head.cbModulus};
    for (int i = 0; i < 7; i++) {
        if (i == 1 || i == 3 || i == 5)
            *to++ = i == 3;
        memcpy(to, from, parts[i]);
        from += parts[i];
        to += parts[i];
    }
    head.cbPrime1++;
    head_turn(&head, sizeof head);
    memcpy(wide, &head, sizeof head);
    tap_status(
        BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, &key, wide, size + 3, 0),
        STATUS_INVALID_PARAMETER, "an exponent longer than its prime");
    wide[sizeof head + parts[0] + parts[1] + 1 + parts[2]] = 0;
    tap_status(
        BCryptImportKeyPair(rsa_alg, NULL, BCRYPT_RSAFULLPRIVATE_BLOB, &key, wide, size + 3, 0),
        STATUS_SUCCESS, "leading zeros in every field");
    BCryptDestroyKey(key);
    key = UNTOUCHED;

    ROW("BCryptExportKey");
    tap_status(BCryptExportKey(rsa, NULL, NULL, bytes, sizeof bytes, &size, 0),
               STATUS_INVALID_PARAMETER, "no blob type");
    tap_status(BCryptExportKey(rsa, NULL, BCRYPT_RSAPUBLIC_BLOB, bytes, sizeof bytes, NULL, 0),
               STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(
        BCryptExportKey(rsa, NULL, BCRYPT_RSAPUBLIC_BLOB, bytes, sizeof bytes, &size, UNKNOWN_FLAG),
        STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptExportKey(rsa, ecdh, BCRYPT_RSAPRIVATE_BLOB, bytes, sizeof bytes, &size, 0),
               STATUS_INVALID_PARAMETER, "an export key");
    tap_status(BCryptExportKey(rsa, NULL, BCRYPT_ECCPUBLIC_BLOB, bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "another algorithm's blob type");
    tap_status(BCryptExportKey(rsa, NULL, BCRYPT_KEY_DATA_BLOB, bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "a symmetric blob type");

    ROW("BCryptDuplicateKey");
    tap_status(BCryptDuplicateKey(rsa, &key, NULL, 0, 0), STATUS_INVALID_HANDLE, "a key pair");
    tap(key == UNTOUCHED, "the key variable is untouched");
}

static void check_signatures(void)
{
    ROW("BCryptSignHash");
    ULONG size = 0;
    BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    BCRYPT_PKCS1_PADDING_INFO no_hash = {L"AES"};
    BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA256_ALGORITHM, 32};
    BCRYPT_PSS_PADDING_INFO too_much_salt = {BCRYPT_SHA256_ALGORITHM, 128 - 32 - 1};
    UCHAR hash[64] = {1};
    tap_status(BCryptSignHash(rsa, &pkcs1, hash, 32, bytes, sizeof bytes, NULL, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(BCryptSignHash(rsa, &pkcs1, NULL, 32, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "no hash");
    tap_status(BCryptSignHash(rsa, &pkcs1, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "no hash, of no bytes");
    tap_status(BCryptSignHash(rsa, &pkcs1, NULL, 0, NULL, 0, &size, BCRYPT_PAD_PKCS1),
               STATUS_SUCCESS, "no hash in a size query");
    tap_status(BCryptSignHash(rsa, &pkcs1, NULL, 32, NULL, 0, &size, BCRYPT_PAD_PKCS1),
               STATUS_SUCCESS, "whose bytes may be told");
    tap_status(BCryptSignHash(rsa, NULL, hash, 32, bytes, sizeof bytes, &size, 0),
               STATUS_INVALID_PARAMETER, "RSA without flags");
    tap_status(BCryptSignHash(rsa, NULL, hash, 32, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "RSA without padding information");
    tap_status(BCryptSignHash(rsa, &pkcs1, hash, 32, bytes, sizeof bytes, &size, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(
        BCryptSignHash(rsa, &no_hash, hash, 32, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
        STATUS_NOT_SUPPORTED, "a name that is no hash");
    tap_status(BCryptSignHash(rsa, &pkcs1, hash, 20, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "a hash of another length");
    tap_status(
        BCryptSignHash(rsa, &too_much_salt, hash, 32, bytes, sizeof bytes, &size, BCRYPT_PAD_PSS),
        STATUS_INVALID_PARAMETER, "more salt than fits");
    tap_status(BCryptSignHash(rsa, &pss, hash, 32, bytes, 0, &size, BCRYPT_PAD_PSS),
               STATUS_BUFFER_TOO_SMALL, "a buffer of 0 bytes");
    tap_status(
        BCryptSignHash(ecdsa, &pkcs1, hash, 32, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "ECDSA with a padding");
    tap_status(BCryptSignHash(ecdh, NULL, hash, 32, bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "a key that cannot sign");

    ROW("BCryptVerifySignature");
    UCHAR sig[64], rsa_sig[128];
    bool made =
        BCryptSignHash(ecdsa, NULL, hash, 32, sig, sizeof sig, &size, 0) == STATUS_SUCCESS &&
        BCryptSignHash(rsa, &pkcs1, hash, 32, rsa_sig, sizeof rsa_sig, &size, BCRYPT_PAD_PKCS1) ==
            STATUS_SUCCESS;
    tap(made, "signatures to verify");
    tap_status(BCryptVerifySignature(ecdsa, NULL, hash, 32, sig, 64, 0), STATUS_SUCCESS,
               "a good one");
    tap_status(BCryptVerifySignature(ecdsa, NULL, hash, 31, sig, 64, 0), STATUS_INVALID_SIGNATURE,
               "a shortened hash");
    tap_status(BCryptVerifySignature(ecdsa, NULL, hash, 32, sig, 62, 0), STATUS_INVALID_PARAMETER,
               "a shortened signature");
    tap_status(BCryptVerifySignature(ecdsa, NULL, hash, 32, NULL, 64, 0), STATUS_INVALID_PARAMETER,
               "no signature");
    tap_status(BCryptVerifySignature(ecdsa, NULL, NULL, 32, sig, 64, 0), STATUS_INVALID_PARAMETER,
               "no hash");
    tap_status(BCryptVerifySignature(ecdsa, &pkcs1, hash, 32, sig, 64, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "ECDSA with a padding");
    tap_status(BCryptVerifySignature(ecdsa, NULL, NULL, 0, sig, 64, 0), STATUS_INVALID_PARAMETER,
               "a hash of no bytes");
    UCHAR zero[64] = {0};
    tap_status(BCryptVerifySignature(ecdsa, NULL, hash, 32, zero, 64, 0), STATUS_INVALID_SIGNATURE,
               "r and s of zero");
    memset(zero, 0xFF, sizeof zero);
    tap_status(BCryptVerifySignature(ecdsa, NULL, hash, 32, zero, 64, 0), STATUS_INVALID_SIGNATURE,
               "r and s above the order");
    tap_status(BCryptVerifySignature(rsa, NULL, hash, 32, rsa_sig, 128, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "RSA without padding information");
    tap_status(BCryptVerifySignature(rsa, &no_hash, hash, 32, rsa_sig, 128, BCRYPT_PAD_PKCS1),
               STATUS_NOT_SUPPORTED, "a name that is no hash");
    BCRYPT_PKCS1_PADDING_INFO bare = {NULL};
    tap_status(BCryptVerifySignature(rsa, &bare, hash, 32, rsa_sig, 128, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_SIGNATURE, "no name against a DigestInfo");
    tap_status(BCryptVerifySignature(rsa, &pss, hash, 32, rsa_sig, 128, BCRYPT_PAD_PSS),
               STATUS_INVALID_SIGNATURE, "another padding");
    tap_status(BCryptVerifySignature(ecdh, NULL, hash, 32, sig, 64, 0), STATUS_NOT_SUPPORTED,
               "a key that cannot verify");
}

static void check_encryption(void)
{
    ROW("BCryptEncrypt");
    ULONG size = 0;
    UCHAR text[256] = {0};
    BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA256_ALGORITHM, NULL, 0};
    BCRYPT_OAEP_PADDING_INFO no_hash = {L"RNG", NULL, 0};
    tap_status(
        BCryptEncrypt(rsa, text, 16, NULL, NULL, 0, bytes, sizeof bytes, NULL, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(
        BCryptEncrypt(rsa, NULL, 16, NULL, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "no input");
    tap_status(
        BCryptEncrypt(rsa, text, 118, NULL, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "too much for PKCS#1");
    tap_status(
        BCryptEncrypt(rsa, text, 63, &oaep, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_OAEP),
        STATUS_INVALID_PARAMETER, "too much for OAEP");
    tap_status(
        BCryptEncrypt(rsa, text, 62, &oaep, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_OAEP),
        STATUS_SUCCESS, "as much as OAEP takes");
    tap_status(BCryptEncrypt(rsa, text, 16, &no_hash, NULL, 0, bytes, sizeof bytes, &size,
                             BCRYPT_PAD_OAEP),
               STATUS_NOT_SUPPORTED, "OAEP with a name that is no hash");
    tap_status(
        BCryptEncrypt(rsa, text, 16, NULL, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_OAEP),
        STATUS_INVALID_PARAMETER, "OAEP without information");
    tap_status(BCryptEncrypt(rsa, text, 16, NULL, NULL, 0, NULL, 0, &size, BCRYPT_PAD_OAEP),
               STATUS_SUCCESS, "its size query");
    tap_status(BCryptEncrypt(rsa, text, 16, NULL, NULL, 0, NULL, 0, &size, BCRYPT_PAD_NONE),
               STATUS_SUCCESS, "size query of raw RSA with short input");
    tap(size == 128, "answers the modulus length");
    tap_status(
        BCryptEncrypt(rsa, text, 16, NULL, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_NONE),
        STATUS_INVALID_PARAMETER, "raw RSA with short input");
    memset(text, 0xFF, sizeof text);
    tap_status(
        BCryptEncrypt(rsa, text, 128, NULL, NULL, 0, bytes, sizeof bytes, &size, BCRYPT_PAD_NONE),
        STATUS_INVALID_PARAMETER, "raw RSA above the modulus");
    tap_status(
        BCryptEncrypt(rsa, text, 16, NULL, NULL, 0, bytes, sizeof bytes, &size, UNKNOWN_FLAG),
        STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptEncrypt(ecdsa, text, 16, NULL, NULL, 0, bytes, sizeof bytes, &size, 0),
               STATUS_NOT_SUPPORTED, "a key that cannot encrypt");

    ROW("BCryptDecrypt");
    tap_status(
        BCryptDecrypt(rsa, bytes, 127, NULL, NULL, 0, text, sizeof text, &size, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "a ciphertext one byte short");
    tap_status(
        BCryptDecrypt(rsa, NULL, 128, NULL, NULL, 0, text, sizeof text, &size, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "no ciphertext");
    tap_status(
        BCryptDecrypt(rsa, bytes, 128, NULL, NULL, 0, text, sizeof text, NULL, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(BCryptDecrypt(rsa, bytes, 128, NULL, NULL, 0, NULL, 0, &size, BCRYPT_PAD_OAEP),
               STATUS_INVALID_PARAMETER, "OAEP without information, size query");
    tap_status(
        BCryptDecrypt(rsa, bytes, 128, NULL, NULL, 0, text, sizeof text, &size, UNKNOWN_FLAG),
        STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptDecrypt(ecdsa, bytes, 128, NULL, NULL, 0, text, sizeof text, &size, 0),
               STATUS_NOT_SUPPORTED, "a key that cannot decrypt");
}

static void check_agreement(void)
{
    ROW("BCryptSecretAgreement");
    BCRYPT_SECRET_HANDLE none = UNTOUCHED;
    tap_status(BCryptSecretAgreement(ecdh, ecdh, NULL, 0), STATUS_INVALID_PARAMETER,
               "no secret variable");
    tap_status(BCryptSecretAgreement(ecdh, ecdh, &none, UNKNOWN_FLAG), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap_status(BCryptSecretAgreement(rsa, rsa, &none, 0), STATUS_NOT_SUPPORTED,
               "keys that cannot agree");
    tap_status(BCryptSecretAgreement(ecdh, rsa, &none, 0), STATUS_OBJECT_TYPE_MISMATCH,
               "a peer of another algorithm");
    tap(none == UNTOUCHED, "the secret variable is untouched");

    ROW("BCryptDeriveKey");
    ULONG size = 0;
    WCHAR rng[] = L"RNG", sha256[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer hash = {sizeof sha256, KDF_HASH_ALGORITHM, sha256};
    BCryptBuffer wrong = {sizeof rng, KDF_HASH_ALGORITHM, rng};
    BCryptBuffer without_nul = {sizeof sha256 - sizeof(WCHAR), KDF_HASH_ALGORITHM, sha256};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &hash};
    tap_status(BCryptDeriveKey(secret, NULL, NULL, bytes, 20, &size, 0), STATUS_INVALID_PARAMETER,
               "no KDF");
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, bytes, 20, NULL, 0),
               STATUS_INVALID_PARAMETER, "no size variable");
    tap_status(BCryptDeriveKey(secret, L"NOKDF", NULL, bytes, 20, &size, 0), STATUS_NOT_SUPPORTED,
               "an unknown KDF");
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, bytes, 20, &size, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_TLS_PRF, NULL, bytes, 48, &size, 0),
               STATUS_INVALID_PARAMETER, "TLS_PRF without label and seed");
    list.pBuffers = NULL;
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, bytes, 20, &size, 0),
               STATUS_INVALID_PARAMETER, "a list without buffers");
    list.pBuffers = &wrong;
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, bytes, 32, &size, 0),
               STATUS_NOT_SUPPORTED, "a name that is no hash");
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, NULL, 0, &size, 0),
               STATUS_NOT_SUPPORTED, "the same in a size query");
    tap_status(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, NULL, 0, &size, 0), STATUS_SUCCESS,
               "size query");
    tap(size == 20, "of the default hash, SHA1");
    struct guarded short_of = guarded_new(10), full = guarded_new(20), more = guarded_new(40),
                   other = guarded_new(32);
    tap(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, full.p, 20, &size, 0) == STATUS_SUCCESS &&
            size == 20 && guarded_intact(&full),
        "20 bytes");
    tap(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, short_of.p, 10, &size, 0) ==
                STATUS_SUCCESS &&
            size == 10 && memcmp(short_of.p, full.p, 10) == 0 && guarded_intact(&short_of),
        "fewer bytes are the beginning");
    tap(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, more.p, 40, &size, 0) == STATUS_SUCCESS &&
            size == 20 && memcmp(more.p, full.p, 20) == 0 && more.p[20] == GUARD_BYTE &&
            more.p[39] == GUARD_BYTE,
        "a larger buffer gets one digest");
    list.pBuffers = &hash;
    tap(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, other.p, 32, &size, 0) == STATUS_SUCCESS &&
            size == 32,
        "SHA256");
    UCHAR first[32];
    memcpy(first, other.p, 32);
    list.pBuffers = &without_nul;
    tap(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, &list, other.p, 32, &size, 0) == STATUS_SUCCESS &&
            memcmp(first, other.p, 32) == 0,
        "a hash name without its NUL");
    guarded_free(&short_of);
    guarded_free(&full);
    guarded_free(&more);
    guarded_free(&other);
}

static void check_random(void)
{
    ROW("BCryptGenRandom");
    tap_status(BCryptGenRandom(NULL, bytes, 16, 0), STATUS_INVALID_HANDLE, "no handle and no flag");
    tap_status(BCryptGenRandom(NULL, NULL, 0, 0), STATUS_INVALID_HANDLE, "even with nothing to do");
    tap_status(BCryptGenRandom(NULL, NULL, 16, BCRYPT_USE_SYSTEM_PREFERRED_RNG),
               STATUS_INVALID_PARAMETER, "no buffer");
    tap_status(BCryptGenRandom(NULL, NULL, 0, BCRYPT_USE_SYSTEM_PREFERRED_RNG), STATUS_SUCCESS,
               "no buffer and no bytes");
    tap_status(BCryptGenRandom(rng_alg, bytes, 16, BCRYPT_USE_SYSTEM_PREFERRED_RNG),
               STATUS_INVALID_PARAMETER, "handle and flag");
    tap_status(BCryptGenRandom(rng_alg, bytes, 16, UNKNOWN_FLAG), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    tap_status(BCryptGenRandom(rsa_alg, bytes, 16, 0), STATUS_INVALID_HANDLE,
               "an algorithm that is no generator");
    tap_status(BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, bytes, 16, 0), STATUS_SUCCESS,
               "the pseudo-handle");
    tap_status(BCryptGenRandom(NULL, bytes, 16,
                               BCRYPT_USE_SYSTEM_PREFERRED_RNG | BCRYPT_RNG_USE_ENTROPY_IN_BUFFER),
               STATUS_SUCCESS, "both flags");
    static const ULONG lengths[] = {1, 15, 16, 17, 255, 4095, 4096, 4097, 70000};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        struct guarded g = guarded_new(lengths[i]);
        char what[64];
        snprintf(what, sizeof what, "%u bytes, all of them and no more", (unsigned)lengths[i]);
        bool good = BCryptGenRandom(rng_alg, g.p, g.n, 0) == STATUS_SUCCESS && guarded_intact(&g);
        ULONG same = 0;
        for (ULONG k = 0; k < g.n; k++)
            same += g.p[k] == GUARD_BYTE;
        tap(good && (g.n < 16 || same < g.n / 4), what);
        guarded_free(&g);
    }
}

static void check_kem(void)
{
    ROW("BCryptEncapsulate and BCryptDecapsulate");
    if (kem == NULL) {
        tap_skip("arguments", "the installed libcrypto lacks ML-KEM");
        return;
    }
    ULONG ns = 0, nc = 0;
    UCHAR shared[32];
    tap_status(BCryptEncapsulate(kem, NULL, 0, NULL, NULL, 0, &nc, 0), STATUS_INVALID_PARAMETER,
               "no secret size variable");
    tap_status(BCryptEncapsulate(kem, NULL, 0, &ns, NULL, 0, NULL, 0), STATUS_INVALID_PARAMETER,
               "no ciphertext size variable");
    tap_status(BCryptEncapsulate(kem, NULL, 0, &ns, NULL, 0, &nc, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptEncapsulate(rsa, NULL, 0, &ns, NULL, 0, &nc, 0), STATUS_NOT_SUPPORTED,
               "a key that cannot encapsulate");
    tap(BCryptEncapsulate(kem, NULL, 0, &ns, NULL, 0, &nc, 0) == STATUS_SUCCESS && ns == 32 &&
            nc == 1088,
        "sizes of ML-KEM-768");
    ns = nc = 0;
    tap_status(BCryptEncapsulate(kem, shared, 31, &ns, bytes, 1088, &nc, 0),
               STATUS_BUFFER_TOO_SMALL, "secret buffer short");
    tap(ns == 32 && nc == 1088, "both sizes are told");
    tap_status(BCryptDecapsulate(kem, bytes, 1088, shared, 32, NULL, 0), STATUS_INVALID_PARAMETER,
               "no size variable");
    tap_status(BCryptDecapsulate(kem, NULL, 1088, shared, 32, &ns, 0), STATUS_INVALID_PARAMETER,
               "no ciphertext");
    tap_status(BCryptDecapsulate(kem, NULL, 0, NULL, 0, &ns, 0), STATUS_INVALID_PARAMETER,
               "no ciphertext in a size query");
    tap_status(BCryptDecapsulate(kem, bytes, 1087, shared, 32, &ns, 0), STATUS_INVALID_BUFFER_SIZE,
               "a ciphertext of another size");
    tap_status(BCryptDecapsulate(kem, bytes, 1088, shared, 31, &ns, 0), STATUS_BUFFER_TOO_SMALL,
               "secret buffer short");
    tap_status(BCryptDecapsulate(kem, bytes, 1088, shared, 32, &ns, UNKNOWN_FLAG),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptDecapsulate(rsa, bytes, 1088, shared, 32, &ns, 0), STATUS_NOT_SUPPORTED,
               "a key that cannot decapsulate");
    BCryptDestroyKey(kem);
    BCryptCloseAlgorithmProvider(kem_alg, 0);
}

int main(void)
{
    prepare();
    check_handles();
    check_other_handles();
    check_open();
    check_enumerations();
    check_get_property();
    check_final_property();
    check_set_property();
    check_key_life();
    check_signatures();
    check_encryption();
    check_agreement();
    check_random();
    check_kem();
    BCryptDestroySecret(secret);
    BCryptDestroyKey(rsa);
    BCryptDestroyKey(ecdsa);
    BCryptDestroyKey(ecdh);
    BCryptDestroyKey(empty_key);
    BCryptCloseAlgorithmProvider(rsa_alg, 0);
    BCryptCloseAlgorithmProvider(ecdh_alg, 0);
    BCryptCloseAlgorithmProvider(rng_alg, 0);
    return tap_done();
}
