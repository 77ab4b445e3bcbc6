// Put in front (-include) of libgit2's src/util/hash/win32.c, which expects that the program's own headers brought windows.h and the question
// for the version of Windows, as they do under _WIN32. No file of libgit2 is changed.
#include <windows.h>
// What the headers say of themselves (_WIN32_WINNT): all functions of CNG are there.
static inline int git_has_win32_version(int major, int minor, int service_pack)
{
    (void)service_pack;
    return (major << 8 | minor) <= _WIN32_WINNT;
}
