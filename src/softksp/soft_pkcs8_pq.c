/* Post-quantum keys between PKCS #8 and the blobs of bcrypt.h. */
#include "soft_pkcs8.h"

#include <string.h>

#include "ct.h"
#include "pq_blob.h"

/* The blobs that a group's keys come in. */
static const struct {
    const char *group;
    const char *alg;
    const char *seed_type, *type;
    uint32_t seed_magic, magic;
} pq_rows[] = {
    {"MLDSA", "ML-DSA", "PQDSAPRIVATESEEDBLOB", "PQDSAPRIVATEBLOB", BCRYPT_MLDSA_PRIVATE_SEED_MAGIC,
     BCRYPT_MLDSA_PRIVATE_MAGIC},
    {"MLKEM", "ML-KEM", "MLKEMPRIVATESEEDBLOB", "MLKEMPRIVATEBLOB", BCRYPT_MLKEM_PRIVATE_SEED_MAGIC,
     BCRYPT_MLKEM_PRIVATE_MAGIC},
    {"SLHDSA", "SLH-DSA", NULL, "PQDSAPRIVATEBLOB", 0, BCRYPT_SLHDSA_PRIVATE_MAGIC},
};

static size_t pq_row_of(const struct soft_pkcs8_row *row)
{
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(pq_rows) && strcmp(pq_rows[i].group, row->group) != 0)
        i++;
    return i;
}

static void put_pq_blob(const void *v, struct wr *w)
{
    pq_blob_encode(v, w);
}

static NTSTATUS take_pq(const struct soft_pkcs8_row *row, struct span key, bool seed,
                        struct soft_material *m)
{
    size_t i = pq_row_of(row);
    struct pq_view v = {.magic = seed ? pq_rows[i].seed_magic : pq_rows[i].magic, .key = key};
    strcpy(v.set.s, row->set);
    TRY(soft_pkcs8_name(m, pq_rows[i].alg, seed ? pq_rows[i].seed_type : pq_rows[i].type));
    return soft_encode_blob(put_pq_blob, &v, &m->bytes);
}

static NTSTATUS pq_key(BCRYPT_KEY_HANDLE whole, const char *type, struct secret *blob,
                       struct span *key)
{
    struct soft_wide wide;
    struct pq_view v;
    TRY(soft_blob(whole, soft_wide(&wide, type), blob));
    TRY(pq_blob_decode(secret_span(blob), false, &v));
    *key = v.key;
    return STATUS_SUCCESS;
}

/* Where both are told, the seed has to give the expanded key (RFC 9881, RFC 9935): other programs may take the
 * other one. */
static NTSTATUS check_expanded(const struct soft_pkcs8_row *row, const struct soft_material *m,
                               struct span expanded)
{
    size_t i = pq_row_of(row);
    struct soft_wide type;
    struct span own;
    SECRET blob = {NULL, 0};
    SCOPED_ALG alg = NULL;
    SCOPED_KEY key = NULL;
    TRY(BCryptOpenAlgorithmProvider(&alg, m->alg->id, NULL, 0));
    TRY(BCryptImportKeyPair(alg, NULL, soft_wide(&type, pq_rows[i].seed_type), &key, m->bytes.p,
                            (ULONG)m->bytes.n, 0));
    TRY(pq_key(key, pq_rows[i].type, &blob, &own));
    return own.n == expanded.n && ct_equal(own.p, expanded.p, own.n) ? STATUS_SUCCESS
                                                                     : NTE_BAD_DATA;
}

NTSTATUS soft_pkcs8_read_seeded(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                                struct soft_material *m)
{
    struct pkcs8_seeded v;
    TRY(pkcs8_seeded_decode(in->key, row->seed_bytes, row->expanded_bytes, &v));
    if (v.seed.n == 0)
        return take_pq(row, v.expanded, false, m);
    TRY(take_pq(row, v.seed, true, m));
    return v.expanded.n == 0 ? STATUS_SUCCESS : check_expanded(row, m, v.expanded);
}

NTSTATUS soft_pkcs8_read_raw(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                             struct soft_material *m)
{
    return take_pq(row, in->key, false, m);
}

static void put_seeded(const void *v, struct asn1_out *o)
{
    pkcs8_seeded_encode(v, o);
}

static void put_raw(const void *v, struct asn1_out *o)
{
    const struct span *s = v;
    asn1_put(o, *s);
}

NTSTATUS soft_pkcs8_write_seeded(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                                 struct secret *key, struct secret *params)
{
    (void)params;
    size_t i = pq_row_of(row);
    SECRET blob = {NULL, 0};
    struct pkcs8_seeded v = {{NULL, 0}, {NULL, 0}};
    if (pq_key(whole, pq_rows[i].seed_type, &blob, &v.seed) < 0)
        TRY(pq_key(whole, pq_rows[i].type, &blob, &v.expanded));
    return soft_encode_der(put_seeded, &v, key);
}

NTSTATUS soft_pkcs8_write_raw(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                              struct secret *key, struct secret *params)
{
    (void)params;
    SECRET blob = {NULL, 0};
    struct span raw;
    TRY(pq_key(whole, pq_rows[pq_row_of(row)].type, &blob, &raw));
    return soft_encode_der(put_raw, &raw, key);
}
