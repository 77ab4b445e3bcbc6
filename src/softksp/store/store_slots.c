/* Listing, adding, changing and removing slots. Changes happen under the store's lock and write one small file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ct.h"
#include "store_explain.h"
#include "store_key.h"

/* The slots' folder; NTE_NO_KEY when there is none. */
static SECURITY_STATUS slots_enter(struct store *s, int *fd, struct folder *slots)
{
    TRY(place_enter(&s->places.slots, false, fd));
    *slots = (struct folder){*fd, s->places.slots.path};
    if (*fd < 0)
        return store_refuse(NTE_NO_KEY, slots->path, NULL, "this store has no KEK", NULL);
    return STATUS_SUCCESS;
}

/* --- listing ------------------------------------------------------------------------------------------ */

struct listing {
    const struct folder *slots;
    uint8_t id[STORE_KEK_ID_BYTES];
    bool (*each)(const struct store_slot *slot, void *arg);
    void *arg;
    bool stopped;
};

static SECURITY_STATUS list_visit(const char *file, void *arg)
{
    struct listing *listing = arg;
    struct store_slot found = {.type = "", .damaged = true};
    uint8_t id[STORE_KEK_ID_BYTES];
    if (listing->stopped || !slot_file_is(file, found.name, id) ||
        !ct_equal(id, listing->id, sizeof id))
        return STATUS_SUCCESS;
    SECRET storage = {NULL, 0};
    struct slot slot;
    struct stamp stamp;
    SECURITY_STATUS status = slot_read(listing->slots, file, &storage, &slot, &stamp);
    if (status == NTE_NOT_FOUND)
        return STATUS_SUCCESS; /* removed meanwhile */
    if (status >= 0) {
        found.type = slot.protector->type;
        found.created = slot.created;
        found.damaged = false;
        slot.protector->describe(slot.parameters, found.description, sizeof found.description);
    }
    listing->stopped = !listing->each(&found, listing->arg);
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_slots(struct store *s, bool (*each)(const struct store_slot *slot, void *arg),
                            void *arg)
{
    SCOPED_FD fd = -1;
    struct folder slots;
    struct listing listing = {.slots = &slots, .each = each, .arg = arg};
    bool has_retired;
    SECURITY_STATUS status = slots_enter(s, &fd, &slots);
    if (status >= 0)
        status = current_id(&slots, listing.id, &has_retired);
    if (status == NTE_NO_KEY)
        return STATUS_SUCCESS;
    TRY(status);
    return folder_each(&slots, list_visit, &listing);
}

/* --- writing ------------------------------------------------------------------------------------------ */

/* Puts a slot of the current KEK into the folder; the lock is held. */
static SECURITY_STATUS slot_put(const struct folder *slots, const struct ring *ring, bool replace,
                                const struct store_slot_wish *wish)
{
    SECRET bytes = {NULL, 0};
    TRY(slot_make(wish, ring->id, ring->keys.p, &bytes));
    char file[SLOT_FILE_NAME_MAX + 1];
    slot_file_name(wish->name, ring->id, file);
    SCOPED_FD old = replace ? file_open_to_erase(slots, file) : -1;
    if (replace && old < 0)
        return errno == ENOENT
                   ? store_refuse(NTE_NOT_FOUND, slots->path, file, "there is no such slot", NULL)
                   : store_refuse_errno(errno, slots->path, file, false);
    DRAFT draft = NO_DRAFT;
    TRY(draft_init(&draft, slots, secret_span(&bytes), replace, 0600, (gid_t)-1));
    TRY(replace ? draft_replace(&draft, file) : draft_link(&draft, file));
    TRY(folder_sync(slots));
    /* The old slot still opens the KEK, for whoever knows the old passphrase and finds its bytes. */
    if (old >= 0)
        file_erase_gone(old, SLOT_FILE_MAX);
    return STATUS_SUCCESS;
}

static SECURITY_STATUS slot_write(struct store *s, struct span passphrase, bool replace,
                                  const struct store_slot_wish *wish)
{
    if (!slot_name_is_good(wish->name))
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this cannot be the name of a slot",
                            "Use up to 32 letters, digits, '-' and '_'.");
    SCOPED_FD keys_fd = -1, fd = -1;
    TRY(place_enter(&s->places.keys, true, &keys_fd));
    struct folder keys = {keys_fd, s->places.keys.path}, slots;
    RING early = {.has_retired = false};
    bool made = false;
    if (replace)
        TRY(ring_get(s, passphrase, &early));
    else
        TRY(ring_get_or_make(s, &keys, passphrase, wish, &early, &made));
    if (made)
        return STATUS_SUCCESS;
    SCOPED_FD lock = -1;
    TRY(lock_take(&keys, &lock));
    RING ring = {.has_retired = false};
    TRY(ring_get(s, passphrase, &ring));
    TRY(slots_enter(s, &fd, &slots));
    return slot_put(&slots, &ring, replace, wish);
}

SECURITY_STATUS store_slot_add(struct store *s, struct span passphrase,
                               const struct store_slot_wish *wish)
{
    return slot_write(s, passphrase, false, wish);
}

SECURITY_STATUS store_slot_change(struct store *s, struct span passphrase,
                                  const struct store_slot_wish *wish)
{
    SECURITY_STATUS status = slot_write(s, passphrase, true, wish);
    return status == NTE_NO_KEY ? NTE_NOT_FOUND : status;
}

/* --- removing ----------------------------------------------------------------------------------------- */

struct others {
    const char *name;
    size_t count; /* good slots of other names */
    bool found;
};

static bool others_count(const struct store_slot *slot, void *arg)
{
    struct others *others = arg;
    if (strcmp(slot->name, others->name) == 0)
        others->found = true;
    else if (!slot->damaged)
        others->count++;
    return true;
}

SECURITY_STATUS store_slot_remove(struct store *s, const char *name)
{
    SCOPED_FD keys_fd = -1, fd = -1;
    TRY(place_enter(&s->places.keys, false, &keys_fd));
    struct folder keys = {keys_fd, s->places.keys.path}, slots;
    struct others others = {.name = name};
    if (!slot_name_is_good(name) || keys_fd < 0)
        return store_refuse(NTE_NOT_FOUND, s->places.slots.path, NULL, "there is no such slot",
                            NULL);
    SCOPED_FD lock = -1;
    TRY(lock_take(&keys, &lock));
    TRY(store_slots(s, others_count, &others));
    if (!others.found)
        return store_refuse(NTE_NOT_FOUND, s->places.slots.path, NULL, "there is no such slot",
                            NULL);
    if (others.count == 0)
        return store_refuse(NTE_PERM, s->places.slots.path, NULL,
                            "the last slot that opens the store cannot be removed",
                            "Add another slot first.");
    TRY(slots_enter(s, &fd, &slots));
    uint8_t id[STORE_KEK_ID_BYTES];
    bool has_retired;
    TRY(current_id(&slots, id, &has_retired));
    char file[SLOT_FILE_NAME_MAX + 1];
    slot_file_name(name, id, file);
    return slot_discard(&slots, file);
}

SECURITY_STATUS slot_discard(const struct folder *slots, const char *file)
{
    SCOPED_FD old = file_open_to_erase(slots, file);
    TRY(folder_remove(slots, file, NTE_NOT_FOUND));
    TRY(folder_sync(slots));
    if (old >= 0)
        file_erase_gone(old, SLOT_FILE_MAX);
    return STATUS_SUCCESS;
}
