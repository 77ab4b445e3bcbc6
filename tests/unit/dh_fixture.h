/* Blobs of DH as the documentation draws them, and agreement, for the tests of DH. */
#ifndef TESTS_UNIT_DH_FIXTURE_H
#define TESTS_UNIT_DH_FIXTURE_H

#include "ffc_fixture.h"

#include "dh_groups.h"
#include "dh_key.h"

#define MAGIC_PUBLIC 0x42504844u
#define MAGIC_PRIVATE 0x56504844u
#define MAGIC_PARAMS 0x4D504844u

static inline struct ffc_group *standard(size_t bits)
{
    struct ffc_group *group = NULL;
    assert_int_equal(dh_group_standard(bits, &group), STATUS_SUCCESS);
    return group;
}

/* ---- blobs, as the documentation draws them -------------------------------------------------- */

static inline struct buf blob_of(const BIGNUM *p, const BIGNUM *g, const BIGNUM *y, const BIGNUM *x,
                                 size_t n)
{
    struct buf b = {.n = 0};
    put_le32(&b, x == NULL ? MAGIC_PUBLIC : MAGIC_PRIVATE);
    put_le32(&b, (uint32_t)n);
    put_bn(&b, p, n);
    put_bn(&b, g, n);
    put_bn(&b, y, n);
    if (x != NULL)
        put_bn(&b, x, n);
    return b;
}

static inline struct buf params_of(const BIGNUM *p, const BIGNUM *g, size_t n)
{
    struct buf b = {.n = 0};
    put_le32(&b, (uint32_t)(12 + 2 * n));
    put_le32(&b, MAGIC_PARAMS);
    put_le32(&b, (uint32_t)n);
    put_bn(&b, p, n);
    put_bn(&b, g, n);
    return b;
}

/* Import of y, or of y and x, in a standard group. */
static inline NTSTATUS import_in(const struct ffc_group *group, const BIGNUM *y, const BIGNUM *x,
                                 uint32_t flags)
{
    struct buf b = blob_of(group->p, group->g, y, x, group->bytes);
    return import_flags(&dh_class, x == NULL ? "DHPUBLICBLOB" : "DHPRIVATEBLOB", &b, flags);
}

/* ---- agreement ------------------------------------------------------------------------------ */

/* Z, big-endian, by way of the KDF that gives it away. */
static inline struct buf agree(struct key *own, struct key *peer)
{
    struct agreed *secret = NULL;
    assert_int_equal(dh_class.asym->agree(own, peer, &secret), STATUS_SUCCESS);
    struct buf little = {.n = 0}, z = {.n = 0};
    const struct name kdf = {"TRUNCATE"};
    const struct params none = {NULL, 0};
    const struct out o = {little.p, sizeof little.p, &little.n, WIDTH_16};
    assert_int_equal(dh_class.agreed->derive(secret, &kdf, &none, 0, &o), STATUS_SUCCESS);
    agreed_free(secret);
    for (uint32_t i = little.n; i > 0; i--)
        put(&z, &little.p[i - 1], 1);
    return z;
}

static inline NTSTATUS agree_status(struct key *own, struct key *peer)
{
    struct agreed *secret = NULL;
    NTSTATUS status = dh_class.asym->agree(own, peer, &secret);
    assert_int_equal(status < 0, secret == NULL);
    agreed_free(secret);
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

#endif
