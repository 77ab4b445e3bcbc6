/* Reading, editing and writing a file under the lock of its table (config_change.h). */
#include "config_change.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "config_file.h"
#include "config_format.h"
#include "config_state.h"

/* A file that is about to be changed. */
struct change {
    int table;
    int lock;
    int folder;
    char file[PLACE_FILE_BYTES];
    struct arena arena;
};

static void change_done(struct change *c)
{
    fd_done(&c->folder);
    fd_done(&c->lock);
    fd_done(&c->table);
    arena_done(&c->arena);
}

#define CHANGE CLEANUP(change_done) struct change
#define NO_CHANGE                                                                                  \
    {                                                                                              \
        .table = -1, .lock = -1, .folder = -1                                                      \
    }

static NTSTATUS enter_folders(struct change *c, enum config_table table, enum config_kind kind)
{
    struct stat st;
    const char *flaw;
    place_open(table, &c->table, &st, &flaw);
    if (c->table >= 0)
        place_open_kind(c->table, kind, &c->folder, &st, &flaw);
    if (c->folder >= 0)
        return STATUS_SUCCESS;
    return flaw != NULL ? STATUS_ACCESS_DENIED : STATUS_NOT_FOUND;
}

static NTSTATUS change_init(struct change *c, enum config_table table, enum config_kind kind,
                            const struct name *name, enum config_missing missing)
{
    if (missing == CONFIG_CREATE)
        TRY(place_make(table));
    TRY(enter_folders(c, table, kind));
    place_file(name, c->file);
    return lock_acquire(c->table, &c->lock);
}

static NTSTATUS publish(struct change *c, struct span text)
{
    TRY(file_store(c->folder, c->file, text));
    config_stale();
    return STATUS_SUCCESS;
}

/* ---- contexts --------------------------------------------------------------------------------- */

/* The context as it is in its file. */
static NTSTATUS context_load(struct change *c, struct config_context *out)
{
    CLEANUP(config_bytes_done) struct config_bytes bytes = {0};
    struct stat st;
    struct config_flaw flaw;
    TRY(file_load(c->folder, c->file, &bytes, &st, &flaw.what));
    TRY(context_decode(span_of(bytes.p, bytes.n), &c->arena, out, &flaw));
    return place_name_flaw(&out->name, c->file) == NULL ? STATUS_SUCCESS : STATUS_DATA_ERROR;
}

static void text_free(uint8_t **p)
{
    free(*p);
}

/* What is written is read first: no change makes a file that the next reader would not believe. */
static NTSTATUS context_write(struct change *c, const struct config_context *context)
{
    struct wr w = wr_count();
    context_encode(&w, context);
    if (w.bad || w.n > CONFIG_FILE_MAX)
        return STATUS_INVALID_PARAMETER;
    size_t n = w.n;
    CLEANUP(text_free) uint8_t *text = malloc(n);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    w = wr_into(text, n);
    context_encode(&w, context);
    struct config_context again;
    struct config_flaw flaw;
    NTSTATUS status = context_decode(span_of(text, n), &c->arena, &again, &flaw);
    if (status < 0)
        return status == STATUS_DATA_ERROR ? STATUS_INVALID_PARAMETER : status;
    return publish(c, span_of(text, n));
}

NTSTATUS config_context_change(enum config_table table, const struct name *context,
                               enum config_missing missing, const struct config_edit *edit)
{
    if (config_context_is_permanent(context))
        missing = CONFIG_CREATE;
    CHANGE c = NO_CHANGE;
    TRY(change_init(&c, table, CONFIG_CONTEXTS, context, missing));
    struct config_context view;
    NTSTATUS status = context_load(&c, &view);
    if (status == STATUS_NOT_FOUND && missing == CONFIG_CREATE) {
        view = (struct config_context){.name = *context};
        status = STATUS_SUCCESS;
    }
    TRY(status);
    TRY(edit->apply(&view, &c.arena, edit));
    return context_write(&c, &view);
}

NTSTATUS config_context_delete(enum config_table table, const struct name *context)
{
    CHANGE c = NO_CHANGE;
    TRY(change_init(&c, table, CONFIG_CONTEXTS, context, CONFIG_MUST_EXIST));
    TRY(file_remove(c.folder, c.file));
    config_stale();
    return STATUS_SUCCESS;
}

/* ---- providers -------------------------------------------------------------------------------- */

NTSTATUS config_provider_write(enum config_table table, const struct config_provider *p,
                               bool replace)
{
    struct wr w = wr_count();
    provider_encode(&w, p);
    if (w.bad || w.n > CONFIG_FILE_MAX)
        return STATUS_INVALID_PARAMETER;
    size_t n = w.n;
    CLEANUP(text_free) uint8_t *text = malloc(n);
    if (text == NULL)
        return STATUS_NO_MEMORY;
    w = wr_into(text, n);
    provider_encode(&w, p);

    CHANGE c = NO_CHANGE;
    struct config_provider again;
    struct config_flaw flaw;
    NTSTATUS status = provider_decode(span_of(text, n), &c.arena, &again, &flaw);
    if (status < 0)
        return status == STATUS_DATA_ERROR ? STATUS_INVALID_PARAMETER : status;
    TRY(change_init(&c, table, CONFIG_PROVIDERS, &p->name, CONFIG_CREATE));
    if (!replace && faccessat(c.folder, c.file, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
        return STATUS_OBJECT_NAME_COLLISION;
    return publish(&c, span_of(text, n));
}

NTSTATUS config_provider_delete(enum config_table table, const struct name *name)
{
    CHANGE c = NO_CHANGE;
    TRY(change_init(&c, table, CONFIG_PROVIDERS, name, CONFIG_MUST_EXIST));
    TRY(file_remove(c.folder, c.file));
    config_stale();
    return STATUS_SUCCESS;
}
