/* The blob types, in rows; and the types that are bcrypt.h's own, or an envelope around them. */
#include "soft_format.h"

#include <string.h>

#include "ncrypt_blob.h"

/* ---- magics --------------------------------------------------------------------------------- */

/* The magic, not the blob type, tells the algorithm (observed on Windows). The type tells whether the key is private:
 * a private blob of curve25519 is read as a public one too. */
static const struct {
    const char *alg;
    uint32_t magic;
} magics[] = {
    {"RSA", BCRYPT_RSAPUBLIC_MAGIC},
    {"RSA", BCRYPT_RSAPRIVATE_MAGIC},
    {"RSA", BCRYPT_RSAFULLPRIVATE_MAGIC},
    {"ECDH_P256", BCRYPT_ECDH_PUBLIC_P256_MAGIC},
    {"ECDH_P256", BCRYPT_ECDH_PRIVATE_P256_MAGIC},
    {"ECDH_P384", BCRYPT_ECDH_PUBLIC_P384_MAGIC},
    {"ECDH_P384", BCRYPT_ECDH_PRIVATE_P384_MAGIC},
    {"ECDH_P521", BCRYPT_ECDH_PUBLIC_P521_MAGIC},
    {"ECDH_P521", BCRYPT_ECDH_PRIVATE_P521_MAGIC},
    {"ECDH", BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC},
    {"ECDH", BCRYPT_ECDH_PRIVATE_GENERIC_MAGIC},
    {"ECDSA_P256", BCRYPT_ECDSA_PUBLIC_P256_MAGIC},
    {"ECDSA_P256", BCRYPT_ECDSA_PRIVATE_P256_MAGIC},
    {"ECDSA_P384", BCRYPT_ECDSA_PUBLIC_P384_MAGIC},
    {"ECDSA_P384", BCRYPT_ECDSA_PRIVATE_P384_MAGIC},
    {"ECDSA_P521", BCRYPT_ECDSA_PUBLIC_P521_MAGIC},
    {"ECDSA_P521", BCRYPT_ECDSA_PRIVATE_P521_MAGIC},
    {"ECDSA", BCRYPT_ECDSA_PUBLIC_GENERIC_MAGIC},
    {"ECDSA", BCRYPT_ECDSA_PRIVATE_GENERIC_MAGIC},
    {"DH", BCRYPT_DH_PUBLIC_MAGIC},
    {"DH", BCRYPT_DH_PRIVATE_MAGIC},
    {"DSA", BCRYPT_DSA_PUBLIC_MAGIC},
    {"DSA", BCRYPT_DSA_PRIVATE_MAGIC},
    {"DSA", BCRYPT_DSA_PUBLIC_MAGIC_V2},
    {"DSA", BCRYPT_DSA_PRIVATE_MAGIC_V2},
    {"ML-DSA", BCRYPT_MLDSA_PUBLIC_MAGIC},
    {"ML-DSA", BCRYPT_MLDSA_PRIVATE_MAGIC},
    {"ML-DSA", BCRYPT_MLDSA_PRIVATE_SEED_MAGIC},
    {"SLH-DSA", BCRYPT_SLHDSA_PUBLIC_MAGIC},
    {"SLH-DSA", BCRYPT_SLHDSA_PRIVATE_MAGIC},
    {"ML-KEM", BCRYPT_MLKEM_PUBLIC_MAGIC},
    {"ML-KEM", BCRYPT_MLKEM_PRIVATE_MAGIC},
    {"ML-KEM", BCRYPT_MLKEM_PRIVATE_SEED_MAGIC},
};

static bool find_magic(struct span blob, const char **alg)
{
    struct rd r = rd_of(blob);
    uint32_t magic = rd_le32(&r);
    for (size_t i = 0; rd_ok(&r) && i < ARRAY_COUNT(magics); i++) {
        if (magics[i].magic != magic)
            continue;
        *alg = magics[i].alg;
        return true;
    }
    return false;
}

/* ---- bcrypt.h's own ------------------------------------------------------------------------- */

static NTSTATUS find_alg(const char *name, struct soft_material *m)
{
    m->alg = soft_alg_find(name);
    return m->alg == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS;
}

static NTSTATUS read_pair(const struct soft_format *f, const struct soft_call *call,
                          struct span blob, struct soft_material *m)
{
    const char *alg = f->alg;
    m->is_private = f->is_private;
    if (alg == NULL && call->key != NULL && call->key->alg->own_blobs)
        alg = call->key->alg->facts.name;
    if (alg == NULL && !find_magic(blob, &alg))
        return NTE_INVALID_PARAMETER; /* observed on Windows */
    strcpy(m->type.s, f->type);
    m->blob = blob;
    return find_alg(alg, m);
}

static NTSTATUS write_pair(const struct soft_format *f, const struct soft_call *call,
                           const struct out *o)
{
    struct soft_key *k = call->key;
    struct soft_wide type;
    BCRYPT_KEY_HANDLE handle = k->known;
    if (f->is_private)
        TRY(soft_private(k, call->flags, &handle));
    if (!k->alg->class->public_part)
        return NTE_BAD_TYPE;
    NTSTATUS status = BCryptExportKey(handle, NULL, soft_wide(&type, f->type), o->p, o->cap,
                                      (ULONG *)o->result, 0);
    /* a type of another algorithm's */
    return status == STATUS_NOT_SUPPORTED ? NTE_BAD_TYPE : status;
}

/* ---- envelopes ------------------------------------------------------------------------------ */

static NTSTATUS read_sym(const struct soft_format *f, const struct soft_call *call,
                         struct span blob, struct soft_material *m)
{
    (void)call;
    struct key_envelope e;
    TRY(key_envelope_decode(f->magic, blob, &e));
    TRY(find_alg(e.alg.s, m));
    if (m->alg->class->public_part)
        return NTE_BAD_DATA;
    TRY(key_data_check(e.data));
    strcpy(m->type.s, "KeyDataBlob");
    m->blob = e.data;
    m->is_private = true;
    return STATUS_SUCCESS;
}

static NTSTATUS write_sym(const struct soft_format *f, const struct soft_call *call,
                          const struct out *o)
{
    struct soft_key *k = call->key;
    uint32_t operation = f->magic == NCRYPT_CIPHER_KEY_BLOB_MAGIC ? NCRYPT_CIPHER_OPERATION
                                                                  : NCRYPT_KEY_DERIVATION_OPERATION;
    if ((k->alg->facts.operations & operation) == 0)
        return NTE_BAD_TYPE;
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(k, call->flags, &whole));
    SECRET data = {NULL, 0};
    TRY(soft_blob(whole, BCRYPT_KEY_DATA_BLOB, &data));
    struct key_envelope e = {.magic = f->magic, .data = secret_span(&data)};
    strcpy(e.alg.s, k->alg->facts.name);
    struct wr w = wr_count();
    key_envelope_encode(&e, &w);
    TRY(out_writer(o, &w));
    key_envelope_encode(&e, &w);
    return STATUS_SUCCESS;
}

static NTSTATUS read_pq(const struct soft_format *f, const struct soft_call *call, struct span blob,
                        struct soft_material *m)
{
    (void)f;
    struct pq_envelope e;
    TRY(pq_envelope_decode(blob, &e));
    const struct soft_format *inner = soft_format_find(e.type.s);
    if (inner == NULL || inner->read != read_pair || !inner->is_private)
        return NTE_BAD_DATA;
    return inner->read(inner, call, e.data, m);
}

/* The type inside is the one that says most: the seed where the key has it. */
static const char *const pq_types[] = {"PQDSAPRIVATESEEDBLOB", "MLKEMPRIVATESEEDBLOB",
                                       "PQDSAPRIVATEBLOB", "MLKEMPRIVATEBLOB"};

static NTSTATUS write_pq(const struct soft_format *f, const struct soft_call *call,
                         const struct out *o)
{
    (void)f;
    BCRYPT_KEY_HANDLE whole;
    TRY(soft_private(call->key, call->flags, &whole));
    for (size_t i = 0; i < ARRAY_COUNT(pq_types); i++) {
        struct soft_wide type;
        SECRET data = {NULL, 0};
        if (soft_blob(whole, soft_wide(&type, pq_types[i]), &data) < 0)
            continue;
        struct pq_envelope e = {.data = secret_span(&data)};
        strcpy(e.type.s, pq_types[i]);
        struct wr w = wr_count();
        pq_envelope_encode(&e, &w);
        TRY(out_writer(o, &w));
        pq_envelope_encode(&e, &w);
        return STATUS_SUCCESS;
    }
    return NTE_BAD_TYPE;
}

/* ---- rows ----------------------------------------------------------------------------------- */

/* clang-format off */
#define PUBLIC(name) {.type = name, .read = read_pair, .write = write_pair}
#define PRIVATE(name) \
    {.type = name, .is_private = true, .need = NEED_PLAIN, .read = read_pair, .write = write_pair}
#define CAPI_PUBLIC(name, of) {.type = name, .alg = of, .read = read_pair, .write = write_pair}
#define CAPI_PRIVATE(name, of) \
    {.type = name, .alg = of, .is_private = true, .need = NEED_PLAIN, .read = read_pair, \
     .write = write_pair}
#define ENVELOPE(name, number) \
    {.type = name, .is_private = true, .need = NEED_PLAIN, .magic = number, .read = read_sym, \
     .write = write_sym}

static const struct soft_format formats[] = {
    PUBLIC("PUBLICBLOB"),
    PRIVATE("PRIVATEBLOB"),
    PUBLIC("RSAPUBLICBLOB"),
    PRIVATE("RSAPRIVATEBLOB"),
    PRIVATE("RSAFULLPRIVATEBLOB"),
    CAPI_PUBLIC("CAPIPUBLICBLOB", "RSA"),
    CAPI_PRIVATE("CAPIPRIVATEBLOB", "RSA"),
    PUBLIC("ECCPUBLICBLOB"),
    PRIVATE("ECCPRIVATEBLOB"),
    PUBLIC("ECCFULLPUBLICBLOB"),
    PRIVATE("ECCFULLPRIVATEBLOB"),
    /* TLS's blob names a curve and no algorithm; keys of ECDH sign too */
    {.type = "SSLECCPUBLICBLOB", .alg = "ECDH", .read = read_pair, .write = write_pair},
    PUBLIC("DHPUBLICBLOB"),
    PRIVATE("DHPRIVATEBLOB"),
    CAPI_PUBLIC("CAPIDHPUBLICBLOB", "DH"),
    CAPI_PRIVATE("CAPIDHPRIVATEBLOB", "DH"),
    PUBLIC("DSAPUBLICBLOB"),
    PRIVATE("DSAPRIVATEBLOB"),
    CAPI_PUBLIC("CAPIDSAPUBLICBLOB", "DSA"),
    CAPI_PRIVATE("CAPIDSAPRIVATEBLOB", "DSA"),
    CAPI_PUBLIC("V2CAPIDSAPUBLICBLOB", "DSA"),
    CAPI_PRIVATE("V2CAPIDSAPRIVATEBLOB", "DSA"),
    PUBLIC("PQDSAPUBLICBLOB"),
    PRIVATE("PQDSAPRIVATEBLOB"),
    PRIVATE("PQDSAPRIVATESEEDBLOB"),
    PUBLIC("MLKEMPUBLICBLOB"),
    PRIVATE("MLKEMPRIVATEBLOB"),
    PRIVATE("MLKEMPRIVATESEEDBLOB"),
    {.type = "PQPrivateKeyBlob", .is_private = true, .need = NEED_PLAIN, .read = read_pq,
     .write = write_pq},
    ENVELOPE("CipherKeyBlob", NCRYPT_CIPHER_KEY_BLOB_MAGIC),
    ENVELOPE("KDFKeyBlob", NCRYPT_KDF_KEY_BLOB_MAGIC),
    {.type = "PKCS8_PRIVATEKEY", .is_private = true, .need_of = soft_pkcs8_need,
     .read = soft_pkcs8_read, .write = soft_pkcs8_write},
    {.type = "OpaqueTransport", .is_private = true, .need = NEED_PROTECTED,
     .read = soft_opaque_read, .write = soft_opaque_write},
    {.type = "PKCS11RsaAesWrapBlob", .is_private = true, .wrap = SOFT_IMPORT | SOFT_EXPORT,
     .need = NEED_WRAPPED, .read = soft_wrap_read, .write = soft_wrap_write},
    {.type = "PKCS7_ENVELOPE", .is_private = true, .wrap = SOFT_IMPORT, .need = NEED_PROTECTED,
     .read = soft_cms_read, .write = soft_cms_write},
    {.type = "ProtectedKeyBlob", .is_private = true, .need = NEED_PROTECTED,
     .magic = NCRYPT_PROTECTED_KEY_BLOB_MAGIC, .read = soft_protected_read,
     .write = soft_protected_write},
    {.type = NULL},
};
/* clang-format on */

const struct soft_format *soft_format_find(const char *type)
{
    for (const struct soft_format *f = formats; f->type != NULL; f++) {
        if (text_is(type, f->type))
            return f;
    }
    return NULL;
}
