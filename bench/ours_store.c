/* Operations through ncrypt.h (ours_store.h). */
#include "ours_store.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wchar.h>

#define NAME_CHARS 48
#define STRIDE 7919 /* a prime that divides no count of keys here: the turns reach all keys */

/* ---- a store of its own ---------------------------------------------------------------------------------------- */

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

/* Waits until the process is gone or closes its end of the pipe. In a session of its own: Ctrl-C is not for it. */
static void remove_later(const char *home, int alive)
{
    char byte;
    setsid();
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    while (read(alive, &byte, 1) > 0)
        ;
    _exit(nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 ? 0 : 1);
}

static bool remover_start(struct ours_store *s)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    fflush(NULL);
    s->remover = fork();
    if (s->remover == 0) {
        close(ends[1]);
        remove_later(s->home, ends[0]);
    }
    close(ends[0]);
    s->alive = ends[1];
    if (s->remover < 0) {
        close(s->alive);
        s->remover = 0;
    }
    return s->remover != 0;
}

bool ours_store_init(struct ours_store *s, const char *folder)
{
    *s = (struct ours_store){0};
    snprintf(s->home, sizeof s->home, "%s/opencng-bench-XXXXXX", folder);
    if (mkdtemp(s->home) == NULL) {
        perror(s->home);
        ours_failed = true;
        return false;
    }
    if (!remover_start(s)) {
        perror("bench: fork");
        rmdir(s->home);
        ours_failed = true;
        return false;
    }
    return setenv("OPENCNG_HOME", s->home, 1) == 0 &&
           ours_ok(NCryptOpenStorageProvider(&s->provider, MS_KEY_STORAGE_PROVIDER, 0),
                   "NCryptOpenStorageProvider");
}

void ours_store_done(struct ours_store *s)
{
    int status = 0;
    if (s->provider != 0)
        NCryptFreeObject(s->provider);
    if (s->remover == 0)
        return;
    close(s->alive);
    if (waitpid(s->remover, &status, 0) < 0 || status != 0) {
        fprintf(stderr, "bench: %s could not be removed\n", s->home);
        ours_failed = true;
    }
    *s = (struct ours_store){0};
}

/* ---- keys with names ------------------------------------------------------------------------------------------- */

void ours_keys_init(struct ours_keys *k, const struct ours_store *s, DWORD flags)
{
    uint64_t random = 0;
    *k = (struct ours_keys){.provider = s->provider, .flags = flags};
    ours_ok(BCryptGenRandom(BCRYPT_RNG_ALG_HANDLE, (PUCHAR)&random, sizeof random, 0),
            "BCryptGenRandom");
    snprintf(k->series, sizeof k->series, "%016llx", (unsigned long long)random);
}

static void name_of(const struct ours_keys *k, size_t i, WCHAR name[NAME_CHARS])
{
    swprintf(name, NAME_CHARS, L"bench %s %zu", k->series, i);
}

static bool key_free(NCRYPT_KEY_HANDLE key)
{
    return key != 0 && ours_ok(NCryptFreeObject(key), "NCryptFreeObject");
}

bool ours_keys_import(struct ours_keys *k, LPCWSTR type, const struct ours_blob *blob, size_t count)
{
    while (k->count < count) {
        WCHAR name[NAME_CHARS];
        name_of(k, k->count, name);
        NCryptBuffer buffer = {(ULONG)((wcslen(name) + 1) * sizeof name[0]),
                               NCRYPTBUFFER_PKCS_KEY_NAME, name};
        NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
        NCRYPT_KEY_HANDLE key = 0;
        SECURITY_STATUS status = NCryptImportKey(k->provider, 0, type, &list, &key,
                                                 (PBYTE)(uintptr_t)blob->bytes, blob->n, k->flags);
        if (!ours_ok(status, "NCryptImportKey") || !key_free(key))
            return false;
        k->count++;
    }
    return true;
}

NCRYPT_KEY_HANDLE ours_keys_open(struct ours_keys *k)
{
    WCHAR name[NAME_CHARS];
    NCRYPT_KEY_HANDLE key = 0;
    k->next = (k->next + STRIDE) % k->count;
    name_of(k, k->next, name);
    return ours_ok(NCryptOpenKey(k->provider, &key, name, 0, k->flags), "NCryptOpenKey") ? key : 0;
}

bool ours_named_create(void *arg)
{
    struct ours_keys *k = arg;
    WCHAR name[NAME_CHARS];
    NCRYPT_KEY_HANDLE key = 0;
    name_of(k, k->count, name);
    if (!ours_ok(NCryptCreatePersistedKey(k->provider, &key, BCRYPT_ECDSA_P256_ALGORITHM, name, 0,
                                          k->flags),
                 "NCryptCreatePersistedKey"))
        return false;
    bool ok = ours_ok(NCryptFinalizeKey(key, 0), "NCryptFinalizeKey");
    k->count += ok;
    return key_free(key) && ok;
}

bool ours_named_open(void *arg)
{
    return key_free(ours_keys_open(arg));
}

bool ours_named_sign(void *arg)
{
    struct ours_named_call *n = arg;
    struct ours_call *c = &n->call;
    return ours_ok(NCryptSignHash(n->key, c->padding, c->in.bytes, c->in.n, c->out.bytes,
                                  sizeof c->out.bytes, &c->out.n, c->flags),
                   "NCryptSignHash");
}

bool ours_named_use(void *arg)
{
    struct ours_named_call *n = arg;
    n->key = ours_keys_open(&n->keys);
    if (n->key == 0)
        return false;
    bool ok = ours_named_sign(n);
    return key_free(n->key) && ok;
}

/* ---- enumeration ----------------------------------------------------------------------------------------------- */

/* The next key into `found`; at the end there is none, and the state is released. */
static bool step(struct ours_keys *k)
{
    if (k->found != NULL)
        NCryptFreeBuffer(k->found);
    k->found = NULL;
    SECURITY_STATUS status = NCryptEnumKeys(k->provider, NULL, &k->found, &k->state, k->flags);
    if (status == ERROR_SUCCESS)
        return true;
    if (k->state != NULL)
        NCryptFreeBuffer(k->state);
    k->found = NULL;
    k->state = NULL;
    return status == NTE_NO_MORE_ITEMS || ours_ok(status, "NCryptEnumKeys");
}

void ours_keys_done(struct ours_keys *k)
{
    while (k->state != NULL && step(k))
        ;
}

bool ours_named_next(void *arg)
{
    struct ours_keys *k = arg;
    return step(k) && (k->found != NULL || step(k));
}

/* /proc/self/statm is off by some hundred KiB since Linux 6.2, which counts pages for each processor by itself; this
 * one looks at every page. */
static bool resident(double *kib)
{
    char text[4096];
    int fd = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0)
        close(fd);
    text[n < 0 ? 0 : n] = '\0';
    const char *rss = strstr(text, "\nRss:");
    *kib = rss == NULL ? 0 : strtod(rss + strlen("\nRss:"), NULL);
    if (rss == NULL)
        fprintf(stderr, "bench: /proc/self/smaps_rollup tells nothing\n");
    return rss != NULL;
}

/* Looks about thirty times on the way: what a program had to hold is to be seen before it is released. */
bool ours_named_walk(void *arg, double *grown_kib)
{
    struct ours_keys *k = arg;
    double before, now, most = 0;
    size_t seen = 0;
    ours_keys_done(k);
    if (!resident(&before))
        return false;
    for (;;) {
        if (!step(k))
            return false;
        if (k->found == NULL)
            break;
        if (++seen % (k->count / 32 + 1) == 0 && resident(&now) && now > most)
            most = now;
    }
    if (!resident(&now) || seen != k->count) {
        fprintf(stderr, "bench: enumerated %zu of %zu keys\n", seen, k->count);
        return false;
    }
    *grown_kib = (now > most ? now : most) - before;
    return true;
}
