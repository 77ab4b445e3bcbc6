#include "fields.h"

const struct field_fact field_facts[FIELD_COUNT] = {
    [FIELD_NONE] = {"", KIND_BYTES, false},
    [FIELD_CURVE] = {"curve", KIND_TEXT, false},
    [FIELD_SET] = {"parameterSet", KIND_TEXT, false},
    [FIELD_TLS_CURVE] = {"tlsCurve", KIND_INT, false},
    [FIELD_COORDINATE] = {"coordinateBytes", KIND_INT, false},
    [FIELD_MODULUS] = {"modulus", KIND_NUMBER, false},
    [FIELD_PUBLIC_EXPONENT] = {"publicExponent", KIND_NUMBER, false},
    [FIELD_PRIME1] = {"prime1", KIND_NUMBER, true},
    [FIELD_PRIME2] = {"prime2", KIND_NUMBER, true},
    [FIELD_EXPONENT1] = {"exponent1", KIND_NUMBER, true},
    [FIELD_EXPONENT2] = {"exponent2", KIND_NUMBER, true},
    [FIELD_COEFFICIENT] = {"coefficient", KIND_NUMBER, true},
    [FIELD_PRIVATE_EXPONENT] = {"privateExponent", KIND_NUMBER, true},
    [FIELD_CURVE_TYPE] = {"curveType", KIND_INT, false},
    [FIELD_GENERATION] = {"curveGeneration", KIND_INT, false},
    [FIELD_CURVE_P] = {"curveP", KIND_NUMBER, false},
    [FIELD_CURVE_A] = {"curveA", KIND_NUMBER, false},
    [FIELD_CURVE_B] = {"curveB", KIND_NUMBER, false},
    [FIELD_CURVE_GX] = {"curveGx", KIND_NUMBER, false},
    [FIELD_CURVE_GY] = {"curveGy", KIND_NUMBER, false},
    [FIELD_CURVE_ORDER] = {"curveOrder", KIND_NUMBER, false},
    [FIELD_CURVE_COFACTOR] = {"curveCofactor", KIND_NUMBER, false},
    [FIELD_CURVE_SEED] = {"curveSeed", KIND_BYTES, false},
    [FIELD_X] = {"x", KIND_NUMBER, false},
    [FIELD_Y] = {"y", KIND_NUMBER, false},
    [FIELD_D] = {"d", KIND_NUMBER, true},
    [FIELD_DSA_HASH] = {"hashAlgorithm", KIND_INT, false},
    [FIELD_DSA_STANDARD] = {"standardVersion", KIND_INT, false},
    [FIELD_DSA_COUNT] = {"count", KIND_BYTES, false},
    [FIELD_DSA_SEED] = {"seed", KIND_BYTES, false},
    [FIELD_P] = {"p", KIND_NUMBER, false},
    [FIELD_Q] = {"q", KIND_NUMBER, false},
    [FIELD_G] = {"g", KIND_NUMBER, false},
    [FIELD_J] = {"j", KIND_NUMBER, false},
    [FIELD_PUBLIC_VALUE] = {"publicValue", KIND_NUMBER, false},
    [FIELD_PRIVATE_VALUE] = {"privateValue", KIND_NUMBER, true},
    [FIELD_PUBLIC_KEY] = {"publicKey", KIND_BYTES, false},
    [FIELD_SEED] = {"privateSeed", KIND_BYTES, true},
    [FIELD_PRIVATE_KEY] = {"privateKey", KIND_BYTES, true},
    [FIELD_KEY_DATA] = {"keyData", KIND_BYTES, true},
    [FIELD_WRAPPED_KEY] = {"wrappedKey", KIND_BYTES, false},
    [FIELD_WRAP_HASH] = {"paddingHash", KIND_TEXT, false},
    [FIELD_WRAP_LABEL] = {"paddingLabel", KIND_BYTES, false},
};

void fields_done(struct fields *f)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        octets_done(&f->value[i]);
    *f = (struct fields){0};
}

const char *fields_text(struct fields *f, enum field_id id)
{
    return f->has[id] ? octets_text(&f->value[id]) : NULL;
}

uint32_t fields_int(const struct fields *f, enum field_id id)
{
    uint32_t value = 0;
    for (size_t i = 0; i < f->value[id].n; i++)
        value = value << 8 | f->value[id].p[i];
    return value;
}

void fields_set(struct fields *f, enum field_id id, struct view v)
{
    octets_set(&f->value[id], v);
    f->has[id] = true;
}

void fields_set_text(struct fields *f, enum field_id id, const char *text)
{
    fields_set(f, id, view_of_text(text));
}

void fields_set_int(struct fields *f, enum field_id id, uint32_t value)
{
    const uint8_t bytes[] = {(uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8),
                             (uint8_t)value};
    fields_set(f, id, (struct view){bytes, sizeof bytes});
}

void fields_complete(struct fields *to, const struct fields *from)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (from->has[i] && !to->has[i])
            fields_set(to, (enum field_id)i, view_of(&from->value[i]));
    }
}
