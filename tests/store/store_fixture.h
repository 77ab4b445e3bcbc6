/*
 * What the store's tests share: a folder of their own under OPENCNG_HOME, records and payloads that say what they
 * are, and a look into the files.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store.h"

#define NO_PASSPHRASE ((struct span){NULL, 0})

static inline struct span text_span(const char *text)
{
    return span_of(text, strlen(text));
}

static char home[256]; /* OPENCNG_HOME */

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static inline void remove_tree(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A new OPENCNG_HOME; in memory where that is possible, since tests write and sync thousands of files. TMPDIR says
 * otherwise. */
static inline int home_setup(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    if (base == NULL)
        base = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(home, sizeof home, "%s/opencng-store-XXXXXX", base);
    return mkdtemp(home) == NULL ? -1 : setenv("OPENCNG_HOME", home, 1);
}

static inline int home_teardown(void **state)
{
    (void)state;
    remove_tree(home);
    return 0;
}

static inline const char *in_home(const char *rest)
{
    static char paths[4][512];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", home, rest);
    return path;
}

static inline struct store *store_new(void)
{
    struct store *s = NULL;
    assert_int_equal(store_open(STORE_USER, &s), STATUS_SUCCESS);
    return s;
}

/* A payload that can be told from every other: 256 bytes from a counter. */
struct test_payload {
    struct store_payload payload;
    uint8_t bytes[256];
};

static inline void payload_fill(struct test_payload *p, uint32_t seed)
{
    uint32_t x = seed * 2654435761u + 1;
    for (size_t i = 0; i < sizeof p->bytes; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        p->bytes[i] = (uint8_t)(x >> 7);
    }
    p->payload.type = text_span("RSAFULLPRIVATEBLOB");
    p->payload.blob = span_of(p->bytes, sizeof p->bytes);
}

static inline struct store_record record_of(const char *name, uint32_t spec)
{
    return (struct store_record){
        .name = text_span(name),
        .spec = spec,
        .algorithm = text_span("RSA"),
        .length = 2048,
        .usage = 0x00FFFFFF,
        .export_policy = 3,
        .public_type = text_span("RSAPUBLICBLOB"),
        .public_blob = text_span("the public part of the key"),
    };
}

static inline SECURITY_STATUS create(struct store *s, const char *name, uint32_t seed,
                                     bool overwrite)
{
    struct test_payload p;
    payload_fill(&p, seed);
    struct store_record r = record_of(name, 0);
    return store_create(s, &r, &p.payload, NO_PASSPHRASE, overwrite, NULL);
}

/* Whether the key's private part is the one made from `seed`. */
static inline SECURITY_STATUS has_payload(struct store *s, const char *name, uint32_t seed,
                                          struct span passphrase)
{
    struct store_key *key = NULL;
    SECURITY_STATUS status = store_load(s, text_span(name), 0, &key);
    if (status < 0)
        return status;
    struct test_payload expected;
    payload_fill(&expected, seed);
    SECRET storage = {NULL, 0};
    struct store_payload payload;
    status = store_unseal(s, key, passphrase, &storage, &payload);
    if (status >= 0 && (payload.blob.n != sizeof expected.bytes ||
                        memcmp(payload.blob.p, expected.bytes, sizeof expected.bytes) != 0))
        status = NTE_FAIL;
    store_key_free(key);
    return status;
}

static inline void assert_span(struct span found, const char *expected)
{
    assert_int_equal(found.n, strlen(expected));
    assert_memory_equal(found.p, expected, found.n);
}

/* --- files -------------------------------------------------------------------------------------------- */

static inline size_t file_bytes(const char *path, uint8_t **out)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    struct stat st;
    assert_int_equal(fstat(fileno(f), &st), 0);
    *out = malloc((size_t)st.st_size + 1);
    size_t n = fread(*out, 1, (size_t)st.st_size, f);
    fclose(f);
    return n;
}

/* Without O_TRUNC: ext4 syncs a file that was cut to nothing and written anew. */
static inline void file_write(const char *path, const void *p, size_t n)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, p, n), (ssize_t)n);
    assert_int_equal(ftruncate(fd, (off_t)n), 0);
    close(fd);
}

static inline const char *key_path(const char *name, uint32_t spec)
{
    char unique[STORE_UNIQUE_CHARS + 1];
    assert_int_equal(store_unique_name(text_span(name), spec, unique), STATUS_SUCCESS);
    char rest[128];
    snprintf(rest, sizeof rest, "user/keys/%s", unique);
    return in_home(rest);
}

/* The file of a slot whose name starts with that. */
static inline const char *slot_path(const char *start)
{
    static char path[600];
    DIR *d = opendir(in_home("user/protectors"));
    assert_non_null(d);
    path[0] = '\0';
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strncmp(e->d_name, start, strlen(start)) == 0 && strstr(e->d_name, ".slot") != NULL)
            snprintf(path, sizeof path, "%s/user/protectors/%s", home, e->d_name);
    }
    closedir(d);
    assert_true(path[0] != '\0');
    return path;
}

/* Names in a folder, without . and ..; -1 when there is no such folder. */
static inline int count_names(const char *path, const char *prefix)
{
    DIR *d = opendir(path);
    if (d == NULL)
        return -1;
    int n = 0;
    for (const struct dirent *e; (e = readdir(d)) != NULL;)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
             strncmp(e->d_name, prefix, strlen(prefix)) == 0;
    closedir(d);
    return n;
}

/* Descriptors that are open. */
static inline int count_fds(void)
{
    return count_names("/proc/self/fd", "");
}

/* Whether any 15 bytes of `secret` stand in any file under `path`: 8 of them start at a multiple of 8. */
static struct span searched;
static char leak_path[512];

static int search_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)ftw;
    if (flag != FTW_F || !S_ISREG(st->st_mode))
        return 0;
    uint8_t *bytes;
    size_t n = file_bytes(path, &bytes);
    int found = 0;
    for (size_t i = 0; found == 0 && i + 8 <= searched.n; i += 8)
        found = memmem(bytes, n, searched.p + i, 8) != NULL;
    free(bytes);
    if (found)
        snprintf(leak_path, sizeof leak_path, "%s", path);
    return found;
}

static inline bool leaks(const char *path, struct span secret)
{
    searched = secret;
    return nftw(path, search_one, 16, FTW_PHYS) != 0;
}

/* --- slots ---------------------------------------------------------------------------------------------- */

struct seen {
    size_t count, damaged;
    char names[256];
};

static inline bool see(const struct store_slot *slot, void *arg)
{
    struct seen *seen = arg;
    seen->count++;
    seen->damaged += slot->damaged;
    size_t n = strlen(seen->names);
    snprintf(seen->names + n, sizeof seen->names - n, "%s:%s:%s ", slot->name, slot->type,
             slot->description);
    return true;
}

static inline struct seen slots_of(struct store *s)
{
    struct seen seen = {0};
    assert_int_equal(store_slots(s, see, &seen), STATUS_SUCCESS);
    return seen;
}

#endif
