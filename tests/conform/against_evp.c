/*
 * against_evp [ROUNDS]: the symmetric half against libcrypto called directly: random keys, lengths, offsets and pieces, for every mode that libcrypto's
 * EVP has. What it lacks or hides in a provider that may be missing (DESX, RC2, RC4, MD2, MD4) is built from what it has or measured by
 * published answers.
 */
#include "conform_sym.h"

#include <endian.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#define MOST 1500
static int rounds = 60; /* of each row */

static UCHAR plain[MOST], want[MOST + 64], have[MOST + 64], back[MOST + 64];

/* ---- ciphers ---------------------------------------------------------------------------------------------------- */

struct row {
    const char *label;
    LPCWSTR alg, mode;
    ULONG secret, block, iv, segment; /* segment: 0 as it comes */
    ULONG grain;
    const EVP_CIPHER *(*evp)(void);
    const EVP_CIPHER *(*evp_192)(void), *(*evp_256)(void);
};

#define AES_ROW(mode_label, id, iv, segment, grain, evp)                                           \
    {                                                                                              \
        "AES " mode_label, BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_##id, 0, 16, iv, segment,       \
            grain, EVP_aes_128_##evp, EVP_aes_192_##evp, EVP_aes_256_##evp                         \
    }
#define DES3_ROW(mode_label, id, iv, segment, grain, evp)                                          \
    {                                                                                              \
        "3DES " mode_label, BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_##id, 24, 8, iv, segment,     \
            grain, EVP_des_ede3_##evp, NULL, NULL                                                  \
    }

static const struct row rows[] = {
    AES_ROW("ECB", ECB, 0, 0, 16, ecb),  AES_ROW("CBC", CBC, 16, 0, 16, cbc),
    AES_ROW("CFB", CFB, 16, 0, 1, cfb8), AES_ROW("CFB in blocks", CFB, 16, 16, 16, cfb128),
    DES3_ROW("ECB", ECB, 0, 0, 8, ecb),  DES3_ROW("CBC", CBC, 8, 0, 8, cbc),
    DES3_ROW("CFB", CFB, 8, 0, 1, cfb8), DES3_ROW("CFB in blocks", CFB, 8, 8, 8, cfb64),
};

/* What libcrypto makes of n bytes; padding as asked. */
static ULONG evp_crypt(const EVP_CIPHER *cipher, bool encrypt, const UCHAR *secret, const UCHAR *iv,
                       const UCHAR *in, ULONG n, bool padding, UCHAR *out)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int first = 0, last = 0;
    bool good = ctx != NULL && EVP_CipherInit_ex(ctx, cipher, NULL, secret, iv, encrypt) == 1 &&
                EVP_CIPHER_CTX_set_padding(ctx, padding) == 1 &&
                EVP_CipherUpdate(ctx, out, &first, in, (int)n) == 1 &&
                EVP_CipherFinal_ex(ctx, out + first, &last) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return good ? (ULONG)(first + last) : 0xBAD;
}

/* Through the API, in random pieces at random offsets in memory. */
static bool in_pieces(enum way way, const struct row *r, const UCHAR *secret, ULONG secret_n,
                      const UCHAR *iv, const UCHAR *in, ULONG n, UCHAR *out)
{
    UCHAR from[MOST + 16], to[MOST + 16], carried[16];
    ULONG shift_in = below(16), shift_out = below(16);
    BCRYPT_KEY_HANDLE key = key_of(r->alg, r->mode, secret, secret_n);
    bool good = key != NULL && (r->segment == 0 || set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH,
                                                           r->segment) == STATUS_SUCCESS);
    memcpy(from + shift_in, in, n);
    memcpy(carried, iv, 16);
    for (ULONG done = 0; done < n && good;) {
        ULONG piece = (1 + below((n - done) / r->grain)) * r->grain;
        bool by_key = r->iv == 0 || (done > 0 && below(2) == 0);
        if (!by_key && done > 0) {
            ULONG size = 0;
            good = BCryptGetProperty(key, BCRYPT_INITIALIZATION_VECTOR, carried, 16, &size, 0) ==
                   STATUS_SUCCESS;
        }
        good = good && crypt_all(way, key, from + shift_in + done, piece, by_key ? NULL : carried,
                                 by_key ? 0 : r->iv, to + shift_out + done);
        done += piece;
    }
    memcpy(out, to + shift_out, n);
    BCryptDestroyKey(key);
    return good;
}

static void check_row(const struct row *r, ULONG secret_n, const EVP_CIPHER *cipher)
{
    bool pieces = true, decrypted = true, padded = true;
    row_begin("%s with %u bytes (%d-bit WCHAR)", r->label, (unsigned)secret_n,
              (int)sizeof(WCHAR) * 8);
    for (int round = 0; round < rounds; round++) {
        UCHAR secret[32], iv[16], used[16];
        ULONG n = (1 + below(MOST / r->grain - 1)) * r->grain;
        fill(secret, sizeof secret);
        fill(iv, sizeof iv);
        fill(plain, n);
        pieces = pieces && evp_crypt(cipher, true, secret, iv, plain, n, false, want) == n &&
                 in_pieces(ENCRYPT, r, secret, secret_n, iv, plain, n, have) &&
                 memcmp(have, want, n) == 0;
        decrypted = decrypted && in_pieces(DECRYPT, r, secret, secret_n, iv, want, n, back) &&
                    memcmp(back, plain, n) == 0;
        if (r->grain == 1 || r->segment != 0)
            continue;
        n = below(MOST);
        ULONG size = evp_crypt(cipher, true, secret, iv, plain, n, true, want);
        BCRYPT_KEY_HANDLE key = key_of(r->alg, r->mode, secret, secret_n);
        memcpy(used, iv, 16);
        padded = padded &&
                 crypt_once(ENCRYPT, key, plain, n, NULL, r->iv > 0 ? used : NULL, r->iv, have,
                            sizeof have, BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                 got == size && memcmp(have, want, size) == 0;
        memcpy(used, iv, 16);
        padded = padded &&
                 crypt_once(DECRYPT, key, want, size, NULL, r->iv > 0 ? used : NULL, r->iv, back,
                            sizeof back, BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                 got == n && memcmp(back, plain, n) == 0;
        BCryptDestroyKey(key);
    }
    tap(pieces, "encrypts as libcrypto does");
    tap(decrypted, "and decrypts it");
    tap(padded, "with PKCS #7's padding, too");
}

/* DES is 3DES with one key; DESX whitens around it. */
static void check_des(void)
{
    bool des = true, desx = true, two = true;
    for (int round = 0; round < rounds; round++) {
        UCHAR secret[24], triple[24], iv[8], used[8], mixed[MOST];
        ULONG n = (1 + below(MOST / 8 - 1)) * 8;
        fill(secret, sizeof secret);
        fill(iv, sizeof iv);
        fill(plain, n);
        for (int i = 0; i < 3; i++)
            memcpy(triple + 8 * i, secret, 8);
        BCRYPT_KEY_HANDLE key = key_of(BCRYPT_DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, secret, 8);
        memcpy(used, iv, 8);
        des = des && evp_crypt(EVP_des_ede3_cbc(), true, triple, iv, plain, n, false, want) == n &&
              crypt_all(ENCRYPT, key, plain, n, used, 8, have) && memcmp(have, want, n) == 0;
        BCryptDestroyKey(key);

        memcpy(triple, secret, 16);
        memcpy(triple + 16, secret, 8);
        key = key_of(BCRYPT_3DES_112_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, secret, 16);
        memcpy(used, iv, 8);
        two = two && evp_crypt(EVP_des_ede3_cbc(), true, triple, iv, plain, n, false, want) == n &&
              crypt_all(ENCRYPT, key, plain, n, used, 8, have) && memcmp(have, want, n) == 0;
        BCryptDestroyKey(key);

        for (int i = 0; i < 3; i++)
            memcpy(triple + 8 * i, secret, 8);
        for (ULONG i = 0; i < n; i++)
            mixed[i] = plain[i] ^ secret[8 + i % 8];
        desx =
            desx && evp_crypt(EVP_des_ede3_ecb(), true, triple, NULL, mixed, n, false, want) == n;
        for (ULONG i = 0; i < n; i++)
            want[i] ^= secret[16 + i % 8];
        key = key_of(BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 24);
        desx = desx && crypt_all(ENCRYPT, key, plain, n, NULL, 0, have) &&
               memcmp(have, want, n) == 0 && crypt_all(DECRYPT, key, want, n, NULL, 0, back) &&
               memcmp(back, plain, n) == 0;
        BCryptDestroyKey(key);
    }
    ROW("DES");
    tap(des, "is 3DES with one key");
    ROW("3DES_112");
    tap(two, "is 3DES with two");
    ROW("DESX");
    tap(desx, "is DES, whitened");
}

static void check_xts(void)
{
    for (ULONG secret_n = 32; secret_n <= 64; secret_n += 32) {
        bool good = true;
        row_begin("XTS-AES with %u bytes (%d-bit WCHAR)", (unsigned)secret_n,
                  (int)sizeof(WCHAR) * 8);
        for (int round = 0; round < rounds; round++) {
            UCHAR secret[64], iv[16] = {0}, used[8];
            /* Units that are not whole blocks end in ciphertext stealing. */
            ULONG unit = 16 + below(120), units = 1 + below(MOST / unit);
            fill(secret, sizeof secret);
            fill(plain, sizeof plain);
            ULONGLONG number = (ULONGLONG)next_number() << 32 | next_number();
            const ULONGLONG first = htole64(number);
            memcpy(used, &first, 8);
            for (ULONG u = 0; u < units; u++) {
                ULONGLONG tweak = htole64(number + u);
                memcpy(iv, &tweak, 8);
                good = good && evp_crypt(secret_n == 32 ? EVP_aes_128_xts() : EVP_aes_256_xts(),
                                         true, secret, iv, plain + u * unit, unit, false,
                                         want + u * unit) == unit;
            }
            BCRYPT_KEY_HANDLE key = key_of(BCRYPT_XTS_AES_ALGORITHM, NULL, secret, secret_n);
            good = good && set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, unit) == STATUS_SUCCESS &&
                   crypt_all(ENCRYPT, key, plain, unit * units, used, 8, have) &&
                   memcmp(have, want, unit * units) == 0;
            memcpy(used, &first, 8);
            good = good && crypt_all(DECRYPT, key, want, unit * units, used, 8, back) &&
                   memcmp(back, plain, unit * units) == 0;
            BCryptDestroyKey(key);
        }
        tap(good, "is libcrypto's, data unit by data unit");
    }
}

/* ---- authenticated modes ---------------------------------------------------------------------------------------- */

struct aead {
    const char *label;
    LPCWSTR alg, mode;
    ULONG secret;
    const EVP_CIPHER *(*evp)(void);
    ULONG nonce_min, nonce_max, tag_min, tag_step;
};

static const struct aead aeads[] = {
    {"AES-128 GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 16, EVP_aes_128_gcm, 12, 12, 12,
     1},
    {"AES-192 GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 24, EVP_aes_192_gcm, 12, 12, 12,
     1},
    {"AES-256 GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, 32, EVP_aes_256_gcm, 12, 12, 12,
     1},
    {"AES-128 CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 16, EVP_aes_128_ccm, 7, 13, 4, 2},
    {"AES-192 CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 24, EVP_aes_192_ccm, 7, 13, 4, 2},
    {"AES-256 CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, 32, EVP_aes_256_ccm, 7, 13, 4, 2},
    {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 32, EVP_chacha20_poly1305, 12,
     12, 16, 1},
};

static bool evp_seal(const struct aead *a, const UCHAR *secret,
                     const BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, const UCHAR *in, ULONG n,
                     UCHAR *out, UCHAR *tag)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    const bool ccm = a->tag_min == 4;
    int m = 0;
    bool good =
        ctx != NULL && EVP_EncryptInit_ex(ctx, a->evp(), NULL, NULL, NULL) == 1 &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_IVLEN, (int)info->cbNonce, NULL) == 1 &&
        (!ccm || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)info->cbTag, NULL) == 1) &&
        EVP_EncryptInit_ex(ctx, NULL, NULL, secret, info->pbNonce) == 1 &&
        (!ccm || EVP_EncryptUpdate(ctx, NULL, &m, NULL, (int)n) == 1) &&
        (info->cbAuthData == 0 ||
         EVP_EncryptUpdate(ctx, NULL, &m, info->pbAuthData, (int)info->cbAuthData) == 1) &&
        EVP_EncryptUpdate(ctx, out, &m, in, (int)n) == 1 &&
        EVP_EncryptFinal_ex(ctx, out + m, &m) == 1 &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)info->cbTag, tag) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return good;
}

/* One message in chained calls. */
static bool chain(BCRYPT_KEY_HANDLE key, enum way way, BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info,
                  const UCHAR *in, ULONG n, UCHAR *out)
{
    UCHAR context[16], iv[16];
    ULONG done = 0;
    bool good = true;
    info.pbMacContext = context;
    info.cbMacContext = sizeof context;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    while (good && n - done >= 16 && below(5) != 0) {
        ULONG piece = (1 + below((n - done) / 16)) * 16;
        good = crypt_once(way, key, in + done, piece, &info, iv, 16, out + done, piece, 0) ==
               STATUS_SUCCESS;
        info.pbAuthData = NULL;
        info.cbAuthData = 0;
        done += piece;
    }
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    return good && crypt_once(way, key, in + done, n - done, &info, iv, 16, out + done, n - done,
                              0) == STATUS_SUCCESS;
}

static void check_aead(const struct aead *a)
{
    bool sealed = true, opened = true, chained = true;
    const bool gcm = a->mode != NULL && text_equal(a->mode, BCRYPT_CHAIN_MODE_GCM);
    ROW(a->label);
    for (int round = 0; round < 2 * rounds; round++) {
        UCHAR secret[32], nonce[16], aad[100], tag[16], evp_tag[16];
        ULONG n = round < 20 ? (ULONG)round : below(MOST);
        fill(secret, sizeof secret);
        fill(nonce, sizeof nonce);
        fill(aad, sizeof aad);
        fill(plain, n);
        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = nonce;
        info.cbNonce = a->nonce_min + below(a->nonce_max - a->nonce_min + 1);
        info.pbAuthData = aad;
        info.cbAuthData = below(sizeof aad + 1);
        info.pbTag = tag;
        info.cbTag = a->tag_min + a->tag_step * below((16 - a->tag_min) / a->tag_step + 1);
        BCRYPT_KEY_HANDLE key = key_of(a->alg, a->mode, secret, a->secret);
        sealed = sealed && evp_seal(a, secret, &info, plain, n, want, evp_tag) &&
                 crypt_once(ENCRYPT, key, plain, n, &info, NULL, 0, have, n, 0) == STATUS_SUCCESS &&
                 memcmp(have, want, n) == 0 && memcmp(tag, evp_tag, info.cbTag) == 0;
        info.pbTag = evp_tag;
        opened = opened &&
                 crypt_once(DECRYPT, key, want, n, &info, NULL, 0, back, n, 0) == STATUS_SUCCESS &&
                 memcmp(back, plain, n) == 0;
        if (gcm) {
            memset(tag, 0, sizeof tag);
            chained =
                chained && chain(key, DECRYPT, info, want, n, back) && memcmp(back, plain, n) == 0;
            info.pbTag = tag;
            chained = chained && chain(key, ENCRYPT, info, plain, n, have) &&
                      memcmp(have, want, n) == 0 && memcmp(tag, evp_tag, info.cbTag) == 0;
        }
        BCryptDestroyKey(key);
    }
    tap(sealed, "encrypts as libcrypto does");
    tap(opened, "decrypts what libcrypto encrypted");
    if (gcm)
        tap(chained, "in chained calls, too");
}

/* ---- hashes, codes, derivation ---------------------------------------------------------------------------------- */

static const struct hash_row {
    const char *label;
    BCRYPT_ALG_HANDLE alg, hmac;
    const EVP_MD *(*evp)(void);
    ULONG n;
} hash_rows[] = {
    {"MD5", BCRYPT_MD5_ALG_HANDLE, BCRYPT_HMAC_MD5_ALG_HANDLE, EVP_md5, 16},
    {"SHA1", BCRYPT_SHA1_ALG_HANDLE, BCRYPT_HMAC_SHA1_ALG_HANDLE, EVP_sha1, 20},
    {"SHA256", BCRYPT_SHA256_ALG_HANDLE, BCRYPT_HMAC_SHA256_ALG_HANDLE, EVP_sha256, 32},
    {"SHA384", BCRYPT_SHA384_ALG_HANDLE, BCRYPT_HMAC_SHA384_ALG_HANDLE, EVP_sha384, 48},
    {"SHA512", BCRYPT_SHA512_ALG_HANDLE, BCRYPT_HMAC_SHA512_ALG_HANDLE, EVP_sha512, 64},
    {"SHA3-256", BCRYPT_SHA3_256_ALG_HANDLE, BCRYPT_HMAC_SHA3_256_ALG_HANDLE, EVP_sha3_256, 32},
    {"SHA3-384", BCRYPT_SHA3_384_ALG_HANDLE, BCRYPT_HMAC_SHA3_384_ALG_HANDLE, EVP_sha3_384, 48},
    {"SHA3-512", BCRYPT_SHA3_512_ALG_HANDLE, BCRYPT_HMAC_SHA3_512_ALG_HANDLE, EVP_sha3_512, 64},
};

/* In pieces, once in a while through a copy. */
static bool hash_pieces(BCRYPT_ALG_HANDLE alg, const UCHAR *key, ULONG key_n, const UCHAR *in,
                        ULONG n, UCHAR *out, ULONG out_n)
{
    BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
    bool good = BCryptCreateHash(alg, &h, NULL, 0, (PUCHAR)key, key_n, 0) == STATUS_SUCCESS;
    for (ULONG done = 0; done < n && good;) {
        ULONG piece = below(n - done + 1);
        good = BCryptHashData(h, (PUCHAR)in + done, piece, 0) == STATUS_SUCCESS;
        done += piece;
        if (good && below(3) == 0) {
            good = BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS;
            BCryptDestroyHash(h);
            h = copy;
        }
    }
    good = good && BCryptFinishHash(h, out, out_n, 0) == STATUS_SUCCESS;
    BCryptDestroyHash(h);
    return good;
}

static void check_hash(const struct hash_row *r)
{
    bool hashed = true, keyed = true, derived = true;
    ROW(r->label);
    for (int round = 0; round < rounds; round++) {
        UCHAR key[300], digest[64], mine[64], long_want[200], long_have[200];
        ULONG n = round < 10 ? (ULONG)round : below(MOST), key_n = 1 + below(sizeof key);
        unsigned size = 0;
        fill(plain, n);
        fill(key, sizeof key);
        hashed = hashed && EVP_Digest(plain, n, digest, &size, r->evp(), NULL) == 1 &&
                 size == r->n && hash_pieces(r->alg, NULL, 0, plain, n, mine, r->n) &&
                 memcmp(mine, digest, r->n) == 0 &&
                 BCryptHash(r->alg, NULL, 0, plain, n, mine, r->n) == STATUS_SUCCESS &&
                 memcmp(mine, digest, r->n) == 0;
        keyed = keyed && HMAC(r->evp(), key, (int)key_n, plain, n, digest, &size) != NULL &&
                hash_pieces(r->hmac, key, key_n, plain, n, mine, r->n) &&
                memcmp(mine, digest, r->n) == 0 &&
                BCryptHash(r->hmac, key, key_n, plain, n, mine, r->n) == STATUS_SUCCESS &&
                memcmp(mine, digest, r->n) == 0;
        ULONG out_n = 1 + below(sizeof long_want);
        int count = 1 + (int)below(5);
        derived = derived &&
                  PKCS5_PBKDF2_HMAC((const char *)key, (int)key_n, plain, (int)(n % 100), count,
                                    r->evp(), (int)out_n, long_want) == 1 &&
                  BCryptDeriveKeyPBKDF2(r->hmac, key, key_n, plain, n % 100, (ULONGLONG)count,
                                        long_have, out_n, 0) == STATUS_SUCCESS &&
                  memcmp(long_want, long_have, out_n) == 0;
    }
    tap(hashed, "hashes as libcrypto does");
    tap(keyed, "HMAC, too");
    tap(derived, "and PBKDF2");
}

/* AES-CMAC and AES-GMAC; the latter is GCM without data. */
static void check_macs(void)
{
    bool cmac = true, gmac = true;
    for (int round = 0; round < rounds; round++) {
        static const ULONG sizes[] = {16, 24, 32};
        static const char *const names[] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"};
        UCHAR key[32], nonce[12], mac[16], mine[16];
        ULONG which = below(3), n = below(MOST);
        fill(key, sizeof key);
        fill(nonce, sizeof nonce);
        fill(plain, n);
        size_t size = 0;
        OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string("cipher", (char *)names[which], 0),
                               OSSL_PARAM_construct_end()};
        EVP_MAC *method = EVP_MAC_fetch(NULL, "CMAC", NULL);
        EVP_MAC_CTX *ctx = EVP_MAC_CTX_new(method);
        cmac = cmac && EVP_MAC_init(ctx, key, sizes[which], params) == 1 &&
               EVP_MAC_update(ctx, plain, n) == 1 &&
               EVP_MAC_final(ctx, mac, &size, sizeof mac) == 1 && size == 16 &&
               hash_pieces(BCRYPT_AES_CMAC_ALG_HANDLE, key, sizes[which], plain, n, mine, 16) &&
               memcmp(mac, mine, 16) == 0;
        EVP_MAC_CTX_free(ctx);
        EVP_MAC_free(method);

        BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
        BCRYPT_INIT_AUTH_MODE_INFO(info);
        info.pbNonce = nonce;
        info.cbNonce = 12;
        info.pbAuthData = plain;
        info.cbAuthData = n;
        info.cbTag = 16;
        BCRYPT_HASH_HANDLE h = NULL;
        ULONG first = below(n + 1);
        gmac = gmac && evp_seal(&aeads[which], key, &info, key, 0, have, mac) &&
               BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &h, NULL, 0, key, sizes[which], 0) ==
                   STATUS_SUCCESS &&
               BCryptSetProperty(h, BCRYPT_INITIALIZATION_VECTOR, nonce, 12, 0) == STATUS_SUCCESS &&
               BCryptHashData(h, plain, first, 0) == STATUS_SUCCESS &&
               BCryptHashData(h, plain + first, n - first, 0) == STATUS_SUCCESS &&
               BCryptFinishHash(h, mine, 16, 0) == STATUS_SUCCESS && memcmp(mac, mine, 16) == 0;
        BCryptDestroyHash(h);
    }
    ROW("AES-CMAC");
    tap(cmac, "is libcrypto's");
    ROW("AES-GMAC");
    tap(gmac, "is GCM without data");
}

static void check_shake(void)
{
    static const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg, custom;
        const EVP_MD *(*evp)(void);
    } shakes[] = {
        {"SHAKE128", BCRYPT_SHAKE128_ALG_HANDLE, BCRYPT_CSHAKE128_ALG_HANDLE, EVP_shake128},
        {"SHAKE256", BCRYPT_SHAKE256_ALG_HANDLE, BCRYPT_CSHAKE256_ALG_HANDLE, EVP_shake256},
    };
    for (size_t i = 0; i < COUNT(shakes); i++) {
        bool good = true;
        ROW(shakes[i].label);
        for (int round = 0; round < rounds; round++) {
            ULONG n = below(MOST), out_n = 1 + below(MOST);
            fill(plain, n);
            EVP_MD_CTX *ctx = EVP_MD_CTX_new();
            good = good && EVP_DigestInit_ex(ctx, shakes[i].evp(), NULL) == 1 &&
                   EVP_DigestUpdate(ctx, plain, n) == 1 &&
                   EVP_DigestFinalXOF(ctx, want, out_n) == 1 &&
                   hash_pieces(shakes[i].alg, NULL, 0, plain, n, have, out_n) &&
                   memcmp(have, want, out_n) == 0 &&
                   hash_pieces(shakes[i].custom, NULL, 0, plain, n, have, out_n) &&
                   memcmp(have, want, out_n) == 0;
            EVP_MD_CTX_free(ctx);
            /* Squeezed in pieces. */
            BCRYPT_HASH_HANDLE h = NULL;
            good = good &&
                   BCryptCreateHash(shakes[i].alg, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
                   BCryptHashData(h, plain, n, 0) == STATUS_SUCCESS;
            memset(have, 0, sizeof have);
            for (ULONG done = 0; done < out_n && good;) {
                ULONG piece = 1 + below(out_n - done);
                good = BCryptFinishHash(h, have + done, piece, BCRYPT_HASH_DONT_RESET_FLAG) ==
                       STATUS_SUCCESS;
                done += piece;
            }
            good = good && memcmp(have, want, out_n) == 0;
            BCryptDestroyHash(h);
        }
        tap(good, "is libcrypto's, of any length, in pieces, and as CSHAKE without names");
    }
}

/* RFC 1319 and RFC 1320. */
static void check_old_hashes(void)
{
    static const struct {
        const char *label;
        BCRYPT_ALG_HANDLE alg;
        const char *text, *digest;
    } answers[] = {
        {"MD2", BCRYPT_MD2_ALG_HANDLE, "", "8350e5a3e24c153df2275c9f80692773"},
        {"MD2", BCRYPT_MD2_ALG_HANDLE, "abc", "da853b0d3f88d99b30283a69e6ded6bb"},
        {"MD2", BCRYPT_MD2_ALG_HANDLE, "message digest", "ab4f496bfb2a530b219ff33031fe06b0"},
        {"MD2", BCRYPT_MD2_ALG_HANDLE, "abcdefghijklmnopqrstuvwxyz",
         "4e8ddff3650292ab5a4108c3aa47940b"},
        {"MD4", BCRYPT_MD4_ALG_HANDLE, "", "31d6cfe0d16ae931b73c59d7e0c089c0"},
        {"MD4", BCRYPT_MD4_ALG_HANDLE, "abc", "a448017aaf21d8525fc10ae87aa6729d"},
        {"MD4", BCRYPT_MD4_ALG_HANDLE, "message digest", "d9130a8164549fe818874806e1c7014b"},
        {"MD4", BCRYPT_MD4_ALG_HANDLE, "abcdefghijklmnopqrstuvwxyz",
         "d79e1c308aa5bbcdeea8ed63df412da9"},
    };
    for (size_t i = 0; i < COUNT(answers); i++) {
        UCHAR digest[16], pieces[16];
        ULONG n = (ULONG)strlen(answers[i].text);
        ROW(answers[i].label);
        tap(BCryptHash(answers[i].alg, NULL, 0, (PUCHAR)answers[i].text, n, digest, 16) ==
                    STATUS_SUCCESS &&
                is_hex(digest, 16, answers[i].digest) &&
                hash_pieces(answers[i].alg, NULL, 0, (const UCHAR *)answers[i].text, n, pieces,
                            16) &&
                memcmp(digest, pieces, 16) == 0,
            "known answer");
    }
}

int main(int argc, char **argv)
{
    if (argc > 1)
        rounds = atoi(argv[1]);
    for (size_t i = 0; i < COUNT(rows); i++) {
        if (rows[i].secret != 0) {
            check_row(&rows[i], rows[i].secret, rows[i].evp());
            continue;
        }
        check_row(&rows[i], 16, rows[i].evp());
        check_row(&rows[i], 24, rows[i].evp_192());
        check_row(&rows[i], 32, rows[i].evp_256());
    }
    check_des();
    check_xts();
    for (size_t i = 0; i < COUNT(aeads); i++)
        check_aead(&aeads[i]);
    for (size_t i = 0; i < COUNT(hash_rows); i++)
        check_hash(&hash_rows[i]);
    check_macs();
    check_shake();
    check_old_hashes();
    return tap_done();
}
