#include "engine_border.h"

#include <string.h>

/* ---- schemes: how --padding becomes a flag and a structure ---------------------------------------------------- */

struct engine_scheme {
    const char *name;
    unsigned operations; /* enum engine_operation */
    ULONG flags;
    void (*fill)(const struct engine_padding *padding,
                 struct engine_info *info); /* NULL: no structure */
};

static void fill_pkcs1(const struct engine_padding *padding, struct engine_info *info)
{
    info->hash = wide_of(padding->hash);
    info->pkcs1.pszAlgId = padding->hash != NULL ? info->hash.text : NULL;
}

static void fill_pss(const struct engine_padding *padding, struct engine_info *info)
{
    info->hash = wide_of(padding->hash);
    info->pss = (BCRYPT_PSS_PADDING_INFO){info->hash.text, padding->salt};
}

static void fill_oaep(const struct engine_padding *padding, struct engine_info *info)
{
    info->hash = wide_of(padding->hash);
    info->oaep = (BCRYPT_OAEP_PADDING_INFO){info->hash.text, bytes_in(padding->label),
                                            (ULONG)padding->label.n};
}

static void fill_pqdsa(const struct engine_padding *padding, struct engine_info *info)
{
    info->hash = wide_of(padding->prehash);
    info->pqdsa = (BCRYPT_PQDSA_PADDING_INFO){
        .pbCtx = padding->context.n > 0 ? bytes_in(padding->context) : NULL,
        .cbCtx = (ULONG)padding->context.n,
        .pszPrehashAlgId = padding->prehash != NULL ? info->hash.text : NULL,
    };
}

static const struct engine_scheme schemes[] = {
    {"pkcs1", ENGINE_SIGN, BCRYPT_PAD_PKCS1, fill_pkcs1},
    {"pkcs1-optional-oid", ENGINE_SIGN, BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID,
     fill_pkcs1},
    {"pss", ENGINE_SIGN, BCRYPT_PAD_PSS, fill_pss},
    {"pqdsa", ENGINE_SIGN, BCRYPT_PAD_PQDSA, fill_pqdsa},
    {"external-mu", ENGINE_SIGN, BCRYPT_MLDSA_EXTERNAL_MU, NULL},
    {"pkcs1", ENGINE_ENCRYPT, BCRYPT_PAD_PKCS1, NULL},
    {"oaep", ENGINE_ENCRYPT, BCRYPT_PAD_OAEP, fill_oaep},
    {"none", ENGINE_ENCRYPT, BCRYPT_PAD_NONE, NULL},
};

const struct engine_scheme *engine_scheme_named(const char *name, enum engine_operation operation)
{
    for (size_t i = 0; i < ARRAY_COUNT(schemes); i++) {
        if ((schemes[i].operations & operation) != 0 && strcmp(schemes[i].name, name) == 0)
            return &schemes[i];
    }
    return NULL;
}

/* The structure that goes with the flags; a key without scheme has neither. */
void *engine_info_of(const struct engine_padding *padding, struct engine_info *info)
{
    if (padding->scheme == NULL || padding->scheme->fill == NULL)
        return NULL;
    memset(info, 0, sizeof *info);
    padding->scheme->fill(padding, info);
    return &info->pkcs1;
}

ULONG engine_flags_of(const struct engine_padding *padding)
{
    return padding->scheme != NULL ? padding->scheme->flags : 0;
}

/* ---- signatures ----------------------------------------------------------------------------------------------- */

NTSTATUS engine_sign(const struct engine_key *key, const struct engine_padding *padding,
                     struct view input, struct octets *out)
{
    struct engine_info info;
    void *structure = engine_info_of(padding, &info);
    OCTETS made = {0};
    ULONG n = 0;
    TRY_STATUS(BCryptSignHash(key->handle, structure, bytes_in(input), (ULONG)input.n, NULL, 0, &n,
                              engine_flags_of(padding)));
    octets_resize(&made, n);
    TRY_STATUS(BCryptSignHash(key->handle, structure, bytes_in(input), (ULONG)input.n, made.p, n,
                              &n, engine_flags_of(padding)));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}

NTSTATUS engine_verify(const struct engine_key *key, const struct engine_padding *padding,
                       struct view input, struct view signature)
{
    struct engine_info info;
    return BCryptVerifySignature(key->handle, engine_info_of(padding, &info), bytes_in(input),
                                 (ULONG)input.n, bytes_in(signature), (ULONG)signature.n,
                                 engine_flags_of(padding));
}

/* ---- encryption ----------------------------------------------------------------------------------------------- */

NTSTATUS engine_encrypt(const struct engine_key *key, const struct engine_padding *padding,
                        struct view input, struct octets *out)
{
    struct engine_info info;
    void *structure = engine_info_of(padding, &info);
    OCTETS made = {0};
    ULONG n = 0;
    TRY_STATUS(BCryptEncrypt(key->handle, bytes_in(input), (ULONG)input.n, structure, NULL, 0, NULL,
                             0, &n, engine_flags_of(padding)));
    octets_resize(&made, n);
    TRY_STATUS(BCryptEncrypt(key->handle, bytes_in(input), (ULONG)input.n, structure, NULL, 0,
                             made.p, n, &n, engine_flags_of(padding)));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}

/* A plaintext is never longer than its ciphertext: no question for the size, which would decrypt twice. */
NTSTATUS engine_decrypt(const struct engine_key *key, const struct engine_padding *padding,
                        struct view input, struct octets *out)
{
    struct engine_info info;
    void *structure = engine_info_of(padding, &info);
    OCTETS made = {0};
    ULONG n = 0;
    octets_resize(&made, input.n);
    TRY_STATUS(BCryptDecrypt(key->handle, bytes_in(input), (ULONG)input.n, structure, NULL, 0,
                             made.p, (ULONG)made.n, &n, engine_flags_of(padding)));
    octets_set(out, (struct view){made.p, n});
    return STATUS_SUCCESS;
}

/* ---- encapsulation -------------------------------------------------------------------------------------------- */

NTSTATUS engine_encapsulate(const struct engine_key *key, struct octets *secret,
                            struct octets *ciphertext)
{
    OCTETS made_secret = {0};
    OCTETS made_ciphertext = {0};
    ULONG n = 0;
    ULONG m = 0;
    TRY_STATUS(BCryptEncapsulate(key->handle, NULL, 0, &n, NULL, 0, &m, 0));
    octets_resize(&made_secret, n);
    octets_resize(&made_ciphertext, m);
    TRY_STATUS(BCryptEncapsulate(key->handle, made_secret.p, n, &n, made_ciphertext.p, m, &m, 0));
    octets_set(secret, (struct view){made_secret.p, n});
    octets_set(ciphertext, (struct view){made_ciphertext.p, m});
    return STATUS_SUCCESS;
}

NTSTATUS engine_decapsulate(const struct engine_key *key, struct view ciphertext,
                            struct octets *secret)
{
    OCTETS made = {0};
    ULONG n = 0;
    TRY_STATUS(
        BCryptDecapsulate(key->handle, bytes_in(ciphertext), (ULONG)ciphertext.n, NULL, 0, &n, 0));
    octets_resize(&made, n);
    TRY_STATUS(BCryptDecapsulate(key->handle, bytes_in(ciphertext), (ULONG)ciphertext.n, made.p, n,
                                 &n, 0));
    octets_set(secret, (struct view){made.p, n});
    return STATUS_SUCCESS;
}
