/* ntdef.h: NTSTATUS, UNICODE_STRING and the NT_... tests for code that includes the kernel's spelling of the types. */
#ifndef OPENCNG_NTDEF_H
#define OPENCNG_NTDEF_H

#include "winternl.h"

#ifndef _NTDEF_
#define _NTDEF_
#endif

#endif /* OPENCNG_NTDEF_H */
