/* ML-DSA (FIPS 204): its parameter sets and its row. */
#include "answers.h"
#include "pq_prop.h"
#include "pq_sign.h"
#include "registry.h"

static struct pq_kept kept[3];

static const struct pq_set sets[] = {
    {"44", "ML-DSA-44", {1312, 2560, 32}, 2420, &kept[0]},
    {"65", "ML-DSA-65", {1952, 4032, 32}, 3309, &kept[1]},
    {"87", "ML-DSA-87", {2592, 4896, 32}, 4627, &kept[2]},
};

/* Observed on Windows: signing with a public key gives this status, which is not
 * STATUS_INVALID_PARAMETER. */
#define MLDSA_NO_PRIVATE_KEY ((NTSTATUS)0xC100000D)

static const struct pq_family family = {
    .sets = sets,
    .set_count = ARRAY_COUNT(sets),
    .magic = {BCRYPT_MLDSA_PUBLIC_MAGIC, BCRYPT_MLDSA_PRIVATE_MAGIC,
              BCRYPT_MLDSA_PRIVATE_SEED_MAGIC},
    .external_mu = true,
    .no_private = MLDSA_NO_PRIVATE_KEY,
};

static bool mldsa_available(void)
{
    static _Atomic int known;
    return pq_family_available(&family, &known);
}

static const struct key_format formats[] = {
    {"PQDSAPUBLICBLOB", false, PQ_PUBLIC, pq_key_import, pq_key_export},
    {"PQDSAPRIVATEBLOB", true, PQ_PRIVATE, pq_key_import, pq_key_export},
    {"PQDSAPRIVATESEEDBLOB", true, PQ_SEED, pq_key_import, pq_key_export},
    {"PUBLICBLOB", false, PQ_PUBLIC, pq_key_import, pq_key_export},
    {"PRIVATEBLOB", true, PQ_ANY_PRIVATE, pq_key_import, pq_key_export},
    {.name = NULL},
};

static const struct asym_class asym = {
    .generate = pq_key_generate,
    .finalize = pq_key_finalize,
    .done = pq_sign_done,
    .formats = formats,
    .import_flags = BCRYPT_NO_KEY_VALIDATION,
    .sign = pq_sign,
    .verify = pq_verify,
};

const struct alg_class mldsa_class = {
    .name = "ML-DSA",
    .interface_id = BCRYPT_SIGNATURE_INTERFACE,
    .operations = BCRYPT_SIGNATURE_OPERATION,
    .available = mldsa_available,
    .params = &family,
    .props = pq_sign_props,
    .asym = &asym,
    .selftest = &selftest_mldsa,
};
