/*
 * A program that changes the configuration is killed at every system call that it makes (stepped by ptrace). Afterwards the
 * file is the old one or the new one, nothing is reported as damaged, and the next change is made without waiting: a dead
 * process holds no lock.
 */
#include <opencng_config.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "conform_config.h"

static NTSTATUS act_register(void)
{
    struct registration r;
    return BCryptRegisterProvider(L"P", CRYPT_OVERWRITE, registration_fill(&r, HASH, L"NEW", NULL));
}

static NTSTATUS act_unregister(void)
{
    return BCryptUnregisterProvider(L"P");
}

static NTSTATUS act_add(void)
{
    return BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"NEW", CRYPT_PRIORITY_TOP);
}

/* 0: as before; 1: done; -1: neither. */
static int state_register(void)
{
    ULONG n = 0;
    PCRYPT_PROVIDER_REG reg = NULL;
    if (BCryptQueryProviderRegistration(L"P", CRYPT_UM, 0, &n, &reg) != STATUS_SUCCESS)
        return -1;
    LPCWSTR function = reg->pUM->rgpInterfaces[0]->rgpszFunctions[0];
    int state = text_equal(function, L"NEW") ? 1 : text_equal(function, L"OLD") ? 0 : -1;
    BCryptFreeBuffer(reg);
    return state;
}

static int state_unregister(void)
{
    ULONG n = 0;
    NTSTATUS status = BCryptQueryProviderRegistration(L"P", CRYPT_UM, 0, &n, NULL);
    return status == STATUS_NOT_FOUND ? 1 : status == STATUS_BUFFER_TOO_SMALL ? 0 : -1;
}

static int state_add(void)
{
    if (functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"NEW", L"OLD")))
        return 1;
    return functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"OLD")) ? 0 : -1;
}

/* From nothing the first change makes the folders, too. */
static int state_first(void)
{
    if (functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"NEW")))
        return 1;
    return functions_are(CRYPT_LOCAL, L"Default", HASH, NO_STRINGS) ? 0 : -1;
}

static const struct operation {
    const char *name;
    bool from_nothing;
    NTSTATUS (*act)(void);
    int (*state)(void);
} operations[] = {
    {"the first change of all", true, act_add, state_first},
    {"overwriting a registration", false, act_register, state_register},
    {"removing a registration", false, act_unregister, state_unregister},
    {"adding a function", false, act_add, state_add},
};

static void clean(void)
{
    nftw(config_path("user"), config_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static bool prepare(const struct operation *o)
{
    clean();
    return o->from_nothing ||
           (provider_register(L"P", HASH, L"OLD", NULL) == STATUS_SUCCESS &&
            BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"OLD", 0) == STATUS_SUCCESS);
}

/* Lets a child run until it is about to make its n-th call, and kills it there. 1: killed; 0: it came to its end before; 2: it may not be
 * traced; -1: it failed by itself. */
static int kill_at(const struct operation *o, size_t n)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(77);
        raise(SIGSTOP);
        _exit(o->act() == STATUS_SUCCESS ? 0 : 1);
    }
    int status = 0;
    size_t calls = 0;
    bool in_call = false;
    waitpid(child, &status, 0);
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 77 ? 2 : -1;
    ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    for (;;) {
        ptrace(PTRACE_SYSCALL, child, NULL, 0);
        if (waitpid(child, &status, 0) != child)
            return -1;
        if (WIFEXITED(status))
            return WEXITSTATUS(status) == 0 ? 0 : -1;
        in_call = !in_call;
        if (in_call && ++calls == n) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return 1;
        }
    }
}

static BOOL WINAPI is_problem(const char *path, const char *problem, void *context)
{
    printf("# %s: %s\n", path, problem);
    *(int *)context = 1;
    return FALSE;
}

/* Whether the state is one of the two, nothing is damaged, and the operation can be done now. */
static int look(const struct operation *o)
{
    int damaged = 0;
    int state = o->state();
    if (state < 0 || CngConfigEnumProblems(is_problem, &damaged) != STATUS_SUCCESS || damaged != 0)
        return -1;
    alarm(20); /* a lock that a dead process holds would be waited for for ever */
    NTSTATUS status = o->act();
    alarm(0);
    bool gone = state == 1 && status == STATUS_NOT_FOUND; /* removed already */
    return (status == STATUS_SUCCESS || gone) && o->state() == 1 ? state : -1;
}

int main(void)
{
    config_begin();
    for (size_t i = 0; i < ARRAYSIZE(operations); i++) {
        const struct operation *o = &operations[i];
        size_t before = 0, done = 0, wrong = 0;
        int ended = 1;
        row_begin("%s", o->name);
        for (size_t n = 1; ended == 1 && n < 1000; n++) {
            bool ready = prepare(o);
            ended = kill_at(o, n);
            if (ended == 2)
                break;
            int state = ready && ended >= 0 ? look(o) : -1;
            wrong += state < 0;
            done += ended == 1 && state == 1;
            before += ended == 1 && state == 0;
        }
        if (ended == 2) {
            tap_skip("killed at every call", "processes may not be traced here");
            continue;
        }
        printf("# killed at %zu calls, after %zu of them it was done\n", before + done, done);
        tap(ended == 0, "it comes to its end at last");
        tap(wrong == 0, "killed at any call, it is as before or done, and goes on");
        tap(before > 5 && done > 0, "both were seen");
    }
    return tap_done();
}
