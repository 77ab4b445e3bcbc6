/*
 * Import, export and destruction of key pairs through the public API. An input is
 *
 *    0  algorithm   index into `algorithms`
 *    1  blob type   index into `types`
 *    2  flags       index into `flags`
 *    3  the blob
 *
 * No input may crash or leak; a failure leaves *phKey alone; an export is as long as its size
 * query said and stays in its buffer; what was exported in the type that was imported is a key
 * again, and the same one.
 *
 * make_seeds.py reads the three tables out of this file.
 */
#include "fuzz.h"

#include <windows.h>

#include <bcrypt.h>

static struct {
    LPCWSTR name;
    LPCWSTR curve; /* set on the handle */
    BCRYPT_ALG_HANDLE handle;
} algorithms[] = {
    {BCRYPT_RSA_ALGORITHM, NULL, NULL},
    {BCRYPT_RSA_SIGN_ALGORITHM, NULL, NULL},
    {BCRYPT_DSA_ALGORITHM, NULL, NULL},
    {BCRYPT_DH_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDSA_P256_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDSA_P384_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDSA_P521_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDH_P256_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDH_P384_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDH_P521_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDSA_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDSA_ALGORITHM, BCRYPT_ECC_CURVE_SECP256K1, NULL},
    {BCRYPT_ECDH_ALGORITHM, NULL, NULL},
    {BCRYPT_ECDH_ALGORITHM, BCRYPT_ECC_CURVE_25519, NULL},
    {BCRYPT_MLKEM_ALGORITHM, NULL, NULL},
    {BCRYPT_MLDSA_ALGORITHM, NULL, NULL},
    {BCRYPT_SLHDSA_ALGORITHM, NULL, NULL},
};

/* The two generic ones first. */
static const LPCWSTR types[] = {
    BCRYPT_PUBLIC_KEY_BLOB,         BCRYPT_PRIVATE_KEY_BLOB,    BCRYPT_RSAPUBLIC_BLOB,
    BCRYPT_RSAPRIVATE_BLOB,         BCRYPT_RSAFULLPRIVATE_BLOB, LEGACY_RSAPUBLIC_BLOB,
    LEGACY_RSAPRIVATE_BLOB,         BCRYPT_ECCPUBLIC_BLOB,      BCRYPT_ECCPRIVATE_BLOB,
    BCRYPT_ECCFULLPUBLIC_BLOB,      BCRYPT_ECCFULLPRIVATE_BLOB, SSL_ECCPUBLIC_BLOB,
    BCRYPT_DH_PUBLIC_BLOB,          BCRYPT_DH_PRIVATE_BLOB,     LEGACY_DH_PUBLIC_BLOB,
    LEGACY_DH_PRIVATE_BLOB,         BCRYPT_DSA_PUBLIC_BLOB,     BCRYPT_DSA_PRIVATE_BLOB,
    LEGACY_DSA_PUBLIC_BLOB,         LEGACY_DSA_PRIVATE_BLOB,    LEGACY_DSA_V2_PUBLIC_BLOB,
    LEGACY_DSA_V2_PRIVATE_BLOB,     BCRYPT_PQDSA_PUBLIC_BLOB,   BCRYPT_PQDSA_PRIVATE_BLOB,
    BCRYPT_PQDSA_PRIVATE_SEED_BLOB, BCRYPT_MLKEM_PUBLIC_BLOB,   BCRYPT_MLKEM_PRIVATE_BLOB,
    BCRYPT_MLKEM_PRIVATE_SEED_BLOB,
};

static const ULONG flags[] = {
    0,
    BCRYPT_NO_KEY_VALIDATION,
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct bytes {
    UCHAR *p;
    ULONG n;
};

/* NULL when this libcrypto does not have the algorithm. */
static BCRYPT_ALG_HANDLE algorithm(size_t i)
{
    if (algorithms[i].handle == NULL) {
        NTSTATUS status =
            BCryptOpenAlgorithmProvider(&algorithms[i].handle, algorithms[i].name, NULL, 0);
        FUZZ_CHECK(status == STATUS_SUCCESS || status == STATUS_NOT_FOUND);
        if (status == STATUS_SUCCESS && algorithms[i].curve != NULL) {
            WCHAR curve[32] = {0};
            for (size_t k = 0; k + 1 < COUNT(curve) && algorithms[i].curve[k] != 0; k++)
                curve[k] = algorithms[i].curve[k];
            status = BCryptSetProperty(algorithms[i].handle, BCRYPT_ECC_CURVE_NAME, (PUCHAR)curve,
                                       sizeof curve, 0);
            FUZZ_CHECK(status == STATUS_SUCCESS);
        }
    }
    return algorithms[i].handle;
}

static BCRYPT_KEY_HANDLE import(BCRYPT_ALG_HANDLE alg, LPCWSTR type, struct bytes blob, ULONG flag)
{
    static char nobody;
    BCRYPT_KEY_HANDLE key = &nobody;
    NTSTATUS status = BCryptImportKeyPair(alg, NULL, type, &key, blob.p, blob.n, flag);
    if (status != STATUS_SUCCESS) {
        FUZZ_CHECK(status < 0 && key == &nobody);
        return NULL;
    }
    FUZZ_CHECK(key != &nobody && key != NULL);
    return key;
}

/* The blob of a key, or no pointer where it has none of that type. */
static struct bytes export(BCRYPT_KEY_HANDLE key, LPCWSTR type)
{
    ULONG need = 0, written = 0;
    struct bytes none = {NULL, 0};
    if (BCryptExportKey(key, NULL, type, NULL, 0, &need, 0) != STATUS_SUCCESS)
        return none;
    UCHAR *p = malloc(need);
    FUZZ_CHECK(need > 0 && p != NULL);
    NTSTATUS tight = BCryptExportKey(key, NULL, type, p, need - 1, &written, 0);
    FUZZ_CHECK(tight < 0);
    FUZZ_CHECK(tight != STATUS_BUFFER_TOO_SMALL || written == need);
    written = 0;
    if (BCryptExportKey(key, NULL, type, p, need, &written, 0) != STATUS_SUCCESS) {
        /* The numbers of this one key have no room in that layout. */
        free(p);
        return none;
    }
    FUZZ_CHECK(tight == STATUS_BUFFER_TOO_SMALL && written == need);
    return (struct bytes){p, need};
}

/* A key of explicit parameters that came in through a generic type leaves through it without them:
 * there alone an export need not be a key again. */
static void check_again(BCRYPT_ALG_HANDLE alg, LPCWSTR type, struct bytes once, ULONG flag)
{
    BCRYPT_KEY_HANDLE again = import(alg, type, once, flag);
    if (again == NULL) {
        FUZZ_CHECK(type == types[0] || type == types[1]);
        return;
    }
    struct bytes twice = export(again, type);
    FUZZ_CHECK(twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
    free(twice.p);
    FUZZ_CHECK(BCryptDestroyKey(again) == STATUS_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3 || size > 1u << 16)
        return 0;
    BCRYPT_ALG_HANDLE alg = algorithm(data[0] % COUNT(algorithms));
    LPCWSTR type = types[data[1] % COUNT(types)];
    ULONG flag = flags[data[2] % COUNT(flags)];
    if (alg == NULL)
        return 0;
    /* A copy, because the API takes a pointer to bytes that it might write. */
    struct bytes blob = {malloc(size - 3), (ULONG)(size - 3)};
    FUZZ_CHECK(blob.p != NULL);
    if (blob.n > 0)
        memcpy(blob.p, data + 3, blob.n);
    BCRYPT_KEY_HANDLE key = import(alg, type, blob, flag);
    FUZZ_CHECK(blob.n == 0 || memcmp(blob.p, data + 3, blob.n) == 0);
    free(blob.p);
    if (key == NULL)
        return 0;

    for (size_t i = 0; i < COUNT(types); i++) {
        struct bytes once = export(key, types[i]);
        if (once.p != NULL && types[i] == type)
            check_again(alg, type, once, flag);
        free(once.p);
    }
    FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
    FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_INVALID_HANDLE);
    return 0;
}
