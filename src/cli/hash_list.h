/*
 * Lists of digests as sha256sum and its kin write them.
 *
 *     ba7816bf...20015ad  name         two blanks, or a blank and "*"
 *     \ba7816bf...20015ad  na\nme      a name with line ends or backslashes, escaped
 */
#ifndef CLI_HASH_LIST_H
#define CLI_HASH_LIST_H

#include "octets.h"

/* Appends one line. */
void hash_list_write(struct octets *list, struct view digest, const char *name);

/* Takes one line, without its end; false: it is none. */
bool hash_list_read(struct view line, struct octets *digest, struct octets *name) MUST_CHECK;

/* The name as it fits into one line of text. */
void hash_list_escape(struct octets *out, const char *name);

#endif
