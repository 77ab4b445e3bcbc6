/*
 * Keys of the store in several threads at once: the private part is needed by all of them for the first time, names are
 * fought over, and handles are freed in the middle of calls.
 */
#include "conform_ncrypt.h"

#include <pthread.h>
#include <stdatomic.h>

#define THREADS 8
#define ROUNDS 40

static NCRYPT_PROV_HANDLE provider;
static pthread_barrier_t gate;
static _Atomic int good_calls, made_keys, refused_keys, wrong_answers;
static _Atomic NCRYPT_KEY_HANDLE shared;

static BYTE hash[32] = {1, 2, 3};

static SECURITY_STATUS sign_and_verify(NCRYPT_KEY_HANDLE key)
{
    BYTE signature[64];
    DWORD n = 0;
    SECURITY_STATUS s = NCryptSignHash(key, NULL, hash, 32, signature, sizeof signature, &n, 0);
    return s == ERROR_SUCCESS ? NCryptVerifySignature(key, NULL, hash, 32, signature, n, 0) : s;
}

static void in_threads(void *(*work)(void *arg))
{
    pthread_t threads[THREADS];
    pthread_barrier_init(&gate, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, work, (void *)i) != 0)
            abort();
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&gate);
}

static NCRYPT_KEY_HANDLE stored_key(LPCWSTR name)
{
    NCRYPT_KEY_HANDLE key = 0;
    if (NCryptCreatePersistedKey(provider, &key, L"ECDH_P256", name, 0,
                                 NCRYPT_OVERWRITE_KEY_FLAG) != ERROR_SUCCESS ||
        NCryptFinalizeKey(key, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

/* A key that was just opened: whoever comes first unseals it. */
static void *first_use(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (arg == NULL) {
            NCRYPT_KEY_HANDLE key = 0;
            if (NCryptOpenKey(provider, &key, L"shared", 0, 0) != ERROR_SUCCESS)
                abort();
            atomic_store(&shared, key);
        }
        pthread_barrier_wait(&gate);
        if (sign_and_verify(atomic_load(&shared)) == ERROR_SUCCESS)
            good_calls++;
        pthread_barrier_wait(&gate);
        if (arg == NULL)
            NCryptFreeObject(atomic_load(&shared));
    }
    return NULL;
}

/* The handle is freed while the others use it: each call works, or says that the handle is none. */
static void *freed_in_the_middle(void *arg)
{
    for (int i = 0; i < ROUNDS; i++) {
        if (arg == NULL) {
            NCRYPT_KEY_HANDLE key = 0;
            if (NCryptOpenKey(provider, &key, L"shared", 0, 0) != ERROR_SUCCESS)
                abort();
            atomic_store(&shared, key);
        }
        pthread_barrier_wait(&gate);
        NCRYPT_KEY_HANDLE key = atomic_load(&shared);
        if (arg == NULL) {
            NCryptFreeObject(key);
        } else {
            SECURITY_STATUS s = sign_and_verify(key);
            wrong_answers += s != ERROR_SUCCESS && s != NTE_INVALID_HANDLE;
            NCRYPT_PROV_HANDLE p = 0;
            DWORD n = 0;
            s = NCryptGetProperty(key, NCRYPT_PROVIDER_HANDLE_PROPERTY, (PBYTE)&p, sizeof p, &n, 0);
            wrong_answers += s != ERROR_SUCCESS && s != NTE_INVALID_HANDLE;
            if (s == ERROR_SUCCESS)
                wrong_answers += NCryptFreeObject(p) != ERROR_SUCCESS;
        }
        pthread_barrier_wait(&gate);
    }
    return NULL;
}

/* One name, many creators without the overwrite flag. */
static void *one_name(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        NCRYPT_KEY_HANDLE key = 0;
        pthread_barrier_wait(&gate);
        SECURITY_STATUS s =
            NCryptCreatePersistedKey(provider, &key, L"ECDSA_P256", L"fought over", 0, 0);
        if (s == ERROR_SUCCESS)
            s = NCryptFinalizeKey(key, 0);
        made_keys += s == ERROR_SUCCESS;
        refused_keys += s == NTE_EXISTS;
        pthread_barrier_wait(&gate);
        if (s == ERROR_SUCCESS)
            NCryptDeleteKey(key, 0);
        else if (key != 0)
            NCryptFreeObject(key);
    }
    return NULL;
}

/* Properties of one key, set and read by everybody. */
static void *properties(void *arg)
{
    NCRYPT_KEY_HANDLE key = atomic_load(&shared);
    WCHAR name[] = L"property 0";
    name[9] = (WCHAR)('0' + (int)(size_t)arg);
    pthread_barrier_wait(&gate);
    for (DWORD i = 0; i < 10; i++) {
        DWORD back = 0;
        DWORD n = 0;
        wrong_answers += set_dword(key, name, i, NCRYPT_PERSIST_ONLY_FLAG) != ERROR_SUCCESS;
        wrong_answers += NCryptGetProperty(key, name, (PBYTE)&back, sizeof back, &n,
                                           NCRYPT_PERSIST_ONLY_FLAG) != ERROR_SUCCESS ||
                         back != i;
    }
    return NULL;
}

int main(void)
{
    store_begin();
    provider = provider_open();
    NCRYPT_KEY_HANDLE key = stored_key(L"shared");
    row_begin("%d threads", THREADS);
    in_threads(first_use);
    tap(good_calls == THREADS * ROUNDS, "all use a key for the first time at once");
    in_threads(freed_in_the_middle);
    tap(wrong_answers == 0, "a handle is freed in the middle");
    in_threads(one_name);
    tap(made_keys == ROUNDS, "of creators of one name one wins");
    tap(refused_keys == (THREADS - 1) * ROUNDS, "and the others are told that it exists");
    atomic_store(&shared, key);
    in_threads(properties);
    tap(wrong_answers == 0, "everybody sets properties of one key");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "the key is deleted");
    tap_status(NCryptFreeObject(provider), ERROR_SUCCESS,
               "the provider is freed as often as it was opened");
    tap_status(NCryptFreeObject(provider), NTE_INVALID_HANDLE, "and no more");
    return tap_done();
}
