/*
 * What Windows was seen to do with hashes, symmetric keys and key derivation: one check for each observation, in the words of the
 * observation. Where this library differs on purpose (docs/differences.md), the check says so in its name.
 */
#include "conform_sym.h"

static UCHAR bytes[64];

/* A fresh AES key in this mode. */
static BCRYPT_KEY_HANDLE aes(LPCWSTR mode)
{
    return key_of(BCRYPT_AES_ALGORITHM, mode, bytes, 16);
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

static void observe_get_property(void)
{
    ROW("BCryptGetProperty");
    BCRYPT_ALG_HANDLE sha = open_alg(BCRYPT_SHA1_ALGORITHM);
    BCRYPT_ALG_HANDLE hmac = open_with(BCRYPT_SHA1_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    BCRYPT_HASH_HANDLE h = NULL, keyed = NULL;
    BCryptCreateHash(sha, &h, NULL, 0, NULL, 0, 0);
    BCryptCreateHash(hmac, &keyed, NULL, 0, bytes, 20, 0);
    BCRYPT_HANDLE named[] = {sha, hmac, h, keyed};
    for (size_t i = 0; i < COUNT(named); i++)
        tap(BCryptGetProperty(named[i], BCRYPT_ALGORITHM_NAME, room, sizeof room, &got, 0) ==
                    STATUS_SUCCESS &&
                got == 5 * sizeof(WCHAR) &&
                text_equal((LPCWSTR)(VOID *)room, BCRYPT_SHA1_ALGORITHM),
            "AlgorithmName works on algorithm and hash handles; an HMAC handle reports the plain "
            "hash name");
    for (size_t i = 0; i < COUNT(named); i++)
        tap(get_u32(named[i], BCRYPT_HASH_LENGTH) == 20,
            "HashDigestLength works on algorithm and hash handles");
    const struct {
        const char *label;
        BCRYPT_HANDLE handle;
    } sized[] = {
        {"ObjectLength: hash", sha},
        {"ObjectLength: HMAC", hmac},
        {"ObjectLength: block cipher", BCRYPT_AES_CBC_ALG_HANDLE},
        {"ObjectLength: RC4", BCRYPT_RC4_ALG_HANDLE},
        {"ObjectLength: PBKDF2", BCRYPT_PBKDF2_ALG_HANDLE},
    };
    for (size_t i = 0; i < COUNT(sized); i++) {
        ULONG n = get_u32(sized[i].handle, BCRYPT_OBJECT_LENGTH);
        tap(n != 0 && n != 0xBAD, sized[i].label);
    }
    UCHAR text[32 * sizeof(WCHAR)];
    BCRYPT_KEY_HANDLE key = aes(BCRYPT_CHAIN_MODE_ECB);
    BCRYPT_HANDLE modal[] = {key, BCRYPT_AES_ECB_ALG_HANDLE};
    for (size_t i = 0; i < COUNT(modal); i++) {
        got = 0;
        tap(BCryptGetProperty(modal[i], BCRYPT_CHAINING_MODE, text, sizeof text - 1, &got, 0) ==
                    STATUS_BUFFER_TOO_SMALL &&
                got == sizeof text &&
                BCryptGetProperty(modal[i], BCRYPT_CHAINING_MODE, text, sizeof text, &got, 0) ==
                    STATUS_SUCCESS &&
                got == sizeof text && text_equal((LPCWSTR)(VOID *)text, BCRYPT_CHAIN_MODE_ECB),
            "ChainingMode: always 32 characters, the mode's name at the start");
    }
    BCryptDestroyKey(key);
    BCRYPT_OID_LIST *list = (BCRYPT_OID_LIST *)(VOID *)room;
    tap(BCryptGetProperty(BCRYPT_SHA256_ALG_HANDLE, BCRYPT_HASH_OID_LIST, room, sizeof room, &got,
                          0) == STATUS_SUCCESS &&
            list->dwOIDCount == 2,
        "HashOIDList: two entries");
    tap(list->pOIDs[0].cbOID >= 2 &&
            memcmp(list->pOIDs[0].pbOID + list->pOIDs[0].cbOID - 2, "\x05\x00", 2) == 0 &&
            list->pOIDs[1].cbOID + 2 == list->pOIDs[0].cbOID &&
            memcmp(list->pOIDs[0].pbOID, list->pOIDs[1].pbOID, list->pOIDs[1].cbOID) == 0,
        "the first OID with NULL parameters (05 00), the second OID only");
    BCryptDestroyHash(h);
    BCryptDestroyHash(keyed);
    BCryptCloseAlgorithmProvider(sha, 0);
    BCryptCloseAlgorithmProvider(hmac, 0);
}

static void observe_set_property(void)
{
    ROW("BCryptSetProperty");
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM), des3 = open_alg(BCRYPT_3DES_ALGORITHM),
                      rc4 = open_alg(BCRYPT_RC4_ALGORITHM);
    tap_status(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)BCRYPT_CHAIN_MODE_GCM, 0, 0),
               STATUS_SUCCESS, "ChainingMode with cbInput 0 is accepted");
    tap_status(set_text(des3, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_GCM), STATUS_NOT_SUPPORTED,
               "ChainingMode GCM on 3DES");
    tap_status(set_text(rc4, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_NA), STATUS_SUCCESS,
               "ChainingModeN/A on RC4");
    tap_status(set_u32(alg, BCRYPT_KEY_LENGTH, 128), STATUS_NOT_SUPPORTED,
               "KeyLength on an AES algorithm handle");
    BCRYPT_KEY_HANDLE key = aes(BCRYPT_CHAIN_MODE_CBC);
    tap_status(set_text(key, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_GCM), STATUS_SUCCESS,
               "ChainingMode on a key");
    BCryptDestroyKey(key);
    BCRYPT_HASH_HANDLE h = NULL;
    UCHAR mac[16];
    BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &h, NULL, 0, bytes, 16, 0);
    tap_status(BCryptSetProperty(h, BCRYPT_INITIALIZATION_VECTOR, bytes, 12, 0), STATUS_SUCCESS,
               "IV on a GMAC hash handle: 12 bytes, right after create");
    tap(BCryptHashData(h, bytes, 20, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, mac, 16, 0) == STATUS_SUCCESS,
        "AAD through BCryptHashData, 16-byte result");
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    UCHAR tag[16];
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = bytes;
    info.cbNonce = 12;
    info.pbAuthData = bytes;
    info.cbAuthData = 20;
    info.pbTag = tag;
    info.cbTag = 16;
    key = aes(BCRYPT_CHAIN_MODE_GCM);
    tap(crypt_once(ENCRYPT, key, NULL, 0, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            memcmp(mac, tag, 16) == 0,
        "equals the GCM tag for empty plaintext");
    BCryptDestroyKey(key);
    BCryptDestroyHash(h);
    BCryptCloseAlgorithmProvider(alg, 0);
    BCryptCloseAlgorithmProvider(des3, 0);
    BCryptCloseAlgorithmProvider(rc4, 0);
}

/* ---- hashes ----------------------------------------------------------------------------------------------------- */

static void observe_hashes(void)
{
    ROW("hashes");
    UCHAR out[64], first[64], large[4096];
    BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
    BCRYPT_ALG_HANDLE sha = open_alg(BCRYPT_SHA1_ALGORITHM);
    tap(BCryptCreateHash(sha, &h, large, sizeof large, NULL, 0, 0) == STATUS_SUCCESS,
        "hash object buffer larger than ObjectLength -> accepted");
    tap_status(BCryptHashData(h, NULL, 0, 0), STATUS_SUCCESS, "BCryptHashData(NULL, 0)");
    tap(BCryptHashData(h, bytes, 10, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, out, 21, 0) == STATUS_INVALID_PARAMETER,
        "BCryptFinishHash with a wrong size (21 for SHA1) -> STATUS_INVALID_PARAMETER");
    tap_status(BCryptFinishHash(h, out, 20, 0), STATUS_SUCCESS, "a correct finish then succeeds");
    tap_status(BCryptHashData(h, bytes, 10, 0), STATUS_INVALID_HANDLE,
               "after the result was taken from a non-reusable hash: BCryptHashData");
    tap_status(BCryptDestroyHash(h), STATUS_SUCCESS, "destroy");
    tap_status(BCryptDestroyHash(h), STATUS_INVALID_PARAMETER, "BCryptDestroyHash: destroyed");
    tap_status(BCryptDestroyHash(NULL), STATUS_INVALID_PARAMETER, "BCryptDestroyHash: NULL");
    BCRYPT_ALG_HANDLE hmac = open_with(BCRYPT_SHA1_ALGORITHM, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    BCryptCreateHash(hmac, &h, NULL, 0, bytes, 20, BCRYPT_HASH_REUSABLE_FLAG);
    bool good = true;
    for (int i = 0; i < 3; i++) {
        good = good && BCryptHashData(h, bytes, 10, 0) == STATUS_SUCCESS &&
               BCryptFinishHash(h, i == 0 ? first : out, 20, 0) == STATUS_SUCCESS;
        good = good && (i == 0 || memcmp(first, out, 20) == 0);
    }
    tap(good, "reusable flag at create: after finish the hash starts anew, an HMAC keeps its key");
    BCryptDestroyHash(h);
    BCryptCloseAlgorithmProvider(hmac, 0);
    BCryptCloseAlgorithmProvider(sha, 0);

    static const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg;
        bool keyed, xof;
    } pseudo[] = {
        {"HMAC", BCRYPT_HMAC_SHA256_ALG_HANDLE, true, false},
        {"KMAC", BCRYPT_KMAC128_ALG_HANDLE, true, true},
        {"cSHAKE", BCRYPT_CSHAKE128_ALG_HANDLE, false, true},
    };
    for (size_t i = 0; i < COUNT(pseudo); i++) {
        char what[96];
        h = NULL;
        good = BCryptCreateHash(pseudo[i].alg, &h, NULL, 0, pseudo[i].keyed ? bytes : NULL,
                                pseudo[i].keyed ? 20 : 0, 0) == STATUS_SUCCESS;
        if (pseudo[i].xof)
            good = good &&
                   BCryptSetProperty(h, BCRYPT_CUSTOMIZATION_STRING, bytes, 9, 0) == STATUS_SUCCESS;
        good = good && BCryptHashData(h, bytes, 10, 0) == STATUS_SUCCESS &&
               BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
               BCryptFinishHash(h, first, 32, 0) == STATUS_SUCCESS &&
               BCryptFinishHash(copy, out, 32, 0) == STATUS_SUCCESS && memcmp(first, out, 32) == 0;
        BCryptDestroyHash(copy);
        if (pseudo[i].xof)
            good = good && BCryptHashData(h, bytes, 3, 0) == STATUS_SUCCESS &&
                   BCryptFinishHash(h, out, 0, 0) == STATUS_SUCCESS &&
                   BCryptHashData(h, bytes, 3, 0) == STATUS_SUCCESS &&
                   BCryptFinishHash(h, out, 1, 0) == STATUS_SUCCESS;
        good = good && BCryptHashData(h, bytes, 10, 0) == STATUS_SUCCESS &&
               BCryptFinishHash(h, out, 32, 0) == STATUS_SUCCESS && memcmp(first, out, 32) == 0;
        snprintf(what, sizeof what, "%s from a pseudo-handle is reusable%s", pseudo[i].label,
                 pseudo[i].xof ? ", a finish with cbOutput 0 or 1 only resets" : "");
        tap(good, what);
        BCryptDestroyHash(h);
    }
    tap_status(BCryptHash(BCRYPT_SHA1_ALG_HANDLE, NULL, 0, NULL, 0, out, 20), STATUS_SUCCESS,
               "BCryptHash: NULL input with 0");
    tap_status(BCryptHash(BCRYPT_SHA1_ALG_HANDLE, NULL, 0, bytes, 10, NULL, 20),
               STATUS_INVALID_PARAMETER, "BCryptHash: NULL output");
    tap_status(BCryptHash(BCRYPT_SHA1_ALG_HANDLE, NULL, 0, bytes, 10, out, 21),
               STATUS_INVALID_PARAMETER, "BCryptHash: wrong output size");
}

/* ---- making, copying, exporting keys ---------------------------------------------------------------------------- */

static void observe_keys(void)
{
    ROW("BCryptGenerateSymmetricKey");
    BCRYPT_KEY_HANDLE key = UNTOUCHED, copy = UNTOUCHED;
    UCHAR one[32], two[32], blob[64], iv[16];
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM);
    tap(BCryptGenerateSymmetricKey(NULL, &key, NULL, 0, bytes, 16, 0) == STATUS_INVALID_HANDLE &&
            key == UNTOUCHED,
        "NULL algorithm -> STATUS_INVALID_HANDLE, *phKey untouched");
    tap(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, bytes, 1, 0) == STATUS_INVALID_PARAMETER &&
            BCryptGenerateSymmetricKey(alg, &key, NULL, 0, bytes, 17, 0) ==
                STATUS_INVALID_PARAMETER &&
            key == UNTOUCHED,
        "AES 1 or 17 bytes -> STATUS_INVALID_PARAMETER, *phKey untouched");
    tap(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, bytes, 33, 0) == STATUS_SUCCESS &&
            get_u32(key, BCRYPT_KEY_LENGTH) == 256,
        "33 bytes: success, first 32 bytes");
    BCryptDestroyKey(key);
    UCHAR object[1024];
    tap(BCryptGenerateSymmetricKey(BCRYPT_AES_CBC_ALG_HANDLE, &key, object,
                                   get_u32(BCRYPT_AES_CBC_ALG_HANDLE, BCRYPT_OBJECT_LENGTH), bytes,
                                   16, 0) == STATUS_SUCCESS &&
            BCryptDestroyKey(key) == STATUS_SUCCESS,
        "CBC pseudo-handle works, also with a caller's key object of ObjectLength bytes");
    tap(BCryptGenerateSymmetricKey(BCRYPT_PBKDF2_ALG_HANDLE, &key, NULL, 0, NULL, 0, 0) ==
            STATUS_INVALID_PARAMETER,
        "KDF secret: NULL refused");
    tap(BCryptGenerateSymmetricKey(BCRYPT_PBKDF2_ALG_HANDLE, &key, NULL, 0, bytes, 0, 0) ==
                STATUS_SUCCESS &&
            BCryptDestroyKey(key) == STATUS_SUCCESS,
        "non-NULL with 0 bytes accepted");

    ROW("BCryptImportKey, BCryptExportKey");
    key = sym_key(alg, bytes, 16);
    got = 0;
    tap(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, blob, 0, &got, 0) ==
                STATUS_BUFFER_TOO_SMALL &&
            got == 28,
        "export with count 0 -> STATUS_BUFFER_TOO_SMALL and size");
    tap(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob, &got, 0) ==
                STATUS_SUCCESS &&
            BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &copy, NULL, 0, blob, got, 0) ==
                STATUS_SUCCESS &&
            crypt_all(ENCRYPT, key, bytes, 32, NULL, 0, one) &&
            crypt_all(ENCRYPT, copy, bytes, 32, NULL, 0, two) && memcmp(one, two, 32) == 0,
        "KeyDataBlob exported and imported again gives the same key");
    BCryptDestroyKey(copy);
    tap_fails(BCryptImportKey(alg, NULL, BCRYPT_ECCPUBLIC_BLOB, &copy, NULL, 0, blob, 28, 0),
              "an ECC blob through BCryptImportKey fails");

    ROW("BCryptDuplicateKey, BCryptDestroyKey");
    copy = UNTOUCHED;
    tap(BCryptDuplicateKey(NULL, &copy, NULL, 0, 0) == STATUS_INVALID_HANDLE && copy == UNTOUCHED,
        "duplicate of NULL -> STATUS_INVALID_HANDLE, output untouched");
    tap_status(BCryptDuplicateKey(key, NULL, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "NULL output pointer");
    memset(iv, 0, 16);
    tap(BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, key, bytes, 32, iv, 16, one),
        "duplicate of a block-cipher key");
    memset(iv, 0, 16);
    tap(crypt_all(ENCRYPT, copy, bytes, 32, iv, 16, two) && memcmp(one, two, 32) == 0,
        "gives identical results");
    tap(BCryptDestroyKey(copy) == STATUS_SUCCESS &&
            BCryptDestroyKey(copy) == STATUS_INVALID_HANDLE &&
            BCryptDestroyKey(NULL) == STATUS_INVALID_HANDLE,
        "BCryptDestroyKey: NULL, destroyed -> STATUS_INVALID_HANDLE");
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- BCryptEncrypt, BCryptDecrypt ------------------------------------------------------------------------------- */

static void observe_crypt(void)
{
    ROW("BCryptEncrypt, BCryptDecrypt");
    UCHAR iv[16] = {0}, out[64], again[64], whole[64];
    BCRYPT_KEY_HANDLE key = aes(BCRYPT_CHAIN_MODE_CBC);
    for (int way = ENCRYPT; way <= DECRYPT; way++)
        tap(crypt_once(way, key, NULL, 0, NULL, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS && got == 0,
            "input NULL, output NULL, length 0 (CBC): success, size 0, both directions");
    tap(crypt_once(ENCRYPT, key, bytes, 0, NULL, iv, 16, out, 64, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 16,
        "empty input with BLOCK_PADDING and a real buffer: one block");
    memset(iv, 0, 16);
    tap(crypt_once(ENCRYPT, key, bytes, 32, NULL, iv, 16, NULL, 0, 0) == STATUS_SUCCESS &&
            all_bytes(iv, 16, 0),
        "IV buffer: unchanged by a query");
    tap(crypt_all(ENCRYPT, key, bytes, 32, iv, 16, out) && memcmp(iv, out + 16, 16) == 0,
        "updated to the last ciphertext block by a real call");
    BCryptDestroyKey(key);

    static const LPCWSTR modes[] = {BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_CFB};
    for (size_t m = 0; m < COUNT(modes); m++) {
        for (int way = ENCRYPT; way <= DECRYPT; way++) {
            key = aes(modes[m]);
            memset(iv, 7, 16);
            bool good = crypt_all(way, key, bytes, 64, iv, 16, whole);
            memset(iv, 7, 16);
            good = good && crypt_all(way, key, bytes, 32, iv, 16, out) &&
                   crypt_once(way, key, bytes + 32, 32, NULL, NULL, 0, out + 32, 32, 0) ==
                       STATUS_SUCCESS;
            tap(good && memcmp(out, whole, 64) == 0,
                "explicit IV also becomes the key's chaining value: NULL IV continues");
            BCryptDestroyKey(key);
        }
    }

    static const LPCWSTR blocks[] = {BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_ECB};
    for (size_t m = 0; m < COUNT(blocks); m++) {
        key = aes(blocks[m]);
        tap(crypt_once(ENCRYPT, key, bytes, 17, NULL, NULL, 0, out, 64, 0) ==
                    STATUS_INVALID_BUFFER_SIZE &&
                got == 17 &&
                crypt_once(ENCRYPT, key, bytes, 17, NULL, NULL, 0, NULL, 0, 0) ==
                    STATUS_INVALID_BUFFER_SIZE &&
                got == 17,
            "no padding and a partial block -> STATUS_INVALID_BUFFER_SIZE with *pcbResult = "
            "cbInput, also in a size query");
        tap(crypt_once(DECRYPT, key, bytes, 17, NULL, NULL, 0, out, 64, BCRYPT_BLOCK_PADDING) ==
                    STATUS_INVALID_BUFFER_SIZE &&
                got == 17,
            "decrypting a partial block with BLOCK_PADDING the same");
        BCryptDestroyKey(key);
    }

    key = aes(BCRYPT_CHAIN_MODE_CBC);
    memset(iv, 0, 16);
    tap(crypt_once(ENCRYPT, key, bytes, 17, NULL, iv, 16, out, 31, BCRYPT_BLOCK_PADDING) ==
                STATUS_BUFFER_TOO_SMALL &&
            got == 32 && all_bytes(iv, 16, 0) &&
            crypt_once(ENCRYPT, key, bytes, 32, NULL, iv, 16, out, 32, BCRYPT_BLOCK_PADDING) ==
                STATUS_BUFFER_TOO_SMALL &&
            got == 48 && all_bytes(iv, 16, 0),
        "BLOCK_PADDING encrypt: short output -> STATUS_BUFFER_TOO_SMALL with 32/48, IV untouched");
    tap(crypt_once(ENCRYPT, key, bytes, 32, NULL, iv, 16, out, 48, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 48,
        "BLOCK_PADDING encrypt: 32 -> 48");
    memset(iv, 0, 16);
    tap(crypt_once(ENCRYPT, key, bytes, 17, NULL, iv, 16, out, 32, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 32,
        "17 -> 32");
    memset(iv, 0, 16);
    tap(crypt_once(DECRYPT, key, out, 32, NULL, iv, 16, NULL, 0, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 32,
        "BLOCK_PADDING decrypt, query -> cbInput");
    tap(crypt_once(DECRYPT, key, out, 32, NULL, iv, 16, again, 15, BCRYPT_BLOCK_PADDING) ==
                STATUS_BUFFER_TOO_SMALL &&
            got == 32,
        "BLOCK_PADDING decrypt: cbOutput < cbInput - block -> STATUS_BUFFER_TOO_SMALL with "
        "cbInput");
    memset(iv, 0, 16);
    tap(crypt_once(DECRYPT, key, out, 32, NULL, iv, 16, again, 16, BCRYPT_BLOCK_PADDING) ==
                STATUS_BUFFER_TOO_SMALL &&
            got == 17,
        "cbOutput below the plaintext length -> STATUS_BUFFER_TOO_SMALL with the true length "
        "(16 given for 17 -> 17)");
    memset(iv, 0, 16);
    tap(crypt_once(DECRYPT, key, out, 32, NULL, iv, 16, again, 17, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 17 && memcmp(again, bytes, 17) == 0,
        "the buffer may be exactly the plaintext size");
    BCryptDestroyKey(key);

    key = aes(BCRYPT_CHAIN_MODE_ECB);
    tap(crypt_once(ENCRYPT, key, bytes, 16, NULL, iv, 16, out, 16, 0) == STATUS_INVALID_PARAMETER &&
            got == 16,
        "ECB: non-NULL IV -> STATUS_INVALID_PARAMETER (size set)");
    tap_status(crypt_once(ENCRYPT, key, bytes, 16, NULL, NULL, 16, out, 16, 0), STATUS_SUCCESS,
               "ECB: NULL IV with cbIV 16");
    BCryptDestroyKey(key);

    key = aes(BCRYPT_CHAIN_MODE_CFB);
    tap(crypt_once(ENCRYPT, key, bytes, 17, NULL, iv, 16, out, 17, 0) == STATUS_SUCCESS &&
            got == 17,
        "CFB (8-bit): any length without padding");
    tap(crypt_once(ENCRYPT, key, bytes, 17, NULL, iv, 16, out, 64, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 32 &&
            crypt_once(ENCRYPT, key, bytes, 32, NULL, iv, 16, out, 64, BCRYPT_BLOCK_PADDING) ==
                STATUS_SUCCESS &&
            got == 48,
        "with BLOCK_PADDING padded to 16 (17 -> 32, 32 -> 48)");
    BCryptDestroyKey(key);
}

static void observe_gcm(void)
{
    ROW("BCryptEncrypt, BCryptDecrypt in GCM");
    UCHAR iv[16], iv_before[16], out[64], tag[16];
    BCRYPT_KEY_HANDLE key = aes(BCRYPT_CHAIN_MODE_GCM);
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = bytes;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    fill(iv, 16);
    memcpy(iv_before, iv, 16);
    memset(tag, 0xCC, 16);
    tap(crypt_once(ENCRYPT, key, bytes, 32, &info, iv, 16, out, 32, 0) == STATUS_SUCCESS &&
            memcmp(iv, iv_before, 16) == 0,
        "one call: pbIV ignored, and left unchanged");
    memset(tag, 0xCC, 16);
    tap(crypt_once(ENCRYPT, key, bytes, 0, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 0 && all_bytes(tag, 16, 0xCC),
        "non-NULL input with length 0 and NULL output is a size query (0, tag untouched)");
    tap(crypt_once(ENCRYPT, key, NULL, 0, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            !all_bytes(tag, 16, 0xCC),
        "NULL input and NULL output is a real operation and writes the tag");
    tap_status(crypt_once(ENCRYPT, key, bytes, 32, &info, NULL, 0, out, 32, BCRYPT_BLOCK_PADDING),
               STATUS_BUFFER_TOO_SMALL, "GCM with BLOCK_PADDING: 32 bytes output for 32");
    tap_status(crypt_once(ENCRYPT, key, bytes, 32, &info, NULL, 0, out, 48, BCRYPT_BLOCK_PADDING),
               STATUS_INVALID_PARAMETER, "GCM with BLOCK_PADDING: 48");
    memset(tag, 0xCC, 16);
    tap(crypt_once(DECRYPT, key, bytes, 32, &info, NULL, 0, out, 32, 0) ==
                STATUS_AUTH_TAG_MISMATCH &&
            got == 32,
        "GCM wrong tag -> STATUS_AUTH_TAG_MISMATCH with size = input length");
    info.pbAuthData = out;
    info.cbAuthData = 0;
    tap_status(crypt_once(ENCRYPT, key, bytes, 32, &info, NULL, 0, out, 32, 0), STATUS_SUCCESS,
               "auth-info pointers of length 0: non-NULL");
    BCryptDestroyKey(key);
    key = aes(BCRYPT_CHAIN_MODE_CCM);
    tap(crypt_once(ENCRYPT, key, bytes, 32, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 32,
        "CCM size query works");
    BCryptDestroyKey(key);
}

/* ---- derivation ------------------------------------------------------------------------------------------------- */

static void observe_derivation(void)
{
    ROW("BCryptDeriveKeyPBKDF2, BCryptKeyDerivation, BCryptDeriveKeyCapi");
    UCHAR out[64], digest[20];
    tap_status(
        BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA1_ALG_HANDLE, bytes, 8, bytes, 8, 0, out, 20, 0),
        STATUS_INVALID_PARAMETER, "PBKDF2: iterations 0");
    tap_status(BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA1_ALG_HANDLE, bytes, 8, NULL, 0, 1, out, 20, 0),
               STATUS_SUCCESS, "NULL salt with 0 works; HMAC pseudo-handle works");
    tap(BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA1_ALG_HANDLE, (PUCHAR) "password", 8, (PUCHAR) "salt",
                              4, 4096, out, 20, 0) == STATUS_SUCCESS &&
            is_hex(out, 20, "4b007901b765489abead49d926f721d065a429c1"),
        "RFC 6070 vectors hold");
    BCRYPT_HASH_HANDLE h = NULL;
    BCRYPT_ALG_HANDLE sha = open_alg(BCRYPT_SHA1_ALGORITHM);
    BCryptCreateHash(sha, &h, NULL, 0, NULL, 0, 0);
    tap_status(BCryptDeriveKeyCapi(NULL, NULL, out, 20, 0), STATUS_INVALID_PARAMETER,
               "BCryptDeriveKeyCapi: NULL hash");
    tap_status(BCryptDeriveKeyCapi(h, NULL, NULL, 0, 0), STATUS_INVALID_PARAMETER,
               "NULL output or 0");
    tap_status(BCryptDeriveKeyCapi(h, NULL, out, 41, 0), STATUS_INVALID_PARAMETER,
               "41 bytes for SHA1");
    tap(BCryptDeriveKeyCapi(h, NULL, out, 20, 0) == STATUS_SUCCESS &&
            BCryptHash(sha, NULL, 0, NULL, 0, digest, 20) == STATUS_SUCCESS &&
            memcmp(out, digest, 20) == 0,
        "20 works; a hash without data is fine");
    tap_status(BCryptHashData(h, bytes, 4, 0), STATUS_INVALID_HANDLE, "the hash is consumed");
    tap_status(BCryptDeriveKeyCapi(h, NULL, out, 20, 0), STATUS_INVALID_HANDLE,
               "second finish after finish");
    BCryptDestroyHash(h);
    BCryptCreateHash(sha, &h, NULL, 0, NULL, 0, 0);
    UCHAR inner[64], outer[64], want[40];
    memset(inner, 0x36, 64);
    memset(outer, 0x5C, 64);
    for (int i = 0; i < 20; i++) {
        inner[i] ^= digest[i];
        outer[i] ^= digest[i];
    }
    tap(BCryptHash(sha, NULL, 0, inner, 64, want, 20) == STATUS_SUCCESS &&
            BCryptHash(sha, NULL, 0, outer, 64, want + 20, 20) == STATUS_SUCCESS &&
            BCryptDeriveKeyCapi(h, NULL, out, 40, 0) == STATUS_SUCCESS &&
            memcmp(out, want, 40) == 0,
        "40 uses the ipad/opad expansion");
    BCryptDestroyHash(h);
    BCryptCloseAlgorithmProvider(sha, 0);

    BCRYPT_KEY_HANDLE key = sym_key(BCRYPT_PBKDF2_ALG_HANDLE, bytes, 16);
    static WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer buffers[] = {{sizeof sha256, KDF_HASH_ALGORITHM, sha256}, {0, KDF_SALT, NULL}};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, buffers};
    tap(BCryptKeyDerivation(key, &list, NULL, 20, &got, 0) == STATUS_INVALID_PARAMETER &&
            BCryptKeyDerivation(key, &list, out, 0, &got, 0) == STATUS_INVALID_PARAMETER,
        "BCryptKeyDerivation: NULL output or cbOutput 0 -> STATUS_INVALID_PARAMETER");
    tap(BCryptKeyDerivation(key, &list, out, 1, &got, 0) == STATUS_SUCCESS && got == 1,
        "1 byte works; PBKDF2 salt may be left out");
    list.cBuffers = 2;
    tap_status(BCryptKeyDerivation(key, &list, out, 20, &got, 0), STATUS_SUCCESS, "or NULL/0");
    BCryptDestroyKey(key);

    key = sym_key(BCRYPT_SP800108_CTR_HMAC_ALG_HANDLE, bytes, 16);
    BCryptBuffer fields[] = {
        {sizeof sha256, KDF_HASH_ALGORITHM, sha256}, {0, KDF_LABEL, NULL}, {0, KDF_CONTEXT, NULL}};
    BCryptBufferDesc field_list = {BCRYPTBUFFER_VERSION, 3, fields};
    tap_status(BCryptKeyDerivation(key, &field_list, out, 20, &got, 0), STATUS_SUCCESS,
               "SP800-108: label and context may be NULL/0");
    static WCHAR cmac[] = BCRYPT_AES_CMAC_ALGORITHM;
    fields[0] = (BCryptBuffer){sizeof cmac, KDF_HASH_ALGORITHM, cmac};
    tap_status(BCryptKeyDerivation(key, &field_list, out, 20, &got, 0), STATUS_SUCCESS,
               "AES-CMAC as PRF works");
    BCryptDestroyKey(key);
}

int main(void)
{
    fill(bytes, sizeof bytes);
    observe_get_property();
    observe_set_property();
    observe_hashes();
    observe_keys();
    observe_crypt();
    observe_gcm();
    observe_derivation();
    return tap_done();
}
