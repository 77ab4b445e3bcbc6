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

#include "busy.h"
#include "handle.h"
#include "known_answer.h"
#include "name.h"
#include "out.h"
#include "padding.h"
#include "secret.h"
#include "span.h"

struct alg_class;
struct asym_class;
struct sym_class;
struct hash_class;
struct alg;
struct key;
struct hash;
struct multi;
struct agreed;

/* ---- what calls carry ----------------------------------------------------------------------- */

/* One call of BCryptEncrypt or BCryptDecrypt on a symmetric key. */
struct crypt {
    bool encrypt;
    uint32_t flags; /* the call's dwFlags */
    struct span in;
    void *info; /* pPaddingInfo: BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO or NULL; holds no strings */
    uint8_t *iv;
    uint32_t iv_size;
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

/* ---- rows for any name ---------------------------------------------------------------------- */

/* A provider that is loaded knows names that no row of ours can list. The last row of its properties, its key
 * formats, its blobs of symmetric keys has this name and fits every name that is asked for; the function of the
 * row is told which: prop_target.name, or the row that it is called with is a copy with the asked name. */
#define ANY_NAME "*"

/* ---- properties ----------------------------------------------------------------------------- */

enum prop_on { ON_ALG = 1, ON_KEY = 2, ON_SECRET = 4, ON_HASH = 8 };

/* Whom a property is asked of; exactly the pointer of its kind is set, and always the class. */
struct prop_target {
    const struct alg_class *class;
    const struct name *name; /* as it was asked for */
    struct alg *alg;
    struct key *key;
    struct hash *hash;
    struct agreed *agreed;
};

struct prop_row {
    const char *name; /* or ANY_NAME */
    uint8_t on;       /* enum prop_on bits on which it may be read */
    /* The same for setting. A key pair's are set while it is empty; afterwards it is
     * STATUS_INVALID_HANDLE unless `any_state`, and then under its lock as those of a symmetric key
     * and of a hash are. */
    uint8_t settable_on;
    bool any_state;
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

typedef NTSTATUS sym_crypt_fn(struct key *key, const struct crypt *call, const struct out *o);

/* A key pair or a symmetric key (which is final from the start). Classes embed it as the first
 * member of their own struct. */
struct key {
    struct object object;
    const struct alg_class *class;
    void *alg_handle;
    size_t size;            /* bytes of the whole object, for its release */
    uint32_t object_length; /* the algorithm's when it was made */
    bool has_private;       /* meaningful once final */
    bool locked;            /* made under BCRYPT_PROV_DISPATCH: the object lives in locked memory */
    /* What each call needs lies together, with what a class has behind it: a text that fills the cache leaves nothing of
     * the key there. */
    struct busy busy;  /* symmetric keys: whoever changes what the key keeps between calls */
    _Atomic int state; /* enum key_state; BUSY while one thread sets a property or finalizes */
    _Atomic(sym_crypt_fn *) crypt; /* the class's, or its mode's; NULL: no cipher */
};

enum hash_state { HASH_OPEN, HASH_SQUEEZED, HASH_FINISHED };

/* A hash or a message authentication code in the making. Classes embed it as the first member of
 * their own struct. */
struct hash {
    struct object object;
    const struct alg_class *class;
    const struct hash_class *ops; /* the class's `hash` or `hmac` */
    void *alg_handle;
    struct busy busy;      /* whoever uses the object; the rest is the holder's */
    enum hash_state state; /* SQUEEZED: gives output, takes no more data */
    bool reusable;
    bool fed; /* data went in since it was fresh */
    bool locked;
    size_t size;
    uint32_t object_length; /* the algorithm's when it was made */
};

/* Many hashes or codes of one kind: what BCryptCreateMultiHash returns. Each starts anew after its
 * result. */
struct multi {
    struct object object;
    const struct hash_class *ops;
    struct busy busy; /* whoever uses the object */
    size_t count;
    bool locked;
    size_t size;
    /* States of ops->multi, or where that is NULL pointers to hash objects. */
    _Alignas(max_align_t) uint8_t elements[];
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
    const char *name; /* "RSAPUBLICBLOB", or ANY_NAME; NULL ends the list */
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
    bool own_finalize_flags; /* finalize looks at its flags itself; otherwise they are 0 or ask for what holds anyway */

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

/* Whether the caller gives a key that wraps or unwraps the blob. */
enum wrap_rule { WRAP_NEVER, WRAP_ALWAYS, WRAP_MAYBE };

/* A blob type of symmetric keys. */
struct sym_format {
    const char *name; /* "KeyDataBlob", or ANY_NAME; NULL ends the list */
    enum wrap_rule wrap;
    NTSTATUS (*import)(struct alg *alg, const struct sym_format *format, struct key *wrap,
                       struct span blob, uint32_t flags, struct key **key);
    NTSTATUS (*export)(struct key *key, const struct sym_format *format, struct key *wrap,
                       const struct out *o);
};

/* Symmetric keys: of ciphers and of key derivation functions. */
struct sym_class {
    /* A key of these bytes, which takes over the algorithm's settings. `flags` are
     * BCryptGenerateSymmetricKey's. */
    NTSTATUS (*make)(struct alg *alg, struct span secret, uint32_t flags, struct key **key);
    /* A copy with mode and chaining state; called under the source's lock. */
    NTSTATUS (*copy)(struct key *from, struct key **copy);
    void (*done)(struct key *key);

    const struct sym_format *formats;
    uint32_t make_flags;    /* accepted dwFlags of BCryptGenerateSymmetricKey */
    uint32_t import_flags;  /* of BCryptImportKey */
    uint32_t object_length; /* bytes that a caller's pbKeyObject needs; never written to */

    sym_crypt_fn *crypt;
    NTSTATUS (*derive)(struct key *key, const struct params *params, uint32_t flags,
                       const struct out *o);
};

/* One operation of BCryptProcessMultiOperations, checked: the index is in range, the size of a
 * result is right. */
struct multi_op {
    size_t index;
    bool finish;       /* false: add n bytes at `in`; true: write the result of n bytes to `out` */
    const uint8_t *in;
    uint8_t *out;
    size_t n;
};

/* Many states of one hash that advance together. */
struct multi_class {
    size_t element; /* bytes of one state */
    void (*start)(void *elements, size_t count);
    /* Operations on one state happen in their order; between states there is none. */
    NTSTATUS (*run)(void *elements, size_t count, const struct multi_op *ops, size_t n);
};

/* Hashes and message authentication codes. The router sees to the states and the lock. */
struct hash_class {
    bool keyed;             /* takes a key */
    bool xof;               /* gives any number of bytes, in several calls */
    uint32_t length;        /* bytes of the result; XOFs: the default */
    size_t size;            /* bytes of its struct hash */
    uint32_t object_length; /* bytes that a caller's pbHashObject needs; never written to */

    /* Makes a zeroed object ready for data; whether it is reusable is known. */
    NTSTATUS (*init)(struct hash *h, const struct alg *alg, struct span key);
    NTSTATUS (*data)(struct hash *h, struct span in);
    /* Writes n bytes, `length` of them unless it is an XOF. With `more`, further calls continue. */
    NTSTATUS (*finish)(struct hash *h, uint8_t *out, size_t n, bool more);
    /* Back to where init left it. */
    NTSTATUS (*reset)(struct hash *h);
    /* Makes a zeroed object a copy of another. */
    NTSTATUS (*copy)(struct hash *to, const struct hash *from);
    /* Releases what the object holds, not the object itself; safe on a half-built one. */
    void (*done)(struct hash *h);

    /* All in one call; NULL: through an object. */
    NTSTATUS (*once)(struct alg *alg, struct span key, struct span in, uint8_t *out, size_t n);
    /* Checks a TLS record in constant time; NULL: cannot. Afterwards the router resets. */
    NTSTATUS (*tls_verify)(struct hash *h, struct span record);
    /* CryptoAPI's derivation from the digest; NULL: cannot. `expand`: the target's row wants it. */
    NTSTATUS (*capi)(struct hash *h, bool expand, uint8_t *out, size_t n);
    /* PBKDF2 with this pseudorandom function; NULL: cannot. */
    NTSTATUS (*pbkdf2)(struct alg *alg, struct span password, struct span salt, uint64_t count,
                       uint8_t *out, size_t n);
    bool no_multi;                   /* not with BCryptCreateMultiHash */
    const struct multi_class *multi; /* NULL: one object for each, one after another */
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
    bool not_approved;       /* absent in FIPS mode */
    bool capi_expands;       /* CryptoAPI derives its keys from the expanded hash */

    /* Facts that answer properties; zero or NULL where they do not apply. */
    BCRYPT_KEY_LENGTHS_STRUCT key_lengths; /* bits */
    uint32_t padding_schemes;              /* BCRYPT_SUPPORTED_PAD_... */
    const void *params; /* the family's own parameter row (curve, parameter sets, …) */

    const struct prop_row *props;          /* ended by a NULL name */
    size_t alg_size;                       /* bytes of its struct alg; 0: plain */
    NTSTATUS (*alg_init)(struct alg *alg); /* NULL: nothing to do beyond zeroing */
    /* Gives the fresh algorithm of a pseudo-handle its chaining mode ("ChainingModeGCM"). */
    void (*alg_mode)(struct alg *alg, const char *mode);
    /* Bytes that a caller's memory for a hash or symmetric key needs; NULL: what their rows say. */
    uint32_t (*alg_measure)(const struct alg *alg);
    void (*alg_done)(struct alg *alg); /* safe on one whose alg_init failed */

    const struct asym_class *asym;
    const struct sym_class *sym;
    const struct hash_class *hash; /* opened without BCRYPT_ALG_HANDLE_HMAC_FLAG */
    const struct hash_class *hmac; /* and with it */
    const struct agreed_class *agreed;
    /* `flags` are BCryptGenRandom's. `alg` is NULL where the system's generator is asked for. */
    NTSTATUS (*random)(struct alg *alg, uint32_t flags, uint8_t *p, size_t n);
    uint32_t random_flags; /* accepted ones */
    /* What must hold before it is first opened; NULL: a loaded provider's, which sees to that itself. */
    const struct selftest *selftest;
};

/* Whether what is done with the class's objects runs no code but ours and libcrypto's (struct object.quiet). */
static inline bool class_is_quiet(const struct alg_class *class)
{
    return class->selftest != NULL;
}

#define PROVIDER_LEVERS_MAX 512 /* bytes */

/* A provider: a name and its rows; what it computes with, for people. */
struct provider {
    const char *name;
    const struct alg_class *const *classes; /* ended by NULL */
    const char *(*engine)(void);            /* "OpenSSL 3.5.7 9 Jun 2026" */
    const char *(*processor)(void); /* the instructions that its own code uses: "AVX2, SHA" */
    void (*levers)(
        char text[PROVIDER_LEVERS_MAX]); /* what makes it quick here: "random-buffer=on …" */
};

/* The provider that is part of the library; src/primitives/registry.c. */
extern const struct provider opencng_primitive_provider;

struct config_provider;

/* The row of a function of a provider that is registered (config.h); src/foreign/foreign_class.c. The first time
 * loads the provider's image, which runs code of its own; the row lives as long as the process. A status of the
 * image's or the provider's tells why there is none. */
NTSTATUS opencng_foreign_class(const struct config_provider *p, uint32_t interface_id,
                               const struct name *function,
                               const struct alg_class **class) MUST_CHECK;

/* ---- helpers for providers ------------------------------------------------------------------ */

/* Zeroed memory for an object, and its release, which wipes it. Small ones that come and go allocate nothing
 * (spare.h). Objects made under BCRYPT_PROV_DISPATCH must not be paged out: they come from the locked pool. */
void *object_calloc(size_t size, bool locked) MUST_CHECK;
void object_free(void *p, size_t size, bool locked);

/* A zeroed object of a class that embeds struct key, in locked memory where the algorithm was
 * opened so; NULL when memory is exhausted. Its state is KEY_EMPTY. */
struct key *key_alloc(const struct alg *alg, size_t size) MUST_CHECK;

/* A zeroed object with the other's facts, for its class's copy to fill; its state is KEY_EMPTY. */
struct key *key_clone(const struct key *from) MUST_CHECK;

/* Calls the class's done and releases the object. For keys that never got a handle, and for the
 * handle table. */
void key_free(struct key *key);

struct agreed *agreed_alloc(const struct key *key, size_t size) MUST_CHECK;
void agreed_free(struct agreed *secret);

/* A zeroed object of the class, not yet made ready; its release calls the class's done. */
struct hash *hash_alloc(const struct alg *alg, const struct hash_class *ops) MUST_CHECK;

/* A zeroed object with the other's facts and state, for ops->copy to fill. */
struct hash *hash_clone(const struct hash *from) MUST_CHECK;
void hash_free(struct hash *h);

/* Zeroed memory for so many elements, to be filled; those that are NULL pointers may stay so. */
struct multi *multi_alloc(const struct alg *alg, const struct hash_class *ops,
                          size_t count) MUST_CHECK;
void multi_free(struct multi *m);

static inline struct hash **multi_hashes(struct multi *m)
{
    return (void *)m->elements;
}

/* What the algorithm hashes with, as its flags say; NULL when it does not hash. */
static inline const struct hash_class *alg_hash(const struct alg *alg)
{
    return (alg->flags & BCRYPT_ALG_HANDLE_HMAC_FLAG) != 0 ? alg->class->hmac : alg->class->hash;
}

/* Bytes that a caller's memory for one of its hashes or symmetric keys needs; never written to. */
static inline uint32_t alg_object_length(const struct alg *alg)
{
    const struct alg_class *class = alg->class;
    if (class->alg_measure != NULL)
        return class->alg_measure(alg);
    if (class->sym != NULL)
        return class->sym->object_length;
    return alg_hash(alg) != NULL ? alg_hash(alg)->object_length : 0;
}

/* What it hashes many messages at once with; NULL when it does not, or was not opened for that. */
static inline const struct hash_class *alg_multi(const struct alg *alg)
{
    const struct hash_class *ops = alg_hash(alg);
    bool opened = alg->pseudo || (alg->flags & BCRYPT_MULTI_FLAG) != 0;
    return opened && ops != NULL && !ops->no_multi ? ops : NULL;
}

/* Whether its hash objects start anew after their result: those of pseudo-handles do (observed on
 * Windows). */
static inline bool alg_reusable(const struct alg *alg)
{
    return alg->pseudo ||
           (alg->flags & (BCRYPT_HASH_REUSABLE_FLAG | BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG)) != 0;
}

#endif
