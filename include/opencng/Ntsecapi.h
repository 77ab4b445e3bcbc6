/* Ntsecapi.h: another spelling of ntsecapi.h, which Windows' file systems do not tell apart. */
#include "ntsecapi.h"
