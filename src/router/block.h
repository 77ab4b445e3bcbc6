/*
 * Answers of the configuration's functions: a structure with all that it points at, behind it in one block. The block is the caller's, or is
 * made here for BCryptFreeBuffer.
 *
 * A shape describes a structure: rows say where its pointers are and what they point at. A structure to be laid out is built in
 * the very form that the caller gets, except that its strings are UTF-8: a `const char *` stands where the caller
 * finds a PWSTR (block_string).
 */
#ifndef ROUTER_BLOCK_H
#define ROUTER_BLOCK_H

#include "router.h"

enum pointer_kind {
    POINTS_AT_STRING,  /* PWSTR */
    POINTS_AT_STRINGS, /* PWSTR * */
    POINTS_AT_BYTES,   /* PUCHAR */
    POINTS_AT_RECORD,  /* a structure; NULL stays NULL */
    POINTS_AT_RECORDS, /* an array of pointers to structures */
};

struct shape;

struct pointer_row {
    enum pointer_kind kind;
    size_t at;    /* offset of the pointer */
    size_t count; /* offset of the ULONG that counts what it points at, where it does */
    const struct shape *shape; /* of the structures */
};

struct shape {
    size_t size;
    size_t pointer_count;
    const struct pointer_row *pointers;
};

/* A string where a PWSTR is expected. */
static inline PWSTR block_string(const char *utf8)
{
    return (PWSTR)(uintptr_t)utf8;
}

extern const struct shape shape_providers;     /* CRYPT_PROVIDERS */
extern const struct shape shape_provider_reg;  /* CRYPT_PROVIDER_REG */
extern const struct shape shape_provider_refs; /* CRYPT_PROVIDER_REFS */
extern const struct shape shape_contexts;      /* CRYPT_CONTEXTS */
extern const struct shape shape_functions;     /* CRYPT_CONTEXT_FUNCTIONS */
extern const struct shape shape_flags; /* CRYPT_CONTEXT_CONFIG, CRYPT_CONTEXT_FUNCTION_CONFIG */

/* Where an answer goes: the caller's pcbBuffer and ppBuffer, and the width of the caller's strings. */
struct block_target {
    ULONG *size;
    void *buffer; /* the address of the caller's pointer; NULL asks for the size */
    enum width width;
    NTSTATUS asked; /* what asking for the size answers */
};

/* STATUS_INVALID_PARAMETER: there is no `size`. STATUS_BUFFER_TOO_SMALL: the caller's block is, or (if `asked` says so) there is none. */
NTSTATUS block_give(const struct block_target *to, const struct shape *shape,
                    const void *structure) MUST_CHECK;
NTSTATUS block_give_bytes(const struct block_target *to, struct span bytes) MUST_CHECK;

#endif
