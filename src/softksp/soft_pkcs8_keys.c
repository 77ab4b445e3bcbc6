/* Keys of RSA, of curves and of finite fields between PKCS #8 and the blobs of bcrypt.h. */
#include "soft_pkcs8.h"

#include <string.h>

NTSTATUS soft_pkcs8_name(struct soft_material *m, const char *alg, const char *type)
{
    strcpy(m->type.s, type);
    m->alg = soft_alg_find(alg);
    return m->alg == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS;
}

/* ---- RSA ------------------------------------------------------------------------------------ */

static void put_rsa_blob(const void *v, struct wr *w)
{
    rsa_blob_encode(RSA_FORM_FULL, v, w);
}

static void put_rsa_der(const void *v, struct asn1_out *o)
{
    pkcs8_rsa_encode(v, o);
}

NTSTATUS soft_pkcs8_read_rsa(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                             struct soft_material *m)
{
    (void)row;
    struct rsa_view v;
    TRY(pkcs8_rsa_decode(in->key, &v));
    TRY(soft_pkcs8_name(m, "RSA", "RSAFULLPRIVATEBLOB"));
    return soft_encode_blob(put_rsa_blob, &v, &m->bytes);
}

NTSTATUS soft_pkcs8_write_rsa(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                              struct secret *key, struct secret *params)
{
    (void)row;
    (void)params;
    SECRET blob = {NULL, 0};
    struct rsa_view v;
    TRY(soft_blob(whole, BCRYPT_RSAFULLPRIVATE_BLOB, &blob));
    TRY(rsa_blob_decode(RSA_FORM_FULL, secret_span(&blob), &v));
    return soft_encode_der(put_rsa_der, &v, key);
}

/* ---- elliptic curves ------------------------------------------------------------------------ */

/* Zeros for a point that is not told: bcrypt.h computes it. */
#define MOST_FIELD_BYTES 66
static const uint8_t no_number[MOST_FIELD_BYTES];

static void put_ecc_blob(const void *v, struct wr *w)
{
    ecc_blob_encode(ECC_FORM_PRIVATE, v, w);
}

static void put_ecc_full_blob(const void *v, struct wr *w)
{
    ecc_blob_encode(ECC_FORM_FULL_PRIVATE, v, w);
}

#define X25519_BYTES 32

/* bcrypt.h wants the scalar as X25519 uses it (RFC 7748 5), files hold what was drawn. */
static void clamp(uint8_t d[X25519_BYTES])
{
    d[0] &= 0xF8;
    d[X25519_BYTES - 1] = (uint8_t)((d[X25519_BYTES - 1] & 0x7F) | 0x40);
}

static NTSTATUS take_x25519(struct span d, struct soft_material *m)
{
    if (d.n != X25519_BYTES)
        return NTE_BAD_DATA;
    SECRET scalar = {NULL, 0};
    TRY(secret_copy(&scalar, d));
    clamp(scalar.p);
    const struct ecc_view v = {
        .use = ECC_USE_ECDH,
        .key_bytes = X25519_BYTES,
        .has_private = true,
        .x = num_be(no_number, X25519_BYTES),
        .y = num_be(no_number, X25519_BYTES),
        .d = num_be(scalar.p, scalar.n),
    };
    strcpy(m->curve.s, "curve25519");
    TRY(soft_pkcs8_name(m, "ECDH", "ECCPRIVATEBLOB"));
    return soft_encode_blob(put_ecc_blob, &v, &m->bytes);
}

static NTSTATUS name_curve_alg(struct soft_material *m, const struct pkcs8_ec *ec, bool signs,
                               const char *type)
{
    char alg[16];
    strcpy(alg, signs ? "ECDSA" : "ECDH");
    if (ec->curve != NULL && ec->curve->magic_bits != 0) {
        char suffix[] = "_P000";
        uint16_t bits = ec->curve->magic_bits;
        suffix[2] = (char)('0' + bits / 100);
        suffix[3] = (char)('0' + bits / 10 % 10);
        suffix[4] = (char)('0' + bits % 10);
        strcat(alg, suffix);
    } else if (ec->curve != NULL) {
        strcpy(m->curve.s, ec->curve->name);
    }
    return soft_pkcs8_name(m, alg, type);
}

/* The attribute tells keys of ECDSA from those of ECDH. Without it the key becomes one of ECDH, which
 * both signs and agrees. */
NTSTATUS soft_pkcs8_read_ec(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                            struct soft_material *m)
{
    (void)row;
    struct pkcs8_ec ec;
    TRY(pkcs8_ec_decode(in, &ec));
    if (ec.montgomery)
        return take_x25519((struct span){ec.d.p, ec.d.n}, m);
    bool signs = in->usage != 0 && (in->usage & PKCS8_AGREES) == 0;
    struct ecc_view v = {
        .use = signs ? ECC_USE_ECDSA : ECC_USE_ECDH,
        .fixed_bits = ec.curve != NULL ? ec.curve->magic_bits : 0,
        .key_bytes = ec.curve != NULL ? (ec.curve->bits + 7u) / 8 : ec.params.field_bytes,
        .has_private = true,
        .has_params = ec.curve == NULL,
        .params = ec.params,
        .x = ec.x,
        .y = ec.y,
        .d = ec.d,
    };
    if (v.key_bytes > sizeof no_number)
        return NTE_NOT_SUPPORTED;
    if (v.x.p == NULL)
        v.x = v.y = num_be(no_number, v.key_bytes);
    TRY(name_curve_alg(m, &ec, signs, ec.curve != NULL ? "ECCPRIVATEBLOB" : "ECCFULLPRIVATEBLOB"));
    return soft_encode_blob(ec.curve != NULL ? put_ecc_blob : put_ecc_full_blob, &v, &m->bytes);
}

static void put_ec_key(const void *v, struct asn1_out *o)
{
    pkcs8_ec_encode_key(v, o);
}

static void put_ec_params(const void *v, struct asn1_out *o)
{
    pkcs8_ec_encode_params(v, o);
}

static NTSTATUS curve_of(BCRYPT_KEY_HANDLE whole, const struct pkcs8_curve **curve)
{
    WCHAR text[NAME_MAX_BYTES];
    ULONG n;
    struct name name;
    TRY(BCryptGetProperty(whole, BCRYPT_ECC_CURVE_NAME, (PUCHAR)text, sizeof text, &n, 0));
    TRY(name_read_counted(&name, text, n, WIDTH_16));
    *curve = pkcs8_curve_named(name.s);
    return STATUS_SUCCESS;
}

NTSTATUS soft_pkcs8_write_ec(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                             struct secret *key, struct secret *params)
{
    (void)row;
    SECRET blob = {NULL, 0};
    struct pkcs8_ec ec = {.curve = NULL};
    struct ecc_view v;
    TRY(curve_of(whole, &ec.curve));
    TRY(soft_blob(whole, ec.curve != NULL ? BCRYPT_ECCPRIVATE_BLOB : BCRYPT_ECCFULLPRIVATE_BLOB,
                  &blob));
    TRY(ecc_blob_decode(ec.curve != NULL ? ECC_FORM_PRIVATE : ECC_FORM_FULL_PRIVATE,
                        secret_span(&blob), &v));
    if (v.has_params && v.params.curve_type != BCRYPT_ECC_PRIME_SHORT_WEIERSTRASS_CURVE)
        return NTE_BAD_TYPE;
    ec.params = v.params;
    ec.x = v.x;
    ec.y = v.y;
    ec.d = v.d;
    TRY(soft_encode_der(put_ec_params, &ec, params));
    return soft_encode_der(put_ec_key, &ec, key);
}

/* ---- X25519 (RFC 8410) ---------------------------------------------------------------------- */

NTSTATUS soft_pkcs8_read_x25519(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                                struct soft_material *m)
{
    (void)row;
    struct asn1 file = asn1_of(in->key);
    struct span d = asn1_take(&file, ASN1_OCTETS);
    return asn1_end(&file) && in->params.n == 0 ? take_x25519(d, m) : NTE_BAD_DATA;
}

static void put_octets(const void *v, struct asn1_out *o)
{
    const struct span *s = v;
    asn1_put_element(o, ASN1_OCTETS, *s);
}

NTSTATUS soft_pkcs8_write_x25519(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                                 struct secret *key, struct secret *params)
{
    (void)row;
    (void)params;
    SECRET blob = {NULL, 0};
    struct ecc_view v;
    TRY(soft_blob(whole, BCRYPT_ECCPRIVATE_BLOB, &blob));
    TRY(ecc_blob_decode(ECC_FORM_PRIVATE, secret_span(&blob), &v));
    const struct span d = {v.d.p, v.d.n};
    return soft_encode_der(put_octets, &d, key);
}

/* ---- finite fields -------------------------------------------------------------------------- */

static void put_dh_blob(const void *v, struct wr *w)
{
    dh_blob_encode(DH_FORM_PRIVATE, v, w);
}

static void put_dh_public_blob(const void *v, struct wr *w)
{
    dh_blob_encode(DH_FORM_PUBLIC, v, w);
}

static void put_dsa_blob(const void *v, struct wr *w)
{
    dsa_blob_encode(DSA_FORM_PRIVATE, v, w);
}

/* Files do not tell y = g^x. Agreeing with somebody whose public value is g computes it: a key with
 * x, whose own public value does not matter, and the raw secret. */
static NTSTATUS public_value(struct num p, struct num g, struct num x, struct secret *y)
{
    const struct dh_view v = {.key_bytes = p.n, .p = p, .g = g, .y = g, .x = x};
    SECRET own_blob = {NULL, 0};
    SECRET peer_blob = {NULL, 0};
    TRY(soft_encode_blob(put_dh_blob, &v, &own_blob));
    TRY(soft_encode_blob(put_dh_public_blob, &v, &peer_blob));
    SCOPED_KEY own = NULL;
    SCOPED_KEY peer = NULL;
    TRY(BCryptImportKeyPair(BCRYPT_DH_ALG_HANDLE, NULL, BCRYPT_DH_PRIVATE_BLOB, &own, own_blob.p,
                            (ULONG)own_blob.n, BCRYPT_NO_KEY_VALIDATION));
    TRY(BCryptImportKeyPair(BCRYPT_DH_ALG_HANDLE, NULL, BCRYPT_DH_PUBLIC_BLOB, &peer, peer_blob.p,
                            (ULONG)peer_blob.n, BCRYPT_NO_KEY_VALIDATION));
    BCRYPT_SECRET_HANDLE agreed;
    TRY(BCryptSecretAgreement(own, peer, &agreed, 0));
    ULONG n;
    NTSTATUS status = secret_new(y, p.n);
    if (status >= 0)
        status = BCryptDeriveKey(agreed, BCRYPT_KDF_RAW_SECRET, NULL, y->p, (ULONG)y->n, &n, 0);
    BCryptDestroySecret(agreed);
    return status;
}

/* A seed and counter that are not told, as blobs spell it. */
static const uint8_t no_seed[32] = {
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
};

#define V1_KEY_BYTES 128
#define HASH_SHA256 1
#define FIPS_186_3 1

NTSTATUS soft_pkcs8_read_dsa(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                             struct soft_material *m)
{
    (void)row;
    struct dsa_view v = {.v2 = false};
    TRY(pkcs8_dsa_decode(in, &v));
    TRY(soft_pkcs8_name(m, "DSA", "DSAPRIVATEBLOB"));
    SECRET y = {NULL, 0};
    TRY(public_value(v.p, v.g, v.x, &y));
    v.y = num_le(y.p, y.n);
    v.key_bytes = v.p.n;
    v.group_bytes = v.q.n;
    v.v2 = v.p.n > V1_KEY_BYTES;
    v.hash = v.v2 ? HASH_SHA256 : 0;
    v.standard = v.v2 ? FIPS_186_3 : 0;
    v.seed = span_of(no_seed, v.q.n < sizeof no_seed ? v.q.n : sizeof no_seed);
    memset(v.count, 0xFF, sizeof v.count);
    return soft_encode_blob(put_dsa_blob, &v, &m->bytes);
}

static void put_x(const void *v, struct asn1_out *o)
{
    const struct num *x = v;
    asn1_put_number(o, *x);
}

static void put_dsa_params(const void *v, struct asn1_out *o)
{
    pkcs8_dsa_encode_params(v, o);
}

static void put_dh_params(const void *v, struct asn1_out *o)
{
    pkcs8_dh_encode_params(v, o);
}

NTSTATUS soft_pkcs8_write_dsa(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                              struct secret *key, struct secret *params)
{
    (void)row;
    SECRET blob = {NULL, 0};
    struct dsa_view v;
    TRY(soft_blob(whole, BCRYPT_DSA_PRIVATE_BLOB, &blob));
    TRY(dsa_blob_decode(DSA_FORM_PRIVATE, secret_span(&blob), &v));
    TRY(soft_encode_der(put_dsa_params, &v, params));
    return soft_encode_der(put_x, &v.x, key);
}

NTSTATUS soft_pkcs8_read_dh(const struct soft_pkcs8_row *row, const struct pkcs8 *in,
                            struct soft_material *m)
{
    (void)row;
    struct dh_view v = {.key_bytes = 0};
    TRY(pkcs8_dh_decode(in, &v));
    TRY(soft_pkcs8_name(m, "DH", "DHPRIVATEBLOB"));
    SECRET y = {NULL, 0};
    TRY(public_value(v.p, v.g, v.x, &y));
    v.y = num_le(y.p, y.n);
    v.key_bytes = v.p.n;
    return soft_encode_blob(put_dh_blob, &v, &m->bytes);
}

NTSTATUS soft_pkcs8_write_dh(const struct soft_pkcs8_row *row, BCRYPT_KEY_HANDLE whole,
                             struct secret *key, struct secret *params)
{
    (void)row;
    SECRET blob = {NULL, 0};
    struct dh_view v;
    TRY(soft_blob(whole, BCRYPT_DH_PRIVATE_BLOB, &blob));
    TRY(dh_blob_decode(DH_FORM_PRIVATE, secret_span(&blob), &v));
    TRY(soft_encode_der(put_dh_params, &v, params));
    return soft_encode_der(put_x, &v.x, key);
}
