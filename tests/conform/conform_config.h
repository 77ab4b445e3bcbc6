/* What the suites of the configuration share: two tables of their own, and short names for what many checks need. */
#ifndef CONFORM_CONFIG_H
#define CONFORM_CONFIG_H

#include "conform.h"

#include <bcrypt_provider.h>

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#define HASH BCRYPT_HASH_INTERFACE
#define KEY_STORAGE 0x00010001
#define SCHANNEL 0x00010002
#define NOBODY 65534

static char config_home[] = "/tmp/opencng-config-XXXXXX";
static pid_t config_owner;

static inline int config_remove_one(const char *path, const struct stat *st, int flag,
                                    struct FTW *ftw)
{
    (void)st;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static inline void config_remove(void)
{
    if (getpid() == config_owner)
        nftw(config_home, config_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Both tables are empty, and gone afterwards. Root has one table only, so root becomes somebody else. */
static inline void config_begin(void)
{
    umask(022);
    if (mkdtemp(config_home) == NULL || setenv("OPENCNG_HOME", config_home, 1) != 0)
        abort();
    if (geteuid() == 0 &&
        (chown(config_home, NOBODY, NOBODY) != 0 || setresgid(NOBODY, NOBODY, NOBODY) != 0 ||
         setresuid(NOBODY, NOBODY, NOBODY) != 0))
        abort();
    config_owner = getpid();
    atexit(config_remove);
}

static inline const char *config_path(const char *below)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/%s", config_home, below);
    return path;
}

/* Writes a file as an administrator would, by hand. */
static inline void config_write(const char *below, const char *text, mode_t mode)
{
    int fd = open(config_path(below), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    size_t n = strlen(text);
    if (fd < 0 || write(fd, text, n) != (ssize_t)n || fchmod(fd, mode) != 0 || close(fd) != 0)
        abort();
}

/* The text of a file; "" when there is none. */
static inline void config_read(const char *below, char *text, size_t room)
{
    int fd = open(config_path(below), O_RDONLY);
    ssize_t n = fd < 0 ? 0 : read(fd, text, room - 1);
    text[n < 0 ? 0 : n] = '\0';
    if (fd >= 0)
        close(fd);
}

/* ---- registrations ----------------------------------------------------------------------------- */

/* A provider with functions on one interface. */
struct registration {
    CRYPT_PROVIDER_REG reg;
    CRYPT_IMAGE_REG image;
    CRYPT_INTERFACE_REG interface;
    PCRYPT_INTERFACE_REG list[1];
    PWSTR functions[4];
    PWSTR aliases[2];
};

static inline PCRYPT_PROVIDER_REG registration_fill(struct registration *r, ULONG interface_id,
                                                    LPCWSTR function, LPCWSTR second)
{
    memset(r, 0, sizeof *r);
    r->functions[0] = (PWSTR)function;
    r->functions[1] = (PWSTR)second;
    r->interface =
        (CRYPT_INTERFACE_REG){interface_id, CRYPT_LOCAL, second == NULL ? 1 : 2, r->functions};
    r->list[0] = &r->interface;
    r->image = (CRYPT_IMAGE_REG){(PWSTR)L"example.so", 1, r->list};
    r->reg = (CRYPT_PROVIDER_REG){0, NULL, &r->image, NULL};
    return &r->reg;
}

static inline NTSTATUS provider_register(LPCWSTR name, ULONG interface_id, LPCWSTR function,
                                         LPCWSTR second)
{
    struct registration r;
    return BCryptRegisterProvider(name, 0, registration_fill(&r, interface_id, function, second));
}

/* ---- answers ------------------------------------------------------------------------------------ */

/* Whether strings are the given ones, which end with NULL, in this order. */
static inline bool strings_are(ULONG n, PWSTR *strings, const LPCWSTR *expected)
{
    ULONG i = 0;
    for (; i < n && expected[i] != NULL; i++) {
        if (!text_equal(strings[i], expected[i]))
            return false;
    }
    return i == n && expected[i] == NULL;
}

#define STRINGS(...) ((const LPCWSTR[]){__VA_ARGS__, NULL})
#define NO_STRINGS ((const LPCWSTR[]){NULL})

static inline bool functions_are(ULONG table, LPCWSTR context, ULONG interface_id,
                                 const LPCWSTR *expected)
{
    ULONG n = 0;
    PCRYPT_CONTEXT_FUNCTIONS list = NULL;
    if (BCryptEnumContextFunctions(table, context, interface_id, &n, &list) != STATUS_SUCCESS)
        return false;
    bool good = strings_are(list->cFunctions, list->rgpszFunctions, expected);
    BCryptFreeBuffer(list);
    return good;
}

static inline bool providers_are(ULONG table, LPCWSTR context, ULONG interface_id, LPCWSTR function,
                                 const LPCWSTR *expected)
{
    ULONG n = 0;
    PCRYPT_CONTEXT_FUNCTION_PROVIDERS list = NULL;
    if (BCryptEnumContextFunctionProviders(table, context, interface_id, function, &n, &list) !=
        STATUS_SUCCESS)
        return false;
    bool good = strings_are(list->cProviders, list->rgpszProviders, expected);
    BCryptFreeBuffer(list);
    return good;
}

/* Whether all providers that are asked for the function are these, in this order. */
static inline bool resolved_are(LPCWSTR context, ULONG interface_id, LPCWSTR function,
                                const LPCWSTR *expected)
{
    ULONG n = 0;
    PCRYPT_PROVIDER_REFS refs = NULL;
    NTSTATUS status = BCryptResolveProviders(context, interface_id, function, NULL, CRYPT_UM,
                                             CRYPT_ALL_PROVIDERS, &n, &refs);
    if (status != STATUS_SUCCESS)
        return status == STATUS_NOT_FOUND && expected[0] == NULL;
    ULONG i = 0;
    bool good = true;
    for (; i < refs->cProviders && expected[i] != NULL; i++)
        good = good && text_equal(refs->rgpProviders[i]->pszProvider, expected[i]);
    good = good && i == refs->cProviders && expected[i] == NULL;
    BCryptFreeBuffer(refs);
    return good;
}

/* The protocol of the buffers, for any of the functions: `call` makes it. `asked`: what asking for the size answers. Checks size, a block of the
 * library's, of the caller's own at every alignment, and one that is too small; all pointers stay inside. */
typedef NTSTATUS block_call(ULONG *size, void **buffer);

/* Whether a pointer points into the block. */
static inline bool inside(const void *block, ULONG size, const void *p)
{
    return (const UCHAR *)p >= (const UCHAR *)block &&
           (const UCHAR *)p < (const UCHAR *)block + size;
}

static inline void check_protocol(block_call *call, NTSTATUS asked)
{
    ULONG size = 1;
    tap_status(call(NULL, NULL), STATUS_INVALID_PARAMETER, "a size is wanted");
    tap_status(call(&size, NULL), asked, "asking for the size");
    ULONG need = size;
    tap(need > 0 || asked == STATUS_SUCCESS, "the size is told");

    void *made = NULL;
    size = 12345;
    tap_status(call(&size, &made), STATUS_SUCCESS, "the library makes the block");
    tap(made != NULL && size == need, "and tells its size");
    BCryptFreeBuffer(made);

    for (ULONG shift = 0; shift < 8; shift++) {
        struct guarded g = guarded_new(need + shift);
        void *own = g.p + shift;
        size = need;
        NTSTATUS status = call(&size, &own);
        tap(status == STATUS_SUCCESS && size == need && own == g.p + shift && guarded_intact(&g),
            "the caller's block is filled, at any alignment");
        guarded_free(&g);
    }
    struct guarded g = guarded_new(need);
    void *own = g.p;
    size = need - 1;
    tap_status(call(&size, &own), STATUS_BUFFER_TOO_SMALL, "a block that is too small");
    tap(size == need && guarded_untouched(&g) && own == g.p, "is left alone, and the size is told");
    guarded_free(&g);
}

#endif
