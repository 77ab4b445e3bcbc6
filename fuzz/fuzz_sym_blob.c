/* Blobs of symmetric keys; the first byte says whether it is a key of HKDF. */
#include "fuzz_codec.h"
#include "sym_blob.h"

enum { RAW, HKDF };

static void encode(int form, const void *view, struct wr *w)
{
    const struct sym_hkdf *v = view;
    if (form == HKDF)
        sym_blob_hkdf_encode(v->hash.s, v->prk, w);
    else
        sym_blob_encode(v->prk, w);
}

static NTSTATUS decode(int form, struct span in, struct sym_hkdf *v)
{
    return form == HKDF ? sym_blob_hkdf_decode(in, v) : sym_blob_decode(in, &v->prk);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int form = data[0] & 1;
    struct sym_hkdf first = {.hash.s = ""}, second = first;
    if (decode(form, (struct span){data + 1, size - 1}, &first) < 0)
        return 0;
    struct encoded once = encode_exact(encode, form, &first);
    FUZZ_CHECK(!once.bad);
    FUZZ_CHECK(decode(form, encoded_span(&once), &second) == STATUS_SUCCESS);
    FUZZ_CHECK(strcmp(first.hash.s, second.hash.s) == 0 && first.prk.n == second.prk.n);
    FUZZ_CHECK(first.prk.n == 0 || memcmp(first.prk.p, second.prk.p, first.prk.n) == 0);
    struct encoded twice = encode_exact(encode, form, &second);
    check_same_bytes(&once, &twice);
    free(once.p);
    free(twice.p);
    return 0;
}
