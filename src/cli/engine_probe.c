/*
 * Trying a provider before it is registered: its image is loaded in a process of its own, so that one that crashes, hangs or ends
 * the program takes nothing with it. The child writes into a pipe what is wrong, or that all is well: its end alone says nothing.
 */
#include <bcrypt_provider.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "complain.h"
#include "engine_border.h"
#include "engine_config.h"

/* Seconds after which an image has had its time. */
#define PATIENCE 30

/* All is well. */
#define WELL "+"

/* ---- in the child --------------------------------------------------------------------------------------------- */

static void say(int to, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(int to, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    size_t most = sizeof text - 1;
    if (n > 0 && write(to, text, (size_t)n < most ? (size_t)n : most) < 0)
        _exit(1);
}

/* Strings are 16 bits wide at the boundary to a provider, whatever the width of this program's. */
struct narrow_name {
    uint16_t text[128];
};

static struct narrow_name narrow_name_of(const char *utf8)
{
    struct narrow_name out = {{0}};
    struct wide_name wide = name_of(utf8);
    size_t n = 0;
    for (size_t i = 0; wide.text[i] != 0 && n + 3 < ARRAY_COUNT(out.text); i++) {
        uint32_t c = (uint32_t)wide.text[i];
        if (c > 0xFFFF) {
            out.text[n++] = (uint16_t)(0xD800 + ((c - 0x10000) >> 10));
            c = 0xDC00 + (c & 0x3FF);
        }
        out.text[n++] = (uint16_t)c;
    }
    return out;
}

/* The entries take a provider's name, then a function's (but for two, which are about one thing), then where the table goes. */
typedef NTSTATUS(WINAPI *named_entry)(const void *provider, const void *function, void **table,
                                      ULONG flags);
typedef NTSTATUS(WINAPI *single_entry)(const void *provider, void **table, ULONG flags);

union entry {
    void *symbol;
    named_entry named;
    single_entry single;
};

static bool is_single(uint32_t interface_id)
{
    return interface_id == BCRYPT_RNG_INTERFACE || interface_id == 0x00010001;
}

/* Whether the provider answers for the function; what it does not is said. */
static bool answers(void *image, const char *provider, const struct engine_offer *offer, int to)
{
    const struct engine_interface *row = engine_interface_find(offer->interface_id);
    if (row == NULL || row->entry == NULL)
        return true; /* nobody loads a provider for it, so there is nothing to ask */
    union entry entry = {dlsym(image, row->entry)};
    if (entry.symbol == NULL) {
        say(to, "it does not export %s", row->entry);
        return false;
    }
    struct narrow_name name = narrow_name_of(provider);
    struct narrow_name function = narrow_name_of(offer->function);
    void *table = NULL;
    NTSTATUS status = is_single(offer->interface_id)
                          ? entry.single(name.text, &table, 0)
                          : entry.named(name.text, function.text, &table, 0);
    if (status < 0) {
        say(to, "%s does not know %s: %s (0x%08X)", row->entry, offer->function,
            status_name(status), (unsigned)status);
        return false;
    }
    if (table == NULL) {
        say(to, "%s succeeds for %s and gives no table", row->entry, offer->function);
        return false;
    }
    BCRYPT_INTERFACE_VERSION version;
    memcpy(&version, table, sizeof version);
    if (version.MajorVersion < 1) {
        say(to, "the table of %s has version %u.%u", row->entry, version.MajorVersion,
            version.MinorVersion);
        return false;
    }
    return true;
}

static void probe(const char *path, const struct engine_registration *r, int to)
{
    (void)alarm(PATIENCE);
    void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (image == NULL) {
        say(to, "%s", dlerror());
        _exit(1);
    }
    for (size_t i = 0; i < r->offer_count; i++) {
        if (!answers(image, r->name, &r->offers[i], to))
            _exit(1);
    }
    say(to, "%s", WELL);
    _exit(0);
}

/* ---- in the parent -------------------------------------------------------------------------------------------- */

static void descriptor_done(int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

#define DESCRIPTOR CLEANUP(descriptor_done) int

static void read_all(int from, struct octets *out)
{
    uint8_t part[256];
    ssize_t n;
    while ((n = read(from, part, sizeof part)) > 0 || (n < 0 && errno == EINTR)) {
        if (n > 0)
            octets_append(out, (struct view){part, (size_t)n});
    }
}

static void describe_end(int status, struct octets *problem)
{
    char text[128];
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        snprintf(text, sizeof text, "it was still busy after %d seconds", PATIENCE);
    else if (WIFSIGNALED(status))
        snprintf(text, sizeof text, "it crashes (%s)", strsignal(WTERMSIG(status)));
    else
        snprintf(text, sizeof text, "it ends the program that loads it");
    octets_set(problem, view_of_text(text));
}

enum outcome engine_probe(const char *path, const struct engine_registration *r,
                          struct octets *problem)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return complain_errno(BAD_SYSTEM, NULL, "trying the provider", errno);
    (void)fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        probe(path, r, ends[1]);
    }
    DESCRIPTOR from = ends[0];
    close(ends[1]);
    if (child < 0)
        return complain_errno(BAD_SYSTEM, NULL, "trying the provider", errno);
    octets_resize(problem, 0);
    read_all(from, problem);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (view_equal(view_of(problem), view_of_text(WELL)))
        return DONE;
    if (problem->n == 0)
        describe_end(status, problem);
    return BAD_INPUT;
}
