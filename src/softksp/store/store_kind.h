/*
 * How the values of a key file's entries are written (store_container.h): one row of functions for each kind.
 */
#ifndef STORE_STORE_KIND_H
#define STORE_STORE_KIND_H

#include "store_container.h"

/* How a value is written. `decode` gets a reader over exactly the value. */
struct kind {
    void (*encode)(struct wr *w, const void *field);
    bool (*decode)(struct rd *r, void *field);
    bool (*is_empty)(const void *field);
};

extern const struct kind kind_u32, kind_u64, kind_scope, kind_name, kind_text, kind_id, kind_salt,
    kind_typed, kind_ui;

#endif
