/* Answers through the size-query convention (out.h): each shape of answer says its size first. */
#include "out.h"

#include <string.h>

NTSTATUS out_begin(const struct out *o, size_t need, uint8_t **dst)
{
    if (need > UINT32_MAX)
        return STATUS_INVALID_PARAMETER;
    *o->result = (uint32_t)need;
    *dst = NULL;
    if (o->p == NULL)
        return STATUS_SUCCESS;
    if (o->cap < need)
        return STATUS_BUFFER_TOO_SMALL;
    *dst = o->p;
    return STATUS_SUCCESS;
}

NTSTATUS out_writer(const struct out *o, struct wr *w)
{
    size_t need = w->n;
    uint8_t *dst;
    TRY(out_begin(o, need, &dst));
    *w = dst == NULL ? wr_count() : wr_into(dst, need);
    return STATUS_SUCCESS;
}

NTSTATUS out_bytes(const struct out *o, const void *p, size_t n)
{
    uint8_t *dst;
    TRY(out_begin(o, n, &dst));
    if (dst != NULL && n > 0)
        memcpy(dst, p, n);
    return STATUS_SUCCESS;
}

NTSTATUS out_u32(const struct out *o, uint32_t v)
{
    return out_bytes(o, &v, sizeof v);
}

NTSTATUS out_pointer(const struct out *o, const void *v)
{
    return out_bytes(o, &v, sizeof v);
}

NTSTATUS out_string(const struct out *o, const char *utf8, size_t chars)
{
    size_t own = wide_length(utf8, o->width) + 1;
    size_t need = (own > chars ? own : chars) * o->width;
    uint8_t *dst;
    TRY(out_begin(o, need, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    memset(dst, 0, need);
    wide_write(dst, utf8, o->width);
    return STATUS_SUCCESS;
}

NTSTATUS out_names(const struct out *o, const char *const *names, size_t count)
{
    BCRYPT_ECC_CURVE_NAMES head = {.dwEccCurveNames = (ULONG)count};
    size_t text = 0;
    for (size_t i = 0; i < count; i++)
        text += (wide_length(names[i], o->width) + 1) * o->width;
    size_t table = sizeof head;
    size_t strings = table + count * sizeof(void *);
    uint8_t *dst;
    TRY(out_begin(o, strings + text, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;

    /* The caller's buffer may have any alignment, so everything is copied into place. */
    void *first = dst + table;
    memcpy(&head.pEccCurveNames, &first, sizeof first);
    memcpy(dst, &head, sizeof head);
    uint8_t *at = dst + strings;
    for (size_t i = 0; i < count; i++) {
        memcpy(dst + table + i * sizeof at, &at, sizeof at);
        wide_write(at, names[i], o->width);
        at += (wide_length(names[i], o->width) + 1) * o->width;
    }
    return STATUS_SUCCESS;
}

NTSTATUS out_oids(const struct out *o, const struct span *oids, size_t count)
{
    BCRYPT_OID_LIST head = {.dwOIDCount = (ULONG)count};
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++)
        bytes += oids[i].n;
    size_t table = sizeof head;
    size_t contents = table + count * sizeof(BCRYPT_OID);
    uint8_t *dst;
    TRY(out_begin(o, contents + bytes, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;

    void *first = dst + table;
    memcpy(&head.pOIDs, &first, sizeof first);
    memcpy(dst, &head, sizeof head);
    uint8_t *at = dst + contents;
    for (size_t i = 0; i < count; i++) {
        BCRYPT_OID oid = {.cbOID = (ULONG)oids[i].n, .pbOID = at};
        memcpy(dst + table + i * sizeof oid, &oid, sizeof oid);
        memcpy(at, oids[i].p, oids[i].n);
        at += oids[i].n;
    }
    return STATUS_SUCCESS;
}

NTSTATUS in_u32(const struct in *in, uint32_t *v)
{
    if (in->p == NULL || in->n != sizeof *v)
        return STATUS_INVALID_PARAMETER;
    memcpy(v, in->p, sizeof *v);
    return STATUS_SUCCESS;
}

NTSTATUS in_name(const struct in *in, struct name *name)
{
    return name_read_counted(name, in->p, in->n, in->width);
}
