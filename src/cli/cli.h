/*
 * What every file of `cng` leans on. The tool knows the library through the installed headers alone, and only
 * engine_*.c calls it; the rest speaks of octets, fields and key files.
 *
 * A function that can fail says so to the user where it happens (complain.h) and returns how the program will end.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <windows.h>

/* The exit status, documented in `cng help`. */
enum outcome {
    DONE = 0,
    REFUSED = 1,     /* the operation says no: a wrong signature, an undecryptable message */
    BAD_USAGE = 2,   /* the command line */
    BAD_INPUT = 3,   /* a file: missing, damaged, of the wrong kind */
    BAD_SYSTEM = 4,  /* output could not be written, memory, the engine itself */
    UNAVAILABLE = 5, /* the library at hand does not have the algorithm */
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define ARRAY_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Returns from the calling function unless all is well; the only macro with control flow. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        enum outcome try_outcome_ = (expr);                                                        \
        if (try_outcome_ != DONE)                                                                  \
            return try_outcome_;                                                                   \
    } while (0)

#endif
