/* Every form of Diffie-Hellman blobs, and the parameters as one more. */
#include "dh_blob.h"
#include "fuzz_codec.h"

enum { PARAMS = DH_FORM_CAPI_PRIVATE + 1, FORMS };

static void encode(int form, const void *view, struct wr *w)
{
    if (form == PARAMS)
        dh_params_encode(view, w);
    else
        dh_blob_encode(form, view, w);
}

static NTSTATUS decode(int form, struct span in, struct dh_view *out)
{
    return form == PARAMS ? dh_params_decode(in, out) : dh_blob_decode(form, in, out);
}

static void check_same(const struct dh_view *a, const struct dh_view *b)
{
    const struct num x[] = {a->p, a->g, a->y, a->x, a->q};
    const struct num y[] = {b->p, b->g, b->y, b->x, b->q};
    check_same_nums(x, y, ARRAY_COUNT(x));
    FUZZ_CHECK(a->key_bytes == b->key_bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int form = data[0] % FORMS;
    struct dh_view first, second;
    if (decode(form, (struct span){data + 1, size - 1}, &first) < 0)
        return 0;
    struct encoded once = encode_exact(encode, form, &first);
    FUZZ_CHECK(!once.bad);
    FUZZ_CHECK(decode(form, encoded_span(&once), &second) == STATUS_SUCCESS);
    check_same(&first, &second);
    struct encoded twice = encode_exact(encode, form, &second);
    check_same_bytes(&once, &twice);
    free(once.p);
    free(twice.p);
    for (int other = 0; other < FORMS; other++)
        free(encode_exact(encode, other, &first).p);
    return 0;
}
