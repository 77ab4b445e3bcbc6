/* What the processor has (lanes_cpu.h). */
#include "lanes_cpu.h"

#include <stdatomic.h>
#include <stdbool.h>

#define ASKED 0x80000000u /* tells "none" from "not asked yet" */

#if defined(__x86_64__)

#include <cpuid.h>

/* GCC's and Clang's builtin does not know the SHA instructions by name everywhere. They need no state
 * but the one that every x86-64 system saves. */
static bool has_sha(void)
{
    unsigned a, b, c, d;
    return __builtin_cpu_supports("sse4.1") && __builtin_cpu_supports("ssse3") &&
           __get_cpuid_count(7, 0, &a, &b, &c, &d) == 1 && (b & bit_SHA) != 0;
}

/* AMD's family 19h (Zen 4) has AVX-512, but its units are 256 bits wide: each vector goes through
 * them twice ("Software Optimization Guide for the AMD Zen4 Microarchitecture"). */
static bool halves_vectors(void)
{
    unsigned a, b, c, d;
    if (__get_cpuid(0, &a, &b, &c, &d) != 1 || b != signature_AMD_ebx)
        return false;
    if (__get_cpuid(1, &a, &b, &c, &d) != 1)
        return false;
    return ((a >> 8) & 0xF) + ((a >> 20) & 0xFF) == 0x19; /* family and extended family */
}

static unsigned ask(void)
{
    unsigned found = has_sha() ? LANES_SHA : 0;
    if (__builtin_cpu_supports("avx2"))
        found |= LANES_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        found |= LANES_AVX512 | (halves_vectors() ? 0 : LANES_WIDE);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512ifma"))
        found |= LANES_IFMA;
    if (__builtin_cpu_supports("pclmul") && __builtin_cpu_supports("ssse3"))
        found |= LANES_CLMUL;
    return found;
}

#else

static unsigned ask(void)
{
    return 0;
}

#endif

static _Atomic unsigned known;
static _Atomic unsigned shown = ~0u;

unsigned lanes_cpu(void)
{
    unsigned found = atomic_load_explicit(&known, memory_order_relaxed);
    if (found == 0) {
        found = ask() | ASKED;
        atomic_store_explicit(&known, found, memory_order_relaxed);
    }
    return found & ~ASKED & atomic_load_explicit(&shown, memory_order_relaxed);
}

const char *lanes_cpu_names(void)
{
    static const char *const names[] = {
        "none",    "SHA",          "AVX2",          "AVX2, SHA",
        "AVX-512", "AVX-512, SHA", "AVX-512, AVX2", "AVX-512, AVX2, SHA"};
    return names[lanes_cpu() & (LANES_SHA | LANES_AVX2 | LANES_AVX512)];
}

void lanes_restrict(unsigned visible)
{
    atomic_store_explicit(&shown, visible, memory_order_relaxed);
}
