/*
 * Ten thousand forks. Parent and child draw random numbers, keys and a signature's nonce from where the other has just drawn; among all
 * of them none comes twice.
 */
#include "conform_sym.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A fork of a sanitizer's process copies its shadow's tables. */
#if defined(__SANITIZE_ADDRESS__)
#define FORKS 500
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FORKS 500
#endif
#endif
#ifndef FORKS
#define FORKS 10000
#endif

#define DRAWN 16

/* What one process draws: a nonce as callers of GCM draw it, a number of the system's generator, and r of a signature. */
enum { NONCE, NUMBER, SIGNATURE, KINDS };

static UCHAR (*drawn)[DRAWN];
static BCRYPT_KEY_HANDLE ecdsa;
static BCRYPT_ALG_HANDLE rng;

static bool draw(UCHAR (*out)[DRAWN])
{
    UCHAR hash[32] = {1}, signature[64];
    ULONG n;
    if (BCryptGenRandom(rng, out[NONCE], 12, 0) != STATUS_SUCCESS ||
        BCryptGenRandom(NULL, out[NUMBER], DRAWN, BCRYPT_USE_SYSTEM_PREFERRED_RNG) !=
            STATUS_SUCCESS ||
        BCryptSignHash(ecdsa, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0) !=
            STATUS_SUCCESS)
        return false;
    memcpy(out[SIGNATURE], signature, DRAWN);
    return true;
}

static int by_value(const void *a, const void *b)
{
    return memcmp(a, b, DRAWN);
}

int main(void)
{
    const size_t all = 2 * (size_t)FORKS * KINDS;
    ROW("forks");
    drawn = mmap(NULL, all * DRAWN, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (drawn == MAP_FAILED)
        abort();
    rng = open_alg(BCRYPT_RNG_ALGORITHM);
    ecdsa = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256);
    bool good = true;
    for (size_t i = 0; i < FORKS && good; i++) {
        UCHAR(*own)[DRAWN] = drawn + 2 * i * KINDS;
        pid_t child = fork();
        if (child == 0)
            _exit(draw(own + KINDS) ? 0 : 1);
        int status = -1;
        /* The parent draws at the same time, and sometimes twice between two forks. */
        good = child > 0 && draw(own) && (i % 3 != 0 || draw(own));
        good = good && waitpid(child, &status, 0) == child && status == 0;
    }
    tap(good, "every child draws");
    qsort(drawn, all, DRAWN, by_value);
    size_t twice = 0;
    for (size_t i = 1; i < all; i++)
        twice += memcmp(drawn[i - 1], drawn[i], DRAWN) == 0;
    tap(twice == 0, "no number, nonce or signature twice");
    printf("# figure: 18 %d forks, %zu numbers, nonces and signatures drawn: %zu repeated\n", FORKS,
           all, twice);
    BCryptDestroyKey(ecdsa);
    BCryptCloseAlgorithmProvider(rng, 0);
    return tap_done();
}
