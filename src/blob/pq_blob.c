/*
 * Key blobs of the post-quantum algorithms; one layout for all of them.
 *
 *   BCRYPT_MLKEM_KEY_BLOB, BCRYPT_PQDSA_KEY_BLOB
 *    0  dwMagic
 *    4  cbParameterSet   bytes of the name with its NUL
 *    8  cbKey
 *   12  name[cbParameterSet], key[cbKey]
 *
 * The name is UTF-16. A program with 32-bit wchar_t that copies its own string into a blob makes
 * it UTF-32 (name_stored_width).
 *
 * Source: Microsoft's documentation of BCRYPT_MLKEM_KEY_BLOB and BCRYPT_PQDSA_KEY_BLOB. Observed
 * on Windows: ML-KEM blobs may be followed by more bytes.
 */
#include "pq_blob.h"

/* Reads a name that fills `text` up to its NUL. Names of parameter sets are
 * ASCII; anything else is none. */
static bool set_read(struct span text, enum width width, struct name *out)
{
    struct rd r = rd_of(text);
    struct name name = {{0}};
    for (size_t n = 0; n + 1 < sizeof name.s; n++) {
        uint32_t c = width == WIDTH_16 ? rd_le16(&r) : rd_le32(&r);
        if (c == 0) {
            if (n == 0 || !rd_end(&r))
                return false;
            *out = name;
            return true;
        }
        if (c > 0x7E)
            return false;
        name.s[n] = (char)c;
    }
    return false;
}

NTSTATUS pq_blob_decode(struct span in, bool trailing_ok, struct pq_view *out)
{
    struct rd r = rd_of(in);
    struct pq_view v = {.magic = rd_le32(&r)};
    size_t set_bytes = rd_le32(&r);
    size_t key_bytes = rd_le32(&r);
    struct span set = rd_span(&r, set_bytes);
    v.key = rd_span(&r, key_bytes);
    if (!rd_ok(&r) || (!trailing_ok && !rd_end(&r)))
        return STATUS_INVALID_BUFFER_SIZE;
    if (!set_read(set, name_stored_width(set), &v.set))
        return STATUS_INVALID_PARAMETER;
    *out = v;
    return STATUS_SUCCESS;
}

void pq_blob_encode(const struct pq_view *v, struct wr *w)
{
    wr_le32(w, v->magic);
    wr_le32(w, (uint32_t)(WIDTH_16 * (wide_length(v->set.s, WIDTH_16) + 1)));
    wr_le32(w, (uint32_t)v->key.n);
    wr_utf16(w, v->set.s);
    wr_span(w, v->key);
}
