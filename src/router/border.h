/*
 * The border: the exported functions whose arguments or results hold strings. Its sources are
 * compiled twice, with 16-bit and with 32-bit wchar_t, and export the two symbols of each function
 * (opencng_abi.h); whatever depends on the width stays here and in base/name.h.
 */
#ifndef ROUTER_BORDER_H
#define ROUTER_BORDER_H

#include "router.h"

#define BORDER_WIDTH (sizeof(WCHAR) == 2 ? WIDTH_16 : WIDTH_32)

/* A caller's string as a name in `buffer`; NULL stays NULL, which the router refuses after it
 * checked the handle. */
static inline const struct name *border_name(struct name *buffer, LPCWSTR text)
{
    return text != NULL && name_read(buffer, text, BORDER_WIDTH) >= 0 ? buffer : NULL;
}

#endif
