/*
 * Many hashes at once: SHA-256, SHA-384 and SHA-512 whose messages advance side by side in the
 * elements of vectors, or interleaved in the unit for SHA-256.
 *
 *   lanes_multi.c    operations on elements become streams of whole blocks: order, buffers, padding
 *   lanes_hash.c     the facts of each hash; which kernel takes how many streams
 *   lanes_sha*.c     kernels (lanes_kernel.h)
 *   lanes_cpu.c      what the processor has
 */
#ifndef PRIMITIVES_LANES_H
#define PRIMITIVES_LANES_H

#include "provider.h"

extern const struct multi_class multi_sha256, multi_sha384, multi_sha512;

#endif
