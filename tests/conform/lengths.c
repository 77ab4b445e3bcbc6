/*
 * Length fields of key blobs, through the public API: each field with each hostile value, pairs of fields whose sum wraps around 2^32, and
 * the blob cut at each length. Nothing is accepted, and what is asked for in memory stays within 64 KiB and 16 times the input.
 */
#include "watched_malloc.h"

#include "conform_keys.h"

#define MEMORY_MOST(n) (65536 + 16 * (size_t)(n))

enum maker { PAIR, NAMED, SECRET };

static const struct row {
    const char *label;
    LPCWSTR alg;
    enum maker maker;
    ULONG bits;
    LPCWSTR property, value;
    LPCWSTR type;
    ULONG fields[4]; /* offsets of what counts bytes; the first 0 ends them */
    bool longer;     /* bytes behind the end are accepted, as Windows does */
} rows[] = {
    {"RSA public", L"RSA", PAIR, 1024, NULL, NULL, BCRYPT_RSAPUBLIC_BLOB, {8, 12}, false},
    {"RSA private", L"RSA", PAIR, 1024, NULL, NULL, BCRYPT_RSAPRIVATE_BLOB, {8, 12, 16, 20}, false},
    {"RSA full private",
     L"RSA",
     PAIR,
     1024,
     NULL,
     NULL,
     BCRYPT_RSAFULLPRIVATE_BLOB,
     {8, 12, 16, 20},
     false},
    {"RSA of CryptoAPI", L"RSA", PAIR, 1024, NULL, NULL, LEGACY_RSAPRIVATE_BLOB, {12}, false},
    {"ECDSA public", L"ECDSA_P256", PAIR, 256, NULL, NULL, BCRYPT_ECCPUBLIC_BLOB, {4}, false},
    {"ECDSA private", L"ECDSA_P521", PAIR, 521, NULL, NULL, BCRYPT_ECCPRIVATE_BLOB, {4}, true},
    {"ECDH public", L"ECDH_P384", PAIR, 384, NULL, NULL, BCRYPT_ECCPUBLIC_BLOB, {4}, false},
    {"curve25519",
     L"ECDH",
     NAMED,
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_25519,
     BCRYPT_ECCPRIVATE_BLOB,
     {4},
     true},
    {"full ECC public",
     L"ECDSA",
     NAMED,
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_BRAINPOOLP256R1,
     BCRYPT_ECCFULLPUBLIC_BLOB,
     {16, 20, 24, 28},
     false},
    {"full ECC private",
     L"ECDH",
     NAMED,
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_NISTP256,
     BCRYPT_ECCFULLPRIVATE_BLOB,
     {16, 20, 24, 28},
     false},
    {"DH public", L"DH", PAIR, 512, NULL, NULL, BCRYPT_DH_PUBLIC_BLOB, {4}, false},
    {"DH private", L"DH", PAIR, 512, NULL, NULL, BCRYPT_DH_PRIVATE_BLOB, {4}, false},
    {"DSA public", L"DSA", PAIR, 512, NULL, NULL, BCRYPT_DSA_PUBLIC_BLOB, {4}, false},
    {"DSA private", L"DSA", PAIR, 512, NULL, NULL, BCRYPT_DSA_PRIVATE_BLOB, {4}, false},
    {"DSA 2 private", L"DSA", PAIR, 1088, NULL, NULL, BCRYPT_DSA_PRIVATE_BLOB, {4, 16, 20}, false},
    {"ML-KEM private",
     L"ML-KEM",
     NAMED,
     0,
     BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_MLKEM_PARAMETER_SET_768,
     BCRYPT_MLKEM_PRIVATE_BLOB,
     {4, 8},
     false},
    {"ML-DSA public",
     L"ML-DSA",
     NAMED,
     0,
     BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_MLDSA_PARAMETER_SET_44,
     BCRYPT_PQDSA_PUBLIC_BLOB,
     {4, 8},
     false},
    {"AES key data", L"AES", SECRET, 16, NULL, NULL, BCRYPT_KEY_DATA_BLOB, {8}, false},
    {"3DES key data", L"3DES", SECRET, 24, NULL, NULL, BCRYPT_KEY_DATA_BLOB, {8}, false},
};

static UCHAR good[8192], bad[8192];
static ULONG good_n;
static BCRYPT_ALG_HANDLE alg;
static size_t cases, accepted, greedy, most_asked;
static bool watched; /* a good one was seen to ask for memory */

/* Fills `good`; false when the installed libcrypto lacks the algorithm. */
static bool make_good(const struct row *r)
{
    UCHAR secret[32] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18};
    BCRYPT_KEY_HANDLE key = NULL;
    alg = open_alg(r->alg);
    if (alg == NULL)
        return false;
    if (r->maker == PAIR)
        key = make_key(alg, r->bits);
    else if (r->maker == NAMED)
        key = make_named(r->alg, r->property, r->value);
    else
        BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, r->bits, 0);
    good_n = export_to(key, r->type, good, sizeof good);
    BCryptDestroyKey(key);
    /* A blob that does not say its curve leaves that to the algorithm. */
    if (r->maker == NAMED && r->fields[1] == 0)
        set_text(alg, r->property, r->value);
    return true;
}

/* Imports a copy that lies at the end of its memory; counts what is wrong about the answer. */
static NTSTATUS import(const struct row *r, const UCHAR *blob, ULONG n)
{
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    UCHAR *copy = malloc(n + 1);
    if (copy == NULL)
        abort();
    memcpy(copy + 1, blob, n); /* not aligned, either */
    watch_begin();
    NTSTATUS status = r->maker == SECRET
                          ? BCryptImportKey(alg, NULL, r->type, &key, NULL, 0, copy + 1, n, 0)
                          : BCryptImportKeyPair(alg, NULL, r->type, &key, copy + 1, n, 0);
    size_t asked = watch_peak();
    free(copy);
    cases++;
    greedy += status < 0 && asked > MEMORY_MOST(n);
    if (status < 0 && asked > most_asked)
        most_asked = asked;
    if (status >= 0)
        BCryptDestroyKey(key);
    else if (key != UNTOUCHED)
        accepted++; /* a handle that nobody was promised */
    return status;
}

static ULONG field_get(ULONG at)
{
    ULONG value;
    memcpy(&value, good + at, sizeof value);
    head_turn(&value, sizeof value);
    return value;
}

static void refused_with(const struct row *r, ULONG at, ULONG value, ULONG other, ULONG other_value)
{
    memcpy(bad, good, good_n);
    memcpy(bad + at, &value, sizeof value);
    head_turn(bad + at, sizeof value);
    if (other != 0) {
        memcpy(bad + other, &other_value, sizeof other_value);
        head_turn(bad + other, sizeof other_value);
    }
    if (memcmp(bad, good, good_n) == 0)
        return;
    if (import(r, bad, good_n) >= 0) {
        accepted++;
        printf("# offset %u: %u, offset %u: %u\n", (unsigned)at, (unsigned)value, (unsigned)other,
               (unsigned)other_value);
    }
}

static void check_row(const struct row *r)
{
    row_begin("%s (%d-bit WCHAR)", r->label, (int)sizeof(WCHAR) * 8);
    if (!make_good(r)) {
        tap_skip("length fields", "the installed libcrypto lacks it");
        return;
    }
    size_t before = cases;
    accepted = greedy = 0;
    bool fine = import(r, good, good_n) == STATUS_SUCCESS;
    watched = watched || watch_peak() > 0;
    for (size_t i = 0; i < COUNT(r->fields) && r->fields[i] != 0; i++) {
        ULONG at = r->fields[i], n = field_get(at);
        const ULONG values[] = {0,          1,          n - 1,          n + 1,          2 * n,
                                0xFFFF,     0x10000,    0x7FFFFFFF,     0x80000000,     0xFFFFFFFF,
                                0xFFFFFFF0, 0x40000000, 0x80000000 + n, 0x55555556 + n, 0x55555555};
        for (size_t k = 0; k < COUNT(values); k++)
            refused_with(r, at, values[k], 0, 0);
        /* What one field has too much the next has too little, modulo 2^32: only a sum that wraps agrees. */
        for (size_t j = 0; j < COUNT(r->fields) && r->fields[j] != 0; j++) {
            ULONG m = field_get(r->fields[j]);
            if (j == i)
                continue;
            refused_with(r, at, n + m + 1, r->fields[j], 0xFFFFFFFF);
            refused_with(r, at, 0xFFFFFFF0, r->fields[j], n + m + 16);
            refused_with(r, at, 0x80000000 + n, r->fields[j], 0x80000000 + m);
        }
    }
    for (ULONG n = 0; n < good_n; n++)
        accepted += import(r, good, n) >= 0;
    memcpy(bad, good, good_n);
    for (ULONG more = 1; more <= 64 && !r->longer; more *= 4) {
        memset(bad + good_n, 0, more);
        accepted += import(r, bad, good_n + more) >= 0;
    }
    tap(fine, "the blob itself is good");
    char what[96];
    snprintf(what, sizeof what, "%zu blobs with wrong lengths: none is accepted",
             cases - before - 1);
    tap(accepted == 0, what);
    tap(greedy == 0, "and none asks for more than 64 KiB and 16 times its size");
    BCryptCloseAlgorithmProvider(alg, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
    row_begin("memory");
    tap(watched, "what good ones ask for is seen");
    printf(
        "# figure: 6 %zu blobs with wrong lengths through the API, at most %zu bytes asked for\n",
        cases, most_asked);
    return tap_done();
}
