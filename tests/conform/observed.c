/*
 * What Windows was seen to do with providers, properties and key pairs, from generating to exporting: one check for each
 * observation. Where this library differs on purpose (docs/differences.md), the check says so in its name.
 */
#include "conform_keys.h"

/* ---- providers, properties, enumeration, random -------------------------------------------------------------- */

static void observe_open(void)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    ROW("BCryptOpenAlgorithmProvider");
    tap_status(BCryptOpenAlgorithmProvider(&alg, BCRYPT_ECDSA_ALGORITHM, NULL, 0), STATUS_SUCCESS,
               "without a provider's name");
    BCryptCloseAlgorithmProvider(alg, 0);
    tap_status(BCryptOpenAlgorithmProvider(&alg, BCRYPT_RSA_ALGORITHM, MS_PRIMITIVE_PROVIDER, 0),
               STATUS_SUCCESS, "Microsoft Primitive Provider");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"NoSuchAlgorithm", NULL, 0), STATUS_NOT_FOUND,
               "an algorithm that is not there");
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_SUCCESS, "close");
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_INVALID_HANDLE, "close again");
    tap_status(BCryptCloseAlgorithmProvider(NULL, 0), STATUS_INVALID_HANDLE, "close NULL");
    tap_status(BCryptCloseAlgorithmProvider(BCRYPT_ECDH_P256_ALG_HANDLE, 0), STATUS_INVALID_HANDLE,
               "close a pseudo-handle");
}

static void observe_get_property(void)
{
    BCRYPT_ALG_HANDLE rsa = BCRYPT_RSA_ALG_HANDLE;
    UCHAR small[4] = {1, 2, 3, 4};
    ULONG n = 0;
    ROW("BCryptGetProperty");
    tap_status(BCryptGetProperty(NULL, BCRYPT_ALGORITHM_NAME, room, 64, &n, 0),
               STATUS_INVALID_HANDLE, "NULL handle");
    tap_status(BCryptGetProperty(rsa, NULL, room, 64, &n, 0), STATUS_INVALID_PARAMETER,
               "NULL name");
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, room, 64, NULL, 0),
               STATUS_INVALID_PARAMETER, "NULL pcbResult");
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, NULL, 12345, &n, 0), STATUS_SUCCESS,
               "NULL output with any cbOutput");
    tap(n == 4 * sizeof(WCHAR), "AlgorithmName is (length + 1) characters");
    n = 0;
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, small, 0, &n, 0),
               STATUS_BUFFER_TOO_SMALL, "an output with count 0");
    tap(n == 4 * sizeof(WCHAR) && memcmp(small, "\1\2\3\4", 4) == 0,
        "tells the size and leaves the buffer alone");
    tap_status(BCryptGetProperty(rsa, BCRYPT_ALGORITHM_NAME, small, sizeof small, &n, 0),
               STATUS_BUFFER_TOO_SMALL, "an output that is too small");
    tap(memcmp(small, "\1\2\3\4", 4) == 0, "is left alone");
    tap_status(BCryptGetProperty(BCRYPT_RNG_ALG_HANDLE, BCRYPT_OBJECT_LENGTH, room, 64, &n, 0),
               STATUS_NOT_SUPPORTED, "ObjectLength of RNG");
    tap_status(BCryptGetProperty(BCRYPT_RNG_ALG_HANDLE, BCRYPT_HASH_LENGTH, room, 64, &n, 0),
               STATUS_NOT_SUPPORTED, "HashDigestLength of RNG");
    tap_status(BCryptGetProperty(rsa, BCRYPT_BLOCK_LENGTH, room, 64, &n, 0), STATUS_NOT_SUPPORTED,
               "BlockLength of RSA");
    BCRYPT_KEY_LENGTHS_STRUCT lengths = {0, 0, 0};
    tap_status(BCryptGetProperty(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_KEY_LENGTHS, (PUCHAR)&lengths,
                                 sizeof lengths, &n, 0),
               STATUS_SUCCESS, "KeyLengths of ECDSA_P256");
    tap(lengths.dwMinLength == 256 && lengths.dwMaxLength == 256, "is 256");
    ULONG schemes = get_u32(rsa, BCRYPT_PADDING_SCHEMES);
    tap(schemes != 0 && schemes != 0xBAD, "PaddingSchemes of RSA is 4 bytes that are not zero");
    tap_status(BCryptGetProperty(BCRYPT_DSA_ALG_HANDLE, BCRYPT_PADDING_SCHEMES, room, 64, &n, 0),
               STATUS_NOT_SUPPORTED, "PaddingSchemes of DSA");
}

static void observe_strength(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    ROW("KeyStrength");
    tap(get_u32(key, BCRYPT_KEY_STRENGTH) == 1024, "RSA: bits of the modulus");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256);
    tap(get_u32(key, BCRYPT_KEY_STRENGTH) == 256, "P-256: 256");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_ECDH_P521_ALG_HANDLE, 521);
    tap(get_u32(key, BCRYPT_KEY_STRENGTH) == 521, "P-521: 521");
    BCryptDestroyKey(key);
    BCryptGenerateKeyPair(BCRYPT_ECDH_ALG_HANDLE, &key, 0, 0);
    set_text(key, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519);
    tap(get_u32(key, BCRYPT_KEY_STRENGTH) == 253, "curve25519: 253, and before finalize");
    BCryptDestroyKey(key);
}

static void observe_set_property(void)
{
    BCRYPT_KEY_HANDLE key = NULL;
    ULONG bits = 2048;
    USHORT half = 2048;
    ROW("BCryptSetProperty");
    tap_status(set_text(BCRYPT_ECDH_ALG_HANDLE, BCRYPT_ECC_CURVE_NAME, L"nistP256"),
               STATUS_ACCESS_DENIED, "a pseudo-handle");
    tap_status(BCryptGetProperty(BCRYPT_ECDH_ALG_HANDLE, BCRYPT_ECC_CURVE_NAME, room, 64, &got, 0),
               STATUS_NOT_SUPPORTED, "its value stays as it was");
    BCryptGenerateKeyPair(BCRYPT_RSA_ALG_HANDLE, &key, 1024, 0);
    tap_status(BCryptSetProperty(key, BCRYPT_KEY_LENGTH, (PUCHAR)&half, sizeof half, 0),
               STATUS_INVALID_PARAMETER, "KeyLength of 2 bytes");
    tap_status(BCryptSetProperty(key, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, 0),
               STATUS_SUCCESS, "KeyLength replaces dwLength");
    BCryptFinalizeKeyPair(key, 0);
    tap(export_to(key, BCRYPT_RSAPUBLIC_BLOB, room, sizeof room) == 24 + 3 + 256,
        "and changes the size that is generated");
    tap(BCryptSetProperty(key, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, 0) < 0 &&
            get_u32(key, BCRYPT_KEY_LENGTH) == 2048,
        "KeyLength after finalize has no effect (here it is refused, as documented)");
    BCryptDestroyKey(key);

    BCRYPT_ALG_HANDLE ecdsa = open_alg(BCRYPT_ECDSA_ALGORITHM);
    BCRYPT_ALG_HANDLE ecdh = open_alg(BCRYPT_ECDH_ALGORITHM);
    tap_status(set_text(ecdsa, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519), STATUS_NOT_SUPPORTED,
               "curve25519 on ECDSA");
    tap_status(set_text(ecdh, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519), STATUS_SUCCESS,
               "curve25519 on ECDH");
    tap_status(set_text(ecdsa, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_SECP256R1), STATUS_SUCCESS,
               "secP256r1 on ECDSA");
    tap_status(set_text(ecdh, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_SECP256R1), STATUS_SUCCESS,
               "secP256r1 on ECDH");
    BCryptCloseAlgorithmProvider(ecdsa, 0);
    BCryptCloseAlgorithmProvider(ecdh, 0);
}

static void observe_dh_parameters(void)
{
    BCRYPT_KEY_HANDLE key = NULL, second = NULL;
    BCRYPT_DH_PARAMETER_HEADER head;
    UCHAR group[12 + 2 * 96], blob[512];
    ULONG n = 0;
    ROW("DHParameters");
    BCryptGenerateKeyPair(BCRYPT_DH_ALG_HANDLE, &key, 768, 0);
    tap_status(BCryptGetProperty(key, BCRYPT_DH_PARAMETERS, NULL, 0, &n, 0), STATUS_INVALID_HANDLE,
               "of a key that is not finalized");
    BCryptFinalizeKeyPair(key, 0);
    tap(BCryptGetProperty(key, BCRYPT_DH_PARAMETERS, NULL, 0, &n, 0) == STATUS_SUCCESS &&
            n == sizeof group,
        "size query: 12 + 2 cbKey");
    n = 0;
    tap(BCryptGetProperty(key, BCRYPT_DH_PARAMETERS, group, sizeof group - 1, &n, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            n == sizeof group,
        "too small a buffer, size told");
    BCryptGetProperty(key, BCRYPT_DH_PARAMETERS, group, sizeof group, &n, 0);
    memcpy(&head, group, sizeof head);
    head_turn(&head, sizeof head);
    tap(head.cbLength == sizeof group && head.dwMagic == BCRYPT_DH_PARAMETERS_MAGIC &&
            head.cbKeyLength == 96,
        "total length, DHPM, length of P");
    tap(export_to(key, BCRYPT_DH_PUBLIC_BLOB, blob, sizeof blob) == 8 + 3 * 96 &&
            memcmp(blob + 8, group + 12, 2 * 96) == 0,
        "then P and G");
    BCryptGenerateKeyPair(BCRYPT_DH_ALG_HANDLE, &second, 768, 0);
    tap_status(BCryptSetProperty(second, BCRYPT_DH_PARAMETERS, group, sizeof group, 0),
               STATUS_SUCCESS, "set between generate and finalize");
    BCryptFinalizeKeyPair(second, 0);
    tap(export_to(second, BCRYPT_DH_PUBLIC_BLOB, blob, sizeof blob) == 8 + 3 * 96 &&
            memcmp(blob + 8, group + 12, 2 * 96) == 0,
        "the key then uses that P and G");
    BCryptDestroyKey(key);
    BCryptDestroyKey(second);
}

static void observe_enumeration(void)
{
    BCRYPT_ALGORITHM_IDENTIFIER *list = NULL;
    ULONG all = 0, some = 0;
    ROW("BCryptEnumAlgorithms");
    tap_status(BCryptEnumAlgorithms(BCRYPT_RNG_OPERATION, NULL, &list, 0), STATUS_INVALID_PARAMETER,
               "NULL count");
    tap_status(BCryptEnumAlgorithms(BCRYPT_RNG_OPERATION, &all, NULL, 0), STATUS_INVALID_PARAMETER,
               "NULL list");
    tap_status(BCryptEnumAlgorithms(~0u, &all, &list, 0), STATUS_INVALID_PARAMETER, "all bits");
    tap(BCryptEnumAlgorithms(0, &all, &list, 0) == STATUS_SUCCESS && all > 0,
        "0 stands for all classes");
    BCryptFreeBuffer(list);
    tap(BCryptEnumAlgorithms(BCRYPT_RNG_OPERATION | BCRYPT_SIGNATURE_OPERATION, &some, &list, 0) ==
                STATUS_SUCCESS &&
            some > 1 && some < all,
        "combinations of bits work");
    BCryptFreeBuffer(list);
}

static void observe_random(void)
{
    const ULONG system = BCRYPT_USE_SYSTEM_PREFERRED_RNG;
    BCRYPT_ALG_HANDLE rng = open_alg(BCRYPT_RNG_ALGORITHM);
    ROW("BCryptGenRandom");
    tap_status(BCryptGenRandom(NULL, NULL, 0, 0), STATUS_INVALID_HANDLE,
               "NULL handle without the flag, even with nothing to do");
    tap_status(BCryptGenRandom(NULL, room, 16, system), STATUS_SUCCESS, "NULL handle, flag 2");
    tap_status(BCryptGenRandom(NULL, room, 16, system | BCRYPT_RNG_USE_ENTROPY_IN_BUFFER),
               STATUS_SUCCESS, "also together with flag 1");
    tap_status(BCryptGenRandom(NULL, NULL, 16, system), STATUS_INVALID_PARAMETER, "NULL buffer");
    tap_status(BCryptGenRandom(NULL, NULL, 0, system), STATUS_SUCCESS, "count 0");
    tap_status(BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, room, 16, 0), STATUS_SUCCESS,
               "BCRYPT_RNG_ALG_HANDLE");
    tap(BCryptGenRandom(rng, room, 16, 0) == STATUS_SUCCESS &&
            BCryptGenRandom(NULL, room, 16, system) == STATUS_SUCCESS,
        "client behaviour 17: an RNG handle, and NULL with the flag");
    BCryptCloseAlgorithmProvider(rng, 0);
}

/* ---- generate and finalize ----------------------------------------------------------------------------------- */

static NTSTATUS try_generate(BCRYPT_ALG_HANDLE alg, ULONG bits)
{
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status = BCryptGenerateKeyPair(alg, &key, bits, 0);
    if (status == STATUS_SUCCESS)
        BCryptDestroyKey(key);
    return status;
}

/* What a generic algorithm does with a length, once its curve is known. */
static NTSTATUS try_curve(LPCWSTR curve, ULONG bits)
{
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_ECDH_ALGORITHM);
    set_text(alg, BCRYPT_ECC_CURVE_NAME, curve);
    NTSTATUS status = try_generate(alg, bits);
    BCryptCloseAlgorithmProvider(alg, 0);
    return status;
}

static void observe_generate(void)
{
    static const ULONG rsa[] = {512, 640, 1024, 2048}, dh[] = {512, 768, 1024, 2048, 4096};
    BCRYPT_KEY_HANDLE key = NULL;
    bool good = true;
    ROW("BCryptGenerateKeyPair");
    for (size_t i = 0; i < RTL_NUMBER_OF(rsa); i++)
        good = good && try_generate(BCRYPT_RSA_ALG_HANDLE, rsa[i]) == STATUS_SUCCESS;
    tap(good, "RSA of 512, 640, 1024 and 2048 bits");
    tap(try_generate(BCRYPT_RSA_ALG_HANDLE, 1081) == STATUS_INVALID_PARAMETER, "RSA of 1081 bits");
    good = true;
    for (size_t i = 0; i < RTL_NUMBER_OF(dh); i++)
        good = good && try_generate(BCRYPT_DH_ALG_HANDLE, dh[i]) == STATUS_SUCCESS;
    tap(good, "DH of 512 to 4096 bits");
    tap_status(try_generate(BCRYPT_DH_ALG_HANDLE, 256), STATUS_INVALID_PARAMETER, "DH of 256 bits");
    tap(try_generate(BCRYPT_DH_ALG_HANDLE, 4160) < 0, "DH above 4096 bits");
    tap_status(try_generate(BCRYPT_ECDSA_P521_ALG_HANDLE, 256), STATUS_INVALID_PARAMETER,
               "ECDSA_P521 with 256");
    tap_status(try_generate(BCRYPT_ECDSA_P521_ALG_HANDLE, 522), STATUS_INVALID_PARAMETER,
               "ECDSA_P521 with 522");
    tap_status(try_generate(BCRYPT_ECDSA_P521_ALG_HANDLE, 521), STATUS_SUCCESS,
               "ECDSA_P521 with 521");
    tap_status(try_curve(BCRYPT_ECC_CURVE_SECP256R1, 0), STATUS_SUCCESS, "secP256r1 with 0");
    tap_status(try_curve(BCRYPT_ECC_CURVE_SECP256R1, 256), STATUS_SUCCESS, "secP256r1 with 256");
    tap_status(try_curve(BCRYPT_ECC_CURVE_SECP256R1, 255), STATUS_INVALID_PARAMETER,
               "secP256r1 with 255");
    tap_status(try_curve(BCRYPT_ECC_CURVE_25519, 0), STATUS_SUCCESS, "curve25519 with 0");
    tap_status(try_curve(BCRYPT_ECC_CURVE_25519, 255), STATUS_SUCCESS, "curve25519 with 255");

    ROW("BCryptFinalizeKeyPair");
    tap(BCryptGenerateKeyPair(BCRYPT_ECDSA_ALG_HANDLE, &key, 0, 0) == STATUS_SUCCESS &&
            BCryptFinalizeKeyPair(key, 0) == STATUS_INVALID_PARAMETER,
        "generic ECDSA without a curve: generate succeeds, finalize does not");
    BCryptDestroyKey(key);
    BCryptGenerateKeyPair(BCRYPT_RSA_ALG_HANDLE, &key, 512, 0);
    tap_status(BCryptEncrypt(key, room, 8, NULL, NULL, 0, room, 64, &got, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_HANDLE, "BCryptEncrypt before it");
    tap_status(BCryptExportKey(key, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &got, 0),
               STATUS_INVALID_HANDLE, "BCryptExportKey before it");
    BCryptFinalizeKeyPair(key, 0);
    tap_status(BCryptFinalizeKeyPair(key, 0), STATUS_INVALID_HANDLE, "a second time");
    BCRYPT_KEY_HANDLE half = public_half(BCRYPT_RSA_ALG_HANDLE, key, BCRYPT_RSAPUBLIC_BLOB);
    tap_status(BCryptFinalizeKeyPair(half, 0), STATUS_INVALID_HANDLE, "of an imported key");
    BCryptDestroyKey(half);
    BCryptDestroyKey(key);
}

/* ---- import and export --------------------------------------------------------------------------------------- */

static void observe_ecc_import(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256), a = NULL, b = NULL;
    UCHAR pub[72], priv[104], copy[104];
    ULONG generic[] = {BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC, BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC};
    ROW("BCryptImportKeyPair, ECC");
    head_turn(generic, sizeof generic);
    export_to(key, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub);
    export_to(key, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv);
    import_from(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0, &a);
    b = a;
    import_from(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv, 0, &b);
    tap(a != b && BCryptDestroyKey(a) == STATUS_SUCCESS &&
            BCryptSignHash(b, NULL, room, 32, room, 64, &got, 0) == STATUS_SUCCESS &&
            BCryptDestroyKey(b) == STATUS_SUCCESS,
        "public and then private blob into one variable: two keys");
    tap_status(try_import(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_PUBLIC_KEY_BLOB, pub, sizeof pub, 0),
               STATUS_SUCCESS, "PUBLICBLOB as the general name, a pseudo-handle");
    memcpy(copy, pub, sizeof pub);
    copy[4] = 2;
    tap_status(try_import(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_ECCPUBLIC_BLOB, copy, sizeof pub, 0),
               STATUS_INVALID_PARAMETER, "cbKey 2");
    tap_status(try_import(BCRYPT_ECDH_P256_ALG_HANDLE, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0),
               STATUS_INVALID_PARAMETER, "a public blob with the other family's magic");
    tap_status(
        try_import(BCRYPT_ECDH_P256_ALG_HANDLE, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv, 0),
        STATUS_INVALID_PARAMETER, "a private blob with the other family's magic");
    memcpy(copy, priv, sizeof priv);
    memset(copy + 8, 0, 64);
    import_from(BCRYPT_ECDSA_P256_ALG_HANDLE, BCRYPT_ECCPRIVATE_BLOB, copy, sizeof copy, 0, &a);
    tap(export_to(a, BCRYPT_ECCPRIVATE_BLOB, copy, sizeof copy) == sizeof priv &&
            memcmp(copy, priv, sizeof priv) == 0,
        "X = Y = 0: the public point is computed");
    BCryptDestroyKey(a);

    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_ECDSA_ALGORITHM);
    tap_status(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0), STATUS_SUCCESS,
               "the curve's own magic names the curve to a generic algorithm");
    set_text(alg, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_NISTP256);
    tap(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0) == STATUS_SUCCESS &&
            try_import(alg, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv, 0) == STATUS_SUCCESS,
        "a generic algorithm with a curve takes the curve's own magics");
    memcpy(pub, &generic[0], 4);
    memcpy(priv, &generic[1], 4);
    tap(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0) == STATUS_SUCCESS &&
            try_import(alg, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv, 0) == STATUS_SUCCESS,
        "and the generic ones");
    BCryptCloseAlgorithmProvider(alg, 0);
    BCryptDestroyKey(key);
}

static void fill(UCHAR *at, UCHAR first, UCHAR middle, UCHAR last)
{
    memset(at, middle, 32);
    at[0] = first;
    at[31] = last;
}

static void observe_x25519(void)
{
    BCRYPT_KEY_HANDLE key = make_named(BCRYPT_ECDH_ALGORITHM, BCRYPT_ECC_CURVE_NAME, L"curve25519");
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_ECDH_ALGORITHM);
    UCHAR priv[104], pub[72], zero[32] = {0};
    BCRYPT_KEY_HANDLE peer = NULL;
    BCRYPT_SECRET_HANDLE secret = NULL;
    BCRYPT_ECCKEY_BLOB head;
    ROW("curve25519");
    set_text(alg, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519);
    tap(export_to(key, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv) == sizeof priv &&
            export_to(key, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub) == sizeof pub,
        "8 + 64 and 8 + 96 bytes");
    memcpy(&head, priv, sizeof head);
    head_turn(&head, sizeof head);
    tap(head.dwMagic == BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC && head.cbKey == 32, "ECKV, cbKey 32");
    tap(memcmp(pub + 40, zero, 32) == 0, "the exported Y is zero");
    tap_status(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, priv, sizeof priv, 0), STATUS_SUCCESS,
               "a private blob passed as ECCPUBLICBLOB");
    pub[8 + 31] |= 0x80;
    tap_status(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0), STATUS_INVALID_PARAMETER,
               "u with its high bit set");
    fill(pub + 8, 0xED, 0xFF, 0x7F);
    tap_status(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0), STATUS_INVALID_PARAMETER,
               "u equal to p");
    fill(pub + 8, 1, 0, 0);
    tap(try_import(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0) < 0, "a point of small order");
    tap(import_from(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, BCRYPT_NO_KEY_VALIDATION, &peer) ==
                STATUS_SUCCESS &&
            BCryptSecretAgreement(key, peer, &secret, 0) == STATUS_SUCCESS &&
            derive(secret, BCRYPT_KDF_RAW_SECRET, NULL, 32) == STATUS_SUCCESS && got == 32 &&
            memcmp(room, zero, 32) == 0,
        "with BCRYPT_NO_KEY_VALIDATION it gives a secret of zeros");
    priv[72] |= 1;
    tap_status(try_import(alg, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv, 0),
               STATUS_INVALID_PARAMETER, "a scalar that is not clamped");
    BCryptDestroySecret(secret);
    BCryptDestroyKey(peer);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* An RSA public blob with an odd modulus of n bytes and the exponent 65537 in e bytes. */
static ULONG rsa_public(UCHAR *at, ULONG e, ULONG n)
{
    BCRYPT_RSAKEY_BLOB head = {BCRYPT_RSAPUBLIC_MAGIC, n * 8, e, n, 0, 0};
    head_turn(&head, sizeof head);
    memcpy(at, &head, sizeof head);
    memset(at + sizeof head, 0, e);
    at[sizeof head + e - 1] = at[sizeof head + e - 3] = 1;
    memset(at + sizeof head + e, 0xC7, n);
    return (ULONG)sizeof head + e + n;
}

static void observe_rsa_blobs(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, 1024), copy = NULL;
    UCHAR full[1024], again[1024];
    ULONG n = rsa_public(full, 3, 128);
    ROW("BCryptImportKeyPair, RSA");
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_PUBLIC_KEY_BLOB, full, n, 0),
               STATUS_SUCCESS, "PUBLICBLOB as the general name");
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, full, n + 1, 0),
               NTE_BAD_DATA, "a byte too many");
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, full, n - 1, 0),
               NTE_BAD_DATA, "a byte too few");
    full[8] ^= 1;
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, full, n, 0), NTE_BAD_DATA,
               "a wrong cbPublicExp");
    full[8] ^= 1;
    full[4] ^= 8;
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, full, n, 0), STATUS_SUCCESS,
               "a wrong BitLength is ignored");
    n = rsa_public(full, 3, 129);
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, full, n, 0), STATUS_SUCCESS,
               "1032 bits");
    n = rsa_public(full, 8, 128);
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, full, n, 0), STATUS_SUCCESS,
               "an exponent of 8 bytes, padded with zeros");
    n = export_to(key, BCRYPT_RSAFULLPRIVATE_BLOB, full, sizeof full);
    import_from(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAFULLPRIVATE_BLOB, full, n, 0, &copy);
    tap(export_to(copy, BCRYPT_RSAFULLPRIVATE_BLOB, again, sizeof again) == n &&
            memcmp(full, again, n) == 0,
        "full private blob: import then export is identical");
    BCryptDestroyKey(copy);
    n = export_to(key, LEGACY_RSAPRIVATE_BLOB, full, sizeof full);
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, LEGACY_RSAPRIVATE_BLOB, full, n, 0),
               STATUS_SUCCESS, "CAPIPRIVATEBLOB");
    n = export_to(key, LEGACY_RSAPUBLIC_BLOB, full, sizeof full);
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, LEGACY_RSAPUBLIC_BLOB, full, n, 0),
               STATUS_NOT_SUPPORTED, "CAPIPUBLICBLOB");

    ROW("RSA_SIGN");
    n = export_to(key, BCRYPT_RSAPRIVATE_BLOB, full, sizeof full);
    BCRYPT_PKCS1_PADDING_INFO sha1 = {BCRYPT_SHA1_ALGORITHM};
    tap(import_from(BCRYPT_RSA_SIGN_ALG_HANDLE, BCRYPT_RSAPRIVATE_BLOB, full, n, 0, &copy) ==
                STATUS_SUCCESS &&
            BCryptSignHash(copy, &sha1, room, 20, again, 128, &got, BCRYPT_PAD_PKCS1) ==
                STATUS_SUCCESS,
        "a private blob imports and signs");
    tap(export_to(copy, BCRYPT_RSAPRIVATE_BLOB, again, sizeof again) == n &&
            memcmp(full, again, n) == 0,
        "and is exported again");
    BCryptDestroyKey(copy);
    copy = make_key(BCRYPT_RSA_SIGN_ALG_HANDLE, 512);
    tap(export_to(copy, BCRYPT_RSAPUBLIC_BLOB, again, sizeof again) == 24 + 3 + 64,
        "512 bits, and the exponent has 3 bytes");
    BCryptDestroyKey(copy);
    BCryptDestroyKey(key);
}

static void observe_ffc_blobs(void)
{
    BCRYPT_KEY_HANDLE dh = make_key(BCRYPT_DH_ALG_HANDLE, 768), copy = NULL;
    BCRYPT_KEY_HANDLE dsa = make_key(BCRYPT_DSA_ALG_HANDLE, 512);
    UCHAR blob[1024] = {0}, again[1024];
    ROW("BCryptImportKeyPair, DH and DSA");
    ULONG n = export_to(dh, BCRYPT_DH_PRIVATE_BLOB, blob, sizeof blob);
    tap_status(try_import(BCRYPT_DH_ALG_HANDLE, BCRYPT_DH_PRIVATE_BLOB, blob, n + 1, 0),
               STATUS_INVALID_PARAMETER, "a DH private blob larger than exact");
    n = export_to(dsa, LEGACY_DSA_V2_PRIVATE_BLOB, blob, sizeof blob);
    tap(n > 16 && blob[0] == 7 && blob[1] == 2 && memcmp(blob + 8, "DSS2", 4) == 0,
        "V2CAPIDSAPRIVATEBLOB is a PRIVATEKEYBLOB of version 2, magic DSS2");
    import_from(BCRYPT_DSA_ALG_HANDLE, LEGACY_DSA_V2_PRIVATE_BLOB, blob, n, 0, &copy);
    tap(export_to(copy, LEGACY_DSA_V2_PRIVATE_BLOB, again, sizeof again) == n &&
            memcmp(blob, again, n) == 0,
        "and identical after import and export");
    n = export_to(dsa, BCRYPT_DSA_PUBLIC_BLOB, blob, sizeof blob);
    memset(blob + 8, 0xFF, 24);
    tap_status(try_import(BCRYPT_DSA_ALG_HANDLE, BCRYPT_DSA_PUBLIC_BLOB, blob, n, 0),
               STATUS_SUCCESS, "DSA seed and count of all ones mean: not given");
    memset(blob + 8, 0, 24);
    tap(try_import(BCRYPT_DSA_ALG_HANDLE, BCRYPT_DSA_PUBLIC_BLOB, blob, n, 0) < 0,
        "a DSA seed of zeros is refused");
    tap_status(try_import(BCRYPT_DSA_ALG_HANDLE, BCRYPT_DSA_PUBLIC_BLOB, blob, n,
                          BCRYPT_NO_KEY_VALIDATION),
               STATUS_SUCCESS, "unless BCRYPT_NO_KEY_VALIDATION");
    blob[32 + 19] ^= 2;
    tap(try_import(BCRYPT_DSA_ALG_HANDLE, BCRYPT_DSA_PUBLIC_BLOB, blob, n, 0) < 0, "a wrong q");
    BCryptDestroyKey(copy);
    BCryptDestroyKey(dsa);
    BCryptDestroyKey(dh);
}

static void observe_mlkem_blobs(void)
{
    BCRYPT_KEY_HANDLE key = make_named(BCRYPT_MLKEM_ALGORITHM, BCRYPT_PARAMETER_SET_NAME,
                                       BCRYPT_MLKEM_PARAMETER_SET_768);
    UCHAR blob[2048] = {0};
    ROW("BCryptImportKeyPair, ML-KEM");
    if (key == NULL) {
        tap_skip("trailing bytes", "the installed libcrypto lacks ML-KEM");
        return;
    }
    tap(export_to(key, BCRYPT_MLKEM_PRIVATE_SEED_BLOB, blob, sizeof blob) == 84,
        "a seed blob has 84 bytes, the parameter set in UTF-16");
    tap_status(try_import(BCRYPT_MLKEM_ALG_HANDLE, BCRYPT_MLKEM_PRIVATE_SEED_BLOB, blob, 86, 0),
               STATUS_SUCCESS, "a seed blob of 86 for 84 bytes");
    tap(export_to(key, BCRYPT_MLKEM_PUBLIC_BLOB, blob, sizeof blob) == 1204,
        "a public blob has 1204 bytes");
    tap_status(try_import(BCRYPT_MLKEM_ALG_HANDLE, BCRYPT_MLKEM_PUBLIC_BLOB, blob, 1590, 0),
               STATUS_SUCCESS, "a public blob of 1590 for 1204 bytes");
    BCryptDestroyKey(key);
}

/* A public half refuses private blobs; the sizes are Windows'. */
static void export_row(LPCWSTR alg_name, ULONG bits, LPCWSTR pub, LPCWSTR priv, ULONG npub,
                       ULONG npriv, const char *label)
{
    BCRYPT_ALG_HANDLE alg = open_alg(alg_name);
    BCRYPT_KEY_HANDLE key = make_key(alg, bits), half = public_half(alg, key, pub);
    char what[80];
    snprintf(what, sizeof what, "%s: private blob of a public-only key", label);
    tap_status(BCryptExportKey(half, NULL, priv, NULL, 0, &got, 0), STATUS_INVALID_PARAMETER, what);
    snprintf(what, sizeof what, "%s: blobs of %u and %u bytes", label, (unsigned)npub,
             (unsigned)npriv);
    tap(export_to(key, pub, room, sizeof room) == npub &&
            export_to(key, priv, room, sizeof room) == npriv,
        what);
    BCryptDestroyKey(half);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void observe_export(void)
{
    ROW("BCryptExportKey");
    export_row(L"ECDSA_P256", 256, BCRYPT_ECCPUBLIC_BLOB, BCRYPT_ECCPRIVATE_BLOB, 8 + 2 * 32,
               8 + 3 * 32, "P-256");
    export_row(L"ECDH_P521", 521, BCRYPT_ECCPUBLIC_BLOB, BCRYPT_ECCPRIVATE_BLOB, 8 + 2 * 66,
               8 + 3 * 66, "P-521");
    export_row(L"DH", 1024, BCRYPT_DH_PUBLIC_BLOB, BCRYPT_DH_PRIVATE_BLOB, 8 + 3 * 128, 8 + 4 * 128,
               "DH");
    export_row(L"DSA", 512, BCRYPT_DSA_PUBLIC_BLOB, BCRYPT_DSA_PRIVATE_BLOB, 52 + 3 * 64,
               52 + 3 * 64 + 20, "DSA");
    export_row(L"RSA", 1024, BCRYPT_RSAPUBLIC_BLOB, BCRYPT_RSAPRIVATE_BLOB, 24 + 3 + 128,
               24 + 3 + 128 + 64 + 64, "RSA");
    export_row(L"RSA_SIGN", 1024, BCRYPT_RSAPUBLIC_BLOB, BCRYPT_RSAFULLPRIVATE_BLOB, 24 + 3 + 128,
               24 + 3 + 2 * 128 + 5 * 64, "RSA_SIGN");
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, 512);
    BCRYPT_RSAKEY_BLOB head;
    export_to(key, BCRYPT_RSAPUBLIC_BLOB, room, sizeof room);
    memcpy(&head, room, sizeof head);
    head_turn(&head, sizeof head);
    tap(head.cbPublicExp == 3 && head.cbPrime1 == 0 && head.cbPrime2 == 0,
        "RSA public: cbPublicExp 3, no primes");
    BCryptDestroyKey(key);

    ROW("BCryptDuplicateKey and BCryptDestroyKey");
    key = UNTOUCHED;
    tap(BCryptDuplicateKey(NULL, &key, NULL, 0, 0) == STATUS_INVALID_HANDLE && key == UNTOUCHED,
        "duplicate of NULL, output untouched");
    key = make_key(BCRYPT_ECDH_P256_ALG_HANDLE, 256);
    BCRYPT_SECRET_HANDLE secret = NULL;
    BCryptSecretAgreement(key, key, &secret, 0);
    tap_status(BCryptDestroyKey(NULL), STATUS_INVALID_HANDLE, "destroy NULL");
    tap_status(BCryptDestroyKey(secret), STATUS_INVALID_HANDLE, "destroy a secret");
    BCryptDestroyKey(key);
    tap_status(BCryptDestroyKey(key), STATUS_INVALID_HANDLE, "destroy a destroyed key");
    BCryptDestroySecret(secret);
}

int main(void)
{
    observe_open();
    observe_get_property();
    observe_strength();
    observe_set_property();
    observe_dh_parameters();
    observe_enumeration();
    observe_random();
    observe_generate();
    observe_ecc_import();
    observe_x25519();
    observe_rsa_blobs();
    observe_ffc_blobs();
    observe_mlkem_blobs();
    observe_export();
    return tap_done();
}
