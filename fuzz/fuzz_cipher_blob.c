/* Blobs of ciphers' keys; the first byte says which of the two layouts it is. */
#include "cipher_blob.h"
#include "fuzz_codec.h"

enum { OPAQUE, RSA_AES };

union view {
    struct opaque_blob opaque;
    struct rsa_aes_blob rsa_aes;
};

static void encode(int form, const void *view, struct wr *w)
{
    const union view *v = view;
    if (form == OPAQUE)
        opaque_blob_encode(&v->opaque, w);
    else
        rsa_aes_blob_encode(&v->rsa_aes, w);
}

static NTSTATUS decode(int form, struct span in, union view *v)
{
    return form == OPAQUE ? opaque_blob_decode(in, &v->opaque)
                          : rsa_aes_blob_decode(in, &v->rsa_aes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    int form = data[0] & 1;
    union view first, second;
    if (decode(form, (struct span){data + 1, size - 1}, &first) < 0)
        return 0;
    struct encoded once = encode_exact(encode, form, &first);
    /* Nothing in these layouts is read and not kept. */
    FUZZ_CHECK(!once.bad && once.n == size - 1 && memcmp(once.p, data + 1, once.n) == 0);
    FUZZ_CHECK(decode(form, encoded_span(&once), &second) == STATUS_SUCCESS);
    struct encoded twice = encode_exact(encode, form, &second);
    check_same_bytes(&once, &twice);
    free(once.p);
    free(twice.p);
    return 0;
}
