/* Contexts and their functions: every function of bcrypt.h that changes or shows them. */
#include "conform_config.h"

static void check_contexts(void)
{
    row_begin("contexts");
    ULONG n = 0;
    PCRYPT_CONTEXTS list = NULL;
    tap_status(BCryptEnumContexts(CRYPT_LOCAL, &n, &list), STATUS_SUCCESS, "an empty table");
    tap(strings_are(list->cContexts, list->rgpszContexts, STRINGS(L"Default", L"SSL")),
        "has the contexts that are always there");
    BCryptFreeBuffer(list);

    CRYPT_CONTEXT_CONFIG flags = {CRYPT_EXCLUSIVE, 0};
    tap_status(BCryptCreateContext(CRYPT_LOCAL, L"Mine", &flags), STATUS_SUCCESS, "create");
    tap_status(BCryptCreateContext(CRYPT_LOCAL, L"mINE", NULL), STATUS_SUCCESS,
               "create again, in other letters");
    PCRYPT_CONTEXT_CONFIG got = NULL;
    tap_status(BCryptQueryContextConfiguration(CRYPT_LOCAL, L"MINE", &n, &got), STATUS_SUCCESS,
               "query the flags");
    tap(got->dwFlags == CRYPT_EXCLUSIVE && n == sizeof *got, "which the second creation left");
    BCryptFreeBuffer(got);

    flags.dwFlags = 0;
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Mine", &flags), STATUS_SUCCESS, "configure");
    got = NULL;
    tap(BCryptQueryContextConfiguration(CRYPT_LOCAL, L"Mine", &n, &got) == STATUS_SUCCESS &&
            got->dwFlags == 0,
        "replaces the flags");
    BCryptFreeBuffer(got);

    list = NULL;
    tap(BCryptEnumContexts(CRYPT_LOCAL, &n, &list) == STATUS_SUCCESS &&
            strings_are(list->cContexts, list->rgpszContexts, STRINGS(L"Mine", L"Default", L"SSL")),
        "enumerated under its first name");
    BCryptFreeBuffer(list);
    got = NULL;
    tap_status(BCryptQueryContextConfiguration(CRYPT_DOMAIN, L"Mine", &n, &got), STATUS_NOT_FOUND,
               "the other table does not have it");
    tap_status(BCryptCreateContext(CRYPT_DOMAIN, L"Machine", NULL), STATUS_SUCCESS,
               "create in the machine's table");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Machine"), STATUS_NOT_FOUND, "tables are apart");
    tap_status(BCryptDeleteContext(CRYPT_DOMAIN, L"Machine"), STATUS_SUCCESS, "delete there");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Mine"), STATUS_SUCCESS, "delete");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Mine"), STATUS_NOT_FOUND, "delete again");
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Mine", &flags), STATUS_NOT_FOUND,
               "configure what is not there");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"default"), STATUS_ACCESS_DENIED, "Default stays");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"SSL"), STATUS_ACCESS_DENIED, "SSL stays");
}

static void check_names(void)
{
    static const struct {
        LPCWSTR name;
        const char *what;
    } rows[] = {
        {L"a/b", "a slash"},
        {L"..", "two dots"},
        {L".hidden", "a dot in front"},
        {L"50% = 1\n#x", "signs of the files"},
        {L"\u00e9\u4e2d", "letters of other alphabets"},
        {L" blank ", "blanks around it"},
        {L"123456789012345678901234567890123456789012345678901234567890", "60 bytes"},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("a name with %s", rows[i].what);
        tap_status(BCryptCreateContext(CRYPT_LOCAL, rows[i].name, NULL), STATUS_SUCCESS, "create");
        tap_status(BCryptAddContextFunction(CRYPT_LOCAL, rows[i].name, HASH, rows[i].name, 0),
                   STATUS_SUCCESS, "as the name of a function, too");
        tap(functions_are(CRYPT_LOCAL, rows[i].name, HASH, STRINGS(rows[i].name)),
            "comes back as it was");
        tap_status(BCryptDeleteContext(CRYPT_LOCAL, rows[i].name), STATUS_SUCCESS, "delete");
    }
    static WCHAR lonely[] = {0xD800, 0};
    static const struct {
        LPCWSTR name;
        const char *what;
    } refused[] = {
        {NULL, "NULL"},
        {L"", "empty"},
        {lonely, "half a character"},
        {L"1234567890123456789012345678901234567890123456789012345678901", "61 bytes"},
    };
    CRYPT_CONTEXT_CONFIG flags = {0, 0};
    for (size_t i = 0; i < ARRAYSIZE(refused); i++) {
        ULONG n = 0;
        LPCWSTR name = refused[i].name;
        row_begin("no name: %s", refused[i].what);
        tap_status(BCryptCreateContext(CRYPT_LOCAL, name, NULL), STATUS_INVALID_PARAMETER,
                   "create");
        tap_status(BCryptDeleteContext(CRYPT_LOCAL, name), STATUS_INVALID_PARAMETER, "delete");
        tap_status(BCryptConfigureContext(CRYPT_LOCAL, name, &flags), STATUS_INVALID_PARAMETER,
                   "configure");
        tap_status(BCryptQueryContextConfiguration(CRYPT_LOCAL, name, &n, NULL),
                   STATUS_INVALID_PARAMETER, "query");
        tap_status(BCryptAddContextFunction(CRYPT_LOCAL, name, HASH, L"F", 0),
                   STATUS_INVALID_PARAMETER, "add a function to it");
        tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, name, 0),
                   STATUS_INVALID_PARAMETER, "add it as a function");
        tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", HASH, name),
                   STATUS_INVALID_PARAMETER, "remove it as a function");
        tap_status(
            BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"F", name, 0, NULL),
            STATUS_INVALID_PARAMETER, "set it as a property");
        tap_status(BCryptEnumContextFunctions(CRYPT_LOCAL, name, HASH, &n, NULL),
                   STATUS_INVALID_PARAMETER, "enumerate its functions");
    }
}

static void check_parameters(void)
{
    static const ULONG tables[] = {0, 3, 0xFFFFFFFF};
    CRYPT_CONTEXT_CONFIG flags = {0, 0};
    CRYPT_CONTEXT_FUNCTION_CONFIG function_flags = {0, 0};
    ULONG n = 0;
    for (size_t i = 0; i < ARRAYSIZE(tables); i++) {
        ULONG t = tables[i];
        row_begin("table %u", (unsigned)t);
        tap_status(BCryptCreateContext(t, L"C", NULL), STATUS_INVALID_PARAMETER, "create");
        tap_status(BCryptDeleteContext(t, L"C"), STATUS_INVALID_PARAMETER, "delete");
        tap_status(BCryptEnumContexts(t, &n, NULL), STATUS_INVALID_PARAMETER, "enumerate");
        tap_status(BCryptConfigureContext(t, L"C", &flags), STATUS_INVALID_PARAMETER, "configure");
        tap_status(BCryptAddContextFunction(t, L"Default", HASH, L"F", 0), STATUS_INVALID_PARAMETER,
                   "add a function");
        tap_status(BCryptRemoveContextFunction(t, L"Default", HASH, L"F"), STATUS_INVALID_PARAMETER,
                   "remove a function");
        tap_status(BCryptEnumContextFunctions(t, L"Default", HASH, &n, NULL),
                   STATUS_INVALID_PARAMETER, "enumerate functions");
        tap_status(BCryptConfigureContextFunction(t, L"Default", HASH, L"F", &function_flags),
                   STATUS_INVALID_PARAMETER, "configure a function");
        tap_status(BCryptEnumContextFunctionProviders(t, L"Default", HASH, L"F", &n, NULL),
                   STATUS_INVALID_PARAMETER, "enumerate providers");
    }
    row_begin("parameters");
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Default", NULL), STATUS_INVALID_PARAMETER,
               "configure without a structure");
    tap_status(BCryptConfigureContextFunction(CRYPT_LOCAL, L"Default", HASH, L"F", NULL),
               STATUS_INVALID_PARAMETER, "configure a function without a structure");
    flags.dwFlags = 2;
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Default", &flags), STATUS_INVALID_PARAMETER,
               "an unknown flag");
    flags.dwFlags = CRYPT_OVERRIDE;
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Default", &flags), STATUS_INVALID_PARAMETER,
               "CRYPT_OVERRIDE in a user's table");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", 0, L"F", 0),
               STATUS_INVALID_PARAMETER, "no interface: add");
    tap_status(BCryptEnumContextFunctions(CRYPT_LOCAL, L"Default", 0, &n, NULL),
               STATUS_INVALID_PARAMETER, "no interface: enumerate");
    tap_status(BCryptQueryContextFunctionConfiguration(CRYPT_LOCAL, L"Default", 0, L"F", &n, NULL),
               STATUS_INVALID_PARAMETER, "no interface: query");

    static const struct {
        ULONG table;
        LPCWSTR context, function, property;
        NTSTATUS status;
        const char *what;
    } rows[] = {
        {3, L"Default", L"F", L"P", STATUS_INVALID_PARAMETER, "no table"},
        {CRYPT_LOCAL, NULL, L"F", L"P", STATUS_INVALID_PARAMETER, "no context"},
        {CRYPT_LOCAL, L"Default", NULL, L"P", STATUS_INVALID_PARAMETER, "no function"},
        {CRYPT_LOCAL, L"None", L"F", L"P", STATUS_NOT_FOUND, "a context that is not there"},
        {CRYPT_LOCAL, L"Default", L"None", L"P", STATUS_NOT_FOUND, "a function that is not there"},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("asking for %s", rows[i].what);
        tap_status(BCryptQueryContextFunctionConfiguration(rows[i].table, rows[i].context, HASH,
                                                           rows[i].function, &n, NULL),
                   rows[i].status, "the flags");
        tap_status(BCryptEnumContextFunctionProviders(rows[i].table, rows[i].context, HASH,
                                                      rows[i].function, &n, NULL),
                   rows[i].status, "the providers");
        tap_status(BCryptQueryContextFunctionProperty(rows[i].table, rows[i].context, HASH,
                                                      rows[i].function, rows[i].property, &n, NULL),
                   rows[i].status, "a property");
    }
    tap_status(
        BCryptQueryContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"F", NULL, &n, NULL),
        STATUS_INVALID_PARAMETER, "or a property without a name");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, L"Default", HASH, L"None", L"P"),
               STATUS_NOT_FOUND, "take a provider out of a function that is not there");
}

/* What a context's file cannot hold is refused, and the file stays as it is. The files are written by hand: that is quicker. */
static void check_limits(void)
{
    static char text[300 * 1024], after[sizeof text];
    UCHAR value[4096] = {0};
    int n = snprintf(text, sizeof text, "opencng context 1\nname Full\ninterface hash\n");
    for (unsigned i = 0; i < 1024; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "  function F%u\n", i);
    row_begin("a context with all functions that it may have");
    config_write("user/config/contexts/full.conf", text, 0644);
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Full", HASH, L"F7", CRYPT_PRIORITY_BOTTOM),
               STATUS_SUCCESS, "one of them may be moved");
    config_write("user/config/contexts/full.conf", text, 0644);
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Full", HASH, L"More", CRYPT_PRIORITY_BOTTOM),
               STATUS_INVALID_PARAMETER, "but none more");
    config_read("user/config/contexts/full.conf", after, sizeof after);
    tap(strcmp(text, after) == 0, "nothing was changed");

    n = snprintf(text, sizeof text, "opencng context 1\nname Full\ninterface hash\n  function F\n");
    for (unsigned i = 0; i < 31; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "    property P%u = %08192x\n", i, i);
    row_begin("a context whose file is as large as it may be");
    config_write("user/config/contexts/full.conf", text, 0644);
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Full", HASH, L"F", L"P0",
                                                sizeof value, value),
               STATUS_SUCCESS, "a property may be replaced");
    config_write("user/config/contexts/full.conf", text, 0644);
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Full", HASH, L"F", L"More",
                                                sizeof value, value),
               STATUS_INVALID_PARAMETER, "another one has no room");
    config_read("user/config/contexts/full.conf", after, sizeof after);
    tap(strcmp(text, after) == 0, "nothing was changed");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Full"), STATUS_SUCCESS, "delete it");
}

static void check_functions(void)
{
    row_begin("functions");
    tap(functions_are(CRYPT_LOCAL, L"SSL", SCHANNEL, NO_STRINGS),
        "of SSL: success, and none (observed on Windows)");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"None", HASH, L"F", 0), STATUS_NOT_FOUND,
               "add to a context that is not there");
    ULONG n = 0;
    tap_status(BCryptEnumContextFunctions(CRYPT_LOCAL, L"None", HASH, &n, NULL), STATUS_NOT_FOUND,
               "enumerate those of a context that is not there");

    static const struct {
        LPCWSTR function;
        ULONG position;
    } steps[] = {
        {L"B", CRYPT_PRIORITY_BOTTOM},
        {L"A", CRYPT_PRIORITY_TOP},
        {L"D", CRYPT_PRIORITY_BOTTOM},
        {L"C", 2},
        {L"E", 1000},
    };
    for (size_t i = 0; i < ARRAYSIZE(steps); i++)
        tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, steps[i].function,
                                            steps[i].position),
                   STATUS_SUCCESS, "add at a position");
    tap(functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"A", L"B", L"C", L"D", L"E")),
        "are where they were put");

    CRYPT_CONTEXT_FUNCTION_CONFIG flags = {CRYPT_EXCLUSIVE, 0};
    UCHAR value[] = {1, 2, 3};
    tap_status(BCryptConfigureContextFunction(CRYPT_LOCAL, L"Default", HASH, L"D", &flags),
               STATUS_SUCCESS, "configure one");
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"D", L"P",
                                                sizeof value, value),
               STATUS_SUCCESS, "give it a property");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"d", 1), STATUS_SUCCESS,
               "move it up");
    tap(functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"A", L"D", L"B", L"C", L"E")),
        "it is moved, and there once");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", HASH, L"A", 3), STATUS_SUCCESS,
               "move one down");
    tap(functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"D", L"B", L"C", L"A", L"E")),
        "positions count without the moved one");
    PCRYPT_CONTEXT_FUNCTION_CONFIG got = NULL;
    PUCHAR bytes = NULL;
    tap(BCryptQueryContextFunctionConfiguration(CRYPT_LOCAL, L"Default", HASH, L"D", &n, &got) ==
                STATUS_SUCCESS &&
            got->dwFlags == CRYPT_EXCLUSIVE,
        "its flags went with it");
    BCryptFreeBuffer(got);
    tap(BCryptQueryContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"D", L"P", &n, &bytes) ==
                STATUS_SUCCESS &&
            n == 3 && memcmp(bytes, value, 3) == 0,
        "its property went with it");
    BCryptFreeBuffer(bytes);

    tap(functions_are(CRYPT_LOCAL, L"Default", SCHANNEL, NO_STRINGS), "interfaces are apart");
    tap(functions_are(CRYPT_DOMAIN, L"Default", HASH, NO_STRINGS), "tables are apart");
    tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", HASH, L"c"), STATUS_SUCCESS,
               "remove one");
    tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", HASH, L"C"), STATUS_NOT_FOUND,
               "remove it again");
    tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", SCHANNEL, L"A"),
               STATUS_NOT_FOUND, "remove it from another interface");
    tap_status(BCryptConfigureContextFunction(CRYPT_LOCAL, L"Default", HASH, L"C", &flags),
               STATUS_NOT_FOUND, "configure one that is gone");
    tap(functions_are(CRYPT_LOCAL, L"Default", HASH, STRINGS(L"D", L"B", L"A", L"E")),
        "the others stay");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", SCHANNEL, L"Only", 0),
               STATUS_SUCCESS, "one on another interface");
    char text[4096];
    config_read("user/config/contexts/default.conf", text, sizeof text);
    tap(strstr(text, "interface schannel\n") != NULL, "has the interface in the file");
    tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", SCHANNEL, L"only"),
               STATUS_SUCCESS, "the last one of it is removed");
    config_read("user/config/contexts/default.conf", text, sizeof text);
    tap(strstr(text, "schannel") == NULL && strstr(text, "interface hash\n") != NULL,
        "and the interface with it");
}

static void check_properties(void)
{
    UCHAR value[4096];
    UCHAR got[4096];
    memset(value, 0x5A, sizeof value);
    row_begin("properties");
    ULONG n = 0;
    PUCHAR p = NULL;
    tap_status(
        BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"None", L"P", 1, value),
        STATUS_NOT_FOUND, "of a function that is not there");
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Long = x",
                                                sizeof value, value),
               STATUS_SUCCESS, "set 4096 bytes");
    p = got;
    n = sizeof got;
    tap_status(BCryptQueryContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"long = X",
                                                  &n, &p),
               STATUS_SUCCESS, "get them");
    tap(n == sizeof got && memcmp(value, got, sizeof got) == 0, "as they were");
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Longer",
                                                4097, value),
               STATUS_INVALID_PARAMETER, "4097 bytes");
    tap_status(
        BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Empty", 0, value),
        STATUS_SUCCESS, "set none");
    p = NULL;
    tap_status(
        BCryptQueryContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Empty", &n, &p),
        STATUS_SUCCESS, "get none");
    tap(n == 0 && p != NULL, "which is a block");
    BCryptFreeBuffer(p);
    tap_status(
        BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Empty", 0, NULL),
        STATUS_SUCCESS, "NULL takes it away");
    tap_status(
        BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Empty", 0, NULL),
        STATUS_NOT_FOUND, "once");
    p = NULL;
    tap_status(
        BCryptQueryContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"A", L"Empty", &n, &p),
        STATUS_NOT_FOUND, "it is gone");
}

/* ---- the protocol -------------------------------------------------------------------------------- */

static NTSTATUS call_contexts(ULONG *n, void **p)
{
    return BCryptEnumContexts(CRYPT_LOCAL, n, (PCRYPT_CONTEXTS *)p);
}

static NTSTATUS call_flags(ULONG *n, void **p)
{
    return BCryptQueryContextConfiguration(CRYPT_LOCAL, L"Default", n, (PCRYPT_CONTEXT_CONFIG *)p);
}

static NTSTATUS call_functions(ULONG *n, void **p)
{
    return BCryptEnumContextFunctions(CRYPT_LOCAL, L"Default", HASH, n,
                                      (PCRYPT_CONTEXT_FUNCTIONS *)p);
}

static NTSTATUS call_function_flags(ULONG *n, void **p)
{
    return BCryptQueryContextFunctionConfiguration(CRYPT_LOCAL, L"Default", HASH, L"A", n,
                                                   (PCRYPT_CONTEXT_FUNCTION_CONFIG *)p);
}

static NTSTATUS call_function_providers(ULONG *n, void **p)
{
    return BCryptEnumContextFunctionProviders(CRYPT_LOCAL, L"Default", HASH, L"A", n,
                                              (PCRYPT_CONTEXT_FUNCTION_PROVIDERS *)p);
}

static NTSTATUS call_property(ULONG *n, void **p)
{
    return BCryptQueryContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"D", L"P", n,
                                              (PUCHAR *)p);
}

static void check_protocols(void)
{
    static const struct {
        const char *name;
        block_call *call;
    } rows[] = {
        {"BCryptEnumContexts", call_contexts},
        {"BCryptQueryContextConfiguration", call_flags},
        {"BCryptEnumContextFunctions", call_functions},
        {"BCryptQueryContextFunctionConfiguration", call_function_flags},
        {"BCryptEnumContextFunctionProviders", call_function_providers},
        {"BCryptQueryContextFunctionProperty", call_property},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("%s", rows[i].name);
        check_protocol(rows[i].call, STATUS_BUFFER_TOO_SMALL);
    }
    ULONG n = 0;
    PCRYPT_CONTEXT_FUNCTIONS list = NULL;
    row_begin("one block");
    tap_status(BCryptEnumContextFunctions(CRYPT_LOCAL, L"Default", HASH, &n, &list), STATUS_SUCCESS,
               "enumerate");
    bool good = inside(list, n, list->rgpszFunctions);
    for (ULONG i = 0; i < list->cFunctions; i++)
        good = good && inside(list, n, list->rgpszFunctions[i]) &&
               inside(list, n,
                      (UCHAR *)list->rgpszFunctions[i] + text_bytes(list->rgpszFunctions[i]) - 1);
    tap(good, "holds all that it points at");
    BCryptFreeBuffer(list);
}

int main(void)
{
    config_begin();
    check_contexts();
    check_names();
    check_parameters();
    check_functions();
    check_limits();
    check_properties();
    check_protocols();
    return tap_done();
}
