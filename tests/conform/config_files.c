/* The files under the configuration: who may change them, which are believed, what a damaged one loses, and how a program learns of a
 * change. Files are written by hand here, as an administrator would. */
#include <poll.h>
#include <pwd.h>
#include <sys/wait.h>

#include <opencng_config.h>

#include "conform_config.h"

#define GOOD "opencng provider 1\nname %s\nimage /usr/lib/x.so\ninterface hash\nfunction F\n"

static int problem_count;
static char problem_path[512];

static BOOL WINAPI count_problem(const char *path, const char *problem, void *context)
{
    (void)context;
    printf("# %s: %s\n", path, problem);
    problem_count++;
    snprintf(problem_path, sizeof problem_path, "%s", path);
    return TRUE;
}

static int problems(void)
{
    problem_count = 0;
    return CngConfigEnumProblems(count_problem, NULL) == STATUS_SUCCESS ? problem_count : -1;
}

static bool is_registered(LPCWSTR name)
{
    ULONG n = 0;
    return BCryptQueryProviderRegistration(name, CRYPT_UM, 0, &n, NULL) == STATUS_BUFFER_TOO_SMALL;
}

static bool mode_is(const char *below, mode_t mode)
{
    struct stat st;
    return stat(config_path(below), &st) == 0 && (st.st_mode & 07777) == mode;
}

static bool is_signalled(HANDLE event)
{
    struct pollfd p = {.fd = (int)(intptr_t)event, .events = POLLIN};
    return poll(&p, 1, 0) == 1;
}

static void check_made(void)
{
    row_begin("what is made");
    tap(problems() == 0 && access(config_path("user"), F_OK) != 0, "looking makes nothing");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"C"), STATUS_NOT_FOUND, "delete a context");
    tap_status(BCryptUnregisterProvider(L"P"), STATUS_NOT_FOUND, "unregister a provider");
    tap(access(config_path("user"), F_OK) != 0, "which makes nothing either");
    if (geteuid() != 0) {
        chmod(config_home, 0555);
        tap_status(provider_register(L"P", HASH, L"F", NULL), STATUS_ACCESS_DENIED,
                   "register, where the folders cannot be made");
        chmod(config_home, 0700);
    }
    HANDLE event = NULL;
    tap_status(BCryptRegisterConfigChangeNotify(&event), STATUS_SUCCESS,
               "watch tables that are not there");
    tap(access(config_path("user/config/providers"), F_OK) == 0 &&
            access(config_path("machine"), F_OK) != 0,
        "which makes the user's");
    tap(!is_signalled(event) && mkdir(config_path("machine"), 0755) == 0 && is_signalled(event),
        "that the machine's is made is told");
    tap_status(BCryptUnregisterConfigChangeNotify(event), STATUS_SUCCESS, "no more");
    umask(077);
    tap_status(provider_register(L"An Example/1", HASH, L"F", NULL), STATUS_SUCCESS, "register");
    umask(022);
    tap(mode_is("user/config/providers/an%20example%2F1.conf", 0644),
        "a file that all may read, whatever the umask, named after the provider");
    tap(mode_is("user", 0755) && mode_is("user/config", 0755) &&
            mode_is("user/config/providers", 0755) && mode_is("user/config/contexts", 0755),
        "folders that all may read");
    tap(access(config_path("user/config/providers/.new"), F_OK) != 0, "no leftover");
    char text[512];
    config_read("user/config/providers/an%20example%2F1.conf", text, sizeof text);
    tap(strcmp(text, "opencng provider 1\nname An Example/1\nimage example.so\n"
                     "interface hash\n  flags min-dependencies\n  function F\n") == 0,
        "that people can read");
    tap_status(BCryptCreateContext(CRYPT_DOMAIN, L"C", NULL), STATUS_SUCCESS,
               "the machine's table");
    tap(mode_is("machine/config/contexts/c.conf", 0644), "likewise");
    tap_status(BCryptDeleteContext(CRYPT_DOMAIN, L"C"), STATUS_SUCCESS, "and back");
    tap_status(BCryptUnregisterProvider(L"an example/1"), STATUS_SUCCESS, "unregister");

    char path[256];
    tap_status(CngConfigGetFolder(CRYPT_LOCAL, path, sizeof path), STATUS_SUCCESS,
               "the folder of the user's table");
    tap(strcmp(path, config_path("user/config")) == 0, "is told");
    tap_status(CngConfigGetFolder(CRYPT_DOMAIN, path, 4), STATUS_BUFFER_TOO_SMALL,
               "too little room for it");
    tap_status(CngConfigGetFolder(3, path, sizeof path), STATUS_INVALID_PARAMETER, "no table");
    tap_status(CngConfigEnumProblems(NULL, NULL), STATUS_INVALID_PARAMETER, "no function");
}

/* Each of these files is ignored and named; the good one beside it stays. */
static void check_damaged(void)
{
    static const struct {
        const char *what, *file, *text;
    } rows[] = {
        {"an empty file", "x.conf", ""},
        {"a cut file", "x.conf", "opencng provider 1\nname X\nimage /x.so\ninterface has"},
        {"no first line", "x.conf", "name X\nimage /x.so\n"},
        {"a file of another kind", "x.conf", "opencng context 1\nname X\n"},
        {"a newer version", "x.conf", "opencng provider 2\nname X\nimage /x.so\n"},
        {"another name inside", "x.conf", "opencng provider 1\nname Y\nimage /x.so\n"},
        {"capitals in the file's name", "X.conf", "opencng provider 1\nname X\nimage /x.so\n"},
        {"no name", "x.conf", "opencng provider 1\nimage /x.so\n"},
        {"no image", "x.conf", "opencng provider 1\nname X\n"},
        {"an unknown word", "x.conf", "opencng provider 1\nname X\nimage /x.so\ncolour red\n"},
        {"an unknown interface", "x.conf",
         "opencng provider 1\nname X\nimage /x.so\ninterface h\n"},
        {"a function without interface", "x.conf",
         "opencng provider 1\nname X\nimage /x.so\nfunction F\n"},
        {"a function twice", "x.conf",
         "opencng provider 1\nname X\nimage /x.so\ninterface hash\nfunction F\nfunction f\n"},
        {"a control character", "x.conf", "opencng provider 1\nname X\nimage /x\x01.so\n"},
        {"bytes that are no text", "x.conf", "opencng provider 1\nname X\nimage /\xff.so\n"},
        {"an escape that is none", "x.conf", "opencng provider 1\nname X\nimage /%4\n"},
        {"an escaped NUL", "x.conf", "opencng provider 1\nname X\nimage /%00\n"},
        {"the built-in provider's name", "microsoft%20primitive%20provider.conf",
         "opencng provider 1\nname Microsoft Primitive Provider\nimage /x.so\n"},
    };
    char good[256];
    snprintf(good, sizeof good, GOOD, "Good");
    row_begin("damage");
    config_write("user/config/providers/good.conf", good, 0644);
    tap(problems() == 0 && is_registered(L"Good"), "none");
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        char below[128];
        snprintf(below, sizeof below, "user/config/providers/%s", rows[i].file);
        row_begin("damage: %s", rows[i].what);
        config_write(below, rows[i].text, 0644);
        tap(problems() == 1 && strcmp(problem_path, config_path(below)) == 0, "is named");
        tap(!is_registered(L"X") && !is_registered(L"Y"), "is ignored");
        tap(is_registered(L"Good"), "and loses nothing else");
        remove(config_path(below));
    }
    row_begin("what is no damage");
    config_write("user/config/providers/x.conf",
                 "# by hand\n\n  opencng\tprovider 1 \n\tname  X\nimage /x.so\n\n# hashes:\n"
                 "interface 0x00000002\n flags 0x1 process-isolate\nfunction F\n",
                 0644);
    config_write("user/config/providers/notes.txt", "anything", 0644);
    config_write("user/config/providers/.x.conf.swp", "anything", 0666);
    tap(problems() == 0 && is_registered(L"X"), "comments, blanks, numbers, other files");
    remove(config_path("user/config/providers/x.conf"));

    row_begin("a damaged context");
    config_write("user/config/contexts/default.conf", "opencng context 1\nname Default\nflags x\n",
                 0644);
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"F", 0), STATUS_DATA_ERROR,
               "is not written over");
    tap(resolved_are(NULL, HASH, L"SHA1", STRINGS(L"Microsoft Primitive Provider")),
        "and does as if it were not there");
    remove(config_path("user/config/contexts/default.conf"));
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"F", 0), STATUS_SUCCESS,
               "when it is gone, changes are made again");
    row_begin("a damaged registration");
    config_write("user/config/providers/x.conf", "opencng", 0644);
    tap_status(provider_register(L"X", HASH, L"F", NULL), STATUS_OBJECT_NAME_COLLISION,
               "has its name");
    tap_status(BCryptUnregisterProvider(L"X"), STATUS_SUCCESS, "can be removed");
}

/* A file that was copied, so that it holds another context's name. */
static void check_copied_context(void)
{
    static const char text[] =
        "opencng context 1\nname Other\ninterface hash\n  function F\n    provider P\n";
    static const char *const file = "user/config/contexts/copy.conf";
    CRYPT_CONTEXT_CONFIG config = {CRYPT_EXCLUSIVE, 0};
    CRYPT_CONTEXT_FUNCTION_CONFIG function = {CRYPT_EXCLUSIVE, 0};
    UCHAR value = 1;
    char left[512];
    row_begin("a context with another name inside");
    config_write(file, text, 0644);
    tap(problems() == 1 && strcmp(problem_path, config_path(file)) == 0, "is named");
    tap_status(BCryptCreateContext(CRYPT_LOCAL, L"Copy", &config), STATUS_DATA_ERROR, "create it");
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Copy", &config), STATUS_DATA_ERROR,
               "configure it");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Copy", HASH, L"G", 0), STATUS_DATA_ERROR,
               "add a function");
    tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Copy", HASH, L"F"), STATUS_DATA_ERROR,
               "remove one");
    tap_status(BCryptConfigureContextFunction(CRYPT_LOCAL, L"Copy", HASH, L"F", &function),
               STATUS_DATA_ERROR, "configure one");
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Copy", HASH, L"F", L"P", 1, &value),
               STATUS_DATA_ERROR, "set a property");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, L"Copy", HASH, L"F", L"P"),
               STATUS_DATA_ERROR, "remove a provider");
    config_read(file, left, sizeof left);
    tap(strcmp(left, text) == 0, "it is left as it is");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Other"), STATUS_NOT_FOUND,
               "the other context is not there");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Copy"), STATUS_SUCCESS, "it can be deleted");
    tap(problems() == 0 && access(config_path(file), F_OK) != 0, "and is gone");
}

static BOOL WINAPI stop(const char *path, const char *problem, void *context)
{
    (void)path;
    (void)problem;
    ++*(int *)context;
    return FALSE;
}

static void check_enumeration(void)
{
    int seen = 0;
    row_begin("two problems");
    config_write("user/config/providers/x.conf", "", 0644);
    config_write("user/config/providers/y.conf", "", 0644);
    tap(problems() == 2, "are both told");
    tap_status(CngConfigEnumProblems(stop, &seen), STATUS_SUCCESS, "to one that wants no more");
    tap(seen == 1, "after the first, only that");
    remove(config_path("user/config/providers/x.conf"));
    remove(config_path("user/config/providers/y.conf"));
}

static void check_unsafe(void)
{
    static const struct {
        const char *path;
        mode_t bad, good;
    } rows[] = {
        {"user/config/providers/good.conf", 0664, 0644},
        {"user/config/providers/good.conf", 0646, 0644},
        {"user/config/providers", 0775, 0755},
        {"user/config/providers", 01777, 0755},
        {"user/config", 0757, 0755},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("%s with mode %04o", rows[i].path, (unsigned)rows[i].bad);
        tap(is_registered(L"Good"), "before");
        chmod(config_path(rows[i].path), rows[i].bad);
        tap(!is_registered(L"Good"), "is not believed");
        tap(problems() == 1 && strcmp(problem_path, config_path(rows[i].path)) == 0, "is named");
        chmod(config_path(rows[i].path), rows[i].good);
        tap(is_registered(L"Good"), "afterwards");
    }
    row_begin("an unsafe folder");
    chmod(config_path("user/config"), 0777);
    tap_status(provider_register(L"New", HASH, L"F", NULL), STATUS_ACCESS_DENIED,
               "is not written to");
    chmod(config_path("user/config"), 0755);

    row_begin("links");
    char target[512];
    snprintf(target, sizeof target, "%s", config_path("user/config/providers/good.conf"));
    tap(symlink(target, config_path("user/config/providers/x.conf")) == 0 && problems() == 1,
        "a link to a file is not followed");
    remove(config_path("user/config/providers/x.conf"));
    tap(mkfifo(config_path("user/config/providers/x.conf"), 0644) == 0 && problems() == 1,
        "a FIFO is not waited for");
    remove(config_path("user/config/providers/x.conf"));
    tap(mkdir(config_path("user/config/providers/x.conf"), 0755) == 0 && problems() == 1,
        "a folder is no file");
    rmdir(config_path("user/config/providers/x.conf"));
    tap(problems() == 0, "all is well again");
    char folder[512], moved[512];
    snprintf(folder, sizeof folder, "%s", config_path("user/config/providers"));
    snprintf(moved, sizeof moved, "%s", config_path("user/config/moved"));
    tap(rename(folder, moved) == 0 && symlink("moved", folder) == 0 && problems() == 1 &&
            strcmp(problem_path, folder) == 0,
        "a link to a folder is not followed");
    tap(!is_registered(L"Good"), "nor believed");
    tap_status(provider_register(L"New", HASH, L"F", NULL), STATUS_ACCESS_DENIED, "or written to");
    tap(unlink(folder) == 0 && rename(moved, folder) == 0 && problems() == 0 &&
            is_registered(L"Good"),
        "all is well again");
}

/* A file of comments, so large. */
static void write_large(const char *below, size_t n)
{
    char *text = malloc(n + 1);
    if (text == NULL)
        abort();
    memset(text, '#', n);
    for (size_t i = 79; i < n; i += 80)
        text[i] = '\n';
    text[n - 1] = '\n';
    text[n] = '\0';
    config_write(below, text, 0644);
    free(text);
}

/* What the system does not let us read or write is named, and leaves all else as it is. */
static void check_unreadable(void)
{
    row_begin("a file that is too large");
    write_large("user/config/providers/x.conf", 256 * 1024 + 1);
    tap(problems() == 1 && is_registered(L"Good"), "is named");
    tap_status(BCryptUnregisterProvider(L"X"), STATUS_SUCCESS, "and can be removed");
    row_begin("what is in the way");
    tap(mkdir(config_path("user/config/providers/.new"), 0755) == 0, "a folder where drafts are");
    tap_status(provider_register(L"X", HASH, L"F", NULL), STATUS_UNSUCCESSFUL, "register");
    tap(rmdir(config_path("user/config/providers/.new")) == 0 && !is_registered(L"X"),
        "nothing was written");
    tap(mkdir(config_path("user/config/providers/x.conf"), 0755) == 0, "a folder under the name");
    struct registration r;
    tap_status(
        BCryptRegisterProvider(L"X", CRYPT_OVERWRITE, registration_fill(&r, HASH, L"F", NULL)),
        STATUS_UNSUCCESSFUL, "overwrite");
    tap(access(config_path("user/config/providers/.new"), F_OK) != 0, "no leftover");
    tap(rmdir(config_path("user/config/providers/x.conf")) == 0 && problems() == 0, "take it away");
    char lock[512], elsewhere[512];
    snprintf(lock, sizeof lock, "%s", config_path("user/config/.lock"));
    snprintf(elsewhere, sizeof elsewhere, "%s", config_path("user/elsewhere"));
    tap(unlink(lock) == 0 && symlink(elsewhere, lock) == 0, "a link where the lock is");
    tap(provider_register(L"X", HASH, L"F", NULL) < 0, "register");
    tap(access(elsewhere, F_OK) != 0 && unlink(lock) == 0 && !is_registered(L"X"),
        "nothing was made where it leads");
    tap(provider_register(L"X", HASH, L"F", NULL) == STATUS_SUCCESS &&
            BCryptUnregisterProvider(L"X") == STATUS_SUCCESS,
        "without it, register and take back");
    chmod(config_path("user/config/.lock"), 0622);
    tap_status(provider_register(L"X", HASH, L"F", NULL), STATUS_ACCESS_DENIED,
               "a lock that others may write to");
    chmod(config_path("user/config/.lock"), 0600);
    tap(!is_registered(L"X") && is_registered(L"Good"), "nothing was written");
    if (geteuid() == 0)
        return; /* root reads everything */
    row_begin("no right to read");
    static const struct {
        const char *path;
        mode_t good;
    } rows[] = {{"user/config/providers/good.conf", 0644},
                {"user/config/providers", 0755},
                {"user/config", 0755}};
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        char path[512];
        snprintf(path, sizeof path, "%s", config_path(rows[i].path));
        chmod(path, 0);
        tap(problems() == 1 && strcmp(problem_path, path) == 0 && !is_registered(L"Good"),
            "is named");
        chmod(path, rows[i].good);
        tap(problems() == 0 && is_registered(L"Good"), "and was nothing worse");
    }
    chmod(config_path("user/config/.lock"), 0);
    tap_status(provider_register(L"X", HASH, L"F", NULL), STATUS_ACCESS_DENIED,
               "a lock that cannot be opened");
    chmod(config_path("user/config/.lock"), 0600);
}

static void check_denied(void)
{
    row_begin("no right to write");
    if (geteuid() == 0) {
        tap_skip("all", "root may do everything");
        return;
    }
    chmod(config_path("machine/config/contexts"), 0555);
    chmod(config_path("machine/config/.lock"), 0444);
    tap_status(BCryptCreateContext(CRYPT_DOMAIN, L"C", NULL), STATUS_ACCESS_DENIED,
               "create a context");
    tap_status(BCryptAddContextFunction(CRYPT_DOMAIN, L"Default", HASH, L"F", 0),
               STATUS_ACCESS_DENIED, "add a function");
    ULONG n = 0;
    tap_status(BCryptEnumContextFunctions(CRYPT_DOMAIN, L"Default", HASH, &n, NULL),
               STATUS_BUFFER_TOO_SMALL, "but everybody reads");
    chmod(config_path("machine/config/.lock"), 0600);
    tap_status(BCryptCreateContext(CRYPT_DOMAIN, L"C", NULL), STATUS_ACCESS_DENIED,
               "nor where only the folder is closed");
    chmod(config_path("machine/config/contexts"), 0755);
    tap_status(BCryptCreateContext(CRYPT_DOMAIN, L"C", NULL), STATUS_SUCCESS, "with the right");
    tap_status(BCryptDeleteContext(CRYPT_DOMAIN, L"C"), STATUS_SUCCESS, "delete it");
}

static void reset(HANDLE event)
{
    char bytes[4096];
    while (read((int)(intptr_t)event, bytes, sizeof bytes) > 0)
        continue;
}

static void check_notify(void)
{
    HANDLE event = NULL;
    row_begin("change notification");
    tap_status(BCryptRegisterConfigChangeNotify(NULL), STATUS_INVALID_PARAMETER, "NULL");
    tap_status(BCryptRegisterConfigChangeNotify(&event), STATUS_SUCCESS, "register");
    tap(event != NULL && !is_signalled(event), "nothing yet");
    ULONG n = 0;
    (void)BCryptEnumRegisteredProviders(&n, NULL);
    tap(!is_signalled(event), "reading is no change");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"G", 0), STATUS_SUCCESS,
               "a change of the user's table");
    tap(is_signalled(event), "is told");
    reset(event);
    tap(!is_signalled(event), "once");
    tap_status(BCryptCreateContext(CRYPT_DOMAIN, L"C", NULL), STATUS_SUCCESS,
               "a change of the machine's");
    tap(is_signalled(event), "is told");
    reset(event);
    remove(config_path("machine/config/contexts/c.conf"));
    tap(is_signalled(event), "one by hand, too");
    tap_status(BCryptUnregisterConfigChangeNotify(event), STATUS_SUCCESS, "unregister");
    tap_status(BCryptUnregisterConfigChangeNotify(event), STATUS_INVALID_PARAMETER, "again");
    static const intptr_t strange[] = {0, 1, 2, -1, 70000};
    for (size_t i = 0; i < ARRAYSIZE(strange); i++)
        tap_status(BCryptUnregisterConfigChangeNotify((HANDLE)strange[i]), STATUS_INVALID_PARAMETER,
                   "a descriptor that is none of ours");
    tap(fcntl(1, F_GETFD) >= 0, "stays open");
}

/* Where the tables are, by the environment. Asked in a child each: who asks first decides. */
struct place_row {
    const char *what;
    const char *moved, *xdg, *home; /* NULL: not set */
    const char *user,
        *machine; /* "": below the home folder that the system knows; NULL: there is none */
};

static int place_child(const struct place_row *row)
{
    static const char *const names[] = {"OPENCNG_HOME", "XDG_CONFIG_HOME", "HOME"};
    const char *const values[] = {row->moved, row->xdg, row->home};
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        if ((values[i] == NULL ? unsetenv(names[i]) : setenv(names[i], values[i], 1)) != 0)
            return 1;
    }
    char expected[512];
    const struct passwd *entry = getpwuid(geteuid());
    const char *user = row->user;
    if (user != NULL && user[0] == '\0') {
        snprintf(expected, sizeof expected, "%s/.config/opencng",
                 entry == NULL ? "" : entry->pw_dir);
        user = entry == NULL || entry->pw_dir[0] != '/' ? NULL : expected;
    }
    const struct {
        ULONG table;
        const char *path;
    } tables[] = {{CRYPT_LOCAL, user}, {CRYPT_DOMAIN, row->machine}};
    for (size_t i = 0; i < ARRAYSIZE(tables); i++) {
        char path[512];
        NTSTATUS status = CngConfigGetFolder(tables[i].table, path, sizeof path);
        if (tables[i].path == NULL ? status != STATUS_NOT_FOUND
                                   : status != STATUS_SUCCESS || strcmp(path, tables[i].path) != 0)
            return 2;
    }
    if (row->machine != NULL)
        return 0;
    /* Without tables there is what is built in, a problem that is named, and nothing to change. */
    return problems() == 1 && strcmp(problem_path, "OPENCNG_HOME") == 0 &&
                   resolved_are(NULL, HASH, L"SHA1", STRINGS(L"Microsoft Primitive Provider")) &&
                   provider_register(L"P", HASH, L"F", NULL) == STATUS_NOT_FOUND &&
                   BCryptDeleteContext(CRYPT_DOMAIN, L"C") == STATUS_NOT_FOUND
               ? 0
               : 3;
}

static void check_places(void)
{
    static const struct place_row rows[] = {
        {"OPENCNG_HOME", "/m", "/x", "/h", "/m/user/config", "/m/machine/config"},
        {"XDG_CONFIG_HOME", NULL, "/x", "/h", "/x/opencng", "/etc/opencng"},
        {"a relative XDG_CONFIG_HOME", "", "x", "/h", "/h/.config/opencng", "/etc/opencng"},
        {"HOME", NULL, "", "/h", "/h/.config/opencng", "/etc/opencng"},
        {"a relative HOME", NULL, NULL, "h", "", "/etc/opencng"},
        {"no variable", NULL, NULL, NULL, "", "/etc/opencng"},
        {"a relative OPENCNG_HOME", "m", "/x", "/h", NULL, NULL},
    };
    row_begin("places");
    if (geteuid() == 0) {
        tap_skip("all", "root has one table only");
        return;
    }
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        fflush(stdout);
        pid_t child = fork();
        if (child == 0)
            exit(place_child(&rows[i]));
        int status = -1;
        waitpid(child, &status, 0);
        tap(status == 0, rows[i].what);
    }
}

/* Root's own table is the machine's. In a child, because who asks first decides where the tables are. */
static int as_root(void)
{
    char own[256], machine[256];
    char home[] = "/tmp/opencng-root-XXXXXX";
    struct stat st;
    if (mkdtemp(home) == NULL || setenv("OPENCNG_HOME", home, 1) != 0)
        return 1;
    snprintf(config_home, sizeof config_home, "%s", home);
    bool same = CngConfigGetFolder(CRYPT_LOCAL, own, sizeof own) == STATUS_SUCCESS &&
                CngConfigGetFolder(CRYPT_DOMAIN, machine, sizeof machine) == STATUS_SUCCESS &&
                strcmp(own, machine) == 0;
    bool there = provider_register(L"P", HASH, L"F", NULL) == STATUS_SUCCESS &&
                 stat(config_path("machine/config/providers/p.conf"), &st) == 0;
    /* What belongs to a user is not root's to believe. */
    bool foreign = chown(config_path("machine/config/providers/p.conf"), NOBODY, NOBODY) == 0 &&
                   !is_registered(L"P") && problems() == 1;
    nftw(home, config_remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return same && there && foreign ? 0 : 2;
}

static void check_root(void)
{
    row_begin("root");
    if (geteuid() != 0) {
        tap_skip("its own table is the machine's", "this is not root");
        return;
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        exit(as_root());
    int status = -1;
    waitpid(child, &status, 0);
    tap(status == 0, "its own table is the machine's, and holds only what is root's");
}

int main(void)
{
    check_root();
    config_begin();
    check_places();
    check_made();
    check_damaged();
    check_copied_context();
    check_enumeration();
    check_unsafe();
    check_unreadable();
    check_denied();
    check_notify();
    return tap_done();
}
