/* The beginning and the end of a thread's spare blocks (spare.h). */
#include "spare.h"

#include <pthread.h>
#include <stdlib.h>

_Thread_local struct spare_list *opencng_spares;

static _Thread_local bool forbidden __attribute__((tls_model("initial-exec")));
static pthread_key_t exit_key;
static bool exit_key_made;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void give_back(struct spare_list *lists)
{
    for (size_t i = 0; i < SPARE_KINDS; i++) {
        struct spare_list *l = &lists[i];
        while (l->count > 0)
            l->release(l->block[--l->count], i);
    }
    free(lists);
    opencng_spares = NULL;
}

/* Objects that other destructors of this thread end come here again, and so does this function. */
static void thread_ends(void *p)
{
    give_back(p);
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
    struct spare_list *lists = exit_key_made ? calloc(SPARE_KINDS, sizeof *lists) : NULL;
    if (lists != NULL && pthread_setspecific(exit_key, lists) != 0) {
        free(lists);
        lists = NULL;
    }
    opencng_spares = lists;
    return lists != NULL;
}

bool spare_is_kept(void)
{
    return SPARES_KEPT && !forbidden;
}

void spare_allow(bool on)
{
    forbidden = !on;
    if (on || opencng_spares == NULL)
        return;
    pthread_setspecific(exit_key, NULL);
    give_back(opencng_spares);
}
