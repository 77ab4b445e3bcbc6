/* The life of a key pair: generate, finalize, import, export; and the end of every key. Symmetric keys
 * begin in bcrypt_sym.c. */
#include "router.h"

NTSTATUS key_publish(struct key *key, void **handle)
{
    void *made;
    NTSTATUS status = handle_new(&key->object, &made);
    if (status < 0) {
        key_free(key);
        return status;
    }
    *handle = made;
    return STATUS_SUCCESS;
}

NTSTATUS WINAPI BCryptGenerateKeyPair(BCRYPT_ALG_HANDLE hAlgorithm, BCRYPT_KEY_HANDLE *phKey,
                                      ULONG dwLength, ULONG dwFlags)
{
    ALG_USE u;
    TRY(alg_enter(hAlgorithm, &u));
    if (phKey == NULL)
        return STATUS_INVALID_PARAMETER;
    const struct asym_class *class = u.alg->class->asym;
    if (class == NULL || class->generate == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((dwFlags & ~class->generate_flags) != 0)
        return STATUS_INVALID_PARAMETER;
    struct key *key;
    TRY(class->generate(u.alg, dwLength, dwFlags, &key));
    return key_publish(key, phKey);
}

/* The header names BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER, which fresh keys hold by construction. Its two bits are a field: each
 * alone is another value, and none that finalizing knows. */
static bool finalize_flags_fit(const struct asym_class *class, uint32_t flags)
{
    return flags == 0 || flags == BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER ||
           class->own_finalize_flags;
}

NTSTATUS WINAPI BCryptFinalizeKeyPair(BCRYPT_KEY_HANDLE hKey, ULONG dwFlags)
{
    KEY_USE u;
    TRY(key_enter(hKey, false, &u));
    const struct asym_class *class = u.key->class->asym;
    if (class == NULL)
        return STATUS_NOT_SUPPORTED;
    int state = KEY_EMPTY;
    if (!atomic_compare_exchange_strong(&u.key->state, &state, KEY_BUSY))
        return STATUS_INVALID_HANDLE;
    NTSTATUS status = STATUS_INVALID_PARAMETER;
    if (finalize_flags_fit(class, dwFlags))
        status = class->finalize(u.key, dwFlags);
    atomic_store_explicit(&u.key->state, status < 0 ? KEY_EMPTY : KEY_FINAL, memory_order_release);
    return status;
}

/* Finds the class's row for a blob type; false when it has none. */
static bool find_format(const struct asym_class *class, const struct name *type,
                        struct key_format *found)
{
    for (const struct key_format *f = class->formats; f->name != NULL; f++) {
        if (row_fits(f->name, type)) {
            *found = *f;
            found->name = type->s;
            return true;
        }
    }
    return false;
}

NTSTATUS router_import(const void *alg_handle, const void *import_key, const struct name *type,
                       struct span blob, uint32_t flags, void **handle)
{
    ALG_USE u;
    TRY(alg_enter(alg_handle, &u));
    if (handle == NULL || import_key != NULL || type == NULL || blob.p == NULL)
        return STATUS_INVALID_PARAMETER;
    const struct asym_class *class = u.alg->class->asym;
    if (class == NULL)
        return STATUS_NOT_SUPPORTED;
    if ((flags & ~class->import_flags) != 0)
        return STATUS_INVALID_PARAMETER;
    struct key_format format;
    if (!find_format(class, type, &format) || format.import == NULL)
        return STATUS_NOT_SUPPORTED;
    struct key *key;
    TRY(format.import(u.alg, &format, blob, flags, &key));
    atomic_store_explicit(&key->state, KEY_FINAL, memory_order_release);
    return key_publish(key, handle);
}

/* Exports a key pair. An export key would have to encrypt the blob; writing it in clear instead would
 * be worse than refusing. */
static NTSTATUS export_pair(struct key *key, const void *export_key, const struct name *type,
                            const struct out *o)
{
    if (export_key != NULL)
        return STATUS_INVALID_PARAMETER;
    struct key_format format;
    if (!find_format(key->class->asym, type, &format) || format.export == NULL)
        return STATUS_NOT_SUPPORTED;
    if (format.is_private && !key->has_private)
        return STATUS_INVALID_PARAMETER;
    return format.export(key, &format, o);
}

NTSTATUS router_export(const void *key_handle, const void *export_key, const struct name *type,
                       uint32_t flags, const struct out *o)
{
    KEY_USE u;
    TRY(key_enter(key_handle, true, &u));
    if (o->result == NULL || type == NULL || flags != 0)
        return STATUS_INVALID_PARAMETER;
    return u.key->class->asym != NULL ? export_pair(u.key, export_key, type, o)
                                      : sym_export(u.key, export_key, type, o);
}

NTSTATUS WINAPI BCryptDestroyKey(BCRYPT_KEY_HANDLE hKey)
{
    return handle_close(hKey, OBJECT_KEY) ? STATUS_SUCCESS : STATUS_INVALID_HANDLE;
}
