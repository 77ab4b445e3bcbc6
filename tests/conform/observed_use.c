/*
 * What Windows was seen to do when key pairs are used (one check for each observation), and what the programs that were
 * read for this project rely on: "client behaviour N".
 */
#include "conform_keys.h"

/* ---- encrypt and sign ---------------------------------------------------------------------------------------- */

static NTSTATUS encrypt(BCRYPT_KEY_HANDLE key, VOID *info, ULONG nin, PUCHAR out, ULONG nout,
                        ULONG flags)
{
    static UCHAR text[256] = "seven..";
    return BCryptEncrypt(key, text, nin, info, NULL, 0, out, nout, &got, flags);
}

static NTSTATUS decrypt(BCRYPT_KEY_HANDLE key, VOID *info, PUCHAR out, ULONG nout, ULONG flags)
{
    return BCryptDecrypt(key, room, 128, info, NULL, 0, out, nout, &got, flags);
}

static void observe_encrypt(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    BCRYPT_OAEP_PADDING_INFO sha1 = {BCRYPT_SHA1_ALGORITHM, NULL, 0};
    BCRYPT_OAEP_PADDING_INFO sha256 = {BCRYPT_SHA256_ALGORITHM, NULL, 0};
    UCHAR other[128], plain[128];
    ROW("BCryptEncrypt and BCryptDecrypt");
    tap(encrypt(key, NULL, 5, NULL, 0, BCRYPT_PAD_NONE) == STATUS_SUCCESS && got == 128,
        "client behaviour 6: size query of raw RSA with short input: the modulus length");
    tap_status(encrypt(key, NULL, 5, room, 128, BCRYPT_PAD_NONE), STATUS_INVALID_PARAMETER,
               "raw RSA with input of the wrong length");
    tap_status(encrypt(key, NULL, 5, room, 128, 0), STATUS_INVALID_PARAMETER,
               "flags 0 with short input");
    tap(encrypt(key, NULL, 128, room, 127, BCRYPT_PAD_NONE) == STATUS_BUFFER_TOO_SMALL &&
            got == 128,
        "raw RSA into a short output, size told");
    BCryptGenRandom(NULL, plain, sizeof plain, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
    plain[0] = 0;
    tap(BCryptEncrypt(key, plain, 128, NULL, NULL, 0, room, 128, &got, BCRYPT_PAD_NONE) >= 0 &&
            BCryptEncrypt(key, plain, 128, NULL, NULL, 0, other, 128, &got, 0) >= 0 &&
            memcmp(room, other, 128) == 0,
        "raw RSA: equal input gives equal output, with BCRYPT_PAD_NONE and with 0");
    tap(encrypt(key, NULL, 7, room, 128, BCRYPT_PAD_PKCS1) == STATUS_SUCCESS && got == 128,
        "PKCS1 gives the modulus length");
    tap(decrypt(key, NULL, NULL, 0, BCRYPT_PAD_PKCS1) == STATUS_SUCCESS && got == 7,
        "the size query of decryption answers the plaintext's length");
    tap(decrypt(key, NULL, plain, 6, BCRYPT_PAD_PKCS1) == STATUS_BUFFER_TOO_SMALL && got == 7,
        "never success with *pcbResult above the buffer's size");
    tap_status(encrypt(key, NULL, 7, NULL, 0, BCRYPT_PAD_OAEP), STATUS_SUCCESS,
               "OAEP without information: size query");
    tap_status(encrypt(key, NULL, 7, room, 128, BCRYPT_PAD_OAEP), STATUS_INVALID_PARAMETER,
               "OAEP without information: encrypt");
    tap_status(encrypt(key, NULL, 7, room, 127, BCRYPT_PAD_OAEP), STATUS_BUFFER_TOO_SMALL,
               "OAEP without information: short output");
    tap_status(decrypt(key, NULL, NULL, 0, BCRYPT_PAD_OAEP), STATUS_INVALID_PARAMETER,
               "OAEP without information: size query of decryption");
    tap(encrypt(key, &sha1, 7, room, 128, BCRYPT_PAD_OAEP) == STATUS_SUCCESS &&
            decrypt(key, &sha1, NULL, 0, BCRYPT_PAD_OAEP) == STATUS_SUCCESS && got == 7 &&
            decrypt(key, &sha1, plain, 128, BCRYPT_PAD_OAEP) == STATUS_SUCCESS &&
            memcmp(plain, "seven..", 7) == 0,
        "OAEP with a NULL label of length 0");
    room[127] ^= 1;
    tap_status(decrypt(key, &sha1, plain, 128, BCRYPT_PAD_OAEP), STATUS_INVALID_PARAMETER,
               "OAEP: wrong padding");
    tap_status(encrypt(key, &sha1, 0, room, 128, BCRYPT_PAD_OAEP), STATUS_SUCCESS,
               "an empty message with a pointer");
    tap_status(BCryptEncrypt(key, NULL, 0, &sha1, NULL, 0, room, 128, &got, BCRYPT_PAD_OAEP),
               STATUS_INVALID_PARAMETER, "an empty message without a pointer");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_RSA_ALG_HANDLE, 512);
    tap_status(encrypt(key, &sha256, 7, room, 128, BCRYPT_PAD_OAEP), STATUS_INVALID_PARAMETER,
               "OAEP with SHA256 does not fit 512 bits");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_RSA_ALG_HANDLE, 640);
    tap_status(encrypt(key, &sha256, 7, room, 128, BCRYPT_PAD_OAEP), STATUS_SUCCESS,
               "but 640 bits");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_DH_ALG_HANDLE, 768);
    tap_status(encrypt(key, NULL, 7, room, 128, BCRYPT_PAD_PKCS1), STATUS_NOT_SUPPORTED,
               "encrypt with DH");
    tap_status(BCryptSignHash(key, NULL, room, 20, room, 128, &got, 0), STATUS_NOT_SUPPORTED,
               "sign with DH");
    BCryptDestroyKey(key);
}

static void observe_rsa_signatures(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    BCRYPT_KEY_HANDLE half = public_half(BCRYPT_RSA_ALG_HANDLE, key, BCRYPT_RSAPUBLIC_BLOB);
    BCRYPT_PKCS1_PADDING_INFO sha1 = {BCRYPT_SHA1_ALGORITHM}, none = {NULL}, aes = {L"AES"};
    BCRYPT_PKCS1_PADDING_INFO md5 = {BCRYPT_MD5_ALGORITHM};
    BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA384_ALGORITHM, 48}, most = {L"SHA256", 128 - 2 - 32};
    const ULONG flag = BCRYPT_PAD_PKCS1;
    UCHAR h[64] = {1, 2, 3}, s[128];
    ROW("BCryptSignHash and BCryptVerifySignature, RSA");
    tap(BCryptSignHash(half, &sha1, NULL, 0, NULL, 0, &got, flag) == STATUS_SUCCESS && got == 128,
        "size query with a public key and no hash");
    tap_status(BCryptSignHash(half, &sha1, h, 20, s, 128, &got, flag), STATUS_INVALID_PARAMETER,
               "signing with a public key");
    tap_status(BCryptSignHash(key, &sha1, h, 20, s, 128, &got, 0), STATUS_INVALID_PARAMETER,
               "flags 0");
    tap_status(BCryptSignHash(key, NULL, h, 20, s, 128, &got, flag), STATUS_INVALID_PARAMETER,
               "NULL padding information");
    tap_status(BCryptSignHash(key, &sha1, h, 20, s, 0, &got, flag), STATUS_BUFFER_TOO_SMALL,
               "cbOutput 0 with a buffer");
    tap(BCryptSignHash(key, &md5, h, 16, s, 128, &got, flag) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, &md5, h, 16, s, 128, flag) == STATUS_SUCCESS,
        "MD5");
    tap(BCryptSignHash(key, &none, h, 36, s, 128, &got, flag) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, &none, h, 36, s, 128, flag) == STATUS_SUCCESS,
        "no name: MD5 and SHA1 together");
    tap_status(BCryptSignHash(key, &none, h, 20, s, 128, &got, flag), STATUS_SUCCESS,
               "no name, 20 bytes");
    tap_status(BCryptVerifySignature(half, &sha1, h, 20, s, 128, flag), STATUS_INVALID_SIGNATURE,
               "a name against a signature without DigestInfo");
    BCryptSignHash(key, &sha1, h, 20, s, 128, &got, flag);
    tap_status(BCryptVerifySignature(half, &none, h, 20, s, 128, flag), STATUS_INVALID_SIGNATURE,
               "no name against a signature with DigestInfo");
    tap_status(BCryptVerifySignature(half, &sha1, h, 20, s, 128, flag), STATUS_SUCCESS, "SHA1");
    tap_status(BCryptVerifySignature(half, NULL, h, 20, s, 128, flag), STATUS_INVALID_PARAMETER,
               "verify with NULL information");
    NTSTATUS status = BCryptVerifySignature(half, &sha1, h, 20, s, 128, 0);
    tap(status == STATUS_INVALID_PARAMETER || status == STATUS_INVALID_SIGNATURE,
        "verify with information and flags 0");
    tap_status(BCryptVerifySignature(half, &aes, h, 20, s, 128, flag), STATUS_NOT_SUPPORTED,
               "verify with the hash name \"AES\"");
    tap_status(BCryptVerifySignature(half, &sha1, h, 20, s, 64, flag), STATUS_INVALID_PARAMETER,
               "a signature of another modulus size");
    s[127] ^= 1;
    tap_status(BCryptVerifySignature(half, &sha1, h, 20, s, 128, flag), STATUS_INVALID_SIGNATURE,
               "client behaviour 15: a wrong signature is STATUS_INVALID_SIGNATURE");
    tap(BCryptSignHash(key, &pss, h, 48, s, 128, &got, BCRYPT_PAD_PSS) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, &pss, h, 48, s, 128, BCRYPT_PAD_PSS) == STATUS_SUCCESS,
        "PSS with SHA384 and salt 48");
    tap(BCryptSignHash(key, &most, h, 32, s, 128, &got, BCRYPT_PAD_PSS) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, &most, h, 32, s, 128, BCRYPT_PAD_PSS) == STATUS_SUCCESS,
        "PSS with as much salt as fits");
    most.cbSalt = 32;
    tap(BCryptVerifySignature(half, &most, h, 32, s, 128, BCRYPT_PAD_PSS) < 0,
        "and another salt in verify fails");
    BCryptDestroyKey(half);
    BCryptDestroyKey(key);
}

static void observe_other_signatures(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256);
    BCRYPT_PKCS1_PADDING_INFO sha1 = {BCRYPT_SHA1_ALGORITHM};
    UCHAR h[100] = {1, 2, 3}, s[132];
    bool good = true;
    ROW("BCryptSignHash and BCryptVerifySignature, others");
    for (ULONG n = 1; n <= sizeof h; n += 11)
        good = good && BCryptSignHash(key, NULL, h, n, s, 64, &got, 0) == STATUS_SUCCESS &&
               got == 64 && BCryptVerifySignature(key, NULL, h, n, s, 64, 0) == STATUS_SUCCESS;
    tap(good, "ECDSA signs hashes of any length; 64 bytes with P-256");
    BCryptSignHash(key, NULL, h, 20, s, 64, &got, 0);
    tap_status(BCryptSignHash(key, &sha1, h, 20, s, 64, &got, BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "ECDSA with BCRYPT_PAD_PKCS1");
    tap_status(BCryptVerifySignature(key, NULL, h, 19, s, 64, 0), STATUS_INVALID_SIGNATURE,
               "a hash shortened by one byte");
    tap_status(BCryptVerifySignature(key, NULL, h, 20, s, 62, 0), STATUS_INVALID_PARAMETER,
               "62 of 64 bytes");
    s[9] ^= 0x10;
    tap_status(BCryptVerifySignature(key, NULL, h, 20, s, 64, 0), STATUS_INVALID_SIGNATURE,
               "a flipped bit");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_ECDSA_P521_ALG_HANDLE, 521);
    tap(BCryptSignHash(key, NULL, h, 64, s, 132, &got, 0) == STATUS_SUCCESS && got == 132,
        "132 bytes with P-521");
    BCryptDestroyKey(key);
    key = make_key(BCRYPT_DSA_ALG_HANDLE, 512);
    tap(BCryptSignHash(key, NULL, h, 20, s, 132, &got, 0) == STATUS_SUCCESS && got == 40,
        "40 bytes with DSA of 512 bits");
    BCryptDestroyKey(key);

    key = make_named(BCRYPT_MLDSA_ALGORITHM, BCRYPT_PARAMETER_SET_NAME, L"44");
    if (key == NULL) {
        tap_skip("ML-DSA", "the installed libcrypto lacks it");
        return;
    }
    BCRYPT_PQDSA_PADDING_INFO empty = {NULL, 0, NULL};
    BCRYPT_KEY_HANDLE half = public_half(BCRYPT_MLDSA_ALG_HANDLE, key, BCRYPT_PQDSA_PUBLIC_BLOB);
    tap(BCryptSignHash(key, &empty, h, 9, room, 2420, &got, BCRYPT_PAD_PQDSA) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, NULL, h, 9, room, 2420, 0) == STATUS_SUCCESS,
        "ML-DSA: padding with a NULL context is the pure signature");
    tap(BCryptSignHash(key, NULL, h, 64, room, 2420, &got, BCRYPT_MLDSA_EXTERNAL_MU) ==
                STATUS_SUCCESS &&
            BCryptVerifySignature(half, NULL, h, 64, room, 2420, BCRYPT_MLDSA_EXTERNAL_MU) ==
                STATUS_SUCCESS,
        "ML-DSA: external mu with NULL information");
    tap_status(BCryptSignHash(half, NULL, h, 9, room, 2420, &got, 0), (NTSTATUS)0xC100000D,
               "ML-DSA: signing with a public key");
    BCryptDestroyKey(half);
    BCryptDestroyKey(key);
}

/* ---- agreement ----------------------------------------------------------------------------------------------- */

static bool untouched_from(ULONG at)
{
    return room[at] == GUARD_BYTE && room[at + 1] == GUARD_BYTE;
}

static void observe_agreement(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_ECDH_P521_ALG_HANDLE, 521);
    BCRYPT_SECRET_HANDLE s = NULL;
    WCHAR rng[] = L"RNG", unknown[] = L"SHA-256", sha256[] = L"SHA256";
    UCHAR label[] = "label", seed[64] = {7};
    BCryptBuffer tls[] = {{5, KDF_TLS_PRF_LABEL, label}, {64, KDF_TLS_PRF_SEED, seed}};
    BCryptBuffer hash = {sizeof sha256, KDF_HASH_ALGORITHM, sha256};
    BCryptBuffer hmac = {0, KDF_HMAC_KEY, NULL};
    BCryptBufferDesc list = {1234, 1, &hash}, tls_list = {BCRYPTBUFFER_VERSION, 2, tls};
    BCryptBufferDesc hmac_list = {BCRYPTBUFFER_VERSION, 1, &hmac};
    ROW("BCryptSecretAgreement");
    tap_status(BCryptSecretAgreement(NULL, key, &s, 0), STATUS_INVALID_HANDLE, "NULL private key");
    tap_status(BCryptSecretAgreement(key, NULL, &s, 0), STATUS_INVALID_HANDLE, "NULL public key");
    tap_status(BCryptSecretAgreement(key, key, NULL, 0), STATUS_INVALID_PARAMETER, "NULL output");
    tap_status(BCryptSecretAgreement(key, key, &s, 0), STATUS_SUCCESS, "a key with itself");

    ROW("BCryptDeriveKey");
    tap_status(derive(NULL, BCRYPT_KDF_HASH, NULL, 20), STATUS_INVALID_HANDLE, "NULL as secret");
    tap_status(derive(key, BCRYPT_KDF_HASH, NULL, 20), STATUS_INVALID_HANDLE, "a key as secret");
    BCryptDestroyKey(key);
    tap(derive(s, BCRYPT_KDF_HASH, NULL, 64) == STATUS_SUCCESS && got == 20 && untouched_from(20),
        "after the keys are destroyed; HASH is SHA1; beyond 20 bytes nothing is written");
    tap(derive(s, BCRYPT_KDF_HASH, NULL, 10) == STATUS_SUCCESS && got == 10 && untouched_from(10),
        "count 10: 10 bytes are written");
    tap_status(derive(s, NULL, NULL, 20), STATUS_INVALID_PARAMETER, "NULL KDF");
    tap_status(BCryptDeriveKey(s, BCRYPT_KDF_HASH, NULL, room, 20, NULL, 0),
               STATUS_INVALID_PARAMETER, "NULL pcbResult");
    tap_status(derive(s, L"UNKNOWN", NULL, 20), STATUS_NOT_SUPPORTED, "an unknown KDF");
    tap(derive(s, BCRYPT_KDF_HASH, &list, 64) == STATUS_SUCCESS && got == 32,
        "the list's version is not checked");
    hash.cbBuffer -= (ULONG)sizeof(WCHAR);
    tap(derive(s, BCRYPT_KDF_HASH, &list, 64) == STATUS_SUCCESS && got == 32,
        "client behaviour 13: a hash name without its NUL in cbBuffer");
    hash.cbBuffer = sizeof rng, hash.pvBuffer = rng;
    tap_status(derive(s, BCRYPT_KDF_HASH, &list, 64), STATUS_NOT_SUPPORTED, "\"RNG\" as hash");
    hash.cbBuffer = sizeof unknown, hash.pvBuffer = unknown;
    tap_status(BCryptDeriveKey(s, BCRYPT_KDF_HASH, &list, NULL, 0, &got, 0), STATUS_NOT_SUPPORTED,
               "an unknown hash, in a size query");
    tap(BCryptDeriveKey(s, BCRYPT_KDF_RAW_SECRET, NULL, NULL, 0, &got, 0) == STATUS_SUCCESS &&
            got == 66,
        "client behaviour 9: the raw secret's length is asked first; P-521: 66");
    tap(derive(s, BCRYPT_KDF_TLS_PRF, &tls_list, 48) == STATUS_SUCCESS && got == 48,
        "TLS_PRF without a protocol");
    UCHAR flagged[20];
    BCryptDeriveKey(s, BCRYPT_KDF_HMAC, NULL, flagged, 20, &got, KDF_USE_SECRET_AS_HMAC_KEY_FLAG);
    tap(derive(s, BCRYPT_KDF_HMAC, &hmac_list, 20) == STATUS_SUCCESS &&
            memcmp(room, flagged, 20) == 0,
        "HMAC with a NULL key: the secret is the key");
    tap_status(BCryptDestroySecret(NULL), STATUS_INVALID_HANDLE, "destroy NULL");
    tap_status(BCryptDestroySecret(BCRYPT_ECDH_P521_ALG_HANDLE), STATUS_INVALID_HANDLE,
               "destroy an algorithm");
    BCryptDestroySecret(s);
}

/* RFC 7748, 6.1: the raw secret is the byte reversal of what the standard writes. */
static void observe_byte_order(void)
{
    static UCHAR priv[104] = {0}, pub[72] = {0};
    static const UCHAR alice[] = {0x70, 0x07, 0x6d, 0x0a, 0x73, 0x18, 0xa5, 0x7d, 0x3c, 0x16, 0xc1,
                                  0x72, 0x51, 0xb2, 0x66, 0x45, 0xdf, 0x4c, 0x2f, 0x87, 0xeb, 0xc0,
                                  0x99, 0x2a, 0xb1, 0x77, 0xfb, 0xa5, 0x1d, 0xb9, 0x2c, 0x6a};
    static const UCHAR bob[] = {0xde, 0x9e, 0xdb, 0x7d, 0x7b, 0x7d, 0xc1, 0xb4, 0xd3, 0x5b, 0x61,
                                0xc2, 0xec, 0xe4, 0x35, 0x37, 0x3f, 0x83, 0x43, 0xc8, 0x5b, 0x78,
                                0x67, 0x4d, 0xad, 0xfc, 0x7e, 0x14, 0x6f, 0x88, 0x2b, 0x4f};
    static const UCHAR both[] = {0x4a, 0x5d, 0x9d, 0x5b, 0xa4, 0xce, 0x2d, 0xe1, 0x72, 0x8e, 0x3b,
                                 0xf4, 0x80, 0x35, 0x0f, 0x25, 0xe0, 0x7e, 0x21, 0xc9, 0x47, 0xd1,
                                 0x9e, 0x33, 0x76, 0xf0, 0x9b, 0x3c, 0x1e, 0x16, 0x17, 0x42};
    BCRYPT_ECCKEY_BLOB heads[] = {{BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC, 32},
                                  {BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, 32}};
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_ECDH_ALGORITHM);
    BCRYPT_KEY_HANDLE own = NULL, peer = NULL;
    BCRYPT_SECRET_HANDLE s = NULL;
    bool reversed = true;
    ROW("TRUNCATE");
    head_turn(heads, sizeof heads);
    memcpy(priv, &heads[0], 8);
    memcpy(priv + 72, alice, 32);
    memcpy(pub, &heads[1], 8);
    memcpy(pub + 8, bob, 32);
    set_text(alg, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519);
    tap(import_from(alg, BCRYPT_ECCPRIVATE_BLOB, priv, sizeof priv, 0, &own) == STATUS_SUCCESS &&
            import_from(alg, BCRYPT_ECCPUBLIC_BLOB, pub, sizeof pub, 0, &peer) == STATUS_SUCCESS &&
            BCryptSecretAgreement(own, peer, &s, 0) == STATUS_SUCCESS &&
            derive(s, BCRYPT_KDF_RAW_SECRET, NULL, 64) == STATUS_SUCCESS && got == 32,
        "RFC 7748's keys");
    for (int i = 0; i < 32; i++)
        reversed = reversed && room[i] == both[31 - i];
    tap(reversed, "the secret is little-endian");
    tap(derive(s, BCRYPT_KDF_RAW_SECRET, NULL, 5) == STATUS_SUCCESS && got == 5 &&
            room[0] == 0x42 && room[4] == 0x3c && untouched_from(5),
        "fewer bytes are the first of the reversed string");
    BCryptDestroySecret(s);
    BCryptDestroyKey(own);
    BCryptDestroyKey(peer);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- what programs rely on ----------------------------------------------------------------------------------- */

static void client_handles(void)
{
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_ECDSA_P256_ALGORITHM);
    BCRYPT_KEY_HANDLE key = make_key(alg, 256),
                      half = public_half(alg, key, BCRYPT_PUBLIC_KEY_BLOB);
    UCHAR h[32] = {1}, s[64];
    ROW("client behaviour 4");
    tap(BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS &&
            BCryptSignHash(key, NULL, h, 32, s, 64, &got, 0) == STATUS_SUCCESS &&
            BCryptVerifySignature(half, NULL, h, 32, s, 64, 0) == STATUS_SUCCESS,
        "the algorithm is closed while its keys are in use");
    ROW("client behaviour 5");
    tap(BCryptCloseAlgorithmProvider(&alg, 0) == STATUS_INVALID_HANDLE &&
            BCryptDestroyKey(&key) == STATUS_INVALID_HANDLE &&
            BCryptDestroySecret(&key) == STATUS_INVALID_HANDLE,
        "the address of a handle variable is closed: an error, no crash");
    tap(BCryptDestroyKey(h) == STATUS_INVALID_HANDLE &&
            BCryptDestroyKey((VOID *)(ULONG_PTR)0xDEADBEE0) == STATUS_INVALID_HANDLE,
        "so is other memory, and none");
    ROW("client behaviour 12");
    tap(BCryptGetProperty(key, L"PropertyOfTheFuture", NULL, 0, &got, 0) == STATUS_NOT_SUPPORTED &&
            BCryptGetProperty(BCRYPT_RSA_ALG_HANDLE, L"AnotherOne", h, 32, &got, 0) ==
                STATUS_NOT_SUPPORTED,
        "unknown properties are an error");
    BCryptDestroyKey(half);
    BCryptDestroyKey(key);
    ROW("client behaviour 16");
    BCryptGenerateKeyPair(BCRYPT_ECDH_ALG_HANDLE, &key, 384, 0);
    tap(set_text(key, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_NISTP384) == STATUS_SUCCESS &&
            BCryptFinalizeKeyPair(key, 0) == STATUS_SUCCESS &&
            get_u32(BCRYPT_ECDH_P384_ALG_HANDLE, BCRYPT_PRIMITIVE_TYPE) ==
                BCRYPT_SECRET_AGREEMENT_INTERFACE,
        "pseudo-handles in BCryptGenerateKeyPair and BCryptGetProperty; the curve goes on the key");
    half = public_half(BCRYPT_ECDH_P384_ALG_HANDLE, key, BCRYPT_ECCPUBLIC_BLOB);
    tap(half != NULL, "and in BCryptImportKeyPair");
    BCryptDestroyKey(half);
    BCryptDestroyKey(key);
}

/* Programs make modular exponentiation from RSA: any odd modulus, any exponent. 3^e mod (2^607 - 1), where e is the
 * modulus less one, is 1 (Fermat). */
static void client_modexp(void)
{
    enum { N = 76 };
    BCRYPT_RSAKEY_BLOB head = {BCRYPT_RSAPUBLIC_MAGIC, 607, N, N, 0, 0};
    UCHAR blob[24 + 2 * N], base[N] = {0}, out[N], one[N] = {0};
    BCRYPT_KEY_HANDLE key = NULL;
    head_turn(&head, sizeof head);
    memcpy(blob, &head, sizeof head);
    memset(blob + 24, 0xFF, sizeof blob - 24);
    blob[24] = blob[24 + N] = 0x7F;
    blob[24 + N - 1] = 0xFE;
    base[N - 1] = 3;
    one[N - 1] = 1;
    ROW("client behaviour 8");
    tap_status(import_from(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, blob, sizeof blob,
                           BCRYPT_NO_KEY_VALIDATION, &key),
               STATUS_SUCCESS, "a prime as modulus, an even exponent of its length");
    tap(BCryptEncrypt(key, base, N, NULL, NULL, 0, out, N, &got, BCRYPT_PAD_NONE) ==
                STATUS_SUCCESS &&
            memcmp(out, one, N) == 0,
        "modular exponentiation");
    BCryptDestroyKey(key);
    tap_status(try_import(BCRYPT_RSA_ALG_HANDLE, BCRYPT_RSAPUBLIC_BLOB, blob, sizeof blob, 0),
               STATUS_SUCCESS, "with default validation too");
}

/* An SSH client: a group of its own, the private blob exported, the peer's numbers padded to a larger size. */
static void client_dh(void)
{
    BCRYPT_DH_PARAMETER_HEADER head = {12 + 2 * 96, BCRYPT_DH_PARAMETERS_MAGIC, 96};
    BCRYPT_DH_KEY_BLOB wide = {BCRYPT_DH_PUBLIC_MAGIC, 101};
    BCRYPT_KEY_HANDLE mine = NULL, theirs = make_key(BCRYPT_DH_ALG_HANDLE, 768), peer = NULL;
    UCHAR group[12 + 2 * 96], pub[8 + 3 * 96], padded[8 + 3 * 101] = {0}, first[96];
    BCRYPT_SECRET_HANDLE s = NULL;
    ROW("client behaviour 10");
    head_turn(&head, sizeof head);
    head_turn(&wide, sizeof wide);
    export_to(theirs, BCRYPT_DH_PUBLIC_BLOB, pub, sizeof pub);
    memcpy(group, &head, sizeof head);
    memcpy(group + 12, pub + 8, 2 * 96);
    tap(BCryptGenerateKeyPair(BCRYPT_DH_ALG_HANDLE, &mine, 768, 0) == STATUS_SUCCESS &&
            BCryptSetProperty(mine, BCRYPT_DH_PARAMETERS, group, sizeof group, 0) ==
                STATUS_SUCCESS &&
            BCryptFinalizeKeyPair(mine, 0) == STATUS_SUCCESS &&
            export_to(mine, BCRYPT_DH_PRIVATE_BLOB, room, sizeof room) == 8 + 4 * 96,
        "generate, set DHParameters, finalize, export");
    memcpy(padded, &wide, sizeof wide);
    for (int i = 0; i < 3; i++)
        memcpy(padded + 8 + i * 101 + 5, pub + 8 + i * 96, 96);
    tap_status(
        import_from(BCRYPT_DH_ALG_HANDLE, BCRYPT_DH_PUBLIC_BLOB, padded, sizeof padded, 0, &peer),
        STATUS_SUCCESS, "a peer's blob padded to a larger size");
    tap(BCryptSecretAgreement(mine, peer, &s, 0) == STATUS_SUCCESS &&
            derive(s, BCRYPT_KDF_RAW_SECRET, NULL, sizeof room) == STATUS_SUCCESS && got == 96,
        "agrees; the raw secret has the prime's length");
    memcpy(first, room, 96);
    BCryptDestroySecret(s);
    BCryptDestroyKey(peer);
    import_from(BCRYPT_DH_ALG_HANDLE, BCRYPT_DH_PUBLIC_BLOB, room,
                export_to(mine, BCRYPT_DH_PUBLIC_BLOB, room, sizeof room), 0, &peer);
    tap(BCryptSecretAgreement(theirs, peer, &s, 0) == STATUS_SUCCESS &&
            derive(s, BCRYPT_KDF_RAW_SECRET, NULL, sizeof room) == STATUS_SUCCESS &&
            memcmp(room, first, 96) == 0,
        "and both sides hold the same");
    BCryptDestroySecret(s);
    BCryptDestroyKey(peer);
    BCryptDestroyKey(mine);
    BCryptDestroyKey(theirs);
}

/* One program asks for the size before every call and trusts what it is told. */
static void client_sizes(void)
{
    BCRYPT_KEY_HANDLE key = make_key(BCRYPT_RSA_ALG_HANDLE, 512);
    BCRYPT_PKCS1_PADDING_INFO sha1 = {BCRYPT_SHA1_ALGORITHM};
    ULONG sign = 0, enc = 0, exported = 0, property = 0;
    ROW("client behaviour 6");
    tap(BCryptSignHash(key, &sha1, room, 20, NULL, 0, &sign, BCRYPT_PAD_PKCS1) >= 0 &&
            BCryptEncrypt(key, room, 20, NULL, NULL, 0, NULL, 0, &enc, BCRYPT_PAD_PKCS1) >= 0 &&
            BCryptExportKey(key, NULL, BCRYPT_RSAPUBLIC_BLOB, NULL, 0, &exported, 0) >= 0 &&
            BCryptGetProperty(key, BCRYPT_KEY_LENGTH, NULL, 0, &property, 0) >= 0 && sign == 64 &&
            enc == 64 && exported == 24 + 3 + 64 && property == 4,
        "the size is asked before every call");
    ROW("client behaviour 15");
    sign = enc = exported = property = 0;
    tap(BCryptSignHash(key, &sha1, room, 20, room, 63, &sign, BCRYPT_PAD_PKCS1) ==
                STATUS_BUFFER_TOO_SMALL &&
            BCryptEncrypt(key, room, 20, NULL, NULL, 0, room, 63, &enc, BCRYPT_PAD_PKCS1) ==
                STATUS_BUFFER_TOO_SMALL &&
            BCryptExportKey(key, NULL, BCRYPT_RSAPUBLIC_BLOB, room, 90, &exported, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            BCryptGetProperty(key, BCRYPT_KEY_LENGTH, room, 3, &property, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            sign == 64 && enc == 64 && exported == 91 && property == 4,
        "STATUS_BUFFER_TOO_SMALL comes with the required size");
    BCryptDestroyKey(key);
}

int main(void)
{
    observe_encrypt();
    observe_rsa_signatures();
    observe_other_signatures();
    observe_agreement();
    observe_byte_order();
    client_handles();
    client_modexp();
    client_dh();
    client_sizes();
    return tap_done();
}
