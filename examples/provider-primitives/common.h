/*
 * What both halves of the example share: answering properties, and telling one's own handles from what is none.
 *
 * The library in front of a provider checks handles, so a provider sees its own; a magic number in each object costs nothing and finds
 * the bug when one mixes up an algorithm and a hash.
 */
#ifndef EXAMPLE_COMMON_H
#define EXAMPLE_COMMON_H

#include <windows.h>

#include <bcrypt.h>
#include <bcrypt_provider.h>
#include <ntstatus.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Strings have 16 bits here (-fshort-wchar), and libc's wide functions 32: this is the one that a provider needs. */
static inline bool text_is(LPCWSTR a, LPCWSTR b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return *a == *b;
}

/* A property or blob of n bytes: the size is told first, and nothing is written where there is no room. */
static inline NTSTATUS give(const void *value, ULONG n, PUCHAR output, ULONG room, ULONG *result)
{
    *result = n;
    if (output == NULL)
        return STATUS_SUCCESS;
    if (room < n)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(output, value, n);
    return STATUS_SUCCESS;
}

/* Properties that are one number. */
struct number {
    LPCWSTR name; /* NULL ends the list */
    ULONG value;
};

static inline NTSTATUS give_number(const struct number *numbers, LPCWSTR name, PUCHAR output,
                                   ULONG room, ULONG *result)
{
    for (; numbers->name != NULL; numbers++) {
        if (text_is(numbers->name, name))
            return give(&numbers->value, sizeof numbers->value, output, room, result);
    }
    return STATUS_NOT_SUPPORTED;
}

#endif
