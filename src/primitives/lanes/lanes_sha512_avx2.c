/* SHA-512 and SHA-384, four streams in AVX2's vectors. */
#include "lanes_kernel.h"

#if defined(__x86_64__)

#define LANES_KERNEL lanes_sha512_avx2
#define LANES_BITS 64
#include "lanes_avx2.h"
#include "lanes_rounds.h"

#endif
