/*
 * The streams of ncryptprotect.h: their handles, and the way to the program's callback.
 *
 * The engine's statuses are negative when something failed; a callback may end a stream with any number that is not
 * ERROR_SUCCESS, which is kept and returned.
 */
#include "ncrypt_router.h"

#include <stdlib.h>

struct stream_object {
    struct object object;
    struct protect_stream *stream;
    struct busy busy;                    /* the update that is going on */
    PFNCryptStreamOutputCallback output; /* one of the two */
    PFNCryptStreamOutputCallbackEx output_ex;
    void *context;
    NCRYPT_DESCRIPTOR_HANDLE rule; /* for output_ex, once it is known */
    SECURITY_STATUS ended;         /* what the callback said; ERROR_SUCCESS: go on */
};

static void stream_destroy(struct object *o)
{
    struct stream_object *s = CONTAINER_OF(o, struct stream_object, object);
    opencng_protect.stream_free(s->stream);
    if (s->rule != NULL)
        (void)!handle_close(s->rule, OBJECT_RULE);
    free(s);
}

/* ---- output --------------------------------------------------------------------------------- */

static NTSTATUS put(void *arg, struct span data, bool final)
{
    struct stream_object *s = arg;
    s->ended = s->output != NULL ? s->output(s->context, data.p, data.n, final)
                                 : s->output_ex(s->context, data.p, data.n, s->rule, final);
    return s->ended == ERROR_SUCCESS ? STATUS_SUCCESS : NTE_USER_CANCELLED;
}

static NTSTATUS found(void *arg, struct protect_rule *rule)
{
    struct stream_object *s = arg;
    TRY(rule_publish(rule, &s->rule));
    return put(s, (struct span){NULL, 0}, false);
}

/* ---- opening -------------------------------------------------------------------------------- */

/* An object without a stream yet; `put` and, for output_ex, `found` lead to it. */
static NTSTATUS stream_alloc(PFNCryptStreamOutputCallback output,
                             PFNCryptStreamOutputCallbackEx output_ex, void *context,
                             struct protect_sink *sink, struct stream_object **out)
{
    struct stream_object *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NTE_NO_MEMORY;
    s->object = (struct object){OBJECT_STREAM, stream_destroy};
    s->output = output;
    s->output_ex = output_ex;
    s->context = context;
    *sink = (struct protect_sink){output_ex != NULL ? found : NULL, put, s};
    *out = s;
    return STATUS_SUCCESS;
}

/* Gives it its handle if all went well so far; else it is gone. */
static NTSTATUS stream_publish(struct stream_object *s, NTSTATUS status,
                               NCRYPT_STREAM_HANDLE *handle)
{
    void *made = NULL;
    if (status >= 0)
        status = handle_new(&s->object, &made);
    if (status < 0) {
        stream_destroy(&s->object);
        return status;
    }
    *handle = made;
    return STATUS_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptStreamOpenToProtect(NCRYPT_DESCRIPTOR_HANDLE hDescriptor,
                                                 DWORD dwFlags, HWND hWnd,
                                                 NCRYPT_PROTECT_STREAM_INFO *pStreamInfo,
                                                 NCRYPT_STREAM_HANDLE *phStream)
{
    (void)hWnd;
    RULE_USE u;
    TRY(rule_enter(hDescriptor, &u));
    if (phStream == NULL || pStreamInfo == NULL || pStreamInfo->pfnStreamOutput == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_SILENT_FLAG));
    struct protect_sink sink;
    struct stream_object *s;
    TRY(stream_alloc(pStreamInfo->pfnStreamOutput, NULL, pStreamInfo->pvCallbackCtxt, &sink, &s));
    NTSTATUS status = opencng_protect.stream_to_seal(u.rule, &sink, &s->stream);
    return ncrypt_status(stream_publish(s, status, phStream));
}

static SECURITY_STATUS open_to_unprotect(PFNCryptStreamOutputCallback output,
                                         PFNCryptStreamOutputCallbackEx output_ex, void *context,
                                         DWORD flags, NCRYPT_STREAM_HANDLE *handle)
{
    if (handle == NULL || (output == NULL && output_ex == NULL))
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(flags, NCRYPT_SILENT_FLAG));
    struct protect_sink sink;
    struct stream_object *s;
    TRY(stream_alloc(output, output_ex, context, &sink, &s));
    NTSTATUS status = opencng_protect.stream_to_open(&sink, &s->stream);
    return ncrypt_status(stream_publish(s, status, handle));
}

SECURITY_STATUS WINAPI NCryptStreamOpenToUnprotect(NCRYPT_PROTECT_STREAM_INFO *pStreamInfo,
                                                   DWORD dwFlags, HWND hWnd,
                                                   NCRYPT_STREAM_HANDLE *phStream)
{
    (void)hWnd;
    if (pStreamInfo == NULL)
        return NTE_INVALID_PARAMETER;
    return open_to_unprotect(pStreamInfo->pfnStreamOutput, NULL, pStreamInfo->pvCallbackCtxt,
                             dwFlags, phStream);
}

SECURITY_STATUS WINAPI NCryptStreamOpenToUnprotectEx(NCRYPT_PROTECT_STREAM_INFO_EX *pStreamInfo,
                                                     DWORD dwFlags, HWND hWnd,
                                                     NCRYPT_STREAM_HANDLE *phStream)
{
    (void)hWnd;
    if (pStreamInfo == NULL)
        return NTE_INVALID_PARAMETER;
    return open_to_unprotect(NULL, pStreamInfo->pfnStreamOutput, pStreamInfo->pvCallbackCtxt,
                             dwFlags, phStream);
}

/* ---- use ------------------------------------------------------------------------------------ */

SECURITY_STATUS WINAPI NCryptStreamUpdate(NCRYPT_STREAM_HANDLE hStream, const BYTE *pbData,
                                          SIZE_T cbData, BOOL fFinal)
{
    CLEANUP(handle_leave) struct handle_use use = handle_enter(hStream, OBJECT_STREAM);
    if (use.object == NULL)
        return NTE_INVALID_HANDLE;
    struct stream_object *s = CONTAINER_OF(use.object, struct stream_object, object);
    if ((pbData == NULL && cbData > 0) || !busy_try(&s->busy))
        return NTE_INVALID_PARAMETER;
    NTSTATUS status =
        opencng_protect.stream_update(s->stream, (struct span){pbData, cbData}, fFinal != FALSE);
    SECURITY_STATUS ended = s->ended;
    busy_leave(&s->busy);
    return ended != ERROR_SUCCESS ? ended : ncrypt_status(status);
}

SECURITY_STATUS WINAPI NCryptStreamClose(NCRYPT_STREAM_HANDLE hStream)
{
    return handle_close(hStream, OBJECT_STREAM) ? ERROR_SUCCESS : NTE_INVALID_HANDLE;
}
