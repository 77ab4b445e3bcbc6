/*
 * A small memory of moduli with two prime factors (rsa_known.h).
 *
 * Testing the factors of a private key is by far the dearest part of importing it, and programs
 * that keep their keys as blobs import the same few again and again. The modulus alone says enough:
 * if it was once the product of two primes, then any p and q whose product it is are these primes,
 * because factors are unique. So the memory holds nothing secret, and what it answers holds
 * whatever else the new blob says.
 *
 * It is a table of SHA-256 digests, the place given by the digest. Words are read and written one
 * by one without a lock: what a reader makes up of two writers' words is a digest that no modulus
 * has.
 */
#include "rsa_known.h"

#include <stdatomic.h>
#include <string.h>

#include "digest.h"

#define PLACES 256 /* 8 KiB */
#define WORDS 4

static _Atomic uint64_t places[PLACES][WORDS];

/* False: no digest can be had; then nothing is known, and nothing is remembered. */
static bool find_place(struct span modulus, uint64_t key[WORDS], _Atomic uint64_t **place)
{
    uint8_t hash[DIGEST_MAX_BYTES];
    if (digest_spans(digest_named("SHA256"), &modulus, 1, hash) < 0)
        return false;
    memcpy(key, hash, WORDS * sizeof *key);
    *place = places[key[0] % PLACES];
    return true;
}

bool rsa_known_has(struct span modulus)
{
    uint64_t key[WORDS];
    _Atomic uint64_t *place;
    if (!find_place(modulus, key, &place))
        return false;
    uint64_t differences = 0;
    for (size_t i = 0; i < WORDS; i++)
        differences |= key[i] ^ atomic_load_explicit(&place[i], memory_order_relaxed);
    return differences == 0;
}

void rsa_known_add(struct span modulus)
{
    uint64_t key[WORDS];
    _Atomic uint64_t *place;
    if (!find_place(modulus, key, &place))
        return;
    for (size_t i = 0; i < WORDS; i++)
        atomic_store_explicit(&place[i], key[i], memory_order_relaxed);
}
