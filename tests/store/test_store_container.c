/* The codec of key files, without a file system: one encoding for each record, and nothing else decodes. */
#include "store_fixture.h"

#include "store_container.h"
#include "store_seal.h"

#include <endian.h>

#define SEALINGS 1000000

static const struct store_property properties[] = {
    {{(const uint8_t *)"A", 1}, {(const uint8_t *)"", 0}},
    {{(const uint8_t *)"B", 1}, {(const uint8_t *)"value", 5}},
    {{(const uint8_t *)"BB", 2}, {(const uint8_t *)"\0\0\0", 3}},
};

static struct container full(void)
{
    struct container c = {.record = record_of("name", 1)};
    c.record.scope = STORE_USER;
    c.record.curve = text_span("curve25519");
    c.record.type_flags = 0x20;
    c.record.created = 0x0123456789ABCDEF;
    c.record.modified = 2;
    c.record.creator = text_span("test");
    c.record.ui = (struct store_ui){1, text_span("t"), text_span(""), text_span("d")};
    c.record.properties = properties;
    c.record.property_count = ARRAY_COUNT(properties);
    memset(c.record.uuid, 0x11, sizeof c.record.uuid);
    memset(c.record.kek_id, 0x22, sizeof c.record.kek_id);
    memset(c.salt, 0x33, sizeof c.salt);
    return c;
}

static struct container smallest(void)
{
    struct container c = {
        .record = {.name = text_span("n"), .algorithm = text_span("A"), .scope = STORE_MACHINE}};
    return c;
}

/* A whole file with a payload of `payload` bytes of 0x44. */
static size_t encode(const struct container *c, size_t payload, uint8_t *out, size_t cap)
{
    struct wr count = wr_count();
    container_encode(c, payload, &count);
    struct wr w = wr_into(out, cap);
    container_encode(c, payload, &w);
    assert_false(w.bad);
    assert_int_equal(count.n, w.n);
    for (size_t i = 0; i < 12 + payload + 16; i++)
        wr_u8(&w, 0x44);
    assert_false(w.bad);
    return w.n;
}

/* Whether the bytes decode; when they do they are the one encoding of what they decode to. */
static SECURITY_STATUS decode(const uint8_t *p, size_t n)
{
    /* A copy of exactly n bytes, for AddressSanitizer. */
    uint8_t *exact = malloc(n > 0 ? n : 1);
    memcpy(exact, p, n);
    struct container c = {.lists = NULL};
    SECURITY_STATUS status = container_decode(span_of(exact, n), &c);
    if (status >= 0) {
        uint8_t again[8192];
        struct wr w = wr_into(again, sizeof again);
        container_encode(&c, c.sealed.n - STORE_TAG_BYTES, &w);
        assert_false(w.bad);
        assert_int_equal(w.n, c.head.n);
        assert_memory_equal(again, exact, w.n);
        container_done(&c);
    }
    struct store_record r;
    for (size_t part = 0; part <= n; part += 1 + part / 7)
        (void)(container_summary(span_of(exact, part), n, &r) >= 0);
    free(exact);
    return status;
}

static void test_round_trip(void **state)
{
    (void)state;
    struct container all[] = {full(), smallest()}, back;
    uint8_t bytes[4096];
    for (size_t i = 0; i < ARRAY_COUNT(all); i++) {
        size_t n = encode(&all[i], 7, bytes, sizeof bytes);
        assert_int_equal(decode(bytes, n), STATUS_SUCCESS);
        assert_int_equal(container_decode(span_of(bytes, n), &back), STATUS_SUCCESS);
        assert_int_equal(back.record.name.n, all[i].record.name.n);
        assert_int_equal(back.record.property_count, all[i].record.property_count);
        assert_int_equal(back.record.created, all[i].record.created);
        assert_int_equal(back.record.ui.description.n, all[i].record.ui.description.n);
        assert_memory_equal(back.salt, all[i].salt, sizeof back.salt);
        assert_int_equal(back.sealed.n, 7 + 16);
        assert_ptr_equal(back.nonce.p, bytes + back.head.n);
        struct store_record r;
        assert_int_equal(container_summary(span_of(bytes, n), n, &r), STATUS_SUCCESS);
        assert_int_equal(r.length, all[i].record.length);
        assert_int_equal(r.name.n, all[i].record.name.n);
        assert_int_equal(container_summary(span_of(bytes, n), n + 1, &r), NTE_BAD_DATA);
        container_done(&back);
    }
}

/* A flipped bit either is refused or makes another record; authentication tells. */
static void test_flips(void **state)
{
    (void)state;
    struct container c = full();
    uint8_t bytes[4096];
    size_t n = encode(&c, 3, bytes, sizeof bytes), refused = 0;
    for (size_t i = 0; i < n * 8; i++) {
        bytes[i / 8] ^= (uint8_t)(1u << (i % 8));
        refused += decode(bytes, n) < 0;
        bytes[i / 8] ^= (uint8_t)(1u << (i % 8));
    }
    assert_true(refused > 0);
    assert_int_equal(decode(bytes, n), STATUS_SUCCESS);
}

/* A container's numbers are little-endian. */
static uint32_t get_u32(const uint8_t *at)
{
    uint32_t v;
    memcpy(&v, at, sizeof v);
    return le32toh(v);
}

static void put_u32(uint8_t *at, uint32_t v)
{
    v = htole32(v);
    memcpy(at, &v, sizeof v);
}

static void test_cuts(void **state)
{
    (void)state;
    struct container c = full();
    uint8_t bytes[4096];
    size_t n = encode(&c, 3, bytes, sizeof bytes);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(decode(bytes, i), NTE_BAD_DATA);
    bytes[n] = 0;
    assert_int_equal(decode(bytes, n + 1), NTE_BAD_DATA);
    /* Every length field, with every value that is likely to wrap. */
    static const uint32_t values[] = {0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFA, 0xFFFF};
    for (size_t at = 8; at + 4 <= 200; at++) {
        uint8_t saved[4];
        memcpy(saved, bytes + at, 4);
        for (size_t v = 0; v < ARRAY_COUNT(values); v++) {
            put_u32(bytes + at, values[v]);
            (void)decode(bytes, n);
        }
        memcpy(bytes + at, saved, 4);
    }
}

/* Puts an entry in front of the nonce or before the first property, and mends the header's length. */
static size_t insert(const uint8_t *bytes, size_t n, size_t at, const uint8_t *entry,
                     size_t entry_bytes, uint8_t *out)
{
    memcpy(out, bytes, at);
    memcpy(out + at, entry, entry_bytes);
    memcpy(out + at + entry_bytes, bytes + at, n - at);
    put_u32(out + 12, get_u32(out + 12) + (uint32_t)entry_bytes);
    return n + entry_bytes;
}

/* Where the entry with that tag starts; the end of the header when there is none. */
static size_t find_entry(const uint8_t *bytes, uint16_t tag)
{
    uint32_t header = get_u32(bytes + 12);
    size_t at = 20;
    while (at < 20 + header) {
        uint16_t found;
        memcpy(&found, bytes + at, 2);
        if (le16toh(found) == tag)
            return at;
        at += 6 + get_u32(bytes + at + 2);
    }
    return at;
}

static void test_unknown_entries(void **state)
{
    (void)state;
    struct container c = full();
    uint8_t bytes[4096], more[4200];
    size_t n = encode(&c, 3, bytes, sizeof bytes);
    size_t before = find_entry(bytes, 0x100), end = find_entry(bytes, 0x7FFF);
    static const uint8_t unknown_before[] = {0x40, 0x00, 2, 0, 0, 0, 'h', 'i'};
    static const uint8_t unknown_end[] = {0x00, 0x02, 0, 0, 0, 0};
    static const uint8_t critical_before[] = {0x40, 0x80, 2, 0, 0, 0, 'h', 'i'};
    static const uint8_t critical_end[] = {0x00, 0x82, 0, 0, 0, 0};
    /* Kept, in their places: decode() compares with what is written anew. */
    assert_int_equal(
        decode(more, insert(bytes, n, before, unknown_before, sizeof unknown_before, more)),
        STATUS_SUCCESS);
    assert_int_equal(decode(more, insert(bytes, n, end, unknown_end, sizeof unknown_end, more)),
                     STATUS_SUCCESS);
    /* Out of order, or not to be ignored. */
    assert_int_equal(
        decode(more, insert(bytes, n, end, unknown_before, sizeof unknown_before, more)),
        NTE_BAD_DATA);
    assert_int_equal(decode(more, insert(bytes, n, before, unknown_end, sizeof unknown_end, more)),
                     NTE_BAD_DATA);
    assert_int_equal(
        decode(more, insert(bytes, n, before, critical_before, sizeof critical_before, more)),
        NTE_BAD_VER);
    assert_int_equal(decode(more, insert(bytes, n, end, critical_end, sizeof critical_end, more)),
                     NTE_BAD_VER);
}

/* An entry that is missing, doubled or empty where the one encoding leaves it out. */
static void test_other_encodings(void **state)
{
    (void)state;
    struct container c = full();
    uint8_t bytes[4096], other[8192];
    size_t n = encode(&c, 3, bytes, sizeof bytes);
    static const uint16_t required[] = {0x8001, 0x8002, 0x8003, 0x8004, 0x8008,
                                        0x8009, 0x800A, 0x800B, 0x800C};
    static const uint16_t optional[] = {0x8005, 6, 7, 0x800D, 0x800E, 0x800F, 0x8010, 17, 0x100};
    for (size_t i = 0; i < ARRAY_COUNT(required) + ARRAY_COUNT(optional); i++) {
        bool must = i < ARRAY_COUNT(required);
        uint16_t tag = must ? required[i] : optional[i - ARRAY_COUNT(required)];
        size_t at = find_entry(bytes, tag);
        size_t entry = 6 + get_u32(bytes + at + 2);
        /* Twice. */
        assert_int_equal(decode(other, insert(bytes, n, at, bytes + at, entry, other)),
                         NTE_BAD_DATA);
        /* Without. */
        memcpy(other, bytes, at);
        memcpy(other + at, bytes + at + entry, n - at - entry);
        put_u32(other + 12, get_u32(other + 12) - (uint32_t)entry);
        assert_int_equal(decode(other, n - entry), must ? NTE_BAD_DATA : STATUS_SUCCESS);
        /* The same number with its highest bit changed. */
        memcpy(other, bytes, n);
        other[at + 1] ^= 0x80;
        assert_true(decode(other, n) < 0);
    }
    /* Optional numbers that are zero, and properties out of order. */
    static const uint8_t zero_length[] = {0x05, 0x80, 4, 0, 0, 0, 0, 0, 0, 0};
    struct container little = smallest();
    n = encode(&little, 0, bytes, sizeof bytes);
    size_t at = find_entry(bytes, 0x8008);
    assert_int_equal(decode(other, insert(bytes, n, at, zero_length, sizeof zero_length, other)),
                     NTE_BAD_DATA);
    /* Neither a public part without a type nor a policy that says nothing has an entry. */
    static const uint8_t typeless[] = {0x0F, 0x80, 5, 0, 0, 0, 0, 'b', 'l', 'o', 'b'};
    static const uint8_t no_policy[] = {0x10, 0x80, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    at = find_entry(bytes, 0x7FFF);
    assert_int_equal(decode(other, insert(bytes, n, at, typeless, sizeof typeless, other)),
                     NTE_BAD_DATA);
    assert_int_equal(decode(other, insert(bytes, n, at, no_policy, sizeof no_policy, other)),
                     NTE_BAD_DATA);
    c = full();
    struct store_property swapped[] = {properties[1], properties[0]};
    c.record.properties = swapped;
    c.record.property_count = 2;
    n = encode(&c, 0, bytes, sizeof bytes);
    assert_int_equal(decode(bytes, n), NTE_BAD_DATA);
}

/* Values that no record may have, rightly encoded. */
static void test_values_that_cannot_be(void **state)
{
    (void)state;
    static char text[STORE_NAME_MAX + 2];
    uint8_t bytes[8192];
    memset(text, 'x', sizeof text - 1);
    struct store_property property = {text_span("name"), text_span("value")};
#define UNREADABLE(change)                                                                         \
    do {                                                                                           \
        struct container c = full();                                                               \
        change;                                                                                    \
        assert_int_equal(decode(bytes, encode(&c, 3, bytes, sizeof bytes)), NTE_BAD_DATA);         \
    } while (0)
    UNREADABLE(c.record.name = text_span(""));
    UNREADABLE(c.record.name = text_span("\xC3"));
    UNREADABLE(c.record.name = span_of(text, STORE_NAME_MAX + 1));
    UNREADABLE(c.record.spec = STORE_SPEC_SECRET + 1);
    UNREADABLE(c.record.scope = (enum store_scope)3);
    UNREADABLE(c.record.algorithm = text_span("\x80"));
    UNREADABLE(c.record.algorithm = span_of(text, STORE_TEXT_MAX + 1));
    UNREADABLE(c.record.public_type = text_span("\xFF"));
    UNREADABLE(c.record.ui.title = text_span("\xFF"));
    UNREADABLE(c.record.ui.friendly_name = text_span("\xFF"));
    UNREADABLE(c.record.ui.description = text_span("\xFF"));
    UNREADABLE((c.record.properties = &property, c.record.property_count = 1,
                property.name = text_span("")));
    UNREADABLE((c.record.properties = &property, c.record.property_count = 1,
                property.name = text_span("\xFF")));
    UNREADABLE((c.record.properties = &property, c.record.property_count = 1,
                property.name = span_of(text, STORE_PROPERTY_NAME_MAX + 1)));
    /* Each text of the policy counts. */
    static const struct store_ui policies[] = {{.flags = 1},
                                               {.title = {(const uint8_t *)"t", 1}},
                                               {.friendly_name = {(const uint8_t *)"f", 1}},
                                               {.description = {(const uint8_t *)"d", 1}}};
    for (size_t i = 0; i < ARRAY_COUNT(policies); i++) {
        struct container c = full();
        c.record.ui = policies[i];
        size_t n = encode(&c, 3, bytes, sizeof bytes);
        assert_int_equal(decode(bytes, n), STATUS_SUCCESS);
        assert_true(find_entry(bytes, 0x8010) < find_entry(bytes, 0x7FFF));
    }
    /* An id or a salt that is shorter by a byte. */
    static const uint16_t fixed[] = {0x8008, 0x8009, 0x800A};
    for (size_t i = 0; i < ARRAY_COUNT(fixed); i++) {
        struct container c = full();
        size_t n = encode(&c, 3, bytes, sizeof bytes), at = find_entry(bytes, fixed[i]);
        put_u32(bytes + 12, get_u32(bytes + 12) - 1);
        bytes[at + 2]--;
        memmove(bytes + at + 6, bytes + at + 7, n - at - 7);
        assert_int_equal(decode(bytes, n - 1), NTE_BAD_DATA);
    }
}

/* By bytes, and what is the start of another comes first. */
static void test_order_of_properties(void **state)
{
    (void)state;
    static const char *const names[] = {"A", "AA", "B", "BA", "\xC3\xA4"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        for (size_t k = 0; k < ARRAY_COUNT(names); k++) {
            const struct store_property a = {.name = text_span(names[i])},
                                        b = {.name = text_span(names[k])};
            assert_int_equal(property_order(&a, &b), i < k ? -1 : i > k);
        }
    }
}

static void test_versions(void **state)
{
    (void)state;
    struct container c = smallest();
    uint8_t bytes[4096];
    size_t n = encode(&c, 0, bytes, sizeof bytes);
    bytes[8] = 2;
    assert_int_equal(decode(bytes, n), NTE_BAD_VER);
    bytes[8] = 1;
    bytes[0] = 'P';
    assert_int_equal(decode(bytes, n), NTE_BAD_DATA);
}

static void test_check_refuses(void **state)
{
    (void)state;
    struct store_record good = full().record;
    good.properties = properties;
    assert_int_equal(container_check(&good), STATUS_SUCCESS);
    static char text[70000];
    memset(text, 'x', sizeof text - 1);
#define REFUSED(change)                                                                            \
    do {                                                                                           \
        struct store_record r = good;                                                              \
        change;                                                                                    \
        assert_int_equal(container_check(&r), NTE_INVALID_PARAMETER);                              \
    } while (0)
    REFUSED(r.name = text_span(""));
    REFUSED(r.name = text_span("\xFF"));
    REFUSED(r.name = span_of(text, STORE_NAME_MAX + 1));
    REFUSED(r.spec = 4);
    REFUSED(r.algorithm = text_span(""));
    REFUSED(r.algorithm = span_of(text, 256));
    REFUSED(r.curve = span_of(text, 256));
    REFUSED(r.public_type = text_span(""));
    REFUSED(r.creator = span_of(text, 256));
    REFUSED(r.ui.title = span_of(text, 65536));
    REFUSED(r.ui.description = text_span("\x80"));
    REFUSED(r.property_count = STORE_PROPERTIES_MAX + 1);
    REFUSED(r.algorithm = text_span("\x80"));
    REFUSED(r.curve = text_span("\xFF"));
    REFUSED(r.public_type = span_of(text, 256));
    REFUSED(r.creator = text_span("\xFF"));
    REFUSED(r.ui.title = text_span("\x80"));
    REFUSED(r.ui.friendly_name = span_of(text, 65536));
    REFUSED(r.ui.description = span_of(text, 65536));
    /* what is too long is not looked at */
    REFUSED(r.public_blob = span_of(text, STORE_FILE_MAX + 1));
    struct store_property bad = {text_span(""), text_span("v")};
    struct store_property large[] = {{text_span("a"), span_of(text, STORE_FILE_MAX / 2 + 1)},
                                     {text_span("b"), span_of(text, STORE_FILE_MAX / 2 + 1)}};
    REFUSED((r.properties = large, r.property_count = 2));
    large[0].value.n = STORE_FILE_MAX + 1;
    REFUSED((r.properties = large, r.property_count = 1));
    REFUSED((r.properties = &bad, r.property_count = 1));
    bad.name = span_of(text, STORE_PROPERTY_NAME_MAX + 1);
    REFUSED((r.properties = &bad, r.property_count = 1));
}

/* --- sealing ------------------------------------------------------------------------------------------ */

/* Sealed as it should be, but by nobody who knows what a payload is. */
static void test_payloads_that_say_nothing(void **state)
{
    (void)state;
    static const char *const plains[] = {"", "\x00", "\x05only", "\x00typeless"};
    static const size_t sizes[] = {0, 1, 5, 9};
    uint8_t kek[STORE_KEY_BYTES] = {1}, key[STORE_KEY_BYTES], info[19 + STORE_KEK_ID_BYTES],
            bytes[4096];
    struct ring ring = {.keys = {kek, sizeof kek}};
    struct container c = full(), back;
    memcpy(ring.id, c.record.kek_id, sizeof ring.id);
    memcpy(info, "OpenCNG key file v1", 19);
    memcpy(info + 19, ring.id, sizeof ring.id);
    assert_int_equal(store_hkdf(span_of(kek, sizeof kek), span_of(c.salt, sizeof c.salt),
                                span_of(info, sizeof info), key),
                     STATUS_SUCCESS);
    for (size_t i = 0; i < ARRAY_COUNT(plains); i++) {
        SECRET storage = {NULL, 0};
        struct store_payload payload;
        size_t n = encode(&c, sizes[i], bytes, sizeof bytes);
        uint8_t *nonce = bytes + n - STORE_TAG_BYTES - sizes[i] - STORE_NONCE_BYTES;
        assert_int_equal(store_gcm_seal(key, nonce, span_of(bytes, (size_t)(nonce - bytes)),
                                        span_of(plains[i], sizes[i]), nonce + STORE_NONCE_BYTES),
                         STATUS_SUCCESS);
        assert_int_equal(container_decode(span_of(bytes, n), &back), STATUS_SUCCESS);
        assert_int_equal(unseal_key(&ring, &back, &storage, &payload), NTE_BAD_DATA);
        assert_null(storage.p);
        container_done(&back);
    }
    /* Less than a tag is no ciphertext. */
    assert_int_equal(
        store_gcm_open(key, key, span_of(info, 1), span_of(info, STORE_TAG_BYTES - 1), bytes),
        NTE_BAD_DATA);
}

static void test_ring(void **state)
{
    (void)state;
    uint8_t keks[2 * STORE_KEY_BYTES] = {0}, other[STORE_KEK_ID_BYTES] = {3};
    struct ring ring = {.id = {1}, .retired_id = {2}, .keys = {keks, sizeof keks}};
    assert_ptr_equal(ring_find(&ring, ring.id), keks);
    assert_null(ring_find(&ring, ring.retired_id));
    ring.has_retired = true;
    assert_ptr_equal(ring_find(&ring, ring.retired_id), keks + STORE_KEY_BYTES);
    assert_null(ring_find(&ring, other));
}

static void test_names_that_are_too_long(void **state)
{
    (void)state;
    char name[STORE_NAME_MAX + 64], unique[STORE_UNIQUE_CHARS + 1] = "untouched";
    memset(name, 'n', sizeof name);
    assert_int_equal(unique_make(span_of(name, sizeof name), 0, unique), NTE_INVALID_PARAMETER);
    assert_string_equal(unique, "untouched");
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, STORE_SALT_BYTES + STORE_NONCE_BYTES);
}

/* Sealed again and again, one payload has a salt of its own each time, and with it a key and a nonce. */
static void test_no_salt_twice(void **state)
{
    (void)state;
    uint8_t kek[STORE_KEY_BYTES] = {1};
    struct ring ring = {.keys = {kek, sizeof kek}};
    struct container c = full();
    const struct store_payload payload = {text_span("type"), text_span("a private part")};
    const size_t tail = STORE_NONCE_BYTES + 1 + payload.type.n + payload.blob.n + STORE_TAG_BYTES;
    uint8_t(*seen)[STORE_SALT_BYTES + STORE_NONCE_BYTES] = calloc(SEALINGS, sizeof *seen);
    assert_non_null(seen);
    for (size_t i = 0; i < SEALINGS; i++) {
        BYTES sealed = {NULL, 0};
        assert_int_equal(seal_key(&ring, &c, &payload, &sealed), STATUS_SUCCESS);
        memcpy(seen[i], c.salt, STORE_SALT_BYTES);
        memcpy(seen[i] + STORE_SALT_BYTES, sealed.p + sealed.n - tail, STORE_NONCE_BYTES);
    }
    qsort(seen, SEALINGS, sizeof *seen, by_bytes);
    for (size_t i = 1; i < SEALINGS; i++)
        assert_memory_not_equal(seen[i - 1], seen[i], STORE_SALT_BYTES);
    for (size_t i = 0; i < SEALINGS; i++) /* the nonces alone */
        memset(seen[i], 0, STORE_SALT_BYTES);
    qsort(seen, SEALINGS, sizeof *seen, by_bytes);
    for (size_t i = 1; i < SEALINGS; i++)
        assert_int_not_equal(by_bytes(seen[i - 1], seen[i]), 0);
    free(seen);
    print_message("# figure: 23 %d sealings, no salt and no nonce twice\n", SEALINGS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_no_salt_twice),
        cmocka_unit_test(test_flips),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_unknown_entries),
        cmocka_unit_test(test_versions),
        cmocka_unit_test(test_other_encodings),
        cmocka_unit_test(test_check_refuses),
        cmocka_unit_test(test_values_that_cannot_be),
        cmocka_unit_test(test_order_of_properties),
        cmocka_unit_test(test_payloads_that_say_nothing),
        cmocka_unit_test(test_ring),
        cmocka_unit_test(test_names_that_are_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
