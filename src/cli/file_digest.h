/*
 * Digests of files by the library, which hashes a file of any size block by block; and what this tool knows of the
 * hash functions, in rows.
 */
#ifndef CLI_FILE_DIGEST_H
#define CLI_FILE_DIGEST_H

#include "engine.h"

struct digest_row {
    const char *name;     /* CNG's */
    size_t bytes;         /* of the digest; any_length: when nobody says how many */
    bool any_length;      /* an extendable-output function */
    bool is_customizable; /* takes a function name and a customization */
};

/*
 * By CNG's name, in any case of letters, hyphens left out or not; NULL: none. The first knows the functions of a fixed
 * length, which sign and derive; the second all.
 */
const struct digest_row *digest_named(const char *name);
const struct digest_row *digest_any_named(const char *name);

/* "MD5, SHA1, ..." */
const char *digest_names(void);
const char *digest_any_names(void);

/* Whether two names differ in hyphens and case only. */
bool digest_same_name(const char *a, const char *b);

/* A digest or code of `length` bytes. On a terminal a bar shows how far it is. */
enum outcome digest_file(const struct engine_hash_spec *spec, size_t length, const char *path,
                         const char *step, struct octets *out) MUST_CHECK;

#endif
