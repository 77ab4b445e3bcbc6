/*
 * CERTIFICATE=CertBlob:...: a secret is drawn for each use and travels under the certificate's RSA key, with OAEP and
 * SHA-256. Its owner is who has the private key in the key store, of the user or of the machine: keys are
 * compared by their public parts, since there is no certificate store in which a name would lead to one. For the same
 * reason nothing can be protected to a certificate that is only named by its hash.
 *
 * The key store is used as any program uses it, through ncrypt.h.
 */
#include "protect_parts.h"

#include <stdlib.h>
#include <string.h>

#include "cert_blob.h"
#include "ct.h"

#define BLOB_PREFIX "CertBlob:"
#define HASH_PREFIX "HashId:"
#define HASH_CHARS 40

/* ---- values --------------------------------------------------------------------------------- */

/* What follows the prefix, which compares without regard to case; NULL: another one. */
static const char *after(const char *value, const char *prefix)
{
    size_t n = strlen(prefix);
    return strncasecmp(value, prefix, n) == 0 ? value + n : NULL;
}

static int sextet_of(char c)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(alphabet, c);
    return at == NULL ? -1 : (int)(at - alphabet);
}

/* Base64, with its padding or without. */
static NTSTATUS read_base64(const char *text, struct secret *out)
{
    size_t chars = strlen(text);
    for (int i = 0; i < 2 && chars > 0 && text[chars - 1] == '='; i++)
        chars--;
    if (chars == 0 || chars % 4 == 1)
        return NTE_INVALID_PARAMETER;
    TRY(secret_new(out, chars * 3 / 4));
    uint32_t bits = 0;
    size_t n = 0;
    for (size_t i = 0; i < chars; i++) {
        int sextet = sextet_of(text[i]);
        if (sextet < 0)
            return NTE_INVALID_PARAMETER;
        bits = bits << 6 | (uint32_t)sextet;
        if (i % 4 != 0)
            out->p[n++] = (uint8_t)(bits >> (6 - 2 * (i % 4)));
    }
    return STATUS_SUCCESS;
}

/* The certificate's key as a blob of bcrypt.h. */
static NTSTATUS read_key(const char *value, struct secret *blob)
{
    const char *text = after(value, BLOB_PREFIX);
    if (text == NULL)
        return NTE_NOT_FOUND; /* only its hash is told */
    SECRET der = {NULL, 0};
    struct cert_view cert;
    struct rsa_view key;
    TRY(read_base64(text, &der));
    if (cert_blob_decode(secret_span(&der), &cert) < 0)
        return NTE_INVALID_PARAMETER;
    NTSTATUS status = cert_rsa_decode(&cert, &key);
    if (status < 0)
        return status == NTE_NOT_SUPPORTED ? status : NTE_INVALID_PARAMETER;
    struct wr count = wr_count();
    rsa_blob_encode(RSA_FORM_PUBLIC, &key, &count);
    TRY(secret_new(blob, count.n));
    struct wr w = wr_into(blob->p, blob->n);
    rsa_blob_encode(RSA_FORM_PUBLIC, &key, &w);
    return STATUS_SUCCESS;
}

NTSTATUS protect_cert_check(const char *value)
{
    const char *hash = after(value, HASH_PREFIX);
    if (hash != NULL)
        return strlen(hash) == HASH_CHARS && strspn(hash, "0123456789abcdefABCDEF") == HASH_CHARS
                   ? STATUS_SUCCESS
                   : NTE_INVALID_PARAMETER;
    SECRET blob = {NULL, 0};
    return after(value, BLOB_PREFIX) == NULL ? NTE_INVALID_PARAMETER : read_key(value, &blob);
}

/* ---- protecting ----------------------------------------------------------------------------- */

static void rsa_done(BCRYPT_KEY_HANDLE *key)
{
    if (*key != NULL)
        BCryptDestroyKey(*key);
}

static BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA256_ALGORITHM, NULL, 0};

NTSTATUS protect_cert_make(const char *value, struct secret *secret, struct secret *details)
{
    SECRET blob = {NULL, 0};
    CLEANUP(rsa_done) BCRYPT_KEY_HANDLE rsa = NULL;
    ULONG n;
    TRY(read_key(value, &blob));
    TRY(BCryptImportKeyPair(BCRYPT_RSA_ALG_HANDLE, NULL, BCRYPT_RSAPUBLIC_BLOB, &rsa, blob.p,
                            (ULONG)blob.n, 0));
    TRY(secret_new(secret, PROTECT_KEY_BYTES));
    TRY(store_random(secret->p, secret->n));
    TRY(BCryptEncrypt(rsa, secret->p, (ULONG)secret->n, &oaep, NULL, 0, NULL, 0, &n,
                      BCRYPT_PAD_OAEP));
    TRY(secret_new(details, n));
    return BCryptEncrypt(rsa, secret->p, (ULONG)secret->n, &oaep, NULL, 0, details->p, n, &n,
                         BCRYPT_PAD_OAEP);
}

/* ---- the owner ------------------------------------------------------------------------------ */

static void object_done(NCRYPT_HANDLE *object)
{
    if (*object != 0)
        NCryptFreeObject(*object);
}
#define SCOPED_OBJECT CLEANUP(object_done) NCRYPT_HANDLE

static void buffer_done(void **buffer)
{
    if (*buffer != NULL)
        NCryptFreeBuffer(*buffer);
}

/* A search for the key that opens something. */
struct search {
    NCRYPT_PROV_HANDLE provider;
    struct span blob; /* of the public part */
    struct span sealed;
    struct secret *secret;
};

/* Whether a stored key is the one that is looked for. */
static bool is_same(const struct search *s, NCRYPT_KEY_HANDLE key)
{
    SECRET blob = {NULL, 0};
    DWORD n;
    return NCryptExportKey(key, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, NULL, 0, &n, 0) >= 0 &&
           n == s->blob.n && secret_new(&blob, n) >= 0 &&
           NCryptExportKey(key, 0, BCRYPT_RSAPUBLIC_BLOB, NULL, blob.p, n, &n, 0) >= 0 &&
           ct_equal(blob.p, s->blob.p, n);
}

static NTSTATUS try_key(const struct search *s, const NCryptKeyName *name)
{
    SCOPED_OBJECT key = 0;
    TRY(NCryptOpenKey(s->provider, &key, name->pszName, name->dwLegacyKeySpec,
                      name->dwFlags | NCRYPT_SILENT_FLAG));
    if (!is_same(s, key))
        return NTE_NOT_FOUND;
    SECRET out = {NULL, 0};
    DWORD n;
    TRY(secret_new(&out, s->sealed.n));
    TRY(NCryptDecrypt(key, (PBYTE)s->sealed.p, (DWORD)s->sealed.n, &oaep, out.p, (DWORD)out.n, &n,
                      NCRYPT_PAD_OAEP_FLAG | NCRYPT_SILENT_FLAG));
    return n == PROTECT_KEY_BYTES ? secret_copy(s->secret, (struct span){out.p, n}) : NTE_BAD_DATA;
}

static NTSTATUS try_scope(const struct search *s, DWORD scope)
{
    CLEANUP(buffer_done) void *state = NULL;
    for (;;) {
        CLEANUP(buffer_done) void *buffer = NULL;
        NCryptKeyName *name;
        TRY(NCryptEnumKeys(s->provider, NULL, &name, &state, scope | NCRYPT_SILENT_FLAG));
        buffer = name;
        NTSTATUS status = try_key(s, name);
        if (status >= 0 || status == NTE_NO_MEMORY)
            return status;
    }
}

NTSTATUS protect_cert_recover(const char *value, struct span details, struct secret *secret)
{
    SECRET blob = {NULL, 0};
    TRY(read_key(value, &blob));
    SCOPED_OBJECT provider = 0;
    TRY(NCryptOpenStorageProvider(&provider, MS_KEY_STORAGE_PROVIDER, 0));
    const struct search s = {provider, secret_span(&blob), details, secret};
    NTSTATUS status = try_scope(&s, 0);
    return status >= 0 || status == NTE_NO_MEMORY ? status : try_scope(&s, NCRYPT_MACHINE_KEY_FLAG);
}
