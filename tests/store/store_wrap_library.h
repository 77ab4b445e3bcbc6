/*
 * What the store asks of libraries, wrapped by the linker as store_wrap.h wraps system calls: memory, the cryptography of
 * bcrypt.h and of libsodium, the user's entry in passwd. A call that is made to fail does so in the way that its library has,
 * whatever errno the sweep has come to; instead of a partial transfer there is a success that has done less than it was asked
 * for, where there is such a thing.
 */
#ifndef STORE_WRAP_LIBRARY_H
#define STORE_WRAP_LIBRARY_H

#include <pthread.h>
#include <pwd.h>
#include <stdarg.h>
#include <sys/auxv.h>

/* Whether this call is to fail. */
static bool refuses(const char *function)
{
    return fails(function) || is_partial();
}

/* --- memory ------------------------------------------------------------------------------------------- */

REAL(void *, malloc, size_t n)
{
    return refuses("malloc") ? NULL : __real_malloc(n);
}

REAL(void *, calloc, size_t n, size_t size)
{
    return refuses("calloc") ? NULL : __real_calloc(n, size);
}

REAL(char *, strdup, const char *text)
{
    return refuses("strdup") ? NULL : __real_strdup(text);
}

/* What *out is after a failure the C library leaves open: here it is no pointer. The format is the store's. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static int format_to(char **out, const char *format, va_list list)
{
    *out = (char *)(uintptr_t)1;
    return refuses("asprintf") ? -1 : vasprintf(out, format, list);
}
#pragma GCC diagnostic pop

REAL(int, asprintf, char **out, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int n = format_to(out, format, list);
    va_end(list);
    return n;
}

REAL(int, __asprintf_chk, char **out, int flag, const char *format, ...)
{
    (void)flag;
    va_list list;
    va_start(list, format);
    int n = format_to(out, format, list);
    va_end(list);
    return n;
}

REAL(NTSTATUS, secret_new, struct secret *out, size_t n)
{
    return refuses("secret_new") ? STATUS_NO_MEMORY : __real_secret_new(out, n);
}

REAL(NTSTATUS, secret_copy, struct secret *out, struct span from)
{
    return refuses("secret_copy") ? STATUS_NO_MEMORY : __real_secret_copy(out, from);
}

REAL(void *, secret_calloc, size_t n)
{
    return refuses("secret_calloc") ? NULL : __real_secret_calloc(n);
}

/* --- bcrypt.h ----------------------------------------------------------------------------------------- */

REAL(NTSTATUS, BCryptGenRandom, BCRYPT_ALG_HANDLE alg, PUCHAR p, ULONG n, ULONG flags)
{
    return refuses("BCryptGenRandom") ? STATUS_UNSUCCESSFUL
                                      : __real_BCryptGenRandom(alg, p, n, flags);
}

REAL(NTSTATUS, BCryptHash, BCRYPT_ALG_HANDLE alg, PUCHAR key, ULONG key_bytes, PUCHAR p, ULONG n,
     PUCHAR out, ULONG out_bytes)
{
    return refuses("BCryptHash") ? STATUS_UNSUCCESSFUL
                                 : __real_BCryptHash(alg, key, key_bytes, p, n, out, out_bytes);
}

REAL(NTSTATUS, BCryptGenerateSymmetricKey, BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE *key,
     PUCHAR object, ULONG object_bytes, PUCHAR p, ULONG n, ULONG flags)
{
    return refuses("BCryptGenerateSymmetricKey")
               ? STATUS_NO_MEMORY
               : __real_BCryptGenerateSymmetricKey(alg, key, object, object_bytes, p, n, flags);
}

REAL(NTSTATUS, BCryptSetProperty, BCRYPT_HANDLE object, LPCWSTR name, PUCHAR p, ULONG n,
     ULONG flags)
{
    return refuses("BCryptSetProperty") ? STATUS_UNSUCCESSFUL
                                        : __real_BCryptSetProperty(object, name, p, n, flags);
}

REAL(NTSTATUS, BCryptKeyDerivation, BCRYPT_KEY_HANDLE key, BCryptBufferDesc *list, PUCHAR out,
     ULONG n, ULONG *got, ULONG flags)
{
    if (fails("BCryptKeyDerivation"))
        return STATUS_UNSUCCESSFUL;
    return __real_BCryptKeyDerivation(key, list, out, is_partial() ? n - 1 : n, got, flags);
}

/* What of a text was left out is not told by the status, but by *got. */
REAL(NTSTATUS, BCryptEncrypt, BCRYPT_KEY_HANDLE key, PUCHAR p, ULONG n, VOID *info, PUCHAR iv,
     ULONG iv_bytes, PUCHAR out, ULONG out_bytes, ULONG *got, ULONG flags)
{
    if (fails("BCryptEncrypt"))
        return STATUS_UNSUCCESSFUL;
    bool less = is_partial();
    NTSTATUS status =
        __real_BCryptEncrypt(key, p, n, info, iv, iv_bytes, out, out_bytes, got, flags);
    *got -= less;
    return status;
}

REAL(NTSTATUS, BCryptDecrypt, BCRYPT_KEY_HANDLE key, PUCHAR p, ULONG n, VOID *info, PUCHAR iv,
     ULONG iv_bytes, PUCHAR out, ULONG out_bytes, ULONG *got, ULONG flags)
{
    if (fails("BCryptDecrypt"))
        return STATUS_UNSUCCESSFUL;
    bool less = is_partial();
    NTSTATUS status =
        __real_BCryptDecrypt(key, p, n, info, iv, iv_bytes, out, out_bytes, got, flags);
    *got -= less;
    return status;
}

/* --- libsodium ---------------------------------------------------------------------------------------- */

REAL(int, sodium_init, void)
{
    return refuses("sodium_init") ? -1 : __real_sodium_init();
}

/* A sweep asks for the same few answers thousands of times: those that its preparation needs are computed once. */
static struct {
    uint8_t asked[96]; /* passphrase, salt */
    size_t n;
    uint8_t answer[32];
} scrypt_known[8];
static size_t scrypt_count;

REAL(int, crypto_pwhash_scryptsalsa208sha256_ll, const uint8_t *passphrase, size_t passphrase_bytes,
     const uint8_t *salt, size_t salt_bytes, uint64_t n, uint32_t r, uint32_t p, uint8_t *out,
     size_t out_bytes)
{
    if (refuses("crypto_pwhash_scryptsalsa208sha256_ll"))
        return -1;
    uint8_t asked[sizeof scrypt_known[0].asked];
    size_t all = passphrase_bytes + salt_bytes, i = 0;
    bool fits = all <= sizeof asked && n == 1024 && out_bytes == sizeof scrypt_known[0].answer;
    if (fits) {
        memcpy(asked, passphrase, passphrase_bytes);
        memcpy(asked + passphrase_bytes, salt, salt_bytes);
    }
    while (fits && i < scrypt_count &&
           (scrypt_known[i].n != all || memcmp(scrypt_known[i].asked, asked, all) != 0))
        i++;
    if (fits && i < scrypt_count) {
        memcpy(out, scrypt_known[i].answer, out_bytes);
        return 0;
    }
    int result = __real_crypto_pwhash_scryptsalsa208sha256_ll(passphrase, passphrase_bytes, salt,
                                                              salt_bytes, n, r, p, out, out_bytes);
    if (fits && result == 0 && !fault.armed && scrypt_count < ARRAY_COUNT(scrypt_known)) {
        memcpy(scrypt_known[scrypt_count].asked, asked, all);
        scrypt_known[scrypt_count].n = all;
        memcpy(scrypt_known[scrypt_count++].answer, out, out_bytes);
    }
    return result;
}

/* --- the C library ------------------------------------------------------------------------------------ */

/* Who the user is, when a test wants it; his home folder may be NULL. */
static struct {
    bool known;
    char *home;
} passwd;

/* Partial: there is no such user, which is a success. */
REAL(int, getpwuid_r, uid_t uid, struct passwd *entry, char *text, size_t n, struct passwd **found)
{
    *found = NULL;
    if (fails("getpwuid_r"))
        return errno;
    if (is_partial())
        return 0;
    if (!passwd.known)
        return __real_getpwuid_r(uid, entry, text, n, found);
    *entry = (struct passwd){.pw_uid = uid, .pw_dir = passwd.home};
    *found = entry;
    return 0;
}

/* Who we are, and whether the program was started for another user, when a test wants it. */
static struct {
    bool known;
    uid_t uid;
    bool secure;
} self;

REAL(uid_t, geteuid, void)
{
    return fault.armed && self.known ? self.uid : __real_geteuid();
}

REAL(unsigned long, getauxval, unsigned long type)
{
    return fault.armed && self.secure && type == AT_SECURE ? 1 : __real_getauxval(type);
}

REAL(int, pthread_key_create, pthread_key_t *key, void (*done)(void *p))
{
    return refuses("pthread_key_create") ? EAGAIN : __real_pthread_key_create(key, done);
}

REAL(int, pthread_setspecific, pthread_key_t key, const void *p)
{
    return refuses("pthread_setspecific") ? ENOMEM : __real_pthread_setspecific(key, p);
}

#endif
