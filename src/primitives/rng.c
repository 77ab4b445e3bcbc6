/*
 * Random numbers: libcrypto's CTR_DRBG (SP 800-90A, AES-256, as Windows') behind a small buffer for
 * each thread.
 *
 * A call of libcrypto's generator costs as much for 16 bytes as for hundreds, and programs ask for
 * 16 bytes a million times. So a thread draws a few kilobytes at once and hands them out; every
 * byte is erased as it is handed out. The buffer is memory that the kernel zeroes in a forked
 * child, its fill count included, so parent and child never give out the same bytes, however the
 * process was forked. Where the kernel cannot promise that, there is no buffer.
 *
 * It fails closed: no status of success without fresh bytes, and no stale bytes in the caller's
 * buffer.
 */
#include "answers.h"
#include "levers.h"
#include "registry.h"

#include "ossl.h"

#include <pthread.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/rand.h>

#define BUFFER_BYTES 4096
#define LARGEST_BUFFERED 512 /* above, going through the buffer gains nothing */

struct buffer {
    size_t left; /* fresh bytes, at the end */
    uint8_t bytes[BUFFER_BYTES - sizeof(size_t)];
};

static _Thread_local struct buffer *mine __attribute__((tls_model("initial-exec")));
static _Thread_local bool bufferless __attribute__((tls_model("initial-exec")));
static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void buffer_free(void *p)
{
    mine = NULL;
    wipe(p, sizeof(struct buffer));
    munmap(p, sizeof(struct buffer));
}

static void start(void)
{
    exit_key_made = pthread_key_create(&exit_key, buffer_free) == 0;
}

/* Emulators (qemu-user, say) take every advice for good and follow none; they are known by accepting one that does not exist. */
static bool wipes_on_fork(void *p, size_t n)
{
    return madvise(p, n, -1) != 0 && madvise(p, n, MADV_WIPEONFORK) == 0;
}

static struct buffer *buffer_map(void)
{
    void *p = mmap(NULL, sizeof(struct buffer), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                   -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    if (!wipes_on_fork(p, sizeof(struct buffer)) || pthread_setspecific(exit_key, p) != 0) {
        munmap(p, sizeof(struct buffer));
        return NULL;
    }
    (void)mlock(p, sizeof(struct buffer));
    (void)madvise(p, sizeof(struct buffer), MADV_DONTDUMP);
    return p;
}

/* The thread's buffer; NULL when it has to do without. */
static struct buffer *buffer_get(void)
{
    if (mine != NULL || bufferless)
        return mine;
    pthread_once(&once, start);
    mine = exit_key_made ? buffer_map() : NULL;
    bufferless = mine == NULL;
    return mine;
}

/* The generator itself, without the detour of RAND_bytes through a method
 * that a program may have replaced. */
static NTSTATUS draw(uint8_t *p, size_t n)
{
    OSSL_LIB_CTX *ctx = ossl_ctx();
    EVP_RAND_CTX *drbg = ctx == NULL ? NULL : RAND_get0_public(ctx);
    if (drbg != NULL && EVP_RAND_generate(drbg, p, n, 0, 0, NULL, 0) == 1)
        return STATUS_SUCCESS;
    wipe(p, n);
    return ossl_failed(STATUS_INTERNAL_ERROR);
}

bool rng_is_buffered(void)
{
    return buffer_get() != NULL;
}

void rng_allow_buffer(bool on)
{
    bufferless = !on;
    if (!on && mine != NULL) {
        pthread_setspecific(exit_key, NULL);
        buffer_free(mine);
    }
}

static NTSTATUS rng_random(struct alg *alg, uint32_t flags, uint8_t *p, size_t n)
{
    /* BCRYPT_RNG_USE_ENTROPY_IN_BUFFER is accepted and, as since Windows 8, ignored. */
    (void)alg, (void)flags;
    if (n == 0)
        return STATUS_SUCCESS;
    struct buffer *b = n <= LARGEST_BUFFERED ? buffer_get() : NULL;
    if (b == NULL)
        return draw(p, n);
    if (b->left < n) {
        b->left = 0;
        NTSTATUS status = draw(b->bytes, sizeof b->bytes);
        if (status < 0) {
            wipe(p, n);
            return status;
        }
        b->left = sizeof b->bytes;
    }
    uint8_t *fresh = b->bytes + (sizeof b->bytes - b->left);
    b->left -= n;
    memcpy(p, fresh, n);
    wipe(fresh, n);
    return STATUS_SUCCESS;
}

static const struct prop_row no_props[] = {{.name = NULL}};

const struct alg_class rng_class = {
    .name = "RNG",
    .interface_id = BCRYPT_RNG_INTERFACE,
    .operations = BCRYPT_RNG_OPERATION,
    .props = no_props,
    .random = rng_random,
    .random_flags = BCRYPT_RNG_USE_ENTROPY_IN_BUFFER,
    .selftest = &selftest_rng,
};

const struct alg_class rng_dsa_class = {
    .name = "FIPS186DSARNG",
    .interface_id = BCRYPT_RNG_INTERFACE,
    .operations = BCRYPT_RNG_OPERATION,
    .props = no_props,
    .random = rng_random,
    .random_flags = BCRYPT_RNG_USE_ENTROPY_IN_BUFFER,
    .selftest = &selftest_rng,
};

/* Windows 10 took the Dual EC generator out and kept its name for the system's generator. */
const struct alg_class rng_dual_ec_class = {
    .name = "DUALECRNG",
    .interface_id = BCRYPT_RNG_INTERFACE,
    .operations = BCRYPT_RNG_OPERATION,
    .props = no_props,
    .random = rng_random,
    .random_flags = BCRYPT_RNG_USE_ENTROPY_IN_BUFFER,
    .selftest = &selftest_rng,
};
