/*
 * Files of the key store; the first byte says which: a key's (0), a slot's (1), or a slot that is made (2):
 *
 *    1  type      index into `types`
 *    …  name
 *
 * Slots under a passphrase are made by tests/store: a fuzzer would have no time for anything else.
 */
#include "fuzz_codec.h"
#include "store_container.h"
#include "store_slot.h"

static void encode(int form, const void *view, struct wr *w)
{
    (void)form;
    const struct container *c = view;
    container_encode(c, c->sealed.n - STORE_TAG_BYTES, w);
}

/* What decodes is the one encoding of what it decodes to, an enumeration sees the same key, and that could be stored again. */
static void key_file(struct span in)
{
    struct container c;
    struct store_record summary;
    SECURITY_STATUS seen = container_summary(
        span_of(in.p, in.n < CONTAINER_SUMMARY_BYTES ? in.n : CONTAINER_SUMMARY_BYTES), in.n,
        &summary);
    if (container_decode(in, &c) < 0)
        return;
    FUZZ_CHECK(seen == STATUS_SUCCESS && summary.spec == c.record.spec);
    FUZZ_CHECK(summary.name.p == c.record.name.p && summary.name.n == c.record.name.n);
    struct encoded once = encode_exact(encode, 0, &c);
    FUZZ_CHECK(!once.bad && once.n == c.head.n && memcmp(once.p, c.head.p, once.n) == 0);
    FUZZ_CHECK(c.head.n + c.nonce.n + c.sealed.n == in.n);
    FUZZ_CHECK(container_check(&c.record) == STATUS_SUCCESS);
    c.record.name.n = 0;
    FUZZ_CHECK(container_check(&c.record) == NTE_INVALID_PARAMETER);
    free(once.p);
    container_done(&c);
}

static void slot_file(struct span in)
{
    struct slot s;
    if (slot_decode(in, &s) < 0)
        return;
    char text[128] = "";
    FUZZ_CHECK(s.protector != NULL && s.head.n + s.nonce.n + s.sealed.n == in.n);
    s.protector->describe(s.parameters, text, sizeof text);
    FUZZ_CHECK(memchr(text, '\0', sizeof text) != NULL);
}

/* ---- a slot that is made ------------------------------------------------------------------------ */

static const char *const types[] = {"file", "none"};

static bool holds(const struct secret *slot_bytes, const uint8_t *kek)
{
    struct slot slot;
    SECRET found = {NULL, 0};
    FUZZ_CHECK(slot_decode(secret_span(slot_bytes), &slot) == STATUS_SUCCESS);
    SECURITY_STATUS status = slot_open(&slot, span_of(NULL, 0), &found);
    FUZZ_CHECK(status == STATUS_SUCCESS || status == NTE_BAD_DATA);
    return status == STATUS_SUCCESS && found.n == STORE_KEY_BYTES &&
           memcmp(found.p, kek, STORE_KEY_BYTES) == 0;
}

static void named(const char *name, const uint8_t *id)
{
    char file[SLOT_FILE_NAME_MAX + 1];
    char again[STORE_SLOT_NAME_MAX + 1];
    uint8_t id_again[STORE_KEK_ID_BYTES];
    slot_file_name(name, id, file);
    FUZZ_CHECK(slot_file_is(file, again, id_again) && strcmp(again, name) == 0 &&
               memcmp(id_again, id, sizeof id_again) == 0);
    file[strlen(file) - 1] ^= 1;
    FUZZ_CHECK(!slot_file_is(file, again, id_again));
}

/* What is made opens when nothing was changed; so it does with another KEK in it. */
static void made_slot(struct span in)
{
    static const uint8_t id[STORE_KEK_ID_BYTES] = {1}, next_id[STORE_KEK_ID_BYTES] = {2};
    static const uint8_t kek[STORE_KEY_BYTES] = {3}, next_kek[STORE_KEY_BYTES] = {4};
    char name[64] = "";
    if (in.n < 1 || in.n > sizeof name)
        return;
    memcpy(name, in.p + 1, in.n - 1);
    const struct store_slot_wish wish = {.name = name, .type = types[in.p[0] % ARRAY_COUNT(types)]};
    bool good = slot_name_is_good(name) && wish.type == types[0];
    SECRET bytes = {NULL, 0}, next = {NULL, 0}, old = {NULL, 0};
    SECURITY_STATUS status = slot_make(&wish, id, kek, &bytes);
    FUZZ_CHECK(status == (good ? STATUS_SUCCESS : NTE_INVALID_PARAMETER));
    if (!good)
        return;
    named(name, id);
    struct slot slot;
    FUZZ_CHECK(holds(&bytes, kek));
    FUZZ_CHECK(slot_decode(secret_span(&bytes), &slot) == STATUS_SUCCESS);
    FUZZ_CHECK(slot_rekey(&slot, span_of(NULL, 0), next_id, next_kek, &old, &next) ==
               STATUS_SUCCESS);
    FUZZ_CHECK(old.n == sizeof kek && memcmp(old.p, kek, old.n) == 0);
    FUZZ_CHECK(holds(&next, next_kek));
    bytes.p[bytes.n - 1] ^= 1;
    FUZZ_CHECK(!holds(&bytes, kek));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const forms[])(struct span in) = {key_file, slot_file, made_slot};
    if (size < 1)
        return 0;
    /* A copy of exactly its size, so that AddressSanitizer sees a read beyond it. */
    uint8_t *exact = malloc(size > 1 ? size - 1 : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, data + 1, size - 1);
    struct span in = {exact, size - 1};
    forms[data[0] % ARRAY_COUNT(forms)](in);
    free(exact);
    return 0;
}
