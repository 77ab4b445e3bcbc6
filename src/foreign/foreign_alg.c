/* Algorithms and objects of a provider that is loaded: what each of ours keeps of the provider's, and how long. */
#include "foreign.h"

#include <stdlib.h>

/* More than this no provider has a use for; it would be a number that was never set. */
#define MEMORY_MAX (1u << 20)

/* ---- the provider's open algorithm ---------------------------------------------------------- */

void foreign_open_use(struct foreign_open *open)
{
    atomic_fetch_add_explicit(&open->uses, 1, memory_order_relaxed);
}

void foreign_open_leave(struct foreign_open *open)
{
    if (open == NULL || atomic_fetch_sub(&open->uses, 1) > 1)
        return;
    if (open->handle != NULL)
        open->calls->close(open->handle, 0);
    free(open);
}

/* What this thread is just opening. */
struct opening {
    const struct alg_class *class;
    const struct opening *outer;
};

static _Thread_local const struct opening *innermost __attribute__((tls_model("initial-exec")));

/* A provider that opens, from within its own open and without naming a provider, the algorithm that it serves, would be asked again and
 * again. It is passed over: it gets the next provider's. */
static bool is_opening(const struct alg_class *class)
{
    const struct opening *o = innermost;
    while (o != NULL && o->class != class)
        o = o->outer;
    return o != NULL;
}

static NTSTATUS call_open(const struct alg *alg, BCRYPT_ALG_HANDLE *handle)
{
    struct foreign_text name;
    if (is_opening(alg->class))
        return STATUS_NOT_FOUND;
    const struct opening this = {alg->class, innermost};
    innermost = &this;
    NTSTATUS status = foreign_class_of(alg->class)
                          ->calls.open(handle, foreign_text(&name, alg->class->name), alg->flags);
    innermost = this.outer;
    return status;
}

NTSTATUS foreign_alg_init(struct alg *alg)
{
    const struct foreign_calls *calls = &foreign_class_of(alg->class)->calls;
    struct foreign_open *open = calloc(1, sizeof *open);
    if (open == NULL)
        return STATUS_NO_MEMORY;
    open->calls = calls;
    atomic_init(&open->uses, 1);
    CONTAINER_OF(alg, struct foreign_alg, base)->open = open;

    BCRYPT_ALG_HANDLE handle = NULL;
    TRY(call_open(alg, &handle));
    if (handle == NULL)
        return STATUS_INTERNAL_ERROR;
    open->handle = handle;
    return foreign_alg_ask_length(alg);
}

void foreign_alg_done(struct alg *alg)
{
    foreign_open_leave(foreign_open_of(alg));
}

bool foreign_get_number(const struct foreign_calls *calls, BCRYPT_HANDLE handle, const char *name,
                        uint32_t *value)
{
    struct foreign_text text;
    ULONG n = 0;
    NTSTATUS status =
        calls->get(handle, foreign_text(&text, name), (PUCHAR)value, sizeof *value, &n, 0);
    return status >= 0 && n == sizeof *value;
}

uint32_t foreign_alg_measure(const struct alg *alg)
{
    return atomic_load_explicit(&CONST_CONTAINER_OF(alg, struct foreign_alg, base)->object_length,
                                memory_order_relaxed);
}

NTSTATUS foreign_alg_ask_length(struct alg *alg)
{
    const struct foreign_open *open = foreign_open_of(alg);
    uint32_t size = 0;
    if (!foreign_get_number(open->calls, open->handle, "ObjectLength", &size))
        size = 0;
    if (size > MEMORY_MAX)
        return STATUS_INTERNAL_ERROR;
    atomic_store_explicit(&CONTAINER_OF(alg, struct foreign_alg, base)->object_length, size,
                          memory_order_relaxed);
    return STATUS_SUCCESS;
}

NTSTATUS foreign_alg_random(struct alg *alg, uint32_t flags, uint8_t *p, size_t n)
{
    const struct foreign_open *open = foreign_open_of(alg);
    NTSTATUS status = open->calls->random(open->handle, p, (ULONG)n, flags);
    if (status < 0)
        wipe(p, n); /* a program that does not look must not take half a key for one */
    return status;
}

/* ---- objects -------------------------------------------------------------------------------- */

NTSTATUS foreign_part_init(struct foreign_part *part, struct foreign_open *open, uint32_t memory)
{
    foreign_open_use(open);
    part->open = open;
    return memory == 0 ? STATUS_SUCCESS : secret_new(&part->memory, memory);
}

void foreign_part_done(struct foreign_part *part)
{
    secret_done(&part->memory);
    foreign_open_leave(part->open);
    part->open = NULL;
}

NTSTATUS foreign_key_new(struct alg *alg, struct key **out)
{
    struct key *key = key_alloc(alg, sizeof(struct foreign_key));
    if (key == NULL)
        return STATUS_NO_MEMORY;
    key->has_private = true; /* or not: the provider knows */
    uint32_t memory = alg->class->sym != NULL ? key->object_length : 0;
    NTSTATUS status = foreign_part_init(&foreign_key_of(key)->part, foreign_open_of(alg), memory);
    if (status < 0) {
        key_free(key);
        return status;
    }
    *out = key;
    return STATUS_SUCCESS;
}

NTSTATUS foreign_key_made(NTSTATUS status, struct key *made, struct key **out)
{
    status = foreign_made(status, &foreign_key_of(made)->part);
    if (status < 0) {
        foreign_key_of(made)->part.handle = NULL;
        key_free(made);
        return status;
    }
    *out = made;
    return STATUS_SUCCESS;
}

void foreign_key_done(struct key *key)
{
    struct foreign_part *part = &foreign_key_of(key)->part;
    if (part->handle != NULL)
        part->open->calls->destroy_key(part->handle);
    foreign_part_done(part);
}
