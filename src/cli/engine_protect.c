#include "engine_protect.h"

#include <ncryptprotect.h>

#include <stdlib.h>
#include <string.h>

#include "engine_border.h"

void engine_protection_done(struct engine_protection *p)
{
    if (p->stream != NULL)
        (void)NCryptStreamClose(p->stream);
    p->stream = NULL;
}

static SECURITY_STATUS WINAPI output(void *context, const BYTE *data, SIZE_T n, BOOL final)
{
    struct engine_protection *p = context;
    (void) final;
    p->outcome = p->put((struct view){data, n}, p->context);
    return p->outcome == DONE ? ERROR_SUCCESS : NTE_USER_CANCELLED;
}

static void text_done(WCHAR **text)
{
    free(*text);
}

NTSTATUS engine_protect_open(const char *rule, struct engine_protection *p)
{
    size_t n = strlen(rule);
    CLEANUP(text_done) WCHAR *text = calloc(n + 1, sizeof *text);
    if (text == NULL)
        return NTE_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        if ((rule[i] & 0x80) != 0)
            return NTE_INVALID_PARAMETER;
        text[i] = (WCHAR)rule[i];
    }
    NCRYPT_DESCRIPTOR_HANDLE descriptor;
    NCRYPT_STREAM_HANDLE stream = NULL;
    NCRYPT_PROTECT_STREAM_INFO info = {output, p};
    TRY_STATUS(NCryptCreateProtectionDescriptor(text, 0, &descriptor));
    NTSTATUS status = NCryptStreamOpenToProtect(descriptor, 0, NULL, &info, &stream);
    (void)NCryptCloseProtectionDescriptor(descriptor);
    p->stream = stream;
    return status;
}

NTSTATUS engine_unprotect_open(struct engine_protection *p)
{
    NCRYPT_STREAM_HANDLE stream = NULL;
    NCRYPT_PROTECT_STREAM_INFO info = {output, p};
    TRY_STATUS(NCryptStreamOpenToUnprotect(&info, 0, NULL, &stream));
    p->stream = stream;
    return STATUS_SUCCESS;
}

NTSTATUS engine_protection_update(struct engine_protection *p, struct view data, bool final)
{
    return NCryptStreamUpdate(p->stream, data.p, data.n, final);
}
