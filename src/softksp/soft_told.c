/* What programs tell about a key and about themselves: the key's use, a window, a PIN, a certificate. */
#include "soft.h"

#include <stdlib.h>
#include <string.h>

#define KEY(t) soft_key_of((t)->key)
#define CONTEXT_CHARS (NCRYPT_MAX_PROPERTY_DATA / 2)

static bool persists(const struct ksp_target *t)
{
    return (t->flags & NCRYPT_PERSIST_FLAG) != 0;
}

NTSTATUS soft_set_text(char **text, const struct in *in)
{
    SCOPED_TEXT *made = NULL;
    TRY(text_new_counted(&made, in->p, in->n, CONTEXT_CHARS, in->width));
    char *old = *text;
    *text = made;
    made = old; /* freed by the scope */
    return STATUS_SUCCESS;
}

NTSTATUS soft_get_context(const struct ksp_target *t, const struct out *o)
{
    const struct soft_own *own = soft_built_in_find(KEY(t), t->row->name);
    if (own == NULL)
        return NTE_NOT_FOUND;
    SCOPED_TEXT *text = text_of_bytes(own->value, own->n);
    return text == NULL ? NTE_NO_MEMORY : out_string(o, text, 0);
}

/* Kept as UTF-8. */
NTSTATUS soft_set_context(const struct ksp_target *t, const struct in *in)
{
    SCOPED_TEXT *text = NULL;
    TRY(soft_set_text(&text, in));
    return soft_built_in_set(KEY(t), t->row->name, span_of(text, strlen(text)), persists(t));
}

NTSTATUS soft_get_window(const struct ksp_target *t, const struct out *o)
{
    void *window = KEY(t)->window;
    return window == NULL ? NTE_NOT_FOUND : out_pointer(o, window);
}

NTSTATUS soft_read_window(const struct in *in, void **window)
{
    if (in->n != sizeof *window)
        return NTE_INVALID_PARAMETER;
    memcpy(window, in->p, sizeof *window);
    return STATUS_SUCCESS;
}

NTSTATUS soft_set_window(const struct ksp_target *t, const struct in *in)
{
    return soft_read_window(in, &KEY(t)->window);
}

NTSTATUS soft_set_pin(const struct ksp_target *t, const struct in *in)
{
    struct soft_key *k = KEY(t);
    return soft_pin_set(&k->told_lock, &k->pin, in);
}

NTSTATUS soft_get_certificate(const struct ksp_target *t, const struct out *o)
{
    const struct soft_own *own = soft_built_in_find(KEY(t), t->row->name);
    return own == NULL ? NTE_NOT_FOUND : out_bytes(o, own->value, own->n);
}

NTSTATUS soft_set_certificate(const struct ksp_target *t, const struct in *in)
{
    return soft_built_in_set(KEY(t), t->row->name, in_span(in), persists(t));
}
