/*
 * The suite `patterns`: how known Windows programs call the library, P1 to P18, each beside the same work done well on libcrypto.
 */
#include "suites.h"

#include <stdlib.h>
#include <unistd.h>

#include "rows_store.h"
#include "rows_sym.h"

static const char legend[] =
    "P1, P2   a CTR mode that the program builds of ECB calls of one block (64 of them); ECB of "
    "short batches\n"
    "P3       CBC of one block with a chained vector, each after a question for the size (64 of "
    "them)\n"
    "P4 - P6  records and packets of authenticated encryption; GCM in chained calls\n"
    "P7, P8   open, mode, key, one operation, destroy, close; a key imported for each message\n"
    "P9 - P11 small hashes with an object each; HMAC with a kept key and with an object each; "
    "copies of an object\n"
    "P12      PBKDF2\n"
    "P13      raw RSA and Diffie-Hellman as modular exponentiation, with a key imported for each "
    "call\n"
    "P14, P15 RSA with a key imported for each operation; ECDSA; ECDH with a key made for it\n"
    "P16      a key with a name, opened, used and freed; libcrypto's has no name and is imported\n"
    "P17, P18 small random numbers; two threads on one key or provider, by the clock on the wall, "
    "best slices, not\n"
    "         judged while other programs keep the processors busy\n"
    "ratio: ours / libcrypto used well, below 1 is faster; +-: two standard errors of it; naive: "
    "ours / libcrypto as its\n"
    "manual's examples use it; difference: ours - libcrypto used well. Goal: no slower than that, "
    "by the ratio or by the\n"
    "time, whichever allows more; chance is taken off";

bool suite_patterns(const struct bench_options *options)
{
    static struct ours_store store;
    struct bench *b = bench_new(options, "libcrypto");
    if (b == NULL)
        return false;
    rows_patterns(b);
    rows_mac_patterns(b);
    rows_derive_patterns(b, options->quick || options->once);
    rows_rsa_patterns(b);
    rows_dh_patterns(b);
    rows_ecc_patterns(b);
    if (ours_store_init(&store, access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp"))
        rows_store_patterns(b, &store);
    ours_store_done(&store);
    rows_random(b, "P17");
    rows_shared(b);
    bool ok = bench_finish(b, legend);
    bench_free(b);
    return ok && !ours_failed && !ref_failed;
}
