/*
 * PKCS7_ENVELOPE: a key's PKCS #8 in a CMS envelope for the owner of an RSA certificate.
 *
 *   export   needs the certificate (NCRYPTBUFFER_CERT_BLOB) and the content's cipher (NCRYPTBUFFER_PKCS_ALG_OID); its
 *            parameters in DER (NCRYPTBUFFER_PKCS_ALG_PARAM) may choose the IV. The content's key is drawn each time
 *            and travels under PKCS #1 v1.5, which is what Windows and the openssl command write.
 *   import   the recipient's key is hImportKey: there is no certificate store in which a name would find it. Whether
 *            its name is on the envelope is not asked: a recipient whose part it opens is the right one.
 *
 * In PKCS #1 v1.5 a wrong padding must not be told from a wrong content (RFC 3218): a key that is drawn stands in for
 * one that did not come out, and every failure is NTE_BAD_DATA.
 */
#include "soft_format.h"

#include <string.h>

#include "cert_blob.h"
#include "cms_enveloped.h"
#include "soft_pkcs8.h"
#include "store/store_crypto.h"

_Static_assert(CMS_TAG_BYTES == STORE_TAG_BYTES, "GCM's tag");

#define MOST_KEY_BYTES 128 /* RC2's */
#define MOST_IV_BYTES 16

/* ---- the content ---------------------------------------------------------------------------- */

static NTSTATUS cbc_key(const struct cms_cipher_view *how, struct span key,
                        BCRYPT_KEY_HANDLE *handle)
{
    struct soft_wide name;
    SCOPED_ALG alg = NULL;
    TRY(BCryptOpenAlgorithmProvider(&alg, soft_wide(&name, how->cipher->alg), NULL, 0));
    TRY(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, (PUCHAR)BCRYPT_CHAIN_MODE_CBC,
                          sizeof BCRYPT_CHAIN_MODE_CBC, 0));
    ULONG effective = how->effective;
    if (effective > 0)
        TRY(BCryptSetProperty(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, (PUCHAR)&effective,
                              sizeof effective, 0));
    return BCryptGenerateSymmetricKey(alg, handle, NULL, 0, (PUCHAR)key.p, (ULONG)key.n, 0);
}

static NTSTATUS seal_cbc(const struct cms_cipher_view *how, struct span key, struct span plain,
                         uint8_t *out)
{
    SCOPED_KEY handle = NULL;
    uint8_t iv[MOST_IV_BYTES]; /* bcrypt.h overwrites it */
    ULONG n;
    size_t room = plain.n - plain.n % how->cipher->block + how->cipher->block;
    TRY(cbc_key(how, key, &handle));
    memcpy(iv, how->iv.p, how->iv.n);
    return BCryptEncrypt(handle, (PUCHAR)plain.p, (ULONG)plain.n, NULL, iv, (ULONG)how->iv.n, out,
                         (ULONG)room, &n, BCRYPT_BLOCK_PADDING);
}

static NTSTATUS open_cbc(const struct cms_cipher_view *how, struct span key, struct span sealed,
                         struct secret *plain)
{
    SCOPED_KEY handle = NULL;
    uint8_t iv[MOST_IV_BYTES];
    ULONG n;
    SECRET out = {NULL, 0};
    TRY(secret_new(&out, sealed.n));
    TRY(cbc_key(how, key, &handle));
    memcpy(iv, how->iv.p, how->iv.n);
    TRY(BCryptDecrypt(handle, (PUCHAR)sealed.p, (ULONG)sealed.n, NULL, iv, (ULONG)how->iv.n, out.p,
                      (ULONG)out.n, &n, BCRYPT_BLOCK_PADDING));
    return secret_copy(plain, (struct span){out.p, n});
}

static NTSTATUS seal_gcm(const struct cms_cipher_view *how, struct span key, struct span plain,
                         uint8_t *out)
{
    return store_gcm_seal(key.p, how->iv.p, (struct span){NULL, 0}, plain, out);
}

static NTSTATUS open_gcm(const struct cms_cipher_view *how, struct span key, struct span sealed,
                         struct secret *plain)
{
    if (sealed.n < CMS_TAG_BYTES || how->segment > 0)
        return NTE_BAD_DATA;
    SECRET out = {NULL, 0};
    TRY(secret_new(&out, sealed.n - CMS_TAG_BYTES));
    TRY(store_gcm_open(key.p, how->iv.p, (struct span){NULL, 0}, sealed, out.p));
    *plain = out;
    out = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

/* Version 14 of clang-format breaks pointers to functions between their name and their
 * parameters. */
/* clang-format off */

/* What a mode does; the key has the length that its row wants. */
static const struct {
    NTSTATUS (*seal)(const struct cms_cipher_view *how, struct span key, struct span plain,
                     uint8_t *out);
    NTSTATUS (*open)(const struct cms_cipher_view *how, struct span key, struct span sealed,
                     struct secret *plain);
    bool any_key; /* keys of other lengths are read */
    bool tagged;
} modes[] = {
    [CMS_CBC] = {seal_cbc, open_cbc, false, false},
    [CMS_RC2_CBC] = {seal_cbc, open_cbc, true, false},
    [CMS_GCM] = {seal_gcm, open_gcm, false, true},
};

/* clang-format on */

static size_t sealed_bytes(const struct cms_cipher *c, size_t plain)
{
    return modes[c->mode].tagged ? plain + CMS_TAG_BYTES : plain - plain % c->block + c->block;
}

/* ---- export --------------------------------------------------------------------------------- */

/* What the parameter list chooses. */
struct choice {
    struct cert_view cert;
    struct rsa_view key;
    struct cms_cipher_view how;
    uint8_t iv[MOST_IV_BYTES];
};

#define RC2_BITS 128

/* The cipher's identifier is in ASCII, with or without its NUL. */
static NTSTATUS choose_cipher(const struct ksp_params *params, struct choice *c)
{
    const struct in oid = ksp_param(params, NCRYPTBUFFER_PKCS_ALG_OID);
    const struct in given = ksp_param(params, NCRYPTBUFFER_PKCS_ALG_PARAM);
    if (oid.p == NULL)
        return NTE_INVALID_PARAMETER;
    struct span dotted = in_span(&oid);
    dotted.n = strnlen((const char *)dotted.p, dotted.n);
    c->how.cipher = cms_cipher_find(dotted);
    if (c->how.cipher == NULL)
        return NTE_NOT_SUPPORTED;
    if (given.p != NULL) {
        struct cms_algorithm algorithm = {.params = in_span(&given)};
        strcpy(algorithm.oid.s, c->how.cipher->oid);
        return cms_cipher_decode(&algorithm, &c->how) < 0 || c->how.segment > 0
                   ? NTE_INVALID_PARAMETER
                   : STATUS_SUCCESS;
    }
    c->how.effective = c->how.cipher->mode == CMS_RC2_CBC ? RC2_BITS : 0;
    c->how.iv = (struct span){c->iv, c->how.cipher->iv_bytes};
    return BCryptGenRandom(NULL, c->iv, sizeof c->iv, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
}

static NTSTATUS choose(const struct ksp_params *params, struct choice *c)
{
    const struct in cert = ksp_param(params, NCRYPTBUFFER_CERT_BLOB);
    if (cert.p == NULL || cert_blob_decode(in_span(&cert), &c->cert) < 0)
        return NTE_INVALID_PARAMETER;
    NTSTATUS status = cert_rsa_decode(&c->cert, &c->key);
    if (status < 0)
        return status == NTE_NOT_SUPPORTED ? status : NTE_INVALID_PARAMETER;
    return choose_cipher(params, c);
}

static NTSTATUS recipient_key(const struct choice *c, BCRYPT_KEY_HANDLE *key)
{
    SECRET blob = {NULL, 0};
    struct wr count = wr_count();
    rsa_blob_encode(RSA_FORM_PUBLIC, &c->key, &count);
    TRY(secret_new(&blob, count.n));
    struct wr w = wr_into(blob.p, blob.n);
    rsa_blob_encode(RSA_FORM_PUBLIC, &c->key, &w);
    return BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, BCRYPT_RSAPUBLIC_BLOB, key, blob.p,
                               (ULONG)blob.n, 0);
}

static void put_params(const void *v, struct asn1_out *o)
{
    cms_cipher_encode(v, o);
}

/* What goes out, in the parts that it is written from. */
struct envelope {
    struct cms_enveloped cms;
    struct cms_recipient recipient;
    struct secret params, key, content;
};

static void envelope_done(struct envelope *e)
{
    secret_done(&e->params);
    secret_done(&e->key);
    secret_done(&e->content);
}

/* All but the two ciphertexts, whose lengths are known. */
static NTSTATUS begin(const struct choice *c, size_t file_bytes, size_t rsa_bytes,
                      struct envelope *e)
{
    TRY(soft_encode_der(put_params, &c->how, &e->params));
    e->recipient = (struct cms_recipient){
        .kind = CMS_ISSUER_SERIAL,
        .issuer = c->cert.issuer,
        .serial = c->cert.serial,
        .algorithm = cms_transport_usual(),
        .key = {NULL, rsa_bytes},
    };
    e->cms = (struct cms_enveloped){
        .content_type = {CMS_OID_DATA},
        .cipher = {.params = secret_span(&e->params)},
        .content = {NULL, sealed_bytes(c->how.cipher, file_bytes)},
    };
    strcpy(e->cms.cipher.oid.s, c->how.cipher->oid);
    return STATUS_SUCCESS;
}

/* Draws the content's key, and seals both. */
static NTSTATUS seal(const struct choice *c, BCRYPT_KEY_HANDLE rsa, struct span file,
                     struct envelope *e)
{
    SECRET key = {NULL, 0};
    ULONG n;
    TRY(secret_new(&key, c->how.cipher->key_bytes));
    TRY(secret_new(&e->key, e->recipient.key.n));
    TRY(secret_new(&e->content, e->cms.content.n));
    TRY(BCryptGenRandom(NULL, key.p, (ULONG)key.n, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    TRY(BCryptEncrypt(rsa, key.p, (ULONG)key.n, NULL, NULL, 0, e->key.p, (ULONG)e->key.n, &n,
                      BCRYPT_PAD_PKCS1));
    TRY(modes[c->how.cipher->mode].seal(&c->how, secret_span(&key), file, e->content.p));
    e->recipient.key = secret_span(&e->key);
    e->cms.content = secret_span(&e->content);
    return STATUS_SUCCESS;
}

NTSTATUS soft_cms_write(const struct soft_format *f, const struct soft_call *call,
                        const struct out *o)
{
    (void)f;
    struct choice c = {.iv = {0}};
    TRY(choose(call->params, &c));
    SCOPED_KEY rsa = NULL;
    SECRET file = {NULL, 0};
    TRY(recipient_key(&c, &rsa));
    TRY(soft_pkcs8_file(call, &file));
    CLEANUP(envelope_done) struct envelope e = {.cms = {.detached = false}};
    TRY(begin(&c, file.n, (num_bits(c.key.n) + 7) / 8, &e));
    struct asn1_out count = asn1_count();
    cms_enveloped_encode(&e.cms, &e.recipient, 1, &count);
    uint8_t *dst;
    TRY(out_begin(o, count.n, &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    TRY(seal(&c, rsa, secret_span(&file), &e));
    struct asn1_out der = asn1_into(dst, count.n);
    cms_enveloped_encode(&e.cms, &e.recipient, 1, &der);
    return der.bad ? NTE_INTERNAL_ERROR : STATUS_SUCCESS;
}

/* ---- import --------------------------------------------------------------------------------- */

/* The content's key as a recipient's part gives it, or another of the usual length that was drawn. */
static NTSTATUS open_key(BCRYPT_KEY_HANDLE rsa, const struct cms_recipient *r,
                         const struct cms_cipher_view *how, struct secret *key)
{
    struct cms_transport transport;
    struct soft_wide hash;
    TRY(cms_transport_decode(&r->algorithm, &transport));
    BCRYPT_OAEP_PADDING_INFO oaep = {NULL, (PUCHAR)transport.label.p, (ULONG)transport.label.n};
    if (transport.hash != NULL)
        oaep.pszAlgId = soft_wide(&hash, transport.hash);
    SECRET out = {NULL, 0};
    SECRET drawn = {NULL, 0};
    TRY(secret_new(&out, r->key.n));
    TRY(secret_new(&drawn, how->cipher->key_bytes));
    TRY(BCryptGenRandom(NULL, drawn.p, (ULONG)drawn.n, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    ULONG n = 0;
    NTSTATUS status = BCryptDecrypt(
        rsa, (PUCHAR)r->key.p, (ULONG)r->key.n, transport.hash != NULL ? &oaep : NULL, NULL, 0,
        out.p, (ULONG)out.n, &n, transport.hash != NULL ? BCRYPT_PAD_OAEP : BCRYPT_PAD_PKCS1);
    bool any = modes[how->cipher->mode].any_key && n > 0 && n <= MOST_KEY_BYTES;
    bool good = status >= 0 && (any || n == drawn.n);
    return secret_copy(key, good ? (struct span){out.p, n} : secret_span(&drawn));
}

static NTSTATUS try_recipient(const struct soft_call *call, BCRYPT_KEY_HANDLE rsa,
                              const struct cms_recipient *r, const struct cms_enveloped *cms,
                              const struct cms_cipher_view *how, struct soft_material *m)
{
    SECRET key = {NULL, 0};
    SECRET file = {NULL, 0};
    TRY(open_key(rsa, r, how, &key));
    TRY(modes[how->cipher->mode].open(how, secret_span(&key), cms->content, &file));
    return soft_pkcs8_take(call, secret_span(&file), m);
}

NTSTATUS soft_cms_read(const struct soft_format *f, const struct soft_call *call, struct span in,
                       struct soft_material *m)
{
    (void)f;
    struct cms_enveloped cms;
    struct cms_cipher_view how;
    if (cms_enveloped_decode(in, &cms) < 0)
        return NTE_BAD_DATA;
    TRY(cms_cipher_decode(&cms.cipher, &how));
    if (!soft_is_rsa(call->wrap))
        return NTE_INVALID_PARAMETER;
    TRY(soft_allows(call->wrap, NCRYPT_ALLOW_DECRYPT_FLAG));
    BCRYPT_KEY_HANDLE rsa;
    TRY(soft_private(call->wrap, call->flags, &rsa));
    struct asn1 recipients = asn1_of(cms.recipients);
    struct cms_recipient r;
    NTSTATUS status = NTE_BAD_DATA; /* nobody whom an RSA key could be */
    while (cms_recipient_next(&recipients, &r)) {
        if (r.kind != CMS_ISSUER_SERIAL && r.kind != CMS_KEY_ID)
            continue;
        soft_material_done(m);
        *m = (struct soft_material){.guessed = true};
        status = soft_guess_status(try_recipient(call, rsa, &r, &cms, &how, m));
        if (status >= 0)
            break;
    }
    return status;
}
