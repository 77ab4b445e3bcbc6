/*
 * What a recipient of protected data (ncryptprotect.h) tells in its CMS envelope: whom it is for, in the words of the
 * rule, and how the key that opens it is found. Layouts are drawn in protector_blob.c.
 */
#ifndef BLOB_PROTECTOR_BLOB_H
#define BLOB_PROTECTOR_BLOB_H

#include "asn1.h"
#include "rd.h"
#include "wr.h"

#define PROTECTOR_OID "1.3.6.1.4.1.311.74.1"
#define PROTECTOR_SALT_BYTES 32

/* OtherKeyAttribute's value: protector type and rule. */
struct protector_view {
    struct asn1_oid type;
    struct span rule; /* contents of the OR list */
};

/* One term of a rule; `ends` says whether it is the last of its AND group. */
struct protector_term {
    struct span name, value; /* UTF-8 */
    bool ends;
};

NTSTATUS protector_decode(struct span in, struct protector_view *out) MUST_CHECK;

/* Walks over the terms: struct protector_walk w = {.groups = asn1_of(rule)}. False after the last, and then w.groups and
 * w.terms tell whether all was well-formed. */
struct protector_walk {
    struct asn1 groups, terms;
};
bool protector_next(struct protector_walk *w, struct protector_term *out) MUST_CHECK;

/* A rule of one term. */
void protector_encode(const char *type, struct span name, struct span value, struct asn1_out *o);

/* KEKIdentifier's OCTET STRING of this library. */
struct key_locator {
    uint32_t group;      /* which branch of the rule the term is of, from 0 */
    struct span salt;    /* PROTECTOR_SALT_BYTES */
    struct span details; /* what the protector needs to find its secret again */
};

/* NTE_NOT_SUPPORTED: somebody else's. */
NTSTATUS key_locator_decode(struct span in, struct key_locator *out) MUST_CHECK;
void key_locator_encode(const struct key_locator *v, struct wr *w);

#endif
