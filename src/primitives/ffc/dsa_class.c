/* DSA: the row and its properties. */
#include "answers.h"
#include "dsa_key.h"
#include "props.h"
#include "registry.h"

static NTSTATUS get_signature_length(const struct prop_target *t, const struct out *o)
{
    return out_u32(o, (uint32_t)(2 * dsa_key_q_bytes(dsa_key_of(t->key))));
}

static const struct prop_row props[] = {
    PROP_ROW_KEY_LENGTHS,
    PROP_ROW_FFC_KEY_LENGTH,
    PROP_ROW_FFC_KEY_STRENGTH,
    PROP_ROW_FFC_PUBLIC_KEY_LENGTH,
    {.name = "SignatureLength", .on = ON_KEY, .get = get_signature_length},
    {
        .name = "DSAParameters",
        .on = ON_KEY,
        .settable_on = ON_KEY,
        .only_final = true,
        .get = dsa_get_parameters,
        .set = dsa_set_parameters,
    },
    {.name = NULL},
};

static const struct asym_class dsa_asym = {
    .generate = dsa_key_generate,
    .finalize = dsa_key_finalize,
    .done = dsa_key_done,
    .formats = dsa_formats,
    .import_flags = FFC_IMPORT_FLAGS,
    .sign = dsa_sign,
    .verify = dsa_verify,
};

const struct alg_class dsa_class = {
    .name = "DSA",
    .interface_id = BCRYPT_SIGNATURE_INTERFACE,
    .operations = BCRYPT_SIGNATURE_OPERATION,
    .open_flags = BCRYPT_PROV_DISPATCH,
    .key_lengths = {512, 3072, 64},
    .props = props,
    .asym = &dsa_asym,
    .selftest = &selftest_dsa,
};
