/*
 * GHASH, the hash of GCM (SP 800-38D, 6.4), over whole blocks and from any value on: libcrypto has it only
 * inside of GCM, from the beginning to the end.
 *
 *   ghash.c         everywhere, by ordinary multiplications
 *   ghash_clmul.c   with the processor's multiplication of polynomials, eight blocks at a time
 *
 * Both take the same time whatever the key and the blocks are. The hash subkey and the values are secrets.
 */
#ifndef PRIMITIVES_GHASH_H
#define PRIMITIVES_GHASH_H

#include "base.h"

#define GHASH_BLOCK 16
#define GHASH_POWERS 8 /* blocks that are multiplied together */

struct ghash_value {
    uint8_t p[GHASH_BLOCK];
};

/* A power of the hash subkey, as ghash_clmul.c has it. */
struct ghash_power {
    struct ghash_value value, halves_added;
};

/* A hash subkey, made ready for one of the two ways. */
struct ghash {
    void (*update)(struct ghash *g, struct ghash_value *y, const uint8_t *p, size_t blocks);
    size_t few; /* blocks up to which this is quicker than libcrypto's GMAC; at least one */
    struct ghash_value h;
    /* The quick one's: how many powers of h it has made up to now, and these. */
    size_t powers;
    struct ghash_power power[GHASH_POWERS];
};

/* Whether the processor has the quick way; then hashing a few blocks costs less than asking libcrypto. */
bool ghash_is_quick(void);

/* Sets up everything but g->h, which the caller has put there. */
void ghash_init(struct ghash *g);

/* *y goes on over so many blocks at p. */
static inline void ghash_update(struct ghash *g, struct ghash_value *y, const uint8_t *p,
                                size_t blocks)
{
    g->update(g, y, p, blocks);
}

/* ghash_clmul.c; only where ghash_is_quick. */
void ghash_clmul(struct ghash *g, struct ghash_value *y, const uint8_t *p, size_t blocks);

#endif
