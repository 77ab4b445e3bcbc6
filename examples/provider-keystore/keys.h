/*
 * The keys of the example: pairs of bcrypt.h, in memory. Those with a name are in a list and can be opened again until the
 * process ends or somebody deletes them; those without one go with their handle.
 */
#ifndef KEYS_H
#define KEYS_H

#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* What the store knows of an algorithm. */
struct alg {
    LPCWSTR name, group;
    DWORD class, operations;
    NCRYPT_SUPPORTED_LENGTHS lengths; /* bits */
    LPCWSTR public_blob;
};

/* The row, or NULL; and the i-th, NULL after the last. */
const struct alg *alg_find(LPCWSTR name);
const struct alg *alg_nth(size_t i);

/* A pair, held by its handles and by the list. */
struct pair {
    struct pair *next;
    _Atomic unsigned holders;
    const struct alg *alg;
    BCRYPT_KEY_HANDLE key;
    WCHAR name[]; /* empty: it has none */
};

/* A pair that is not in the list, with a name (NULL: none); its key is NULL. */
SECURITY_STATUS pair_new(struct pair **pair, const struct alg *alg, LPCWSTR name);
void pair_release(struct pair *pair);

/* Into the list; NTE_EXISTS: the name is taken, and may not be overwritten. */
SECURITY_STATUS pair_add(struct pair *pair, bool overwrite);
/* Out of it, if it is there. */
void pair_remove(struct pair *pair);
/* One more holder of the pair of that name; NULL: there is none. */
struct pair *pair_find(LPCWSTR name);
/* The same of the i-th in the list. */
struct pair *pair_nth(size_t i);

/* Bytes of a string with its NUL. */
DWORD text_bytes(LPCWSTR text);
/* Letters of ASCII are the same in both cases, as in all names of CNG. */
bool text_is(LPCWSTR a, LPCWSTR b);

#endif
