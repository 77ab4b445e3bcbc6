/* Reading both tables (config_picture.h). What cannot be believed is left out, named as a problem, and loses nothing else. */
#include "config_picture.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "config_file.h"
#include "config_format.h"

/* Ticks of file systems' clocks are shorter; FAT is not looked at. */
#define FRESH_NANOSECONDS INT64_C(100000000)

static struct stamp stamp_of(const struct stat *st)
{
    return (struct stamp){st->st_dev, st->st_ino, st->st_ctim, st->st_size};
}

static bool stamp_is(const struct stamp *a, const struct stamp *b)
{
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->changed.tv_sec == b->changed.tv_sec && a->changed.tv_nsec == b->changed.tv_nsec;
}

/* Where the reading is: a folder of a table. */
struct reader {
    struct picture *picture;
    enum config_table table;
    enum config_kind kind;
    char path[4096]; /* of the folder */
    int folder;
};

/* ---- what was looked at ---------------------------------------------------------------------- */

static NTSTATUS see(struct picture *p, const char *path, const struct stat *st)
{
    struct seen seen = {arena_text(&p->arena, span_of(path, strlen(path))), stamp_of(st)};
    if (seen.path == NULL)
        return STATUS_NO_MEMORY;
    struct seen *list =
        arena_insert(&p->arena, p->seen, &p->seen_count, sizeof seen, p->seen_count, &seen);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    p->seen = list;

    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t age = ((int64_t)now.tv_sec - st->st_ctim.tv_sec) * INT64_C(1000000000) +
                  (now.tv_nsec - st->st_ctim.tv_nsec);
    if (age < FRESH_NANOSECONDS)
        p->fresh = true;
    return STATUS_SUCCESS;
}

static NTSTATUS complain(struct picture *p, const char *path, const char *text)
{
    struct config_problem problem = {
        arena_text(&p->arena, span_of(path, strlen(path))),
        arena_text(&p->arena, span_of(text, strlen(text))),
    };
    if (problem.path == NULL || problem.text == NULL)
        return STATUS_NO_MEMORY;
    struct config *c = &p->config;
    const struct config_problem *list = arena_insert(&p->arena, c->problems, &c->problem_count,
                                                     sizeof problem, c->problem_count, &problem);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    c->problems = list;
    return STATUS_SUCCESS;
}

bool picture_is_current(const struct picture *p)
{
    if (p->fresh)
        return false;
    for (size_t i = 0; i < p->seen_count; i++) {
        struct stat st = {0};
        struct stamp now = {0};
        if (lstat(p->seen[i].path, &st) == 0)
            now = stamp_of(&st);
        if (!stamp_is(&now, &p->seen[i].stamp))
            return false;
    }
    return true;
}

/* ---- one file -------------------------------------------------------------------------------- */

static NTSTATUS add_provider(struct reader *r, struct span text, struct name *name,
                             struct config_flaw *flaw)
{
    struct picture *p = r->picture;
    struct config_provider provider;
    TRY(provider_decode(text, &p->arena, &provider, flaw));
    provider.machine = r->table == CONFIG_MACHINE;
    *name = provider.name;
    struct config *c = &p->config;
    for (size_t i = 0; i < c->provider_count; i++) {
        if (name_is(name, c->providers[i].name.s))
            return STATUS_SUCCESS; /* the user's own comes first */
    }
    struct config_provider *list = arena_insert(&p->arena, c->providers, &c->provider_count,
                                                sizeof provider, c->provider_count, &provider);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    c->providers = list;
    return STATUS_SUCCESS;
}

static NTSTATUS add_context(struct reader *r, struct span text, struct name *name,
                            struct config_flaw *flaw)
{
    struct picture *p = r->picture;
    struct config_context context;
    TRY(context_decode(text, &p->arena, &context, flaw));
    *name = context.name;
    struct config_contexts *to = &p->config.tables[r->table];
    struct config_context *list =
        arena_insert(&p->arena, to->list, &to->count, sizeof context, to->count, &context);
    if (list == NULL)
        return STATUS_NO_MEMORY;
    to->list = list;
    return STATUS_SUCCESS;
}

static NTSTATUS add(struct reader *r, const char *file, struct span text, struct config_flaw *flaw)
{
    struct name name;
    size_t providers = r->picture->config.provider_count;
    size_t contexts = r->picture->config.tables[r->table].count;
    TRY(r->kind == CONFIG_PROVIDERS ? add_provider(r, text, &name, flaw)
                                    : add_context(r, text, &name, flaw));
    const char *wrong = place_name_flaw(&name, file);
    if (wrong == NULL && r->kind == CONFIG_PROVIDERS && config_is_built_in(&name))
        wrong = "this is the name of a built-in provider";
    if (wrong == NULL)
        return STATUS_SUCCESS;
    /* Added last, taken back. */
    r->picture->config.provider_count = providers;
    r->picture->config.tables[r->table].count = contexts;
    *flaw = (struct config_flaw){0, wrong};
    return STATUS_DATA_ERROR;
}

static NTSTATUS read_file(struct reader *r, const char *file)
{
    char path[sizeof r->path + PLACE_FILE_BYTES + 1];
    snprintf(path, sizeof path, "%s/%s", r->path, file);
    CLEANUP(config_bytes_done) struct config_bytes bytes = {0};
    struct stat st;
    struct config_flaw flaw = {0};
    NTSTATUS status = file_load(r->folder, file, &bytes, &st, &flaw.what);
    if (status == STATUS_NOT_FOUND) /* it has just been removed */
        return STATUS_SUCCESS;
    if (status >= 0)
        status = add(r, file, span_of(bytes.p, bytes.n), &flaw);
    TRY(see(r->picture, path, &st));
    if (status != STATUS_DATA_ERROR)
        return status;
    char text[256];
    if (flaw.line > 0)
        snprintf(text, sizeof text, "line %zu: %s", flaw.line, flaw.what);
    else
        snprintf(text, sizeof text, "%s", flaw.what);
    return complain(r->picture, path, text);
}

/* ---- a folder, a table ------------------------------------------------------------------------- */

static int wanted(const struct dirent *entry)
{
    return place_is_file(entry->d_name);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

/* In the order of the files' names, so that the same files always mean the same. */
static NTSTATUS read_files(struct reader *r)
{
    struct dirent **entries = NULL;
    int n = scandirat(r->folder, ".", &entries, wanted, by_bytes);
    NTSTATUS status =
        n < 0 ? complain(r->picture, r->path, "this folder cannot be read") : STATUS_SUCCESS;
    for (int i = 0; i < n; i++) {
        if (status >= 0)
            status = read_file(r, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return status;
}

/* A folder that was opened, or was not: remembered, and named where it is not believed. */
static NTSTATUS note(struct picture *p, const char *path, const struct stat *st, const char *flaw)
{
    TRY(see(p, path, st));
    return flaw == NULL ? STATUS_SUCCESS : complain(p, path, flaw);
}

static NTSTATUS read_table(struct picture *p, enum config_table table)
{
    if (place_path(table) == NULL)
        return STATUS_SUCCESS;
    struct stat st = {0};
    const char *flaw;
    SCOPED_FD top = -1;
    place_open(table, &top, &st, &flaw);
    TRY(note(p, place_path(table), &st, flaw));
    for (size_t kind = 0; top >= 0 && kind < CONFIG_KINDS; kind++) {
        struct reader r = {.picture = p, .table = table, .kind = (enum config_kind)kind};
        snprintf(r.path, sizeof r.path, "%s/%s", place_path(table), place_kind(r.kind));
        SCOPED_FD folder = -1;
        st = (struct stat){0};
        place_open_kind(top, r.kind, &folder, &st, &flaw);
        TRY(note(p, r.path, &st, flaw));
        r.folder = folder;
        if (folder >= 0)
            TRY(read_files(&r));
    }
    return STATUS_SUCCESS;
}

static NTSTATUS read_tables(struct picture *p)
{
    const struct config_problem *problem = place_problem();
    if (problem != NULL)
        TRY(complain(p, problem->path, problem->text));
    for (size_t table = 0; table < CONFIG_TABLES; table++)
        TRY(read_table(p, (enum config_table)table));
    return contexts_merge(&p->config, &p->arena);
}

struct picture *picture_read(void)
{
    struct picture *p = calloc(1, sizeof *p);
    if (p == NULL || read_tables(p) >= 0)
        return p;
    picture_free(p);
    return NULL;
}

void picture_free(struct picture *p)
{
    arena_done(&p->arena);
    free(p);
}
