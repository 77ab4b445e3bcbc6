/*
 * The kernel's generator fails, is interrupted or gives too little: as the program's own getentropy, getrandom, syscall and open, which the
 * library and libcrypto get to see, say so. Whatever needs random numbers then fails with a status; what it was asked to fill is zero,
 * no key comes into being, and nobody looks elsewhere.
 */
#include "conform_sym.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- the kernel -------------------------------------------------------------------------------------------------- */

enum kernel { WORKS, FAILS, LACKS, INTERRUPTS, GIVES_LITTLE };

static enum kernel kernel;
static unsigned asked;

#define SEEN __attribute__((visibility("default")))

static ssize_t from_kernel(void *p, size_t n)
{
    int (*real)(void *, size_t);
    void *found = dlsym(RTLD_NEXT, "getentropy");
    memcpy(&real, &found, sizeof real);
    return real(p, n) == 0 ? (ssize_t)n : -1;
}

SEEN ssize_t getrandom(void *p, size_t n, unsigned flags)
{
    (void)flags;
    asked++;
    switch (kernel) {
    case WORKS:
        break;
    case FAILS:
        errno = EIO;
        return -1;
    case LACKS:
        errno = ENOSYS;
        return -1;
    case INTERRUPTS:
        if (asked % 4 != 0) {
            errno = EINTR;
            return -1;
        }
        break;
    case GIVES_LITTLE:
        n = n > 3 ? n / 3 : n;
        break;
    }
    return from_kernel(p, n);
}

/* It gives all or nothing, so that what gives little does not have it. */
SEEN int getentropy(void *p, size_t n)
{
    if (kernel == GIVES_LITTLE) {
        errno = ENOSYS;
        return -1;
    }
    return getrandom(p, n, 0) == (ssize_t)n ? 0 : -1;
}

SEEN long syscall(long number, ...)
{
    long a[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    if (number == SYS_getrandom)
        return getrandom((void *)(intptr_t)a[0], (size_t)a[1], (unsigned)a[2]);
    long (*real)(long, ...);
    void *found = dlsym(RTLD_NEXT, "syscall");
    memcpy(&real, &found, sizeof real);
    return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

/* Devices of randomness are where a library would look next. */
static bool is_gone(const char *path)
{
    bool device = strncmp(path, "/dev/", 5) == 0 &&
                  (strstr(path, "random") != NULL || strstr(path, "hwrng") != NULL);
    if (kernel == WORKS || kernel == INTERRUPTS || !device)
        return false;
    errno = ENOENT;
    return true;
}

/* Both symbols, whichever of them the headers make of the name. */
#define OPEN(symbol)                                                                               \
    SEEN int open_as_##symbol(const char *path, int flags, ...) __asm__(#symbol);                  \
    int open_as_##symbol(const char *path, int flags, ...)                                         \
    {                                                                                              \
        va_list list;                                                                              \
        va_start(list, flags);                                                                     \
        int mode = va_arg(list, int);                                                              \
        va_end(list);                                                                              \
        return is_gone(path) ? -1 : openat(AT_FDCWD, path, flags, mode);                           \
    }

OPEN(open)
OPEN(open64)

/* ---- what needs random numbers ----------------------------------------------------------------------------------- */

static BCRYPT_KEY_HANDLE rsa, ecdsa;
static BCRYPT_ALG_HANDLE rng;
static UCHAR out[512];
static ULONG out_n;

static NTSTATUS system_number(void)
{
    out_n = 48;
    return BCryptGenRandom(NULL, out, 48, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
}

static NTSTATUS opened_number(void)
{
    out_n = sizeof out;
    return BCryptGenRandom(rng, out, sizeof out, 0);
}

static NTSTATUS pair(LPCWSTR name, ULONG bits, LPCWSTR type)
{
    BCRYPT_ALG_HANDLE alg = open_alg(name);
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status = BCryptGenerateKeyPair(alg, &key, bits, 0);
    if (status >= 0)
        status = BCryptFinalizeKeyPair(key, 0);
    /* Of a key that is not finalized nothing can be had. */
    BCryptExportKey(key, NULL, type, out, sizeof out, &out_n, 0);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
    return status;
}

static NTSTATUS rsa_pair(void)
{
    return pair(BCRYPT_RSA_ALGORITHM, 1024, BCRYPT_RSAPRIVATE_BLOB);
}

static NTSTATUS ecdsa_pair(void)
{
    return pair(BCRYPT_ECDSA_P384_ALGORITHM, 384, BCRYPT_ECCPRIVATE_BLOB);
}

static NTSTATUS dh_pair(void)
{
    return pair(BCRYPT_DH_ALGORITHM, 2048, BCRYPT_DH_PRIVATE_BLOB);
}

static NTSTATUS ecdsa_signature(void)
{
    UCHAR hash[32] = {1};
    return BCryptSignHash(ecdsa, NULL, hash, sizeof hash, out, sizeof out, &out_n, 0);
}

static NTSTATUS pss_signature(void)
{
    UCHAR hash[32] = {1};
    BCRYPT_PSS_PADDING_INFO info = {BCRYPT_SHA256_ALGORITHM, 32};
    return BCryptSignHash(rsa, &info, hash, sizeof hash, out, sizeof out, &out_n, BCRYPT_PAD_PSS);
}

static NTSTATUS pkcs1_ciphertext(void)
{
    UCHAR text[16] = {1};
    return BCryptEncrypt(rsa, text, sizeof text, NULL, NULL, 0, out, sizeof out, &out_n,
                         BCRYPT_PAD_PKCS1);
}

static NTSTATUS oaep_ciphertext(void)
{
    UCHAR text[16] = {1};
    BCRYPT_OAEP_PADDING_INFO info = {BCRYPT_SHA256_ALGORITHM, NULL, 0};
    return BCryptEncrypt(rsa, text, sizeof text, &info, NULL, 0, out, sizeof out, &out_n,
                         BCRYPT_PAD_OAEP);
}

static const struct {
    const char *label;
    NTSTATUS (*call)(void);
} calls[] = {
    {"a number of the system's generator", system_number},
    {"a number of an opened generator", opened_number},
    {"an RSA pair", rsa_pair},
    {"an ECDSA pair", ecdsa_pair},
    {"a DH pair", dh_pair},
    {"an ECDSA signature", ecdsa_signature},
    {"a PSS signature", pss_signature},
    {"a PKCS #1 ciphertext", pkcs1_ciphertext},
    {"an OAEP ciphertext", oaep_ciphertext},
};

#define RANDOM_CALLS 2 /* the first ones */

/* The first two are right: refused, or whole although the kernel was difficult. */
enum { REFUSED, WHOLE, NOT_ASKED, GAVE_SOMETHING, WORKED };

/* In a child, whose generator has to be seeded anew. */
static int try_call(size_t i, bool may_work)
{
    UCHAR first[sizeof out];
    /* Random numbers are zero after a failure; other outputs are not touched, so that it does no harm to look for zero there, too. */
    memset(out, i < RANDOM_CALLS ? 0xEE : 0, sizeof out);
    out_n = 0;
    asked = 0;
    NTSTATUS status = calls[i].call();
    if (asked == 0)
        return NOT_ASKED;
    if (status < 0)
        return all_bytes(out, i < RANDOM_CALLS ? out_n : sizeof out, 0) ? REFUSED : GAVE_SOMETHING;
    memcpy(first, out, sizeof first);
    bool again = calls[i].call() >= 0 && memcmp(first, out, out_n) != 0;
    return may_work && again ? WHOLE : WORKED;
}

static const struct {
    const char *label;
    enum kernel kernel;
    bool may_work;
} kernels[] = {
    {"fails", FAILS, false},
    {"lacks the call, and there is no device", LACKS, false},
    {"is interrupted three times of four", INTERRUPTS, true},
    {"gives a third of what it is asked for", GIVES_LITTLE, true},
};

int main(void)
{
    size_t refused = 0, whole = 0;
    rsa = make_key(BCRYPT_RSA_ALG_HANDLE, 1024);
    ecdsa = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256);
    rng = open_alg(BCRYPT_RNG_ALGORITHM);
    for (size_t k = 0; k < COUNT(kernels); k++) {
        row_begin("the kernel %s", kernels[k].label);
        for (size_t i = 0; i < COUNT(calls); i++) {
            int status = 0;
            pid_t child = fork();
            if (child == 0) {
                kernel = kernels[k].kernel;
                _exit(try_call(i, kernels[k].may_work));
            }
            bool good = waitpid(child, &status, 0) == child && WIFEXITED(status) &&
                        WEXITSTATUS(status) <= (kernels[k].may_work ? WHOLE : REFUSED);
            tap(good, calls[i].label);
            if (!good)
                printf("# status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
            refused += good && WEXITSTATUS(status) == REFUSED;
            whole += good && WEXITSTATUS(status) == WHOLE;
        }
    }
    printf("# figure: 19 %zu calls without random numbers refused with nothing given out, %zu that "
           "had to ask more than once whole\n",
           refused, whole);
    BCryptDestroyKey(rsa);
    BCryptDestroyKey(ecdsa);
    BCryptCloseAlgorithmProvider(rng, 0);
    return tap_done();
}
