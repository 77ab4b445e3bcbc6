/*
 * "Microsoft Software Key Storage Provider": keys in files, operations in this process.
 *
 * It is an ordinary program over bcrypt.h: every key is a key of bcrypt.h, or two of them: the public
 * part is imported when a stored key is opened, the whole key when its private part is used first.
 * What the algorithms differ in are rows (`soft_alg`) and the functions of the three kinds of keys
 * (`soft_class`: pairs, ciphers, key derivation functions).
 *
 * The sources are compiled with a 16-bit wchar_t, so that L"..." is what bcrypt.h's plain entry points take.
 */
#ifndef SOFTKSP_SOFT_H
#define SOFTKSP_SOFT_H

#include "ksp.h"
#include "secret.h"
#include "store/store.h"

struct soft_key;
struct soft_class;

/* A list's end is a row without a name. */

/* ---- algorithms (soft_alg.c) ---------------------------------------------------------------- */

/* A property that decides what a pair is generated with, besides its length. */
struct soft_setting {
    const char *name;
    LPCWSTR id;     /* the same name for bcrypt.h */
    bool on_alg;    /* of the algorithm handle, before the pair is begun; else of the empty pair */
    bool is_string; /* in the caller's width */
    bool kept;      /* a stored key needs it to be imported again */
    /* Blob types for a key that has it, where they are others than the algorithm's. */
    LPCWSTR private_blob;
    LPCWSTR public_blob;
    /* Bits that the value stands for, which the pair is begun with; NULL: none. */
    uint32_t (*bits)(struct span value);
};

struct soft_alg {
    struct ksp_alg facts;
    const char *group;
    LPCWSTR id; /* of bcrypt.h */
    const struct soft_class *class;
    NCRYPT_SUPPORTED_LENGTHS lengths;    /* bits; all zero: not a question of length */
    const struct soft_setting *settings; /* NULL: none */
    /* Blob types that carry the whole key and its public part. */
    LPCWSTR private_blob;
    LPCWSTR public_blob;
    /* Keys of secret agreement sign as those of this algorithm do (observed on Windows); NULL: not. */
    LPCWSTR twin;
    bool legacy;    /* CryptoAPI's containers hold such keys */
    bool own_blobs; /* no magic tells which algorithm a blob is of: whoever imports one knows */
};

/* The row, or NULL: unknown, or not in the installed libcrypto. */
const struct soft_alg *soft_alg_find(const char *name) MUST_CHECK;

/* Those that are available and have one of the operations (0: any), and whether one is. */
NTSTATUS soft_algs(struct ksp_provider *p, uint32_t operations, uint32_t flags,
                   struct ksp_algs *algs) MUST_CHECK;
NTSTATUS soft_has_alg(struct ksp_provider *p, const struct name *alg, uint32_t flags) MUST_CHECK;

/* Rows of algorithms that only registered providers of bcrypt.h have (soft_registered.c): of all, or of the one of the name.
 * Writes at most `max` of them; returns how many. */
size_t soft_registered_list(const char *only, const struct soft_alg **out, size_t max);

/* ---- keys ----------------------------------------------------------------------------------- */

/* Bytes under a name: a program's, or one that the provider keeps for a property of its own (soft_own.c). */
struct soft_own {
    struct soft_own *next;
    char *name;
    bool persists; /* they are the stored key's, too; else this handle's */
    size_t n;
    uint8_t value[];
};

struct soft_ui {
    uint32_t flags;
    char *title, *friendly_name, *description; /* NULL: none */
};

struct soft_key {
    struct ksp_key base;
    const struct soft_alg *alg;

    /* What the key is a key of bcrypt.h for. `known` answers properties and does what needs no private
     * part: an empty pair while building, else the public part or the whole key; of a cipher a key of that length
     * which stands for the one that is not there yet. `whole` is NULL until the private part is needed; it may be
     * the same handle. The twins are those of soft_private.c. */
    BCRYPT_KEY_HANDLE known;
    _Atomic(BCRYPT_KEY_HANDLE) whole;
    _Atomic(BCRYPT_KEY_HANDLE) twin_known, twin_whole;
    bool has_private;
    bool imported; /* a building key whose material came in a blob */

    /* Asked for while building. */
    uint32_t bits;                      /* 0: the algorithm's default */
    const struct soft_setting *setting; /* NULL: none */
    struct secret value; /* of the setting (UTF-16 with its NUL where it is a string) */
    struct secret kdf_secret;

    /* Of a cipher: what was set, for the handles of bcrypt.h that are made later. Under told_lock. */
    struct name mode; /* empty: the algorithm's */
    struct secret iv;

    /* Identity and storage. */
    char *name; /* NULL: the key is never stored */
    uint32_t spec;
    bool machine, overwrite;
    bool original;             /* made, not opened, through this handle */
    struct store_key *stored;  /* NULL: not stored (yet) */
    _Atomic uint64_t modified; /* of the stored key, as far as this handle knows: FILETIME */

    /* Policies. */
    _Atomic uint32_t usage, policy;
    _Atomic uint32_t archived; /* archiving rights that were used up */
    struct soft_ui ui;
    struct soft_own *own;
    void *window;
    struct busy
        told_lock; /* of what private uses read without the key's own lock: the PIN, mode and IV */
    struct secret pin; /* empty: not set */
};

struct soft_provider {
    struct ksp_provider base;
    _Atomic(struct store *) stores[2]; /* user, machine; NULL: not opened yet */
    struct busy busy;                  /* of what follows */
    struct secret pin;
    char *use_context;
    void *window;
};

struct soft_secret {
    struct ksp_secret base;
    BCRYPT_SECRET_HANDLE agreed;
};

static inline struct soft_key *soft_key_of(struct ksp_key *key)
{
    return CONTAINER_OF(key, struct soft_key, base);
}

static inline struct soft_provider *soft_provider_of(struct ksp_provider *provider)
{
    return CONTAINER_OF(provider, struct soft_provider, base);
}

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

struct soft_class {
    /* Makes k->known of a building key whose length or setting changed; NULL: nothing to do. A wrong
     * length or setting fails. */
    NTSTATUS (*begin)(struct soft_key *k);
    /* Makes the material of a building key: k->known and k->whole. */
    NTSTATUS (*make)(struct soft_key *k, uint32_t flags);
    /* A key of bcrypt.h from a blob. */
    NTSTATUS (*load)(struct soft_key *k, LPCWSTR type, struct span blob, uint32_t flags,
                     BCRYPT_KEY_HANDLE *key);
    NTSTATUS (*crypt)(struct soft_key *k, const struct ksp_crypt *call, const struct out *o);
    bool public_part; /* keys have one */
};

/* clang-format on */

extern const struct soft_class soft_pair_class;   /* soft_pair.c */
extern const struct soft_class soft_cipher_class; /* soft_sym.c */
extern const struct soft_class soft_kdf_class;    /* soft_sym.c */

/* ---- a key's life (soft_key.c) -------------------------------------------------------------- */

NTSTATUS soft_create(struct ksp_provider *p, const struct name *alg, const struct ksp_id *id,
                     struct ksp_key **key) MUST_CHECK;
NTSTATUS soft_open_key(struct ksp_provider *p, const struct ksp_id *id,
                       struct ksp_key **key) MUST_CHECK;
NTSTATUS soft_finalize(struct ksp_key *key, uint32_t flags) MUST_CHECK;
NTSTATUS soft_remove(struct ksp_key *key, uint32_t flags) MUST_CHECK;
void soft_key_free(struct ksp_key *key);

/* A building key of the row, which may have a name. */
NTSTATUS soft_key_new(struct soft_provider *p, const struct soft_alg *alg, const struct ksp_id *id,
                      struct soft_key **key) MUST_CHECK;

/* Gives a building key its material from a blob of bcrypt.h. */
NTSTATUS soft_key_take(struct soft_key *k, LPCWSTR type, bool private, struct span blob,
                       uint32_t flags) MUST_CHECK;

/* Holds a key by scope until it is handed on (by setting the variable to NULL). */
void soft_key_done(struct soft_key **key);
#define SOFT_KEY CLEANUP(soft_key_done) struct soft_key

/* A handle of bcrypt.h that is destroyed by scope. */
static inline void soft_handle_done(BCRYPT_KEY_HANDLE *key)
{
    if (*key != NULL)
        BCryptDestroyKey(*key);
}
#define SCOPED_KEY CLEANUP(soft_handle_done) BCRYPT_KEY_HANDLE

static inline void soft_alg_done(BCRYPT_ALG_HANDLE *alg)
{
    if (*alg != NULL)
        BCryptCloseAlgorithmProvider(*alg, 0);
}
#define SCOPED_ALG CLEANUP(soft_alg_done) BCRYPT_ALG_HANDLE

/* The algorithm of bcrypt.h with the key's setting, if that is one of the algorithm handle. */
NTSTATUS soft_alg_open(const struct soft_key *k, LPCWSTR id, BCRYPT_ALG_HANDLE *alg) MUST_CHECK;

/* The key's setting from a caller's bytes; `set` also begins the pair anew. */
NTSTATUS soft_setting_take(struct soft_key *k, const struct soft_setting *row,
                           const struct in *in) MUST_CHECK;
NTSTATUS soft_setting_set(struct soft_key *k, const struct soft_setting *row,
                          const struct in *in) MUST_CHECK;

/* Finds out which setting a finished key has, so that it can be imported again from its blob. */
NTSTATUS soft_setting_learn(struct soft_key *k) MUST_CHECK;

/* ---- the private part (soft_private.c) ------------------------------------------------------ */

/* A handle of bcrypt.h with the private part; it lives as long as the key. NTE_NO_KEY: there is
 * none. NTE_SILENT_CONTEXT: somebody would have to be asked. */
NTSTATUS soft_private(struct soft_key *k, uint32_t flags, BCRYPT_KEY_HANDLE *whole) MUST_CHECK;

/* What a key derivation takes its parameters with: one that is not known yet is unsealed; a building one is
 * NTE_NO_KEY. */
NTSTATUS soft_known(struct soft_key *k, BCRYPT_KEY_HANDLE *known) MUST_CHECK;

/* What signs, and what verifies: the key itself, or its twin. */
NTSTATUS soft_signer(struct soft_key *k, uint32_t flags, BCRYPT_KEY_HANDLE *whole) MUST_CHECK;
NTSTATUS soft_verifier(struct soft_key *k, BCRYPT_KEY_HANDLE *known) MUST_CHECK;

/* The blob type that carries the whole key, or its public part. */
LPCWSTR soft_blob_type(const struct soft_key *k, bool private);

/* A blob of a key of bcrypt.h. */
NTSTATUS soft_blob(BCRYPT_KEY_HANDLE key, LPCWSTR type, struct secret *blob) MUST_CHECK;

/* The PIN that was set on the key, or else on its provider; empty: none. */
NTSTATUS soft_pin(struct soft_key *k, struct secret *pin) MUST_CHECK;
NTSTATUS soft_pin_set(struct busy *lock, struct secret *pin, const struct in *in) MUST_CHECK;

/* ---- names (soft_name.c) -------------------------------------------------------------------- */

/* A name that is taken, by a key of whatever spec, is NTE_EXISTS, unless the key may overwrite. What is refused early need not be set
 * up in vain; the store decides again when the key is finalized. */
NTSTATUS soft_name_check(const struct soft_key *k) MUST_CHECK;

/* After a key was overwritten: one of its name with another spec goes, as far as it can be made to. `with_container`: but the
 * container, which is new too. */
void soft_name_replaced(const struct soft_key *k, bool with_container);

/* The key of that spec, or else the one that there is; a Unique Name may stand for a name. */
NTSTATUS soft_name_load(struct store *store, const struct ksp_id *id,
                        struct store_key **stored) MUST_CHECK;

/* ---- the store (soft_store.c) --------------------------------------------------------------- */

NTSTATUS soft_store(struct soft_provider *p, bool machine, struct store **store) MUST_CHECK;
NTSTATUS soft_store_of(const struct soft_key *k, struct store **store) MUST_CHECK;

/* Writes a key with its material into the store. */
NTSTATUS soft_store_add(struct soft_key *k, bool legacy) MUST_CHECK;

/* Reads a key by name, or by Unique Name, with its public part. */
NTSTATUS soft_store_find(struct soft_provider *p, const struct ksp_id *id,
                         struct soft_key **key) MUST_CHECK;

/* Changes a stored key; keys that are not stored (yet) have nothing to change. */
NTSTATUS soft_store_change(struct soft_key *k, const struct store_change *change) MUST_CHECK;

NTSTATUS soft_enum_begin(struct ksp_provider *p, const struct text *scope, uint32_t flags,
                         void **state) MUST_CHECK;
NTSTATUS soft_enum_next(void *state, struct ksp_entry *entry) MUST_CHECK;
void soft_enum_end(void *state);
NTSTATUS soft_notify(struct ksp_provider *p, uint32_t flags, int *descriptor) MUST_CHECK;

/* ---- properties (soft_prop.c, soft_told.c, soft_own.c) -------------------------------------- */

extern const struct ksp_prop soft_props[];
extern const struct ksp_prop soft_provider_props[]; /* soft_prop_provider.c */

/* Values that keys and the provider take alike: a text on the heap, a window. */
NTSTATUS soft_set_text(char **text, const struct in *in) MUST_CHECK;
NTSTATUS soft_read_window(const struct in *in, void **window) MUST_CHECK;

NTSTATUS soft_own_get(struct ksp_key *key, const struct text *name, const struct out *o) MUST_CHECK;
NTSTATUS soft_own_set(struct ksp_key *key, const struct text *name, const struct in *in,
                      uint32_t flags) MUST_CHECK;

/* The same for values of the provider's own properties. NULL: there is none. Setting one that `persists` changes the
 * stored key, too. */
const struct soft_own *soft_built_in_find(const struct soft_key *k, const char *property);
NTSTATUS soft_built_in_set(struct soft_key *k, const char *property, struct span value,
                           bool persists) MUST_CHECK;

/* In the key's list only: what a stored key has, under the name that it has there. */
NTSTATUS soft_own_keep(struct soft_key *k, const char *name, struct span value,
                       bool persists) MUST_CHECK;
void soft_own_done(struct soft_key *k);

/* What programs tell about a key (soft_told.c). */
NTSTATUS soft_get_context(const struct ksp_target *t, const struct out *o) MUST_CHECK;
NTSTATUS soft_set_context(const struct ksp_target *t, const struct in *in) MUST_CHECK;
NTSTATUS soft_get_window(const struct ksp_target *t, const struct out *o) MUST_CHECK;
NTSTATUS soft_set_window(const struct ksp_target *t, const struct in *in) MUST_CHECK;
NTSTATUS soft_set_pin(const struct ksp_target *t, const struct in *in) MUST_CHECK;
NTSTATUS soft_get_certificate(const struct ksp_target *t, const struct out *o) MUST_CHECK;
NTSTATUS soft_set_certificate(const struct ksp_target *t, const struct in *in) MUST_CHECK;

/* The mode and IV of ciphers (soft_sym.c). */
#define SOFT_MODE "Chaining Mode"
NTSTATUS soft_set_mode(const struct ksp_target *t, const struct in *in) MUST_CHECK;
NTSTATUS soft_set_iv(const struct ksp_target *t, const struct in *in) MUST_CHECK;

NTSTATUS soft_get_ui(const struct ksp_target *t, const struct out *o) MUST_CHECK;
NTSTATUS soft_set_ui(const struct ksp_target *t, const struct in *in) MUST_CHECK;
void soft_ui_done(struct soft_ui *ui);

#define SOFT_SECURITY_FLAGS                                                                        \
    (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |         \
     SACL_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION | NCRYPT_SILENT_FLAG |                 \
     NCRYPT_PERSIST_FLAG)
NTSTATUS soft_get_security(const struct ksp_target *t, const struct out *o) MUST_CHECK;
NTSTATUS soft_set_security(const struct ksp_target *t, const struct in *in) MUST_CHECK;

/* A blob as the value of the property that is named like its type. */
NTSTATUS soft_set_blob(const struct ksp_target *t, const struct in *in) MUST_CHECK;

/* ---- blobs (soft_import.c, soft_export.c) --------------------------------------------------- */

NTSTATUS soft_import(struct ksp_provider *p, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, struct span blob, uint32_t flags,
                     struct ksp_key **key) MUST_CHECK;
NTSTATUS soft_export(struct ksp_key *key, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, uint32_t flags,
                     const struct out *o) MUST_CHECK;

/* ---- use (soft_use.c, soft_agree.c) --------------------------------------------------------- */

NTSTATUS soft_sign(struct ksp_key *key, const struct padding *pad, struct span hash, uint32_t flags,
                   const struct out *o) MUST_CHECK;
NTSTATUS soft_verify(struct ksp_key *key, const struct padding *pad, struct span hash,
                     struct span sig, uint32_t flags) MUST_CHECK;
NTSTATUS soft_crypt(struct ksp_key *key, const struct ksp_crypt *call,
                    const struct out *o) MUST_CHECK;
NTSTATUS soft_encapsulate(struct ksp_key *key, const struct out *secret,
                          const struct out *ciphertext) MUST_CHECK;
NTSTATUS soft_decapsulate(struct ksp_key *key, struct span ciphertext,
                          const struct out *secret) MUST_CHECK;
NTSTATUS soft_agree(struct ksp_key *own, struct ksp_key *peer, uint32_t flags,
                    struct ksp_secret **secret) MUST_CHECK;
NTSTATUS soft_derive(struct ksp_secret *secret, const struct name *kdf,
                     const struct ksp_params *params, uint32_t flags,
                     const struct out *o) MUST_CHECK;
void soft_secret_free(struct ksp_secret *secret);
NTSTATUS soft_key_derivation(struct ksp_key *key, const struct ksp_params *params, uint32_t flags,
                             const struct out *o) MUST_CHECK;

/* NTE_PERM unless the key may be used so; `usage` is one of NCRYPT_ALLOW_..._FLAG. */
static inline NTSTATUS soft_allows(const struct soft_key *k, uint32_t usage)
{
    return (atomic_load_explicit(&k->usage, memory_order_relaxed) & usage) != 0 ? STATUS_SUCCESS
                                                                                : NTE_PERM;
}

/* ---- strings for bcrypt.h ------------------------------------------------------------------- */

/* An identifier as bcrypt.h takes it. */
struct soft_wide {
    WCHAR s[NAME_MAX_BYTES];
};

static inline LPCWSTR soft_wide(struct soft_wide *buffer, const char *utf8)
{
    wide_write(buffer->s, utf8, WIDTH_16);
    return buffer->s;
}

#endif
