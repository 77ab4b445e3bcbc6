/* Making and releasing the objects of a provider (provider.h). */
#include "provider.h"

#include <stdlib.h>

#include "spare.h"

#define OBJECT_STEP ((size_t)128) /* bytes */

/* Which kind of spare block has room for so many bytes; SPARE_OBJECTS or more: none. */
static size_t kind_of(size_t size)
{
    return size / OBJECT_STEP;
}

static void release(void *p, size_t kind)
{
    (void)kind;
    free(p);
}

void *object_calloc(size_t size, bool locked)
{
    if (locked)
        return secret_calloc(size);
    size_t kind = kind_of(size);
    if (kind >= SPARE_OBJECTS)
        return calloc(1, size);
    void *spare = spare_take(kind);
    return spare != NULL ? spare : calloc(kind + 1, OBJECT_STEP);
}

void object_free(void *p, size_t size, bool locked)
{
    if (locked) {
        secret_free(p, size);
        return;
    }
    wipe(p, size);
    size_t kind = kind_of(size);
    if (kind >= SPARE_OBJECTS || !spare_keep(kind, p, release))
        release(p, kind);
}

static void key_destroy(struct object *o)
{
    key_free(CONTAINER_OF(o, struct key, object));
}

static struct key *key_calloc(const struct alg_class *class, void *alg_handle, bool locked,
                              size_t size, uint32_t object_length)
{
    struct key *key = object_calloc(size, locked);
    if (key == NULL)
        return NULL;
    key->object = (struct object){OBJECT_KEY, key_destroy, class_is_quiet(class)};
    key->class = class;
    atomic_init(&key->crypt, class->sym == NULL ? NULL : class->sym->crypt);
    key->alg_handle = alg_handle;
    key->locked = locked;
    key->size = size;
    key->object_length = object_length;
    atomic_init(&key->state, KEY_EMPTY);
    return key;
}

struct key *key_alloc(const struct alg *alg, size_t size)
{
    return key_calloc(alg->class, alg->handle, (alg->flags & BCRYPT_PROV_DISPATCH) != 0, size,
                      alg_object_length(alg));
}

struct key *key_clone(const struct key *from)
{
    return key_calloc(from->class, from->alg_handle, from->locked, from->size, from->object_length);
}

void key_free(struct key *key)
{
    if (key == NULL)
        return;
    void (*done)(struct key *) =
        key->class->asym != NULL ? key->class->asym->done : key->class->sym->done;
    if (done != NULL)
        done(key);
    object_free(key, key->size, key->locked);
}

static void agreed_destroy(struct object *o)
{
    agreed_free(CONTAINER_OF(o, struct agreed, object));
}

struct agreed *agreed_alloc(const struct key *key, size_t size)
{
    struct agreed *secret = object_calloc(size, key->locked);
    if (secret == NULL)
        return NULL;
    secret->object = (struct object){OBJECT_SECRET, agreed_destroy, class_is_quiet(key->class)};
    secret->class = key->class;
    secret->alg_handle = key->alg_handle;
    secret->locked = key->locked;
    secret->size = size;
    return secret;
}

void agreed_free(struct agreed *secret)
{
    if (secret == NULL)
        return;
    if (secret->class->agreed->done != NULL)
        secret->class->agreed->done(secret);
    object_free(secret, secret->size, secret->locked);
}

static void hash_destroy(struct object *o)
{
    hash_free(CONTAINER_OF(o, struct hash, object));
}

struct hash *hash_alloc(const struct alg *alg, const struct hash_class *ops)
{
    bool locked = (alg->flags & BCRYPT_PROV_DISPATCH) != 0;
    struct hash *h = object_calloc(ops->size, locked);
    if (h == NULL)
        return NULL;
    h->object = (struct object){OBJECT_HASH, hash_destroy, class_is_quiet(alg->class)};
    h->class = alg->class;
    h->ops = ops;
    h->alg_handle = alg->handle;
    h->locked = locked;
    h->size = ops->size;
    h->object_length = alg_object_length(alg);
    return h;
}

struct hash *hash_clone(const struct hash *from)
{
    struct hash *h = object_calloc(from->size, from->locked);
    if (h == NULL)
        return NULL;
    h->object = from->object;
    h->class = from->class;
    h->ops = from->ops;
    h->alg_handle = from->alg_handle;
    h->state = from->state;
    h->reusable = from->reusable;
    h->fed = from->fed;
    h->locked = from->locked;
    h->size = from->size;
    h->object_length = from->object_length;
    return h;
}

void hash_free(struct hash *h)
{
    if (h == NULL)
        return;
    h->ops->done(h);
    object_free(h, h->size, h->locked);
}

static void multi_destroy(struct object *o)
{
    multi_free(CONTAINER_OF(o, struct multi, object));
}

struct multi *multi_alloc(const struct alg *alg, const struct hash_class *ops, size_t count)
{
    bool locked = (alg->flags & BCRYPT_PROV_DISPATCH) != 0;
    size_t element = ops->multi != NULL ? ops->multi->element : sizeof(struct hash *);
    size_t size = sizeof(struct multi) + count * element;
    struct multi *m = object_calloc(size, locked);
    if (m == NULL)
        return NULL;
    m->object = (struct object){OBJECT_MULTI, multi_destroy, class_is_quiet(alg->class)};
    m->ops = ops;
    m->count = count;
    m->locked = locked;
    m->size = size;
    return m;
}

void multi_free(struct multi *m)
{
    if (m == NULL)
        return;
    for (size_t i = 0; m->ops->multi == NULL && i < m->count; i++)
        hash_free(multi_hashes(m)[i]);
    object_free(m, m->size, m->locked);
}
