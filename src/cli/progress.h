/*
 * Work that may take long. On a terminal a line on standard error shows that the program is alive and how far it is;
 * elsewhere nothing is printed.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <time.h>

#include "cli.h"

/* Work of which only the time is known that it has taken. */
void progress_run(const char *label, void (*work)(void *context), void *context);

/* Bytes that go by, or things that are counted. */
struct progress_bar {
    const char *label;
    const char *unit; /* "keys"; NULL: bytes */
    uint64_t total;   /* 0: nobody knows */
    uint64_t done;
    struct timespec start;
    double next; /* seconds after the start: when to draw again */
    bool terminal;
    bool shown;
};

/* Takes the bar off the screen. */
void progress_bar_done(struct progress_bar *bar);

#define PROGRESS_BAR CLEANUP(progress_bar_done) struct progress_bar

void progress_bar_begin(struct progress_bar *bar, const char *label, uint64_t total);
void progress_bar_add(struct progress_bar *bar, uint64_t bytes);

#endif
