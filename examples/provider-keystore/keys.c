/* The example's memory of keys (keys.h). */
#include "keys.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ---- algorithms ---- */

static const struct alg algs[] = {
    {NCRYPT_RSA_ALGORITHM,
     NCRYPT_RSA_ALGORITHM_GROUP,
     NCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE,
     NCRYPT_ASYMMETRIC_ENCRYPTION_OPERATION | NCRYPT_SIGNATURE_OPERATION,
     {2048, 4096, 1024, 2048},
     BCRYPT_RSAPUBLIC_BLOB},
    {NCRYPT_ECDSA_P256_ALGORITHM,
     NCRYPT_ECDSA_ALGORITHM_GROUP,
     NCRYPT_SIGNATURE_INTERFACE,
     NCRYPT_SIGNATURE_OPERATION,
     {256, 256, 0, 256},
     BCRYPT_ECCPUBLIC_BLOB},
    {NCRYPT_ECDSA_P384_ALGORITHM,
     NCRYPT_ECDSA_ALGORITHM_GROUP,
     NCRYPT_SIGNATURE_INTERFACE,
     NCRYPT_SIGNATURE_OPERATION,
     {384, 384, 0, 384},
     BCRYPT_ECCPUBLIC_BLOB},
};

#define ALGS (sizeof algs / sizeof algs[0])

const struct alg *alg_nth(size_t i)
{
    return i < ALGS ? &algs[i] : NULL;
}

const struct alg *alg_find(LPCWSTR name)
{
    const struct alg *alg;
    for (size_t i = 0; (alg = alg_nth(i)) != NULL; i++) {
        if (text_is(name, alg->name))
            return alg;
    }
    return NULL;
}

/* ---- pairs ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct pair *first;

SECURITY_STATUS pair_new(struct pair **pair, const struct alg *alg, LPCWSTR name)
{
    DWORD bytes = name == NULL ? sizeof(WCHAR) : text_bytes(name);
    struct pair *p = calloc(1, sizeof *p + bytes);
    if (p == NULL)
        return NTE_NO_MEMORY;
    p->holders = 1;
    p->alg = alg;
    if (name != NULL)
        memcpy(p->name, name, bytes);
    *pair = p;
    return ERROR_SUCCESS;
}

void pair_release(struct pair *pair)
{
    if (--pair->holders > 0)
        return;
    if (pair->key != NULL)
        BCryptDestroyKey(pair->key);
    free(pair);
}

/* Where the list points at the first pair of the name, or at its end. Under the lock. */
static struct pair **find(LPCWSTR name)
{
    struct pair **at = &first;
    while (*at != NULL && !text_is((*at)->name, name))
        at = &(*at)->next;
    return at;
}

static void unlink_at(struct pair **at)
{
    struct pair *pair = *at;
    *at = pair->next;
    pair_release(pair);
}

SECURITY_STATUS pair_add(struct pair *pair, bool overwrite)
{
    pthread_mutex_lock(&lock);
    struct pair **at = find(pair->name);
    bool taken = *at != NULL;
    if (taken && overwrite)
        unlink_at(at);
    if (!taken || overwrite) {
        pair->holders++;
        pair->next = first;
        first = pair;
    }
    pthread_mutex_unlock(&lock);
    return taken && !overwrite ? NTE_EXISTS : ERROR_SUCCESS;
}

void pair_remove(struct pair *pair)
{
    pthread_mutex_lock(&lock);
    struct pair **at = find(pair->name);
    if (*at == pair) /* not one that overwrote it */
        unlink_at(at);
    pthread_mutex_unlock(&lock);
}

static struct pair *held(struct pair *pair)
{
    if (pair != NULL)
        pair->holders++;
    pthread_mutex_unlock(&lock);
    return pair;
}

struct pair *pair_find(LPCWSTR name)
{
    pthread_mutex_lock(&lock);
    return held(*find(name));
}

struct pair *pair_nth(size_t i)
{
    pthread_mutex_lock(&lock);
    struct pair *pair = first;
    while (pair != NULL && i-- > 0)
        pair = pair->next;
    return held(pair);
}

/* ---- strings ---- */

DWORD text_bytes(LPCWSTR text)
{
    DWORD n = 0;
    while (text[n] != 0)
        n++;
    return (n + 1) * (DWORD)sizeof(WCHAR);
}

static WCHAR fold(WCHAR c)
{
    return c >= L'A' && c <= L'Z' ? (WCHAR)(c - L'A' + L'a') : c;
}

bool text_is(LPCWSTR a, LPCWSTR b)
{
    while (*a != 0 && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return fold(*a) == fold(*b);
}
