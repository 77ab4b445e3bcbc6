/*
 * Hashes and message authentication codes of a provider that is loaded.
 *
 * The router keeps the states of our object; the provider is asked only for what the states allow. A hash that is reusable was
 * made so at the provider, which starts it anew itself.
 */
#include "foreign.h"

static struct foreign_part *part_of(struct hash *h)
{
    return &CONTAINER_OF(h, struct foreign_hash, base)->part;
}

static NTSTATUS begin(struct hash *h, const struct alg *alg, struct span key)
{
    struct foreign_part *part = part_of(h);
    TRY(foreign_part_init(part, foreign_open_of(alg), h->object_length));
    /* What the algorithm was opened with need not be said again. */
    ULONG flags = h->reusable && !alg_reusable(alg) ? BCRYPT_HASH_REUSABLE_FLAG : 0;
    void *handle = NULL;
    TRY(part->open->calls->create_hash(part->open->handle, &handle, part->memory.p,
                                       (ULONG)part->memory.n, (PUCHAR)key.p, (ULONG)key.n, flags));
    part->handle = handle;
    return foreign_made(STATUS_SUCCESS, part);
}

static NTSTATUS data(struct hash *h, struct span in)
{
    const struct foreign_part *part = part_of(h);
    return part->open->calls->hash_data(part->handle, (PUCHAR)in.p, (ULONG)in.n, 0);
}

static NTSTATUS tls_verify(struct hash *h, struct span record)
{
    const struct foreign_part *part = part_of(h);
    return part->open->calls->hash_data(part->handle, (PUCHAR)record.p, (ULONG)record.n,
                                        BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG);
}

static NTSTATUS finish(struct hash *h, uint8_t *out, size_t n, bool more)
{
    const struct foreign_part *part = part_of(h);
    return part->open->calls->finish_hash(part->handle, out, (ULONG)n,
                                          more ? BCRYPT_HASH_DONT_RESET_FLAG : 0);
}

static NTSTATUS reset(struct hash *h)
{
    (void)h;
    return STATUS_SUCCESS;
}

static NTSTATUS copy(struct hash *to, const struct hash *from)
{
    const struct foreign_part *source = &CONST_CONTAINER_OF(from, struct foreign_hash, base)->part;
    struct foreign_part *part = part_of(to);
    if (source->open->calls->duplicate_hash == NULL)
        return STATUS_NOT_SUPPORTED;
    TRY(foreign_part_init(part, source->open, from->object_length));
    void *handle = NULL;
    TRY(source->open->calls->duplicate_hash(source->handle, &handle, part->memory.p,
                                            (ULONG)part->memory.n, 0));
    part->handle = handle;
    return foreign_made(STATUS_SUCCESS, part);
}

static void done(struct hash *h)
{
    struct foreign_part *part = part_of(h);
    if (part->handle != NULL)
        part->open->calls->destroy_hash(part->handle);
    foreign_part_done(part);
}

/* Whether it takes a key, how long its results are and whether they go on, the provider checks. */
const struct hash_class foreign_hash_class = {
    .keyed = true,
    .xof = true,
    .length = UINT32_MAX / 2,
    .size = sizeof(struct foreign_hash),
    .init = begin,
    .data = data,
    .finish = finish,
    .reset = reset,
    .copy = copy,
    .done = done,
    .tls_verify = tls_verify,
    .capi = foreign_capi,
    .pbkdf2 = foreign_pbkdf2,
};
