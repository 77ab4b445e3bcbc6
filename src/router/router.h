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

#include "provider.h"

/* ---- resolution (resolve.c) ----------------------------------------------------------------- */

/* The row for an algorithm, or NULL. `provider` NULL: any. */
const struct alg_class *resolve_class(const struct name *alg, const struct name *provider);

/* The i-th row of all providers that the installed engine has; NULL after the last. */
const struct alg_class *resolve_nth(size_t i, const struct provider **provider);

/* The number of pseudo-handles of the API, and the i-th one's algorithm (opened on first use; NULL
 * when its algorithm is absent). */
struct alg *resolve_pseudo(const void *handle);

/* An algorithm in use: a pseudo-handle's or an opened one. STATUS_INVALID_HANDLE otherwise. */
struct alg_use {
    struct alg *alg;
    struct handle_use use;
};

NTSTATUS alg_enter(const void *handle, struct alg_use *u) MUST_CHECK;
void alg_leave(struct alg_use *u);
#define ALG_USE CLEANUP(alg_leave) struct alg_use

/* A zeroed algorithm object of the class; NULL when memory is exhausted. */
struct alg *alg_alloc(const struct alg_class *class, uint32_t flags);

/* ---- keys (bcrypt_key.c) -------------------------------------------------------------------- */

struct key_use {
    struct key *key;
    struct handle_use use;
};

/* A key pair in use. With `final`, one that is not finalized is STATUS_INVALID_HANDLE too. */
NTSTATUS key_enter(const void *handle, bool final, struct key_use *u) MUST_CHECK;
void key_leave(struct key_use *u);
#define KEY_USE CLEANUP(key_leave) struct key_use

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
NTSTATUS router_encrypt(const void *handle, const struct padding *pad, struct span in,
                        const struct out *o) MUST_CHECK;
NTSTATUS router_decrypt(const void *handle, const struct padding *pad, struct span in,
                        const struct out *o) MUST_CHECK;
NTSTATUS router_derive(const void *handle, const struct name *kdf, const struct params *params,
                       uint32_t flags, const struct out *o) MUST_CHECK;

#endif
