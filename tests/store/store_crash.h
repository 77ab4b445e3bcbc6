/*
 * What the kill test and the fault test share: operations on a store with a known state before and after, and the look
 * at what is left when one was cut short.
 */
#ifndef STORE_CRASH_H
#define STORE_CRASH_H

#include "store_fixture.h"

#define PASSPHRASE "the passphrase of the spare slot"

/* --- folders ------------------------------------------------------------------------------------------ */

static char copy_from[512], copy_to[512];

static int copy_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)flag, (void)ftw;
    char to[1200];
    snprintf(to, sizeof to, "%s%s", copy_to, path + strlen(copy_from));
    if (S_ISDIR(st->st_mode))
        return mkdir(to, st->st_mode & 07777);
    uint8_t *bytes;
    size_t n = file_bytes(path, &bytes);
    file_write(to, bytes, n);
    free(bytes);
    return 0;
}

static inline void copy_tree(const char *from, const char *to)
{
    snprintf(copy_from, sizeof copy_from, "%s", from);
    snprintf(copy_to, sizeof copy_to, "%s", to);
    if (access(from, F_OK) == 0)
        assert_int_equal(nftw(from, copy_one, 16, FTW_PHYS), 0);
}

/* --- operations --------------------------------------------------------------------------------------- */

/* Before each operation: keys "a", "b", "c" with payloads 1, 2, 3, slots "default" and, with a passphrase, "spare" (from FULL);
 * or nothing at all. The KEK is not cached: finding it is part of the operation. */
struct operation {
    const char *name;
    const char *from; /* folder of home with the state before; NULL: nothing */
    SECURITY_STATUS (*act)(struct store *s);
    /* What must hold of the state afterwards. 0: as before; 1: done; anything else: neither. */
    int (*state)(struct store *s);
    const char *passphrase; /* without which the store does not open, or NULL */
    bool in_memory;         /* what it makes is not for the disk: nobody syncs it */
};

#define FULL "full"

static inline int payload_state(struct store *s, const char *name, uint32_t before, uint32_t after)
{
    SECURITY_STATUS status = has_payload(s, name, after, NO_PASSPHRASE);
    if (status >= 0 && after != 0)
        return 1;
    if (status == NTE_BAD_KEYSET)
        return after == 0 ? 1 : before == 0 ? 0 : -1;
    return before != 0 && has_payload(s, name, before, NO_PASSPHRASE) >= 0 ? 0 : -1;
}

static SECURITY_STATUS act_create(struct store *s)
{
    return create(s, "new", 4, false);
}

static int state_create(struct store *s)
{
    return payload_state(s, "new", 0, 4);
}

static SECURITY_STATUS act_overwrite(struct store *s)
{
    return create(s, "a", 5, true);
}

static int state_overwrite(struct store *s)
{
    return payload_state(s, "a", 1, 5);
}

static SECURITY_STATUS act_update(struct store *s)
{
    static const struct store_property property = {{(const uint8_t *)"p", 1},
                                                   {(const uint8_t *)"v", 1}};
    struct store_change change = {.set = &property, .set_count = 1, .usage = &(uint32_t){2}};
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span("a"), 0, &key);
    if (status >= 0)
        status = store_update(s, key, NO_PASSPHRASE, &change, NULL);
    store_key_free(key);
    return status;
}

static int state_update(struct store *s)
{
    struct store_key *key = NULL;
    if (payload_state(s, "a", 1, 1) != 1 || store_load(s, text_span("a"), 0, &key) < 0)
        return -1;
    bool usage = key->record.usage == 2, property = key->record.property_count == 1;
    store_key_free(key);
    return usage == property ? usage : -1;
}

static SECURITY_STATUS act_delete(struct store *s)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span("a"), 0, &key);
    if (status >= 0)
        status = store_delete(s, key);
    store_key_free(key);
    return status;
}

static int state_delete(struct store *s)
{
    return payload_state(s, "a", 1, 0);
}

static SECURITY_STATUS answer_passphrase(const char *slot, struct secret *out, void *arg)
{
    (void)slot, (void)arg;
    return secret_copy(out, text_span(PASSPHRASE));
}

static SECURITY_STATUS act_rotate(struct store *s)
{
    return store_rotate(s, answer_passphrase, NULL, NULL);
}

static int state_rotate(struct store *s)
{
    /* Whatever stage it reached, all keys work; it can be run again, and then it is complete. */
    struct span passphrase = text_span(PASSPHRASE);
    if (has_payload(s, "a", 1, passphrase) < 0 || act_rotate(s) < 0)
        return -1;
    struct store_report report;
    if (store_check(s, passphrase, NULL, NULL, NULL, &report) < 0 || report.rotating ||
        report.damaged > 0 || report.sealed)
        return -1;
    return has_payload(s, "a", 1, passphrase) >= 0 && store_unlock(s, passphrase) >= 0 ? 1 : -1;
}

/* Whether a slot of that name is listed, and opens by itself when it does not ask. */
struct slot_search {
    const char *name;
    const char *type;
    bool found;
};

static bool search_slot(const struct store_slot *slot, void *arg)
{
    struct slot_search *search = arg;
    search->found = search->found || (strcmp(slot->name, search->name) == 0 &&
                                      strcmp(slot->type, search->type) == 0 && !slot->damaged);
    return true;
}

static bool slot_is_there(struct store *s, const char *name, const char *type)
{
    struct slot_search search = {name, type, false};
    return store_slots(s, search_slot, &search) >= 0 && search.found;
}

static SECURITY_STATUS act_slot_add(struct store *s)
{
    const struct store_slot_wish wish = {.name = "another", .type = "file"};
    return store_slot_add(s, NO_PASSPHRASE, &wish);
}

static int state_slot_add(struct store *s)
{
    return payload_state(s, "a", 1, 1) == 1 ? slot_is_there(s, "another", "file") : -1;
}

static SECURITY_STATUS act_slot_change(struct store *s)
{
    const struct store_slot_wish wish = {.name = "spare", .type = "file"};
    return store_slot_change(s, NO_PASSPHRASE, &wish);
}

static int state_slot_change(struct store *s)
{
    if (payload_state(s, "a", 1, 1) != 1)
        return -1;
    bool changed = slot_is_there(s, "spare", "file");
    return changed || store_unlock(s, text_span(PASSPHRASE)) >= 0 ? changed : -1;
}

static SECURITY_STATUS act_slot_remove(struct store *s)
{
    return store_slot_remove(s, "spare");
}

static int state_slot_remove(struct store *s)
{
    if (payload_state(s, "a", 1, 1) != 1)
        return -1;
    bool there = slot_is_there(s, "spare", "passphrase");
    return !there || store_unlock(s, text_span(PASSPHRASE)) >= 0 ? !there : -1;
}

static SECURITY_STATUS act_mode(struct store *s)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span("a"), 0, &key);
    if (status >= 0)
        status = store_set_mode(s, key, 0640, (gid_t)-1);
    store_key_free(key);
    return status;
}

static int state_mode(struct store *s)
{
    struct store_key *key = NULL;
    if (payload_state(s, "a", 1, 1) != 1 || store_load(s, text_span("a"), 0, &key) < 0)
        return -1;
    mode_t mode = key->mode;
    store_key_free(key);
    return mode == 0640 ? 1 : mode == 0600 ? 0 : -1;
}

static SECURITY_STATUS act_check(struct store *s)
{
    struct store_report report;
    SECURITY_STATUS status = store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report);
    return status < 0 ? status : report.damaged > 0 ? NTE_BAD_DATA : status;
}

static int state_same(struct store *s)
{
    return payload_state(s, "a", 1, 1);
}

static SECURITY_STATUS act_use(struct store *s)
{
    SECURITY_STATUS status = has_payload(s, "a", 1, NO_PASSPHRASE);
    struct store_enum *e = NULL;
    struct store_entry entry;
    size_t n = 0;
    if (status >= 0)
        status = store_enum_new(s, &e);
    while (status >= 0) {
        status = store_enum_next(e, &entry);
        n += status >= 0;
    }
    if (status == NTE_NO_MORE_ITEMS && n + store_enum_damaged(e) == 3)
        status = store_enum_damaged(e) > 0 ? NTE_BAD_DATA : STATUS_SUCCESS;
    store_enum_free(e);
    return status;
}

/* A secret of the store's own is there or not, and always the same. */
static SECURITY_STATUS act_secret(struct store *s)
{
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    return store_secret(s, NO_PASSPHRASE, "test", true, id, &secret);
}

static int state_secret(struct store *s)
{
    uint8_t id[STORE_UUID_BYTES], again[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0}, second = {NULL, 0};
    SECURITY_STATUS status = store_secret(s, NO_PASSPHRASE, "test", false, id, &secret);
    if (status < 0)
        return status == NTE_NOT_FOUND ? 0 : -1;
    if (store_secret(s, NO_PASSPHRASE, "test", true, again, &second) < 0)
        return -1;
    return memcmp(id, again, sizeof id) == 0 && memcmp(secret.p, second.p, secret.n) == 0 ? 1 : -1;
}

/* Whether the text "old" of the prepared state is there (1), or another (2), or none (0). */
static int text_now(struct store *s, const char *other)
{
    char *text = NULL;
    SECURITY_STATUS status = store_text_get(s, "text", &text);
    int now = status == NTE_NOT_FOUND ? 0 : status < 0 ? -1 : strcmp(text, "old") == 0 ? 1 : -1;
    if (now < 0 && text != NULL && strcmp(text, other) == 0)
        now = 2;
    free(text);
    return now;
}

static SECURITY_STATUS act_text(struct store *s)
{
    return store_text_put(s, "text", text_span("something new"));
}

static int state_text(struct store *s)
{
    int now = text_now(s, "something new");
    return now == 1 || now == 2 ? now - 1 : -1;
}

static SECURITY_STATUS act_text_remove(struct store *s)
{
    return store_text_put(s, "text", (struct span){NULL, 0});
}

static int state_text_remove(struct store *s)
{
    int now = text_now(s, "");
    return now == 0 || now == 1 ? 1 - now : -1;
}

static const struct operation operations[] = {
    {"first create", NULL, act_create, state_create},
    {"create", FULL, act_create, state_create},
    {"overwrite", FULL, act_overwrite, state_overwrite},
    {"update", FULL, act_update, state_update},
    {"delete", FULL, act_delete, state_delete},
    {"rotate", FULL, act_rotate, state_rotate},
    {"add a slot", FULL, act_slot_add, state_slot_add},
    {"change a slot", FULL, act_slot_change, state_slot_change},
    {"remove a slot", FULL, act_slot_remove, state_slot_remove},
    {"set the mode", FULL, act_mode, state_mode},
    {"check", FULL, act_check, state_same},
    {"load, unseal, enumerate", FULL, act_use, state_same},
    {"first secret", NULL, act_secret, state_secret},
    {"secret", FULL, act_secret, state_secret},
    {"put a text", FULL, act_text, state_text},
    {"remove a text", FULL, act_text_remove, state_text_remove},
};

/* --- before and after --------------------------------------------------------------------------------- */

/* Makes the state that operations start from, in the folder "full" of home. */
static inline void operations_prepare(void)
{
    struct store *s = store_new();
    const struct store_slot_wish wish = {.name = "spare",
                                         .type = "passphrase",
                                         .passphrase = text_span(PASSPHRASE),
                                         .scrypt_log2_n = 10};
    assert_int_equal(create(s, "a", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "b", 2, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "c", 3, false), STATUS_SUCCESS);
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &wish), STATUS_SUCCESS);
    assert_int_equal(store_text_put(s, "text", text_span("old")), STATUS_SUCCESS);
    store_close(s);
    assert_int_equal(rename(in_home("user"), in_home(FULL)), 0);
}

static inline void operation_begin(const struct operation *o)
{
    remove_tree(in_home("user"));
    if (o->from != NULL)
        copy_tree(in_home(o->from), in_home("user"));
}

/* What asks for a passphrase is asked, so that the rest can do without. */
static inline bool operation_unlock(const struct operation *o, struct store *s)
{
    return o->passphrase == NULL || store_unlock(s, text_span(o->passphrase)) >= 0;
}

/* Looks at the store after the operation was cut short or refused: the state (0 or 1); anything else has failed
 * a test and is not returned. */
static inline int operation_end(const struct operation *o, const char *where, size_t at)
{
    struct store *s = store_new();
    int state = operation_unlock(o, s) ? o->state(s) : -1;
    bool others =
        o->from == NULL || (operation_unlock(o, s) && has_payload(s, "b", 2, NO_PASSPHRASE) >= 0 &&
                            has_payload(s, "c", 3, NO_PASSPHRASE) >= 0);
    struct store_report report;
    SECURITY_STATUS status = store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report);
    bool clean = status >= 0 && report.damaged == 0 &&
                 count_names(in_home("user/keys"), ".tmp-") <= 0 &&
                 count_names(in_home("user/protectors"), ".tmp-") <= 0 &&
                 count_names(in_home("user/protection-descriptors"), ".tmp-") <= 0;
    bool usable = create(s, "afterwards", 6, false) >= 0 &&
                  has_payload(s, "afterwards", 6, NO_PASSPHRASE) >= 0;
    store_close(s);
    bool leaked = false;
    for (uint32_t seed = 1; seed <= 6 && !leaked; seed++) {
        struct test_payload p;
        payload_fill(&p, seed);
        leaked = leaks(in_home("user"), p.payload.blob);
    }
    if ((state != 0 && state != 1) || !others || !clean || !usable || leaked)
        fail_msg(
            "%s, %s %zu: state %d, others %d, clean %d (damaged %zu), usable %d (%s: %s), leak %s",
            o->name, where, at, state, others, clean, report.damaged, usable, store_explain()->path,
            store_explain()->problem, leaked ? leak_path : "none");
    return state;
}

#endif
