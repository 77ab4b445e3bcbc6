/* The slow half of the object lock (busy.h): somebody else is inside. */
#include "busy.h"

#include <sched.h>

void busy_wait(struct busy *b)
{
    do {
        while (atomic_load_explicit(&b->taken, memory_order_relaxed))
            sched_yield();
    } while (atomic_exchange_explicit(&b->taken, true, memory_order_acquire));
}
