/* SHA-512 and SHA-384, eight streams in vectors of 512 bits. */
#include "lanes_kernel.h"

#if defined(__x86_64__)

#define LANES_KERNEL lanes_sha512_avx512
#define LANES_BITS 64
#include "lanes_avx512.h"
#include "lanes_rounds.h"

#endif
