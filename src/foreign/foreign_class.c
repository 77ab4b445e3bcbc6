/*
 * Rows of loaded providers: one for each function that was opened, in a list that only grows.
 *
 * The lock is held for a look at the list and for a link at its end, never while the provider's code runs: a constructor, or
 * a Get...Interface, may open algorithms itself. Two threads that open the same function for the first time both ask the
 * provider, and the later one takes the earlier one's row.
 */
#include "foreign.h"

#include <pthread.h>
#include <stdlib.h>

#include "config.h"
#include "foreign_image.h"

static struct foreign_class *classes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* A provider that is registered anew under its name may be another one: the image counts, too. */
static bool is_same(const struct foreign_class *c, const struct foreign_class *what)
{
    return c->row.interface_id == what->row.interface_id &&
           name_is(&c->function, what->function.s) && name_is(&c->provider, what->provider.s) &&
           strcmp(c->image, what->image) == 0;
}

/* The row that is there already; otherwise `made`, when there is one, joins the list. */
static const struct foreign_class *find_or_add(const struct foreign_class *what,
                                               struct foreign_class *made)
{
    pthread_mutex_lock(&lock);
    struct foreign_class *c = classes;
    while (c != NULL && !is_same(c, what))
        c = c->next;
    if (c == NULL && made != NULL) {
        made->next = classes;
        c = classes = made;
    }
    pthread_mutex_unlock(&lock);
    return c;
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
    const struct foreign_class *c = find_or_add(made, NULL);
    if (c == NULL) {
        void *image;
        TRY(foreign_image_open(p, &image));
        TRY(foreign_kind_read(kind, image, p->name.s, function->s, &made->calls));
        fill(made);
        c = find_or_add(made, made);
        if (c == made)
            made = NULL;
    }
    *class = &c->row;
    return STATUS_SUCCESS;
}
