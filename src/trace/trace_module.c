/* Finding a piece of code's file (trace_module.h). */
#include "trace_module.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <string.h>

/* The path of the object that holds the code: "" for the program, NULL for none. _dl_find_object takes no
 * lock: a thread that loads a library and waits for another thread's call does not stop both. */
static const char *object_path(const void *code)
{
#if defined __GLIBC_PREREQ && __GLIBC_PREREQ(2, 35)
    struct dl_find_object object;
    return _dl_find_object((void *)(size_t)code, &object) == 0 ? object.dlfo_link_map->l_name
                                                               : NULL;
#else
    Dl_info info;
    return dladdr(code, &info) != 0 ? info.dli_fname : NULL;
#endif
}

const char *trace_module_name(const void *code)
{
    const char *path = object_path(code);
    if (path == NULL)
        return "?";
    if (path[0] == '\0')
        return program_invocation_short_name;
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}
