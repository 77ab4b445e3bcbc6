/* Key blobs of RSA: views and codecs of the three BCRYPT_RSAKEY_BLOB
 * layouts (layout drawn in rsa_blob.c). */
#ifndef BLOB_RSA_BLOB_H
#define BLOB_RSA_BLOB_H

#include "rd.h"
#include "wr.h"

enum rsa_form {
    RSA_FORM_PUBLIC,
    RSA_FORM_PRIVATE,
    RSA_FORM_FULL,
    RSA_FORM_ANY_PUBLIC,
    RSA_FORM_ANY_PRIVATE,
    RSA_FORM_CAPI_PUBLIC,
    RSA_FORM_CAPI_PRIVATE
};

/* An RSA key as numbers; absent ones are empty. */
struct rsa_view {
    struct num e, n;          /* always */
    struct num p, q;          /* private forms */
    struct num dp, dq, qi, d; /* full forms (and CryptoAPI's private one) */
};

/* Decodes any form; ANY_PUBLIC and ANY_PRIVATE take the layout from the magic (generic blob types).
 * Wrong magic: STATUS_INVALID_PARAMETER; sizes that do not add up: NTE_BAD_DATA (as Windows).
 * BitLength is not checked. */
NTSTATUS rsa_blob_decode(int form, struct span in, struct rsa_view *out) MUST_CHECK;

/* Writes the form; ANY_PUBLIC is PUBLIC and ANY_PRIVATE is PRIVATE. Numbers are written in their
 * natural widths: e without leading zeros, p and q each in its own length, d and n in the modulus
 * length. A key that CryptoAPI's form cannot hold (e above 32 bits, a prime of more than half of n)
 * fails in `w`, in a count too. */
void rsa_blob_encode(int form, const struct rsa_view *v, struct wr *w);

#endif
