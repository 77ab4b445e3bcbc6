#include "file_digest.h"

#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/nettle-meta.h>
#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <nettle/sha3.h>
#include <string.h>

struct digest_row {
    const char *name; /* CNG's */
    const struct nettle_hash *hash;
};

static const struct digest_row rows[] = {
    {"MD4", &nettle_md4},           {"MD5", &nettle_md5},           {"SHA1", &nettle_sha1},
    {"SHA256", &nettle_sha256},     {"SHA384", &nettle_sha384},     {"SHA512", &nettle_sha512},
    {"SHA3-256", &nettle_sha3_256}, {"SHA3-384", &nettle_sha3_384}, {"SHA3-512", &nettle_sha3_512},
};

/* The largest context among the rows. */
union context {
    struct md4_ctx md4;
    struct md5_ctx md5;
    struct sha1_ctx sha1;
    struct sha256_ctx sha256;
    struct sha512_ctx sha512;
    struct sha3_256_ctx sha3_256;
    struct sha3_384_ctx sha3_384;
    struct sha3_512_ctx sha3_512;
};

/* "sha-256" is SHA256, "sha3256" is SHA3-256: letters and digits decide. */
static bool same_name(const char *a, const char *b)
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

const struct digest_row *digest_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (same_name(rows[i].name, name))
            return &rows[i];
    }
    return NULL;
}

const char *digest_name(const struct digest_row *row)
{
    return row->name;
}

size_t digest_bytes(const struct digest_row *row)
{
    return row->hash->digest_size;
}

void digest_compute(const struct digest_row *row, struct view message, struct octets *out)
{
    union context context;
    row->hash->init(&context);
    row->hash->update(&context, message.n, message.p);
    octets_resize(out, row->hash->digest_size);
    row->hash->digest(&context, row->hash->digest_size, out->p);
    explicit_bzero(&context, sizeof context);
}

const char *digest_names(void)
{
    return "MD4, MD5, SHA1, SHA256, SHA384, SHA512, SHA3-256, SHA3-384, SHA3-512";
}
