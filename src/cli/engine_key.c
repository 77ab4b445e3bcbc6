#include "engine_border.h"

#include "layout.h"

/* ---- the border ----------------------------------------------------------------------------------------------- */

struct wide wide_of(const char *name)
{
    struct wide w = {{0}, sizeof(WCHAR)};
    for (size_t i = 0; name != NULL && name[i] != 0; i++) {
        if (i + 1 >= WIDE_MOST)
            return (struct wide){{0}, sizeof(WCHAR)};
        w.text[i] = (unsigned char)name[i];
        w.bytes += (ULONG)sizeof(WCHAR);
    }
    return w;
}

void narrow(struct octets *out, const WCHAR *text, size_t most)
{
    octets_resize(out, 0);
    for (size_t i = 0; i < most && text[i] != 0; i++) {
        uint8_t c = text[i] >= 0x20 && text[i] <= 0x7E ? (uint8_t)text[i] : '?';
        octets_append(out, (struct view){&c, 1});
    }
}

static NTSTATUS set_text(BCRYPT_HANDLE object, LPCWSTR property, const char *text)
{
    struct wide w = wide_of(text);
    return BCryptSetProperty(object, property, (PUCHAR)w.text, w.bytes, 0);
}

void engine_alg_done(struct engine_alg *alg)
{
    if (alg->handle != NULL)
        (void)BCryptCloseAlgorithmProvider(alg->handle, 0);
    alg->handle = NULL;
}

NTSTATUS engine_alg_open(const char *algorithm, const char *curve, struct engine_alg *out)
{
    ENGINE_ALG made = {0};
    TRY_STATUS(BCryptOpenAlgorithmProvider(&made.handle, wide_of(algorithm).text, NULL, 0));
    if (curve != NULL)
        TRY_STATUS(set_text(made.handle, BCRYPT_ECC_CURVE_NAME, curve));
    *out = made;
    made.handle = NULL;
    return STATUS_SUCCESS;
}

void engine_key_done(struct engine_key *key)
{
    if (key->handle != NULL)
        (void)BCryptDestroyKey(key->handle);
    key->handle = NULL;
}

/* ---- keys ----------------------------------------------------------------------------------------------------- */

NTSTATUS engine_generate(const struct engine_spec *spec, struct engine_key *out)
{
    ENGINE_ALG alg = {0};
    ENGINE_KEY made = {0};
    TRY_STATUS(engine_alg_open(spec->algorithm, spec->curve, &alg));
    TRY_STATUS(BCryptGenerateKeyPair(alg.handle, &made.handle, spec->bits, 0));
    if (spec->set != NULL)
        TRY_STATUS(set_text(made.handle, BCRYPT_PARAMETER_SET_NAME, spec->set));
    TRY_STATUS(BCryptFinalizeKeyPair(made.handle, 0));
    *out = made;
    made.handle = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS import(const struct engine_alg *alg, const char *type, struct view blob,
                       uint32_t flags, struct engine_key *out)
{
    return BCryptImportKeyPair(alg->handle, NULL, wide_of(type).text, &out->handle, bytes_in(blob),
                               (ULONG)blob.n, flags);
}

NTSTATUS engine_import(const char *algorithm, const char *curve, const char *type, struct view blob,
                       struct engine_key *out)
{
    ENGINE_ALG alg = {0};
    TRY_STATUS(engine_alg_open(algorithm, curve, &alg));
    return import(&alg, type, blob, 0, out);
}

NTSTATUS engine_export(const struct engine_key *key, const char *type, struct octets *out)
{
    struct wide name = wide_of(type);
    OCTETS made = {0};
    ULONG n = 0;
    TRY_STATUS(BCryptExportKey(key->handle, NULL, name.text, NULL, 0, &n, 0));
    octets_resize(&made, n);
    TRY_STATUS(BCryptExportKey(key->handle, NULL, name.text, made.p, n, &n, 0));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}

NTSTATUS engine_get_text(const struct engine_key *key, const char *property, struct octets *out)
{
    WCHAR text[256];
    ULONG n = 0;
    TRY_STATUS(
        BCryptGetProperty(key->handle, wide_of(property).text, (PUCHAR)text, sizeof text, &n, 0));
    narrow(out, text, n / sizeof(WCHAR));
    return STATUS_SUCCESS;
}

/* ---- powers --------------------------------------------------------------------------------------------------- */

/* Nothing is checked: p need not be safe, and the public value is a stand-in. */
static NTSTATUS import_dh(const char *type, const struct fields *fields, struct engine_key *out)
{
    OCTETS blob = {0};
    ENGINE_ALG alg = {0};
    if (!layout_write(type, "DH", NULL, fields, &blob))
        return STATUS_INVALID_PARAMETER;
    TRY_STATUS(engine_alg_open("DH", NULL, &alg));
    return import(&alg, type, view_of(&blob), BCRYPT_NO_KEY_VALIDATION, out);
}

/* Whoever has the private number x and agrees with the owner of the public value g comes to g^x. */
NTSTATUS engine_power(struct view p, struct view g, struct view x, struct octets *out)
{
    FIELDS fields = {0};
    fields_set(&fields, FIELD_P, p);
    fields_set(&fields, FIELD_G, g);
    fields_set(&fields, FIELD_PUBLIC_VALUE, g);
    fields_set(&fields, FIELD_PRIVATE_VALUE, x);
    ENGINE_KEY own = {0};
    ENGINE_KEY peer = {0};
    TRY_STATUS(import_dh("DHPRIVATEBLOB", &fields, &own));
    TRY_STATUS(import_dh("DHPUBLICBLOB", &fields, &peer));
    const struct engine_kdf raw = {.name = "TRUNCATE"};
    TRY_STATUS(engine_agree(&own, &peer, &raw, out));
    octets_reverse(out);
    return STATUS_SUCCESS;
}
