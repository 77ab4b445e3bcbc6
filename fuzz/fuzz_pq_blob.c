/* Post-quantum blobs; the first byte says whether bytes may follow the key. */
#include "fuzz_codec.h"
#include "pq_blob.h"

static void encode(int form, const void *view, struct wr *w)
{
    (void)form;
    pq_blob_encode(view, w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    struct pq_view first, second;
    if (pq_blob_decode((struct span){data + 1, size - 1}, data[0] & 1, &first) < 0)
        return 0;
    FUZZ_CHECK(memchr(first.set.s, '\0', sizeof first.set.s) != NULL && first.set.s[0] != '\0');
    struct encoded once = encode_exact(encode, 0, &first);
    FUZZ_CHECK(!once.bad);
    FUZZ_CHECK(pq_blob_decode(encoded_span(&once), false, &second) == STATUS_SUCCESS);
    FUZZ_CHECK(first.magic == second.magic && strcmp(first.set.s, second.set.s) == 0);
    FUZZ_CHECK(first.key.n == second.key.n);
    FUZZ_CHECK(first.key.n == 0 || memcmp(first.key.p, second.key.p, first.key.n) == 0);
    struct encoded twice = encode_exact(encode, 0, &second);
    check_same_bytes(&once, &twice);
    free(once.p);
    free(twice.p);
    return 0;
}
