/* WinBase.h: another spelling of winbase.h, which Windows' file systems do not tell apart. */
#include "winbase.h"
