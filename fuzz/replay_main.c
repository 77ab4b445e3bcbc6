/*
 * Runs a fuzz target over files, for compilers without libFuzzer and for regression tests.
 *
 *    replay [--shake N] PATH... [--shake N PATH...]...
 *
 * A PATH is a file or a folder. Behind --shake each input is also run cut at every length, and
 * with each of its first N bytes changed in a few ways: a small, repeatable part of what the
 * fuzzer would do. 0 ends that. Inputs lie in exactly their own size on the heap, so that AddressSanitizer
 * sees the first byte read too far.
 */
#include <dirent.h>
#include <sys/stat.h>

#include "fuzz.h"

static size_t runs, files;

static void run(const uint8_t *p, size_t n)
{
    uint8_t *copy = malloc(n);
    FUZZ_CHECK(copy != NULL);
    if (n > 0)
        memcpy(copy, p, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
    runs++;
}

static void shake(uint8_t *p, size_t n, size_t head)
{
    for (size_t cut = 0; cut < n; cut++)
        run(p, cut);
    for (size_t i = 0; i < n && i < head; i++) {
        uint8_t was = p[i];
        const uint8_t instead[] = {0x00,
                                   0xFF,
                                   (uint8_t)(was ^ 1),
                                   (uint8_t)(was ^ 0x80),
                                   (uint8_t)(was + 1),
                                   (uint8_t)(was - 1)};
        for (size_t k = 0; k < sizeof instead; k++) {
            p[i] = instead[k];
            if (p[i] != was)
                run(p, n);
        }
        p[i] = was;
    }
}

static void run_file(const char *path, size_t head)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        perror(path);
        exit(2);
    }
    uint8_t *p = NULL;
    size_t n = 0, room = 0, got;
    do {
        if (n == room) {
            room = room == 0 ? 4096 : 2 * room;
            p = realloc(p, room);
            FUZZ_CHECK(p != NULL);
        }
        got = fread(p + n, 1, room - n, f);
        n += got;
    } while (got > 0);
    if (ferror(f)) {
        perror(path);
        exit(2);
    }
    fclose(f);
    run(p, n);
    if (head > 0)
        shake(p, n, head);
    free(p);
    files++;
}

static void run_path(const char *path, size_t head)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        perror(path);
        exit(2);
    }
    if (!S_ISDIR(st.st_mode)) {
        run_file(path, head);
        return;
    }
    struct dirent **list;
    int count = scandir(path, &list, NULL, alphasort);
    if (count < 0) {
        perror(path);
        exit(2);
    }
    for (int i = 0; i < count; i++) {
        char child[4096];
        int n = snprintf(child, sizeof child, "%s/%s", path, list[i]->d_name);
        if (list[i]->d_name[0] != '.' && n > 0 && (size_t)n < sizeof child)
            run_path(child, head);
        free(list[i]);
    }
    free(list);
}

int main(int argc, char **argv)
{
    size_t head = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--shake") == 0 && i + 1 < argc)
            head = strtoul(argv[++i], NULL, 10);
        else
            run_path(argv[i], head);
    }
    printf("%zu files, %zu runs\n", files, runs);
    return files > 0 ? 0 : 2; /* an empty corpus is a mistake */
}
