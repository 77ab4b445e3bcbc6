/* SHA-256, sixteen streams in vectors of 512 bits. */
#include "lanes_kernel.h"

#if defined(__x86_64__)

#define LANES_KERNEL lanes_sha256_avx512
#define LANES_BITS 32
#include "lanes_avx512.h"
#include "lanes_rounds.h"

#endif
