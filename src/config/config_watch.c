/*
 * Telling of changes (config_watch.h): inotify on the folders of both tables. A folder that is not there yet is made in the caller's own
 * table. In another's, the nearest one above it that is there is watched instead: that it was made is a change too.
 */
#include "config_watch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>

#include "config_place.h"

#define CHANGES (IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE)
#define APPEARS (IN_CREATE | IN_MOVED_TO)

/* Whether something is watched for this folder. */
static bool watch_folder(int fd, char *path)
{
    if (inotify_add_watch(fd, path, CHANGES | IN_ONLYDIR) >= 0)
        return true;
    for (char *slash; (slash = strrchr(path, '/')) != NULL;) {
        slash[slash == path ? 1 : 0] = '\0';
        if (inotify_add_watch(fd, path, APPEARS | IN_ONLYDIR | IN_MASK_ADD) >= 0)
            return true;
        if (slash == path)
            break;
    }
    return false;
}

NTSTATUS config_watch(int *descriptor)
{
    SCOPED_FD fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0)
        return STATUS_NO_MEMORY;
    /* Where this is refused, nothing is there, and somebody else has to make it. */
    NTSTATUS made = place_make(place_local());
    (void)made;
    for (size_t table = 0; table < CONFIG_TABLES; table++) {
        const char *top = place_path((enum config_table)table);
        for (size_t kind = 0; top != NULL && kind < CONFIG_KINDS; kind++) {
            char path[PATH_MAX];
            int n = snprintf(path, sizeof path, "%s/%s", top, place_kind((enum config_kind)kind));
            if (n < 0 || (size_t)n >= sizeof path || !watch_folder(fd, path))
                return STATUS_NO_MEMORY;
        }
    }
    *descriptor = fd;
    fd = -1;
    return STATUS_SUCCESS;
}
