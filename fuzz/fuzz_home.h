/* A home for a target's key store and configuration: a folder of its own, in memory where that is possible, which goes with the process. */
#ifndef FUZZ_HOME_H
#define FUZZ_HOME_H

#include "fuzz.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char home[] = "/dev/shm/opencng-fuzz-XXXXXX";

static int home_remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

/* Removes the folder and all that is in it. */
static void home_remove(void)
{
    nftw(home, home_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Makes the folder, and has the libraries look there. */
static void home_make(void)
{
    if (access("/dev/shm", W_OK) != 0)
        strcpy(home, "/tmp/opencng-fuzz-XXXXXX");
    FUZZ_CHECK(mkdtemp(home) != NULL && setenv("OPENCNG_HOME", home, 1) == 0);
    atexit(home_remove);
}

#endif
