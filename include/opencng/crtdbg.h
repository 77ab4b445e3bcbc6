/* crtdbg.h: the debugging macros of Microsoft's C library, as in a release build: nothing. */
#ifndef _INC_CRTDBG
#define _INC_CRTDBG

#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2
#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF 0x04
#define _CRTDBG_CHECK_CRT_DF 0x10
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_REPORT_FLAG -1
#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_FILE_STDERR ((void *)-5)

#ifndef _ASSERT
#define _ASSERT(expression) ((void)0)
#endif
#ifndef _ASSERTE
#define _ASSERTE(expression) ((void)0)
#endif
#define _CrtSetDbgFlag(flag) ((int)0)
#define _CrtSetReportMode(type, mode) ((int)0)
#define _CrtSetReportFile(type, file) ((void *)0)
#define _CrtDumpMemoryLeaks() ((int)0)
#define _CrtCheckMemory() ((int)1)
#define _CrtSetBreakAlloc(number) ((long)0)
#define _RPT0(type, text) ((void)0)
#define _RPTF0(type, text) ((void)0)

#endif /* _INC_CRTDBG */
