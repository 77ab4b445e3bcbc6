/* WS2tcpip.h: another spelling of ws2tcpip.h, which Windows' file systems do not tell apart. */
#include "ws2tcpip.h"
