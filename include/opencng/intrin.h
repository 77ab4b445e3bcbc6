/* intrin.h: the intrinsics that are not already the compiler's own; on x86 those of <x86intrin.h>, where GCC and Clang keep the others. */
#ifndef OPENCNG_INTRIN_H
#define OPENCNG_INTRIN_H

#if defined(__x86_64__) || defined(__i386__)
#include <x86intrin.h>
#endif

#include "opencng_interlocked.h"

#define _ReadWriteBarrier() __atomic_signal_fence(__ATOMIC_SEQ_CST)
#define _InterlockedIncrement InterlockedIncrement
#define _InterlockedDecrement InterlockedDecrement
#define _InterlockedExchange InterlockedExchange
#define _InterlockedExchangeAdd InterlockedExchangeAdd
#define _InterlockedCompareExchange InterlockedCompareExchange

#define _byteswap_ushort(value) __builtin_bswap16(value)
#define _byteswap_ulong(value) __builtin_bswap32(value)
#define _byteswap_uint64(value) __builtin_bswap64(value)
#ifndef __debugbreak
#define __debugbreak() __builtin_trap()
#endif

/* The number of the lowest (highest) bit that is 1. Return 0 and leave *Index alone when there is none. */
static __inline__ unsigned char opencng_bit_scan(DWORD *Index, uint64_t Mask, int highest)
{
	if (Mask == 0)
		return 0;
	*Index = (DWORD)(highest ? 63 - __builtin_clzll(Mask) : __builtin_ctzll(Mask));
	return 1;
}
#define _BitScanForward(index, mask) opencng_bit_scan((index), (uint32_t)(mask), 0)
#define _BitScanReverse(index, mask) opencng_bit_scan((index), (uint32_t)(mask), 1)
#define _BitScanForward64(index, mask) opencng_bit_scan((index), (mask), 0)
#define _BitScanReverse64(index, mask) opencng_bit_scan((index), (mask), 1)

#endif /* OPENCNG_INTRIN_H */
