/* Telling of changes. */
#ifndef CONFIG_CONFIG_WATCH_H
#define CONFIG_CONFIG_WATCH_H

#include "base.h"

/* A descriptor that becomes readable when a file of either table changes. STATUS_NO_MEMORY: the process or the
 * user has too many. */
NTSTATUS config_watch(int *descriptor) MUST_CHECK;

#endif
