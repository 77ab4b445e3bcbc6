/* The properties (pq_prop.h): every one is a fact of the chosen parameter set. */
#include "pq_prop.h"

#include "pq_key.h"

static NTSTATUS chosen_set(const struct prop_target *t, const struct pq_set **set)
{
    *set = pq_key_set(pq_key_of(t->key));
    return *set == NULL ? STATUS_INVALID_HANDLE : STATUS_SUCCESS;
}

static NTSTATUS get_set(const struct prop_target *t, const struct out *o)
{
    const struct pq_set *set;
    TRY(chosen_set(t, &set));
    return out_string(o, set->name, 0);
}

/* A set that the algorithm does not have is refused as other properties refuse names that they do
 * not know (observed on Windows for chaining modes and curves): STATUS_NOT_SUPPORTED. */
static NTSTATUS set_set(const struct prop_target *t, const struct in *in)
{
    struct name name;
    TRY(in_name(in, &name));
    const struct pq_set *set = pq_set_find(pq_family_of(t->class), &name);
    if (set == NULL)
        return STATUS_NOT_SUPPORTED;
    atomic_store_explicit(&pq_key_of(t->key)->set, set, memory_order_release);
    return STATUS_SUCCESS;
}

static NTSTATUS get_public_bits(const struct prop_target *t, const struct out *o)
{
    const struct pq_set *set;
    TRY(chosen_set(t, &set));
    return out_u32(o, set->bytes[PQ_PUBLIC] * 8U);
}

static NTSTATUS get_result_bytes(const struct prop_target *t, const struct out *o)
{
    const struct pq_set *set;
    TRY(chosen_set(t, &set));
    return out_u32(o, set->result);
}

static NTSTATUS get_secret_bytes(const struct prop_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, PQ_KEM_SECRET_BYTES);
}

/* KeyLength and KeyStrength are documented as the number of bits in the key; the only such number
 * of these keys that the documentation defines is that of PublicKeyLength. */
const struct prop_row pq_sign_props[] = {
    {.name = "ParameterSetName",
     .on = ON_KEY,
     .settable_on = ON_KEY,
     .get = get_set,
     .set = set_set},
    {.name = "PublicKeyLength", .on = ON_KEY, .get = get_public_bits},
    {.name = "KeyLength", .on = ON_KEY, .get = get_public_bits},
    {.name = "KeyStrength", .on = ON_KEY, .get = get_public_bits},
    {.name = "SignatureLength", .on = ON_KEY, .get = get_result_bytes},
    {.name = NULL},
};

const struct prop_row pq_kem_props[] = {
    {.name = "ParameterSetName",
     .on = ON_KEY,
     .settable_on = ON_KEY,
     .get = get_set,
     .set = set_set},
    {.name = "PublicKeyLength", .on = ON_KEY, .get = get_public_bits},
    {.name = "KeyLength", .on = ON_KEY, .get = get_public_bits},
    {.name = "KeyStrength", .on = ON_KEY, .get = get_public_bits},
    {.name = "KEMSharedSecretLength", .on = ON_ALG | ON_KEY, .get = get_secret_bytes},
    {.name = "KEMCiphertextLength", .on = ON_KEY, .get = get_result_bytes},
    {.name = NULL},
};
