/*
 * Bytes. A `view` borrows, `octets` own: they grow, and are wiped whenever memory is let go, because most of what
 * the tool handles is a key or close to one. Memory that runs out ends the program.
 */
#ifndef CLI_OCTETS_H
#define CLI_OCTETS_H

#include "cli.h"

struct view {
    const uint8_t *p;
    size_t n;
};

struct octets {
    uint8_t *p;
    size_t n;
    size_t room;
};

void octets_done(struct octets *o);

#define OCTETS CLEANUP(octets_done) struct octets

static inline struct view view_of(const struct octets *o)
{
    return (struct view){o->p, o->n};
}

struct view view_of_text(const char *text);

/* Without leading zeros; the number zero is empty. */
struct view view_trim(struct view v);

bool view_equal(struct view a, struct view b);

/* Bits of a big-endian number. */
size_t view_bits(struct view v);

/* Zeroed memory of the program's own, never NULL. */
void *alloc_or_exit(size_t n);

/* Makes it n bytes long; what is new is zero. */
void octets_resize(struct octets *o, size_t n);
void octets_set(struct octets *o, struct view v);
void octets_append(struct octets *o, struct view v);
void octets_append_text(struct octets *o, const char *text);

/* A big-endian number in exactly `width` bytes; false: it is longer. */
bool octets_set_number(struct octets *o, struct view number, size_t width) MUST_CHECK;

void octets_reverse(struct octets *o);

/* Adds a NUL that is not counted, so that p is a string. */
const char *octets_text(struct octets *o);

void octets_to_hex(struct octets *text, struct view v);

/* Two digits a byte; blanks, colons and line ends between them are skipped. */
bool octets_from_hex(struct octets *o, struct view text) MUST_CHECK;

#endif
