/* Files of the configuration; the first byte says which: a provider's (0) or a context's (1). */
#include "fuzz_codec.h"

#include "config_format.h"

union view {
    struct config_provider provider;
    struct config_context context;
};

static NTSTATUS decode(int kind, struct span in, struct arena *a, union view *out)
{
    struct config_flaw flaw = {0};
    NTSTATUS status = kind == 0 ? provider_decode(in, a, &out->provider, &flaw)
                                : context_decode(in, a, &out->context, &flaw);
    FUZZ_CHECK(status >= 0 || flaw.what != NULL);
    return status;
}

static void encode(int kind, const void *view, struct wr *w)
{
    const union view *v = view;
    if (kind == 0)
        provider_encode(w, &v->provider);
    else
        context_encode(w, &v->context);
}

/* People write these files in many ways; what is written for what was read is read as the same. */
static void file(int kind, struct span in, struct arena *a)
{
    union view first, second;
    if (decode(kind, in, a, &first) < 0)
        return;
    struct encoded once = encode_exact(encode, kind, &first);
    FUZZ_CHECK(decode(kind, encoded_span(&once), a, &second) == STATUS_SUCCESS);
    struct encoded twice = encode_exact(encode, kind, &second);
    check_same_bytes(&once, &twice);
    free(once.p);
    free(twice.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    /* A copy of exactly its size, so that AddressSanitizer sees a read beyond it. */
    uint8_t *exact = malloc(size > 1 ? size - 1 : 1);
    FUZZ_CHECK(exact != NULL);
    memcpy(exact, data + 1, size - 1);
    struct arena a = {0};
    file(data[0] % 2, span_of(exact, size - 1), &a);
    arena_done(&a);
    free(exact);
    return 0;
}
