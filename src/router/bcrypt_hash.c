/*
 * Hashes and message authentication codes.
 *
 * The router keeps the states: an object is open for data, gives output (XOFs), or is finished. A
 * reusable one is never finished. Everything happens under the object's lock.
 */
#include "router.h"

NTSTATUS hash_enter(const void *handle, struct hash_use *u)
{
    u->hash = NULL;
    u->use = handle_enter(handle, OBJECT_HASH);
    if (u->use.object == NULL)
        return STATUS_INVALID_HANDLE;
    u->hash = CONTAINER_OF(u->use.object, struct hash, object);
    busy_enter(&u->hash->busy);
    return u->hash->state == HASH_FINISHED ? STATUS_INVALID_HANDLE : STATUS_SUCCESS;
}

void hash_leave(struct hash_use *u)
{
    if (u->hash != NULL)
        busy_leave(&u->hash->busy);
    handle_leave(&u->use);
}

/* Where libcrypto cannot even reset, the object is of no more use. */
void hash_restart(struct hash *h)
{
    h->fed = false;
    h->state = h->reusable && h->ops->reset(h) >= 0 ? HASH_OPEN : HASH_FINISHED;
}

NTSTATUS hash_make(struct alg *alg, struct span key, bool reusable, struct hash **h)
{
    const struct hash_class *ops = alg_hash(alg);
    struct hash *made = hash_alloc(alg, ops);
    if (made == NULL)
        return STATUS_NO_MEMORY;
    made->reusable = reusable || alg_reusable(alg);
    NTSTATUS status = ops->init(made, alg, key);
    if (status < 0) {
        hash_free(made);
        return status;
    }
    *h = made;
    return STATUS_SUCCESS;
}

static NTSTATUS publish(struct hash *h, void **handle)
{
    void *made;
    NTSTATUS status = handle_new(&h->object, &made);
    if (status < 0) {
        hash_free(h);
        return status;
    }
    *handle = made;
    return STATUS_SUCCESS;
}

bool hash_takes_key(const struct hash_class *ops, struct span key)
{
    return key.n == 0 || (ops->keyed && key.p != NULL);
}

bool hash_gives(const struct hash_class *ops, const void *out, size_t n)
{
    return ops->xof ? out != NULL || n == 0 : out != NULL && n == ops->length;
}

NTSTATUS WINAPI BCryptCreateHash(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_HASH_HANDLE *phHash,
                                 PUCHAR pbHashObject, ULONG cbHashObject, PUCHAR pbSecret,
                                 ULONG cbSecret, ULONG dwFlags)
{
    ALG_USE u;
    TRY(alg_enter(hAlgorithm, &u));
    const struct hash_class *ops = alg_hash(u.alg);
    const struct span key = {pbSecret, cbSecret};
    if (phHash == NULL || (dwFlags & ~(ULONG)BCRYPT_HASH_REUSABLE_FLAG) != 0)
        return STATUS_INVALID_PARAMETER;
    if (ops == NULL)
        return STATUS_NOT_SUPPORTED;
    if (!hash_takes_key(ops, key))
        return STATUS_INVALID_PARAMETER;
    TRY(object_fits(pbHashObject, cbHashObject, alg_object_length(u.alg)));
    struct hash *h;
    TRY(hash_make(u.alg, key, (dwFlags & BCRYPT_HASH_REUSABLE_FLAG) != 0, &h));
    return publish(h, phHash);
}

NTSTATUS WINAPI BCryptHashData(BCRYPT_HASH_HANDLE hHash, PUCHAR pbInput, ULONG cbInput,
                               ULONG dwFlags)
{
    HASH_USE u;
    TRY(hash_enter(hHash, &u));
    struct hash *h = u.hash;
    const struct span in = {pbInput, cbInput};
    if ((in.p == NULL && in.n > 0) || (dwFlags & ~(ULONG)BCRYPT_TLS_CBC_HMAC_VERIFY_FLAG) != 0)
        return STATUS_INVALID_PARAMETER;
    if (h->state != HASH_OPEN)
        return STATUS_INVALID_HANDLE;
    if (dwFlags == 0) {
        if (in.n == 0)
            return STATUS_SUCCESS;
        h->fed = true;
        return h->ops->data(h, in);
    }
    if (h->ops->tls_verify == NULL)
        return STATUS_NOT_SUPPORTED;
    NTSTATUS status = h->ops->tls_verify(h, in);
    h->reusable = true; /* which the flag implies */
    hash_restart(h);
    return status;
}

NTSTATUS WINAPI BCryptFinishHash(BCRYPT_HASH_HANDLE hHash, PUCHAR pbOutput, ULONG cbOutput,
                                 ULONG dwFlags)
{
    HASH_USE u;
    TRY(hash_enter(hHash, &u));
    struct hash *h = u.hash;
    bool more = (dwFlags & BCRYPT_HASH_DONT_RESET_FLAG) != 0;
    if ((dwFlags & ~(ULONG)BCRYPT_HASH_DONT_RESET_FLAG) != 0 || (more && !h->ops->xof) ||
        !hash_gives(h->ops, pbOutput, cbOutput))
        return STATUS_INVALID_PARAMETER;
    TRY(h->ops->finish(h, pbOutput, cbOutput, more));
    if (more)
        h->state = HASH_SQUEEZED;
    else
        hash_restart(h);
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptDuplicateHash(BCRYPT_HASH_HANDLE hHash, BCRYPT_HASH_HANDLE *phNewHash,
                                    PUCHAR pbHashObject, ULONG cbHashObject, ULONG dwFlags)
{
    struct hash *copy;
    {
        HASH_USE u;
        TRY(hash_enter(hHash, &u));
        const struct hash *h = u.hash;
        if (phNewHash == NULL || dwFlags != 0)
            return STATUS_INVALID_PARAMETER;
        TRY(object_fits(pbHashObject, cbHashObject, h->object_length));
        copy = hash_clone(h);
        if (copy == NULL)
            return STATUS_NO_MEMORY;
        NTSTATUS status = h->ops->copy(copy, h);
        if (status < 0) {
            hash_free(copy);
            return status;
        }
    }
    return publish(copy, phNewHash);
}

/* The one function of its kind that says STATUS_INVALID_PARAMETER (observed on Windows). */
NTSTATUS WINAPI BCryptDestroyHash(BCRYPT_HASH_HANDLE hHash)
{
    return handle_close(hHash, OBJECT_HASH) || handle_close(hHash, OBJECT_MULTI)
               ? STATUS_SUCCESS
               : STATUS_INVALID_PARAMETER;
}

static void hash_done(struct hash **h)
{
    hash_free(*h);
}

static NTSTATUS hash_through_object(struct alg *alg, struct span key, struct span in, uint8_t *out,
                                    size_t n)
{
    CLEANUP(hash_done) struct hash *h = NULL;
    TRY(hash_make(alg, key, false, &h));
    if (in.n > 0)
        TRY(h->ops->data(h, in));
    return h->ops->finish(h, out, n, false);
}

NTSTATUS WINAPI BCryptHash(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbSecret, ULONG cbSecret,
                           PUCHAR pbInput, ULONG cbInput, PUCHAR pbOutput, ULONG cbOutput)
{
    ALG_USE u;
    TRY(alg_enter(hAlgorithm, &u));
    const struct hash_class *ops = alg_hash(u.alg);
    const struct span key = {pbSecret, cbSecret};
    const struct span in = {pbInput, cbInput};
    if (ops == NULL)
        return STATUS_NOT_SUPPORTED;
    if (!hash_takes_key(ops, key) || (in.p == NULL && in.n > 0) ||
        !hash_gives(ops, pbOutput, cbOutput))
        return STATUS_INVALID_PARAMETER;
    return (ops->once != NULL ? ops->once : hash_through_object)(u.alg, key, in, pbOutput,
                                                                 cbOutput);
}
