/*
 * Making, sharing and comparing groups (ecc_group.h).
 *
 * Explicit parameters are measured against the named curves first. Whoever has the same field and
 * equation but another generator, order or cofactor is refused: a forger may choose a generator for
 * which he knows the private key to somebody's public key (CVE-2020-0601).
 */
#include "ecc_group.h"

#include <stdlib.h>
#include <string.h>

static _Atomic(struct ecc_group *) named_groups[DOMAIN_COUNT];

static void group_free(struct ecc_group *g)
{
    if (g == NULL)
        return;
    g->form->group_done(g);
    free(g);
}

OSSL_CLEANUP(struct ecc_group, group_done, group_free)

struct ecc_group *ecc_group_ref(struct ecc_group *g)
{
    if (g != NULL && !g->permanent)
        atomic_fetch_add_explicit(&g->users, 1, memory_order_relaxed);
    return g;
}

void ecc_group_unref(struct ecc_group *g)
{
    if (g != NULL && !g->permanent &&
        atomic_fetch_sub_explicit(&g->users, 1, memory_order_acq_rel) == 1)
        group_free(g);
}

/* Copies a number to *at in n bytes. */
static struct num keep(uint8_t **at, struct num v, size_t n)
{
    uint8_t *to = *at;
    *at += n;
    bool fits = num_to_be(v, to, n);
    return fits ? num_be(to, n) : num_be(NULL, 0);
}

static size_t bytes_of(size_t bits)
{
    return (bits + 7) / 8;
}

static NTSTATUS group_make(const struct curve_form *form, const struct curve_domain *domain,
                           const struct ecc_params_view *v, struct ecc_group **group)
{
    size_t field = bytes_of(num_bits(v->p));
    size_t order = bytes_of(num_bits(v->order));
    size_t cofactor = bytes_of(num_bits(v->cofactor));
    CLEANUP(group_done)
    struct ecc_group *g = calloc(1, sizeof *g + 5 * field + order + cofactor + v->seed.n);
    if (g == NULL)
        return STATUS_NO_MEMORY;
    g->form = form;
    g->domain = domain;
    atomic_init(&g->users, 1);
    g->field_bits = num_bits(v->p);
    g->field_bytes = field;
    g->order_bits = num_bits(v->order);
    g->order_bytes = order;
    g->prime_order = num_bits(v->cofactor) == 1;

    uint8_t *at = g->bytes;
    g->params = (struct ecc_params_view){
        .curve_type = form->curve_type,
        .generation = v->generation,
        .field_bytes = field,
        .order_bytes = order,
    };
    g->params.p = keep(&at, v->p, field);
    g->params.a = keep(&at, v->a, field);
    g->params.b = keep(&at, v->b, field);
    g->params.gx = keep(&at, v->gx, field);
    g->params.gy = keep(&at, v->gy, field);
    g->params.order = keep(&at, v->order, order);
    g->params.cofactor = keep(&at, v->cofactor, cofactor);
    if (v->seed.n > 0) {
        memcpy(at, v->seed.p, v->seed.n);
        g->params.seed = span_of(at, v->seed.n);
    }
    TRY(form->group_init(g));
    *group = g;
    g = NULL;
    return STATUS_SUCCESS;
}

/* The numbers of a row, read into memory that belongs to `buffer`. */
struct row_numbers {
    uint8_t bytes[6 * ECC_MOST_ORDER_BYTES];
    struct ecc_params_view view;
};

static struct num read_hex(const char *hex, uint8_t **at)
{
    size_t n = 0;
    uint8_t *to = *at;
    if (OPENSSL_hexstr2buf_ex(to, ECC_MOST_ORDER_BYTES, &n, hex, '\0') != 1)
        n = 0;
    *at += n;
    return num_be(to, n);
}

static void read_row(const struct curve_domain *d, struct row_numbers *r)
{
    uint8_t *at = r->bytes;
    r->view =
        (struct ecc_params_view){.curve_type = d->form->curve_type, .cofactor = num_be(&d->h, 1)};
    r->view.p = read_hex(d->p, &at);
    r->view.a = read_hex(d->a, &at);
    r->view.b = read_hex(d->b, &at);
    r->view.gx = read_hex(d->gx, &at);
    r->view.gy = read_hex(d->gy, &at);
    r->view.order = read_hex(d->n, &at);
}

NTSTATUS ecc_group_named(const struct curve_domain *domain, struct ecc_group **group)
{
    _Atomic(struct ecc_group *) *slot = &named_groups[domain - curve_domains];
    *group = atomic_load_explicit(slot, memory_order_acquire);
    if (*group != NULL)
        return STATUS_SUCCESS;

    struct row_numbers numbers;
    read_row(domain, &numbers);
    struct ecc_group *made;
    TRY(group_make(domain->form, domain, &numbers.view, &made));
    made->permanent = true;
    if (!atomic_compare_exchange_strong(slot, group, made)) {
        group_free(made);
        return STATUS_SUCCESS;
    }
    *group = made;
    return STATUS_SUCCESS;
}

/* How far explicit parameters agree with a named curve. */
enum likeness { DIFFERENT, RESEMBLES, EQUAL };

static enum likeness compare(const struct ecc_params_view *v, const struct ecc_params_view *w)
{
    if (v->curve_type != w->curve_type || !num_equal_public(v->p, w->p) ||
        !num_equal_public(v->a, w->a) || !num_equal_public(v->b, w->b))
        return DIFFERENT;
    bool same = num_equal_public(v->gx, w->gx) && num_equal_public(v->gy, w->gy) &&
                num_equal_public(v->order, w->order) && num_equal_public(v->cofactor, w->cofactor);
    return same ? EQUAL : RESEMBLES;
}

static enum likeness find_domain(const struct ecc_params_view *v,
                                 const struct curve_domain **domain)
{
    size_t bits = num_bits(v->p);
    for (size_t i = 0; i < DOMAIN_COUNT; i++) {
        if (curve_domains[i].bits != bits)
            continue;
        struct row_numbers numbers;
        read_row(&curve_domains[i], &numbers);
        enum likeness found = compare(v, &numbers.view);
        if (found != DIFFERENT) {
            *domain = &curve_domains[i];
            return found;
        }
    }
    return DIFFERENT;
}

NTSTATUS ecc_group_explicit(const struct ecc_params_view *v, struct ecc_group **group)
{
    if (v->seed.n > ECC_MOST_SEED_BYTES)
        return STATUS_INVALID_PARAMETER;
    const struct curve_domain *domain = NULL;
    switch (find_domain(v, &domain)) {
    case RESEMBLES:
        return STATUS_INVALID_PARAMETER;
    case EQUAL:
        /* A seed is kept, so that what was imported is what is exported. */
        if (v->seed.n > 0 || v->generation != 0)
            return group_make(domain->form, domain, v, group);
        return ecc_group_named(domain, group);
    case DIFFERENT:
        break;
    }
    if (v->curve_type != ecc_weierstrass.curve_type)
        return STATUS_NOT_SUPPORTED;
    TRY(ecc_params_validate(v));
    return group_make(&ecc_weierstrass, NULL, v, group);
}

bool ecc_group_same(const struct ecc_group *a, const struct ecc_group *b)
{
    if (a == b)
        return true;
    if (a->domain != NULL || b->domain != NULL)
        return a->domain == b->domain;
    return compare(&a->params, &b->params) == EQUAL;
}
