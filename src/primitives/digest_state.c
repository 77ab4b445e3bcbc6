/* The two kinds of states (digest_state.h). */
#include "digest_state.h"

#include <string.h>

#include "digest_ctx.h"

/* libcrypto's functions of one hash. */
struct digest_core {
    size_t size; /* bytes of its state */
    int (*init)(struct digest_state *s);
    int (*add)(struct digest_state *s, const void *p, size_t n);
    int (*finish)(struct digest_state *s, uint8_t *out);
};

#define CORE(id, prefix, member)                                                                   \
    static int id##_init(struct digest_state *s)                                                   \
    {                                                                                              \
        return prefix##_Init(&s->in.member);                                                       \
    }                                                                                              \
    static int id##_add(struct digest_state *s, const void *p, size_t n)                           \
    {                                                                                              \
        return prefix##_Update(&s->in.member, p, n);                                               \
    }                                                                                              \
    static int id##_finish(struct digest_state *s, uint8_t *out)                                   \
    {                                                                                              \
        return prefix##_Final(out, &s->in.member);                                                 \
    }

#define CORE_ROW(id, member)                                                                       \
    {                                                                                              \
        sizeof(((struct digest_state *)NULL)->in.member), id##_init, id##_add, id##_finish         \
    }

#ifndef OPENSSL_NO_MD5
CORE(md5, MD5, md5)
#endif
CORE(sha1, SHA1, sha1)
CORE(sha256, SHA256, sha256)
CORE(sha384, SHA384, sha512)
CORE(sha512, SHA512, sha512)

static const struct digest_core cores[DIGEST_ROWS] = {
#ifndef OPENSSL_NO_MD5
    [DIGEST_MD5] = CORE_ROW(md5, md5),
#endif
    [DIGEST_SHA1] = CORE_ROW(sha1, sha1),       [DIGEST_SHA256] = CORE_ROW(sha256, sha256),
    [DIGEST_SHA384] = CORE_ROW(sha384, sha512), [DIGEST_SHA512] = CORE_ROW(sha512, sha512),
};

/* Starts the state of a hash that has low-level functions; false: it is one of EVP's. */
static bool core_start(struct digest_state *s, const struct digest *d)
{
    const struct digest_core *core = &cores[digest_index(d)];
    s->digest = d;
    s->lent = false;
    s->core = core->size > 0 && core->init(s) == 1 ? core : NULL;
    return s->core != NULL;
}

NTSTATUS digest_state_init(struct digest_state *s, const struct digest *d)
{
    if (core_start(s, d))
        return STATUS_SUCCESS;
    s->in.evp = NULL;
    return digest_ctx_take(d, &s->in.evp);
}

NTSTATUS digest_state_lend(struct digest_state *s, const struct digest *d)
{
    if (core_start(s, d))
        return STATUS_SUCCESS;
    s->digest = NULL;
    TRY(digest_ctx_lend(d, &s->in.evp));
    s->digest = d;
    s->lent = true;
    return STATUS_SUCCESS;
}

void digest_state_done(struct digest_state *s)
{
    if (s->digest == NULL)
        return;
    if (s->core != NULL)
        wipe(&s->in, s->core->size);
    else if (s->lent)
        digest_ctx_lend_end(s->digest);
    else
        digest_ctx_give(s->digest, s->in.evp);
    s->digest = NULL;
}

bool digest_state_set(struct digest_state *s, const struct digest_state *from)
{
    if (s->core == NULL)
        return EVP_MD_CTX_copy_ex(s->in.evp, from->in.evp) == 1;
    memcpy(&s->in, &from->in, s->core->size);
    return true;
}

bool digest_state_restart(struct digest_state *s)
{
    return s->core != NULL ? s->core->init(s) == 1 : digest_ctx_restart(s->digest, s->in.evp);
}

bool digest_state_add(struct digest_state *s, struct span part)
{
    if (part.n == 0)
        return true;
    return s->core != NULL ? s->core->add(s, part.p, part.n) == 1
                           : EVP_DigestUpdate(s->in.evp, part.p, part.n) == 1;
}

bool digest_state_finish(struct digest_state *s, uint8_t *out)
{
    if (s->core != NULL)
        return s->core->finish(s, out) == 1;
    return s->digest->xof ? EVP_DigestFinalXOF(s->in.evp, out, s->digest->length) == 1
                          : EVP_DigestFinal_ex(s->in.evp, out, NULL) == 1;
}
