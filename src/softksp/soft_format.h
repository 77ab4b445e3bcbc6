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
    /* It came out of a ciphertext that nothing authenticates: whatever is wrong with it is NTE_BAD_DATA, and only that. */
    bool guessed;
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

enum soft_direction { SOFT_IMPORT = 1, SOFT_EXPORT = 2 };

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
    uint8_t wrap;     /* enum soft_direction bits: where a key that wraps or unwraps is needed */
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

/* Types that have files of their own: soft_pkcs8.c, soft_opaque.c, soft_wrap.c, soft_cms.c, soft_protected.c. */
NTSTATUS soft_pkcs8_read(const struct soft_format *f, const struct soft_call *call,
                         struct span blob, struct soft_material *m) MUST_CHECK;
NTSTATUS soft_pkcs8_write(const struct soft_format *f, const struct soft_call *call,
                          const struct out *o) MUST_CHECK;
enum soft_need soft_pkcs8_need(const struct ksp_params *params);

/* The plain file of PKCS #8, which other types seal: of the key that goes out, and of one that comes in. A key without a
 * public part has none: NTE_BAD_TYPE. */
NTSTATUS soft_pkcs8_file(const struct soft_call *call, struct secret *file) MUST_CHECK;
NTSTATUS soft_pkcs8_take(const struct soft_call *call, struct span plain,
                         struct soft_material *m) MUST_CHECK;

NTSTATUS soft_opaque_read(const struct soft_format *f, const struct soft_call *call,
                          struct span blob, struct soft_material *m) MUST_CHECK;
NTSTATUS soft_opaque_write(const struct soft_format *f, const struct soft_call *call,
                           const struct out *o) MUST_CHECK;

NTSTATUS soft_wrap_read(const struct soft_format *f, const struct soft_call *call, struct span in,
                        struct soft_material *m) MUST_CHECK;
NTSTATUS soft_wrap_write(const struct soft_format *f, const struct soft_call *call,
                         const struct out *o) MUST_CHECK;
NTSTATUS soft_cms_read(const struct soft_format *f, const struct soft_call *call, struct span in,
                       struct soft_material *m) MUST_CHECK;
NTSTATUS soft_cms_write(const struct soft_format *f, const struct soft_call *call,
                        const struct out *o) MUST_CHECK;
NTSTATUS soft_protected_read(const struct soft_format *f, const struct soft_call *call,
                             struct span in, struct soft_material *m) MUST_CHECK;
NTSTATUS soft_protected_write(const struct soft_format *f, const struct soft_call *call,
                              const struct out *o) MUST_CHECK;

/* Whether keys of the algorithm encrypt as RSA does. */
static inline bool soft_is_rsa(const struct soft_key *k)
{
    return (k->alg->facts.operations & NCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION) != 0;
}

/* What is told of a failure with material that is `guessed`. */
static inline NTSTATUS soft_guess_status(NTSTATUS status)
{
    bool tells_nothing = status >= 0 || status == STATUS_NO_MEMORY || status == NTE_NO_MEMORY;
    return tells_nothing ? status : NTE_BAD_DATA;
}

/* Sends a secret to the caller. */
static inline NTSTATUS soft_send(const struct secret *s, const struct out *o)
{
    return out_bytes(o, s->p, s->n);
}

#endif
