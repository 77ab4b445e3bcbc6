/*
 * What a program finds changed after the libraries have worked in it: nothing. Its umask, working folder, locale, environment, signals and
 * descriptors are as they were, and so is the rounding of floating point. And the libraries can be loaded, used and unloaded a thousand
 * times, by which neither memory nor descriptors become more.
 *
 * The libraries are loaded, not linked: host LIBBCRYPT LIBNCRYPT.
 */
#include <windows.h>

#include <bcrypt.h>
#include <ncrypt.h>
#include <ntstatus.h>

#include <dlfcn.h>
#include <errno.h>
#include <fenv.h>
#include <ftw.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process_use.h"

/* A sanitizer keeps what was freed for a while. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif
#ifdef SANITIZED
#define ROUNDS 50
#define MORE_KIB 65536
#else
#define ROUNDS 1000
#define MORE_KIB 1024
#endif

static int checks, failures;

static void tap(bool good, const char *what)
{
    checks++;
    failures += !good;
    printf("%sok %d - %s\n", good ? "" : "not ", checks, what);
}

/* ---- the libraries ----------------------------------------------------------------------------------------------- */

static const char *paths[2];
static void *libraries[2];

static bool load(void)
{
    for (int i = 0; i < 2; i++) {
        libraries[i] = dlopen(paths[i], RTLD_NOW | RTLD_LOCAL);
        if (libraries[i] == NULL) {
            printf("# %s\n", dlerror());
            return false;
        }
    }
    return true;
}

static void unload(void)
{
    dlclose(libraries[1]);
    dlclose(libraries[0]);
}

/* A pointer to the function of this name, of its declared type. */
#define FUNCTION(library, name, symbol)                                                            \
    __typeof__(name) *name##_;                                                                     \
    do {                                                                                           \
        void *found_ = dlsym(libraries[library], symbol);                                          \
        if (found_ == NULL)                                                                        \
            return false;                                                                          \
        memcpy(&name##_, &found_, sizeof found_);                                                  \
    } while (0)

static bool work_with_bcrypt(void)
{
    FUNCTION(0, BCryptOpenAlgorithmProvider, "BCryptOpenAlgorithmProvider_wchar32");
    FUNCTION(0, BCryptCloseAlgorithmProvider, "BCryptCloseAlgorithmProvider");
    FUNCTION(0, BCryptHash, "BCryptHash");
    FUNCTION(0, BCryptGenRandom, "BCryptGenRandom");
    FUNCTION(0, BCryptGenerateKeyPair, "BCryptGenerateKeyPair");
    FUNCTION(0, BCryptFinalizeKeyPair, "BCryptFinalizeKeyPair");
    FUNCTION(0, BCryptDestroyKey, "BCryptDestroyKey");
    UCHAR bytes[48] = {1}, digest[32];
    BCRYPT_ALG_HANDLE sha = NULL;
    BCRYPT_KEY_HANDLE key = NULL;
    return BCryptOpenAlgorithmProvider_(&sha, BCRYPT_SHA256_ALGORITHM, NULL, 0) == STATUS_SUCCESS &&
           BCryptHash_(sha, NULL, 0, bytes, sizeof bytes, digest, 32) == STATUS_SUCCESS &&
           BCryptGenRandom_(NULL, bytes, sizeof bytes, BCRYPT_USE_SYSTEM_PREFERRED_RNG) ==
               STATUS_SUCCESS &&
           BCryptGenerateKeyPair_(BCRYPT_ECDSA_P256_ALG_HANDLE, &key, 256, 0) == STATUS_SUCCESS &&
           BCryptFinalizeKeyPair_(key, 0) == STATUS_SUCCESS &&
           BCryptDestroyKey_(key) == STATUS_SUCCESS &&
           BCryptCloseAlgorithmProvider_(sha, 0) == STATUS_SUCCESS;
}

/* A key in a file: what touches the file system, and asks who the user is. */
static bool work_with_ncrypt(bool persisted)
{
    FUNCTION(1, NCryptOpenStorageProvider, "NCryptOpenStorageProvider_wchar32");
    FUNCTION(1, NCryptCreatePersistedKey, "NCryptCreatePersistedKey_wchar32");
    FUNCTION(1, NCryptFinalizeKey, "NCryptFinalizeKey");
    FUNCTION(1, NCryptSignHash, "NCryptSignHash_wchar32");
    FUNCTION(1, NCryptFreeObject, "NCryptFreeObject");
    NCRYPT_PROV_HANDLE provider = 0;
    NCRYPT_KEY_HANDLE key = 0;
    BYTE hash[32] = {1}, signature[64];
    DWORD n = 0;
    return NCryptOpenStorageProvider_(&provider, NULL, 0) == ERROR_SUCCESS &&
           NCryptCreatePersistedKey_(provider, &key, BCRYPT_ECDSA_P256_ALGORITHM,
                                     persisted ? L"k" : NULL, 0,
                                     persisted ? NCRYPT_OVERWRITE_KEY_FLAG : 0) == ERROR_SUCCESS &&
           NCryptFinalizeKey_(key, 0) == ERROR_SUCCESS &&
           NCryptSignHash_(key, NULL, hash, 32, signature, 64, &n, 0) == ERROR_SUCCESS &&
           NCryptFreeObject_(key) == ERROR_SUCCESS && NCryptFreeObject_(provider) == ERROR_SUCCESS;
}

/* ---- what is the program's own ----------------------------------------------------------------------------------- */

static struct host {
    mode_t mask;
    char folder[512], locale[256];
    sigset_t blocked;
    struct sigaction actions[NSIG];
    size_t variables;
    int descriptors, rounding;
} before;

static void on_signal(int number)
{
    (void)number;
}

static void look(struct host *h)
{
    memset(h, 0, sizeof *h);
    h->mask = umask(0);
    umask(h->mask);
    if (getcwd(h->folder, sizeof h->folder) == NULL)
        abort();
    snprintf(h->locale, sizeof h->locale, "%s", setlocale(LC_ALL, NULL));
    sigprocmask(SIG_SETMASK, NULL, &h->blocked);
    for (int i = 1; i < NSIG; i++)
        sigaction(i, NULL, &h->actions[i]);
    while (environ[h->variables] != NULL)
        h->variables++;
    h->descriptors = descriptors();
    h->rounding = fegetround();
}

static bool same_signals(const struct host *a, const struct host *b)
{
    for (int i = 1; i < NSIG; i++) {
        if (a->actions[i].sa_handler != b->actions[i].sa_handler ||
            a->actions[i].sa_flags != b->actions[i].sa_flags ||
            sigismember(&a->blocked, i) != sigismember(&b->blocked, i))
            return false;
    }
    return true;
}

static void check_same(const char *when)
{
    struct host after;
    char what[128];
    look(&after);
    bool same = after.mask == before.mask && strcmp(after.folder, before.folder) == 0 &&
                strcmp(after.locale, before.locale) == 0 && same_signals(&after, &before) &&
                after.variables == before.variables && after.descriptors == before.descriptors &&
                after.rounding == before.rounding;
    snprintf(what, sizeof what,
             "%s: umask, folder, locale, signals, environment, descriptors, rounding as before",
             when);
    tap(same, what);
    if (!same)
        printf("# umask %o, folder %s, locale %s, signals %d, %zu variables, %d descriptors\n",
               after.mask, after.folder, after.locale, same_signals(&after, &before),
               after.variables, after.descriptors);
}

/* The descriptors that a program has which this one starts. */
static int inherited(void)
{
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", "exit $(ls /proc/self/fd | wc -l)", (char *)NULL);
        _exit(99);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char home[] = "/tmp/opencng-host-XXXXXX";

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

int main(int argc, char **argv)
{
    if (argc != 3 || mkdtemp(home) == NULL || setenv("OPENCNG_HOME", home, 1) != 0)
        return 2;
    paths[0] = argv[1];
    paths[1] = argv[2];
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    umask(027);
    setlocale(LC_ALL, "C.UTF-8");
    fesetround(FE_UPWARD);
    look(&before);
    int given = inherited();
    tap(load(), "the libraries are loaded");
    check_same("loaded");
    tap(work_with_bcrypt() && work_with_ncrypt(true), "hashes, key pairs, a key in a file");
    check_same("after work");
    tap(inherited() == given, "a program that is started then gets no descriptor of theirs");
    unload();
    check_same("unloaded");
    long resident = 0;
    bool good = true;
    for (int i = 0; i < ROUNDS && good; i++) {
        good = load() && work_with_bcrypt() && work_with_ncrypt(i % 50 == 0);
        unload();
        if (i == ROUNDS / 10)
            resident = resident_kib();
    }
    tap(good, "loaded, used and unloaded again and again");
    check_same("afterwards");
    long more = resident_kib() - resident;
    tap(more <= MORE_KIB, "memory has not grown by more than it may");
    printf("# figure: 33 the libraries loaded, used and unloaded %d times: %+ld KiB, %+d "
           "descriptors\n",
           ROUNDS, more, descriptors() - before.descriptors);
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    printf("1..%d\n", checks);
    return failures != 0;
}
