/*
 * A million operations of 32 threads on one symmetric key, with hashes of their own, signatures of one key pair and algorithms that come and
 * go between them. Every answer is one that a single thread gave before.
 */
#include "conform_sym.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS 32
#define OPERATIONS 1000000
#define EACH (OPERATIONS / THREADS)
#define TEXTS 64
#define TEXT_BYTES 48

static UCHAR texts[TEXTS][TEXT_BYTES], sealed[TEXTS][TEXT_BYTES], tags[TEXTS][16], codes[TEXTS][32];
static BCRYPT_KEY_HANDLE aes, ecdsa;
static atomic_uint wrong, done;

static NTSTATUS seal(ULONG i, UCHAR *out, UCHAR *tag)
{
    UCHAR nonce[12] = {(UCHAR)i};
    ULONG n;
    BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = nonce;
    info.cbNonce = sizeof nonce;
    info.pbTag = tag;
    info.cbTag = 16;
    return BCryptEncrypt(aes, texts[i], TEXT_BYTES, &info, NULL, 0, out, TEXT_BYTES, &n, 0);
}

static NTSTATUS code(ULONG i, UCHAR *out)
{
    BCRYPT_HASH_HANDLE hash;
    NTSTATUS status =
        BCryptCreateHash(BCRYPT_HMAC_SHA256_ALG_HANDLE, &hash, NULL, 0, texts[0], TEXT_BYTES, 0);
    if (status < 0)
        return status;
    status = BCryptHashData(hash, texts[i], TEXT_BYTES, 0);
    if (status >= 0)
        status = BCryptFinishHash(hash, out, 32, 0);
    BCryptDestroyHash(hash);
    return status;
}

static bool sign_and_verify(ULONG i)
{
    UCHAR signature[64];
    ULONG n;
    return BCryptSignHash(ecdsa, NULL, texts[i], 32, signature, 64, &n, 0) == STATUS_SUCCESS &&
           BCryptVerifySignature(ecdsa, NULL, texts[i], 32, signature, 64, 0) == STATUS_SUCCESS &&
           BCryptVerifySignature(ecdsa, NULL, texts[(i + 1) % TEXTS], 32, signature, 64, 0) ==
               STATUS_INVALID_SIGNATURE;
}

static bool open_and_close(void)
{
    BCRYPT_ALG_HANDLE alg;
    return BCryptOpenAlgorithmProvider(&alg, BCRYPT_SHA256_ALGORITHM, NULL, 0) == STATUS_SUCCESS &&
           BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS;
}

static void *work(void *p)
{
    const ULONG *number = p;
    for (ULONG k = 0; k < EACH; k++) {
        ULONG i = (k + *number) % TEXTS;
        UCHAR out[TEXT_BYTES], tag[16];
        bool good = seal(i, out, tag) == STATUS_SUCCESS &&
                    memcmp(out, sealed[i], TEXT_BYTES) == 0 && memcmp(tag, tags[i], 16) == 0;
        if (k % 8 == 0)
            good = good && code(i, out) == STATUS_SUCCESS && memcmp(out, codes[i], 32) == 0;
        if (k % 64 == 1)
            good = good && open_and_close();
        if (k % 1024 == 2)
            good = good && sign_and_verify(i);
        wrong += !good;
    }
    done += EACH;
    return NULL;
}

int main(void)
{
    UCHAR secret[16];
    pthread_t threads[THREADS];
    ULONG numbers[THREADS];
    ROW("one key");
    fill(secret, sizeof secret);
    fill(texts[0], sizeof texts);
    aes = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, secret, sizeof secret);
    ecdsa = make_key(BCRYPT_ECDSA_P256_ALG_HANDLE, 256);
    bool good = true;
    for (ULONG i = 0; i < TEXTS; i++)
        good = good && seal(i, sealed[i], tags[i]) == STATUS_SUCCESS &&
               code(i, codes[i]) == STATUS_SUCCESS;
    tap(good, "by a single thread");
    for (ULONG i = 0; i < THREADS; i++) {
        numbers[i] = i;
        if (pthread_create(&threads[i], NULL, work, &numbers[i]) != 0)
            abort();
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    tap(done == OPERATIONS && wrong == 0, "a million operations of 32 threads on one handle");
    printf("# figure: 17 %u operations of %d threads on one key handle: %u wrong\n", done, THREADS,
           wrong);
    BCryptDestroyKey(aes);
    BCryptDestroyKey(ecdsa);
    return tap_done();
}
