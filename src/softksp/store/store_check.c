/*
 * The check: reads every file of a scope as a loader would, verifies the payloads where the KEK can be had, and removes
 * what killed programs left behind. Temporaries are removed under the lock, which everybody who has one visible holds or
 * takes; files are read without it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ct.h"
#include "store_explain.h"
#include "store_key.h"

struct check {
    struct store *s;
    const struct folder *folder;
    const struct ring *ring; /* NULL: sealed */
    uint8_t id[STORE_KEK_ID_BYTES];
    size_t done, total;
    struct store_report *report;
    void (*found)(const struct store_finding *finding, void *arg);
    store_progress progress;
    void *arg;
};

static void tell(const struct check *c, const char *file, SECURITY_STATUS status,
                 const char *problem)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", c->folder->path, file);
    struct store_finding finding = {path, status, problem};
    if (c->found != NULL)
        c->found(&finding, c->arg);
}

static void tell_refusal(struct check *c, const char *file, SECURITY_STATUS status)
{
    c->report->damaged++;
    tell(c, file, status, store_explain()->problem);
}

/* --- leftovers ---------------------------------------------------------------------------------------- */

static SECURITY_STATUS leftover_visit(const char *file, void *arg)
{
    struct check *c = arg;
    if (strncmp(file, TEMPORARY_PREFIX, sizeof TEMPORARY_PREFIX - 1) != 0 ||
        unlinkat(c->folder->fd, file, 0) != 0)
        return STATUS_SUCCESS;
    c->report->leftovers++;
    tell(c, file, STATUS_SUCCESS, "left behind by a program that was killed; removed");
    return STATUS_SUCCESS;
}

/* A folder that may not be written to is checked all the same. */
static SECURITY_STATUS remove_leftovers(struct check *c, const struct folder *keys,
                                        const struct folder *slots)
{
    SCOPED_FD lock = -1;
    if (lock_take(keys, &lock) < 0)
        return STATUS_SUCCESS;
    c->folder = keys;
    TRY(folder_each(keys, leftover_visit, c));
    if (slots->fd < 0)
        return STATUS_SUCCESS;
    c->folder = slots;
    TRY(folder_each(slots, leftover_visit, c));
    /* Without current.kek nobody knows which slots are stale. */
    SECURITY_STATUS status = slots_clean(slots, &c->report->leftovers);
    return status == NTE_NO_MEMORY ? status : STATUS_SUCCESS;
}

/* The same where the texts are, which have a lock of their own. */
static SECURITY_STATUS remove_text_leftovers(struct check *c)
{
    SCOPED_FD fd = -1, lock = -1;
    TRY(place_enter(&c->s->places.texts, false, &fd));
    const struct folder texts = {fd, c->s->places.texts.path};
    if (fd < 0 || lock_take(&texts, &lock) < 0)
        return STATUS_SUCCESS;
    c->folder = &texts;
    SECURITY_STATUS status = folder_each(&texts, leftover_visit, c);
    c->folder = NULL;
    return status;
}

/* --- slots -------------------------------------------------------------------------------------------- */

static SECURITY_STATUS slot_visit(const char *file, void *arg)
{
    struct check *c = arg;
    char name[STORE_SLOT_NAME_MAX + 1];
    uint8_t id[STORE_KEK_ID_BYTES];
    if (!slot_file_is(file, name, id) || !ct_equal(id, c->id, sizeof id))
        return STATUS_SUCCESS;
    SECRET storage = {NULL, 0};
    struct slot slot;
    struct stamp stamp;
    SECURITY_STATUS status = slot_read(c->folder, file, &storage, &slot, &stamp);
    /* What opens without a passphrase is opened; the others are seen to be well-formed. */
    SECRET kek = {NULL, 0};
    if (status >= 0 && !slot.protector->asks)
        status = slot_open(&slot, (struct span){NULL, 0}, &kek);
    if (status == NTE_BAD_DATA)
        status = store_refuse(status, c->folder->path, file, "this slot is damaged", NULL);
    if (status == NTE_NOT_FOUND || status == NTE_NO_MEMORY)
        return status == NTE_NO_MEMORY ? status : STATUS_SUCCESS;
    if (status < 0)
        tell_refusal(c, file, status);
    else
        c->report->slots++;
    return STATUS_SUCCESS;
}

static SECURITY_STATUS check_slots(struct check *c, const struct folder *slots)
{
    if (slots->fd < 0)
        return STATUS_SUCCESS;
    c->folder = slots;
    SECURITY_STATUS status = current_id(slots, c->id, &c->report->rotating);
    if (status == NTE_NO_KEY)
        return STATUS_SUCCESS;
    if (status == NTE_NO_MEMORY)
        return status;
    if (status < 0) {
        tell_refusal(c, CURRENT_NAME, status);
        return STATUS_SUCCESS;
    }
    return folder_each(slots, slot_visit, c);
}

/* --- keys --------------------------------------------------------------------------------------------- */

static SECURITY_STATUS key_verify(struct check *c, const char *file)
{
    SCOPED_LOADED *key = NULL;
    TRY(key_read(c->s, c->folder, file, &key));
    if (c->ring == NULL)
        return STATUS_SUCCESS;
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    SECURITY_STATUS status = key_unseal(c->s, c->ring, key, &storage, &payload);
    if (status == NTE_DECRYPTION_FAILURE && !ring_is_current(c->s, c->ring))
        return STATUS_SUCCESS; /* a rotation has begun since */
    return status;
}

static SECURITY_STATUS key_visit(const char *file, void *arg)
{
    struct check *c = arg;
    if (!unique_is(file))
        return STATUS_SUCCESS;
    SECURITY_STATUS status = key_verify(c, file);
    if (status == NTE_NO_MEMORY)
        return status;
    if (status >= 0)
        c->report->keys++;
    else if (status != NTE_BAD_KEYSET) /* deleted meanwhile */
        tell_refusal(c, file, status);
    c->done++;
    if (c->done > c->total)
        c->total = c->done;
    if (c->progress != NULL && !c->progress(c->done, c->total, c->arg))
        return NTE_USER_CANCELLED;
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_check(struct store *s, struct span passphrase,
                            void (*found)(const struct store_finding *finding, void *arg),
                            store_progress progress, void *arg, struct store_report *report)
{
    *report = (struct store_report){0};
    struct check c = {.s = s, .report = report, .found = found, .progress = progress, .arg = arg};
    SCOPED_FD keys_fd = -1, slots_fd = -1;
    TRY(place_enter(&s->places.keys, false, &keys_fd));
    TRY(place_enter(&s->places.slots, false, &slots_fd));
    struct folder keys = {keys_fd, s->places.keys.path}, slots = {slots_fd, s->places.slots.path};
    TRY(remove_text_leftovers(&c));
    if (keys_fd < 0)
        return STATUS_SUCCESS;
    TRY(remove_leftovers(&c, &keys, &slots));
    TRY(check_slots(&c, &slots));
    RING ring = {.has_retired = false};
    SECURITY_STATUS status = ring_get(s, passphrase, &ring);
    report->sealed = status < 0;
    c.ring = status < 0 ? NULL : &ring;
    c.folder = &keys;
    TRY(keys_count(&keys, &c.total));
    return folder_each(&keys, key_visit, &c);
}
