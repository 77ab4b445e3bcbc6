/* PKCS8_PRIVATEKEY: keys in PKCS #8, plain and under a password. */
#include "soft_pkcs8.h"

#include <string.h>

/* ---- rows ----------------------------------------------------------------------------------- */

#define NIST_SIGNATURE "2.16.840.1.101.3.4.3."
#define NIST_KEM "2.16.840.1.101.3.4.4."

/* clang-format off */
#define SEEDED(number, of, name, seed, expanded) \
    {.oid = number, .group = of, .set = name, .seed_bytes = seed, .expanded_bytes = expanded, \
     .read = soft_pkcs8_read_seeded, .write = soft_pkcs8_write_seeded}
#define RAW(number, name) \
    {.oid = number, .group = "SLHDSA", .set = name, .read = soft_pkcs8_read_raw, \
     .write = soft_pkcs8_write_raw}

/* The first row that fits a key is the one that it is written with. */
static const struct soft_pkcs8_row rows[] = {
    {.oid = "1.2.840.113549.1.1.1", .group = "RSA", .null_params = true,
     .read = soft_pkcs8_read_rsa, .write = soft_pkcs8_write_rsa},
    {.oid = "1.2.840.113549.1.1.10", .group = "RSA", .only_read = true,
     .read = soft_pkcs8_read_rsa},
    {.oid = "1.3.101.110", .group = "ECDH", .curve = "curve25519",
     .read = soft_pkcs8_read_x25519, .write = soft_pkcs8_write_x25519},
    {.oid = "1.2.840.10045.2.1", .group = "ECDSA", .usage = PKCS8_SIGNS,
     .read = soft_pkcs8_read_ec, .write = soft_pkcs8_write_ec},
    {.oid = "1.2.840.10045.2.1", .group = "ECDH", .usage = PKCS8_AGREES,
     .read = soft_pkcs8_read_ec, .write = soft_pkcs8_write_ec},
    {.oid = "1.2.840.10040.4.1", .group = "DSA",
     .read = soft_pkcs8_read_dsa, .write = soft_pkcs8_write_dsa},
    {.oid = "1.2.840.113549.1.3.1", .group = "DH",
     .read = soft_pkcs8_read_dh, .write = soft_pkcs8_write_dh},
    SEEDED(NIST_SIGNATURE "17", "MLDSA", "44", 32, 2560),
    SEEDED(NIST_SIGNATURE "18", "MLDSA", "65", 32, 4032),
    SEEDED(NIST_SIGNATURE "19", "MLDSA", "87", 32, 4896),
    SEEDED(NIST_KEM "1", "MLKEM", "512", 64, 1632),
    SEEDED(NIST_KEM "2", "MLKEM", "768", 64, 2400),
    SEEDED(NIST_KEM "3", "MLKEM", "1024", 64, 3168),
    RAW(NIST_SIGNATURE "20", "SHA2-128s"),
    RAW(NIST_SIGNATURE "21", "SHA2-128f"),
    RAW(NIST_SIGNATURE "22", "SHA2-192s"),
    RAW(NIST_SIGNATURE "23", "SHA2-192f"),
    RAW(NIST_SIGNATURE "24", "SHA2-256s"),
    RAW(NIST_SIGNATURE "25", "SHA2-256f"),
    RAW(NIST_SIGNATURE "26", "SHAKE-128s"),
    RAW(NIST_SIGNATURE "27", "SHAKE-128f"),
    RAW(NIST_SIGNATURE "28", "SHAKE-192s"),
    RAW(NIST_SIGNATURE "29", "SHAKE-192f"),
    RAW(NIST_SIGNATURE "30", "SHAKE-256s"),
    RAW(NIST_SIGNATURE "31", "SHAKE-256f"),
};
/* clang-format on */

static const struct soft_pkcs8_row *row_of_oid(const char *oid)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (strcmp(rows[i].oid, oid) == 0)
            return &rows[i];
    }
    return NULL;
}

/* What a file of the identifier says that keys of the group are for. */
static uint8_t usage_of(const char *oid, const char *group)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (strcmp(rows[i].oid, oid) == 0 && strcmp(rows[i].group, group) == 0)
            return rows[i].usage;
    }
    return 0;
}

/* Whether the key's property has the value; a row without one fits every key. */
static bool property_is(const struct soft_key *k, LPCWSTR id, const char *value)
{
    WCHAR text[NAME_MAX_BYTES];
    ULONG n;
    struct name name;
    if (value == NULL)
        return true;
    return BCryptGetProperty(k->known, id, (PUCHAR)text, sizeof text, &n, 0) >= 0 &&
           name_read_counted(&name, text, n, WIDTH_16) >= 0 && name_is(&name, value);
}

static const struct soft_pkcs8_row *row_of_key(const struct soft_key *k)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (!rows[i].only_read && strcmp(rows[i].group, k->alg->group) == 0 &&
            property_is(k, BCRYPT_PARAMETER_SET_NAME, rows[i].set) &&
            property_is(k, BCRYPT_ECC_CURVE_NAME, rows[i].curve))
            return &rows[i];
    }
    return NULL;
}

/* ---- encoding ------------------------------------------------------------------------------- */

NTSTATUS soft_encode_blob(soft_put_blob *put, const void *v, struct secret *out)
{
    struct wr count = wr_count();
    put(v, &count);
    if (count.bad)
        return NTE_BAD_DATA;
    SECRET made = {NULL, 0};
    TRY(secret_new(&made, count.n));
    struct wr w = wr_into(made.p, made.n);
    put(v, &w);
    if (w.bad)
        return NTE_BAD_DATA;
    *out = made;
    made = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

NTSTATUS soft_encode_der(soft_put_der *put, const void *v, struct secret *out)
{
    struct asn1_out count = asn1_count();
    put(v, &count);
    if (count.bad)
        return NTE_BAD_DATA;
    SECRET made = {NULL, 0};
    TRY(secret_new(&made, count.n));
    struct asn1_out o = asn1_into(made.p, made.n);
    put(v, &o);
    if (o.bad)
        return NTE_BAD_DATA;
    *out = made;
    made = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

static void put_envelope(const void *v, struct asn1_out *o)
{
    pkcs8_encode(v, o);
}

/* ---- the blob type -------------------------------------------------------------------------- */

/* Without a password an encrypted file cannot be read; with one, a plain file is read all the same. */
static NTSTATUS open_file(struct span file, const struct ksp_params *params, struct secret *plain)
{
    if (!pkcs8_is_sealed(file))
        return secret_copy(plain, file);
    struct pkcs8_sealed sealed;
    TRY(pkcs8_sealed_decode(file, &sealed));
    if (!ksp_param_is(params, NCRYPTBUFFER_PKCS_SECRET))
        return NTE_INVALID_PARAMETER;
    const struct in password = ksp_param(params, NCRYPTBUFFER_PKCS_SECRET);
    return soft_pbe_open(&sealed, &password, plain);
}

NTSTATUS soft_pkcs8_take(const struct soft_call *call, struct span plain, struct soft_material *m)
{
    struct pkcs8 file;
    TRY(pkcs8_decode(plain, &file));
    const struct soft_pkcs8_row *row = row_of_oid(file.oid.s);
    if (row == NULL)
        return NTE_NOT_SUPPORTED;
    /* A building key has its algorithm, and a file that does not say what it is for fits. */
    if (file.usage == 0 && call->key != NULL)
        file.usage = usage_of(file.oid.s, call->key->alg->group);
    m->is_private = true;
    TRY(row->read(row, &file, m));
    m->blob = secret_span(&m->bytes);
    return STATUS_SUCCESS;
}

NTSTATUS soft_pkcs8_read(const struct soft_format *f, const struct soft_call *call,
                         struct span blob, struct soft_material *m)
{
    (void)f;
    SECRET plain = {NULL, 0};
    TRY(open_file(blob, call->params, &plain));
    return soft_pkcs8_take(call, secret_span(&plain), m);
}

/* NULL, as some algorithms want it (RFC 3279). */
static const uint8_t null_element[] = {ASN1_NULL, 0};

NTSTATUS soft_pkcs8_file(const struct soft_call *call, struct secret *file)
{
    struct soft_key *k = call->key;
    const struct soft_pkcs8_row *row = k->alg->class->public_part ? row_of_key(k) : NULL;
    if (row == NULL)
        return NTE_BAD_TYPE;
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, call->flags, &whole));
    SECRET key = {NULL, 0};
    SECRET params = {NULL, 0};
    TRY(row->write(row, whole, &key, &params));
    struct pkcs8 v = {
        .params =
            row->null_params ? span_of(null_element, sizeof null_element) : secret_span(&params),
        .key = secret_span(&key),
        .usage = row->usage,
    };
    strcpy(v.oid.s, row->oid);
    return soft_encode_der(put_envelope, &v, file);
}

NTSTATUS soft_pkcs8_write(const struct soft_format *f, const struct soft_call *call,
                          const struct out *o)
{
    (void)f;
    SECRET file = {NULL, 0};
    TRY(soft_pkcs8_file(call, &file));
    if (ksp_param_is(call->params, NCRYPTBUFFER_PKCS_SECRET))
        return soft_pbe_seal(secret_span(&file), call->params, o);
    return soft_send(&file, o);
}

enum soft_need soft_pkcs8_need(const struct ksp_params *params)
{
    return ksp_param_is(params, NCRYPTBUFFER_PKCS_SECRET) ? NEED_PROTECTED : NEED_PLAIN;
}
