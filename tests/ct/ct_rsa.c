/*
 * ct_rsa CASE: a piece of work on RSA's secrets, for ct_test.py to watch under valgrind.
 *
 * The sources of the library that see p and q are compiled into this program with OPENCNG_TAINT, so
 * that what they reveal with ct_public is taken for public, and nothing else is.
 */
#include <stdio.h>
#include <string.h>

#include "ct.h"
#include "ct_mark.h"

#include "rsa_gen.h"
#include "rsa_parts.h"
#include "rsa_prime.h"

#define BITS 512 /* enough: all sizes take the same code here */

static bool generate(unsigned threads)
{
    RSA_PARTS k = {0};
    return rsa_generate(BITS, threads, &k) == STATUS_SUCCESS;
}

static bool generate_alone(void)
{
    return generate(1);
}

static bool generate_together(void)
{
    return generate(2);
}

/* A private key comes in from bytes: the numbers that are missing, then the checks of a default
 * import. */
static bool import(void)
{
    uint8_t p[BITS / 16], q[BITS / 16], n[BITS / 8], e[3] = {1, 0, 1};
    RSA_PARTS made = {0};
    if (rsa_generate(BITS, 1, &made) != STATUS_SUCCESS || !bn_write(made.p, p, sizeof p) ||
        !bn_write(made.q, q, sizeof q) || !bn_write(made.n, n, sizeof n))
        return false;
    ct_secret(p, sizeof p);
    ct_secret(q, sizeof q);
    ct_publish(n, sizeof n);
    const struct rsa_view view = {.e = num_be(e, sizeof e),
                                  .n = num_be(n, sizeof n),
                                  .p = num_be(p, sizeof p),
                                  .q = num_be(q, sizeof q)};
    RSA_PARTS read = {0};
    RSA *rsa = NULL;
    bool prime = false;
    bool ok = rsa_parts_read(&read, &view) == STATUS_SUCCESS &&
              prime_test_pair(read.p, read.q, 4, &prime) == STATUS_SUCCESS && prime &&
              rsa_parts_into(&read, &rsa) == STATUS_SUCCESS &&
              rsa_check_private(rsa) == STATUS_SUCCESS;
    RSA_free(rsa);
    return ok;
}

/* ---- what has to be found ------------------------------------------------------------------- */

static volatile unsigned sink;

static bool leak_branch(void)
{
    unsigned char secret = 5;
    ct_secret(&secret, sizeof secret);
    if (secret & 1)
        sink = 1;
    return true;
}

static bool leak_index(void)
{
    static volatile unsigned char table[256];
    unsigned char secret = 5;
    ct_secret(&secret, sizeof secret);
    sink = table[secret];
    return true;
}

static bool leak_compare(void)
{
    unsigned char secret[16] = "a secret of ours";
    unsigned char other[sizeof secret] = {0};
    volatile size_t n = sizeof secret; /* so that the C library does it */
    ct_secret(secret, sizeof secret);
    if (memcmp(secret, other, n) < 0)
        sink = 1;
    return true;
}

static const struct {
    const char *name;
    bool (*run)(void);
} cases[] = {
    {"generate", generate_alone}, {"generate-threads", generate_together},
    {"import", import},           {"leak-branch", leak_branch},
    {"leak-index", leak_index},   {"leak-compare", leak_compare},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < ARRAY_COUNT(cases); i++) {
        if (strcmp(argv[1], cases[i].name) == 0)
            return cases[i].run() ? 0 : 1;
    }
    fprintf(stderr, "usage: ct_rsa CASE\n");
    return 2;
}
