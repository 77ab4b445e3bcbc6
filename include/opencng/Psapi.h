/* Psapi.h: another spelling of psapi.h, which Windows' file systems do not tell apart. */
#include "psapi.h"
