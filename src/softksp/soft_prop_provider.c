/* The properties of the provider, in rows. */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

#define PROVIDER(t) soft_provider_of((t)->provider)

static NTSTATUS get_impl_type(const struct ksp_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, NCRYPT_IMPL_SOFTWARE_FLAG);
}

static NTSTATUS get_version(const struct ksp_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, 0x00010000);
}

static NTSTATUS get_max_name(const struct ksp_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, NCRYPT_MAX_KEY_NAME_LENGTH);
}

static NTSTATUS get_security_support(const struct ksp_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, 1);
}

static NTSTATUS get_use_count_enabled(const struct ksp_target *t, const struct out *o)
{
    (void)t;
    return out_u32(o, 0);
}

static void buffer_done(PUCHAR *p)
{
    free(*p);
}

static NTSTATUS get_curve_list(const struct ksp_target *t, const struct out *o)
{
    (void)t;
    SCOPED_ALG alg = NULL;
    TRY(BCryptOpenAlgorithmProvider(&alg, BCRYPT_ECDSA_ALGORITHM, NULL, 0));
    ULONG n;
    TRY(BCryptGetProperty(alg, BCRYPT_ECC_CURVE_NAME_LIST, NULL, 0, &n, 0));
    CLEANUP(buffer_done) PUCHAR bytes = malloc(n);
    CLEANUP(buffer_done) PUCHAR text = malloc((size_t)n * 3);
    if (bytes == NULL || text == NULL)
        return NTE_NO_MEMORY;
    TRY(BCryptGetProperty(alg, BCRYPT_ECC_CURVE_NAME_LIST, bytes, n, &n, 0));
    BCRYPT_ECC_CURVE_NAMES list;
    memcpy(&list, bytes, sizeof list);
    const char *names[128];
    char *at = (char *)text;
    if (list.dwEccCurveNames > ARRAY_COUNT(names))
        return NTE_INTERNAL_ERROR;
    for (size_t i = 0; i < list.dwEccCurveNames; i++) {
        struct name name;
        LPWSTR wide;
        memcpy(&wide, (const uint8_t *)list.pEccCurveNames + i * sizeof wide, sizeof wide);
        TRY(name_read(&name, wide, WIDTH_16));
        names[i] = strcpy(at, name.s);
        at += strlen(name.s) + 1;
    }
    return out_names(o, names, list.dwEccCurveNames);
}

static NTSTATUS get_provider_context(const struct ksp_target *t, const struct out *o)
{
    struct soft_provider *p = PROVIDER(t);
    BUSY held = busy_take(&p->busy);
    return p->use_context == NULL ? NTE_NOT_FOUND : out_string(o, p->use_context, 0);
}

static NTSTATUS set_provider_context(const struct ksp_target *t, const struct in *in)
{
    struct soft_provider *p = PROVIDER(t);
    BUSY held = busy_take(&p->busy);
    return soft_set_text(&p->use_context, in);
}

static NTSTATUS set_provider_window(const struct ksp_target *t, const struct in *in)
{
    struct soft_provider *p = PROVIDER(t);
    BUSY held = busy_take(&p->busy);
    return soft_read_window(in, &p->window);
}

static NTSTATUS set_provider_pin(const struct ksp_target *t, const struct in *in)
{
    struct soft_provider *p = PROVIDER(t);
    return soft_pin_set(&p->busy, &p->pin, in);
}

/* clang-format off */
#define R(id, getter) {.name = id, .on = ON_PROVIDER, .get = getter}
#define W(id, setter) {.name = id, .settable_on = ON_PROVIDER, .set = setter}

const struct ksp_prop soft_provider_props[] = {
    R("Impl Type", get_impl_type),
    R("Version", get_version),
    R("Max Name Length", get_max_name),
    R("Security Descr Support", get_security_support),
    R("Enabled Use Count", get_use_count_enabled),
    R("ECCCurveNameList", get_curve_list),
    {.name = "Use Context", .on = ON_PROVIDER, .settable_on = ON_PROVIDER,
     .get = get_provider_context, .set = set_provider_context},
    W("HWND Handle", set_provider_window),
    W("SmartCardPin", set_provider_pin),
    {.name = NULL},
};
/* clang-format on */
