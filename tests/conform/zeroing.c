/*
 * Nothing of a secret stays behind. Keys of every kind are imported, used, refused and destroyed on a painted stack; the program's own
 * malloc looks at every block before it is given back or moved, and afterwards the whole of the process's writable memory is looked
 * through: the stack, the heap, the pool of locked memory, the libraries' own data. What is looked for is any sixteen bytes in a row of a
 * secret, in either order of bytes.
 *
 * The secrets themselves are known to this program's static data alone, which is left out.
 */
#include "conform_sym.h"

#include <malloc.h>
#include <stdint.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include <ncrypt.h>

#define WINDOW 16

/* ---- what is looked for ------------------------------------------------------------------------------------------ */

#define WINDOWS_MOST 40000

static UCHAR windows[WINDOWS_MOST][WINDOW];
static size_t window_count;
/* By their first two bytes: the first window and the next one, plus 1; 0: none. */
static unsigned short first_window[65536], next_window[WINDOWS_MOST];

static bool is_plain(const UCHAR *p)
{
    /* Fewer than four different bytes: nothing that is a secret, and everything that memory is full of. */
    unsigned different = 0;
    for (int i = 0; i < WINDOW; i++)
        different += memchr(p, p[i], (size_t)i) == NULL;
    return different < 6;
}

static void look_for_window(const UCHAR *p)
{
    if (is_plain(p) || window_count == WINDOWS_MOST)
        return;
    unsigned short *first = &first_window[p[0] << 8 | p[1]];
    memcpy(windows[window_count], p, WINDOW);
    next_window[window_count] = *first;
    *first = (unsigned short)++window_count;
}

static void look_for(const UCHAR *p, size_t n)
{
    static UCHAR back[8192];
    for (size_t i = 0; i < n; i++)
        back[i] = p[n - 1 - i];
    for (size_t i = 0; i + WINDOW <= n; i++) {
        look_for_window(p + i);
        look_for_window(back + i);
    }
}

static void look_for_nothing(void)
{
    window_count = 0;
    memset(first_window, 0, sizeof first_window);
}

static const UCHAR *find_secret(const UCHAR *p, size_t n)
{
    for (size_t i = 0; i + WINDOW <= n; i++) {
        for (size_t k = first_window[p[i] << 8 | p[i + 1]]; k != 0; k = next_window[k - 1]) {
            if (memcmp(p + i, windows[k - 1], WINDOW) == 0)
                return p + i;
        }
    }
    return NULL;
}

/* ---- the heap ---------------------------------------------------------------------------------------------------- */

extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);

static _Atomic size_t freed_blocks, freed_secrets;
static size_t freed_bytes; /* of the first that had one */

static void look_at_block(const void *p)
{
    if (p == NULL || window_count == 0)
        return;
    size_t n = malloc_usable_size((void *)p);
    freed_blocks++;
    if (find_secret(p, n) != NULL && freed_secrets++ == 0)
        freed_bytes = n;
}

#define SEEN __attribute__((visibility("default")))

SEEN void free(void *p)
{
    look_at_block(p);
    __libc_free(p);
}

SEEN void *realloc(void *p, size_t n)
{
    look_at_block(p);
    return __libc_realloc(p, n);
}

/* ---- all memory -------------------------------------------------------------------------------------------------- */

static char own_name[512];

/* The parts of the address space that can be written to, but for this program's own data. Gives where a secret is, or NULL. */
static const UCHAR *find_anywhere(char *where, size_t cap)
{
    char line[1024];
    FILE *maps = fopen("/proc/self/maps", "r");
    const UCHAR *found = NULL;
    bool own = false;
    while (maps != NULL && found == NULL && fgets(line, sizeof line, maps) != NULL) {
        uintptr_t from, to;
        char modes[8], name[512] = "";
        if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %511s", &from, &to, modes, name) < 3)
            continue;
        /* The anonymous part behind the program's file is its .bss. */
        own = strcmp(name, own_name) == 0 || (own && name[0] == '\0');
        if (own || modes[0] != 'r' || modes[1] != 'w')
            continue;
        found = find_secret((const UCHAR *)from, to - from);
        if (found != NULL)
            snprintf(where, cap, "%s at %lx of %lx-%lx",
                     name[0] == '\0' ? "anonymous memory" : name, (unsigned long)(uintptr_t)found,
                     from, to);
    }
    if (maps != NULL)
        fclose(maps);
    return found;
}

/* ---- subjects ---------------------------------------------------------------------------------------------------- */

struct part {
    ULONG at, n; /* of the blob; n 0 ends them */
};

struct subject {
    const char *label;
    LPCWSTR alg;
    ULONG bits;
    LPCWSTR property, value, type;
    struct part secret[6];
    size_t left; /* blocks that libcrypto gives back with a part of the secret in them */
};

static const struct subject subjects[] = {
    {"RSA 1024",
     L"RSA",
     1024,
     NULL,
     NULL,
     BCRYPT_RSAFULLPRIVATE_BLOB,
     {{24 + 3 + 128, 64},
      {24 + 3 + 192, 64},
      {24 + 3 + 256, 64},
      {24 + 3 + 320, 64},
      {24 + 3 + 384, 64},
      {24 + 3 + 448, 128}}},
    {"ECDSA_P256", L"ECDSA_P256", 256, NULL, NULL, BCRYPT_ECCPRIVATE_BLOB, {{8 + 64, 32}}},
    {"ECDSA_P384", L"ECDSA_P384", 384, NULL, NULL, BCRYPT_ECCPRIVATE_BLOB, {{8 + 96, 48}}},
    {"ECDSA_P521", L"ECDSA_P521", 521, NULL, NULL, BCRYPT_ECCPRIVATE_BLOB, {{8 + 132, 66}}},
    {"ECDSA brainpoolP256r1",
     L"ECDSA",
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_BRAINPOOLP256R1,
     BCRYPT_ECCPRIVATE_BLOB,
     {{8 + 64, 32}}},
    /* ecp_nistz256_windowed_mul frees the scalar's bytes as they are, once in a multiplication (3.0 to 3.5). */
    {"ECDH_P256", L"ECDH_P256", 256, NULL, NULL, BCRYPT_ECCPRIVATE_BLOB, {{8 + 64, 32}}, 1},
    {"curve25519",
     L"ECDH",
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_25519,
     BCRYPT_ECCPRIVATE_BLOB,
     {{8 + 64, 32}}},
    {"DH 1024", L"DH", 1024, NULL, NULL, BCRYPT_DH_PRIVATE_BLOB, {{8 + 3 * 128, 128}}},
    {"DSA 1024", L"DSA", 1024, NULL, NULL, BCRYPT_DSA_PRIVATE_BLOB, {{52 + 3 * 128, 20}}},
    {"ML-KEM 768",
     L"ML-KEM",
     0,
     BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_MLKEM_PARAMETER_SET_768,
     BCRYPT_MLKEM_PRIVATE_SEED_BLOB,
     {{12 + 8, 64}}},
    {"ML-DSA 44",
     L"ML-DSA",
     0,
     BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_MLDSA_PARAMETER_SET_44,
     BCRYPT_PQDSA_PRIVATE_SEED_BLOB,
     {{12 + 6, 32}}},
};

static UCHAR blob[8192], outputs[8192], more[4096];
static ULONG blob_n;
static BCRYPT_ALG_HANDLE alg;
static const struct subject *now;
static const char *step; /* for the report */

static NTSTATUS sign_and_verify(BCRYPT_KEY_HANDLE key)
{
    BCRYPT_PKCS1_PADDING_INFO sha256 = {BCRYPT_SHA256_ALGORITHM};
    bool rsa = now->alg[0] == L'R';
    ULONG n = now->alg[0] == L'D' ? 20 : 32;
    NTSTATUS status = BCryptSignHash(key, rsa ? &sha256 : NULL, more, n, outputs, sizeof outputs,
                                     &got, rsa ? BCRYPT_PAD_PKCS1 : 0);
    if (status == STATUS_SUCCESS)
        status = BCryptVerifySignature(key, rsa ? &sha256 : NULL, more, n, outputs, got,
                                       rsa ? BCRYPT_PAD_PKCS1 : 0);
    return status;
}

static NTSTATUS decrypt(BCRYPT_KEY_HANDLE key)
{
    NTSTATUS status = BCryptEncrypt(key, more, 16, NULL, NULL, 0, outputs, sizeof outputs, &got,
                                    BCRYPT_PAD_PKCS1);
    if (status == STATUS_SUCCESS)
        status = BCryptDecrypt(key, outputs, got, NULL, NULL, 0, outputs + 4096, 4096, &got,
                               BCRYPT_PAD_PKCS1);
    return status;
}

static NTSTATUS decrypt_what_is_none(BCRYPT_KEY_HANDLE key)
{
    NTSTATUS status = BCryptEncrypt(key, more, 16, NULL, NULL, 0, outputs, sizeof outputs, &got,
                                    BCRYPT_PAD_PKCS1);
    outputs[0] ^= 1;
    if (status == STATUS_SUCCESS)
        BCryptDecrypt(key, outputs, got, NULL, NULL, 0, outputs + 4096, 4096, &got,
                      BCRYPT_PAD_PKCS1);
    return status;
}

static NTSTATUS agree(BCRYPT_KEY_HANDLE key)
{
    BCRYPT_SECRET_HANDLE agreed = NULL;
    NTSTATUS status = BCryptSecretAgreement(key, key, &agreed, 0);
    if (status == STATUS_SUCCESS) {
        status = BCryptDeriveKey(agreed, BCRYPT_KDF_HASH, NULL, outputs, 32, &got, 0);
        BCryptDestroySecret(agreed);
    }
    return status;
}

static NTSTATUS decapsulate(BCRYPT_KEY_HANDLE key)
{
    ULONG n;
    NTSTATUS status = BCryptEncapsulate(key, outputs + 4096, 32, &n, outputs, 4096, &got, 0);
    if (status == STATUS_SUCCESS)
        status = BCryptDecapsulate(key, outputs, got, outputs + 4096, 32, &n, 0);
    return status;
}

static NTSTATUS export_it(BCRYPT_KEY_HANDLE key)
{
    return BCryptExportKey(key, NULL, now->type, outputs, sizeof outputs, &got, 0);
}

static NTSTATUS nothing(BCRYPT_KEY_HANDLE key)
{
    (void)key;
    return STATUS_SUCCESS;
}

/* Each alone, on a stack on which nothing comes after it but destroying the key. */
static const struct use {
    const char *label;
    NTSTATUS (*run)(BCRYPT_KEY_HANDLE key);
    bool agrees; /* where libcrypto leaves what it leaves */
} uses[] = {
    {"imported", nothing},   {"signs and verifies", sign_and_verify},
    {"decrypts", decrypt},   {"decrypts what is no ciphertext", decrypt_what_is_none},
    {"agrees", agree, true}, {"decapsulates", decapsulate},
    {"exported", export_it},
};

static const struct use *use;
static NTSTATUS used;

static void live(void)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptImportKeyPair(alg, NULL, now->type, &key, blob, blob_n, 0) < 0) {
        step = "the import";
        return;
    }
    used = use->run(key);
    BCryptDestroyKey(key);
}

/* For a wrong public part. */
static void refused(void)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptImportKeyPair(alg, NULL, now->type, &key, blob, blob_n, 0) == STATUS_SUCCESS)
        BCryptDestroyKey(key);
}

/* For a wrong size. */
static void cut(void)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptImportKeyPair(alg, NULL, now->type, &key, blob, blob_n - 1, 0) == STATUS_SUCCESS)
        BCryptDestroyKey(key);
}

/* ---- symmetric ones ---------------------------------------------------------------------------------------------- */

static UCHAR secret[64];
static bool cleared; /* what a failed decryption should have written is zero */

#define NONCE 12

static const struct symmetric {
    const char *label;
    LPCWSTR alg, mode;
    ULONG n, iv; /* iv: NONCE for the authenticated ones */
} symmetrics[] = {
    {"AES-CBC", L"AES", BCRYPT_CHAIN_MODE_CBC, 32, 16},
    {"AES-GCM", L"AES", BCRYPT_CHAIN_MODE_GCM, 32, NONCE},
    {"AES-CCM", L"AES", BCRYPT_CHAIN_MODE_CCM, 16, NONCE},
    {"CHACHA20_POLY1305", L"CHACHA20_POLY1305", NULL, 32, NONCE},
    {"XTS-AES", L"XTS-AES", NULL, 64, 8},
    {"3DES", L"3DES", BCRYPT_CHAIN_MODE_CBC, 24, 8},
    {"RC2", L"RC2", BCRYPT_CHAIN_MODE_CBC, 16, 8},
    {"RC4", L"RC4", NULL, 32, 0},
};

static void seal_and_open(BCRYPT_KEY_HANDLE key)
{
    UCHAR nonce[12] = {1}, tag[16];
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = 12;
    info.pbTag = tag;
    info.cbTag = 16;
    cleared = cleared && BCryptEncrypt(key, more, 64, &info, NULL, 0, outputs, 64, &got, 0) >= 0;
    BCryptDecrypt(key, outputs, 64, &info, NULL, 0, outputs + 64, 64, &got, 0);
    tag[0] ^= 1;
    memset(outputs + 64, 0, 64);
    NTSTATUS status = BCryptDecrypt(key, outputs, 64, &info, NULL, 0, outputs + 64, 64, &got, 0);
    cleared = cleared && status == STATUS_AUTH_TAG_MISMATCH && all_bytes(outputs + 64, 64, 0);
}

static const struct symmetric *cipher;

static void live_symmetric(void)
{
    const struct symmetric *s = cipher;
    UCHAR iv[16] = {2};
    BCRYPT_ALG_HANDLE a = open_with(s->alg, s->mode, 0);
    BCRYPT_KEY_HANDLE key = sym_key(a, secret, s->n), copy = NULL;
    if (s->iv == NONCE) {
        seal_and_open(key);
    } else {
        BCryptEncrypt(key, more, 64, NULL, iv, s->iv, outputs, sizeof outputs, &got, 0);
        BCryptDecrypt(key, more, 64, NULL, iv, s->iv, outputs, sizeof outputs, &got, 0);
        BCryptDecrypt(key, more, 64, NULL, iv, s->iv, outputs, sizeof outputs, &got,
                      BCRYPT_BLOCK_PADDING);
    }
    BCryptDuplicateKey(key, &copy, NULL, 0, 0);
    BCryptDestroyKey(copy);
    BCryptDestroyKey(key);
    if (BCryptGenerateSymmetricKey(a, &key, NULL, 0, secret, s->n - 1, 0) == STATUS_SUCCESS)
        BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(a, 0);
}

/* Keys of authentication codes, passwords, input of derivations. */
static LPCWSTR code;

static void live_hmac(void)
{
    BCRYPT_HASH_HANDLE hash = NULL;
    BCRYPT_ALG_HANDLE a = open_with(code, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    BCryptCreateHash(a, &hash, NULL, 0, secret, 64, 0);
    BCryptHashData(hash, more, 100, 0);
    BCryptFinishHash(hash, outputs, get_u32(a, BCRYPT_HASH_LENGTH), 0);
    BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(a, 0);
}

static void live_hmac_at_once(void)
{
    BCRYPT_ALG_HANDLE a = open_with(code, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    BCryptHash(a, secret, 48, more, 100, outputs, get_u32(a, BCRYPT_HASH_LENGTH));
    BCryptCloseAlgorithmProvider(a, 0);
}

static void live_password(void)
{
    BCRYPT_ALG_HANDLE a = open_with(code, NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
    BCryptDeriveKeyPBKDF2(a, secret, 40, more, 8, 10, outputs, 40, 0);
    BCryptCloseAlgorithmProvider(a, 0);
}

static void live_mac(void)
{
    BCRYPT_HASH_HANDLE hash = NULL;
    BCRYPT_ALG_HANDLE a = open_alg(code);
    BCryptCreateHash(a, &hash, NULL, 0, secret, 16, 0);
    BCryptHashData(hash, more, 100, 0);
    BCryptFinishHash(hash, outputs, 16, 0);
    BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(a, 0);
}

static void live_derivation(void)
{
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer buffers[] = {{sizeof name, KDF_HASH_ALGORITHM, name}, {8, KDF_SALT, more}};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 2, buffers};
    BCRYPT_ALG_HANDLE a = open_alg(code);
    BCRYPT_KEY_HANDLE key = sym_key(a, secret, 40);
    BCryptKeyDerivation(key, &list, outputs, 40, &got, 0);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(a, 0);
}

static const struct keyed {
    const char *label;
    LPCWSTR alg;
    void (*live)(void);
} keyeds[] = {
#define HASH_ROWS(label, alg)                                                                      \
    {"HMAC-" label, alg, live_hmac}, {"HMAC-" label " at once", alg, live_hmac_at_once},           \
    {                                                                                              \
        "a password, " label, alg, live_password                                                   \
    }
    HASH_ROWS("MD5", L"MD5"),
    HASH_ROWS("SHA1", L"SHA1"),
    HASH_ROWS("SHA256", L"SHA256"),
    HASH_ROWS("SHA512", L"SHA512"),
    HASH_ROWS("SHA3-256", L"SHA3-256"),
#undef HASH_ROWS
    {"AES-CMAC", L"AES-CMAC", live_mac},
    {"AES-GMAC", L"AES-GMAC", live_mac},
    {"PBKDF2", L"PBKDF2", live_derivation},
};

/* ---- a painted stack --------------------------------------------------------------------------------------------- */

#define STACK_BYTES (1u << 20)

static ucontext_t outside, within;

/* A context, not a thread: nothing runs on the stack after `what`, and nobody gives its pages back. */
static void run_on_stack(void (*what)(void))
{
    static UCHAR *stack;
    if (stack == NULL)
        stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (stack == MAP_FAILED || getcontext(&within) != 0)
        abort();
    memset(stack, 0xA5, STACK_BYTES);
    within.uc_stack.ss_sp = stack;
    within.uc_stack.ss_size = STACK_BYTES;
    within.uc_link = &outside;
    makecontext(&within, what, 0);
    if (swapcontext(&outside, &within) != 0)
        abort();
}

static size_t kinds, scanned; /* secrets, and searches of all memory */

static void judge(void (*what)(void), size_t left)
{
    char where[700] = "";
    step = NULL;
    cleared = true;
    freed_secrets = 0;
    run_on_stack(what);
    const UCHAR *found = find_anywhere(where, sizeof where);
    tap(freed_secrets <= left, left == 0
                                   ? "no block that is given back holds a part of it"
                                   : "no block of ours that is given back holds a part of it");
    if (freed_secrets > left)
        printf("# %zu blocks, the first of %zu bytes\n", (size_t)freed_secrets, freed_bytes);
    tap(found == NULL, "nothing of it is left anywhere in memory");
    if (found != NULL)
        printf("# in %s\n", where);
    tap(step == NULL && cleared, "everything was done, and a failed decryption gave nothing");
    scanned++;
}

static void check_subject(const struct subject *s)
{
    now = s;
    row_begin("%s", s->label);
    alg = open_alg(s->alg);
    if (alg == NULL) {
        tap_skip("zeroing", "the installed libcrypto lacks it");
        return;
    }
    BCRYPT_KEY_HANDLE key =
        s->property == NULL ? make_key(alg, s->bits) : make_named(s->alg, s->property, s->value);
    blob_n = export_to(key, s->type, blob, sizeof blob);
    BCryptDestroyKey(key);
    if (s->property != NULL && text_equal(s->property, BCRYPT_ECC_CURVE_NAME))
        set_text(alg, s->property, s->value);
    look_for_nothing();
    for (size_t i = 0; i < COUNT(s->secret) && s->secret[i].n != 0; i++)
        look_for(blob + s->secret[i].at, s->secret[i].n);
    size_t uses_run = 0;
    for (size_t i = 0; i < COUNT(uses); i++) {
        use = &uses[i];
        live(); /* the first time: can it? */
        if (used != STATUS_SUCCESS)
            continue;
        uses_run++;
        row_begin("%s, %s", s->label, use->label);
        judge(live, use->agrees ? s->left : 0);
    }
    row_begin("%s, refused", s->label);
    const ULONG public_at = s->secret[0].at - 1;
    blob[public_at] ^= 1;
    judge(refused, 0);
    blob[public_at] ^= 1;
    row_begin("%s, cut", s->label);
    judge(cut, 0);
    tap(uses_run >= 3, "it was of use");
    kinds++;
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* A secret that is kept on purpose is found: on the stack, and in a block that is given back. */
static void keep_on_stack(void)
{
    volatile UCHAR kept[32];
    for (size_t i = 0; i < sizeof kept; i++)
        kept[i] = secret[i];
}

static void give_back(void)
{
    UCHAR *p = malloc(48);
    if (p == NULL)
        abort();
    memcpy(p + 3, secret, 32);
    __asm__ __volatile__("" : : "r"(p) : "memory");
    free(p);
}

static void check_planted(void)
{
    char where[700];
    row_begin("planted");
    freed_secrets = 0;
    run_on_stack(keep_on_stack);
    tap(find_anywhere(where, sizeof where) != NULL, "a secret on the stack is found");
    run_on_stack(give_back);
    tap(freed_secrets == 1, "and one in a block that is given back");
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    (void)argc;
    /* Not /proc/self/exe, which is the dynamic linker where that was told to start this program. */
    char *own = realpath(argv[0], NULL);
    if (own != NULL && strlen(own) < sizeof own_name)
        strcpy(own_name, own);
    free(own);
    row_begin("preparation");
    tap(own_name[0] != '\0', "this program's name");
    fill(secret, sizeof secret);
    fill(more, sizeof more);
    look_for(secret, sizeof secret);
    check_planted();
    for (size_t i = 0; i < COUNT(symmetrics); i++) {
        cipher = &symmetrics[i];
        row_begin("%s", cipher->label);
        judge(live_symmetric, 0);
    }
    for (size_t i = 0; i < COUNT(keyeds); i++) {
        code = keyeds[i].alg;
        row_begin("%s", keyeds[i].label);
        judge(keyeds[i].live, 0);
    }
    kinds = COUNT(symmetrics) + COUNT(keyeds);
    for (size_t i = 0; i < COUNT(subjects); i++)
        check_subject(&subjects[i]);
    printf("# figure: 29 %zu kinds of keys and passwords, %zu freed blocks looked at, all writable "
           "memory searched after each of %zu lives\n",
           kinds, (size_t)freed_blocks, scanned);
    return tap_done();
}
