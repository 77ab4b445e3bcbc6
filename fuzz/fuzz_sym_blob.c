/* Blobs of symmetric keys; the first byte is the form, of which there is one. */
#include "fuzz_codec.h"
#include "sym_blob.h"

static void encode(int form, const void *view, struct wr *w)
{
    (void)form;
    const struct span *key = view;
    sym_blob_encode(*key, w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct span blob = {data + 1, size - 1}, first;
    if (sym_blob_decode(blob, &first) < 0)
        return 0;
    /* The layout leaves no freedom: what is read is written back byte for byte. */
    struct encoded once = encode_exact(encode, 0, &first);
    FUZZ_CHECK(!once.bad && once.n == blob.n && memcmp(once.p, blob.p, blob.n) == 0);
    free(once.p);
    return 0;
}
