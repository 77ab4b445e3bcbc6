/*
 * Symmetric keys of a provider that is loaded: of its ciphers and of its key derivation functions.
 *
 * Calls of several threads with one key go to the provider as they come. Authenticated modes' structure holds no strings and is
 * handed on as it is.
 */
#include "foreign.h"

static NTSTATUS make(struct alg *alg, struct span secret, uint32_t flags, struct key **out)
{
    struct key *key;
    TRY(foreign_key_new(alg, &key));
    struct foreign_part *part = &foreign_key_of(key)->part;
    NTSTATUS status = part->open->calls->make_key(part->open->handle, &part->handle, part->memory.p,
                                                  (ULONG)part->memory.n, (PUCHAR)secret.p,
                                                  (ULONG)secret.n, flags);
    return foreign_key_made(status, key, out);
}

static NTSTATUS copy(struct key *from, struct key **out)
{
    const struct foreign_part *source = &foreign_key_of(from)->part;
    struct key *key = key_clone(from);
    if (key == NULL)
        return STATUS_NO_MEMORY;
    struct foreign_part *part = &foreign_key_of(key)->part;
    NTSTATUS status = foreign_part_init(part, source->open, from->object_length);
    if (status >= 0)
        status = source->open->calls->duplicate_key(source->handle, &part->handle, part->memory.p,
                                                    (ULONG)part->memory.n, 0);
    return foreign_key_made(status, key, out);
}

/* The provider's handle of the key that wraps. A key of another provider's is none that this one knows. */
static NTSTATUS wrap_handle(const struct foreign_calls *calls, struct key *wrap, void **handle)
{
    *handle = NULL;
    if (wrap == NULL)
        return STATUS_SUCCESS;
    if (wrap->class->props != foreign_props || foreign_key_calls(wrap)->close != calls->close)
        return STATUS_OBJECT_TYPE_MISMATCH;
    *handle = foreign_key_of(wrap)->part.handle;
    return STATUS_SUCCESS;
}

static NTSTATUS import(struct alg *alg, const struct sym_format *format, struct key *wrap,
                       struct span blob, uint32_t flags, struct key **out)
{
    const struct foreign_calls *calls = foreign_open_of(alg)->calls;
    void *wrap_key;
    TRY(wrap_handle(calls, wrap, &wrap_key));
    struct key *key;
    TRY(foreign_key_new(alg, &key));
    struct foreign_part *part = &foreign_key_of(key)->part;
    struct foreign_text type;
    NTSTATUS status = calls->import_key(
        part->open->handle, wrap_key, foreign_text(&type, format->name), &part->handle,
        part->memory.p, (ULONG)part->memory.n, (PUCHAR)blob.p, (ULONG)blob.n, flags);
    return foreign_key_made(status, key, out);
}

static NTSTATUS export(struct key *key, const struct sym_format *format, struct key *wrap,
                       const struct out *o)
{
    const struct foreign_calls *calls = foreign_key_calls(key);
    void *wrap_key;
    TRY(wrap_handle(calls, wrap, &wrap_key));
    struct foreign_text type;
    ULONG n = 0;
    NTSTATUS status =
        calls->export_key(foreign_key_of(key)->part.handle, wrap_key,
                          foreign_text(&type, format->name), o->p, foreign_room(o), &n, 0);
    return foreign_reply(o, status, n);
}

static NTSTATUS crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    const struct foreign_calls *calls = foreign_key_calls(key);
    ULONG n = 0;
    NTSTATUS status = (call->encrypt ? calls->encrypt : calls->decrypt)(
        foreign_key_of(key)->part.handle, (PUCHAR)call->in.p, (ULONG)call->in.n, call->info,
        call->iv, call->iv_size, o->p, foreign_room(o), &n, call->flags);
    return foreign_reply(o, status, n);
}

static NTSTATUS derive(struct key *key, const struct params *params, uint32_t flags,
                       const struct out *o)
{
    FOREIGN_PARAMS list;
    TRY(foreign_params_init(&list, params));
    ULONG n = 0;
    NTSTATUS status = foreign_key_calls(key)->derive(foreign_key_of(key)->part.handle, &list.desc,
                                                     o->p, foreign_room(o), &n, flags);
    return foreign_reply(o, status, n);
}

static const struct sym_format both[] = {
    {.name = ANY_NAME, .wrap = WRAP_MAYBE, .import = import, .export = export}, {.name = NULL}};
static const struct sym_format only_in[] = {
    {.name = ANY_NAME, .wrap = WRAP_MAYBE, .import = import}, {.name = NULL}};
static const struct sym_format only_out[] = {
    {.name = ANY_NAME, .wrap = WRAP_MAYBE, .export = export}, {.name = NULL}};
static const struct sym_format neither[] = {{.name = NULL}};

void foreign_sym_init(struct sym_class *row, const struct foreign_calls *calls)
{
    bool in = calls->import_key != NULL;
    bool out = calls->export_key != NULL;
    *row = (struct sym_class){
        .make = make,
        .copy = calls->duplicate_key != NULL ? copy : NULL,
        .done = foreign_key_done,
        .formats = in ? (out ? both : only_in) : (out ? only_out : neither),
        .make_flags = ~0u,
        .import_flags = ~0u,
        .crypt = calls->encrypt != NULL ? crypt : NULL,
        .derive = calls->derive != NULL ? derive : NULL,
    };
}
