/* Registered providers, and who is asked for a function: in both tables, with exclusive entries and overriding ones. */
#include "conform_config.h"

#define BUILT_IN L"Microsoft Primitive Provider"
#define KEY_STORE MS_KEY_STORAGE_PROVIDER

static void check_registration(void)
{
    struct registration r;
    PCRYPT_PROVIDER_REG reg = registration_fill(&r, HASH, L"MINE", L"SHA256");
    r.aliases[0] = (PWSTR)L"Short";
    r.reg.cAliases = 1;
    r.reg.rgpszAliases = r.aliases;
    row_begin("registration");
    tap_status(BCryptRegisterProvider(L"Example", 0, reg), STATUS_SUCCESS, "register");
    tap_status(BCryptRegisterProvider(L"eXAMPLE", 0, reg), STATUS_OBJECT_NAME_COLLISION,
               "again, in other letters");
    tap_status(BCryptRegisterProvider(L"Example", CRYPT_OVERWRITE, reg), STATUS_SUCCESS,
               "overwrite");

    static const LPCWSTR names[] = {L"Example", L"EXAMPLE", L"Short"};
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        ULONG n = 0;
        PCRYPT_PROVIDER_REG got = NULL;
        tap_status(BCryptQueryProviderRegistration(names[i], CRYPT_UM, 0, &n, &got), STATUS_SUCCESS,
                   "query by name or alias");
        tap(got->cAliases == 1 && text_equal(got->rgpszAliases[0], L"Short") && got->pKM == NULL,
            "aliases");
        tap(text_equal(got->pUM->pszImage, L"example.so") && got->pUM->cInterfaces == 1, "image");
        PCRYPT_INTERFACE_REG f = got->pUM->rgpInterfaces[0];
        tap(f->dwInterface == HASH && f->dwFlags == CRYPT_LOCAL &&
                strings_are(f->cFunctions, f->rgpszFunctions, STRINGS(L"MINE", L"SHA256")),
            "interface and functions");
        tap(inside(got, n, got->pUM) && inside(got, n, got->pUM->pszImage) && inside(got, n, f) &&
                inside(got, n, f->rgpszFunctions[1]),
            "in one block");
        BCryptFreeBuffer(got);
    }
    static const struct {
        ULONG mode, interface_id;
        NTSTATUS status;
    } modes[] = {
        {CRYPT_ANY, 0, STATUS_BUFFER_TOO_SMALL}, {CRYPT_KM, 0, STATUS_NOT_FOUND},
        {CRYPT_MM, 0, STATUS_NOT_FOUND},         {0, 0, STATUS_INVALID_PARAMETER},
        {5, 0, STATUS_INVALID_PARAMETER},        {CRYPT_UM, HASH, STATUS_BUFFER_TOO_SMALL},
        {CRYPT_UM, SCHANNEL, STATUS_NOT_FOUND},
    };
    for (size_t i = 0; i < ARRAYSIZE(modes); i++) {
        ULONG n = 0;
        tap_status(BCryptQueryProviderRegistration(L"Example", modes[i].mode, modes[i].interface_id,
                                                   &n, NULL),
                   modes[i].status, "mode and interface");
    }
}

static void check_refused(void)
{
    struct registration r;
    PCRYPT_PROVIDER_REG reg = registration_fill(&r, HASH, L"MINE", NULL);
    ULONG n = 0;
    row_begin("refused");
    tap_status(BCryptRegisterProvider(NULL, 0, reg), STATUS_INVALID_PARAMETER, "no name");
    tap_status(BCryptRegisterProvider(L"", 0, reg), STATUS_INVALID_PARAMETER, "an empty name");
    tap_status(BCryptRegisterProvider(L"New", 0, NULL), STATUS_INVALID_PARAMETER,
               "no registration");
    tap_status(BCryptRegisterProvider(L"New", 2, reg), STATUS_INVALID_PARAMETER, "a flag");
    tap_status(BCryptRegisterProvider(BUILT_IN, CRYPT_OVERWRITE, reg), STATUS_ACCESS_DENIED,
               "the built-in provider's name");
    tap_status(BCryptRegisterProvider(L"microsoft software key storage provider", 0, reg),
               STATUS_ACCESS_DENIED, "the built-in key store's name");
    r.aliases[0] = (PWSTR)BUILT_IN;
    r.reg.rgpszAliases = r.aliases;
    r.reg.cAliases = 1;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_ACCESS_DENIED, "as an alias");
    r.aliases[0] = NULL;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "an alias that is NULL");
    r.aliases[0] = (PWSTR)L"";
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "an alias that is empty");
    r.reg.rgpszAliases = NULL;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "aliases that are NULL");
    r.reg.cAliases = 0;

    static const LPCWSTR images[] = {NULL, L"", L"a/b.so", L"../b.so", L"./b.so"};
    for (size_t i = 0; i < ARRAYSIZE(images); i++) {
        r.image.pszImage = (PWSTR)images[i];
        tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER, "an image");
    }
    r.image.pszImage = (PWSTR)L"/a/b.so";
    r.image.cInterfaces = 0;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER, "no interface");
    r.image.cInterfaces = 1;
    r.list[0] = NULL;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "an interface that is NULL");
    r.list[0] = &r.interface;
    r.interface.cFunctions = 0;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER, "no function");
    r.interface.cFunctions = 2;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "a function that is NULL");
    r.functions[1] = (PWSTR)L"mine";
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "a function twice");
    r.interface.cFunctions = 0xFFFFFFFF;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "very many functions");
    r.interface.cFunctions = 1;
    r.interface.dwInterface = 0;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER, "interface 0");
    r.interface.dwInterface = HASH;
    r.interface.dwFlags = 4;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "a flag of an interface");
    r.interface.dwFlags = 0;
    r.image.rgpInterfaces = NULL;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "interfaces that are NULL");
    PCRYPT_INTERFACE_REG twice[65];
    for (size_t i = 0; i < ARRAYSIZE(twice); i++)
        twice[i] = &r.interface;
    r.image.rgpInterfaces = twice;
    r.image.cInterfaces = 2;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "an interface twice");
    r.image.cInterfaces = ARRAYSIZE(twice);
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "very many interfaces");
    static PWSTR names[1000];
    for (size_t i = 0; i < ARRAYSIZE(names); i++)
        names[i] = (PWSTR)L"123456789012345678901234567890123456789012345678901234567890";
    r.interface.rgpszFunctions = names;
    r.interface.cFunctions = ARRAYSIZE(names);
    r.image.cInterfaces = 5;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER,
               "more than a file may hold");
    r.image.cInterfaces = 1;
    r.image.rgpInterfaces = r.list;
    r.interface.rgpszFunctions = r.functions;
    r.interface.cFunctions = 1;
    r.reg.pKM = &r.image;
    r.reg.pUM = NULL;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_NOT_SUPPORTED, "kernel mode only");
    r.reg.pKM = NULL;
    tap_status(BCryptRegisterProvider(L"New", 0, reg), STATUS_INVALID_PARAMETER, "no image");
    tap_status(BCryptQueryProviderRegistration(L"New", CRYPT_UM, 0, &n, NULL), STATUS_NOT_FOUND,
               "nothing was registered");

    tap_status(BCryptUnregisterProvider(NULL), STATUS_INVALID_PARAMETER, "unregister NULL");
    tap_status(BCryptUnregisterProvider(L"New"), STATUS_NOT_FOUND, "unregister nobody");
    tap_status(BCryptUnregisterProvider(L"Short"), STATUS_NOT_FOUND, "unregister an alias");
    tap_status(BCryptUnregisterProvider(BUILT_IN), STATUS_ACCESS_DENIED,
               "unregister the built-in one");
}

static bool has_function(PCRYPT_PROVIDER_REG reg, ULONG interface_id, LPCWSTR function)
{
    for (ULONG i = 0; i < reg->pUM->cInterfaces; i++) {
        PCRYPT_INTERFACE_REG f = reg->pUM->rgpInterfaces[i];
        for (ULONG k = 0; f->dwInterface == interface_id && k < f->cFunctions; k++) {
            if (text_equal(f->rgpszFunctions[k], function))
                return true;
        }
    }
    return false;
}

static void check_built_in(void)
{
    ULONG n = 0;
    PCRYPT_PROVIDER_REG reg = NULL;
    PCRYPT_PROVIDERS list = NULL;
    row_begin("the built-in provider");
    tap_status(BCryptQueryProviderRegistration(BUILT_IN, CRYPT_UM, 0, &n, &reg), STATUS_SUCCESS,
               "is registered");
    tap(has_function(reg, HASH, L"SHA256") && has_function(reg, BCRYPT_CIPHER_INTERFACE, L"AES") &&
            has_function(reg, BCRYPT_RNG_INTERFACE, L"RNG") &&
            has_function(reg, BCRYPT_ASYMMETRIC_ENCRYPTION_INTERFACE, L"RSA") &&
            has_function(reg, BCRYPT_SIGNATURE_INTERFACE, L"ECDSA_P256") &&
            has_function(reg, BCRYPT_SECRET_AGREEMENT_INTERFACE, L"ECDH") &&
            has_function(reg, BCRYPT_KEY_DERIVATION_INTERFACE, L"PBKDF2") &&
            !has_function(reg, HASH, L"AES"),
        "with its algorithms");
    BCryptFreeBuffer(reg);
    tap_status(BCryptEnumRegisteredProviders(&n, &list), STATUS_SUCCESS, "enumerate");
    tap(strings_are(list->cProviders, list->rgpszProviders,
                    STRINGS(BUILT_IN, KEY_STORE, L"Example")),
        "it comes first, then the key store");
    BCryptFreeBuffer(list);

    row_begin("the built-in key store");
    reg = NULL;
    tap_status(BCryptQueryProviderRegistration(L"microsoft software key storage provider", CRYPT_UM,
                                               0, &n, &reg),
               STATUS_SUCCESS, "is registered");
    PCRYPT_INTERFACE_REG f = reg->pUM->rgpInterfaces[0];
    tap(reg->pUM->cInterfaces == 1 && f->dwInterface == KEY_STORAGE &&
            strings_are(f->cFunctions, f->rgpszFunctions, STRINGS(L"KEY_STORAGE")) &&
            text_equal(reg->pUM->pszImage, L"libncrypt.so.0"),
        "with its one function and its image");
    BCryptFreeBuffer(reg);
    reg = NULL;
    tap_status(BCryptQueryProviderRegistration(KEY_STORE, CRYPT_UM, HASH, &n, &reg),
               STATUS_NOT_FOUND, "it has no hashes");
}

/* ---- order --------------------------------------------------------------------------------------- */

static NTSTATUS add(ULONG table, LPCWSTR function, LPCWSTR provider, ULONG position)
{
    return BCryptAddContextFunctionProvider(table, L"Default", HASH, function, provider, position);
}

static void configure(ULONG table, LPCWSTR function, ULONG flags)
{
    CRYPT_CONTEXT_FUNCTION_CONFIG config = {flags, 0};
    tap_status(BCryptConfigureContextFunction(table, L"Default", HASH, function, &config),
               STATUS_SUCCESS, "flags of a function");
}

static void check_order(void)
{
    row_begin("order");
    tap(resolved_are(NULL, HASH, L"SHA256", STRINGS(BUILT_IN, L"Example")),
        "by itself: the built-in one, then registered ones");
    tap(resolved_are(NULL, 0, L"MINE", STRINGS(L"Example")), "the interface is found");
    tap_status(provider_register(L"Other", HASH, L"SHA256", NULL), STATUS_SUCCESS, "another one");
    tap_status(add(CRYPT_LOCAL, L"SHA256", L"Nobody", 0), STATUS_NOT_FOUND,
               "add one that is not registered");
    tap_status(add(CRYPT_LOCAL, L"SHA256", L"short", CRYPT_PRIORITY_TOP), STATUS_SUCCESS,
               "add by alias, to a function that was not there");
    tap(providers_are(CRYPT_LOCAL, L"Default", HASH, L"sha256", STRINGS(L"Example")),
        "it is listed by name");
    tap(resolved_are(NULL, HASH, L"SHA256", STRINGS(L"Example", BUILT_IN, L"Other")),
        "listed ones come first");
    tap_status(add(CRYPT_LOCAL, L"SHA256", BUILT_IN, CRYPT_PRIORITY_BOTTOM), STATUS_SUCCESS,
               "add the built-in one");
    tap_status(add(CRYPT_LOCAL, L"SHA256", L"Other", CRYPT_PRIORITY_TOP), STATUS_SUCCESS,
               "and one at the top");
    tap(resolved_are(L"", HASH, L"SHA256", STRINGS(L"Other", L"Example", BUILT_IN)),
        "each once, as listed");
    tap_status(add(CRYPT_LOCAL, L"SHA256", BUILT_IN, 0), STATUS_SUCCESS, "move one");
    tap(providers_are(CRYPT_LOCAL, L"Default", HASH, L"SHA256",
                      STRINGS(BUILT_IN, L"Other", L"Example")),
        "to the top");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, HASH, L"SHA256", BUILT_IN),
               STATUS_SUCCESS, "take it out; no context is Default");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, HASH, L"SHA256", BUILT_IN),
               STATUS_NOT_FOUND, "once");
    tap(resolved_are(NULL, HASH, L"SHA256", STRINGS(L"Other", L"Example", BUILT_IN)),
        "it still comes behind");
    configure(CRYPT_LOCAL, L"SHA256", CRYPT_EXCLUSIVE);
    tap(resolved_are(NULL, HASH, L"SHA256", STRINGS(L"Other", L"Example")),
        "exclusive: only listed ones");
    struct registration r;
    tap_status(BCryptRegisterProvider(L"Other", CRYPT_OVERWRITE,
                                      registration_fill(&r, HASH, L"ELSE", NULL)),
               STATUS_SUCCESS, "one that is listed has the function no more");
    tap(resolved_are(NULL, HASH, L"SHA256", STRINGS(L"Example")), "it is passed over");
    tap_status(BCryptUnregisterProvider(L"Other"), STATUS_SUCCESS, "unregister one");
    tap(resolved_are(NULL, HASH, L"SHA256", STRINGS(L"Example")), "it is passed over");
    tap_status(add(CRYPT_LOCAL, L"MINE", L"Example", 0), STATUS_SUCCESS, "a provider elsewhere");
    configure(CRYPT_LOCAL, L"MINE", CRYPT_EXCLUSIVE);
    tap_status(
        BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, L"Default", HASH, L"MINE", L"Example"),
        STATUS_SUCCESS, "taken out of an exclusive function");
    tap(resolved_are(NULL, HASH, L"MINE", NO_STRINGS), "nobody is left");
    tap_status(BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", HASH, L"MINE"), STATUS_SUCCESS,
               "remove the function");
    tap(resolved_are(NULL, HASH, L"MINE", STRINGS(L"Example")), "it is as it was");
}

static void check_contexts(void)
{
    CRYPT_CONTEXT_CONFIG exclusive = {CRYPT_EXCLUSIVE, 0};
    row_begin("another context");
    tap(resolved_are(L"Mine", HASH, L"SHA1", NO_STRINGS), "one that is not there");
    tap_status(BCryptCreateContext(CRYPT_LOCAL, L"Mine", NULL), STATUS_SUCCESS, "create it");
    tap(resolved_are(L"Mine", HASH, L"SHA1", STRINGS(BUILT_IN)), "it has what there is");
    tap(resolved_are(L"Mine", HASH, L"SHA256", STRINGS(L"Example")), "and the order of Default");
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Mine", &exclusive), STATUS_SUCCESS,
               "make it exclusive");
    tap(resolved_are(L"Mine", HASH, L"SHA1", NO_STRINGS), "it has nothing any more");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Mine", HASH, L"SHA1", 0), STATUS_SUCCESS,
               "add a function");
    tap(resolved_are(L"Mine", HASH, L"SHA1", STRINGS(BUILT_IN)), "it has that one");
    tap(resolved_are(L"Mine", HASH, L"SHA512", NO_STRINGS), "and no other");
    tap(resolved_are(L"Mine", HASH, L"SHA256", STRINGS(L"Example")),
        "but those that Default has on the same interface");
    tap(resolved_are(L"Mine", BCRYPT_CIPHER_INTERFACE, L"AES", NO_STRINGS),
        "and nothing of other interfaces");
    tap_status(BCryptAddContextFunction(CRYPT_LOCAL, L"Default", BCRYPT_CIPHER_INTERFACE, L"AES",
                                        CRYPT_PRIORITY_TOP),
               STATUS_SUCCESS, "an entry of Default on another interface");
    tap(resolved_are(L"Mine", BCRYPT_CIPHER_INTERFACE, L"AES", NO_STRINGS), "does not count");
    tap_status(
        BCryptRemoveContextFunction(CRYPT_LOCAL, L"Default", BCRYPT_CIPHER_INTERFACE, L"AES"),
        STATUS_SUCCESS, "remove it");
    tap_status(BCryptDeleteContext(CRYPT_LOCAL, L"Mine"), STATUS_SUCCESS, "delete it");

    row_begin("an exclusive Default");
    BCRYPT_ALG_HANDLE alg = NULL;
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Default", &exclusive), STATUS_SUCCESS,
               "make it so");
    tap(resolved_are(NULL, HASH, L"SHA1", NO_STRINGS), "has nothing but what it lists");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"SHA1", NULL, 0), STATUS_NOT_FOUND,
               "and nothing else is opened");
    exclusive.dwFlags = 0;
    tap_status(BCryptConfigureContext(CRYPT_LOCAL, L"Default", &exclusive), STATUS_SUCCESS,
               "no more");
    tap_status(BCryptOpenAlgorithmProvider(&alg, L"SHA1", NULL, 0), STATUS_SUCCESS,
               "it is opened again");
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void check_tables(void)
{
    row_begin("two tables");
    tap_status(add(CRYPT_DOMAIN, L"SHA512", BUILT_IN, 0), STATUS_SUCCESS, "the machine's entry");
    configure(CRYPT_DOMAIN, L"SHA512", CRYPT_EXCLUSIVE);
    config_write("machine/config/providers/vendor.conf",
                 "opencng provider 1\nname Vendor\nimage /usr/lib/vendor.so\ninterface hash\n"
                 "function SHA512\n",
                 0644);
    tap(resolved_are(NULL, HASH, L"SHA512", STRINGS(BUILT_IN)), "counts by itself");
    tap_status(BCryptUnregisterProvider(L"Vendor"), STATUS_ACCESS_DENIED,
               "a user may not remove the machine's provider");
    tap_status(provider_register(L"vendor", HASH, L"SHA512", L"SHA384"), STATUS_SUCCESS,
               "but hide it");
    tap(resolved_are(NULL, HASH, L"SHA384", STRINGS(BUILT_IN, L"vendor")), "which then counts");
    tap_status(add(CRYPT_LOCAL, L"SHA512", L"Vendor", 0), STATUS_SUCCESS, "the user's entry");
    tap(resolved_are(NULL, HASH, L"SHA512", STRINGS(L"vendor", BUILT_IN)), "wins");
    configure(CRYPT_DOMAIN, L"SHA512", CRYPT_EXCLUSIVE | CRYPT_OVERRIDE);
    tap(resolved_are(NULL, HASH, L"SHA512", STRINGS(BUILT_IN)), "unless the machine's overrides");
    configure(CRYPT_DOMAIN, L"SHA512", 0);
    CRYPT_CONTEXT_CONFIG over = {CRYPT_OVERRIDE, 0};
    tap_status(BCryptConfigureContext(CRYPT_DOMAIN, L"Default", &over), STATUS_SUCCESS,
               "a context that overrides");
    tap(resolved_are(NULL, HASH, L"SHA512", STRINGS(BUILT_IN, L"vendor")),
        "takes all of the user's entries");
    over.dwFlags = 0;
    tap_status(BCryptConfigureContext(CRYPT_DOMAIN, L"Default", &over), STATUS_SUCCESS, "no more");
    tap(resolved_are(NULL, HASH, L"SHA512", STRINGS(L"vendor", BUILT_IN)), "they are back");
    tap_status(BCryptUnregisterProvider(L"vendor"), STATUS_SUCCESS, "unregister the user's");
    tap(resolved_are(NULL, HASH, L"SHA512", STRINGS(L"Vendor", BUILT_IN)),
        "the machine's shows again");
}

static void check_resolve(void)
{
    static const struct {
        LPCWSTR context;
        ULONG interface_id;
        LPCWSTR function, provider;
        ULONG mode, flags;
        NTSTATUS status;
        ULONG count; /* at least */
        const char *what;
    } rows[] = {
        {NULL, HASH, L"SHA256", NULL, CRYPT_UM, 0, STATUS_SUCCESS, 1, "a function"},
        {NULL, HASH, NULL, NULL, CRYPT_UM, 0, STATUS_SUCCESS, 1, "the first of an interface"},
        {NULL, HASH, NULL, NULL, CRYPT_UM, 1, STATUS_SUCCESS, 8, "all functions"},
        {NULL, HASH, NULL, NULL, CRYPT_UM, 3, STATUS_SUCCESS, 9, "all of all"},
        {NULL, HASH, L"SHA384", BUILT_IN, CRYPT_UM, 3, STATUS_SUCCESS, 1, "one provider's"},
        {NULL, HASH, L"SHA256", L"Short", CRYPT_UM, 3, STATUS_SUCCESS, 1, "by alias"},
        {NULL, HASH, L"SHA384", L"Nobody", CRYPT_UM, 3, STATUS_NOT_FOUND, 0, "nobody's"},
        {NULL, HASH, L"NONE", NULL, CRYPT_UM, 0, STATUS_NOT_FOUND, 0, "no function"},
        {NULL, SCHANNEL, NULL, NULL, CRYPT_UM, 3, STATUS_NOT_FOUND, 0, "an empty interface"},
        {NULL, 0, NULL, NULL, CRYPT_UM, 0, STATUS_INVALID_PARAMETER, 0, "nothing asked for"},
        {NULL, HASH, NULL, NULL, CRYPT_ANY, 0, STATUS_INVALID_PARAMETER, 0, "CRYPT_ANY"},
        {NULL, HASH, NULL, NULL, 0, 0, STATUS_INVALID_PARAMETER, 0, "no mode"},
        {NULL, HASH, NULL, NULL, CRYPT_UM, 4, STATUS_INVALID_PARAMETER, 0, "an unknown flag"},
        {NULL, HASH, L"SHA256", NULL, CRYPT_KM, 0, STATUS_NOT_FOUND, 0, "kernel mode"},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        ULONG n = 0;
        PCRYPT_PROVIDER_REFS refs = NULL;
        row_begin("BCryptResolveProviders, %s", rows[i].what);
        NTSTATUS status =
            BCryptResolveProviders(rows[i].context, rows[i].interface_id, rows[i].function,
                                   rows[i].provider, rows[i].mode, rows[i].flags, &n, &refs);
        tap_status(status, rows[i].status, "status");
        tap(status != STATUS_SUCCESS || refs->cProviders >= rows[i].count, "count");
        BCryptFreeBuffer(refs);
    }
    UCHAR value[] = {9, 8};
    row_begin("BCryptResolveProviders, a reference");
    tap_status(BCryptSetContextFunctionProperty(CRYPT_LOCAL, L"Default", HASH, L"SHA256", L"P",
                                                sizeof value, value),
               STATUS_SUCCESS, "a property of the function");
    ULONG n = 0;
    PCRYPT_PROVIDER_REFS refs = NULL;
    tap_status(BCryptResolveProviders(NULL, 0, L"sha256", NULL, CRYPT_UM, 0, &n, &refs),
               STATUS_SUCCESS, "resolve");
    PCRYPT_PROVIDER_REF ref = refs->rgpProviders[0];
    tap(refs->cProviders == 1 && ref->dwInterface == HASH &&
            text_equal(ref->pszProvider, L"Example") &&
            text_equal(ref->pUM->pszImage, L"example.so") && ref->pKM == NULL,
        "provider and image");
    tap(ref->cProperties == 1 && text_equal(ref->rgpProperties[0]->pszProperty, L"P") &&
            ref->rgpProperties[0]->cbValue == 2 &&
            memcmp(ref->rgpProperties[0]->pbValue, value, 2) == 0,
        "properties");
    tap(inside(refs, n, ref) && inside(refs, n, ref->rgpProperties[0]->pbValue + 1) &&
            inside(refs, n, ref->pUM->pszImage),
        "in one block");
    BCryptFreeBuffer(refs);
}

/* One that has two more names, of which it can be resolved by either. */
static void check_aliases(void)
{
    struct registration r;
    registration_fill(&r, HASH, L"SHA512", NULL);
    r.aliases[0] = (PWSTR)L"First";
    r.aliases[1] = (PWSTR)L"Second";
    r.reg.rgpszAliases = r.aliases;
    r.reg.cAliases = 2;
    row_begin("aliases");
    tap_status(BCryptRegisterProvider(L"Two", 0, &r.reg), STATUS_SUCCESS, "register");
    static const LPCWSTR names[] = {L"Two", L"first", L"SECOND"};
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        ULONG n = 0;
        PCRYPT_PROVIDER_REFS refs = NULL;
        tap_status(BCryptResolveProviders(NULL, HASH, L"SHA512", names[i], CRYPT_UM, 0, &n, &refs),
                   STATUS_SUCCESS, "resolve");
        tap(refs != NULL && refs->cProviders == 1 &&
                text_equal(refs->rgpProviders[0]->pszProvider, L"Two"),
            "the one that is meant");
        BCryptFreeBuffer(refs);
    }
    for (size_t i = 0; i < ARRAYSIZE(names); i++) {
        tap_status(add(CRYPT_LOCAL, L"SHA1", names[i], 0), STATUS_SUCCESS, "add by name or alias");
        tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, HASH, L"SHA1",
                                                       names[ARRAYSIZE(names) - 1 - i]),
                   STATUS_SUCCESS, "remove by another");
        tap(providers_are(CRYPT_LOCAL, L"Default", HASH, L"SHA1", NO_STRINGS), "it is gone");
    }
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, HASH, L"SHA1", L"Second"),
               STATUS_NOT_FOUND, "once");
    tap_status(add(CRYPT_LOCAL, L"SHA1", L"Second", 0), STATUS_SUCCESS, "add");
    tap_status(BCryptUnregisterProvider(L"Two"), STATUS_SUCCESS, "unregister");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, HASH, L"SHA1", L"Second"),
               STATUS_NOT_FOUND, "then an alias is nobody's");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, HASH, L"SHA1", L"Two"),
               STATUS_SUCCESS, "and the name still goes");
}

static void check_key_store(void)
{
    row_begin("the built-in key store");
    tap(resolved_are(NULL, KEY_STORAGE, NULL, STRINGS(KEY_STORE)), "is found");
    row_begin("a key store");
    tap_status(provider_register(L"Keys", KEY_STORAGE, L"KEY_STORAGE", NULL), STATUS_SUCCESS,
               "register");
    tap_status(BCryptAddContextFunctionProvider(CRYPT_LOCAL, NULL, KEY_STORAGE, L"KEY_STORAGE",
                                                L"Keys", CRYPT_PRIORITY_BOTTOM),
               STATUS_SUCCESS, "add it to Default, by Microsoft's recipe");
    tap(resolved_are(NULL, KEY_STORAGE, NULL, STRINGS(L"Keys", KEY_STORE)), "it is found");
    static const LPCWSTR built_in[] = {KEY_STORE, BUILT_IN};
    for (size_t i = 0; i < ARRAYSIZE(built_in); i++) {
        tap_status(BCryptAddContextFunctionProvider(CRYPT_LOCAL, NULL, KEY_STORAGE, L"KEY_STORAGE",
                                                    built_in[i], CRYPT_PRIORITY_TOP),
                   STATUS_SUCCESS, "add a built-in one");
        tap(resolved_are(NULL, KEY_STORAGE, NULL, STRINGS(KEY_STORE, L"Keys")) &&
                resolved_are(NULL, 0, L"KEY_STORAGE", STRINGS(KEY_STORE, L"Keys")),
            "the key store comes first, one that is none is passed over");
    }
    for (size_t i = 0; i < ARRAYSIZE(built_in); i++)
        tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, KEY_STORAGE,
                                                       L"KEY_STORAGE", built_in[i]),
                   STATUS_SUCCESS, "remove it");
    tap_status(BCryptRemoveContextFunctionProvider(CRYPT_LOCAL, NULL, KEY_STORAGE, L"KEY_STORAGE",
                                                   L"Keys"),
               STATUS_SUCCESS, "remove it");
    tap_status(BCryptUnregisterProvider(L"Keys"), STATUS_SUCCESS, "unregister it");
}

static NTSTATUS call_registration(ULONG *n, void **p)
{
    return BCryptQueryProviderRegistration(L"Example", CRYPT_UM, 0, n, (PCRYPT_PROVIDER_REG *)p);
}

static NTSTATUS call_built_in(ULONG *n, void **p)
{
    return BCryptQueryProviderRegistration(BUILT_IN, CRYPT_ANY, 0, n, (PCRYPT_PROVIDER_REG *)p);
}

static NTSTATUS call_key_store(ULONG *n, void **p)
{
    return BCryptQueryProviderRegistration(KEY_STORE, CRYPT_ANY, 0, n, (PCRYPT_PROVIDER_REG *)p);
}

static NTSTATUS call_registered(ULONG *n, void **p)
{
    return BCryptEnumRegisteredProviders(n, (PCRYPT_PROVIDERS *)p);
}

static NTSTATUS call_resolve(ULONG *n, void **p)
{
    return BCryptResolveProviders(NULL, HASH, NULL, NULL, CRYPT_UM,
                                  CRYPT_ALL_FUNCTIONS | CRYPT_ALL_PROVIDERS, n,
                                  (PCRYPT_PROVIDER_REFS *)p);
}

static void check_protocols(void)
{
    static const struct {
        const char *name;
        block_call *call;
        NTSTATUS asked;
    } rows[] = {
        {"BCryptQueryProviderRegistration", call_registration, STATUS_BUFFER_TOO_SMALL},
        {"BCryptQueryProviderRegistration of the built-in one", call_built_in,
         STATUS_BUFFER_TOO_SMALL},
        {"BCryptQueryProviderRegistration of the built-in key store", call_key_store,
         STATUS_BUFFER_TOO_SMALL},
        {"BCryptEnumRegisteredProviders", call_registered, STATUS_BUFFER_TOO_SMALL},
        {"BCryptResolveProviders", call_resolve, STATUS_SUCCESS},
    };
    for (size_t i = 0; i < ARRAYSIZE(rows); i++) {
        row_begin("%s", rows[i].name);
        check_protocol(rows[i].call, rows[i].asked);
    }
}

int main(void)
{
    config_begin();
    check_registration();
    check_refused();
    check_built_in();
    check_order();
    check_contexts();
    check_tables();
    check_resolve();
    check_aliases();
    check_key_store();
    check_protocols();
    return tap_done();
}
