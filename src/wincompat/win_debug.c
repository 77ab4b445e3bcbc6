/*
 * Text for whoever debugs: standard error when the environment has OPENCNG_DEBUG_OUTPUT. On Windows
 * nobody sees it either, unless a debugger is there.
 */
#include "wincompat.h"

#include <string.h>
#include <unistd.h>

bool debug_is_wanted(void)
{
    return getenv("OPENCNG_DEBUG_OUTPUT") != NULL;
}

void debug_write(const char *text, size_t n)
{
    while (n > 0) {
        ssize_t written = write(STDERR_FILENO, text, n);
        if (written <= 0)
            return;
        text += written;
        n -= (size_t)written;
    }
}

VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString)
{
    if (lpOutputString != NULL && debug_is_wanted())
        debug_write(lpOutputString, strlen(lpOutputString));
}
