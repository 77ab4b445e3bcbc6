/* The border of ncrypt.h: as border.h, for its exported functions that carry strings. */
#ifndef ROUTER_BORDER_NCRYPT_H
#define ROUTER_BORDER_NCRYPT_H

#include "ncrypt_router.h"

#define BORDER_WIDTH (sizeof(WCHAR) == 2 ? WIDTH_16 : WIDTH_32)

/* A caller's string as a name in `buffer`; NULL stays NULL, which the router refuses after it
 * checked the handle. */
static inline const struct name *border_name(struct name *buffer, LPCWSTR string)
{
    return string != NULL && name_read(buffer, string, BORDER_WIDTH) >= 0 ? buffer : NULL;
}

/* The same for a longer string; NULL also where it is empty, too long or malformed. */
static inline const struct text *border_text(struct text *buffer, LPCWSTR string, size_t chars)
{
    return text_read(buffer, string, chars, BORDER_WIDTH) >= 0 ? buffer : NULL;
}

/* Lists longer than this are refused. */
#define PARAMS_MAX 1024

/* A count without a list is unreadable, which the router refuses. */
static inline struct ksp_params border_params(const NCryptBufferDesc *desc)
{
    size_t count = desc == NULL ? 0 : desc->cBuffers;
    return (struct ksp_params){
        .list = count == 0 || count > PARAMS_MAX ? NULL : desc->pBuffers,
        .count = count,
        .width = BORDER_WIDTH,
    };
}

#endif
