/* Agreed secrets of a provider that is loaded. */
#include "foreign.h"

static struct foreign_part *part_of(struct agreed *secret)
{
    return &CONTAINER_OF(secret, struct foreign_agreed, base)->part;
}

NTSTATUS foreign_agree(struct key *own, struct key *peer, struct agreed **secret)
{
    const struct foreign_calls *calls = foreign_key_calls(own);
    /* The router has seen that the other key is some loaded provider's. */
    if (foreign_key_calls(peer)->agree != calls->agree)
        return STATUS_OBJECT_TYPE_MISMATCH;
    struct agreed *made = agreed_alloc(own, sizeof(struct foreign_agreed));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    struct foreign_part *part = part_of(made);
    void *handle = NULL;
    NTSTATUS status = foreign_part_init(part, foreign_key_of(own)->part.open, 0);
    if (status >= 0)
        status = calls->agree(foreign_key_of(own)->part.handle, foreign_key_of(peer)->part.handle,
                              &handle, 0);
    if (status >= 0) {
        part->handle = handle;
        status = foreign_made(status, part);
    }
    if (status < 0) {
        agreed_free(made);
        return status;
    }
    *secret = made;
    return STATUS_SUCCESS;
}

static NTSTATUS derive(struct agreed *secret, const struct name *kdf, const struct params *params,
                       uint32_t flags, const struct out *o)
{
    const struct foreign_part *part = part_of(secret);
    FOREIGN_PARAMS list;
    TRY(foreign_params_init(&list, params));
    struct foreign_text name;
    ULONG n = 0;
    NTSTATUS status = part->open->calls->derive_secret(
        part->handle, foreign_text(&name, kdf->s), &list.desc, o->p, foreign_room(o), &n, flags);
    return foreign_reply(o, status, n);
}

static void done(struct agreed *secret)
{
    struct foreign_part *part = part_of(secret);
    if (part->handle != NULL)
        part->open->calls->destroy_secret(part->handle);
    foreign_part_done(part);
}

const struct agreed_class foreign_agreed_class = {.derive = derive, .done = done};
