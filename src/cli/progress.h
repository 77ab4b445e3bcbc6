/*
 * Work that may take long. On a terminal a line on standard error shows that the program is alive and how long it has
 * been at it; elsewhere nothing is printed.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "cli.h"

void progress_run(const char *label, void (*work)(void *context), void *context);

#endif
