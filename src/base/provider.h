/*
 * The contract between the router and a provider of primitives, the project's class tables.
 *
 * An algorithm is one constant row, `struct alg_class`: facts first, then functions. The router
 * resolves a name to a row once, at open; from then on it checks the handle, calls the slot and
 * wraps the result. A NULL slot means that the algorithm cannot do this: the router answers
 * STATUS_NOT_SUPPORTED. Facts answer the properties, so that no algorithm needs property code for
 * what its row already says.
 */
#ifndef BASE_PROVIDER_H
#define BASE_PROVIDER_H

#include <stdatomic.h>

#include "handle.h"
#include "name.h"
#include "out.h"
#include "secret.h"
#include "span.h"

struct alg_class;
struct asym_class;
struct alg;
struct key;
struct agreed;

/* ---- what calls carry ----------------------------------------------------------------------- */

/* A padding-info structure, decoded at the border according to the flags. */
struct padding {
    uint32_t flags; /* the call's dwFlags */
    bool present;   /* the caller gave a structure */
    bool has_hash;  /* pszAlgId (or pszPrehashAlgId) was not NULL */
    struct name hash;
    uint32_t salt;       /* PSS: salt length in bytes */
    struct span label;   /* OAEP */
    struct span context; /* ML-DSA, SLH-DSA */
    const void *raw;     /* the structure itself, for ciphers (it holds no strings) */
};

/* One entry of a BCryptBufferDesc. */
struct param {
    uint32_t type; /* KDF_... */
    struct span bytes;
    struct name name; /* for KDF_HASH_ALGORITHM only */
};

struct params {
    const struct param *list;
    size_t count;
};

/* ---- properties ----------------------------------------------------------------------------- */

enum prop_on { ON_ALG = 1, ON_KEY = 2, ON_SECRET = 4 };

/* Whom a property is asked of; exactly the pointer of its kind is set, and always the class. */
struct prop_target {
    const struct alg_class *class;
    struct alg *alg;
    struct key *key;
    struct agreed *agreed;
};

struct prop_row {
    const char *name;
    uint8_t on; /* enum prop_on bits on which it may be read */
    /* The same for setting. A key pair's are set while it is empty; afterwards it is
     * STATUS_INVALID_HANDLE. */
    uint8_t settable_on;
    bool only_final; /* reading it from an empty key pair is STATUS_INVALID_HANDLE */
    NTSTATUS (*get)(const struct prop_target *t, const struct out *o); /* NULL: write-only */
    NTSTATUS (*set)(const struct prop_target *t, const struct in *in); /* NULL: read-only */
};

/* ---- objects -------------------------------------------------------------------------------- */

/* An open algorithm. Classes with settable state embed it as the first
 * member of a larger struct. */
struct alg {
    struct object object;
    const struct alg_class *class;
    void *handle;   /* its own handle (or pseudo-handle), for ProviderHandle */
    uint32_t flags; /* of BCryptOpenAlgorithmProvider */
    bool pseudo;
};

enum key_state { KEY_EMPTY, KEY_BUSY, KEY_FINAL };

/* A key pair. Classes embed it as the first member of their own struct. */
struct key {
    struct object object;
    const struct alg_class *class;
    void *alg_handle;
    _Atomic int state; /* enum key_state; BUSY while one thread sets a property or finalizes */
    bool has_private;  /* meaningful once final */
    bool locked;       /* made under BCRYPT_PROV_DISPATCH: the object lives in locked memory */
    size_t size;       /* bytes of the whole object, for its release */
};

/* An agreed secret: what BCryptSecretAgreement returns. */
struct agreed {
    struct object object;
    const struct alg_class *class;
    void *alg_handle;
    bool locked;
    size_t size;
};

/* Whether BCryptImportKeyPair's flags ask for no validation. The flags hold a two-bit field: 0x08
 * alone means none, 0x10 range, 0x18 range and order. */
static inline bool import_unchecked(uint32_t flags)
{
    return (flags & BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER) == BCRYPT_NO_KEY_VALIDATION;
}

/* ---- classes -------------------------------------------------------------------------------- */

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

/* A blob type that keys of a class import from or export to. */
struct key_format {
    const char *name; /* "RSAPUBLICBLOB"; NULL ends the list */
    bool is_private;  /* exporting it from a public-only key is STATUS_INVALID_PARAMETER */
    int form;         /* the codec's own number for the layout */
    /* Checks and builds a final key. `flags` are BCryptImportKeyPair's. NULL: not importable. */
    NTSTATUS (*import)(struct alg *alg, const struct key_format *format, struct span blob,
                       uint32_t flags, struct key **key);
    /* Writes the blob of a final key. NULL: not exportable. */
    NTSTATUS (*export)(struct key *key, const struct key_format *format, const struct out *o);
};

struct asym_class {
    /* An empty key of `bits` (BCryptGenerateKeyPair's dwLength, checked
     * here); no key material yet. */
    NTSTATUS (*generate)(struct alg *alg, uint32_t bits, uint32_t flags, struct key **key);
    /* Makes the key material. A failure leaves the key empty. */
    NTSTATUS (*finalize)(struct key *key, uint32_t flags);
    /* Releases what the key holds, not the object itself; safe on a half-built one. */
    void (*done)(struct key *key);

    const struct key_format *formats;
    uint32_t import_flags; /* accepted dwFlags of BCryptImportKeyPair */
    uint32_t generate_flags;
    uint32_t finalize_flags;

    NTSTATUS (*sign)(struct key *key, const struct padding *pad, struct span hash,
                     const struct out *o);
    NTSTATUS (*verify)(struct key *key, const struct padding *pad, struct span hash,
                       struct span sig);
    NTSTATUS (*encrypt)(struct key *key, const struct padding *pad, struct span in,
                        const struct out *o);
    NTSTATUS (*decrypt)(struct key *key, const struct padding *pad, struct span in,
                        const struct out *o);
    NTSTATUS (*agree)(struct key *own, struct key *peer, struct agreed **secret);
    NTSTATUS (*encapsulate)(struct key *key, const struct out *secret,
                            const struct out *ciphertext);
    NTSTATUS (*decapsulate)(struct key *key, struct span ciphertext, const struct out *secret);
};

/* What can be done with an agreed secret. */
struct agreed_class {
    NTSTATUS (*derive)(struct agreed *secret, const struct name *kdf, const struct params *params,
                       uint32_t flags, const struct out *o);
    void (*done)(struct agreed *secret);
};

/* clang-format on */

struct alg_class {
    const char *name;
    uint32_t interface_id;   /* BCRYPT_..._INTERFACE */
    uint32_t operations;     /* BCRYPT_..._OPERATION bits under which it is enumerated */
    uint32_t open_flags;     /* accepted by BCryptOpenAlgorithmProvider */
    bool (*available)(void); /* NULL: always; false: absent from the installed libcrypto */

    /* Facts that answer properties; zero or NULL where they do not apply. */
    BCRYPT_KEY_LENGTHS_STRUCT key_lengths; /* bits */
    uint32_t padding_schemes;              /* BCRYPT_SUPPORTED_PAD_... */
    const void *params; /* the family's own parameter row (curve, parameter sets, …) */

    const struct prop_row *props;      /* ended by a NULL name */
    size_t alg_size;                   /* bytes of its struct alg; 0: plain */
    void (*alg_init)(struct alg *alg); /* NULL: nothing to do beyond zeroing */
    void (*alg_done)(struct alg *alg);

    const struct asym_class *asym;
    const struct agreed_class *agreed;
    NTSTATUS (*random)(uint8_t *p, size_t n);
};

/* A provider: a name and its rows. */
struct provider {
    const char *name;
    const struct alg_class *const *classes; /* ended by NULL */
};

/* The provider that is part of the library; src/primitives/registry.c. */
extern const struct provider opencng_primitive_provider;

/* ---- helpers for providers ------------------------------------------------------------------ */

/* A zeroed object of a class that embeds struct key, in locked memory where the algorithm was
 * opened so; NULL when memory is exhausted. Its state is KEY_EMPTY. */
struct key *key_alloc(const struct alg *alg, size_t size) MUST_CHECK;

/* Calls the class's done and releases the object. For keys that never got a handle, and for the
 * handle table. */
void key_free(struct key *key);

struct agreed *agreed_alloc(const struct key *key, size_t size) MUST_CHECK;
void agreed_free(struct agreed *secret);

#endif
