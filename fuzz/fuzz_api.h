/*
 * What the targets of the exported functions share: an input that is read from front to back, and
 * room for outputs between guard bytes.
 *
 * An input has no lengths in front that must be right: where it ends, numbers are 0 and bytes are
 * none, so that every input is a program and every cut of one, too. Bytes that are handed to a
 * function lie on the heap in exactly their own size, and are let go by input_done.
 */
#ifndef FUZZ_FUZZ_API_H
#define FUZZ_FUZZ_API_H

#include "fuzz.h"

#include <windows.h>

#include <bcrypt.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define INPUT_MOST 512 /* allocations of one input */

struct input {
    const uint8_t *p;
    size_t n;
    void *owned[INPUT_MOST];
    size_t owned_n;
};

/* What a function is given: a pointer and a length in bytes. */
struct bytes {
    UCHAR *p;
    ULONG n;
};

static inline void *input_own(struct input *in, size_t n)
{
    FUZZ_CHECK(in->owned_n < INPUT_MOST);
    void *p = malloc(n > 0 ? n : 1);
    FUZZ_CHECK(p != NULL);
    in->owned[in->owned_n++] = p;
    return p;
}

/* No allocation may follow where there is no room for one: a loop over an input ends then. */
static inline bool input_more(const struct input *in)
{
    return in->n > 0 && in->owned_n + 16 < INPUT_MOST;
}

static inline void input_done(struct input *in)
{
    while (in->owned_n > 0)
        free(in->owned[--in->owned_n]);
}

static inline uint8_t take_byte(struct input *in)
{
    if (in->n == 0)
        return 0;
    in->n--;
    return *in->p++;
}

/* Little-endian. */
static inline uint32_t take_u32(struct input *in)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < 32; i += 8)
        v |= (uint32_t)take_byte(in) << i;
    return v;
}

static inline uint32_t take_u16(struct input *in)
{
    uint32_t low = take_byte(in);
    return low | (uint32_t)take_byte(in) << 8;
}

/* n bytes, or as many as there are. */
static inline struct bytes take_bytes(struct input *in, size_t n)
{
    if (n > in->n)
        n = in->n;
    struct bytes b = {input_own(in, n), (ULONG)n};
    if (n > 0)
        memcpy(b.p, in->p, n);
    in->p += n;
    in->n -= n;
    return b;
}

/* Behind a byte that says how many. */
static inline struct bytes take_some(struct input *in)
{
    return take_bytes(in, take_byte(in));
}

static inline struct bytes take_rest(struct input *in)
{
    return take_bytes(in, in->n);
}

/* A string, behind a byte with its length: one byte for a character. Those above ASCII become halves
 * of surrogate pairs, whole ones where 0xBF is followed by 0xC0. */
static inline WCHAR *take_text(struct input *in)
{
    size_t n = take_byte(in);
    if (n > in->n)
        n = in->n;
    WCHAR *s = input_own(in, (n + 1) * sizeof *s);
    for (size_t i = 0; i < n; i++) {
        uint8_t c = take_byte(in);
        s[i] = (WCHAR)(c < 0x80 ? c : 0xDB80 + c);
    }
    s[n] = 0;
    return s;
}

/* A name of the table, or any; NULL at times. */
static inline LPCWSTR take_name(struct input *in, const LPCWSTR *names, size_t count)
{
    uint8_t which = take_byte(in);
    if (which < count)
        return names[which];
    return which == 0xFF ? NULL : take_text(in);
}

static inline ULONG text_bytes(LPCWSTR s)
{
    ULONG n = 0;
    while (s[n] != 0)
        n++;
    return (n + 1) * (ULONG)sizeof(WCHAR);
}

/* ---- outputs ------------------------------------------------------------------------------------ */

#define ROOM_GUARD 32
#define ROOM_BYTE 0xA5

struct room {
    UCHAR *all;
    UCHAR *p;
    ULONG n;
};

static inline struct room room_new(ULONG n)
{
    size_t all = (size_t)n + 2 * ROOM_GUARD;
    struct room r = {malloc(all), NULL, n};
    FUZZ_CHECK(r.all != NULL);
    memset(r.all, ROOM_BYTE, all);
    r.p = r.all + ROOM_GUARD;
    return r;
}

/* Whether the bytes of the room from `from` on, and those around it, are as they were made. */
static inline bool room_untouched_from(const struct room *r, ULONG from)
{
    for (size_t i = 0; i < ROOM_GUARD; i++) {
        if (r->all[i] != ROOM_BYTE || r->p[r->n + i] != ROOM_BYTE)
            return false;
    }
    for (ULONG i = from; i < r->n; i++) {
        if (r->p[i] != ROOM_BYTE)
            return false;
    }
    return true;
}

static inline bool room_intact(const struct room *r)
{
    return room_untouched_from(r, r->n);
}

static inline bool room_untouched(const struct room *r)
{
    return room_untouched_from(r, 0);
}

static inline void room_free(struct room *r)
{
    free(r->all);
    r->all = NULL;
}

/* ---- objects that live as long as the process ---------------------------------------------------- */

/* NULL when this libcrypto does not have the algorithm. */
static inline BCRYPT_ALG_HANDLE open_algorithm(LPCWSTR name, ULONG flags)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&alg, name, NULL, flags);
    FUZZ_CHECK(status == STATUS_SUCCESS || status == STATUS_NOT_FOUND);
    return alg;
}

static inline void set_text(BCRYPT_HANDLE object, LPCWSTR name, LPCWSTR value)
{
    FUZZ_CHECK(BCryptSetProperty(object, name, (PUCHAR)value, text_bytes(value), 0) ==
               STATUS_SUCCESS);
}

#endif
