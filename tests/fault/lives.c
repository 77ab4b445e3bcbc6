#include "lives.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum can { SIGN = 1, ENCRYPT = 2, AGREE = 4, ENCAPSULATE = 8, CONTEXT = 16, GIVES_PARAMETERS = 32 };

#define BLOBS 8
#define MAX_BLOB 8000
#define MAX_SIGNATURE 17088
#define KDFS 7
#define PROPERTIES 17

struct bytes {
    ULONG n;
    UCHAR p[MAX_SIGNATURE];
};

/* A family of keys. */
struct kind {
    const char *label;
    LPCWSTR alg;
    ULONG bits;
    LPCWSTR property; /* what a key needs to be finalized */
    LPCWSTR text;     /* its value, … */
    const char *hex;  /* … or so */
    int can;
    ULONG hash_bytes;
    LPCWSTR blobs[BLOBS]; /* public first, the private one to use last */
    LPCWSTR parameters;   /* a property that makes keys of the same group */
};

/* What a kind's lives start from. */
struct material {
    bool there;
    struct bytes blobs[BLOBS], peer, signature[3], cipher[3], kem, kem_secret, parameters;
    struct bytes derived[KDFS];
    NTSTATUS property_status[2][PROPERTIES];
};

#define RSA_BLOBS                                                                                  \
    {                                                                                              \
        BCRYPT_RSAPUBLIC_BLOB, LEGACY_RSAPRIVATE_BLOB, BCRYPT_RSAFULLPRIVATE_BLOB,                 \
            BCRYPT_PRIVATE_KEY_BLOB, BCRYPT_RSAPRIVATE_BLOB                                        \
    }
#define ECC_BLOBS                                                                                  \
    {                                                                                              \
        BCRYPT_ECCPUBLIC_BLOB, BCRYPT_ECCFULLPUBLIC_BLOB, BCRYPT_ECCFULLPRIVATE_BLOB,              \
            BCRYPT_PRIVATE_KEY_BLOB, BCRYPT_ECCPRIVATE_BLOB                                        \
    }
#define DH_BLOBS                                                                                   \
    {                                                                                              \
        BCRYPT_DH_PUBLIC_BLOB, BCRYPT_PRIVATE_KEY_BLOB, BCRYPT_DH_PRIVATE_BLOB                     \
    }
#define CURVE(c) .property = BCRYPT_ECC_CURVE_NAME, .text = (c)
#define SET(s) .property = BCRYPT_PARAMETER_SET_NAME, .text = (s)

/* secp112r1 (SEC 2), which has no name here, as the value of ECCParameters. */
#define UNNAMED_CURVE                                                                              \
    "01000000"                                                                                     \
    "01000000"                                                                                     \
    "00000000"                                                                                     \
    "0E000000"                                                                                     \
    "0E000000"                                                                                     \
    "01000000"                                                                                     \
    "00000000"                                                                                     \
    "DB7C2ABF62E35E668076BEAD208B"                                                                 \
    "DB7C2ABF62E35E668076BEAD2088"                                                                 \
    "659EF8BA043916EEDE8911702B22"                                                                 \
    "09487239995A5EE76B55F9C2F098"                                                                 \
    "A89CE5AF8724C0A23E0E0FF77500"                                                                 \
    "DB7C2ABF62E35E7628DFAC6561C5"                                                                 \
    "01"

static const struct kind kinds[] = {
    {"RSA", BCRYPT_RSA_ALGORITHM, 512, .can = SIGN | ENCRYPT, .hash_bytes = 20, .blobs = RSA_BLOBS},
    {"DSA", BCRYPT_DSA_ALGORITHM, 512, .can = SIGN | GIVES_PARAMETERS, .hash_bytes = 20,
     .blobs = {BCRYPT_DSA_PUBLIC_BLOB, BCRYPT_PRIVATE_KEY_BLOB, BCRYPT_DSA_PRIVATE_BLOB},
     .parameters = BCRYPT_DSA_PARAMETERS},
    {"DH in a standard group", BCRYPT_DH_ALGORITHM, 768, .can = AGREE, .blobs = DH_BLOBS,
     .parameters = BCRYPT_DH_PARAMETERS},
    {"DH in a group of its own", BCRYPT_DH_ALGORITHM, 512, .can = AGREE | GIVES_PARAMETERS,
     .blobs = DH_BLOBS, .parameters = BCRYPT_DH_PARAMETERS},
    {"ECDSA_P256", BCRYPT_ECDSA_P256_ALGORITHM, 256, .can = SIGN, .hash_bytes = 32,
     .blobs = ECC_BLOBS},
    {"ECDSA brainpoolP160t1", BCRYPT_ECDSA_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_BRAINPOOLP160T1),
     .can = SIGN, .hash_bytes = 32, .blobs = ECC_BLOBS},
    {"ECDSA numsP256t1", BCRYPT_ECDSA_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_NUMSP256T1), .can = SIGN,
     .hash_bytes = 32, .blobs = ECC_BLOBS},
    {"ECDSA unnamed curve", BCRYPT_ECDSA_ALGORITHM, .property = BCRYPT_ECC_PARAMETERS,
     .hex = UNNAMED_CURVE, .can = SIGN, .hash_bytes = 20, .blobs = ECC_BLOBS},
    {"ECDH_P384", BCRYPT_ECDH_P384_ALGORITHM, 384, .can = AGREE, .blobs = ECC_BLOBS},
    {"ECDH secP224k1", BCRYPT_ECDH_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_SECP224K1), .can = AGREE,
     .blobs = ECC_BLOBS},
    {"ECDH numsP256t1", BCRYPT_ECDH_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_NUMSP256T1), .can = AGREE,
     .blobs = ECC_BLOBS},
    {"ECDH curve25519", BCRYPT_ECDH_ALGORITHM, CURVE(BCRYPT_ECC_CURVE_25519), .can = AGREE,
     .blobs = {BCRYPT_ECCPUBLIC_BLOB, BCRYPT_PRIVATE_KEY_BLOB, BCRYPT_ECCPRIVATE_BLOB}},
    {"ML-KEM", BCRYPT_MLKEM_ALGORITHM, SET(BCRYPT_MLKEM_PARAMETER_SET_512), .can = ENCAPSULATE,
     .blobs = {BCRYPT_MLKEM_PUBLIC_BLOB, BCRYPT_MLKEM_PRIVATE_BLOB, BCRYPT_PRIVATE_KEY_BLOB,
               BCRYPT_MLKEM_PRIVATE_SEED_BLOB}},
    {"ML-DSA", BCRYPT_MLDSA_ALGORITHM, SET(BCRYPT_MLDSA_PARAMETER_SET_44), .can = SIGN | CONTEXT,
     .hash_bytes = 64,
     .blobs = {BCRYPT_PQDSA_PUBLIC_BLOB, BCRYPT_PQDSA_PRIVATE_BLOB,
               BCRYPT_PQDSA_PRIVATE_SEED_BLOB}},
    {"SLH-DSA", BCRYPT_SLHDSA_ALGORITHM, SET(BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128F),
     .can = SIGN | CONTEXT, .hash_bytes = 64,
     .blobs = {BCRYPT_PQDSA_PUBLIC_BLOB, BCRYPT_PQDSA_PRIVATE_BLOB}},
};

#define KINDS ARRAY_COUNT(kinds)

static struct material *materials; /* by kind; shared with the child that makes them */
static UCHAR message[64] = "sixty-four bytes that are signed, encrypted, hashed and derived";

static const struct material *material_of(const struct kind *kind)
{
    return &materials[kind - kinds];
}

static size_t blob_count(const struct kind *kind)
{
    size_t n = 0;
    while (n < BLOBS && kind->blobs[n] != NULL)
        n++;
    return n;
}

/* ---- pieces of lives ----------------------------------------------------------------------------------------------- */

static ULONG text_bytes(LPCWSTR text)
{
    ULONG n = 1;
    while (text[n - 1] != 0)
        n++;
    return n * (ULONG)sizeof(WCHAR);
}

static ULONG unhex(const char *hex, UCHAR *out)
{
    ULONG n = 0;
    unsigned byte;
    for (; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        out[n++] = (UCHAR)byte;
    return n;
}

static bool set_property(struct walk *w, BCRYPT_HANDLE h, const struct kind *kind)
{
    UCHAR value[400];
    ULONG n = 0;
    if (kind->property == NULL)
        return true;
    if (kind->hex != NULL)
        n = unhex(kind->hex, value);
    else
        memcpy(value, kind->text, n = text_bytes(kind->text));
    return CALL(w, NULL, 0, BCryptSetProperty(h, kind->property, value, n, 0));
}

static bool open_plain(struct walk *w, const struct kind *kind, ULONG flags, BCRYPT_ALG_HANDLE *alg)
{
    return CALL(w, alg, sizeof *alg, BCryptOpenAlgorithmProvider(alg, kind->alg, NULL, flags));
}

/* A generic curve's blobs name no curve; the algorithm must. */
static bool open_alg(struct walk *w, const struct kind *kind, BCRYPT_ALG_HANDLE *alg)
{
    *alg = NULL;
    if (!open_plain(w, kind, 0, alg))
        return false;
    return kind->property == NULL || memcmp(kind->property, L"ECC", 3 * sizeof(WCHAR)) != 0 ||
           set_property(w, *alg, kind);
}

static void close_alg(struct walk *w, BCRYPT_ALG_HANDLE alg)
{
    if (alg != NULL)
        DROP(w, BCryptCloseAlgorithmProvider(alg, 0));
}

static void destroy_key(struct walk *w, BCRYPT_KEY_HANDLE key)
{
    if (key != NULL)
        DROP(w, BCryptDestroyKey(key));
}

static bool import_key(struct walk *w, BCRYPT_ALG_HANDLE alg, LPCWSTR type,
                       const struct bytes *blob, BCRYPT_KEY_HANDLE *key)
{
    return CALL(w, key, sizeof *key,
                BCryptImportKeyPair(alg, NULL, type, key, (PUCHAR)(ULONG_PTR)blob->p, blob->n, 0));
}

/* The algorithm and its private key. */
struct pair {
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key;
};

static bool pair_open(struct walk *w, const struct kind *kind, struct pair *pair)
{
    size_t last = blob_count(kind) - 1;
    *pair = (struct pair){NULL, NULL};
    return open_alg(w, kind, &pair->alg) &&
           import_key(w, pair->alg, kind->blobs[last], &material_of(kind)->blobs[last], &pair->key);
}

static void pair_close(struct walk *w, struct pair *pair)
{
    destroy_key(w, pair->key);
    close_alg(w, pair->alg);
}

static bool export_key(struct walk *w, BCRYPT_KEY_HANDLE key, LPCWSTR type, struct bytes *out)
{
    return CALL(w, NULL, 0, BCryptExportKey(key, NULL, type, NULL, 0, &out->n, 0)) &&
           CALL(w, out->p, out->n, BCryptExportKey(key, NULL, type, out->p, out->n, &out->n, 0));
}

static bool generate(struct walk *w, BCRYPT_ALG_HANDLE alg, const struct kind *kind,
                     const struct bytes *parameters, BCRYPT_KEY_HANDLE *key)
{
    *key = NULL;
    return CALL(w, key, sizeof *key, BCryptGenerateKeyPair(alg, key, kind->bits, 0)) &&
           set_property(w, *key, kind) &&
           (parameters == NULL ||
            CALL(w, NULL, 0,
                 BCryptSetProperty(*key, kind->parameters, (PUCHAR)(ULONG_PTR)parameters->p,
                                   parameters->n, 0))) &&
           CALL(w, NULL, 0, BCryptFinalizeKeyPair(*key, 0));
}

/* ---- lives of keys ------------------------------------------------------------------------------------------------- */

static void live_generate(struct walk *w, const struct kind *kind)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    if (open_plain(w, kind, 0, &alg))
        generate(w, alg, kind, NULL, &key);
    destroy_key(w, key);
    close_alg(w, alg);
}

/* The key object in locked memory; generated in a group that is given, where there is one to give. */
static void live_generate_locked(struct walk *w, const struct kind *kind)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    const struct bytes *parameters =
        kind->parameters != NULL ? &material_of(kind)->parameters : NULL;
    if (open_plain(w, kind, kind->can & (ENCAPSULATE | CONTEXT) ? 0 : BCRYPT_PROV_DISPATCH, &alg))
        generate(w, alg, kind, parameters, &key);
    destroy_key(w, key);
    close_alg(w, alg);
}

static void live_import(struct walk *w, const struct kind *kind)
{
    BCRYPT_ALG_HANDLE alg;
    static struct bytes out;
    const struct material *m = material_of(kind);
    bool on = open_alg(w, kind, &alg);
    for (size_t i = 0; on && i < blob_count(kind); i++) {
        BCRYPT_KEY_HANDLE key = NULL;
        on = import_key(w, alg, kind->blobs[i], &m->blobs[i], &key) &&
             export_key(w, key, kind->blobs[i], &out) &&
             HOLDS(w, out.n == m->blobs[i].n && memcmp(out.p, m->blobs[i].p, out.n) == 0);
        destroy_key(w, key);
    }
    close_alg(w, alg);
}

/* The paddings of signatures: three for each kind, some of them the same. */
struct way {
    VOID *info;
    ULONG flags;
};

static struct way sign_way(const struct kind *kind, unsigned i)
{
    static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA1_ALGORITHM}, bare = {NULL};
    static BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA1_ALGORITHM, 20};
    static BCRYPT_PQDSA_PADDING_INFO context = {message, 10, NULL},
                                     prehash = {message, 10, BCRYPT_SHA512_ALGORITHM};
    const struct way rsa[] = {
        {&pkcs1, BCRYPT_PAD_PKCS1}, {&pss, BCRYPT_PAD_PSS}, {&bare, BCRYPT_PAD_PKCS1}};
    const struct way pq[] = {{NULL, 0}, {&context, BCRYPT_PAD_PQDSA}, {&prehash, BCRYPT_PAD_PQDSA}};
    const struct way plain = {NULL, 0};
    return kind->can & ENCRYPT ? rsa[i] : kind->can & CONTEXT ? pq[i] : plain;
}

static void live_sign(struct walk *w, const struct kind *kind)
{
    struct pair pair;
    static struct bytes sig;
    bool on = pair_open(w, kind, &pair);
    for (unsigned i = 0; on && i < 3; i++) {
        struct way way = sign_way(kind, i);
        on = CALL(w, NULL, 0,
                  BCryptSignHash(pair.key, way.info, message, kind->hash_bytes, NULL, 0, &sig.n,
                                 way.flags)) &&
             CALL(w, sig.p, sig.n,
                  BCryptSignHash(pair.key, way.info, message, kind->hash_bytes, sig.p, sig.n,
                                 &sig.n, way.flags)) &&
             HOLDS(w, BCryptVerifySignature(pair.key, way.info, message, kind->hash_bytes, sig.p,
                                            sig.n, way.flags) == STATUS_SUCCESS);
    }
    pair_close(w, &pair);
}

/* With a key that has not verified before, and so often that what pays only for many signatures is made as well. */
static void live_verify(struct walk *w, const struct kind *kind)
{
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key = NULL;
    const struct material *m = material_of(kind);
    bool on = open_alg(w, kind, &alg) && import_key(w, alg, kind->blobs[0], &m->blobs[0], &key);
    for (unsigned i = 0; on && i < 6; i++) {
        static struct bytes sig;
        struct way way = sign_way(kind, i % 3);
        sig = m->signature[i % 3];
        on = CALL(w, NULL, 0,
                  BCryptVerifySignature(key, way.info, message, kind->hash_bytes, sig.p, sig.n,
                                        way.flags));
        sig.p[sig.n / 3] ^= 1;
        on = on && WANT(w, NULL, 0, STATUS_INVALID_SIGNATURE,
                        BCryptVerifySignature(key, way.info, message, kind->hash_bytes, sig.p,
                                              sig.n, way.flags));
    }
    destroy_key(w, key);
    close_alg(w, alg);
}

static struct way encrypt_way(unsigned i)
{
    static BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA1_ALGORITHM, message, 7};
    static const struct way ways[] = {
        {NULL, BCRYPT_PAD_PKCS1}, {&oaep, BCRYPT_PAD_OAEP}, {NULL, BCRYPT_PAD_NONE}};
    return ways[i];
}

/* Bytes of plaintext; the raw operation takes as many as the modulus has, of which the first is small. */
static ULONG plain_bytes(const struct kind *kind, unsigned i)
{
    return i == 2 ? kind->bits / 8 : 16;
}

static void live_encrypt(struct walk *w, const struct kind *kind)
{
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key = NULL;
    static struct bytes cipher;
    bool on = open_alg(w, kind, &alg) &&
              import_key(w, alg, kind->blobs[0], &material_of(kind)->blobs[0], &key);
    for (unsigned i = 0; on && i < 3; i++) {
        struct way way = encrypt_way(i);
        ULONG n = plain_bytes(kind, i);
        on = CALL(w, NULL, 0,
                  BCryptEncrypt(key, message, n, way.info, NULL, 0, NULL, 0, &cipher.n,
                                way.flags)) &&
             CALL(w, cipher.p, cipher.n,
                  BCryptEncrypt(key, message, n, way.info, NULL, 0, cipher.p, cipher.n, &cipher.n,
                                way.flags));
    }
    destroy_key(w, key);
    close_alg(w, alg);
}

static void live_decrypt(struct walk *w, const struct kind *kind)
{
    struct pair pair;
    bool on = pair_open(w, kind, &pair);
    for (unsigned i = 0; on && i < 3; i++) {
        static struct bytes cipher, plain;
        struct way way = encrypt_way(i);
        ULONG n = plain_bytes(kind, i);
        cipher = material_of(kind)->cipher[i];
        on = CALL(w, NULL, 0,
                  BCryptDecrypt(pair.key, cipher.p, cipher.n, way.info, NULL, 0, NULL, 0, &plain.n,
                                way.flags)) &&
             HOLDS(w, plain.n == n) &&
             CALL(w, plain.p, n,
                  BCryptDecrypt(pair.key, cipher.p, cipher.n, way.info, NULL, 0, plain.p, n,
                                &plain.n, way.flags)) &&
             HOLDS(w, plain.n == n && memcmp(plain.p, message, n) == 0);
        cipher.p[0] = 0, cipher.p[cipher.n - 1] ^= 1;
        if (on && way.flags != BCRYPT_PAD_NONE)
            on = WANT(w, plain.p, n, STATUS_INVALID_PARAMETER,
                      BCryptDecrypt(pair.key, cipher.p, cipher.n, way.info, NULL, 0, plain.p, n,
                                    &plain.n, way.flags));
    }
    pair_close(w, &pair);
}

/* ---- secrets --------------------------------------------------------------------------------------------------------- */

static NTSTATUS derive(BCRYPT_SECRET_HANDLE secret, unsigned which, UCHAR *out, ULONG size,
                       ULONG *n)
{
    static WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM, sha384[] = BCRYPT_SHA384_ALGORITHM,
                 md5[] = BCRYPT_MD5_ALGORITHM;
    static ULONG tls12 = 0x303;
    BCryptBuffer lists[KDFS][20] = {
        [1] = {{sizeof md5, KDF_HASH_ALGORITHM, md5}},
        [2] = {{sizeof sha384, KDF_HASH_ALGORITHM, sha384},
               {20, KDF_HMAC_KEY, message},
               {3, KDF_SECRET_APPEND, message}},
        [3] = {{6, KDF_TLS_PRF_LABEL, message},
               {64, KDF_TLS_PRF_SEED, message},
               {sizeof tls12, KDF_TLS_PRF_PROTOCOL, &tls12}},
        [4] = {{6, KDF_ALGORITHMID, message},
               {7, KDF_PARTYUINFO, message},
               {8, KDF_PARTYVINFO, message}},
        [5] = {{11, KDF_HKDF_INFO, message}},
        /* more than either the border or the hash keeps on the stack */
        [6] = {{sizeof sha256, KDF_HASH_ALGORITHM, sha256}},
    };
    for (ULONG i = 1; i < 20; i++)
        lists[6][i] =
            (BCryptBuffer){i, i % 2 == 0 ? KDF_SECRET_PREPEND : KDF_SECRET_APPEND, message};
    static const LPCWSTR names[KDFS] = {
        BCRYPT_KDF_RAW_SECRET,      BCRYPT_KDF_HASH, BCRYPT_KDF_HMAC, BCRYPT_KDF_TLS_PRF,
        BCRYPT_KDF_SP80056A_CONCAT, BCRYPT_KDF_HKDF, BCRYPT_KDF_HASH};
    static const ULONG counts[KDFS] = {0, 1, 3, 3, 3, 1, 20};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, counts[which], lists[which]};
    return BCryptDeriveKey(secret, names[which], &list, out, size, n, 0);
}

static const ULONG derived_bytes[KDFS] = {512, 16, 48, 48, 40, 100, 32};

static bool agree(struct walk *w, const struct kind *kind, const struct pair *pair,
                  BCRYPT_SECRET_HANDLE *secret)
{
    BCRYPT_KEY_HANDLE peer = NULL;
    *secret = NULL;
    bool on = import_key(w, pair->alg, kind->blobs[0], &material_of(kind)->peer, &peer) &&
              CALL(w, secret, sizeof *secret, BCryptSecretAgreement(pair->key, peer, secret, 0));
    destroy_key(w, peer);
    return on;
}

static void destroy_secret(struct walk *w, BCRYPT_SECRET_HANDLE secret)
{
    if (secret != NULL)
        DROP(w, BCryptDestroySecret(secret));
}

static void live_agree(struct walk *w, const struct kind *kind)
{
    struct pair pair;
    BCRYPT_SECRET_HANDLE secret = NULL;
    static struct bytes raw;
    if (pair_open(w, kind, &pair) && agree(w, kind, &pair, &secret)) {
        const struct bytes *want = &material_of(kind)->derived[0];
        if (CALL(w, raw.p, want->n, derive(secret, 0, raw.p, want->n, &raw.n)))
            HOLDS(w, raw.n == want->n && memcmp(raw.p, want->p, want->n) == 0);
    }
    destroy_secret(w, secret);
    pair_close(w, &pair);
}

static bool set_hkdf(struct walk *w, BCRYPT_SECRET_HANDLE secret)
{
    static WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM;
    return CALL(w, NULL, 0,
                BCryptSetProperty(secret, BCRYPT_HKDF_HASH_ALGORITHM, (PUCHAR)sha256, sizeof sha256,
                                  0)) &&
           CALL(w, NULL, 0,
                BCryptSetProperty(secret, BCRYPT_HKDF_SALT_AND_FINALIZE, message, 8, 0));
}

static void live_derive(struct walk *w, const struct kind *kind)
{
    struct pair pair;
    BCRYPT_SECRET_HANDLE secret = NULL;
    bool on = pair_open(w, kind, &pair) && agree(w, kind, &pair, &secret) && set_hkdf(w, secret);
    for (unsigned i = 0; on && i < KDFS; i++) {
        static struct bytes out;
        const struct bytes *want = &material_of(kind)->derived[i];
        on = CALL(w, out.p, want->n, derive(secret, i, out.p, want->n, &out.n)) &&
             HOLDS(w, out.n == want->n && memcmp(out.p, want->p, want->n) == 0);
    }
    destroy_secret(w, secret);
    pair_close(w, &pair);
}

static void live_encapsulate(struct walk *w, const struct kind *kind)
{
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_KEY_HANDLE key = NULL;
    struct pair pair = {NULL, NULL};
    struct {
        UCHAR secret[32], cipher[768];
    } out;
    UCHAR again[32];
    ULONG ns, nc;
    bool on = open_alg(w, kind, &alg) &&
              import_key(w, alg, kind->blobs[0], &material_of(kind)->blobs[0], &key) &&
              CALL(w, &out, sizeof out,
                   BCryptEncapsulate(key, out.secret, sizeof out.secret, &ns, out.cipher,
                                     sizeof out.cipher, &nc, 0)) &&
              pair_open(w, kind, &pair) &&
              CALL(w, again, sizeof again,
                   BCryptDecapsulate(pair.key, out.cipher, nc, again, sizeof again, &ns, 0));
    if (on)
        HOLDS(w, memcmp(again, out.secret, sizeof again) == 0);
    destroy_key(w, key);
    close_alg(w, alg);
    pair_close(w, &pair);
}

static void live_decapsulate(struct walk *w, const struct kind *kind)
{
    struct pair pair;
    const struct material *m = material_of(kind);
    UCHAR out[32];
    ULONG n;
    bool on = pair_open(w, kind, &pair);
    for (int i = 0; on && i < 2; i++) {
        static struct bytes cipher;
        cipher = m->kem;
        cipher.p[0] ^= (UCHAR)i; /* a changed one gives another secret */
        on = CALL(w, out, sizeof out,
                  BCryptDecapsulate(pair.key, cipher.p, cipher.n, out, sizeof out, &n, 0)) &&
             HOLDS(w, (memcmp(out, m->kem_secret.p, sizeof out) == 0) == (i == 0));
    }
    pair_close(w, &pair);
}

/* ---- properties ------------------------------------------------------------------------------------------------------- */

static const LPCWSTR property_names[PROPERTIES] = {
    BCRYPT_ALGORITHM_NAME,        BCRYPT_KEY_LENGTH,        BCRYPT_KEY_LENGTHS,
    BCRYPT_KEY_STRENGTH,          BCRYPT_PUBLIC_KEY_LENGTH, BCRYPT_SIGNATURE_LENGTH,
    BCRYPT_PROVIDER_HANDLE,       BCRYPT_PRIMITIVE_TYPE,    BCRYPT_ECC_CURVE_NAME,
    BCRYPT_ECC_CURVE_NAME_LIST,   BCRYPT_ECC_PARAMETERS,    BCRYPT_DH_PARAMETERS,
    BCRYPT_DSA_PARAMETERS,        BCRYPT_PADDING_SCHEMES,   BCRYPT_PARAMETER_SET_NAME,
    BCRYPT_KEM_CIPHERTEXT_LENGTH, L"IsIfxTpmWeakKey",
};

static void live_properties(struct walk *w, const struct kind *kind)
{
    struct pair pair;
    bool on = pair_open(w, kind, &pair);
    for (int object = 0; on && object < 2; object++) {
        for (size_t i = 0; on && i < PROPERTIES; i++) {
            UCHAR out[4096];
            ULONG n;
            on = WANT(w, out, sizeof out, material_of(kind)->property_status[object][i],
                      BCryptGetProperty(object == 0 ? pair.alg : pair.key, property_names[i], out,
                                        sizeof out, &n, 0));
        }
    }
    pair_close(w, &pair);
}

/* ---- lives of no family -------------------------------------------------------------------------------------------------- */

static void live_enumerate(struct walk *w, const struct kind *kind)
{
    (void)kind;
    ULONG count = 0;
    BCRYPT_ALGORITHM_IDENTIFIER *list = NULL;
    BCRYPT_PROVIDER_NAME *names = NULL;
    if (CALL(w, &list, sizeof list, BCryptEnumAlgorithms(0, &count, &list, 0))) {
        HOLDS(w, count >= 12);
        BCryptFreeBuffer(list);
    }
    if (CALL(w, &names, sizeof names,
             BCryptEnumProviders(BCRYPT_ECDH_ALGORITHM, &count, &names, 0)))
        BCryptFreeBuffer(names);
}

static void live_random(struct walk *w, const struct kind *kind)
{
    (void)kind;
    BCRYPT_ALG_HANDLE alg = NULL;
    static UCHAR out[9000];
    if (CALL(w, out, 16, BCryptGenRandom(NULL, out, 16, BCRYPT_USE_SYSTEM_PREFERRED_RNG)) &&
        CALL(w, out, sizeof out,
             BCryptGenRandom(NULL, out, sizeof out, BCRYPT_USE_SYSTEM_PREFERRED_RNG)) &&
        CALL(w, &alg, sizeof alg, BCryptOpenAlgorithmProvider(&alg, BCRYPT_RNG_ALGORITHM, NULL, 0)))
        CALL(w, out, 600, BCryptGenRandom(alg, out, 600, 0));
    close_alg(w, alg);
}

/* Pseudo-handles open their algorithm on first use. */
static void live_pseudo(struct walk *w, const struct kind *kind)
{
    (void)kind;
    static const BCRYPT_ALG_HANDLE handles[] = {BCRYPT_ECDSA_P384_ALG_HANDLE,
                                                BCRYPT_ECDH_P521_ALG_HANDLE, BCRYPT_RSA_ALG_HANDLE};
    static const ULONG bits[] = {384, 521, 1024};
    UCHAR out[100];
    ULONG n;
    for (int i = 0; i < 3; i++) {
        BCRYPT_KEY_HANDLE key = NULL;
        bool on =
            CALL(w, out, sizeof out,
                 BCryptGetProperty(handles[i], BCRYPT_ALGORITHM_NAME, out, sizeof out, &n, 0)) &&
            CALL(w, &key, sizeof key, BCryptGenerateKeyPair(handles[i], &key, bits[i], 0)) && i < 2;
        if (on)
            CALL(w, NULL, 0, BCryptFinalizeKeyPair(key, 0));
        destroy_key(w, key);
    }
    CALL(w, out, sizeof out, BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, out, sizeof out, 0));
}

/* ---- materials ---------------------------------------------------------------------------------------------------------- */

/* Made with the pieces above, by a walk without faults. */
static void material_make(const struct kind *kind, struct material *m)
{
    struct walk w = {.life = kind->label};
    struct pair pair = {NULL, NULL};
    BCRYPT_KEY_HANDLE peer = NULL;
    BCRYPT_SECRET_HANDLE secret = NULL;
    ULONG n;
    if (BCryptOpenAlgorithmProvider(&pair.alg, kind->alg, NULL, 0) == STATUS_NOT_FOUND)
        return;
    close_alg(&w, pair.alg);
    open_alg(&w, kind, &pair.alg);
    generate(&w, pair.alg, kind, NULL, &pair.key);
    for (size_t i = 0; i < blob_count(kind); i++)
        export_key(&w, pair.key, kind->blobs[i], &m->blobs[i]);
    for (unsigned i = 0; i < 3 && (kind->can & SIGN); i++) {
        struct way way = sign_way(kind, i);
        CALL(&w, NULL, 0,
             BCryptSignHash(pair.key, way.info, message, kind->hash_bytes, m->signature[i].p,
                            MAX_SIGNATURE, &m->signature[i].n, way.flags));
    }
    for (unsigned i = 0; i < 3 && (kind->can & ENCRYPT); i++) {
        struct way way = encrypt_way(i);
        CALL(&w, NULL, 0,
             BCryptEncrypt(pair.key, message, plain_bytes(kind, i), way.info, NULL, 0,
                           m->cipher[i].p, MAX_SIGNATURE, &m->cipher[i].n, way.flags));
    }
    if (kind->parameters != NULL)
        CALL(&w, NULL, 0,
             BCryptGetProperty(pair.key, kind->parameters, m->parameters.p, MAX_SIGNATURE,
                               &m->parameters.n, 0));
    if (kind->can & AGREE) {
        generate(&w, pair.alg, kind, kind->parameters != NULL ? &m->parameters : NULL, &peer);
        export_key(&w, peer, kind->blobs[0], &m->peer);
        CALL(&w, NULL, 0, BCryptSecretAgreement(pair.key, peer, &secret, 0));
        set_hkdf(&w, secret);
        for (unsigned i = 0; i < KDFS; i++)
            CALL(&w, NULL, 0,
                 derive(secret, i, m->derived[i].p, derived_bytes[i], &m->derived[i].n));
    }
    if (kind->can & ENCAPSULATE)
        CALL(&w, NULL, 0,
             BCryptEncapsulate(pair.key, m->kem_secret.p, 32, &n, m->kem.p, MAX_SIGNATURE,
                               &m->kem.n, 0));
    for (size_t i = 0; i < PROPERTIES; i++) {
        UCHAR out[4096];
        m->property_status[0][i] =
            BCryptGetProperty(pair.alg, property_names[i], out, sizeof out, &n, 0);
        m->property_status[1][i] =
            BCryptGetProperty(pair.key, property_names[i], out, sizeof out, &n, 0);
    }
    m->there = !w.over;
    if (w.over)
        printf("# the materials of %s could not be made\n", kind->label);
}

static void materials_make(void)
{
    materials = mmap(NULL, KINDS * sizeof *materials, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t child = fork();
    if (child == 0) {
        for (size_t i = 0; i < KINDS; i++)
            material_make(&kinds[i], &materials[i]);
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

/* ---- the list -------------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int needs;
    void (*run)(struct walk *w, const struct kind *kind);
} deeds[] = {
    {"generate", 0, live_generate},
    {"generate in locked memory", 0, live_generate_locked},
    {"import and export", 0, live_import},
    {"sign", SIGN, live_sign},
    {"verify", SIGN, live_verify},
    {"encrypt", ENCRYPT, live_encrypt},
    {"decrypt", ENCRYPT, live_decrypt},
    {"agree", AGREE, live_agree},
    {"derive", AGREE, live_derive},
    {"encapsulate", ENCAPSULATE, live_encapsulate},
    {"decapsulate", ENCAPSULATE, live_decapsulate},
    {"properties", 0, live_properties},
};

size_t lives_make(const struct life **list)
{
    static struct life lives[KINDS * ARRAY_COUNT(deeds)] = {
        {"random numbers", live_random, NULL},
        {"enumerate", live_enumerate, NULL},
        {"pseudo-handles", live_pseudo, NULL},
    };
    size_t count = 3;
    materials_make();
    for (size_t k = 0; k < KINDS; k++) {
        for (size_t d = 0; d < ARRAY_COUNT(deeds) && materials[k].there; d++) {
            if ((deeds[d].needs & ~kinds[k].can) != 0)
                continue;
            struct life *life = &lives[count++];
            *life = (struct life){.run = deeds[d].run, .kind = &kinds[k]};
            snprintf(life->name, sizeof life->name, "%s: %s", kinds[k].label, deeds[d].name);
        }
    }
    *list = lives;
    return count;
}
