/* The exported functions of opencng_store.h: pointers and scopes are checked here, structures become the store's own. */
#include "opencng_store.h"

#include <string.h>

#include "store_explain.h"

static void store_done(struct store **s)
{
    store_close(*s);
}

#define SCOPED_STORE CLEANUP(store_done) struct store

static SECURITY_STATUS enter(ULONG scope, struct store **s)
{
    if (scope != CNG_STORE_USER && scope != CNG_STORE_MACHINE)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "there is no such scope", NULL);
    return store_open((enum store_scope)scope, s);
}

static struct span span_of_bytes(const CNG_STORE_BYTES *bytes)
{
    return bytes == NULL || bytes->cb == 0 ? (struct span){NULL, 0} : span_of(bytes->pv, bytes->cb);
}

static SECURITY_STATUS null_pointer(void)
{
    return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "a pointer is NULL", NULL);
}

SECURITY_STATUS WINAPI CngStoreExplain(CNG_STORE_EXPLANATION *pExplanation)
{
    if (pExplanation == NULL)
        return null_pointer();
    const struct store_explanation *e = store_explain();
    *pExplanation = (CNG_STORE_EXPLANATION){e->path, e->problem, e->remedy, e->status};
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI CngStoreGetFolders(ULONG dwScope, char *pszKeys, char *pszSlots,
                                          SIZE_T cchPath)
{
    SCOPED_STORE *s = NULL;
    TRY(enter(dwScope, &s));
    const char *keys = store_keys_path(s), *slots = store_slots_path(s);
    if ((pszKeys != NULL && strlen(keys) >= cchPath) ||
        (pszSlots != NULL && strlen(slots) >= cchPath))
        return NTE_BUFFER_TOO_SMALL;
    if (pszKeys != NULL)
        memcpy(pszKeys, keys, strlen(keys) + 1);
    if (pszSlots != NULL)
        memcpy(pszSlots, slots, strlen(slots) + 1);
    return ERROR_SUCCESS;
}

/* --- slots -------------------------------------------------------------------------------------------- */

struct slot_call {
    CNG_STORE_SLOT_CALLBACK callback;
    void *context;
};

static bool slot_tell(const struct store_slot *slot, void *arg)
{
    const struct slot_call *call = arg;
    const CNG_STORE_SLOT told = {slot->name, slot->type, slot->description, slot->created,
                                 slot->damaged};
    return call->callback(&told, call->context) != FALSE;
}

SECURITY_STATUS WINAPI CngStoreEnumSlots(ULONG dwScope, CNG_STORE_SLOT_CALLBACK pfnSlot,
                                         void *pvContext)
{
    if (pfnSlot == NULL)
        return null_pointer();
    SCOPED_STORE *s = NULL;
    TRY(enter(dwScope, &s));
    struct slot_call call = {pfnSlot, pvContext};
    return store_slots(s, slot_tell, &call);
}

static SECURITY_STATUS slot_put(ULONG scope, const CNG_STORE_BYTES *passphrase,
                                const CNG_STORE_SLOT_PARAMETERS *slot,
                                SECURITY_STATUS (*put)(struct store *s, struct span passphrase,
                                                       const struct store_slot_wish *wish))
{
    if (slot == NULL)
        return null_pointer();
    SCOPED_STORE *s = NULL;
    TRY(enter(scope, &s));
    const struct store_slot_wish wish = {
        .name = slot->Name,
        .type = slot->Type,
        .passphrase = span_of_bytes(&slot->Passphrase),
        .credential = slot->Credential,
        .scrypt_log2_n = slot->ScryptLog2N,
    };
    return put(s, span_of_bytes(passphrase), &wish);
}

SECURITY_STATUS WINAPI CngStoreAddSlot(ULONG dwScope, const CNG_STORE_BYTES *pPassphrase,
                                       const CNG_STORE_SLOT_PARAMETERS *pSlot)
{
    return slot_put(dwScope, pPassphrase, pSlot, store_slot_add);
}

SECURITY_STATUS WINAPI CngStoreChangeSlot(ULONG dwScope, const CNG_STORE_BYTES *pPassphrase,
                                          const CNG_STORE_SLOT_PARAMETERS *pSlot)
{
    return slot_put(dwScope, pPassphrase, pSlot, store_slot_change);
}

SECURITY_STATUS WINAPI CngStoreRemoveSlot(ULONG dwScope, const char *pszName)
{
    if (pszName == NULL)
        return null_pointer();
    SCOPED_STORE *s = NULL;
    TRY(enter(dwScope, &s));
    return store_slot_remove(s, pszName);
}

/* --- rotation and check ------------------------------------------------------------------------------- */

struct long_call {
    CNG_STORE_ASK_CALLBACK ask;
    CNG_STORE_FINDING_CALLBACK finding;
    CNG_STORE_PROGRESS_CALLBACK progress;
    void *context;
};

static SECURITY_STATUS ask(const char *slot, struct secret *out, void *arg)
{
    const struct long_call *call = arg;
    CNG_STORE_BYTES bytes = {NULL, 0};
    TRY(call->ask(slot, &bytes, call->context));
    return store_status(secret_copy(out, span_of_bytes(&bytes)));
}

static bool progress(size_t done, size_t total, void *arg)
{
    const struct long_call *call = arg;
    return call->progress(done, total, call->context) != FALSE;
}

static void finding(const struct store_finding *found, void *arg)
{
    const struct long_call *call = arg;
    const CNG_STORE_FINDING told = {found->path, found->status, found->problem};
    call->finding(&told, call->context);
}

SECURITY_STATUS WINAPI CngStoreRotate(ULONG dwScope, CNG_STORE_ASK_CALLBACK pfnAsk,
                                      CNG_STORE_PROGRESS_CALLBACK pfnProgress, void *pvContext)
{
    SCOPED_STORE *s = NULL;
    TRY(enter(dwScope, &s));
    struct long_call call = {.ask = pfnAsk, .progress = pfnProgress, .context = pvContext};
    return store_rotate(s, pfnAsk == NULL ? NULL : ask, pfnProgress == NULL ? NULL : progress,
                        &call);
}

SECURITY_STATUS WINAPI CngStoreCheck(ULONG dwScope, const CNG_STORE_BYTES *pPassphrase,
                                     CNG_STORE_FINDING_CALLBACK pfnFinding,
                                     CNG_STORE_PROGRESS_CALLBACK pfnProgress, void *pvContext,
                                     CNG_STORE_REPORT *pReport)
{
    if (pReport == NULL)
        return null_pointer();
    SCOPED_STORE *s = NULL;
    TRY(enter(dwScope, &s));
    struct long_call call = {.finding = pfnFinding, .progress = pfnProgress, .context = pvContext};
    struct store_report r;
    TRY(store_check(s, span_of_bytes(pPassphrase), pfnFinding == NULL ? NULL : finding,
                    pfnProgress == NULL ? NULL : progress, &call, &r));
    *pReport = (CNG_STORE_REPORT){r.keys, r.damaged, r.leftovers, r.slots, r.sealed, r.rotating};
    return ERROR_SUCCESS;
}

SECURITY_STATUS WINAPI CngStoreDeleteFile(ULONG dwScope, const char *pszUniqueName)
{
    if (pszUniqueName == NULL)
        return null_pointer();
    SCOPED_STORE *s = NULL;
    TRY(enter(dwScope, &s));
    return store_delete_unique(s, pszUniqueName);
}
