/*
 * Rows of loaded providers: one for each function that was opened, in a list that only grows.
 *
 * There is no lock, which a constructor or a Get...Interface that opens algorithms itself, or a fork, could find taken. Two threads that
 * open the same function for the first time both ask the provider, and the later one takes the earlier one's row.
 */
#include "foreign.h"

#include <stdlib.h>

#include "config.h"
#include "foreign_image.h"

static _Atomic(struct foreign_class *) classes;

/* A provider that is registered anew under its name may be another one: the image counts, too. */
static bool is_same(const struct foreign_class *c, const struct foreign_class *what)
{
    return c->row.interface_id == what->row.interface_id &&
           name_is(&c->function, what->function.s) && name_is(&c->provider, what->provider.s) &&
           strcmp(c->image, what->image) == 0;
}

static const struct foreign_class *find_from(const struct foreign_class *c,
                                             const struct foreign_class *what)
{
    while (c != NULL && !is_same(c, what))
        c = c->next;
    return c;
}

/* Puts the row in front, unless there is one like it by now, which is then the one that counts. */
static const struct foreign_class *add(struct foreign_class *made)
{
    struct foreign_class *head = atomic_load(&classes);
    do {
        const struct foreign_class *earlier = find_from(head, made);
        if (earlier != NULL)
            return earlier;
        made->next = head;
    } while (!atomic_compare_exchange_weak(&classes, &head, made));
    return made;
}

static void class_done(struct foreign_class **c)
{
    if (*c != NULL)
        free((*c)->image);
    free(*c);
}

/* Facts and functions, as far as the provider's table goes. Each is the provider's business: no flag, no key, no length is
 * refused before it is asked. */
static void fill(struct foreign_class *c)
{
    const struct foreign_calls *calls = &c->calls;
    c->row.name = c->function.s;
    c->row.operations =
        1u << (c->row.interface_id - 1); /* the bits are numbered like the interfaces */
    c->row.open_flags = ~0u;
    c->row.random_flags = ~0u;
    c->row.capi_expands = foreign_capi_expands(c->function.s);
    c->row.props = foreign_props;
    c->row.alg_size = sizeof(struct foreign_alg);
    c->row.alg_init = foreign_alg_init;
    c->row.alg_measure = foreign_alg_measure;
    c->row.alg_done = foreign_alg_done;
    if (calls->create_hash != NULL)
        c->row.hash = c->row.hmac = &foreign_hash_class;
    if (calls->import_pair != NULL) {
        foreign_asym_init(&c->asym, calls);
        c->row.asym = &c->asym;
    }
    if (calls->make_key != NULL) {
        foreign_sym_init(&c->sym, calls);
        c->row.sym = &c->sym;
    }
    if (calls->agree != NULL)
        c->row.agreed = &foreign_agreed_class;
    if (calls->random != NULL)
        c->row.random = foreign_alg_random;
}

NTSTATUS opencng_foreign_class(const struct config_provider *p, uint32_t interface_id,
                               const struct name *function, const struct alg_class **class)
{
    const struct foreign_kind *kind = foreign_kind_find(interface_id);
    if (kind == NULL)
        return STATUS_NOT_FOUND;
    CLEANUP(class_done) struct foreign_class *made = calloc(1, sizeof *made);
    if (made == NULL || (made->image = strdup(p->image)) == NULL)
        return STATUS_NO_MEMORY;
    made->row.interface_id = interface_id;
    made->function = *function;
    made->provider = p->name;
    const struct foreign_class *c = find_from(atomic_load(&classes), made);
    if (c == NULL) {
        void *image;
        TRY(foreign_image_open(p, &image));
        TRY(foreign_kind_read(kind, image, p->name.s, function->s, &made->calls));
        fill(made);
        c = add(made);
        if (c == made)
            made = NULL;
    }
    *class = &c->row;
    return STATUS_SUCCESS;
}
