/*
 * Upper case by Unicode's simple mapping, in no language's locale: the C library's tables of C.UTF-8.
 * Where that locale is missing only ASCII has case.
 */
#include "win_wide.h"

#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t unicode;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

uint32_t wide_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 0x20 : c;
    pthread_once(&once, load);
    return unicode == (locale_t)0 ? c : (uint32_t)towupper_l((wint_t)c, unicode);
}
