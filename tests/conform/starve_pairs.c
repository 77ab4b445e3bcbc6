/*
 * Memory that runs out, or a libcrypto that fails (refusing.h), while key pairs are made, imported and used: each request is refused in turn, once and with all that follow. A call then
 * fails or succeeds; when it says success its answer is right; it writes no handle when it fails; what it took it gives back.
 */
#include "refusing.h"

#include "conform_sym.h"

static UCHAR hash[32], text[32], out[4096], back[4096];
static long requests;
static size_t scenarios;

/* ---- keys -------------------------------------------------------------------------------------------------------- */

/* A key that each run imports anew; it was made with memory. */
static struct pair {
    const char *label;
    LPCWSTR alg;
    ULONG bits;
    LPCWSTR property, value;
    LPCWSTR type;
    UCHAR blob[4096];
    ULONG n;
    BCRYPT_ALG_HANDLE open;
} pairs[] = {
    {.label = "RSA", .alg = L"RSA", .bits = 1024, .type = BCRYPT_RSAFULLPRIVATE_BLOB},
    {.label = "ECDSA_P256", .alg = L"ECDSA_P256", .bits = 256, .type = BCRYPT_ECCPRIVATE_BLOB},
    {.label = "ECDSA_P521", .alg = L"ECDSA_P521", .bits = 521, .type = BCRYPT_ECCPRIVATE_BLOB},
    {.label = "ECDSA brainpool",
     .alg = L"ECDSA",
     .property = BCRYPT_ECC_CURVE_NAME,
     .value = BCRYPT_ECC_CURVE_BRAINPOOLP256R1,
     .type = BCRYPT_ECCFULLPRIVATE_BLOB},
    {.label = "ECDH_P384", .alg = L"ECDH_P384", .bits = 384, .type = BCRYPT_ECCPRIVATE_BLOB},
    {.label = "curve25519",
     .alg = L"ECDH",
     .property = BCRYPT_ECC_CURVE_NAME,
     .value = BCRYPT_ECC_CURVE_25519,
     .type = BCRYPT_ECCPRIVATE_BLOB},
    {.label = "DH", .alg = L"DH", .bits = 512, .type = BCRYPT_DH_PRIVATE_BLOB},
    {.label = "DSA", .alg = L"DSA", .bits = 512, .type = BCRYPT_DSA_PRIVATE_BLOB},
    {.label = "ML-KEM",
     .alg = L"ML-KEM",
     .property = BCRYPT_PARAMETER_SET_NAME,
     .value = BCRYPT_MLKEM_PARAMETER_SET_512,
     .type = BCRYPT_MLKEM_PRIVATE_BLOB},
    {.label = "ML-DSA",
     .alg = L"ML-DSA",
     .property = BCRYPT_PARAMETER_SET_NAME,
     .value = BCRYPT_MLDSA_PARAMETER_SET_44,
     .type = BCRYPT_PQDSA_PRIVATE_BLOB},
    {.label = "ECDSA numsP256t1",
     .alg = L"ECDSA",
     .property = BCRYPT_ECC_CURVE_NAME,
     .value = BCRYPT_ECC_CURVE_NUMSP256T1,
     .type = BCRYPT_ECCFULLPRIVATE_BLOB},
    {.label = "ECDH numsP256t1",
     .alg = L"ECDH",
     .property = BCRYPT_ECC_CURVE_NAME,
     .value = BCRYPT_ECC_CURVE_NUMSP256T1,
     .type = BCRYPT_ECCPRIVATE_BLOB},
    {.label = "DSA with SHA-256", .alg = L"DSA", .bits = 2048, .type = BCRYPT_DSA_PRIVATE_BLOB},
};

enum { RSA, P256, P521, BRAINPOOL, P384, X25519, DH, DSA, KEM, PQDSA, TWISTED, TWISTED_DH, DSA2 };

/* A curve is the algorithm's, a parameter set the key's. */
static bool is_curve(const struct pair *p)
{
    return p->property != NULL && text_equal(p->property, BCRYPT_ECC_CURVE_NAME);
}

/* False: the installed libcrypto lacks it. */
static bool pair_begin(struct pair *p)
{
    p->open = open_alg(p->alg);
    if (p->open == NULL)
        return false;
    BCRYPT_KEY_HANDLE key = p->property == NULL ? make_key(p->open, p->bits)
                                                : make_named(p->alg, p->property, p->value);
    p->n = export_to(key, p->type, p->blob, sizeof p->blob);
    BCryptDestroyKey(key);
    if (is_curve(p))
        set_text(p->open, p->property, p->value);
    return p->n > 0;
}

static BCRYPT_KEY_HANDLE key;
static BCRYPT_SECRET_HANDLE shared;

static NTSTATUS load(struct pair *p)
{
    BCRYPT_KEY_HANDLE made = UNTOUCHED;
    NTSTATUS status = BCryptImportKeyPair(p->open, NULL, p->type, &made, p->blob, p->n, 0);
    must((made == UNTOUCHED) == (status < 0), "a handle variable");
    key = status < 0 ? NULL : made;
    return status;
}

/* ---- uses -------------------------------------------------------------------------------------------------------- */

static NTSTATUS sign_with(struct pair *p, VOID *padding, ULONG flags, ULONG n)
{
    STEP(load(p));
    STEP(BCryptSignHash(key, padding, hash, n, out, sizeof out, &got, flags));
    STEP(BCryptVerifySignature(key, padding, hash, n, out, got, flags));
    out[got / 2] ^= 1;
    NTSTATUS status = BCryptVerifySignature(key, padding, hash, n, out, got, flags);
    must(status < 0, "a wrong signature");
    return status == STATUS_INVALID_SIGNATURE ? STATUS_SUCCESS : status;
}

static NTSTATUS sign(struct pair *p)
{
    return sign_with(p, NULL, 0, p == &pairs[DSA] ? 20 : 32);
}

/* Again with a key whose public side has been used before: it keeps more then. */
static NTSTATUS sign_often(struct pair *p)
{
    STEP(sign(p));
    for (int i = 0; i < 12; i++) {
        STEP(BCryptSignHash(key, NULL, hash, 32, out, sizeof out, &got, 0));
        STEP(BCryptVerifySignature(key, NULL, hash, 32, out, got, 0));
    }
    return STATUS_SUCCESS;
}

static NTSTATUS sign_pkcs1(struct pair *p)
{
    BCRYPT_PKCS1_PADDING_INFO info = {BCRYPT_SHA256_ALGORITHM};
    return sign_with(p, &info, BCRYPT_PAD_PKCS1, 32);
}

static NTSTATUS sign_pss(struct pair *p)
{
    BCRYPT_PSS_PADDING_INFO info = {BCRYPT_SHA256_ALGORITHM, 20};
    return sign_with(p, &info, BCRYPT_PAD_PSS, 32);
}

static NTSTATUS crypt_with(struct pair *p, VOID *padding, ULONG flags, ULONG n)
{
    ULONG plain_n;
    STEP(load(p));
    STEP(BCryptEncrypt(key, text, n, padding, NULL, 0, out, sizeof out, &got, flags));
    STEP(BCryptDecrypt(key, out, got, padding, NULL, 0, back, sizeof back, &plain_n, flags));
    must(plain_n >= n && memcmp(back + plain_n - n, text, n) == 0, "a decryption");
    return STATUS_SUCCESS;
}

static NTSTATUS crypt_pkcs1(struct pair *p)
{
    return crypt_with(p, NULL, BCRYPT_PAD_PKCS1, 32);
}

static NTSTATUS crypt_oaep(struct pair *p)
{
    BCRYPT_OAEP_PADDING_INFO info = {BCRYPT_SHA1_ALGORITHM, text, 9};
    return crypt_with(p, &info, BCRYPT_PAD_OAEP, 32);
}

/* With a hash that libcrypto has in its newer interface only. */
static NTSTATUS sign_pss_sha3(struct pair *p)
{
    BCRYPT_PSS_PADDING_INFO info = {BCRYPT_SHA3_256_ALGORITHM, 20};
    return sign_with(p, &info, BCRYPT_PAD_PSS, 32);
}

static NTSTATUS crypt_oaep_sha3(struct pair *p)
{
    BCRYPT_OAEP_PADDING_INFO info = {BCRYPT_SHA3_256_ALGORITHM, text, 9};
    return crypt_with(p, &info, BCRYPT_PAD_OAEP, 32);
}

static NTSTATUS generate(struct pair *p)
{
    BCRYPT_KEY_HANDLE made = UNTOUCHED;
    NTSTATUS status = BCryptGenerateKeyPair(p->open, &made, p->bits, 0);
    must((made == UNTOUCHED) == (status < 0), "a handle variable");
    if (status < 0)
        return status;
    key = made;
    if (p->property != NULL && !is_curve(p))
        STEP(set_text(key, p->property, p->value));
    STEP(BCryptFinalizeKeyPair(key, 0));
    return BCryptExportKey(key, NULL, p->type, out, sizeof out, &got, 0);
}

static NTSTATUS agree(struct pair *p)
{
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer buffers[] = {{sizeof name, KDF_HASH_ALGORITHM, name},
                              {16, KDF_SECRET_PREPEND, text}};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 2, buffers};
    STEP(load(p));
    STEP(BCryptSecretAgreement(key, key, &shared, 0));
    STEP(BCryptDeriveKey(shared, BCRYPT_KDF_HASH, &list, out, 32, &got, 0));
    STEP(BCryptDeriveKey(shared, BCRYPT_KDF_HMAC, &list, back, 32, &got, 0));
    must(memcmp(out, back, 32) != 0, "two derivations");
    return STATUS_SUCCESS;
}

static NTSTATUS encapsulate(struct pair *p)
{
    ULONG n, cipher_n;
    STEP(load(p));
    STEP(BCryptEncapsulate(key, back, 32, &n, out, sizeof out, &cipher_n, 0));
    STEP(BCryptDecapsulate(key, out, cipher_n, back + 32, 32, &n, 0));
    must(memcmp(back, back + 32, 32) == 0, "a shared secret");
    return STATUS_SUCCESS;
}

/* Out in every format that there is for the key, and in again; attributes of what came in. */
static NTSTATUS convey(struct pair *p)
{
    static const LPCWSTR types[] = {
        BCRYPT_RSAPUBLIC_BLOB,          BCRYPT_RSAPRIVATE_BLOB,    BCRYPT_RSAFULLPRIVATE_BLOB,
        LEGACY_RSAPUBLIC_BLOB,          LEGACY_RSAPRIVATE_BLOB,    BCRYPT_ECCPUBLIC_BLOB,
        BCRYPT_ECCPRIVATE_BLOB,         BCRYPT_ECCFULLPUBLIC_BLOB, BCRYPT_ECCFULLPRIVATE_BLOB,
        BCRYPT_DH_PUBLIC_BLOB,          BCRYPT_DH_PRIVATE_BLOB,    LEGACY_DH_PUBLIC_BLOB,
        LEGACY_DH_PRIVATE_BLOB,         BCRYPT_DSA_PUBLIC_BLOB,    BCRYPT_DSA_PRIVATE_BLOB,
        LEGACY_DSA_PUBLIC_BLOB,         LEGACY_DSA_PRIVATE_BLOB,   LEGACY_DSA_V2_PUBLIC_BLOB,
        LEGACY_DSA_V2_PRIVATE_BLOB,     BCRYPT_PQDSA_PUBLIC_BLOB,  BCRYPT_PQDSA_PRIVATE_BLOB,
        BCRYPT_PQDSA_PRIVATE_SEED_BLOB, BCRYPT_MLKEM_PUBLIC_BLOB,  BCRYPT_MLKEM_PRIVATE_BLOB,
        BCRYPT_MLKEM_PRIVATE_SEED_BLOB};
    STEP(load(p));
    BCRYPT_KEY_HANDLE first = key;
    NTSTATUS status = STATUS_SUCCESS;
    for (size_t i = 0; i < COUNT(types) && status >= 0; i++) {
        NTSTATUS exported = BCryptExportKey(first, NULL, types[i], out, sizeof out, &got, 0);
        if (exported == STATUS_NOT_SUPPORTED)
            continue;
        BCRYPT_KEY_HANDLE again = NULL;
        status = exported < 0 ? exported : import_from(p->open, types[i], out, got, 0, &again);
        if (status == STATUS_NOT_SUPPORTED) /* some only go out */
            status = STATUS_SUCCESS;
        else if (status >= 0)
            status = BCryptGetProperty(again, BCRYPT_ALGORITHM_NAME, back, sizeof back, &got, 0);
        BCryptDestroyKey(again);
    }
    return status;
}

/* Parameters of a curve without a name (secp112r1, SEC 2 version 1), which are validated, and a key on it. */
static NTSTATUS unnamed(struct pair *p)
{
    UCHAR parameters[28 + 7 * 14] = {1, 0, 0,  0, 1, 0, 0, 0, 0, 0, 0, 0, 14, 0,
                                     0, 0, 14, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0,  0};
    ULONG n =
        28 + unhex(parameters + 28, "db7c2abf62e35e668076bead208bdb7c2abf62e35e668076bead2088"
                                    "659ef8ba043916eede8911702b2209487239995a5ee76b55f9c2f098"
                                    "a89ce5af8724c0a23e0e0ff77500db7c2abf62e35e7628dfac6561c501");
    BCRYPT_ALG_HANDLE alg = NULL;
    STEP(BCryptOpenAlgorithmProvider(&alg, p->alg, NULL, 0));
    NTSTATUS status = BCryptSetProperty(alg, BCRYPT_ECC_PARAMETERS, parameters, n, 0);
    if (status >= 0)
        status = BCryptGenerateKeyPair(alg, &key, 0, 0);
    if (status >= 0)
        status = BCryptFinalizeKeyPair(key, 0);
    if (status >= 0)
        status = BCryptSignHash(key, NULL, hash, 32, out, sizeof out, &got, 0);
    if (status >= 0)
        status = BCryptVerifySignature(key, NULL, hash, 32, out, got, 0);
    if (status >= 0)
        status = BCryptExportKey(key, NULL, BCRYPT_ECCFULLPRIVATE_BLOB, out, sizeof out, &got, 0);
    BCryptDestroyKey(key);
    key = NULL;
    if (status >= 0)
        status = import_from(alg, BCRYPT_ECCFULLPRIVATE_BLOB, out, got, 0, &key);
    BCryptCloseAlgorithmProvider(alg, 0);
    return status;
}

/* A key that goes under an AES key, and that under the RSA key (PKCS #11). */
static NTSTATUS wrap(struct pair *p)
{
    BCRYPT_KEY_HANDLE inner = NULL;
    STEP(load(p));
    NTSTATUS status =
        BCryptGenerateSymmetricKey(BCRYPT_AES_CBC_ALG_HANDLE, &inner, NULL, 0, text, 32, 0);
    if (status >= 0)
        status = BCryptExportKey(inner, key, BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, out, sizeof out,
                                 &got, 0);
    BCryptDestroyKey(inner);
    inner = NULL;
    if (status >= 0)
        status = BCryptImportKey(BCRYPT_AES_CBC_ALG_HANDLE, key,
                                 BCRYPT_PKCS11_RSA_AES_WRAP_KEY_BLOB, &inner, NULL, 0, out, got, 0);
    BCryptDestroyKey(inner);
    return status;
}

static const struct use {
    const char *label;
    int pair;
    NTSTATUS (*call)(struct pair *p);
    bool slow;
} uses[] = {
    {"PKCS #1 signature", RSA, sign_pkcs1, false},
    {"PSS signature", RSA, sign_pss, false},
    {"PKCS #1 encryption", RSA, crypt_pkcs1, false},
    {"OAEP encryption", RSA, crypt_oaep, false},
    {"PSS signature with SHA3", RSA, sign_pss_sha3, false},
    {"OAEP encryption with SHA3", RSA, crypt_oaep_sha3, false},
    {"signature", P256, sign, false},
    {"signature", P521, sign, true},
    {"signature", BRAINPOOL, sign, true},
    {"signature", DSA, sign, false},
    {"signature", PQDSA, sign, false},
    {"agreement", P384, agree, true},
    {"agreement", X25519, agree, false},
    {"agreement", DH, agree, false},
    {"encapsulation", KEM, encapsulate, false},
    {"generation", P256, generate, false},
    {"generation", P384, generate, true},
    {"generation", BRAINPOOL, generate, true},
    {"generation", X25519, generate, false},
    {"generation", KEM, generate, false},
    {"generation", PQDSA, generate, false},
    {"signature", TWISTED, sign, true},
    {"generation", TWISTED, generate, true},
    {"agreement", TWISTED_DH, agree, true},
    {"generation", RSA, generate, true},
    {"generation", DSA, generate, true},
    {"generation", DH, generate, true},
    {"thirteen signatures", DSA2, sign_often, true},
    {"parameters of a curve without a name", BRAINPOOL, unnamed, true},
    {"wrapping", RSA, wrap, false},
    {"every format", RSA, convey, true},
    {"every format", P256, convey, true},
    {"every format", BRAINPOOL, convey, true},
    {"every format", TWISTED, convey, true},
    {"every format", X25519, convey, true},
    {"every format", DH, convey, true},
    {"every format", DSA, convey, true},
    {"every format", DSA2, convey, true},
    {"every format", KEM, convey, true},
    {"every format", PQDSA, convey, true},
};

static NTSTATUS starve(const struct use *u, long k)
{
    key = NULL;
    shared = NULL;
    refused = false;
    countdown = k;
    NTSTATUS status = u->call(&pairs[u->pair]);
    countdown = -1;
    BCryptDestroyKey(key);
    BCryptDestroySecret(shared);
    return status;
}

#define REQUESTS_MAX 20000
#define ROUNDS_SHORT 3
#define ROUNDS_LONG 180

/* Blocks that are held more after the last two thirds of the rounds. */
static long growth(const struct use *u, long k, int rounds, bool *statuses)
{
    long before = 0;
    for (int round = 0; round < rounds; round++) {
        *statuses = (starve(u, k) >= 0 || refused) && *statuses;
        if (round == rounds / 3)
            before = held;
    }
    return held - before;
}

/* Whether the request can be refused without blocks being lost. libcrypto keeps the texts of its last sixteen errors, three blocks each: what grows has
 * to be seen to go on growing when these have all been replaced, and by more than they are. */
static bool refuse_one(const struct use *u, long k, bool *statuses)
{
    if (growth(u, k, ROUNDS_SHORT, statuses) <= 0)
        return true;
    long more = growth(u, k, ROUNDS_LONG, statuses);
    if (more < ROUNDS_LONG / 3)
        return true;
    printf("# request %ld%s: %ld blocks more\n", k, for_ever ? " and all that follow" : "", more);
    return false;
}

static void check_use(const struct use *u)
{
    bool tidy = true, statuses = true;
    row_begin("%s, %s (%d-bit WCHAR)", pairs[u->pair].label, u->label, (int)sizeof(WCHAR) * 8);
    if (pairs[u->pair].n == 0) {
        tap_skip("without memory", "the installed libcrypto lacks it");
        return;
    }
    wrong = NULL;
    bool good = starve(u, -1) == STATUS_SUCCESS && starve(u, -1) == STATUS_SUCCESS;
    tap(good && wrong == NULL, "with all that it asks for");
    long k = 0;
    /* Whoever needs hundreds of requests needs them for the same few things again and again. */
    for (; k < REQUESTS_MAX; k += u->slow && k > 40 ? 11 + k / 20 : 1) {
        for_ever = false;
        tidy = refuse_one(u, k, &statuses) && tidy;
        if (!refused)
            break;
        for_ever = true;
        tidy = refuse_one(u, k, &statuses) && tidy;
        for_ever = false;
    }
    printf("# %ld requests\n", k);
    requests += k;
    scenarios++;
    tap(wrong == NULL, "refused: what says success is right, what fails writes no handle");
    if (wrong != NULL)
        printf("# %s\n", wrong);
    tap(statuses, "only a refusal makes a call fail");
    tap(tidy, "and gives back what it took");
    tap(starve(u, -1) == STATUS_SUCCESS && wrong == NULL, "and with all that it asks for again");
}

int main(int argc, char **argv)
{
    refusing_begin(argc < 2 || strcmp(argv[1], "evp") != 0);
    fill(hash, sizeof hash);
    fill(text, sizeof text);
    for (size_t i = 0; i < COUNT(pairs); i++)
        pair_begin(&pairs[i]);
    for (size_t i = 0; i < COUNT(uses); i++)
        check_use(&uses[i]);
    printf("# " REFUSED_FIGURE "%zu scenarios of key pairs, %ld " REFUSED_THINGS
           " refused once and for good\n",
           scenarios, requests);
    for (size_t i = 0; i < COUNT(pairs); i++)
        BCryptCloseAlgorithmProvider(pairs[i].open, 0);
    return tap_done();
}
