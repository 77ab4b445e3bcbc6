/* WinDef.h: another spelling of windef.h, which Windows' file systems do not tell apart. */
#include "windef.h"
