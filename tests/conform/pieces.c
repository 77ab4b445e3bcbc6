/*
 * A hundred thousand times for each family: a message of 0 to 4097 bytes, at any offset in memory, in one call and in random pieces, in place and
 * not. Both give the same.
 */
#include "conform_sym.h"

#define ROUNDS 100000
#define MOST 4097

static UCHAR message[MOST + 16], once[MOST + 16], pieces[MOST + 16];

/* Mostly short ones: there the borders of blocks are. */
static ULONG length(void)
{
    return below(64) == 0 ? below(MOST + 1) : below(300);
}

static ULONG piece(ULONG left, ULONG grain)
{
    ULONG most = left / grain < 8 || below(4) == 0 ? left / grain : 8;
    return grain * (1 + below(most));
}

static size_t rounds_done, different;

static void count_round(bool same, const char *label, ULONG n)
{
    rounds_done++;
    different += !same;
    if (!same)
        printf("# %s, %u bytes\n", label, (unsigned)n);
}

/* ---- hashes ------------------------------------------------------------------------------------------------------ */

static const struct hash_row {
    const char *label;
    LPCWSTR alg;
    ULONG flags, size;
} hashes[] = {
    {"MD4", BCRYPT_MD4_ALGORITHM, 0, 16},
    {"MD5", BCRYPT_MD5_ALGORITHM, 0, 16},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, 0, 20},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, 0, 32},
    {"SHA384", BCRYPT_SHA384_ALGORITHM, 0, 48},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, 0, 64},
    {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, 0, 32},
    {"HMAC-MD5", BCRYPT_MD5_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 16},
    {"HMAC-SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 32},
    {"HMAC-SHA512", BCRYPT_SHA512_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 64},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG, 16},
};

static void hash_round(const struct hash_row *r, BCRYPT_ALG_HANDLE alg)
{
    UCHAR secret[32], whole[64], parts[64];
    ULONG n = length(), at = below(16), secret_n = 0;
    BCRYPT_HASH_HANDLE hash = NULL, copy = NULL;
    if (r->flags != 0)
        secret_n = r->size == 16 && r->label[0] == 'A' ? 16 : below(sizeof secret + 1);
    fill(secret, secret_n);
    const UCHAR *p = message + at;
    bool same = BCryptHash(alg, secret, secret_n, (PUCHAR)p, n, whole, r->size) == STATUS_SUCCESS &&
                BCryptCreateHash(alg, &hash, NULL, 0, secret, secret_n, 0) == STATUS_SUCCESS;
    for (ULONG done = 0; done < n && same;) {
        ULONG k = piece(n - done, 1);
        same = BCryptHashData(hash, (PUCHAR)p + done, k, 0) == STATUS_SUCCESS;
        done += k;
        if (below(16) == 0) { /* and goes on with a copy */
            same = same && BCryptDuplicateHash(hash, &copy, NULL, 0, 0) == STATUS_SUCCESS;
            BCryptDestroyHash(hash);
            hash = copy;
        }
    }
    same = same && BCryptFinishHash(hash, parts, r->size, 0) == STATUS_SUCCESS &&
           memcmp(whole, parts, r->size) == 0;
    BCryptDestroyHash(hash);
    count_round(same, r->label, n);
}

static void check_hashes(void)
{
    BCRYPT_ALG_HANDLE algs[COUNT(hashes)];
    for (size_t i = 0; i < COUNT(hashes); i++) {
        bool is_mac = hashes[i].label[0] == 'A';
        algs[i] = open_with(hashes[i].alg, NULL, is_mac ? 0 : hashes[i].flags);
    }
    for (int i = 0; i < ROUNDS; i++) {
        size_t k = below(COUNT(hashes));
        hash_round(&hashes[k], algs[k]);
    }
    for (size_t i = 0; i < COUNT(hashes); i++)
        BCryptCloseAlgorithmProvider(algs[i], 0);
}

/* ---- ciphers ----------------------------------------------------------------------------------------------------- */

static const struct cipher_row {
    const char *label;
    LPCWSTR alg, mode;
    ULONG secret, iv, grain;
} ciphers[] = {
    {"AES ECB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 16, 0, 16},
    {"AES CBC", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 32, 16, 16},
    {"AES CFB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 24, 16, 1},
    {"3DES CBC", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 24, 8, 8},
    {"DES ECB", BCRYPT_DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 8, 0, 8},
    {"RC2 CBC", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 16, 8, 8},
    {"RC4", BCRYPT_RC4_ALGORITHM, NULL, 16, 0, 1},
};

static void cipher_round(const struct cipher_row *r, BCRYPT_ALG_HANDLE alg)
{
    UCHAR secret[32], iv[16], first[16], second[16];
    enum way way = below(2) == 0 ? ENCRYPT : DECRYPT;
    ULONG n = length() / r->grain * r->grain, from = below(16), to = below(16);
    bool in_place = below(2) == 0;
    fill(secret, r->secret);
    fill(iv, sizeof iv);
    memcpy(first, iv, sizeof iv);
    memcpy(second, iv, sizeof iv);
    BCRYPT_KEY_HANDLE one = sym_key(alg, secret, r->secret),
                      other = sym_key(alg, secret, r->secret);
    PUCHAR first_iv = r->iv > 0 ? first : NULL, second_iv = r->iv > 0 ? second : NULL;
    UCHAR *out = pieces + to;
    const UCHAR *in = message + from;
    if (in_place) {
        memcpy(out, in, n);
        in = out;
    }
    bool same = n == 0 || crypt_all(way, one, message + from, n, first_iv, r->iv, once);
    for (ULONG done = 0; done < n && same;) {
        ULONG k = piece(n - done, r->grain);
        same = crypt_all(way, other, in + done, k, second_iv, r->iv, out + done);
        done += k;
    }
    same = same && memcmp(once, out, n) == 0 && memcmp(first, second, sizeof first) == 0;
    BCryptDestroyKey(one);
    BCryptDestroyKey(other);
    count_round(same, r->label, n);
}

static void check_ciphers(void)
{
    BCRYPT_ALG_HANDLE algs[COUNT(ciphers)];
    for (size_t i = 0; i < COUNT(ciphers); i++)
        algs[i] = open_with(ciphers[i].alg, ciphers[i].mode, 0);
    for (int i = 0; i < ROUNDS; i++) {
        size_t k = below(COUNT(ciphers));
        cipher_round(&ciphers[k], algs[k]);
    }
    for (size_t i = 0; i < COUNT(ciphers); i++)
        BCryptCloseAlgorithmProvider(algs[i], 0);
}

/* ---- authenticated ciphers --------------------------------------------------------------------------------------- */

static void info_init(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, UCHAR nonce[12], UCHAR tag[16])
{
    BCRYPT_INIT_AUTH_MODE_INFO(*info);
    info->pbNonce = nonce;
    info->cbNonce = 12;
    info->pbTag = tag;
    info->cbTag = 16;
}

/* GCM: in one call, and in chained calls of whole blocks with the rest at the end. */
static void aead_round(BCRYPT_KEY_HANDLE key)
{
    UCHAR nonce[12], tag[16], other_tag[16], context[16], iv[16] = {0};
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    enum way way = below(2) == 0 ? ENCRYPT : DECRYPT;
    ULONG n = length(), from = below(16), to = below(16), auth = below(64);
    bool in_place = below(2) == 0;
    fill(nonce, sizeof nonce);
    info_init(&info, nonce, tag);
    info.pbAuthData = message + 77;
    info.cbAuthData = auth;
    const UCHAR *in = message + from;
    bool same = crypt_once(ENCRYPT, key, in, n, &info, NULL, 0, once, n, 0) == STATUS_SUCCESS;
    UCHAR *out = pieces + to;
    const UCHAR *expected = way == ENCRYPT ? once : in, *source = way == ENCRYPT ? in : once;
    if (in_place) {
        memcpy(out, source, n);
        source = out;
    }
    info_init(&info, nonce, other_tag);
    if (way == DECRYPT)
        memcpy(other_tag, tag, 16);
    info.pbAuthData = message + 77;
    info.cbAuthData = auth;
    info.pbMacContext = context;
    info.cbMacContext = 16;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    ULONG done = 0;
    while (same && n - done > 16 && below(6) != 0) {
        ULONG k = piece(n - done - 1, 16);
        same = crypt_once(way, key, source + done, k, &info, iv, 16, out + done, k, 0) ==
                   STATUS_SUCCESS &&
               got == k;
        info.pbAuthData = NULL;
        info.cbAuthData = 0;
        done += k;
    }
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    if (done == 0) /* nothing was chained: a single call */
        info.pbMacContext = NULL, info.cbMacContext = 0;
    same = same && crypt_once(way, key, source + done, n - done, &info, iv, 16, out + done,
                              n - done, 0) == STATUS_SUCCESS;
    same = same && memcmp(out, expected, n) == 0 && memcmp(tag, other_tag, 16) == 0;
    count_round(same, way_names[way], n);
}

static void check_aead(void)
{
    UCHAR secret[16];
    BCRYPT_KEY_HANDLE key = NULL;
    for (int i = 0; i < ROUNDS; i++) {
        if (i % 1000 == 0) {
            BCryptDestroyKey(key);
            fill(secret, sizeof secret);
            key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, sizeof secret);
        }
        aead_round(key);
    }
    BCryptDestroyKey(key);
}

static const struct {
    const char *label;
    void (*check)(void);
} families[] = {
    {"hashes and codes", check_hashes}, {"ciphers", check_ciphers}, {"AES-GCM", check_aead}};

int main(void)
{
    size_t all = 0, all_different = 0;
    fill(message, sizeof message);
    for (size_t i = 0; i < COUNT(families); i++) {
        row_begin("%s", families[i].label);
        rounds_done = different = 0;
        families[i].check();
        tap(different == 0 && rounds_done == ROUNDS,
            "in one call and in pieces, a hundred thousand times");
        all += rounds_done;
        all_different += different;
    }
    printf(
        "# figure: 4 %zu messages in one call and in random pieces, %zu families: %zu different\n",
        all, COUNT(families), all_different);
    return tap_done();
}
