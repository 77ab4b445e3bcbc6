#include "engine_store.h"

#include <ncrypt.h>

#include <string.h>

#include "engine_border.h"

/* ---- the provider --------------------------------------------------------------------------------------------- */

void engine_store_done(struct engine_store *store)
{
    if (store->provider != 0)
        (void)NCryptFreeObject(store->provider);
    store->provider = 0;
}

NTSTATUS engine_store_open(bool machine, struct engine_store *out)
{
    out->machine = machine;
    return NCryptOpenStorageProvider(&out->provider, MS_KEY_STORAGE_PROVIDER, 0);
}

static DWORD scope_of(const struct engine_store *store)
{
    return store->machine ? NCRYPT_MACHINE_KEY_FLAG : 0;
}

NTSTATUS engine_store_passphrase(const struct engine_store *store, struct view passphrase)
{
    /* The property is a string: UTF-8 becomes characters, as for a key's name. */
    OCTETS text = {0};
    octets_set(&text, passphrase);
    struct wide_name wide = name_of(octets_text(&text));
    size_t n = 0;
    while (wide.text[n] != 0)
        n++;
    NTSTATUS status =
        n == 0 && passphrase.n > 0
            ? NTE_INVALID_PARAMETER
            : NCryptSetProperty(store->provider, NCRYPT_PIN_PROPERTY, (PBYTE)wide.text,
                                (DWORD)((n + 1) * sizeof(WCHAR)), 0);
    explicit_bzero(&wide, sizeof wide);
    return status;
}

static void tell(const NCryptKeyName *key,
                 void (*each)(const struct engine_listed *key, void *context), void *context)
{
    OCTETS name = {0};
    OCTETS algorithm = {0};
    utf8_of(&name, key->pszName, SIZE_MAX);
    narrow(&algorithm, key->pszAlgid, SIZE_MAX);
    const struct engine_listed listed = {octets_text(&name), octets_text(&algorithm),
                                         key->dwLegacyKeySpec};
    each(&listed, context);
}

NTSTATUS engine_store_each(const struct engine_store *store,
                           void (*each)(const struct engine_listed *key, void *context),
                           void *context)
{
    void *state = NULL;
    NTSTATUS status;
    for (;;) {
        NCryptKeyName *key = NULL;
        status = NCryptEnumKeys(store->provider, NULL, &key, &state, scope_of(store));
        if (status < 0)
            break;
        tell(key, each, context);
        (void)NCryptFreeBuffer(key);
    }
    if (state != NULL)
        (void)NCryptFreeBuffer(state);
    return status == NTE_NO_MORE_ITEMS ? STATUS_SUCCESS : status;
}

/* ---- making keys ---------------------------------------------------------------------------------------------- */

void engine_stored_done(struct engine_stored *key)
{
    if (key->handle != 0)
        (void)NCryptFreeObject(key->handle);
    key->handle = 0;
}

static NTSTATUS set_number(const struct engine_stored *key, LPCWSTR property, uint32_t value)
{
    DWORD number = value;
    return NCryptSetProperty(key->handle, property, (PBYTE)&number, sizeof number, 0);
}

static NTSTATUS set_text(const struct engine_stored *key, LPCWSTR property, const char *value)
{
    struct wide text = wide_of(value);
    return NCryptSetProperty(key->handle, property, (PBYTE)text.text, text.bytes, 0);
}

static DWORD creation_flags(const struct engine_store *store, const struct engine_named *named)
{
    return scope_of(store) | (named->overwrite ? NCRYPT_OVERWRITE_KEY_FLAG : 0);
}

NTSTATUS engine_store_create(const struct engine_store *store, const struct engine_named *named,
                             const struct engine_spec *spec)
{
    struct wide_name name = name_of(named->name);
    ENGINE_STORED key = {0};
    TRY_STATUS(NCryptCreatePersistedKey(store->provider, &key.handle, wide_of(spec->algorithm).text,
                                        name.text, named->spec, creation_flags(store, named)));
    if (spec->bits != 0)
        TRY_STATUS(set_number(&key, NCRYPT_LENGTH_PROPERTY, spec->bits));
    if (spec->curve != NULL)
        TRY_STATUS(set_text(&key, NCRYPT_ECC_CURVE_NAME_PROPERTY, spec->curve));
    if (spec->set != NULL)
        TRY_STATUS(set_text(&key, NCRYPT_PARAMETER_SET_NAME_PROPERTY, spec->set));
    TRY_STATUS(set_number(&key, NCRYPT_EXPORT_POLICY_PROPERTY, named->export_policy));
    return NCryptFinalizeKey(key.handle, 0);
}

NTSTATUS engine_store_import(const struct engine_store *store, const struct engine_named *named,
                             const char *type, const char *curve, struct view blob)
{
    struct wide_name name = name_of(named->name);
    struct wide curve_name = wide_of(curve);
    size_t n = 0;
    while (name.text[n] != 0)
        n++;
    NCryptBuffer buffers[2] = {
        {(ULONG)((n + 1) * sizeof(WCHAR)), NCRYPTBUFFER_PKCS_KEY_NAME, name.text},
        {curve_name.bytes, NCRYPTBUFFER_ECC_CURVE_NAME, curve_name.text},
    };
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, curve != NULL ? 2 : 1, buffers};
    ENGINE_STORED key = {0};
    if (n == 0)
        return NTE_INVALID_PARAMETER;
    TRY_STATUS(NCryptImportKey(store->provider, 0, wide_of(type).text, &list, &key.handle,
                               bytes_in(blob), (DWORD)blob.n,
                               creation_flags(store, named) | NCRYPT_DO_NOT_FINALIZE_FLAG));
    TRY_STATUS(set_number(&key, NCRYPT_EXPORT_POLICY_PROPERTY, named->export_policy));
    return NCryptFinalizeKey(key.handle, 0);
}

NTSTATUS engine_store_find(const struct engine_store *store, const char *name, uint32_t spec,
                           struct engine_stored *out)
{
    struct wide_name wide = name_of(name);
    return NCryptOpenKey(store->provider, &out->handle, wide.text, spec, scope_of(store));
}

NTSTATUS engine_stored_delete(struct engine_stored *key)
{
    NTSTATUS status = NCryptDeleteKey(key->handle, 0);
    if (status >= 0)
        key->handle = 0;
    return status;
}

/* ---- looking at keys ------------------------------------------------------------------------------------------ */

static NTSTATUS get(const struct engine_stored *key, const char *property, struct octets *out)
{
    struct wide name = wide_of(property);
    DWORD n = 0;
    TRY_STATUS(NCryptGetProperty(key->handle, name.text, NULL, 0, &n, 0));
    octets_resize(out, n);
    TRY_STATUS(NCryptGetProperty(key->handle, name.text, out->p, n, &n, 0));
    octets_resize(out, n);
    return STATUS_SUCCESS;
}

NTSTATUS engine_stored_text(const struct engine_stored *key, const char *property,
                            struct octets *out)
{
    OCTETS value = {0};
    WCHAR text[1024] = {0};
    TRY_STATUS(get(key, property, &value));
    if (value.n >= sizeof text)
        return NTE_FAIL;
    memcpy(text, value.p, value.n);
    utf8_of(out, text, value.n / sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NTSTATUS engine_stored_number(const struct engine_stored *key, const char *property, uint32_t *out)
{
    OCTETS value = {0};
    TRY_STATUS(get(key, property, &value));
    if (value.n != sizeof *out)
        return NTE_FAIL;
    memcpy(out, value.p, sizeof *out);
    return STATUS_SUCCESS;
}

/* A FILETIME counts 100 ns from 1601 on. */
NTSTATUS engine_stored_modified(const struct engine_stored *key, uint64_t *out)
{
    OCTETS value = {0};
    uint64_t time;
    TRY_STATUS(get(key, "Modified", &value));
    if (value.n != sizeof time)
        return NTE_FAIL;
    memcpy(&time, value.p, sizeof time);
    *out = time / 10000000 - UINT64_C(11644473600);
    return STATUS_SUCCESS;
}

/* ---- using keys ----------------------------------------------------------------------------------------------- */

NTSTATUS engine_stored_export(const struct engine_stored *key, const char *type, struct octets *out)
{
    struct wide name = wide_of(type);
    OCTETS made = {0};
    DWORD n = 0;
    TRY_STATUS(NCryptExportKey(key->handle, 0, name.text, NULL, NULL, 0, &n, 0));
    octets_resize(&made, n);
    TRY_STATUS(NCryptExportKey(key->handle, 0, name.text, NULL, made.p, n, &n, 0));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}

NTSTATUS engine_stored_sign(const struct engine_stored *key, const struct engine_padding *padding,
                            struct view input, struct octets *out)
{
    struct engine_info info;
    void *structure = engine_info_of(padding, &info);
    DWORD flags = engine_flags_of(padding);
    OCTETS made = {0};
    DWORD n = 0;
    TRY_STATUS(NCryptSignHash(key->handle, structure, bytes_in(input), (DWORD)input.n, NULL, 0, &n,
                              flags));
    octets_resize(&made, n);
    TRY_STATUS(NCryptSignHash(key->handle, structure, bytes_in(input), (DWORD)input.n, made.p, n,
                              &n, flags));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}

NTSTATUS engine_stored_decrypt(const struct engine_stored *key,
                               const struct engine_padding *padding, struct view input,
                               struct octets *out)
{
    struct engine_info info;
    void *structure = engine_info_of(padding, &info);
    OCTETS made = {0};
    DWORD n = 0;
    octets_resize(&made, input.n);
    TRY_STATUS(NCryptDecrypt(key->handle, bytes_in(input), (DWORD)input.n, structure, made.p,
                             (DWORD)made.n, &n, engine_flags_of(padding)));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}
