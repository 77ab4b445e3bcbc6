/*
 * The contract between the router and a key storage provider.
 *
 * A provider is one constant row, `struct ksp`: facts, property rows, functions. The router checks
 * handles, pointers, flags and the key's state, calls the function and turns its status into one of
 * ncrypt.h's. A NULL slot means that the provider cannot do this: NTE_NOT_SUPPORTED.
 *
 * The built-in provider's row is a constant. Those of registered providers are made when one is opened
 * first and kept as long as the process lives.
 *
 * Functions return NTE_... codes, or the NTSTATUS that they got from bcrypt.h or from this folder:
 * the router translates those through one table (ncrypt_status.c).
 */
#ifndef BASE_KSP_H
#define BASE_KSP_H

#include <stdatomic.h>

#include "ncrypt.h"
#include "wincrypt.h"

#include "busy.h"
#include "handle.h"
#include "out.h"
#include "padding.h"
#include "text.h"

struct ksp;
struct ksp_prop;

/* ---- objects -------------------------------------------------------------------------------- */

/* An open provider. Providers embed it as the first member of a larger struct. */
struct ksp_provider {
    struct object object;
    const struct ksp *ksp;
    _Atomic uint32_t refs; /* its handle's, and one for each of its keys and secrets */
    struct busy busy;      /* whoever opens or closes its handle */
    void *handle;
    uint32_t opens; /* times that the handle was given out and not freed */
};

enum ksp_state { KSP_BUILDING, KSP_BUSY, KSP_FINAL };

/* A key. Providers embed it as the first member of their own struct. */
struct ksp_key {
    struct object object;
    struct ksp_provider *provider; /* counted */
    _Atomic int state;             /* enum ksp_state; BUSY while one thread finalizes or deletes */
    struct busy busy;              /* whoever reads or changes properties */
};

/* What NCryptSecretAgreement returns. */
struct ksp_secret {
    struct object object;
    struct ksp_provider *provider; /* counted */
};

/* ---- what calls carry ----------------------------------------------------------------------- */

/* An NCryptBufferDesc, whose strings have the caller's width. */
struct ksp_params {
    const NCryptBuffer *list;
    size_t count;
    enum width width;
};

/* The first buffer of the type as a value; p is NULL where there is none. */
struct in ksp_param(const struct ksp_params *params, uint32_t type);

/* Whether there is one, which may be empty. */
bool ksp_param_is(const struct ksp_params *params, uint32_t type);

/* One call of NCryptEncrypt or NCryptDecrypt. */
struct ksp_crypt {
    bool encrypt;
    uint32_t flags; /* the call's dwFlags */
    struct span in;
    struct padding pad; /* of a key pair */
    const void *info; /* of a symmetric key: NCRYPT_CIPHER_PADDING_INFO or NULL; holds no strings */
};

/* A key as an enumeration tells of it. */
struct ksp_entry {
    const struct text *name;
    const char *alg;
    uint32_t spec;
    uint32_t flags; /* NCRYPT_MACHINE_KEY_FLAG or 0 */
};

/* A key that is to be made or opened. */
struct ksp_id {
    const struct text *name; /* NULL: a key without a name */
    uint32_t spec;           /* dwLegacyKeySpec */
    uint32_t flags;          /* the call's dwFlags */
};

/* ---- rows ----------------------------------------------------------------------------------- */

enum ksp_on { ON_PROVIDER = 1, ON_KSP_KEY = 2, ON_KSP_SECRET = 4 };

/* Whom a property is asked of (exactly one of the first three is set), the row that was found, the
 * name that was asked for, and the call's flags. */
struct ksp_target {
    struct ksp_provider *provider;
    struct ksp_key *key;
    struct ksp_secret *secret;
    const struct ksp_prop *row;
    const struct text *name;
    uint32_t flags;
};

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

struct ksp_prop {
    const char *name;    /* KSP_ANY_NAME in a list's last row: whatever has no other */
    uint8_t on;          /* enum ksp_on bits on which it may be read */
    uint8_t settable_on; /* and set */
    /* The only flags of a call, where they are other than SILENT and the two of persistence. */
    uint32_t flags;
    NTSTATUS (*get)(const struct ksp_target *t, const struct out *o);
    NTSTATUS (*set)(const struct ksp_target *t, const struct in *in);
};

#define KSP_ANY_NAME "*"

/* An algorithm of a provider, as far as the router tells of it. */
struct ksp_alg {
    const char *name;
    uint32_t interface_id;
    uint32_t operations; /* NCRYPT_..._OPERATION bits */
    uint32_t flags;
};

/* Algorithms in a block for free(), with those of their names that are not constants. */
struct ksp_algs {
    struct ksp_alg *list;
    size_t count;
};

struct ksp {
    const char *name;
    const char *comment;
    const char *const *aliases; /* ended by NULL */
    const struct ksp_prop *provider_props; /* ended by a NULL name */
    const struct ksp_prop *props; /* those of keys and secrets */

    /* What the provider judges itself: bits of every dwFlags that the router would else refuse as
     * unknown, and what may be done with a key before and after it is finalized. */
    uint32_t flags;
    bool own_states;

    /* The algorithms that are available here and have one of the operations (0: any), and whether
     * one is. */
    NTSTATUS (*algs)(struct ksp_provider *p, uint32_t operations, uint32_t flags,
                     struct ksp_algs *algs);
    NTSTATUS (*has_alg)(struct ksp_provider *p, const struct name *alg, uint32_t flags);

    /* An open provider of the row, zeroed where the router's members are. */
    NTSTATUS (*open)(const struct ksp *ksp, uint32_t flags, struct ksp_provider **provider);
    /* Releases it, object included. */
    void (*close)(struct ksp_provider *provider);

    /* A building key of the algorithm, and one that is read from the store. */
    NTSTATUS (*create)(struct ksp_provider *p, const struct name *alg, const struct ksp_id *id,
                       struct ksp_key **key);
    NTSTATUS (*open_key)(struct ksp_provider *p, const struct ksp_id *id, struct ksp_key **key);
    /* A final key; a building one when id->flags says so. */
    NTSTATUS (*import)(struct ksp_provider *p, struct ksp_key *wrap, const struct name *type,
                       const struct ksp_params *params, struct span blob, uint32_t flags,
                       struct ksp_key **key);
    /* Makes a building key's material and stores it. A failure leaves it building. */
    NTSTATUS (*finalize)(struct ksp_key *key, uint32_t flags);
    /* Removes the key from the store, if it is there. */
    NTSTATUS (*remove)(struct ksp_key *key, uint32_t flags);
    NTSTATUS (*export)(struct ksp_key *key, struct ksp_key *wrap, const struct name *type,
                       const struct ksp_params *params, uint32_t flags, const struct out *o);
    /* Releases a key, object included; safe on a half-built one. */
    void (*key_free)(struct ksp_key *key);

    /* Begins an enumeration (scope NULL: of all keys); calls for the next key, NTE_NO_MORE_ITEMS
     * after the last; ends it. */
    NTSTATUS (*enum_begin)(struct ksp_provider *p, const struct text *scope, uint32_t flags,
                           void **state);
    NTSTATUS (*enum_next)(void *state, struct ksp_entry *entry);
    void (*enum_end)(void *state);

    /* Properties that a program makes up, or that hide the provider's own (PERSIST_ONLY). */
    NTSTATUS (*own_get)(struct ksp_key *key, const struct text *name, const struct out *o);
    NTSTATUS (*own_set)(struct ksp_key *key, const struct text *name, const struct in *in,
                        uint32_t flags);

    NTSTATUS (*sign)(struct ksp_key *key, const struct padding *pad, struct span hash,
                     uint32_t flags, const struct out *o);
    NTSTATUS (*verify)(struct ksp_key *key, const struct padding *pad, struct span hash,
                       struct span sig, uint32_t flags);
    NTSTATUS (*crypt)(struct ksp_key *key, const struct ksp_crypt *call, const struct out *o);
    NTSTATUS (*agree)(struct ksp_key *own, struct ksp_key *peer, uint32_t flags,
                      struct ksp_secret **secret);
    NTSTATUS (*derive)(struct ksp_secret *secret, const struct name *kdf,
                       const struct ksp_params *params, uint32_t flags, const struct out *o);
    void (*secret_free)(struct ksp_secret *secret);
    NTSTATUS (*key_derivation)(struct ksp_key *key, const struct ksp_params *params, uint32_t flags,
                               const struct out *o);
    NTSTATUS (*encapsulate)(struct ksp_key *key, const struct out *secret,
                            const struct out *ciphertext);
    NTSTATUS (*decapsulate)(struct ksp_key *key, struct span ciphertext, const struct out *secret);

    /* A descriptor that becomes readable when a key of the scope comes, goes or changes. */
    NTSTATUS (*notify)(struct ksp_provider *p, uint32_t flags, int *descriptor);
};

/* clang-format on */

/* "Microsoft Software Key Storage Provider"; src/softksp/soft_provider.c. */
extern const struct ksp opencng_software_ksp;

/* The row of a registered key storage provider, by its name or an alias; its image is loaded where that
 * did not happen yet. STATUS_NOT_FOUND: none is registered so. src/foreign/fksp.c. */
NTSTATUS opencng_registered_ksp(const struct name *name, const struct ksp **ksp) MUST_CHECK;

/* What is told of a registered provider without loading it. */
struct ksp_registered {
    struct name name;
    char *image; /* as it is registered */
};

/* All that are registered, in a block for free(), the images' names included. */
NTSTATUS opencng_registered_ksps(struct ksp_registered **list, size_t *count) MUST_CHECK;

/* ---- helpers for providers ------------------------------------------------------------------ */

/* Fills in the router's members of a zeroed object; it counts on the provider from then on. */
void ksp_key_init(struct ksp_key *key, struct ksp_provider *provider);
void ksp_secret_init(struct ksp_secret *secret, struct ksp_provider *provider);

/* Room for `count` algorithms and `text` bytes of names behind them. */
NTSTATUS ksp_algs_new(struct ksp_algs *algs, size_t count, size_t text) MUST_CHECK;
void ksp_algs_done(struct ksp_algs *algs);

/* Release the object through its provider's function. For what never got a handle, and for the
 * handle table. */
void ksp_key_free(struct ksp_key *key);
void ksp_secret_free(struct ksp_secret *secret);
void ksp_provider_unref(struct ksp_provider *provider);

#endif
