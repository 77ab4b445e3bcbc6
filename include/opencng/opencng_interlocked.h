/* opencng_interlocked.h: the Interlocked... operations of winnt.h, which are full barriers. Functions of this header, not of a library. */
#ifndef OPENCNG_INTERLOCKED_H
#define OPENCNG_INTERLOCKED_H

#include "windef.h"

/* Each of these returns what Windows' function of that name does: Increment and Decrement the new value, the others the one that was there. */
#define OPENCNG_INTERLOCKED_(suffix, type)                                                                             \
	static __inline__ type InterlockedIncrement##suffix(volatile type *Addend)                                         \
	{                                                                                                                  \
		return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);                                                        \
	}                                                                                                                  \
	static __inline__ type InterlockedDecrement##suffix(volatile type *Addend)                                         \
	{                                                                                                                  \
		return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);                                                        \
	}                                                                                                                  \
	static __inline__ type InterlockedExchangeAdd##suffix(volatile type *Addend, type Value)                           \
	{                                                                                                                  \
		return __atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);                                                    \
	}                                                                                                                  \
	static __inline__ type InterlockedAdd##suffix(volatile type *Addend, type Value)                                   \
	{                                                                                                                  \
		return __atomic_add_fetch(Addend, Value, __ATOMIC_SEQ_CST);                                                    \
	}                                                                                                                  \
	static __inline__ type InterlockedExchange##suffix(volatile type *Target, type Value)                              \
	{                                                                                                                  \
		return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);                                                   \
	}                                                                                                                  \
	static __inline__ type InterlockedCompareExchange##suffix(volatile type *Destination, type Exchange, type Comparand) \
	{                                                                                                                  \
		__atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);         \
		return Comparand;                                                                                              \
	}                                                                                                                  \
	static __inline__ type InterlockedAnd##suffix(volatile type *Destination, type Value)                              \
	{                                                                                                                  \
		return __atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);                                               \
	}                                                                                                                  \
	static __inline__ type InterlockedOr##suffix(volatile type *Destination, type Value)                               \
	{                                                                                                                  \
		return __atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);                                                \
	}                                                                                                                  \
	static __inline__ type InterlockedXor##suffix(volatile type *Destination, type Value)                              \
	{                                                                                                                  \
		return __atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);                                               \
	}

OPENCNG_INTERLOCKED_(, LONG)
OPENCNG_INTERLOCKED_(64, LONG64)
#undef OPENCNG_INTERLOCKED_

static __inline__ PVOID InterlockedExchangePointer(PVOID volatile *Target, PVOID Value)
{
	return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

static __inline__ PVOID InterlockedCompareExchangePointer(PVOID volatile *Destination, PVOID Exchange, PVOID Comparand)
{
	__atomic_compare_exchange_n(Destination, &Comparand, Exchange, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
	return Comparand;
}

/* The forms with a weaker order, which may be stronger. */
#define InterlockedIncrementAcquire InterlockedIncrement
#define InterlockedIncrementRelease InterlockedIncrement
#define InterlockedIncrementNoFence InterlockedIncrement
#define InterlockedDecrementAcquire InterlockedDecrement
#define InterlockedDecrementRelease InterlockedDecrement
#define InterlockedDecrementNoFence InterlockedDecrement
#define InterlockedCompareExchangeAcquire InterlockedCompareExchange
#define InterlockedCompareExchangeRelease InterlockedCompareExchange
#define InterlockedCompareExchangePointerAcquire InterlockedCompareExchangePointer
#define InterlockedCompareExchangePointerRelease InterlockedCompareExchangePointer

#define MemoryBarrier() __atomic_thread_fence(__ATOMIC_SEQ_CST)

#endif /* OPENCNG_INTERLOCKED_H */
