/*
 * The table of standard groups. The first row of a size is the one that keys are made in.
 *
 * 2048, 3072 and 4096 bits have two standards. Keys are made in RFC 7919's groups (ffdhe): TLS 1.3
 * knows only these, SP 800-56A approves them as much as RFC 3526's, and SymCrypt, the library under
 * Windows' CNG, names them its default. RFC 3526's are recognised as what they are. The primes come
 * from libcrypto, which carries them all; a group is built when it is first needed and then belongs
 * to the process.
 */
#include "dh_groups.h"

#include <openssl/dh.h>
#include <openssl/obj_mac.h>

struct row {
    size_t bits;
    BIGNUM *(*prime)(BIGNUM *p); /* RFC 2409, RFC 3526 */
    int nid;                     /* RFC 7919 */
};

static const struct row rows[] = {
    {.bits = 768, .prime = BN_get_rfc2409_prime_768},
    {.bits = 1024, .prime = BN_get_rfc2409_prime_1024},
    {.bits = 1536, .prime = BN_get_rfc3526_prime_1536},
    {.bits = 2048, .nid = NID_ffdhe2048},
    {.bits = 2048, .prime = BN_get_rfc3526_prime_2048},
    {.bits = 3072, .nid = NID_ffdhe3072},
    {.bits = 3072, .prime = BN_get_rfc3526_prime_3072},
    {.bits = 4096, .nid = NID_ffdhe4096},
    {.bits = 4096, .prime = BN_get_rfc3526_prime_4096},
    {.bits = 6144, .nid = NID_ffdhe6144},
    {.bits = 6144, .prime = BN_get_rfc3526_prime_6144},
    {.bits = 8192, .nid = NID_ffdhe8192},
    {.bits = 8192, .prime = BN_get_rfc3526_prime_8192},
};

static _Atomic(struct ffc_group *) built[ARRAY_COUNT(rows)];

OSSL_CLEANUP(DH, dh_done, DH_free)

static BIGNUM *row_prime(const struct row *row)
{
    if (row->prime != NULL)
        return row->prime(NULL);
    CLEANUP(dh_done) DH *dh = DH_new_by_nid(row->nid);
    return dh == NULL ? NULL : BN_dup(DH_get0_p(dh));
}

static NTSTATUS row_build(size_t i, struct ffc_group **out)
{
    SCOPED_BN *p = row_prime(&rows[i]);
    SCOPED_BN *q = BN_new();
    SCOPED_BN *g = BN_new();
    if (p == NULL || q == NULL || g == NULL || BN_rshift1(q, p) != 1 || BN_set_word(g, 2) != 1)
        return ossl_failed(STATUS_NO_MEMORY);
    struct ffc_group *made;
    TRY(ffc_group_adopt(p, q, g, &made));
    p = q = g = NULL;
    made->exponent_bits = ffc_exponent_bits(rows[i].bits);
    made->safe_prime = true;
    struct ffc_group *first = NULL;
    made->shared = true;
    if (!atomic_compare_exchange_strong(&built[i], &first, made)) {
        made->shared = false;
        ffc_group_free(made);
        made = first;
    }
    *out = made;
    return STATUS_SUCCESS;
}

static NTSTATUS row_group(size_t i, struct ffc_group **out)
{
    *out = atomic_load_explicit(&built[i], memory_order_acquire);
    return *out != NULL ? STATUS_SUCCESS : row_build(i, out);
}

NTSTATUS dh_group_standard(size_t bits, struct ffc_group **out)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].bits == bits)
            return row_group(i, out);
    }
    *out = NULL;
    return STATUS_SUCCESS;
}

/* ---- recognising ---------------------------------------------------------------------------- */

/* All the standard primes begin and end with 64 one bits: nothing else needs to be compared. */
static bool looks_standard(struct num p, size_t bytes)
{
    for (size_t i = 0; i < 8; i++) {
        if (num_byte(p, i) != 0xFF || num_byte(p, bytes - 1 - i) != 0xFF)
            return false;
    }
    return true;
}

/* The standard group that has the prime p, or NULL. */
static NTSTATUS find_prime(struct num p, struct ffc_group **out)
{
    *out = NULL;
    size_t bits = num_bits(p);
    if (bits < FFC_MIN_BITS || bits % 64 != 0 || !looks_standard(p, bits / 8))
        return STATUS_SUCCESS;
    SCOPED_BN *v = bn_public(p);
    if (v == NULL)
        return ossl_failed(STATUS_NO_MEMORY);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (rows[i].bits != bits)
            continue;
        struct ffc_group *group;
        TRY(row_group(i, &group));
        if (BN_ucmp(group->p, v) == 0) {
            *out = group;
            return STATUS_SUCCESS;
        }
    }
    return STATUS_SUCCESS;
}

NTSTATUS dh_group_of(struct num p, struct num q, struct num g, struct ffc_group **out)
{
    struct ffc_group *standard;
    TRY(find_prime(p, &standard));
    if (standard != NULL && num_bits(g) == 2 && num_byte(g, 0) == 2) {
        *out = standard;
        return STATUS_SUCCESS;
    }
    struct ffc_group *made;
    TRY(ffc_group_new(p, q, g, &made));
    /* Another generator of a known safe prime has order q or 2q: exponents may be as short. */
    if (standard != NULL)
        made->exponent_bits = standard->exponent_bits;
    *out = made;
    return STATUS_SUCCESS;
}
