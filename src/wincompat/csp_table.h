/*
 * The handles of CryptoAPI: contexts and hashes. A handle is the place of a slot and the slot's
 * generation, so that one that was closed, or never was one, is told from a good one without being
 * followed. Slots are small and are copied out: nothing is held while bcrypt.h works, whose own handles
 * stay good until the call is over.
 */
#ifndef CSP_TABLE_H
#define CSP_TABLE_H

#include "wincompat.h"

#include "wincrypt.h"

enum csp_kind { CSP_FREE, CSP_CONTEXT, CSP_HASH };

struct csp_slot {
    enum csp_kind kind;
    DWORD provider_type;     /* PROV_RSA_FULL or PROV_RSA_AES */
    ALG_ID algorithm;        /* of a hash */
    BCRYPT_HASH_HANDLE hash; /* gets the data; each value that is read comes from a duplicate */
    bool complete;           /* the value was read: no more data */
    uint32_t generation;     /* the table's own */
    uint32_t next;           /* the table's own: the next free slot */
};

/* Keeps a copy of *slot under a new handle; false: no memory. */
bool csp_open(const struct csp_slot *slot, ULONG_PTR *handle) MUST_CHECK;

/* A copy of the slot; false: no handle of this kind. */
bool csp_find(ULONG_PTR handle, enum csp_kind kind, struct csp_slot *slot) MUST_CHECK;

/* A hash whose value was read gets no more data. */
void csp_complete(ULONG_PTR handle);

/* Ends the handle and gives its last copy; false: no handle of this kind. */
bool csp_close(ULONG_PTR handle, enum csp_kind kind, struct csp_slot *slot) MUST_CHECK;

/* csp_context.c: CryptAcquireContext with names in UTF-8; a Win32 code. */
DWORD csp_acquire(HCRYPTPROV *context, const char *container, const char *provider, DWORD type,
                  DWORD flags) MUST_CHECK;

#endif
