/*
 * A question on the terminal whose answer does not appear there.
 */
#ifndef CLI_PROMPT_H
#define CLI_PROMPT_H

#include "octets.h"

/* Whether there is a terminal to ask on. */
bool prompt_is_possible(void);

/* One line, without its end. Interrupting the program gives the terminal its echo back. */
enum outcome prompt_hidden(const char *question, struct octets *out) MUST_CHECK;

#endif
