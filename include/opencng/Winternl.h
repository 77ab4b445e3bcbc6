/* Winternl.h: another spelling of winternl.h, which Windows' file systems do not tell apart. */
#include "winternl.h"
