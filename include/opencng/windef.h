/* windef.h: minwindef.h and the window handle, which NCrypt's user-interface arguments name. */
#ifndef _WINDEF_
#define _WINDEF_

#include "minwindef.h"

DECLARE_HANDLE(HWND);
typedef DWORD COLORREF;

#endif /* _WINDEF_ */
