/*
 * The inner loops: SHA-2's compression function over several streams at once.
 *
 * A kernel takes as many chaining values, and as many runs of whole blocks, as it has lanes; all
 * runs are of one length. Its time and its memory accesses depend on the number of blocks and on
 * nothing else. A kernel's file compiles to nothing for other processors; whoever calls one has
 * asked lanes_cpu for its instructions.
 *
 * Everything here is written from FIPS 180-4 and from Intel's description of the instructions.
 */
#ifndef PRIMITIVES_LANES_KERNEL_H
#define PRIMITIVES_LANES_KERNEL_H

#include "base.h"

#define LANES_MOST 16 /* lanes of the widest kernel */

/* A chaining value as words of the machine: SHA-256 has the short ones. */
union lanes_state {
    uint32_t w32[8];
    uint64_t w64[8];
};

/* Takes state[i] over `blocks` (at least one) blocks at data[i]. */
typedef void lanes_run(union lanes_state *const state[], const uint8_t *const data[],
                       size_t blocks);

#if defined(__x86_64__)
lanes_run lanes_sha256_ni1, lanes_sha256_ni2, lanes_sha256_ni4;
lanes_run lanes_sha256_avx2;   /* 8 lanes */
lanes_run lanes_sha256_avx512; /* 16 lanes */
lanes_run lanes_sha512_avx2;   /* 4 lanes */
lanes_run lanes_sha512_vl;     /* 4 lanes, AVX-512's instructions on AVX2's vectors */
lanes_run lanes_sha512_avx512; /* 8 lanes */
#endif

/* The round constants, lanes_constants.c. */
extern const uint32_t lanes_k256[64];
extern const uint64_t lanes_k512[80];

/* For i from 0 to n - 1, n a small constant. The arrays of such loops belong in registers, for which
 * the loops have to be unrolled early: Clang does it by itself and only if it is not told to, GCC does
 * not at -O2. */
#if defined(__clang__)
#define LANES_EACH(i, n) for (size_t i = 0; i < (n); i++)
#else
#define LANES_EACH(i, n) _Pragma("GCC unroll 16") for (size_t i = 0; i < (n); i++)
#endif

#endif
