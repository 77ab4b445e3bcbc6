/* The map between a twisted Edwards curve and the Weierstrass curve that libcrypto computes on
 * (ecc_edwards_map.c). */
#ifndef PRIMITIVES_ECC_EDWARDS_H
#define PRIMITIVES_ECC_EDWARDS_H

#include "ecc_ec.h"

struct edwards_map {
    BIGNUM *p, *p_minus_2;
    BN_MONT_CTX *mont; /* of p */
    BIGNUM *a, *d;     /* of a x^2 + y^2 = 1 + d x^2 y^2 */
    BIGNUM *third;     /* A / 3 of the Montgomery curve between the two */
    BIGNUM *b, *inv_b; /* its B */
};

NTSTATUS edwards_map_new(const struct ecc_params_view *params, struct edwards_map **map) MUST_CHECK;
void edwards_map_free(struct edwards_map *map);

/* The Weierstrass curve with the same group; NULL: no memory. */
EC_GROUP *edwards_map_group(const struct edwards_map *map,
                            const struct ecc_params_view *params) MUST_CHECK;

/* A point from its Edwards coordinates. STATUS_INVALID_PARAMETER: not on
 * the curve, or of order 1 or 2. */
NTSTATUS edwards_map_in(const struct edwards_map *map, const EC_GROUP *ec, const BIGNUM *x,
                        const BIGNUM *y, EC_POINT **point) MUST_CHECK;

/* The Edwards coordinates of a point. False: it has none (infinity, some
 * points of small order), or no memory. */
bool edwards_map_out(const struct edwards_map *map, const EC_GROUP *ec, const EC_POINT *point,
                     BIGNUM *x, BIGNUM *y) MUST_CHECK;

#endif
