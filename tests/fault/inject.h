/*
 * Memory that runs out on demand. The test program has its own malloc and its relatives, which every library of the process
 * uses then, and stands between the sources and the secret pool, the handle table and mmap (linker option --wrap). Each
 * request made while injection is armed is a numbered point; one of them, or all from one on, are refused.
 */
#ifndef FAULT_INJECT_H
#define FAULT_INJECT_H

#include <stdbool.h>
#include <stddef.h>

struct injection {
    bool armed;
    unsigned long points;  /* requests seen while armed */
    unsigned long refuse;  /* number of the first one that is refused; 0: none */
    bool from_then_on;     /* and all after it */
    unsigned long refused; /* how many were */
};

extern struct injection injection;

/* Begins a run; arming is the caller's, call by call. */
void injection_reset(unsigned long refuse, bool from_then_on);

/* What is allocated and not released. */
struct live {
    long blocks, secrets, handles;
};

struct live live_now(void);

/* Set to see every block that is released: its address and size, before it goes. */
extern void (*block_released)(const void *p, size_t n);

#endif
