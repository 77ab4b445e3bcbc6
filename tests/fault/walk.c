#include "walk.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include <openssl/err.h>

#include "inject.h"

#define PATTERN 0xA5

/* ---- findings ------------------------------------------------------------------------------------------------- */

#define FINDINGS 200

struct finding {
    const char *life, *what, *call;
    NTSTATUS status;
    unsigned long refuse; /* of the first one */
    bool from_then_on;
    unsigned count;
};

static struct finding *findings;

void findings_share(void)
{
    findings = mmap(NULL, FINDINGS * sizeof *findings, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
}

void finding_add(const struct walk *w, const char *what, NTSTATUS status, const char *call)
{
    struct finding *f = findings;
    while (f < findings + FINDINGS - 1 && f->count > 0 &&
           (f->life != w->life || strcmp(f->what, what) != 0 || f->status != status ||
            strcmp(f->call, call) != 0))
        f++;
    if (f->count == 0)
        *f = (struct finding){w->life, what, call, status, w->refuse, w->from_then_on, 0};
    f->count++;
}

unsigned findings_print(const char *life)
{
    unsigned found = 0;
    for (const struct finding *f = findings; f < findings + FINDINGS && f->count > 0; f++) {
        if (f->life != life)
            continue;
        found++;
        printf("# %s: 0x%08x, %u times, first with request %lu %s refused: %s\n", f->what,
               (unsigned)f->status, f->count, f->refuse,
               f->from_then_on ? "and all after it" : "alone", f->call);
    }
    return found;
}

/* ---- calls ------------------------------------------------------------------------------------------------------- */

void walk_begin(struct walk *w, void *out, size_t n)
{
    if (n > 0)
        memset(out, PATTERN, n);
    w->refused_before = injection.refused;
    injection.armed = true;
}

static void check_queue(struct walk *w, const char *call)
{
    injection.armed = false;
    if (ERR_peek_error() == 0)
        return;
    finding_add(w, "libcrypto's error queue is not empty",
                (NTSTATUS)ERR_GET_REASON(ERR_peek_error()), call);
    ERR_clear_error();
}

static bool left_alone(const unsigned char *out, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (out[i] != PATTERN && out[i] != 0)
            return false;
    }
    return true;
}

bool walk_end(struct walk *w, void *out, size_t n, NTSTATUS want, NTSTATUS got, const char *call)
{
    bool repeated = w->again;
    w->again = false;
    check_queue(w, call);
    if (got == want)
        return true;
    if (!left_alone(out, n))
        finding_add(w, "a failed call has written to its output", got, call);
    if (n > 0)
        memset(out, 0, n);
    bool refused = injection.refused > w->refused_before;
    if (got == STATUS_NO_MEMORY && refused && !repeated) {
        w->over = w->from_then_on;
        w->again = !w->from_then_on;
        return false;
    }
    finding_add(w,
                repeated  ? "wrong status when repeated"
                : refused ? "wrong status"
                          : "wrong status later",
                got, call);
    w->over = true;
    return false;
}

bool walk_repeats(struct walk *w)
{
    return w->again;
}

void walk_dropped(struct walk *w, NTSTATUS got, const char *call)
{
    check_queue(w, call);
    if (got != STATUS_SUCCESS)
        finding_add(w, "not released", got, call);
}

bool walk_holds(struct walk *w, bool cond, const char *what)
{
    if (!cond)
        finding_add(w, "success with a wrong result", STATUS_SUCCESS, what);
    return cond;
}
