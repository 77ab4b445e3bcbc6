/*
 * Providers of primitives that are loaded, seen through rows like the built-in one's.
 *
 * A provider's image exports GetHashInterface and its like (bcrypt_provider.h), which return tables of functions: those of
 * bcrypt.h on handles of the provider's own. Here each table becomes an alg_class whose functions are adapters, and each object
 * of ours keeps the provider's handle behind it. The router sees rows and cannot tell.
 *
 * What a provider answers is not believed: a success without a handle, or with more bytes than there was room for, is
 * STATUS_INTERNAL_ERROR. Its statuses are passed on. That it runs in this process, and can do there what it likes, nobody can
 * change; so only trusted files are loaded (config_image_path).
 *
 * This layer is compiled with 16-bit WCHAR, which is what crosses the boundary.
 */
#ifndef FOREIGN_FOREIGN_H
#define FOREIGN_FOREIGN_H

#include "bcrypt_provider.h"
#include "provider.h"

#include <string.h>

/* ---- the provider's functions --------------------------------------------------------------- */

/* Those of one algorithm, whichever kind of table they came in; NULL: the table has none. */
struct foreign_calls {
    BCryptOpenAlgorithmProviderFn open;
    BCryptGetPropertyFn get;
    BCryptSetPropertyFn set;
    BCryptCloseAlgorithmProviderFn close;

    BCryptCreateHashFn create_hash;
    BCryptHashDataFn hash_data;
    BCryptFinishHashFn finish_hash;
    BCryptDuplicateHashFn duplicate_hash;
    BCryptDestroyHashFn destroy_hash;

    BCryptGenerateSymmetricKeyFn make_key;
    BCryptImportKeyFn import_key;
    BCryptDuplicateKeyFn duplicate_key;
    BCryptKeyDerivationFn derive;

    BCryptGenerateKeyPairFn generate_pair;
    BCryptFinalizeKeyPairFn finalize_pair;
    BCryptImportKeyPairFn import_pair;
    BCryptSignHashFn sign;
    BCryptVerifySignatureFn verify;
    BCryptSecretAgreementFn agree;
    BCryptDeriveKeyFn derive_secret;
    BCryptDestroySecretFn destroy_secret;

    /* Of keys of both kinds. */
    BCryptEncryptFn encrypt;
    BCryptDecryptFn decrypt;
    BCryptExportKeyFn export_key;
    BCryptDestroyKeyFn destroy_key;

    BCryptGenRandomFn random;
};

/* A string as the provider takes it. */
struct foreign_text {
    WCHAR s[NAME_MAX_BYTES]; /* a name has at most as many characters as bytes */
};

static inline LPCWSTR foreign_text(struct foreign_text *t, const char *name)
{
    wide_write(t->s, name, WIDTH_16);
    return t->s;
}

/* One kind of table: which functions it holds, and how it is asked for (foreign_table.c). */
struct foreign_kind;

/* The row for an interface of bcrypt.h; NULL: it has no table that is published. */
const struct foreign_kind *foreign_kind_find(uint32_t interface_id);

/* Asks the image for its table and reads it. STATUS_PROCEDURE_NOT_FOUND: it does not export the kind's entry.
 * STATUS_INVALID_IMAGE_FORMAT: the table is NULL, of an older version, or lacks a function that the kind needs. Otherwise
 * what the provider answers: STATUS_NOT_FOUND where it does not know the algorithm. */
NTSTATUS foreign_kind_read(const struct foreign_kind *kind, void *image, const char *provider,
                           const char *function, struct foreign_calls *calls) MUST_CHECK;

/* ---- rows ----------------------------------------------------------------------------------- */

/* One function of one provider; made when it is first opened, never released. */
struct foreign_class {
    struct alg_class row; /* points to what follows */
    struct asym_class asym;
    struct sym_class sym;
    struct foreign_calls calls;
    struct name function, provider;
    char *image; /* as it was registered */
    struct foreign_class *next;
};

static inline const struct foreign_class *foreign_class_of(const struct alg_class *row)
{
    return CONST_CONTAINER_OF(row, struct foreign_class, row);
}

/* Fill in what the functions of the table allow. */
void foreign_asym_init(struct asym_class *row, const struct foreign_calls *calls);
void foreign_sym_init(struct sym_class *row, const struct foreign_calls *calls);

extern const struct hash_class foreign_hash_class;
extern const struct agreed_class foreign_agreed_class;
extern const struct prop_row foreign_props[];

/* ---- objects -------------------------------------------------------------------------------- */

/* The provider's own open algorithm, closed when the last object that was made with it is gone: programs close the algorithm
 * first, and few providers expect that. */
struct foreign_open {
    const struct foreign_calls *calls;
    BCRYPT_ALG_HANDLE handle;
    _Atomic size_t uses;
};

void foreign_open_use(struct foreign_open *open);
void foreign_open_leave(struct foreign_open *open); /* NULL is accepted */

struct foreign_alg {
    struct alg base;
    struct foreign_open *open;
    _Atomic uint32_t object_length; /* that the provider wants */
};

static inline struct foreign_open *foreign_open_of(const struct alg *alg)
{
    return CONST_CONTAINER_OF(alg, struct foreign_alg, base)->open;
}

NTSTATUS foreign_alg_init(struct alg *alg) MUST_CHECK;
void foreign_alg_done(struct alg *alg);

/* A number that the provider gives as a property; false when it has no such property. */
bool foreign_get_number(const struct foreign_calls *calls, BCRYPT_HANDLE handle, const char *name,
                        uint32_t *value);

uint32_t foreign_alg_measure(const struct alg *alg) MUST_CHECK;

/* Asks how much memory the provider wants for an object; a property can change it. */
NTSTATUS foreign_alg_ask_length(struct alg *alg) MUST_CHECK;

NTSTATUS foreign_alg_random(struct alg *alg, uint32_t flags, uint8_t *p, size_t n) MUST_CHECK;

/* What an object of ours keeps of the provider's. */
struct foreign_part {
    struct foreign_open *open;
    void *handle;
    /* The memory for pbKeyObject or pbHashObject. On Windows, too, the router provides it when the program does not; the
     * program's is not used here, which could change it behind the provider's back. */
    struct secret memory;
};

/* Takes part in the open algorithm and makes the memory ready. */
NTSTATUS foreign_part_init(struct foreign_part *part, struct foreign_open *open,
                           uint32_t memory) MUST_CHECK;

/* After the provider's own object is gone. */
void foreign_part_done(struct foreign_part *part);

/* The outcome of a call that was to make a handle: a success without one is none. */
static inline NTSTATUS foreign_made(NTSTATUS status, const struct foreign_part *part)
{
    return status >= 0 && part->handle == NULL ? STATUS_INTERNAL_ERROR : status;
}

struct foreign_key {
    struct key base;
    struct foreign_part part;
};

static inline struct foreign_key *foreign_key_of(struct key *key)
{
    return CONTAINER_OF(key, struct foreign_key, base);
}

static inline const struct foreign_calls *foreign_key_calls(const struct key *key)
{
    return &foreign_class_of(key->class)->calls;
}

/* A key object of ours with the memory that its provider wants, without the provider's own. */
NTSTATUS foreign_key_new(struct alg *alg, struct key **out) MUST_CHECK;

/* The provider's function ended with `status`: the key, or what it failed with. */
NTSTATUS foreign_key_made(NTSTATUS status, struct key *made, struct key **out) MUST_CHECK;
void foreign_key_done(struct key *key);

struct foreign_hash {
    struct hash base;
    struct foreign_part part;
};

struct foreign_agreed {
    struct agreed base;
    struct foreign_part part;
};

/* Derivations from hashes (foreign_derive.c), slots of hash_class; and whether a cipher's keys are expanded. */
NTSTATUS foreign_pbkdf2(struct alg *alg, struct span password, struct span salt, uint64_t count,
                        uint8_t *out, size_t n) MUST_CHECK;
NTSTATUS foreign_capi(struct hash *h, bool expand, uint8_t *out, size_t n) MUST_CHECK;
bool foreign_capi_expands(const char *cipher);

NTSTATUS foreign_agree(struct key *own, struct key *peer, struct agreed **secret) MUST_CHECK;

/* The provider's handle of an object that a property is asked of. */
void *foreign_target_handle(const struct prop_target *t);

/* ---- arguments (foreign_param.c) ------------------------------------------------------------ */

/* A call of the provider's that writes bytes: foreign_reply(o, f(…, o->p, foreign_room(o), &n, …), n). */
static inline ULONG foreign_room(const struct out *o)
{
    return o->p == NULL ? 0 : o->cap;
}

/* The outcome of such a call; tells the caller n on success and where the room is too small. */
NTSTATUS foreign_reply(const struct out *o, NTSTATUS status, ULONG n) MUST_CHECK;

/* A padding structure with 16-bit strings. */
struct foreign_padding {
    union {
        BCRYPT_PKCS1_PADDING_INFO pkcs1;
        BCRYPT_PSS_PADDING_INFO pss;
        BCRYPT_OAEP_PADDING_INFO oaep;
        BCRYPT_PQDSA_PADDING_INFO pqdsa;
    } info;
    struct foreign_text hash;
};

/* What pPaddingInfo is for the provider; NULL where the caller gave none. A structure that no flag of bcrypt.h names is
 * handed on unread. */
VOID *foreign_padding(struct foreign_padding *out, const struct padding *pad);

/* A parameter list with 16-bit strings. */
struct foreign_params {
    BCryptBufferDesc desc;
    BCryptBuffer *buffers;
    struct foreign_text *texts;
};

NTSTATUS foreign_params_init(struct foreign_params *out, const struct params *params) MUST_CHECK;
void foreign_params_done(struct foreign_params *p);

#define FOREIGN_PARAMS CLEANUP(foreign_params_done) struct foreign_params

#endif
