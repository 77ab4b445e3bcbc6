/* profileapi.h: the clock for measuring. In libwincompat. */
#ifndef _PROFILEAPI_H_
#define _PROFILEAPI_H_

#include "windef.h"

OPENCNG_BEGIN_C

/* A clock that never goes back, and its ticks in a second (10^9, constant). Return FALSE (ERROR_NOACCESS) for NULL, else TRUE. */
OPENCNG_API BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER *lpPerformanceCount);
OPENCNG_API BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER *lpFrequency);

OPENCNG_END_C

#endif /* _PROFILEAPI_H_ */
