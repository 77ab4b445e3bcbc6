/* The lives that alloc.c walks: what every family of keys does from open to close, and what belongs to no family. */
#ifndef FAULT_LIVES_H
#define FAULT_LIVES_H

#include "walk.h"

struct kind;

struct life {
    char name[64];
    void (*run)(struct walk *w, const struct kind *kind);
    const struct kind *kind; /* NULL: of no family */
};

/* The list, for the installed libcrypto; its length. The blobs, signatures and secrets that the lives need are made in a
 * child, so that everything is still unused here. */
size_t lives_make(const struct life **list);

#endif
