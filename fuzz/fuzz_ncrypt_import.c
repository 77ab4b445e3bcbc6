/*
 * Key blobs and parameter lists of NCryptImportKey and NCryptExportKey: PKCS #8 plain and under a password,
 * envelopes, wrapped, opaque and protected keys. An input is
 *
 *    0  bit 0     the blob is one of the library's own, with changes; otherwise the rest of the input
 *       bit 1     a password is in the list
 *       bit 2     the RSA key wraps and unwraps; bit 3: it unwraps only
 *    1  type      index into `types`
 *    2  key       index into `keys`: whose own blob
 *    3  flags     index into `flags`
 *    4  list      how many {type, form, a length, bytes}: form's bit 0: characters; bit 1: the RSA
 *                 key's certificate, and no bytes
 *    …  changes   {offset u16, XOR}; or the blob
 *
 * What was exported, and not changed, is that key again. A refusal leaves *phKey alone. What was
 * imported is exported in the same type, as long as its policy allows, and in the type of public keys,
 * and is a key again from there. Counts of iterations are made small, or the wait would be long.
 */
#include "fuzz_api.h"
#include "fuzz_home.h"

#include <ncrypt.h>
#include <wincrypt.h>

#define BLOB_MOST 16384
#define LIST_MOST 8

static const LPCWSTR types[] = {
    NCRYPT_PKCS8_PRIVATE_KEY_BLOB, NCRYPT_PKCS7_ENVELOPE_BLOB, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB,
    NCRYPT_OPAQUETRANSPORT_BLOB,   NCRYPT_PROTECTED_KEY_BLOB,  NCRYPT_CIPHER_KEY_BLOB,
    NCRYPT_KDF_KEY_BLOB,           NCRYPT_PQ_PRIVATE_KEY_BLOB, BCRYPT_PUBLIC_KEY_BLOB,
    BCRYPT_PRIVATE_KEY_BLOB,       BCRYPT_RSAFULLPRIVATE_BLOB, BCRYPT_ECCPRIVATE_BLOB,
    BCRYPT_DH_PRIVATE_BLOB,        BCRYPT_DSA_PRIVATE_BLOB,    LEGACY_RSAPRIVATE_BLOB,
};

static const DWORD flags[] = {
    0,
    NCRYPT_SILENT_FLAG,
    NCRYPT_NO_KEY_VALIDATION,
    NCRYPT_DO_NOT_FINALIZE_FLAG,
    NCRYPT_OVERWRITE_KEY_FLAG,
    NCRYPT_MACHINE_KEY_FLAG,
};

static const ULONG list_types[] = {
    NCRYPTBUFFER_PKCS_SECRET,       NCRYPTBUFFER_ECC_CURVE_NAME,
    NCRYPTBUFFER_ECC_PARAMETERS,    NCRYPTBUFFER_PKCS_ALG_OID,
    NCRYPTBUFFER_PKCS_ALG_PARAM,    NCRYPTBUFFER_PKCS_PADDING_ALGO,
    NCRYPTBUFFER_PKCS_AES_KEY_BITS, NCRYPTBUFFER_PKCS_PADDING_LABEL,
    NCRYPTBUFFER_CERT_BLOB,         NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING,
    NCRYPTBUFFER_PROTECTION_FLAGS,  NCRYPTBUFFER_PKCS_KEY_NAME,
    NCRYPTBUFFER_PKCS_OID,
};

#define NO_NAME NULL, NULL
#define CURVE(name) name, NULL
#define SET(name) NULL, name

/* New rows come last: inputs choose by number. */
static struct {
    LPCWSTR algorithm;
    DWORD bits;
    LPCWSTR curve; /* whose name is no part of the algorithm's */
    LPCWSTR set;   /* of parameters */
    NCRYPT_KEY_HANDLE key;
} keys[] = {
    {NCRYPT_RSA_ALGORITHM, 1024, NO_NAME, 0},
    {NCRYPT_ECDSA_P256_ALGORITHM, 0, NO_NAME, 0},
    {NCRYPT_ECDH_P384_ALGORITHM, 0, NO_NAME, 0},
    {NCRYPT_DH_ALGORITHM, 768, NO_NAME, 0},
    {NCRYPT_DSA_ALGORITHM, 512, NO_NAME, 0},
    {NCRYPT_AES_ALGORITHM, 0, NO_NAME, 0},
    {NCRYPT_SP800108_CTR_HMAC_ALGORITHM, 0, NO_NAME, 0},
    {NCRYPT_MLKEM_ALGORITHM, 0, SET(BCRYPT_MLKEM_PARAMETER_SET_512), 0},
    {NCRYPT_MLDSA_ALGORITHM, 0, SET(BCRYPT_MLDSA_PARAMETER_SET_44), 0},
    {NCRYPT_SLHDSA_ALGORITHM, 0, SET(BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128F), 0},
    {NCRYPT_ECDH_ALGORITHM, 0, CURVE(BCRYPT_ECC_CURVE_25519), 0},
    {NCRYPT_ECDSA_ALGORITHM, 0, CURVE(BCRYPT_ECC_CURVE_SECP256K1), 0},
    {NCRYPT_ECDSA_ALGORITHM, 0, CURVE(BCRYPT_ECC_CURVE_NUMSP256T1), 0},
};

static NCRYPT_PROV_HANDLE provider;

/* ---- a store of one's own: a list may name a key, and what is opaque is sealed under a store's key -- */

static void begin(void)
{
    if (provider != 0)
        return;
    home_make();
    FUZZ_CHECK(NCryptOpenStorageProvider(&provider, NULL, 0) == ERROR_SUCCESS);
}

static void set_name(NCRYPT_KEY_HANDLE key, LPCWSTR property, LPCWSTR name)
{
    if (name != NULL)
        FUZZ_CHECK(NCryptSetProperty(key, property, (PBYTE)(ULONG_PTR)name, text_bytes(name), 0) ==
                   ERROR_SUCCESS);
}

/* 0 when this libcrypto does not have the algorithm. */
static NCRYPT_KEY_HANDLE key_of(size_t which)
{
    static UCHAR secret[] = "a secret";
    DWORD policy = NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;
    NCRYPT_KEY_HANDLE *key = &keys[which].key;
    if (*key != 0 || NCryptIsAlgSupported(provider, keys[which].algorithm, 0) != ERROR_SUCCESS)
        return *key;
    FUZZ_CHECK(NCryptCreatePersistedKey(provider, key, keys[which].algorithm, NULL, 0, 0) ==
               ERROR_SUCCESS);
    FUZZ_CHECK(NCryptSetProperty(*key, NCRYPT_EXPORT_POLICY_PROPERTY, (PBYTE)&policy, sizeof policy,
                                 0) == ERROR_SUCCESS);
    if (keys[which].bits != 0)
        FUZZ_CHECK(NCryptSetProperty(*key, NCRYPT_LENGTH_PROPERTY, (PBYTE)&keys[which].bits,
                                     sizeof(DWORD), 0) == ERROR_SUCCESS);
    set_name(*key, NCRYPT_ECC_CURVE_NAME_PROPERTY, keys[which].curve);
    set_name(*key, BCRYPT_PARAMETER_SET_NAME, keys[which].set);
    (void)NCryptSetProperty(*key, NCRYPT_KDF_SECRET_VALUE, secret, sizeof secret, 0);
    FUZZ_CHECK(NCryptFinalizeKey(*key, 0) == ERROR_SUCCESS);
    return *key;
}

/* ---- the list ----------------------------------------------------------------------------------- */

/* CRYPT_PKCS12_PBE_PARAMS begins with the count. */
static void small_count(struct bytes value)
{
    for (ULONG i = 2; i < 4 && i < value.n; i++)
        value.p[i] = 0;
}

#define RSA_ID 0x30, 13, 6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 13, 1, 1, 1, 5, 0
#define KEY_ID 0xA3, 15, 0x30, 13, 0x30, 11, 6, 3, 0x55, 0x1D, 14, 4, 4, 4, 2, 'i', 'd'

/* A certificate for the RSA key, signed by nobody. A modulus of 1024 bits has one place in it. */
static struct bytes certificate(struct input *in)
{
    static const UCHAR before[] = {0x30, 0x81, 231,  0x30, 0x81,   210,  0xA0,   3,    2,    1,
                                   2,    2,    1,    5,    RSA_ID, 0x30, 2,      0x31, 0,    0x30,
                                   0,    0x30, 0,    0x30, 0x81,   159,  RSA_ID, 3,    0x81, 141,
                                   0,    0x30, 0x81, 137,  2,      0x81, 129,    0};
    static const UCHAR after[] = {2, 3, 1, 0, 1, KEY_ID, RSA_ID, 3, 1, 0};
    const ULONG modulus = 128;
    UCHAR blob[256];
    DWORD n = 0;
    FUZZ_CHECK(NCryptExportKey(key_of(0), 0, BCRYPT_RSAPUBLIC_BLOB, NULL, blob, sizeof blob, &n,
                               0) == ERROR_SUCCESS);
    n = sizeof before + modulus + sizeof after;
    struct bytes cert = {input_own(in, n), n};
    memcpy(cert.p, before, sizeof before);
    memcpy(cert.p + sizeof before, blob + sizeof(BCRYPT_RSAKEY_BLOB) + 3, modulus);
    memcpy(cert.p + sizeof before + modulus, after, sizeof after);
    return cert;
}

static void take_buffer(struct input *in, NCryptBuffer *b)
{
    ULONG type = list_types[take_byte(in) % COUNT(list_types)];
    uint8_t form = take_byte(in);
    struct bytes value;
    if ((form & 2) != 0) {
        value = certificate(in);
    } else if ((form & 1) != 0) {
        WCHAR *s = take_text(in);
        value = (struct bytes){(UCHAR *)s, text_bytes(s)};
    } else {
        value = take_some(in);
    }
    if (type == NCRYPTBUFFER_PKCS_ALG_PARAM)
        small_count(value);
    *b = (NCryptBuffer){value.n, type, value.p};
}

static void take_list(struct input *in, NCryptBufferDesc *list, bool password)
{
    static const WCHAR secret[] = L"password";
    static const struct {
        CRYPT_PKCS12_PBE_PARAMS head;
        UCHAR salt[8];
    } cheap = {{1, 8}, "saltsalt"};
    ULONG count = take_byte(in) % LIST_MOST;
    list->cBuffers = 0;
    if (password) {
        list->pBuffers[list->cBuffers++] =
            (NCryptBuffer){sizeof secret, NCRYPTBUFFER_PKCS_SECRET, (PVOID)(ULONG_PTR)secret};
        list->pBuffers[list->cBuffers++] =
            (NCryptBuffer){sizeof cheap, NCRYPTBUFFER_PKCS_ALG_PARAM, (PVOID)(ULONG_PTR)&cheap};
    }
    while (count-- > 0)
        take_buffer(in, &list->pBuffers[list->cBuffers++]);
}

/* The blobs of most curves do not say which one it is. */
static void tell_curve(NCryptBufferDesc *list, size_t which)
{
    LPCWSTR curve = keys[which].curve;
    if (curve != NULL)
        list->pBuffers[list->cBuffers++] =
            (NCryptBuffer){text_bytes(curve), NCRYPTBUFFER_ECC_CURVE_NAME, (PVOID)(ULONG_PTR)curve};
}

static bool has_name(const NCryptBufferDesc *list)
{
    for (ULONG i = 0; i < list->cBuffers; i++) {
        if (list->pBuffers[i].BufferType == NCRYPTBUFFER_PKCS_KEY_NAME)
            return true;
    }
    return false;
}

/* Counts inside DER: an INTEGER of three or four bytes has at most 17 bits. */
static void small_integers(struct bytes blob)
{
    for (ULONG i = 0; i + 3 < blob.n; i++) {
        if (blob.p[i] != 0x02 || (blob.p[i + 1] != 3 && blob.p[i + 1] != 4))
            continue;
        if (blob.p[i + 1] == 4)
            blob.p[i + 2] = blob.p[i + 3] = 0;
        blob.p[i + 2] &= 1;
    }
}

/* ---- blobs -------------------------------------------------------------------------------------- */

static struct bytes export(struct input *in, NCRYPT_KEY_HANDLE key, NCRYPT_KEY_HANDLE wrap,
                           LPCWSTR type, NCryptBufferDesc *list)
{
    DWORD need = 0, n = 0;
    struct bytes none = {NULL, 0};
    if (NCryptExportKey(key, wrap, type, list, NULL, 0, &need, 0) < 0)
        return none;
    FUZZ_CHECK(need <= BLOB_MOST);
    struct room room = room_new(need);
    SECURITY_STATUS s = NCryptExportKey(key, wrap, type, list, room.p, need, &n, 0);
    FUZZ_CHECK(s < 0 ? room_untouched(&room) : n <= need && room_untouched_from(&room, n));
    struct bytes blob = {input_own(in, n), n};
    memcpy(blob.p, room.p, s < 0 ? 0 : n);
    room_free(&room);
    return s < 0 ? none : blob;
}

static NCRYPT_KEY_HANDLE import(NCRYPT_KEY_HANDLE wrap, LPCWSTR type, NCryptBufferDesc *list,
                                struct bytes blob, DWORD flag)
{
    const NCRYPT_KEY_HANDLE nobody = 0x5A5A5A50;
    NCRYPT_KEY_HANDLE key = nobody;
    SECURITY_STATUS s = NCryptImportKey(provider, wrap, type, list, &key, blob.p, blob.n, flag);
    FUZZ_CHECK(s < 0 ? key == nobody : key != nobody && key != 0);
    return s < 0 ? 0 : key;
}

static void check_imported(struct input *in, NCRYPT_KEY_HANDLE key, NCRYPT_KEY_HANDLE wrap,
                           LPCWSTR type, NCryptBufferDesc *list)
{
    struct bytes out = export(in, key, wrap, type, list);
    struct bytes public = export(in, key, 0, BCRYPT_PUBLIC_KEY_BLOB, NULL);
    if (out.p != NULL && !has_name(list)) {
        NCRYPT_KEY_HANDLE again = import(wrap, type, list, out, NCRYPT_NO_KEY_VALIDATION);
        if (again != 0) {
            struct bytes other = export(in, again, 0, BCRYPT_PUBLIC_KEY_BLOB, NULL);
            FUZZ_CHECK(other.n == public.n &&
                       (other.n == 0 || memcmp(other.p, public.p, other.n) == 0));
            FUZZ_CHECK(NCryptFreeObject(again) == ERROR_SUCCESS);
        }
    }
}

static void one(struct input *in)
{
    uint8_t form = take_byte(in);
    LPCWSTR type = types[take_byte(in) % COUNT(types)];
    size_t which = take_byte(in) % COUNT(keys);
    NCRYPT_KEY_HANDLE own = key_of(which);
    DWORD flag = flags[take_byte(in) % COUNT(flags)];
    NCRYPT_KEY_HANDLE wrap = (form & 4) != 0 ? key_of(0) : 0;
    NCRYPT_KEY_HANDLE unwrap = (form & 8) != 0 ? key_of(0) : wrap;
    NCryptBuffer buffers[LIST_MOST + 3];
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 0, buffers};
    take_list(in, &list, (form & 2) != 0);
    bool usual = list.cBuffers <= ((form & 2) != 0 ? 2u : 0u);
    struct bytes blob;
    if (own == 0)
        return;
    if ((form & 1) != 0) {
        blob = export(in, own, wrap, type, &list);
        tell_curve(&list, which);
        bool changed = in->n > 0;
        while (blob.n > 0 && in->n > 0) {
            uint32_t at = take_u16(in);
            uint8_t with = take_byte(in);
            if (with == 0 && at < blob.n)
                blob.n = at;
            else
                blob.p[at % blob.n] ^= with;
        }
        if (blob.p != NULL && !changed && !has_name(&list) && flag < NCRYPT_MACHINE_KEY_FLAG) {
            NCRYPT_KEY_HANDLE key = import(unwrap, type, &list, blob, flag);
            FUZZ_CHECK(key != 0 || unwrap != wrap || !usual);
            if (key != 0)
                FUZZ_CHECK(NCryptFreeObject(key) == ERROR_SUCCESS);
        }
    } else {
        blob = take_rest(in);
    }
    if (blob.p == NULL)
        return;
    small_integers(blob);
    NCRYPT_KEY_HANDLE key = import(unwrap, type, &list, blob, flag);
    if (key == 0)
        return;
    check_imported(in, key, wrap, type, &list);
    FUZZ_CHECK(NCryptDeleteKey(key, 0) == ERROR_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin();
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
