/* Finding parameter sets (pq_set.h), and asking libcrypto once whether it has a family's. */
#include "pq_set.h"

#include "ossl.h"

const struct pq_set *pq_set_find(const struct pq_family *family, const struct name *name)
{
    for (size_t i = 0; i < family->set_count; i++)
        if (name_is(name, family->sets[i].name))
            return &family->sets[i];
    return NULL;
}

static bool has_every_set(const struct pq_family *family)
{
    for (size_t i = 0; i < family->set_count; i++)
        if (!ossl_has_keymgmt(family->sets[i].ossl_name))
            return false;
    return true;
}

bool pq_family_available(const struct pq_family *family, _Atomic int *known)
{
    enum { UNKNOWN, ABSENT, PRESENT };
    int is = atomic_load_explicit(known, memory_order_relaxed);
    if (is == UNKNOWN) {
        is = has_every_set(family) ? PRESENT : ABSENT;
        atomic_store_explicit(known, is, memory_order_relaxed);
    }
    return is == PRESENT;
}
