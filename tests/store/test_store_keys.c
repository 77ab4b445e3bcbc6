/* Keys in the store: their life, their identity, what others see of them. */
#include "store_fixture.h"

#include <sys/wait.h>

#include "store_container.h"

static void test_nothing_is_made_before_the_first_key(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_key *key = NULL;
    struct store_enum *e = NULL;
    struct store_entry entry;
    assert_int_equal(store_load(s, text_span("a"), 0, &key), NTE_BAD_KEYSET);
    assert_int_equal(store_exists(s, text_span("a"), 0), NTE_BAD_KEYSET);
    assert_int_equal(store_enum_new(s, &e), STATUS_SUCCESS);
    assert_int_equal(store_enum_next(e, &entry), NTE_NO_MORE_ITEMS);
    store_enum_free(e);
    assert_int_equal(store_unlock(s, NO_PASSPHRASE), STATUS_SUCCESS);
    struct store_report report;
    assert_int_equal(store_check(s, NO_PASSPHRASE, NULL, NULL, NULL, &report), STATUS_SUCCESS);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    assert_int_equal(count_names(home, ""), 0);
    store_close(s);
}

static void test_round_trip(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct test_payload p;
    payload_fill(&p, 1);
    const struct store_property properties[] = {
        {text_span("zeta"), text_span("last")},
        {text_span("SmartCardKeyCertificate"), text_span("a certificate")},
        {text_span("empty"), text_span("")},
    };
    struct store_record r = record_of("Round Trip", 2);
    r.curve = text_span("nistP256");
    r.type_flags = 0x20;
    r.properties = properties;
    r.property_count = ARRAY_COUNT(properties);
    r.ui = (struct store_ui){
        .flags = 1, .title = text_span("title"), .description = text_span("descr")};
    struct store_key *made = NULL, *key = NULL;
    assert_int_equal(store_create(s, &r, &p.payload, NO_PASSPHRASE, false, &made), STATUS_SUCCESS);
    store_close(s);

    s = store_new();
    assert_int_equal(store_load(s, text_span("rOUND tRIP"), 2, &key), STATUS_SUCCESS);
    const struct store_record *got = &key->record;
    assert_span(got->name, "Round Trip");
    assert_int_equal(got->spec, 2);
    assert_int_equal(got->scope, STORE_USER);
    assert_span(got->algorithm, "RSA");
    assert_span(got->curve, "nistP256");
    assert_int_equal(got->length, 2048);
    assert_int_equal(got->usage, 0xFFFFFF);
    assert_int_equal(got->export_policy, 3);
    assert_int_equal(got->type_flags, 0x20);
    assert_span(got->public_type, "RSAPUBLICBLOB");
    assert_span(got->public_blob, "the public part of the key");
    assert_int_equal(got->ui.flags, 1);
    assert_span(got->ui.title, "title");
    assert_span(got->ui.friendly_name, "");
    assert_span(got->ui.description, "descr");
    assert_int_equal(got->property_count, 3);
    assert_span(got->properties[0].name, "SmartCardKeyCertificate");
    assert_span(got->properties[0].value, "a certificate");
    assert_span(got->properties[1].name, "empty");
    assert_int_equal(got->properties[1].value.n, 0);
    assert_non_null(got->properties[1].value.p);
    assert_span(got->properties[2].name, "zeta");
    assert_span(got->creator, program_invocation_short_name);
    assert_true(got->created > UINT64_C(130000000000000000) && got->created == got->modified);
    assert_memory_equal(got->uuid, made->record.uuid, STORE_UUID_BYTES);
    assert_string_equal(key->unique, made->unique);
    assert_int_equal(key->mode, 0600);
    assert_int_equal(key->owner, geteuid());

    SECRET storage = {NULL, 0};
    struct store_payload payload;
    assert_int_equal(store_unseal(s, key, NO_PASSPHRASE, &storage, &payload), STATUS_SUCCESS);
    assert_span(payload.type, "RSAFULLPRIVATEBLOB");
    assert_int_equal(payload.blob.n, sizeof p.bytes);
    assert_memory_equal(payload.blob.p, p.bytes, sizeof p.bytes);

    struct store_key *same = NULL;
    assert_int_equal(store_load_unique(s, made->unique, &same), STATUS_SUCCESS);
    assert_span(same->record.name, "Round Trip");
    store_key_free(same);
    store_key_free(made);
    store_key_free(key);
    assert_false(leaks(home, span_of(p.bytes, sizeof p.bytes)));
    assert_true(leaks(
        home, text_span("the public part of the key"))); /* the search itself finds what is there */
    store_close(s);
}

static void test_identity(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct test_payload p;
    char unique[3][STORE_UNIQUE_CHARS + 1];
    for (uint32_t spec = 0; spec < 3; spec++) {
        struct store_record r = record_of("container", spec);
        payload_fill(&p, spec + 10);
        assert_int_equal(store_create(s, &r, &p.payload, NO_PASSPHRASE, false, NULL),
                         STATUS_SUCCESS);
        assert_int_equal(store_unique_name(r.name, spec, unique[spec]), STATUS_SUCCESS);
        r.name = text_span("CONTAINER");
        assert_int_equal(store_create(s, &r, &p.payload, NO_PASSPHRASE, false, NULL), NTE_EXISTS);
    }
    assert_string_not_equal(unique[0], unique[1]);
    assert_string_not_equal(unique[1], unique[2]);
    assert_int_equal(store_exists(s, text_span("Container"), 1), STATUS_SUCCESS);
    struct store_record r = record_of("container", 4);
    assert_int_equal(store_create(s, &r, &p.payload, NO_PASSPHRASE, false, NULL),
                     NTE_INVALID_PARAMETER);
    /* Folding is ASCII's: these are two keys. */
    assert_int_equal(create(s, "\xC3\x84", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "\xC3\xA4", 2, false), STATUS_SUCCESS);
    store_close(s);
}

/* The file's name is a promise to everybody who has noted a Unique Name: it may never change. */
static void test_unique_name_is_frozen(void **state)
{
    (void)state;
    char unique[STORE_UNIQUE_CHARS + 1];
    assert_int_equal(store_unique_name(text_span("MyKey"), 0, unique), STATUS_SUCCESS);
    assert_string_equal(unique, "59baab3dc585f7656c8f1d1b5cea88f9b3fcda82.key");
    assert_int_equal(store_unique_name(text_span("mykey"), 2, unique), STATUS_SUCCESS);
    assert_string_equal(unique, "700835ec8e5af99160f67cdc1dd912537efcc21c.key");
}

static void test_names(void **state)
{
    (void)state;
    struct store *s = store_new();
    char longest[STORE_NAME_MAX + 2];
    memset(longest, 'n', sizeof longest);
    longest[STORE_NAME_MAX] = '\0';
    static const char *const fine[] = {"/",      "..",    "../../x",  "a/b",
                                       ".tmp-0", ".lock", "con\nnul", "\xF0\x9F\x94\x91",
                                       " ",      "*",     "name.key", "\xEF\xBF\xBD"};
    for (size_t i = 0; i < ARRAY_COUNT(fine); i++) {
        assert_int_equal(create(s, fine[i], (uint32_t)i, false), STATUS_SUCCESS);
        assert_int_equal(has_payload(s, fine[i], (uint32_t)i, NO_PASSPHRASE), STATUS_SUCCESS);
    }
    assert_int_equal(create(s, longest, 1, false), STATUS_SUCCESS);
    assert_int_equal(has_payload(s, longest, 1, NO_PASSPHRASE), STATUS_SUCCESS);
    longest[STORE_NAME_MAX] = 'n';
    longest[STORE_NAME_MAX + 1] = '\0';
    static const char *const wrong[] = {
        "",      "\x80",         "\xC0\x80",         "\xED\xA0\x80", "\xF5\x80\x80\x80",
        "a\xC3", "\xE0\x9F\xBF", "\xF4\x90\x80\x80", "\xFF"};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_int_equal(create(s, wrong[i], 1, false), NTE_INVALID_PARAMETER);
    assert_int_equal(create(s, longest, 1, false), NTE_INVALID_PARAMETER);
    struct store_record r = record_of("x", 0);
    r.name = span_of("a\0b", 3);
    struct test_payload p;
    payload_fill(&p, 1);
    assert_int_equal(store_create(s, &r, &p.payload, NO_PASSPHRASE, false, NULL),
                     NTE_INVALID_PARAMETER);
    /* Every name is one file in the one folder. */
    assert_int_equal(count_names(in_home("user/keys"), ""), (int)ARRAY_COUNT(fine) + 2);
    assert_int_equal(count_names(home, ""), 1);
    static const char *const no_unique[] = {"",
                                            "x",
                                            "../protectors/current.kek",
                                            ".lock",
                                            "0000000000000000000000000000000000000000.KEY",
                                            "000000000000000000000000000000000000000G.key",
                                            "00000000000000000000000000000000000000000.key"};
    struct store_key *key;
    for (size_t i = 0; i < ARRAY_COUNT(no_unique); i++) {
        assert_int_equal(store_load_unique(s, no_unique[i], &key), NTE_BAD_KEYSET);
        assert_int_equal(store_delete_unique(s, no_unique[i]), NTE_BAD_KEYSET);
    }
    store_close(s);
}

static void test_overwrite_and_delete(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_key *old = NULL, *new = NULL;
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 2, false), NTE_EXISTS);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(store_load(s, text_span("k"), 0, &old), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 2, true), STATUS_SUCCESS);
    assert_int_equal(create(s, "fresh", 3, true), STATUS_SUCCESS);
    assert_int_equal(has_payload(s, "k", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    /* A key that was loaded keeps its private part, and is not taken for its successor. */
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    assert_int_equal(store_unseal(s, old, NO_PASSPHRASE, &storage, &payload), STATUS_SUCCESS);
    struct store_change change = {.usage = &(uint32_t){1}};
    assert_int_equal(store_update(s, old, NO_PASSPHRASE, &change, NULL), NTE_BAD_KEYSET);
    assert_int_equal(store_delete(s, old), NTE_BAD_KEYSET);
    assert_int_equal(store_load(s, text_span("k"), 0, &new), STATUS_SUCCESS);
    assert_int_equal(store_delete(s, new), STATUS_SUCCESS);
    assert_int_equal(store_delete(s, new), NTE_BAD_KEYSET);
    assert_int_equal(store_update(s, new, NO_PASSPHRASE, &change, NULL), NTE_BAD_KEYSET);
    assert_int_equal(store_load(s, text_span("k"), 0, &new), NTE_BAD_KEYSET);
    assert_int_equal(count_names(in_home("user/keys"), ".tmp-"), 0);
    store_key_free(old);
    store_key_free(new);
    store_close(s);
}

static void test_update(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_key *a = NULL, *b = NULL, *fresh = NULL;
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_load(s, text_span("k"), 0, &a), STATUS_SUCCESS);
    assert_int_equal(store_load(s, text_span("k"), 0, &b), STATUS_SUCCESS);
    const struct store_property one = {text_span("one"), text_span("1")},
                                two = {text_span("two"), text_span("2")};
    /* Two handles that know nothing of each other: neither's change is lost. */
    struct store_change change = {.set = &one, .set_count = 1, .usage = &(uint32_t){2}};
    assert_int_equal(store_update(s, a, NO_PASSPHRASE, &change, NULL), STATUS_SUCCESS);
    change = (struct store_change){
        .set = &two,
        .set_count = 1,
        .export_policy = &(uint32_t){0},
        .type_flags = &(uint32_t){0x20},
        .ui = &(struct store_ui){.flags = 2, .friendly_name = text_span("fn")}};
    assert_int_equal(store_update(s, b, NO_PASSPHRASE, &change, &fresh), STATUS_SUCCESS);
    assert_int_equal(fresh->record.property_count, 2);
    assert_span(fresh->record.properties[0].value, "1");
    assert_span(fresh->record.properties[1].value, "2");
    assert_int_equal(fresh->record.usage, 2);
    assert_int_equal(fresh->record.export_policy, 0);
    assert_int_equal(fresh->record.type_flags, 0x20);
    assert_span(fresh->record.ui.friendly_name, "fn");
    assert_memory_equal(fresh->record.uuid, a->record.uuid, STORE_UUID_BYTES);
    assert_true(fresh->record.modified > a->record.modified);
    assert_int_equal(fresh->record.created, a->record.created);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    store_key_free(a);
    a = fresh;
    struct test_payload p;
    payload_fill(&p, 9);
    const struct store_property changes[] = {{text_span("two"), text_span("II")},
                                             {text_span("one"), {NULL, 0}},
                                             {text_span("none"), {NULL, 0}}};
    change = (struct store_change){.set = changes, .set_count = 3, .payload = &p.payload};
    assert_int_equal(store_update(s, a, NO_PASSPHRASE, &change, &fresh), STATUS_SUCCESS);
    assert_int_equal(fresh->record.property_count, 1);
    assert_span(fresh->record.properties[0].value, "II");
    assert_int_equal(has_payload(s, "k", 9, NO_PASSPHRASE), STATUS_SUCCESS);
    /* What cannot be stored changes nothing. */
    const struct store_property twice[] = {{text_span("d"), text_span("1")},
                                           {text_span("d"), text_span("2")}};
    change = (struct store_change){.set = twice, .set_count = 2};
    assert_int_equal(store_update(s, a, NO_PASSPHRASE, &change, NULL), NTE_INVALID_PARAMETER);
    uint8_t *large = calloc(1, STORE_FILE_MAX);
    const struct store_property huge = {text_span("huge"), span_of(large, STORE_FILE_MAX)};
    change = (struct store_change){.set = &huge, .set_count = 1};
    assert_int_equal(store_update(s, a, NO_PASSPHRASE, &change, NULL), NTE_INVALID_PARAMETER);
    const struct store_property big = {text_span("big"), span_of(large, (size_t)1 << 20)};
    change = (struct store_change){.set = &big, .set_count = 1};
    assert_int_equal(store_update(s, a, NO_PASSPHRASE, &change, NULL), STATUS_SUCCESS);
    free(large);
    assert_int_equal(has_payload(s, "k", 9, NO_PASSPHRASE), STATUS_SUCCESS);
    store_key_free(a);
    store_key_free(b);
    store_key_free(fresh);
    store_close(s);
}

/* What a key may not have as its private part. */
static void test_payloads(void **state)
{
    (void)state;
    struct store *s = store_new();
    char type[257];
    uint8_t *large = calloc(1, STORE_FILE_MAX + 1);
    const struct store_record r = record_of("k", 0);
    memset(type, 't', sizeof type);
    const struct store_payload wrong[] = {{text_span(""), text_span("blob")},
                                          {span_of(type, 256), text_span("blob")},
                                          {text_span("t"), span_of(large, STORE_FILE_MAX + 1)},
                                          {text_span("t"), span_of(large, STORE_FILE_MAX)}};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++) {
        assert_int_equal(store_create(s, &r, &wrong[i], NO_PASSPHRASE, false, NULL),
                         NTE_INVALID_PARAMETER);
        assert_int_equal(store_exists(s, r.name, 0), NTE_BAD_KEYSET);
    }
    const struct store_payload right = {span_of(type, 255), text_span("blob")};
    assert_int_equal(store_create(s, &r, &right, NO_PASSPHRASE, false, NULL), STATUS_SUCCESS);
    free(large);
    store_close(s);
}

/* The program's name, when it is a text that fits. */
static void test_creator(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct test_payload p;
    char *const name = program_invocation_short_name;
    char longest[257];
    memset(longest, 'c', sizeof longest);
    longest[255] = '\0';
    char too_long[257], no_text[] = "\xFF";
    memset(too_long, 'c', sizeof too_long);
    too_long[256] = '\0';
    char *const names[] = {NULL, no_text, too_long, longest};
    payload_fill(&p, 1);
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        const struct store_record r = record_of("k", 0);
        struct store_key *key = NULL;
        program_invocation_short_name = names[i];
        SECURITY_STATUS status = store_create(s, &r, &p.payload, NO_PASSPHRASE, true, &key);
        program_invocation_short_name = name;
        assert_int_equal(status, STATUS_SUCCESS);
        assert_span(key->record.creator, names[i] == longest ? longest : "");
        store_key_free(key);
    }
    store_close(s);
}

/* A key that was loaded, and of which nothing is left. */
static void test_folders_that_are_gone(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_key *key = NULL;
    const struct store_change change = {.usage = &(uint32_t){1}};
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_load(s, text_span("k"), 0, &key), STATUS_SUCCESS);
    store_lock(s);
    remove_tree(in_home("user/protectors"));
    assert_int_equal(store_update(s, key, NO_PASSPHRASE, &change, NULL), NTE_DECRYPTION_FAILURE);
    assert_true(strlen(store_explain()->remedy) > 0);
    remove_tree(in_home("user/keys"));
    assert_int_equal(store_update(s, key, NO_PASSPHRASE, &change, NULL), NTE_BAD_KEYSET);
    assert_int_equal(store_set_mode(s, key, 0600, (gid_t)-1), NTE_BAD_KEYSET);
    assert_int_equal(store_delete(s, key), NTE_BAD_KEYSET);
    assert_int_equal(count_names(in_home("user"), ""), 0);
    store_key_free(key);
    store_close(s);
}

/* A key that was sealed anew since it was loaded is read again, and must be what the program has decided by: a record that
 * somebody had changed before it was loaded can be verified no more. */
static void test_records_that_were_changed(void **state)
{
    (void)state;
    struct store *s = store_new();
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    struct store_key *key = NULL;
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_load(s, text_span("k"), 0, &key), STATUS_SUCCESS);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    const struct store_record good = key->record;
#define CHANGED(change)                                                                            \
    do {                                                                                           \
        key->record = good;                                                                        \
        change;                                                                                    \
        assert_int_equal(store_unseal(s, key, NO_PASSPHRASE, &storage, &payload), NTE_BAD_KEYSET); \
        assert_null(storage.p);                                                                    \
    } while (0)
    CHANGED(key->record.algorithm = text_span("DSA"));
    CHANGED(key->record.algorithm = text_span("ECDSA"));
    CHANGED(key->record.length++);
    CHANGED(key->record.curve = text_span("curve25519"));
    CHANGED(key->record.usage ^= 1);
    CHANGED(key->record.export_policy ^= 1);
    CHANGED(key->record.public_type = text_span("RSAPUBLICBLOC"));
    CHANGED(key->record.public_blob = text_span("the public part of the kez"));
    CHANGED(key->record.uuid[15] ^= 1);
    key->record = good;
    assert_int_equal(store_unseal(s, key, NO_PASSPHRASE, &storage, &payload), STATUS_SUCCESS);
    store_key_free(key);
    store_close(s);
}

/* Each rewrite has a salt and a nonce of its own. */
static void test_salts_differ(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    struct store_key *key = NULL;
    assert_int_equal(store_load(s, text_span("k"), 0, &key), STATUS_SUCCESS);
    uint8_t *before = NULL, *after = NULL;
    size_t n = file_bytes(key_path("k", 0), &before);
    struct store_change change = {.usage = &(uint32_t){0xFFFFFF}};
    assert_int_equal(store_update(s, key, NO_PASSPHRASE, &change, NULL), STATUS_SUCCESS);
    assert_int_equal(file_bytes(key_path("k", 0), &after), n);
    struct container old, new;
    assert_int_equal(container_decode(span_of(before, n), &old), STATUS_SUCCESS);
    assert_int_equal(container_decode(span_of(after, n), &new), STATUS_SUCCESS);
    assert_memory_not_equal(old.salt, new.salt, sizeof old.salt);
    assert_memory_not_equal(old.nonce.p, new.nonce.p, old.nonce.n);
    container_done(&old);
    container_done(&new);
    /* Nonce, ciphertext and tag have no 16 bytes in common. */
    size_t tail = n - 12 - 16 - (1 + 18 + 256);
    for (size_t i = tail; i + 16 <= n; i++)
        assert_null(memmem(before + tail, n - tail, after + i, 16));
    free(before);
    free(after);
    store_key_free(key);
    store_close(s);
}

static void test_enumeration(void **state)
{
    (void)state;
    struct store *s = store_new();
    char name[32];
    for (uint32_t i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "key %u", i);
        assert_int_equal(create(s, name, i, false), STATUS_SUCCESS);
    }
    file_write(in_home("user/keys/0000000000000000000000000000000000000000.key"), "garbage", 7);
    file_write(in_home("user/keys/README"), "not ours", 8);
    assert_int_equal(mkdir(in_home("user/keys/1111111111111111111111111111111111111111.key"), 0700),
                     0);
    struct store_enum *e = NULL;
    struct store_entry entry;
    bool seen[50] = {false};
    int fds = count_fds();
    assert_int_equal(store_enum_new(s, &e), STATUS_SUCCESS);
    size_t n = 0;
    SECURITY_STATUS status;
    while ((status = store_enum_next(e, &entry)) >= 0) {
        unsigned number = 0;
        snprintf(name, sizeof name, "%.*s", (int)entry.name.n, (const char *)entry.name.p);
        assert_int_equal(sscanf(name, "key %u", &number), 1);
        assert_true(number < 50 && !seen[number]);
        seen[number] = true;
        assert_span(entry.algorithm, "RSA");
        assert_int_equal(entry.length, 2048);
        assert_string_equal(entry.unique, strrchr(key_path(name, 0), '/') + 1);
        n++;
    }
    assert_int_equal(status, NTE_NO_MORE_ITEMS);
    assert_int_equal(store_enum_next(e, &entry), NTE_NO_MORE_ITEMS);
    assert_int_equal(n, 50);
    assert_int_equal(store_enum_damaged(e), 2);
    store_enum_free(e);
    assert_int_equal(count_fds(), fds);
    store_close(s);
}

/* Modes are right whatever the umask, from the first instant; the umask is left alone. */
static void test_modes(void **state)
{
    (void)state;
    static const mode_t masks[] = {0, 022, 077, 0777};
    for (size_t i = 0; i < ARRAY_COUNT(masks); i++) {
        remove_tree(in_home("user"));
        mode_t old = umask(masks[i]);
        struct store *s = store_new();
        SECURITY_STATUS status = create(s, "k", 1, false);
        SECURITY_STATUS again = create(s, "k", 2, true);
        assert_int_equal(umask(old), masks[i]);
        assert_int_equal(status, STATUS_SUCCESS);
        assert_int_equal(again, STATUS_SUCCESS);
        static const struct {
            const char *path;
            mode_t mode;
        } rows[] = {{"user", S_IFDIR | 0700},
                    {"user/keys", S_IFDIR | 0700},
                    {"user/protectors", S_IFDIR | 0700},
                    {"user/keys/.lock", S_IFREG | 0600},
                    {"user/protectors/current.kek", S_IFREG | 0600}};
        struct stat st;
        for (size_t k = 0; k < ARRAY_COUNT(rows); k++) {
            assert_int_equal(stat(in_home(rows[k].path), &st), 0);
            assert_int_equal(st.st_mode, rows[k].mode);
        }
        assert_int_equal(stat(key_path("k", 0), &st), 0);
        assert_int_equal(st.st_mode, S_IFREG | 0600);
        store_close(s);
    }
    print_message("# figure: 20 folders 0700 and files 0600 under %zu umasks\n",
                  ARRAY_COUNT(masks));
}

static void test_machine_scope_is_another_store(void **state)
{
    (void)state;
    struct store *user = store_new(), *machine = NULL;
    assert_int_equal(store_open(STORE_MACHINE, &machine), STATUS_SUCCESS);
    assert_int_equal(create(user, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(has_payload(machine, "k", 1, NO_PASSPHRASE), NTE_BAD_KEYSET);
    assert_int_equal(create(machine, "k", 2, false), STATUS_SUCCESS);
    assert_int_equal(has_payload(user, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    assert_int_equal(has_payload(machine, "k", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    struct stat st;
    assert_int_equal(stat(in_home("machine/keys"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0755);
    assert_int_equal(stat(in_home("machine/protectors"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    /* A file that moves over is refused. */
    char unique[STORE_UNIQUE_CHARS + 1], from[600];
    assert_int_equal(store_unique_name(text_span("k"), 0, unique), STATUS_SUCCESS);
    snprintf(from, sizeof from, "%s/machine/keys/%s", home, unique);
    assert_int_equal(rename(from, key_path("k", 0)), 0);
    assert_int_equal(has_payload(user, "k", 2, NO_PASSPHRASE), NTE_BAD_DATA);
    struct store_enum *e = NULL;
    struct store_entry entry;
    assert_int_equal(store_enum_new(user, &e), STATUS_SUCCESS);
    assert_int_equal(store_enum_next(e, &entry), NTE_NO_MORE_ITEMS);
    assert_int_equal(store_enum_damaged(e), 1);
    store_enum_free(e);
    store_close(user);
    store_close(machine);
}

static void test_places(void **state)
{
    (void)state;
    struct store *s = NULL;
    char expected[600];
    unsetenv("OPENCNG_HOME");
    setenv("XDG_DATA_HOME", in_home("data"), 1);
    setenv("XDG_CONFIG_HOME", "relative", 1); /* ignored, as the XDG specification says */
    setenv("HOME", in_home("me"), 1);
    assert_int_equal(store_open(STORE_USER, &s), STATUS_SUCCESS);
    snprintf(expected, sizeof expected, "%s/data/opencng/keys", home);
    assert_string_equal(store_keys_path(s), expected);
    snprintf(expected, sizeof expected, "%s/me/.config/opencng/protectors", home);
    assert_string_equal(store_slots_path(s), expected);
    /* Everything above is made too. */
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(has_payload(s, "k", 1, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
    assert_int_equal(store_open(STORE_MACHINE, &s), STATUS_SUCCESS);
    assert_string_equal(store_keys_path(s), "/var/lib/opencng/keys");
    assert_string_equal(store_slots_path(s), "/etc/opencng/protectors");
    store_close(s);
    setenv("OPENCNG_HOME", "relative", 1);
    assert_int_equal(store_open(STORE_USER, &s), NTE_INVALID_PARAMETER);
    assert_string_equal(store_explain()->path, "relative");
    unsetenv("XDG_DATA_HOME");
    unsetenv("XDG_CONFIG_HOME");
}

/* A rewrite keeps who may read the key. */
static void test_set_mode(void **state)
{
    (void)state;
    struct store *s = store_new();
    struct store_key *key = NULL;
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(store_load(s, text_span("k"), 0, &key), STATUS_SUCCESS);
    assert_int_equal(store_set_mode(s, key, 0660, (gid_t)-1), NTE_INVALID_PARAMETER);
    assert_int_equal(store_set_mode(s, key, 0440, (gid_t)-1), NTE_INVALID_PARAMETER);
    assert_int_equal(store_set_mode(s, key, 0640, geteuid() == 0 ? 12345 : (gid_t)-1),
                     STATUS_SUCCESS);
    struct store_change change = {.usage = &(uint32_t){1}};
    struct store_key *fresh = NULL;
    assert_int_equal(store_update(s, key, NO_PASSPHRASE, &change, &fresh), STATUS_SUCCESS);
    struct stat st;
    assert_int_equal(stat(key_path("k", 0), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0640);
    if (geteuid() == 0)
        assert_int_equal(st.st_gid, 12345);
    store_key_free(key);
    store_key_free(fresh);
    store_close(s);
}

static void test_wrap(void **state)
{
    (void)state;
    struct store *s = store_new();
    static const char secret[] = "sixteen bytes or more of a key";
    uint8_t wrapped[sizeof secret + STORE_WRAP_OVERHEAD];
    struct span plain = span_of(secret, sizeof secret), all = span_of(wrapped, sizeof wrapped);
    assert_int_equal(store_wrap(s, NO_PASSPHRASE, "test", text_span("aad"), plain, wrapped),
                     STATUS_SUCCESS);
    SECRET back = {NULL, 0};
    assert_int_equal(store_unwrap(s, NO_PASSPHRASE, "test", text_span("aad"), all, &back),
                     STATUS_SUCCESS);
    assert_int_equal(back.n, sizeof secret);
    assert_memory_equal(back.p, secret, sizeof secret);
    SECRET none = {NULL, 0};
    assert_int_equal(store_unwrap(s, NO_PASSPHRASE, "other", text_span("aad"), all, &none),
                     NTE_BAD_DATA);
    assert_int_equal(store_unwrap(s, NO_PASSPHRASE, "test", text_span("aaD"), all, &none),
                     NTE_BAD_DATA);
    char purpose[256];
    memset(purpose, 'p', sizeof purpose - 1);
    purpose[sizeof purpose - 1] = '\0';
    assert_int_equal(store_unwrap(s, NO_PASSPHRASE, purpose, text_span("aad"), all, &none),
                     NTE_INVALID_PARAMETER);
    for (size_t i = 0; i < sizeof wrapped; i++) {
        wrapped[i] ^= 1;
        assert_true(store_unwrap(s, NO_PASSPHRASE, "test", text_span("aad"), all, &none) < 0);
        assert_true(store_unwrap(s, NO_PASSPHRASE, "test", text_span("aad"), span_of(wrapped, i),
                                 &none) < 0);
        wrapped[i] ^= 1;
    }
    store_close(s);
}

/* A child has what it needs: the KEK that the parent found, locks of its own. */
static void test_fork(void **state)
{
    (void)state;
    struct store *s = store_new();
    assert_int_equal(create(s, "parent", 1, false), STATUS_SUCCESS);
    pid_t child = fork();
    if (child == 0) {
        bool good =
            has_payload(s, "parent", 1, NO_PASSPHRASE) >= 0 && create(s, "child", 2, false) >= 0;
        _exit(good ? 0 : 1);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(has_payload(s, "child", 2, NO_PASSPHRASE), STATUS_SUCCESS);
    store_close(s);
}

static void test_no_descriptor_stays(void **state)
{
    (void)state;
    int before = count_fds();
    struct store *s = store_new();
    struct store_key *key = NULL;
    assert_int_equal(create(s, "k", 1, false), STATUS_SUCCESS);
    assert_int_equal(create(s, "k", 1, false), NTE_EXISTS);
    assert_int_equal(store_load(s, text_span("k"), 0, &key), STATUS_SUCCESS);
    struct store_change change = {.usage = &(uint32_t){1}};
    assert_int_equal(store_update(s, key, NO_PASSPHRASE, &change, NULL), STATUS_SUCCESS);
    assert_int_equal(store_rotate(s, NULL, NULL, NULL), STATUS_SUCCESS);
    assert_int_equal(store_delete_unique(s, key->unique), STATUS_SUCCESS);
    assert_int_equal(count_fds(), before);
    store_key_free(key);
    store_close(s);
    assert_int_equal(count_fds(), before);
}

int main(void)
{
#define STORE_TEST(f) cmocka_unit_test_setup_teardown(f, home_setup, home_teardown)
    const struct CMUnitTest tests[] = {
        STORE_TEST(test_nothing_is_made_before_the_first_key),
        STORE_TEST(test_round_trip),
        STORE_TEST(test_identity),
        STORE_TEST(test_unique_name_is_frozen),
        STORE_TEST(test_names),
        STORE_TEST(test_overwrite_and_delete),
        STORE_TEST(test_update),
        STORE_TEST(test_payloads),
        STORE_TEST(test_creator),
        STORE_TEST(test_folders_that_are_gone),
        STORE_TEST(test_records_that_were_changed),
        STORE_TEST(test_salts_differ),
        STORE_TEST(test_enumeration),
        STORE_TEST(test_modes),
        STORE_TEST(test_machine_scope_is_another_store),
        STORE_TEST(test_places),
        STORE_TEST(test_set_mode),
        STORE_TEST(test_wrap),
        STORE_TEST(test_fork),
        STORE_TEST(test_no_descriptor_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
