/*
 * What the fuzz targets share. Each target defines LLVMFuzzerTestOneInput and is linked twice:
 * with libFuzzer, and with replay_main.c, which runs it over files.
 *
 * The first byte of an input chooses the form of the blob, the rest is the blob, so that one
 * target and one corpus serve all forms of a family.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A property that must hold. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition);         \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
