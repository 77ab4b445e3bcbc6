/*
 * The size-query convention, once. An `out` is the caller's output buffer: NULL asks for the size,
 * a buffer that is too small is STATUS_BUFFER_TOO_SMALL, and either way *result says how much is
 * needed.
 */
#ifndef BASE_OUT_H
#define BASE_OUT_H

#include "name.h"
#include "wr.h"

struct out {
    uint8_t *p;       /* NULL: size query */
    uint32_t cap;     /* bytes at p */
    uint32_t *result; /* never NULL: bytes needed or written */
    enum width width; /* of strings written here */
};

static inline bool out_is_query(const struct out *o)
{
    return o->p == NULL;
}

/* A size query may leave the input out. */
static inline bool input_missing(struct span in, const struct out *o)
{
    return in.p == NULL && in.n > 0 && !out_is_query(o);
}

/* Announces `need` bytes. *dst is where to write them, or NULL in a size query. */
NTSTATUS out_begin(const struct out *o, size_t need, uint8_t **dst) MUST_CHECK;

/* The same for what is encoded: `w` has counted it, and becomes a writer for it, which in a size query counts on. */
NTSTATUS out_writer(const struct out *o, struct wr *w) MUST_CHECK;

NTSTATUS out_bytes(const struct out *o, const void *p, size_t n) MUST_CHECK;
NTSTATUS out_u32(const struct out *o, uint32_t v) MUST_CHECK;
NTSTATUS out_pointer(const struct out *o, const void *v) MUST_CHECK;

/* A string with its NUL, filled up with zeros to `chars` characters when it
 * is shorter (0: no filling). */
NTSTATUS out_string(const struct out *o, const char *utf8, size_t chars) MUST_CHECK;

/* BCRYPT_ECC_CURVE_NAMES, self-contained: the pointers point into the caller's buffer. */
NTSTATUS out_names(const struct out *o, const char *const *names, size_t count) MUST_CHECK;

/* BCRYPT_OID_LIST, self-contained too. */
NTSTATUS out_oids(const struct out *o, const struct span *oids, size_t count) MUST_CHECK;

/* The value of a property that is being set. */
struct in {
    const void *p;
    uint32_t n; /* bytes, as the caller counts them */
    enum width width;
};

static inline struct span in_span(const struct in *in)
{
    return span_of(in->p, in->n);
}

/* Exactly four bytes, else STATUS_INVALID_PARAMETER. */
NTSTATUS in_u32(const struct in *in, uint32_t *v) MUST_CHECK;

/* A string within n bytes, with or without its NUL. */
NTSTATUS in_name(const struct in *in, struct name *name) MUST_CHECK;

#endif
