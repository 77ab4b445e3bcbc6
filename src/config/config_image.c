/* Which file may be loaded for a provider. Whoever can change it, or move a folder above it, runs code in every process that
 * opens the provider. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_place.h"

/* Components of a path, one after another; false at the end. */
static bool component_next(const char **path, char out[PLACE_FILE_BYTES], bool *too_long)
{
    while (**path == '/')
        ++*path;
    size_t n = strcspn(*path, "/");
    *too_long = n >= PLACE_FILE_BYTES;
    if (n == 0 || *too_long)
        return false;
    memcpy(out, *path, n);
    out[n] = '\0';
    *path += n;
    return true;
}

/* Each component is opened relative to the one above it, and none through a link, so that what was checked is what the path names. */
static NTSTATUS path_check(const char *path)
{
    char component[PLACE_FILE_BYTES];
    bool too_long;
    struct stat st;
    SCOPED_FD at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (at < 0 || fstat(at, &st) != 0)
        return place_status(errno);
    while (component_next(&path, component, &too_long)) {
        if (place_flaw(&st, true) != NULL)
            return STATUS_ACCESS_DENIED;
        if (strcmp(component, ".") == 0 || strcmp(component, "..") == 0)
            return STATUS_INVALID_PARAMETER;
        int below = openat(at, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
        if (below < 0)
            return errno == ENOTDIR ? STATUS_NOT_FOUND : place_status(errno);
        close(at);
        at = below;
        if (fstat(at, &st) != 0)
            return place_status(errno);
    }
    if (too_long)
        return STATUS_INVALID_PARAMETER;
    return place_flaw(&st, false) == NULL ? STATUS_SUCCESS : STATUS_ACCESS_DENIED;
}

NTSTATUS config_image_path(const struct config_provider *p, char **path)
{
    const char *image = p->image;
    bool absolute = image[0] == '/';
    if (!absolute && (image[0] == '\0' || strchr(image, '/') != NULL))
        return STATUS_INVALID_PARAMETER;
    char *made;
    if (asprintf(&made, "%s%s%s", absolute ? "" : OPENCNG_PROVIDER_FOLDER, absolute ? "" : "/",
                 image) < 0)
        return STATUS_NO_MEMORY;
    NTSTATUS status = path_check(made);
    if (status < 0) {
        free(made);
        return status;
    }
    *path = made;
    return STATUS_SUCCESS;
}
