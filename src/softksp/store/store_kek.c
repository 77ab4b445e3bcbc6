/* Finding and making the KEK (store_kek.h). */
#include "store_kek.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ct.h"
#include "rd.h"
#include "store_container.h"
#include "store_explain.h"
#include "wr.h"

static const uint8_t magic[8] = {'O', 'C', 'N', 'G', 'K', 'E', 'K', 0x1A};

#define VERSION 1
#define PURPOSE "OpenCNG current KEK v1"

void ring_done(struct ring *r)
{
    secret_done(&r->keys);
}

const uint8_t *ring_find(const struct ring *r, const uint8_t id[STORE_KEK_ID_BYTES])
{
    if (ct_equal(r->id, id, sizeof r->id))
        return r->keys.p;
    return r->has_retired && ct_equal(r->retired_id, id, sizeof r->retired_id)
               ? r->keys.p + STORE_KEY_BYTES
               : NULL;
}

/* --- current.kek -------------------------------------------------------------------------------------- */

struct current {
    uint8_t id[STORE_KEK_ID_BYTES];
    bool has_retired;
    struct span retired_id, salt, head, nonce, sealed;
};

static SECURITY_STATUS current_decode(struct span in, struct current *out)
{
    struct rd r = rd_of(in);
    struct current c = {.has_retired = false};
    struct span found = rd_span(&r, sizeof magic);
    uint32_t version = rd_le32(&r), retired = rd_le32(&r);
    struct span id = rd_span(&r, STORE_KEK_ID_BYTES);
    c.salt = rd_span(&r, STORE_SALT_BYTES);
    c.has_retired = retired == 1;
    c.retired_id = rd_span(&r, c.has_retired ? STORE_KEK_ID_BYTES : 0);
    c.head = span_of(in.p, in.n - r.n);
    c.nonce = rd_span(&r, STORE_NONCE_BYTES);
    c.sealed = rd_span(&r, (c.has_retired ? STORE_KEY_BYTES : 0) + STORE_TAG_BYTES);
    if (found.n != sizeof magic || !ct_equal(found.p, magic, sizeof magic))
        return NTE_BAD_DATA;
    if (rd_ok(&r) && version != VERSION)
        return NTE_BAD_VER;
    if (!rd_end(&r) || retired > 1)
        return NTE_BAD_DATA;
    memcpy(c.id, id.p, id.n);
    *out = c;
    return STATUS_SUCCESS;
}

struct current_file {
    uint8_t bytes[CURRENT_FILE_MAX];
    struct current view;
    struct stamp stamp;
};

static SECURITY_STATUS current_read(const struct folder *slots, struct current_file *out)
{
    SCOPED_FD fd = -1;
    struct stat st;
    TRY(file_open(slots, CURRENT_NAME, CURRENT_FILE_MAX, NTE_NO_KEY, &fd, &st));
    TRY(file_read(fd, slots, CURRENT_NAME, out->bytes, (size_t)st.st_size, 0));
    SECURITY_STATUS status = current_decode(span_of(out->bytes, (size_t)st.st_size), &out->view);
    if (status < 0)
        return store_refuse(status, slots->path, CURRENT_NAME,
                            status == NTE_BAD_VER ? "this file was made by a newer version"
                                                  : "this file is damaged",
                            "Put back a copy of this folder; without it no key can be opened.");
    out->stamp = stamp_of(&st);
    return STATUS_SUCCESS;
}

SECURITY_STATUS current_id(const struct folder *slots, uint8_t id[STORE_KEK_ID_BYTES],
                           bool *has_retired)
{
    struct current_file file;
    TRY(current_read(slots, &file));
    memcpy(id, file.view.id, sizeof file.view.id);
    *has_retired = file.view.has_retired;
    return STATUS_SUCCESS;
}

/* Verifies current.kek under a KEK that a slot gave, and opens the retired one. */
static SECURITY_STATUS current_open(const struct current_file *file, const struct secret *kek,
                                    struct ring *out)
{
    const struct current *c = &file->view;
    SECRET key = {NULL, 0};
    TRY(store_status(secret_new(&key, STORE_KEY_BYTES)));
    TRY(store_hkdf(secret_span(kek), c->salt, span_of(PURPOSE, sizeof PURPOSE - 1), key.p));
    RING r = {.stamp = file->stamp, .has_retired = c->has_retired};
    TRY(store_status(secret_new(&r.keys, RING_BYTES)));
    memcpy(r.keys.p, kek->p, STORE_KEY_BYTES);
    TRY(store_gcm_open(key.p, c->nonce.p, c->head, c->sealed, r.keys.p + STORE_KEY_BYTES));
    memcpy(r.id, c->id, sizeof r.id);
    if (c->has_retired)
        memcpy(r.retired_id, c->retired_id.p, c->retired_id.n);
    *out = r;
    r.keys = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

SECURITY_STATUS current_write(const struct folder *slots, bool first,
                              const uint8_t id[STORE_KEK_ID_BYTES],
                              const uint8_t kek[STORE_KEY_BYTES], const uint8_t *retired_id,
                              const uint8_t *retired)
{
    uint8_t bytes[CURRENT_FILE_MAX], salt[STORE_SALT_BYTES];
    size_t plain = retired == NULL ? 0 : STORE_KEY_BYTES;
    TRY(store_random(salt, sizeof salt));
    struct wr w = wr_into(bytes, sizeof bytes);
    wr_bytes(&w, magic, sizeof magic);
    wr_le32(&w, VERSION);
    wr_le32(&w, retired != NULL);
    wr_bytes(&w, id, STORE_KEK_ID_BYTES);
    wr_bytes(&w, salt, sizeof salt);
    if (retired != NULL)
        wr_bytes(&w, retired_id, STORE_KEK_ID_BYTES);
    SECRET key = {NULL, 0};
    TRY(store_status(secret_new(&key, STORE_KEY_BYTES)));
    TRY(store_hkdf(span_of(kek, STORE_KEY_BYTES), span_of(salt, sizeof salt),
                   span_of(PURPOSE, sizeof PURPOSE - 1), key.p));
    uint8_t *nonce = bytes + w.n;
    TRY(store_random(nonce, STORE_NONCE_BYTES));
    TRY(store_gcm_seal(key.p, nonce, span_of(bytes, w.n), span_of(retired, plain),
                       nonce + STORE_NONCE_BYTES));
    DRAFT draft = NO_DRAFT;
    size_t n = w.n + STORE_NONCE_BYTES + plain + STORE_TAG_BYTES;
    TRY(draft_init(&draft, slots, span_of(bytes, n), !first, 0600, (gid_t)-1));
    TRY(first ? draft_link(&draft, CURRENT_NAME) : draft_replace(&draft, CURRENT_NAME));
    return folder_sync(slots);
}

/* --- finding ------------------------------------------------------------------------------------------ */

struct search {
    const struct folder *slots;
    const struct current_file *current;
    struct span passphrase;
    bool asking;           /* try the slots that ask, or the others */
    bool asker_seen;       /* there is one that asks */
    SECURITY_STATUS worst; /* why the last slot did not open */
    bool found;
    struct ring *out;
};

static SECURITY_STATUS slot_try(struct search *search, const char *file)
{
    SECRET storage = {NULL, 0};
    struct slot slot;
    struct stamp stamp;
    TRY(slot_read(search->slots, file, &storage, &slot, &stamp));
    search->asker_seen = search->asker_seen || slot.protector->asks;
    if (slot.protector->asks != search->asking)
        return NTE_NOT_FOUND;
    SECRET kek = {NULL, 0};
    SECURITY_STATUS status = slot_open(&slot, search->passphrase, &kek);
    if (status == NTE_BAD_DATA)
        return store_refuse(status, search->slots->path, file, "this slot is damaged",
                            "Put back a copy of it.");
    TRY(status);
    return current_open(search->current, &kek, search->out);
}

/* Slots that do not open are passed over; the first that does ends the search. */
static SECURITY_STATUS slot_visit(const char *file, void *arg)
{
    struct search *search = arg;
    char name[STORE_SLOT_NAME_MAX + 1];
    uint8_t id[STORE_KEK_ID_BYTES];
    if (search->found || !slot_file_is(file, name, id) ||
        !ct_equal(id, search->current->view.id, sizeof id))
        return STATUS_SUCCESS;
    SECURITY_STATUS status = slot_try(search, file);
    if (status >= 0)
        search->found = true;
    else if (status != NTE_NOT_FOUND)
        search->worst = status;
    return STATUS_SUCCESS;
}

/* Out of memory, out of descriptors and faults of the disk are no wrong passphrase. */
static SECURITY_STATUS search_answer(const struct search *search)
{
    if (search->found)
        return STATUS_SUCCESS;
    if (search->asking && search->worst == NTE_INCORRECT_PASSWORD)
        return store_refuse(NTE_INCORRECT_PASSWORD, search->slots->path, NULL,
                            "the passphrase opens no slot of this store", NULL);
    if (!search->asking && search->asker_seen)
        return store_refuse(
            NTE_UI_REQUIRED, search->slots->path, NULL,
            "this store opens with a passphrase, and none was given",
            "Set the passphrase as the PIN property, or add a slot that needs none.");
    if (search->worst < 0)
        return search->worst;
    return store_refuse(NTE_DECRYPTION_FAILURE, search->slots->path, NULL,
                        search->asking ? "no slot of this store opens with a passphrase"
                                       : "no slot opens this store",
                        "Put back a copy of this folder.");
}

static SECURITY_STATUS search_slots(const struct folder *slots, bool only_asking,
                                    struct span passphrase, struct ring *out)
{
    struct current_file current;
    TRY(current_read(slots, &current));
    struct search search = {.slots = slots,
                            .current = &current,
                            .passphrase = passphrase,
                            .asking = only_asking,
                            .out = out};
    TRY(folder_each(slots, slot_visit, &search));
    if (!search.found && !only_asking && search.asker_seen && passphrase.n > 0) {
        search.asking = true;
        search.worst = STATUS_SUCCESS;
        TRY(folder_each(slots, slot_visit, &search));
    }
    return search_answer(&search);
}

bool ring_is_current(const struct store *s, const struct ring *r)
{
    struct stat st;
    char path[PATH_MAX]; /* place_name has seen that it fits */
    snprintf(path, sizeof path, "%s/" CURRENT_NAME, s->places.slots.path);
    if (fstatat(AT_FDCWD, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    struct stamp stamp = stamp_of(&st);
    return stamp_is(&stamp, &r->stamp);
}

static SECURITY_STATUS ring_find_out(struct store *s, bool only_asking, struct span passphrase,
                                     struct ring *out)
{
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.slots, false, &fd));
    struct folder slots = {fd, s->places.slots.path};
    if (fd < 0)
        return store_refuse(NTE_NO_KEY, slots.path, NULL, "this store has no KEK", NULL);
    /* A rotation may replace the KEK between the read of current.kek and that of its slots. */
    SECURITY_STATUS status = STATUS_SUCCESS;
    for (int i = 0; i < 8; i++) {
        RING r = {.has_retired = false};
        struct stat before = {.st_ino = 0}, after = {.st_ino = 0};
        (void)fstatat(fd, CURRENT_NAME, &before, AT_SYMLINK_NOFOLLOW);
        status = search_slots(&slots, only_asking, passphrase, &r);
        (void)fstatat(fd, CURRENT_NAME, &after, AT_SYMLINK_NOFOLLOW);
        struct stamp x = stamp_of(&before), y = stamp_of(&after);
        if (status >= 0) {
            cache_put(s->cache, &r);
            *out = r;
            r.keys = (struct secret){NULL, 0};
            return STATUS_SUCCESS;
        }
        if (stamp_is(&x, &y))
            break;
    }
    return status;
}

SECURITY_STATUS ring_get_asking(struct store *s, struct span passphrase, struct ring *out)
{
    return ring_find_out(s, true, passphrase, out);
}

SECURITY_STATUS ring_get(struct store *s, struct span passphrase, struct ring *out)
{
    RING cached = {.has_retired = false};
    if (cache_get(s->cache, &cached)) {
        if (ring_is_current(s, &cached)) {
            *out = cached;
            cached.keys = (struct secret){NULL, 0};
            return STATUS_SUCCESS;
        }
        cache_forget(s->cache);
    }
    return ring_find_out(s, false, passphrase, out);
}

/* --- making ------------------------------------------------------------------------------------------- */

static SECURITY_STATUS orphan_visit(const char *file, void *arg)
{
    const struct folder *keys = arg;
    if (!unique_is(file))
        return STATUS_SUCCESS;
    return store_refuse(NTE_DECRYPTION_FAILURE, keys->path, file,
                        "there are keys here, and the KEK that opens them is missing",
                        "Put back a copy of the protectors' folder, or move the keys away.");
}

/* A new KEK beside keys that need another would hide that theirs is lost: it is not made. */
static SECURITY_STATUS kek_make(struct store *s, const struct folder *keys,
                                const struct store_slot_wish *wish)
{
    TRY(folder_each(keys, orphan_visit, (void *)(uintptr_t)keys));
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.slots, true, &fd));
    struct folder slots = {fd, s->places.slots.path};
    uint8_t id[STORE_KEK_ID_BYTES];
    TRY(store_random(id, sizeof id));
    SECRET kek = {NULL, 0}, bytes = {NULL, 0};
    TRY(store_status(secret_new(&kek, STORE_KEY_BYTES)));
    TRY(store_random(kek.p, kek.n));
    TRY(slot_make(wish, id, kek.p, &bytes));
    char name[SLOT_FILE_NAME_MAX + 1];
    slot_file_name(wish->name, id, name);
    DRAFT draft = NO_DRAFT;
    TRY(draft_init(&draft, &slots, secret_span(&bytes), false, 0600, (gid_t)-1));
    TRY(draft_link(&draft, name));
    TRY(folder_sync(&slots));
    SECURITY_STATUS status = current_write(&slots, true, id, kek.p, NULL, NULL);
    /* A slot of a KEK that never came into force is of no use; one of a KEK that perhaps did stays. */
    struct stat st;
    if (status < 0 && fstatat(fd, CURRENT_NAME, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT)
        (void)unlinkat(fd, name, 0);
    return status;
}

SECURITY_STATUS ring_get_or_make(struct store *s, const struct folder *keys, struct span passphrase,
                                 const struct store_slot_wish *wish, struct ring *out, bool *made)
{
    *made = false;
    SECURITY_STATUS status = ring_get(s, passphrase, out);
    if (status != NTE_NO_KEY)
        return status;
    SCOPED_FD lock = -1;
    TRY(lock_take(keys, &lock));
    /* Another process may have been first. */
    status = ring_get(s, passphrase, out);
    if (status != NTE_NO_KEY)
        return status;
    static const struct store_slot_wish usual = {.name = "default", .type = "file"};
    TRY(kek_make(s, keys, wish == NULL ? &usual : wish));
    *made = true;
    return ring_get(s, wish == NULL ? passphrase : wish->passphrase, out);
}
