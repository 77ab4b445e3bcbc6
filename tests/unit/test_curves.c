/*
 * The table of curves: every row against libcrypto where it has the curve, and by arithmetic where
 * it has not. A wrong digit anywhere would fail here.
 */
#include "ecc_fixture.h"

#include <openssl/ec.h>
#include <openssl/objects.h>

struct numbers {
    BIGNUM *p, *a, *b, *x, *y, *n;
    BN_CTX *ctx;
};

static BIGNUM *number(const char *hex)
{
    BIGNUM *v = NULL;
    assert_int_equal(BN_hex2bn(&v, hex), strlen(hex));
    return v;
}

static struct numbers numbers_of(const struct curve_domain *d)
{
    return (struct numbers){number(d->p),  number(d->a), number(d->b), number(d->gx),
                            number(d->gy), number(d->n), BN_CTX_new()};
}

static void numbers_free(struct numbers *v)
{
    BN_free(v->p);
    BN_free(v->a);
    BN_free(v->b);
    BN_free(v->x);
    BN_free(v->y);
    BN_free(v->n);
    BN_CTX_free(v->ctx);
}

/* Texts have the lengths that the code relies on, and p and n are prime. */
static void test_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOMAIN_COUNT; i++) {
        const struct curve_domain *d = &curve_domains[i];
        struct numbers v = numbers_of(d);
        size_t digits = (size_t)(d->bits + 7) / 8 * 2;
        assert_int_equal(BN_num_bits(v.p), d->bits);
        assert_int_equal(strlen(d->p), digits);
        assert_int_equal(strlen(d->a), digits);
        assert_int_equal(strlen(d->b), digits);
        assert_int_equal(strlen(d->gx), digits);
        assert_int_equal(strlen(d->gy), digits);
        assert_int_equal(strlen(d->n), BN_num_bytes(v.n) * 2);
        assert_int_equal(BN_check_prime(v.p, v.ctx, NULL), 1);
        assert_int_equal(BN_check_prime(v.n, v.ctx, NULL), 1);

        /* |n h - p - 1| <= 2 sqrt(p): the cofactor is the right one. */
        BIGNUM *t = BN_dup(v.n);
        BN_mul_word(t, d->h);
        BN_sub(t, t, v.p);
        BN_sub_word(t, 1);
        BN_sqr(t, t, v.ctx);
        BN_lshift(v.p, v.p, 2);
        assert_true(BN_cmp(t, v.p) <= 0);
        BN_free(t);
        numbers_free(&v);
    }
}

static void assert_group(const EC_GROUP *g, const struct curve_domain *d)
{
    struct numbers v = numbers_of(d);
    BIGNUM *p = BN_new(), *a = BN_new(), *b = BN_new();
    assert_int_equal(EC_GROUP_get_curve(g, p, a, b, v.ctx), 1);
    assert_int_equal(BN_cmp(p, v.p), 0);
    assert_int_equal(BN_cmp(a, v.a), 0);
    assert_int_equal(BN_cmp(b, v.b), 0);
    assert_int_equal(EC_POINT_get_affine_coordinates(g, EC_GROUP_get0_generator(g), a, b, v.ctx),
                     1);
    assert_int_equal(BN_cmp(a, v.x), 0);
    assert_int_equal(BN_cmp(b, v.y), 0);
    assert_int_equal(BN_cmp(EC_GROUP_get0_order(g), v.n), 0);
    assert_true(BN_is_word(EC_GROUP_get0_cofactor(g), d->h));
    BN_free(p);
    BN_free(a);
    BN_free(b);
    numbers_free(&v);
}

/* By the row's own number, and by the object identifier of each name. */
static void test_against_libcrypto(void **state)
{
    (void)state;
    size_t known = 0;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        const struct curve *c = &curves[i];
        EC_GROUP *g = c->domain->nid == 0 ? NULL : EC_GROUP_new_by_curve_name(c->domain->nid);
        if (g != NULL) {
            assert_group(g, c->domain);
            EC_GROUP_free(g);
            known++;
        }
        int nid = c->oid == NULL ? NID_undef : OBJ_txt2nid(c->oid);
        g = nid == NID_undef ? NULL : EC_GROUP_new_by_curve_name(nid);
        if (g != NULL) {
            assert_group(g, c->domain);
            EC_GROUP_free(g);
        }
        ERR_clear_error();
    }
    print_message("# %zu of %d names are known to libcrypto\n", known, CURVE_COUNT);
    assert_true(known >= 8);
}

/* Our groups, made from the rows, are consistent and have libcrypto's
 * numbers where they are Weierstrass. */
static void test_groups(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOMAIN_COUNT; i++) {
        const struct curve_domain *d = &curve_domains[i];
        struct ecc_group *g = NULL;
        struct ecc_group *again = NULL;
        assert_int_equal(ecc_group_named(d, &g), STATUS_SUCCESS);
        assert_int_equal(ecc_group_named(d, &again), STATUS_SUCCESS);
        assert_ptr_equal(g, again);
        assert_int_equal(g->field_bits, d->bits);
        assert_int_equal(g->prime_order, d->h == 1);
        if (g->ec != NULL)
            assert_int_equal(EC_GROUP_check(g->ec, NULL), 1);
        if (d->form == &ecc_weierstrass)
            assert_group(g->ec, d);
        assert_no_errors_left();
    }
}

/* A Weierstrass row without libcrypto's number: y^2 = x^3 + a x + b, and n G is infinity. */
static void test_weierstrass_from_numbers(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOMAIN_COUNT; i++) {
        const struct curve_domain *d = &curve_domains[i];
        if (d->form != &ecc_weierstrass)
            continue;
        struct numbers v = numbers_of(d);
        EC_GROUP *g = EC_GROUP_new_curve_GFp(v.p, v.a, v.b, v.ctx);
        EC_POINT *base = EC_POINT_new(g);
        assert_int_equal(EC_POINT_set_affine_coordinates(g, base, v.x, v.y, v.ctx), 1);
        EC_POINT *end = EC_POINT_new(g);
        assert_int_equal(EC_POINT_mul(g, end, NULL, base, v.n, v.ctx), 1);
        assert_true(EC_POINT_is_at_infinity(g, end));
        EC_POINT_free(base);
        EC_POINT_free(end);
        EC_GROUP_free(g);
        numbers_free(&v);
    }
}

/* ---- twisted Edwards, in affine coordinates and nothing else ---- */

struct point {
    BIGNUM *x, *y;
};

/* (x, y) + (u, v) = ((x v + y u) / (1 + d x u y v), (y v - a x u) / (1 - d x u y v)) */
static void edwards_add(const struct numbers *c, struct point *r, const struct point *s,
                        const struct point *t)
{
    BIGNUM *k = BN_new(), *l = BN_new(), *m = BN_new(), *n = BN_new();
    BN_mod_mul(k, s->x, t->y, c->p, c->ctx);
    BN_mod_mul(l, s->y, t->x, c->p, c->ctx);
    BN_mod_mul(m, k, l, c->p, c->ctx);
    BN_mod_mul(m, m, c->b, c->p, c->ctx);
    BN_mod_add(k, k, l, c->p, c->ctx);
    BN_mod_mul(l, s->x, t->x, c->p, c->ctx);
    BN_mod_mul(l, l, c->a, c->p, c->ctx);
    BN_mod_mul(n, s->y, t->y, c->p, c->ctx);
    BN_mod_sub(l, n, l, c->p, c->ctx);
    BN_mod_add(n, BN_value_one(), m, c->p, c->ctx);
    assert_non_null(BN_mod_inverse(n, n, c->p, c->ctx));
    BN_mod_mul(r->x, k, n, c->p, c->ctx);
    BN_mod_sub(n, BN_value_one(), m, c->p, c->ctx);
    assert_non_null(BN_mod_inverse(n, n, c->p, c->ctx));
    BN_mod_mul(r->y, l, n, c->p, c->ctx);
    BN_free(k);
    BN_free(l);
    BN_free(m);
    BN_free(n);
}

static void test_edwards(void **state)
{
    (void)state;
    for (size_t i = 0; i < DOMAIN_COUNT; i++) {
        if (curve_domains[i].form != &ecc_edwards)
            continue;
        struct numbers v = numbers_of(&curve_domains[i]);
        struct point sum = {BN_new(), BN_new()};
        struct point g = {v.x, v.y};
        BN_zero(sum.x);
        BN_one(sum.y);
        for (int bit = BN_num_bits(v.n) - 1; bit >= 0; bit--) {
            edwards_add(&v, &sum, &sum, &sum);
            if (BN_is_bit_set(v.n, bit))
                edwards_add(&v, &sum, &sum, &g);
            if (bit > 0)
                assert_false(BN_is_zero(sum.x));
        }
        assert_true(BN_is_zero(sum.x));
        assert_true(BN_is_one(sum.y));
        BN_free(sum.x);
        BN_free(sum.y);
        numbers_free(&v);
    }
}

/* B y^2 = x^3 + A x^2 + x with B = 1 is y^2 = X^3 + (1 - A^2/3) X + (2 A^3
 * - 9 A) / 27 at X = x + A/3. */
static void test_montgomery(void **state)
{
    (void)state;
    struct numbers v = numbers_of(&curve_domains[DOMAIN_CURVE25519]);
    assert_true(BN_is_one(v.b));
    BIGNUM *third = BN_new(), *a = BN_new(), *b = BN_new(), *t = BN_new();
    BN_set_word(t, 3);
    assert_non_null(BN_mod_inverse(third, t, v.p, v.ctx));
    BN_mod_mul(third, third, v.a, v.p, v.ctx); /* A/3 */
    BN_mod_mul(a, third, v.a, v.p, v.ctx);
    BN_mod_sub(a, BN_value_one(), a, v.p, v.ctx);
    BN_mod_sqr(b, third, v.p, v.ctx); /* b = 2 (A/3)^3 - A/3 */
    BN_mod_add(b, b, b, v.p, v.ctx);
    BN_mod_sub(b, b, BN_value_one(), v.p, v.ctx);
    BN_mod_mul(b, b, third, v.p, v.ctx);
    BN_mod_add(v.x, v.x, third, v.p, v.ctx);
    EC_GROUP *g = EC_GROUP_new_curve_GFp(v.p, a, b, v.ctx);
    EC_POINT *base = EC_POINT_new(g);
    BN_set_word(t, 8);
    assert_int_equal(EC_POINT_set_affine_coordinates(g, base, v.x, v.y, v.ctx), 1);
    assert_int_equal(EC_GROUP_set_generator(g, base, v.n, t), 1);
    assert_int_equal(EC_GROUP_check(g, v.ctx), 1);
    EC_POINT_free(base);
    EC_GROUP_free(g);
    BN_free(third);
    BN_free(a);
    BN_free(b);
    BN_free(t);
    numbers_free(&v);
}

static const struct curve *find(const char *text)
{
    struct name name = {{0}};
    strncpy(name.s, text, sizeof name.s - 1);
    return curve_named(&name);
}

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < CURVE_COUNT; i++) {
        assert_ptr_equal(find(curves[i].name), &curves[i]);
        assert_non_null(curve_of_domain(curves[i].domain));
    }
    assert_ptr_equal(find("NISTP256"), find("nistP256"));
    assert_null(find("nistP257"));
    assert_null(find(""));

    static const char *const same[][3] = {
        {"nistP192", "secP192r1", "x962P192v1"}, {"nistP224", "secP224r1", "wtls12"},
        {"nistP256", "secP256r1", "x962P256v1"}, {"nistP384", "secP384r1", "secP384r1"},
        {"nistP521", "secP521r1", "secP521r1"},  {"secP160r2", "wtls7", "wtls7"},
    };
    for (size_t i = 0; i < ARRAY_COUNT(same); i++) {
        const struct curve *first = find(same[i][0]);
        assert_ptr_equal(find(same[i][1])->domain, first->domain);
        assert_ptr_equal(find(same[i][2])->domain, first->domain);
        assert_ptr_equal(curve_of_domain(first->domain), first);
    }
    assert_int_equal(find("nistP256")->domain->magic_bits, 256);
    assert_int_equal(find("nistP384")->domain->magic_bits, 384);
    assert_int_equal(find("nistP521")->domain->magic_bits, 521);
    assert_int_equal(find("brainpoolP256r1")->domain->magic_bits, 0);
}

static void test_tls_numbers(void **state)
{
    (void)state;
    assert_ptr_equal(curve_of_tls(23), find("nistP256"));
    assert_ptr_equal(curve_of_tls(24), find("nistP384"));
    assert_ptr_equal(curve_of_tls(25), find("nistP521"));
    assert_ptr_equal(curve_of_tls(26), find("brainpoolP256r1"));
    assert_ptr_equal(curve_of_tls(29), find("curve25519"));
    assert_ptr_equal(curve_of_tls(22), find("secP256k1"));
    assert_null(curve_of_tls(0));
    assert_null(curve_of_tls(30));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_against_libcrypto),
        cmocka_unit_test(test_groups),  cmocka_unit_test(test_weierstrass_from_numbers),
        cmocka_unit_test(test_edwards), cmocka_unit_test(test_montgomery),
        cmocka_unit_test(test_names),   cmocka_unit_test(test_tls_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
