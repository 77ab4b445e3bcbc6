/* Every form of ECC blobs, and curve parameters as one more. */
#include "ecc_blob.h"
#include "fuzz_codec.h"

enum { PARAMS = ECC_FORM_SSL_PUBLIC + 1, FORMS };

static void encode(int form, const void *view, struct wr *w)
{
    const struct ecc_view *v = view;
    if (form == PARAMS)
        ecc_params_encode(&v->params, w);
    else
        ecc_blob_encode(form, v, w);
}

static NTSTATUS decode(int form, struct span in, struct ecc_view *out)
{
    if (form != PARAMS)
        return ecc_blob_decode(form, in, out);
    *out = (struct ecc_view){.has_params = true};
    return ecc_params_decode(in, &out->params);
}

/* Public forms read private layouts, generic ones read full layouts. */
static int written_form(int form, const struct ecc_view *v)
{
    if (form == ECC_FORM_SSL_PUBLIC || form == PARAMS)
        return form;
    if (v->has_params)
        return v->has_private ? ECC_FORM_FULL_PRIVATE : ECC_FORM_FULL_PUBLIC;
    return v->has_private ? ECC_FORM_PRIVATE : ECC_FORM_PUBLIC;
}

static void check_same(const struct ecc_view *a, const struct ecc_view *b)
{
    const struct ecc_params_view *p = &a->params, *q = &b->params;
    const struct num x[] = {a->x, a->y,  a->d,  p->p,     p->a,
                            p->b, p->gx, p->gy, p->order, p->cofactor};
    const struct num y[] = {b->x, b->y,  b->d,  q->p,     q->a,
                            q->b, q->gx, q->gy, q->order, q->cofactor};
    check_same_nums(x, y, ARRAY_COUNT(x));
    FUZZ_CHECK(a->use == b->use && a->fixed_bits == b->fixed_bits && a->key_bytes == b->key_bytes);
    FUZZ_CHECK(a->has_private == b->has_private && a->has_params == b->has_params);
    FUZZ_CHECK(a->tls_curve == b->tls_curve && p->curve_type == q->curve_type);
    FUZZ_CHECK(p->generation == q->generation && p->field_bytes == q->field_bytes);
    FUZZ_CHECK(p->order_bytes == q->order_bytes && p->seed.n == q->seed.n);
    FUZZ_CHECK(p->seed.n == 0 || memcmp(p->seed.p, q->seed.p, p->seed.n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int form = data[0] % FORMS;
    struct span in = {data + 1, size - 1};
    struct ecc_view first;
    if (decode(form, in, &first) < 0)
        return 0;
    bool trailing = form == ECC_FORM_PRIVATE;
    form = written_form(form, &first);
    struct encoded once = encode_exact(encode, form, &first);
    /* This codec keeps every byte, but for those that may follow in one form. */
    FUZZ_CHECK(!once.bad && (once.n == in.n || (trailing && once.n < in.n)) &&
               memcmp(once.p, in.p, once.n) == 0);
    struct ecc_view second;
    FUZZ_CHECK(decode(form, encoded_span(&once), &second) == STATUS_SUCCESS);
    check_same(&first, &second);
    free(once.p);
    for (int other = 0; other < FORMS; other++)
        free(encode_exact(encode, other, &first).p);
    return 0;
}
