/*
 * The life of every key pair: open, generate, set properties, finalize, use, export, import,
 * destroy; one walk over rows (algorithm, size or parameter, blob formats, what it can do). Every
 * row is walked in both widths of wchar_t.
 */
#include "conform.h"

enum can { SIGN = 1, ENCRYPT = 2, AGREE = 4, ENCAPSULATE = 8 };

struct property {
    LPCWSTR name;
    LPCWSTR text; /* a string value, or … */
    ULONG number; /* … a ULONG */
};

struct row {
    const char *label;
    LPCWSTR alg;
    ULONG bits;               /* dwLength */
    struct property property; /* set between generate and finalize */
    int can;
    ULONG hash_bytes; /* what its signatures take */
    ULONG sign_flags; /* and how */
    LPCWSTR blobs[8]; /* formats that import and export; public first */
    int public_blobs; /* how many of them are public */
    LPCWSTR export_only[4];
    bool slow;
};

#define RSA_BLOBS                                                                                  \
    {                                                                                              \
        BCRYPT_RSAPUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_RSAPRIVATE_BLOB,                     \
            BCRYPT_RSAFULLPRIVATE_BLOB, BCRYPT_PRIVATE_KEY_BLOB, LEGACY_RSAPRIVATE_BLOB            \
    }
#define RSA_ROW(n)                                                                                 \
    {                                                                                              \
        .label = "RSA " #n, .alg = BCRYPT_RSA_ALGORITHM, .bits = n, .can = SIGN | ENCRYPT,         \
        .hash_bytes = 32, .sign_flags = BCRYPT_PAD_PKCS1, .blobs = RSA_BLOBS, .public_blobs = 2,   \
        .export_only = {                                                                           \
            LEGACY_RSAPUBLIC_BLOB                                                                  \
        }                                                                                          \
    }
#define ECC_BLOBS                                                                                  \
    {                                                                                              \
        BCRYPT_ECCPUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_ECCFULLPUBLIC_BLOB,                  \
            BCRYPT_ECCPRIVATE_BLOB, BCRYPT_PRIVATE_KEY_BLOB, BCRYPT_ECCFULLPRIVATE_BLOB            \
    }
#define ECDSA_ROW(n)                                                                               \
    {                                                                                              \
        .label = "ECDSA_P" #n, .alg = BCRYPT_ECDSA_P##n##_ALGORITHM, .bits = n, .can = SIGN,       \
        .hash_bytes = 32, .blobs = ECC_BLOBS, .public_blobs = 3                                    \
    }
#define ECDH_ROW(n)                                                                                \
    {                                                                                              \
        .label = "ECDH_P" #n, .alg = BCRYPT_ECDH_P##n##_ALGORITHM, .bits = n, .can = AGREE,        \
        .blobs = ECC_BLOBS, .public_blobs = 3                                                      \
    }
#define CURVE_ROWS(curve)                                                                          \
    {.label = "ECDSA " curve,                                                                      \
     .alg = BCRYPT_ECDSA_ALGORITHM,                                                                \
     .property = {BCRYPT_ECC_CURVE_NAME, L##curve, 0},                                             \
     .can = SIGN,                                                                                  \
     .hash_bytes = 32,                                                                             \
     .blobs = ECC_BLOBS,                                                                           \
     .public_blobs = 3},                                                                           \
    {                                                                                              \
        .label = "ECDH " curve, .alg = BCRYPT_ECDH_ALGORITHM,                                      \
        .property = {BCRYPT_ECC_CURVE_NAME, L##curve, 0}, .can = AGREE, .blobs = ECC_BLOBS,        \
        .public_blobs = 3                                                                          \
    }
#define DH_ROW(n)                                                                                  \
    {                                                                                              \
        .label = "DH " #n, .alg = BCRYPT_DH_ALGORITHM, .bits = n, .can = AGREE,                    \
        .blobs = {BCRYPT_DH_PUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_DH_PRIVATE_BLOB,           \
                  BCRYPT_PRIVATE_KEY_BLOB},                                                        \
        .public_blobs = 2                                                                          \
    }
#define DSA_ROW(n, q)                                                                              \
    {                                                                                              \
        .label = "DSA " #n, .alg = BCRYPT_DSA_ALGORITHM, .bits = n, .can = SIGN, .hash_bytes = q,  \
        .blobs = {BCRYPT_DSA_PUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_DSA_PRIVATE_BLOB,         \
                  BCRYPT_PRIVATE_KEY_BLOB},                                                        \
        .public_blobs = 2                                                                          \
    }
#define MLKEM_ROW(set)                                                                             \
    {                                                                                              \
        .label = "ML-KEM " #set, .alg = BCRYPT_MLKEM_ALGORITHM,                                    \
        .property = {BCRYPT_PARAMETER_SET_NAME, BCRYPT_MLKEM_PARAMETER_SET_##set, 0},              \
        .can = ENCAPSULATE,                                                                        \
        .blobs = {BCRYPT_MLKEM_PUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_MLKEM_PRIVATE_BLOB,     \
                  BCRYPT_MLKEM_PRIVATE_SEED_BLOB, BCRYPT_PRIVATE_KEY_BLOB},                        \
        .public_blobs = 2                                                                          \
    }
#define PQDSA_ROW(family, macro, text, ...)                                                        \
    {                                                                                              \
        .label = family " " text, .alg = L##family,                                                \
        .property = {BCRYPT_PARAMETER_SET_NAME, macro, 0}, .can = SIGN, .hash_bytes = 100,         \
        .public_blobs = 2, __VA_ARGS__                                                             \
    }
#define MLDSA_ROW(set)                                                                             \
    PQDSA_ROW("ML-DSA", BCRYPT_MLDSA_PARAMETER_SET_##set, #set,                                    \
              .blobs = {BCRYPT_PQDSA_PUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB,                          \
                        BCRYPT_PQDSA_PRIVATE_BLOB, BCRYPT_PQDSA_PRIVATE_SEED_BLOB,                 \
                        BCRYPT_PRIVATE_KEY_BLOB})
#define SLHDSA_ROW(macro, text, is_slow)                                                           \
    PQDSA_ROW("SLH-DSA", BCRYPT_SLHDSA_PARAMETER_SET_##macro, text,                                \
              .blobs = {BCRYPT_PQDSA_PUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB,                          \
                        BCRYPT_PQDSA_PRIVATE_BLOB, BCRYPT_PRIVATE_KEY_BLOB},                       \
              .slow = is_slow)

static const struct row rows[] = {
    RSA_ROW(512),
    RSA_ROW(576),
    RSA_ROW(1024),
    RSA_ROW(2048),
    {.label = "RSA 1024 by KeyLength",
     .alg = BCRYPT_RSA_ALGORITHM,
     .bits = 512,
     .property = {BCRYPT_KEY_LENGTH, NULL, 1024},
     .can = SIGN | ENCRYPT,
     .hash_bytes = 32,
     .sign_flags = BCRYPT_PAD_PKCS1,
     .blobs = RSA_BLOBS,
     .public_blobs = 2},
    {.label = "RSA_SIGN 1024",
     .alg = BCRYPT_RSA_SIGN_ALGORITHM,
     .bits = 1024,
     .can = SIGN,
     .hash_bytes = 32,
     .sign_flags = BCRYPT_PAD_PSS,
     .blobs = RSA_BLOBS,
     .public_blobs = 2},
    ECDSA_ROW(256),
    ECDSA_ROW(384),
    ECDSA_ROW(521),
    ECDH_ROW(256),
    ECDH_ROW(384),
    ECDH_ROW(521),
    CURVE_ROWS("brainpoolP160r1"),
    CURVE_ROWS("brainpoolP160t1"),
    CURVE_ROWS("brainpoolP192r1"),
    CURVE_ROWS("brainpoolP192t1"),
    CURVE_ROWS("brainpoolP224r1"),
    CURVE_ROWS("brainpoolP224t1"),
    CURVE_ROWS("brainpoolP256r1"),
    CURVE_ROWS("brainpoolP256t1"),
    CURVE_ROWS("brainpoolP320r1"),
    CURVE_ROWS("brainpoolP320t1"),
    CURVE_ROWS("brainpoolP384r1"),
    CURVE_ROWS("brainpoolP384t1"),
    CURVE_ROWS("brainpoolP512r1"),
    CURVE_ROWS("brainpoolP512t1"),
    CURVE_ROWS("ec192wapi"),
    CURVE_ROWS("nistP192"),
    CURVE_ROWS("nistP224"),
    CURVE_ROWS("nistP256"),
    CURVE_ROWS("nistP384"),
    CURVE_ROWS("nistP521"),
    CURVE_ROWS("numsP256t1"),
    CURVE_ROWS("numsP384t1"),
    CURVE_ROWS("numsP512t1"),
    CURVE_ROWS("secP160k1"),
    CURVE_ROWS("secP160r1"),
    CURVE_ROWS("secP160r2"),
    CURVE_ROWS("secP192k1"),
    CURVE_ROWS("secP192r1"),
    CURVE_ROWS("secP224k1"),
    CURVE_ROWS("secP224r1"),
    CURVE_ROWS("secP256k1"),
    CURVE_ROWS("secP256r1"),
    CURVE_ROWS("secP384r1"),
    CURVE_ROWS("secP521r1"),
    CURVE_ROWS("wtls7"),
    CURVE_ROWS("wtls9"),
    CURVE_ROWS("wtls12"),
    CURVE_ROWS("x962P192v1"),
    CURVE_ROWS("x962P192v2"),
    CURVE_ROWS("x962P192v3"),
    CURVE_ROWS("x962P239v1"),
    CURVE_ROWS("x962P239v2"),
    CURVE_ROWS("x962P239v3"),
    CURVE_ROWS("x962P256v1"),
    {.label = "ECDH curve25519",
     .alg = BCRYPT_ECDH_ALGORITHM,
     .bits = 255,
     .property = {BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519, 0},
     .can = AGREE,
     .blobs = {BCRYPT_ECCPUBLIC_BLOB, BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_ECCPRIVATE_BLOB,
               BCRYPT_PRIVATE_KEY_BLOB},
     .public_blobs = 2},
    DH_ROW(768),
    DH_ROW(1024),
    DH_ROW(2048),
    DSA_ROW(512, 20),
    DSA_ROW(1024, 20),
    DSA_ROW(2048, 32),
    MLKEM_ROW(512),
    MLKEM_ROW(768),
    MLKEM_ROW(1024),
    MLDSA_ROW(44),
    MLDSA_ROW(65),
    MLDSA_ROW(87),
    SLHDSA_ROW(SHA2_128F, "SHA2-128f", false),
    SLHDSA_ROW(SHAKE_128F, "SHAKE-128f", false),
    SLHDSA_ROW(SHA2_192F, "SHA2-192f", false),
    SLHDSA_ROW(SHAKE_192F, "SHAKE-192f", true),
    SLHDSA_ROW(SHA2_256F, "SHA2-256f", true),
    SLHDSA_ROW(SHAKE_256F, "SHAKE-256f", true),
    SLHDSA_ROW(SHA2_128S, "SHA2-128s", true),
    SLHDSA_ROW(SHAKE_128S, "SHAKE-128s", true),
    SLHDSA_ROW(SHA2_192S, "SHA2-192s", true),
    SLHDSA_ROW(SHAKE_192S, "SHAKE-192s", true),
    SLHDSA_ROW(SHA2_256S, "SHA2-256s", true),
    SLHDSA_ROW(SHAKE_256S, "SHAKE-256s", true),
};

static const BCRYPT_KEY_HANDLE UNTOUCHED = (BCRYPT_KEY_HANDLE)(ULONG_PTR)0x5A5A5A50;

/* ---- pieces of a life ----------------------------------------------------------------------- */

static NTSTATUS set_property(BCRYPT_HANDLE h, const struct property *p)
{
    if (p->text != NULL)
        return BCryptSetProperty(h, p->name, (PUCHAR)p->text, text_bytes(p->text), 0);
    ULONG number = p->number;
    return BCryptSetProperty(h, p->name, (PUCHAR)&number, sizeof number, 0);
}

/* Padding information for a row's signatures. */
static VOID *sign_padding(const struct row *row)
{
    static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    static BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA256_ALGORITHM, 20};
    return row->sign_flags == BCRYPT_PAD_PKCS1 ? (VOID *)&pkcs1
           : row->sign_flags == BCRYPT_PAD_PSS ? (VOID *)&pss
                                               : NULL;
}

/* RSA needs a modulus that holds its padding. */
static ULONG hash_bytes(const struct row *row)
{
    return row->hash_bytes;
}

/* Exports through the two calls of the size convention; NULL on failure. */
static UCHAR *export_blob(BCRYPT_KEY_HANDLE key, LPCWSTR type, ULONG *size)
{
    if (BCryptExportKey(key, NULL, type, NULL, 0, size, 0) != STATUS_SUCCESS)
        return NULL;
    UCHAR *blob = malloc(*size);
    ULONG written = 0;
    if (blob == NULL ||
        BCryptExportKey(key, NULL, type, blob, *size, &written, 0) != STATUS_SUCCESS ||
        written != *size) {
        free(blob);
        return NULL;
    }
    return blob;
}

static BCRYPT_KEY_HANDLE make_key(BCRYPT_ALG_HANDLE alg, const struct row *row)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptGenerateKeyPair(alg, &key, row->bits, 0) != STATUS_SUCCESS)
        return NULL;
    if ((row->property.name != NULL && set_property(key, &row->property) != STATUS_SUCCESS) ||
        BCryptFinalizeKeyPair(key, 0) != STATUS_SUCCESS) {
        BCryptDestroyKey(key);
        return NULL;
    }
    return key;
}

/* ---- promises ------------------------------------------------------------------------------- */

static void check_empty(BCRYPT_KEY_HANDLE key, const struct row *row)
{
    ULONG size;
    UCHAR buffer[64] = {0};
    tap_status(BCryptExportKey(key, NULL, row->blobs[0], NULL, 0, &size, 0), STATUS_INVALID_HANDLE,
               "export before finalize");
    if (row->can & SIGN)
        tap_status(
            BCryptSignHash(key, sign_padding(row), buffer, 32, NULL, 0, &size, row->sign_flags),
            STATUS_INVALID_HANDLE, "sign before finalize");
    if (row->can & ENCRYPT)
        tap_status(BCryptEncrypt(key, buffer, 8, NULL, NULL, 0, NULL, 0, &size, BCRYPT_PAD_PKCS1),
                   STATUS_INVALID_HANDLE, "encrypt before finalize");
    if (row->can & AGREE) {
        BCRYPT_SECRET_HANDLE secret = UNTOUCHED;
        tap_status(BCryptSecretAgreement(key, key, &secret, 0), STATUS_INVALID_HANDLE,
                   "agree before finalize");
        tap(secret == UNTOUCHED, "agree before finalize leaves the output alone");
    }
    if (row->can & ENCAPSULATE)
        tap_status(BCryptEncapsulate(key, NULL, 0, &size, NULL, 0, &size, 0), STATUS_INVALID_HANDLE,
                   "encapsulate before finalize");
}

/* Of the flags of validation one value is allowed, whatever the algorithm is. */
static NTSTATUS finalize(BCRYPT_KEY_HANDLE key)
{
    static const struct {
        ULONG value;
        const char *what;
    } refused[] = {
        {BCRYPT_NO_KEY_VALIDATION, "finalize with BCRYPT_NO_KEY_VALIDATION"},
        {BCRYPT_KEY_VALIDATION_RANGE, "with BCRYPT_KEY_VALIDATION_RANGE"},
        {BCRYPT_KEY_VALIDATION_REGENERATE, "with BCRYPT_KEY_VALIDATION_REGENERATE"},
        {BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER | BCRYPT_KEY_VALIDATION_REGENERATE, "with two"},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        tap_status(BCryptFinalizeKeyPair(key, refused[i].value), STATUS_INVALID_PARAMETER,
                   refused[i].what);
    NTSTATUS status = BCryptFinalizeKeyPair(key, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER);
    tap_status(status, STATUS_SUCCESS, "finalize with BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER");
    return status;
}

static void check_final(BCRYPT_KEY_HANDLE key, const struct row *row)
{
    tap_status(BCryptFinalizeKeyPair(key, 0), STATUS_INVALID_HANDLE, "finalize twice");
    if (row->property.name != NULL)
        tap_status(set_property(key, &row->property), STATUS_INVALID_HANDLE,
                   "set a property after finalize");
    ULONG size = 0;
    WCHAR name[64];
    tap(BCryptGetProperty(key, BCRYPT_ALGORITHM_NAME, (PUCHAR)name, sizeof name, &size, 0) ==
                STATUS_SUCCESS &&
            text_equal(name, row->alg) && size == text_bytes(row->alg),
        "AlgorithmName");
    if (row->property.text != NULL) {
        tap(BCryptGetProperty(key, row->property.name, (PUCHAR)name, sizeof name, &size, 0) ==
                    STATUS_SUCCESS &&
                text_equal(name, row->property.text) && size == text_bytes(row->property.text),
            "the property that was set reads back");
    }
}

static void check_signatures(BCRYPT_KEY_HANDLE key, BCRYPT_KEY_HANDLE public_key,
                             const struct row *row)
{
    UCHAR hash[128];
    memset(hash, 0x3C, sizeof hash);
    ULONG n = hash_bytes(row);
    ULONG size = 0, written = 0, property = 0, got;
    tap_status(BCryptSignHash(key, sign_padding(row), hash, n, NULL, 0, &size, row->sign_flags),
               STATUS_SUCCESS, "signature size");
    tap(BCryptGetProperty(key, BCRYPT_SIGNATURE_LENGTH, (PUCHAR)&property, sizeof property, &got,
                          0) == STATUS_SUCCESS &&
            property == size,
        "SignatureLength is the size");

    struct guarded shorter = guarded_new(size - 1);
    tap_status(BCryptSignHash(key, sign_padding(row), hash, n, shorter.p, size - 1, &written,
                              row->sign_flags),
               STATUS_BUFFER_TOO_SMALL, "signature buffer one byte short");
    tap(guarded_untouched(&shorter) && written == size,
        "a short buffer is left alone and the size told");
    guarded_free(&shorter);

    struct guarded sig = guarded_new(size);
    tap_status(
        BCryptSignHash(key, sign_padding(row), hash, n, sig.p, size, &written, row->sign_flags),
        STATUS_SUCCESS, "sign");
    tap(written == size && guarded_intact(&sig), "sign writes exactly the size");
    tap_status(
        BCryptVerifySignature(public_key, sign_padding(row), hash, n, sig.p, size, row->sign_flags),
        STATUS_SUCCESS, "verify with the imported public key");
    tap_status(BCryptVerifySignature(public_key, sign_padding(row), hash, n, sig.p, size - 1,
                                     row->sign_flags),
               STATUS_INVALID_PARAMETER, "verify a signature one byte short");
    hash[0] ^= 1;
    tap_status(
        BCryptVerifySignature(public_key, sign_padding(row), hash, n, sig.p, size, row->sign_flags),
        STATUS_INVALID_SIGNATURE, "verify another hash");
    hash[0] ^= 1;
    sig.p[size / 2] ^= 0x40;
    tap_status(
        BCryptVerifySignature(public_key, sign_padding(row), hash, n, sig.p, size, row->sign_flags),
        STATUS_INVALID_SIGNATURE, "verify a changed signature");
    guarded_free(&sig);

    UCHAR *room = malloc(size);
    NTSTATUS status = BCryptSignHash(public_key, sign_padding(row), hash, n, room, size, &written,
                                     row->sign_flags);
    tap(status == STATUS_INVALID_PARAMETER || status == (NTSTATUS)0xC100000D,
        "sign with a public key");
    free(room);
    if (!(row->can & ENCRYPT))
        tap_status(BCryptEncrypt(key, hash, 8, NULL, NULL, 0, NULL, 0, &size, BCRYPT_PAD_PKCS1),
                   STATUS_NOT_SUPPORTED, "encrypt is not supported");
}

static void check_encryption(BCRYPT_KEY_HANDLE key, BCRYPT_KEY_HANDLE public_key)
{
    UCHAR text[16] = "sixteen bytes!!";
    ULONG size = 0, written = 0;
    tap_status(BCryptEncrypt(public_key, text, sizeof text, NULL, NULL, 0, NULL, 0, &size,
                             BCRYPT_PAD_PKCS1),
               STATUS_SUCCESS, "ciphertext size");
    struct guarded cipher = guarded_new(size);
    tap_status(BCryptEncrypt(public_key, text, sizeof text, NULL, NULL, 0, cipher.p, size - 1,
                             &written, BCRYPT_PAD_PKCS1),
               STATUS_BUFFER_TOO_SMALL, "ciphertext buffer one byte short");
    tap(guarded_untouched(&cipher) && written == size,
        "a short buffer is left alone and the size told");
    tap_status(BCryptEncrypt(public_key, text, sizeof text, NULL, NULL, 0, cipher.p, size, &written,
                             BCRYPT_PAD_PKCS1),
               STATUS_SUCCESS, "encrypt");
    tap(written == size && guarded_intact(&cipher), "encrypt writes exactly the size");

    ULONG plain_size = 0;
    tap_status(
        BCryptDecrypt(key, cipher.p, size, NULL, NULL, 0, NULL, 0, &plain_size, BCRYPT_PAD_PKCS1),
        STATUS_SUCCESS, "plaintext size");
    tap(plain_size == sizeof text, "the size query answers the plaintext's length");
    struct guarded plain = guarded_new(sizeof text);
    tap_status(BCryptDecrypt(key, cipher.p, size, NULL, NULL, 0, plain.p, sizeof text - 1, &written,
                             BCRYPT_PAD_PKCS1),
               STATUS_BUFFER_TOO_SMALL, "plaintext buffer one byte short");
    tap(guarded_untouched(&plain), "nothing is written to it");
    tap_status(BCryptDecrypt(key, cipher.p, size, NULL, NULL, 0, plain.p, sizeof text, &written,
                             BCRYPT_PAD_PKCS1),
               STATUS_SUCCESS, "decrypt");
    tap(written == sizeof text && memcmp(plain.p, text, sizeof text) == 0 && guarded_intact(&plain),
        "decrypt gives the text back");
    guarded_free(&plain);

    tap_status(BCryptDecrypt(public_key, cipher.p, size, NULL, NULL, 0, text, sizeof text, &written,
                             BCRYPT_PAD_PKCS1),
               STATUS_INVALID_PARAMETER, "decrypt with a public key");
    cipher.p[size - 1] ^= 1;
    UCHAR *room = malloc(size);
    memset(room, 0x77, size);
    tap_status(
        BCryptDecrypt(key, cipher.p, size, NULL, NULL, 0, room, size, &written, BCRYPT_PAD_PKCS1),
        STATUS_INVALID_PARAMETER, "decrypt a changed ciphertext");
    bool clean = true;
    for (ULONG i = 0; i < size; i++)
        clean = clean && (room[i] == 0x77 || room[i] == 0);
    tap(clean, "a failed decryption releases nothing");
    free(room);
    guarded_free(&cipher);
}

static void check_agreement(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key,
                            BCRYPT_KEY_HANDLE public_key, const struct row *row)
{
    BCRYPT_KEY_HANDLE peer = NULL;
    if (row->alg[0] == L'D') {
        /* The other side of a DH agreement takes its group from the first key. */
        ULONG size = 0;
        UCHAR group[2048];
        tap_status(BCryptGetProperty(key, BCRYPT_DH_PARAMETERS, group, sizeof group, &size, 0),
                   STATUS_SUCCESS, "DHParameters");
        tap(BCryptGenerateKeyPair(alg, &peer, row->bits, 0) == STATUS_SUCCESS &&
                BCryptSetProperty(peer, BCRYPT_DH_PARAMETERS, group, size, 0) == STATUS_SUCCESS &&
                BCryptFinalizeKeyPair(peer, 0) == STATUS_SUCCESS,
            "a second key in the same group");
    } else {
        peer = make_key(alg, row);
        tap(peer != NULL, "a second key on the same curve");
    }
    BCRYPT_SECRET_HANDLE mine = NULL, theirs = NULL;
    tap_status(BCryptSecretAgreement(key, peer, &mine, 0), STATUS_SUCCESS, "agree");
    tap_status(BCryptSecretAgreement(peer, public_key, &theirs, 0), STATUS_SUCCESS,
               "agree from the other side");
    UCHAR a[1024], b[1024];
    ULONG na = 0, nb = 0;
    tap_status(BCryptDeriveKey(mine, BCRYPT_KDF_RAW_SECRET, NULL, a, sizeof a, &na, 0),
               STATUS_SUCCESS, "raw secret");
    tap_status(BCryptDeriveKey(theirs, BCRYPT_KDF_RAW_SECRET, NULL, b, sizeof b, &nb, 0),
               STATUS_SUCCESS, "raw secret, other side");
    tap(na > 0 && na == nb && memcmp(a, b, na) == 0, "both sides hold the same secret");
    WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer hash = {sizeof sha256, KDF_HASH_ALGORITHM, sha256};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 1, &hash};
    tap_status(BCryptDeriveKey(mine, BCRYPT_KDF_HASH, &list, a, sizeof a, &na, 0), STATUS_SUCCESS,
               "HASH with SHA256");
    tap(na == 32, "HASH gives one digest");
    tap_status(BCryptDestroySecret(mine), STATUS_SUCCESS, "destroy the secret");
    tap_status(BCryptDestroySecret(mine), STATUS_INVALID_HANDLE, "destroy it twice");
    BCryptDestroySecret(theirs);
    BCRYPT_SECRET_HANDLE none = UNTOUCHED;
    tap(BCryptSecretAgreement(public_key, peer, &none, 0) == STATUS_INVALID_PARAMETER &&
            none == UNTOUCHED,
        "agree with a public key as one's own");
    BCryptDestroyKey(peer);
}

static void check_encapsulation(BCRYPT_KEY_HANDLE key, BCRYPT_KEY_HANDLE public_key)
{
    ULONG ns = 0, nc = 0;
    tap_status(BCryptEncapsulate(public_key, NULL, 0, &ns, NULL, 0, &nc, 0), STATUS_SUCCESS,
               "encapsulation sizes");
    ULONG property = 0, got = 0;
    tap(BCryptGetProperty(key, BCRYPT_KEM_CIPHERTEXT_LENGTH, (PUCHAR)&property, 4, &got, 0) ==
                STATUS_SUCCESS &&
            property == nc,
        "KEMCiphertextLength");
    tap(BCryptGetProperty(key, BCRYPT_KEM_SHARED_SECRET_LENGTH, (PUCHAR)&property, 4, &got, 0) ==
                STATUS_SUCCESS &&
            property == ns,
        "KEMSharedSecretLength");
    struct guarded secret = guarded_new(ns), cipher = guarded_new(nc), again = guarded_new(ns);
    tap_status(BCryptEncapsulate(public_key, secret.p, ns - 1, &ns, cipher.p, nc, &nc, 0),
               STATUS_BUFFER_TOO_SMALL, "secret buffer one byte short");
    tap_status(BCryptEncapsulate(public_key, secret.p, ns, &ns, cipher.p, nc - 1, &nc, 0),
               STATUS_BUFFER_TOO_SMALL, "ciphertext buffer one byte short");
    tap(guarded_untouched(&secret) && guarded_untouched(&cipher), "short buffers are left alone");
    tap_status(BCryptEncapsulate(public_key, secret.p, ns, &ns, cipher.p, nc, &nc, 0),
               STATUS_SUCCESS, "encapsulate");
    tap(guarded_intact(&secret) && guarded_intact(&cipher), "within the buffers");
    tap_status(BCryptDecapsulate(key, cipher.p, nc, again.p, ns, &ns, 0), STATUS_SUCCESS,
               "decapsulate");
    tap(memcmp(secret.p, again.p, ns) == 0 && guarded_intact(&again),
        "both sides hold the same secret");
    tap_status(BCryptDecapsulate(key, cipher.p, nc - 1, again.p, ns, &ns, 0),
               STATUS_INVALID_BUFFER_SIZE, "a ciphertext of the wrong size");
    cipher.p[0] ^= 1;
    tap_status(BCryptDecapsulate(key, cipher.p, nc, again.p, ns, &ns, 0), STATUS_SUCCESS,
               "a changed ciphertext is no error");
    tap(memcmp(secret.p, again.p, ns) != 0, "but gives another secret");
    tap_status(BCryptDecapsulate(public_key, cipher.p, nc, again.p, ns, &ns, 0),
               STATUS_INVALID_PARAMETER, "decapsulate with a public key");
    guarded_free(&secret);
    guarded_free(&cipher);
    guarded_free(&again);
}

/* Every way to damage a blob's envelope: the import must refuse it and leave the output alone. */
static void check_damaged(BCRYPT_ALG_HANDLE alg, LPCWSTR type, const UCHAR *blob, ULONG size)
{
    bool refused = true, untouched = true;
    ULONG step = size > 200 ? size / 97 : 1;
    for (ULONG n = 0; n < size; n += n < 80 ? 1 : step) {
        UCHAR *cut = malloc(n + 1);
        memcpy(cut, blob, n);
        BCRYPT_KEY_HANDLE key = UNTOUCHED;
        refused = refused && BCryptImportKeyPair(alg, NULL, type, &key, cut, n, 0) < 0;
        untouched = untouched && key == UNTOUCHED;
        free(cut);
    }
    tap(refused, "a blob cut at any length is refused");
    UCHAR *copy = malloc(size);
    memcpy(copy, blob, size);
    copy[1] ^= 0x20;
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    tap_status(BCryptImportKeyPair(alg, NULL, type, &key, copy, size, 0), STATUS_INVALID_PARAMETER,
               "a wrong magic");
    tap(untouched && key == UNTOUCHED, "the key variable is untouched");
    free(copy);
}

static void check_blobs(BCRYPT_ALG_HANDLE alg, BCRYPT_KEY_HANDLE key, BCRYPT_KEY_HANDLE *public_key,
                        const struct row *row)
{
    char what[96];
    for (int i = 0; i < 8 && row->blobs[i] != NULL; i++) {
        char type[40] = "";
        for (int c = 0; row->blobs[i][c] != 0; c++)
            type[c] = (char)row->blobs[i][c];
        ULONG size = 0, size2 = 0, written = 0;
        UCHAR *blob = export_blob(key, row->blobs[i], &size);
        snprintf(what, sizeof what, "export %s", type);
        tap(blob != NULL, what);
        if (blob == NULL)
            continue;
        struct guarded shorter = guarded_new(size - 1);
        snprintf(what, sizeof what, "export %s into a buffer one byte short", type);
        tap_status(BCryptExportKey(key, NULL, row->blobs[i], shorter.p, size - 1, &written, 0),
                   STATUS_BUFFER_TOO_SMALL, what);
        tap(guarded_untouched(&shorter) && written == size, "leaves it alone and tells the size");
        guarded_free(&shorter);

        BCRYPT_KEY_HANDLE copy = NULL;
        snprintf(what, sizeof what, "import %s", type);
        NTSTATUS status = BCryptImportKeyPair(alg, NULL, row->blobs[i], &copy, blob, size, 0);
        tap_status(status, STATUS_SUCCESS, what);
        if (status != STATUS_SUCCESS) {
            free(blob);
            continue;
        }
        UCHAR *blob2 = export_blob(copy, row->blobs[i], &size2);
        snprintf(what, sizeof what, "%s is the same after a round trip", type);
        tap(blob2 != NULL && size2 == size && memcmp(blob, blob2, size) == 0, what);
        free(blob2);
        tap_status(BCryptFinalizeKeyPair(copy, 0), STATUS_INVALID_HANDLE,
                   "finalize an imported key");
        if (i < row->public_blobs) {
            for (int j = row->public_blobs; j < 8 && row->blobs[j] != NULL; j++) {
                ULONG n;
                tap_status(BCryptExportKey(copy, NULL, row->blobs[j], NULL, 0, &n, 0),
                           STATUS_INVALID_PARAMETER, "private blob of a public key");
            }
        }
        check_damaged(alg, row->blobs[i], blob, size);
        if (i == 0)
            *public_key = copy;
        else
            BCryptDestroyKey(copy);
        free(blob);
    }
    ULONG size;
    tap_status(BCryptExportKey(key, NULL, L"NOSUCHBLOB", NULL, 0, &size, 0), STATUS_NOT_SUPPORTED,
               "export an unknown type");
    for (int i = 0; i < 4 && row->export_only[i] != NULL; i++) {
        UCHAR *blob = export_blob(key, row->export_only[i], &size);
        BCRYPT_KEY_HANDLE none = UNTOUCHED;
        tap(blob != NULL, "export the public CryptoAPI blob");
        tap_status(BCryptImportKeyPair(alg, NULL, row->export_only[i], &none, blob, size, 0),
                   STATUS_NOT_SUPPORTED, "but the provider does not import it");
        free(blob);
    }
}

static void walk(const struct row *row)
{
    row_begin("%s (%d-bit WCHAR)", row->label, (int)sizeof(WCHAR) * 8);
    BCRYPT_ALG_HANDLE alg = NULL;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&alg, row->alg, NULL, 0);
    if (status == STATUS_NOT_FOUND) {
        tap_skip("whole life", "the installed libcrypto lacks it");
        return;
    }
    tap_status(status, STATUS_SUCCESS, "open");

    BCRYPT_KEY_HANDLE key = NULL;
    tap_status(BCryptGenerateKeyPair(alg, &key, row->bits, 0), STATUS_SUCCESS, "generate");
    check_empty(key, row);
    if (row->property.text != NULL)
        tap_status(BCryptFinalizeKeyPair(key, 0), STATUS_INVALID_PARAMETER,
                   "finalize without the parameter");
    if (row->property.name != NULL)
        tap_status(set_property(key, &row->property), STATUS_SUCCESS, "set the property");
    status = finalize(key);
    if (status == STATUS_SUCCESS) {
        check_final(key, row);
        /* A generic curve's blobs name no curve; the algorithm must. */
        if (row->property.text != NULL && text_equal(row->property.name, BCRYPT_ECC_CURVE_NAME))
            tap_status(set_property(alg, &row->property), STATUS_SUCCESS,
                       "set the curve on the algorithm");
        BCRYPT_KEY_HANDLE public_key = NULL;
        check_blobs(alg, key, &public_key, row);
        if (row->can & SIGN)
            check_signatures(key, public_key, row);
        if (row->can & ENCRYPT)
            check_encryption(key, public_key);
        if (row->can & AGREE)
            check_agreement(alg, key, public_key, row);
        if (row->can & ENCAPSULATE)
            check_encapsulation(key, public_key);
        tap_status(BCryptDuplicateKey(key, &public_key, NULL, 0, 0), STATUS_INVALID_HANDLE,
                   "duplicate is for symmetric keys");
        tap_status(BCryptDestroyKey(public_key), STATUS_SUCCESS, "destroy the imported key");
    }
    tap_status(BCryptCloseAlgorithmProvider(alg, 0), STATUS_SUCCESS,
               "close the provider before the key");
    tap_status(BCryptDestroyKey(key), STATUS_SUCCESS, "destroy");
    tap_status(BCryptDestroyKey(key), STATUS_INVALID_HANDLE, "destroy twice");
}

int main(int argc, char **argv)
{
    bool all = argc > 1 && strcmp(argv[1], "--all") == 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].slow && !all) {
            row_begin("%s", rows[i].label);
            tap_skip("whole life", "slow; run with --all");
            continue;
        }
        walk(&rows[i]);
    }
    return tap_done();
}
