#include "file_digest.h"

#include <string.h>

#include "complain.h"
#include "inlet.h"
#include "progress.h"

#define BLOCK ((size_t)256 << 10)

/* SHAKE and cSHAKE: as many bytes as make finding a collision as hard as the function's name says. */
static const struct digest_row rows[] = {
    {"MD2", 16, false, false},      {"MD4", 16, false, false},      {"MD5", 16, false, false},
    {"SHA1", 20, false, false},     {"SHA256", 32, false, false},   {"SHA384", 48, false, false},
    {"SHA512", 64, false, false},   {"SHA3-256", 32, false, false}, {"SHA3-384", 48, false, false},
    {"SHA3-512", 64, false, false}, {"SHAKE128", 32, true, false},  {"SHAKE256", 64, true, false},
    {"CSHAKE128", 32, true, true},  {"CSHAKE256", 64, true, true},
};

#define FIXED_NAMES "MD2, MD4, MD5, SHA1, SHA256, SHA384, SHA512, SHA3-256, SHA3-384, SHA3-512"

const char *digest_names(void)
{
    return FIXED_NAMES;
}

const char *digest_any_names(void)
{
    return FIXED_NAMES ", SHAKE128, SHAKE256, CSHAKE128, CSHAKE256";
}

/* "sha-256" is SHA256, "sha3256" is SHA3-256: letters and digits decide. */
bool digest_same_name(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += *a == '-';
        b += *b == '-';
        char left = *a >= 'a' && *a <= 'z' ? (char)(*a - 32) : *a;
        char right = *b >= 'a' && *b <= 'z' ? (char)(*b - 32) : *b;
        if (left != right)
            return false;
        if (left == 0)
            return true;
    }
}

const struct digest_row *digest_any_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (digest_same_name(rows[i].name, name))
            return &rows[i];
    }
    return NULL;
}

const struct digest_row *digest_named(const char *name)
{
    const struct digest_row *row = digest_any_named(name);
    return row != NULL && !row->any_length ? row : NULL;
}

/* ---- files ---------------------------------------------------------------------------------------------------- */

enum outcome digest_file(const struct engine_hash_spec *spec, size_t length, const char *path,
                         const char *step, struct octets *out)
{
    INLET in = INLET_CLOSED;
    ENGINE_HASH hash = {0};
    OCTETS block = {0};
    PROGRESS_BAR bar = {0};
    size_t n;
    TRY(inlet_open(path, step, &in));
    TRY(complain_if_failed(NULL, spec->algorithm, engine_hash_start(spec, &hash), NULL));
    progress_bar_begin(&bar, step, in.size);
    octets_resize(&block, BLOCK);
    do {
        TRY(inlet_read(&in, block.p, BLOCK, &n));
        TRY(complain_if_failed(path, step, engine_hash_add(&hash, (struct view){block.p, n}),
                               NULL));
        progress_bar_add(&bar, n);
    } while (n == BLOCK);
    return complain_if_failed(path, step, engine_hash_finish(&hash, length, out), NULL);
}
