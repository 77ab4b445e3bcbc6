/*
 * Algorithms that the rows of soft_alg.c do not have, because somebody registered a provider of bcrypt.h for them
 * (Microsoft documents that keys can be created of any registered algorithm). Their pairs are keys like all others:
 * what is stored are the blobs that the provider makes of them as BCRYPT_PRIVATE_KEY_BLOB and BCRYPT_PUBLIC_KEY_BLOB.
 *
 * Rows are made when an algorithm is asked for first, and kept: keys point at them. Whether the algorithm is registered
 * still is asked each time.
 */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

struct registered {
    struct soft_alg alg;
    struct registered *next;
    struct name name;
    struct soft_wide id;
};

static _Atomic(struct registered *) rows;

static const struct registered *find_in(const struct registered *r, const char *name)
{
    while (r != NULL && !text_is(name, r->name.s))
        r = r->next;
    return r;
}

/* NULL: memory is exhausted. */
static const struct registered *row_for(const struct name *name, uint32_t interface_id,
                                        uint32_t operations)
{
    struct registered *first = atomic_load(&rows);
    const struct registered *known = find_in(first, name->s);
    if (known != NULL)
        return known;
    struct registered *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->name = *name;
    made->alg = (struct soft_alg){
        .facts = {made->name.s, interface_id, operations, 0},
        .group = made->name.s,
        .id = soft_wide(&made->id, made->name.s),
        .class = &soft_pair_class,
        .private_blob = BCRYPT_PRIVATE_KEY_BLOB,
        .public_blob = BCRYPT_PUBLIC_KEY_BLOB,
        .own_blobs = true,
    };
    do {
        known = find_in(first, name->s); /* another thread's */
        if (known != NULL) {
            free(made);
            return known;
        }
        made->next = first;
    } while (!atomic_compare_exchange_weak(&rows, &first, made));
    return made;
}

/* ---- what is registered --------------------------------------------------------------------- */

/* The kinds of algorithms whose keys are pairs, and the bits of those that an interface has. */
#define PAIRS                                                                                      \
    (BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | BCRYPT_SECRET_AGREEMENT_OPERATION |                  \
     BCRYPT_SIGNATURE_OPERATION)
#define OPERATION(interface_id) (1u << ((interface_id)-1))

static void algorithms_done(BCRYPT_ALGORITHM_IDENTIFIER **list)
{
    if (*list != NULL)
        BCryptFreeBuffer(*list);
}

static void providers_done(BCRYPT_PROVIDER_NAME **list)
{
    if (*list != NULL)
        BCryptFreeBuffer(*list);
}

/* Whether there are providers of it, none of which is the built-in one. */
static bool is_foreign(LPCWSTR id)
{
    CLEANUP(providers_done) BCRYPT_PROVIDER_NAME *list = NULL;
    ULONG count = 0;
    if (BCryptEnumProviders(id, &count, &list, 0) < 0)
        return false;
    for (ULONG i = 0; i < count; i++) {
        struct name provider;
        if (name_read(&provider, list[i].pszProviderName, WIDTH_16) < 0 ||
            name_is(&provider, "Microsoft Primitive Provider"))
            return false;
    }
    return count > 0;
}

/* The algorithm of the i-th entry, with all the operations that others of its name have; NULL: one of them stands for
 * it already, or it is built in. */
static const struct soft_alg *row_at(const BCRYPT_ALGORITHM_IDENTIFIER *list, ULONG count, ULONG i,
                                     const struct name *name)
{
    uint32_t operations = 0;
    for (ULONG other = 0; other < count; other++) {
        struct name same;
        if (name_read(&same, list[other].pszName, WIDTH_16) < 0 || !name_is(&same, name->s))
            continue;
        if (other < i)
            return NULL;
        operations |= OPERATION(list[other].dwClass);
    }
    if (!is_foreign(list[i].pszName))
        return NULL;
    const struct registered *r = row_for(name, list[i].dwClass, operations & PAIRS);
    return r == NULL ? NULL : &r->alg;
}

size_t soft_registered_list(const char *only, const struct soft_alg **out, size_t max)
{
    CLEANUP(algorithms_done) BCRYPT_ALGORITHM_IDENTIFIER *list = NULL;
    ULONG count = 0;
    size_t n = 0;
    if (BCryptEnumAlgorithms(PAIRS, &count, &list, 0) < 0)
        return 0;
    for (ULONG i = 0; i < count && n < max; i++) {
        struct name name;
        if (name_read(&name, list[i].pszName, WIDTH_16) < 0 ||
            (only != NULL && !name_is(&name, only)))
            continue;
        const struct soft_alg *alg = row_at(list, count, i, &name);
        if (alg != NULL)
            out[n++] = alg;
    }
    return n;
}
