/* The marks, and the place where they come in by themselves: what libcrypto draws for secrets. */
#include "ct_mark.h"

#include <openssl/rand.h>
#include <valgrind/memcheck.h>

#include "ct.h"

void ct_secret(void *p, size_t n)
{
    (void)VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

/* The linker puts this in the place of RAND_priv_bytes_ex (--wrap). */
int real_priv_bytes(OSSL_LIB_CTX *ctx, unsigned char *p, size_t n,
                    unsigned strength) __asm__("__real_RAND_priv_bytes_ex");
int wrap_priv_bytes(OSSL_LIB_CTX *ctx, unsigned char *p, size_t n,
                    unsigned strength) __asm__("__wrap_RAND_priv_bytes_ex");

int wrap_priv_bytes(OSSL_LIB_CTX *ctx, unsigned char *p, size_t n, unsigned strength)
{
    int ok = real_priv_bytes(ctx, p, n, strength);
    ct_secret(p, n);
    return ok;
}
