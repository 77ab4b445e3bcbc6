/* The end of a thread that keeps spare blocks (spare.h). */
#include "spare.h"

#include <pthread.h>

_Thread_local struct spares opencng_spares;

static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void thread_ends(void *p)
{
    struct spares *s = p;
    for (size_t i = 0; i < SPARE_KINDS; i++) {
        struct spare_list *l = &s->of[i];
        while (l->count > 0)
            l->release(l->block[--l->count]);
    }
    /* Objects that other destructors of this thread end come here again, and so does this function. */
    s->open = false;
}

static void start(void)
{
    exit_key_made = pthread_key_create(&exit_key, thread_ends) == 0;
}

bool spare_open(void)
{
    pthread_once(&once, start);
    opencng_spares.open = exit_key_made && pthread_setspecific(exit_key, &opencng_spares) == 0;
    return opencng_spares.open;
}
