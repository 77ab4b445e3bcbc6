/*
 * The router: what stands between the exported functions and the providers' tables. It knows
 * handles, names and tables, never an algorithm.
 *
 * Functions that carry strings are exported from the border sources (border_*.c), which are
 * compiled once for each width of WCHAR and turn the caller's strings into names; they call the
 * router_* functions below, which exist once.
 */
#ifndef ROUTER_ROUTER_H
#define ROUTER_ROUTER_H

#include "config.h"
#include "provider.h"

/* ---- resolution (resolve.c) ----------------------------------------------------------------- */

/* The built-in provider's row for an algorithm; NULL when it has none. */
const struct alg_class *resolve_builtin(const struct name *alg);

/* The i-th row of the built-in provider that the installed engine has; NULL after the last. */
const struct alg_class *resolve_nth(size_t i, const struct provider **provider);

/* Opens an algorithm of a class. */
typedef NTSTATUS resolve_open_fn(const struct alg_class *class, uint32_t flags, struct alg **out);

/* Offers the rows for an algorithm in order of priority to `open`, until one can be opened: of the named provider (its
 * name or an alias), or of all when `provider` is NULL. STATUS_NOT_FOUND: there is none. When none can be opened, what went
 * wrong with the first one is the answer. */
NTSTATUS resolve_open(const struct name *alg, const struct name *provider, uint32_t flags,
                      resolve_open_fn *open, struct alg **out) MUST_CHECK;

/* An algorithm as enumerations show it; nothing is loaded for it. */
struct listed {
    const char *alg; /* constant, or the snapshot's */
    uint32_t interface_id;
    uint32_t operations; /* BCRYPT_..._OPERATION bits */
};

/* All algorithms: the built-in provider's, then those that registered providers add. The list is for free(). */
NTSTATUS resolve_list(const struct config *c, struct listed **list, size_t *n) MUST_CHECK;

/* Names of the providers of an algorithm, in order of priority, at most `max`; returns how many. */
size_t resolve_providers(const struct config *c, const struct name *alg, const char **names,
                         size_t max);

/* The algorithms of the pseudo-handles 16n + 1, each NULL until its first use. */
#define PSEUDO_HANDLES 73
extern _Atomic(struct alg *) pseudo_algs[PSEUDO_HANDLES];

/* An algorithm in use: a pseudo-handle's, opened on first use, or an opened one. STATUS_INVALID_HANDLE
 * otherwise; what selftest_pass says where the algorithm does not pass. */
struct alg_use {
    struct alg *alg;
    struct handle_use use;
};

NTSTATUS alg_enter_other(const void *handle, struct alg_use *u) MUST_CHECK;

/* Whether a handle is one of Windows' numbers for an algorithm. */
static inline bool is_pseudo(const void *handle)
{
    return ((uintptr_t)handle & 15) == 1 && (uintptr_t)handle >> 4 < PSEUDO_HANDLES;
}

/* Here, because short operations feel a call: a pseudo-handle that was used before is one load. */
static inline NTSTATUS MUST_CHECK alg_enter(const void *handle, struct alg_use *u)
{
    size_t n = (uintptr_t)handle >> 4;
    if (!is_pseudo(handle))
        return alg_enter_other(handle, u);
    u->use.object = NULL;
    u->alg = atomic_load_explicit(&pseudo_algs[n], memory_order_acquire);
    return u->alg != NULL ? STATUS_SUCCESS : alg_enter_other(handle, u);
}

static inline void alg_leave(struct alg_use *u)
{
    if (u->use.object != NULL) /* not of a pseudo-handle */
        handle_leave(&u->use);
}

#define ALG_USE CLEANUP(alg_leave) struct alg_use

/* An algorithm object of the class, without a handle. */
NTSTATUS alg_new(const struct alg_class *class, uint32_t flags, struct alg **out) MUST_CHECK;

/* Whether a row of properties or blobs is for this name. */
static inline bool row_fits(const char *row, const struct name *name)
{
    return name_is(name, row) || (row[0] == ANY_NAME[0] && row[1] == '\0');
}

/* ---- known answers (selftest.c) ------------------------------------------------------------- */

/* Asks the class for its known answers. STATUS_INTERNAL_ERROR when it gave a wrong one, now or
 * before in this process; a status that is not kept when it gave none. */
NTSTATUS selftest_run(const struct alg_class *class) MUST_CHECK;

/* The same, once: what must succeed before an algorithm is opened. */
static inline NTSTATUS MUST_CHECK selftest_pass(const struct alg_class *class)
{
    const struct selftest *test = class->selftest;
    bool good =
        test == NULL || atomic_load_explicit(test->state, memory_order_acquire) == SELFTEST_GOOD;
    return good ? STATUS_SUCCESS : selftest_run(class);
}

/* ---- keys (bcrypt_key.c) -------------------------------------------------------------------- */

struct key_use {
    struct key *key;
    struct handle_use use;
};

/* A key pair in use. With `final`, one that is not finalized is STATUS_INVALID_HANDLE too. */
static inline bool key_is_final(struct key *key)
{
    return atomic_load_explicit(&key->state, memory_order_acquire) == KEY_FINAL;
}

static inline NTSTATUS MUST_CHECK key_enter(const void *handle, bool final, struct key_use *u)
{
    *u = (struct key_use){.use = handle_enter(handle, OBJECT_KEY)};
    if (u->use.object == NULL)
        return STATUS_INVALID_HANDLE;
    u->key = CONTAINER_OF(u->use.object, struct key, object);
    return final && !key_is_final(u->key) ? STATUS_INVALID_HANDLE : STATUS_SUCCESS;
}

static inline void key_leave(struct key_use *u)
{
    handle_leave(&u->use);
}
#define KEY_USE CLEANUP(key_leave) struct key_use

/* Gives a new key its handle; the caller's variable is written last, and only on success. On failure
 * the key is gone. */
NTSTATUS key_publish(struct key *key, void **handle) MUST_CHECK;

/* STATUS_BUFFER_TOO_SMALL for memory of a caller's that is there and too small (bcrypt_sym.c). */
NTSTATUS object_fits(const void *object, uint32_t size, uint64_t needed) MUST_CHECK;

/* The blob of a symmetric key (bcrypt_sym.c). */
NTSTATUS sym_export(struct key *key, const void *export_key, const struct name *type,
                    const struct out *o) MUST_CHECK;

/* ---- hashes (bcrypt_hash.c) ----------------------------------------------------------------- */

struct hash_use {
    struct hash *hash;
    struct handle_use use;
};

/* A hash in use and its lock; needs hash_leave. One that is finished is STATUS_INVALID_HANDLE. */
NTSTATUS hash_enter(const void *handle, struct hash_use *u) MUST_CHECK;
void hash_leave(struct hash_use *u);
#define HASH_USE CLEANUP(hash_leave) struct hash_use

/* After a result was taken: a reusable hash starts anew, another is finished. */
void hash_restart(struct hash *h);

/* A key belongs to keyed algorithms only; a hash that ignored it would look like a code. */
bool hash_takes_key(const struct hash_class *ops, struct span key) MUST_CHECK;

/* Whether n bytes at `out` can be the result. */
bool hash_gives(const struct hash_class *ops, const void *out, size_t n) MUST_CHECK;

/* A hash or code of the algorithm, ready for data, as BCryptCreateHash makes it; reusable also when the
 * algorithm is. */
NTSTATUS hash_make(struct alg *alg, struct span key, bool reusable, struct hash **h) MUST_CHECK;

/* ---- behind the border ---------------------------------------------------------------------- */

/* A NULL name is a NULL string of the caller's. */

NTSTATUS router_open(const struct name *alg, const struct name *provider, uint32_t flags,
                     void **handle) MUST_CHECK;
NTSTATUS router_import(const void *alg_handle, const void *import_key, const struct name *type,
                       struct span blob, uint32_t flags, void **handle) MUST_CHECK;
NTSTATUS router_export(const void *key, const void *export_key, const struct name *type,
                       uint32_t flags, const struct out *o) MUST_CHECK;
NTSTATUS router_get_property(const void *object, const struct name *name, uint32_t flags,
                             const struct out *o) MUST_CHECK;
NTSTATUS router_set_property(void *object, const struct name *name, uint32_t flags,
                             const struct in *in) MUST_CHECK;
NTSTATUS router_sign(const void *handle, const struct padding *pad, struct span hash,
                     const struct out *o) MUST_CHECK;
NTSTATUS router_verify(const void *handle, const struct padding *pad, struct span hash,
                       struct span sig) MUST_CHECK;
NTSTATUS router_import_sym(const void *alg_handle, const void *import_key, const struct name *type,
                           struct span blob, struct span object, uint32_t flags,
                           void **handle) MUST_CHECK;

/* How the border reads a padding structure; it is asked only when the key is one of a pair, because
 * only the key tells what the caller's pointer points at. */
typedef void read_padding_fn(struct padding *pad, const void *info, ULONG flags);

/* A key that is no cipher's. Decrypting with a key pair looks at the input even in a size query: the answer is the length of the
 * plaintext. */
NTSTATUS router_crypt_pair(struct key *key, const struct crypt *call, read_padding_fn *read,
                           const struct out *o) MUST_CHECK;

/* Laid out where it is called: of a short call of a cipher, one more function with as many arguments is felt. */
static inline MUST_CHECK NTSTATUS router_crypt(const void *handle, const struct crypt *call,
                                               read_padding_fn *read, const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(handle, false, &u)); /* symmetric keys are final from the beginning */
    sym_crypt_fn *crypt = atomic_load_explicit(&u.key->crypt, memory_order_relaxed);
    if (UNLIKELY(crypt == NULL))
        return router_crypt_pair(u.key, call, read, o);
    if (o->result == NULL || input_missing(call->in, o))
        return STATUS_INVALID_PARAMETER;
    return crypt(u.key, call, o);
}

NTSTATUS router_key_derivation(const void *handle, const struct params *params, uint32_t flags,
                               const struct out *o) MUST_CHECK;
NTSTATUS router_derive(const void *handle, const struct name *kdf, const struct params *params,
                       uint32_t flags, const struct out *o) MUST_CHECK;

#endif
