/*
 * Key stores for the benchmark, and the operations on keys with a name (ncrypt.h).
 *
 * A store of its own lies in a folder that is removed when the process ends, however it ends: a store of many keys in
 * memory would be missed. Keys get random names.
 */
#ifndef BENCH_OURS_STORE_H
#define BENCH_OURS_STORE_H

#include <limits.h>
#include <sys/types.h>

#include "ours.h"
#include <ncrypt.h>

struct ours_store {
    char home[PATH_MAX];
    NCRYPT_PROV_HANDLE provider;
    pid_t remover; /* 0: there is none */
    int alive;     /* the end of a pipe: the remover works when it is closed */
};

/* `folder`: where the store's own folder is made. False after a message on stderr. */
bool ours_store_init(struct ours_store *s, const char *folder);
void ours_store_done(struct ours_store *s);

/* Keys of one store that were named one after the other, and the next one to use. */
struct ours_keys {
    NCRYPT_PROV_HANDLE provider;
    DWORD flags; /* NCRYPT_MACHINE_KEY_FLAG or 0 */
    char series[17];
    size_t count;
    size_t next;
    NCryptKeyName *found; /* enumeration: what it is at */
    void *state;
};

void ours_keys_init(struct ours_keys *k, const struct ours_store *s, DWORD flags);

/* Ends an enumeration; the keys stay. */
void ours_keys_done(struct ours_keys *k);

/* Stores the key until there are `count` of that name. */
bool ours_keys_import(struct ours_keys *k, LPCWSTR type, const struct ours_blob *blob,
                      size_t count);

/* The key whose turn it is; 0 after a message. The turns go all over the store. */
NCRYPT_KEY_HANDLE ours_keys_open(struct ours_keys *k);

/* The sides of rows. */
bool ours_named_create(void *ours_keys);
bool ours_named_open(void *ours_keys);
bool ours_named_next(
    void *ours_keys); /* one step of an enumeration, which begins again at its end */

/* Sign with a key that is open (`key` is an NCRYPT_KEY_HANDLE), or that is opened for it. */
struct ours_named_call {
    NCRYPT_KEY_HANDLE key;
    struct ours_keys keys;
    struct ours_call call;
};

bool ours_named_sign(void *ours_named_call);
bool ours_named_use(void *ours_named_call);

/* A whole enumeration: how much more memory the process had resident during it than before. */
bool ours_named_walk(void *ours_keys, double *grown_kib);

#endif
