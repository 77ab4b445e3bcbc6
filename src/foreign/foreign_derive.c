/*
 * What bcrypt.h derives from hashes and no provider has a function for: BCryptDeriveKeyPBKDF2 and BCryptDeriveKeyCapi, over the
 * provider's hash as everybody can call it.
 *
 * PBKDF2 is RFC 8018, section 5.2; each round is an object of its own, so a provider that is to be fast at it would have to be
 * asked otherwise. CryptoAPI's derivation is as Microsoft documents it for CryptDeriveKey: the digest, or for long keys and for those
 * of some ciphers two hashes of it, padded to 64 bytes and xored with 0x36... and 0x5C...
 */
#include "foreign.h"

#define DIGEST_MAX 64 /* bytes of results that are derived from */
#define BLOCK 64

struct digest {
    uint8_t p[DIGEST_MAX];
};

static void digest_done(struct digest *d)
{
    wipe(d->p, sizeof d->p);
}

#define DIGEST CLEANUP(digest_done) struct digest

/* ---- facts about names ---------------------------------------------------------------------- */

static bool is_one_of(const char *name, const char *const *names)
{
    struct name asked;
    memcpy(asked.s, name, strlen(name) + 1);
    while (*names != NULL && !name_is(&asked, *names))
        names++;
    return *names != NULL;
}

/* Hashes of the family that CryptoAPI does not expand. */
static const char *const sha2[] = {"SHA224",     "SHA256",     "SHA384", "SHA512",
                                   "SHA512/224", "SHA512/256", NULL};

bool foreign_capi_expands(const char *cipher)
{
    static const char *const expanded[] = {"3DES", "AES", NULL};
    return is_one_of(cipher, expanded);
}

/* ---- one hash or code ------------------------------------------------------------------------ */

/* An object of the provider's for the length of a call. */
struct run {
    const struct foreign_calls *calls;
    BCRYPT_HASH_HANDLE handle;
    struct secret memory;
};

static void run_done(struct run *r)
{
    if (r->handle != NULL)
        r->calls->destroy_hash(r->handle);
    secret_done(&r->memory);
}

/* The n bytes that the provider's hash or code makes of the parts. */
static NTSTATUS hash_parts(const struct foreign_open *open, uint32_t memory, struct span key,
                           const struct span *parts, size_t count, uint8_t *out, uint32_t n)
{
    CLEANUP(run_done) struct run r = {.calls = open->calls};
    BCRYPT_HASH_HANDLE handle = NULL;
    TRY(secret_new(&r.memory, memory));
    TRY(r.calls->create_hash(open->handle, &handle, memory == 0 ? NULL : r.memory.p, memory,
                             (PUCHAR)key.p, (ULONG)key.n, 0));
    r.handle = handle;
    if (handle == NULL)
        return STATUS_INTERNAL_ERROR;
    for (size_t i = 0; i < count; i++) {
        if (parts[i].n > 0)
            TRY(r.calls->hash_data(handle, (PUCHAR)parts[i].p, (ULONG)parts[i].n, 0));
    }
    return r.calls->finish_hash(handle, out, n, 0);
}

/* Bytes of a result; an object or algorithm that cannot be derived from is refused as the router refuses one. */
static NTSTATUS length_of(const struct foreign_calls *calls, BCRYPT_HANDLE handle, bool keyed,
                          uint32_t *length)
{
    ULONG is_keyed = 0;
    if (!foreign_get_number(calls, handle, "HashDigestLength", length) || *length == 0 ||
        *length > DIGEST_MAX)
        return STATUS_INVALID_PARAMETER;
    if (!foreign_get_number(calls, handle, "IsKeyedHash", &is_keyed))
        is_keyed = keyed;
    return (is_keyed != 0) == keyed ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* ---- PBKDF2 ----------------------------------------------------------------------------------- */

/* T(i) into `sum`. */
static NTSTATUS block(struct alg *alg, struct span password, struct span salt, uint32_t i,
                      uint64_t count, struct digest *sum, uint32_t length)
{
    const struct foreign_open *open = foreign_open_of(alg);
    uint32_t memory = foreign_alg_measure(alg);
    const uint8_t number[] = {(uint8_t)(i >> 24), (uint8_t)(i >> 16), (uint8_t)(i >> 8),
                              (uint8_t)i};
    const struct span first[] = {salt, {number, sizeof number}};
    DIGEST u;
    TRY(hash_parts(open, memory, password, first, ARRAY_COUNT(first), u.p, length));
    memcpy(sum->p, u.p, length);
    while (--count > 0) {
        const struct span previous = {u.p, length};
        TRY(hash_parts(open, memory, password, &previous, 1, u.p, length));
        for (uint32_t k = 0; k < length; k++)
            sum->p[k] ^= u.p[k];
    }
    return STATUS_SUCCESS;
}

NTSTATUS foreign_pbkdf2(struct alg *alg, struct span password, struct span salt, uint64_t count,
                        uint8_t *out, size_t n)
{
    const struct foreign_open *open = foreign_open_of(alg);
    uint32_t length;
    TRY(length_of(open->calls, open->handle, true, &length));
    DIGEST t;
    size_t done = 0;
    for (uint32_t i = 1; done < n; i++) {
        NTSTATUS status = block(alg, password, salt, i, count, &t, length);
        if (status < 0) {
            wipe(out, done);
            return status;
        }
        size_t take = n - done < length ? n - done : length;
        memcpy(out + done, t.p, take);
        done += take;
    }
    return STATUS_SUCCESS;
}

/* ---- CryptoAPI -------------------------------------------------------------------------------- */

/* One half of the expanded output. */
static NTSTATUS half(const struct foreign_part *part, const struct digest *value, uint32_t length,
                     uint8_t pad, uint8_t *out)
{
    DIGEST padded;
    for (uint32_t i = 0; i < BLOCK; i++)
        padded.p[i] = (uint8_t)((i < length ? value->p[i] : 0) ^ pad);
    const struct span input = {padded.p, BLOCK};
    return hash_parts(part->open, (uint32_t)part->memory.n, (struct span){NULL, 0}, &input, 1, out,
                      length);
}

NTSTATUS foreign_capi(struct hash *h, bool expand, uint8_t *out, size_t n)
{
    const struct foreign_part *part = &CONTAINER_OF(h, struct foreign_hash, base)->part;
    uint32_t length;
    TRY(length_of(part->open->calls, part->handle, false, &length));
    if (n > (size_t)2 * length)
        return STATUS_INVALID_PARAMETER;
    DIGEST value;
    TRY(part->open->calls->finish_hash(part->handle, value.p, length, 0));
    if (n <= length && !(expand && !is_one_of(h->class->name, sha2))) {
        memcpy(out, value.p, n);
        return STATUS_SUCCESS;
    }
    DIGEST first, second;
    TRY(half(part, &value, length, 0x36, first.p));
    TRY(half(part, &value, length, 0x5C, second.p));
    size_t head = n < length ? n : length;
    memcpy(out, first.p, head);
    memcpy(out + head, second.p, n - head);
    return STATUS_SUCCESS;
}
