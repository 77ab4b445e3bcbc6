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
static UCHAR may_begin[65536];

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
    memcpy(windows[window_count++], p, WINDOW);
    may_begin[p[0] << 8 | p[1]] = 1;
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
    memset(may_begin, 0, sizeof may_begin);
}

static const UCHAR *find_secret(const UCHAR *p, size_t n)
{
    for (size_t i = 0; i + WINDOW <= n; i++) {
        if (!may_begin[p[i] << 8 | p[i + 1]])
            continue;
        for (size_t k = 0; k < window_count; k++) {
            if (memcmp(p + i, windows[k], WINDOW) == 0)
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

static void sign_and_verify(BCRYPT_KEY_HANDLE key)
{
    BCRYPT_PKCS1_PADDING_INFO sha256 = {BCRYPT_SHA256_ALGORITHM};
    bool rsa = now->alg[0] == L'R';
    ULONG n = now->alg[0] == L'D' ? 20 : 32;
    if (BCryptSignHash(key, rsa ? &sha256 : NULL, more, n, outputs, sizeof outputs, &got,
                       rsa ? BCRYPT_PAD_PKCS1 : 0) == STATUS_SUCCESS)
        BCryptVerifySignature(key, rsa ? &sha256 : NULL, more, n, outputs, got,
                              rsa ? BCRYPT_PAD_PKCS1 : 0);
}

static void use_key(BCRYPT_KEY_HANDLE key)
{
    BCRYPT_SECRET_HANDLE secret = NULL;
    sign_and_verify(key);
    if (BCryptEncrypt(key, more, 16, NULL, NULL, 0, outputs, sizeof outputs, &got,
                      BCRYPT_PAD_PKCS1) == STATUS_SUCCESS) {
        BCryptDecrypt(key, outputs, got, NULL, NULL, 0, outputs + 4096, 4096, &got,
                      BCRYPT_PAD_PKCS1);
        outputs[0] ^= 1; /* a ciphertext that is none */
        BCryptDecrypt(key, outputs, 128, NULL, NULL, 0, outputs + 4096, 4096, &got,
                      BCRYPT_PAD_PKCS1);
    }
    if (BCryptSecretAgreement(key, key, &secret, 0) == STATUS_SUCCESS) {
        BCryptDeriveKey(secret, BCRYPT_KDF_HASH, NULL, outputs, 32, &got, 0);
        BCryptDestroySecret(secret);
    }
    ULONG n;
    if (BCryptEncapsulate(key, outputs + 4096, 32, &n, outputs, 4096, &got, 0) == STATUS_SUCCESS)
        BCryptDecapsulate(key, outputs, got, outputs + 4096, 32, &n, 0);
    if (export_to(key, now->type, outputs, sizeof outputs) != blob_n)
        step = "the export";
}

/* Imported, used, destroyed; and refused for a wrong public part and for a wrong size. */
static void live(void)
{
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status = BCryptImportKeyPair(alg, NULL, now->type, &key, blob, blob_n, 0);
    if (status < 0) {
        step = "the import";
        return;
    }
    use_key(key);
    BCryptDestroyKey(key);
    const ULONG public_at = now->secret[0].at - 1;
    blob[public_at] ^= 1;
    if (BCryptImportKeyPair(alg, NULL, now->type, &key, blob, blob_n, 0) == STATUS_SUCCESS)
        BCryptDestroyKey(key);
    blob[public_at] ^= 1;
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

static void live_symmetric(const struct symmetric *s)
{
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

static void all_symmetric(void)
{
    for (size_t i = 0; i < COUNT(symmetrics); i++)
        live_symmetric(&symmetrics[i]);
}

/* Keys of authentication codes, passwords, input of derivations. */
static void all_codes(void)
{
    static const LPCWSTR hashes[] = {L"MD5", L"SHA1", L"SHA256", L"SHA512", L"SHA3-256"};
    for (size_t i = 0; i < COUNT(hashes); i++) {
        BCRYPT_HASH_HANDLE hash = NULL;
        BCRYPT_ALG_HANDLE a = open_with(hashes[i], NULL, BCRYPT_ALG_HANDLE_HMAC_FLAG);
        BCryptCreateHash(a, &hash, NULL, 0, secret, 64, 0);
        BCryptHashData(hash, more, 100, 0);
        BCryptFinishHash(hash, outputs, get_u32(a, BCRYPT_HASH_LENGTH), 0);
        BCryptDestroyHash(hash);
        BCryptHash(a, secret, 48, more, 100, outputs, get_u32(a, BCRYPT_HASH_LENGTH));
        BCryptDeriveKeyPBKDF2(a, secret, 40, more, 8, 10, outputs, 40, 0);
        BCryptCloseAlgorithmProvider(a, 0);
    }
    static const LPCWSTR macs[] = {L"AES-CMAC", L"AES-GMAC"};
    for (size_t i = 0; i < COUNT(macs); i++) {
        BCRYPT_HASH_HANDLE hash = NULL;
        BCRYPT_ALG_HANDLE a = open_alg(macs[i]);
        BCryptCreateHash(a, &hash, NULL, 0, secret, 16, 0);
        BCryptHashData(hash, more, 100, 0);
        BCryptFinishHash(hash, outputs, 16, 0);
        BCryptDestroyHash(hash);
        BCryptCloseAlgorithmProvider(a, 0);
    }
    static WCHAR name[] = BCRYPT_SHA256_ALGORITHM;
    BCryptBuffer buffers[] = {{sizeof name, KDF_HASH_ALGORITHM, name}, {8, KDF_SALT, more}};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 2, buffers};
    BCRYPT_ALG_HANDLE a = open_alg(BCRYPT_PBKDF2_ALGORITHM);
    BCRYPT_KEY_HANDLE key = sym_key(a, secret, 40);
    BCryptKeyDerivation(key, &list, outputs, 40, &got, 0);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(a, 0);
}

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

static size_t scanned;

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
    judge(live, s->left);
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
    row_begin("ciphers");
    judge(all_symmetric, 0);
    row_begin("codes and derivations");
    judge(all_codes, 0);
    for (size_t i = 0; i < COUNT(subjects); i++)
        check_subject(&subjects[i]);
    printf("# figure: 29 %zu kinds of keys and passwords, %zu freed blocks looked at, all writable "
           "memory searched afterwards\n",
           scanned - 2 + COUNT(symmetrics) + 9, (size_t)freed_blocks);
    return tap_done();
}
