/*
 * ncryptprotect.h: what each function answers, who can open what was protected, what damage does, streams, and keys
 * in protected blobs.
 */
#include "conform_ncrypt.h"

#include <ncryptprotect.h>

#include <pthread.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const BYTE data[] = "a secret of some length, longer than a block";

static NCRYPT_DESCRIPTOR_HANDLE rule_of(LPCWSTR text)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    if (NCryptCreateProtectionDescriptor(text, 0, &rule) != ERROR_SUCCESS)
        abort();
    return rule;
}

struct bytes {
    BYTE *p;
    ULONG n;
};

static struct bytes protect(LPCWSTR text)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = rule_of(text);
    struct bytes blob = {NULL, 0};
    SECURITY_STATUS s =
        NCryptProtectSecret(rule, 0, data, sizeof data, NULL, NULL, &blob.p, &blob.n);
    if (s != ERROR_SUCCESS) {
        printf("# NCryptProtectSecret: 0x%08x\n", (unsigned)s);
        abort();
    }
    NCryptCloseProtectionDescriptor(rule);
    return blob;
}

static SECURITY_STATUS unprotect(struct bytes blob, struct bytes *plain)
{
    return NCryptUnprotectSecret(NULL, 0, blob.p, blob.n, NULL, NULL, &plain->p, &plain->n);
}

static bool opens(struct bytes blob)
{
    struct bytes plain = {NULL, 0};
    bool good = unprotect(blob, &plain) == ERROR_SUCCESS && plain.n == sizeof data &&
                memcmp(plain.p, data, sizeof data) == 0;
    free(plain.p);
    return good;
}

/* Whether a blob tells the rule. */
static bool tells(struct bytes blob, LPCWSTR text)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    void *info = NULL;
    bool good =
        NCryptUnprotectSecret(&rule, NCRYPT_UNPROTECT_NO_DECRYPT, blob.p, blob.n, NULL, NULL, NULL,
                              NULL) == ERROR_SUCCESS &&
        NCryptGetProtectionDescriptorInfo(rule, NULL, NCRYPT_PROTECTION_INFO_TYPE_DESCRIPTOR_STRING,
                                          &info) == ERROR_SUCCESS &&
        text_equal(info, text);
    free(info);
    NCryptCloseProtectionDescriptor(rule);
    return good;
}

/* ---- rules ---------------------------------------------------------------------------------- */

static void rules(void)
{
    static const struct {
        const char *label;
        LPCWSTR text;
        SECURITY_STATUS want;
    } list[] = {
        {"LOCAL=user", L"LOCAL=user", ERROR_SUCCESS},
        {"case does not count", L"local=MACHINE", ERROR_SUCCESS},
        {"OR and AND", L"LOCAL=user AND LOCAL=machine OR LOCAL=logon", ERROR_SUCCESS},
        {"many blanks", L"  LOCAL=user   OR  LOCAL=machine ", ERROR_SUCCESS},
        {"hexadecimal digits", L"LOCAL=#75736572", ERROR_SUCCESS},
        {"an escape", L"LOCAL=us\\65r", ERROR_SUCCESS},
        {"a hash", L"CERTIFICATE=HashId:00112233445566778899aabbccddeeff00112233", ERROR_SUCCESS},
        {"NULL", NULL, NTE_INVALID_PARAMETER},
        {"empty", L"", NTE_INVALID_PARAMETER},
        {"a blank", L" ", NTE_INVALID_PARAMETER},
        {"no equals sign", L"LOCAL", NTE_INVALID_PARAMETER},
        {"no value", L"LOCAL=", NTE_INVALID_PARAMETER},
        {"no name", L"=user", NTE_INVALID_PARAMETER},
        {"a blank before the value", L"LOCAL= user", NTE_INVALID_PARAMETER},
        {"another value", L"LOCAL=everybody", NTE_INVALID_PARAMETER},
        {"an operator first", L"OR LOCAL=user", NTE_INVALID_PARAMETER},
        {"an operator last", L"LOCAL=user AND", NTE_INVALID_PARAMETER},
        {"two operators", L"LOCAL=user AND OR LOCAL=user", NTE_INVALID_PARAMETER},
        {"or in lower case", L"LOCAL=user or LOCAL=machine", NTE_INVALID_PARAMETER},
        {"a quotation mark", L"LOCAL=\"user\"", NTE_INVALID_PARAMETER},
        {"half an escape", L"LOCAL=user\\6", NTE_INVALID_PARAMETER},
        {"half a byte", L"LOCAL=#757", NTE_INVALID_PARAMETER},
        {"a short hash", L"CERTIFICATE=HashId:0011", NTE_INVALID_PARAMETER},
        {"no certificate", L"CERTIFICATE=CertBlob:AAAA", NTE_INVALID_PARAMETER},
        {"no base64", L"CERTIFICATE=CertBlob:????", NTE_INVALID_PARAMETER},
        {"an unknown protector", L"COLOUR=green", NTE_BAD_PROVIDER},
        {"SID", L"SID=S-1-5-21-1-2-3-500", NTE_NOT_SUPPORTED},
        {"SDDL", L"SDDL=O:S-1-5-5-0-1G:SYD:(A;;CCDC;;;WD)", NTE_NOT_SUPPORTED},
        {"WEBCREDENTIALS", L"WEBCREDENTIALS=me,there", NTE_NOT_SUPPORTED},
        {"LOCKEDCREDENTIALS", L"LOCKEDCREDENTIALS=there", NTE_NOT_SUPPORTED},
    };
    row_begin("rules");
    for (size_t i = 0; i < sizeof list / sizeof list[0]; i++) {
        NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
        SECURITY_STATUS s = NCryptCreateProtectionDescriptor(list[i].text, 0, &rule);
        tap_status(s, list[i].want, list[i].label);
        tap((s == ERROR_SUCCESS) == (rule != NULL), "and its handle");
        tap_status(NCryptCloseProtectionDescriptor(rule),
                   s == ERROR_SUCCESS ? ERROR_SUCCESS : NTE_INVALID_HANDLE, "which is closed once");
    }
}

static void rule_contract(void)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    void *info = &rule;
    row_begin("NCryptCreateProtectionDescriptor");
    tap_status(NCryptCreateProtectionDescriptor(L"LOCAL=user", 0, NULL), NTE_INVALID_PARAMETER,
               "no handle wanted");
    tap_status(NCryptCreateProtectionDescriptor(L"LOCAL=user", 2, &rule), NTE_BAD_FLAGS,
               "an unknown flag");
    tap_status(NCryptCreateProtectionDescriptor(L"LOCAL=user", NCRYPT_MACHINE_KEY_FLAG, &rule),
               NTE_BAD_FLAGS, "the machine's rule without a name");
    rule = rule_of(L"LOCAL=user OR LOCAL=machine");
    tap_status(NCryptFreeObject((NCRYPT_HANDLE)rule), NTE_INVALID_HANDLE,
               "NCryptFreeObject does not close it");

    row_begin("NCryptGetProtectionDescriptorInfo");
    tap_status(NCryptGetProtectionDescriptorInfo(NULL, NULL, 1, &info), NTE_INVALID_HANDLE,
               "no handle");
    tap(info == NULL, "sets the pointer to NULL");
    tap_status(NCryptGetProtectionDescriptorInfo(rule, NULL, 1, NULL), NTE_INVALID_PARAMETER,
               "no pointer");
    tap_status(NCryptGetProtectionDescriptorInfo(rule, NULL, 2, &info), NTE_NOT_SUPPORTED,
               "another type");
    NCRYPT_ALLOC_PARA memory = {sizeof memory - 1, (PFN_NCRYPT_ALLOC)malloc, free};
    tap_status(NCryptGetProtectionDescriptorInfo(rule, &memory, 1, &info), NTE_INVALID_PARAMETER,
               "an allocator of another size");
    memory.cbSize = sizeof memory;
    tap_status(NCryptGetProtectionDescriptorInfo(rule, &memory, 1, &info), ERROR_SUCCESS,
               "an allocator");
    tap(info != NULL && text_equal(info, L"LOCAL=user OR LOCAL=machine"), "the rule");
    free(info);
    NCryptCloseProtectionDescriptor(rule);
}

static void names(void)
{
    WCHAR text[64];
    SIZE_T n = 0;
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    row_begin("names");
    tap_status(NCryptRegisterProtectionDescriptorName(NULL, L"LOCAL=user", 0),
               NTE_INVALID_PARAMETER, "no name");
    tap_status(NCryptRegisterProtectionDescriptorName(L"mine", L"LOCAL=user", 1), NTE_BAD_FLAGS,
               "an unknown flag");
    tap_status(NCryptRegisterProtectionDescriptorName(L"mine", L"LOCAL", 0), NTE_INVALID_PARAMETER,
               "a malformed rule");
    tap_status(NCryptRegisterProtectionDescriptorName(L"mine", NULL, 0), NTE_NOT_FOUND,
               "removed without having been there");
    tap_status(NCryptQueryProtectionDescriptorName(L"mine", NULL, &n, 0), NTE_NOT_FOUND,
               "not there");
    tap_status(NCryptCreateProtectionDescriptor(L"mine", NCRYPT_NAMED_DESCRIPTOR_FLAG, &rule),
               NTE_NOT_FOUND, "nor as a rule");
    tap_status(NCryptRegisterProtectionDescriptorName(L"../Mine: %\u00e9", L"LOCAL=user", 0),
               ERROR_SUCCESS, "a name with anything in it");
    tap_status(NCryptQueryProtectionDescriptorName(L"../mine: %\u00e9", NULL, &n, 0), ERROR_SUCCESS,
               "is there in lower case too");
    tap(n == 11, "its length counts the NUL");
    n = 10;
    tap_status(NCryptQueryProtectionDescriptorName(L"../Mine: %\u00e9", text, &n, 0),
               NTE_BUFFER_TOO_SMALL, "a small buffer");
    tap(n == 11, "tells the length");
    tap_status(NCryptQueryProtectionDescriptorName(L"../Mine: %\u00e9", text, &n, 0), ERROR_SUCCESS,
               "a buffer");
    tap(n == 11 && text_equal(text, L"LOCAL=user"), "gets the rule");
    tap_status(NCryptQueryProtectionDescriptorName(L"mine", text, NULL, 0), NTE_INVALID_PARAMETER,
               "no length");
    tap_status(
        NCryptQueryProtectionDescriptorName(L"../Mine: %\u00e9", text, &n, NCRYPT_MACHINE_KEY_FLAG),
        NTE_NOT_FOUND, "the machine has names of its own");
    tap_status(NCryptRegisterProtectionDescriptorName(L"../Mine: %\u00e9",
                                                      L"LOCAL=user AND LOCAL=machine", 0),
               ERROR_SUCCESS, "replaced");
    tap_status(
        NCryptCreateProtectionDescriptor(L"../Mine: %\u00e9", NCRYPT_NAMED_DESCRIPTOR_FLAG, &rule),
        ERROR_SUCCESS, "a rule by name");
    void *info = NULL;
    NCryptGetProtectionDescriptorInfo(rule, NULL, 1, &info);
    tap(info != NULL && text_equal(info, L"LOCAL=user AND LOCAL=machine"), "the new one");
    free(info);
    NCryptCloseProtectionDescriptor(rule);
    tap_status(NCryptRegisterProtectionDescriptorName(L"../Mine: %\u00e9", L"", 0), ERROR_SUCCESS,
               "removed");
    tap_status(NCryptQueryProtectionDescriptorName(L"../Mine: %\u00e9", NULL, &n, 0), NTE_NOT_FOUND,
               "and gone");
}

/* ---- data at once --------------------------------------------------------------------------- */

static void contract(void)
{
    NCRYPT_DESCRIPTOR_HANDLE rule = rule_of(L"LOCAL=user");
    NCRYPT_ALLOC_PARA memory = {0, (PFN_NCRYPT_ALLOC)malloc, free};
    BYTE *p = NULL;
    ULONG n = 0;
    row_begin("NCryptProtectSecret");
    tap_status(NCryptProtectSecret(NULL, 0, data, 1, NULL, NULL, &p, &n), NTE_INVALID_HANDLE,
               "no rule");
    tap_status(NCryptProtectSecret(rule, 0, NULL, 1, NULL, NULL, &p, &n), NTE_INVALID_PARAMETER,
               "NULL data");
    tap_status(NCryptProtectSecret(rule, 0, data, 0, NULL, NULL, &p, &n), NTE_INVALID_PARAMETER,
               "no data");
    tap_status(NCryptProtectSecret(rule, 0, data, 1, NULL, NULL, NULL, &n), NTE_INVALID_PARAMETER,
               "no pointer");
    tap_status(NCryptProtectSecret(rule, 0, data, 1, NULL, NULL, &p, NULL), NTE_INVALID_PARAMETER,
               "no length");
    tap_status(NCryptProtectSecret(rule, 1, data, 1, NULL, NULL, &p, &n), NTE_BAD_FLAGS,
               "an unknown flag");
    tap_status(NCryptProtectSecret(rule, 0, data, 1, &memory, NULL, &p, &n), NTE_INVALID_PARAMETER,
               "an allocator of no size");
    tap(p == NULL && n == 0, "nothing is written");
    tap_status(NCryptProtectSecret(rule, NCRYPT_SILENT_FLAG, data, sizeof data, NULL, NULL, &p, &n),
               ERROR_SUCCESS, "silently");
    struct bytes blob = {p, n};
    struct bytes again = protect(L"LOCAL=user");
    tap(again.n == n && memcmp(again.p, p, n) != 0, "other bytes each time, as many");
    free(again.p);

    row_begin("NCryptUnprotectSecret");
    BYTE *plain = NULL;
    ULONG size = 0;
    tap_status(NCryptUnprotectSecret(NULL, 0, NULL, n, NULL, NULL, &plain, &size),
               NTE_INVALID_PARAMETER, "NULL data");
    tap_status(NCryptUnprotectSecret(NULL, 0, p, n, NULL, NULL, NULL, &size), NTE_INVALID_PARAMETER,
               "no pointer");
    tap_status(NCryptUnprotectSecret(NULL, 0, p, n, NULL, NULL, &plain, NULL),
               NTE_INVALID_PARAMETER, "no length");
    tap_status(NCryptUnprotectSecret(NULL, 4, p, n, NULL, NULL, &plain, &size), NTE_BAD_FLAGS,
               "an unknown flag");
    tap_status(NCryptUnprotectSecret(NULL, 0, p, 0, NULL, NULL, &plain, &size), NTE_BAD_DATA,
               "no bytes");
    tap_status(NCryptUnprotectSecret(NULL, 0, data, sizeof data, NULL, NULL, &plain, &size),
               NTE_BAD_DATA, "other bytes");
    tap(plain == NULL && size == 0, "nothing is written");
    tap(opens(blob), "opens");
    tap(tells(blob, L"LOCAL=user"), "tells the rule");
    plain = p;
    tap_status(
        NCryptUnprotectSecret(NULL, NCRYPT_UNPROTECT_NO_DECRYPT, p, n, NULL, NULL, &plain, &size),
        ERROR_SUCCESS, "without opening");
    tap(plain == NULL && size == 0, "there are no data");
    free(p);
    NCryptCloseProtectionDescriptor(rule);
}

/* Every bit changed, or some of each byte, and every length cut: refused. */
static void damage(const char *label, LPCWSTR text, int step)
{
    row_begin("damage to %s", label);
    struct bytes blob = protect(text);
    struct bytes plain = {NULL, 0};
    tap(opens(blob), "the whole opens");
    ULONG accepted = 0;
    for (ULONG i = 0; i < blob.n; i++) {
        for (int bit = (int)i % step; bit < 8; bit += step) {
            blob.p[i] ^= (BYTE)(1 << bit);
            SECURITY_STATUS s = unprotect(blob, &plain);
            if (s == ERROR_SUCCESS) {
                printf("# byte %u of %u, bit %d\n", (unsigned)i, (unsigned)blob.n, bit);
                free(plain.p);
                accepted++;
            }
            blob.p[i] ^= (BYTE)(1 << bit);
        }
    }
    tap(accepted == 0, "every changed bit is refused");
    struct bytes cut = blob;
    accepted = 0;
    for (cut.n = 0; cut.n < blob.n; cut.n++)
        accepted += unprotect(cut, &plain) == ERROR_SUCCESS;
    tap(accepted == 0, "every shorter one is refused");
    struct bytes longer = {malloc(blob.n + 1), blob.n + 1};
    memcpy(longer.p, blob.p, blob.n);
    longer.p[blob.n] = 0;
    tap(unprotect(longer, &plain) < 0, "a longer one is refused");
    free(longer.p);
    free(blob.p);
}

/* ---- who can open --------------------------------------------------------------------------- */

/* Runs in another process, and says whether it answered true. */
static bool elsewhere(bool (*question)(struct bytes blob), struct bytes blob)
{
    fflush(stdout);
    pid_t child = fork();
    if (child == 0)
        _exit(question(blob) ? 0 : 1);
    int status = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static SECURITY_STATUS elsewhere_status;

static bool is_refused(struct bytes blob)
{
    struct bytes plain = {NULL, 0};
    return unprotect(blob, &plain) == elsewhere_status;
}

static void with_home(const char *name, const char *value)
{
    if (value == NULL)
        unsetenv(name);
    else
        setenv(name, value, 1);
}

/* A folder of its own below the test's. */
static const char *folder(const char *name)
{
    static char path[96];
    snprintf(path, sizeof path, "%s/%s", store_home, name);
    mkdir(path, 0700);
    return path;
}

static void owners(void)
{
    char home[64];
    snprintf(home, sizeof home, "%s", store_home);
    row_begin("LOCAL");
    struct bytes user = protect(L"LOCAL=user");
    struct bytes machine = protect(L"LOCAL=machine");
    struct bytes either = protect(L"LOCAL=user OR LOCAL=machine");
    struct bytes both = protect(L"LOCAL=user AND LOCAL=machine");
    tap(opens(user) && opens(machine) && opens(either) && opens(both), "all open here");
    tap(tells(either, L"LOCAL=user OR LOCAL=machine") &&
            tells(both, L"LOCAL=user AND LOCAL=machine"),
        "and tell their rules");
    tap(elsewhere(opens, user) && elsewhere(opens, both), "another process opens them");

    /* The other store has the same machine, and another user. */
    char link_name[96], target[96];
    with_home("OPENCNG_HOME", folder("other"));
    struct bytes stranger = protect(L"LOCAL=user");
    elsewhere_status = NTE_DECRYPTION_FAILURE;
    tap(is_refused(user), "another user's is refused");
    tap(is_refused(machine) && is_refused(either) && is_refused(both), "another machine's too");
    with_home("OPENCNG_HOME", home);
    tap(is_refused(stranger), "and the other way round");
    snprintf(target, sizeof target, "%s/machine", home);
    snprintf(link_name, sizeof link_name, "%s/other/machine", home);
    char command[256];
    snprintf(command, sizeof command, "cp -a %s %s", target, link_name);
    tap(system(command) == 0, "a user of this machine");
    with_home("OPENCNG_HOME", folder("other"));
    tap(opens(machine), "opens what is the machine's");
    tap(opens(either), "and what any of both may open");
    tap(is_refused(user) && is_refused(both), "and not what needs the user");
    with_home("OPENCNG_HOME", home);
    free(user.p);
    free(machine.p);
    free(either.p);
    free(both.p);
    free(stranger.p);
}

static void session(void)
{
    char runtime[64];
    NCRYPT_DESCRIPTOR_HANDLE rule = rule_of(L"LOCAL=logon");
    BYTE *p;
    ULONG n;
    row_begin("LOCAL=logon");
    with_home("XDG_RUNTIME_DIR", NULL);
    tap_status(NCryptProtectSecret(rule, 0, data, 1, NULL, NULL, &p, &n), NTE_NOT_SUPPORTED,
               "outside a session");
    snprintf(runtime, sizeof runtime, "%s", folder("runtime"));
    with_home("XDG_RUNTIME_DIR", runtime);
    struct bytes blob = protect(L"LOCAL=logon");
    tap(opens(blob), "opens in the session");
    tap(elsewhere(opens, blob), "in every process of it");
    struct stat st;
    char file[128];
    snprintf(file, sizeof file, "%s/opencng/session/logon", runtime);
    tap(stat(file, &st) == 0 && (st.st_mode & 0777) == 0600, "only the user may read its secret");
    with_home("XDG_RUNTIME_DIR", folder("later"));
    elsewhere_status = NTE_DECRYPTION_FAILURE;
    tap(is_refused(blob), "not in the next one");
    with_home("XDG_RUNTIME_DIR", runtime);
    free(blob.p);
    NCryptCloseProtectionDescriptor(rule);
}

/* Data stay readable when the key store's key is replaced. */
static bool rotate(void)
{
    char command[256];
    const char *build = getenv("OPENCNG_BUILD_ROOT");
    snprintf(command, sizeof command, "%s/src/cng store rotate >/dev/null 2>&1",
             build == NULL ? "build" : build);
    return system(command) == 0;
}

static void rotation(void)
{
    row_begin("rotation of the store's key");
    struct bytes blob = protect(L"LOCAL=user");
    if (!rotate() || !rotate()) {
        tap_skip("everything", "the tool could not be run");
    } else {
        tap(opens(blob), "what was protected before it opens");
    }
    free(blob.p);
}

/* The store's secret is no key that a program sees. */
static void hidden(void)
{
    NCRYPT_PROV_HANDLE provider = provider_open();
    NCryptKeyName *name = NULL;
    void *state = NULL;
    row_begin("the store's secret");
    tap_status(NCryptEnumKeys(provider, NULL, &name, &state, 0), NTE_NO_MORE_ITEMS,
               "is not enumerated");
    NCryptFreeBuffer(state);
    NCryptFreeObject(provider);
}

/* ---- certificates --------------------------------------------------------------------------- */

static bool run(const char *command)
{
    char line[1024];
    snprintf(line, sizeof line, "cd %s && (%s) >/dev/null 2>&1", store_home, command);
    return system(line) == 0;
}

static BYTE *read_file(const char *name, DWORD *n)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", store_home, name);
    BYTE *bytes = malloc(65536);
    FILE *f = fopen(path, "rb");
    if (bytes == NULL || f == NULL)
        abort();
    *n = (DWORD)fread(bytes, 1, 65535, f);
    bytes[*n] = 0;
    fclose(f);
    return bytes;
}

static void certificates(void)
{
    WCHAR rule[8192] = L"CERTIFICATE=CertBlob:";
    NCRYPT_PROV_HANDLE provider = provider_open();
    NCRYPT_KEY_HANDLE key = 0;
    row_begin("CERTIFICATE");
    if (!run("openssl req -new -x509 -newkey rsa:2048 -nodes -keyout rsa.pem -subj /CN=owner "
             "-outform DER -out rsa.cer && openssl pkcs8 -topk8 -nocrypt -in rsa.pem -outform DER "
             "-out rsa.der && openssl base64 -A -in rsa.cer -out rsa.b64")) {
        tap_skip("everything", "there is no openssl command");
        NCryptFreeObject(provider);
        return;
    }
    DWORD n = 0;
    size_t at = text_bytes(rule) / sizeof(WCHAR) - 1;
    BYTE *text = read_file("rsa.b64", &n);
    for (DWORD i = 0; i <= n; i++)
        rule[at + i] = text[i];
    free(text);
    struct bytes blob = protect(rule);
    tap(tells(blob, rule), "tells the rule");
    elsewhere_status = NTE_DECRYPTION_FAILURE;
    tap(is_refused(blob), "without the key it does not open");

    WCHAR name[] = L"the owner's key";
    NCryptBuffer buffer = {sizeof name, NCRYPTBUFFER_PKCS_KEY_NAME, name};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, &buffer};
    BYTE *der = read_file("rsa.der", &n);
    tap_status(NCryptImportKey(provider, 0, NCRYPT_PKCS8_PRIVATE_KEY_BLOB, &list, &key, der, n, 0),
               ERROR_SUCCESS, "the key comes into the store");
    free(der);
    tap(opens(blob), "with the key it opens");
    struct bytes either = protect(L"LOCAL=user");
    tap(elsewhere(opens, blob), "another process opens it");
    free(either.p);
    damage("a certificate's", rule, 8);
    row_begin("CERTIFICATE");
    tap_status(NCryptDeleteKey(key, 0), ERROR_SUCCESS, "the key is deleted");
    tap(is_refused(blob), "and it opens no more");
    free(blob.p);

    NCRYPT_DESCRIPTOR_HANDLE hash =
        rule_of(L"CERTIFICATE=HashId:00112233445566778899aabbccddeeff00112233");
    BYTE *p;
    ULONG size;
    tap_status(NCryptProtectSecret(hash, 0, data, 1, NULL, NULL, &p, &size), NTE_NOT_FOUND,
               "a certificate by its hash");
    NCryptCloseProtectionDescriptor(hash);
    NCryptFreeObject(provider);
}

/* ---- streams -------------------------------------------------------------------------------- */

/* What a callback saw. */
struct seen {
    BYTE *p;
    size_t n, cap, largest;
    int calls, finals, told;
    bool rule_first, rule_always;
    SECURITY_STATUS answer;
    int answer_at; /* the call that gives the answer */
};

static SECURITY_STATUS see(struct seen *s, const BYTE *p, SIZE_T n, BOOL final)
{
    if (s->n + n > s->cap) {
        s->cap = (s->n + n) * 2;
        s->p = realloc(s->p, s->cap);
        if (s->p == NULL)
            abort();
    }
    if (n > 0)
        memcpy(s->p + s->n, p, n);
    s->n += n;
    s->largest = n > s->largest ? n : s->largest;
    s->finals += final != 0;
    return ++s->calls == s->answer_at ? s->answer : ERROR_SUCCESS;
}

static SECURITY_STATUS WINAPI output(void *context, const BYTE *p, SIZE_T n, BOOL final)
{
    return see(context, p, n, final);
}

static SECURITY_STATUS WINAPI output_ex(void *context, const BYTE *p, SIZE_T n,
                                        NCRYPT_DESCRIPTOR_HANDLE rule, BOOL final)
{
    struct seen *s = context;
    void *info = NULL;
    bool told = NCryptGetProtectionDescriptorInfo(rule, NULL, 1, &info) == ERROR_SUCCESS &&
                text_equal(info, L"LOCAL=user");
    free(info);
    if (s->calls == 0)
        s->rule_first = p == NULL && n == 0 && !final;
    s->told += told;
    return see(s, p, n, final);
}

static SECURITY_STATUS feed(NCRYPT_STREAM_HANDLE stream, const BYTE *p, size_t n, size_t step)
{
    SECURITY_STATUS s = ERROR_SUCCESS;
    for (size_t at = 0; at < n && s == ERROR_SUCCESS; at += step)
        s = NCryptStreamUpdate(stream, p + at, n - at < step ? n - at : step, FALSE);
    return s == ERROR_SUCCESS ? NCryptStreamUpdate(stream, NULL, 0, TRUE) : s;
}

static struct seen stream_protect(const BYTE *p, size_t n, size_t step)
{
    struct seen s = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    NCRYPT_PROTECT_STREAM_INFO info = {output, &s};
    NCRYPT_STREAM_HANDLE stream = NULL;
    NCRYPT_DESCRIPTOR_HANDLE rule = rule_of(L"LOCAL=user");
    if (NCryptStreamOpenToProtect(rule, 0, NULL, &info, &stream) != ERROR_SUCCESS)
        abort();
    NCryptCloseProtectionDescriptor(rule);
    if (feed(stream, p, n, step) != ERROR_SUCCESS)
        abort();
    NCryptStreamClose(stream);
    return s;
}

static SECURITY_STATUS stream_open(const BYTE *p, size_t n, size_t step, struct seen *s)
{
    NCRYPT_PROTECT_STREAM_INFO info = {output, s};
    NCRYPT_STREAM_HANDLE stream = NULL;
    if (NCryptStreamOpenToUnprotect(&info, 0, NULL, &stream) != ERROR_SUCCESS)
        abort();
    SECURITY_STATUS status = feed(stream, p, n, step);
    NCryptStreamClose(stream);
    return status;
}

static void streams(void)
{
    static BYTE big[200000];
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (BYTE)(i * 7 + i / 251);
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 131072, 200000};
    static const size_t steps[] = {1, 777, 65536, 1000000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        size_t n = sizes[i];
        row_begin("a stream of %zu bytes", n);
        struct seen blob = stream_protect(big, n, 4099);
        tap(blob.finals == 1, "ends once");
        tap(blob.largest <= 65536 + 1024, "in pieces");
        bool all = true;
        for (size_t j = 0; j < sizeof steps / sizeof steps[0]; j++) {
            struct seen plain = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
            SECURITY_STATUS s = stream_open(blob.p, blob.n, steps[j], &plain);
            all = all && s == ERROR_SUCCESS && plain.n == n && plain.finals == 1 &&
                  (n == 0 || memcmp(plain.p, big, n) == 0) && plain.largest <= 65536;
            free(plain.p);
        }
        tap(all, "opens, however it is cut");
        BYTE *p = NULL;
        ULONG size = 1;
        SECURITY_STATUS s =
            NCryptUnprotectSecret(NULL, 0, blob.p, (ULONG)blob.n, NULL, NULL, &p, &size);
        tap(s == ERROR_SUCCESS && size == n && (n == 0 || memcmp(p, big, n) == 0),
            "opens at once too");
        free(p);
        /* without its last segment, or a part of it: what came out before is what went in */
        bool refused = true;
        static const size_t cuts[] = {1, 16, 17, 65552, 131104};
        for (size_t j = 0; j < sizeof cuts / sizeof cuts[0]; j++) {
            struct seen plain = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
            if (cuts[j] >= blob.n)
                continue;
            refused = refused && stream_open(blob.p, blob.n - cuts[j], 4096, &plain) < 0 &&
                      plain.finals == 0 && plain.n <= n &&
                      (plain.n == 0 || memcmp(plain.p, big, plain.n) == 0);
            refused = refused && NCryptUnprotectSecret(NULL, 0, blob.p, (ULONG)(blob.n - cuts[j]),
                                                       NULL, NULL, &p, &size) < 0;
            free(plain.p);
        }
        tap(refused, "cut, it is refused");
        free(blob.p);
    }

    row_begin("damage to a stream");
    struct seen blob = stream_protect(big, 140000, 140000);
    bool good = true;
    for (size_t i = 0; i < blob.n; i += i < 600 ? 1 : 1009) {
        struct seen plain = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
        blob.p[i] ^= 0x10;
        good = good && stream_open(blob.p, blob.n, 65536, &plain) < 0 && plain.finals == 0 &&
               (plain.n == 0 || memcmp(plain.p, big, plain.n) == 0);
        blob.p[i] ^= 0x10;
        free(plain.p);
    }
    tap(good, "is refused, and nothing false came out");
    /* the two full segments exchanged */
    size_t content = 140000 + (size_t)3 * 16;
    BYTE *first = blob.p + (blob.n - content);
    BYTE *spare = malloc(65552);
    memcpy(spare, first, 65552);
    memmove(first, first + 65552, 65552);
    memcpy(first + 65552, spare, 65552);
    free(spare);
    struct seen plain = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    tap_status(stream_open(blob.p, blob.n, 65536, &plain), NTE_DECRYPTION_FAILURE,
               "segments in another order");
    tap(plain.n == 0, "give nothing");
    free(plain.p);
    free(blob.p);
}

static NCRYPT_STREAM_HANDLE nested;
static SECURITY_STATUS nested_status;

static SECURITY_STATUS WINAPI output_nested(void *context, const BYTE *p, SIZE_T n, BOOL final)
{
    nested_status = NCryptStreamUpdate(nested, (const BYTE *)"x", 1, FALSE);
    return see(context, p, n, final);
}

static void stream_contract(void)
{
    struct seen seen = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    NCRYPT_PROTECT_STREAM_INFO info = {output, &seen}, none = {NULL, &seen};
    NCRYPT_PROTECT_STREAM_INFO_EX info_ex = {output_ex, &seen}, none_ex = {NULL, &seen};
    NCRYPT_STREAM_HANDLE stream = NULL;
    NCRYPT_DESCRIPTOR_HANDLE rule = rule_of(L"LOCAL=user");
    row_begin("NCryptStreamOpenToProtect");
    tap_status(NCryptStreamOpenToProtect(NULL, 0, NULL, &info, &stream), NTE_INVALID_HANDLE,
               "no rule");
    tap_status(NCryptStreamOpenToProtect(rule, 0, NULL, NULL, &stream), NTE_INVALID_PARAMETER,
               "no callback's structure");
    tap_status(NCryptStreamOpenToProtect(rule, 0, NULL, &none, &stream), NTE_INVALID_PARAMETER,
               "no callback");
    tap_status(NCryptStreamOpenToProtect(rule, 0, NULL, &info, NULL), NTE_INVALID_PARAMETER,
               "no handle");
    tap_status(NCryptStreamOpenToProtect(rule, 1, NULL, &info, &stream), NTE_BAD_FLAGS,
               "an unknown flag");
    row_begin("NCryptStreamOpenToUnprotect");
    tap_status(NCryptStreamOpenToUnprotect(NULL, 0, NULL, &stream), NTE_INVALID_PARAMETER,
               "no callback's structure");
    tap_status(NCryptStreamOpenToUnprotect(&none, 0, NULL, &stream), NTE_INVALID_PARAMETER,
               "no callback");
    tap_status(NCryptStreamOpenToUnprotect(&info, 0, NULL, NULL), NTE_INVALID_PARAMETER,
               "no handle");
    tap_status(NCryptStreamOpenToUnprotect(&info, 1, NULL, &stream), NTE_BAD_FLAGS,
               "an unknown flag");
    tap_status(NCryptStreamOpenToUnprotectEx(NULL, 0, NULL, &stream), NTE_INVALID_PARAMETER,
               "Ex: no callback's structure");
    tap_status(NCryptStreamOpenToUnprotectEx(&none_ex, 0, NULL, &stream), NTE_INVALID_PARAMETER,
               "Ex: no callback");
    tap_status(NCryptStreamOpenToUnprotectEx(&info_ex, 1, NULL, &stream), NTE_BAD_FLAGS,
               "Ex: an unknown flag");

    row_begin("NCryptStreamUpdate");
    tap_status(NCryptStreamUpdate(NULL, data, 1, TRUE), NTE_INVALID_HANDLE, "no stream");
    tap_status(NCryptStreamUpdate((NCRYPT_STREAM_HANDLE)rule, data, 1, TRUE), NTE_INVALID_HANDLE,
               "a rule");
    NCryptStreamOpenToProtect(rule, NCRYPT_SILENT_FLAG, NULL, &info, &stream);
    tap_status(NCryptStreamUpdate(stream, NULL, 1, FALSE), NTE_INVALID_PARAMETER, "NULL data");
    tap_status(NCryptStreamUpdate(stream, data, sizeof data, TRUE), ERROR_SUCCESS, "all at once");
    tap_status(NCryptStreamUpdate(stream, data, 1, TRUE), NTE_INVALID_PARAMETER, "after the end");
    tap_status(NCryptFreeObject((NCRYPT_HANDLE)stream), NTE_INVALID_HANDLE,
               "NCryptFreeObject does not close it");
    tap_status(NCryptStreamClose(stream), ERROR_SUCCESS, "closed");
    tap_status(NCryptStreamClose(stream), NTE_INVALID_HANDLE, "once");

    struct seen told = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    NCRYPT_PROTECT_STREAM_INFO_EX telling = {output_ex, &told};
    NCryptStreamOpenToUnprotectEx(&telling, 0, NULL, &stream);
    tap_status(NCryptStreamUpdate(stream, seen.p, seen.n, TRUE), ERROR_SUCCESS, "Ex opens");
    tap(told.rule_first, "the rule comes first, alone");
    tap(told.told == told.calls && told.calls >= 2, "and with every piece");
    tap(told.n == sizeof data && memcmp(told.p, data, sizeof data) == 0, "the data");
    NCryptStreamClose(stream);

    for (SECURITY_STATUS answer = NTE_FAIL;; answer = 1234) {
        struct seen ended = {NULL, 0, 0, 0, 0, 0, 0, false, false, answer, 1};
        NCRYPT_PROTECT_STREAM_INFO ending = {output, &ended};
        NCryptStreamOpenToUnprotect(&ending, 0, NULL, &stream);
        tap_status(NCryptStreamUpdate(stream, seen.p, seen.n, TRUE), answer,
                   "the callback's answer is returned");
        tap_status(NCryptStreamUpdate(stream, NULL, 0, TRUE), answer, "for ever");
        tap(ended.calls == 1, "and it is not called again");
        NCryptStreamClose(stream);
        free(ended.p);
        if (answer == 1234)
            break;
    }

    struct seen inner = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    NCRYPT_PROTECT_STREAM_INFO nesting = {output_nested, &inner};
    NCryptStreamOpenToProtect(rule, 0, NULL, &nesting, &nested);
    tap_status(NCryptStreamUpdate(nested, data, 1, TRUE), ERROR_SUCCESS, "a callback that updates");
    tap_status(nested_status, NTE_INVALID_PARAMETER, "is refused");
    NCryptStreamClose(nested);
    free(inner.p);

    struct bytes whole = protect(L"LOCAL=user");
    struct seen held = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    tap_status(stream_open(whole.p, whole.n, 3, &held), ERROR_SUCCESS,
               "what was protected at once");
    tap(held.n == sizeof data && memcmp(held.p, data, sizeof data) == 0, "comes out");
    free(held.p);
    struct seen nothing = {NULL, 0, 0, 0, 0, 0, 0, false, false, 0, 0};
    tap_status(stream_open(data, sizeof data, 3, &nothing), NTE_BAD_DATA, "other bytes");
    tap_status(stream_open(data, 0, 3, &nothing), NTE_BAD_DATA, "no bytes");
    whole.p[whole.n - 1] ^= 1;
    tap_status(stream_open(whole.p, whole.n, 3, &nothing), NTE_DECRYPTION_FAILURE, "a wrong tag");
    tap(nothing.calls == 0, "gives nothing");
    free(whole.p);
    free(seen.p);
    free(told.p);
    NCryptCloseProtectionDescriptor(rule);
}

/* ---- what others write ---------------------------------------------------------------------- */

/* Puts a tag and a length in front of what was written since `from`. */
static size_t wrap(BYTE *der, size_t from, size_t end, BYTE tag)
{
    size_t n = end - from;
    size_t header = n < 128 ? 2 : n < 256 ? 3 : 4;
    memmove(der + from + header, der + from, n);
    der[from] = tag;
    der[from + 1] = (BYTE)(header == 2 ? n : 0x7E + header);
    if (header > 2)
        der[from + header - 1] = (BYTE)n;
    if (header == 4)
        der[from + 2] = (BYTE)(n >> 8);
    return end + header;
}

static size_t put(BYTE *der, size_t at, const void *p, size_t n)
{
    memcpy(der + at, p, n);
    return at + n;
}

static size_t put_text(BYTE *der, size_t at, const char *text)
{
    return wrap(der, at, put(der, at, text, strlen(text)), 0x0C);
}

/* What Windows writes for two principals of a domain: the ciphertext stands behind the structure. Nobody can open it here, but
 * its rule can be told. */
static void foreign(void)
{
    static const BYTE oid_kek[] = {6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2D};
    static const BYTE oid_sid[] = {6, 10, 0x2B, 6, 1, 4, 1, 0x82, 0x37, 0x4A, 1, 1};
    static const BYTE oid_other[] = {6, 9, 0x2B, 6, 1, 4, 1, 0x82, 0x37, 0x4A, 1};
    static const BYTE oid_data[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 1};
    static const BYTE oid_enveloped[] = {6, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 3};
    static const BYTE cipher[] = {0x30, 30,   6,    9,  0x60, 0x86, 0x48, 1, 0x65, 3, 4,
                                  1,    0x2E, 0x30, 17, 4,    12,   1,    2, 3,    4, 5,
                                  6,    7,    8,    9,  10,   11,   12,   2, 1,    16};
    static const BYTE key_id[] = {4, 12, 1, 0, 0, 0, 'K', 'D', 'S', 'K', 3, 0, 0, 0};
    static const BYTE version[][3] = {{2, 1, 2}, {2, 1, 4}};
    BYTE der[1024];
    size_t info = put(der, 0, oid_enveloped, sizeof oid_enveloped);
    size_t at = put(der, info, version[0], 3);
    size_t set = at;
    at = put(der, at, version[1], 3);
    size_t id = at;
    at = put(der, at, key_id, sizeof key_id);
    size_t other = at;
    at = put(der, at, oid_other, sizeof oid_other);
    size_t value = at;
    at = put(der, at, oid_sid, sizeof oid_sid);
    size_t list = at;
    static const char *const sids[] = {"S-1-5-21-1-2-3-500", "S-1-5-21-1-2-3-512"};
    for (int i = 0; i < 2; i++) { /* joined by OR: an AND list of one term each */
        size_t term = at;
        at = put_text(der, at, "SID");
        at = put_text(der, at, sids[i]);
        at = wrap(der, term, at, 0x30);
        at = wrap(der, term, at, 0x30);
    }
    at = wrap(der, list, at, 0x30);
    at = wrap(der, value, at, 0x30);
    at = wrap(der, other, at, 0x30);
    at = wrap(der, id, at, 0x30);
    size_t algorithm = at;
    at = wrap(der, algorithm, put(der, at, oid_kek, sizeof oid_kek), 0x30);
    size_t key = at;
    memset(der + at, 7, 40);
    at = wrap(der, key, at + 40, 4);
    at = wrap(der, set, at, 0xA2);
    at = wrap(der, set, at, 0x31);
    size_t content = at;
    at = put(der, at, oid_data, sizeof oid_data);
    at = wrap(der, content, put(der, at, cipher, sizeof cipher), 0x30);
    at = wrap(der, info, at, 0x30);
    at = wrap(der, info, at, 0xA0);
    at = wrap(der, 0, at, 0x30);
    memset(der + at, 9, 48);
    struct bytes blob = {der, (ULONG)at + 48}, plain = {NULL, 0};
    row_begin("data for principals of a domain");
    tap(tells(blob, L"SID=S-1-5-21-1-2-3-500 OR SID=S-1-5-21-1-2-3-512"), "tell their rule");
    tap_status(unprotect(blob, &plain), NTE_DECRYPTION_FAILURE, "and do not open");
    NCRYPT_DESCRIPTOR_HANDLE rule = NULL;
    NCryptUnprotectSecret(&rule, NCRYPT_UNPROTECT_NO_DECRYPT, der, blob.n, NULL, NULL, NULL, NULL);
    tap_status(NCryptProtectSecret(rule, 0, data, 1, NULL, NULL, &plain.p, &plain.n),
               NTE_NOT_SUPPORTED, "nor can anything be protected so");
    NCryptCloseProtectionDescriptor(rule);
    /* The second term is none: what stands before it is not the rule. */
    static const BYTE name[] = {0x0C, 3, 'S', 'I', 'D'};
    BYTE *second = memmem(der, at, name, sizeof name);
    second = memmem(second + 1, at - (size_t)(second + 1 - der), name, sizeof name);
    second[-2] = 0;
    tap_status(NCryptUnprotectSecret(&rule, NCRYPT_UNPROTECT_NO_DECRYPT, der, blob.n, NULL, NULL,
                                     NULL, NULL),
               NTE_BAD_DATA, "a rule that is damaged is not told in part");
}

/* ---- keys ----------------------------------------------------------------------------------- */

struct key_row {
    const char *label;
    LPCWSTR alg;
    LPCWSTR check; /* a blob that must come out the same before and after */
};

static const struct key_row key_rows[] = {
    {"RSA", L"RSA", BCRYPT_RSAFULLPRIVATE_BLOB},
    {"ECDSA_P256", L"ECDSA_P256", BCRYPT_ECCPRIVATE_BLOB},
    {"ECDH_P384", L"ECDH_P384", BCRYPT_ECCPRIVATE_BLOB},
    {"AES", L"AES", NCRYPT_CIPHER_KEY_BLOB},
    {"3DES", L"3DES", NCRYPT_CIPHER_KEY_BLOB},
    {"PBKDF2", L"PBKDF2", NCRYPT_KDF_KEY_BLOB},
};

static NCRYPT_KEY_HANDLE make_key(NCRYPT_PROV_HANDLE provider, LPCWSTR alg)
{
    NCRYPT_KEY_HANDLE key = 0;
    static BYTE secret[] = "of a key derivation function";
    if (NCryptCreatePersistedKey(provider, &key, alg, NULL, 0, 0) != ERROR_SUCCESS)
        abort();
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY,
              NCRYPT_ALLOW_EXPORT_FLAG | NCRYPT_ALLOW_PLAINTEXT_EXPORT_FLAG, 0);
    if (text_equal(alg, L"PBKDF2"))
        NCryptSetProperty(key, NCRYPT_KDF_SECRET_VALUE, secret, sizeof secret, 0);
    if (NCryptFinalizeKey(key, 0) != ERROR_SUCCESS)
        abort();
    return key;
}

static void keys(void)
{
    NCRYPT_PROV_HANDLE provider = provider_open();
    WCHAR rule[] = L"LOCAL=user";
    DWORD flags = 0;
    NCryptBuffer buffers[] = {{sizeof rule, NCRYPTBUFFER_PROTECTION_DESCRIPTOR_STRING, rule},
                              {sizeof flags, NCRYPTBUFFER_PROTECTION_FLAGS, &flags}};
    NCryptBufferDesc list = {NCRYPTBUFFER_VERSION, 1, buffers};
    for (size_t i = 0; i < sizeof key_rows / sizeof key_rows[0]; i++) {
        row_begin("ProtectedKeyBlob of %s", key_rows[i].label);
        NCRYPT_KEY_HANDLE key = make_key(provider, key_rows[i].alg), again = 0;
        DWORD n = 0, before_n = 0, after_n = 0;
        BYTE *blob = export_blob(key, NCRYPT_PROTECTED_KEY_BLOB, &list, &n);
        tap(blob != NULL, "is written");
        if (blob == NULL)
            continue;
        tap(n > 16 && memcmp(blob + 4, "PRTK", 4) == 0, "with its magic");
        tap_status(
            NCryptImportKey(provider, 0, NCRYPT_PROTECTED_KEY_BLOB, NULL, &again, blob, n, 0),
            ERROR_SUCCESS, "is read");
        set_dword(again, NCRYPT_EXPORT_POLICY_PROPERTY, 3, 0);
        BYTE *before = export_blob(key, key_rows[i].check, NULL, &before_n);
        BYTE *after = export_blob(again, key_rows[i].check, NULL, &after_n);
        tap(before != NULL && after != NULL && before_n == after_n &&
                memcmp(before, after, before_n) == 0,
            "the same key");
        free(before);
        free(after);
        NCryptFreeObject(again);
        DWORD accepted = 0;
        for (DWORD at = 0; at < n; at++) {
            blob[at] ^= 0x20;
            SECURITY_STATUS s =
                NCryptImportKey(provider, 0, NCRYPT_PROTECTED_KEY_BLOB, NULL, &again, blob, n, 0);
            if (s == ERROR_SUCCESS) {
                /* the case of the algorithm's name does not count */
                accepted += at < 16 || at >= 16 + 32;
                NCryptFreeObject(again);
            }
            blob[at] ^= 0x20;
        }
        tap(accepted == 0, "every changed byte is refused");
        free(blob);
        NCryptFreeObject(key);
    }

    row_begin("ProtectedKeyBlob");
    NCRYPT_KEY_HANDLE key = make_key(provider, L"ECDSA_P256");
    DWORD n = 0;
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, 0, 0);
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               NTE_NOT_SUPPORTED, "export policy 0");
    set_dword(key, NCRYPT_EXPORT_POLICY_PROPERTY, NCRYPT_ALLOW_EXPORT_FLAG, 0);
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               ERROR_SUCCESS, "export policy 1");
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, NULL, NULL, 0, &n, 0),
               NTE_INVALID_PARAMETER, "no rule");
    rule[0] = L'X';
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               NTE_BAD_PROVIDER, "a rule of a protector that is not known");
    rule[0] = L'L';
    list.cBuffers = 2;
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               ERROR_SUCCESS, "with flags");
    flags = 8;
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               NTE_BAD_FLAGS, "with unknown flags");
    flags = NCRYPT_NAMED_DESCRIPTOR_FLAG;
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               NTE_NOT_FOUND, "a name that is none");
    NCryptRegisterProtectionDescriptorName(rule, L"LOCAL=machine", 0);
    tap_status(NCryptExportKey(key, 0, NCRYPT_PROTECTED_KEY_BLOB, &list, NULL, 0, &n, 0),
               ERROR_SUCCESS, "a name");
    NCryptFreeObject(key);
    NCryptFreeObject(provider);
}

/* ---- threads -------------------------------------------------------------------------------- */

static NCRYPT_DESCRIPTOR_HANDLE shared_rule;
static NCRYPT_STREAM_HANDLE shared_stream;
static struct bytes shared_blob;
static _Atomic int wrong;

static SECURITY_STATUS WINAPI ignore(void *context, const BYTE *p, SIZE_T n, BOOL final)
{
    (void)context;
    (void)p;
    (void)n;
    (void) final;
    return ERROR_SUCCESS;
}

/* One rule, one blob, and one stream that somebody closes in the middle. */
static void *work(void *arg)
{
    static BYTE big[100000];
    for (int i = 0; i < 20; i++) {
        struct bytes blob = {NULL, 0};
        wrong += NCryptProtectSecret(shared_rule, 0, data, sizeof data, NULL, NULL, &blob.p,
                                     &blob.n) != ERROR_SUCCESS ||
                 !opens(blob) || !opens(shared_blob);
        free(blob.p);
        SECURITY_STATUS s = NCryptStreamUpdate(shared_stream, big, sizeof big, FALSE);
        wrong += s != ERROR_SUCCESS && s != NTE_INVALID_PARAMETER && s != NTE_INVALID_HANDLE;
    }
    if (arg != NULL)
        NCryptStreamClose(shared_stream);
    return NULL;
}

#define THREADS 8

static void threads(void)
{
    pthread_t thread[THREADS];
    NCRYPT_PROTECT_STREAM_INFO info = {ignore, NULL};
    row_begin("threads");
    shared_rule = rule_of(L"LOCAL=user");
    shared_blob = protect(L"LOCAL=user");
    NCryptStreamOpenToProtect(shared_rule, 0, NULL, &info, &shared_stream);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&thread[i], NULL, work, i == 0 ? &info : NULL) != 0)
            abort();
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(thread[i], NULL);
    tap(wrong == 0, "share a rule, data and a stream");
    tap_status(NCryptStreamClose(shared_stream), NTE_INVALID_HANDLE, "which one of them closed");
    NCryptCloseProtectionDescriptor(shared_rule);
    free(shared_blob.p);
}

int main(void)
{
    store_begin();
    rules();
    rule_contract();
    names();
    contract();
    hidden();
    owners();
    session();
    damage("LOCAL=user", L"LOCAL=user", 1);
    damage("a rule of three terms", L"LOCAL=user AND LOCAL=machine OR LOCAL=logon", 4);
    rotation();
    certificates();
    streams();
    stream_contract();
    foreign();
    threads();
    keys();
    return tap_done();
}
