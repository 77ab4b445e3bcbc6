/*
 * The router of ncrypt.h: what stands between the exported functions and the tables of key storage
 * providers (base/ksp.h). As in the other library, functions that carry strings are exported from
 * border sources, compiled once for each width of WCHAR, and call the ncrypt_* functions below.
 */
#ifndef ROUTER_NCRYPT_ROUTER_H
#define ROUTER_NCRYPT_ROUTER_H

#include "ksp.h"
#include "protect.h"

/* ---- statuses (ncrypt_status.c) ------------------------------------------------------------- */

SECURITY_STATUS ncrypt_translate(NTSTATUS status);

/* What an exported function returns for what happened inside. */
static inline SECURITY_STATUS ncrypt_status(NTSTATUS status)
{
    return status >= 0 ? ERROR_SUCCESS : ncrypt_translate(status);
}

/* NTE_BAD_FLAGS for a flag that the function does not know, nor the provider (its row's `flags`). */
static inline NTSTATUS ncrypt_flags(uint32_t flags, uint32_t known)
{
    return (flags & ~known) != 0 ? NTE_BAD_FLAGS : STATUS_SUCCESS;
}

/* NTE_NOT_SUPPORTED where the provider has no such function. */
static inline NTSTATUS ncrypt_has(bool slot)
{
    return slot ? STATUS_SUCCESS : NTE_NOT_SUPPORTED;
}

/* ---- buffers that functions return (ncrypt_buffer.c) ---------------------------------------- */

/* A zeroed buffer for NCryptFreeBuffer, which calls `done` (NULL: nothing to do) before it frees
 * it. NULL: memory is exhausted. */
void *ncrypt_buffer_new(size_t n, void (*done)(void *buffer)) MUST_CHECK;

/* Whether a buffer that such a call returned has that `done`. */
bool ncrypt_buffer_is(const void *buffer, void (*done)(void *buffer)) MUST_CHECK;

/* Frees it; false: it is none, or freed already. */
bool ncrypt_buffer_free(void *buffer);

/* ---- objects in use (ncrypt_object.c) ------------------------------------------------------- */

struct provider_use {
    struct ksp_provider *provider;
    struct handle_use use;
};

NTSTATUS provider_enter(NCRYPT_PROV_HANDLE handle, struct provider_use *u) MUST_CHECK;
void provider_leave(struct provider_use *u);
#define PROVIDER_USE CLEANUP(provider_leave) struct provider_use

struct nkey_use {
    struct ksp_key *key;
    const struct ksp *ksp;
    struct handle_use use;
};

/* A key in use. With `final`, one that is not finalized is NTE_BAD_KEY_STATE, unless its provider keeps
 * the states itself. */
NTSTATUS nkey_enter(NCRYPT_KEY_HANDLE handle, bool final, struct nkey_use *u) MUST_CHECK;
void nkey_leave(struct nkey_use *u);
#define NKEY_USE CLEANUP(nkey_leave) struct nkey_use

/* Gives a new key its handle; the caller's variable is written last, and only on success. On
 * failure the key is gone. */
NTSTATUS nkey_publish(struct ksp_key *key, NCRYPT_KEY_HANDLE *handle) MUST_CHECK;

/* A handle of the provider, one more to be freed. */
NTSTATUS provider_reopen(struct ksp_provider *provider, void **handle) MUST_CHECK;

/* ---- behind the border ---------------------------------------------------------------------- */

/* A NULL name is a NULL or malformed string of the caller's. */

NTSTATUS ncrypt_open(const struct name *name, uint32_t flags,
                     NCRYPT_PROV_HANDLE *handle) MUST_CHECK;
NTSTATUS ncrypt_is_supported(NCRYPT_PROV_HANDLE provider, const struct name *alg,
                             uint32_t flags) MUST_CHECK;

/* The i-th provider that is part of this library; NULL after the last. */
const struct ksp *ncrypt_builtin_nth(size_t i);

/* `named`: the caller gave a name, whatever became of it. */
NTSTATUS ncrypt_create(NCRYPT_PROV_HANDLE provider, const struct name *alg, bool named,
                       const struct ksp_id *id, NCRYPT_KEY_HANDLE *handle) MUST_CHECK;
NTSTATUS ncrypt_open_key(NCRYPT_PROV_HANDLE provider, const struct ksp_id *id,
                         NCRYPT_KEY_HANDLE *handle) MUST_CHECK;
NTSTATUS ncrypt_import(NCRYPT_PROV_HANDLE provider, NCRYPT_KEY_HANDLE wrap_handle,
                       const struct name *type, const struct ksp_params *params, struct span blob,
                       uint32_t flags, NCRYPT_KEY_HANDLE *handle) MUST_CHECK;
NTSTATUS ncrypt_export(NCRYPT_KEY_HANDLE handle, NCRYPT_KEY_HANDLE wrap_handle,
                       const struct name *type, const struct ksp_params *params, uint32_t flags,
                       const struct out *o) MUST_CHECK;
NTSTATUS ncrypt_get_property(NCRYPT_HANDLE object, const struct text *name, uint32_t flags,
                             const struct out *o) MUST_CHECK;
NTSTATUS ncrypt_set_property(NCRYPT_HANDLE object, const struct text *name, uint32_t flags,
                             const struct in *in) MUST_CHECK;
NTSTATUS ncrypt_sign(NCRYPT_KEY_HANDLE handle, struct padding *pad, struct span hash,
                     uint32_t flags, const struct out *o) MUST_CHECK;
NTSTATUS ncrypt_verify(NCRYPT_KEY_HANDLE handle, struct padding *pad, struct span hash,
                       struct span sig, uint32_t flags) MUST_CHECK;
NTSTATUS ncrypt_crypt(NCRYPT_KEY_HANDLE handle, const struct ksp_crypt *call,
                      const struct out *o) MUST_CHECK;
NTSTATUS ncrypt_derive(NCRYPT_SECRET_HANDLE handle, const struct name *kdf,
                       const struct ksp_params *params, uint32_t flags,
                       const struct out *o) MUST_CHECK;
NTSTATUS ncrypt_key_derivation(NCRYPT_KEY_HANDLE handle, const struct ksp_params *params,
                               uint32_t flags, const struct out *o) MUST_CHECK;

/* The next key of an enumeration. *state NULL begins one, of the scope. */
NTSTATUS ncrypt_enum_next(NCRYPT_PROV_HANDLE provider, const struct text *scope, void **state,
                          uint32_t flags, struct ksp_entry *entry) MUST_CHECK;

/* ---- ncryptprotect.h (ncrypt_protect.c, ncrypt_stream.c) ------------------------------------ */

/* The allocator that a program names, or malloc's. NTE_INVALID_PARAMETER: a structure that is not one. */
NTSTATUS ncrypt_memory(const NCRYPT_ALLOC_PARA *named, NCRYPT_ALLOC_PARA *memory) MUST_CHECK;

struct rule_use {
    const struct protect_rule *rule;
    struct handle_use use;
};

NTSTATUS rule_enter(NCRYPT_DESCRIPTOR_HANDLE handle, struct rule_use *u) MUST_CHECK;
void rule_leave(struct rule_use *u);
#define RULE_USE CLEANUP(rule_leave) struct rule_use

/* Gives a rule its handle, or releases it. */
NTSTATUS rule_publish(struct protect_rule *rule, NCRYPT_DESCRIPTOR_HANDLE *handle) MUST_CHECK;

/* NULL: the caller's string is NULL, empty, too long or malformed. */
NTSTATUS ncrypt_rule(const char *text, uint32_t flags, NCRYPT_DESCRIPTOR_HANDLE *handle) MUST_CHECK;

#endif
