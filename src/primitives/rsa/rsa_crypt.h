/* RSA encryption: slots of struct asym_class. */
#ifndef PRIMITIVES_RSA_CRYPT_H
#define PRIMITIVES_RSA_CRYPT_H

#include "provider.h"

NTSTATUS rsa_encrypt(struct key *base, const struct padding *pad, struct span in,
                     const struct out *o) MUST_CHECK;
NTSTATUS rsa_decrypt(struct key *base, const struct padding *pad, struct span in,
                     const struct out *o) MUST_CHECK;

#endif
