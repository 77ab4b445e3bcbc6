/* The rows of protectors (store_protector.h). */
#include "store_protector.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

#include "ct.h"
#include "rd.h"
#include "store_crypto.h"
#include "store_explain.h"
#include "store_file.h"

/* --- file ------------------------------------------------------------------------------------------- */

#define FILE_SECRET_BYTES 32

static SECURITY_STATUS file_enroll(const struct store_slot_wish *wish, struct wr *parameters)
{
    (void)wish;
    SECRET random = {NULL, 0};
    TRY(store_status(secret_new(&random, FILE_SECRET_BYTES)));
    TRY(store_random(random.p, random.n));
    wr_span(parameters, secret_span(&random));
    return STATUS_SUCCESS;
}

static SECURITY_STATUS file_recover(struct span parameters, struct span passphrase,
                                    struct secret *out)
{
    (void)passphrase;
    if (parameters.n != FILE_SECRET_BYTES)
        return NTE_BAD_DATA;
    return store_status(secret_copy(out, parameters));
}

static void file_describe(struct span parameters, char *out, size_t cap)
{
    (void)parameters;
    snprintf(out, cap, "opens for whoever may read the slot's file");
}

/* --- credential ------------------------------------------------------------------------------------- */

#define CREDENTIAL_LEAST 16
#define CREDENTIAL_MOST 65536
#define CREDENTIAL_NAME_MAX 255
#define CREDENTIAL_DEFAULT "opencng"

static bool credential_name_is_good(struct span name)
{
    bool dots = name.n <= 2;
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '/' || name.p[i] == '\0')
            return false;
        dots = dots && name.p[i] == '.';
    }
    return name.n > 0 && name.n <= CREDENTIAL_NAME_MAX && !dots;
}

static SECURITY_STATUS credential_enroll(const struct store_slot_wish *wish, struct wr *parameters)
{
    const char *name = wish->credential == NULL ? CREDENTIAL_DEFAULT : wish->credential;
    struct span text = span_of(name, strlen(name));
    if (!credential_name_is_good(text))
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL,
                            "this cannot be the name of a credential", NULL);
    wr_span(parameters, text);
    return STATUS_SUCCESS;
}

static SECURITY_STATUS credential_recover(struct span parameters, struct span passphrase,
                                          struct secret *out)
{
    (void)passphrase;
    if (!credential_name_is_good(parameters))
        return NTE_BAD_DATA;
    char name[CREDENTIAL_NAME_MAX + 1];
    snprintf(name, sizeof name, "%.*s", (int)parameters.n, (const char *)parameters.p);
    const char *path = getauxval(AT_SECURE) != 0 ? NULL : getenv("CREDENTIALS_DIRECTORY");
    if (path == NULL || path[0] != '/')
        return store_refuse(NTE_DECRYPTION_FAILURE, NULL, name,
                            "there is no credential of this name",
                            "Run the service with LoadCredentialEncrypted= for it, which sets "
                            "CREDENTIALS_DIRECTORY.");
    SCOPED_FD fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return store_refuse_errno(errno, path, NULL, true);
    struct folder folder = {fd, path};
    SCOPED_FD file = -1;
    struct stat st;
    TRY(file_open(&folder, name, CREDENTIAL_MOST, NTE_DECRYPTION_FAILURE, &file, &st));
    if (st.st_size < CREDENTIAL_LEAST)
        return store_refuse(NTE_DECRYPTION_FAILURE, path, name,
                            "this credential is too short to protect keys", "Use 32 random bytes.");
    SECRET bytes = {NULL, 0};
    TRY(store_status(secret_new(&bytes, (size_t)st.st_size)));
    TRY(file_read(file, &folder, name, bytes.p, bytes.n, 0));
    *out = bytes;
    bytes = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

static void credential_describe(struct span parameters, char *out, size_t cap)
{
    snprintf(out, cap, "credential %.*s", (int)(parameters.n < 100 ? parameters.n : 100),
             (const char *)parameters.p);
}

/* --- passphrase ------------------------------------------------------------------------------------- */

struct scrypt {
    unsigned log2_n;
    uint32_t r, p;
    struct span salt;
};

#define SCRYPT_SALT_BYTES 32
#define SCRYPT_LOG2_N 17 /* about 0.3 s and 128 MiB */

/* A slot's numbers decide how much memory and time we spend before anything is authenticated. */
static bool scrypt_is_bounded(const struct scrypt *s)
{
    return s->log2_n >= 10 && s->log2_n <= 18 && s->r >= 1 && s->r <= 8 && s->p >= 1 && s->p <= 2;
}

static bool scrypt_decode(struct span parameters, struct scrypt *out)
{
    struct rd r = rd_of(parameters);
    out->log2_n = rd_u8(&r);
    out->r = rd_le32(&r);
    out->p = rd_le32(&r);
    out->salt = rd_span(&r, SCRYPT_SALT_BYTES);
    return rd_end(&r) && scrypt_is_bounded(out);
}

static SECURITY_STATUS passphrase_enroll(const struct store_slot_wish *wish, struct wr *parameters)
{
    uint8_t salt[SCRYPT_SALT_BYTES];
    TRY(store_random(salt, sizeof salt));
    struct scrypt s = {wish->scrypt_log2_n == 0 ? SCRYPT_LOG2_N : wish->scrypt_log2_n, 8, 1,
                       span_of(salt, sizeof salt)};
    if (wish->passphrase.n == 0)
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL,
                            "an empty passphrase protects nothing", NULL);
    if (!scrypt_is_bounded(&s))
        return store_refuse(NTE_INVALID_PARAMETER, NULL, NULL,
                            "the cost of scrypt is out of bounds", "N can be 2^10 to 2^18.");
    wr_u8(parameters, (uint8_t)s.log2_n);
    wr_le32(parameters, s.r);
    wr_le32(parameters, s.p);
    wr_span(parameters, s.salt);
    return STATUS_SUCCESS;
}

static SECURITY_STATUS passphrase_recover(struct span parameters, struct span passphrase,
                                          struct secret *out)
{
    struct scrypt s;
    if (!scrypt_decode(parameters, &s))
        return NTE_BAD_DATA;
    if (passphrase.n == 0)
        return NTE_UI_REQUIRED;
    if (sodium_init() < 0)
        return NTE_INTERNAL_ERROR;
    SECRET key = {NULL, 0};
    TRY(store_status(secret_new(&key, STORE_KEY_BYTES)));
    if (crypto_pwhash_scryptsalsa208sha256_ll(passphrase.p, passphrase.n, s.salt.p, s.salt.n,
                                              (uint64_t)1 << s.log2_n, s.r, s.p, key.p, key.n) != 0)
        return NTE_NO_MEMORY;
    *out = key;
    key = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

static void passphrase_describe(struct span parameters, char *out, size_t cap)
{
    struct scrypt s;
    if (scrypt_decode(parameters, &s))
        snprintf(out, cap, "scrypt, N = 2^%u, r = %u, p = %u", s.log2_n, (unsigned)s.r,
                 (unsigned)s.p);
}

/* --- the table -------------------------------------------------------------------------------------- */

static const struct protector protectors[] = {
    {"file", false, file_enroll, file_recover, file_describe},
    {"credential", false, credential_enroll, credential_recover, credential_describe},
    {"passphrase", true, passphrase_enroll, passphrase_recover, passphrase_describe},
};

const struct protector *protector_find(struct span type)
{
    for (size_t i = 0; i < ARRAY_COUNT(protectors); i++) {
        if (strlen(protectors[i].type) == type.n && ct_equal(protectors[i].type, type.p, type.n))
            return &protectors[i];
    }
    return NULL;
}
