/*
 * PKCS7_ENVELOPE beside the openssl command: what it seals for a certificate is imported with the certificate's key, and
 * what is exported for a certificate it opens.
 */
#include "conform_ncrypt.h"

static NCRYPT_PROV_HANDLE provider;
static NCRYPT_KEY_HANDLE owner; /* of the certificate */

/* Runs a command in a shell, in the test's own folder. */
static bool run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool run(const char *format, ...)
{
    char command[1024];
    int n = snprintf(command, sizeof command, "cd %s && (", store_home);
    va_list args;
    va_start(args, format);
    n += vsnprintf(command + n, sizeof command - (size_t)n, format, args);
    va_end(args);
    snprintf(command + n, sizeof command - (size_t)n, ") >/dev/null 2>&1");
    return system(command) == 0;
}

static BYTE *read_file(const char *name, DWORD *n)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", store_home, name);
    BYTE *bytes = malloc(65536);
    FILE *f = fopen(path, "rb");
    if (bytes == NULL || f == NULL)
        abort();
    *n = (DWORD)fread(bytes, 1, 65536, f);
    fclose(f);
    return bytes;
}

static void write_file(const char *name, const BYTE *bytes, DWORD n)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", store_home, name);
    FILE *f = fopen(path, "wb");
    if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        abort();
}

static SECURITY_STATUS import_file(const char *name, NCRYPT_KEY_HANDLE with, LPCWSTR type,
                                   NCRYPT_KEY_HANDLE *key)
{
    DWORD n = 0;
    BYTE *bytes = read_file(name, &n);
    SECURITY_STATUS s = NCryptImportKey(provider, with, type, NULL, key, bytes, n, 0);
    free(bytes);
    return s;
}

/* Whether a key's PKCS #8 is that of a file. */
static bool is_key_of(NCRYPT_KEY_HANDLE key, const char *name)
{
    DWORD n = 0, want_n = 0;
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
    BYTE *got = export_blob(key, BCRYPT_ECCPRIVATE_BLOB, NULL, &n);
    NCRYPT_KEY_HANDLE other = 0;
    import_file(name, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &other);
    set_dword(other, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
    BYTE *want = export_blob(other, BCRYPT_ECCPRIVATE_BLOB, NULL, &want_n);
    bool same = got != NULL && want != NULL && n == want_n && memcmp(got, want, n) == 0;
    free(got);
    free(want);
    NCryptFreeObject(other);
    return same;
}

/* ---- what openssl seals --------------------------------------------------------------------- */

static const struct {
    const char *label;
    const char *options;
    const char *recipient; /* options of each */
    bool legacy;           /* of openssl's legacy provider */
} sealed[] = {
    {"AES-256-CBC", "-aes-256-cbc", "", false},
    {"AES-192-CBC", "-aes-192-cbc", "", false},
    {"AES-128-CBC", "-aes-128-cbc", "", false},
    {"3DES-CBC", "-des3", "", false},
    {"RC2-CBC, 128 bits", "-rc2-128", "", true},
    {"RC2-CBC, 64 bits", "-rc2-64", "", true},
    {"RC2-CBC, 40 bits", "-rc2-40", "", true},
    {"subject key identifier", "-aes-256-cbc -keyid", "", false},
    {"OAEP", "-aes-256-cbc", "-keyopt rsa_padding_mode:oaep", false},
    {"OAEP with SHA-256", "-aes-256-cbc",
     "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256", false},
    {"OAEP with SHA-512", "-aes-256-cbc",
     "-keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha512", false},
};

static void from_openssl(void)
{
    for (size_t i = 0; i < sizeof sealed / sizeof sealed[0]; i++) {
        NCRYPT_KEY_HANDLE key = 0;
        row_begin("openssl cms, %s", sealed[i].label);
        if (!run("openssl cms -encrypt -binary -outform DER %s %s -in key.der -out sealed -recip "
                 "owner.pem %s",
                 sealed[i].legacy ? "-provider default -provider legacy" : "", sealed[i].options,
                 sealed[i].recipient)) {
            tap_skip("everything", "openssl cannot");
            continue;
        }
        tap_status(import_file("sealed", owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &key), ERROR_SUCCESS,
                   "is imported");
        tap(is_key_of(key, "key.der"), "the same key");
        NCryptFreeObject(key);
    }
    NCRYPT_KEY_HANDLE key = 0;
    row_begin("openssl cms, two recipients");
    tap(run("openssl cms -encrypt -binary -outform DER -aes-128-cbc -in key.der -out sealed "
            "other.pem owner.pem"),
        "is written");
    tap_status(import_file("sealed", owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &key), ERROR_SUCCESS,
               "is imported by the second");
    NCryptFreeObject(key);
    row_begin("openssl cms, for somebody else");
    tap(run("openssl cms -encrypt -binary -outform DER -aes-128-cbc -in key.der -out sealed "
            "other.pem"),
        "is written");
    tap_status(import_file("sealed", owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &key), NTE_BAD_DATA,
               "is refused");
    row_begin("openssl cms, without a key in it");
    tap(run("openssl cms -encrypt -binary -outform DER -aes-128-cbc -in owner.pem -out sealed "
            "owner.pem"),
        "is written");
    tap_status(import_file("sealed", owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &key), NTE_BAD_DATA,
               "is refused");
}

/* ---- what is exported ----------------------------------------------------------------------- */

struct list {
    NCryptBuffer buffers[3];
    NCryptBufferDesc desc;
};

static void list_init(struct list *l, BYTE *cert, DWORD cert_n, const char *oid)
{
    *l = (struct list){
        .buffers = {{cert_n, NCRYPTBUFFER_CERT_BLOB, cert},
                    {(ULONG)strlen(oid) + 1, NCRYPTBUFFER_PKCS_ALG_OID, (PVOID)oid}},
    };
    l->desc = (NCryptBufferDesc){NCRYPTBUFFER_VERSION, 2, l->buffers};
}

#define OID_AES256 "2.16.840.1.101.3.4.1.42"

static const struct {
    const char *label;
    const char *oid;
    bool opens; /* the openssl command can */
} ciphers[] = {
    {"AES-256-CBC", OID_AES256, true},
    {"AES-192-CBC", "2.16.840.1.101.3.4.1.22", true},
    {"AES-128-CBC", "2.16.840.1.101.3.4.1.2", true},
    {"3DES-CBC", "1.2.840.113549.3.7", true},
    {"RC2-CBC", "1.2.840.113549.3.2", true},
    {"AES-256-GCM", "2.16.840.1.101.3.4.1.46", false},
};

static void to_openssl(NCRYPT_KEY_HANDLE key, BYTE *cert, DWORD cert_n)
{
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
        struct list l;
        list_init(&l, cert, cert_n, ciphers[i].oid);
        DWORD n = 0;
        NCRYPT_KEY_HANDLE again = 0;
        row_begin("exported with %s", ciphers[i].label);
        BYTE *blob = export_blob(key, NCRYPT_PKCS7_ENVELOPE_BLOB, &l.desc, &n);
        tap(blob != NULL, "is written");
        if (blob == NULL)
            continue;
        write_file("sealed", blob, n);
        free(blob);
        if (ciphers[i].opens)
            tap(run("openssl cms -decrypt -inform DER -in sealed -inkey owner.key -recip owner.pem "
                    "-out opened -provider default -provider legacy && openssl pkey -inform DER "
                    "-in "
                    "opened -pubout -out opened.pub && openssl pkey -inform DER -in key.der "
                    "-pubout -out key.pub && cmp opened.pub key.pub"),
                "openssl opens it and reads the same key");
        tap_status(import_file("sealed", owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &again), ERROR_SUCCESS,
                   "is imported again");
        tap(is_key_of(again, "key.der"), "the same key");
        NCryptFreeObject(again);
    }
}

static void contract(NCRYPT_KEY_HANDLE key, BYTE *cert, DWORD cert_n)
{
    struct list l;
    DWORD n = 0;
    row_begin("PKCS7_ENVELOPE");
#define EXPORT() NCryptExportKey(key, 0, NCRYPT_PKCS7_ENVELOPE_BLOB, &l.desc, NULL, 0, &n, 0)
    list_init(&l, cert, cert_n, OID_AES256);
    tap_status(EXPORT(), ERROR_SUCCESS, "its size");
    BYTE small[8];
    tap_status(NCryptExportKey(key, 0, NCRYPT_PKCS7_ENVELOPE_BLOB, &l.desc, small, 8, &n, 0),
               NTE_BUFFER_TOO_SMALL, "a small buffer");
    l.desc.cBuffers = 1;
    tap_status(EXPORT(), NTE_INVALID_PARAMETER, "no cipher");
    l.desc.cBuffers = 2;
    l.buffers[0].BufferType = NCRYPTBUFFER_EMPTY;
    tap_status(EXPORT(), NTE_INVALID_PARAMETER, "no certificate");
    tap_status(NCryptExportKey(key, 0, NCRYPT_PKCS7_ENVELOPE_BLOB, NULL, NULL, 0, &n, 0),
               NTE_INVALID_PARAMETER, "no list");
    list_init(&l, cert, cert_n - 1, OID_AES256);
    tap_status(EXPORT(), NTE_INVALID_PARAMETER, "half a certificate");
    list_init(&l, cert, cert_n, "1.2.3");
    tap_status(EXPORT(), NTE_NOT_SUPPORTED, "an unknown cipher");
    list_init(&l, cert, cert_n, OID_AES256);
    l.buffers[1].cbBuffer--;
    tap_status(EXPORT(), ERROR_SUCCESS, "a cipher without its NUL");
    BYTE iv[18] = {4, 16, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    l.buffers[2] = (NCryptBuffer){sizeof iv, NCRYPTBUFFER_PKCS_ALG_PARAM, iv};
    l.desc.cBuffers = 3;
    BYTE *blob = export_blob(key, NCRYPT_PKCS7_ENVELOPE_BLOB, &l.desc, &n);
    bool there = false;
    for (DWORD i = 0; blob != NULL && i + sizeof iv <= n; i++)
        there = there || memcmp(blob + i, iv, sizeof iv) == 0;
    tap(there, "parameters of the cipher are used");
    free(blob);
    iv[1] = 15;
    tap_status(EXPORT(), NTE_INVALID_PARAMETER, "wrong parameters");
    list_init(&l, cert, cert_n, OID_AES256);
    DWORD ec_n = 0;
    BYTE *ec = read_file("ec.cer", &ec_n);
    l.buffers[0] = (NCryptBuffer){ec_n, NCRYPTBUFFER_CERT_BLOB, ec};
    tap_status(EXPORT(), NTE_NOT_SUPPORTED, "a certificate of another algorithm");
    free(ec);

    list_init(&l, cert, cert_n, OID_AES256);
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 0, 0);
    tap_status(EXPORT(), NTE_NOT_SUPPORTED, "export policy 0");
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_EXPORT_FLAG, 0);
    tap_status(EXPORT(), ERROR_SUCCESS, "export policy 1");
    tap_status(NCryptExportKey(key, owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &l.desc, NULL, 0, &n, 0),
               NTE_INVALID_PARAMETER, "with an export key");
    NCRYPT_KEY_HANDLE aes = 0;
    NCryptCreatePersistedKey(provider, &aes, L"AES", NULL, 0, 0);
    set_dword(aes, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
    NCryptFinalizeKey(aes, 0);
    tap_status(NCryptExportKey(aes, 0, NCRYPT_PKCS7_ENVELOPE_BLOB, &l.desc, NULL, 0, &n, 0),
               NTE_BAD_TYPE, "a symmetric key");

    NCRYPT_KEY_HANDLE again = 0;
    run("openssl cms -encrypt -binary -outform DER -aes-128-cbc -in key.der -out sealed owner.pem");
    tap_status(import_file("sealed", 0, NCRYPT_PKCS7_ENVELOPE_BLOB, &again), NTE_INVALID_PARAMETER,
               "imported without a key");
    tap_status(import_file("sealed", aes, NCRYPT_PKCS7_ENVELOPE_BLOB, &again),
               NTE_INVALID_PARAMETER, "with a symmetric one");
    NCryptFreeObject(aes);
    NCRYPT_KEY_HANDLE signer = 0;
    DWORD der_n = 0;
    BYTE *der = read_file("owner.der", &der_n);
    NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, &signer, der, der_n,
                    NCRYPT_DO_NOT_FINALIZE_FLAG);
    set_dword(signer, NCRYPT_KEY_USAGE_PROPERTY, NCRYPT_ALLOW_SIGNING_FLAG, 0);
    NCryptFinalizeKey(signer, 0);
    tap_status(import_file("sealed", signer, NCRYPT_PKCS7_ENVELOPE_BLOB, &again), NTE_PERM,
               "with one that may only sign");
    NCryptFreeObject(signer);
    free(der);
    tap_status(import_file("key.der", owner, NCRYPT_PKCS7_ENVELOPE_BLOB, &again), NTE_BAD_DATA,
               "what is no envelope");
}

static const BYTE aes256[] = {0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 42};

static DWORD place_of(const BYTE *bytes, DWORD n, const BYTE *what, DWORD what_n)
{
    DWORD i = 0;
    while (i + what_n < n && memcmp(bytes + i, what, what_n) != 0)
        i++;
    return i;
}

/* Every byte changed, every length cut. The names of recipients are not asked, and so not looked at. */
static void damage(void)
{
    row_begin("damaged envelopes");
    run("openssl cms -encrypt -binary -outform DER -aes-256-cbc -in key.der -out sealed owner.pem");
    DWORD n = 0;
    BYTE *bytes = read_file("sealed", &n);
    NCRYPT_KEY_HANDLE key = 0;
    bool refused = true, same = true, silent = true;
    for (DWORD i = 0; i < n; i++)
        refused &= NCryptImportKey(provider, owner, NCRYPT_PKCS7_ENVELOPE_BLOB, NULL, &key, bytes,
                                   i, 0) == NTE_BAD_DATA;
    tap(refused, "every shorter one is refused");
    const DWORD cipher = place_of(bytes, n, aes256, sizeof aes256);
    for (DWORD i = 0; i < n; i++) {
        bytes[i] ^= 0x04;
        SECURITY_STATUS s =
            NCryptImportKey(provider, owner, NCRYPT_PKCS7_ENVELOPE_BLOB, NULL, &key, bytes, n, 0);
        if (s == ERROR_SUCCESS) {
            same &= is_key_of(key, "key.der");
            NCryptFreeObject(key);
        } else {
            bool named = i - cipher < sizeof aes256;
            silent &= s == NTE_BAD_DATA || (named && s == NTE_NOT_SUPPORTED);
        }
        bytes[i] ^= 0x04;
    }
    tap(same, "a changed one gives the same key or none");
    tap(silent, "and no status tells more than that, but of a cipher that is not known");
    free(bytes);
}

int main(void)
{
    store_begin();
    row_begin("openssl");
    if (!run(
            "openssl version && "
            "openssl req -new -x509 -newkey rsa:2048 -nodes -keyout owner.key -subj /CN=owner -out "
            "owner.pem && openssl x509 -in owner.pem -outform DER -out owner.cer && openssl pkcs8 "
            "-topk8 -nocrypt -in owner.key -outform DER -out owner.der && openssl req -new -x509 "
            "-newkey rsa:2048 -nodes -keyout other.key -subj /CN=other -out other.pem && openssl "
            "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -outform PEM -out key.pem && "
            "openssl pkcs8 -topk8 -nocrypt -in key.pem -outform DER -out key.der && openssl req "
            "-new -x509 -key key.pem -subj /CN=ec -outform DER -out ec.cer")) {
        tap_skip("everything", "there is no openssl command");
        return tap_done();
    }
    provider = provider_open();
    NCRYPT_KEY_HANDLE key = 0;
    DWORD cert_n = 0;
    BYTE *cert = read_file("owner.cer", &cert_n);
    tap_status(import_file("owner.der", 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &owner), ERROR_SUCCESS,
               "the owner's key");
    from_openssl();
    row_begin("export");
    tap_status(import_file("key.der", 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &key), ERROR_SUCCESS,
               "a key");
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_EXPORT_FLAG, 0);
    to_openssl(key, cert, cert_n);
    contract(key, cert, cert_n);
    damage();
    free(cert);
    NCryptFreeObject(key);
    NCryptFreeObject(owner);
    NCryptFreeObject(provider);
    return tap_done();
}
