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
    if (k->stored == NULL)
        return NTE_NOT_FOUND;
    uint64_t modified = atomic_load(&k->modified);
    return out_bytes(o, &modified, sizeof(FILETIME));
}

/* ---- length and setting --------------------------------------------------------------------- */

/* A property of bcrypt.h of the same name. An empty pair has no handle yet that knows it, but may have one; keys of derivations
 * have no such properties. */
static NTSTATUS answer(struct soft_key *k, LPCWSTR id, PUCHAR p, ULONG cap, ULONG *n)
{
    if (k->known == NULL)
        return NTE_NOT_SUPPORTED;
    NTSTATUS status = BCryptGetProperty(k->known, id, p, cap, n, 0);
    return status == STATUS_INVALID_HANDLE ? NTE_NOT_FOUND : status;
}

/* One that is a number. */
static NTSTATUS number_of(struct soft_key *k, LPCWSTR id, uint32_t *value)
{
    ULONG n;
    ULONG number;
    TRY(answer(k, id, (PUCHAR)&number, sizeof number, &n));
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
    if (bits == 0)
        return NTE_INVALID_PARAMETER; /* to the classes it means the default */
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
    if (!is_string)
        return answer(k, id, o->p, o->cap, (ULONG *)o->result);
    WCHAR text[NAME_MAX_BYTES];
    ULONG n;
    struct name name;
    TRY(answer(k, id, (PUCHAR)text, sizeof text, &n));
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
    /* "HkdfPrkAndFinalize" is told NULL; a program can tell this library's router only a pointer. */
    PUCHAR value = in->n == 0 ? NULL : (PUCHAR)in->p;
    return BCryptSetProperty(handle, soft_wide(&wide, t->row->name), value, in->n, 0);
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
    RW(SOFT_MODE, get_mode, soft_set_mode),
    R("AuthTagLength", get_raw),
    W("IV", soft_set_iv),
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
    RW("Use Context", soft_get_context, soft_set_context),
    RW("HWND Handle", soft_get_window, soft_set_window),
    W("SmartCardPin", soft_set_pin),
    RW("SmartCardKeyCertificate", soft_get_certificate, soft_set_certificate),

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
