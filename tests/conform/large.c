/*
 * Sizes beyond 2^31 in one call, which a ULONG can say and an int cannot. Input and output are one megabyte of memory that is mapped again
 * and again, so that they cost no more than that; the answer is that of the same bytes in megabytes.
 */
#include "conform_sym.h"

#include <sys/mman.h>
#include <unistd.h>

#define MEGABYTE (1u << 20)
#define BLOCKS 2049u
#define REST 4096u
#define LARGE (BLOCKS * MEGABYTE + REST) /* more than 2^31 */

#define WINDOW_BLOCKS 4096u /* 2^32 bytes */
#define LARGEST 0xFFFFFFF0u /* the last whole block that a ULONG can count */

/* A window of WINDOW_BLOCKS megabytes onto one. */
static UCHAR *window(int file)
{
    size_t whole = (size_t)WINDOW_BLOCKS * MEGABYTE;
    UCHAR *at = mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED)
        return NULL;
    for (size_t i = 0; i < WINDOW_BLOCKS; i++) {
        if (mmap(at + i * MEGABYTE, MEGABYTE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file,
                 0) == MAP_FAILED)
            return NULL;
    }
    return at;
}

static UCHAR *one_megabyte(void)
{
    int file = memfd_create("large", MFD_CLOEXEC);
    UCHAR *at = file < 0 || ftruncate(file, MEGABYTE) != 0 ? NULL : window(file);
    if (file >= 0)
        close(file);
    return at;
}

static UCHAR *in, *out, *want;

/* ---- ciphers ---------------------------------------------------------------------------------------------------- */

static const struct row {
    const char *label;
    LPCWSTR alg, mode;
    ULONG secret, iv;
    enum way way;
} rows[] = {
    {"AES ECB", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 16, 0, ENCRYPT},
    {"AES CBC", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 16, 16, DECRYPT},
};

/* The output's window shows what was written last: the end of the last whole megabyte, and the rest over its beginning. */
static void check_cipher(const struct row *r, enum way way)
{
    UCHAR secret[16], iv[16] = {0}, other_iv[16] = {0};
    fill(secret, sizeof secret);
    ROW(r->label);
    BCRYPT_KEY_HANDLE key = key_of(r->alg, r->mode, secret, r->secret);
    BCRYPT_KEY_HANDLE other = key_of(r->alg, r->mode, secret, r->secret);
    bool good = true;
    for (ULONG done = 0; done < LARGE && good; done += MEGABYTE) {
        ULONG n = LARGE - done < MEGABYTE ? LARGE - done : MEGABYTE;
        good = crypt_all(way, other, in, n, r->iv > 0 ? other_iv : NULL, r->iv, want);
    }
    NTSTATUS status =
        crypt_once(way, key, in, LARGE, NULL, r->iv > 0 ? iv : NULL, r->iv, out, LARGE, 0);
    char what[64];
    snprintf(what, sizeof what, "%s more than 2^31 bytes", way_names[way]);
    tap_status(good ? status : STATUS_UNSUCCESSFUL, STATUS_SUCCESS, what);
    tap(got == LARGE && memcmp(out, want, MEGABYTE) == 0 && memcmp(iv, other_iv, 16) == 0,
        "as in pieces");
    BCryptDestroyKey(key);
    BCryptDestroyKey(other);
}

static void check_xts(void)
{
    UCHAR secret[32], iv[8] = {0};
    fill(secret, sizeof secret);
    ROW("XTS-AES");
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_XTS_AES_ALGORITHM, NULL, secret, sizeof secret);
    bool good = set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, REST) == STATUS_SUCCESS;
    tap(good && crypt_once(ENCRYPT, key, in, LARGE, NULL, iv, 8, out, LARGE, 0) == STATUS_SUCCESS &&
            got == LARGE,
        "encrypt more than 2^31 bytes");
    ULONGLONG last = LARGE / REST - 1;
    memcpy(iv, &last, 8);
    tap(crypt_all(ENCRYPT, key, in, REST, iv, 8, want) && memcmp(out, want, REST) == 0,
        "the last data unit has its number");
    BCryptDestroyKey(key);
}

static void info_init(BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO *info, UCHAR nonce[12], UCHAR tag[16])
{
    BCRYPT_INIT_AUTH_MODE_INFO(*info);
    info->pbNonce = nonce;
    info->cbNonce = 12;
    info->pbTag = tag;
    info->cbTag = 16;
}

static void check_gcm(void)
{
    UCHAR secret[16], nonce[12], tag[16], other[16], context[16], iv[16];
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    fill(secret, sizeof secret);
    fill(nonce, sizeof nonce);
    ROW("AES GCM");
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, 16);
    info_init(&info, nonce, tag);
    tap(crypt_once(ENCRYPT, key, in, LARGE, &info, NULL, 0, out, LARGE, 0) == STATUS_SUCCESS &&
            got == LARGE,
        "encrypt more than 2^31 bytes");
    info_init(&info, nonce, other);
    info.pbMacContext = context;
    info.cbMacContext = 16;
    info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    bool good = true;
    for (ULONG done = 0; done < BLOCKS * MEGABYTE && good; done += MEGABYTE)
        good = crypt_once(ENCRYPT, key, in, MEGABYTE, &info, iv, 16, want, MEGABYTE, 0) ==
               STATUS_SUCCESS;
    info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    good =
        good && crypt_once(ENCRYPT, key, in, REST, &info, iv, 16, want, REST, 0) == STATUS_SUCCESS;
    tap(good && memcmp(out, want, MEGABYTE) == 0 && memcmp(tag, other, 16) == 0,
        "as in chained calls");
    info_init(&info, nonce, other);
    info.pbAuthData = in;
    info.cbAuthData = LARGE;
    tap(crypt_once(ENCRYPT, key, in, 16, &info, NULL, 0, out, 16, 0) == STATUS_SUCCESS,
        "authenticate more than 2^31 bytes");
    BCRYPT_HASH_HANDLE h = NULL;
    info.pbTag = tag;
    memset(tag, 0, 16);
    good = crypt_once(ENCRYPT, key, NULL, 0, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
           BCryptCreateHash(BCRYPT_AES_GMAC_ALG_HANDLE, &h, NULL, 0, secret, 16, 0) ==
               STATUS_SUCCESS &&
           BCryptSetProperty(h, BCRYPT_INITIALIZATION_VECTOR, nonce, 12, 0) == STATUS_SUCCESS;
    for (ULONG done = 0; done < LARGE && good; done += MEGABYTE) {
        ULONG n = LARGE - done < MEGABYTE ? LARGE - done : MEGABYTE;
        good = BCryptHashData(h, in, n, 0) == STATUS_SUCCESS;
    }
    tap(good && BCryptFinishHash(h, other, 16, 0) == STATUS_SUCCESS && memcmp(tag, other, 16) == 0,
        "as AES-GMAC does in pieces");
    BCryptDestroyHash(h);
    BCryptDestroyKey(key);

    ROW("CHACHA20_POLY1305");
    UCHAR long_secret[32];
    fill(long_secret, sizeof long_secret);
    key = key_of(BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, long_secret, 32);
    info_init(&info, nonce, tag);
    tap(crypt_once(ENCRYPT, key, in, LARGE, &info, NULL, 0, out, LARGE, 0) == STATUS_SUCCESS &&
            got == LARGE,
        "encrypt more than 2^31 bytes");
    BCryptDestroyKey(key);
}

/* ---- hashes ----------------------------------------------------------------------------------------------------- */

static void check_hash(void)
{
    UCHAR one[20], two[20];
    BCRYPT_HASH_HANDLE h = NULL;
    ROW("SHA1");
    bool good = BCryptCreateHash(BCRYPT_SHA1_ALG_HANDLE, &h, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS;
    for (ULONG done = 0; done < LARGE && good; done += MEGABYTE) {
        ULONG n = LARGE - done < MEGABYTE ? LARGE - done : MEGABYTE;
        good = BCryptHashData(h, in, n, 0) == STATUS_SUCCESS;
    }
    good = good && BCryptFinishHash(h, one, 20, 0) == STATUS_SUCCESS;
    tap(good && BCryptHashData(h, in, LARGE, 0) == STATUS_SUCCESS &&
            BCryptFinishHash(h, two, 20, 0) == STATUS_SUCCESS && memcmp(one, two, 20) == 0,
        "more than 2^31 bytes as in pieces");
    BCryptDestroyHash(h);
}

/* ---- close to 2^32 ----------------------------------------------------------------------------------------------- */

static void check_border(void)
{
    static const struct {
        ULONG n, size; /* 0: refused */
    } padded[] = {{0xFFFFFFEF, 0xFFFFFFF0}, {0xFFFFFFF0, 0},          {0xFFFFFFF1, 0},
                  {0xFFFFFFFF, 0},          {0xFFFFFFDF, 0xFFFFFFE0}, {0x7FFFFFFF, 0x80000000},
                  {0x80000000, 0x80000010}};
    UCHAR secret[16], text[16];
    fill(secret, sizeof secret);
    ROW("close to 2^32");
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 16);
    bool good = true;
    for (size_t i = 0; i < COUNT(padded); i++) {
        NTSTATUS status =
            crypt_once(ENCRYPT, key, in, padded[i].n, NULL, NULL, 0, NULL, 0, BCRYPT_BLOCK_PADDING);
        good = good && (padded[i].size == 0 ? status < 0
                                            : status == STATUS_SUCCESS && got == padded[i].size);
        status = crypt_once(ENCRYPT, key, in, padded[i].n, NULL, NULL, 0, text, sizeof text,
                            BCRYPT_BLOCK_PADDING);
        good = good && status < 0;
    }
    tap(good, "padding that would make it 2^32 is refused, and no size wraps");
    NTSTATUS status = crypt_once(ENCRYPT, key, in, LARGEST, NULL, NULL, 0, out, LARGEST, 0);
    tap_status(status, STATUS_SUCCESS, "encrypt 2^32 - 16 bytes");
    ULONG at = LARGEST % MEGABYTE - 16;
    tap(got == LARGEST && crypt_all(ENCRYPT, key, in + at, 16, NULL, 0, text) &&
            memcmp(out + at, text, 16) == 0,
        "to the last block");
    BCryptDestroyKey(key);
}

int main(void)
{
    ROW("preparation");
    in = one_megabyte();
    out = one_megabyte();
    want = malloc(MEGABYTE);
    if (in == NULL || out == NULL || want == NULL) {
        tap_skip("sizes beyond 2^31", "the address space is too small");
        return tap_done();
    }
    fill(in, MEGABYTE);
    for (size_t i = 0; i < COUNT(rows); i++)
        check_cipher(&rows[i], rows[i].way);
    check_xts();
    check_gcm();
    check_hash();
    check_border();
    return tap_done();
}
