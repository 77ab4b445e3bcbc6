/* What starve.c does with something refused: one life of each kind of cipher, hash and derivation, in calls of bcrypt.h. */
#ifndef STARVE_USES_H
#define STARVE_USES_H

#include "conform_sym.h"

/* ---- the calls -------------------------------------------------------------------------------------------------- */

static UCHAR secret[64], data[256];
static UCHAR result[256];
static ULONG result_n;

/* After a failure the variable must be as it was. */
static NTSTATUS checked(NTSTATUS status, VOID *const *variable)
{
    must((*variable == UNTOUCHED) == (status < 0), "a handle variable");
    return status;
}

struct subject {
    const char *label;
    LPCWSTR alg, mode;
    ULONG flags, key;
    ULONG iv; /* bytes; 12: a nonce */
};

/* Handles of one run; what there is of them is closed at its end. */
static struct {
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key, copy;
    BCRYPT_HASH_HANDLE hash, twin;
} run;

static NTSTATUS open_it(const struct subject *s)
{
    BCRYPT_ALG_HANDLE alg = UNTOUCHED;
    STEP(checked(BCryptOpenAlgorithmProvider(&alg, s->alg, NULL, s->flags), &alg));
    run.alg = alg;
    return s->mode == NULL ? STATUS_SUCCESS : set_text(alg, BCRYPT_CHAINING_MODE, s->mode);
}

static NTSTATUS key_it(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    STEP(open_it(s));
    STEP(checked(BCryptGenerateSymmetricKey(run.alg, &made, NULL, 0, secret, s->key, 0), &made));
    run.key = made;
    return STATUS_SUCCESS;
}

static NTSTATUS crypt_it(const struct subject *s, enum way way, BCRYPT_KEY_HANDLE key,
                         const UCHAR *in, UCHAR *out, UCHAR tag[16])
{
    UCHAR iv[16] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = iv;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    bool aead = s->iv == 12;
    return crypt_once(way, key, in, 64, aead ? &info : NULL, aead || s->iv == 0 ? NULL : iv,
                      aead ? 0 : s->iv, out, 64, 0);
}

static NTSTATUS use_cipher(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    UCHAR tag[16], other_tag[16], blob[512], back[64];
    STEP(key_it(s));
    STEP(crypt_it(s, ENCRYPT, run.key, data, result, tag));
    result_n = 64;
    made = UNTOUCHED;
    STEP(checked(BCryptDuplicateKey(run.key, &made, NULL, 0, 0), &made));
    run.copy = made;
    if (s->alg[0] == 'R' && s->alg[2] == '4') /* RC4 goes on in its stream */
        return STATUS_SUCCESS;
    STEP(crypt_it(s, DECRYPT, run.copy, result, back, tag));
    must(memcmp(back, data, 64) == 0, "a decryption");
    STEP(crypt_it(s, ENCRYPT, run.copy, data, back, other_tag));
    must(memcmp(back, result, 64) == 0, "a second encryption");
    BCryptDestroyKey(run.copy);
    run.copy = NULL;
    STEP(BCryptExportKey(run.key, NULL, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob, &got, 0));
    made = UNTOUCHED;
    STEP(checked(
        BCryptImportKey(run.alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &made, NULL, 0, blob, got, 0),
        &made));
    run.copy = made;
    return STATUS_SUCCESS;
}

static NTSTATUS use_chain(const struct subject *s)
{
    UCHAR context[16], iv[16], nonce[12] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    STEP(key_it(s));
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 12;
    info.pbTag = result + 64;
    info.cbTag = 16;
    info.pbMacContext = context;
    info.cbMacContext = 16;
    info.pbAuthData = data;
    info.cbAuthData = 40;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    STEP(crypt_once(ENCRYPT, run.key, data, 48, &info, iv, 16, result, 48, 0));
    info.pbAuthData = NULL;
    info.cbAuthData = 0;
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    STEP(crypt_once(ENCRYPT, run.key, data + 48, 16, &info, iv, 16, result + 48, 16, 0));
    result_n = 80;
    return STATUS_SUCCESS;
}

static NTSTATUS use_hash(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    PUCHAR key = s->key > 0 ? secret : NULL;
    UCHAR other[64];
    ULONG n = 0;
    STEP(open_it(s));
    STEP(BCryptGetProperty(run.alg, BCRYPT_HASH_LENGTH, (PUCHAR)&n, sizeof n, &got, 0));
    STEP(checked(BCryptCreateHash(run.alg, &made, NULL, 0, key, s->key, BCRYPT_HASH_REUSABLE_FLAG),
                 &made));
    run.hash = made;
    if (s->iv == 12)
        STEP(BCryptSetProperty(run.hash, BCRYPT_INITIALIZATION_VECTOR, secret, 12, 0));
    STEP(BCryptHashData(run.hash, data, 150, 0));
    made = UNTOUCHED;
    STEP(checked(BCryptDuplicateHash(run.hash, &made, NULL, 0, 0), &made));
    run.twin = made;
    STEP(BCryptFinishHash(run.hash, result, n, 0));
    result_n = n;
    STEP(BCryptFinishHash(run.twin, other, n, 0));
    must(memcmp(result, other, n) == 0, "a copy's result");
    if (s->iv == 12)
        return STATUS_SUCCESS;
    STEP(BCryptHash(run.alg, key, s->key, data, 150, other, n));
    must(memcmp(result, other, n) == 0, "BCryptHash");
    STEP(BCryptHashData(run.hash, data, 150, 0));
    STEP(BCryptFinishHash(run.hash, other, n, 0));
    must(memcmp(result, other, n) == 0, "the second result of a reusable hash");
    return STATUS_SUCCESS;
}

static NTSTATUS use_kdf(const struct subject *s)
{
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer buffers[] = {
        {sizeof name, KDF_HASH_ALGORITHM, name},
        {8, KDF_LABEL, data},
        {8, KDF_CONTEXT, data},
    };
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, s->iv, buffers};
    STEP(key_it(s));
    STEP(BCryptKeyDerivation(run.key, &list, result, 80, &got, 0));
    result_n = 80;
    return BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA256_ALG_HANDLE, secret, 20, data, 8, 2, result + 80,
                                 40, 0);
}

static NTSTATUS use_wrap(const struct subject *s)
{
    UCHAR wrapped[64];
    VOID *made = UNTOUCHED;
    STEP(key_it(s));
    STEP(BCryptExportKey(run.key, run.key, BCRYPT_AES_WRAP_KEY_BLOB, wrapped, sizeof wrapped, &got,
                         0));
    made = UNTOUCHED;
    STEP(checked(BCryptImportKey(run.alg, run.key, BCRYPT_AES_WRAP_KEY_BLOB, &made, NULL, 0,
                                 wrapped, got, 0),
                 &made));
    run.copy = made;
    memcpy(result, wrapped, got);
    result_n = got;
    return STATUS_SUCCESS;
}

/* A text that ends within a block, and with a padding. */
static NTSTATUS use_padding(const struct subject *s)
{
    UCHAR iv[16] = {0}, again[16] = {0}, back[96];
    bool chains = s->iv > 0;
    STEP(key_it(s));
    STEP(crypt_once(ENCRYPT, run.key, data, 70, NULL, chains ? iv : NULL, s->iv, result, 96,
                    BCRYPT_BLOCK_PADDING));
    result_n = got;
    STEP(crypt_once(DECRYPT, run.key, result, got, NULL, chains ? again : NULL, s->iv, back, 96,
                    BCRYPT_BLOCK_PADDING));
    must(got == 70 && memcmp(back, data, 70) == 0, "a decryption");
    return STATUS_SUCCESS;
}

#define LONG_BYTES 3000

/* More than goes the short way, in one call; and in three, with more associated data than is kept. */
static NTSTATUS use_long(const struct subject *s)
{
    static UCHAR text[LONG_BYTES], sealed[LONG_BYTES], back[LONG_BYTES];
    UCHAR context[16], iv[16], nonce[12] = {0}, tag[16], chained[16];
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    STEP(key_it(s));
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    info.pbAuthData = data;
    info.cbAuthData = 200;
    STEP(crypt_once(ENCRYPT, run.key, text, LONG_BYTES, &info, NULL, 0, sealed, LONG_BYTES, 0));
    STEP(crypt_once(DECRYPT, run.key, sealed, LONG_BYTES, &info, NULL, 0, back, LONG_BYTES, 0));
    must(memcmp(back, text, LONG_BYTES) == 0, "a decryption");
    memcpy(result, tag, 16);
    result_n = 16;
    if (s->iv == 0)
        return STATUS_SUCCESS;
    info.pbTag = chained;
    info.pbMacContext = context;
    info.cbMacContext = 16;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    STEP(crypt_once(ENCRYPT, run.key, text, 2048, &info, iv, 16, back, 2048, 0));
    info.pbAuthData = NULL;
    info.cbAuthData = 0;
    STEP(crypt_once(ENCRYPT, run.key, text + 2048, 512, &info, iv, 16, back + 2048, 512, 0));
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    STEP(crypt_once(ENCRYPT, run.key, text + 2560, 440, &info, iv, 16, back + 2560, 440, 0));
    must(memcmp(back, sealed, LONG_BYTES) == 0 && memcmp(tag, chained, 16) == 0, "chained calls");
    return STATUS_SUCCESS;
}

/* Strings first, and output in pieces. */
static NTSTATUS use_xof(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    UCHAR other[100];
    STEP(open_it(s));
    STEP(checked(BCryptCreateHash(run.alg, &made, NULL, 0, s->key > 0 ? secret : NULL, s->key,
                                  BCRYPT_HASH_REUSABLE_FLAG),
                 &made));
    run.hash = made;
    STEP(BCryptSetProperty(run.hash, BCRYPT_CUSTOMIZATION_STRING, data, 20, 0));
    if (s->iv > 0)
        STEP(BCryptSetProperty(run.hash, BCRYPT_FUNCTION_NAME_STRING, data, 9, 0));
    STEP(BCryptHashData(run.hash, data, 250, 0));
    made = UNTOUCHED;
    STEP(checked(BCryptDuplicateHash(run.hash, &made, NULL, 0, 0), &made));
    run.twin = made;
    STEP(BCryptFinishHash(run.hash, result, 40, s->iv > 0 ? BCRYPT_HASH_DONT_RESET_FLAG : 0));
    result_n = 40;
    if (s->iv > 0) {
        STEP(BCryptFinishHash(run.hash, result + 40, 60, BCRYPT_HASH_DONT_RESET_FLAG));
        result_n = 100;
    }
    STEP(BCryptFinishHash(run.twin, other, result_n, 0));
    must(memcmp(result, other, result_n) == 0, "a copy's result");
    return STATUS_SUCCESS;
}

/* A TLS record's code and padding: one of eight bytes, none of them right. */
static NTSTATUS use_record(const struct subject *s)
{
    VOID *made = UNTOUCHED;
    STEP(open_it(s));
    STEP(checked(BCryptCreateHash(run.alg, &made, NULL, 0, secret, s->key, 0), &made));
    run.hash = made;
    STEP(BCryptHashData(run.hash, data, 13, 0));
    NTSTATUS status = BCryptHashData(run.hash, data, sizeof data, BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG);
    must(status < 0, "a wrong record");
    result_n = 0;
    return status == STATUS_INVALID_SIGNATURE ? STATUS_SUCCESS : status;
}

/* Six hashes of one call, and six of each other's lengths. */
static NTSTATUS use_multi(const struct subject *s)
{
    BCRYPT_MULTI_HASH_OPERATION ops[12];
    VOID *made = UNTOUCHED;
    STEP(open_it(s));
    STEP(checked(BCryptCreateMultiHash(run.alg, &made, 6, NULL, 0, s->key > 0 ? secret : NULL,
                                       s->key, BCRYPT_HASH_REUSABLE_FLAG),
                 &made));
    run.hash = made;
    for (ULONG i = 0; i < 6; i++) {
        ops[i] =
            (BCRYPT_MULTI_HASH_OPERATION){i, BCRYPT_HASH_OPERATION_HASH_DATA, data, 200 + 3 * i};
        ops[6 + i] = (BCRYPT_MULTI_HASH_OPERATION){i, BCRYPT_HASH_OPERATION_FINISH_HASH,
                                                   result + 32 * i, 32};
    }
    result_n = 192;
    return BCryptProcessMultiOperations(run.hash, BCRYPT_OPERATION_TYPE_HASH, ops, sizeof ops, 0);
}

static NTSTATUS use_random(const struct subject *s)
{
    static UCHAR many[20000];
    STEP(open_it(s));
    STEP(BCryptGenRandom(run.alg, many, 40, 0));
    STEP(BCryptGenRandom(run.alg, many, sizeof many, 0));
    must(!all_bytes(many + sizeof many - 40, 40, 0), "random numbers");
    result_n = 0;
    return STATUS_SUCCESS;
}

/* Every parameter that one of the algorithms takes; each gets those of its own. */
static NTSTATUS use_other_kdf(const struct subject *s)
{
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    const struct {
        LPCWSTR alg;
        ULONG types[4];
        ULONG n;
    } rows[] = {
        {BCRYPT_SP80056A_CONCAT_ALGORITHM,
         {KDF_HASH_ALGORITHM, KDF_ALGORITHMID, KDF_PARTYUINFO, KDF_PARTYVINFO},
         4},
        {BCRYPT_CAPI_KDF_ALGORITHM, {KDF_HASH_ALGORITHM}, 1},
        {BCRYPT_TLS1_1_KDF_ALGORITHM, {KDF_TLS_PRF_LABEL, KDF_TLS_PRF_SEED}, 2},
        {BCRYPT_TLS1_2_KDF_ALGORITHM, {KDF_HASH_ALGORITHM, KDF_TLS_PRF_LABEL, KDF_TLS_PRF_SEED}, 3},
        {BCRYPT_HKDF_ALGORITHM, {KDF_HKDF_INFO}, 1},
    };
    BCryptBuffer buffers[4];
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 0, buffers};
    for (size_t i = 0; i < COUNT(rows); i++) {
        list.cBuffers = text_equal(rows[i].alg, s->alg) ? rows[i].n : list.cBuffers;
        for (ULONG k = 0; text_equal(rows[i].alg, s->alg) && k < rows[i].n; k++) {
            bool hash = rows[i].types[k] == KDF_HASH_ALGORITHM;
            buffers[k] = (BCryptBuffer){hash ? sizeof name : 64, rows[i].types[k],
                                        hash ? (VOID *)name : data};
        }
    }
    STEP(key_it(s));
    if (text_equal(s->alg, BCRYPT_HKDF_ALGORITHM)) {
        STEP(set_text(run.key, BCRYPT_HKDF_HASH_ALGORITHM, BCRYPT_SHA512_ALGORITHM));
        STEP(BCryptSetProperty(run.key, BCRYPT_HKDF_SALT_AND_FINALIZE, data, 40, 0));
    }
    STEP(BCryptKeyDerivation(run.key, &list, result, 32, &got, 0));
    result_n = 32;
    return STATUS_SUCCESS;
}

static const struct use {
    NTSTATUS (*call)(const struct subject *s);
    struct subject s;
} uses[] = {
    {use_cipher, {"AES ECB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 16, 0}},
    {use_cipher, {"AES CBC", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 32, 16}},
    {use_cipher, {"AES CFB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 0, 16, 16}},
    {use_cipher, {"AES GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 0, 16, 12}},
    {use_cipher, {"AES CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 0, 16, 12}},
    {use_cipher, {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 0, 32, 12}},
    {use_cipher, {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, NULL, 0, 32, 8}},
    {use_cipher, {"3DES CBC", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 24, 8}},
    {use_cipher, {"DESX CFB", BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 0, 24, 8}},
    {use_cipher, {"RC2 CBC", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 16, 8}},
    {use_cipher, {"RC4", BCRYPT_RC4_ALGORITHM, NULL, 0, 16, 0}},
    {use_cipher,
     {"AES in locked memory", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, BCRYPT_PROV_DISPATCH, 16,
      16}},
    {use_chain,
     {"AES GCM in chained calls", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 0, 16, 0}},
    {use_wrap, {"AES key wrap", BCRYPT_AES_ALGORITHM, NULL, 0, 16, 0}},
    {use_hash, {"MD2", BCRYPT_MD2_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"MD4", BCRYPT_MD4_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA1", BCRYPT_SHA1_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA256", BCRYPT_SHA256_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA512", BCRYPT_SHA512_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, NULL, 0, 0, 0}},
    {use_hash, {"KMAC256", BCRYPT_KMAC256_ALGORITHM, NULL, 0, 20, 0}},
    {use_hash, {"HMAC-MD4", BCRYPT_MD4_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 0}},
    {use_hash, {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG, 20, 0}},
    {use_hash,
     {"HMAC-SHA512, a long key", BCRYPT_SHA512_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG, 64,
      0}},
    {use_hash, {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, NULL, 0, 16, 0}},
    {use_hash, {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, NULL, 0, 16, 12}},
    {use_kdf, {"PBKDF2", BCRYPT_PBKDF2_ALGORITHM, NULL, 0, 20, 1}},
    {use_kdf, {"SP800_108_CTR_HMAC", BCRYPT_SP800108_CTR_HMAC_ALGORITHM, NULL, 0, 20, 3}},
    {use_other_kdf, {"SP800_56A_CONCAT", BCRYPT_SP80056A_CONCAT_ALGORITHM, NULL, 0, 32, 0}},
    {use_other_kdf, {"CAPI_KDF", BCRYPT_CAPI_KDF_ALGORITHM, NULL, 0, 32, 0}},
    {use_other_kdf, {"TLS1_1_KDF", BCRYPT_TLS1_1_KDF_ALGORITHM, NULL, 0, 48, 0}},
    {use_other_kdf, {"TLS1_2_KDF", BCRYPT_TLS1_2_KDF_ALGORITHM, NULL, 0, 48, 0}},
    {use_other_kdf, {"HKDF", BCRYPT_HKDF_ALGORITHM, NULL, 0, 32, 0}},
    {use_padding, {"AES CBC, padded", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 32, 16}},
    {use_padding, {"RC2 ECB, padded", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 16, 0}},
    {use_long, {"AES GCM, long", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 0, 32, 16}},
    {use_long, {"AES CCM, long", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 0, 32, 0}},
    {use_long, {"CHACHA20_POLY1305, long", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 0, 32, 0}},
    {use_xof, {"CSHAKE128 with its strings", BCRYPT_CSHAKE128_ALGORITHM, NULL, 0, 0, 1}},
    {use_xof, {"KMAC128 with a string", BCRYPT_KMAC128_ALGORITHM, NULL, 0, 20, 0}},
    {use_record,
     {"a TLS record", BCRYPT_SHA1_ALGORITHM, NULL,
      BCRYPT_ALG_HANDLE_HMAC_FLAG | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG, 20, 0}},
    {use_multi, {"many of SHA256", BCRYPT_SHA256_ALGORITHM, NULL, BCRYPT_MULTI_FLAG, 0, 0}},
    {use_multi, {"many of SHA3-256", BCRYPT_SHA3_256_ALGORITHM, NULL, BCRYPT_MULTI_FLAG, 0, 0}},
    {use_random, {"RNG", BCRYPT_RNG_ALGORITHM, NULL, 0, 0, 0}},
    {use_random, {"FIPS186DSARNG", BCRYPT_RNG_FIPS186_DSA_ALGORITHM, NULL, 0, 0, 0}},
};

#endif
