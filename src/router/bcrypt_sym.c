/*
 * The life of symmetric keys, those of ciphers and of key derivation functions: from bytes or from a
 * blob to a key, copies, blobs again. Using and destroying them is in bcrypt_use.c,
 * bcrypt_derive.c and bcrypt_key.c.
 *
 * Memory that a caller supplies for a key is only measured: keys live in memory of the library's own,
 * where a stray write of the program does not reach them.
 */
#include "router.h"

NTSTATUS object_fits(const void *object, uint32_t size, uint64_t needed)
{
    return object != NULL && size < needed ? STATUS_BUFFER_TOO_SMALL : STATUS_SUCCESS;
}

/* A new symmetric key is final. */
static NTSTATUS publish_final(struct key *key, void **handle)
{
    atomic_store_explicit(&key->state, KEY_FINAL, memory_order_release);
    return key_publish(key, handle);
}

NTSTATUS WINAPI BCryptGenerateSymmetricKey(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE *phKey,
                                           PUCHAR pbKeyObject, ULONG cbKeyObject, PUCHAR pbSecret,
                                           ULONG cbSecret, ULONG dwFlags)
{
    ALG_USE u;
    TRY(alg_enter(hAlgorithm, &u));
    if (phKey == NULL || pbSecret == NULL)
        return STATUS_INVALID_PARAMETER;
    const struct sym_class *class = u.alg->class->sym;
    if (class == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((dwFlags & ~class->make_flags) != 0)
        return STATUS_INVALID_PARAMETER;
    TRY(object_fits(pbKeyObject, cbKeyObject, alg_object_length(u.alg)));
    struct key *key;
    TRY(class->make(u.alg, (struct span){pbSecret, cbSecret}, dwFlags, &key));
    return publish_final(key, phKey);
}

/* Finds the class's row for a blob type; false when it has none. */
static bool find_format(const struct sym_class *class, const struct name *type,
                        struct sym_format *found)
{
    for (const struct sym_format *f = class->formats; f->name != NULL; f++) {
        if (row_fits(f->name, type)) {
            *found = *f;
            found->name = type->s;
            return true;
        }
    }
    return false;
}

/* The key that wraps or unwraps, held for the call; none is given where the blob needs none. */
static NTSTATUS wrap_enter(const struct sym_format *format, const void *handle, struct key_use *u)
{
    *u = (struct key_use){.key = NULL};
    if (format->wrap != WRAP_MAYBE && (format->wrap == WRAP_ALWAYS) != (handle != NULL))
        return STATUS_INVALID_PARAMETER;
    return handle == NULL ? STATUS_SUCCESS : key_enter(handle, true, u);
}

NTSTATUS router_import_sym(const void *alg_handle, const void *import_key, const struct name *type,
                           struct span blob, struct span object, uint32_t flags, void **handle)
{
    ALG_USE u;
    TRY(alg_enter(alg_handle, &u));
    const struct sym_class *class = u.alg->class->sym;
    if (handle == NULL || type == NULL || blob.p == NULL ||
        (flags & ~(class == NULL ? 0 : class->import_flags)) != 0)
        return STATUS_INVALID_PARAMETER;
    struct sym_format format;
    if (class == NULL || !find_format(class, type, &format) || format.import == NULL)
        return STATUS_NOT_SUPPORTED;
    TRY(object_fits(object.p, (uint32_t)object.n, alg_object_length(u.alg)));
    KEY_USE wrap;
    TRY(wrap_enter(&format, import_key, &wrap));
    struct key *key;
    TRY(format.import(u.alg, &format, wrap.key, blob, flags, &key));
    return publish_final(key, handle);
}

NTSTATUS sym_export(struct key *key, const void *export_key, const struct name *type,
                    const struct out *o)
{
    struct sym_format format;
    if (!find_format(key->class->sym, type, &format) || format.export == NULL)
        return STATUS_NOT_SUPPORTED;
    KEY_USE wrap;
    TRY(wrap_enter(&format, export_key, &wrap));
    return format.export(key, &format, wrap.key, o);
}

/* Only symmetric keys can be duplicated; Windows answers STATUS_INVALID_HANDLE for a key pair. */
NTSTATUS WINAPI BCryptDuplicateKey(BCRYPT_KEY_HANDLE hKey, BCRYPT_KEY_HANDLE *phNewKey,
                                   PUCHAR pbKeyObject, ULONG cbKeyObject, ULONG dwFlags)
{
    KEY_USE u;
    TRY(key_enter(hKey, false, &u));
    const struct sym_class *class = u.key->class->sym;
    if (class == NULL)
        return STATUS_INVALID_HANDLE;
    if (phNewKey == NULL || dwFlags != 0)
        return STATUS_INVALID_PARAMETER;
    if (class->copy == NULL)
        return STATUS_NOT_SUPPORTED;
    TRY(object_fits(pbKeyObject, cbKeyObject, u.key->object_length));
    struct key *copy;
    {
        BUSY held = busy_take(&u.key->busy);
        TRY(class->copy(u.key, &copy));
    }
    return publish_final(copy, phNewKey);
}
