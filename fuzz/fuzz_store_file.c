/* Files of the key store; the first byte says which: a key's (0) or a slot's (1). */
#include "fuzz_codec.h"
#include "store_container.h"
#include "store_slot.h"

static void encode(int form, const void *view, struct wr *w)
{
    (void)form;
    const struct container *c = view;
    container_encode(c, c->sealed.n - STORE_TAG_BYTES, w);
}

/* What decodes is the one encoding of what it decodes to, and an enumeration sees the same key. */
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    /* A copy of exactly its size, so that AddressSanitizer sees a read beyond it. */
    uint8_t *exact = malloc(size > 1 ? size - 1 : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, data + 1, size - 1);
    struct span in = {exact, size - 1};
    if (data[0] % 2 == 0)
        key_file(in);
    else
        slot_file(in);
    free(exact);
    return 0;
}
