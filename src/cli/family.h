/*
 * What the tool knows about algorithms, as rows. A family is a kind of key file; an algorithm is a name of CNG's, as
 * --algorithm takes it.
 */
#ifndef CLI_FAMILY_H
#define CLI_FAMILY_H

#include "fields.h"

/* Blob types, first choice first. */
struct blob_types {
    const char *types[3]; /* NULL-terminated */
};

/* Public and private, in this order. */
struct type_pair {
    struct blob_types of[2];
};

struct family {
    const char *name; /* as der.c's rows say */
    struct type_pair
        natural;            /* what "blob" means as an output format: the first that the key has */
    struct type_pair store; /* fields become the first that can be written */
    struct type_pair full;  /* a key's fields, for DER, are those of all that it has */
    const char *rules;      /* what CNG wants of a key that others may not; NULL: nothing */
    void (*complete)(struct fields *f); /* before storing: what only blobs state; NULL: nothing */
};

enum use {
    USE_NONE = 0,
    USE_SIGN = 1,
    USE_ENCRYPT = 2,
    USE_AGREE = 4,
    USE_ENCAPSULATE = 8,
};

enum size_kind {
    SIZE_BITS,  /* --bits */
    SIZE_CURVE, /* --curve */
    SIZE_FIXED, /* in the name */
    SIZE_SET,   /* --set */
};

struct algorithm {
    const char *name;
    const char *blobs; /* the algorithm that layouts of its blobs name */
    const struct family *family;
    unsigned uses; /* enum use */
    enum size_kind size;
    uint32_t bits;        /* default, or fixed */
    const char *standard; /* curve or parameter set: default, or fixed */
    const char *summary;
};

extern const struct algorithm algorithms[];
extern const size_t algorithm_count;

/* The row of that name, in any case of letters; NULL: none. */
const struct algorithm *algorithm_named(const char *name);

/* The row that a key of a family belongs to when its file does not say, for a use. */
const struct algorithm *algorithm_of_family(const char *family, enum use use);

/* The family of a key: X25519 is one of its own. */
const struct family *family_of(const struct algorithm *algorithm, const char *curve);

/* A parameter set in its proper spelling ("ml-kem-768", "768"); NULL: the algorithm has no such set. */
const char *set_named(const struct algorithm *algorithm, const char *text);

/* The sets of an algorithm, NULL-terminated. */
const char *const *sets_of(const struct algorithm *algorithm);

/* "signs", "encrypts" ... */
const char *use_verb(enum use use);

#endif
