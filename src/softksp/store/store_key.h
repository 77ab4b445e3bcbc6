/* A loaded key, behind store.h, and what rotation and check need of loading and writing. */
#ifndef STORE_STORE_KEY_H
#define STORE_STORE_KEY_H

#include "store_seal.h"

struct loaded {
    struct store_key key; /* key.record is a copy of container.record */
    struct container container;
    struct bytes bytes; /* of the whole file */
};

struct loaded *loaded_of(const struct store_key *key);

/* Loads from an open folder, by Unique Name, and checks that the record belongs there. */
SECURITY_STATUS key_read(struct store *s, const struct folder *keys, const char *unique,
                         struct store_key **out) MUST_CHECK;

/* The number of files that are keys by their names. */
SECURITY_STATUS keys_count(const struct folder *keys, size_t *n) MUST_CHECK;

/* Makes a key of a file's bytes, which it takes over. */
SECURITY_STATUS key_of_bytes(struct store *s, const char *unique, struct bytes *bytes,
                             const struct stat *st, struct store_key **out) MUST_CHECK;

/* Seals `c` with `payload` and puts it in the place of the file of `old`, whose mode and group it gets. The
 * lock is held; the caller syncs the folder. */
SECURITY_STATUS key_rewrite(const struct folder *keys, const struct ring *ring,
                            const struct store_key *old, struct container *c,
                            const struct store_payload *payload, struct bytes *written) MUST_CHECK;

/* Opens the payload of a key that was just read. */
SECURITY_STATUS key_unseal(const struct store *s, const struct ring *ring,
                           const struct store_key *key, struct secret *storage,
                           struct store_payload *payload) MUST_CHECK;

void key_done(struct store_key **key);
#define SCOPED_LOADED CLEANUP(key_done) struct store_key

#endif
