/*
 * A sponge that takes data and then gives output in pieces.
 *
 * libcrypto squeezes SHAKE in pieces since 3.3, the sponge of cSHAKE and KMAC in no version. Elsewhere
 * the output is computed from its start, ahead of what was asked for and twice as far each time: the
 * time stays proportional to the output, the memory too.
 */
#ifndef PRIMITIVES_XOF_H
#define PRIMITIVES_XOF_H

#include "digest.h"

/* A zeroed one holds nothing. */
struct xof {
    const struct digest *digest;
    EVP_MD_CTX *ctx;     /* where data goes */
    size_t squeezed;     /* bytes given out */
    struct secret ahead; /* the output from its start */
};

NTSTATUS xof_init(struct xof *x, const struct digest *d) MUST_CHECK;
NTSTATUS xof_copy(struct xof *to, const struct xof *from) MUST_CHECK;
void xof_done(struct xof *x);

/* Back to where init left it. */
NTSTATUS xof_restart(struct xof *x) MUST_CHECK;

/* The next n bytes of output. */
NTSTATUS xof_squeeze(struct xof *x, uint8_t *out, size_t n) MUST_CHECK;

/* The same; afterwards there is only restart or done. */
NTSTATUS xof_finish(struct xof *x, uint8_t *out, size_t n) MUST_CHECK;

#endif
