/*
 * What a recipient of a CMS envelope needs of an X.509 certificate (RFC 5280): names and the key. Nothing is
 * decided about trust: no signature, no date and no use is looked at.
 */
#ifndef BLOB_CERT_BLOB_H
#define BLOB_CERT_BLOB_H

#include "asn1.h"
#include "rsa_blob.h"

struct cert_view {
    struct span issuer; /* a Name, the whole element */
    struct span serial; /* contents of the INTEGER */
    struct span key_id; /* subject key identifier; empty: there is none */
    struct asn1_oid key_oid;
    struct span key; /* contents of the BIT STRING, in the algorithm's own form */
};

/* Malformed: NTE_BAD_DATA. */
NTSTATUS cert_blob_decode(struct span in, struct cert_view *out) MUST_CHECK;

/* The key of a certificate of RSA. Another algorithm: NTE_NOT_SUPPORTED. */
NTSTATUS cert_rsa_decode(const struct cert_view *cert, struct rsa_view *out) MUST_CHECK;

#endif
