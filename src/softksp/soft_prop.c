/*
 * The properties of keys and of agreed secrets, in rows.
 *
 * Which of them Windows answers with NTE_NOT_FOUND (it could be set and is not) and which with
 * NTE_NOT_SUPPORTED (there is no such property here) is as observed.
 */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

#define KEY(t) soft_key_of((t)->key)

static bool is_final(const struct soft_key *k)
{
    return atomic_load_explicit(&k->base.state, memory_order_acquire) == KSP_FINAL;
}

/* ---- identity ------------------------------------------------------------------------------- */

static NTSTATUS get_name(const struct ksp_target *t, const struct out *o)
{
    const struct soft_key *k = KEY(t);
    return k->name == NULL ? NTE_NOT_SUPPORTED : out_string(o, k->name, 0);
}

static NTSTATUS get_unique_name(const struct ksp_target *t, const struct out *o)
{
    const struct soft_key *k = KEY(t);
    char unique[STORE_UNIQUE_CHARS + 1];
    if (k->name == NULL)
        return NTE_NOT_SUPPORTED;
    TRY(store_unique_name(span_of(k->name, strlen(k->name)), k->spec, unique));
    return out_string(o, unique, 0);
}

static NTSTATUS get_algorithm(const struct ksp_target *t, const struct out *o)
{
    return out_string(o, KEY(t)->alg->facts.name, 0);
}

static NTSTATUS get_group(const struct ksp_target *t, const struct out *o)
{
    return out_string(o, KEY(t)->alg->group, 0);
}

static NTSTATUS get_key_type(const struct ksp_target *t, const struct out *o)
{
    return out_u32(o, KEY(t)->machine ? NCRYPT_MACHINE_KEY_FLAG : 0);
}

static NTSTATUS get_modified(const struct ksp_target *t, const struct out *o)
{
    const struct soft_key *k = KEY(t);
    return k->stored == NULL ? NTE_NOT_FOUND
                             : out_bytes(o, &k->stored->record.modified, sizeof(FILETIME));
}

/* ---- length and setting --------------------------------------------------------------------- */

/* A property of bcrypt.h of the same name, and of one number. */
static NTSTATUS number_of(struct soft_key *k, LPCWSTR id, uint32_t *value)
{
    BCRYPT_KEY_HANDLE known;
    TRY(soft_known(k, &known));
    ULONG n;
    ULONG number;
    TRY(BCryptGetProperty(known, id, (PUCHAR)&number, sizeof number, &n, 0));
    *value = number;
    return STATUS_SUCCESS;
}

/* A cipher's length is known before there is a key; a curve's is not before there is a curve. */
static NTSTATUS get_length(const struct ksp_target *t, const struct out *o)
{
    struct soft_key *k = KEY(t);
    uint32_t bits;
    if (k->known == NULL)
        bits = k->bits != 0 ? k->bits : k->alg->lengths.dwDefaultLength;
    else if (number_of(k, BCRYPT_KEY_LENGTH, &bits) < 0)
        bits = 0;
    return out_u32(o, bits);
}

/* Observed on Windows: setting it on a finished key succeeds, and changes nothing. */
static NTSTATUS set_length(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    uint32_t bits;
    TRY(in_u32(in, &bits));
    if (k->alg->class->begin == NULL)
        return NTE_NOT_SUPPORTED;
    if (is_final(k) || k->imported)
        return k->stored != NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS;
    uint32_t old = k->bits;
    k->bits = bits;
    NTSTATUS status = k->alg->class->begin(k);
    if (status < 0)
        k->bits = old;
    return status;
}

static NTSTATUS get_lengths(const struct ksp_target *t, const struct out *o)
{
    const struct soft_key *k = KEY(t);
    if (k->alg->lengths.dwMaxLength == 0)
        return NTE_NOT_SUPPORTED;
    return out_bytes(o, &k->alg->lengths, sizeof k->alg->lengths);
}

static const struct soft_setting *setting_of(const struct ksp_target *t)
{
    const struct soft_setting *s = KEY(t)->alg->settings;
    while (s != NULL && s->name != NULL && !text_is(s->name, t->row->name))
        s++;
    return s == NULL || s->name == NULL ? NULL : s;
}

/* The setters' other half: bcrypt.h answers for every key that has one, ECDSA_P256's curve too. */
static NTSTATUS get_bytes(const struct ksp_target *t, const struct out *o, LPCWSTR id,
                          bool is_string)
{
    struct soft_key *k = KEY(t);
    BCRYPT_KEY_HANDLE known;
    TRY(soft_known(k, &known));
    if (!is_string)
        return BCryptGetProperty(known, id, o->p, o->cap, (ULONG *)o->result, 0);
    WCHAR text[NAME_MAX_BYTES];
    ULONG n;
    struct name name;
    TRY(BCryptGetProperty(known, id, (PUCHAR)text, sizeof text, &n, 0));
    TRY(name_read_counted(&name, text, n, WIDTH_16));
    return out_string(o, name.s, 0);
}

static NTSTATUS get_string(const struct ksp_target *t, const struct out *o)
{
    struct soft_wide id;
    return get_bytes(t, o, soft_wide(&id, t->row->name), true);
}

static NTSTATUS get_raw(const struct ksp_target *t, const struct out *o)
{
    struct soft_wide id;
    return get_bytes(t, o, soft_wide(&id, t->row->name), false);
}

static NTSTATUS set_setting(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    const struct soft_setting *s = setting_of(t);
    if (s == NULL || is_final(k) || k->imported)
        return NTE_NOT_SUPPORTED;
    return soft_setting_set(k, s, in);
}

/* ---- what follows from the key -------------------------------------------------------------- */

static NTSTATUS get_number(const struct ksp_target *t, const struct out *o)
{
    struct soft_wide id;
    uint32_t value;
    TRY(number_of(KEY(t), soft_wide(&id, t->row->name), &value));
    return out_u32(o, value);
}

/* Of ciphers the block; of RSA the modulus, which is what it encrypts. */
static NTSTATUS get_block_length(const struct ksp_target *t, const struct out *o)
{
    struct soft_key *k = KEY(t);
    uint32_t value;
    if ((k->alg->facts.operations & NCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION) != 0) {
        TRY(number_of(k, BCRYPT_KEY_LENGTH, &value));
        return out_u32(o, (value + 7) / 8);
    }
    TRY(number_of(k, BCRYPT_BLOCK_LENGTH, &value));
    return out_u32(o, value);
}

/* ---- ciphers -------------------------------------------------------------------------------- */

static NTSTATUS get_mode(const struct ksp_target *t, const struct out *o)
{
    return get_bytes(t, o, BCRYPT_CHAINING_MODE, true);
}

static NTSTATUS set_mode(const struct ksp_target *t, const struct in *in)
{
    struct name name;
    struct soft_wide wide;
    BCRYPT_KEY_HANDLE known;
    TRY(in_name(in, &name));
    TRY(soft_known(KEY(t), &known));
    LPCWSTR mode = soft_wide(&wide, name.s);
    return BCryptSetProperty(known, BCRYPT_CHAINING_MODE, (PUCHAR)mode, sizeof wide, 0);
}

static NTSTATUS set_iv(const struct ksp_target *t, const struct in *in)
{
    BCRYPT_KEY_HANDLE known;
    TRY(soft_known(KEY(t), &known));
    return BCryptSetProperty(known, BCRYPT_INITIALIZATION_VECTOR, (PUCHAR)in->p, in->n, 0);
}

static NTSTATUS set_kdf_secret(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    if ((k->alg->facts.operations & NCRYPT_KEY_DERIVATION_OPERATION) == 0 || is_final(k))
        return NTE_NOT_SUPPORTED;
    secret_done(&k->kdf_secret);
    return secret_copy(&k->kdf_secret, in_span(in));
}

/* ---- policies ------------------------------------------------------------------------------- */

#define POLICY_FLAGS                                                                               \
    (NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG | NCRYPT_ALLOW_ARCHIVING_FLAG | \
     NCRYPT_ALLOW_PLAINTEXT_ARCHIVING_FLAG | NCRYPT_ALLOW_PKCS11_RSA_AES_EXPORT_FLAG)

static NTSTATUS get_policy(const struct ksp_target *t, const struct out *o)
{
    return out_u32(o, atomic_load(&KEY(t)->policy));
}

/* Observed on Windows: a finished key without a name takes another policy, a stored one does not. */
static NTSTATUS set_policy(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    uint32_t policy;
    TRY(in_u32(in, &policy));
    if ((policy & ~(uint32_t)POLICY_FLAGS) != 0)
        return NTE_INVALID_PARAMETER;
    if (k->stored != NULL)
        return NTE_NOT_SUPPORTED;
    atomic_store(&k->policy, policy);
    return STATUS_SUCCESS;
}

static NTSTATUS get_usage(const struct ksp_target *t, const struct out *o)
{
    return out_u32(o, atomic_load(&KEY(t)->usage));
}

static NTSTATUS set_usage(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    uint32_t usage;
    TRY(in_u32(in, &usage));
    if ((usage & ~(uint32_t)NCRYPT_ALLOW_ALL_USAGES) != 0)
        return NTE_INVALID_PARAMETER;
    if (is_final(k))
        return NTE_NOT_SUPPORTED;
    atomic_store(&k->usage, usage);
    return STATUS_SUCCESS;
}

/* ---- what the program tells about itself ---------------------------------------------------- */

#define CONTEXT_CHARS (NCRYPT_MAX_PROPERTY_DATA / 2)

NTSTATUS soft_set_text(char **text, const struct in *in)
{
    SCOPED_TEXT *made = NULL;
    TRY(text_new_counted(&made, in->p, in->n, CONTEXT_CHARS, in->width));
    char *old = *text;
    *text = made;
    made = old; /* freed by the scope */
    return STATUS_SUCCESS;
}

static NTSTATUS get_context(const struct ksp_target *t, const struct out *o)
{
    const struct soft_key *k = KEY(t);
    const struct soft_own *own = soft_own_find(k, t->row->name);
    if (k->use_context != NULL)
        return out_string(o, k->use_context, 0);
    if (own == NULL)
        return NTE_NOT_FOUND;
    struct text text;
    TRY(text_read_stored(&text, span_of(own->value, own->n)));
    return out_string(o, text.s, 0);
}

/* With NCRYPT_PERSIST_FLAG also kept with the key, as UTF-16 that any machine reads. */
static NTSTATUS set_context(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    TRY(soft_set_text(&k->use_context, in));
    if ((t->flags & NCRYPT_PERSIST_FLAG) == 0)
        return STATUS_SUCCESS;
    struct text name;
    strcpy(name.s, t->row->name);
    size_t n = (wide_length(k->use_context, WIDTH_16) + 1) * sizeof(WCHAR);
    SECRET wide = {NULL, 0};
    TRY(secret_new(&wide, n));
    struct wr w = wr_into(wide.p, wide.n);
    wr_utf16(&w, k->use_context);
    return soft_own_set(t->key, &name, &(struct in){wide.p, (uint32_t)n, WIDTH_16}, t->flags);
}

static NTSTATUS get_window(const struct ksp_target *t, const struct out *o)
{
    void *window = KEY(t)->window;
    return window == NULL ? NTE_NOT_FOUND : out_pointer(o, window);
}

NTSTATUS soft_read_window(const struct in *in, void **window)
{
    if (in->n != sizeof *window)
        return NTE_INVALID_PARAMETER;
    memcpy(window, in->p, sizeof *window);
    return STATUS_SUCCESS;
}

static NTSTATUS set_window(const struct ksp_target *t, const struct in *in)
{
    return soft_read_window(in, &KEY(t)->window);
}

static NTSTATUS set_pin(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    return soft_pin_set(&k->pin_lock, &k->pin, in);
}

/* The certificate is bytes of the program's, kept with the key. */
static NTSTATUS get_certificate(const struct ksp_target *t, const struct out *o)
{
    const struct soft_own *own = soft_own_find(KEY(t), t->row->name);
    return own == NULL ? NTE_NOT_FOUND : out_bytes(o, own->value, own->n);
}

static NTSTATUS set_certificate(const struct ksp_target *t, const struct in *in)
{
    struct text name;
    strcpy(name.s, t->row->name);
    return soft_own_set(t->key, &name, in, t->flags);
}

/* ---- agreed secrets, and keys of HKDF ------------------------------------------------------- */

static NTSTATUS handle_of(const struct ksp_target *t, BCRYPT_HANDLE *handle)
{
    if (t->key != NULL)
        return soft_known(KEY(t), handle);
    *handle = CONTAINER_OF(t->secret, struct soft_secret, base)->agreed;
    return STATUS_SUCCESS;
}

static NTSTATUS set_hkdf_hash(const struct ksp_target *t, const struct in *in)
{
    struct name name;
    struct soft_wide wide;
    BCRYPT_HANDLE handle;
    TRY(in_name(in, &name));
    TRY(handle_of(t, &handle));
    LPCWSTR hash = soft_wide(&wide, name.s);
    ULONG n = (ULONG)((wide_length(name.s, WIDTH_16) + 1) * sizeof(WCHAR));
    return BCryptSetProperty(handle, BCRYPT_HKDF_HASH_ALGORITHM, (PUCHAR)hash, n, 0);
}

static NTSTATUS set_hkdf_bytes(const struct ksp_target *t, const struct in *in)
{
    struct soft_wide wide;
    BCRYPT_HANDLE handle;
    TRY(handle_of(t, &handle));
    return BCryptSetProperty(handle, soft_wide(&wide, t->row->name), (PUCHAR)in->p, in->n, 0);
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* clang-format off */
#define R(id, getter) {.name = id, .on = ON_KSP_KEY, .get = getter}
#define W(id, setter) {.name = id, .settable_on = ON_KSP_KEY, .set = setter}
#define RW(id, getter, setter) \
    {.name = id, .on = ON_KSP_KEY, .settable_on = ON_KSP_KEY, .get = getter, .set = setter}
#define HKDF(id, setter) {.name = id, .settable_on = ON_KSP_KEY | ON_KSP_SECRET, .set = setter}
#define BLOB(id) W(id, soft_set_blob)

const struct ksp_prop soft_props[] = {
    R("Name", get_name),
    R("Unique Name", get_unique_name),
    R("Algorithm Name", get_algorithm),
    R("Algorithm Group", get_group),
    RW("Length", get_length, set_length),
    R("Lengths", get_lengths),
    R("Block Length", get_block_length),
    R("PublicKeyLength", get_number),
    R("SignatureLength", get_number),
    R("KEMSharedSecretLength", get_number),
    R("KEMCiphertextLength", get_number),
    RW("ECCCurveName", get_string, set_setting),
    RW("ECCParameters", get_raw, set_setting),
    RW("DHParameters", get_raw, set_setting),
    RW("ParameterSetName", get_string, set_setting),
    RW("Chaining Mode", get_mode, set_mode),
    R("AuthTagLength", get_raw),
    W("IV", set_iv),
    W("KDFKeySecret", set_kdf_secret),
    HKDF("HkdfHashAlgorithm", set_hkdf_hash),
    HKDF("HkdfSaltAndFinalize", set_hkdf_bytes),
    HKDF("HkdfPrkAndFinalize", set_hkdf_bytes),
    RW("Export Policy", get_policy, set_policy),
    RW("Key Usage", get_usage, set_usage),
    R("Key Type", get_key_type),
    R("Modified", get_modified),
    RW("UI Policy", soft_get_ui, soft_set_ui),
    {.name = "Security Descr", .on = ON_KSP_KEY, .settable_on = ON_KSP_KEY,
     .flags = SOFT_SECURITY_FLAGS, .get = soft_get_security, .set = soft_set_security},
    RW("Use Context", get_context, set_context),
    RW("HWND Handle", get_window, set_window),
    W("SmartCardPin", set_pin),
    RW("SmartCardKeyCertificate", get_certificate, set_certificate),

    BLOB("RSAPRIVATEBLOB"), BLOB("RSAFULLPRIVATEBLOB"), BLOB("CAPIPRIVATEBLOB"),
    BLOB("ECCPRIVATEBLOB"), BLOB("ECCFULLPRIVATEBLOB"), BLOB("PRIVATEBLOB"),
    BLOB("DHPRIVATEBLOB"), BLOB("CAPIDHPRIVATEBLOB"), BLOB("DSAPRIVATEBLOB"),
    BLOB("CAPIDSAPRIVATEBLOB"), BLOB("V2CAPIDSAPRIVATEBLOB"),
    BLOB("PQDSAPRIVATEBLOB"), BLOB("PQDSAPRIVATESEEDBLOB"),
    BLOB("MLKEMPRIVATEBLOB"), BLOB("MLKEMPRIVATESEEDBLOB"),
    BLOB("CipherKeyBlob"), BLOB("KDFKeyBlob"), BLOB("PKCS8_PRIVATEKEY"),
    {.name = NULL},
};
/* clang-format on */
