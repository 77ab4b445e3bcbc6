/* Names of status codes, from the one table that is installed with the headers
 * (opencng_status.def). */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "base.h"

/* "STATUS_INVALID_HANDLE"; NULL for a code that the library never returns. */
const char *status_name(NTSTATUS status);

#endif
