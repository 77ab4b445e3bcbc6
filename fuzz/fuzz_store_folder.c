/*
 * The key store's folders, full of whatever an input puts there. An input is
 *
 *    0  bit 0     begin without the files of a good store that has one key, "k"
 *    …  steps     {op, and: a good file's number, a name (a length and bytes) in one of the two folders,
 *                 an offset u16, bytes behind a length; as the op needs them (`ops`)}
 *
 * Then a program comes that knows nothing: it lists and opens what there is, uses "k", makes a key,
 * deletes them, lets the store be checked. No call hangs or crashes; a key that signs comes from a file
 * that nobody changed, and is the same key; nothing outside of the two folders is touched or followed.
 */
#include "fuzz_api.h"
#include "fuzz_home.h"

#include <ncrypt.h>
#include <opencng_store.h>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEPS_MOST 24
#define FILES_MOST 8
#define FILE_MOST 4096

/* ---- the good store ----------------------------------------------------------------------------- */

static struct good {
    char folder[16]; /* below home/user */
    char name[64];
    uint8_t p[FILE_MOST];
    size_t n;
} good[FILES_MOST];
static size_t good_n;
static UCHAR good_public[72];
static WCHAR k_name[] = L"k";

static const char *in_home(const char *folder, const char *name)
{
    static char path[2048];
    snprintf(path, sizeof path, "%s/user/%s%s%s", home, folder, name[0] != 0 ? "/" : "", name);
    return path;
}

static size_t read_file(const char *path, uint8_t *p, size_t room)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    ssize_t n = fd < 0 ? -1 : read(fd, p, room);
    if (fd >= 0)
        close(fd);
    return n < 0 ? 0 : (size_t)n;
}

static void write_file(const char *path, const uint8_t *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0)
        return;
    FUZZ_CHECK(write(fd, p, n) == (ssize_t)n);
    close(fd);
}

static void remember(const char *folder)
{
    DIR *d = opendir(in_home(folder, ""));
    FUZZ_CHECK(d != NULL);
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        struct stat st;
        const char *path = in_home(folder, e->d_name);
        if (lstat(path, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0)
            continue;
        FUZZ_CHECK(good_n < FILES_MOST && strlen(e->d_name) < sizeof good->name);
        struct good *g = &good[good_n++];
        strcpy(g->folder, folder);
        strcpy(g->name, e->d_name);
        g->n = read_file(path, g->p, sizeof g->p);
        FUZZ_CHECK(g->n > 0 && g->n < sizeof g->p);
    }
    closedir(d);
}

static int by_kind(const void *a, const void *b)
{
    const char *x = strrchr(((const struct good *)a)->name, '.');
    const char *y = strrchr(((const struct good *)b)->name, '.');
    return strcmp(x, y);
}

static NCRYPT_PROV_HANDLE provider_open(void)
{
    NCRYPT_PROV_HANDLE provider = 0;
    FUZZ_CHECK(NCryptOpenStorageProvider(&provider, NULL, 0) == ERROR_SUCCESS);
    return provider;
}

static SECURITY_STATUS make_key(NCRYPT_PROV_HANDLE provider, LPCWSTR name, NCRYPT_KEY_HANDLE *key)
{
    SECURITY_STATUS s =
        NCryptCreatePersistedKey(provider, key, NCRYPT_ECDSA_P256_ALGORITHM, name, 0, 0);
    return s < 0 ? s : NCryptFinalizeKey(*key, 0);
}

static void begin(void)
{
    if (good_n > 0)
        return;
    umask(077);
    home_make();
    NCRYPT_PROV_HANDLE provider = provider_open();
    NCRYPT_KEY_HANDLE key = 0;
    DWORD n = 0;
    FUZZ_CHECK(make_key(provider, k_name, &key) == ERROR_SUCCESS);
    FUZZ_CHECK(NCryptExportKey(key, 0, BCRYPT_ECCPUBLIC_BLOB, NULL, good_public, sizeof good_public,
                               &n, 0) == ERROR_SUCCESS);
    FUZZ_CHECK(NCryptFreeObject(key) == ERROR_SUCCESS);
    FUZZ_CHECK(NCryptFreeObject(provider) == ERROR_SUCCESS);
    remember("keys");
    remember("protectors");
    FUZZ_CHECK(good_n >= 3);
    qsort(good, good_n, sizeof *good, by_kind); /* .kek, .key, .slot */
}

/* ---- steps -------------------------------------------------------------------------------------- */

static const char *const folders[] = {"keys", "protectors"};

/* A path of the input's choice: any bytes but those that a name cannot have. */
static const char *take_path(struct input *in)
{
    char name[256];
    const char *folder = folders[take_byte(in) % COUNT(folders)];
    size_t n = take_byte(in);
    if (n > in->n)
        n = in->n;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = take_byte(in);
        name[i] = (char)(c == 0 || c == '/' ? '_' : c);
    }
    name[n] = 0;
    if (n == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        strcpy(name, "name");
    return in_home(folder, name);
}

static const char *good_path(const struct good *g)
{
    return in_home(g->folder, g->name);
}

static void change_byte(struct input *in, const struct good *g)
{
    uint8_t p[FILE_MOST];
    size_t n = read_file(good_path(g), p, sizeof p);
    size_t at = take_u16(in);
    uint8_t with = take_byte(in);
    if (n > 0)
        p[at % n] ^= with;
    write_file(good_path(g), p, n);
}

static void cut_it(struct input *in, const struct good *g)
{
    uint8_t p[FILE_MOST] = {0};
    if (read_file(good_path(g), p, sizeof p) > 0)
        write_file(good_path(g), p, take_u16(in) % FILE_MOST);
}

static void remove_it(struct input *in, const struct good *g)
{
    (void)in;
    if (remove(good_path(g)) != 0)
        return;
}

/* The name that an input chose is read first: the two paths share a buffer. */
static void rename_it(struct input *in, const struct good *g)
{
    char to[2048];
    strcpy(to, take_path(in));
    if (rename(good_path(g), to) != 0)
        return;
}

static void copy_it(struct input *in, const struct good *g)
{
    write_file(take_path(in), g->p, g->n);
}

static void link_it(struct input *in, const struct good *g)
{
    char to[2048];
    strcpy(to, take_path(in));
    if (link(good_path(g), to) != 0)
        return;
}

/* A link to the outside, in the place of a good file or elsewhere. */
static void point_outside(struct input *in, const struct good *g)
{
    char outside[64];
    snprintf(outside, sizeof outside, "%s/outside", home);
    const char *path = (take_byte(in) & 1) != 0 ? good_path(g) : take_path(in);
    (void)remove(path);
    if (symlink(outside, path) != 0)
        return;
}

static void special(struct input *in, const struct good *g)
{
    uint8_t how = take_byte(in);
    const char *path = (how & 1) != 0 ? good_path(g) : take_path(in);
    (void)remove(path);
    if ((how & 2) != 0 ? mkfifo(path, 0600) != 0 : mkdir(path, 0700) != 0)
        return;
}

static void change_mode(struct input *in, const struct good *g)
{
    uint8_t how = take_byte(in);
    const char *path = (how & 1) != 0 ? good_path(g) : in_home(folders[how / 2 % 2], "");
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    (void)fchmod(fd, take_u16(in) & 07777u);
    close(fd);
}

static void write_bytes(struct input *in, const struct good *g)
{
    const char *path = (take_byte(in) & 1) != 0 ? good_path(g) : take_path(in);
    size_t n = take_byte(in);
    if (n > in->n)
        n = in->n;
    write_file(path, in->p, n);
    in->p += n;
    in->n -= n;
}

static void (*const ops[])(struct input *in, const struct good *g) = {
    change_byte, cut_it,        remove_it, rename_it,   copy_it,
    link_it,     point_outside, special,   change_mode, write_bytes,
};

static void furnish(struct input *in)
{
    char path[128];
    bool empty = (take_byte(in) & 1) != 0;
    home_remove();
    FUZZ_CHECK(mkdir(home, 0700) == 0);
    snprintf(path, sizeof path, "%s/user", home);
    FUZZ_CHECK(mkdir(path, 0700) == 0);
    snprintf(path, sizeof path, "%s/outside", home);
    write_file(path, (const uint8_t *)"outside", 7);
    for (size_t i = 0; i < COUNT(folders); i++)
        FUZZ_CHECK(mkdir(in_home(folders[i], ""), 0700) == 0);
    for (size_t i = 0; i < good_n && !empty; i++)
        write_file(good_path(&good[i]), good[i].p, good[i].n);
    for (int i = 0; i < STEPS_MOST && in->n > 0; i++) {
        uint8_t op = take_byte(in);
        const struct good *g = &good[take_byte(in) % good_n];
        ops[op % COUNT(ops)](in, g);
    }
}

/* ---- the program that comes then ------------------------------------------------------------------ */

/* Whether the file of "k" is the one that was made. */
static bool is_intact(void)
{
    uint8_t p[FILE_MOST];
    const struct good *k = NULL;
    for (size_t i = 0; i < good_n; i++) {
        if (strstr(good[i].name, ".key") != NULL)
            k = &good[i];
    }
    FUZZ_CHECK(k != NULL);
    return read_file(good_path(k), p, sizeof p) == k->n && memcmp(p, k->p, k->n) == 0;
}

static void use_k(NCRYPT_KEY_HANDLE key)
{
    UCHAR hash[32] = {1}, signature[64], blob[256];
    DWORD n = 0;
    bool intact = is_intact();
    SECURITY_STATUS s =
        NCryptSignHash(key, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0);
    FUZZ_CHECK(s < 0 || intact);
    if (s == ERROR_SUCCESS) {
        FUZZ_CHECK(NCryptExportKey(key, 0, BCRYPT_ECCPUBLIC_BLOB, NULL, blob, sizeof blob, &n, 0) ==
                   ERROR_SUCCESS);
        FUZZ_CHECK(n == sizeof good_public && memcmp(blob, good_public, n) == 0);
        FUZZ_CHECK(NCryptVerifySignature(key, NULL, hash, sizeof hash, signature, sizeof signature,
                                         0) == ERROR_SUCCESS);
    }
}

/* What an enumeration gives has a name that can be asked for; whether it opens is another matter. */
static void list_keys(NCRYPT_PROV_HANDLE provider)
{
    NCryptKeyName *name = NULL;
    PVOID state = NULL;
    int count = 0;
    while (NCryptEnumKeys(provider, NULL, &name, &state, 0) == ERROR_SUCCESS) {
        NCRYPT_KEY_HANDLE key = 0;
        FUZZ_CHECK(++count <= STEPS_MOST + FILES_MOST && name->pszName[0] != 0);
        if (NCryptOpenKey(provider, &key, name->pszName, name->dwLegacyKeySpec, 0) == ERROR_SUCCESS)
            FUZZ_CHECK(NCryptFreeObject(key) == ERROR_SUCCESS);
        FUZZ_CHECK(NCryptFreeBuffer(name) == ERROR_SUCCESS);
    }
    if (state != NULL)
        FUZZ_CHECK(NCryptFreeBuffer(state) == ERROR_SUCCESS);
}

static BOOL WINAPI see_slot(const CNG_STORE_SLOT *slot, void *context)
{
    size_t *seen = context;
    *seen += strlen(slot->Name) + strlen(slot->Type) + strlen(slot->Description);
    return TRUE;
}

static void WINAPI see_finding(const CNG_STORE_FINDING *finding, void *context)
{
    size_t *seen = context;
    *seen += strlen(finding->Path) + strlen(finding->Problem);
}

static void check_store(void)
{
    size_t seen = 0;
    CNG_STORE_REPORT report;
    (void)CngStoreEnumSlots(CNG_STORE_USER, see_slot, &seen);
    if (CngStoreCheck(CNG_STORE_USER, NULL, see_finding, NULL, &seen, &report) == ERROR_SUCCESS)
        FUZZ_CHECK(report.Keys <= STEPS_MOST + FILES_MOST + 1);
}

static void visit(void)
{
    NCRYPT_PROV_HANDLE provider = provider_open();
    NCRYPT_KEY_HANDLE key = 0, fresh = 0;
    check_store();
    list_keys(provider);
    if (NCryptOpenKey(provider, &key, k_name, 0, 0) == ERROR_SUCCESS)
        use_k(key);
    SECURITY_STATUS made = make_key(provider, L"fresh", &fresh);
    if (made == ERROR_SUCCESS) {
        UCHAR hash[32] = {2}, signature[64];
        DWORD n = 0;
        FUZZ_CHECK(NCryptSignHash(fresh, NULL, hash, sizeof hash, signature, sizeof signature, &n,
                                  0) == ERROR_SUCCESS);
        FUZZ_CHECK(NCryptDeleteKey(fresh, 0) == ERROR_SUCCESS);
    } else if (fresh != 0) {
        FUZZ_CHECK(NCryptFreeObject(fresh) == ERROR_SUCCESS);
    }
    if (key != 0 && NCryptDeleteKey(key, 0) != ERROR_SUCCESS)
        FUZZ_CHECK(NCryptFreeObject(key) == ERROR_SUCCESS);
    FUZZ_CHECK(NCryptFreeObject(provider) == ERROR_SUCCESS);

    char path[64];
    uint8_t outside[16];
    snprintf(path, sizeof path, "%s/outside", home);
    FUZZ_CHECK(read_file(path, outside, sizeof outside) == 7 && memcmp(outside, "outside", 7) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    begin();
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    furnish(&in);
    visit();
    return 0;
}
