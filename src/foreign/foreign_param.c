/* Arguments of calls on their way to a provider that is loaded, and its answers on their way back. */
#include "foreign.h"

#include <stdlib.h>

/* The status goes on as it is, and with it the number that some failures come with: how much room is needed, how long the input
 * was. A provider that says it wrote more than there was room for has either written over what lies
 * behind, which nobody can undo, or counts wrong: what is in the buffer is not an answer. The same goes for what it wrote before it
 * found that the tag does not match. */
NTSTATUS foreign_reply(const struct out *o, NTSTATUS status, ULONG n)
{
    if (status < 0) {
        if (n != 0)
            *o->result = n;
        if (status == STATUS_AUTH_TAG_MISMATCH && o->p != NULL)
            wipe(o->p, o->cap);
        return status;
    }
    if (o->p != NULL && n > o->cap) {
        wipe(o->p, o->cap);
        return STATUS_INTERNAL_ERROR;
    }
    *o->result = n;
    return status;
}

VOID *foreign_padding(struct foreign_padding *out, const struct padding *pad)
{
    if (!pad->present)
        return NULL;
    LPCWSTR hash = pad->has_hash ? foreign_text(&out->hash, pad->hash.s) : NULL;
    if ((pad->flags & BCRYPT_PAD_PSS) != 0)
        out->info.pss = (BCRYPT_PSS_PADDING_INFO){hash, pad->salt};
    else if ((pad->flags & BCRYPT_PAD_PQDSA) != 0)
        out->info.pqdsa =
            (BCRYPT_PQDSA_PADDING_INFO){(PUCHAR)pad->context.p, (ULONG)pad->context.n, hash};
    else if ((pad->flags & BCRYPT_PAD_OAEP) != 0)
        out->info.oaep =
            (BCRYPT_OAEP_PADDING_INFO){hash, (PUCHAR)pad->label.p, (ULONG)pad->label.n};
    else if ((pad->flags & BCRYPT_PAD_PKCS1) != 0)
        out->info.pkcs1 = (BCRYPT_PKCS1_PADDING_INFO){hash};
    else
        return (VOID *)pad->info;
    return &out->info;
}

/* ---- parameter lists ------------------------------------------------------------------------ */

void foreign_params_done(struct foreign_params *p)
{
    free(p->buffers);
    free(p->texts);
}

NTSTATUS foreign_params_init(struct foreign_params *out, const struct params *params)
{
    *out = (struct foreign_params){.desc = {.ulVersion = BCRYPTBUFFER_VERSION}};
    if (params->count == 0)
        return STATUS_SUCCESS;
    out->buffers = calloc(params->count, sizeof *out->buffers);
    out->texts = calloc(params->count, sizeof *out->texts);
    if (out->buffers == NULL || out->texts == NULL)
        return STATUS_NO_MEMORY;
    out->desc.cBuffers = (ULONG)params->count;
    out->desc.pBuffers = out->buffers;
    for (size_t i = 0; i < params->count; i++) {
        const struct param *p = &params->list[i];
        BCryptBuffer *b = &out->buffers[i];
        *b = (BCryptBuffer){(ULONG)p->bytes.n, p->type, (PVOID)p->bytes.p};
        if (p->type == KDF_HASH_ALGORITHM) {
            foreign_text(&out->texts[i], p->name.s);
            b->pvBuffer = out->texts[i].s;
            b->cbBuffer = (ULONG)((wide_length(p->name.s, WIDTH_16) + 1) * sizeof(WCHAR));
        }
    }
    return STATUS_SUCCESS;
}
