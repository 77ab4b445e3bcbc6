#include "inject.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "handle.h"
#include "secret.h"

struct injection injection;
void (*block_released)(const void *p, size_t n);

static struct live live;

void injection_reset(unsigned long refuse, bool from_then_on)
{
    injection = (struct injection){.refuse = refuse, .from_then_on = from_then_on};
}

struct live live_now(void)
{
    struct live now = live;
    now.handles = (long)handle_count_live();
    return now;
}

static bool refused(void)
{
    if (!injection.armed)
        return false;
    injection.points++;
    bool now =
        injection.points == injection.refuse ||
        (injection.from_then_on && injection.refuse != 0 && injection.points > injection.refuse);
    injection.refused += now;
    if (now)
        errno = ENOMEM;
    return now;
}

/* ---- malloc and its relatives ------------------------------------------------------------------------------- */

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);
void __libc_free(void *p);

static void *counted(void *p)
{
    live.blocks += p != NULL;
    return p;
}

static void seen(const void *p)
{
    if (block_released != NULL && p != NULL)
        block_released(p, malloc_usable_size((void *)(size_t)p));
}

void *malloc(size_t n)
{
    return refused() ? NULL : counted(__libc_malloc(n));
}

void *calloc(size_t count, size_t n)
{
    return refused() ? NULL : counted(__libc_calloc(count, n));
}

void *realloc(void *p, size_t n)
{
    if (refused())
        return NULL;
    seen(p);
    void *moved = __libc_realloc(p, n);
    live.blocks += (p == NULL && moved != NULL) - (p != NULL && n == 0);
    return moved;
}

void *memalign(size_t alignment, size_t n)
{
    return refused() ? NULL : counted(__libc_memalign(alignment, n));
}

void *aligned_alloc(size_t alignment, size_t n)
{
    return memalign(alignment, n);
}

int posix_memalign(void **p, size_t alignment, size_t n)
{
    void *made = memalign(alignment, n);
    if (made == NULL)
        return ENOMEM;
    *p = made;
    return 0;
}

void free(void *p)
{
    seen(p);
    live.blocks -= p != NULL;
    __libc_free(p);
}

/* ---- between the sources -------------------------------------------------------------------------------------- */

NTSTATUS __real_secret_new(struct secret *out, size_t n);
NTSTATUS __wrap_secret_new(struct secret *out, size_t n);
NTSTATUS __real_secret_copy(struct secret *out, struct span from);
NTSTATUS __wrap_secret_copy(struct secret *out, struct span from);
void *__real_secret_calloc(size_t n);
void *__wrap_secret_calloc(size_t n);
void __real_secret_free(void *p, size_t n);
void __wrap_secret_free(void *p, size_t n);
void __real_secret_done(struct secret *s);
void __wrap_secret_done(struct secret *s);
NTSTATUS __real_handle_new(struct object *o, void **handle);
NTSTATUS __wrap_handle_new(struct object *o, void **handle);
void *__real_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset);

NTSTATUS __wrap_secret_new(struct secret *out, size_t n)
{
    NTSTATUS status = refused() ? STATUS_NO_MEMORY : __real_secret_new(out, n);
    live.secrets += status >= 0;
    return status;
}

NTSTATUS __wrap_secret_copy(struct secret *out, struct span from)
{
    NTSTATUS status = refused() ? STATUS_NO_MEMORY : __real_secret_copy(out, from);
    live.secrets += status >= 0;
    return status;
}

void *__wrap_secret_calloc(size_t n)
{
    void *p = refused() ? NULL : __real_secret_calloc(n);
    live.secrets += p != NULL;
    return p;
}

void __wrap_secret_free(void *p, size_t n)
{
    live.secrets -= p != NULL;
    __real_secret_free(p, n);
}

void __wrap_secret_done(struct secret *s)
{
    live.secrets -= s->p != NULL;
    __real_secret_done(s);
}

NTSTATUS __wrap_handle_new(struct object *o, void **handle)
{
    return refused() ? STATUS_NO_MEMORY : __real_handle_new(o, handle);
}

void *__wrap_mmap(void *at, size_t n, int protection, int flags, int fd, off_t offset)
{
    return refused() ? MAP_FAILED : __real_mmap(at, n, protection, flags, fd, offset);
}
