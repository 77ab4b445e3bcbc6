/*
 * Properties by any name, with values of any length, of every kind of object. An input is
 *
 *    0  object    index into `kinds`
 *    …  steps     {op, name (index into `names`, a length and characters, or none), and
 *                 reading: room u16 (0xFFFF: ask for the size first), flags u32 behind the op 2
 *                 writing: a length and bytes; the ops 3 and 4 write characters, with and without NUL}
 *
 * Reading writes no more than the room and what it says; a refusal writes nothing; a room of the
 * size that was told is enough, and one byte less is not. No step crashes or leaks.
 */
#include "fuzz_home.h"
#include "fuzz_keys.h"

#include <ncrypt.h>

static const LPCWSTR names[] = {
    BCRYPT_OBJECT_LENGTH,
    BCRYPT_ALGORITHM_NAME,
    BCRYPT_PROVIDER_HANDLE,
    BCRYPT_CHAINING_MODE,
    BCRYPT_BLOCK_LENGTH,
    BCRYPT_KEY_LENGTH,
    BCRYPT_KEY_OBJECT_LENGTH,
    BCRYPT_KEY_STRENGTH,
    BCRYPT_KEY_LENGTHS,
    BCRYPT_BLOCK_SIZE_LIST,
    BCRYPT_EFFECTIVE_KEY_LENGTH,
    BCRYPT_HASH_LENGTH,
    BCRYPT_HASH_OID_LIST,
    BCRYPT_PADDING_SCHEMES,
    BCRYPT_SIGNATURE_LENGTH,
    BCRYPT_HASH_BLOCK_LENGTH,
    BCRYPT_AUTH_TAG_LENGTH,
    BCRYPT_FUNCTION_NAME_STRING,
    BCRYPT_CUSTOMIZATION_STRING,
    BCRYPT_PRIMITIVE_TYPE,
    BCRYPT_IS_KEYED_HASH,
    BCRYPT_IS_REUSABLE_HASH,
    BCRYPT_MESSAGE_BLOCK_LENGTH,
    BCRYPT_PUBLIC_KEY_LENGTH,
    BCRYPT_MULTI_OBJECT_LENGTH,
    BCRYPT_HKDF_HASH_ALGORITHM,
    BCRYPT_HKDF_SALT_AND_FINALIZE,
    BCRYPT_HKDF_PRK_AND_FINALIZE,
    BCRYPT_KEM_SHARED_SECRET_LENGTH,
    BCRYPT_KEM_CIPHERTEXT_LENGTH,
    BCRYPT_PARAMETER_SET_NAME,
    BCRYPT_INITIALIZATION_VECTOR,
    BCRYPT_DH_PARAMETERS,
    BCRYPT_DSA_PARAMETERS,
    BCRYPT_ECC_PARAMETERS,
    BCRYPT_ECC_CURVE_NAME,
    BCRYPT_ECC_CURVE_NAME_LIST,
    NCRYPT_NAME_PROPERTY,
    NCRYPT_UNIQUE_NAME_PROPERTY,
    NCRYPT_LENGTH_PROPERTY,
    NCRYPT_LENGTHS_PROPERTY,
    NCRYPT_BLOCK_LENGTH_PROPERTY,
    NCRYPT_CHAINING_MODE_PROPERTY,
    NCRYPT_UI_POLICY_PROPERTY,
    NCRYPT_EXPORT_POLICY_PROPERTY,
    NCRYPT_WINDOW_HANDLE_PROPERTY,
    NCRYPT_USE_CONTEXT_PROPERTY,
    NCRYPT_IMPL_TYPE_PROPERTY,
    NCRYPT_KEY_USAGE_PROPERTY,
    NCRYPT_KEY_TYPE_PROPERTY,
    NCRYPT_VERSION_PROPERTY,
    NCRYPT_SECURITY_DESCR_SUPPORT_PROPERTY,
    NCRYPT_SECURITY_DESCR_PROPERTY,
    NCRYPT_LAST_MODIFIED_PROPERTY,
    NCRYPT_MAX_NAME_LENGTH_PROPERTY,
    NCRYPT_ALGORITHM_GROUP_PROPERTY,
    NCRYPT_PROVIDER_HANDLE_PROPERTY,
    NCRYPT_PIN_PROPERTY,
    NCRYPT_KDF_SECRET_VALUE,
    BCRYPT_RSAFULLPRIVATE_BLOB,
    BCRYPT_ECCPRIVATE_BLOB,
    NCRYPT_CERTIFICATE_PROPERTY,
    NCRYPT_READER_PROPERTY,
    NCRYPT_ASSOCIATED_ECDH_KEY,
};

/* ---- objects: made for one input, so that what is set in one is not seen by the next ------------- */

struct object {
    BCRYPT_HANDLE b;
    NCRYPT_HANDLE n; /* of ncrypt.h; 0: b counts */
    BCRYPT_ALG_HANDLE alg;
    NTSTATUS (*done)(BCRYPT_HANDLE object);
    bool is_named; /* goes from the store with its handle */
};

typedef bool make(struct object *o, LPCWSTR name, ULONG more);

static NTSTATUS close_algorithm(BCRYPT_HANDLE object)
{
    return BCryptCloseAlgorithmProvider(object, 0);
}

static bool make_algorithm(struct object *o, LPCWSTR name, ULONG flags)
{
    o->b = open_algorithm(name, flags);
    o->done = close_algorithm;
    return o->b != NULL;
}

static bool make_fresh_pair(struct object *o, LPCWSTR name, ULONG bits)
{
    o->alg = open_algorithm(name, 0);
    o->done = BCryptDestroyKey;
    return o->alg != NULL && BCryptGenerateKeyPair(o->alg, &o->b, bits, 0) == STATUS_SUCCESS;
}

/* One that lives on. */
static bool make_pair(struct object *o, LPCWSTR name, ULONG row)
{
    (void)name;
    const struct pair *p = pair_of(row);
    o->b = p == NULL ? NULL : p->key;
    return p != NULL;
}

static bool make_symmetric(struct object *o, LPCWSTR name, ULONG size)
{
    static UCHAR secret[64] = "the bytes of a key";
    o->alg = open_algorithm(name, 0);
    o->done = BCryptDestroyKey;
    return o->alg != NULL &&
           BCryptGenerateSymmetricKey(o->alg, &o->b, NULL, 0, secret, size, 0) == STATUS_SUCCESS;
}

static bool make_hash(struct object *o, LPCWSTR name, ULONG key_size)
{
    static UCHAR secret[64] = "the bytes of a key";
    o->alg = open_algorithm(name, 0);
    o->done = BCryptDestroyHash;
    return o->alg != NULL && BCryptCreateHash(o->alg, &o->b, NULL, 0, key_size > 0 ? secret : NULL,
                                              key_size, 0) == STATUS_SUCCESS;
}

static bool make_secret(struct object *o, LPCWSTR name, ULONG row)
{
    (void)name;
    const struct pair *p = pair_of(row);
    o->done = BCryptDestroySecret;
    return p != NULL && BCryptSecretAgreement(p->key, p->key, &o->b, 0) == STATUS_SUCCESS;
}

static NCRYPT_PROV_HANDLE provider(void)
{
    static NCRYPT_PROV_HANDLE p;
    if (p == 0) {
        home_make();
        FUZZ_CHECK(NCryptOpenStorageProvider(&p, NULL, 0) == ERROR_SUCCESS);
    }
    return p;
}

static bool make_provider(struct object *o, LPCWSTR name, ULONG more)
{
    (void)name;
    (void)more;
    return NCryptOpenStorageProvider(&o->n, NULL, 0) == ERROR_SUCCESS;
}

/* Without a name: nothing is stored. */
static bool make_stored(struct object *o, LPCWSTR name, ULONG finalized)
{
    if (NCryptCreatePersistedKey(provider(), &o->n, name, NULL, 0, 0) != ERROR_SUCCESS)
        return false;
    return finalized == 0 || NCryptFinalizeKey(o->n, 0) == ERROR_SUCCESS;
}

/* With one: what is set is stored with it. */
static bool make_named(struct object *o, LPCWSTR name, ULONG more)
{
    (void)more;
    o->is_named = true;
    return NCryptCreatePersistedKey(provider(), &o->n, name, L"k", 0, NCRYPT_OVERWRITE_KEY_FLAG) ==
               ERROR_SUCCESS &&
           NCryptFinalizeKey(o->n, 0) == ERROR_SUCCESS;
}

static bool make_stored_secret(struct object *o, LPCWSTR name, ULONG more)
{
    (void)more;
    static NCRYPT_KEY_HANDLE key;
    if (key == 0) {
        FUZZ_CHECK(NCryptCreatePersistedKey(provider(), &key, name, NULL, 0, 0) == ERROR_SUCCESS);
        FUZZ_CHECK(NCryptFinalizeKey(key, 0) == ERROR_SUCCESS);
    }
    return NCryptSecretAgreement(key, key, &o->n, 0) == ERROR_SUCCESS;
}

/* New rows come last: inputs choose by number. */
static const struct {
    make *make;
    LPCWSTR name;
    ULONG more;
} kinds[] = {
    {make_algorithm, BCRYPT_RSA_ALGORITHM, 0},
    {make_algorithm, BCRYPT_AES_ALGORITHM, 0},
    {make_algorithm, BCRYPT_ECDH_ALGORITHM, 0},
    {make_algorithm, BCRYPT_ECDSA_P256_ALGORITHM, 0},
    {make_algorithm, BCRYPT_DSA_ALGORITHM, 0},
    {make_algorithm, BCRYPT_SHA256_ALGORITHM, BCRYPT_ALG_HANDLE_HMAC_FLAG},
    {make_algorithm, BCRYPT_CSHAKE128_ALGORITHM, 0},
    {make_algorithm, BCRYPT_RNG_ALGORITHM, 0},
    {make_algorithm, BCRYPT_PBKDF2_ALGORITHM, 0},
    {make_algorithm, BCRYPT_MLKEM_ALGORITHM, 0},
    {make_fresh_pair, BCRYPT_RSA_ALGORITHM, 1024},
    {make_fresh_pair, BCRYPT_ECDSA_ALGORITHM, 0},
    {make_fresh_pair, BCRYPT_ECDH_P384_ALGORITHM, 384},
    {make_fresh_pair, BCRYPT_DH_ALGORITHM, 768},
    {make_fresh_pair, BCRYPT_DSA_ALGORITHM, 1024},
    {make_fresh_pair, BCRYPT_MLDSA_ALGORITHM, 0},
    {make_pair, NULL, 0},
    {make_pair, NULL, 3},
    {make_pair, NULL, 12},
    {make_symmetric, BCRYPT_AES_ALGORITHM, 16},
    {make_symmetric, BCRYPT_RC2_ALGORITHM, 16},
    {make_symmetric, BCRYPT_3DES_ALGORITHM, 24},
    {make_symmetric, BCRYPT_XTS_AES_ALGORITHM, 32},
    {make_symmetric, BCRYPT_CHACHA20_POLY1305_ALGORITHM, 32},
    {make_symmetric, BCRYPT_HKDF_ALGORITHM, 32},
    {make_symmetric, BCRYPT_RC4_ALGORITHM, 16},
    {make_hash, BCRYPT_SHA1_ALGORITHM, 0},
    {make_hash, BCRYPT_AES_GMAC_ALGORITHM, 16},
    {make_hash, BCRYPT_KMAC128_ALGORITHM, 16},
    {make_hash, BCRYPT_CSHAKE256_ALGORITHM, 0},
    {make_secret, NULL, 10},
    {make_secret, NULL, 12},
    {make_provider, NULL, 0},
    {make_stored, BCRYPT_RSA_ALGORITHM, 0},
    {make_stored, BCRYPT_ECDSA_P256_ALGORITHM, 1},
    {make_stored, BCRYPT_ECDH_ALGORITHM, 0},
    {make_stored, BCRYPT_AES_ALGORITHM, 1},
    {make_stored, BCRYPT_DH_ALGORITHM, 0},
    {make_stored, BCRYPT_PBKDF2_ALGORITHM, 0},
    {make_stored, BCRYPT_MLDSA_ALGORITHM, 0},
    {make_stored_secret, BCRYPT_ECDH_P256_ALGORITHM, 0},
    {make_named, BCRYPT_ECDSA_P256_ALGORITHM, 0},
};

/* ---- steps -------------------------------------------------------------------------------------- */

static NTSTATUS read_into(const struct object *o, LPCWSTR name, UCHAR *out, ULONG room, ULONG *n,
                          ULONG flags)
{
    return o->n != 0 ? NCryptGetProperty(o->n, name, out, room, n, flags)
                     : BCryptGetProperty(o->b, name, out, room, n, flags);
}

static NTSTATUS read_property(const struct object *o, LPCWSTR name, ULONG size, ULONG flags)
{
    ULONG n = 0;
    struct room room = room_new(size);
    NTSTATUS status = read_into(o, name, room.p, size, &n, flags);
    FUZZ_CHECK(room_untouched_from(&room, status < 0 ? 0 : n));
    FUZZ_CHECK(status < 0 || n <= size);
    room_free(&room);
    return status;
}

/* What it needs, no byte less, and some more. */
static void read_all(const struct object *o, LPCWSTR name, ULONG flags)
{
    ULONG need = 0;
    NTSTATUS status = read_into(o, name, NULL, 0, &need, flags);
    if (status < 0)
        return;
    FUZZ_CHECK(need < 1u << 16);
    FUZZ_CHECK(read_property(o, name, need, flags) == STATUS_SUCCESS);
    FUZZ_CHECK(read_property(o, name, need + 7, flags) == STATUS_SUCCESS);
    FUZZ_CHECK(need == 0 || read_property(o, name, need - 1, flags) < 0);
}

static bool is_named(LPCWSTR name, const char *upper)
{
    size_t i = 0;
    while (name != NULL && upper[i] != 0 && (name[i] & ~(WCHAR)0x20) == (upper[i] & ~0x20))
        i++;
    return upper[i] == 0;
}

/* The two values that a length does not bound: the pointers of a policy, which an input cannot know,
 * and a chaining mode, which is read to its NUL (observed on Windows). */
static struct bytes bounded(struct input *in, LPCWSTR name, struct bytes value)
{
    size_t at = offsetof(NCRYPT_UI_POLICY, pszCreationTitle);
    if (is_named(name, "UI POLICY") && value.n > at)
        memset(value.p + at, 0, value.n - at);
    if (!is_named(name, "CHAININGMODE"))
        return value;
    UCHAR *p = input_own(in, value.n + sizeof(WCHAR));
    memset(p, 0, value.n + sizeof(WCHAR));
    memcpy(p, value.p, value.n - value.n % sizeof(WCHAR));
    return (struct bytes){p, value.n};
}

static void write_property(struct input *in, const struct object *o, LPCWSTR name,
                           struct bytes value, ULONG flags)
{
    value = bounded(in, name, value);
    if (o->n != 0)
        (void)NCryptSetProperty(o->n, name, value.p, value.n, flags);
    else
        (void)BCryptSetProperty(o->b, name, value.p, value.n, flags);
}

static void step(struct input *in, const struct object *o)
{
    uint8_t op = take_byte(in);
    LPCWSTR name = take_name(in, names, COUNT(names));
    ULONG flags = op % 8 == 2 || op % 8 == 6 ? take_u32(in) : 0;
    if (op % 8 < 3) {
        ULONG size = take_u16(in);
        if (size == 0xFFFF || name == NULL)
            read_all(o, name, flags);
        else
            (void)read_property(o, name, size, flags);
        return;
    }
    struct bytes value;
    if (op % 8 == 3 || op % 8 == 4) {
        WCHAR *s = take_text(in);
        ULONG n = text_bytes(s) - (op % 8 == 3 ? 0 : (ULONG)sizeof *s);
        value = (struct bytes){input_own(in, n), n};
        memcpy(value.p, s, n);
    } else {
        value = take_some(in);
    }
    write_property(in, o, name, value, flags);
}

static void one(struct input *in)
{
    struct object o = {.b = NULL};
    size_t kind = take_byte(in) % COUNT(kinds);
    bool made = kinds[kind].make(&o, kinds[kind].name, kinds[kind].more);
    while (made && input_more(in))
        step(in, &o);
    /* A key that can be finished is, unless that would take long. */
    if (made && kinds[kind].make == make_fresh_pair && o.alg != NULL) {
        ULONG bits = 0, n = 0;
        if (BCryptGetProperty(o.b, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, &n, 0) ==
                STATUS_SUCCESS &&
            bits <= 640)
            (void)BCryptFinalizeKeyPair(o.b, 0);
    }
    if (made && o.is_named)
        FUZZ_CHECK(NCryptDeleteKey(o.n, 0) == ERROR_SUCCESS);
    else if (made && o.n != 0)
        FUZZ_CHECK(NCryptFreeObject(o.n) == ERROR_SUCCESS);
    else if (made && o.done != NULL)
        FUZZ_CHECK(o.done(o.b) == STATUS_SUCCESS);
    if (o.alg != NULL)
        FUZZ_CHECK(BCryptCloseAlgorithmProvider(o.alg, 0) == STATUS_SUCCESS);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
