/* Opening the store, loading keys, opening their private part. Takes no lock and writes nothing. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "ct.h"
#include "store_explain.h"
#include "store_key.h"

/* A file that loses its name while it is read may be half erased: it is looked up again, so often. */
#define LOAD_TRIES 100

SECURITY_STATUS store_open(enum store_scope scope, struct store **out)
{
    struct store *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NTE_NO_MEMORY;
    s->scope = scope;
    SECURITY_STATUS status = places_init(&s->places, scope);
    if (status >= 0)
        status = cache_new(&s->cache);
    if (status < 0) {
        store_close(s);
        return status;
    }
    *out = s;
    return STATUS_SUCCESS;
}

void store_close(struct store *s)
{
    if (s == NULL)
        return;
    cache_free(s->cache);
    places_done(&s->places);
    free(s);
}

const char *store_keys_path(const struct store *s)
{
    return s->places.keys.path;
}

const char *store_slots_path(const struct store *s)
{
    return s->places.slots.path;
}

enum store_scope store_scope_of(const struct store *s)
{
    return s->scope;
}

SECURITY_STATUS store_unlock(struct store *s, struct span passphrase)
{
    RING ring = {.has_retired = false};
    SECURITY_STATUS status =
        passphrase.n > 0 ? ring_get_asking(s, passphrase, &ring) : ring_get(s, passphrase, &ring);
    return status == NTE_NO_KEY ? STATUS_SUCCESS : status;
}

void store_lock(struct store *s)
{
    cache_forget(s->cache);
}

/* --- loading ------------------------------------------------------------------------------------------ */

struct loaded *loaded_of(const struct store_key *key)
{
    return (struct loaded *)(uintptr_t)CONST_CONTAINER_OF(key, struct loaded, key);
}

void store_key_free(struct store_key *key)
{
    if (key == NULL)
        return;
    struct loaded *l = loaded_of(key);
    container_done(&l->container);
    bytes_done(&l->bytes);
    free(l);
}

void key_done(struct store_key **key)
{
    store_key_free(*key);
    *key = NULL;
}

/* The record must say the name that leads to this file, and this scope: copies and swaps are found. */
static SECURITY_STATUS key_belongs(struct store *s, const struct store_record *record,
                                   const char *unique)
{
    char own[STORE_UNIQUE_CHARS + 1];
    TRY(unique_make(record->name, record->spec, own));
    if (strcmp(own, unique) != 0)
        return store_refuse(NTE_BAD_DATA, s->places.keys.path, unique,
                            "this file holds a key of another name",
                            "Put back the file that belongs here, or delete it.");
    if (record->scope != s->scope)
        return store_refuse(NTE_BAD_DATA, s->places.keys.path, unique,
                            "this key comes from another scope",
                            "Export the key there and import it here.");
    return STATUS_SUCCESS;
}

SECURITY_STATUS key_of_bytes(struct store *s, const char *unique, struct bytes *bytes,
                             const struct stat *st, struct store_key **out)
{
    struct loaded *l = calloc(1, sizeof *l);
    if (l == NULL)
        return NTE_NO_MEMORY;
    SCOPED_LOADED *key = &l->key;
    SECURITY_STATUS status = container_decode(span_of(bytes->p, bytes->n), &l->container);
    if (status == NTE_BAD_VER)
        return store_refuse(status, s->places.keys.path, unique,
                            "this key was made by a newer version", "Update OpenCNG.");
    if (status == NTE_BAD_DATA)
        return store_refuse(status, s->places.keys.path, unique, "this file is damaged",
                            "Put back a copy of it, or delete it.");
    TRY(status);
    TRY(key_belongs(s, &l->container.record, unique));
    l->key.record = l->container.record;
    memcpy(l->key.unique, unique, sizeof l->key.unique);
    l->key.owner = st->st_uid;
    l->key.group = st->st_gid;
    l->key.mode = st->st_mode & 07777;
    l->bytes = *bytes;
    *bytes = (struct bytes){NULL, 0};
    *out = key;
    key = NULL;
    return STATUS_SUCCESS;
}

static SECURITY_STATUS key_read_once(struct store *s, const struct folder *keys, const char *unique,
                                     bool *again, struct store_key **out)
{
    SCOPED_FD fd = -1;
    struct stat st;
    TRY(file_open(keys, unique, STORE_FILE_MAX, NTE_BAD_KEYSET, &fd, &st));
    BYTES bytes = {NULL, 0};
    TRY(bytes_new(&bytes, (size_t)st.st_size));
    SECURITY_STATUS status = file_read(fd, keys, unique, bytes.p, bytes.n, 0);
    *again = file_is_gone(fd);
    if (status < 0 || *again)
        return status;
    return key_of_bytes(s, unique, &bytes, &st, out);
}

SECURITY_STATUS key_read(struct store *s, const struct folder *keys, const char *unique,
                         struct store_key **out)
{
    for (int i = 0; i < LOAD_TRIES; i++) {
        bool again = false;
        SECURITY_STATUS status = key_read_once(s, keys, unique, &again, out);
        if (!again)
            return status;
    }
    return store_refuse(HRESULT_FROM_WIN32(ERROR_SHARING_VIOLATION), keys->path, unique,
                        "this key is replaced faster than it can be read", NULL);
}

static SECURITY_STATUS load(struct store *s, const char *unique, struct store_key **out)
{
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, false, &fd));
    struct folder keys = {fd, s->places.keys.path};
    if (fd < 0)
        return store_refuse(NTE_BAD_KEYSET, keys.path, unique, "there is no such key", NULL);
    return key_read(s, &keys, unique, out);
}

SECURITY_STATUS store_load(struct store *s, struct span name, uint32_t spec, struct store_key **out)
{
    char unique[STORE_UNIQUE_CHARS + 1];
    TRY(store_unique_name(name, spec, unique));
    return load(s, unique, out);
}

SECURITY_STATUS store_load_unique(struct store *s, const char *unique, struct store_key **out)
{
    if (!unique_is(unique))
        return store_refuse(NTE_BAD_KEYSET, NULL, NULL, "there is no such key", NULL);
    return load(s, unique, out);
}

static SECURITY_STATUS count_visit(const char *file, void *arg)
{
    *(size_t *)arg += unique_is(file);
    return STATUS_SUCCESS;
}

SECURITY_STATUS keys_count(const struct folder *keys, size_t *n)
{
    *n = 0;
    return folder_each(keys, count_visit, n);
}

SECURITY_STATUS store_exists(struct store *s, struct span name, uint32_t spec)
{
    char unique[STORE_UNIQUE_CHARS + 1];
    TRY(store_unique_name(name, spec, unique));
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, false, &fd));
    struct stat st;
    if (fd >= 0 && fstatat(fd, unique, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return STATUS_SUCCESS;
    if (fd < 0 || errno == ENOENT)
        return store_refuse(NTE_BAD_KEYSET, s->places.keys.path, unique, "there is no such key",
                            NULL);
    return store_refuse_errno(errno, s->places.keys.path, unique, true);
}

/* --- the private part --------------------------------------------------------------------------------- */

SECURITY_STATUS key_unseal(const struct store *s, const struct ring *ring,
                           const struct store_key *key, struct secret *storage,
                           struct store_payload *payload)
{
    SECURITY_STATUS status = unseal_key(ring, &loaded_of(key)->container, storage, payload);
    if (status == NTE_NO_KEY)
        return store_refuse(
            NTE_DECRYPTION_FAILURE, s->places.keys.path, key->unique,
            "this key is sealed under a KEK that this store does not have",
            "Put back the protectors' folder that belongs to it, or delete the key.");
    if (status == NTE_BAD_DATA)
        return store_refuse(status, s->places.keys.path, key->unique, "this file is damaged",
                            "Put back a copy of it, or delete it.");
    return status;
}

static bool span_is(struct span a, struct span b)
{
    return a.n == b.n && ct_equal(a.p, b.p, a.n);
}

/* What a program has decided by already, from the record that can be verified no more. */
static bool record_is(const struct store_record *a, const struct store_record *b)
{
    /* a is what load() gave, which the analyzer does not see */
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference)
    return span_is(a->algorithm, b->algorithm) && a->length == b->length &&
           span_is(a->curve, b->curve) && a->usage == b->usage &&
           a->export_policy == b->export_policy && span_is(a->public_type, b->public_type) &&
           span_is(a->public_blob, b->public_blob);
}

SECURITY_STATUS store_unseal(struct store *s, const struct store_key *key, struct span passphrase,
                             struct secret *storage, struct store_payload *payload)
{
    RING ring = {.has_retired = false};
    SECURITY_STATUS status = ring_get(s, passphrase, &ring);
    if (status == NTE_NO_KEY)
        return store_refuse(NTE_DECRYPTION_FAILURE, s->places.slots.path, NULL,
                            "the KEK that opens this key is missing",
                            "Put back a copy of this folder.");
    TRY(status);
    if (ring_find(&ring, key->record.kek_id) != NULL)
        return key_unseal(s, &ring, key, storage, payload);
    /* Loaded before a rotation that is over now? */
    SCOPED_LOADED *fresh = NULL;
    TRY(load(s, key->unique, &fresh));
    if (!ct_equal(fresh->record.uuid, key->record.uuid, STORE_UUID_BYTES) ||
        !record_is(&fresh->record, &key->record))
        return store_refuse(NTE_BAD_KEYSET, s->places.keys.path, key->unique,
                            "the key has been replaced or changed since it was opened",
                            "Open it again.");
    return key_unseal(s, &ring, fresh, storage, payload);
}
