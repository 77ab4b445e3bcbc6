/* The hashes that have kernels, and the choice among these. */
#ifndef PRIMITIVES_LANES_HASH_H
#define PRIMITIVES_LANES_HASH_H

#include "lanes_kernel.h"

struct lanes_kernel {
    unsigned needs; /* LANES_... that the processor must have */
    size_t from;    /* streams from which it is the best of those that follow */
    size_t lanes;   /* streams that it takes */
    size_t frame;   /* bytes of stack that it may leave words of the messages on */
    lanes_run *run;
};

struct lanes_hash {
    bool long_words; /* 64 bits instead of 32; a block has sixteen */
    uint8_t shift;   /* a block has 1 << shift bytes */
    uint8_t digest;  /* words of the digest */
    union lanes_state start;
    const struct lanes_kernel *kernels; /* the last one takes any number of streams everywhere */
};

extern const struct lanes_hash lanes_sha256, lanes_sha384, lanes_sha512;

/* A chaining value and the whole blocks that it has to go over. */
struct lanes_stream {
    union lanes_state state;
    const uint8_t *at;
    size_t blocks;
};

/* Takes some of n > 0 streams that all have blocks, from the end of the list, over as many blocks as
 * the shortest of them has. Returns how many streams. */
size_t lanes_advance(const struct lanes_hash *hash, struct lanes_stream *const streams[], size_t n);

/* Wipes what lanes_advance, called with at most n streams, left on the stack below the caller's own
 * frame: a kernel puts words of the messages there when its registers run out. */
void lanes_forget(const struct lanes_hash *hash, size_t n);

#endif
