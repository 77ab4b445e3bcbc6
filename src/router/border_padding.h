/* Reading the caller's padding structures: their strings have the caller's width. */
#ifndef ROUTER_BORDER_PADDING_H
#define ROUTER_BORDER_PADDING_H

#include "name.h"
#include "padding.h"

#define PADDING_STRUCTURES                                                                         \
    ((ULONG)(BCRYPT_PAD_PKCS1 | BCRYPT_PAD_OAEP | BCRYPT_PAD_PSS | BCRYPT_PAD_PQDSA))

/* Which structure a caller passes is told by the flags alone. Several at once are the class's to
 * refuse; nobody knows what the pointer points at then, so nothing is read. The flags of ncrypt.h
 * have the same values. */
static inline void border_padding(struct padding *pad, const void *info, ULONG flags)
{
    *pad = (struct padding){.flags = flags, .present = info != NULL, .info = info};
    ULONG which = flags & PADDING_STRUCTURES;
    if (info == NULL || (which & (which - 1)) != 0)
        return;
    LPCWSTR hash = NULL;
    if ((flags & BCRYPT_PAD_PSS) != 0) {
        const BCRYPT_PSS_PADDING_INFO *pss = info;
        hash = pss->pszAlgId;
        pad->salt = pss->cbSalt;
    } else if ((flags & BCRYPT_PAD_PQDSA) != 0) {
        const BCRYPT_PQDSA_PADDING_INFO *pq = info;
        hash = pq->pszPrehashAlgId;
        pad->context = (struct span){pq->pbCtx, pq->cbCtx};
    } else if ((flags & BCRYPT_PAD_OAEP) != 0) {
        const BCRYPT_OAEP_PADDING_INFO *oaep = info;
        hash = oaep->pszAlgId;
        pad->label = (struct span){oaep->pbLabel, oaep->cbLabel};
    } else if ((flags & BCRYPT_PAD_PKCS1) != 0) {
        const BCRYPT_PKCS1_PADDING_INFO *pkcs1 = info;
        hash = pkcs1->pszAlgId;
    }
    pad->has_hash =
        hash != NULL && name_read(&pad->hash, hash, sizeof(WCHAR) == 2 ? WIDTH_16 : WIDTH_32) >= 0;
}

/* In encryption PKCS#1 takes no structure, and what a caller passes there is ignored, as on
 * Windows. */
static inline void border_encryption_padding(struct padding *pad, const void *info, ULONG flags)
{
    if ((flags & BCRYPT_PAD_OAEP) != 0)
        border_padding(pad, info, flags);
    else
        *pad = (struct padding){.flags = flags, .present = info != NULL, .info = info};
}

#endif
