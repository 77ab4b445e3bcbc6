/* Every form of DSA blobs, and the parameters as one more. */
#include "dsa_blob.h"
#include "fuzz_codec.h"

enum { PARAMS = DSA_FORM_CAPI_V3_PRIVATE + 1, FORMS };

static void encode(int form, const void *view, struct wr *w)
{
    if (form == PARAMS)
        dsa_params_encode(view, w);
    else
        dsa_blob_encode(form, view, w);
}

static NTSTATUS decode(int form, struct span in, struct dsa_view *out)
{
    return form == PARAMS ? dsa_params_decode(in, out) : dsa_blob_decode(form, in, out);
}

static struct num seed_num(const struct dsa_view *v)
{
    return (struct num){v->seed.p, v->seed.n, v->seed_little};
}

static void check_same(const struct dsa_view *a, const struct dsa_view *b)
{
    const struct num x[] = {a->p, a->q, a->g, a->y, a->x, seed_num(a)};
    const struct num y[] = {b->p, b->q, b->g, b->y, b->x, seed_num(b)};
    check_same_nums(x, y, ARRAY_COUNT(x));
    FUZZ_CHECK(a->v2 == b->v2 && a->hash == b->hash && a->standard == b->standard);
    FUZZ_CHECK(a->key_bytes == b->key_bytes && a->group_bytes == b->group_bytes);
    FUZZ_CHECK(a->seed.n == b->seed.n && memcmp(a->count, b->count, sizeof a->count) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int form = data[0] % FORMS;
    struct dsa_view first, second;
    if (decode(form, (struct span){data + 1, size - 1}, &first) < 0)
        return 0;
    struct encoded once = encode_exact(encode, form, &first);
    if (!once.bad) {
        FUZZ_CHECK(decode(form, encoded_span(&once), &second) == STATUS_SUCCESS);
        check_same(&first, &second);
        struct encoded twice = encode_exact(encode, form, &second);
        check_same_bytes(&once, &twice);
        free(twice.p);
    } else {
        /* Only an x that is wider than q has no place: CryptoAPI gives it a length of its own. */
        FUZZ_CHECK(form == DSA_FORM_CAPI_V3_PRIVATE && num_trim(first.x).n > first.group_bytes);
    }
    free(once.p);
    for (int other = 0; other < FORMS; other++)
        free(encode_exact(encode, other, &first).p);
    return 0;
}
