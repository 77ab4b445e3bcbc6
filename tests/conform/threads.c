/*
 * Many threads on the same handles. Every answer is compared with what one thread alone got before:
 * on keys that nobody has used yet, while another thread destroys the handles under the users (then
 * STATUS_INVALID_HANDLE is right too), in races for finalizing and destroying one key, in storms of
 * short-lived handles, and in forked children.
 *
 * Every part is bounded in time, and does two rounds at least, however slow the machine.
 */
#include "conform.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 6
#define PART_MS 70 /* one part with one row */
#define MAX_OUT 20000
#define MAX_SECRET 512

enum can { SIGN = 1, ENCRYPT = 2, AGREE = 4, ENCAPSULATE = 8 };

struct row {
    const char *label;
    LPCWSTR alg;
    ULONG bits;
    LPCWSTR property, value, other; /* what it takes to be finalized; another value of it */
    int can;
    ULONG hash_bytes;
    LPCWSTR private_blob, public_blob;
};

#define RSA_BLOBS .private_blob = BCRYPT_RSAFULLPRIVATE_BLOB, .public_blob = BCRYPT_RSAPUBLIC_BLOB
#define ECC_BLOBS .private_blob = BCRYPT_ECCPRIVATE_BLOB, .public_blob = BCRYPT_ECCPUBLIC_BLOB
#define CURVE(a, b) .property = BCRYPT_ECC_CURVE_NAME, .value = (a), .other = (b)
#define SET(a, b) .property = BCRYPT_PARAMETER_SET_NAME, .value = (a), .other = (b)

static const struct row rows[] = {
    {.label = "RSA 1024",
     .alg = BCRYPT_RSA_ALGORITHM,
     .bits = 1024,
     .can = SIGN | ENCRYPT,
     .hash_bytes = 32,
     RSA_BLOBS},
    {.label = "DSA 1024",
     .alg = BCRYPT_DSA_ALGORITHM,
     .bits = 1024,
     .can = SIGN,
     .hash_bytes = 20,
     .private_blob = BCRYPT_DSA_PRIVATE_BLOB,
     .public_blob = BCRYPT_DSA_PUBLIC_BLOB},
    {.label = "DH 2048",
     .alg = BCRYPT_DH_ALGORITHM,
     .bits = 2048,
     .can = AGREE,
     .private_blob = BCRYPT_DH_PRIVATE_BLOB,
     .public_blob = BCRYPT_DH_PUBLIC_BLOB},
    {.label = "ECDSA_P256",
     .alg = BCRYPT_ECDSA_P256_ALGORITHM,
     .bits = 256,
     .can = SIGN,
     .hash_bytes = 32,
     ECC_BLOBS},
    {.label = "ECDSA brainpoolP320r1",
     .alg = BCRYPT_ECDSA_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_BRAINPOOLP320R1, BCRYPT_ECC_CURVE_NISTP256),
     .can = SIGN,
     .hash_bytes = 32,
     ECC_BLOBS},
    {.label = "ECDSA numsP256t1",
     .alg = BCRYPT_ECDSA_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_NUMSP256T1, BCRYPT_ECC_CURVE_NISTP384),
     .can = SIGN,
     .hash_bytes = 32,
     ECC_BLOBS},
    {.label = "ECDH_P384", .alg = BCRYPT_ECDH_P384_ALGORITHM, .bits = 384, .can = AGREE, ECC_BLOBS},
    {.label = "ECDH secP256k1",
     .alg = BCRYPT_ECDH_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_SECP256K1, BCRYPT_ECC_CURVE_25519),
     .can = AGREE,
     ECC_BLOBS},
    {.label = "ECDH numsP384t1",
     .alg = BCRYPT_ECDH_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_NUMSP384T1, BCRYPT_ECC_CURVE_NISTP521),
     .can = AGREE,
     ECC_BLOBS},
    {.label = "ECDH curve25519",
     .alg = BCRYPT_ECDH_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_25519, BCRYPT_ECC_CURVE_NISTP256),
     .can = AGREE,
     ECC_BLOBS},
    {.label = "ML-KEM 768",
     .alg = BCRYPT_MLKEM_ALGORITHM,
     SET(BCRYPT_MLKEM_PARAMETER_SET_768, BCRYPT_MLKEM_PARAMETER_SET_512),
     .can = ENCAPSULATE,
     .private_blob = BCRYPT_MLKEM_PRIVATE_SEED_BLOB,
     .public_blob = BCRYPT_MLKEM_PUBLIC_BLOB},
    {.label = "ML-DSA 44",
     .alg = BCRYPT_MLDSA_ALGORITHM,
     SET(BCRYPT_MLDSA_PARAMETER_SET_44, BCRYPT_MLDSA_PARAMETER_SET_65),
     .can = SIGN,
     .hash_bytes = 64,
     .private_blob = BCRYPT_PQDSA_PRIVATE_SEED_BLOB,
     .public_blob = BCRYPT_PQDSA_PUBLIC_BLOB},
    {.label = "SLH-DSA SHA2-128f",
     .alg = BCRYPT_SLHDSA_ALGORITHM,
     SET(BCRYPT_SLHDSA_PARAMETER_SET_SHA2_128F, BCRYPT_SLHDSA_PARAMETER_SET_SHAKE_128F),
     .can = SIGN,
     .hash_bytes = 64,
     .private_blob = BCRYPT_PQDSA_PRIVATE_BLOB,
     .public_blob = BCRYPT_PQDSA_PUBLIC_BLOB},
};

#define ROWS (sizeof rows / sizeof rows[0])

/* ---- what went wrong ------------------------------------------------------------------------ */

/* What an operation found. */
enum answer { RIGHT, GONE, WRONG };

/* The first thing that went wrong in a part, and how often something did. */
static _Atomic(const char *) first_wrong;
static _Atomic unsigned first_status;
static atomic_uint wrongs;

static enum answer wrong(const char *what, NTSTATUS status)
{
    const char *none = NULL;
    atomic_fetch_add(&wrongs, 1);
    if (atomic_compare_exchange_strong(&first_wrong, &none, what))
        atomic_store(&first_status, (unsigned)status);
    return WRONG;
}

static enum answer judge(NTSTATUS got, NTSTATUS want, const char *what)
{
    if (got == want)
        return RIGHT;
    return got == STATUS_INVALID_HANDLE ? GONE : wrong(what, got);
}

#define EXPECT_STATUS(call, want)                                                                  \
    do {                                                                                           \
        enum answer answer_ = judge((call), (want), #call);                                        \
        if (answer_ != RIGHT)                                                                      \
            return answer_;                                                                        \
    } while (0)
#define EXPECT(call) EXPECT_STATUS(call, STATUS_SUCCESS)
#define EXPECT_TRUE(cond)                                                                          \
    do {                                                                                           \
        if (!(cond))                                                                               \
            return wrong(#cond, 0);                                                                \
    } while (0)

static void part_report(const char *what)
{
    tap(atomic_load(&wrongs) == 0, what);
    if (atomic_load(&wrongs) != 0)
        printf("# %u wrong answers; the first: 0x%08x from %s\n", atomic_load(&wrongs),
               atomic_load(&first_status), atomic_load(&first_wrong));
    atomic_store(&wrongs, 0);
    atomic_store(&first_wrong, NULL);
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* for (struct part p = part_of(ms); part_goes_on(&p);) */
struct part {
    long end;
    int rounds;
};

static struct part part_of(long ms)
{
    return (struct part){now_ms() + ms, 0};
}

static bool part_goes_on(struct part *p)
{
    return p->rounds++ < 2 || now_ms() < p->end;
}

/* ---- the subject: handles that threads share, and the answers that they must get ------------ */

struct blob {
    UCHAR *p;
    ULONG n;
};

#define KDFS 6

struct subject {
    const struct row *row;
    _Atomic(BCRYPT_ALG_HANDLE) alg;
    _Atomic(BCRYPT_KEY_HANDLE) key, public_key, peer;
    _Atomic(BCRYPT_SECRET_HANDLE) secret;

    struct blob private_blob, public_blob, peer_blob;
    struct blob signature, ciphertext;
    UCHAR kem_secret[32];
    UCHAR derived[KDFS][MAX_SECRET];
    ULONG derived_n[KDFS];
};

static const UCHAR message[64] = "what is signed, encrypted and agreed upon by all of the threads";

static void must(bool good, const char *what)
{
    if (!good) {
        printf("Bail out! %s: %s\n", row_name, what);
        exit(1);
    }
}

static struct blob export_blob(BCRYPT_KEY_HANDLE key, LPCWSTR type)
{
    struct blob b = {NULL, 0};
    must(BCryptExportKey(key, NULL, type, NULL, 0, &b.n, 0) == STATUS_SUCCESS, "size of a blob");
    b.p = malloc(b.n);
    must(b.p != NULL && BCryptExportKey(key, NULL, type, b.p, b.n, &b.n, 0) == STATUS_SUCCESS,
         "a blob");
    return b;
}

static BCRYPT_KEY_HANDLE import_blob(const struct subject *s, LPCWSTR type, const struct blob *b)
{
    BCRYPT_KEY_HANDLE key = NULL;
    must(BCryptImportKeyPair(s->alg, NULL, type, &key, b->p, b->n, 0) == STATUS_SUCCESS, "import");
    return key;
}

static NTSTATUS set_text(BCRYPT_HANDLE h, LPCWSTR name, LPCWSTR text)
{
    return BCryptSetProperty(h, name, (PUCHAR)(ULONG_PTR)text, text_bytes(text), 0);
}

static BCRYPT_KEY_HANDLE make_key(BCRYPT_ALG_HANDLE alg, const struct row *row)
{
    BCRYPT_KEY_HANDLE key = NULL;
    must(BCryptGenerateKeyPair(alg, &key, row->bits, 0) == STATUS_SUCCESS, "generate");
    must(row->property == NULL || set_text(key, row->property, row->value) == STATUS_SUCCESS,
         "set the parameter");
    must(BCryptFinalizeKeyPair(key, 0) == STATUS_SUCCESS, "finalize");
    return key;
}

/* An open algorithm. A generic curve's blobs name no curve; the algorithm must. */
static BCRYPT_ALG_HANDLE open_alg(const struct row *row)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    if (BCryptOpenAlgorithmProvider(&alg, row->alg, NULL, 0) != STATUS_SUCCESS)
        return NULL;
    if (row->property != NULL && text_equal(row->property, BCRYPT_ECC_CURVE_NAME))
        must(set_text(alg, row->property, row->value) == STATUS_SUCCESS,
             "set the algorithm's curve");
    return alg;
}

/* ---- operations; each knows what it must find ----------------------------------------------- */

static VOID *sign_padding(const struct row *row, unsigned salt, ULONG *flags)
{
    static BCRYPT_PKCS1_PADDING_INFO pkcs1 = {BCRYPT_SHA256_ALGORITHM};
    static BCRYPT_PSS_PADDING_INFO pss = {BCRYPT_SHA256_ALGORITHM, 20};
    *flags = 0;
    if ((row->can & ENCRYPT) == 0)
        return NULL;
    *flags = salt % 2 == 0 ? BCRYPT_PAD_PKCS1 : BCRYPT_PAD_PSS;
    return salt % 2 == 0 ? (VOID *)&pkcs1 : (VOID *)&pss;
}

static enum answer op_sign(struct subject *s, unsigned salt)
{
    UCHAR hash[sizeof message], sig[MAX_OUT];
    ULONG n = s->row->hash_bytes, written = 0, flags;
    VOID *padding = sign_padding(s->row, salt, &flags);
    memcpy(hash, message, sizeof hash);
    memcpy(hash, &salt, sizeof salt);
    EXPECT(BCryptSignHash(s->key, padding, hash, n, sig, sizeof sig, &written, flags));
    EXPECT(BCryptVerifySignature(s->public_key, padding, hash, n, sig, written, flags));
    hash[0] ^= 0x80; /* an order of fewer bits than the hash leaves out the last ones */
    EXPECT_STATUS(BCryptVerifySignature(s->public_key, padding, hash, n, sig, written, flags),
                  STATUS_INVALID_SIGNATURE);
    return RIGHT;
}

static enum answer op_verify(struct subject *s, unsigned salt)
{
    UCHAR hash[sizeof message], sig[MAX_OUT];
    ULONG n = s->row->hash_bytes, flags;
    VOID *padding = sign_padding(s->row, 0, &flags);
    memcpy(hash, message, sizeof hash);
    EXPECT(BCryptVerifySignature(s->public_key, padding, hash, n, s->signature.p, s->signature.n,
                                 flags));
    EXPECT(BCryptVerifySignature(s->key, padding, hash, n, s->signature.p, s->signature.n, flags));
    memcpy(sig, s->signature.p, s->signature.n);
    /* not in the first half, where RSA's could become larger than the modulus, which has another status */
    sig[s->signature.n - 1 - salt % (s->signature.n / 2)] ^= 0x10;
    EXPECT_STATUS(
        BCryptVerifySignature(s->public_key, padding, hash, n, sig, s->signature.n, flags),
        STATUS_INVALID_SIGNATURE);
    return RIGHT;
}

static enum answer op_encrypt(struct subject *s, unsigned salt)
{
    BCRYPT_OAEP_PADDING_INFO oaep = {BCRYPT_SHA1_ALGORITHM, NULL, 0};
    ULONG flags = salt % 2 == 0 ? BCRYPT_PAD_OAEP : BCRYPT_PAD_PKCS1;
    VOID *padding = salt % 2 == 0 ? &oaep : NULL;
    UCHAR text[24], cipher[MAX_OUT], plain[MAX_OUT];
    ULONG n = 0, m = 0;
    memcpy(text, message, sizeof text);
    memcpy(text, &salt, sizeof salt);
    EXPECT(BCryptEncrypt(s->public_key, text, sizeof text, padding, NULL, 0, cipher, sizeof cipher,
                         &n, flags));
    EXPECT(BCryptDecrypt(s->key, cipher, n, padding, NULL, 0, plain, sizeof plain, &m, flags));
    EXPECT_TRUE(m == sizeof text && memcmp(plain, text, sizeof text) == 0);
    EXPECT(BCryptDecrypt(s->key, s->ciphertext.p, s->ciphertext.n, NULL, NULL, 0, plain,
                         sizeof plain, &m, BCRYPT_PAD_PKCS1));
    EXPECT_TRUE(m == sizeof message && memcmp(plain, message, sizeof message) == 0);
    return RIGHT;
}

static enum answer op_agree(struct subject *s, unsigned salt)
{
    (void)salt;
    BCRYPT_SECRET_HANDLE secret = NULL;
    UCHAR raw[MAX_SECRET];
    ULONG n = 0;
    EXPECT(BCryptSecretAgreement(s->key, s->peer, &secret, 0));
    NTSTATUS derived = BCryptDeriveKey(secret, BCRYPT_KDF_RAW_SECRET, NULL, raw, sizeof raw, &n, 0);
    NTSTATUS destroyed = BCryptDestroySecret(secret);
    EXPECT_TRUE(derived == STATUS_SUCCESS &&
                destroyed == STATUS_SUCCESS); /* nobody else has this handle */
    EXPECT_TRUE(n == s->derived_n[0] && memcmp(raw, s->derived[0], n) == 0);
    return RIGHT;
}

/* One of the key derivation functions, with parameters of every kind. */
static NTSTATUS derive(BCRYPT_SECRET_HANDLE secret, unsigned which, UCHAR out[MAX_SECRET], ULONG *n)
{
    WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM, sha384[] = BCRYPT_SHA384_ALGORITHM;
    UCHAR text[64];
    ULONG tls12 = 0x303;
    memcpy(text, message, sizeof text);
    BCryptBuffer buffers[KDFS][5] = {
        [1] = {{sizeof sha256, KDF_HASH_ALGORITHM, sha256},
               {5, KDF_SECRET_PREPEND, text},
               {9, KDF_SECRET_APPEND, text},
               {7, KDF_SECRET_PREPEND, text + 20}},
        [2] = {{sizeof sha384, KDF_HASH_ALGORITHM, sha384},
               {20, KDF_HMAC_KEY, text},
               {3, KDF_SECRET_APPEND, text}},
        [3] = {{6, KDF_TLS_PRF_LABEL, text},
               {64, KDF_TLS_PRF_SEED, text},
               {sizeof tls12, KDF_TLS_PRF_PROTOCOL, &tls12}},
        [4] = {{6, KDF_ALGORITHMID, text}, {7, KDF_PARTYUINFO, text}, {8, KDF_PARTYVINFO, text}},
        [5] = {{11, KDF_HKDF_INFO, text}},
    };
    static const LPCWSTR names[KDFS] = {
        BCRYPT_KDF_RAW_SECRET,      BCRYPT_KDF_HASH, BCRYPT_KDF_HMAC, BCRYPT_KDF_TLS_PRF,
        BCRYPT_KDF_SP80056A_CONCAT, BCRYPT_KDF_HKDF};
    static const ULONG counts[KDFS] = {0, 4, 3, 3, 3, 1},
                       sizes[KDFS] = {MAX_SECRET, 64, 64, 48, 40, 100};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, counts[which], buffers[which]};
    return BCryptDeriveKey(secret, names[which], &list, out, sizes[which], n, 0);
}

static enum answer op_derive(struct subject *s, unsigned salt)
{
    for (unsigned i = 0; i < KDFS; i++) {
        unsigned which = (i + salt) % KDFS;
        UCHAR out[MAX_SECRET];
        ULONG n = 0;
        EXPECT(derive(s->secret, which, out, &n));
        EXPECT_TRUE(n == s->derived_n[which] && memcmp(out, s->derived[which], n) == 0);
    }
    return RIGHT;
}

static enum answer op_encapsulate(struct subject *s, unsigned salt)
{
    (void)salt;
    UCHAR cipher[MAX_OUT], ours[32], theirs[32];
    ULONG nc = 0, ns = 0;
    EXPECT(BCryptEncapsulate(s->public_key, ours, sizeof ours, &ns, cipher, sizeof cipher, &nc, 0));
    EXPECT(BCryptDecapsulate(s->key, cipher, nc, theirs, sizeof theirs, &ns, 0));
    EXPECT_TRUE(ns == 32 && memcmp(ours, theirs, ns) == 0);
    EXPECT(
        BCryptDecapsulate(s->key, s->ciphertext.p, s->ciphertext.n, theirs, sizeof theirs, &ns, 0));
    EXPECT_TRUE(memcmp(theirs, s->kem_secret, ns) == 0);
    return RIGHT;
}

static enum answer exports_as(BCRYPT_KEY_HANDLE key, LPCWSTR type, const struct blob *blob)
{
    UCHAR bytes[MAX_OUT];
    ULONG n = 0;
    EXPECT(BCryptExportKey(key, NULL, type, bytes, sizeof bytes, &n, 0));
    EXPECT_TRUE(n == blob->n && memcmp(bytes, blob->p, n) == 0);
    return RIGHT;
}

static enum answer op_export(struct subject *s, unsigned salt)
{
    enum answer a = exports_as(s->key, s->row->private_blob, &s->private_blob);
    return a != RIGHT ? a
                      : exports_as(salt % 2 == 0 ? s->key : s->public_key, s->row->public_blob,
                                   &s->public_blob);
}

/* A key of its own from the shared algorithm. */
static enum answer op_import(struct subject *s, unsigned salt)
{
    bool private = salt % 2 == 0;
    const struct blob *blob = private ? &s->private_blob : &s->public_blob;
    LPCWSTR type = private ? s->row->private_blob : s->row->public_blob;
    BCRYPT_KEY_HANDLE key = NULL;
    EXPECT(BCryptImportKeyPair(s->alg, NULL, type, &key, blob->p, blob->n, 0));
    enum answer exported = exports_as(key, type, blob);
    EXPECT_TRUE(BCryptDestroyKey(key) == STATUS_SUCCESS);
    return exported == GONE ? wrong("the thread's own key is gone", STATUS_INVALID_HANDLE)
                            : exported;
}

static enum answer op_property(struct subject *s, unsigned salt)
{
    BCRYPT_HANDLE object = salt % 3 == 0 ? s->alg : salt % 3 == 1 ? s->key : s->public_key;
    WCHAR name[32];
    ULONG n = 0, value = 0;
    EXPECT(BCryptGetProperty(object, BCRYPT_ALGORITHM_NAME, (PUCHAR)name, sizeof name, &n, 0));
    EXPECT_TRUE(text_equal(name, s->row->alg));
    EXPECT(BCryptGetProperty(s->key, BCRYPT_KEY_LENGTH, (PUCHAR)&value, sizeof value, &n, 0));
    EXPECT_TRUE(s->row->bits == 0 || value == s->row->bits);
    if (s->row->property != NULL) {
        EXPECT(BCryptGetProperty(s->key, s->row->property, (PUCHAR)name, sizeof name, &n, 0));
        EXPECT_TRUE(text_equal(name, s->row->value));
        EXPECT_STATUS(judge(set_text(s->key, s->row->property, s->row->other),
                            STATUS_INVALID_HANDLE, "set") == WRONG,
                      0);
    }
    return RIGHT;
}

static const struct {
    int needs;
    enum answer (*run)(struct subject *s, unsigned salt);
} ops[] = {
    {SIGN, op_sign},   {SIGN, op_verify},  {ENCRYPT, op_encrypt},
    {AGREE, op_agree}, {AGREE, op_derive}, {ENCAPSULATE, op_encapsulate},
    {0, op_export},    {0, op_import},     {0, op_property},
};

#define OPS (sizeof ops / sizeof ops[0])

/* All that the subject can do; the salt turns the order. */
static enum answer do_all(struct subject *s, unsigned salt, bool may_be_gone)
{
    for (unsigned i = 0; i < OPS; i++) {
        unsigned which = (unsigned)((i + salt) % OPS);
        if ((ops[which].needs & ~s->row->can) != 0)
            continue;
        enum answer a = ops[which].run(s, salt);
        if (a == GONE && !may_be_gone)
            return wrong("a live handle is told to be invalid", STATUS_INVALID_HANDLE);
        if (a == WRONG)
            return WRONG;
    }
    return RIGHT;
}

/* ---- making subjects ------------------------------------------------------------------------ */

static BCRYPT_SECRET_HANDLE agree(const struct subject *s)
{
    BCRYPT_SECRET_HANDLE secret = NULL;
    must(BCryptSecretAgreement(s->key, s->peer, &secret, 0) == STATUS_SUCCESS, "agree");
    must(set_text(secret, BCRYPT_HKDF_HASH_ALGORITHM, BCRYPT_SHA256_ALGORITHM) == STATUS_SUCCESS,
         "HKDF hash");
    UCHAR salt[] = "salt";
    must(BCryptSetProperty(secret, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, 4, 0) == STATUS_SUCCESS,
         "HKDF salt");
    return secret;
}

/* New handles of the same keys; nothing of theirs is computed yet. */
static void handles_open(struct subject *s)
{
    s->key = import_blob(s, s->row->private_blob, &s->private_blob);
    s->public_key = import_blob(s, s->row->public_blob, &s->public_blob);
    if (s->row->can & AGREE) {
        s->peer = import_blob(s, s->row->public_blob, &s->peer_blob);
        s->secret = agree(s);
    }
}

static void handles_close(struct subject *s)
{
    bool good = BCryptDestroyKey(s->key) == STATUS_SUCCESS &&
                BCryptDestroyKey(s->public_key) == STATUS_SUCCESS;
    if (s->row->can & AGREE)
        good = good && BCryptDestroyKey(s->peer) == STATUS_SUCCESS &&
               BCryptDestroySecret(s->secret) == STATUS_SUCCESS;
    if (!good)
        wrong("destroying what was in use a moment ago", STATUS_INVALID_HANDLE);
}

static struct blob buffer_of(ULONG n)
{
    struct blob b = {malloc(n), n};
    must(b.p != NULL, "memory");
    return b;
}

/* The keys, and by one thread the answers. False: the installed libcrypto lacks the algorithm. */
static bool subject_make(struct subject *s, const struct row *row)
{
    *s = (struct subject){.row = row};
    s->alg = open_alg(row);
    if (s->alg == NULL)
        return false;
    s->key = make_key(s->alg, row);
    s->private_blob = export_blob(s->key, row->private_blob);
    s->public_blob = export_blob(s->key, row->public_blob);
    UCHAR text[sizeof message];
    memcpy(text, message, sizeof text);
    if (row->can & SIGN) {
        ULONG flags;
        VOID *padding = sign_padding(row, 0, &flags);
        s->signature = buffer_of(MAX_OUT);
        must(BCryptSignHash(s->key, padding, text, row->hash_bytes, s->signature.p, MAX_OUT,
                            &s->signature.n, flags) == STATUS_SUCCESS,
             "sign");
    }
    if (row->can & ENCRYPT) {
        s->ciphertext = buffer_of(MAX_OUT);
        must(BCryptEncrypt(s->key, text, sizeof text, NULL, NULL, 0, s->ciphertext.p, MAX_OUT,
                           &s->ciphertext.n, BCRYPT_PAD_PKCS1) == STATUS_SUCCESS,
             "encrypt");
    }
    if (row->can & ENCAPSULATE) {
        ULONG n;
        s->ciphertext = buffer_of(MAX_OUT);
        must(BCryptEncapsulate(s->key, s->kem_secret, 32, &n, s->ciphertext.p, MAX_OUT,
                               &s->ciphertext.n, 0) == STATUS_SUCCESS,
             "encapsulate");
    }
    if (row->can & AGREE) {
        s->peer = make_key(s->alg, row);
        s->peer_blob = export_blob(s->peer, row->public_blob);
        s->secret = agree(s);
        for (unsigned i = 0; i < KDFS; i++)
            must(derive(s->secret, i, s->derived[i], &s->derived_n[i]) == STATUS_SUCCESS, "derive");
        BCryptDestroySecret(s->secret);
        BCryptDestroyKey(s->peer);
    }
    BCryptDestroyKey(s->key);
    return true;
}

static void subject_done(struct subject *s)
{
    BCryptCloseAlgorithmProvider(s->alg, 0);
    free(s->private_blob.p);
    free(s->public_blob.p);
    free(s->peer_blob.p);
    free(s->signature.p);
    free(s->ciphertext.p);
}

/* ---- crews of threads ----------------------------------------------------------------------- */

/* Threads that start at one moment. */
struct crew {
    struct subject *subject;
    void (*work)(struct crew *crew, unsigned number);
    BCRYPT_HANDLE handle; /* what the part is about */
    const struct row *row;
    _Atomic bool stop;
    atomic_uint wins;
    atomic_uint numbers;
    pthread_barrier_t line;
    pthread_t threads[THREADS];
};

static void *crew_member(void *p)
{
    struct crew *crew = p;
    unsigned number = atomic_fetch_add(&crew->numbers, 1);
    pthread_barrier_wait(&crew->line);
    crew->work(crew, number);
    return NULL;
}

static void crew_start(struct crew *crew)
{
    atomic_store(&crew->stop, false);
    atomic_store(&crew->wins, 0);
    atomic_store(&crew->numbers, 0);
    pthread_barrier_init(&crew->line, NULL, THREADS);
    for (int i = 0; i < THREADS; i++)
        must(pthread_create(&crew->threads[i], NULL, crew_member, crew) == 0, "a thread");
}

static void crew_join(struct crew *crew)
{
    for (int i = 0; i < THREADS; i++)
        pthread_join(crew->threads[i], NULL);
    pthread_barrier_destroy(&crew->line);
}

static void crew_run(struct crew *crew)
{
    crew_start(crew);
    crew_join(crew);
}

/* ---- one key, many users -------------------------------------------------------------------- */

static void work_once(struct crew *crew, unsigned number)
{
    for (unsigned i = 0; i < 2; i++)
        do_all(crew->subject, number + i * THREADS, false);
}

static void check_shared(struct subject *s)
{
    struct crew crew = {.subject = s, .work = work_once};
    for (struct part p = part_of(PART_MS); part_goes_on(&p);) {
        handles_open(s);
        crew_run(&crew);
        handles_close(s);
    }
    part_report("threads on keys that nobody has used get the answers that one thread gets");
}

/* ---- handles destroyed under their users ---------------------------------------------------- */

static void work_until_stopped(struct crew *crew, unsigned number)
{
    for (unsigned i = 0; i < 2 || !atomic_load(&crew->stop); i++)
        do_all(crew->subject, number + i * THREADS, true);
}

static void expect_dead(NTSTATUS first, NTSTATUS second)
{
    if (first != STATUS_SUCCESS)
        wrong("destroying a live handle", first);
    if (second != STATUS_INVALID_HANDLE)
        wrong("using a destroyed handle", second);
}

static void replace_key(_Atomic(BCRYPT_KEY_HANDLE) *place, BCRYPT_KEY_HANDLE fresh)
{
    BCRYPT_KEY_HANDLE old = *place;
    ULONG n;
    /* Every other time there is no live handle for a while. */
    static bool late;
    late = !late;
    if (!late)
        *place = fresh;
    NTSTATUS destroyed = BCryptDestroyKey(old);
    expect_dead(destroyed, BCryptGetProperty(old, BCRYPT_ALGORITHM_NAME, NULL, 0, &n, 0));
    sched_yield();
    *place = fresh;
}

static void check_destroyed(struct subject *s)
{
    struct crew crew = {.subject = s, .work = work_until_stopped};
    handles_open(s);
    crew_start(&crew);
    for (struct part p = part_of(PART_MS); part_goes_on(&p);) {
        BCRYPT_ALG_HANDLE alg = s->alg, fresh = open_alg(s->row);
        replace_key(&s->key, import_blob(s, s->row->private_blob, &s->private_blob));
        replace_key(&s->public_key, import_blob(s, s->row->public_blob, &s->public_blob));
        if (s->row->can & AGREE) {
            replace_key(&s->peer, import_blob(s, s->row->public_blob, &s->peer_blob));
            BCRYPT_SECRET_HANDLE secret = s->secret;
            s->secret = agree(s);
            NTSTATUS destroyed = BCryptDestroySecret(secret);
            expect_dead(destroyed, BCryptDestroySecret(secret));
        }
        s->alg = fresh;
        NTSTATUS closed = BCryptCloseAlgorithmProvider(alg, 0);
        expect_dead(closed, BCryptCloseAlgorithmProvider(alg, 0));
    }
    atomic_store(&crew.stop, true);
    crew_join(&crew);
    handles_close(s);
    part_report(
        "users of handles that are being destroyed get right answers or STATUS_INVALID_HANDLE");
}

static void work_destroy(struct crew *crew, unsigned number)
{
    (void)number;
    NTSTATUS status = BCryptDestroyKey(crew->handle);
    if (status == STATUS_SUCCESS)
        atomic_fetch_add(&crew->wins, 1);
    else if (status != STATUS_INVALID_HANDLE)
        wrong("BCryptDestroyKey", status);
}

static void check_destroy_race(struct subject *s)
{
    struct crew crew = {.subject = s, .work = work_destroy};
    for (struct part p = part_of(PART_MS / 4); part_goes_on(&p);) {
        crew.handle = import_blob(s, s->row->public_blob, &s->public_blob);
        crew_run(&crew);
        if (atomic_load(&crew.wins) != 1)
            wrong("not exactly one thread has destroyed the key", 0);
    }
    part_report("of threads that destroy one key exactly one succeeds");
}

/* ---- races for finalizing ------------------------------------------------------------------- */

static NTSTATUS set_parameter(const struct row *row, BCRYPT_KEY_HANDLE key, bool other)
{
    ULONG bits = row->bits + (other ? 64 : 0);
    if (row->property != NULL)
        return set_text(key, row->property, other ? row->other : row->value);
    return BCryptSetProperty(key, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, 0);
}

static bool success_or_invalid_handle(NTSTATUS status, const char *what)
{
    if (status != STATUS_SUCCESS && status != STATUS_INVALID_HANDLE)
        wrong(what, status);
    return status == STATUS_SUCCESS;
}

/* Setters change the parameter, finalizers try until one of them has won, others use the key as
 * soon as it can be. */
static void work_finalize(struct crew *crew, unsigned number)
{
    UCHAR bytes[MAX_OUT];
    ULONG n;
    for (unsigned i = 0; !atomic_load(&crew->stop); i++) {
        if (number % 3 == 0 && success_or_invalid_handle(BCryptFinalizeKeyPair(crew->handle, 0),
                                                         "BCryptFinalizeKeyPair")) {
            atomic_fetch_add(&crew->wins, 1);
            atomic_store(&crew->stop, true);
        } else if (number % 3 == 1) {
            success_or_invalid_handle(set_parameter(crew->row, crew->handle, i % 2 == 0),
                                      "BCryptSetProperty");
            success_or_invalid_handle(
                BCryptGetProperty(crew->handle, BCRYPT_KEY_LENGTH, bytes, sizeof bytes, &n, 0),
                "BCryptGetProperty");
        } else if (number % 3 == 2) {
            success_or_invalid_handle(BCryptExportKey(crew->handle, NULL, crew->row->private_blob,
                                                      bytes, sizeof bytes, &n, 0),
                                      "BCryptExportKey");
        }
        if (i % 64 == 63)
            sched_yield();
    }
    NTSTATUS late = number % 3 == 1 ? set_parameter(crew->row, crew->handle, true)
                                    : BCryptFinalizeKeyPair(crew->handle, 0);
    if (late != STATUS_INVALID_HANDLE)
        wrong("a final key takes a property or is finalized again", late);
}

/* The key is one that imports: its halves belong together. */
static void check_winner(struct crew *crew, BCRYPT_ALG_HANDLE alg)
{
    struct blob blob = export_blob(crew->handle, crew->row->private_blob);
    BCRYPT_KEY_HANDLE copy = NULL;
    if (crew->row->property != NULL && text_equal(crew->row->property, BCRYPT_ECC_CURVE_NAME)) {
        WCHAR curve[64];
        ULONG n;
        must(BCryptGetProperty(crew->handle, BCRYPT_ECC_CURVE_NAME, (PUCHAR)curve, sizeof curve, &n,
                               0) == STATUS_SUCCESS,
             "curve");
        must(set_text(alg, BCRYPT_ECC_CURVE_NAME, curve) == STATUS_SUCCESS, "set the curve");
    }
    NTSTATUS status =
        BCryptImportKeyPair(alg, NULL, crew->row->private_blob, &copy, blob.p, blob.n, 0);
    if (status != STATUS_SUCCESS)
        wrong("importing the blob of the key that was raced for", status);
    else
        BCryptDestroyKey(copy);
    free(blob.p);
}

static void check_finalize_race(const struct row *row)
{
    struct crew crew = {.row = row, .work = work_finalize};
    for (struct part p = part_of(PART_MS); part_goes_on(&p);) {
        BCRYPT_ALG_HANDLE alg = NULL;
        must(BCryptOpenAlgorithmProvider(&alg, row->alg, NULL, 0) == STATUS_SUCCESS, "open");
        must(BCryptGenerateKeyPair(alg, &crew.handle, row->bits, 0) == STATUS_SUCCESS, "generate");
        must(set_parameter(row, crew.handle, false) == STATUS_SUCCESS, "set the parameter");
        crew_run(&crew);
        if (atomic_load(&crew.wins) != 1)
            wrong("not exactly one thread has finalized the key", 0);
        check_winner(&crew, alg);
        BCryptDestroyKey(crew.handle);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
    part_report("of threads that finalize one key, amid others that set its properties, exactly "
                "one succeeds");
}

static const struct row finalize_rows[] = {
    {.label = "RSA 512 or 576", .alg = BCRYPT_RSA_ALGORITHM, .bits = 512, RSA_BLOBS},
    {.label = "DH 768 or 832",
     .alg = BCRYPT_DH_ALGORITHM,
     .bits = 768,
     .private_blob = BCRYPT_DH_PRIVATE_BLOB},
    {.label = "ECDSA on two curves",
     .alg = BCRYPT_ECDSA_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_NISTP256, BCRYPT_ECC_CURVE_NISTP384),
     ECC_BLOBS},
    {.label = "ECDH on two kinds of curve",
     .alg = BCRYPT_ECDH_ALGORITHM,
     CURVE(BCRYPT_ECC_CURVE_25519, BCRYPT_ECC_CURVE_NISTP256),
     ECC_BLOBS},
    {.label = "ML-KEM 512 or 768",
     .alg = BCRYPT_MLKEM_ALGORITHM,
     SET(BCRYPT_MLKEM_PARAMETER_SET_512, BCRYPT_MLKEM_PARAMETER_SET_768),
     .private_blob = BCRYPT_MLKEM_PRIVATE_BLOB},
};

/* The settings of HKDF are a race of their own. */
static void work_hkdf(struct crew *crew, unsigned number)
{
    UCHAR salt[] = "salt", out[MAX_SECRET];
    ULONG n;
    for (unsigned i = 0; !atomic_load(&crew->stop); i++) {
        if (number % 3 == 0) {
            success_or_invalid_handle(
                set_text(crew->handle, BCRYPT_HKDF_HASH_ALGORITHM, BCRYPT_SHA256_ALGORITHM),
                "set the hash");
        } else if (number % 3 == 1) {
            if (success_or_invalid_handle(
                    BCryptSetProperty(crew->handle, BCRYPT_HKDF_SALT_AND_FINALIZE, salt, 4, 0),
                    "set the salt")) {
                atomic_fetch_add(&crew->wins, 1);
                atomic_store(&crew->stop, true);
            }
        } else if (success_or_invalid_handle(derive(crew->handle, 5, out, &n), "derive")) {
            if (n != crew->subject->derived_n[5] || memcmp(out, crew->subject->derived[5], n) != 0)
                wrong("HKDF gives another key", 0);
        }
        if (i % 64 == 63)
            sched_yield();
    }
}

static void check_hkdf_race(struct subject *s)
{
    struct crew crew = {.subject = s, .work = work_hkdf};
    handles_open(s);
    for (struct part p = part_of(PART_MS / 2); part_goes_on(&p);) {
        must(BCryptSecretAgreement(s->key, s->peer, &crew.handle, 0) == STATUS_SUCCESS, "agree");
        crew_run(&crew);
        if (atomic_load(&crew.wins) != 1)
            wrong("not exactly one thread has finalized HKDF", 0);
        UCHAR out[MAX_SECRET];
        ULONG n = 0;
        if (derive(crew.handle, 5, out, &n) != STATUS_SUCCESS || memcmp(out, s->derived[5], n) != 0)
            wrong("HKDF after the race", 0);
        BCryptDestroySecret(crew.handle);
    }
    handles_close(s);
    part_report("of threads that finalize HKDF exactly one succeeds");
}

/* ---- storms of short lives ------------------------------------------------------------------ */

static enum answer short_life(unsigned salt)
{
    const struct row *row = salt % 2 == 0 ? &rows[3] : &rows[9]; /* cheap to generate */
    BCRYPT_ALG_HANDLE alg = NULL;
    BCRYPT_KEY_HANDLE key = NULL, copy = NULL;
    UCHAR blob[MAX_OUT], noise[32] = {0};
    ULONG n = 0, count = 0;
    EXPECT(BCryptOpenAlgorithmProvider(&alg, row->alg, NULL, 0));
    EXPECT(BCryptGenerateKeyPair(alg, &key, row->bits, 0));
    if (row->property != NULL) {
        EXPECT(set_text(key, row->property, row->value));
        EXPECT(set_text(alg, row->property, row->value));
    }
    EXPECT(BCryptFinalizeKeyPair(key, 0));
    EXPECT(BCryptExportKey(key, NULL, row->private_blob, blob, sizeof blob, &n, 0));
    EXPECT(BCryptImportKeyPair(alg, NULL, row->private_blob, &copy, blob, n, 0));
    if (salt % 4 < 2)
        EXPECT(BCryptCloseAlgorithmProvider(alg, 0));
    if (row->can & SIGN) {
        EXPECT(BCryptSignHash(key, NULL, blob, 32, blob + 32, 64, &n, 0));
        EXPECT(BCryptVerifySignature(copy, NULL, blob, 32, blob + 32, 64, 0));
    } else {
        BCRYPT_SECRET_HANDLE secret = NULL;
        EXPECT(BCryptSecretAgreement(key, copy, &secret, 0));
        EXPECT(BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, noise, sizeof noise, &n, 0));
        EXPECT(BCryptDestroySecret(secret));
    }
    EXPECT(BCryptDestroyKey(key));
    EXPECT(BCryptDestroyKey(copy));
    if (salt % 4 >= 2)
        EXPECT(BCryptCloseAlgorithmProvider(alg, 0));
    BCRYPT_ALGORITHM_IDENTIFIER *list = NULL;
    EXPECT(BCryptEnumAlgorithms(0, &count, &list, 0));
    BCryptFreeBuffer(list);
    EXPECT_TRUE(count >= 12);
    EXPECT(BCryptGenerateKeyPair(BCRYPT_ECDH_P256_ALG_HANDLE, &key, 256, 0));
    EXPECT(BCryptDestroyKey(key));
    EXPECT(BCryptGenRandom(NULL, noise, sizeof noise, BCRYPT_USE_SYSTEM_PREFERRED_RNG));
    EXPECT_TRUE(noise[0] != 0 || noise[9] != 0 || noise[21] != 0 || noise[31] != 0);
    return RIGHT;
}

static void work_storm(struct crew *crew, unsigned number)
{
    for (unsigned i = 0; i < 2 || !atomic_load(&crew->stop); i++) {
        if (short_life(number + i * THREADS) == GONE)
            wrong("a thread's own handle is told to be invalid", STATUS_INVALID_HANDLE);
    }
}

static void check_storms(void)
{
    row_begin("Storms (%d-bit WCHAR)", (int)sizeof(WCHAR) * 8);
    struct crew crew = {.work = work_storm};
    for (struct part p = part_of(5 * PART_MS); part_goes_on(&p);) {
        crew_start(&crew);
        usleep(PART_MS * 1000 / 2);
        atomic_store(&crew.stop, true);
        crew_join(&crew);
    }
    part_report(
        "threads that open, generate, import, use, destroy and close do not meet each other");
}

/* ---- fork ----------------------------------------------------------------------------------- */

#define FORKS 12

/* What a process drew: random bytes, and the nonce of a signature shows in its r. */
struct draw {
    UCHAR random[32], signature[64];
};

static bool draw(BCRYPT_KEY_HANDLE ecdsa, struct draw *d)
{
    UCHAR hash[32] = {1, 2, 3};
    ULONG n;
    return BCryptGenRandom(NULL, d->random, sizeof d->random, BCRYPT_USE_SYSTEM_PREFERRED_RNG) ==
               STATUS_SUCCESS &&
           BCryptSignHash(ecdsa, NULL, hash, sizeof hash, d->signature, sizeof d->signature, &n,
                          0) == STATUS_SUCCESS;
}

/* In the child: everything works, and everything can be destroyed and made anew. */
static void live_in_child(struct subject *s, size_t count, BCRYPT_KEY_HANDLE ecdsa, int out)
{
    struct draw d;
    alarm(60);
    bool good = draw(ecdsa, &d);
    for (size_t i = 0; i < count; i++)
        good = good && do_all(&s[i], (unsigned)i, false) == RIGHT;
    for (size_t i = 0; i < count; i++)
        handles_close(&s[i]);
    good = good && short_life(0) == RIGHT && short_life(1) == RIGHT &&
           BCryptDestroyKey(ecdsa) == STATUS_SUCCESS;
    good = good && atomic_load(&wrongs) == 0 && write(out, &d, sizeof d) == (ssize_t)sizeof d;
    if (!good && atomic_load(&first_wrong) != NULL)
        dprintf(1, "# in a child: 0x%08x from %s\n", atomic_load(&first_status),
                atomic_load(&first_wrong));
    _exit(good ? 0 : 1);
}

static bool fork_once(struct subject *s, size_t count, BCRYPT_KEY_HANDLE ecdsa, struct draw *parent,
                      struct draw *child)
{
    int ends[2];
    must(pipe(ends) == 0, "a pipe");
    pid_t pid = fork();
    must(pid >= 0, "a fork");
    if (pid == 0)
        live_in_child(s, count, ecdsa, ends[1]);
    close(ends[1]);
    bool good =
        draw(ecdsa, parent) && read(ends[0], child, sizeof *child) == (ssize_t)sizeof *child;
    close(ends[0]);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        printf("# a child ended with %s %d\n", WIFSIGNALED(status) ? "signal" : "status",
               WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool all_different(const struct draw *d, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < i; j++) {
            if (memcmp(d[i].random, d[j].random, sizeof d[i].random) == 0 ||
                memcmp(d[i].signature, d[j].signature, sizeof d[i].signature / 2) == 0)
                return false;
        }
    }
    return true;
}

/* The threads rest while the process forks: a lock of libcrypto's that one of them held would be held
 * for ever in the child, as POSIX has it. */
static void check_forks(struct subject *s, size_t count)
{
    row_begin("fork (%d-bit WCHAR)", (int)sizeof(WCHAR) * 8);
    BCRYPT_KEY_HANDLE ecdsa = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, &rows[3]);
    struct crew crews[ROWS];
    struct draw draws[2 * FORKS];
    for (size_t i = 0; i < count; i++) {
        handles_open(&s[i]);
        crews[i] = (struct crew){.subject = &s[i], .work = work_until_stopped};
        crew_start(&crews[i]);
    }
    usleep(1000 * PART_MS);
    for (size_t i = 0; i < count; i++) {
        atomic_store(&crews[i].stop, true);
        crew_join(&crews[i]);
    }
    bool good = true;
    for (size_t i = 0; i < FORKS; i++)
        good = fork_once(s, count, ecdsa, &draws[2 * i], &draws[2 * i + 1]) && good;
    for (size_t i = 0; i < count; i++)
        handles_close(&s[i]);
    BCryptDestroyKey(ecdsa);
    part_report("the parent's threads find everything right");
    tap(good, "children use and destroy keys that other threads used");
    tap(all_different(draws, 2 * FORKS), "parent and children draw different numbers");
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    static struct subject subjects[ROWS];
    size_t forked = 0;
    for (size_t i = 0; i < ROWS; i++) {
        struct subject *s = &subjects[forked];
        row_begin("%s (%d-bit WCHAR)", rows[i].label, (int)sizeof(WCHAR) * 8);
        if (!subject_make(s, &rows[i])) {
            tap_skip("threads", "the installed libcrypto lacks it");
            continue;
        }
        check_shared(s);
        check_destroyed(s);
        check_destroy_race(s);
        if (rows[i].can & AGREE)
            check_hkdf_race(s);
        /* Every other one lives on into the forks. */
        if (i % 3 == 0 && i > 0)
            forked++;
        else
            subject_done(s);
    }
    for (size_t i = 0; i < sizeof finalize_rows / sizeof finalize_rows[0]; i++) {
        BCRYPT_ALG_HANDLE alg = NULL;
        row_begin("%s (%d-bit WCHAR)", finalize_rows[i].label, (int)sizeof(WCHAR) * 8);
        if (BCryptOpenAlgorithmProvider(&alg, finalize_rows[i].alg, NULL, 0) != STATUS_SUCCESS) {
            tap_skip("races", "the installed libcrypto lacks it");
            continue;
        }
        BCryptCloseAlgorithmProvider(alg, 0);
        check_finalize_race(&finalize_rows[i]);
    }
    check_storms();
    check_forks(subjects, forked);
    for (size_t i = 0; i < forked; i++)
        subject_done(&subjects[i]);
    return tap_done();
}
