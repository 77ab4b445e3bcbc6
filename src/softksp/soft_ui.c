/*
 * UI policy: how a key's user is to be asked. It is stored and given back; no dialog exists here, so
 * what it asks for is met by the PIN property or not at all (soft_private.c).
 */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

/* Microsoft limits a property's data; each text may take all of it. */
#define TEXT_CHARS (NCRYPT_MAX_PROPERTY_DATA / 2)

#define KNOWN_FLAGS                                                                                \
    (NCRYPT_UI_PROTECT_KEY_FLAG | NCRYPT_UI_FORCE_HIGH_PROTECTION_FLAG |                           \
     NCRYPT_UI_FINGERPRINT_PROTECTION_FLAG | NCRYPT_UI_APPCONTAINER_ACCESS_MEDIUM_FLAG)

void soft_ui_done(struct soft_ui *ui)
{
    free(ui->title);
    free(ui->friendly_name);
    free(ui->description);
}

/* Writes one text behind the structure; its place in the caller's buffer, or NULL for none. */
static void *put_text(uint8_t **at, const char *text, enum width w)
{
    if (text == NULL)
        return NULL;
    void *here = *at;
    wide_write(here, text, w);
    *at += (wide_length(text, w) + 1) * w;
    return here;
}

static size_t text_bytes(const char *text, enum width w)
{
    return text == NULL ? 0 : (wide_length(text, w) + 1) * w;
}

/* The creation title is for the dialog at creation and not told later (documented). */
NTSTATUS soft_get_ui(const struct ksp_target *t, const struct out *o)
{
    const struct soft_ui *ui = &soft_key_of(t->key)->ui;
    if (ui->flags == 0 && ui->friendly_name == NULL && ui->description == NULL)
        return NTE_NOT_FOUND;
    NCRYPT_UI_POLICY policy = {.dwVersion = 1, .dwFlags = ui->flags};
    uint8_t *dst;
    TRY(out_begin(o,
                  sizeof policy + text_bytes(ui->friendly_name, o->width) +
                      text_bytes(ui->description, o->width),
                  &dst));
    if (dst == NULL)
        return STATUS_SUCCESS;
    uint8_t *at = dst + sizeof policy;
    policy.pszFriendlyName = put_text(&at, ui->friendly_name, o->width);
    policy.pszDescription = put_text(&at, ui->description, o->width);
    memcpy(dst, &policy, sizeof policy);
    return STATUS_SUCCESS;
}

static NTSTATUS read_text(char **text, LPCWSTR from, enum width w)
{
    return from == NULL ? STATUS_SUCCESS : text_new(text, from, TEXT_CHARS, w);
}

NTSTATUS soft_set_ui(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = soft_key_of(t->key);
    if (atomic_load(&k->base.state) == KSP_FINAL)
        return NTE_NOT_SUPPORTED; /* read-only from then on (documented) */
    NCRYPT_UI_POLICY policy;
    if (in->n < sizeof policy)
        return NTE_INVALID_PARAMETER;
    memcpy(&policy, in->p, sizeof policy);
    if (policy.dwVersion != 1 || (policy.dwFlags & ~(DWORD)KNOWN_FLAGS) != 0)
        return NTE_INVALID_PARAMETER;
    CLEANUP(soft_ui_done) struct soft_ui ui = {.flags = policy.dwFlags};
    TRY(read_text(&ui.title, policy.pszCreationTitle, in->width));
    TRY(read_text(&ui.friendly_name, policy.pszFriendlyName, in->width));
    TRY(read_text(&ui.description, policy.pszDescription, in->width));
    struct soft_ui old = k->ui;
    k->ui = ui;
    ui = old; /* released by the scope */
    return STATUS_SUCCESS;
}
