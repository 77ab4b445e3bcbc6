/*
 * The rows of RSA: "RSA" encrypts and signs, "RSA_SIGN" is the same key without encryption
 * (observed on Windows: blobs, sizes and statuses are the same).
 */
#include "answers.h"
#include "props.h"
#include "registry.h"
#include "rsa_crypt.h"
#include "rsa_key.h"
#include "rsa_roca.h"
#include "rsa_search.h"
#include "rsa_sign.h"

/* ---- properties ----------------------------------------------------------------------------- */

static uint32_t target_bits(const struct prop_target *t)
{
    return atomic_load_explicit(&rsa_key_of(t->key)->bits, memory_order_relaxed);
}

static NTSTATUS get_bits(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, target_bits(t));
}

/* The length that BCryptGenerateKeyPair was given can be replaced until the key is finalized. */
static NTSTATUS set_bits(const struct prop_target *t, const struct in *in)
{
    uint32_t bits;
    TRY(in_u32(in, &bits));
    if (!rsa_bits_ok(bits))
        return STATUS_INVALID_PARAMETER;
    atomic_store_explicit(&rsa_key_of(t->key)->bits, bits, memory_order_relaxed);
    return STATUS_SUCCESS;
}

/* opencng_keygen.h */
static NTSTATUS get_threads(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, atomic_load_explicit(&rsa_key_of(t->key)->threads, memory_order_relaxed));
}

static NTSTATUS set_threads(const struct prop_target *t, const struct in *in)
{
    uint32_t threads;
    TRY(in_u32(in, &threads));
    if (threads < 1 || threads > RSA_SEARCH_THREADS)
        return STATUS_INVALID_PARAMETER;
    atomic_store_explicit(&rsa_key_of(t->key)->threads, threads, memory_order_relaxed);
    return STATUS_SUCCESS;
}

static NTSTATUS get_signature_length(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, (target_bits(t) + 7) / 8);
}

static NTSTATUS get_weak_key(const struct prop_target *t, const struct out *o)
{
    const struct rsa_view v = rsa_key_view(rsa_key_of(t->key));
    return out_u32(o, rsa_roca_shows((struct span){v.n.p, v.n.n}));
}

/* Key objects are the library's own: there is nothing for a caller to provide. */
static NTSTATUS get_object_length(const struct prop_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, 0);
}

static const struct prop_row props[] = {
    PROP_ROW_KEY_LENGTHS,
    PROP_ROW_PADDING_SCHEMES,
    {.name = "KeyLength", .on = ON_KEY, .settable_on = ON_KEY, .get = get_bits, .set = set_bits},
    {.name = "KeyStrength", .on = ON_KEY, .get = get_bits},
    {.name = "PublicKeyLength", .on = ON_KEY, .get = get_bits},
    {.name = "SignatureLength", .on = ON_KEY, .get = get_signature_length},
    {.name = "IsIfxTpmWeakKey", .on = ON_KEY, .only_final = true, .get = get_weak_key},
    {.name = "ObjectLength", .on = ON_ALG, .get = get_object_length},
    {.name = "OpenCNG Key Generation Threads",
     .on = ON_KEY,
     .settable_on = ON_KEY,
     .get = get_threads,
     .set = set_threads},
    {.name = NULL},
};

/* ---- classes -------------------------------------------------------------------------------- */

/* CryptoAPI's public blob can be made, but not read (documented by Microsoft). */
static const struct key_format formats[] = {
    {"RSAPUBLICBLOB", false, RSA_FORM_PUBLIC, rsa_key_import, rsa_key_export},
    {"RSAPRIVATEBLOB", true, RSA_FORM_PRIVATE, rsa_key_import, rsa_key_export},
    {"RSAFULLPRIVATEBLOB", true, RSA_FORM_FULL, rsa_key_import, rsa_key_export},
    {"PUBLICBLOB", false, RSA_FORM_ANY_PUBLIC, rsa_key_import, rsa_key_export},
    {"PRIVATEBLOB", true, RSA_FORM_ANY_PRIVATE, rsa_key_import, rsa_key_export},
    {"CAPIPUBLICBLOB", false, RSA_FORM_CAPI_PUBLIC, NULL, rsa_key_export},
    {"CAPIPRIVATEBLOB", true, RSA_FORM_CAPI_PRIVATE, rsa_key_import, rsa_key_export},
    {.name = NULL},
};

#define IMPORT_FLAGS                                                                               \
    (BCRYPT_NO_KEY_VALIDATION | BCRYPT_KEY_VALIDATION_RANGE | BCRYPT_KEY_VALIDATION_REGENERATE)

#define LENGTHS                                                                                    \
    {                                                                                              \
        RSA_MIN_BITS, RSA_MAX_BITS, RSA_STEP_BITS                                                  \
    }

static const struct asym_class rsa_asym = {
    .generate = rsa_key_generate,
    .finalize = rsa_key_finalize,
    .done = rsa_key_done,
    .formats = formats,
    .import_flags = IMPORT_FLAGS,
    .sign = rsa_sign,
    .verify = rsa_verify,
    .encrypt = rsa_encrypt,
    .decrypt = rsa_decrypt,
};

static const struct asym_class rsa_sign_asym = {
    .generate = rsa_key_generate,
    .finalize = rsa_key_finalize,
    .done = rsa_key_done,
    .formats = formats,
    .import_flags = IMPORT_FLAGS,
    .sign = rsa_sign,
    .verify = rsa_verify,
};

const struct alg_class rsa_class = {
    .name = "RSA",
    .interface_id = BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE,
    .operations = BCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION,
    .open_flags = BCRYPT_PROV_DISPATCH,
    .key_lengths = LENGTHS,
    .padding_schemes = BCRYPT_SUPPORTED_PAD_PKCS1_ENC | BCRYPT_SUPPORTED_PAD_PKCS1_SIG |
                       BCRYPT_SUPPORTED_PAD_OAEP | BCRYPT_SUPPORTED_PAD_PSS,
    .props = props,
    .asym = &rsa_asym,
    .selftest = &selftest_rsa,
};

const struct alg_class rsa_sign_class = {
    .name = "RSA_SIGN",
    .interface_id = BCRYPT_SIGNATURE_INTERFACE,
    .operations = BCRYPT_SIGNATURE_OPERATION,
    .open_flags = BCRYPT_PROV_DISPATCH,
    .key_lengths = LENGTHS,
    .padding_schemes = BCRYPT_SUPPORTED_PAD_PKCS1_SIG | BCRYPT_SUPPORTED_PAD_PSS,
    .props = props,
    .asym = &rsa_sign_asym,
    .selftest = &selftest_rsa_sign,
};
