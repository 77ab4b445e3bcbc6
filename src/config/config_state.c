/*
 * The picture that is in force. Whoever uses one holds it; a newer one takes its place meanwhile, and the
 * last user releases the old one.
 */
#include "config_state.h"

#include <pthread.h>

#include "config_picture.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* Under the mutex. NULL: to be read. */
static struct picture *current;

/* What config_orders answers. */
enum orders { ORDERS_UNKNOWN, ORDERS_NO, ORDERS_YES };
static _Atomic int orders;

static void lock(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

/* The child of a fork finds the mutex free and the picture whole. */
static void start(void)
{
    pthread_atfork(lock, unlock, unlock);
}

static void drop(struct picture *p)
{
    if (p != NULL && --p->uses == 0)
        picture_free(p);
}

/* Interfaces of algorithms, as opposed to those of ncrypt.h. */
static bool is_of_algorithms(uint32_t interface_id)
{
    return interface_id < 0x10000;
}

static bool context_orders(const struct config_context *context)
{
    if ((context->flags & CRYPT_EXCLUSIVE) != 0)
        return true;
    for (size_t i = 0; i < context->list_count; i++) {
        const struct config_list *list = &context->lists[i];
        for (size_t k = 0; is_of_algorithms(list->interface_id) && k < list->count; k++) {
            const struct config_function *f = &list->functions[k];
            if (f->provider_count > 0 || (f->flags & CRYPT_EXCLUSIVE) != 0)
                return true;
        }
    }
    return false;
}

/* Under the mutex; NULL: no memory. */
static struct picture *current_read(void)
{
    if (current != NULL)
        return current;
    current = picture_read();
    if (current == NULL)
        return NULL;
    static const struct name by_default = {CONFIG_DEFAULT_CONTEXT};
    current->uses = 1;
    bool says = context_orders(config_context_find(&current->config.in_force, &by_default));
    atomic_store(&orders, says ? ORDERS_YES : ORDERS_NO);
    return current;
}

const struct config *config_acquire(void)
{
    pthread_once(&once, start);
    lock();
    struct picture *p = current_read();
    if (p != NULL)
        p->uses++;
    unlock();
    return p == NULL ? NULL : &p->config;
}

void config_release(const struct config *c)
{
    if (c == NULL)
        return;
    lock();
    drop(CONTAINER_OF((struct config *)c, struct picture, config));
    unlock();
}

bool config_orders(void)
{
    int answer = atomic_load_explicit(&orders, memory_order_relaxed);
    if (answer != ORDERS_UNKNOWN)
        return answer == ORDERS_YES;
    config_release(config_acquire());
    return atomic_load_explicit(&orders, memory_order_relaxed) == ORDERS_YES;
}

void config_stale(void)
{
    pthread_once(&once, start);
    lock();
    drop(current);
    current = NULL;
    atomic_store(&orders, ORDERS_UNKNOWN);
    unlock();
}

bool config_refresh(void)
{
    pthread_once(&once, start);
    lock();
    bool changed = current != NULL && !picture_is_current(current);
    if (changed) {
        drop(current);
        current = NULL;
        atomic_store(&orders, ORDERS_UNKNOWN);
    }
    unlock();
    return changed;
}
