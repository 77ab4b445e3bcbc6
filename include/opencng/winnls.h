/* winnls.h: code pages and languages. The functions are those of stringapiset.h. */
#ifndef _WINNLS_
#define _WINNLS_

#include "stringapiset.h"

#define LOCALE_SYSTEM_DEFAULT ((LCID)0x0800)
#define LOCALE_USER_DEFAULT ((LCID)0x0400)
#define LOCALE_INVARIANT ((LCID)0x007F)

#endif /* _WINNLS_ */
