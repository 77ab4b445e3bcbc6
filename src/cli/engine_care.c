#include <opencng_store.h>

#include <string.h>

#include "engine_border.h"
#include "engine_store.h"

static ULONG scope_of(bool machine)
{
    return machine ? CNG_STORE_MACHINE : CNG_STORE_USER;
}

static CNG_STORE_BYTES bytes_of(struct view v)
{
    return (CNG_STORE_BYTES){v.p, v.n};
}

struct engine_explanation engine_store_explain(NTSTATUS status)
{
    CNG_STORE_EXPLANATION e = {"", "", "", 0};
    (void)CngStoreExplain(&e);
    /* A provider has nobody to ask, so the store's question becomes a refusal. */
    bool same = e.Status == status || (e.Status == NTE_UI_REQUIRED && status == NTE_SILENT_CONTEXT);
    return same ? (struct engine_explanation){e.Path, e.Problem, e.Remedy}
                : (struct engine_explanation){"", "", ""};
}

NTSTATUS engine_store_folders(bool machine, struct octets *keys, struct octets *slots)
{
    char a[4096];
    char b[4096];
    TRY_STATUS(CngStoreGetFolders(scope_of(machine), a, b, sizeof a));
    octets_set(keys, view_of_text(a));
    octets_set(slots, view_of_text(b));
    return STATUS_SUCCESS;
}

/* ---- slots ---------------------------------------------------------------------------------------------------- */

struct slot_call {
    void (*each)(const struct engine_slot *slot, void *context);
    void *context;
};

static BOOL WINAPI tell_slot(const CNG_STORE_SLOT *slot, void *context)
{
    const struct slot_call *call = context;
    const struct engine_slot told = {slot->Name, slot->Type, slot->Description,
                                     slot->Damaged != FALSE};
    call->each(&told, call->context);
    return TRUE;
}

NTSTATUS engine_slots_each(bool machine,
                           void (*each)(const struct engine_slot *slot, void *context),
                           void *context)
{
    struct slot_call call = {each, context};
    return CngStoreEnumSlots(scope_of(machine), tell_slot, &call);
}

NTSTATUS engine_slot_add(bool machine, struct view passphrase, const struct engine_slot_wish *wish,
                         bool replace)
{
    const CNG_STORE_BYTES opening = bytes_of(passphrase);
    const CNG_STORE_SLOT_PARAMETERS slot = {wish->name, wish->type, bytes_of(wish->passphrase),
                                            wish->credential, wish->log2_n};
    return replace ? CngStoreChangeSlot(scope_of(machine), &opening, &slot)
                   : CngStoreAddSlot(scope_of(machine), &opening, &slot);
}

NTSTATUS engine_slot_remove(bool machine, const char *name)
{
    return CngStoreRemoveSlot(scope_of(machine), name);
}

/* ---- long work ------------------------------------------------------------------------------------------------ */

static SECURITY_STATUS WINAPI ask(const char *slot, CNG_STORE_BYTES *passphrase, void *context)
{
    struct engine_watch *watch = context;
    struct view answer = {0};
    watch->asked = watch->ask(slot, &answer, watch->context);
    *passphrase = bytes_of(answer);
    return watch->asked == DONE ? ERROR_SUCCESS : NTE_USER_CANCELLED;
}

static BOOL WINAPI progress(SIZE_T done, SIZE_T total, void *context)
{
    const struct engine_watch *watch = context;
    watch->progress(done, total, watch->context);
    return TRUE;
}

static void WINAPI found(const CNG_STORE_FINDING *finding, void *context)
{
    const struct engine_watch *watch = context;
    watch->found(finding->Path, finding->Status, finding->Problem, watch->context);
}

NTSTATUS engine_store_rotate(bool machine, struct engine_watch *watch)
{
    return CngStoreRotate(scope_of(machine), ask, progress, watch);
}

NTSTATUS engine_store_check(bool machine, struct view passphrase, struct engine_watch *watch,
                            struct engine_report *out)
{
    const CNG_STORE_BYTES opening = bytes_of(passphrase);
    CNG_STORE_REPORT r;
    TRY_STATUS(CngStoreCheck(scope_of(machine), &opening, found, progress, watch, &r));
    *out = (struct engine_report){r.Keys,  r.Damaged,         r.Leftovers,
                                  r.Slots, r.Sealed != FALSE, r.Rotating != FALSE};
    return STATUS_SUCCESS;
}

NTSTATUS engine_store_delete_file(bool machine, const char *unique)
{
    return CngStoreDeleteFile(scope_of(machine), unique);
}
