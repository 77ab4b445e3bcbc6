/* Making and releasing the objects of a provider (provider.h). */
#include "provider.h"

#include <stdlib.h>

/* Objects made under BCRYPT_PROV_DISPATCH must not be paged out: they come from the locked pool. */
static void *object_calloc(size_t size, bool locked)
{
    return locked ? secret_calloc(size) : calloc(1, size);
}

static void object_free(void *p, size_t size, bool locked)
{
    if (locked) {
        secret_free(p, size);
    } else {
        wipe(p, size);
        free(p);
    }
}

static void key_destroy(struct object *o)
{
    key_free(CONTAINER_OF(o, struct key, object));
}

struct key *key_alloc(const struct alg *alg, size_t size)
{
    bool locked = (alg->flags & BCRYPT_PROV_DISPATCH) != 0;
    struct key *key = object_calloc(size, locked);
    if (key == NULL)
        return NULL;
    key->object = (struct object){OBJECT_KEY, key_destroy};
    key->class = alg->class;
    key->alg_handle = alg->handle;
    key->locked = locked;
    key->size = size;
    atomic_init(&key->state, KEY_EMPTY);
    return key;
}

void key_free(struct key *key)
{
    if (key == NULL)
        return;
    if (key->class->asym->done != NULL)
        key->class->asym->done(key);
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
    secret->object = (struct object){OBJECT_SECRET, agreed_destroy};
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
