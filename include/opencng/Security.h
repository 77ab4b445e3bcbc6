/* Security.h: another spelling of security.h, which Windows' file systems do not tell apart. */
#include "security.h"
