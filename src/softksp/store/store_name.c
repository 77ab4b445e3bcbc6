/*
 * Names of keys and of their files. Folding touches ASCII letters only: the C locale knows no other
 * case, and a table of Unicode's would make the file's name depend on its version.
 */
#include "store_container.h"

#include <string.h>

#include "store_explain.h"

/* Separates these hashes from every other use of SHA-256. */
#define NAME_PREFIX "OpenCNG key name v1"

bool text_is_utf8(struct span text)
{
    struct rd r = rd_of(text);
    while (r.n > 0) {
        uint32_t c = rd_u8(&r);
        if (c == 0)
            return false;
        if (c < 0x80)
            continue;
        size_t more = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
        if (c < 0xC2 || c > 0xF4)
            return false;
        uint32_t code = c & (0x3Fu >> more);
        for (size_t i = 0; i < more; i++) {
            uint32_t next = rd_u8(&r);
            if (!rd_ok(&r) || (next & 0xC0) != 0x80)
                return false;
            code = code << 6 | (next & 0x3F);
        }
        static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
        if (code < least[more] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
            return false;
    }
    return true;
}

SECURITY_STATUS unique_make(struct span name, uint32_t spec, char out[STORE_UNIQUE_CHARS + 1])
{
    uint8_t text[sizeof NAME_PREFIX + STORE_NAME_MAX + 4];
    struct wr w = wr_into(text, sizeof text);
    wr_bytes(&w, NAME_PREFIX, sizeof NAME_PREFIX);
    for (size_t i = 0; i < name.n; i++) {
        uint8_t c = name.p[i];
        wr_u8(&w, c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c);
    }
    wr_le32(&w, spec);
    if (w.bad)
        return NTE_INVALID_PARAMETER;
    uint8_t hash[STORE_SHA256_BYTES];
    TRY(store_sha256(span_of(text, w.n), hash));
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < 20; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    memcpy(out + 40, ".key", 5);
    return STATUS_SUCCESS;
}

bool unique_is(const char *name)
{
    size_t i = 0;
    while ((name[i] >= '0' && name[i] <= '9') || (name[i] >= 'a' && name[i] <= 'f'))
        i++;
    return i == 40 && strcmp(name + i, ".key") == 0;
}

SECURITY_STATUS store_unique_name(struct span name, uint32_t spec,
                                  char unique[STORE_UNIQUE_CHARS + 1])
{
    if (name.n == 0 || name.n > STORE_NAME_MAX || spec > STORE_SPEC_SECRET || !text_is_utf8(name))
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL,
                            "this name or key spec cannot be a key's", NULL);
    return unique_make(name, spec, unique);
}
