/* What a caller's padding structure says, whatever the width of its strings. */
#ifndef BASE_PADDING_H
#define BASE_PADDING_H

#include "name.h"

/* A padding-info structure, decoded at the border according to the flags. */
struct padding {
    uint32_t flags;   /* the call's dwFlags */
    bool present;     /* the caller gave a structure */
    const void *info; /* it, for who knows more of them than the flags below name */
    bool has_hash;    /* pszAlgId (or pszPrehashAlgId) was not NULL */
    struct name hash;
    uint32_t salt;       /* PSS: salt length in bytes */
    struct span label;   /* OAEP */
    struct span context; /* ML-DSA, SLH-DSA */
};

#endif
