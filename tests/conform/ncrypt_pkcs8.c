/*
 * PKCS #8 beside the openssl command: what it writes is read here, what is written here is read there, and both say
 * the same public key; plain and under passwords.
 */
#include "conform_ncrypt.h"

static NCRYPT_PROV_HANDLE provider;
static char file_name[64], other_name[64];

/* Runs a command in a shell, in the test's own folder. */
static bool run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static bool run(const char *format, ...)
{
    char command[1024];
    int n = snprintf(command, sizeof command, "cd %s && ", store_home);
    va_list args;
    va_start(args, format);
    vsnprintf(command + n, sizeof command - (size_t)n, format, args);
    va_end(args);
    return system(command) == 0;
}

static BYTE *read_file(const char *name, DWORD *n)
{
    BYTE *bytes = malloc(65536);
    FILE *f = fopen(name, "rb");
    if (bytes == NULL || f == NULL)
        abort();
    *n = (DWORD)fread(bytes, 1, 65536, f);
    fclose(f);
    return bytes;
}

static void write_file(const char *name, const BYTE *bytes, DWORD n)
{
    FILE *f = fopen(name, "wb");
    if (f == NULL || fwrite(bytes, 1, n, f) != n || fclose(f) != 0)
        abort();
}

static SECURITY_STATUS import_file(LPCWSTR password, NCRYPT_KEY_HANDLE *key)
{
    NCryptBuffer buffer = {password == NULL ? 0 : text_bytes(password), NCRYPTBUFFER_PKCS_SECRET,
                           (PVOID)password};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    DWORD n = 0;
    BYTE *bytes = read_file(file_name, &n);
    SECURITY_STATUS s = NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB,
                                        password == NULL ? NULL : &list, key, bytes, n, 0);
    free(bytes);
    return s;
}

static bool export_file(NCRYPT_KEY_HANDLE key, NCryptBufferDesc *list)
{
    DWORD n = 0;
    BYTE *bytes = export_blob(key, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, list, &n);
    if (bytes == NULL)
        return false;
    write_file(other_name, bytes, n);
    free(bytes);
    return true;
}

/* Whether openssl reads the same public key out of both files. */
static bool same_key(const char *password)
{
    return run(
        "openssl pkey -inform DER -in file -pubout -outform DER -out file.pub 2>/dev/null && "
        "openssl pkey -inform DER -in other -passin pass:%s -pubout -outform DER -out other.pub "
        "2>/dev/null && "
        "cmp -s file.pub other.pub",
        password);
}

struct row {
    const char *label;
    const char *command; /* writes the key to `key`, in any form that openssl reads */
    LPCWSTR alg;
};

#define EC(curve) "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" curve " -out key"
#define DSA(bits, q)                                                                               \
    "openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:" bits                    \
    " -pkeyopt dsa_paramgen_q_bits:" q                                                             \
    " -out params && openssl genpkey -paramfile params -out key"

static const struct row rows[] = {
    {"RSA 2048", "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key", L"RSA"},
    {"P-256", EC("P-256"), L"ECDH_P256"},
    {"P-384", EC("P-384"), L"ECDH_P384"},
    {"P-521", EC("P-521"), L"ECDH_P521"},
    {"secp256k1", EC("secp256k1"), L"ECDH"},
    {"brainpoolP320r1", EC("brainpoolP320r1"), L"ECDH"},
    {"secp112r1, explicit parameters", EC("secp112r1") " -pkeyopt ec_param_enc:explicit", L"ECDH"},
    {"X25519", "openssl genpkey -algorithm X25519 -out key", L"ECDH"},
    {"DSA 1024", DSA("1024", "160"), L"DSA"},
    {"DSA 2048", DSA("2048", "256"), L"DSA"},
    {"DH ffdhe2048", "openssl genpkey -algorithm DH -pkeyopt group:modp_2048 -out key", L"DH"},
};

static bool make_file(const struct row *r)
{
    return run("(%s) 2>/dev/null && openssl pkcs8 -topk8 -nocrypt -in key -outform DER -out file",
               r->command);
}

static void both_ways(const struct row *r)
{
    NCRYPT_KEY_HANDLE key = 0;
    row_begin("%s", r->label);
    if (!make_file(r)) {
        tap_skip("everything", "openssl does not make such a key");
        return;
    }
    SECURITY_STATUS s = import_file(NULL, &key);
    tap_status(s, ERROR_SUCCESS, "openssl's file is read");
    if (s != ERROR_SUCCESS)
        return;
    tap(text_is(key, NCRYPT_ALGORITHM_PROPERTY, r->alg), "as a key of the algorithm");
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 2, 0);
    tap(export_file(key, NULL), "is written");
    tap(same_key("none"), "and openssl reads the same key");
    NCryptFreeObject(key);
}

static const char *const ciphers[] = {
    "-v2 aes-256-cbc -v2prf hmacWithSHA256",
    "-v2 aes-192-cbc -v2prf hmacWithSHA512",
    "-v2 aes-128-cbc -v2prf hmacWithSHA1",
    "-v2 des3",
    "-v1 PBE-SHA1-3DES",
};

static void passwords(void)
{
    NCRYPT_KEY_HANDLE key = 0;
    for (size_t i = 0; i < sizeof ciphers / sizeof ciphers[0]; i++) {
        row_begin("openssl pkcs8 %s", ciphers[i]);
        tap(run("openssl pkcs8 -topk8 -in key -outform DER -out file -passout pass:secret %s "
                "2>/dev/null",
                ciphers[i]),
            "is written");
        tap_status(import_file(L"secret", &key), ERROR_SUCCESS, "is read with its password");
        NCryptFreeObject(key);
        tap_status(import_file(L"Secret", &key), NTE_BAD_DATA, "and not with another");
        tap_status(import_file(NULL, &key), NTE_INVALID_PARAMETER, "nor without one");
    }
}

/* Export policy 1 allows encrypted files only, which is how .NET gets at such keys. */
static void sealed(void)
{
    WCHAR password[] = L"geheim";
    char oid[] = szOID_PKCS_12_pbeWithSHA1And3KeyTripleDES;
    struct {
        CRYPT_PKCS12_PBE_PARAMS params;
        BYTE salt[8];
    } cost = {{2048, 8}, {1, 2, 3, 4, 5, 6, 7, 8}};
    NCryptBuffer buffers[] = {{sizeof password, NCRYPTBUFFER_PKCS_SECRET, password},
                              {sizeof oid, NCRYPTBUFFER_PKCS_ALG_OID, oid},
                              {sizeof cost, NCRYPTBUFFER_PKCS_ALG_PARAM, &cost}};
    NCryptBufferDesc all = {NCRYPTBUFFER_VERSION, 3, buffers};
    NCryptBufferDesc only_password = {NCRYPTBUFFER_VERSION, 1, buffers};
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    row_begin("export policy 1");
    tap(make_file(&rows[1]) && import_file(NULL, &key) == ERROR_SUCCESS, "a key");
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_EXPORT_FLAG, 0);
    tap_status(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, NULL, 0, &n, 0),
               NTE_NOT_SUPPORTED, "no plain file");
    tap(export_file(key, &all), "an encrypted one, as Windows writes it");
    tap(same_key("geheim"), "which openssl reads");
    tap(export_file(key, &only_password), "or as this library chooses");
    tap(same_key("geheim"), "which openssl reads");
    oid[0] = '9';
    tap_status(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &all, NULL, 0, &n, 0),
               NTE_NOT_SUPPORTED, "another scheme");
    NCryptFreeObject(key);
}

/* Every byte changed, every length cut: an error or another key, and never a crash. */
static void damage(void)
{
    row_begin("damaged files");
    make_file(&rows[1]);
    DWORD n = 0;
    BYTE *bytes = read_file(file_name, &n);
    NCRYPT_KEY_HANDLE key = 0;
    bool refused = true;
    for (DWORD i = 0; i < n; i++)
        refused &= NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, &key, bytes, i,
                                   0) != ERROR_SUCCESS;
    tap(refused, "every shorter one is refused");
    int accepted = 0;
    for (DWORD i = 0; i < n; i++) {
        bytes[i] ^= 0x40;
        if (NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NULL, &key, bytes, n, 0) ==
            ERROR_SUCCESS) {
            accepted++;
            NCryptFreeObject(key);
        }
        bytes[i] ^= 0x40;
    }
    tap(accepted == 0, "every changed one is refused");
    free(bytes);
}

int main(void)
{
    store_begin();
    snprintf(file_name, sizeof file_name, "%s/file", store_home);
    snprintf(other_name, sizeof other_name, "%s/other", store_home);
    row_begin("openssl");
    if (!run("openssl version >/dev/null 2>&1")) {
        tap_skip("everything", "there is no openssl command");
        return tap_done();
    }
    provider = provider_open();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        both_ways(&rows[i]);
    make_file(&rows[1]);
    passwords();
    sealed();
    damage();
    NCryptFreeObject(provider);
    return tap_done();
}
