/*
 * Many hashes at once.
 *
 * A class that can advance its states together does so (struct multi_class); for every other hash or
 * code an element is a hash object of its own, and the operations are done one after another. The
 * whole array is copied and checked before anything is done.
 *
 * Memory that a caller supplies for the object is only measured, as for every other object.
 */
#include "router.h"

#include <stdlib.h>
#include <string.h>

static NTSTATUS fill(struct multi *m, struct alg *alg, struct span key)
{
    if (m->ops->multi != NULL) {
        m->ops->multi->start(m->elements, m->count);
        return STATUS_SUCCESS;
    }
    for (size_t i = 0; i < m->count; i++)
        TRY(hash_make(alg, key, true, &multi_hashes(m)[i]));
    return STATUS_SUCCESS;
}

static void multi_done(struct multi **m)
{
    multi_free(*m);
}

NTSTATUS WINAPI BCryptCreateMultiHash(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_HASH_HANDLE *phHash,
                                      ULONG nHashes, PUCHAR pbHashObject, ULONG cbHashObject,
                                      PUCHAR pbSecret, ULONG cbSecret, ULONG dwFlags)
{
    ALG_USE u;
    TRY(alg_enter(hAlgorithm, &u));
    const struct hash_class *ops = alg_multi(u.alg);
    const struct span key = {pbSecret, cbSecret};
    if (phHash == NULL || nHashes == 0 || (dwFlags & ~(ULONG)BCRYPT_HASH_REUSABLE_FLAG) != 0)
        return STATUS_INVALID_PARAMETER;
    if (ops == NULL)
        return STATUS_NOT_SUPPORTED;
    if (!hash_takes_key(ops, key))
        return STATUS_INVALID_PARAMETER;
    uint64_t needed = ((uint64_t)nHashes + 1) * alg_object_length(u.alg);
    TRY(object_fits(pbHashObject, cbHashObject, needed));

    CLEANUP(multi_done) struct multi *m = multi_alloc(u.alg, ops, nHashes);
    if (m == NULL)
        return STATUS_NO_MEMORY;
    TRY(fill(m, u.alg, key));
    void *handle;
    TRY(handle_new(&m->object, &handle));
    m = NULL; /* it is the handle's now */
    *phHash = handle;
    return STATUS_SUCCESS;
}

/* ---- operations ----------------------------------------------------------------------------- */

#define FEW 64 /* operations that need no memory of their own */

struct op_list {
    struct multi_op *list;
    size_t n;
    struct multi_op few[FEW];
};

static void op_list_done(struct op_list *l)
{
    if (l->list != l->few)
        free(l->list);
}

/* Whether the operation makes sense for the object. */
static NTSTATUS op_decode(const struct multi *m, const BCRYPT_MULTI_HASH_OPERATION *from,
                          struct multi_op *op)
{
    *op = (struct multi_op){
        .index = from->iHash,
        .finish = from->hashOperation == BCRYPT_HASH_OPERATION_FINISH_HASH,
        .in = from->pbBuffer,
        .out = from->pbBuffer,
        .n = from->cbBuffer,
    };
    if (op->index >= m->count)
        return STATUS_INVALID_PARAMETER;
    bool good = op->finish ? hash_gives(m->ops, op->out, op->n)
                           : from->hashOperation == BCRYPT_HASH_OPERATION_HASH_DATA &&
                                 (op->in != NULL || op->n == 0);
    return good ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS op_list_init(struct op_list *l, const struct multi *m, const uint8_t *from,
                             size_t n)
{
    BCRYPT_MULTI_HASH_OPERATION one;
    l->n = n;
    l->list = n <= FEW ? l->few : malloc(n * sizeof *l->list);
    if (l->list == NULL)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < n; i++) {
        memcpy(&one, from + i * sizeof one, sizeof one);
        TRY(op_decode(m, &one, &l->list[i]));
    }
    return STATUS_SUCCESS;
}

/* An element that libcrypto once failed to reset is of no more use. */
static NTSTATUS run_one(struct hash *h, const struct multi_op *op)
{
    if (h->state != HASH_OPEN)
        return STATUS_INTERNAL_ERROR;
    if (op->finish) {
        TRY(h->ops->finish(h, op->out, op->n, false));
        hash_restart(h);
        return STATUS_SUCCESS;
    }
    if (op->n == 0)
        return STATUS_SUCCESS;
    h->fed = true;
    return h->ops->data(h, (struct span){op->in, op->n});
}

static NTSTATUS run(struct multi *m, const struct op_list *l)
{
    BUSY held = busy_take(&m->busy);
    if (m->ops->multi != NULL)
        return m->ops->multi->run(m->elements, m->count, l->list, l->n);
    for (size_t i = 0; i < l->n; i++)
        TRY(run_one(multi_hashes(m)[l->list[i].index], &l->list[i]));
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptProcessMultiOperations(BCRYPT_HANDLE hObject,
                                             BCRYPT_MULTI_OPERATION_TYPE operationType,
                                             PVOID pOperations, ULONG cbOperations, ULONG dwFlags)
{
    CLEANUP(handle_leave) struct handle_use use = handle_enter(hObject, OBJECT_MULTI);
    if (use.object == NULL)
        return STATUS_INVALID_HANDLE;
    struct multi *m = CONTAINER_OF(use.object, struct multi, object);
    if (operationType != BCRYPT_OPERATION_TYPE_HASH || dwFlags != 0 ||
        (pOperations == NULL && cbOperations > 0) ||
        cbOperations % sizeof(BCRYPT_MULTI_HASH_OPERATION) != 0)
        return STATUS_INVALID_PARAMETER;
    CLEANUP(op_list_done) struct op_list l;
    TRY(op_list_init(&l, m, pOperations, cbOperations / sizeof(BCRYPT_MULTI_HASH_OPERATION)));
    return run(m, &l);
}
