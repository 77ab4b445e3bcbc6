/*
 * Blobs that somebody else wrote, or damaged: which statuses tell a wrong magic from wrong sizes, and which spellings of a
 * key are read although they are never written.
 */
#include "conform_der.h"
#include "conform_ncrypt.h"

static NCRYPT_PROV_HANDLE provider;

static NCRYPT_KEY_HANDLE begin(LPCWSTR alg, LPCWSTR property, LPCWSTR value)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, alg, NULL, 0, 0) != ERROR_SUCCESS ||
        set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 0x13, 0) != ERROR_SUCCESS ||
        (property != NULL && set_text(key, property, value, 0) != ERROR_SUCCESS))
        abort();
    return key;
}

static NCRYPT_KEY_HANDLE make(LPCWSTR alg, LPCWSTR property, LPCWSTR value)
{
    static BYTE secret[] = "of a key derivation function";
    NCRYPT_KEY_HANDLE key = begin(alg, property, value);
    if (text_equal(alg, L"PBKDF2"))
        NCryptSetProperty(key, NCRYPT_KDF_SECRET_VALUE, secret, sizeof secret, 0);
    if (NCryptFinalizeKey(key, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

static SECURITY_STATUS import(NCRYPT_KEY_HANDLE with, LPCWSTR type, NCryptBufferDesc *list,
                              const BYTE *blob, DWORD n, NCRYPT_KEY_HANDLE *key)
{
    return NCryptImportKey(provider, with, type, list, key, (PBYTE)blob, n, 0);
}

/* The status of an import, whose key is not wanted. */
static SECURITY_STATUS try_import(NCRYPT_KEY_HANDLE with, LPCWSTR type, const BYTE *blob, DWORD n)
{
    NCRYPT_KEY_HANDLE key = 0;
    SECURITY_STATUS s = import(with, type, NULL, blob, n, &key);
    if (s == ERROR_SUCCESS)
        NCryptFreeObject(key);
    return s;
}

/* Whether both say the same in a blob of that type. */
static bool same_blob(NCRYPT_KEY_HANDLE a, NCRYPT_KEY_HANDLE b, LPCWSTR type)
{
    DWORD n = 0, m = 0;
    set_dword(b, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
    BYTE *p = export_blob(a, type, NULL, &n);
    BYTE *q = export_blob(b, type, NULL, &m);
    bool same = p != NULL && q != NULL && n == m && memcmp(p, q, n) == 0;
    free(p);
    free(q);
    return same;
}

/* ---- magics and sizes ----------------------------------------------------------------------- */

static const struct envelope {
    const char *label;
    LPCWSTR type, alg, property, value;
    DWORD magic_at, header;
    DWORD sizes[3], size_count; /* where they stand */
    DWORD inner;                /* a BCRYPT_KEY_DATA_BLOB; 0: none */
} envelopes[] = {
    {"CipherKeyBlob", L"CipherKeyBlob", L"AES", NULL, NULL, 4, 16, {0, 8, 12}, 3, 16 + 8},
    {"KDFKeyBlob", L"KDFKeyBlob", L"PBKDF2", NULL, NULL, 4, 16, {0, 8, 12}, 3, 16 + 14},
    {"ProtectedKeyBlob", L"ProtectedKeyBlob", L"ECDSA_P256", NULL, NULL, 4, 16, {0, 8, 12}, 3, 0},
    {"PQPrivateKeyBlob",
     L"PQPrivateKeyBlob",
     L"ML-DSA",
     L"ParameterSetName",
     L"44",
     0,
     12,
     {4, 8},
     2,
     0},
    {"PKCS11RsaAesWrapBlob",
     L"PKCS11RsaAesWrapBlob",
     L"ECDSA_P256",
     NULL,
     NULL,
     0,
     16,
     {4, 8, 12},
     3,
     0},
    {"OpaqueTransport", L"OpaqueTransport", L"ECDSA_P256", NULL, NULL, 0, 12, {0}, 0, 0},
};

static BYTE *envelope_of(const struct envelope *e, NCRYPT_KEY_HANDLE key, NCRYPT_KEY_HANDLE with,
                         DWORD *n)
{
    static WCHAR rule[] = L"LOCAL=user";
    NCryptBuffer buffer = {sizeof rule, NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING, rule};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    NCryptBufferDesc *params = text_equal(e->type, L"ProtectedKeyBlob") ? &list : NULL;
    if (NCryptExportKey(key, with, e->type, params, NULL, 0, n, 0) != ERROR_SUCCESS)
        return NULL;
    BYTE *blob = malloc(*n + 1);
    if (blob == NULL ||
        NCryptExportKey(key, with, e->type, params, blob, *n, n, 0) != ERROR_SUCCESS)
        abort();
    blob[*n] = 0;
    return blob;
}

/* Cut at every place where a header is, one byte short, and one too long. */
static void cuts(const struct envelope *e, NCRYPT_KEY_HANDLE with, const BYTE *blob, DWORD n)
{
    const DWORD most = e->inner != 0 ? e->inner + 12 : e->header;
    bool bad = true;
    for (DWORD cut = 0; cut <= most; cut++)
        bad &= try_import(with, e->type, blob, cut) == NTE_BAD_DATA;
    tap(bad, "cut within its header");
    tap_status(try_import(with, e->type, blob, n - 1), NTE_BAD_DATA, "one byte less");
    tap_status(try_import(with, e->type, blob, n + 1), NTE_BAD_DATA, "one byte more");
}

static void changes(const struct envelope *e, NCRYPT_KEY_HANDLE with, BYTE *blob, DWORD n)
{
    for (DWORD i = 0; i < 4; i++) {
        blob[e->magic_at + i] ^= 1;
        tap_status(try_import(with, e->type, blob, n), NTE_INVALID_PARAMETER, "another magic");
        blob[e->magic_at + i] ^= 1;
    }
    for (DWORD i = 0; i < e->size_count; i++) {
        for (int by = -1; by <= 1; by += 2) {
            BYTE was = blob[e->sizes[i]];
            blob[e->sizes[i]] = (BYTE)(was + by);
            tap_status(try_import(with, e->type, blob, n), NTE_BAD_DATA,
                       "a size that does not add up");
            blob[e->sizes[i]] = was;
        }
    }
    if (e->inner == 0)
        return;
    blob[e->inner] ^= 1;
    tap_status(try_import(with, e->type, blob, n), NTE_INVALID_PARAMETER, "another magic inside");
    blob[e->inner] ^= 1;
    blob[e->inner + 8]++;
    tap_status(try_import(with, e->type, blob, n), NTE_BAD_DATA, "another size inside");
    blob[e->inner + 8]--;
}

static void headers(void)
{
    NCRYPT_KEY_HANDLE rsa = make(L"RSA", NULL, NULL);
    for (size_t i = 0; i < sizeof envelopes / sizeof envelopes[0]; i++) {
        const struct envelope *e = &envelopes[i];
        row_begin("the header of %s", e->label);
        if (NCryptIsAlgSupported(provider, e->alg, 0) != ERROR_SUCCESS) {
            tap_skip("everything", "the installed libcrypto lacks the algorithm");
            continue;
        }
        NCRYPT_KEY_HANDLE key = make(e->alg, e->property, e->value);
        NCRYPT_KEY_HANDLE with = text_equal(e->type, L"PKCS11RsaAesWrapBlob") ? rsa : 0;
        DWORD n = 0;
        BYTE *blob = envelope_of(e, key, with, &n);
        tap(blob != NULL, "is written");
        if (blob != NULL) {
            tap_status(try_import(with, e->type, blob, n), ERROR_SUCCESS, "is read");
            cuts(e, with, blob, n);
            changes(e, with, blob, n);
        }
        free(blob);
        NCryptFreeObject(key);
    }
    NCryptFreeObject(rsa);
}

/* ---- a private blob in a public type -------------------------------------------------------- */

static void half_a_key(void)
{
    static WCHAR curve[] = L"curve25519";
    static WCHAR name[] = L"half a key";
    NCRYPT_KEY_HANDLE key = make(L"ECDH", L"ECCCurveName", curve);
    NCryptBuffer buffers[] = {{sizeof curve, NCRYPTBUFFER_ECC_CURVE_NAME, curve},
                              {sizeof name, NCRYPTBUFFER_PKCS_KEY_NAME, name}};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 2, buffers};
    static const LPCWSTR types[] = {BCRYPT_ECCPUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB};
    static const LPCWSTR private[] = {BCRYPT_ECCPRIVATE_BLOB, NCRYPT_PKCS8_PRIVATE_KEY_BLOB,
                                      NCRYPT_OPAQUETRANSPORT_BLOB};
    DWORD n = 0, m = 0;
    BYTE *blob = export_blob(key, BCRYPT_ECCPRIVATE_BLOB, NULL, &n);
    if (blob == NULL)
        abort();
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        NCRYPT_KEY_HANDLE public = 0;
        NCRYPT_KEY_HANDLE stored = 0;
        NCRYPT_SECRET_HANDLE agreed = 0;
        row_begin("a private blob of curve25519 as a public one, %zu", i);
        tap_status(import(0, types[i], &list, blob, n, &public), ERROR_SUCCESS, "is read");
        tap(same_blob(key, public, BCRYPT_ECCPUBLIC_BLOB), "as its public key");
        for (size_t j = 0; j < sizeof private / sizeof private[0]; j++)
            tap_status(NCryptExportKey(public, 0, private[j], NULL, NULL, 0, &m, 0), NTE_NO_KEY,
                       "without a private part to export");
        tap_status(NCryptSecretAgreement(public, key, &agreed, 0), NTE_NO_KEY, "or to agree with");
        tap_status(NCryptSecretAgreement(key, public, &agreed, 0), ERROR_SUCCESS,
                   "but to be agreed with");
        NCryptFreeObject(agreed);
        tap_status(NCryptOpenKey(provider, &stored, name, 0, 0), NTE_BAD_KEYSET,
                   "and it is not stored");
        NCryptFreeObject(public);
    }
    free(blob);
    NCryptFreeObject(key);
}

/* ---- names in either width ------------------------------------------------------------------ */

/* Ends with its NUL; little-endian, as blobs are. */
static DWORD put_name(BYTE *at, const char *name, DWORD width)
{
    DWORD n = (DWORD)(strlen(name) + 1) * width;
    memset(at, 0, n);
    for (DWORD i = 0; name[i] != 0; i++)
        at[i * width] = (BYTE)name[i];
    return n;
}

static void put_u32(BYTE *at, DWORD value)
{
    for (int i = 0; i < 4; i++, value >>= 8)
        at[i] = (BYTE)value;
}

static void names(void)
{
    for (DWORD width = 2; width <= 4; width += 2) {
        row_begin("CipherKeyBlob with a name of %u bits", 8 * width);
        BYTE blob[128] = {16, 0, 0, 0, 'C', 'P', 'H', 'R'};
        DWORD n = put_name(blob + 16, "AES", width);
        put_u32(blob + 8, n);
        put_u32(blob + 12, 12 + 16);
        memcpy(blob + 16 + n, "KDBM\1\0\0\0\x10\0\0\0", 12);
        memset(blob + 16 + n + 12, 7, 16);
        NCRYPT_KEY_HANDLE key = 0;
        tap_status(import(0, NCRYPT_CIPHER_KEY_BLOB, NULL, blob, 16 + n + 12 + 16, &key),
                   ERROR_SUCCESS, "is read");
        tap(get_dword(key, NCRYPT_LENGTH_PROPERTY) == 128, "as a key of 128 bits");
        NCryptFreeObject(key);
    }
    if (NCryptIsAlgSupported(provider, L"ML-KEM", 0) != ERROR_SUCCESS)
        return;
    NCRYPT_KEY_HANDLE from = make(L"ML-KEM", L"ParameterSetName", L"512");
    DWORD inner_n = 0;
    BYTE *inner = export_blob(from, BCRYPT_MLKEM_PRIVATE_BLOB, NULL, &inner_n);
    for (DWORD width = 2; width <= 4; width += 2) {
        row_begin("PQPrivateKeyBlob with a type of %u bits", 8 * width);
        static BYTE blob[4096];
        memcpy(blob, "PQPR", 4);
        DWORD n = put_name(blob + 12, "MLKEMPRIVATEBLOB", width);
        put_u32(blob + 4, n);
        put_u32(blob + 8, inner_n);
        memcpy(blob + 12 + n, inner, inner_n);
        tap_status(try_import(0, L"PQPrivateKeyBlob", blob, 12 + n + inner_n), ERROR_SUCCESS,
                   "is read");
    }
    free(inner);
    NCryptFreeObject(from);
}

/* ---- files ---------------------------------------------------------------------------------- */

/* What is at `der_at` becomes the key in a file, behind an AlgorithmIdentifier of these contents. */
static void put_file(const void *algorithm, size_t count)
{
    static const BYTE zero[] = {0x02, 1, 0};
    put_tag(0x04, sizeof der);
    put_element(0x30, algorithm, count);
    put(zero, sizeof zero);
    put_tag(0x30, sizeof der);
}

static SECURITY_STATUS import_der(NCRYPT_KEY_HANDLE *key)
{
    return import(0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, der + der_at,
                  (DWORD)(sizeof der - der_at), key);
}

/* Without keyUsage: the building key says what it is for. */
static void unused(void)
{
    static const struct {
        LPCWSTR alg, property, value;
        SECURITY_STATUS status;
    } rows[] = {
        {L"ECDSA_P256", NULL, NULL, ERROR_SUCCESS},
        {L"ECDH_P256", NULL, NULL, ERROR_SUCCESS},
        {L"ECDSA", NULL, NULL, ERROR_SUCCESS},
        {L"ECDSA", L"ECCCurveName", L"nistP256", ERROR_SUCCESS},
        {L"RSA", NULL, NULL, NTE_INVALID_PARAMETER},
    };
    enum { USAGE_BYTES = 15 };
    NCRYPT_KEY_HANDLE from = make(L"ECDSA_P256", NULL, NULL);
    DWORD n = 0;
    BYTE *file = export_blob(from, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, &n);
    if (file == NULL || file[1] != 0x81)
        abort();
    file[2] -= USAGE_BYTES;
    n -= USAGE_BYTES;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        NCRYPT_KEY_HANDLE key = begin(rows[i].alg, rows[i].property, rows[i].value);
        row_begin("a file without keyUsage for a building key, %zu", i);
        tap_status(NCryptSetProperty(key, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, file, n, 0),
                   rows[i].status, "is set");
        if (rows[i].status == ERROR_SUCCESS) {
            tap_status(NCryptFinalizeKey(key, 0), ERROR_SUCCESS, "is final");
            tap(text_is(key, NCRYPT_ALGORITHM_PROPERTY, rows[i].alg), "of its own algorithm");
            tap(same_blob(from, key, BCRYPT_ECCPUBLIC_BLOB) ||
                    !text_is(key, NCRYPT_ALGORITHM_GROUP_PROPERTY, L"ECDSA"),
                "the same key");
        }
        NCryptFreeObject(key);
    }
    NCRYPT_KEY_HANDLE key = 0;
    row_begin("a file without keyUsage");
    tap_status(import(0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, file, n, &key), ERROR_SUCCESS,
               "is read");
    tap(text_is(key, NCRYPT_ALGORITHM_PROPERTY, L"ECDH_P256"), "as a key of ECDH");
    NCryptFreeObject(key);
    free(file);
    NCryptFreeObject(from);
}

enum form { SEED, EXPANDED, BOTH, BARE_SEED, BARE_EXPANDED, FORMS };

static const struct seeded {
    LPCWSTR alg, set, seed_type, type;
    BYTE oid[9];
    DWORD seed, expanded;
} seeded[] = {
#define SIGNS L"PQDSAPRIVATESEEDBLOB", L"PQDSAPRIVATEBLOB"
#define CARRIES L"MLKEMPRIVATESEEDBLOB", L"MLKEMPRIVATEBLOB"
    {L"ML-DSA", L"44", SIGNS, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 17}, 32, 2560},
    {L"ML-DSA", L"65", SIGNS, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 18}, 32, 4032},
    {L"ML-DSA", L"87", SIGNS, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 19}, 32, 4896},
    {L"ML-KEM", L"512", CARRIES, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, 1}, 64, 1632},
    {L"ML-KEM", L"768", CARRIES, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, 2}, 64, 2400},
    {L"ML-KEM", L"1024", CARRIES, {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 4, 3}, 64, 3168},
};

static void put_seeded(const struct seeded *r, enum form form, const BYTE *seed,
                       const BYTE *expanded)
{
    BYTE oid[2 + sizeof r->oid] = {0x06, sizeof r->oid};
    memcpy(oid + 2, r->oid, sizeof r->oid);
    der_at = sizeof der;
    if (form == SEED)
        put_element(0x80, seed, r->seed);
    if (form == EXPANDED || form == BOTH)
        put_element(0x04, expanded, r->expanded);
    if (form == BOTH) {
        put_element(0x04, seed, r->seed);
        put_tag(0x30, sizeof der);
    }
    if (form == BARE_SEED)
        put(seed, r->seed);
    if (form == BARE_EXPANDED)
        put(expanded, r->expanded);
    put_file(oid, sizeof oid);
}

/* Windows writes the bare forms (observed), RFC 9881 and RFC 9935 have the three others. */
static void post_quantum(const struct seeded *r)
{
    NCRYPT_KEY_HANDLE from = make(r->alg, L"ParameterSetName", r->set);
    NCRYPT_KEY_HANDLE key = 0;
    DWORD seed_n = 0, expanded_n = 0;
    BYTE *seed_blob = export_blob(from, r->seed_type, NULL, &seed_n);
    BYTE *expanded_blob = export_blob(from, r->type, NULL, &expanded_n);
    if (seed_blob == NULL || expanded_blob == NULL)
        abort();
    BYTE *seed = seed_blob + seed_n - r->seed;
    BYTE *expanded = expanded_blob + expanded_n - r->expanded;
    for (int form = 0; form < FORMS; form++) {
        put_seeded(r, form, seed, expanded);
        row_begin("PKCS #8 of a post-quantum key, set of %u bytes, form %d", r->expanded, form);
        tap_status(import_der(&key), ERROR_SUCCESS, "is read");
        tap(same_blob(from, key, r->type), "the same key");
        tap(same_blob(from, key, r->seed_type) == (form != EXPANDED && form != BARE_EXPANDED),
            "with its seed where that was told");
        NCryptFreeObject(key);
    }
    row_begin("PKCS #8 of a post-quantum key, set of %u bytes", r->expanded);
    expanded[r->expanded - 1] ^= 1;
    put_seeded(r, BOTH, seed, expanded);
    tap_status(import_der(&key), NTE_BAD_DATA, "a seed and another key's expanded form");
    free(seed_blob);
    free(expanded_blob);
    NCryptFreeObject(from);
}

/* curve25519 as other curves with explicit parameters (observed), `last` in its coefficient. */
static void put_montgomery(const BYTE *d, DWORD n, BYTE last)
{
    static const BYTE one[] = {0x02, 1, 1};
    static const BYTE eight[] = {0x02, 1, 8};
    static const BYTE order[] = {0x10, 0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                                 0,    0,    0,    0,    0,    0x14, 0xDE, 0xF9, 0xDE, 0xA2, 0xF7,
                                 0x9C, 0xD6, 0x58, 0x12, 0x63, 0x1A, 0x5C, 0xF5, 0xD3, 0xED};
    static const BYTE ids[] = {0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 2, 1,
                               0x06, 7, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 1, 1};
    BYTE number[32] = {0}, base[65] = {4};
    static BYTE algorithm[512];
    der_at = sizeof der;
    put(eight, sizeof eight);
    put_element(0x02, order, sizeof order);
    base[32] = 9;
    put_element(0x04, base, sizeof base);
    size_t end = der_at;
    number[31] = 1;
    put_element(0x04, number, sizeof number);
    memcpy(number + 29, (BYTE[]){7, 0x6D, last}, 3);
    put_element(0x04, number, sizeof number);
    put_tag(0x30, end);
    end = der_at;
    memset(number, 0xFF, sizeof number);
    number[0] = 0x7F;
    number[31] = 0xED;
    put_element(0x02, number, sizeof number);
    put(ids + 9, 9);
    put_tag(0x30, end);
    put(one, sizeof one);
    put_tag(0x30, sizeof der);
    put(ids, 9);
    size_t count = sizeof der - der_at;
    memcpy(algorithm, der + der_at, count);
    der_at = sizeof der;
    put_element(0x04, d, n);
    put(one, sizeof one);
    put_tag(0x30, sizeof der);
    put_file(algorithm, count);
}

static void montgomery(void)
{
    NCRYPT_KEY_HANDLE from = make(L"ECDH", L"ECCCurveName", L"curve25519");
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    BYTE *blob = export_blob(from, BCRYPT_ECCPRIVATE_BLOB, NULL, &n);
    if (blob == NULL)
        abort();
    row_begin("curve25519 with explicit parameters");
    put_montgomery(blob + n - 32, 32, 6);
    tap_status(import_der(&key), ERROR_SUCCESS, "is read");
    tap(text_is(key, NCRYPT_ECC_CURVE_NAME_PROPERTY, L"curve25519"), "by its name");
    tap(same_blob(from, key, BCRYPT_ECCPRIVATE_BLOB), "the same key");
    tap(same_blob(from, key, NCRYPT_PKCS8_PRIVATE_KEY_BLOB), "and is written as RFC 8410 has it");
    NCryptFreeObject(key);
    put_montgomery(blob + n - 31, 31, 6);
    tap_status(import_der(&key), NTE_BAD_DATA, "31 bytes");
    put_montgomery(blob + n - 32, 32, 7);
    tap(import_der(&key) != ERROR_SUCCESS, "another coefficient");
    free(blob);
    NCryptFreeObject(from);
}

int main(void)
{
    store_begin();
    provider = provider_open();
    headers();
    half_a_key();
    names();
    unused();
    for (size_t i = 0; i < sizeof seeded / sizeof seeded[0]; i++) {
        row_begin("PKCS #8 of post-quantum keys, %zu", i);
        if (NCryptIsAlgSupported(provider, seeded[i].alg, 0) == ERROR_SUCCESS)
            post_quantum(&seeded[i]);
        else
            tap_skip("everything", "the installed libcrypto lacks the algorithm");
    }
    montgomery();
    row_begin("the end");
    tap_status(NCryptFreeObject(provider), ERROR_SUCCESS, "is freed");
    return tap_done();
}
