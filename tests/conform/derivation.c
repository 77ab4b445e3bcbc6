/*
 * Key derivation through BCryptKeyDerivation: one walk over rows (algorithm, secret, parameters,
 * known answer) for what all functions promise, then what is particular to one.
 *
 * The answers that no standard prints were computed from the formulas of the standards with
 * Python's hmac and hashlib.
 */
#include "conform_keys.h"

#define MOST_ITEMS 6
#define ANSWER_BYTES 40

struct item {
    ULONG type;
    const void *p;
    ULONG n;
    bool optional;
    bool specific; /* KDF_GENERIC_PARAMETER stands for it */
};

#define HASH(name)                                                                                 \
    {                                                                                              \
        KDF_HASH_ALGORITHM, name, sizeof(name), false, false                                       \
    }
#define NEEDED(type, text)                                                                         \
    {                                                                                              \
        type, text, sizeof(text) - 1, false, false                                                 \
    }
#define SPECIFIC(type, text)                                                                       \
    {                                                                                              \
        type, text, sizeof(text) - 1, false, true                                                  \
    }
#define SPARE(type, text)                                                                          \
    {                                                                                              \
        type, text, sizeof(text) - 1, true, true                                                   \
    }
#define OPTION(type, value)                                                                        \
    {                                                                                              \
        type, &(value), sizeof(value), true, false                                                 \
    }

static const ULONGLONG rounds = 4096;

struct row {
    const char *label;
    LPCWSTR alg;
    BCRYPT_ALG_HANDLE pseudo;
    const char *secret;
    ULONG flags;
    struct item items[MOST_ITEMS];
    const char *generic; /* the same as the specific items; NULL: not taken */
    ULONG generic_bytes;
    bool hkdf;           /* properties are set before */
    bool length_matters; /* a shorter output is another one */
    const char *answer;  /* hexadecimal */
};

#define GENERIC(text) .generic = text, .generic_bytes = sizeof(text) - 1

static const struct row rows[] = {
    {.label = "PBKDF2",
     .alg = BCRYPT_PBKDF2_ALGORITHM,
     .pseudo = BCRYPT_PBKDF2_ALG_HANDLE,
     .secret = "passwordPASSWORDpassword",
     .items = {HASH(L"SHA1"), SPARE(KDF_SALT, "saltSALTsaltSALTsaltSALTsaltSALTsalt"),
               OPTION(KDF_ITERATION_COUNT, rounds)},
     GENERIC("saltSALTsaltSALTsaltSALTsaltSALTsalt"),
     .answer = "3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"}, /* RFC 6070 */
    {.label = "SP800_108_CTR_HMAC",
     .alg = BCRYPT_SP800108_CTR_HMAC_ALGORITHM,
     .pseudo = BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE,
     .secret = "the secret",
     .items = {HASH(L"SHA256"), SPECIFIC(KDF_LABEL, "label"), SPECIFIC(KDF_CONTEXT, "context")},
     GENERIC("label\0context"),
     .length_matters = true,
     .answer = "9f18f11bd9c124484b4cd924ce37ead5520ed09c52e8bf530751bb7765a7e7744a06af1aa98991a6"},
    {.label = "SP800_56A_CONCAT",
     .alg = BCRYPT_SP80056A_CONCAT_ALGORITHM,
     .pseudo = BCRYPT_SP80056A_CONCAT_ALG_HANDLE,
     .secret = "the secret",
     .items = {HASH(L"SHA256"), SPECIFIC(KDF_ALGORITHMID, "alg"), SPECIFIC(KDF_PARTYUINFO, "Alice"),
               SPECIFIC(KDF_PARTYVINFO, "Bob"), SPARE(KDF_SUPPPUBINFO, "public"),
               SPARE(KDF_SUPPPRIVINFO, "private")},
     GENERIC("algAliceBobpublicprivate"),
     .answer = "74bfc2b826e08ad7eebff77df5d4cca01a356cccca0ebc34b98122ab30ecd3394f4f2eda960d1dfe"},
    {.label = "CAPI_KDF",
     .alg = BCRYPT_CAPI_KDF_ALGORITHM,
     .pseudo = BCRYPT_CAPI_KDF_ALG_HANDLE,
     .secret = "the secret",
     .flags = BCRYPT_CAPI_AES_FLAG,
     .items = {HASH(L"SHA1")},
     .answer = "6ea2ea7fdef0830c247dd0edb5fa3c05bbe9feeff676bbd7b40d4055361aa7579958580b4b3d524d"},
    {.label = "TLS1_1_KDF",
     .alg = BCRYPT_TLS1_1_KDF_ALGORITHM,
     .pseudo = BCRYPT_TLS1_1_KDF_ALG_HANDLE,
     .secret = "the odd secret.",
     .items = {NEEDED(KDF_TLS_PRF_LABEL, "key expansion"), NEEDED(KDF_TLS_PRF_SEED, "0123456789")},
     .answer = "f7feec346f9f1b7f5b94b864e37f82603a881fa3cca5882ce7832db23860b02e512b31f18b40dbc7"},
    {.label = "TLS1_2_KDF",
     .alg = BCRYPT_TLS1_2_KDF_ALGORITHM,
     .pseudo = BCRYPT_TLS1_2_KDF_ALG_HANDLE,
     .secret = "the secret",
     .items = {HASH(L"SHA384"), NEEDED(KDF_TLS_PRF_LABEL, "key expansion"),
               NEEDED(KDF_TLS_PRF_SEED, "0123456789")},
     .answer = "9a3a92234954f836056997818c67947c01e20c02fbf1f885471ccd5255291364ac81e5a654e2d3fd"},
    {.label = "HKDF",
     .alg = BCRYPT_HKDF_ALGORITHM,
     .pseudo = BCRYPT_HKDF_ALG_HANDLE,
     .secret = "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
               "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b",
     .items = {{KDF_HKDF_INFO, "\xf0\xf1\xf2\xf3\xf4\xf5\xf6\xf7\xf8\xf9", 10, true, false}},
     .hkdf = true,
     .answer = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b88718"},
};

static const UCHAR hkdf_salt[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}; /* RFC 5869, case 1 */

/* ---- parameter lists ---------------------------------------------------------------------------------------- */

struct list {
    BCryptBuffer buffers[24];
    BCryptBufferDesc desc;
};

static void list_add(struct list *l, ULONG type, const void *p, ULONG n)
{
    if (l->desc.cBuffers == sizeof l->buffers / sizeof *l->buffers)
        abort();
    l->buffers[l->desc.cBuffers++] = (BCryptBuffer){n, type, (PVOID)(ULONG_PTR)p};
    l->desc.pBuffers = l->buffers;
    l->desc.ulVersion = BCRYPTBUFFER_VERSION;
}

static size_t item_count(const struct row *r)
{
    size_t n = 0;
    while (n < MOST_ITEMS && r->items[n].p != NULL)
        n++;
    return n;
}

/* The row's parameters, without one of them where `leave_out` is its index. */
static struct list list_of(const struct row *r, size_t leave_out)
{
    struct list l = {.desc.cBuffers = 0};
    for (size_t i = 0; i < item_count(r); i++) {
        if (i != leave_out)
            list_add(&l, r->items[i].type, r->items[i].p, r->items[i].n);
    }
    return l;
}

#define ALL ((size_t)-1)

/* With the generic parameter for the specific ones. */
static struct list list_generic(const struct row *r)
{
    struct list l = {.desc.cBuffers = 0};
    for (size_t i = 0; i < item_count(r); i++) {
        if (!r->items[i].specific)
            list_add(&l, r->items[i].type, r->items[i].p, r->items[i].n);
    }
    list_add(&l, KDF_GENERIC_PARAMETER, r->generic, r->generic_bytes);
    return l;
}

static NTSTATUS key_derive(BCRYPT_KEY_HANDLE key, struct list *l, ULONG flags, UCHAR *out, ULONG n)
{
    got = 0;
    l->desc.pBuffers = l->buffers; /* the list may be a copy */
    return BCryptKeyDerivation(key, &l->desc, out, n, &got, flags);
}

/* ---- keys ---------------------------------------------------------------------------------------------------- */

static ULONG secret_bytes(const struct row *r)
{
    return (ULONG)strlen(r->secret);
}

static NTSTATUS hkdf_settle(BCRYPT_KEY_HANDLE key)
{
    NTSTATUS status = set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256");
    if (status < 0)
        return status;
    return BCryptSetProperty(key, BCRYPT_HKDF_SALT_AND_FINALIZE, (PUCHAR)(ULONG_PTR)hkdf_salt,
                             sizeof hkdf_salt, 0);
}

/* A key of the row that is ready to derive. */
static BCRYPT_KEY_HANDLE ready_key(BCRYPT_ALG_HANDLE alg, const struct row *r)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptGenerateSymmetricKey(alg, &key, NULL, 0, (PUCHAR)(ULONG_PTR)r->secret,
                                   secret_bytes(r), 0) < 0 ||
        (r->hkdf && hkdf_settle(key) < 0))
        abort();
    return key;
}

static ULONG answer_of(const struct row *r, UCHAR *out)
{
    ULONG n = 0;
    for (const char *c = r->answer; *c != '\0'; c += 2, n++) {
        const char pair[] = {c[0], c[1], '\0'};
        out[n] = (UCHAR)strtoul(pair, NULL, 16);
    }
    return n;
}

/* Whether a key derives the row's answer, and nothing around it. */
static bool right(BCRYPT_KEY_HANDLE key, const struct row *r, struct list l)
{
    UCHAR expected[ANSWER_BYTES];
    ULONG n = answer_of(r, expected);
    struct guarded g = guarded_new(n);
    bool good = key_derive(key, &l, r->flags, g.p, n) == STATUS_SUCCESS && got == n &&
                guarded_intact(&g) && memcmp(g.p, expected, n) == 0;
    guarded_free(&g);
    return good;
}

/* ---- what every function promises ---------------------------------------------------------------------------- */

static ULONG number(BCRYPT_HANDLE h, LPCWSTR name)
{
    ULONG value = 0xFFFFFFFF, n = 0;
    NTSTATUS status = BCryptGetProperty(h, name, (PUCHAR)&value, sizeof value, &n, 0);
    return status == STATUS_SUCCESS && n == sizeof value ? value : 0xFFFFFFFF;
}

static void check_properties(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key, const struct row *r)
{
    BCRYPT_KEY_LENGTHS_STRUCT lengths = {1, 1, 1};
    ULONG size = number(alg, BCRYPT_OBJECT_LENGTH), value, n;
    tap(size > 0 && size <= 768, "the object length of the algorithm");
    tap(number(key, BCRYPT_OBJECT_LENGTH) == size, "the object length of the key is the same");
    tap_status(BCryptGetProperty(alg, BCRYPT_KEY_LENGTHS, (PUCHAR)&lengths, sizeof lengths, &n, 0),
               STATUS_SUCCESS, "key lengths");
    tap(lengths.dwMinLength == 0 && lengths.dwMaxLength == 16384 && lengths.dwIncrement == 8,
        "0 to 16384 bits");
    tap(number(alg, BCRYPT_PRIMITIVE_TYPE) == BCRYPT_KEY_DERIVATION_INTERFACE, "interface");
    tap(number(key, BCRYPT_KEY_STRENGTH) == 8 * secret_bytes(r), "strength is the secret's bits");
    tap(number(key, BCRYPT_KEY_LENGTH) == 8 * secret_bytes(r), "length is the secret's bits");
    tap_status(BCryptGetProperty(key, BCRYPT_BLOCK_LENGTH, (PUCHAR)&value, sizeof value, &n, 0),
               STATUS_NOT_SUPPORTED, "no block length");
    tap_status(BCryptSetProperty(key, BCRYPT_KEY_LENGTH, (PUCHAR)&value, sizeof value, 0),
               STATUS_NOT_SUPPORTED, "no length to set");
    if (!r->hkdf)
        tap_status(set_text(key, BCRYPT_HKDF_HASH_ALGORITHM, L"SHA256"), STATUS_NOT_SUPPORTED,
                   "no hash to set");
}

static void check_outputs(BCRYPT_KEY_HANDLE key, const struct row *r)
{
    UCHAR expected[ANSWER_BYTES];
    ULONG full = answer_of(r, expected);
    bool prefix = true, other = true;
    for (ULONG n = 1; n < full; n++) {
        struct list l = list_of(r, ALL);
        struct guarded g = guarded_new(n);
        bool ok = key_derive(key, &l, r->flags, g.p, n) == STATUS_SUCCESS && got == n &&
                  guarded_intact(&g);
        bool same = memcmp(g.p, expected, n) == 0;
        prefix = prefix && ok && same;
        other = other && ok && (!same || n < 4);
        guarded_free(&g);
    }
    if (r->length_matters)
        tap(other, "a shorter output is another one");
    else
        tap(prefix, "a shorter output is the start of a longer one");
}

/* Every lack and surplus of parameters. */
static void check_parameters(BCRYPT_KEY_HANDLE key, const struct row *r)
{
    UCHAR out[ANSWER_BYTES], expected[ANSWER_BYTES];
    ULONG n = answer_of(r, expected);
    char what[100];
    for (size_t i = 0; i < item_count(r); i++) {
        struct list less = list_of(r, i);
        snprintf(what, sizeof what, "without parameter 0x%x", (unsigned)r->items[i].type);
        tap_status(key_derive(key, &less, r->flags, out, n),
                   r->items[i].optional ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER, what);
        struct list twice = list_of(r, ALL);
        list_add(&twice, r->items[i].type, r->items[i].p, r->items[i].n);
        snprintf(what, sizeof what, "parameter 0x%x twice", (unsigned)r->items[i].type);
        tap_status(key_derive(key, &twice, r->flags, out, n), STATUS_INVALID_PARAMETER, what);
        struct list broken = list_of(r, ALL);
        broken.buffers[i].pvBuffer = NULL;
        snprintf(what, sizeof what, "parameter 0x%x with a NULL pointer",
                 (unsigned)r->items[i].type);
        tap_status(key_derive(key, &broken, r->flags, out, n), STATUS_INVALID_PARAMETER, what);
        if (r->generic != NULL && r->items[i].specific) {
            struct list both = list_generic(r);
            list_add(&both, r->items[i].type, r->items[i].p, r->items[i].n);
            snprintf(what, sizeof what, "parameter 0x%x and the generic one",
                     (unsigned)r->items[i].type);
            tap_status(key_derive(key, &both, r->flags, out, n), STATUS_INVALID_PARAMETER, what);
        }
    }
    /* Types that the function does not take. */
    static const ULONG edges[] = {31, 32, 33, 64, 0x80000000, 0xFFFFFFFF};
    bool refused = true;
    for (size_t i = 0; i < KDF_HKDF_INFO + 1 + sizeof edges / sizeof *edges; i++) {
        ULONG type = i <= KDF_HKDF_INFO ? (ULONG)i : edges[i - KDF_HKDF_INFO - 1];
        bool taken = type == KDF_GENERIC_PARAMETER && r->generic != NULL;
        for (size_t k = 0; k < item_count(r); k++)
            taken = taken || r->items[k].type == type;
        struct list l = list_of(r, ALL);
        list_add(&l, type, L"SHA1", sizeof L"SHA1");
        refused =
            refused && (taken || key_derive(key, &l, r->flags, out, n) == STATUS_INVALID_PARAMETER);
    }
    tap(refused, "types that it does not take are refused");
    if (r->generic == NULL)
        return;
    tap(right(key, r, list_generic(r)), "the generic parameter stands for the specific ones");
    struct list twice = list_generic(r);
    list_add(&twice, KDF_GENERIC_PARAMETER, r->generic, r->generic_bytes);
    tap_status(key_derive(key, &twice, r->flags, out, n), STATUS_INVALID_PARAMETER,
               "the generic parameter twice");
}

static void check_hash_names(BCRYPT_KEY_HANDLE key, const struct row *r)
{
    if (item_count(r) == 0 || r->items[0].type != KDF_HASH_ALGORITHM)
        return;
    static const LPCWSTR none[] = {L"SHA257", L"AES", L"RNG", L"HMAC", L""};
    UCHAR out[16];
    bool refused = true;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct list l = list_of(r, 0);
        list_add(&l, KDF_HASH_ALGORITHM, none[i], text_bytes(none[i]));
        refused = refused && key_derive(key, &l, r->flags, out, sizeof out) == STATUS_NOT_SUPPORTED;
    }
    tap(refused, "a hash that does not exist");
    struct list bare = list_of(r, ALL);
    bare.buffers[0].cbBuffer -= (ULONG)sizeof(WCHAR);
    tap(right(key, r, bare), "the hash's name may be counted without its NUL");
}

static void check_calls(BCRYPT_KEY_HANDLE key, const struct row *r)
{
    UCHAR expected[ANSWER_BYTES];
    ULONG n = answer_of(r, expected), result = 0x77;
    struct guarded g = guarded_new(n);
    struct list l = list_of(r, ALL);
    BCryptBufferDesc *desc = &l.desc;
    l.desc.pBuffers = l.buffers;
    tap_status(BCryptKeyDerivation(NULL, desc, g.p, n, &result, r->flags), STATUS_INVALID_HANDLE,
               "no key");
    tap_status(BCryptKeyDerivation(r->pseudo, desc, g.p, n, &result, r->flags),
               STATUS_INVALID_HANDLE, "an algorithm for a key");
    tap_status(BCryptKeyDerivation(key, desc, NULL, n, &result, r->flags), STATUS_INVALID_PARAMETER,
               "no buffer");
    tap_status(BCryptKeyDerivation(key, desc, g.p, 0, &result, r->flags), STATUS_INVALID_PARAMETER,
               "a buffer of no bytes");
    tap_status(BCryptKeyDerivation(key, desc, g.p, n, NULL, r->flags), STATUS_INVALID_PARAMETER,
               "no result pointer");
    bool flags = true;
    for (int bit = 0; bit < 32; bit++) {
        ULONG one = 1u << bit;
        if (r->flags != one)
            flags = flags && BCryptKeyDerivation(key, desc, g.p, n, &result, one) ==
                                 STATUS_INVALID_PARAMETER;
    }
    tap(flags, "flags that it does not take");
    BCryptBufferDesc torn = {BCRYPTBUFFER_VERSION, 1, NULL};
    tap_status(BCryptKeyDerivation(key, &torn, g.p, n, &result, r->flags), STATUS_INVALID_PARAMETER,
               "a list without its buffers");
    tap(result == 0x77 && guarded_untouched(&g), "failures write nothing");
    guarded_free(&g);
}

/* No other key derives, and a key of this kind does nothing else. */
static void check_kinds(BCRYPT_KEY_HANDLE key)
{
    UCHAR out[16];
    ULONG n;
    BCRYPT_ALG_HANDLE ecdh = open_alg(BCRYPT_ECDH_P256_ALGORITHM);
    BCRYPT_KEY_HANDLE pair = make_key(ecdh, 256);
    tap_status(BCryptKeyDerivation(pair, NULL, out, sizeof out, &n, 0), STATUS_NOT_SUPPORTED,
               "a key pair does not derive");
    BCryptDestroyKey(pair);
    BCryptCloseAlgorithmProvider(ecdh, 0);
    tap_status(BCryptEncrypt(key, out, 16, NULL, NULL, 0, out, 16, &n, 0), STATUS_NOT_SUPPORTED,
               "the key does not encrypt");
    tap_status(BCryptSignHash(key, NULL, out, 16, out, 16, &n, 0), STATUS_NOT_SUPPORTED,
               "nor sign");
    tap_status(BCryptFinalizeKeyPair(key, 0), STATUS_NOT_SUPPORTED, "nor is it finalized");
}

/* ---- the life of a key --------------------------------------------------------------------------------------- */

static void check_memory(BCRYPT_ALG_HANDLE alg, const struct row *r)
{
    ULONG size = number(alg, BCRYPT_OBJECT_LENGTH);
    PUCHAR secret = (PUCHAR)(ULONG_PTR)r->secret;
    struct guarded g = guarded_new(size), h = guarded_new(size);
    BCRYPT_KEY_HANDLE key = UNTOUCHED, copy = UNTOUCHED;
    tap_status(BCryptGenerateSymmetricKey(alg, &key, g.p, size - 1, secret, secret_bytes(r), 0),
               STATUS_BUFFER_TOO_SMALL, "memory one byte too small for the key");
    tap(key == UNTOUCHED, "gives no key");
    tap_status(BCryptGenerateSymmetricKey(alg, &key, g.p, size, secret, secret_bytes(r), 0),
               STATUS_SUCCESS, "a key in the caller's memory");
    tap(!r->hkdf || hkdf_settle(key) == STATUS_SUCCESS, "made ready");
    tap_status(BCryptDuplicateKey(key, &copy, h.p, size - 1, 0), STATUS_BUFFER_TOO_SMALL,
               "memory one byte too small for the copy");
    tap_status(BCryptDuplicateKey(key, &copy, h.p, size, 0), STATUS_SUCCESS, "a copy in memory");
    tap(right(key, r, list_of(r, ALL)), "the key derives the right answer");
    tap(guarded_intact(&g), "nothing is written around the memory");
    tap_status(BCryptDestroyKey(key), STATUS_SUCCESS, "the key goes first");
    tap(right(copy, r, list_of(r, ALL)), "the copy derives the right answer");
    tap(guarded_intact(&h), "nothing is written around its memory");
    BCryptDestroyKey(copy);
    guarded_free(&g);
    guarded_free(&h);
}

static void check_blobs(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key, const struct row *r)
{
    ULONG size = 0, n = 0;
    tap_status(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, NULL, 0, &size, 0), STATUS_SUCCESS,
               "size of the blob");
    struct guarded blob = guarded_new(size);
    tap_status(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, blob.p, size - 1, &n, 0),
               STATUS_BUFFER_TOO_SMALL, "a short buffer for the blob");
    tap(n == size && guarded_untouched(&blob), "says the size and writes nothing");
    tap_status(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, blob.p, size, &n, 0),
               STATUS_SUCCESS, "the blob");
    tap(n == size && guarded_intact(&blob), "is as long as announced");

    BCRYPT_KEY_HANDLE again = UNTOUCHED;
    bool exact = true;
    for (ULONG cut = 0; cut < size; cut++)
        exact = exact && BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &again, NULL, 0, blob.p,
                                         cut, 0) == STATUS_INVALID_PARAMETER;
    tap(exact && again == UNTOUCHED, "every shorter blob is refused");
    tap_status(BCryptImportKey(alg, key, BCRYPT_KEY_DATA_BLOB, &again, NULL, 0, blob.p, size, 0),
               STATUS_INVALID_PARAMETER, "a key that would unwrap");
    tap_status(BCryptImportKey(alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &again, NULL, 0, blob.p, size, 0),
               STATUS_NOT_SUPPORTED, "no opaque blobs");
    tap_status(BCryptExportKey(key, NULL, BCRYPT_OPAQUE_KEY_BLOB, NULL, 0, &n, 0),
               STATUS_NOT_SUPPORTED, "in neither direction");
    tap_status(BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &again, NULL, 0, blob.p, size, 0),
               STATUS_SUCCESS, "the key from its blob");
    tap(right(again, r, list_of(r, ALL)), "derives the right answer");

    UCHAR second[256];
    tap(export_to(again, BCRYPT_KEY_DATA_BLOB, second, sizeof second) == size &&
            memcmp(second, blob.p, size) == 0,
        "and exports the same blob");
    BCryptDestroyKey(again);
    guarded_free(&blob);
}

static void check_secrets(BCRYPT_ALG_HANDLE alg)
{
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    static UCHAR secret[2049];
    tap_status(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "a NULL secret");
    tap_status(BCryptGenerateSymmetricKey(alg, NULL, NULL, 0, secret, 1, 0),
               STATUS_INVALID_PARAMETER, "nowhere to put the key");
    tap_status(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, 1, BCRYPT_EXTENDED_KEYSIZE),
               STATUS_INVALID_PARAMETER, "a flag");
    tap_status(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, 2049, 0),
               STATUS_INVALID_PARAMETER, "a secret of 2049 bytes");
    tap(key == UNTOUCHED, "no key so far");
    static const ULONG sizes[] = {0, 1, 2048};
    bool good = true;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        good =
            good &&
            BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, sizes[i], 0) == STATUS_SUCCESS &&
            number(key, BCRYPT_KEY_STRENGTH) == 8 * sizes[i];
        BCryptDestroyKey(key);
    }
    tap(good, "secrets of 0, 1 and 2048 bytes");
}

static void walk(const struct row *r)
{
    row_begin("%s (%d-bit WCHAR)", r->label, (int)sizeof(WCHAR) * 8);
    BCRYPT_ALG_HANDLE alg = NULL;
    tap_status(BCryptOpenAlgorithmProvider(&alg, r->alg, NULL, 0), STATUS_SUCCESS, "open");
    BCRYPT_KEY_HANDLE key = ready_key(alg, r), other = ready_key(r->pseudo, r);
    tap(right(key, r, list_of(r, ALL)), "the right answer");
    tap(right(other, r, list_of(r, ALL)), "and through the pseudo-handle");
    check_properties(alg, key, r);
    check_outputs(key, r);
    check_parameters(key, r);
    check_hash_names(key, r);
    check_calls(key, r);
    check_kinds(key);
    check_memory(alg, r);
    check_blobs(alg, key, r);
    check_secrets(alg);
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_SUCCESS, "close the algorithm");
    tap(right(key, r, list_of(r, ALL)), "the key outlives it");
    tap_status(BCryptDestroyKey(key), STATUS_SUCCESS, "destroy the key");
    UCHAR out[1];
    struct list l = list_of(r, ALL);
    tap_status(key_derive(key, &l, r->flags, out, 1), STATUS_INVALID_HANDLE, "it is gone");
    BCryptDestroyKey(other);
}

int main(void)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        walk(&rows[i]);
    return tap_done();
}
