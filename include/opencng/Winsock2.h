/* Winsock2.h: another spelling of winsock2.h, which Windows' file systems do not tell apart. */
#include "winsock2.h"
