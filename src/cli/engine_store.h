/*
 * The key store, as the tool sees it: named keys through ncrypt.h, the care of the store through opencng_store.h. Only
 * engine_store.c and engine_care.c call them. Names of keys are UTF-8.
 */
#ifndef CLI_ENGINE_STORE_H
#define CLI_ENGINE_STORE_H

#include "engine.h"

struct engine_store {
    uintptr_t provider;
    bool machine;
};

void engine_store_done(struct engine_store *store);

#define ENGINE_STORE CLEANUP(engine_store_done) struct engine_store

NTSTATUS engine_store_open(bool machine, struct engine_store *out) MUST_CHECK;

/* The passphrase for whatever comes. */
NTSTATUS engine_store_passphrase(const struct engine_store *store,
                                 struct view passphrase) MUST_CHECK;

/* A key as it is listed. */
struct engine_listed {
    const char *name;
    const char *algorithm;
    uint32_t spec;
};

NTSTATUS engine_store_each(const struct engine_store *store,
                           void (*each)(const struct engine_listed *key, void *context),
                           void *context) MUST_CHECK;

/* ---- keys ----------------------------------------------------------------------------------------------------- */

struct engine_stored {
    uintptr_t handle;
};

void engine_stored_done(struct engine_stored *key);

#define ENGINE_STORED CLEANUP(engine_stored_done) struct engine_stored

enum { ENGINE_EXPORTABLE = 1, ENGINE_EXPORTABLE_PLAIN = 2 };

/* What a new key is to be. */
struct engine_named {
    const char *name;
    uint32_t spec;
    uint32_t export_policy; /* ENGINE_EXPORTABLE bits */
    bool overwrite;
};

NTSTATUS engine_store_create(const struct engine_store *store, const struct engine_named *named,
                             const struct engine_spec *spec) MUST_CHECK;
NTSTATUS engine_store_import(const struct engine_store *store, const struct engine_named *named,
                             const char *type, const char *curve, struct view blob) MUST_CHECK;
NTSTATUS engine_store_find(const struct engine_store *store, const char *name, uint32_t spec,
                           struct engine_stored *out) MUST_CHECK;

/* Takes the handle away, too. */
NTSTATUS engine_stored_delete(struct engine_stored *key) MUST_CHECK;

NTSTATUS engine_stored_text(const struct engine_stored *key, const char *property,
                            struct octets *out) MUST_CHECK;
NTSTATUS engine_stored_number(const struct engine_stored *key, const char *property,
                              uint32_t *out) MUST_CHECK;

/* Seconds since 1970. */
NTSTATUS engine_stored_modified(const struct engine_stored *key, uint64_t *out) MUST_CHECK;

NTSTATUS engine_stored_export(const struct engine_stored *key, const char *type,
                              struct octets *out) MUST_CHECK;
NTSTATUS engine_stored_sign(const struct engine_stored *key, const struct engine_padding *padding,
                            struct view input, struct octets *out) MUST_CHECK;
NTSTATUS engine_stored_decrypt(const struct engine_stored *key,
                               const struct engine_padding *padding, struct view input,
                               struct octets *out) MUST_CHECK;

/* ---- care (engine_care.c) ------------------------------------------------------------------------------------- */

/* The library's own words about a refusal; empty when it has none for this status. */
struct engine_explanation {
    const char *path, *problem, *remedy;
};

struct engine_explanation engine_store_explain(NTSTATUS status);

/* Where the keys and the slots are. */
NTSTATUS engine_store_folders(bool machine, struct octets *keys, struct octets *slots) MUST_CHECK;

struct engine_slot {
    const char *name, *type, *description;
    bool damaged;
};

NTSTATUS engine_slots_each(bool machine,
                           void (*each)(const struct engine_slot *slot, void *context),
                           void *context) MUST_CHECK;

struct engine_slot_wish {
    const char *name, *type;
    struct view passphrase;
    const char *credential; /* NULL: the usual */
    uint32_t log2_n;        /* 0: the usual */
};

NTSTATUS engine_slot_add(bool machine, struct view passphrase, const struct engine_slot_wish *wish,
                         bool replace) MUST_CHECK;
NTSTATUS engine_slot_remove(bool machine, const char *name) MUST_CHECK;

/* What long work calls while it goes on; `ask` gives a passphrase that stays good until the next call. */
struct engine_watch {
    enum outcome (*ask)(const char *slot, struct view *passphrase, void *context);
    void (*progress)(size_t done, size_t total, void *context);
    void (*found)(const char *path, NTSTATUS status, const char *problem, void *context);
    void *context;
    enum outcome asked; /* what `ask` came to */
};

NTSTATUS engine_store_rotate(bool machine, struct engine_watch *watch) MUST_CHECK;

struct engine_report {
    size_t keys, damaged, leftovers, slots;
    bool sealed, rotating;
};

NTSTATUS engine_store_check(bool machine, struct view passphrase, struct engine_watch *watch,
                            struct engine_report *out) MUST_CHECK;

/* By its Unique Name, whatever is in the file. */
NTSTATUS engine_store_delete_file(bool machine, const char *unique) MUST_CHECK;

#endif
