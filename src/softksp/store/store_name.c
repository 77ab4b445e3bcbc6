/*
 * Names of keys and of their files. Folding touches ASCII letters only: the C locale knows no other
 * case, and a table of Unicode's would make the file's name depend on its version.
 */
#include "store_container.h"

#include <string.h>

#include "store_explain.h"

/* Separates these hashes from every other use of SHA-256. */
#define NAME_PREFIX "OpenCNG key name v1"

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
