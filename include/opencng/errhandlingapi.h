/* errhandlingapi.h: the calling thread's last error. In libwincompat. */
#ifndef _ERRHANDLING_H_
#define _ERRHANDLING_H_

#include "windef.h"

OPENCNG_BEGIN_C

/* Returns the calling thread's last error, an ERROR_ code (or an HRESULT where a function of wincrypt.h set it); 0 before the first failure.
 * Functions of bcrypt.h and ncrypt.h return their status and leave it alone, as on Windows.
 *
 * Source: Microsoft Learn, GetLastError.
 */
OPENCNG_API DWORD WINAPI GetLastError(VOID);

/* Sets it. dwErrCode: any number. */
OPENCNG_API VOID WINAPI SetLastError(DWORD dwErrCode);

OPENCNG_END_C

#endif /* _ERRHANDLING_H_ */
