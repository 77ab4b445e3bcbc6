/*
 * Parameters of curves as a property (BCRYPT_ECC_PARAMETERS), on an algorithm and on a key that is not
 * final. An input is
 *
 *    0  bit 0     ECDH, otherwise ECDSA; bit 1: on the key, otherwise on the algorithm
 *    1  curve     index into `curves` to begin with: its parameters, with the changes
 *    …  changes   {offset u16, XOR} ×7F or to the end; with the byte 255 as curve, the whole value
 *
 * A value that is refused leaves what was there. What is accepted is read back as it was written, a key
 * on it is made, and comes back from each of its full blobs the same; a signature of it verifies. A
 * named curve's field and coefficients with another generator, order or cofactor is no curve.
 */
#include "fuzz_api.h"

#define PARAMS_MOST 4096

static const LPCWSTR curves[] = {
    BCRYPT_ECC_CURVE_SECP160R1 /* its order is longer than its field */,
    BCRYPT_ECC_CURVE_SECP256K1,
    BCRYPT_ECC_CURVE_NISTP256,
    BCRYPT_ECC_CURVE_BRAINPOOLP160R1,
    BCRYPT_ECC_CURVE_NUMSP256T1,
    BCRYPT_ECC_CURVE_25519,
};

static struct bytes params_of(struct input *in, BCRYPT_ALG_HANDLE alg, LPCWSTR curve)
{
    ULONG n = 0;
    struct bytes none = {NULL, 0};
    if (BCryptSetProperty(alg, BCRYPT_ECC_CURVE_NAME, (PUCHAR)curve, text_bytes(curve), 0) < 0)
        return none;
    FUZZ_CHECK(BCryptGetProperty(alg, BCRYPT_ECC_PARAMETERS, NULL, 0, &n, 0) == STATUS_SUCCESS);
    struct bytes params = {input_own(in, n), n};
    FUZZ_CHECK(BCryptGetProperty(alg, BCRYPT_ECC_PARAMETERS, params.p, n, &n, 0) == STATUS_SUCCESS);
    return params;
}

static bool is_set(BCRYPT_HANDLE object, struct bytes params)
{
    UCHAR now[PARAMS_MOST];
    ULONG n = 0;
    NTSTATUS status = BCryptGetProperty(object, BCRYPT_ECC_PARAMETERS, now, sizeof now, &n, 0);
    return status == STATUS_SUCCESS && n == params.n && memcmp(now, params.p, n) == 0;
}

static void blob_and_back(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key, LPCWSTR type)
{
    UCHAR once[PARAMS_MOST], twice[PARAMS_MOST];
    ULONG n = 0, m = 0;
    BCRYPT_KEY_HANDLE again = NULL;
    if (BCryptExportKey(key, NULL, type, once, sizeof once, &n, 0) < 0)
        return;
    FUZZ_CHECK(BCryptImportKeyPair(alg, NULL, type, &again, once, n, 0) == STATUS_SUCCESS);
    FUZZ_CHECK(BCryptExportKey(again, NULL, type, twice, sizeof twice, &m, 0) == STATUS_SUCCESS);
    FUZZ_CHECK(n == m && memcmp(once, twice, n) == 0);
    FUZZ_CHECK(BCryptDestroyKey(again) == STATUS_SUCCESS);
}

static void use(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key, bool agrees)
{
    if (BCryptFinalizeKeyPair(key, 0) < 0)
        return;
    blob_and_back(alg, key, BCRYPT_ECCFULLPUBLIC_BLOB);
    blob_and_back(alg, key, BCRYPT_ECCFULLPRIVATE_BLOB);
    if (agrees) {
        BCRYPT_SECRET_HANDLE secret = NULL;
        if (BCryptSecretAgreement(key, key, &secret, 0) == STATUS_SUCCESS)
            FUZZ_CHECK(BCryptDestroySecret(secret) == STATUS_SUCCESS);
        return;
    }
    UCHAR hash[32] = {1}, signature[512];
    ULONG n = 0;
    if (BCryptSignHash(key, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0) >= 0)
        FUZZ_CHECK(BCryptVerifySignature(key, NULL, hash, sizeof hash, signature, n, 0) ==
                   STATUS_SUCCESS);
}

static void one(struct input *in)
{
    uint8_t how = take_byte(in), which = take_byte(in);
    bool agrees = (how & 1) != 0;
    BCRYPT_ALG_HANDLE alg =
        open_algorithm(agrees ? BCRYPT_ECDH_ALGORITHM : BCRYPT_ECDSA_ALGORITHM, 0);
    BCRYPT_KEY_HANDLE key = NULL;
    struct bytes before = params_of(in, alg, curves[which % COUNT(curves)]);
    if (before.p != NULL) {
        struct bytes value = {input_own(in, before.n), before.n};
        memcpy(value.p, before.p, value.n);
        if (which == 0xFF)
            value = take_rest(in);
        while (in->n > 0)
            value.p[take_u16(in) % value.n] ^= take_byte(in);
        FUZZ_CHECK(BCryptGenerateKeyPair(alg, &key, 0, 0) == STATUS_SUCCESS);
        BCRYPT_HANDLE object = (how & 2) != 0 ? key : alg;
        NTSTATUS status = BCryptSetProperty(object, BCRYPT_ECC_PARAMETERS, value.p, value.n, 0);
        FUZZ_CHECK(status >= 0 ? is_set(object, value) : is_set(object, before));
        if (object == alg && status >= 0) {
            FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
            FUZZ_CHECK(BCryptGenerateKeyPair(alg, &key, 0, 0) == STATUS_SUCCESS);
        }
        use(alg, key, agrees);
        FUZZ_CHECK(BCryptDestroyKey(key) == STATUS_SUCCESS);
    }
    FUZZ_CHECK(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
