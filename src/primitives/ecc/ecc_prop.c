/*
 * Properties of elliptic-curve algorithms and keys. All follow from the curve, so they can be read
 * before the key is final, once it has one (observed on Windows for KeyStrength). Without a curve a
 * key says STATUS_INVALID_HANDLE, as for everything that an unfinished key cannot do yet, and an
 * algorithm STATUS_NOT_SUPPORTED.
 */
#include "ecc_prop.h"

#include "agreed_dh.h"
#include "ecc_key.h"
#include "props.h"

static NTSTATUS get_choice(const struct prop_target *t, struct ecc_choice *out)
{
    if (t->key != NULL)
        ecc_key_curve(ecc_key_of(t->key), out);
    else
        TRY(ecc_alg_choice(t->alg, out));
    if (out->group == NULL)
        return t->key != NULL ? STATUS_INVALID_HANDLE : STATUS_NOT_SUPPORTED;
    return STATUS_SUCCESS;
}

/* KeyLength and PublicKeyLength: bits of the field. */
static NTSTATUS get_field_bits(const struct prop_target *t, const struct out *o)
{
    SCOPED_CHOICE c = {0};
    TRY(get_choice(t, &c));
    return out_u32(o, (uint32_t)c.group->field_bits);
}

/* Observed on Windows: 256 for P-256, 521 for P-521, 253 for curve25519: bits of the order. */
static NTSTATUS get_strength(const struct prop_target *t, const struct out *o)
{
    SCOPED_CHOICE c = {0};
    TRY(get_choice(t, &c));
    return out_u32(o, (uint32_t)c.group->order_bits);
}

static NTSTATUS get_signature_length(const struct prop_target *t, const struct out *o)
{
    SCOPED_CHOICE c = {0};
    TRY(get_choice(t, &c));
    return out_u32(o, (uint32_t)(2 * c.group->order_bytes));
}

/* A generic algorithm without a curve answers with what named curves span. */
static NTSTATUS get_key_lengths(const struct prop_target *t, const struct out *o)
{
    SCOPED_CHOICE c = {0};
    TRY(ecc_alg_choice(t->alg, &c));
    if (c.group == NULL)
        return prop_get_key_lengths(t, o);
    uint32_t bits = (uint32_t)c.group->field_bits;
    const BCRYPT_KEY_LENGTHS_STRUCT lengths = {bits, bits, 0};
    return out_bytes(o, &lengths, sizeof lengths);
}

/* Explicit parameters that no named curve has: the empty name. */
static NTSTATUS get_curve_name(const struct prop_target *t, const struct out *o)
{
    SCOPED_CHOICE c = {0};
    TRY(get_choice(t, &c));
    return out_string(o, c.name != NULL ? c.name->name : "", 0);
}

static NTSTATUS get_params(const struct prop_target *t, const struct out *o)
{
    SCOPED_CHOICE c = {0};
    TRY(get_choice(t, &c));
    struct wr w = wr_count();
    ecc_params_encode(&c.group->params, &w);
    TRY(out_writer(o, &w));
    ecc_params_encode(&c.group->params, &w);
    return STATUS_SUCCESS;
}

/* What the provider knows. ECDSA lists curve25519 too, although only ECDH takes it. */
static NTSTATUS get_name_list(const struct prop_target *t, const struct out *o)
{
    (void)t;
    const char *names[CURVE_COUNT];
    for (size_t i = 0; i < CURVE_COUNT; i++)
        names[i] = curves[i].name;
    return out_names(o, names, CURVE_COUNT);
}

/* Gives the target the curve; what it had before is the caller's to release. */
static NTSTATUS set_choice(const struct prop_target *t, struct ecc_choice *c)
{
    if (t->key != NULL)
        return ecc_key_set_curve(ecc_key_of(t->key), c);
    ecc_alg_set(t->alg, c);
    return STATUS_SUCCESS;
}

static NTSTATUS set_curve_name(const struct prop_target *t, const struct in *in)
{
    struct name name;
    TRY(in_name(in, &name));
    SCOPED_CHOICE c = {0};
    TRY(ecc_choice_named(ecc_row_of(t->class)->use, &name, &c));
    return set_choice(t, &c);
}

static NTSTATUS set_params(const struct prop_target *t, const struct in *in)
{
    struct ecc_params_view v;
    TRY(ecc_params_decode(in_span(in), &v));
    SCOPED_CHOICE c = {0};
    TRY(ecc_choice_explicit(ecc_row_of(t->class)->use, &v, &c));
    return set_choice(t, &c);
}

#define ROW(id, where, getter)                                                                     \
    {                                                                                              \
        .name = id, .on = where, .get = getter                                                     \
    }
#define SETTABLE_ROW(id, getter, setter)                                                           \
    {                                                                                              \
        .name = id, .on = ON_ALG | ON_KEY, .settable_on = ON_ALG | ON_KEY, .get = getter,          \
        .set = setter                                                                              \
    }

#define KEY_LENGTHS ROW("KeyLengths", ON_ALG, get_key_lengths)
#define KEY_LENGTH ROW("KeyLength", ON_ALG | ON_KEY, get_field_bits)
#define KEY_STRENGTH ROW("KeyStrength", ON_KEY, get_strength)
#define PUBLIC_KEY_LENGTH ROW("PublicKeyLength", ON_KEY, get_field_bits)
#define SIGNATURE_LENGTH ROW("SignatureLength", ON_ALG | ON_KEY, get_signature_length)
#define NAME_LIST ROW("ECCCurveNameList", ON_ALG, get_name_list)
#define COMMON_ROWS KEY_LENGTHS, KEY_LENGTH, KEY_STRENGTH, PUBLIC_KEY_LENGTH, NAME_LIST

/* Which curve: of algorithms that are named after it, and of the others. */
#define FIXED_NAME ROW("ECCCurveName", ON_ALG | ON_KEY, get_curve_name)
#define FIXED_PARAMS ROW("ECCParameters", ON_ALG | ON_KEY, get_params)
#define NAME SETTABLE_ROW("ECCCurveName", get_curve_name, set_curve_name)
#define PARAMS SETTABLE_ROW("ECCParameters", get_params, set_params)

const struct prop_row ecdsa_fixed_props[] = {
    COMMON_ROWS, SIGNATURE_LENGTH, FIXED_NAME, FIXED_PARAMS, {.name = NULL},
};
const struct prop_row ecdsa_props[] = {
    COMMON_ROWS, SIGNATURE_LENGTH, NAME, PARAMS, {.name = NULL},
};
const struct prop_row ecdh_fixed_props[] = {
    COMMON_ROWS, FIXED_NAME, FIXED_PARAMS, AGREED_HKDF_PROP_ROWS, {.name = NULL},
};
const struct prop_row ecdh_props[] = {
    COMMON_ROWS, NAME, PARAMS, AGREED_HKDF_PROP_ROWS, {.name = NULL},
};
