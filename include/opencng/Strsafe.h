/* Strsafe.h: another spelling of strsafe.h, which Windows' file systems do not tell apart. */
#include "strsafe.h"
