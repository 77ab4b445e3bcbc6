/* Enumeration: a folder that is read once, with one small read for each key. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store_container.h"
#include "store_explain.h"
#include "store_kek.h"

struct store_enum {
    DIR *stream; /* NULL: there is no folder */
    struct folder folder;
    char *path;
    enum store_scope scope;
    size_t damaged;
    uint8_t start[CONTAINER_SUMMARY_BYTES];
};

SECURITY_STATUS store_enum_new(struct store *s, struct store_enum **out)
{
    SCOPED_FD fd = -1;
    TRY(place_enter(&s->places.keys, false, &fd));
    struct store_enum *e = calloc(1, sizeof *e);
    char *path = strdup(s->places.keys.path);
    DIR *stream = fd < 0 || e == NULL || path == NULL ? NULL : fdopendir(fd);
    if (e == NULL || path == NULL || (fd >= 0 && stream == NULL)) {
        free(e);
        free(path);
        return NTE_NO_MEMORY;
    }
    e->stream = stream;
    e->path = path;
    e->folder = (struct folder){fd, path};
    e->scope = s->scope;
    fd = -1;
    *out = e;
    return STATUS_SUCCESS;
}

static SECURITY_STATUS entry_read(struct store_enum *e, const char *file, struct store_entry *out)
{
    SCOPED_FD fd = -1;
    struct stat st;
    TRY(file_open(&e->folder, file, STORE_FILE_MAX, NTE_BAD_KEYSET, &fd, &st));
    size_t n = (size_t)st.st_size < sizeof e->start ? (size_t)st.st_size : sizeof e->start;
    SECURITY_STATUS status = file_read(fd, &e->folder, file, e->start, n, 0);
    struct store_record r;
    if (status >= 0)
        status = container_summary(span_of(e->start, n), (uint64_t)st.st_size, &r);
    if (status < 0)
        return file_is_gone(fd) ? NTE_BAD_KEYSET : status;
    TRY(unique_make(r.name, r.spec, out->unique));
    if (strcmp(out->unique, file) != 0 || r.scope != e->scope)
        return NTE_BAD_DATA;
    out->name = r.name;
    out->spec = r.spec;
    out->algorithm = r.algorithm;
    out->length = r.length;
    out->modified = r.modified;
    return STATUS_SUCCESS;
}

SECURITY_STATUS store_enum_next(struct store_enum *e, struct store_entry *entry)
{
    while (e->stream != NULL) {
        errno = 0;
        const struct dirent *found = readdir(e->stream);
        if (found == NULL && errno != 0)
            return store_refuse_errno(errno, e->path, NULL, true);
        if (found == NULL)
            break;
        if (!unique_is(found->d_name))
            continue;
        SECURITY_STATUS status = entry_read(e, found->d_name, entry);
        if (status == NTE_BAD_KEYSET)
            continue; /* deleted meanwhile */
        if (status >= 0 && entry->spec == STORE_SPEC_SECRET)
            continue;
        if (!store_is_about_file(status))
            return status;
        e->damaged++;
    }
    return NTE_NO_MORE_ITEMS;
}

size_t store_enum_damaged(const struct store_enum *e)
{
    return e->damaged;
}

void store_enum_free(struct store_enum *e)
{
    if (e == NULL)
        return;
    if (e->stream != NULL)
        closedir(e->stream);
    free(e->path);
    free(e);
}
