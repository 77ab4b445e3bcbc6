/*
 * Properties of registered providers and of their keys: one row for whatever name, and a table of the names
 * whose values are not plain bytes, because strings are in them. Those change their width on the way.
 */
#include "fksp.h"

#include "ui_policy.h"

/* ---- the provider's functions --------------------------------------------------------------- */

/* How the object that a property is asked of reads and writes its value as the provider has it. */
struct access {
    NTSTATUS (*read)(const struct ksp_target *t, const struct out *o);
    NTSTATUS (*write)(const struct ksp_target *t, struct span value);
};

static NTSTATUS read_of_provider(const struct ksp_target *t, const struct out *o)
{
    struct fksp_call c = fksp_call(t->provider);
    struct fksp_text name;
    DWORD n = 0;
    TRY(c.f->GetProviderProperty == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS);
    SECURITY_STATUS status = c.f->GetProviderProperty(c.provider, fksp_text(&name, t->name), o->p,
                                                      fksp_room(o), &n, t->flags);
    return fksp_answer(status, o, n);
}

static NTSTATUS write_of_provider(const struct ksp_target *t, struct span value)
{
    struct fksp_call c = fksp_call(t->provider);
    struct fksp_text name;
    TRY(c.f->SetProviderProperty == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS);
    return fksp_status(c.f->SetProviderProperty(c.provider, fksp_text(&name, t->name),
                                                (PBYTE)value.p, (DWORD)value.n, t->flags));
}

static NTSTATUS read_of_key(const struct ksp_target *t, const struct out *o)
{
    struct fksp_call c = fksp_call(t->key->provider);
    struct fksp_text name;
    DWORD n = 0;
    TRY(c.f->GetKeyProperty == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS);
    FKSP_USE u;
    TRY(fksp_enter(t->key, &u));
    SECURITY_STATUS status = c.f->GetKeyProperty(c.provider, u.handle, fksp_text(&name, t->name),
                                                 o->p, fksp_room(o), &n, t->flags);
    return fksp_answer(status, o, n);
}

static NTSTATUS write_of_key(const struct ksp_target *t, struct span value)
{
    struct fksp_call c = fksp_call(t->key->provider);
    struct fksp_text name;
    TRY(c.f->SetKeyProperty == NULL ? NTE_NOT_SUPPORTED : STATUS_SUCCESS);
    FKSP_USE u;
    TRY(fksp_enter(t->key, &u));
    return fksp_status(c.f->SetKeyProperty(c.provider, u.handle, fksp_text(&name, t->name),
                                           (PBYTE)value.p, (DWORD)value.n, t->flags));
}

static const struct access of_provider = {read_of_provider, write_of_provider};
static const struct access of_key = {read_of_key, write_of_key};

/* The whole value. Its size is the provider's word for it, and limited as any property's is. */
static NTSTATUS fetch(const struct ksp_target *t, const struct access *a, struct secret *value)
{
    uint32_t n = 0;
    TRY(a->read(t, &(struct out){NULL, 0, &n, WIDTH_16}));
    if (n > NCRYPT_MAX_PROPERTY_DATA)
        return NTE_INTERNAL_ERROR;
    SECRET made = {NULL, 0};
    TRY(secret_new(&made, n));
    TRY(a->read(t, &(struct out){made.p, n, &n, WIDTH_16}));
    *value = (struct secret){made.p, made.n};
    made = (struct secret){NULL, 0};
    return STATUS_SUCCESS;
}

/* ---- values --------------------------------------------------------------------------------- */

static NTSTATUS get_bytes(const struct ksp_target *t, const struct access *a, const struct out *o)
{
    return a->read(t, o);
}

static NTSTATUS set_bytes(const struct ksp_target *t, const struct access *a, const struct in *in)
{
    return a->write(t, in_span(in));
}

/* A caller with 16-bit characters and the provider agree. */
static NTSTATUS get_string(const struct ksp_target *t, const struct access *a, const struct out *o)
{
    if (o->width == WIDTH_16)
        return a->read(t, o);
    SECRET value = {NULL, 0};
    SECRET mine = {NULL, 0};
    TRY(fetch(t, a, &value));
    if (text_recode(&mine, value.p, value.n, WIDTH_16, o->width) < 0)
        return NTE_INTERNAL_ERROR;
    return out_bytes(o, mine.p, mine.n);
}

static NTSTATUS set_string(const struct ksp_target *t, const struct access *a, const struct in *in)
{
    if (in->width == WIDTH_16)
        return a->write(t, in_span(in));
    SECRET value = {NULL, 0};
    TRY(text_recode(&value, in->p, in->n, in->width, WIDTH_16));
    return a->write(t, secret_span(&value));
}

/* A value of no bytes is no policy (observed on Windows). */
static NTSTATUS get_policy(const struct ksp_target *t, const struct access *a, const struct out *o)
{
    SECRET value = {NULL, 0};
    TRY(fetch(t, a, &value));
    if (value.n == 0)
        return out_bytes(o, NULL, 0);
    NTSTATUS status = ui_policy_decode(secret_span(&value), o);
    return status == STATUS_INVALID_PARAMETER ? NTE_INTERNAL_ERROR : status;
}

static NTSTATUS set_policy(const struct ksp_target *t, const struct access *a, const struct in *in)
{
    SECRET value = {NULL, 0};
    TRY(ui_policy_encode(in, &value));
    return a->write(t, secret_span(&value));
}

/* BCRYPT_ECC_CURVE_NAMES: a table of pointers into the same block. Each must point there, and at a string
 * that ends there. */
#define LIST_MAX 256

struct list {
    struct name names[LIST_MAX];
    const char *strings[LIST_MAX];
    size_t count;
};

static NTSTATUS read_list(struct span block, struct list *list)
{
    BCRYPT_ECC_CURVE_NAMES head;
    if (block.n < sizeof head)
        return NTE_INTERNAL_ERROR;
    memcpy(&head, block.p, sizeof head);
    list->count = head.dwEccCurveNames;
    uintptr_t start = (uintptr_t)block.p;
    uintptr_t table = (uintptr_t)head.pEccCurveNames - start;
    if (list->count > LIST_MAX || table > block.n || block.n - table < list->count * sizeof(LPWSTR))
        return NTE_INTERNAL_ERROR;
    for (size_t i = 0; i < list->count; i++) {
        uintptr_t string;
        memcpy(&string, block.p + table + i * sizeof string, sizeof string);
        string -= start;
        if (string >= block.n)
            return NTE_INTERNAL_ERROR;
        TRY(name_read_counted(&list->names[i], block.p + string, block.n - string, WIDTH_16));
        list->strings[i] = list->names[i].s;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS get_names(const struct ksp_target *t, const struct access *a, const struct out *o)
{
    if (o->width == WIDTH_16)
        return a->read(t, o);
    SECRET value = {NULL, 0};
    struct list list;
    TRY(fetch(t, a, &value));
    TRY(read_list(secret_span(&value), &list));
    return out_names(o, list.strings, list.count);
}

/* ---- names ---------------------------------------------------------------------------------- */

struct shape {
    NTSTATUS (*get)(const struct ksp_target *t, const struct access *a, const struct out *o);
    NTSTATUS (*set)(const struct ksp_target *t, const struct access *a, const struct in *in);
};

static const struct shape bytes = {get_bytes, set_bytes};
static const struct shape string = {get_string, set_string};
static const struct shape policy = {get_policy, set_policy};
static const struct shape names = {get_names, set_bytes};

static const struct {
    const char *name;
    const struct shape *shape;
} rows[] = {
    {"Name", &string},
    {"Ephemeral Name", &string},
    {"Unique Name", &string},
    {"Algorithm Name", &string},
    {"Algorithm Group", &string},
    {"Chaining Mode", &string},
    {"Use Context", &string},
    {"ECCCurveName", &string},
    {"ECCCurveNameList", &names},
    {"ParameterSetName", &string},
    {"HkdfHashAlgorithm", &string},
    {"UI Policy", &policy},
    {"SmartCardPin", &string},
    {"SmartCardSecurePin", &string},
    {"SmartCardPinPrompt", &string},
    {"SmartCardReader", &string},
    {"SmartCardAssociatedECDHKey", &string},
    {"SmartCardNgcKeyName", &string},
    {"PinCacheFreeApplicationTicket", &string},
    {"PinCacheApplicationTicket", &string},
    {"PinCachePin", &string},
    {"PCP_PLATFORM_TYPE", &string},
    {"PCP_PROVIDER_VERSION", &string},
    {"PCP_CHANGEPASSWORD", &string},
    {"PCP_MIGRATIONPASSWORD", &string},
    {"PCP_ALTERNATE_KEY_STORAGE_LOCATION", &string},
};

/* What a program stores under a name of its choice is bytes, whatever the name is. */
static const struct shape *shape_of(const struct ksp_target *t)
{
    if ((t->flags & NCRYPT_PERSIST_ONLY_FLAG) != 0)
        return &bytes;
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (text_is(t->name->s, rows[i].name))
            return rows[i].shape;
    }
    return &bytes;
}

static const struct access *access_of(const struct ksp_target *t)
{
    return t->key != NULL ? &of_key : &of_provider;
}

static NTSTATUS get(const struct ksp_target *t, const struct out *o)
{
    return shape_of(t)->get(t, access_of(t), o);
}

static NTSTATUS set(const struct ksp_target *t, const struct in *in)
{
    return shape_of(t)->set(t, access_of(t), in);
}

/* Of all flags, those of persistence too: what they mean is the provider's to say. The table has no functions for
 * properties of secrets. */
const struct ksp_prop fksp_props[] = {
    {.name = KSP_ANY_NAME,
     .on = ON_PROVIDER | ON_KSP_KEY,
     .settable_on = ON_PROVIDER | ON_KSP_KEY,
     .flags = UINT32_MAX,
     .get = get,
     .set = set},
    {.name = NULL},
};
