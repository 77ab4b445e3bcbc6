/*
 * Blobs of symmetric keys. Lengths are bytes.
 *
 *   BCRYPT_KEY_DATA_BLOB_HEADER
 *    0  dwMagic     KDBM
 *    4  dwVersion   1
 *    8  cbKeyData
 *   12  key [cbKeyData]
 *
 * A key of no bytes is a key of a key derivation function. That of a final key of HKDF is not raw:
 *
 *    0  bytes of the hash's name, big-endian
 *    4  the name                UTF-16LE with its NUL
 *       the pseudorandom key    the rest
 *
 * Source: Microsoft's documentation of BCRYPT_KEY_DATA_BLOB_HEADER; the three parts of HKDF's data
 * as observed on Windows. That nothing may follow the key, and how the name is written, is this
 * library's choice.
 */
#include "sym_blob.h"

NTSTATUS sym_blob_decode(struct span in, struct span *key)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    uint32_t version = rd_le32(&r);
    struct span data = rd_span(&r, rd_le32(&r));
    if (!rd_end(&r) || magic != BCRYPT_KEY_DATA_BLOB_MAGIC ||
        version != BCRYPT_KEY_DATA_BLOB_VERSION1)
        return STATUS_INVALID_PARAMETER;
    *key = data;
    return STATUS_SUCCESS;
}

static void head_write(struct wr *w, size_t key_bytes)
{
    wr_le32(w, BCRYPT_KEY_DATA_BLOB_MAGIC);
    wr_le32(w, BCRYPT_KEY_DATA_BLOB_VERSION1);
    wr_le32(w, (uint32_t)key_bytes);
}

void sym_blob_encode(struct span key, struct wr *w)
{
    head_write(w, key.n);
    wr_span(w, key);
}

/* ASCII up to a NUL or the end, which has to be that of the field. */
static bool name_read_field(struct span field, struct name *name)
{
    struct rd r = rd_of(field);
    size_t n = 0;
    while (r.n > 0) {
        uint16_t c = rd_le16(&r);
        if (c == 0)
            break;
        if (c > 0x7E || n == NAME_MAX_BYTES - 1)
            return false;
        name->s[n++] = (char)c;
    }
    name->s[n] = '\0';
    return n > 0 && rd_end(&r);
}

NTSTATUS sym_blob_hkdf_decode(struct span in, struct sym_hkdf *out)
{
    struct span key;
    TRY(sym_blob_decode(in, &key));
    struct rd r = rd_of(key);
    struct sym_hkdf v;
    struct span name = rd_span(&r, rd_be32(&r));
    v.prk = rd_span(&r, r.n);
    if (!rd_end(&r) || !name_read_field(name, &v.hash))
        return STATUS_INVALID_PARAMETER;
    *out = v;
    return STATUS_SUCCESS;
}

void sym_blob_hkdf_encode(const char *hash, struct span prk, struct wr *w)
{
    size_t name_bytes = WIDTH_16 * (wide_length(hash, WIDTH_16) + 1);
    head_write(w, sizeof(uint32_t) + name_bytes + prk.n);
    wr_be32(w, (uint32_t)name_bytes);
    wr_utf16(w, hash);
    wr_span(w, prk);
}
