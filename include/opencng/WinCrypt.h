/* WinCrypt.h: another spelling of wincrypt.h, which Windows' file systems do not tell apart. */
#include "wincrypt.h"
