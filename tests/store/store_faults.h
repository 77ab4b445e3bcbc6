/*
 * Operations that the fault test makes fail beside those of store_crash.h: what only reads, what needs a passphrase or a
 * credential, what asks for another place. Killing these, or cutting the power, would show nothing that those do not.
 */
#ifndef STORE_FAULTS_H
#define STORE_FAULTS_H

#include "store_wrap.h"

/* States to start from. All have the keys "a", "b" and "c". */
#define ASKING "asking"   /* the slot "spare" alone: a passphrase opens it */
#define SERVICE "service" /* the slot "service" alone: a credential opens it */
#define ROTATING "half"   /* as ASKING, with a rotation that was stopped after its first key */

/* --- wrapped bytes ------------------------------------------------------------------------------------ */

static SECURITY_STATUS act_wrap(struct store *s)
{
    static const char plain[] = "what is wrapped";
    uint8_t wrapped[sizeof plain + STORE_WRAP_OVERHEAD];
    SECRET back = {NULL, 0};
    SECURITY_STATUS status = store_wrap(s, NO_PASSPHRASE, "test", text_span("aad"),
                                        span_of(plain, sizeof plain), wrapped);
    if (status >= 0)
        status = store_unwrap(s, NO_PASSPHRASE, "test", text_span("aad"),
                              span_of(wrapped, sizeof wrapped), &back);
    if (status >= 0 && (back.n != sizeof plain || memcmp(back.p, plain, back.n) != 0))
        status = NTE_FAIL;
    return status;
}

static int state_wrap(struct store *s)
{
    return act_wrap(s) >= 0 ? 1 : -1;
}

/* --- a key with all that a key may have ------------------------------------------------------------------ */

static struct store_property all_properties[] = {
    {{(const uint8_t *)"second", 6}, {(const uint8_t *)"2", 1}},
    {{(const uint8_t *)"first", 5}, {(const uint8_t *)"", 0}},
};

static struct store_ui all_texts(void)
{
    return (struct store_ui){.flags = 1,
                             .title = text_span("title"),
                             .friendly_name = text_span("friend"),
                             .description = text_span("description")};
}

/* Whether the key is what act_create_all and act_update_all make. */
static bool has_all(const struct store_key *key)
{
    const struct store_record *r = &key->record;
    return r->ui.flags == 1 && r->ui.title.n == 5 && r->ui.friendly_name.n == 6 &&
           r->ui.description.n == 11 && r->property_count == 2 && r->properties[0].value.n == 0 &&
           r->properties[1].value.n == 1 && r->usage == 2 && r->export_policy == 1 &&
           r->type_flags == 0x20;
}

static SECURITY_STATUS act_create_all(struct store *s)
{
    struct test_payload p;
    payload_fill(&p, 4);
    struct store_record r = record_of("new", 0);
    struct store_key *key = NULL;
    r.curve = text_span("nistP256");
    r.ui = all_texts();
    r.properties = all_properties;
    r.property_count = ARRAY_COUNT(all_properties);
    r.usage = 2;
    r.export_policy = 1;
    r.type_flags = 0x20;
    SECURITY_STATUS status = store_create(s, &r, &p.payload, NO_PASSPHRASE, true, &key);
    if (status >= 0 && !has_all(key))
        status = NTE_FAIL;
    store_key_free(key);
    return status;
}

static SECURITY_STATUS act_update_all(struct store *s)
{
    struct test_payload p;
    payload_fill(&p, 5);
    const struct store_ui ui = all_texts();
    const struct store_change change = {
        .usage = &(uint32_t){2},
        .export_policy = &(uint32_t){1},
        .type_flags = &(uint32_t){0x20},
        .ui = &ui,
        .set = all_properties,
        .set_count = ARRAY_COUNT(all_properties),
        .payload = &p.payload,
    };
    struct store_key *key = NULL, *fresh = NULL;
    SECURITY_STATUS status = store_load(s, text_span("a"), 0, &key);
    if (status >= 0)
        status = store_update(s, key, NO_PASSPHRASE, &change, &fresh);
    if (status >= 0 && !has_all(fresh))
        status = NTE_FAIL;
    store_key_free(key);
    store_key_free(fresh);
    return status;
}

static int state_update_all(struct store *s)
{
    struct store_key *key = NULL;
    int payload = payload_state(s, "a", 1, 5);
    if (payload < 0 || store_load(s, text_span("a"), 0, &key) < 0)
        return -1;
    bool all = has_all(key);
    store_key_free(key);
    return all == (payload == 1) ? payload : -1;
}

static SECURITY_STATUS act_delete_unique(struct store *s)
{
    struct store_key *key = NULL;
    char unique[STORE_UNIQUE_CHARS + 1];
    SECURITY_STATUS status = store_exists(s, text_span("a"), 0);
    if (status >= 0)
        status = store_unique_name(text_span("a"), 0, unique);
    if (status >= 0)
        status = store_load_unique(s, unique, &key);
    if (status >= 0)
        status = store_delete_unique(s, key->unique);
    store_key_free(key);
    return status;
}

/* --- what only reads ------------------------------------------------------------------------------------- */

static SECURITY_STATUS act_text_get(struct store *s)
{
    char *text = NULL;
    SECURITY_STATUS status = store_text_get(s, "text", &text);
    if (status >= 0 && strcmp(text, "old") != 0)
        status = NTE_FAIL;
    free(text);
    return status;
}

static int state_text_get(struct store *s)
{
    return text_now(s, "") == 1 ? 1 : -1;
}

/* A slot whose file cannot be read now is listed as damaged. */
static bool count_good(const struct store_slot *slot, void *arg)
{
    *(size_t *)arg += !slot->damaged && slot->description[0] != '\0';
    return true;
}

static SECURITY_STATUS act_list(struct store *s)
{
    size_t good = 0;
    SECURITY_STATUS status = store_slots(s, count_good, &good);
    return status >= 0 && good != 2 ? NTE_BAD_DATA : status;
}

static SECURITY_STATUS act_unlock(struct store *s)
{
    return store_unlock(s, text_span(PASSPHRASE));
}

static SECURITY_STATUS act_use_asking(struct store *s)
{
    return has_payload(s, "a", 1, text_span(PASSPHRASE));
}

static void count_finding(const struct store_finding *finding, void *arg)
{
    *(size_t *)arg += finding->status < 0;
}

static bool go_on(size_t done, size_t total, void *arg)
{
    (void)arg;
    return done <= total;
}

static SECURITY_STATUS act_check_asking(struct store *s)
{
    struct store_report report;
    size_t found = 0;
    SECURITY_STATUS status =
        store_check(s, text_span(PASSPHRASE), count_finding, go_on, &found, &report);
    if (status >= 0)
        assert_int_equal(found, report.damaged);
    return status >= 0 && report.damaged > 0 ? NTE_BAD_DATA : status;
}

/* --- new slots that need something ------------------------------------------------------------------------ */

static SECURITY_STATUS act_passphrase(struct store *s)
{
    const struct store_slot_wish wish = {.name = "another",
                                         .type = "passphrase",
                                         .passphrase = text_span(PASSPHRASE),
                                         .scrypt_log2_n = 10};
    return store_slot_add(s, NO_PASSPHRASE, &wish);
}

static int state_passphrase(struct store *s)
{
    return payload_state(s, "a", 1, 1) == 1 ? slot_is_there(s, "another", "passphrase") : -1;
}

static const struct store_slot_wish service_slot = {
    .name = "service", .type = "credential", .credential = "kek"};

static SECURITY_STATUS act_credential(struct store *s)
{
    return store_slot_add(s, NO_PASSPHRASE, &service_slot);
}

static int state_credential(struct store *s)
{
    return payload_state(s, "a", 1, 1) == 1 ? slot_is_there(s, "service", "credential") : -1;
}

/* --- the login session ------------------------------------------------------------------------------------ */

static SECURITY_STATUS act_session(struct store *s)
{
    (void)s;
    uint8_t id[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0};
    return store_session_secret(true, id, &secret);
}

static int state_session(struct store *s)
{
    (void)s;
    uint8_t id[STORE_UUID_BYTES], again[STORE_UUID_BYTES];
    SECRET secret = {NULL, 0}, second = {NULL, 0};
    SECURITY_STATUS status = store_session_secret(false, id, &secret);
    if (status < 0)
        return status == NTE_NOT_FOUND ? 0 : -1;
    if (store_session_secret(true, again, &second) < 0)
        return -1;
    return memcmp(id, again, sizeof id) == 0 && memcmp(secret.p, second.p, secret.n) == 0 ? 1 : -1;
}

/* --- other places ----------------------------------------------------------------------------------------- */

enum says { SAYS_XDG, SAYS_HOME, SAYS_PASSWD };

static void set_or_not(const char *variable, bool set, const char *value)
{
    if (set)
        setenv(variable, value, 1);
    else
        unsetenv(variable);
}

/* Opens the user's store below user/me, which the environment says or, without it, passwd, and acts there. */
static SECURITY_STATUS elsewhere(enum says says, SECURITY_STATUS (*act)(struct store *s))
{
    char me[sizeof home + 8];
    struct store *s = NULL;
    snprintf(me, sizeof me, "%s/user/me", home);
    unsetenv("OPENCNG_HOME");
    set_or_not("XDG_DATA_HOME", says == SAYS_XDG, me);
    set_or_not("XDG_CONFIG_HOME", says == SAYS_XDG, me);
    set_or_not("HOME", says == SAYS_HOME, me);
    passwd.known = true;
    passwd.home = me;
    SECURITY_STATUS status = store_open(STORE_USER, &s);
    if (status >= 0)
        status = act(s);
    passwd.known = false;
    store_close(s);
    setenv("OPENCNG_HOME", home, 1);
    return status;
}

static SECURITY_STATUS act_xdg(struct store *s)
{
    (void)s;
    return elsewhere(SAYS_XDG, act_create);
}

static SECURITY_STATUS act_home(struct store *s)
{
    (void)s;
    return elsewhere(SAYS_HOME, act_create);
}

static SECURITY_STATUS act_passwd(struct store *s)
{
    (void)s;
    return elsewhere(SAYS_PASSWD, act_create);
}

static int elsewhere_state;

static SECURITY_STATUS look_elsewhere(struct store *s)
{
    elsewhere_state = state_create(s);
    return STATUS_SUCCESS;
}

static int state_xdg(struct store *s)
{
    (void)s;
    return elsewhere(SAYS_XDG, look_elsewhere) < 0 ? -1 : elsewhere_state;
}

static int state_home(struct store *s)
{
    (void)s;
    return elsewhere(SAYS_HOME, look_elsewhere) < 0 ? -1 : elsewhere_state;
}

/* Nobody's keys: only where they would be. */
static SECURITY_STATUS act_machine(struct store *s)
{
    (void)s;
    struct store *machine = NULL;
    unsetenv("OPENCNG_HOME");
    SECURITY_STATUS status = store_open(STORE_MACHINE, &machine);
    if (status >= 0 && (strcmp(store_keys_path(machine), "/var/lib/opencng/keys") != 0 ||
                        strcmp(store_slots_path(machine), "/etc/opencng/protectors") != 0))
        status = NTE_FAIL;
    store_close(machine);
    setenv("OPENCNG_HOME", home, 1);
    return status;
}

static const struct operation fault_operations[] = {
    {"first wrap", NULL, act_wrap, state_wrap, NULL, false},
    {"wrap and unwrap", FULL, act_wrap, state_wrap, NULL, false},
    {"create with everything", FULL, act_create_all, state_create, NULL, false},
    {"update everything", FULL, act_update_all, state_update_all, NULL, false},
    {"find and delete by unique name", FULL, act_delete_unique, state_delete, NULL, false},
    {"get a text", FULL, act_text_get, state_text_get, NULL, false},
    {"list slots", FULL, act_list, state_same, NULL, false},
    {"try a passphrase", FULL, act_unlock, state_same, NULL, false},
    {"use with a passphrase", ASKING, act_use_asking, state_same, PASSPHRASE, false},
    {"check with a passphrase", ROTATING, act_check_asking, state_same, PASSPHRASE, false},
    {"rotate with a passphrase", ASKING, act_rotate, state_rotate, PASSPHRASE, false},
    {"go on with a rotation", ROTATING, act_rotate, state_rotate, PASSPHRASE, false},
    {"add a passphrase", FULL, act_passphrase, state_passphrase, NULL, false},
    {"add a credential", FULL, act_credential, state_credential, NULL, false},
    {"use with a credential", SERVICE, act_use, state_same, NULL, false},
    {"first secret of the session", NULL, act_session, state_session, NULL, true},
    {"first create where XDG says", NULL, act_xdg, state_xdg, NULL, false},
    {"first create in HOME", NULL, act_home, state_home, NULL, false},
    {"first create in passwd's home", NULL, act_passwd, state_home, NULL, false},
    {"open the machine's store", FULL, act_machine, state_same, NULL, false},
};

/* --- before ----------------------------------------------------------------------------------------------- */

static bool stop_at_once(size_t done, size_t total, void *arg)
{
    (void)done, (void)total, (void)arg;
    return false;
}

/* Makes what store_crash.h's operations start from, and what these do. */
static inline void faults_prepare(void)
{
    operations_prepare();
    assert_int_equal(mkdir(in_home("credentials"), 0700), 0);
    file_write(in_home("credentials/kek"), "0123456789abcdef0123456789abcdef", 32);
    setenv("CREDENTIALS_DIRECTORY", in_home("credentials"), 1);
    setenv("XDG_RUNTIME_DIR", in_home("user/run"), 1);

    copy_tree(in_home(FULL), in_home("user"));
    struct store *s = store_new();
    assert_int_equal(store_slot_add(s, NO_PASSPHRASE, &service_slot), STATUS_SUCCESS);
    assert_int_equal(store_slot_remove(s, "default"), STATUS_SUCCESS);
    copy_tree(in_home("user"), in_home(SERVICE));
    assert_int_equal(store_slot_remove(s, "service"), STATUS_SUCCESS);
    copy_tree(in_home("user"), in_home(ASKING));
    assert_int_equal(store_rotate(s, answer_passphrase, stop_at_once, NULL), NTE_USER_CANCELLED);
    assert_int_equal(rename(in_home("user"), in_home(ROTATING)), 0);
    store_close(s);
    copy_tree(in_home(SERVICE), in_home("user"));
    s = store_new();
    assert_int_equal(store_slot_remove(s, "spare"), STATUS_SUCCESS);
    store_close(s);
    remove_tree(in_home(SERVICE));
    assert_int_equal(rename(in_home("user"), in_home(SERVICE)), 0);
}

#define OPERATIONS (ARRAY_COUNT(operations) + ARRAY_COUNT(fault_operations))

static inline const struct operation *operation_at(size_t i)
{
    return i < ARRAY_COUNT(operations) ? &operations[i]
                                       : &fault_operations[i - ARRAY_COUNT(operations)];
}

#endif
