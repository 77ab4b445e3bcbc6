/* What the suites of symmetric keys and hashes share: bytes without a pattern, keys in one line, calls with a direction. */
#ifndef CONFORM_SYM_H
#define CONFORM_SYM_H

#include "conform_keys.h"

#define MODE_BYTES ((ULONG)(32 * sizeof(WCHAR))) /* ChainingMode, whatever its value */

static const ULONG UNKNOWN_BIT = 0x40000000;

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

/* The same in every run, so that a failure can be repeated (xorshift). */
static inline ULONG next_number(void)
{
    static ULONG state = 0x9E3779B9;
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static inline ULONG below(ULONG n)
{
    return next_number() % n;
}

static inline void fill(UCHAR *p, ULONG n)
{
    for (ULONG i = 0; i < n; i++)
        p[i] = (UCHAR)next_number();
}

static inline UCHAR hex_digit(char c)
{
    return (UCHAR)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
}

/* Reads hexadecimal digits; gives the number of bytes. */
static inline ULONG unhex(UCHAR *out, const char *digits)
{
    ULONG n = 0;
    for (; digits[2 * n] != 0; n++)
        out[n] = (UCHAR)(hex_digit(digits[2 * n]) << 4 | hex_digit(digits[2 * n + 1]));
    return n;
}

static inline bool is_hex(const UCHAR *p, ULONG n, const char *digits)
{
    UCHAR want[512];
    return strlen(digits) == 2 * (size_t)n && unhex(want, digits) == n && memcmp(p, want, n) == 0;
}

static inline bool all_bytes(const UCHAR *p, ULONG n, UCHAR value)
{
    for (ULONG i = 0; i < n; i++) {
        if (p[i] != value)
            return false;
    }
    return true;
}

/* The call failed; the specification leaves open with which status. */
static inline void tap_fails(NTSTATUS status, const char *what)
{
    tap(status < 0, what);
}

/* ---- algorithms and keys ---------------------------------------------------------------------------------------- */

/* NULL when it cannot be had: the calls that follow say so. */
static inline BCRYPT_ALG_HANDLE open_with(LPCWSTR name, LPCWSTR mode, ULONG flags)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    if (BCryptOpenAlgorithmProvider(&alg, name, NULL, flags) < 0)
        return NULL;
    if (mode != NULL && set_text(alg, BCRYPT_CHAINING_MODE, mode) < 0)
        printf("# a chaining mode could not be set\n");
    return alg;
}

static inline BCRYPT_KEY_HANDLE sym_key(BCRYPT_ALG_HANDLE alg, const UCHAR *secret, ULONG n)
{
    BCRYPT_KEY_HANDLE key = NULL;
    BCryptGenerateSymmetricKey(alg, &key, NULL, 0, (PUCHAR)secret, n, 0);
    return key;
}

/* A key whose algorithm is closed again. */
static inline BCRYPT_KEY_HANDLE key_of(LPCWSTR name, LPCWSTR mode, const UCHAR *secret, ULONG n)
{
    BCRYPT_ALG_HANDLE alg = open_with(name, mode, 0);
    BCRYPT_KEY_HANDLE key = sym_key(alg, secret, n);
    BCryptCloseAlgorithmProvider(alg, 0);
    return key;
}

/* A hexadecimal key. */
static inline BCRYPT_KEY_HANDLE key_of_hex(LPCWSTR name, LPCWSTR mode, const char *digits)
{
    UCHAR secret[256];
    return key_of(name, mode, secret, unhex(secret, digits));
}

static inline NTSTATUS set_u32(BCRYPT_HANDLE h, LPCWSTR name, ULONG value)
{
    return BCryptSetProperty(h, name, (PUCHAR)&value, sizeof value, 0);
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

enum way { ENCRYPT, DECRYPT };

static const char *const way_names[] = {"encrypt", "decrypt"};

static inline NTSTATUS crypt_once(enum way way, BCRYPT_KEY_HANDLE key, const UCHAR *in, ULONG n,
                                  VOID *info, UCHAR *iv, ULONG iv_n, UCHAR *out, ULONG cap,
                                  ULONG flags)
{
    got = 0xBAD;
    return (way == ENCRYPT ? BCryptEncrypt : BCryptDecrypt)(key, (PUCHAR)in, n, info, iv, iv_n, out,
                                                            cap, &got, flags);
}

/* A real call that has to write as much as it read. */
static inline bool crypt_all(enum way way, BCRYPT_KEY_HANDLE key, const UCHAR *in, ULONG n,
                             UCHAR *iv, ULONG iv_n, UCHAR *out)
{
    return crypt_once(way, key, in, n, NULL, iv, iv_n, out, n, 0) == STATUS_SUCCESS && got == n;
}

#endif
