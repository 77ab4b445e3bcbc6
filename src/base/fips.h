/* The machine's FIPS mode. */
#ifndef BASE_FIPS_H
#define BASE_FIPS_H

#include "base.h"

/* Whether the kernel's flag is set; read once in a process. */
bool fips_enabled(void);

/* The same from a file, read now; for tests. */
bool fips_flag(const char *path);

#endif
