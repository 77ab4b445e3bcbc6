/*
 * Replacing the KEK.
 *
 *   1  every slot is opened and made anew around the new KEK, in memory; here passphrases are asked for
 *   2  under the lock: the slots, seen to be unchanged, are written beside the old ones under the new KEK's
 *      id; current.kek is replaced (the new KEK is in force; it holds the old one as retired); the old slots go
 *   3  key by key under the lock: unseal with the retired KEK, seal with the current one
 *   4  under the lock: the same once more, for keys that a folder's listing may have passed over while it
 *      changed; then current.kek without the retired KEK
 *
 * A program that dies before the rename in 2 leaves slots of a KEK that never was; after it, a store that
 * works with both KEKs. Either way the next rotation or check goes on from there.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ct.h"
#include "store_explain.h"
#include "store_key.h"

#define SLOTS_MAX 64

/* Rotations of others that may come between the reading of the slots and their replacement. */
#define BEGIN_TRIES 8

/* --- 1: new slots in memory --------------------------------------------------------------------------- */

struct new_slot {
    char name[STORE_SLOT_NAME_MAX + 1];
    struct stamp stamp; /* of the file that it was made from */
    struct secret bytes;
};

struct plan {
    const struct folder *slots;
    uint8_t old_id[STORE_KEK_ID_BYTES], new_id[STORE_KEK_ID_BYTES];
    struct secret old_kek, new_kek;
    size_t count;
    struct new_slot slot[SLOTS_MAX];
    store_ask ask;
    void *arg;
};

static void plan_free(struct plan **plan)
{
    if (*plan == NULL)
        return;
    for (size_t i = 0; i < (*plan)->count; i++)
        secret_done(&(*plan)->slot[i].bytes);
    secret_done(&(*plan)->old_kek);
    secret_done(&(*plan)->new_kek);
    free(*plan);
    *plan = NULL;
}

#define SCOPED_PLAN CLEANUP(plan_free) struct plan

static SECURITY_STATUS ask_for(store_ask ask, const char *name, const struct folder *slots,
                               struct secret *out, void *arg)
{
    if (ask == NULL)
        return store_refuse(NTE_UI_REQUIRED, slots->path, NULL,
                            "a slot needs its passphrase for this", NULL);
    return ask(name, out, arg);
}

/* Whether a file in the folder is a slot of that KEK. */
static bool is_slot_of(const char *file, const uint8_t id[STORE_KEK_ID_BYTES],
                       char name[STORE_SLOT_NAME_MAX + 1])
{
    uint8_t found[STORE_KEK_ID_BYTES];
    return slot_file_is(file, name, found) && ct_equal(found, id, sizeof found);
}

static SECURITY_STATUS plan_visit(const char *file, void *arg)
{
    struct plan *plan = arg;
    char name[STORE_SLOT_NAME_MAX + 1] = "";
    if (!is_slot_of(file, plan->old_id, name))
        return STATUS_SUCCESS;
    if (plan->count == SLOTS_MAX)
        return store_refuse(NTE_INVALID_PARAMETER, plan->slots->path, NULL,
                            "there are more slots than a rotation can make anew",
                            "Remove some: 64 can be.");
    struct new_slot *new = &plan->slot[plan->count];
    memcpy(new->name, name, sizeof new->name);
    SECRET storage = {NULL, 0}, passphrase = {NULL, 0}, old = {NULL, 0};
    struct slot slot;
    TRY(slot_read(plan->slots, file, &storage, &slot, &new->stamp));
    if (slot.protector->asks)
        TRY(ask_for(plan->ask, new->name, plan->slots, &passphrase, plan->arg));
    SECURITY_STATUS status = slot_rekey(&slot, secret_span(&passphrase), plan->new_id,
                                        plan->new_kek.p, &old, &new->bytes);
    if (status == NTE_INCORRECT_PASSWORD)
        return store_refuse(status, plan->slots->path, file,
                            "the passphrase does not open this slot", NULL);
    if (status == NTE_BAD_DATA)
        return store_refuse(status, plan->slots->path, file, "this slot is damaged",
                            "Put back a copy of it, or remove it.");
    TRY(status);
    plan->count++;
    if (plan->old_kek.p == NULL)
        return store_status(secret_copy(&plan->old_kek, secret_span(&old)));
    return ct_equal(old.p, plan->old_kek.p, STORE_KEY_BYTES) ? STATUS_SUCCESS : NTE_BAD_DATA;
}

static SECURITY_STATUS plan_make(const struct folder *slots,
                                 const uint8_t old_id[STORE_KEK_ID_BYTES], store_ask ask, void *arg,
                                 struct plan **out)
{
    SCOPED_PLAN *plan = calloc(1, sizeof *plan);
    if (plan == NULL)
        return NTE_NO_MEMORY;
    plan->slots = slots;
    plan->ask = ask;
    plan->arg = arg;
    memcpy(plan->old_id, old_id, sizeof plan->old_id);
    TRY(store_random(plan->new_id, sizeof plan->new_id));
    TRY(store_status(secret_new(&plan->new_kek, STORE_KEY_BYTES)));
    TRY(store_random(plan->new_kek.p, plan->new_kek.n));
    TRY(folder_each(slots, plan_visit, plan));
    if (plan->count == 0)
        return store_refuse(NTE_DECRYPTION_FAILURE, slots->path, NULL, "no slot opens this store",
                            "Put back a copy of this folder.");
    *out = plan;
    plan = NULL;
    return STATUS_SUCCESS;
}

/* --- 2: putting them in force ------------------------------------------------------------------------- */

struct comparison {
    const struct plan *plan;
    size_t same;
    bool other;
};

static SECURITY_STATUS compare_visit(const char *file, void *arg)
{
    struct comparison *c = arg;
    char name[STORE_SLOT_NAME_MAX + 1];
    if (!is_slot_of(file, c->plan->old_id, name))
        return STATUS_SUCCESS;
    SECRET storage = {NULL, 0};
    struct slot slot;
    struct stamp stamp;
    TRY(slot_read(c->plan->slots, file, &storage, &slot, &stamp));
    for (size_t i = 0; i < c->plan->count; i++) {
        if (strcmp(c->plan->slot[i].name, name) == 0 && stamp_is(&c->plan->slot[i].stamp, &stamp)) {
            c->same++;
            return STATUS_SUCCESS;
        }
    }
    c->other = true;
    return STATUS_SUCCESS;
}

static SECURITY_STATUS plan_check(const struct plan *plan)
{
    uint8_t id[STORE_KEK_ID_BYTES];
    bool has_retired;
    struct comparison c = {.plan = plan};
    /* the caller has made the plan, which the analyzer does not see */
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    TRY(current_id(plan->slots, id, &has_retired));
    TRY(folder_each(plan->slots, compare_visit, &c));
    if (ct_equal(id, plan->old_id, sizeof id) && !has_retired && c.same == plan->count && !c.other)
        return STATUS_SUCCESS;
    return store_refuse(HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION), plan->slots->path, NULL,
                        "the slots were changed while the rotation was prepared",
                        "Run the rotation again.");
}

struct stale {
    const struct folder *slots;
    uint8_t id[STORE_KEK_ID_BYTES];
    size_t removed;
};

static SECURITY_STATUS stale_visit(const char *file, void *arg)
{
    struct stale *stale = arg;
    char name[STORE_SLOT_NAME_MAX + 1];
    uint8_t id[STORE_KEK_ID_BYTES];
    if (!slot_file_is(file, name, id) || ct_equal(id, stale->id, sizeof id))
        return STATUS_SUCCESS;
    TRY(slot_discard(stale->slots, file));
    stale->removed++;
    return STATUS_SUCCESS;
}

SECURITY_STATUS slots_clean(const struct folder *slots, size_t *removed)
{
    struct stale stale = {.slots = slots};
    bool has_retired;
    TRY(current_id(slots, stale.id, &has_retired));
    SECURITY_STATUS status = folder_each(slots, stale_visit, &stale);
    *removed += stale.removed;
    return status;
}

/* The KEKs that were just put in force need no slot to be opened again. */
static void plan_remember(struct store *s, const struct plan *plan)
{
    struct stat st;
    RING ring = {.has_retired = true};
    if (fstatat(plan->slots->fd, CURRENT_NAME, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
        secret_new(&ring.keys, RING_BYTES) < 0)
        return;
    ring.stamp = stamp_of(&st);
    memcpy(ring.id, plan->new_id, sizeof ring.id);
    memcpy(ring.retired_id, plan->old_id, sizeof ring.retired_id);
    memcpy(ring.keys.p, plan->new_kek.p, STORE_KEY_BYTES);
    memcpy(ring.keys.p + STORE_KEY_BYTES, plan->old_kek.p, STORE_KEY_BYTES);
    cache_put(s->cache, &ring);
}

static SECURITY_STATUS plan_publish(struct store *s, const struct plan *plan)
{
    size_t removed = 0;
    TRY(plan_check(plan));
    for (size_t i = 0; i < plan->count; i++) {
        char file[SLOT_FILE_NAME_MAX + 1];
        slot_file_name(plan->slot[i].name, plan->new_id, file);
        DRAFT draft = NO_DRAFT;
        TRY(draft_init(&draft, plan->slots, secret_span(&plan->slot[i].bytes), false, 0600,
                       (gid_t)-1));
        TRY(draft_link(&draft, file));
    }
    TRY(folder_sync(plan->slots));
    TRY(current_write(plan->slots, false, plan->new_id, plan->new_kek.p, plan->old_id,
                      plan->old_kek.p));
    plan_remember(s, plan);
    return slots_clean(plan->slots, &removed);
}

static SECURITY_STATUS begin_once(struct store *s, const struct folder *keys,
                                  const struct folder *slots, const uint8_t id[STORE_KEK_ID_BYTES],
                                  store_ask ask, void *arg)
{
    SCOPED_PLAN *plan = NULL;
    TRY(plan_make(slots, id, ask, arg, &plan));
    SCOPED_FD lock = -1;
    TRY(lock_take(keys, &lock));
    return plan_publish(s, plan);
}

/* Afterwards a rotation has begun, by us or by another, and the keys remain. */
static SECURITY_STATUS begin(struct store *s, const struct folder *keys, const struct folder *slots,
                             store_ask ask, void *arg)
{
    SECURITY_STATUS status = STATUS_SUCCESS;
    for (int i = 0; i < BEGIN_TRIES; i++) {
        uint8_t id[STORE_KEK_ID_BYTES], after[STORE_KEK_ID_BYTES];
        bool rotating = false;
        TRY(current_id(slots, id, &rotating));
        if (rotating)
            return STATUS_SUCCESS;
        status = begin_once(s, keys, slots, id, ask, arg);
        if (status >= 0 || current_id(slots, after, &rotating) < 0)
            return status;
        /* Refused since another rotation took the slots away that we were reading? */
        if (ct_equal(id, after, sizeof id))
            return status;
    }
    return status;
}

/* --- 3 and 4: the keys -------------------------------------------------------------------------------- */

struct pass {
    struct store *s;
    const struct folder *keys;
    const struct ring *ring;
    bool locked; /* the whole pass is under the lock */
    size_t done, total, damaged;
    SECURITY_STATUS fault; /* the last damaged file's */
    struct store_explanation why;
    store_progress progress;
    void *arg;
};

static SECURITY_STATUS reseal(struct pass *pass, const char *unique)
{
    SCOPED_LOADED *key = NULL;
    TRY(key_read(pass->s, pass->keys, unique, &key));
    if (!ct_equal(key->record.kek_id, pass->ring->retired_id, STORE_KEK_ID_BYTES))
        return STATUS_SUCCESS;
    SCOPED_FD lock = -1;
    if (!pass->locked) {
        TRY(lock_take(pass->keys, &lock));
        key_done(&key);
        TRY(key_read(pass->s, pass->keys, unique, &key));
        if (!ct_equal(key->record.kek_id, pass->ring->retired_id, STORE_KEK_ID_BYTES))
            return STATUS_SUCCESS;
    }
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    TRY(key_unseal(pass->s, pass->ring, key, &storage, &payload));
    BYTES written = {NULL, 0};
    return key_rewrite(pass->keys, pass->ring, key, &loaded_of(key)->container, &payload, &written);
}

static SECURITY_STATUS pass_visit(const char *file, void *arg)
{
    struct pass *pass = arg;
    if (!unique_is(file))
        return STATUS_SUCCESS;
    SECURITY_STATUS status = reseal(pass, file);
    if (store_is_about_file(status)) {
        pass->damaged++;
        pass->fault = NTE_BAD_DATA;
        pass->why = *store_explain();
    } else if (status != NTE_BAD_KEYSET) {
        TRY(status);
    }
    pass->done++;
    if (pass->done > pass->total)
        pass->total = pass->done;
    if (pass->progress != NULL && !pass->progress(pass->done, pass->total, pass->arg))
        return NTE_USER_CANCELLED;
    return STATUS_SUCCESS;
}

static SECURITY_STATUS finish(struct pass *pass, const struct folder *slots)
{
    SCOPED_FD lock = -1;
    TRY(lock_take(pass->keys, &lock));
    if (!ring_is_current(pass->s, pass->ring))
        return STATUS_SUCCESS; /* another rotation has finished this one */
    struct pass last = *pass;
    last.locked = true;
    last.damaged = 0;
    last.progress = NULL;
    TRY(folder_each(pass->keys, pass_visit, &last));
    TRY(folder_sync(pass->keys));
    if (last.damaged > 0) {
        (void)store_refuse(last.fault, last.why.path, NULL, last.why.problem,
                           "Mend or delete this file, then run the rotation again: the old KEK is "
                           "kept until then.");
        return last.fault;
    }
    size_t removed = 0;
    TRY(current_write(slots, false, pass->ring->id, pass->ring->keys.p, NULL, NULL));
    cache_forget(pass->s->cache);
    return slots_clean(slots, &removed);
}

/* A passphrase that opens the store, if one is needed for that. */
struct asking {
    struct store *s;
    const struct folder *slots;
    store_ask ask;
    void *arg;
    SECURITY_STATUS status;
};

static bool asking_visit(const struct store_slot *slot, void *arg)
{
    struct asking *asking = arg;
    if (strcmp(slot->type, "passphrase") != 0)
        return true;
    SECRET passphrase = {NULL, 0};
    RING ring = {.has_retired = false};
    asking->status = ask_for(asking->ask, slot->name, asking->slots, &passphrase, asking->arg);
    if (asking->status >= 0)
        asking->status = ring_get_asking(asking->s, secret_span(&passphrase), &ring);
    return false;
}

static SECURITY_STATUS ring_for_rotation(struct store *s, const struct folder *slots, store_ask ask,
                                         void *arg, struct ring *out)
{
    SECURITY_STATUS status = ring_get(s, (struct span){NULL, 0}, out);
    if (status != NTE_UI_REQUIRED)
        return status;
    struct asking asking = {s, slots, ask, arg, status};
    TRY(store_slots(s, asking_visit, &asking));
    TRY(asking.status);
    return ring_get(s, (struct span){NULL, 0}, out);
}

SECURITY_STATUS store_rotate(struct store *s, store_ask ask, store_progress progress, void *arg)
{
    SCOPED_FD keys_fd = -1, slots_fd = -1;
    TRY(place_enter(&s->places.keys, false, &keys_fd));
    TRY(place_enter(&s->places.slots, false, &slots_fd));
    if (keys_fd < 0 || slots_fd < 0)
        return STATUS_SUCCESS; /* no KEK: nothing to replace */
    struct folder keys = {keys_fd, s->places.keys.path}, slots = {slots_fd, s->places.slots.path};
    SECURITY_STATUS status = begin(s, &keys, &slots, ask, arg);
    if (status == NTE_NO_KEY)
        return STATUS_SUCCESS;
    TRY(status);
    RING ring = {.has_retired = false};
    TRY(ring_for_rotation(s, &slots, ask, arg, &ring));
    if (!ring.has_retired)
        return STATUS_SUCCESS; /* another process has finished it */
    struct pass pass = {.s = s, .keys = &keys, .ring = &ring, .progress = progress, .arg = arg};
    TRY(keys_count(&keys, &pass.total));
    TRY(folder_each(&keys, pass_visit, &pass));
    return finish(&pass, &slots);
}
