/*
 * What keeps the KEK: one row for each kind of protector. A protector gives a secret from which a slot's
 * wrapping key is derived (store_slot.h); what it needs to give it again are its parameters, which the
 * slot holds. A new kind (a TPM, say) is a new row.
 *
 *   file         32 random bytes: the parameters themselves. As safe as the slot's file mode.
 *   credential   a file in $CREDENTIALS_DIRECTORY, which systemd fills; parameters: its name
 *   passphrase   scrypt; parameters: {log2 N u8, r u32, p u32, salt[32]}
 */
#ifndef STORE_STORE_PROTECTOR_H
#define STORE_STORE_PROTECTOR_H

#include "store.h"
#include "wr.h"

#define PARAMETERS_MAX 512

struct protector {
    const char *type;
    bool asks; /* needs a passphrase */

    /* Writes parameters for a new slot. */
    SECURITY_STATUS (*enroll)(const struct store_slot_wish *wish, struct wr *parameters);

    /* Gives the secret. NTE_BAD_DATA for parameters that cannot be. */
    SECURITY_STATUS (*recover)(struct span parameters, struct span passphrase, struct secret *out);

    /* A few words for people; nothing secret. */
    void (*describe)(struct span parameters, char *out, size_t cap);
};

/* The row of a type; NULL when there is none. */
const struct protector *protector_find(struct span type);

#endif
