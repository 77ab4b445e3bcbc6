/* winsock2.h: Linux's sockets under the few names of Winsock that differ. Functions of this header, not of a library. */
#ifndef _WINSOCK2API_
#define _WINSOCK2API_

#include "windef.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

typedef int SOCKET;
#define INVALID_SOCKET ((SOCKET)-1)
#define SOCKET_ERROR (-1)
typedef struct sockaddr SOCKADDR, *PSOCKADDR, *LPSOCKADDR;
typedef struct sockaddr_in SOCKADDR_IN, *PSOCKADDR_IN;

typedef struct WSAData
{
	WORD wVersion;
	WORD wHighVersion;
	char szDescription[257];
	char szSystemStatus[129];
} WSADATA, *LPWSADATA;

#define SD_RECEIVE SHUT_RD
#define SD_SEND SHUT_WR
#define SD_BOTH SHUT_RDWR

#define WSAEINTR EINTR
#define WSAEINVAL EINVAL
#define WSAEWOULDBLOCK EWOULDBLOCK
#define WSAEINPROGRESS EINPROGRESS
#define WSAEALREADY EALREADY
#define WSAENOTSOCK ENOTSOCK
#define WSAEADDRINUSE EADDRINUSE
#define WSAENETUNREACH ENETUNREACH
#define WSAECONNABORTED ECONNABORTED
#define WSAECONNRESET ECONNRESET
#define WSAENOBUFS ENOBUFS
#define WSAEISCONN EISCONN
#define WSAENOTCONN ENOTCONN
#define WSAETIMEDOUT ETIMEDOUT
#define WSAECONNREFUSED ECONNREFUSED
#define WSAEHOSTUNREACH EHOSTUNREACH

/* There is nothing to start. *data tells the version that was asked for. Returns 0, or WSAEINVAL for NULL. */
static __inline__ int WSAStartup(WORD version, LPWSADATA data)
{
	if (data == NULL)
		return WSAEINVAL;
	memset(data, 0, sizeof(*data));
	data->wVersion = data->wHighVersion = version;
	return 0;
}

static __inline__ int WSACleanup(void)
{
	return 0;
}

/* Socket functions leave their error in errno, whose numbers the WSAE... names above are. */
static __inline__ int WSAGetLastError(void)
{
	return errno;
}

static __inline__ void WSASetLastError(int error)
{
	errno = error;
}

static __inline__ int closesocket(SOCKET s)
{
	return close(s);
}

/* *argument is a u_long of Windows, 32 bits. */
static __inline__ int ioctlsocket(SOCKET s, unsigned long command, DWORD *argument)
{
	int value = (int)*argument;
	int result = ioctl(s, command, &value);
	*argument = (DWORD)value;
	return result;
}

#endif /* _WINSOCK2API_ */
