/*
 * Where a scope's folders are, and the only way into them. A place is a base that the user or the
 * system chose and two components of ours below it:
 *
 *   keys, user       $XDG_DATA_HOME (~/.local/share)   opencng  keys
 *   slots, user      $XDG_CONFIG_HOME (~/.config)      opencng  protectors
 *   keys, machine    /var/lib                          opencng  keys
 *   slots, machine   /etc                              opencng  protectors
 *   OPENCNG_HOME     that folder                       user | machine   keys | protectors
 *   texts            as the slots                               protection-descriptors
 *   session          $XDG_RUNTIME_DIR                  opencng  session
 *
 * The base may be reached through symbolic links; ours may not, and must belong to us or to root and be
 * writable by nobody else. The environment counts for nothing in a set-user-id program.
 */
#ifndef STORE_STORE_PLACE_H
#define STORE_STORE_PLACE_H

#include "fd.h"
#include "store.h"

struct place {
    char *base;
    const char *component[2];
    mode_t mode[2];
    char *path; /* all of it, for people and for notifications */
};

struct places {
    struct place keys, slots, texts;
};

SECURITY_STATUS places_init(struct places *out, enum store_scope scope) MUST_CHECK;
void places_done(struct places *p);

/* The folder that lives as long as the login session. NTE_NOT_SUPPORTED: there is none. */
SECURITY_STATUS place_session(struct place *out) MUST_CHECK;
void place_done(struct place *p);

/* Opens the folder for reading. When it is missing: *fd is -1 and the status a success; with
 * `create` it is made, with everything above it. */
SECURITY_STATUS place_enter(const struct place *p, bool create, int *fd) MUST_CHECK;

#endif
