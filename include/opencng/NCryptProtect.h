/* NCryptProtect.h: another spelling of ncryptprotect.h, which Windows' file systems do not tell apart. */
#include "ncryptprotect.h"
