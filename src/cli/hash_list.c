#include "hash_list.h"

#include <string.h>

static const struct {
    char plain;
    char escaped;
} escapes[] = {{'\\', '\\'}, {'\n', 'n'}, {'\r', 'r'}};

static bool needs_escapes(const char *name)
{
    return strpbrk(name, "\\\n\r") != NULL;
}

void hash_list_escape(struct octets *out, const char *name)
{
    for (; *name != 0; name++) {
        char pair[2] = {'\\', 0};
        for (size_t i = 0; i < ARRAY_COUNT(escapes); i++) {
            if (escapes[i].plain == *name)
                pair[1] = escapes[i].escaped;
        }
        octets_append(out, pair[1] != 0 ? (struct view){(const uint8_t *)pair, 2}
                                        : (struct view){(const uint8_t *)name, 1});
    }
}

static bool unescape(struct view text, struct octets *out)
{
    for (size_t i = 0; i < text.n; i++) {
        const uint8_t *found = &text.p[i];
        if (*found == '\\') {
            found = NULL;
            i++;
            for (size_t j = 0; i < text.n && j < ARRAY_COUNT(escapes); j++) {
                if (escapes[j].escaped == (char)text.p[i])
                    found = (const uint8_t *)&escapes[j].plain;
            }
        }
        if (found == NULL)
            return false;
        octets_append(out, (struct view){found, 1});
    }
    return true;
}

void hash_list_write(struct octets *list, struct view digest, const char *name)
{
    if (needs_escapes(name))
        octets_append_text(list, "\\");
    octets_to_hex(list, digest);
    octets_append_text(list, "  ");
    hash_list_escape(list, name);
    octets_append_text(list, "\n");
}

bool hash_list_read(struct view line, struct octets *digest, struct octets *name)
{
    bool escaped = line.n > 0 && line.p[0] == '\\';
    if (escaped)
        line = (struct view){line.p + 1, line.n - 1};
    const uint8_t *blank = line.n > 0 ? memchr(line.p, ' ', line.n) : NULL;
    size_t digits = blank != NULL ? (size_t)(blank - line.p) : 0;
    if (digits == 0 || line.n < digits + 3 || (blank[1] != ' ' && blank[1] != '*'))
        return false;
    if (!octets_from_hex(digest, (struct view){line.p, digits}))
        return false;
    const struct view rest = {blank + 2, line.n - digits - 2};
    octets_resize(name, 0);
    if (escaped)
        return unescape(rest, name);
    octets_append(name, rest);
    return memchr(rest.p, 0, rest.n) == NULL;
}
