/*
 * The key derivation algorithms of BCryptKeyDerivation: how each takes its parameters, and the rows.
 * What the parameters mean is Microsoft's documentation of the CNG key derivation identifiers; what
 * may be left out is as observed on Windows.
 */
#include <string.h>

#include "answers.h"
#include "kdf_capi.h"
#include "kdf_concat.h"
#include "kdf_counter.h"
#include "kdf_hkdf.h"
#include "kdf_key.h"
#include "kdf_pbkdf2.h"
#include "kdf_tls.h"
#include "registry.h"

/* As in SymCrypt, Microsoft's own implementation: longer labels and seeds of TLS are refused. */
#define TLS_FIELD_MAX_BYTES 256

static struct span secret_of(const struct kdf_request *r)
{
    return secret_span(&r->key->secret);
}

static struct span bytes_of(const struct kdf_request *r, uint32_t type)
{
    return kdf_params_bytes(r->params, type);
}

/* What KDF_HASH_ALGORITHM names where it may be more than a hash (prf_init). */
static const struct name *prf_name_of(const struct kdf_request *r)
{
    return &kdf_params_find(r->params, KDF_HASH_ALGORITHM)->name;
}

/* A hash that gives digests of one length. */
static NTSTATUS hash_of(const struct kdf_request *r, const struct digest **d)
{
    TRY(kdf_params_hash(r->params, NULL, d));
    return (*d)->xof ? STATUS_NOT_SUPPORTED : STATUS_SUCCESS;
}

/* ---- the functions -------------------------------------------------------------------------- */

static NTSTATUS iteration_count(const struct kdf_request *r, uint64_t *count)
{
    const struct param *p = kdf_params_find(r->params, KDF_ITERATION_COUNT);
    *count = KDF_PBKDF2_DEFAULT_COUNT;
    if (p == NULL)
        return STATUS_SUCCESS;
    if (p->bytes.n != sizeof *count)
        return STATUS_INVALID_PARAMETER;
    memcpy(count, p->bytes.p, sizeof *count);
    return STATUS_SUCCESS;
}

static NTSTATUS derive_pbkdf2(const struct kdf_request *r)
{
    uint64_t count;
    const struct param *generic = kdf_params_find(r->params, KDF_GENERIC_PARAMETER);
    struct span salt = generic != NULL ? generic->bytes : bytes_of(r, KDF_SALT);
    TRY(iteration_count(r, &count));
    return kdf_pbkdf2(prf_name_of(r), secret_of(r), salt, count, r->out, r->n);
}

static NTSTATUS derive_counter(const struct kdf_request *r)
{
    PRF prf = {.kind = NULL};
    const struct param *generic = kdf_params_find(r->params, KDF_GENERIC_PARAMETER);
    TRY(prf_init(&prf, prf_name_of(r), secret_of(r)));
    if (generic != NULL)
        return kdf_counter(&prf, &generic->bytes, 1, r->out, r->n);
    const struct span fields[KDF_COUNTER_FIELDS] = {
        bytes_of(r, KDF_LABEL),
        span_of("", 1),
        bytes_of(r, KDF_CONTEXT),
    };
    return kdf_counter(&prf, fields, KDF_COUNTER_FIELDS, r->out, r->n);
}

static NTSTATUS derive_concat(const struct kdf_request *r)
{
    const struct digest *d;
    const struct param *generic = kdf_params_find(r->params, KDF_GENERIC_PARAMETER);
    TRY(kdf_params_hash(r->params, NULL, &d));
    if (generic != NULL)
        return kdf_concat(d, secret_of(r), &generic->bytes, 1, r->out, r->n);
    const struct span fields[KDF_CONCAT_FIELDS] = {
        bytes_of(r, KDF_ALGORITHMID), bytes_of(r, KDF_PARTYUINFO),   bytes_of(r, KDF_PARTYVINFO),
        bytes_of(r, KDF_SUPPPUBINFO), bytes_of(r, KDF_SUPPPRIVINFO),
    };
    return kdf_concat(d, secret_of(r), fields, KDF_CONCAT_FIELDS, r->out, r->n);
}

/* What CryptDeriveKey starts from is the hash of the secret. */
static NTSTATUS derive_capi(const struct kdf_request *r)
{
    const struct digest *d;
    DIGEST_VALUE value;
    struct span secret = secret_of(r);
    TRY(hash_of(r, &d));
    TRY(digest_spans(d, &secret, 1, value.p));
    return kdf_capi(d, &value, (r->flags & BCRYPT_CAPI_AES_FLAG) != 0, r->out, r->n);
}

static NTSTATUS tls_fields(const struct kdf_request *r, struct span *label, struct span *seed)
{
    *label = bytes_of(r, KDF_TLS_PRF_LABEL);
    *seed = bytes_of(r, KDF_TLS_PRF_SEED);
    return label->n > TLS_FIELD_MAX_BYTES || seed->n > TLS_FIELD_MAX_BYTES
               ? STATUS_INVALID_PARAMETER
               : STATUS_SUCCESS;
}

static NTSTATUS derive_tls10(const struct kdf_request *r)
{
    struct span label, seed;
    TRY(tls_fields(r, &label, &seed));
    return kdf_tls10(secret_of(r), label, seed, r->out, r->n);
}

static NTSTATUS derive_tls12(const struct kdf_request *r)
{
    const struct digest *d;
    struct span label, seed;
    TRY(hash_of(r, &d));
    TRY(tls_fields(r, &label, &seed));
    return kdf_tls12(d, secret_of(r), label, seed, r->out, r->n);
}

static NTSTATUS derive_hkdf(const struct kdf_request *r)
{
    const struct digest *d;
    struct span prk;
    TRY(hkdf_state_final(&r->key->hkdf, &d, &prk));
    return kdf_hkdf_expand(d, prk, bytes_of(r, KDF_HKDF_INFO), r->out, r->n);
}

/* ---- what they take ------------------------------------------------------------------------- */

#define P KDF_PARAM

static const struct kdf_function pbkdf2 = {
    .params.takes = P(KDF_HASH_ALGORITHM) | P(KDF_SALT) | P(KDF_ITERATION_COUNT),
    .params.needs = P(KDF_HASH_ALGORITHM),
    .params.generic = P(KDF_SALT),
    .derive = derive_pbkdf2,
};

static const struct kdf_function counter = {
    .params.takes = P(KDF_HASH_ALGORITHM) | P(KDF_LABEL) | P(KDF_CONTEXT),
    .params.needs = P(KDF_HASH_ALGORITHM) | P(KDF_LABEL) | P(KDF_CONTEXT),
    .params.generic = P(KDF_LABEL) | P(KDF_CONTEXT),
    .derive = derive_counter,
};

#define CONCAT_NEEDS (P(KDF_ALGORITHMID) | P(KDF_PARTYUINFO) | P(KDF_PARTYVINFO))
#define CONCAT_FIELDS (CONCAT_NEEDS | P(KDF_SUPPPUBINFO) | P(KDF_SUPPPRIVINFO))

static const struct kdf_function concat = {
    .params.takes = P(KDF_HASH_ALGORITHM) | CONCAT_FIELDS,
    .params.needs = P(KDF_HASH_ALGORITHM) | CONCAT_NEEDS,
    .params.generic = CONCAT_FIELDS,
    .derive = derive_concat,
};

static const struct kdf_function capi = {
    .params.takes = P(KDF_HASH_ALGORITHM),
    .params.needs = P(KDF_HASH_ALGORITHM),
    .flags = BCRYPT_CAPI_AES_FLAG,
    .derive = derive_capi,
};

static const struct kdf_function tls10 = {
    .params.takes = P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED),
    .params.needs = P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED),
    .derive = derive_tls10,
};

static const struct kdf_function tls12 = {
    .params.takes = P(KDF_HASH_ALGORITHM) | P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED),
    .params.needs = P(KDF_HASH_ALGORITHM) | P(KDF_TLS_PRF_LABEL) | P(KDF_TLS_PRF_SEED),
    .derive = derive_tls12,
};

static const struct kdf_function hkdf = {
    .params.takes = P(KDF_HKDF_INFO),
    .derive = derive_hkdf,
};

/* ---- the rows ------------------------------------------------------------------------------- */

#define KDF(id)                                                                                    \
    .interface_id = BCRYPT_KEY_DERIVATION_INTERFACE,                                               \
    .operations = BCRYPT_KEY_DERIVATION_OPERATION, .open_flags = BCRYPT_PROV_DISPATCH,             \
    .key_lengths = {0, 8 * KDF_KEY_MAX_BYTES, 8}, .selftest = &selftest_##id

#define PLAIN(id) KDF(id), .props = kdf_key_props, .sym = &kdf_key_sym

const struct alg_class capi_kdf_class = {
    .name = "CAPI_KDF", PLAIN(capi_kdf), .params = &capi, .not_approved = true};
const struct alg_class pbkdf2_class = {.name = "PBKDF2", PLAIN(pbkdf2), .params = &pbkdf2};
const struct alg_class sp800_108_class = {
    .name = "SP800_108_CTR_HMAC", PLAIN(sp800_108), .params = &counter};
const struct alg_class sp800_56a_class = {
    .name = "SP800_56A_CONCAT", PLAIN(sp800_56a), .params = &concat};
const struct alg_class tls1_1_kdf_class = {
    .name = "TLS1_1_KDF", PLAIN(tls1_1_kdf), .params = &tls10, .not_approved = true};
const struct alg_class tls1_2_kdf_class = {
    .name = "TLS1_2_KDF", PLAIN(tls1_2_kdf), .params = &tls12};
const struct alg_class hkdf_class = {.name = "HKDF",
                                     KDF(hkdf),
                                     .props = kdf_key_hkdf_props,
                                     .sym = &kdf_key_hkdf_sym,
                                     .params = &hkdf};
