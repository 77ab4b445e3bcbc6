/*
 * A provider that misbehaves, in the way that the algorithm's name says. misbehaviour.c opens each and looks what becomes of it.
 */
#include <windows.h>

#include <bcrypt.h>
#include <bcrypt_provider.h>
#include <ntstatus.h>

#include <stdbool.h>
#include <string.h>

#define ODD_STATUS ((NTSTATUS)0xC0001234)

/* One object is enough for all: what it is called is how it behaves. */
static WCHAR current[64];
static UCHAR object;
static int finishes; /* calls of FinishHash since then */

static bool text_is(LPCWSTR a, LPCWSTR b)
{
    while (*a != 0 && *a == *b)
        a++, b++;
    return *a == *b;
}

static bool is(LPCWSTR name)
{
    return text_is(current, name);
}

static NTSTATUS give(const void *value, ULONG n, PUCHAR output, ULONG room, ULONG *result)
{
    *result = n;
    if (output == NULL)
        return STATUS_SUCCESS;
    if (room < n)
        return STATUS_BUFFER_TOO_SMALL;
    memcpy(output, value, n);
    return STATUS_SUCCESS;
}

static NTSTATUS give_number(ULONG value, PUCHAR output, ULONG room, ULONG *result)
{
    return give(&value, sizeof value, output, room, result);
}

/* ---- algorithms ------------------------------------------------------------------------------- */

static NTSTATUS WINAPI open_algorithm(BCRYPT_ALG_HANDLE *algorithm, LPCWSTR name, ULONG flags)
{
    (void)flags;
    size_t n = 0;
    while (name[n] != 0)
        n++;
    memcpy(current, name, (n + 1) * sizeof *name);
    finishes = 0;
    if (is(L"open-odd"))
        return ODD_STATUS;
    *algorithm = is(L"open-null") ? NULL : &object;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI close_algorithm(BCRYPT_ALG_HANDLE algorithm, ULONG flags)
{
    (void)algorithm, (void)flags;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI close_other(BCRYPT_ALG_HANDLE algorithm, ULONG flags)
{
    return close_algorithm(algorithm, flags);
}

static WCHAR mode[32] = L"ChainingModeOwn";

/* A table of pointers to two strings, in one block; or what the algorithm's name says. */
static NTSTATUS give_names(PUCHAR output, ULONG room, ULONG *result)
{
    struct {
        BCRYPT_ECC_CURVE_NAMES head;
        LPWSTR list[2];
        WCHAR text[2][8];
    } block = {{2, NULL}, {NULL, NULL}, {L"first", L"second"}};
    *result = is(L"names-short") ? 3 : sizeof block;
    if (output == NULL)
        return STATUS_SUCCESS;
    if (room < *result)
        return STATUS_BUFFER_TOO_SMALL;
    UCHAR *list = output + ((UCHAR *)block.list - (UCHAR *)&block);
    for (size_t i = 0; i < 2; i++)
        block.list[i] = (LPWSTR)(void *)(output + ((UCHAR *)block.text[i] - (UCHAR *)&block));
    block.head.pEccCurveNames = (LPWSTR *)(void *)list;
    if (is(L"names-many"))
        block.head.dwEccCurveNames = 0x10000;
    if (is(L"names-lone"))
        block.text[1][0] = 0xD800; /* half a character */
    memcpy(output, &block, *result);
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI get_property(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR output, ULONG room,
                                    ULONG *result, ULONG flags)
{
    (void)handle, (void)flags;
    if (text_is(name, BCRYPT_OBJECT_LENGTH))
        return is(L"object-odd") ? give_number(0xFFFFFFFF, output, room, result)
                                 : STATUS_NOT_SUPPORTED;
    if (text_is(name, BCRYPT_HASH_LENGTH)) {
        if (is(L"length-short"))
            return give("", 1, output, room, result);
        return give_number(is(L"length-odd")    ? 0xFFFFFFFF
                           : is(L"length-none") ? 0
                                                : 32,
                           output, room, result);
    }
    if (text_is(name, L"IsKeyedHash") && is(L"keyed"))
        return give_number(1, output, room, result);
    if (text_is(name, BCRYPT_ECC_CURVE_NAME_LIST))
        return give_names(output, room, result);
    if (text_is(name, L"ParameterSetName")) { /* a string that is longer than is believed */
        *result = 0xFFFFFFFF;
        return STATUS_SUCCESS;
    }
    if (text_is(name, L"HkdfHashAlgorithm")) /* one of no bytes */
        return give("", 0, output, room, result);
    if (text_is(name, BCRYPT_CHAINING_MODE))
        return give(mode, sizeof mode, output, room, result);
    if (text_is(name, L"Counts wrong")) {
        if (output != NULL)
            memset(output, 0xEE, room);
        *result = room + 100;
        return STATUS_SUCCESS;
    }
    if (text_is(name, L"Says nothing"))
        return STATUS_SUCCESS;
    if (text_is(name, L"Own"))
        return give("made up", 7, output, room, result);
    if (text_is(name, L"Endless"))
        return give_number(output == NULL ? 0xFFFFFFFF : 0, output, room, result);
    return STATUS_NOT_SUPPORTED;
}

/* The mode is told with its size in bytes of 16-bit characters, NUL included. */
static NTSTATUS WINAPI set_property(BCRYPT_HANDLE handle, LPCWSTR name, PUCHAR input, ULONG n,
                                    ULONG flags)
{
    (void)handle, (void)flags;
    if (text_is(name, BCRYPT_CHAINING_MODE)) {
        static const WCHAR other[] = L"ChainingModeOther";
        if (n != sizeof other || memcmp(input, other, n) != 0)
            return STATUS_INVALID_PARAMETER;
        memset(mode, 0, sizeof mode);
        memcpy(mode, other, n);
        return STATUS_SUCCESS;
    }
    if (text_is(name, BCRYPT_ECC_CURVE_NAME)) /* nothing, or "ab" */
        return (input == NULL && n == 0) || (n == 6 && text_is((LPCWSTR)(void *)input, L"ab"))
                   ? STATUS_SUCCESS
                   : ODD_STATUS;
    return text_is(name, L"Own") && n == 4 ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

/* ---- hashes ----------------------------------------------------------------------------------- */

static NTSTATUS WINAPI create_hash(BCRYPT_ALG_HANDLE algorithm, BCRYPT_HASH_HANDLE *hash,
                                   PUCHAR memory, ULONG memory_size, PUCHAR secret,
                                   ULONG secret_size, ULONG flags)
{
    (void)algorithm, (void)memory, (void)memory_size, (void)secret, (void)secret_size, (void)flags;
    *hash = is(L"create-null") ? NULL : &object;
    return is(L"create-odd") ? ODD_STATUS : STATUS_SUCCESS;
}

static NTSTATUS WINAPI hash_data(BCRYPT_HASH_HANDLE hash, PUCHAR input, ULONG n, ULONG flags)
{
    (void)hash, (void)input, (void)n, (void)flags;
    return is(L"data-odd") ? ODD_STATUS : STATUS_SUCCESS;
}

static NTSTATUS WINAPI finish_hash(BCRYPT_HASH_HANDLE hash, PUCHAR output, ULONG n, ULONG flags)
{
    (void)hash, (void)flags;
    memset(output, 0xEE, n);
    finishes++;
    bool fails = is(L"finish-odd") || (is(L"finish-second") && finishes == 2) ||
                 (is(L"finish-third") && finishes == 3);
    return fails ? ODD_STATUS : STATUS_SUCCESS;
}

static NTSTATUS WINAPI duplicate_hash(BCRYPT_HASH_HANDLE hash, BCRYPT_HASH_HANDLE *copy,
                                      PUCHAR memory, ULONG memory_size, ULONG flags)
{
    (void)hash, (void)memory, (void)memory_size, (void)flags;
    *copy = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI destroy_hash(BCRYPT_HASH_HANDLE hash)
{
    (void)hash;
    return STATUS_SUCCESS;
}

#define ALGORITHM                                                                                  \
    .OpenAlgorithmProvider = open_algorithm, .GetProperty = get_property,                          \
    .SetProperty = set_property, .CloseAlgorithmProvider = close_algorithm

#define HASH .CreateHash = create_hash, .FinishHash = finish_hash, .DestroyHash = destroy_hash

static BCRYPT_HASH_FUNCTION_TABLE hash_table = {
    .Version = {2, 0}, ALGORITHM, HASH, .HashData = hash_data, .DuplicateHash = duplicate_hash};
static BCRYPT_HASH_FUNCTION_TABLE old_table = {
    .Version = {0, 9}, ALGORITHM, HASH, .HashData = hash_data};
static BCRYPT_HASH_FUNCTION_TABLE hole_table = {.Version = {1, 0}, ALGORITHM, HASH};
static BCRYPT_HASH_FUNCTION_TABLE least_table = {.Version = {1, 0},
                                                 .OpenAlgorithmProvider = open_algorithm,
                                                 .GetProperty = get_property,
                                                 .CloseAlgorithmProvider = close_algorithm,
                                                 HASH,
                                                 .HashData = hash_data};

static const struct {
    LPCWSTR name;
    BCRYPT_HASH_FUNCTION_TABLE *table;
} hash_tables[] = {
    {L"table-null", NULL},
    {L"table-old", &old_table},
    {L"table-hole", &hole_table},
    {L"least", &least_table},
};

NTSTATUS WINAPI GetHashInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                 BCRYPT_HASH_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    if (text_is(pszAlgId, L"table-fails"))
        return ODD_STATUS;
    *ppFunctionTable = &hash_table;
    for (size_t i = 0; i < sizeof hash_tables / sizeof hash_tables[0]; i++) {
        if (text_is(pszAlgId, hash_tables[i].name))
            *ppFunctionTable = hash_tables[i].table;
    }
    return STATUS_SUCCESS;
}

/* ---- ciphers ---------------------------------------------------------------------------------- */

static NTSTATUS WINAPI make_key(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE *key, PUCHAR memory,
                                ULONG memory_size, PUCHAR secret, ULONG secret_size, ULONG flags)
{
    (void)algorithm, (void)memory, (void)memory_size, (void)secret, (void)secret_size, (void)flags;
    *key = is(L"key-null") ? NULL : &object;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI crypt(BCRYPT_KEY_HANDLE key, PUCHAR input, ULONG n, VOID *info, PUCHAR iv,
                             ULONG iv_size, PUCHAR output, ULONG room, ULONG *result, ULONG flags)
{
    (void)key, (void)input, (void)info, (void)iv, (void)iv_size, (void)flags;
    if (output != NULL)
        memset(output, 0xEE, room);
    *result = is(L"crypt-more") ? room + 1 : n;
    return is(L"crypt-tag") ? STATUS_AUTH_TAG_MISMATCH : STATUS_SUCCESS;
}

static NTSTATUS WINAPI destroy_key(BCRYPT_KEY_HANDLE key)
{
    (void)key;
    return STATUS_SUCCESS;
}

static BCRYPT_CIPHER_FUNCTION_TABLE cipher_table = {.Version = {1, 0},
                                                    ALGORITHM,
                                                    .GenerateKey = make_key,
                                                    .Encrypt = crypt,
                                                    .Decrypt = crypt,
                                                    .DestroyKey = destroy_key};

/* Keys that wrap keys: whoever imports must be given a key of its own provider's. */
static NTSTATUS WINAPI import_wrapped(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE wrap,
                                      LPCWSTR type, BCRYPT_KEY_HANDLE *key, PUCHAR memory,
                                      ULONG memory_size, PUCHAR input, ULONG n, ULONG flags)
{
    (void)algorithm, (void)type, (void)memory, (void)memory_size, (void)input, (void)n, (void)flags;
    *key = &object;
    return wrap == NULL || wrap == &object ? STATUS_SUCCESS : ODD_STATUS;
}

static NTSTATUS WINAPI export_wrapped(BCRYPT_KEY_HANDLE key, BCRYPT_KEY_HANDLE wrap, LPCWSTR type,
                                      PUCHAR output, ULONG room, ULONG *result, ULONG flags)
{
    (void)key, (void)type, (void)flags;
    if (wrap != NULL && wrap != &object)
        return ODD_STATUS;
    return give("wrapped", 7, output, room, result);
}

#define CIPHER                                                                                     \
    .GenerateKey = make_key, .Encrypt = crypt, .Decrypt = crypt, .DestroyKey = destroy_key

static BCRYPT_CIPHER_FUNCTION_TABLE wrap_table = {
    .Version = {1, 0}, ALGORITHM, CIPHER, .ImportKey = import_wrapped, .ExportKey = export_wrapped};
/* Another provider's, as far as the library can tell. */
static BCRYPT_CIPHER_FUNCTION_TABLE other_table = {.Version = {1, 0},
                                                   .OpenAlgorithmProvider = open_algorithm,
                                                   .GetProperty = get_property,
                                                   .CloseAlgorithmProvider = close_other,
                                                   CIPHER};
static BCRYPT_CIPHER_FUNCTION_TABLE in_table = {
    .Version = {1, 0}, ALGORITHM, CIPHER, .ImportKey = import_wrapped};
static BCRYPT_CIPHER_FUNCTION_TABLE out_table = {
    .Version = {1, 0}, ALGORITHM, CIPHER, .ExportKey = export_wrapped};

static const struct {
    LPCWSTR name;
    BCRYPT_CIPHER_FUNCTION_TABLE *table;
} cipher_tables[] = {
    {L"wrap", &wrap_table},
    {L"wrap-other", &other_table},
    {L"wrap-in", &in_table},
    {L"wrap-out", &out_table},
};

NTSTATUS WINAPI GetCipherInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                   BCRYPT_CIPHER_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    *ppFunctionTable = &cipher_table;
    for (size_t i = 0; i < sizeof cipher_tables / sizeof cipher_tables[0]; i++) {
        if (text_is(pszAlgId, cipher_tables[i].name))
            *ppFunctionTable = cipher_tables[i].table;
    }
    return STATUS_SUCCESS;
}

/* ---- signatures, which look at what arrives --------------------------------------------------- */

static NTSTATUS WINAPI generate(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE *key, ULONG bits,
                                ULONG flags)
{
    (void)algorithm, (void)bits, (void)flags;
    *key = &object;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI finalize(BCRYPT_KEY_HANDLE key, ULONG flags)
{
    (void)key;
    return flags == 0x40000000 ? ODD_STATUS : STATUS_SUCCESS;
}

static NTSTATUS WINAPI import(BCRYPT_ALG_HANDLE algorithm, BCRYPT_KEY_HANDLE import_key,
                              LPCWSTR type, BCRYPT_KEY_HANDLE *key, PUCHAR input, ULONG n,
                              ULONG flags)
{
    (void)algorithm, (void)import_key, (void)input, (void)n, (void)flags;
    *key = &object;
    return text_is(type, L"Any blob") ? STATUS_SUCCESS : STATUS_NOT_SUPPORTED;
}

/* 0xC000A0nn: what is wrong with the padding. */
static NTSTATUS padding_check(const VOID *info, ULONG flags)
{
    const BCRYPT_PSS_PADDING_INFO *pss = info;
    const BCRYPT_OAEP_PADDING_INFO *oaep = info;
    const BCRYPT_PQDSA_PADDING_INFO *pq = info;
    const BCRYPT_PKCS1_PADDING_INFO *pkcs1 = info;
    bool good = true;
    if (flags == BCRYPT_PAD_PSS)
        good = text_is(pss->pszAlgId, L"SHA256") && pss->cbSalt == 20;
    if (flags == BCRYPT_PAD_PKCS1)
        good = text_is(pkcs1->pszAlgId, L"SHA512/256");
    if (flags == BCRYPT_PAD_OAEP)
        good = oaep->pszAlgId == NULL && oaep->cbLabel == 3 && memcmp(oaep->pbLabel, "abc", 3) == 0;
    if (flags == BCRYPT_PAD_PQDSA)
        good = text_is(pq->pszPrehashAlgId, L"SHA384") && pq->cbCtx == 2 && pq->pbCtx[1] == 'y';
    if (flags == 0x40000000)
        good = info != NULL && *(const ULONG *)info == 77;
    if (flags == 0)
        good = info == NULL;
    return good ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

static NTSTATUS WINAPI sign(BCRYPT_KEY_HANDLE key, VOID *info, PUCHAR input, ULONG n, PUCHAR output,
                            ULONG room, ULONG *result, ULONG flags)
{
    (void)key, (void)input, (void)n;
    if (output != NULL)
        memset(output, 0xEE, room);
    *result = is(L"sign-more") ? 4 * room : 8;
    return padding_check(info, flags);
}

static NTSTATUS WINAPI verify(BCRYPT_KEY_HANDLE key, VOID *info, PUCHAR input, ULONG n,
                              PUCHAR signature, ULONG signature_size, ULONG flags)
{
    (void)key, (void)input, (void)n, (void)signature, (void)signature_size;
    return padding_check(info, flags);
}

static BCRYPT_SIGNATURE_FUNCTION_TABLE signature_table = {.Version = {1, 0},
                                                          ALGORITHM,
                                                          .GenerateKeyPair = generate,
                                                          .FinalizeKeyPair = finalize,
                                                          .SignHash = sign,
                                                          .VerifySignature = verify,
                                                          .ImportKeyPair = import,
                                                          .DestroyKey = destroy_key};

/* One that verifies only, and one that begins keys and cannot finish them. */
static BCRYPT_SIGNATURE_FUNCTION_TABLE verify_table = {.Version = {1, 0},
                                                       ALGORITHM,
                                                       .VerifySignature = verify,
                                                       .ImportKeyPair = import,
                                                       .DestroyKey = destroy_key};
static BCRYPT_SIGNATURE_FUNCTION_TABLE unfinished_table = {.Version = {1, 0},
                                                           ALGORITHM,
                                                           .GenerateKeyPair = generate,
                                                           .SignHash = sign,
                                                           .VerifySignature = verify,
                                                           .ImportKeyPair = import,
                                                           .DestroyKey = destroy_key};

NTSTATUS WINAPI GetSignatureInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                                      BCRYPT_SIGNATURE_FUNCTION_TABLE **ppFunctionTable,
                                      ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    *ppFunctionTable = &signature_table;
    if (text_is(pszAlgId, L"verify"))
        *ppFunctionTable = &verify_table;
    if (text_is(pszAlgId, L"unfinished"))
        *ppFunctionTable = &unfinished_table;
    return STATUS_SUCCESS;
}

/* ---- agreements --------------------------------------------------------------------------------- */

static NTSTATUS WINAPI agree(BCRYPT_KEY_HANDLE own, BCRYPT_KEY_HANDLE peer,
                             BCRYPT_SECRET_HANDLE *secret, ULONG flags)
{
    (void)own, (void)peer, (void)flags;
    *secret = is(L"agree-null") ? NULL : &object;
    return is(L"agree-odd") ? ODD_STATUS : STATUS_SUCCESS;
}

static NTSTATUS WINAPI agree_other(BCRYPT_KEY_HANDLE own, BCRYPT_KEY_HANDLE peer,
                                   BCRYPT_SECRET_HANDLE *secret, ULONG flags)
{
    return agree(own, peer, secret, flags);
}

static NTSTATUS WINAPI derive(BCRYPT_SECRET_HANDLE secret, LPCWSTR kdf, BCryptBufferDesc *params,
                              PUCHAR output, ULONG room, ULONG *result, ULONG flags)
{
    (void)secret, (void)params, (void)flags;
    if (output != NULL)
        memset(output, 0xEE, room);
    *result = text_is(kdf, L"more") ? room + 1 : room;
    return STATUS_SUCCESS;
}

static NTSTATUS WINAPI destroy_secret(BCRYPT_SECRET_HANDLE secret)
{
    (void)secret;
    return STATUS_SUCCESS;
}

#define AGREEMENT                                                                                  \
    ALGORITHM, .DeriveKey = derive, .DestroySecret = destroy_secret, .GenerateKeyPair = generate,  \
               .FinalizeKeyPair = finalize, .ImportKeyPair = import, .DestroyKey = destroy_key

static BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE agreement_table = {
    .Version = {1, 0}, AGREEMENT, .SecretAgreement = agree};
static BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE other_agreement_table = {
    .Version = {1, 0}, AGREEMENT, .SecretAgreement = agree_other};

NTSTATUS WINAPI
GetSecretAgreementInterface(LPCWSTR pszProviderName, LPCWSTR pszAlgId,
                            BCRYPT_SECRET_AGREEMENT_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    *ppFunctionTable =
        text_is(pszAlgId, L"agree-other") ? &other_agreement_table : &agreement_table;
    return STATUS_SUCCESS;
}

/* ---- random numbers ---------------------------------------------------------------------------- */

static NTSTATUS WINAPI generate_random(BCRYPT_ALG_HANDLE algorithm, PUCHAR buffer, ULONG n,
                                       ULONG flags)
{
    (void)algorithm;
    memset(buffer, 0xEE, n);
    return flags == 0x40000000 ? ODD_STATUS : STATUS_SUCCESS;
}

static BCRYPT_RNG_FUNCTION_TABLE random_table = {
    .Version = {1, 0}, ALGORITHM, .GenRandom = generate_random};

NTSTATUS WINAPI GetRngInterface(LPCWSTR pszProviderName,
                                BCRYPT_RNG_FUNCTION_TABLE **ppFunctionTable, ULONG dwFlags)
{
    (void)pszProviderName, (void)dwFlags;
    *ppFunctionTable = &random_table;
    return STATUS_SUCCESS;
}
