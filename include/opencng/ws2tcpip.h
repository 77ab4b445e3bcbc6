/* ws2tcpip.h: addresses; Linux's own functions (getaddrinfo, inet_pton, ...) have the names. */
#ifndef _WS2TCPIP_H_
#define _WS2TCPIP_H_

#include "winsock2.h"

typedef struct addrinfo ADDRINFOA, *PADDRINFOA;
typedef struct sockaddr_in6 SOCKADDR_IN6, *PSOCKADDR_IN6;

#endif /* _WS2TCPIP_H_ */
