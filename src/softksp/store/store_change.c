/*
 * Everything that changes keys. Creation writes a file without a name before it takes the lock, and under it only looks
 * whether the KEK is still the same and gives the file its name; changes read, write and rename under the lock.
 * So a rotation that holds the lock knows every key that is sealed under the old KEK.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ct.h"
#include "store_explain.h"
#include "store_key.h"
#include "store_time.h"

#define FILE_MODE 0600

/* Rotations that may come between a seal and its lock. */
#define CREATE_TRIES 8

static void list_done(struct store_property **list)
{
    free(*list);
}

#define SCOPED_LIST CLEANUP(list_done) struct store_property

/* A sorted copy; duplicates are found by container_check. */
static SECURITY_STATUS properties_sort(const struct store_property *in, size_t n,
                                       struct store_property **out)
{
    struct store_property *list = calloc(n + 1, sizeof *list);
    if (list == NULL)
        return NTE_NO_MEMORY;
    if (n > 0)
        memcpy(list, in, n * sizeof *list);
    qsort(list, n, sizeof *list, property_order);
    *out = list;
    return STATUS_SUCCESS;
}

/* --- creating ----------------------------------------------------------------------------------------- */

static struct span creator_name(void)
{
    const char *name = program_invocation_short_name;
    struct span text = span_of(name, name == NULL ? 0 : strlen(name));
    return text.n <= 255 && text_is_utf8(text) ? text : (struct span){NULL, 0};
}

static SECURITY_STATUS container_fill(struct store *s, const struct store_record *record,
                                      const struct store_property *sorted, struct container *out)
{
    *out = (struct container){.record = *record};
    out->record.properties = sorted;
    out->record.scope = s->scope;
    out->record.created = out->record.modified = store_now();
    out->record.creator = creator_name();
    TRY(store_random(out->record.uuid, sizeof out->record.uuid));
    return container_check(&out->record);
}

/* A file whose name could not be made durable must not stay, if it is still ours. */
static void take_back(const struct folder *keys, const char *unique, const struct draft *draft)
{
    SCOPED_FD lock = -1;
    struct stat ours, theirs;
    if (lock_take(keys, &lock) >= 0 && fstat(draft->fd, &ours) == 0 &&
        fstatat(keys->fd, unique, &theirs, AT_SYMLINK_NOFOLLOW) == 0 &&
        ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino)
        (void)unlinkat(keys->fd, unique, 0);
}

/* Publishes sealed bytes. *again: the KEK has been replaced since they were sealed. */
static SECURITY_STATUS publish(struct store *s, const struct folder *keys, const char *unique,
                               const struct ring *ring, const struct bytes *bytes, bool overwrite,
                               bool *again, struct stat *st)
{
    DRAFT draft = NO_DRAFT;
    SCOPED_FD lock = -1;
    if (overwrite)
        TRY(lock_take(keys, &lock));
    TRY(draft_init(&draft, keys, span_of(bytes->p, bytes->n), overwrite, FILE_MODE, (gid_t)-1));
    if (!overwrite)
        TRY(lock_take(keys, &lock));
    *again = !ring_is_current(s, ring);
    if (*again)
        return STATUS_SUCCESS;
    TRY(overwrite ? draft_replace(&draft, unique) : draft_link(&draft, unique));
    fd_done(&lock);
    SECURITY_STATUS status = folder_sync(keys);
    if (status >= 0 && fstat(draft.fd, st) != 0)
        status = store_refuse_errno(errno, keys->path, unique, true);
    if (status < 0 && !overwrite)
        take_back(keys, unique, &draft);
    return status;
}

SECURITY_STATUS store_create(struct store *s, const struct store_record *record,
                             const struct store_payload *payload, struct span passphrase,
                             bool overwrite, struct store_key **out)
{
    char unique[STORE_UNIQUE_CHARS + 1];
    TRY(store_unique_name(record->name, record->spec, unique));
    SCOPED_LIST *sorted = NULL;
    TRY(properties_sort(record->properties, record->property_count, &sorted));
    struct container c;
    TRY(container_fill(s, record, sorted, &c));
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, true, &fd));
    struct folder keys = {fd, s->places.keys.path};
    struct stat st;
    if (!overwrite && fstatat(fd, unique, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return store_refuse(NTE_EXISTS, keys.path, unique, "a key of this name exists", NULL);
    for (int i = 0; i < CREATE_TRIES; i++) {
        RING ring = {.has_retired = false};
        bool made;
        TRY(ring_get_or_make(s, &keys, passphrase, NULL, &ring, &made));
        BYTES bytes = {NULL, 0};
        TRY(seal_key(&ring, &c, payload, &bytes));
        bool again = false;
        TRY(publish(s, &keys, unique, &ring, &bytes, overwrite, &again, &st));
        if (!again)
            return out == NULL ? STATUS_SUCCESS : key_of_bytes(s, unique, &bytes, &st, out);
    }
    return store_refuse(NTE_FAIL, s->places.slots.path, NULL,
                        "the KEK is replaced faster than a key can be made", NULL);
}

/* --- changing ----------------------------------------------------------------------------------------- */

SECURITY_STATUS key_rewrite(const struct folder *keys, const struct ring *ring,
                            const struct store_key *old, struct container *c,
                            const struct store_payload *payload, struct bytes *written)
{
    BYTES bytes = {NULL, 0};
    TRY(seal_key(ring, c, payload, &bytes));
    DRAFT draft = NO_DRAFT;
    TRY(draft_init(&draft, keys, span_of(bytes.p, bytes.n), true, old->mode & 0640, old->group));
    TRY(draft_replace(&draft, old->unique));
    *written = bytes;
    bytes = (struct bytes){NULL, 0};
    return STATUS_SUCCESS;
}

/* The key as it is now, if it is still the same key. */
static SECURITY_STATUS read_same(struct store *s, const struct folder *keys,
                                 const struct store_key *key, struct store_key **out)
{
    SCOPED_LOADED *now = NULL;
    TRY(key_read(s, keys, key->unique, &now));
    if (!ct_equal(now->record.uuid, key->record.uuid, STORE_UUID_BYTES))
        return store_refuse(NTE_BAD_KEYSET, keys->path, key->unique,
                            "the key has been replaced by another of its name", NULL);
    *out = now;
    now = NULL;
    return STATUS_SUCCESS;
}

static bool name_is_in(struct span name, const struct store_change *change)
{
    const struct store_property wanted = {.name = name};
    for (size_t i = 0; i < change->set_count; i++) {
        if (property_order(&wanted, &change->set[i]) == 0)
            return true;
    }
    return false;
}

/* The properties that the key has afterwards, in order. */
static SECURITY_STATUS properties_merge(const struct store_record *old,
                                        const struct store_change *change,
                                        struct store_property **out, size_t *count)
{
    /* the caller has just loaded it, which the analyzer does not see */
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    SCOPED_LIST *list = calloc(old->property_count + change->set_count + 1, sizeof *list);
    if (list == NULL)
        return NTE_NO_MEMORY;
    size_t n = 0;
    for (size_t i = 0; i < old->property_count; i++) {
        if (!name_is_in(old->properties[i].name, change))
            list[n++] = old->properties[i];
    }
    for (size_t i = 0; i < change->set_count; i++) {
        if (change->set[i].value.p != NULL)
            list[n++] = change->set[i];
    }
    *count = n;
    return properties_sort(list, n, out);
}

static void apply(const struct store_change *change, struct store_record *record)
{
    if (change->usage != NULL)
        record->usage = *change->usage;
    if (change->export_policy != NULL)
        record->export_policy = *change->export_policy;
    if (change->type_flags != NULL)
        record->type_flags = *change->type_flags;
    if (change->ui != NULL)
        record->ui = *change->ui;
    record->modified = store_now();
}

/* The change itself, under the lock. */
static SECURITY_STATUS change_locked(struct store *s, const struct folder *keys,
                                     const struct store_key *key, const struct ring *ring,
                                     const struct store_change *change, struct bytes *written,
                                     struct stat *st)
{
    SCOPED_LOADED *now = NULL;
    TRY(read_same(s, keys, key, &now));
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    TRY(key_unseal(s, ring, now, &storage, &payload));
    SCOPED_LIST *properties = NULL;
    size_t count = 0;
    TRY(properties_merge(&now->record, change, &properties, &count));
    struct container c = loaded_of(now)->container;
    apply(change, &c.record);
    c.record.properties = properties;
    c.record.property_count = count;
    TRY(container_check(&c.record));
    TRY(key_rewrite(keys, ring, now, &c, change->payload == NULL ? &payload : change->payload,
                    written));
    *st = (struct stat){.st_uid = geteuid(), .st_gid = now->group, .st_mode = now->mode};
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_update(struct store *s, const struct store_key *key, struct span passphrase,
                             const struct store_change *change, struct store_key **fresh)
{
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, false, &fd));
    struct folder keys = {fd, s->places.keys.path};
    if (fd < 0)
        return store_refuse(NTE_BAD_KEYSET, keys.path, key->unique, "there is no such key", NULL);
    /* A passphrase may take its time: not under the lock. */
    RING early = {.has_retired = false};
    SECURITY_STATUS status = ring_get(s, passphrase, &early);
    if (status == NTE_NO_KEY)
        return store_refuse(NTE_DECRYPTION_FAILURE, s->places.slots.path, NULL,
                            "the KEK that opens this key is missing",
                            "Put back a copy of this folder.");
    TRY(status);
    BYTES written = {NULL, 0};
    struct stat st;
    {
        SCOPED_FD lock = -1;
        TRY(lock_take(&keys, &lock));
        RING ring = {.has_retired = false};
        TRY(ring_get(s, passphrase, &ring));
        TRY(change_locked(s, &keys, key, &ring, change, &written, &st));
    }
    TRY(folder_sync(&keys));
    return fresh == NULL ? STATUS_SUCCESS : key_of_bytes(s, key->unique, &written, &st, fresh);
}

/* --- deleting ----------------------------------------------------------------------------------------- */

/* Takes the name away under the lock; `key` NULL: whatever is there. *file is the file, if it can be
 * opened for writing. */
static SECURITY_STATUS unlink_locked(struct store *s, const struct folder *keys, const char *unique,
                                     const struct store_key *key, int *file)
{
    SCOPED_FD lock = -1;
    TRY(lock_take(keys, &lock));
    if (key != NULL) {
        SCOPED_LOADED *now = NULL;
        TRY(read_same(s, keys, key, &now));
    }
    /* both callers have a name */
    // NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker)
    *file = file_open_to_erase(keys, unique);
    return folder_remove(keys, unique, NTE_BAD_KEYSET);
}

static SECURITY_STATUS remove_key(struct store *s, const char *unique, const struct store_key *key)
{
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, false, &fd));
    struct folder keys = {fd, s->places.keys.path};
    if (fd < 0)
        return store_refuse(NTE_BAD_KEYSET, keys.path, unique, "there is no such key", NULL);
    SCOPED_FD file = -1;
    TRY(unlink_locked(s, &keys, unique, key, &file));
    TRY(folder_sync(&keys));
    /* Whoever has the file open finds out: a failed tag, then no such name. */
    if (file >= 0)
        file_erase_gone(file, STORE_FILE_MAX);
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_delete(struct store *s, const struct store_key *key)
{
    return remove_key(s, key->unique, key);
}

SECURITY_STATUS store_delete_unique(struct store *s, const char *unique)
{
    if (!unique_is(unique))
        return store_refuse(NTE_BAD_KEYSET, NULL, NULL, "there is no such key", NULL);
    return remove_key(s, unique, NULL);
}

SECURITY_STATUS store_set_mode(struct store *s, const struct store_key *key, mode_t mode,
                               gid_t group)
{
    if ((mode & ~(mode_t)0640) != 0 || (mode & 0600) != 0600)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this mode is not for keys",
                            "Modes are 0600 and 0640.");
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, false, &fd));
    struct folder keys = {fd, s->places.keys.path};
    if (fd < 0)
        return store_refuse(NTE_BAD_KEYSET, keys.path, key->unique, "there is no such key", NULL);
    SCOPED_FD lock = -1;
    TRY(lock_take(&keys, &lock));
    SCOPED_LOADED *now = NULL;
    TRY(read_same(s, &keys, key, &now));
    SCOPED_FD file = -1;
    struct stat st;
    TRY(file_open(&keys, key->unique, STORE_FILE_MAX, NTE_BAD_KEYSET, &file, &st));
    /* First the narrower of both modes: no instant in which the wrong group may read. */
    if (fchmod(file, mode & st.st_mode & 0640) != 0 ||
        (group != (gid_t)-1 && fchown(file, (uid_t)-1, group) != 0) || fchmod(file, mode) != 0 ||
        fd_sync(file) != 0)
        return store_refuse_errno(errno, keys.path, key->unique, false);
    return STATUS_SUCCESS;
}
