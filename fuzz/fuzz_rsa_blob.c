/* Every form of RSA blobs. */
#include "fuzz_codec.h"
#include "rsa_blob.h"

enum { FORMS = RSA_FORM_CAPI_PRIVATE + 1 };

static void encode(int form, const void *view, struct wr *w)
{
    rsa_blob_encode(form, view, w);
}

/* The generic private form reads two layouts and writes the shorter one. */
static int written_form(int form, const struct rsa_view *v)
{
    return form == RSA_FORM_ANY_PRIVATE && v->d.n > 0 ? RSA_FORM_FULL : form;
}

static void check_same(const struct rsa_view *a, const struct rsa_view *b)
{
    const struct num x[] = {a->e, a->n, a->p, a->q, a->dp, a->dq, a->qi, a->d};
    const struct num y[] = {b->e, b->n, b->p, b->q, b->dp, b->dq, b->qi, b->d};
    check_same_nums(x, y, ARRAY_COUNT(x));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int form = data[0] % FORMS;
    struct rsa_view first;
    if (rsa_blob_decode(form, (struct span){data + 1, size - 1}, &first) < 0)
        return 0;
    form = written_form(form, &first);
    /* Numbers too large for n, or for a prime without its leading zeros, cannot be written. */
    struct encoded once = encode_exact(encode, form, &first);
    if (!once.bad) {
        struct rsa_view second;
        FUZZ_CHECK(rsa_blob_decode(form, encoded_span(&once), &second) == STATUS_SUCCESS);
        check_same(&first, &second);
        struct encoded twice = encode_exact(encode, form, &second);
        check_same_bytes(&once, &twice);
        free(twice.p);
    }
    free(once.p);
    /* Into every other form, for the sanitizers. */
    for (int other = 0; other < FORMS; other++)
        free(encode_exact(encode, other, &first).p);
    return 0;
}
