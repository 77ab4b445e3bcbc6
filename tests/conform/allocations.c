/*
 * What short calls must not do after their first time: ask for memory, take a lock. The program's own malloc and mutexes, which
 * the library and libcrypto get to see, count. Each row runs alone in the process and again beside another thread, because the
 * library goes other ways then.
 */
#include "conform_sym.h"

#include <dlfcn.h>
#include <pthread.h>

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t count, size_t n);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);

/* Of the thread that makes the calls; the other one takes its lock whenever it comes to run. */
static _Thread_local bool counting;
static unsigned requests, locks;

#define SEEN __attribute__((visibility("default")))

SEEN void *malloc(size_t n)
{
    requests += counting;
    return __libc_malloc(n);
}

SEEN void *calloc(size_t count, size_t n)
{
    requests += counting;
    return __libc_calloc(count, n);
}

SEEN void *realloc(void *p, size_t n)
{
    requests += counting;
    return __libc_realloc(p, n);
}

SEEN void free(void *p)
{
    __libc_free(p);
}

/* A function of libc's under the name that this program took. */
#define NEXT(type, name) ((type *)dlsym(RTLD_NEXT, #name))

typedef int mutex_fn(pthread_mutex_t *lock);
typedef int rwlock_fn(pthread_rwlock_t *lock);

static mutex_fn *next_mutex_lock;
static rwlock_fn *next_read_lock, *next_write_lock;

SEEN int pthread_mutex_lock(pthread_mutex_t *lock)
{
    locks += counting;
    if (next_mutex_lock == NULL)
        next_mutex_lock = NEXT(mutex_fn, pthread_mutex_lock);
    return next_mutex_lock(lock);
}

SEEN int pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
    locks += counting;
    if (next_read_lock == NULL)
        next_read_lock = NEXT(rwlock_fn, pthread_rwlock_rdlock);
    return next_read_lock(lock);
}

SEEN int pthread_rwlock_wrlock(pthread_rwlock_t *lock)
{
    locks += counting;
    if (next_write_lock == NULL)
        next_write_lock = NEXT(rwlock_fn, pthread_rwlock_wrlock);
    return next_write_lock(lock);
}

/* ---- the calls -------------------------------------------------------------------------------------------------- */

static UCHAR secret[32], data[1024], out[1024], result[64];
static BCRYPT_ALG_HANDLE aes, hashes;
static BCRYPT_KEY_HANDLE ecb, cbc, gcm;
static BCRYPT_HASH_HANDLE kept_hash, kept_hmac;

static NTSTATUS open_close(LPCWSTR name)
{
    BCRYPT_ALG_HANDLE alg;
    NTSTATUS status = BCryptOpenAlgorithmProvider(&alg, name, NULL, 0);
    return status < 0 ? status : BCryptCloseAlgorithmProvider(alg, 0);
}

static NTSTATUS open_close_aes(void)
{
    return open_close(BCRYPT_AES_ALGORITHM);
}

static NTSTATUS open_close_hash(void)
{
    return open_close(BCRYPT_SHA256_ALGORITHM);
}

static NTSTATUS open_close_ecdsa(void)
{
    return open_close(BCRYPT_ECDSA_P256_ALGORITHM);
}

static NTSTATUS hash_object(void)
{
    BCRYPT_HASH_HANDLE hash;
    NTSTATUS status = BCryptCreateHash(hashes, &hash, NULL, 0, NULL, 0, 0);
    if (status < 0)
        return status;
    status = BCryptHashData(hash, data, 100, 0);
    if (status >= 0)
        status = BCryptFinishHash(hash, result, 32, 0);
    BCryptDestroyHash(hash);
    return status;
}

static NTSTATUS hash_copy(void)
{
    BCRYPT_HASH_HANDLE copy;
    NTSTATUS status = BCryptDuplicateHash(kept_hash, &copy, NULL, 0, 0);
    return status < 0 ? status : BCryptDestroyHash(copy);
}

static NTSTATUS hash_once(void)
{
    return BCryptHash(BCRYPT_SHA256_ALG_HANDLE, NULL, 0, data, 16, result, 32);
}

static NTSTATUS with_kept(BCRYPT_HASH_HANDLE hash)
{
    NTSTATUS status = BCryptHashData(hash, data, 100, 0);
    return status < 0 ? status : BCryptFinishHash(hash, result, 32, 0);
}

static NTSTATUS hash_kept(void)
{
    return with_kept(kept_hash);
}

static NTSTATUS hmac_kept(void)
{
    return with_kept(kept_hmac);
}

static NTSTATUS block(void)
{
    ULONG n;
    return BCryptEncrypt(ecb, data, 16, NULL, NULL, 0, out, 16, &n, 0);
}

static NTSTATUS ask_size(void)
{
    ULONG n;
    return BCryptEncrypt(ecb, data, 16, NULL, NULL, 0, NULL, 0, &n, 0);
}

static NTSTATUS chained(void)
{
    UCHAR iv[16] = {0};
    ULONG n;
    NTSTATUS status = BCryptEncrypt(cbc, data, 64, NULL, iv, 16, out, 64, &n, 0);
    return status < 0 ? status : BCryptDecrypt(cbc, out, 64, NULL, iv, 16, out, 64, &n, 0);
}

static NTSTATUS record(void)
{
    static UCHAR nonce[12], tag[16];
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = sizeof nonce;
    info.pbTag = tag;
    info.cbTag = sizeof tag;
    ULONG n;
    NTSTATUS status = BCryptEncrypt(gcm, data, 100, &info, NULL, 0, out, 100, &n, 0);
    return status < 0 ? status : BCryptDecrypt(gcm, out, 100, &info, NULL, 0, out, 100, &n, 0);
}

static NTSTATUS key_for_once(void)
{
    BCRYPT_KEY_HANDLE key;
    NTSTATUS status = BCryptGenerateSymmetricKey(aes, &key, NULL, 0, secret, 16, 0);
    return status < 0 ? status : BCryptDestroyKey(key);
}

static NTSTATUS property(void)
{
    ULONG length, n;
    return BCryptGetProperty(ecb, BCRYPT_BLOCK_LENGTH, (PUCHAR)&length, sizeof length, &n, 0);
}

static NTSTATUS random_bytes(void)
{
    return BCryptGenRandom(NULL, result, 32, BCRYPT_USE_SYSTEM_PREFERRED_RNG);
}

static const struct call {
    const char *label;
    NTSTATUS (*run)(void);
} calls[] = {
    {"open and close AES", open_close_aes},
    {"open and close SHA256", open_close_hash},
    {"open and close ECDSA_P256", open_close_ecdsa},
    {"a hash object for one message", hash_object},
    {"a copy of a hash object", hash_copy},
    {"BCryptHash", hash_once},
    {"a reusable hash", hash_kept},
    {"a reusable HMAC", hmac_kept},
    {"one block in ECB", block},
    {"the size of a block", ask_size},
    {"CBC, both ways", chained},
    {"a GCM record, both ways", record},
    {"an AES key, made and destroyed", key_for_once},
    {"a property of a key", property},
    {"32 random bytes", random_bytes},
};

#define TIMES 50

static void check(const struct call *c, const char *where)
{
    row_begin("%s, %s", c->label, where);
    NTSTATUS status = STATUS_SUCCESS;
    for (int i = 0; i < 3 && status >= 0; i++)
        status = c->run();
    requests = locks = 0;
    counting = true;
    for (int i = 0; i < TIMES && status >= 0; i++)
        status = c->run();
    counting = false;
    tap_status(status, STATUS_SUCCESS, "works");
    tap(requests == 0, "asks for no memory");
    tap(locks == 0, "takes no lock");
    if (requests + locks > 0)
        printf("# %u requests, %u locks in %d calls\n", requests, locks, TIMES);
}

static BCRYPT_KEY_HANDLE aes_key(LPCWSTR mode)
{
    BCRYPT_KEY_HANDLE key = NULL;
    if (BCryptGenerateSymmetricKey(aes, &key, NULL, 0, secret, 32, 0) < 0 ||
        BCryptSetProperty(key, BCRYPT_CHAINING_MODE, (PUCHAR)mode, text_bytes(mode), 0) < 0)
        return NULL;
    return key;
}

static void *wait_for(void *lock)
{
    pthread_mutex_lock(lock);
    pthread_mutex_unlock(lock);
    return NULL;
}

int main(void)
{
    BCRYPT_ALG_HANDLE macs;
    fill(secret, sizeof secret);
    fill(data, sizeof data);
    ROW("set-up");
    bool ready =
        BCryptOpenAlgorithmProvider(&aes, BCRYPT_AES_ALGORITHM, NULL, 0) >= 0 &&
        BCryptOpenAlgorithmProvider(&hashes, BCRYPT_SHA256_ALGORITHM, NULL, 0) >= 0 &&
        BCryptOpenAlgorithmProvider(&macs, BCRYPT_SHA256_ALGORITHM, NULL,
                                    BCRYPT_ALG_HANDLE_HMAC_FLAG) >= 0 &&
        BCryptCreateHash(hashes, &kept_hash, NULL, 0, NULL, 0, BCRYPT_HASH_REUSABLE_FLAG) >= 0 &&
        BCryptCreateHash(macs, &kept_hmac, NULL, 0, secret, 32, BCRYPT_HASH_REUSABLE_FLAG) >= 0;
    ecb = aes_key(BCRYPT_CHAIN_MODE_ECB);
    cbc = aes_key(BCRYPT_CHAIN_MODE_CBC);
    gcm = aes_key(BCRYPT_CHAIN_MODE_GCM);
    tap(ready && ecb != NULL && cbc != NULL && gcm != NULL, "keys and hashes");

    counting = true;
    void *volatile block_of_ours = malloc(1);
    static pthread_mutex_t lock_of_ours = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&lock_of_ours);
    counting = false;
    tap(requests == 1 && locks == 1, "what is counted is seen");
    pthread_mutex_unlock(&lock_of_ours);
    free(block_of_ours);

    for (size_t i = 0; i < COUNT(calls); i++)
        check(&calls[i], "alone");
    static pthread_mutex_t end = PTHREAD_MUTEX_INITIALIZER;
    pthread_t other;
    pthread_mutex_lock(&end);
    if (pthread_create(&other, NULL, wait_for, &end) != 0)
        return 1;
    for (size_t i = 0; i < COUNT(calls); i++)
        check(&calls[i], "beside a thread");
    pthread_mutex_unlock(&end);
    pthread_join(other, NULL);
    return tap_done();
}
