/*
 * Programs whose calls trace_test.py looks for in the trace, compiled for both widths of wchar_t:
 *
 *     trace_calls calls SECRET    every kind of argument and result; SECRET stands for a key, a password, a PIN and data
 *     trace_calls refused         calls that do nothing: NULL, wrong handles, unknown flags and names
 *     trace_calls threads COUNT   eight threads, COUNT calls each
 *     trace_calls fork            a call here and one in a child
 *     trace_calls closed FILE     closes every descriptor between two calls, and opens FILE
 *     trace_calls confined        calls in a process that may not make a system call but read, write and exit
 *     trace_calls errno           says whether errno outlives a call
 *
 * What the library gives out is printed in hexadecimal, because it must not be in the trace either.
 */
#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>
#include <ntstatus.h>
#include <wincrypt.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/seccomp.h>

static void must(NTSTATUS status, const char *what)
{
    if (status < 0) {
        fprintf(stderr, "%s: 0x%08x\n", what, (unsigned)status);
        exit(1);
    }
}

/* Before main, maybe before constructors of the libraries. */
__attribute__((constructor(101))) static void call_early(void)
{
    BCRYPT_ALG_HANDLE alg;
    must(BCryptOpenAlgorithmProvider(&alg, BCRYPT_RNG_ALGORITHM, NULL, 0), "constructor");
    must(BCryptCloseAlgorithmProvider(alg, 0), "constructor");
}

static void print(const UCHAR *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        printf("%02x", bytes[i]);
    printf("\n");
}

/* ---- calls ---------------------------------------------------------------------------------- */

static void hash(PUCHAR secret, ULONG n)
{
    BCRYPT_ALG_HANDLE alg;
    BCRYPT_HASH_HANDLE hash;
    UCHAR digest[32];
    ULONG length;
    ULONG got;
    must(BCryptOpenAlgorithmProvider(&alg, BCRYPT_SHA256_ALGORITHM, MS_PRIMITIVE_PROVIDER,
                                     BCRYPT_ALG_HANDLE_HMAC_FLAG),
         "open");
    must(BCryptGetProperty(alg, BCRYPT_HASH_LENGTH, (PUCHAR)&length, sizeof length, &got, 0),
         "length");
    must(BCryptCreateHash(alg, &hash, NULL, 0, secret, n, 0), "create");
    must(BCryptHashData(hash, secret, n, 0), "data");
    must(BCryptFinishHash(hash, digest, sizeof digest, 0), "finish");
    print(digest, sizeof digest);
    must(BCryptDestroyHash(hash), "destroy");
    must(BCryptCloseAlgorithmProvider(alg, 0), "close");
}

static void cipher(PUCHAR secret, ULONG n)
{
    BCRYPT_KEY_HANDLE key;
    UCHAR out[256];
    ULONG size;
    must(BCryptGenerateSymmetricKey(BCRYPT_AES_ECB_ALG_HANDLE, &key, NULL, 0, secret, 32, 0),
         "generate");
    must(BCryptEncrypt(key, secret, n, NULL, NULL, 0, NULL, 0, &size, BCRYPT_BLOCK_PADDING),
         "size");
    must(BCryptEncrypt(key, secret, n, NULL, NULL, 0, out, sizeof out, &size, BCRYPT_BLOCK_PADDING),
         "encrypt");
    print(out, size);
    BCryptEncrypt(key, secret, n, NULL, NULL, 0, out, 16, &size, BCRYPT_BLOCK_PADDING);
    must(BCryptExportKey(key, NULL, BCRYPT_KEY_DATA_BLOB, out, sizeof out, &size, 0), "export");
    must(BCryptDestroyKey(key), "destroy");
}

static void derive(PUCHAR secret, ULONG n)
{
    static WCHAR sha256[] = BCRYPT_SHA256_ALGORITHM;
    BCRYPT_KEY_HANDLE key;
    UCHAR out[32];
    ULONG size;
    BCryptBuffer buffers[] = {{sizeof sha256, KDF_HASH_ALGORITHM, sha256}, {n, KDF_SALT, secret}};
    BCryptBufferDesc list = {BCRYPTBUFFER_VERSION, 2, buffers};
    must(BCryptDeriveKeyPBKDF2(BCRYPT_HMAC_SHA256_ALG_HANDLE, secret, n, secret, n, 2, out,
                               sizeof out, 0),
         "PBKDF2");
    print(out, sizeof out);
    must(BCryptGenerateSymmetricKey(BCRYPT_PBKDF2_ALG_HANDLE, &key, NULL, 0, secret, n, 0), "key");
    must(BCryptKeyDerivation(key, &list, out, sizeof out, &size, 0), "derive");
    print(out, sizeof out);
    must(BCryptDestroyKey(key), "destroy");
}

static void pair(void)
{
    BCRYPT_KEY_HANDLE key;
    UCHAR blob[256];
    ULONG size;
    must(BCryptGenerateKeyPair(BCRYPT_ECDSA_P256_ALG_HANDLE, &key, 256, 0), "pair");
    must(BCryptFinalizeKeyPair(key, 0), "finalize");
    must(BCryptExportKey(key, NULL, BCRYPT_ECCPRIVATE_BLOB, blob, sizeof blob, &size, 0), "blob");
    print(blob + sizeof(BCRYPT_ECCKEY_BLOB), size - sizeof(BCRYPT_ECCKEY_BLOB));
    must(BCryptDestroyKey(key), "destroy");
}

static void lists(void)
{
    BCRYPT_ALGORITHM_IDENTIFIER *algorithms;
    ULONG count;
    BOOLEAN fips;
    UCHAR bytes[16];
    must(BCryptEnumAlgorithms(BCRYPT_RNG_OPERATION, &count, &algorithms, 0), "list");
    BCryptFreeBuffer(algorithms);
    must(BCryptGetFipsAlgorithmMode(&fips), "FIPS mode");
    ProcessPrng(bytes, sizeof bytes);
    print(bytes, sizeof bytes);
}

/* The secret as a passphrase: text in the width of this program. */
static void stored(const char *secret)
{
    NCRYPT_PROV_HANDLE provider;
    NCRYPT_KEY_HANDLE key;
    DWORD policy = NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG;
    WCHAR text[128] = {0};
    BYTE blob[1024];
    DWORD size;
    for (size_t i = 0; secret[i] != '\0' && i + 1 < sizeof text / sizeof *text; i++)
        text[i] = (WCHAR)(unsigned char)secret[i];
    DWORD bytes = (DWORD)((strlen(secret) + 1) * sizeof(WCHAR));
    NCryptBuffer password = {bytes, NCRYPTBUFFER_PKCS_SECRET, text};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &password};
    must(NCryptOpenStorageProvider(&provider, MS_KEY_STORAGE_PROVIDER, 0), "provider");
    must(NCryptCreatePersistedKey(provider, &key, BCRYPT_ECDSA_P256_ALGORITHM, L"a \"key\"", 0, 0),
         "create");
    must(NCryptSetProperty(key, NCRYPT_EXPORT_POLICY_PROPERTY, (PBYTE)&policy, sizeof policy, 0),
         "policy");
    must(NCryptSetProperty(key, NCRYPT_PIN_PROPERTY, (PBYTE)text, bytes, 0), "PIN");
    must(NCryptFinalizeKey(key, NCRYPT_SILENT_FLAG), "finalize");
    must(NCryptExportKey(key, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, blob, sizeof blob, &size, 0),
         "export");
    print(blob, size);
    printf("# a key's handle is %s\n", NCryptIsKeyHandle(key) ? "one" : "none");
    must(NCryptDeleteKey(key, 0), "delete");
    must(NCryptFreeObject(provider), "free");
}

static int calls(const char *secret)
{
    UCHAR bytes[256];
    size_t n = strlen(secret);
    if (n < 32 || n > sizeof bytes)
        return 1;
    memcpy(bytes, secret, n);
    hash(bytes, (ULONG)n);
    cipher(bytes, (ULONG)n);
    derive(bytes, (ULONG)n);
    pair();
    lists();
    stored(secret);
    return 0;
}

/* ---- refused -------------------------------------------------------------------------------- */

static int refused(void)
{
    BCRYPT_ALG_HANDLE alg;
    NCRYPT_PROV_HANDLE provider;
    WCHAR longest[101] = {0};
    ULONG size = 12345;
    for (size_t i = 0; i < 100; i++)
        longest[i] = L'x';
    BCryptOpenAlgorithmProvider(&alg, L"nobody's \"\\\n\xE9\x4E2D", NULL, 0);
    BCryptOpenAlgorithmProvider(&alg, longest, NULL, 0);
    BCryptOpenAlgorithmProvider(&alg, BCRYPT_AES_ALGORITHM, NULL, 0x80000000);
    BCryptOpenAlgorithmProvider(NULL, NULL, NULL, 0);
    BCryptGetProperty((BCRYPT_HANDLE)0x1234, BCRYPT_OBJECT_LENGTH, NULL, 4, &size, 0);
    BCryptDestroyHash(NULL);
    BCryptFreeBuffer(NULL);
    NCryptOpenStorageProvider(&provider, L"nobody", 0);
    /* A pointer that nobody may follow, and that nobody follows. */
    NCryptEnumKeys(0, (LPCWSTR)8, NULL, NULL, 0);
    NCryptIsKeyHandle(0x77);
    return size == 12345 ? 0 : 1;
}

/* ---- threads, processes, descriptors ---------------------------------------------------------- */

static void *call_often(void *count)
{
    for (int i = 0; i < *(int *)count; i++) {
        UCHAR digest[32];
        BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, NULL, 0, digest, sizeof digest);
    }
    return NULL;
}

static int threads(int count)
{
    pthread_t thread[8];
    for (int i = 0; i < 8; i++) {
        if (pthread_create(&thread[i], NULL, call_often, &count) != 0)
            return 1;
    }
    for (int i = 0; i < 8; i++)
        pthread_join(thread[i], NULL);
    return 0;
}

static int forked(void)
{
    BCryptFreeBuffer(NULL);
    pid_t child = fork();
    if (child == 0) {
        BCryptDestroyKey(NULL);
        _exit(0);
    }
    int status;
    printf("%d %d\n", getpid(), child);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}

static int closed(const char *path)
{
    BCryptDestroyKey(NULL);
    NCryptFreeObject(0);
    if (chdir("/") != 0)
        return 1;
    for (int fd = 3; fd < 256; fd++)
        close(fd);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    BCryptDestroyHash(NULL);
    NCryptFreeBuffer(NULL);
    return fd >= 0 && write(fd, "mine\n", 5) == 5 ? 0 : 1;
}

static int confined(void)
{
    static UCHAR digest[32];
    BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, NULL, 0, digest, sizeof digest);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
        return 77;
    NTSTATUS status = BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, NULL, 0, digest, sizeof digest);
    NCryptFreeBuffer(NULL); /* the other library's first call */
    syscall(SYS_exit, status == 0 ? 0 : 1);
    return 1;
}

static int keeps_errno(void)
{
    errno = EXDEV;
    BCryptDestroyKey(NULL);
    printf("%s\n", errno == EXDEV ? "kept" : "lost");
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    if (strcmp(what, "calls") == 0 && argc == 3)
        return calls(argv[2]);
    if (strcmp(what, "refused") == 0)
        return refused();
    if (strcmp(what, "threads") == 0 && argc == 3)
        return threads(atoi(argv[2]));
    if (strcmp(what, "fork") == 0)
        return forked();
    if (strcmp(what, "closed") == 0 && argc == 3)
        return closed(argv[2]);
    if (strcmp(what, "confined") == 0)
        return confined();
    if (strcmp(what, "errno") == 0)
        return keeps_errno();
    fprintf(stderr, "trace_calls: what is to be called?\n");
    return 2;
}
