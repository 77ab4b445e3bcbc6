/* Keys and the store: what a key's record says, and back. */
#include "soft.h"

#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

static struct span span_of_text(const char *text)
{
    return span_of(text, text == NULL ? 0 : strlen(text));
}

NTSTATUS soft_store(struct soft_provider *p, bool machine, struct store **store)
{
    _Atomic(struct store *) *slot = &p->stores[machine];
    *store = atomic_load_explicit(slot, memory_order_acquire);
    if (*store != NULL)
        return STATUS_SUCCESS;
    struct store *made;
    TRY(store_open(machine ? STORE_MACHINE : STORE_USER, &made));
    struct store *first = NULL;
    if (atomic_compare_exchange_strong(slot, &first, made)) {
        *store = made;
    } else {
        store_close(made);
        *store = first;
    }
    return STATUS_SUCCESS;
}

NTSTATUS soft_store_of(const struct soft_key *k, struct store **store)
{
    return soft_store(soft_provider_of(k->base.provider), k->machine, store);
}

/* ---- from a key to a record ----------------------------------------------------------------- */

/* A record in the making, and what it borrows from. */
struct draft {
    struct store_record record;
    struct name public_type;
    struct secret public_blob;
    struct name curve;
    struct store_property *properties;
};

static void draft_done(struct draft *d)
{
    secret_done(&d->public_blob);
    free(d->properties);
}

static NTSTATUS draft_properties(struct draft *d, const struct soft_key *k)
{
    size_t count = 0;
    for (const struct soft_own *own = k->own; own != NULL; own = own->next)
        count++;
    d->properties = calloc(count + 1, sizeof *d->properties);
    if (d->properties == NULL)
        return NTE_NO_MEMORY;
    size_t i = 0;
    for (const struct soft_own *own = k->own; own != NULL; own = own->next)
        if (own->persists)
            d->properties[i++] =
                (struct store_property){span_of_text(own->name), {own->value, own->n}};
    d->record.properties = d->properties;
    d->record.property_count = i;
    return STATUS_SUCCESS;
}

static NTSTATUS draft_public(struct draft *d, const struct soft_key *k)
{
    if (!k->alg->class->public_part)
        return STATUS_SUCCESS;
    LPCWSTR type = soft_blob_type(k, false);
    TRY(name_read(&d->public_type, type, WIDTH_16));
    TRY(soft_blob(k->known, type, &d->public_blob));
    d->record.public_type = span_of_text(d->public_type.s);
    d->record.public_blob = secret_span(&d->public_blob);
    return STATUS_SUCCESS;
}

static NTSTATUS draft_curve(struct draft *d, const struct soft_key *k)
{
    if (k->setting == NULL || !k->setting->kept)
        return STATUS_SUCCESS;
    TRY(name_read_counted(&d->curve, k->value.p, k->value.n, WIDTH_16));
    d->record.curve = span_of_text(d->curve.s);
    return STATUS_SUCCESS;
}

static NTSTATUS draft(struct draft *d, const struct soft_key *k)
{
    ULONG bits = 0;
    ULONG n;
    if (BCryptGetProperty(k->known, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, &n, 0) < 0)
        bits = k->bits;
    *d = (struct draft){
        .record = {
            .name = span_of_text(k->name),
            .spec = k->spec,
            .algorithm = span_of_text(k->alg->facts.name),
            .length = bits,
            .usage = atomic_load(&k->usage),
            .export_policy = atomic_load(&k->policy),
            .type_flags = k->machine ? NCRYPT_MACHINE_KEY_FLAG : 0,
            .ui = {k->ui.flags, span_of_text(k->ui.title), span_of_text(k->ui.friendly_name),
                   span_of_text(k->ui.description)},
        }};
    TRY(draft_curve(d, k));
    TRY(draft_public(d, k));
    return draft_properties(d, k);
}

/* A passphrase is wanted and nobody can be asked for it. */
static NTSTATUS silence(NTSTATUS status)
{
    return status == NTE_UI_REQUIRED ? NTE_SILENT_CONTEXT : status;
}

static NTSTATUS create(struct soft_key *k, const struct store_record *record, LPCWSTR type,
                       struct store_key **stored)
{
    struct store *store;
    TRY(soft_store_of(k, &store));
    SECRET pin = {NULL, 0};
    TRY(soft_pin(k, &pin));
    SECRET blob = {NULL, 0};
    TRY(soft_blob(atomic_load(&k->whole), type, &blob));
    struct name type_name;
    TRY(name_read(&type_name, type, WIDTH_16));
    const struct store_payload payload = {span_of_text(type_name.s), secret_span(&blob)};
    return silence(store_create(store, record, &payload, secret_span(&pin), k->overwrite, stored));
}

/* The container of CryptoAPI: the same key under the name, as AT_KEYEXCHANGE, in CryptoAPI's blob. A key that
 * was created with a key spec is in that place already. */
static NTSTATUS add_legacy(struct soft_key *k, struct store_record record,
                           struct store_key **stored)
{
    record.spec = AT_KEYEXCHANGE;
    return create(k, &record, LEGACY_RSAPRIVATE_BLOB, stored);
}

static void stored_done(struct store_key **stored)
{
    store_key_free(*stored);
}

NTSTATUS soft_store_add(struct soft_key *k, bool legacy)
{
    CLEANUP(draft_done) struct draft d = {0};
    TRY(draft(&d, k));
    TRY(soft_name_check(k));
    CLEANUP(stored_done) struct store_key *container = NULL;
    if (legacy && k->spec == 0)
        TRY(add_legacy(k, d.record, &container));
    NTSTATUS status = create(k, &d.record, soft_blob_type(k, true), &k->stored);
    struct store *store;
    if (status < 0 && container != NULL && soft_store_of(k, &store) >= 0)
        (void)!store_delete(store, container);
    TRY(status);
    atomic_store(&k->modified, k->stored->record.modified);
    soft_name_replaced(k, container != NULL);
    return STATUS_SUCCESS;
}

/* ---- from a record to a key ----------------------------------------------------------------- */

static NTSTATUS text_of_span(struct span from, char **text)
{
    if (from.n == 0)
        return STATUS_SUCCESS;
    *text = text_of_bytes(from.p, from.n);
    return *text == NULL ? NTE_NO_MEMORY : STATUS_SUCCESS;
}

static NTSTATUS take_curve(struct soft_key *k, struct span curve)
{
    for (const struct soft_setting *s = k->alg->settings; s != NULL && s->name != NULL; s++) {
        if (!s->kept || curve.n == 0)
            continue;
        SCOPED_TEXT *text = NULL;
        TRY(text_of_span(curve, &text));
        k->setting = s;
        TRY(secret_new(&k->value, (wide_length(text, WIDTH_16) + 1) * sizeof(WCHAR)));
        wide_write(k->value.p, text, WIDTH_16);
    }
    return STATUS_SUCCESS;
}

/* What a cipher's mode was when it was last set to persist. */
static NTSTATUS take_mode(struct soft_key *k)
{
    const struct soft_own *own = soft_built_in_find(k, SOFT_MODE);
    if (own == NULL)
        return STATUS_SUCCESS;
    if (own->n >= sizeof k->mode.s)
        return NTE_BAD_DATA;
    memcpy(k->mode.s, own->value, own->n);
    return STATUS_SUCCESS;
}

/* The public part is checked: nothing has authenticated it before the private part is unsealed. */
static NTSTATUS take_public(struct soft_key *k, const struct store_record *r)
{
    if (k->alg->class->public_part == (r->public_blob.n == 0))
        return NTE_BAD_DATA;
    if (!k->alg->class->public_part) {
        NTSTATUS status = k->alg->class->begin == NULL ? STATUS_SUCCESS : k->alg->class->begin(k);
        return status == NTE_INVALID_PARAMETER ? NTE_BAD_DATA : status;
    }
    struct name type = {""};
    if (r->public_type.n >= sizeof type.s)
        return NTE_BAD_DATA;
    memcpy(type.s, r->public_type.p, r->public_type.n);
    struct soft_wide wide;
    return k->alg->class->load(k, soft_wide(&wide, type.s), r->public_blob, 0, &k->known);
}

static NTSTATUS take(struct soft_key *k)
{
    const struct store_record *r = &k->stored->record;
    free(k->name); /* a Unique Name may have stood for it */
    k->name = NULL;
    TRY(text_of_span(r->name, &k->name));
    k->spec = r->spec;
    k->machine = r->scope == STORE_MACHINE;
    k->original = false;
    k->has_private = true;
    k->bits = r->length;
    atomic_store(&k->modified, r->modified);
    atomic_store(&k->usage, r->usage);
    atomic_store(&k->policy, r->export_policy);
    k->ui.flags = r->ui.flags;
    TRY(text_of_span(r->ui.title, &k->ui.title));
    TRY(text_of_span(r->ui.friendly_name, &k->ui.friendly_name));
    TRY(text_of_span(r->ui.description, &k->ui.description));
    for (size_t i = 0; i < r->property_count; i++) {
        SCOPED_TEXT *name = NULL;
        TRY(text_of_span(r->properties[i].name, &name));
        TRY(soft_own_keep(k, name, r->properties[i].value, true));
    }
    TRY(take_mode(k));
    TRY(take_curve(k, r->curve));
    return take_public(k, r);
}

NTSTATUS soft_store_find(struct soft_provider *p, const struct ksp_id *id, struct soft_key **key)
{
    struct store *store;
    TRY(soft_store(p, (id->flags & NCRYPT_MACHINE_KEY_FLAG) != 0, &store));
    CLEANUP(stored_done) struct store_key *stored = NULL;
    TRY(soft_name_load(store, id, &stored));
    struct name alg = {""};
    if (stored->record.algorithm.n >= sizeof alg.s)
        return NTE_BAD_DATA;
    memcpy(alg.s, stored->record.algorithm.p, stored->record.algorithm.n);
    const struct soft_alg *row = soft_alg_find(alg.s);
    if (row == NULL)
        return NTE_NOT_SUPPORTED;
    SOFT_KEY *k = NULL;
    TRY(soft_key_new(p, row, id, &k));
    k->stored = stored;
    stored = NULL;
    TRY(take(k));
    *key = k;
    k = NULL;
    return STATUS_SUCCESS;
}

/* ---- changes -------------------------------------------------------------------------------- */

NTSTATUS soft_store_change(struct soft_key *k, const struct store_change *change)
{
    if (k->stored == NULL)
        return STATUS_SUCCESS;
    struct store *store;
    TRY(soft_store_of(k, &store));
    SECRET pin = {NULL, 0};
    TRY(soft_pin(k, &pin));
    CLEANUP(stored_done) struct store_key *fresh = NULL;
    TRY(silence(store_update(store, k->stored, secret_span(&pin), change, &fresh)));
    atomic_store(&k->modified, fresh->record.modified);
    return STATUS_SUCCESS;
}

/* ---- enumeration and notification ----------------------------------------------------------- */

struct soft_walk {
    struct store_enum *keys;
    uint32_t flags;
    struct text name;
    struct name alg;
};

/* Microsoft documents no scopes for this provider. */
NTSTATUS soft_enum_begin(struct ksp_provider *p, const struct text *scope, uint32_t flags,
                         void **state)
{
    struct store *store;
    if (scope != NULL)
        return NTE_INVALID_PARAMETER;
    TRY(soft_store(soft_provider_of(p), (flags & NCRYPT_MACHINE_KEY_FLAG) != 0, &store));
    struct soft_walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL)
        return NTE_NO_MEMORY;
    walk->flags = flags & NCRYPT_MACHINE_KEY_FLAG;
    NTSTATUS status = store_enum_new(store, &walk->keys);
    if (status < 0) {
        free(walk);
        return status;
    }
    *state = walk;
    return STATUS_SUCCESS;
}

NTSTATUS soft_enum_next(void *state, struct ksp_entry *entry)
{
    struct soft_walk *walk = state;
    struct store_entry e;
    do {
        TRY(store_enum_next(walk->keys, &e));
    } while (e.name.n >= sizeof walk->name.s || e.algorithm.n >= sizeof walk->alg.s);
    memcpy(walk->name.s, e.name.p, e.name.n);
    walk->name.s[e.name.n] = '\0';
    memcpy(walk->alg.s, e.algorithm.p, e.algorithm.n);
    walk->alg.s[e.algorithm.n] = '\0';
    *entry = (struct ksp_entry){&walk->name, walk->alg.s, e.spec, walk->flags};
    return STATUS_SUCCESS;
}

void soft_enum_end(void *state)
{
    struct soft_walk *walk = state;
    store_enum_free(walk->keys);
    free(walk);
}

/* A folder that does not exist yet cannot be watched: NTE_NOT_FOUND. */
NTSTATUS soft_notify(struct ksp_provider *p, uint32_t flags, int *descriptor)
{
    struct store *store;
    TRY(soft_store(soft_provider_of(p), (flags & NCRYPT_MACHINE_KEY_FLAG) != 0, &store));
    int fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (fd < 0)
        return NTE_NO_MEMORY;
    if (inotify_add_watch(fd, store_keys_path(store),
                          IN_CREATE | IN_DELETE | IN_MOVED_TO | IN_MOVED_FROM | IN_ATTRIB |
                              IN_ONLYDIR) < 0) {
        close(fd);
        return NTE_NOT_FOUND;
    }
    *descriptor = fd;
    return STATUS_SUCCESS;
}
