/*
 * The UI policy of a key in its two forms. Programs pass a structure with pointers to strings in their own
 * width; between the router and a provider it travels as one block of bytes:
 *
 *   dwVersion : 4 | dwFlags : 4 | cbCreationTitle : 4 | cbFriendlyName : 4 | cbDescription : 4
 *   | creation title | friendly name | description
 *
 * The strings are UTF-16 with their NUL, which the sizes count; a size of 0 is a NULL pointer.
 */
#ifndef BASE_UI_POLICY_H
#define BASE_UI_POLICY_H

#include "out.h"
#include "secret.h"

/* NCRYPT_UI_POLICY_BLOB of the caller's NCRYPT_UI_POLICY. */
NTSTATUS ui_policy_encode(const struct in *policy, struct secret *blob) MUST_CHECK;

/* NCRYPT_UI_POLICY of the block, its strings behind it. STATUS_INVALID_PARAMETER: it is no such block. */
NTSTATUS ui_policy_decode(struct span blob, const struct out *o) MUST_CHECK;

#endif
