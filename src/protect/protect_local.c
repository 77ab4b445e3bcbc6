/*
 * LOCAL=user, LOCAL=machine, LOCAL=logon: secrets of the key store of the scope, or of the login session. Whoever can
 * open the store can open what is protected so; the details are the secret's id, by which data of another store or
 * session are known at once.
 */
#include "protect_parts.h"

#include "ct.h"
#include "text.h"

#define PURPOSE "Protection"

static NTSTATUS scope_secret(enum store_scope scope, bool make, uint8_t id[STORE_UUID_BYTES],
                             struct secret *secret)
{
    struct store *store;
    TRY(store_open(scope, &store));
    NTSTATUS status = store_secret(store, (struct span){NULL, 0}, PURPOSE, make, id, secret);
    store_close(store);
    return status;
}

static NTSTATUS user_secret(bool make, uint8_t id[STORE_UUID_BYTES], struct secret *secret)
{
    return scope_secret(STORE_USER, make, id, secret);
}

static NTSTATUS machine_secret(bool make, uint8_t id[STORE_UUID_BYTES], struct secret *secret)
{
    return scope_secret(STORE_MACHINE, make, id, secret);
}

static const struct {
    const char *value;
    NTSTATUS (*get)(bool make, uint8_t id[STORE_UUID_BYTES], struct secret *secret);
} scopes[] = {
    {"user", user_secret},
    {"machine", machine_secret},
    {"logon", store_session_secret},
};

static NTSTATUS get(const char *value, bool make, uint8_t id[STORE_UUID_BYTES],
                    struct secret *secret)
{
    for (size_t i = 0; i < ARRAY_COUNT(scopes); i++) {
        if (text_is(value, scopes[i].value))
            return scopes[i].get(make, id, secret);
    }
    return NTE_INVALID_PARAMETER;
}

NTSTATUS protect_local_check(const char *value)
{
    for (size_t i = 0; i < ARRAY_COUNT(scopes); i++) {
        if (text_is(value, scopes[i].value))
            return STATUS_SUCCESS;
    }
    return NTE_INVALID_PARAMETER;
}

NTSTATUS protect_local_make(const char *value, struct secret *secret, struct secret *details)
{
    TRY(secret_new(details, STORE_UUID_BYTES));
    return get(value, true, details->p, secret);
}

NTSTATUS protect_local_recover(const char *value, struct span details, struct secret *secret)
{
    uint8_t id[STORE_UUID_BYTES];
    TRY(get(value, false, id, secret));
    return details.n == sizeof id && ct_equal(details.p, id, sizeof id) ? STATUS_SUCCESS
                                                                        : NTE_NOT_FOUND;
}
