/*
 * Out of memory at every point. Each life (lives.h) is walked with one request after another refused, alone and together
 * with all that follow, until the walk is over before the request comes. walk.h says what must hold of every call; here it is
 * seen to that nothing is left over.
 *
 * Half of the lives find everything in use already. The others begin in a fresh child for every single refusal, where nothing
 * but the random number generator, and for the first of them not even that, has been used: first uses fail too.
 *
 *     alloc [-v] [NAME [REQUEST once|on]]     only the life of that name, or only that one walk
 */
#include "inject.h"
#include "lives.h"
#include "walk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MALLOC_IS_TAKEN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(memory_sanitizer)
#define MALLOC_IS_TAKEN 1
#endif
#endif

#define DENSE 400 /* so many requests are refused one by one; of a longer life's others, every … */
#define STEP 23
#define MISSES                                                                                     \
    3 /* lives with random lengths: over when so many walks in a row did not get as far as the request */
#define PATIENCE 24 /* caches may grow so often before it is called a leak */

static int checks, failures;

static void run(struct walk *w, const struct life *life, unsigned long refuse, bool from_then_on)
{
    *w = (struct walk){.life = life->name, .refuse = refuse, .from_then_on = from_then_on};
    injection_reset(refuse, from_then_on);
    life->run(w, life->kind);
    injection.armed = false;
}

static unsigned long next_request(unsigned long n)
{
    return n < DENSE ? n + 1 : n + STEP;
}

/* ---- where everything is in use already ----------------------------------------------------------------------------- */

static long blocks_after_clean_walk(const struct life *life)
{
    struct walk w;
    run(&w, life, 0, false);
    return live_now().blocks;
}

/* Blocks may be left over because a cache grew, which ends some time. */
static void check_leak(const struct life *life, unsigned long refuse, bool from_then_on,
                       long *blocks)
{
    for (int i = 0; i < PATIENCE; i++) {
        if (live_now().blocks <= *blocks)
            return;
        long now = blocks_after_clean_walk(life);
        if (now <= *blocks)
            return;
        *blocks = now;
        struct walk w;
        run(&w, life, refuse, from_then_on);
    }
    struct walk w = {.life = life->name, .refuse = refuse, .from_then_on = from_then_on};
    finding_add(&w, "blocks of memory are lost", STATUS_SUCCESS, life->name);
}

static unsigned long sweep_warm(const struct life *life, bool from_then_on)
{
    struct walk w;
    for (int i = 0; i < 3; i++)
        run(&w, life, 0, false);
    long blocks = live_now().blocks;
    struct live before = live_now();
    unsigned long walks = 0;
    int misses = 0;
    for (unsigned long n = 1; misses < MISSES; n = next_request(n)) {
        run(&w, life, n, from_then_on);
        misses = injection.refused > 0 ? 0 : misses + 1;
        walks++;
        struct live now = live_now();
        if (now.secrets != before.secrets)
            finding_add(&w, "blocks of secret memory are lost",
                        (NTSTATUS)(now.secrets - before.secrets), life->name);
        if (now.handles != before.handles)
            finding_add(&w, "handles are lost", (NTSTATUS)(now.handles - before.handles),
                        life->name);
        before.secrets = now.secrets;
        before.handles = now.handles;
        check_leak(life, n, from_then_on, &blocks);
    }
    return walks;
}

/* ---- where nothing is ------------------------------------------------------------------------------------------------- */

enum ending { REFUSED, NOT_REACHED, DIED };

static enum ending walk_in_child(const struct life *life, unsigned long refuse, bool from_then_on)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        struct walk w;
        alarm(120);
        run(&w, life, refuse, from_then_on);
        bool refused = injection.refused > 0;
        /* Whatever was refused, the next life is whole. */
        run(&w, life, 0, false);
        w.refuse = refuse;
        w.from_then_on = from_then_on;
        if (w.over)
            finding_add(&w, "the life after the refusal fails", STATUS_SUCCESS, life->name);
        if (live_now().secrets != 0 || live_now().handles != 0)
            finding_add(&w, "secrets or handles are lost", STATUS_SUCCESS, life->name);
        _exit(refused ? REFUSED : NOT_REACHED);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFEXITED(status))
        return (enum ending)WEXITSTATUS(status);
    struct walk w = {.life = life->name, .refuse = refuse, .from_then_on = from_then_on};
    finding_add(&w, "the process died", WTERMSIG(status), life->name);
    return DIED;
}

static unsigned long sweep_cold(const struct life *life, bool from_then_on, unsigned long step)
{
    unsigned long walks = 0;
    int misses = 0;
    for (unsigned long n = 1; misses<MISSES; n = step> 1 ? n + step : next_request(n)) {
        enum ending ending = walk_in_child(life, n, from_then_on);
        misses = ending == NOT_REACHED ? misses + 1 : 0;
        walks++;
    }
    return walks;
}

/* ---- report ------------------------------------------------------------------------------------------------------------- */

static void report(const struct life *life, const char *from, unsigned long walks)
{
    unsigned found = findings_print(life->name);
    failures += found > 0;
    printf("%sok %d - %s, %s, %lu walks\n", found > 0 ? "not " : "", ++checks, life->name, from,
           walks);
}

static void sweep(const struct life *life, bool cold)
{
    unsigned long walks = 0;
    for (int on = 0; on < 2; on++)
        walks += cold ? sweep_cold(life, on, 1) : sweep_warm(life, on);
    report(life, cold ? "first use" : "in use", walks);
}

#ifdef MALLOC_IS_TAKEN

int main(void)
{
    printf("1..0 # SKIP the sanitizer has malloc\n");
    return 0;
}

#else

int main(int argc, char **argv)
{
    static char buffer[1 << 16]; /* stdio allocates none */
    setvbuf(stdout, buffer, _IOLBF, sizeof buffer);
    findings_share();
    const struct life *lives;
    size_t count = lives_make(&lives);
    const char *only = argc > 1 ? argv[1] : NULL;

    /* The library's own first use: several thousand requests, of which every third one or so is refused. */
    if (only == NULL)
        report(&lives[0], "first use of the library",
               sweep_cold(&lives[0], false, 3) + sweep_cold(&lives[0], true, 4));
    UCHAR bytes[16];
    if (BCryptGenRandom(NULL, bytes, sizeof bytes, BCRYPT_USE_SYSTEM_PREFERRED_RNG) !=
        STATUS_SUCCESS)
        return 1;
    for (size_t i = 1; i < count; i += 2) {
        if (only == NULL || strcmp(only, lives[i].name) == 0)
            sweep(&lives[i], true);
    }
    for (size_t i = 0; i < count; i += 2) {
        if (only == NULL || strcmp(only, lives[i].name) == 0)
            sweep(&lives[i], false);
    }
    printf("1..%d\n", checks);
    return failures != 0;
}

#endif
