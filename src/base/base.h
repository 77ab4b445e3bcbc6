/*
 * What every file of the library leans on: the Windows types, the one status type, and the three
 * attributes that carry the error and ownership style (see STYLE.md).
 *
 * Internal functions return NTSTATUS, must be checked, write their outputs only on success and
 * release by scope. TRY is the only macro with control flow in the project.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bcrypt.h"
#include "ntstatus.h"
#include "winerror.h"

#define MUST_CHECK __attribute__((warn_unused_result))
#define CLEANUP(fn) __attribute__((cleanup(fn)))

/* What the compiler may lay code out for, in calls so short that a jump counts. */
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* Returns from the calling function when `expr` is not a success. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        NTSTATUS try_status_ = (expr);                                                             \
        if (UNLIKELY(try_status_ < 0))                                                             \
            return try_status_;                                                                    \
    } while (0)

#define CACHE_LINE 64 /* bytes; of the processors that this is laid out for */

#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The struct that holds `member` at address `ptr`; the checked downcast of the class tables. */
#define CONTAINER_OF(ptr, type, member)                                                            \
    ((type *)(void *)((char *)(1 ? (ptr) : &((type *)0)->member) - offsetof(type, member)))

/* The same for pointers to const. */
#define CONST_CONTAINER_OF(ptr, type, member)                                                      \
    ((const type *)(const void *)((const char *)(1 ? (ptr) : &((const type *)0)->member) -         \
                                  offsetof(type, member)))

#endif
