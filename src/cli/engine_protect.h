/*
 * Data protected to a rule, as the tool sees it: streams of ncryptprotect.h. Only engine_protect.c calls them.
 */
#ifndef CLI_ENGINE_PROTECT_H
#define CLI_ENGINE_PROTECT_H

#include "engine.h"

struct engine_protection {
    void *stream;
    enum outcome (*put)(struct view data, void *context); /* takes the output, in pieces */
    void *context;
    enum outcome outcome; /* what `put` said last */
};

void engine_protection_done(struct engine_protection *p);

#define ENGINE_PROTECTION CLEANUP(engine_protection_done) struct engine_protection

/* Opens a stream whose output goes to p->put. A rule is ASCII; another is NTE_INVALID_PARAMETER. */
NTSTATUS engine_protect_open(const char *rule, struct engine_protection *p) MUST_CHECK;
NTSTATUS engine_unprotect_open(struct engine_protection *p) MUST_CHECK;

/* When `put` ended it, the status is NTE_USER_CANCELLED and p->outcome says why. */
NTSTATUS engine_protection_update(struct engine_protection *p, struct view data,
                                  bool final) MUST_CHECK;

#endif
