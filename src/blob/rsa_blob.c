/*
 * Key blobs of RSA. CNG's numbers are big-endian, CryptoAPI's little-endian; lengths are bytes
 * unless said.
 *
 *   BCRYPT_RSAKEY_BLOB                            public    private    full private
 *    0  Magic                                     RSA1      RSA2       RSA3
 *    4  BitLength      bits of n                  x         x          x
 *    8  cbPublicExp                               x         x          x
 *   12  cbModulus                                 x         x          x
 *   16  cbPrime1                                  0         x          x
 *   20  cbPrime2                                  0         x          x
 *   24  e[cbPublicExp] n[cbModulus]               x         x          x
 *       p[cbPrime1] q[cbPrime2]                             x          x
 *       dp[cbPrime1] dq[cbPrime2]                                      x
 *       qi[cbPrime1] d[cbModulus]                                      x
 *
 *   CryptoAPI (PUBLICKEYSTRUC, RSAPUBKEY)         public    private
 *    0  header         see capi_blob.c            x         x
 *    8  magic                                     RSA1      RSA2
 *   12  bitlen         bits of n, 8 k             x         x
 *   16  pubexp         e                          x         x
 *   20  n[bitlen/8]                               x         x
 *       p q dp dq qi   [bitlen/16] each                     x
 *       d[bitlen/8]                                         x
 *
 * Observed on Windows: sizes that do not add up are NTE_BAD_DATA, BitLength is not looked at,
 * and e may have leading zeros.
 *
 * Source: Microsoft's documentation of BCRYPT_RSAKEY_BLOB and of the base provider's key blobs.
 */
#include "rsa_blob.h"

#include "capi_blob.h"
#include "ct.h"

struct layout {
    uint32_t magic;
    uint32_t forms; /* bits of enum rsa_form */
    bool primes;
    bool crt; /* dp, dq, qi, d */
};

/* Encoding takes the first row of its form. */
static const struct layout layouts[] = {
    {BCRYPT_RSAPUBLIC_MAGIC, 1u << RSA_FORM_PUBLIC | 1u << RSA_FORM_ANY_PUBLIC, false, false},
    {BCRYPT_RSAPRIVATE_MAGIC, 1u << RSA_FORM_PRIVATE | 1u << RSA_FORM_ANY_PRIVATE, true, false},
    {BCRYPT_RSAFULLPRIVATE_MAGIC, 1u << RSA_FORM_FULL | 1u << RSA_FORM_ANY_PRIVATE, true, true},
};

static const struct capi_kind capi_public = {
    .type = CAPI_TYPE_PUBLIC,
    .version = 2,
    .algs = {CAPI_ALG_RSA_KEYX, CAPI_ALG_RSA_SIGN},
    .magic = BCRYPT_RSAPUBLIC_MAGIC,
    .bad_size = NTE_BAD_DATA,
};
static const struct capi_kind capi_private = {
    .type = CAPI_TYPE_PRIVATE,
    .version = 2,
    .algs = {CAPI_ALG_RSA_KEYX, CAPI_ALG_RSA_SIGN},
    .magic = BCRYPT_RSAPRIVATE_MAGIC,
    .bad_size = NTE_BAD_DATA,
};

static const struct layout *layout_by_magic(int form, uint32_t magic)
{
    for (size_t i = 0; i < ARRAY_COUNT(layouts); i++) {
        if (layouts[i].magic == magic && (layouts[i].forms >> form & 1) != 0)
            return &layouts[i];
    }
    return NULL;
}

static const struct layout *layout_by_form(int form)
{
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(layouts) && (layouts[i].forms >> form & 1) == 0)
        i++;
    return &layouts[i];
}

/* Bytes of a value without leading zeros; zero takes one, so that every length written is one
 * that is read. Where the top byte of a prime stands is public: the blob tells it. */
static size_t natural(struct num v)
{
    size_t n = v.n;
    while (n > 1 && ct_public(ct_is_zero(num_byte(v, n - 1))) != 0)
        n--;
    return n == 0 ? 1 : n;
}

static NTSTATUS cng_decode(int form, struct span in, struct rsa_view *out)
{
    struct rd r = rd_of(in);
    uint32_t magic = rd_le32(&r);
    if (!rd_ok(&r))
        return NTE_BAD_DATA;
    const struct layout *layout = layout_by_magic(form, magic);
    if (layout == NULL)
        return STATUS_INVALID_PARAMETER;
    (void)rd_le32(&r); /* BitLength */
    size_t e_bytes = rd_le32(&r);
    size_t n_bytes = rd_le32(&r);
    size_t p_bytes = rd_le32(&r);
    size_t q_bytes = rd_le32(&r);
    if (e_bytes == 0 || n_bytes == 0)
        return NTE_BAD_DATA;
    if ((p_bytes != 0) != layout->primes || (q_bytes != 0) != layout->primes)
        return NTE_BAD_DATA;
    struct rsa_view v = {0};
    v.e = rd_num_be(&r, e_bytes);
    v.n = rd_num_be(&r, n_bytes);
    if (layout->primes) {
        v.p = rd_num_be(&r, p_bytes);
        v.q = rd_num_be(&r, q_bytes);
    }
    if (layout->crt) {
        v.dp = rd_num_be(&r, p_bytes);
        v.dq = rd_num_be(&r, q_bytes);
        v.qi = rd_num_be(&r, p_bytes);
        v.d = rd_num_be(&r, n_bytes);
    }
    if (!rd_end(&r))
        return NTE_BAD_DATA;
    *out = v;
    return STATUS_SUCCESS;
}

static void cng_encode(int form, const struct rsa_view *v, struct wr *w)
{
    const struct layout *layout = layout_by_form(form);
    size_t e_bytes = natural(v->e);
    size_t n_bytes = natural(v->n);
    size_t p_bytes = layout->primes ? natural(v->p) : 0;
    size_t q_bytes = layout->primes ? natural(v->q) : 0;
    wr_le32(w, layout->magic);
    wr_le32(w, (uint32_t)num_bits(v->n));
    wr_le32(w, (uint32_t)e_bytes);
    wr_le32(w, (uint32_t)n_bytes);
    wr_le32(w, (uint32_t)p_bytes);
    wr_le32(w, (uint32_t)q_bytes);
    wr_num_be(w, v->e, e_bytes);
    wr_num_be(w, v->n, n_bytes);
    if (layout->primes) {
        wr_num_be(w, v->p, p_bytes);
        wr_num_be(w, v->q, q_bytes);
    }
    if (layout->crt) {
        wr_num_be(w, v->dp, p_bytes);
        wr_num_be(w, v->dq, q_bytes);
        wr_num_be(w, v->qi, p_bytes);
        wr_num_be(w, v->d, n_bytes);
    }
}

static NTSTATUS capi_decode(const struct capi_kind *kind, struct span in, struct rsa_view *out)
{
    struct rd r = rd_of(in);
    TRY(capi_open(&r, kind));
    uint32_t bits = rd_le32(&r);
    if (bits == 0 || bits % 8 != 0)
        return NTE_BAD_DATA;
    size_t n_bytes = capi_bytes(bits);
    size_t half = n_bytes / 2 + n_bytes % 2;
    struct rsa_view v = {0};
    v.e = rd_num_le(&r, 4);
    v.n = rd_num_le(&r, n_bytes);
    if (kind->type == CAPI_TYPE_PRIVATE) {
        v.p = rd_num_le(&r, half);
        v.q = rd_num_le(&r, half);
        v.dp = rd_num_le(&r, half);
        v.dq = rd_num_le(&r, half);
        v.qi = rd_num_le(&r, half);
        v.d = rd_num_le(&r, n_bytes);
    }
    if (!rd_end(&r))
        return NTE_BAD_DATA;
    *out = v;
    return STATUS_SUCCESS;
}

/* Not every key has this form: an exponent above 32 bits, or a prime of more than half of n,
 * fails in `w`, in a count too. */
static void capi_encode(const struct capi_kind *kind, const struct rsa_view *v, struct wr *w)
{
    bool is_private = kind->type == CAPI_TYPE_PRIVATE;
    size_t n_bytes = natural(v->n);
    size_t half = n_bytes / 2 + n_bytes % 2;
    if (natural(v->e) > 4 || (is_private && (natural(v->p) > half || natural(v->q) > half)))
        w->bad = true;
    capi_start(w, kind);
    wr_le32(w, (uint32_t)(8 * n_bytes));
    wr_num_le(w, v->e, 4);
    wr_num_le(w, v->n, n_bytes);
    if (is_private) {
        wr_num_le(w, v->p, half);
        wr_num_le(w, v->q, half);
        wr_num_le(w, v->dp, half);
        wr_num_le(w, v->dq, half);
        wr_num_le(w, v->qi, half);
        wr_num_le(w, v->d, n_bytes);
    }
}

static const struct capi_kind *capi_kind_of(int form)
{
    if (form == RSA_FORM_CAPI_PUBLIC)
        return &capi_public;
    return form == RSA_FORM_CAPI_PRIVATE ? &capi_private : NULL;
}

NTSTATUS rsa_blob_decode(int form, struct span in, struct rsa_view *out)
{
    const struct capi_kind *capi = capi_kind_of(form);
    return capi != NULL ? capi_decode(capi, in, out) : cng_decode(form, in, out);
}

void rsa_blob_encode(int form, const struct rsa_view *v, struct wr *w)
{
    const struct capi_kind *capi = capi_kind_of(form);
    if (capi != NULL)
        capi_encode(capi, v, w);
    else
        cng_encode(form, v, w);
}
