/* The end of a thread that keeps spare blocks (spare.h). */
#include "spare.h"

#include <pthread.h>

_Thread_local struct spares opencng_spares;

static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static _Thread_local bool forbidden;

static void give_back(struct spares *s)
{
    for (size_t i = 0; i < SPARE_KINDS; i++) {
        struct spare_list *l = &s->of[i];
        while (l->count > 0)
            l->release(l->block[--l->count]);
    }
}

static void thread_ends(void *p)
{
    struct spares *s = p;
    give_back(s);
    /* Objects that other destructors of this thread end come here again, and so does this function. */
    s->open = false;
}

static void start(void)
{
    exit_key_made = pthread_key_create(&exit_key, thread_ends) == 0;
}

bool spare_open(void)
{
    if (forbidden)
        return false;
    pthread_once(&once, start);
    opencng_spares.open = exit_key_made && pthread_setspecific(exit_key, &opencng_spares) == 0;
    return opencng_spares.open;
}

bool spare_is_kept(void)
{
    return SPARES_KEPT && !forbidden;
}

void spare_allow(bool on)
{
    forbidden = !on;
    if (on)
        return;
    give_back(&opencng_spares);
    opencng_spares.open = false;
}
