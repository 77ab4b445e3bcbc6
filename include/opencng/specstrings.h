/* specstrings.h: the older source annotations.
 *
 * The names of some (__in, __out, __reserved, ...) are used by the C++ standard library and by C library headers, so C++ never gets
 * those and C gets them only where OPENCNG_OLD_ANNOTATIONS is defined before the first header.
 */
#ifndef _SPECSTRINGS_H_
#define _SPECSTRINGS_H_

#include "sal.h"

#ifndef __checkReturn
#define __checkReturn
#endif
#ifndef __deref_out
#define __deref_out
#endif
#ifndef __in_bcount
#define __in_bcount(n)
#endif
#ifndef __in_bcount_opt
#define __in_bcount_opt(n)
#endif
#ifndef __in_ecount
#define __in_ecount(n)
#endif
#ifndef __in_ecount_opt
#define __in_ecount_opt(n)
#endif
#ifndef __inout_bcount
#define __inout_bcount(n)
#endif
#ifndef __inout_ecount
#define __inout_ecount(n)
#endif
#ifndef __out_bcount
#define __out_bcount(n)
#endif
#ifndef __out_bcount_opt
#define __out_bcount_opt(n)
#endif
#ifndef __out_bcount_part
#define __out_bcount_part(n, c)
#endif
#ifndef __out_bcount_part_opt
#define __out_bcount_part_opt(n, c)
#endif
#ifndef __out_ecount
#define __out_ecount(n)
#endif
#ifndef __out_ecount_opt
#define __out_ecount_opt(n)
#endif
#ifndef __out_ecount_part
#define __out_ecount_part(n, c)
#endif

#if defined(OPENCNG_OLD_ANNOTATIONS) && !defined(__cplusplus)
#ifndef __in
#define __in
#endif
#ifndef __in_opt
#define __in_opt
#endif
#ifndef __inout
#define __inout
#endif
#ifndef __out
#define __out
#endif
#ifndef __out_opt
#define __out_opt
#endif
#ifndef __reserved
#define __reserved
#endif
#endif

#endif /* _SPECSTRINGS_H_ */
