/* Windows.h: another spelling of windows.h, which Windows' file systems do not tell apart. */
#include "windows.h"
