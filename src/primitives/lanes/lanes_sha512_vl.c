/* SHA-512 and SHA-384, four streams in AVX-512's vectors of 256 bits. */
#include "lanes_kernel.h"

#if defined(__x86_64__)

#define LANES_KERNEL lanes_sha512_vl
#define LANES_BITS 64
#define LANES_VL
#include "lanes_avx2.h"
#include "lanes_rounds.h"

#endif
