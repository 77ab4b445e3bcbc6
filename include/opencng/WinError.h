/* WinError.h: another spelling of winerror.h, which Windows' file systems do not tell apart. */
#include "winerror.h"
