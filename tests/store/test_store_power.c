/*
 * The power goes out. Every change that an operation makes on the disk is written down; for each moment between two of
 * them, what the disk may hold afterwards is built and looked at: of what was not synced nothing is there, or all, or
 * any one change alone, or all but one, or the first few; bytes that were not synced are missing, torn at 512, or there.
 * Each such disk must hold the old state or the new one, and the new one once the operation has said that it is done.
 */
#include "store_wrap.h"

#define NODES_MAX 64
#define ENTRIES_MAX 32
#define BYTES_MAX 2048
#define PENDING_MAX 64
#define EVENTS_MAX 512

/* --- a disk ------------------------------------------------------------------------------------------- */

struct content {
    uint8_t p[BYTES_MAX];
    size_t n;
};

struct entry {
    char name[96];
    ino_t what;
};

struct entries {
    struct entry entry[ENTRIES_MAX];
    size_t count;
};

struct node {
    ino_t ino;
    bool folder;
    struct content durable, now; /* of a file */
    struct entries entries;      /* of a folder, as they are durable */
};

/* A change of names that no sync has made durable yet. */
struct pending {
    ino_t where;
    const struct disk_event *event;
};

static struct model {
    struct node node[NODES_MAX];
    size_t count;
    struct pending pending[PENDING_MAX];
    size_t pending_count;
} before, model;

static struct disk_event events[EVENTS_MAX];
static uint8_t event_bytes[EVENTS_MAX][BYTES_MAX];
static size_t event_count;

static struct node *node_find(struct model *m, ino_t ino)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->node[i].ino == ino)
            return &m->node[i];
    }
    assert_true(m->count < NODES_MAX);
    m->node[m->count] = (struct node){.ino = ino};
    return &m->node[m->count++];
}

static void entry_remove(struct entries *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++) {
        if (strcmp(e->entry[i].name, name) == 0)
            e->entry[i--] = e->entry[--e->count];
    }
}

static void entry_set(struct entries *e, const char *name, ino_t what)
{
    entry_remove(e, name);
    assert_true(e->count < ENTRIES_MAX);
    snprintf(e->entry[e->count].name, sizeof e->entry[0].name, "%s", name);
    e->entry[e->count++].what = what;
}

static void entries_apply(struct entries *e, const struct disk_event *event)
{
    if (event->change == DISK_GONE || event->change == DISK_MOVE)
        entry_remove(e, event->name);
    if (event->change == DISK_MOVE)
        entry_set(e, event->to, event->what);
    if (event->change == DISK_NAME || event->change == DISK_FOLDER)
        entry_set(e, event->name, event->what);
}

static void sync_node(struct model *m, struct node *node)
{
    node->durable = node->now;
    size_t kept = 0;
    for (size_t i = 0; i < m->pending_count; i++) {
        if (m->pending[i].where == node->ino)
            entries_apply(&node->entries, m->pending[i].event);
        else
            m->pending[kept++] = m->pending[i];
    }
    m->pending_count = kept;
}

static void replay(struct model *m, const struct disk_event *event)
{
    struct node *node = node_find(m, event->what);
    switch (event->change) {
    case DISK_FILE:
        *node = (struct node){.ino = event->what};
        break;
    case DISK_BYTES:
        assert_true(event->at + event->n <= BYTES_MAX);
        memcpy(node->now.p + event->at, event->p, event->n);
        if (node->now.n < event->at + event->n)
            node->now.n = event->at + event->n;
        break;
    case DISK_SYNC:
        sync_node(m, node);
        break;
    case DISK_FOLDER:
        *node = (struct node){.ino = event->what, .folder = true};
        __attribute__((fallthrough));
    default:
        assert_true(m->pending_count < PENDING_MAX);
        m->pending[m->pending_count++] = (struct pending){event->where, event};
    }
}

/* --- what the disk may hold --------------------------------------------------------------------------- */

enum data { DATA_DURABLE, DATA_TORN, DATA_NOW, DATA_MODES };

enum which { NONE, ALL, FIRST, ONLY, ALL_BUT, WHICH };

struct variant {
    enum data data;
    enum which which;
    size_t i;
};

static bool is_applied(const struct variant *v, size_t i)
{
    switch (v->which) {
    case ALL:
        return true;
    case FIRST:
        return i < v->i;
    case ONLY:
        return i == v->i;
    case ALL_BUT:
        return i != v->i;
    default:
        return false;
    }
}

static void write_file(const struct node *node, const struct variant *v, const char *path)
{
    const struct content *c = v->data == DATA_DURABLE ? &node->durable : &node->now;
    bool synced =
        node->durable.n == node->now.n && memcmp(node->durable.p, node->now.p, node->now.n) == 0;
    file_write(path, c->p, v->data == DATA_TORN && !synced && c->n > 512 ? 512 : c->n);
}

static void write_folder(const struct node *folder, const struct variant *v, const char *path)
{
    struct entries e = folder->entries;
    for (size_t i = 0; i < model.pending_count; i++) {
        if (model.pending[i].where == folder->ino && is_applied(v, i))
            entries_apply(&e, model.pending[i].event);
    }
    for (size_t i = 0; i < e.count; i++) {
        char inside[1024];
        snprintf(inside, sizeof inside, "%s/%s", path, e.entry[i].name);
        const struct node *node = node_find(&model, e.entry[i].what);
        if (!node->folder) {
            write_file(node, v, inside);
            continue;
        }
        assert_int_equal(mkdir(inside, 0700), 0);
        write_folder(node, v, inside);
    }
}

/* --- before, and while -------------------------------------------------------------------------------- */

static struct node *read_folder(const char *path)
{
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    struct node *node = node_find(&before, st.st_ino);
    node->folder = true;
    DIR *d = opendir(path);
    for (const struct dirent *e; (e = readdir(d)) != NULL;) {
        char inside[1024];
        bool root = strcmp(path, home) == 0;
        if (e->d_name[0] == '.' && strcmp(e->d_name, ".lock") != 0)
            continue;
        if (root && strcmp(e->d_name, "user") != 0)
            continue; /* the state that operations start from */
        snprintf(inside, sizeof inside, "%s/%s", path, e->d_name);
        assert_int_equal(stat(inside, &st), 0);
        entry_set(&node->entries, e->d_name, st.st_ino);
        if (S_ISDIR(st.st_mode)) {
            (void)read_folder(inside);
            continue;
        }
        struct node *file = node_find(&before, st.st_ino);
        uint8_t *bytes;
        file->now.n = file_bytes(inside, &bytes);
        assert_true(file->now.n <= BYTES_MAX);
        memcpy(file->now.p, bytes, file->now.n);
        file->durable = file->now;
        free(bytes);
    }
    closedir(d);
    return node;
}

static void watch(const struct disk_event *event)
{
    assert_true(event_count < EVENTS_MAX && event->n <= BYTES_MAX);
    events[event_count] = *event;
    if (event->n > 0)
        memcpy(event_bytes[event_count], event->p, event->n);
    events[event_count].p = event_bytes[event_count];
    event_count++;
}

static void record(const struct operation *o)
{
    memset(&before, 0, sizeof before);
    memset(&fault, 0, sizeof fault);
    memset(&disk, 0, sizeof disk);
    event_count = 0;
    operation_begin(o);
    (void)read_folder(home);
    struct store *s = store_new();
    disk_watcher = watch;
    fault.armed = true;
    SECURITY_STATUS status = o->act(s);
    fault.armed = false;
    disk_watcher = NULL;
    store_close(s);
    assert_int_equal(status, STATUS_SUCCESS);
}

/* One disk after a cut of the power. */
static void look(const struct operation *o, size_t moment, const struct variant *v)
{
    char where[96];
    struct stat st;
    remove_tree(in_home("user"));
    assert_int_equal(stat(home, &st), 0);
    write_folder(node_find(&model, st.st_ino), v, home);
    snprintf(where, sizeof where, "power cut, names %d/%zu, data %d, after change", (int)v->which,
             v->i, (int)v->data);
    int state = operation_end(o, where, moment);
    if (moment == event_count && state != 1)
        fail_msg("%s, %s %zu: it was said to be done", o->name, where, moment);
}

static size_t look_at_moment(const struct operation *o, size_t moment)
{
    size_t disks = 0;
    model = before;
    for (size_t i = 0; i < moment; i++)
        replay(&model, &events[i]);
    for (enum data data = 0; data < DATA_MODES; data++) {
        for (enum which which = 0; which < WHICH; which++) {
            size_t choices = which == NONE || which == ALL ? 1 : model.pending_count;
            for (size_t i = 0; i < choices; i++) {
                look(o, moment, &(struct variant){data, which, i});
                disks++;
            }
        }
    }
    return disks;
}

static void test_power(void **state)
{
    (void)state;
    size_t all = 0;
    operations_prepare();
    for (size_t i = 0; i < ARRAY_COUNT(operations); i++) {
        const struct operation *o = &operations[i];
        if (o->act == act_mode)
            continue; /* modes are not modelled */
        record(o);
        size_t disks = 0;
        for (size_t moment = 0; moment <= event_count; moment++)
            disks += look_at_moment(o, moment);
        print_message("# %s: %zu changes, %zu disks\n", o->name, event_count, disks);
        all += disks;
    }
    print_message(
        "# figure: 15 %zu states that a power cut may leave: each is the old or the new one\n",
        all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_power, home_setup, home_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
