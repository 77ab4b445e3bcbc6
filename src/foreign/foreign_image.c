/*
 * Loading a provider's image.
 *
 * There is no table of images here and no lock. The dynamic linker knows which files are loaded, gives
 * the same image for the same file, and lets one thread at a time in. A lock of ours around dlopen()
 * would be taken before the linker's by who opens a provider, and after it by a constructor, in
 * whatever library, that opens one: two threads could wait for each other.
 */
#include "foreign_image.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

static void path_done(char **path)
{
    free(*path);
}

NTSTATUS foreign_image_open(const struct config_provider *p, void **image)
{
    CLEANUP(path_done) char *path = NULL;
    NTSTATUS status = config_image_path(p, &path);
    if (status == STATUS_NOT_FOUND)
        return STATUS_DLL_NOT_FOUND;
    TRY(status);
    /* LOCAL: a provider's symbols are nobody else's. NODELETE: also when it closes itself. */
    void *loaded = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (loaded == NULL)
        return STATUS_DLL_INIT_FAILED;
    *image = loaded;
    return STATUS_SUCCESS;
}

/* dlsym() looks into what an image depends on, too; and a provider may well depend on libbcrypt.so, which
 * exports these functions itself. */
static bool is_inside(void *image, const void *address)
{
    struct link_map *own = NULL;
    struct link_map *found = NULL;
    Dl_info info;
    return dlinfo(image, RTLD_DI_LINKMAP, &own) == 0 &&
           dladdr1(address, &info, (void **)&found, RTLD_DL_LINKMAP) != 0 && own == found;
}

NTSTATUS foreign_image_entry(void *image, const char *symbol, void (**entry)(void))
{
    void *address = dlsym(image, symbol);
    if (address == NULL || !is_inside(image, address))
        return STATUS_PROCEDURE_NOT_FOUND;
    /* POSIX lets an address be a function's; the language has no cast for it. */
    memcpy(entry, &address, sizeof *entry);
    return STATUS_SUCCESS;
}
