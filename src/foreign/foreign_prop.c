/*
 * Properties of a provider that is loaded: one row that fits every name.
 *
 * A value is bytes to us and goes through as it is, unless it holds strings, which have the caller's width on one side and 16 bits on
 * the other. Which values do is known by name: those of bcrypt.h are listed here; a string under a name that a provider made
 * up has 16 bits on both sides.
 */
#include "foreign.h"

#include "text.h"

/* Bytes of a string, and of a list of them, that are believed. */
#define STRING_MAX 65536
#define NAMES_MAX 1024

void *foreign_target_handle(const struct prop_target *t)
{
    if (t->key != NULL)
        return foreign_key_of(t->key)->part.handle;
    if (t->hash != NULL)
        return CONTAINER_OF(t->hash, struct foreign_hash, base)->part.handle;
    if (t->agreed != NULL)
        return CONTAINER_OF(t->agreed, struct foreign_agreed, base)->part.handle;
    return foreign_open_of(t->alg)->handle;
}

/* ---- getting -------------------------------------------------------------------------------- */

/* The provider's answer into `o`, 16-bit strings and all. */
static NTSTATUS ask(const struct prop_target *t, const struct out *o)
{
    struct foreign_text name;
    ULONG n = 0;
    NTSTATUS status = foreign_class_of(t->class)->calls.get(
        foreign_target_handle(t), foreign_text(&name, t->name->s), o->p, foreign_room(o), &n, 0);
    return foreign_reply(o, status, n);
}

/* The whole value in memory of its own. */
static NTSTATUS fetch(const struct prop_target *t, struct secret *value)
{
    uint32_t n = 0;
    const struct out query = {NULL, 0, &n, WIDTH_16};
    TRY(ask(t, &query));
    if (n > STRING_MAX)
        return STATUS_INTERNAL_ERROR;
    TRY(secret_new(value, n));
    if (n == 0)
        return STATUS_SUCCESS;
    const struct out whole = {value->p, n, &n, WIDTH_16};
    TRY(ask(t, &whole));
    value->n = n;
    return STATUS_SUCCESS;
}

static NTSTATUS get_string(const struct prop_target *t, const struct out *o)
{
    SECRET value = {.p = NULL};
    SECRET wide = {.p = NULL};
    TRY(fetch(t, &value));
    TRY(text_recode(&wide, value.p, value.n, WIDTH_16, o->width));
    return out_bytes(o, wide.p, wide.n);
}

/* BCRYPT_ECC_CURVE_NAMES. */
static NTSTATUS get_names(const struct prop_target *t, const struct out *o)
{
    SECRET value = {.p = NULL};
    TRY(fetch(t, &value));
    BCRYPT_ECC_CURVE_NAMES head;
    if (value.n < sizeof head)
        return STATUS_INTERNAL_ERROR;
    memcpy(&head, value.p, sizeof head);
    if (head.dwEccCurveNames > NAMES_MAX)
        return STATUS_INTERNAL_ERROR;
    SECRET names = {.p = NULL};
    SECRET texts = {.p = NULL};
    TRY(secret_new(&names, head.dwEccCurveNames * sizeof(char *)));
    TRY(secret_new(&texts, head.dwEccCurveNames * sizeof(struct name)));
    const char **list = (const char **)(void *)names.p;
    struct name *text = (struct name *)(void *)texts.p;
    for (ULONG i = 0; i < head.dwEccCurveNames; i++) {
        TRY(name_read(&text[i], head.pEccCurveNames[i], WIDTH_16));
        list[i] = text[i].s;
    }
    return out_names(o, list, head.dwEccCurveNames);
}

/* ---- setting -------------------------------------------------------------------------------- */

static NTSTATUS tell(const struct prop_target *t, const void *p, size_t n)
{
    BCryptSetPropertyFn set = foreign_class_of(t->class)->calls.set;
    struct foreign_text name;
    if (set == NULL)
        return STATUS_NOT_SUPPORTED;
    TRY(set(foreign_target_handle(t), foreign_text(&name, t->name->s), (PUCHAR)p, (ULONG)n, 0));
    /* A chaining mode can change how much memory keys take. */
    return t->alg == NULL ? STATUS_SUCCESS : foreign_alg_ask_length(t->alg);
}

static NTSTATUS set_string(const struct prop_target *t, const struct in *in)
{
    SECRET wide = {.p = NULL};
    if (in->p == NULL)
        return tell(t, NULL, in->n);
    TRY(text_recode(&wide, in->p, in->n, in->width, WIDTH_16));
    return tell(t, wide.p, wide.n);
}

/* Ends at its NUL whatever its size is said to be (observed on Windows with callers of all kinds). */
static NTSTATUS set_identifier(const struct prop_target *t, const struct in *in)
{
    struct name name;
    struct foreign_text text;
    TRY(name_read(&name, in->p, in->width));
    foreign_text(&text, name.s);
    return tell(t, text.s, (wide_length(name.s, WIDTH_16) + 1) * sizeof(WCHAR));
}

/* ---- by name -------------------------------------------------------------------------------- */

/* How the value of a property crosses the boundary. */
struct form {
    const char *name;
    NTSTATUS (*get)(const struct prop_target *t, const struct out *o);
    NTSTATUS (*set)(const struct prop_target *t, const struct in *in);
};

static NTSTATUS set_bytes(const struct prop_target *t, const struct in *in)
{
    return tell(t, in->p, in->n);
}

static const struct form forms[] = {
    {"ChainingMode", get_string, set_identifier},     {"ECCCurveName", get_string, set_string},
    {"ECCCurveNameList", get_names, set_bytes},       {"HkdfHashAlgorithm", get_string, set_string},
    {"ParameterSetName", get_string, set_string},     {"PCP_PLATFORM_TYPE", get_string, set_string},
    {"PCP_PROVIDER_VERSION", get_string, set_string},
};

static const struct form as_bytes = {"", ask, set_bytes};

static const struct form *form_of(const struct prop_target *t)
{
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (name_is(t->name, forms[i].name))
            return &forms[i];
    }
    return &as_bytes;
}

/* A hash is nobody else's while it is asked, as for every other call. */
static NTSTATUS get(const struct prop_target *t, const struct out *o)
{
    if (t->hash == NULL)
        return form_of(t)->get(t, o);
    BUSY held = busy_take(&t->hash->busy);
    return form_of(t)->get(t, o);
}

static NTSTATUS set(const struct prop_target *t, const struct in *in)
{
    return form_of(t)->set(t, in);
}

#define EVERYTHING (ON_ALG | ON_KEY | ON_SECRET | ON_HASH)

const struct prop_row foreign_props[] = {
    {.name = ANY_NAME,
     .on = EVERYTHING,
     .settable_on = EVERYTHING,
     .any_state = true,
     .get = get,
     .set = set},
    {.name = NULL},
};
