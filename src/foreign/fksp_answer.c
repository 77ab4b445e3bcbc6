/* What passes the boundary of a key storage provider: its statuses and sizes on the way out, parameter lists on
 * the way in. */
#include "fksp.h"

#include <stdlib.h>

NTSTATUS fksp_status(SECURITY_STATUS status)
{
    /* Above 0 are Win32's codes, which SECURITY_STATUS is documented to carry as HRESULTs. */
    return status <= 0 ? status : HRESULT_FROM_WIN32(status);
}

NTSTATUS fksp_made(SECURITY_STATUS status, uintptr_t handle)
{
    TRY(fksp_status(status));
    return handle == 0 ? NTE_INTERNAL_ERROR : STATUS_SUCCESS;
}

NTSTATUS fksp_answer(SECURITY_STATUS status, const struct out *o, DWORD n)
{
    NTSTATUS inside = fksp_status(status);
    if (inside == NTE_BUFFER_TOO_SMALL || inside == STATUS_BUFFER_TOO_SMALL)
        *o->result = n;
    TRY(inside);
    if (!out_is_query(o) && n > o->cap) {
        wipe(o->p, o->cap);
        return NTE_INTERNAL_ERROR;
    }
    *o->result = n;
    return STATUS_SUCCESS;
}

/* ---- parameter lists ------------------------------------------------------------------------ */

/* The buffers that hold strings; all others are bytes. */
static const ULONG string_types[] = {
    KDF_HASH_ALGORITHM,
    NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING,
    NCRYPTBUFFER_PKCS_KEY_NAME,
    NCRYPTBUFFER_PKCS_SECRET,
    NCRYPTBUFFER_ECC_CURVE_NAME,
    NCRYPTBUFFER_TPM_SEAL_PASSWORD,
    NCRYPTBUFFER_ATTESTATION_STATEMENT_SIGNATURE_HASH,
    NCRYPTBUFFER_ATTESTATION_STATEMENT_SIGNATURE_PADDING_ALGO,
    NCRYPTBUFFER_PKCS_PADDING_ALGO,
};

static bool is_string(ULONG type)
{
    for (size_t i = 0; i < ARRAY_COUNT(string_types); i++) {
        if (string_types[i] == type)
            return true;
    }
    return false;
}

static NTSTATUS recode_one(struct fksp_params *p, NCryptBuffer *b, enum width from)
{
    if (b->pvBuffer == NULL)
        return STATUS_SUCCESS;
    if (p->used == ARRAY_COUNT(p->strings))
        return NTE_INVALID_PARAMETER;
    struct secret *string = &p->strings[p->used];
    TRY(text_recode(string, b->pvBuffer, b->cbBuffer, from, WIDTH_16));
    p->used++;
    b->pvBuffer = string->p;
    b->cbBuffer = (ULONG)string->n;
    return STATUS_SUCCESS;
}

NTSTATUS fksp_params_init(struct fksp_params *p, const struct ksp_params *from)
{
    *p = (struct fksp_params){.list = NULL};
    if (from->count == 0)
        return STATUS_SUCCESS;
    p->buffers = calloc(from->count, sizeof *p->buffers);
    if (p->buffers == NULL)
        return NTE_NO_MEMORY;
    memcpy(p->buffers, from->list, from->count * sizeof *p->buffers);
    for (size_t i = 0; from->width != WIDTH_16 && i < from->count; i++) {
        if (is_string(p->buffers[i].BufferType))
            TRY(recode_one(p, &p->buffers[i], from->width));
    }
    p->desc = (NCryptBufferDesc){NCRYPTBUFFER_VERSION, (ULONG)from->count, p->buffers};
    p->list = &p->desc;
    return STATUS_SUCCESS;
}

void fksp_params_done(struct fksp_params *p)
{
    for (size_t i = 0; i < p->used; i++)
        secret_done(&p->strings[i]);
    free(p->buffers);
}
