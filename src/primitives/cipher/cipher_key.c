/* Making, copying and releasing the keys of ciphers; the blobs are in cipher_format.c. */
#include "cipher_key.h"

#include <string.h>

#include "gcm_tools.h"
#include "ct.h"
#include "fips.h"

BCRYPT_KEY_LENGTHS_STRUCT cipher_key_lengths(const struct alg_class *class, bool extended)
{
    BCRYPT_KEY_LENGTHS_STRUCT lengths = class->key_lengths;
    uint32_t most = cipher_row_of(class)->extended_max;
    if (extended && most != 0)
        lengths.dwMaxLength = most;
    return lengths;
}

static bool length_fits(const struct alg_class *class, bool extended, size_t bytes)
{
    const BCRYPT_KEY_LENGTHS_STRUCT lengths = cipher_key_lengths(class, extended);
    const uint32_t own = cipher_row_of(class)->key_step;
    const uint32_t step = own != 0 ? own : lengths.dwIncrement;
    const size_t bits = bytes * 8;
    return bits >= lengths.dwMinLength && bits <= lengths.dwMaxLength &&
           (step == 0 || (bits - lengths.dwMinLength) % step == 0);
}

void cipher_key_set_mode(struct cipher_key *k, const struct cipher_mode *mode)
{
    atomic_store_explicit(&k->mode, mode, memory_order_relaxed);
    atomic_store_explicit(&k->base.crypt, mode->crypt, memory_order_relaxed);
}

static NTSTATUS fill(struct cipher_key *k, const struct cipher_alg *alg, struct span secret,
                     uint32_t effective)
{
    k->row = cipher_row_of(k->base.class);
    k->effective = effective;
    cipher_key_set_mode(k, atomic_load_explicit(&alg->mode, memory_order_relaxed));
    atomic_init(&k->segment, atomic_load_explicit(&alg->segment, memory_order_relaxed));
    TRY(secret_copy(&k->secret, secret));
    return k->row->expand != NULL ? k->row->expand(k) : STATUS_SUCCESS;
}

NTSTATUS cipher_key_new(struct alg *alg, struct span secret, bool extended, uint32_t effective,
                        struct cipher_key **k)
{
    bool has_effective = cipher_row_of(alg->class)->effective;
    bool effective_fits =
        has_effective ? effective >= CIPHER_EFFECTIVE_MIN && effective <= CIPHER_EFFECTIVE_MAX
                      : effective == 0;
    if (!length_fits(alg->class, extended, secret.n) || !effective_fits)
        return STATUS_INVALID_PARAMETER;
    struct key *made = key_alloc(alg, sizeof(struct cipher_key));
    if (made == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = fill(cipher_key_of(made), cipher_alg_of(alg), secret, effective);
    if (status < 0) {
        key_free(made);
        return status;
    }
    *k = cipher_key_of(made);
    return STATUS_SUCCESS;
}

/* Without BCRYPT_EXTENDED_KEYSIZE more bytes than the longest key are cut, as on Windows. */
static NTSTATUS make(struct alg *alg, struct span secret, uint32_t flags, struct key **key)
{
    const struct cipher_row *row = cipher_row_of(alg->class);
    bool extended = ((flags | alg->flags) & BCRYPT_EXTENDED_KEYSIZE) != 0;
    size_t most = alg->class->key_lengths.dwMaxLength / 8;
    if (!extended && secret.n > most)
        secret.n = most;
    if ((flags & BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS) != 0) {
        if (!row->halves)
            return STATUS_INVALID_PARAMETER;
        size_t half = secret.n / 2;
        if (fips_enabled() && ct_equal(secret.p, secret.p + half, half))
            return STATUS_INVALID_PARAMETER;
    }
    struct cipher_key *k;
    TRY(cipher_key_new(alg, secret, extended, cipher_effective(alg), &k));
    *key = &k->base;
    return STATUS_SUCCESS;
}

static NTSTATUS copy_into(struct cipher_key *to, const struct cipher_key *from)
{
    to->row = from->row;
    to->effective = from->effective;
    to->halves_equal = from->halves_equal;
    cipher_key_set_mode(to, atomic_load_explicit(&from->mode, memory_order_relaxed));
    atomic_init(&to->segment, atomic_load_explicit(&from->segment, memory_order_relaxed));
    memcpy(to->iv, from->iv, sizeof to->iv);
    TRY(secret_copy(&to->secret, secret_span(&from->secret)));
    return secret_copy(&to->state, secret_span(&from->state));
}

static NTSTATUS copy(struct key *from, struct key **copy)
{
    struct key *made = key_clone(from);
    if (made == NULL)
        return STATUS_NO_MEMORY;
    NTSTATUS status = copy_into(cipher_key_of(made), cipher_key_of(from));
    if (status < 0) {
        key_free(made);
        return status;
    }
    *copy = made;
    return STATUS_SUCCESS;
}

static void done(struct key *key)
{
    struct cipher_key *k = cipher_key_of(key);
    ctx_pool_drain(&k->idle[0], evp_release);
    ctx_pool_drain(&k->idle[1], evp_release);
    gcm_drain(k);
    secret_done(&k->secret);
    secret_done(&k->state);
    const struct cipher_mode *mode = atomic_load_explicit(&k->mode, memory_order_relaxed);
    if (mode != NULL && mode->left_on_stack)
        wipe_stack();
}

static NTSTATUS crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return atomic_load_explicit(&cipher_key_of(key)->mode, memory_order_relaxed)
        ->crypt(key, call, o);
}

const struct sym_class cipher_sym = {
    .make = make,
    .copy = copy,
    .done = done,
    .formats = cipher_formats,
    .make_flags = BCRYPT_EXTENDED_KEYSIZE | BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS,
    .object_length = 640,
    .crypt = crypt,
};
