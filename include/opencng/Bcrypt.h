/* Bcrypt.h: another spelling of bcrypt.h, which Windows' file systems do not tell apart. */
#include "bcrypt.h"
