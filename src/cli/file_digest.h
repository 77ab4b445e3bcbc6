/*
 * Digests of messages. The library signs hash values; bcrypt.h's hash functions are not declared yet, so libnettle
 * computes them, behind this one table.
 */
#ifndef CLI_FILE_DIGEST_H
#define CLI_FILE_DIGEST_H

#include "octets.h"

struct digest_row;

/* By CNG's name, in any case of letters, hyphens left out or not; NULL: none. */
const struct digest_row *digest_named(const char *name);

const char *digest_name(const struct digest_row *row);
size_t digest_bytes(const struct digest_row *row);

void digest_compute(const struct digest_row *row, struct view message, struct octets *out);

/* "MD5, SHA1, ..." */
const char *digest_names(void);

#endif
