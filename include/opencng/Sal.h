/* Sal.h: another spelling of sal.h, which Windows' file systems do not tell apart. */
#include "sal.h"
