/*
 * Texts that have a name: a file for each, which is the text and nothing else. What in a name is no letter, digit,
 * hyphen or low line is percent-encoded, so that no name leaves the folder or looks like a temporary file. The case of
 * ASCII letters does not count: they stand in lower case.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store_container.h"
#include "store_explain.h"
#include "store_seal.h"

#define FILE_NAME_MAX 255

static bool is_plain(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static SECURITY_STATUS file_name(const char *name, char out[FILE_NAME_MAX + 1])
{
    static const char digits[] = "0123456789ABCDEF";
    struct wr w = wr_into(out, FILE_NAME_MAX);
    bool good = name[0] != '\0' && text_is_utf8(span_of(name, strlen(name)));
    for (const char *at = name; *at != '\0'; at++) {
        uint8_t c = (uint8_t)*at;
        c = c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
        if (is_plain(c)) {
            wr_u8(&w, c);
        } else {
            wr_u8(&w, '%');
            wr_u8(&w, (uint8_t)digits[c >> 4]);
            wr_u8(&w, (uint8_t)digits[c & 15]);
        }
    }
    if (!good || w.bad)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this name cannot be a text's",
                            "Choose a shorter name.");
    out[w.n] = '\0';
    return STATUS_SUCCESS;
}

static SECURITY_STATUS no_such_text(const struct store *s, const char *file)
{
    return store_refuse(NTE_NOT_FOUND, s->places.texts.path, file, "there is no such name", NULL);
}

SECURITY_STATUS store_text_put(struct store *s, const char *name, struct span text)
{
    char file[FILE_NAME_MAX + 1];
    SCOPED_FD fd = -1;
    SCOPED_FD lock = -1;
    DRAFT draft = NO_DRAFT;
    TRY(file_name(name, file));
    if (text.n > STORE_TEXT_FILE_MAX)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL, "this text is too long", NULL);
    TRY(place_enter(&s->places.texts, text.n > 0, &fd));
    const struct folder texts = {fd, s->places.texts.path};
    if (fd < 0)
        return no_such_text(s, file);
    TRY(lock_take(&texts, &lock));
    if (text.n == 0) {
        TRY(folder_remove(&texts, file, NTE_NOT_FOUND));
    } else {
        mode_t mode = s->scope == STORE_MACHINE ? 0644 : 0600;
        TRY(draft_init(&draft, &texts, text, true, mode, (gid_t)-1));
        TRY(draft_replace(&draft, file));
    }
    return folder_sync(&texts);
}

SECURITY_STATUS store_text_get(struct store *s, const char *name, char **text)
{
    char file[FILE_NAME_MAX + 1];
    SCOPED_FD fd = -1;
    SCOPED_FD at = -1;
    struct stat st;
    TRY(file_name(name, file));
    TRY(place_enter(&s->places.texts, false, &fd));
    if (fd < 0)
        return no_such_text(s, file);
    const struct folder texts = {fd, s->places.texts.path};
    TRY(file_open(&texts, file, STORE_TEXT_FILE_MAX, NTE_NOT_FOUND, &at, &st));
    size_t n = (size_t)st.st_size;
    BYTES bytes = {NULL, 0};
    TRY(bytes_new(&bytes, n + 1));
    TRY(file_read(at, &texts, file, bytes.p, n, 0));
    bytes.p[n] = '\0';
    if (memchr(bytes.p, 0, n) != NULL)
        return store_refuse(NTE_BAD_DATA, texts.path, file, "this file is damaged", NULL);
    *text = (char *)bytes.p;
    bytes = (struct bytes){NULL, 0};
    return STATUS_SUCCESS;
}
