/*
 * SLH-DSA (FIPS 205): its parameter sets and its row. Windows' header names the algorithm, its
 * parameter sets and its blobs without a provider behind them; this is what ML-DSA does, with those
 * names. There is no seed blob.
 */
#include "answers.h"
#include "pq_prop.h"
#include "pq_sign.h"
#include "registry.h"

static struct pq_kept kept[12];

static const struct pq_set sets[] = {
    {"SHA2-128s", "SLH-DSA-SHA2-128s", {32, 64, 0}, 7856, &kept[0]},
    {"SHAKE-128s", "SLH-DSA-SHAKE-128s", {32, 64, 0}, 7856, &kept[1]},
    {"SHA2-128f", "SLH-DSA-SHA2-128f", {32, 64, 0}, 17088, &kept[2]},
    {"SHAKE-128f", "SLH-DSA-SHAKE-128f", {32, 64, 0}, 17088, &kept[3]},
    {"SHA2-192s", "SLH-DSA-SHA2-192s", {48, 96, 0}, 16224, &kept[4]},
    {"SHAKE-192s", "SLH-DSA-SHAKE-192s", {48, 96, 0}, 16224, &kept[5]},
    {"SHA2-192f", "SLH-DSA-SHA2-192f", {48, 96, 0}, 35664, &kept[6]},
    {"SHAKE-192f", "SLH-DSA-SHAKE-192f", {48, 96, 0}, 35664, &kept[7]},
    {"SHA2-256s", "SLH-DSA-SHA2-256s", {64, 128, 0}, 29792, &kept[8]},
    {"SHAKE-256s", "SLH-DSA-SHAKE-256s", {64, 128, 0}, 29792, &kept[9]},
    {"SHA2-256f", "SLH-DSA-SHA2-256f", {64, 128, 0}, 49856, &kept[10]},
    {"SHAKE-256f", "SLH-DSA-SHAKE-256f", {64, 128, 0}, 49856, &kept[11]},
};

static const struct pq_family family = {
    .sets = sets,
    .set_count = ARRAY_COUNT(sets),
    .magic = {BCRYPT_SLHDSA_PUBLIC_MAGIC, BCRYPT_SLHDSA_PRIVATE_MAGIC},
    .check_private = true,
    .no_private = STATUS_INVALID_PARAMETER,
};

static bool slhdsa_available(void)
{
    static _Atomic int known;
    return pq_family_available(&family, &known);
}

static const struct key_format formats[] = {
    {"PQDSAPUBLICBLOB", false, PQ_PUBLIC, pq_key_import, pq_key_export},
    {"PQDSAPRIVATEBLOB", true, PQ_PRIVATE, pq_key_import, pq_key_export},
    {"PUBLICBLOB", false, PQ_PUBLIC, pq_key_import, pq_key_export},
    {"PRIVATEBLOB", true, PQ_PRIVATE, pq_key_import, pq_key_export},
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

const struct alg_class slhdsa_class = {
    .name = "SLH-DSA",
    .interface_id = BCRYPT_SIGNATURE_INTERFACE,
    .operations = BCRYPT_SIGNATURE_OPERATION,
    .available = slhdsa_available,
    .params = &family,
    .props = pq_sign_props,
    .asym = &asym,
    .selftest = &selftest_slhdsa,
};
