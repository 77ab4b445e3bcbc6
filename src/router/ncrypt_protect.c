/* Rules of ncryptprotect.h and their handles; data that are protected and opened at once. */
#include "ncrypt_router.h"

#include <stdlib.h>

#include "secret.h"

/* ---- memory --------------------------------------------------------------------------------- */

static void *heap_alloc(SIZE_T n)
{
    return malloc(n);
}

NTSTATUS ncrypt_memory(const NCRYPT_ALLOC_PARA *named, NCRYPT_ALLOC_PARA *memory)
{
    static const NCRYPT_ALLOC_PARA heap = {sizeof heap, heap_alloc, free};
    *memory = named == NULL ? heap : *named;
    return memory->cbSize == sizeof *memory && memory->pfnAlloc != NULL && memory->pfnFree != NULL
               ? STATUS_SUCCESS
               : NTE_INVALID_PARAMETER;
}

/* ---- rules ---------------------------------------------------------------------------------- */

struct rule_object {
    struct object object;
    struct protect_rule *rule;
};

static void rule_destroy(struct object *o)
{
    struct rule_object *r = CONTAINER_OF(o, struct rule_object, object);
    opencng_protect.rule_free(r->rule);
    free(r);
}

NTSTATUS rule_publish(struct protect_rule *rule, NCRYPT_DESCRIPTOR_HANDLE *handle)
{
    struct rule_object *r = calloc(1, sizeof *r);
    if (r == NULL) {
        opencng_protect.rule_free(rule);
        return NTE_NO_MEMORY;
    }
    *r = (struct rule_object){{OBJECT_RULE, rule_destroy}, rule};
    void *made;
    NTSTATUS status = handle_new(&r->object, &made);
    if (status < 0) {
        rule_destroy(&r->object);
        return status;
    }
    *handle = made;
    return STATUS_SUCCESS;
}

NTSTATUS rule_enter(NCRYPT_DESCRIPTOR_HANDLE handle, struct rule_use *u)
{
    *u = (struct rule_use){.use = handle_enter(handle, OBJECT_RULE)};
    if (u->use.object == NULL)
        return NTE_INVALID_HANDLE;
    u->rule = CONTAINER_OF(u->use.object, struct rule_object, object)->rule;
    return STATUS_SUCCESS;
}

void rule_leave(struct rule_use *u)
{
    handle_leave(&u->use);
}

NTSTATUS ncrypt_rule(const char *text, uint32_t flags, NCRYPT_DESCRIPTOR_HANDLE *handle)
{
    if (handle == NULL || text == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(flags, NCRYPT_NAMED_DESCRIPTOR_FLAG | NCRYPT_MACHINE_KEY_FLAG));
    if (flags == NCRYPT_MACHINE_KEY_FLAG)
        return NTE_BAD_FLAGS; /* of names only */
    bool machine = (flags & NCRYPT_MACHINE_KEY_FLAG) != 0;
    struct protect_rule *rule;
    TRY((flags & NCRYPT_NAMED_DESCRIPTOR_FLAG) != 0
            ? opencng_protect.rule_named(machine, text, &rule)
            : opencng_protect.rule_new(text, &rule));
    return rule_publish(rule, handle);
}

SECURITY_STATUS WINAPI NCryptCloseProtectionDescriptor(NCRYPT_DESCRIPTOR_HANDLE hDescriptor)
{
    return handle_close(hDescriptor, OBJECT_RULE) ? ERROR_SUCCESS : NTE_INVALID_HANDLE;
}

/* ---- data at once --------------------------------------------------------------------------- */

SECURITY_STATUS WINAPI NCryptProtectSecret(NCRYPT_DESCRIPTOR_HANDLE hDescriptor, DWORD dwFlags,
                                           const BYTE *pbData, ULONG cbData,
                                           const NCRYPT_ALLOC_PARA *pMemPara, HWND hWnd,
                                           BYTE **ppbProtectedBlob, ULONG *pcbProtectedBlob)
{
    (void)hWnd;
    RULE_USE u;
    NCRYPT_ALLOC_PARA memory;
    TRY(rule_enter(hDescriptor, &u));
    if (pbData == NULL || cbData == 0 || ppbProtectedBlob == NULL || pcbProtectedBlob == NULL)
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_SILENT_FLAG));
    TRY(ncrypt_memory(pMemPara, &memory));
    return ncrypt_status(opencng_protect.seal(u.rule, (struct span){pbData, cbData}, &memory,
                                              ppbProtectedBlob, pcbProtectedBlob));
}

static NTSTATUS unprotect(NCRYPT_DESCRIPTOR_HANDLE *handle, struct span blob,
                          const NCRYPT_ALLOC_PARA *memory, BYTE **data, ULONG *n)
{
    struct protect_rule *rule = NULL;
    uint8_t *plain = NULL;
    uint32_t bytes = 0;
    TRY(opencng_protect.open(blob, memory, handle == NULL ? NULL : &rule,
                             data == NULL ? NULL : &plain, &bytes));
    NTSTATUS status = handle == NULL ? STATUS_SUCCESS : rule_publish(rule, handle);
    if (status < 0) {
        if (plain != NULL) {
            wipe(plain, bytes);
            memory->pfnFree(plain);
        }
        return status;
    }
    if (data != NULL) {
        *data = plain;
        *n = bytes;
    }
    return STATUS_SUCCESS;
}

SECURITY_STATUS WINAPI NCryptUnprotectSecret(NCRYPT_DESCRIPTOR_HANDLE *phDescriptor, DWORD dwFlags,
                                             const BYTE *pbProtectedBlob, ULONG cbProtectedBlob,
                                             const NCRYPT_ALLOC_PARA *pMemPara, HWND hWnd,
                                             BYTE **ppbData, ULONG *pcbData)
{
    (void)hWnd;
    NCRYPT_ALLOC_PARA memory;
    bool decrypt = (dwFlags & NCRYPT_UNPROTECT_NO_DECRYPT) == 0;
    if (pbProtectedBlob == NULL || (decrypt && (ppbData == NULL || pcbData == NULL)))
        return NTE_INVALID_PARAMETER;
    TRY(ncrypt_flags(dwFlags, NCRYPT_UNPROTECT_NO_DECRYPT | NCRYPT_SILENT_FLAG));
    TRY(ncrypt_memory(pMemPara, &memory));
    NTSTATUS status = unprotect(phDescriptor, (struct span){pbProtectedBlob, cbProtectedBlob},
                                &memory, decrypt ? ppbData : NULL, pcbData);
    if (status >= 0 && !decrypt) {
        if (ppbData != NULL)
            *ppbData = NULL;
        if (pcbData != NULL)
            *pcbData = 0;
    }
    return ncrypt_status(status);
}
