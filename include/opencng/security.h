/* security.h: what of it callers of CNG use: SECURITY_STATUS and the SEC_ codes. There is no SSPI here. */
#ifndef OPENCNG_SECURITY_H
#define OPENCNG_SECURITY_H

#include "windef.h"
#include "winerror.h"

typedef WCHAR SEC_WCHAR;
typedef CHAR SEC_CHAR;
#define SEC_ENTRY

#endif /* OPENCNG_SECURITY_H */
