/*
 * The small harness of the conformance suite: a check is one TAP line, named after the row and the
 * promise. The suite is written like a Windows program, against the installed headers only, and
 * compiled once for each width of wchar_t.
 */
#ifndef CONFORM_H
#define CONFORM_H

#include <windows.h>

#include <bcrypt.h>
#include <ntstatus.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static int checks, failures;
static char row_name[128];

/* Rows name themselves in plain text, so that the report reads the same in both widths. */
static void row_begin(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void row_begin(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(row_name, sizeof row_name, format, args);
    va_end(args);
}

static inline void tap(bool good, const char *what)
{
    checks++;
    failures += !good;
    printf("%sok %d - %s: %s\n", good ? "" : "not ", checks, row_name, what);
}

static inline void tap_skip(const char *what, const char *why)
{
    printf("ok %d - %s: %s # SKIP %s\n", ++checks, row_name, what, why);
}

/* One check that a call answers the status; says which other one came. */
static inline void tap_status(NTSTATUS got, NTSTATUS want, const char *what)
{
    tap(got == want, what);
    if (got != want)
        printf("# got 0x%08x, expected 0x%08x\n", (unsigned)got, (unsigned)want);
}

static inline int tap_done(void)
{
    printf("1..%d\n", checks);
    return failures != 0;
}

/* A buffer between two guard zones that no call may touch. */
#define GUARD 32
#define GUARD_BYTE 0xA5

struct guarded {
    UCHAR *all;
    UCHAR *p;
    ULONG n;
};

static inline struct guarded guarded_new(ULONG n)
{
    struct guarded g = {malloc((size_t)n + 2 * GUARD), NULL, n};
    if (g.all == NULL)
        abort();
    memset(g.all, GUARD_BYTE, (size_t)n + 2 * GUARD);
    g.p = g.all + GUARD;
    return g;
}

static inline bool guarded_intact(const struct guarded *g)
{
    for (int i = 0; i < GUARD; i++) {
        if (g->all[i] != GUARD_BYTE || g->p[g->n + (ULONG)i] != GUARD_BYTE)
            return false;
    }
    return true;
}

/* Whether the buffer itself is as it was made, too. */
static inline bool guarded_untouched(const struct guarded *g)
{
    for (ULONG i = 0; i < g->n; i++) {
        if (g->p[i] != GUARD_BYTE)
            return false;
    }
    return guarded_intact(g);
}

static inline void guarded_free(struct guarded *g)
{
    free(g->all);
    g->all = NULL;
}

/* A string property's size in bytes, as callers pass it. */
static inline ULONG text_bytes(LPCWSTR s)
{
    ULONG n = 0;
    while (s[n] != 0)
        n++;
    return (n + 1) * (ULONG)sizeof(WCHAR);
}

/* The header of a blob (32-bit numbers, little-endian on every machine) as the machine's own numbers,
 * or back. */
static inline void head_turn(VOID *head, size_t n)
{
    for (UCHAR *at = head; n >= sizeof(ULONG); at += sizeof(ULONG), n -= sizeof(ULONG)) {
        ULONG value = at[0] | (ULONG)at[1] << 8 | (ULONG)at[2] << 16 | (ULONG)at[3] << 24;
        memcpy(at, &value, sizeof value);
    }
}

static inline bool text_equal(LPCWSTR a, LPCWSTR b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return *a == *b;
}

#endif
