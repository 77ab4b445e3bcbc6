/* RSA signatures: slots of struct asym_class. */
#ifndef PRIMITIVES_RSA_SIGN_H
#define PRIMITIVES_RSA_SIGN_H

#include "provider.h"

NTSTATUS rsa_sign(struct key *base, const struct padding *pad, struct span hash,
                  const struct out *o) MUST_CHECK;
NTSTATUS rsa_verify(struct key *base, const struct padding *pad, struct span hash,
                    struct span sig) MUST_CHECK;

#endif
