/* The suite `primitives`: hashes, codes, ciphers, derivation and random numbers beside the same work on libcrypto. */
#include "suites.h"

#include "rows_sym.h"

static const char legend[] =
    "ratio: ours / libcrypto used well, below 1 is faster; +-: two standard errors of it; naive: "
    "ours / libcrypto as its\n"
    "manual's examples use it; difference: ours - libcrypto used well. Both sides' results were "
    "compared before.\n"
    "libcrypto used well: methods fetched once, contexts kept with their keys, a vector set by "
    "EVP_CipherInit_ex2, the tag\n"
    "read and set by an OSSL_PARAM that is ready. Naive: a new context for each message, and the "
    "method by EVP_sha256()\n"
    "and the like, which fetches it each time (codes: EVP_Q_mac).\n"
    "  object ..., open ..., import ..., make ..., create ...\n"
    "                   have a context of their own on libcrypto's side too, the method fetched "
    "before\n"
    "  kept key         of HKDF: libcrypto starts from the extracted key\n"
    "  goal             no slower than that, by the ratio or by the time, whichever allows more; "
    "chance is taken off\n"
    "  overhead: size, block length\n"
    "                   what finding a handle costs, beside a question to a libcrypto context: "
    "not judged";

bool suite_primitives(const struct bench_options *options)
{
    struct bench *b = bench_new(options, "libcrypto");
    if (b == NULL)
        return false;
    rows_overhead(b);
    rows_hash(b);
    rows_mac(b);
    rows_cipher(b);
    rows_rc4(b);
    rows_random(b, "random");
    rows_derive(b, options->quick || options->once);
    bool ok = bench_finish(b, legend);
    bench_free(b);
    return ok && !ours_failed && !ref_failed;
}
