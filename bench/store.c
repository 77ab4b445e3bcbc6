/*
 * The suite `store`: keys with a name, beside the same keys through bcrypt.h, and few beside many of them.
 *
 * There are two stores. One is in $TMPDIR (or /tmp), so that the row of creation has what a program waits for: files and
 * folders that are written to a disk. The other is for many keys and lies in /dev/shm where there is one, as each of them
 * would wait for the disk in the same way; whatever opens or enumerates keys reads what the system has in memory anyway.
 */
#include "suites.h"

#include <stdlib.h>
#include <unistd.h>

#include "rows_store.h"

static const char legend[] =
    "reference: the same key through bcrypt.h, imported unchecked (keys: a store of few keys); "
    "ratio: ours / reference,\n"
    "below 1 is faster; difference: ours - reference; +-: two standard errors of the ratio.\n"
    "  create           medians by the clock on the wall, with the disk of $TMPDIR or /tmp; the "
    "reference only generates\n"
    "  open by name     NCryptOpenKey, NCryptFreeObject, beside BCryptImportKeyPair, "
    "BCryptDestroyKey; the private\n"
    "                   part is unsealed and imported at its first use, which is in `sign once`\n"
    "  two threads      by the clock on the wall, best slices; the goal is the throughput of two "
    "over one; not judged\n"
    "                   unless two processors were idle\n"
    "  keys: of N (10)  a store of N keys beside one of 10: all keys in turn, in memory (/dev/shm) "
    "where there is that\n"
    "  memory           what the process had more resident during the enumeration than before";

static const char *disk_folder(void)
{
    const char *folder = getenv("TMPDIR");
    return folder != NULL && folder[0] == '/' ? folder : "/tmp";
}

static const char *memory_folder(void)
{
    return access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : disk_folder();
}

bool suite_store(const struct bench_options *options)
{
    static struct ours_store store;
    const bool few = options->quick || options->once;
    const size_t counts[] = {options->once ? 50
                             : few         ? 1000
                                           : 10000,
                             options->large ? 100000 : 0, 0};
    struct bench *b = bench_new(options, "reference");
    if (b == NULL)
        return false;
    /* One after the other: a provider looks for its store at its first use of a key, not when it is opened. */
    if (ours_store_init(&store, disk_folder())) {
        rows_store_create(b, &store, few ? 50 : 300);
        rows_store_keys(b, &store);
        rows_store_threads(b, &store);
    }
    ours_store_done(&store);
    if (ours_store_init(&store, memory_folder()))
        rows_store_many(b, &store, counts);
    ours_store_done(&store);
    bool ok = bench_finish(b, legend);
    bench_free(b);
    return ok && !ours_failed;
}
