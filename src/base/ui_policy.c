/* The two forms of a UI policy (ui_policy.h), and the way from each to the other. */
#include "ui_policy.h"

#include "ncrypt.h"
#include "ncrypt_provider.h"

#include "text.h"

#include <stdlib.h>

#define TEXTS 3

/* Microsoft limits a property's data; each text may take all of it. */
#define TEXT_CHARS (NCRYPT_MAX_PROPERTY_DATA / 2)

/* What both forms say. */
struct policy {
    uint32_t version, flags;
    char *text[TEXTS]; /* creation title, friendly name, description; NULL: none */
};

static void policy_done(struct policy *p)
{
    for (size_t i = 0; i < TEXTS; i++)
        free(p->text[i]);
}

static size_t text_bytes(const char *text, enum width w)
{
    return text == NULL ? 0 : (wide_length(text, w) + 1) * w;
}

static size_t texts_bytes(const struct policy *p, enum width w)
{
    size_t n = 0;
    for (size_t i = 0; i < TEXTS; i++)
        n += text_bytes(p->text[i], w);
    return n;
}

/* ---- from the caller to the block ----------------------------------------------------------- */

static NTSTATUS read_structure(const struct in *in, struct policy *p)
{
    NCRYPT_UI_POLICY policy;
    if (in->p == NULL || in->n < sizeof policy)
        return STATUS_INVALID_PARAMETER;
    memcpy(&policy, in->p, sizeof policy);
    p->version = policy.dwVersion;
    p->flags = policy.dwFlags;
    const void *const texts[TEXTS] = {policy.pszCreationTitle, policy.pszFriendlyName,
                                      policy.pszDescription};
    for (size_t i = 0; i < TEXTS; i++) {
        if (texts[i] != NULL)
            TRY(text_new(&p->text[i], texts[i], TEXT_CHARS, in->width));
    }
    return STATUS_SUCCESS;
}

NTSTATUS ui_policy_encode(const struct in *policy, struct secret *blob)
{
    CLEANUP(policy_done) struct policy p = {.version = 0};
    TRY(read_structure(policy, &p));
    const NCRYPT_UI_POLICY_BLOB head = {
        .dwVersion = p.version,
        .dwFlags = p.flags,
        .cbCreationTitle = (DWORD)text_bytes(p.text[0], WIDTH_16),
        .cbFriendlyName = (DWORD)text_bytes(p.text[1], WIDTH_16),
        .cbDescription = (DWORD)text_bytes(p.text[2], WIDTH_16),
    };
    TRY(secret_new(blob, sizeof head + texts_bytes(&p, WIDTH_16)));
    memcpy(blob->p, &head, sizeof head);
    uint8_t *at = blob->p + sizeof head;
    for (size_t i = 0; i < TEXTS; i++) {
        if (p.text[i] != NULL)
            wide_write(at, p.text[i], WIDTH_16);
        at += text_bytes(p.text[i], WIDTH_16);
    }
    return STATUS_SUCCESS;
}

/* ---- from the block to the caller ----------------------------------------------------------- */

/* A string of `n` bytes, NUL included. */
static NTSTATUS read_counted(const uint8_t *at, size_t n, char **text)
{
    if (n == 0)
        return STATUS_SUCCESS;
    if (n % WIDTH_16 != 0 || at[n - 2] != 0 || at[n - 1] != 0)
        return STATUS_INVALID_PARAMETER;
    return text_new(text, at, n / WIDTH_16, WIDTH_16);
}

static NTSTATUS read_block(struct span blob, struct policy *p)
{
    NCRYPT_UI_POLICY_BLOB head;
    if (blob.n < sizeof head)
        return STATUS_INVALID_PARAMETER;
    memcpy(&head, blob.p, sizeof head);
    p->version = head.dwVersion;
    p->flags = head.dwFlags;
    const uint32_t sizes[TEXTS] = {head.cbCreationTitle, head.cbFriendlyName, head.cbDescription};
    const uint8_t *at = blob.p + sizeof head;
    size_t left = blob.n - sizeof head;
    for (size_t i = 0; i < TEXTS; i++) {
        if (sizes[i] > left)
            return STATUS_INVALID_PARAMETER;
        TRY(read_counted(at, sizes[i], &p->text[i]));
        at += sizes[i];
        left -= sizes[i];
    }
    return STATUS_SUCCESS;
}

NTSTATUS ui_policy_decode(struct span blob, const struct out *o)
{
    CLEANUP(policy_done) struct policy p = {.version = 0};
    TRY(read_block(blob, &p));
    NCRYPT_UI_POLICY policy = {.dwVersion = p.version, .dwFlags = p.flags};
    uint8_t *dst;
    TRY(out_begin(o, sizeof policy + texts_bytes(&p, o->width), &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    uint8_t *at = dst + sizeof policy;
    void *places[TEXTS] = {NULL};
    for (size_t i = 0; i < TEXTS; i++) {
        if (p.text[i] == NULL)
            continue;
        places[i] = at;
        wide_write(at, p.text[i], o->width);
        at += text_bytes(p.text[i], o->width);
    }
    policy.pszCreationTitle = places[0];
    policy.pszFriendlyName = places[1];
    policy.pszDescription = places[2];
    memcpy(dst, &policy, sizeof policy);
    return STATUS_SUCCESS;
}
