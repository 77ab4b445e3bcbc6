/*
 * Blobs of keys: each type is a row that says how a key comes out of it and goes into it.
 *
 * Whatever the type, a key comes out as `soft_material`: the algorithm and a blob of bcrypt.h.
 */
#ifndef SOFTKSP_SOFT_FORMAT_H
#define SOFTKSP_SOFT_FORMAT_H

#include "soft.h"

/* The blob type of bcrypt.h, which a name of the caller's stands for. */
struct soft_material {
    const struct soft_alg *alg;
    struct name type; /* blob type of bcrypt.h */
    struct span blob; /* in the caller's bytes, or in `bytes` */
    struct secret bytes;
    struct name curve; /* of a generic algorithm; empty: none */
    bool is_private;
    /* What the blob tells besides the key. */
    struct text name; /* empty: nothing */
    bool has_policy;
    uint32_t policy, usage;
};

static inline void soft_material_done(struct soft_material *m)
{
    secret_done(&m->bytes);
}
#define MATERIAL CLEANUP(soft_material_done) struct soft_material

/* What an export policy must allow. */
enum soft_need { NEED_NOTHING, NEED_PLAIN, NEED_PROTECTED, NEED_WRAPPED };

/* One call of import or export. */
struct soft_call {
    struct soft_provider *provider;
    struct soft_key
        *key; /* export: what goes out; import: the building key that the blob is for, or NULL */
    struct soft_key *wrap; /* the key that wraps or unwraps; NULL: none */
    const struct ksp_params *params;
    uint32_t flags;
};

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

struct soft_format {
    const char *type; /* NULL ends the list */
    const char *alg;  /* that blobs of this type are of, where they do not say it themselves; or NULL */
    bool is_private;
    bool wrapped;     /* needs a key that wraps */
    /* How much the policy has to allow; with parameters that encrypt it may be less. */
    enum soft_need need;
    enum soft_need (*need_of)(const struct ksp_params *params); /* NULL: always `need` */
    uint32_t magic;   /* of the envelope */
    NTSTATUS (*read)(const struct soft_format *f, const struct soft_call *call, struct span blob,
                     struct soft_material *m);
    NTSTATUS (*write)(const struct soft_format *f, const struct soft_call *call,
                      const struct out *o);
};

/* clang-format on */

/* The row of a type; NULL: unknown. */
const struct soft_format *soft_format_find(const char *type) MUST_CHECK;

/* What the magic number in front of a blob of bcrypt.h says. False: it is none. */
bool soft_magic(struct span blob, const char **alg, bool *is_private) MUST_CHECK;

/* Types that have files of their own: soft_pkcs8.c, soft_opaque.c, soft_wrap.c. */
NTSTATUS soft_pkcs8_read(const struct soft_format *f, const struct soft_call *call,
                         struct span blob, struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write(const struct soft_format *f, const struct soft_call *call,
                          const struct out *o) MUST_CHECK;
enum soft_need soft_pkcs8_need(const struct ksp_params *params);
NTSTATUS soft_opaque_read(const struct soft_format *f, const struct soft_call *call,
                          struct span blob, struct soft_material *m) MUST_CHECK;
NTSTATUS soft_opaque_write(const struct soft_format *f, const struct soft_call *call,
                           const struct out *o) MUST_CHECK;

NTSTATUS soft_wrap_read(const struct soft_format *f, const struct soft_call *call, struct span in,
                        struct soft_material *m) MUST_CHECK;
NTSTATUS soft_wrap_write(const struct soft_format *f, const struct soft_call *call,
                         const struct out *o) MUST_CHECK;

/* Sends a secret to the caller. */
static inline NTSTATUS soft_send(const struct secret *s, const struct out *o)
{
    return out_bytes(o, s->p, s->n);
}

#endif
