/*
 * Foreign key storage providers (fksp), those that are registered: shared objects with the function table of ncrypt_provider.h, turned
 * into rows of base/ksp.h, so that the router serves them as it does the built-in one.
 *
 * Each object of the router's embeds the provider's handle for it. The functions here turn names,
 * structures and buffers into what the table's functions take, whose strings are UTF-16, and look at
 * what they answer: a provider that breaks its contract is NTE_INTERNAL_ERROR, and nobody's crash. All
 * other failures of a provider's are passed on as they are.
 *
 * The sources are compiled with a 16-bit wchar_t: WCHAR is the provider's.
 */
#ifndef FOREIGN_FKSP_H
#define FOREIGN_FKSP_H

#include <pthread.h>

#include "ncrypt_provider.h"

#include "config.h"
#include "ksp.h"
#include "secret.h"

/* ---- objects -------------------------------------------------------------------------------- */

/* A provider whose image is loaded. */
struct fksp {
    struct ksp row;
    struct fksp *next;
    struct name name;
    char *image; /* as registered: registered anew with another one, it is another provider */
    NCRYPT_KEY_STORAGE_FUNCTION_TABLE f; /* a copy, without what its version does not have */
};

struct fksp_provider {
    struct ksp_provider base;
    NCRYPT_PROV_HANDLE handle;
};

struct fksp_key {
    struct ksp_key base;
    pthread_rwlock_t
        lock; /* of the handle: deleting the key ends it, and waits for who is inside */
    NCRYPT_KEY_HANDLE handle; /* 0: deleted */
};

struct fksp_secret {
    struct ksp_secret base;
    NCRYPT_SECRET_HANDLE handle;
};

/* What a function of the table needs besides the handle that it is about. */
struct fksp_call {
    const NCRYPT_KEY_STORAGE_FUNCTION_TABLE *f;
    NCRYPT_PROV_HANDLE provider;
};

static inline struct fksp_call fksp_call(struct ksp_provider *p)
{
    return (struct fksp_call){
        .f = &CONST_CONTAINER_OF(p->ksp, struct fksp, row)->f,
        .provider = CONTAINER_OF(p, struct fksp_provider, base)->handle,
    };
}

/* A key's handle for the length of a call. */
struct fksp_use {
    struct fksp_key *key;
    NCRYPT_KEY_HANDLE handle;
};

/* NTE_INVALID_HANDLE: the key was deleted in the meantime. A NULL key has the handle 0. */
NTSTATUS fksp_enter(struct ksp_key *key, struct fksp_use *u) MUST_CHECK;
void fksp_leave(struct fksp_use *u);
#define FKSP_USE CLEANUP(fksp_leave) struct fksp_use

/* ---- the table (fksp_table.c) -------------------------------------------------------- */

/* The image's table. NTE_PROVIDER_DLL_FAIL: it has none, or one with which no key could be used and let
 * go again. NTE_BAD_VER: a version that is none. */
NTSTATUS fksp_table_load(void *image, const struct name *name,
                         NCRYPT_KEY_STORAGE_FUNCTION_TABLE *f) MUST_CHECK;

/* ---- answers (fksp_answer.c) --------------------------------------------------------- */

/* What the provider's status is here: anything but 0 is a failure on Windows. */
NTSTATUS fksp_status(SECURITY_STATUS status) MUST_CHECK;

/* The same where it made an object: success without a handle is NTE_INTERNAL_ERROR. */
NTSTATUS fksp_made(SECURITY_STATUS status, uintptr_t handle) MUST_CHECK;

/* The same of a function that was given `o` and said that it wrote, or needs, `n` bytes. More than there
 * is room for is NTE_INTERNAL_ERROR. */
NTSTATUS fksp_answer(SECURITY_STATUS status, const struct out *o, DWORD n) MUST_CHECK;

/* Bytes that the provider is told to have; a size query has none, whatever the caller says. */
static inline DWORD fksp_room(const struct out *o)
{
    return out_is_query(o) ? 0 : o->cap;
}

/* ---- what the provider takes (fksp_answer.c) ----------------------------------------- */

struct fksp_name {
    WCHAR s[NAME_MAX_BYTES];
};

struct fksp_text {
    WCHAR s[TEXT_MAX_CHARS + 1];
};

static inline LPCWSTR fksp_name(struct fksp_name *buffer, const struct name *name)
{
    wide_write(buffer->s, name->s, WIDTH_16);
    return buffer->s;
}

/* NULL stays NULL. */
static inline LPCWSTR fksp_text(struct fksp_text *buffer, const struct text *text)
{
    if (text == NULL)
        return NULL;
    wide_write(buffer->s, text->s, WIDTH_16);
    return buffer->s;
}

/* A caller's parameter list, its strings in UTF-16. */
#define FKSP_PARAMS_STRINGS 8

struct fksp_params {
    NCryptBufferDesc desc;
    NCryptBufferDesc *list; /* desc, or NULL where the caller gave none */
    NCryptBuffer *buffers;
    struct secret strings[FKSP_PARAMS_STRINGS];
    size_t used;
};

NTSTATUS fksp_params_init(struct fksp_params *p, const struct ksp_params *from) MUST_CHECK;
void fksp_params_done(struct fksp_params *p);
#define FKSP_PARAMS CLEANUP(fksp_params_done) struct fksp_params

/* ---- slots ---------------------------------------------------------------------------------- */

/* fksp_key.c */
NTSTATUS fksp_create(struct ksp_provider *p, const struct name *alg, const struct ksp_id *id,
                     struct ksp_key **key) MUST_CHECK;
NTSTATUS fksp_open_key(struct ksp_provider *p, const struct ksp_id *id,
                       struct ksp_key **key) MUST_CHECK;
NTSTATUS fksp_import(struct ksp_provider *p, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, struct span blob, uint32_t flags,
                     struct ksp_key **key) MUST_CHECK;
NTSTATUS fksp_export(struct ksp_key *key, struct ksp_key *wrap, const struct name *type,
                     const struct ksp_params *params, uint32_t flags,
                     const struct out *o) MUST_CHECK;
NTSTATUS fksp_finalize(struct ksp_key *key, uint32_t flags) MUST_CHECK;
NTSTATUS fksp_remove(struct ksp_key *key, uint32_t flags) MUST_CHECK;
void fksp_key_free(struct ksp_key *key);

/* fksp_use.c */
NTSTATUS fksp_sign(struct ksp_key *key, const struct padding *pad, struct span hash, uint32_t flags,
                   const struct out *o) MUST_CHECK;
NTSTATUS fksp_verify(struct ksp_key *key, const struct padding *pad, struct span hash,
                     struct span sig, uint32_t flags) MUST_CHECK;
NTSTATUS fksp_crypt(struct ksp_key *key, const struct ksp_crypt *call,
                    const struct out *o) MUST_CHECK;
NTSTATUS fksp_agree(struct ksp_key *own, struct ksp_key *peer, uint32_t flags,
                    struct ksp_secret **secret) MUST_CHECK;
NTSTATUS fksp_derive(struct ksp_secret *secret, const struct name *kdf,
                     const struct ksp_params *params, uint32_t flags,
                     const struct out *o) MUST_CHECK;
void fksp_secret_free(struct ksp_secret *secret);
NTSTATUS fksp_key_derivation(struct ksp_key *key, const struct ksp_params *params, uint32_t flags,
                             const struct out *o) MUST_CHECK;

/* fksp_list.c */
NTSTATUS fksp_algs(struct ksp_provider *p, uint32_t operations, uint32_t flags,
                   struct ksp_algs *algs) MUST_CHECK;
NTSTATUS fksp_has_alg(struct ksp_provider *p, const struct name *alg, uint32_t flags) MUST_CHECK;
NTSTATUS fksp_enum_begin(struct ksp_provider *p, const struct text *scope, uint32_t flags,
                         void **state) MUST_CHECK;
NTSTATUS fksp_enum_next(void *state, struct ksp_entry *entry) MUST_CHECK;
void fksp_enum_end(void *state);
NTSTATUS fksp_notify(struct ksp_provider *p, uint32_t flags, int *descriptor) MUST_CHECK;

extern const struct ksp_prop fksp_props[]; /* fksp_prop.c */

#endif
