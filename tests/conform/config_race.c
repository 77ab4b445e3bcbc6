/* Eight processes add functions to one context, and take others away, all at the same time, while two more read: no change is lost, and no
 * reader ever sees a file that is half written. */
#include <opencng_config.h>
#include <signal.h>
#include <sys/wait.h>

#include "conform_config.h"

#define WRITERS 8
#define READERS 2
#define FUNCTIONS 25

/* L"W3F17", for both widths. */
static LPCWSTR function_name(WCHAR *out, int writer, int i)
{
    char text[16];
    size_t n = (size_t)snprintf(text, sizeof text, "W%dF%d", writer, i);
    for (size_t k = 0; k <= n; k++)
        out[k] = (WCHAR)text[k];
    return out;
}

/* Every second one is taken away again, and each writer registers a provider and takes it away. */
static int write_all(int writer)
{
    WCHAR name[16];
    WCHAR provider[16];
    function_name(provider, writer, 1000);
    for (int i = 0; i < FUNCTIONS; i++) {
        if (BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, function_name(name, writer, i),
                                     (ULONG)(i * 7)) != STATUS_SUCCESS)
            return 1;
        if (i % 2 == 1 &&
            BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", HASH, name) != STATUS_SUCCESS)
            return 2;
        if (provider_register(provider, HASH, L"F", NULL) != STATUS_SUCCESS ||
            BCryptUnregisterProvider(provider) != STATUS_SUCCESS)
            return 3;
    }
    return 0;
}

static BOOL WINAPI is_problem(const char *path, const char *problem, void *context)
{
    fprintf(stderr, "# %s: %s\n", path, problem);
    *(int *)context = 1;
    return FALSE;
}

static int read_on(void)
{
    int wrong = 0;
    while (getppid() != 1 && wrong == 0) {
        ULONG n = 0;
        PCRYPT_CONTEXT_FUNCTIONS list = NULL;
        if (BCryptEnumContextFunctions(CRYPT_LOCAL, L"Default", HASH, &n, &list) != STATUS_SUCCESS)
            return 1;
        BCryptFreeBuffer(list);
        if (CngConfigEnumProblems(is_problem, &wrong) != STATUS_SUCCESS)
            return 2;
    }
    return wrong;
}

static pid_t start(int (*work)(int), int argument)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(work(argument));
    return child;
}

static int read_as(int unused)
{
    (void)unused;
    return read_on();
}

static bool has(PCRYPT_CONTEXT_FUNCTIONS list, LPCWSTR name)
{
    for (ULONG i = 0; i < list->cFunctions; i++) {
        if (text_equal(list->rgpszFunctions[i], name))
            return true;
    }
    return false;
}

int main(void)
{
    pid_t readers[READERS];
    pid_t writers[WRITERS];
    config_begin();
    row_begin("race");
    /* The parent has a picture, too, that the children inherit. */
    tap(functions_are(CRYPT_LOCAL, L"Default", HASH, NO_STRINGS), "an empty table");
    for (int i = 0; i < READERS; i++)
        readers[i] = start(read_as, 0);
    for (int i = 0; i < WRITERS; i++)
        writers[i] = start(write_all, i);
    for (int i = 0; i < WRITERS; i++) {
        int status = -1;
        waitpid(writers[i], &status, 0);
        tap(status == 0, "a writer's calls all succeed");
    }
    for (int i = 0; i < READERS; i++) {
        int status = -1;
        tap(waitpid(readers[i], &status, WNOHANG) == 0, "a reader has nothing to complain of");
        kill(readers[i], SIGKILL);
        waitpid(readers[i], &status, 0);
    }
    ULONG n = 0;
    PCRYPT_CONTEXT_FUNCTIONS list = NULL;
    tap_status(BCryptEnumContextFunctions(CRYPT_LOCAL, L"Default", HASH, &n, &list), STATUS_SUCCESS,
               "what is left");
    tap(list->cFunctions == WRITERS * ((FUNCTIONS + 1) / 2), "is as much as it should be");
    bool all = true;
    for (int writer = 0; writer < WRITERS; writer++) {
        for (int i = 0; i < FUNCTIONS; i++) {
            WCHAR name[16];
            all = all && has(list, function_name(name, writer, i)) == (i % 2 == 0);
        }
    }
    tap(all, "and what it should be");
    BCryptFreeBuffer(list);
    PCRYPT_PROVIDERS providers = NULL;
    tap(BCryptEnumRegisteredProviders(&n, &providers) == STATUS_SUCCESS &&
            providers->cProviders == 2,
        "no provider is left but the built-in ones");
    BCryptFreeBuffer(providers);
    return tap_done();
}
