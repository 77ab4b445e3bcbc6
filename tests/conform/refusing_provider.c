/* The ciphers of libcrypto's provider, whose functions the library calls as it finds them, in a form that fails when refusing.h says so. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_dispatch.h>
#include <openssl/provider.h>

extern void *__libc_calloc(size_t count, size_t n);
bool libcrypto_call_fails(void);

/* Of make_failing_calls.py: functions that go on to those of `provided`, or fail. */
extern void *provided[];
extern void (*const failing_provided[])(void);
extern const size_t provided_most;

/* A provider's function by one that may fail; what there is no room for stays as it is. */
static void (*provided_wrap(const OSSL_DISPATCH *d))(void)
{
    static size_t used;
    if (d->function_id == OSSL_FUNC_CIPHER_FREECTX || used == provided_most)
        return d->function;
    memcpy(&provided[used], &d->function, sizeof d->function);
    return failing_provided[used++];
}

static const OSSL_DISPATCH *table_wrap(const OSSL_DISPATCH *d)
{
    size_t n = 0;
    while (d[n].function_id != 0)
        n++;
    OSSL_DISPATCH *copy = __libc_calloc(n + 1, sizeof *copy);
    for (size_t i = 0; copy != NULL && i < n; i++)
        copy[i] = (OSSL_DISPATCH){d[i].function_id, provided_wrap(&d[i])};
    return copy;
}

/* Called in place of the function. The copies stay: they are not the library's. */
const OSSL_ALGORITHM *failing_OSSL_PROVIDER_query_operation(const OSSL_PROVIDER *provider, int what,
                                                            int *no_cache);
const OSSL_ALGORITHM *failing_OSSL_PROVIDER_query_operation(const OSSL_PROVIDER *provider, int what,
                                                            int *no_cache)
{
    static OSSL_ALGORITHM *wrapped;
    const OSSL_ALGORITHM *all = OSSL_PROVIDER_query_operation(provider, what, no_cache);
    if (libcrypto_call_fails())
        return NULL;
    if (all == NULL || what != OSSL_OP_CIPHER)
        return all;
    if (wrapped != NULL)
        return wrapped;
    size_t n = 0;
    while (all[n].algorithm_names != NULL)
        n++;
    wrapped = __libc_calloc(n + 1, sizeof *wrapped);
    for (size_t i = 0; wrapped != NULL && i < n; i++) {
        wrapped[i] = all[i];
        wrapped[i].implementation = table_wrap(all[i].implementation);
    }
    return wrapped;
}
