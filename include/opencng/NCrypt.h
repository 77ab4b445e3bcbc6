/* NCrypt.h: another spelling of ncrypt.h, which Windows' file systems do not tell apart. */
#include "ncrypt.h"
