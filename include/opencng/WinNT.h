/* WinNT.h: another spelling of winnt.h, which Windows' file systems do not tell apart. */
#include "winnt.h"
