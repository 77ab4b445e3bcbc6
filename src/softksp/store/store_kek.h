/*
 * The key-encryption key: found through the slots, kept in the store's cache, made at the first creation.
 *
 * The file "current.kek" beside the slots says which KEK is the current one. Its appearance is what
 * makes a KEK, its replacement is what makes a rotation take effect:
 *
 *    0  magic          "OCNGKEK\x1a"
 *    8  version        1
 *   12  retired        0 or 1
 *   16  KEK id[16]
 *   32  salt[32]
 *   64  retired id[16]     where retired is 1
 *       nonce[12]
 *       retired KEK[32]    where retired is 1; encrypted
 *       GCM tag[16]
 *
 * Associated data: everything before the nonce. Key: HKDF-SHA256 of the KEK with the salt, so who has not the
 * KEK cannot make the file. A retired KEK opens the keys that a rotation has not reached yet.
 */
#ifndef STORE_STORE_KEK_H
#define STORE_STORE_KEK_H

#include "store_file.h"
#include "store_slot.h"

#define CURRENT_NAME "current.kek"
#define CURRENT_FILE_MAX 256

/* A store, behind store.h. */
struct store {
    enum store_scope scope;
    struct places places;
    struct cache *cache; /* in locked memory; store_kek.c */
};

/* Bytes of the current KEK and the retired one. */
#define RING_BYTES ((size_t)2 * STORE_KEY_BYTES)

/* The KEKs that are in force. */
struct ring {
    struct stamp stamp; /* of current.kek */
    bool has_retired;
    uint8_t id[STORE_KEK_ID_BYTES];
    uint8_t retired_id[STORE_KEK_ID_BYTES];
    struct secret keys; /* the current KEK, then the retired one */
};

void ring_done(struct ring *r);
#define RING CLEANUP(ring_done) struct ring

/* The KEK of that id; NULL when it is not in the ring. */
const uint8_t *ring_find(const struct ring *r, const uint8_t id[STORE_KEK_ID_BYTES]);

/* Finds the KEK, from the cache or through the slots. A store without one: NTE_NO_KEY. */
SECURITY_STATUS ring_get(struct store *s, struct span passphrase, struct ring *out) MUST_CHECK;

/* The same, always through the slots that ask for a passphrase. */
SECURITY_STATUS ring_get_asking(struct store *s, struct span passphrase,
                                struct ring *out) MUST_CHECK;

/* The same; a store without a KEK gets one, with a slot as wished (NULL: "default", of type file): then *made
 * is true. The key folder exists. */
SECURITY_STATUS ring_get_or_make(struct store *s, const struct folder *keys, struct span passphrase,
                                 const struct store_slot_wish *wish, struct ring *out,
                                 bool *made) MUST_CHECK;

/* Whether the ring is still what current.kek says. */
bool ring_is_current(const struct store *s, const struct ring *r) MUST_CHECK;

/* Writes current.kek: `kek` becomes current, `retired` (or NULL) stays usable. Replaces what is there, or
 * with `first` refuses to (NTE_EXISTS). */
SECURITY_STATUS current_write(const struct folder *slots, bool first,
                              const uint8_t id[STORE_KEK_ID_BYTES],
                              const uint8_t kek[STORE_KEY_BYTES], const uint8_t *retired_id,
                              const uint8_t *retired) MUST_CHECK;

/* The id in current.kek, not verified. NTE_NO_KEY when there is none. */
SECURITY_STATUS current_id(const struct folder *slots, uint8_t id[STORE_KEK_ID_BYTES],
                           bool *has_retired) MUST_CHECK;

/* --- the cache ----------------------------------------------------------------------------------------- */

SECURITY_STATUS cache_new(struct cache **out) MUST_CHECK;
void cache_free(struct cache *c);
void cache_forget(struct cache *c);
void cache_put(struct cache *c, const struct ring *r);

/* A copy of what is kept; false when nothing is. */
bool cache_get(struct cache *c, struct ring *out) MUST_CHECK;

#endif
