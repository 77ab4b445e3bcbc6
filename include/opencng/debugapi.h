/* debugapi.h: text for a debugger. In libwincompat. */
#ifndef _APISETDEBUG_
#define _APISETDEBUG_

#include "windef.h"

OPENCNG_BEGIN_C

/* Writes a text to standard error when the environment has OPENCNG_DEBUG_OUTPUT, and nowhere otherwise, as on Windows without a debugger.
 * lpOutputString: NUL-terminated; UTF-8 in the A form. NULL writes nothing.
 */
OPENCNG_API VOID WINAPI OutputDebugStringA(LPCSTR lpOutputString);
OPENCNG_API VOID WINAPI OutputDebugStringW(LPCWSTR lpOutputString) OPENCNG_WIDE(OutputDebugStringW);

OPENCNG_END_C

#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif

#endif /* _APISETDEBUG_ */
