/* PEM (RFC 7468): DER in base64 between two lines. */
#ifndef CLI_PEM_H
#define CLI_PEM_H

#include "octets.h"

/* The longest label that is looked at. */
#define PEM_LABEL_MOST 64

bool pem_looks_like(struct view text);

/* Whether a block is encrypted the way of the time before PKCS #8: its header lines say so. */
bool pem_is_encrypted(struct view text);

/* Reads the block that starts at or after *at and moves *at behind it. False: there is none, or, with `damaged` set,
 * one that cannot be read. */
bool pem_next(struct view text, size_t *at, char label[PEM_LABEL_MOST], struct octets *der,
              bool *damaged) MUST_CHECK;

void pem_write(const char *label, struct view der, struct octets *out);

#endif
