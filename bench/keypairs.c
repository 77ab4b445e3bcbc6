/* The suite `keypairs`: the life and the use of every asymmetric key, beside the same work on libcrypto alone. */
#include "suites.h"

#include "rows.h"

static const char legend[] =
    "ratio: ours / libcrypto, below 1 is faster; difference: ours - libcrypto; +-: two standard "
    "errors of the ratio.\n"
    "libcrypto's side is EVP with everything fetched and initialised beforehand: EVP_PKEY_sign, "
    "_verify, _encrypt,\n"
    "_decrypt, _derive (the peer set once), _encapsulate, _decapsulate on one kept context, "
    "EVP_PKEY_generate and\n"
    "EVP_PKEY_fromdata on a kept context with ready parameters, EVP_PKEY_get_params for all "
    "numbers of an export. Its\n"
    "ECDSA and DSA signatures stay in DER. Our side opens, uses and closes handles as a program "
    "does: generation and\n"
    "import include the destruction of the key, agreement that of the secret.\n"
    "  naive            ours / libcrypto with a context made, initialised and freed for each call\n"
    "  checked, tested  libcrypto then runs EVP_PKEY_pairwise_check on private keys, "
    "EVP_PKEY_public_check_quick on\n"
    "                   public ones (order: EVP_PKEY_public_check), EVP_PKEY_param_check on "
    "parameters; elsewhere it\n"
    "                   does what loading or generating does by itself\n"
    "  unchecked        ours with BCRYPT_NO_KEY_VALIDATION, libcrypto without a check\n"
    "  known, new key   the library remembers RSA moduli whose factors it found to be prime; new: "
    "not seen before\n"
    "  ... once         the import and one use: work that an import puts off is in these rows\n"
    "  two threads      by the clock on the wall, best slices; not judged unless two processors "
    "were idle\n"
    "  ... by two threads  the same for OPENCNG_KEY_GENERATION_THREADS, means\n"
    "  goal             the operation may take so much longer than libcrypto, in the ratio or in "
    "time, whichever is more\n"
    "  not judged       libcrypto does less there, and the API has no way to ask for less";

bool suite_keypairs(const struct bench_options *options)
{
    struct bench *b = bench_new(options, "libcrypto");
    if (b == NULL)
        return false;
    rows_wrapper(b);
    rows_rsa(b);
    rows_ecdsa(b);
    rows_ecdh(b);
    rows_dh(b);
    rows_dsa(b);
    rows_mlkem(b);
    rows_mldsa(b);
    rows_threads(b);
    bool ok = bench_finish(b, legend);
    bench_free(b);
    return ok && !ours_failed && !ref_failed;
}
