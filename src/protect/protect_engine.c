/* The row of base/protect.h, and what it does at once. */
#include "protect_parts.h"

#include <stdlib.h>

/* ---- data at once --------------------------------------------------------------------------- */

static NTSTATUS seal(const struct protect_rule *rule, struct span plain,
                     const NCRYPT_ALLOC_PARA *memory, uint8_t **blob, uint32_t *n)
{
    CONTENT_KEY k = {.segment = 0};
    uint8_t *bytes;
    size_t header;
    size_t all;
    TRY(head_seal(rule, plain.n + PROTECT_TAG_BYTES, memory, &k, &bytes, &header, &all));
    NTSTATUS status = content_seal(&k, 0, true, plain, bytes + header);
    if (status < 0) {
        memory->pfnFree(bytes);
        return status;
    }
    *blob = bytes;
    *n = (uint32_t)all;
    return STATUS_SUCCESS;
}

static NTSTATUS open_content(const struct head *h, const struct protect_rule *rule,
                             const NCRYPT_ALLOC_PARA *memory, uint8_t **plain, uint32_t *n)
{
    CONTENT_KEY k = {.segment = 0};
    size_t size;
    TRY(head_open(h, rule, &k));
    TRY(content_size(&k, h->cms.content.n, &size));
    uint8_t *bytes = memory->pfnAlloc(size > 0 ? size : 1);
    if (bytes == NULL)
        return NTE_NO_MEMORY;
    NTSTATUS status = content_open_all(&k, h->cms.content, bytes);
    if (status < 0) {
        memory->pfnFree(bytes);
        return status;
    }
    *plain = bytes;
    *n = (uint32_t)size;
    return STATUS_SUCCESS;
}

static NTSTATUS open_blob(struct span blob, const NCRYPT_ALLOC_PARA *memory,
                          struct protect_rule **rule, uint8_t **plain, uint32_t *n)
{
    struct head h;
    SCOPED_RULE *found = NULL;
    TRY(head_decode(blob, &h));
    TRY(head_rule(&h, &found));
    if (plain != NULL)
        TRY(open_content(&h, found, memory, plain, n));
    if (rule != NULL) {
        *rule = found;
        found = NULL;
    }
    return STATUS_SUCCESS;
}

/* ---- names ---------------------------------------------------------------------------------- */

static void store_done(struct store **s)
{
    store_close(*s);
}
#define SCOPED_STORE CLEANUP(store_done) struct store

static enum store_scope scope_of(bool machine)
{
    return machine ? STORE_MACHINE : STORE_USER;
}

/* A rule is looked at before it is stored: who uses the name later could do nothing about a wrong one. */
static NTSTATUS name_set(bool machine, const char *name, const char *text)
{
    SCOPED_STORE *s = NULL;
    SCOPED_RULE *rule = NULL;
    if (text != NULL)
        TRY(rule_parse(text, true, &rule));
    TRY(store_open(scope_of(machine), &s));
    return store_text_put(s, name, span_of(text, text == NULL ? 0 : strlen(text)));
}

static NTSTATUS name_get(bool machine, const char *name, char **text)
{
    SCOPED_STORE *s = NULL;
    TRY(store_open(scope_of(machine), &s));
    return store_text_get(s, name, text);
}

/* ---- the row -------------------------------------------------------------------------------- */

static NTSTATUS rule_new(const char *text, struct protect_rule **rule)
{
    return rule_parse(text, true, rule);
}

static void text_done(char **text)
{
    free(*text);
}

static NTSTATUS rule_named(bool machine, const char *name, struct protect_rule **rule)
{
    CLEANUP(text_done) char *text = NULL;
    TRY(name_get(machine, name, &text));
    return rule_parse(text, true, rule);
}

static const char *rule_text(const struct protect_rule *rule)
{
    return rule->text;
}

const struct protect_engine opencng_protect = {
    .rule_new = rule_new,
    .rule_named = rule_named,
    .rule_free = rule_free,
    .rule_text = rule_text,
    .name_set = name_set,
    .name_get = name_get,
    .seal = seal,
    .open = open_blob,
    .stream_to_seal = stream_to_seal,
    .stream_to_open = stream_to_open,
    .stream_update = stream_update,
    .stream_free = stream_free,
};
