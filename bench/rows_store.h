/* The rows of the suite `store`. */
#ifndef BENCH_ROWS_STORE_H
#define BENCH_ROWS_STORE_H

#include "bench.h"
#include "ours_store.h"

void rows_store_create(struct bench *b, const struct ours_store *s, size_t count);

/* Opening and signing; and by two threads. */
void rows_store_keys(struct bench *b, const struct ours_store *s);
void rows_store_threads(struct bench *b, const struct ours_store *s);

/* Opening a key by its name for one signature, beside libcrypto, for which the key is imported (suite `patterns`). */
void rows_store_patterns(struct bench *b, const struct ours_store *s);

/* How opening and enumeration depend on the number of keys; `counts` grow, and end with 0. The store is empty. */
void rows_store_many(struct bench *b, const struct ours_store *s, const size_t *counts);

#endif
