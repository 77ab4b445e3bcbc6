/* SHA-256, eight streams in AVX2's vectors. */
#include "lanes_kernel.h"

#if defined(__x86_64__)

#define LANES_KERNEL lanes_sha256_avx2
#define LANES_BITS 32
#include "lanes_avx2.h"
#include "lanes_rounds.h"

#endif
