/*
 * The ways round a cost: what makes calls quick where it is there, and may be missing (an instruction of the processor, a call of
 * the kernel). None changes a result, weakens a check or branches on a secret. People may see which are in use (`cng version
 * --verbose`); tests turn each off and on and compare (tests/unit/test_levers.c).
 */
#ifndef PRIMITIVES_LEVERS_H
#define PRIMITIVES_LEVERS_H

#include "provider.h"

struct lever {
    const char *name;     /* NULL ends the list */
    bool (*active)(void); /* whether it is in use now, by this thread */
    void (*allow)(
        bool on); /* for tests; on: where it is there. No call is under way. NULL: others decide */
};

extern const struct lever levers[];

/* Their names, each with "=on" or "=off", with a space between two. */
void levers_text(char text[PROVIDER_LEVERS_MAX]);

/* rng.c: the buffer of random bytes of this thread. */
bool rng_is_buffered(void);
void rng_allow_buffer(bool on);

#endif
