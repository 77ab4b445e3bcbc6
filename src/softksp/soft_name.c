/*
 * Names of keys. The store tells keys of one name apart by their key spec; to programs a name is one key, whatever they say of the
 * spec. Besides it there may be CryptoAPI's container (soft_store.c), which has a spec.
 */
#include "soft.h"

#include <string.h>

static const uint32_t specs[] = {0, AT_KEYEXCHANGE, AT_SIGNATURE};

static struct span name_of(const char *text)
{
    return span_of(text, strlen(text));
}

NTSTATUS soft_name_check(const struct soft_key *k)
{
    if (k->name == NULL)
        return STATUS_SUCCESS;
    struct store *store;
    TRY(soft_store_of(k, &store));
    for (size_t i = 0; i < ARRAY_COUNT(specs); i++) {
        NTSTATUS status = store_exists(store, name_of(k->name), specs[i]);
        if (status >= 0)
            return k->overwrite ? STATUS_SUCCESS : NTE_EXISTS;
        if (status != NTE_BAD_KEYSET)
            return status;
    }
    return STATUS_SUCCESS;
}

void soft_name_replaced(const struct soft_key *k, bool with_container)
{
    struct store *store;
    char unique[STORE_UNIQUE_CHARS + 1];
    if (!k->overwrite || soft_store_of(k, &store) < 0)
        return;
    for (size_t i = 0; i < ARRAY_COUNT(specs); i++) {
        if (specs[i] == k->spec || (with_container && specs[i] == AT_KEYEXCHANGE))
            continue;
        if (store_unique_name(name_of(k->name), specs[i], unique) >= 0)
            (void)!store_delete_unique(store, unique);
    }
}

NTSTATUS soft_name_load(struct store *store, const struct ksp_id *id, struct store_key **stored)
{
    struct span name = name_of(id->name->s);
    NTSTATUS status = store_load(store, name, id->spec, stored);
    for (size_t i = 0; status == NTE_BAD_KEYSET && i < ARRAY_COUNT(specs); i++) {
        if (specs[i] != id->spec)
            status = store_load(store, name, specs[i], stored);
    }
    return status == NTE_BAD_KEYSET ? store_load_unique(store, id->name->s, stored) : status;
}
