/*
 * Keys that are none: at least ten for each algorithm and part of a pair, made of a good one by putting a number into one of its fields. All
 * are refused on import, and the good one is taken.
 */
#include "conform_keys.h"

#define LEAST 10

/* ---- what is put into a field ------------------------------------------------------------------------------------ */

enum put {
    NOTHING, /* the end of a list */
    ZERO,
    ONE,
    ALL_ONES,
    LESS_ONE, /* of the field `from` (odd numbers): p - 1 */
    COPY,     /* of the field `from` */
    PLUS_ONE,
    PLUS_TWO,
    EVEN,  /* its lowest bit cleared */
    FLIP,  /* a bit in the middle */
    LIMIT, /* FF in every fourth place: coefficients above any modulus */
};

static const char *const put_names[] = {"",    "0",   "1",    "all ones", "less one", "another's",
                                        "+ 1", "+ 2", "even", "a bit",    "FF FF"};

struct field {
    ULONG at, n;
};

struct change {
    int field;
    enum put put;
    int from;
    ULONG at; /* FLIP, LIMIT: where in the field */
};

static void add(UCHAR *p, ULONG n, UCHAR value)
{
    unsigned carry = value;
    for (ULONG i = n; i > 0 && carry > 0; i--) {
        carry += p[i - 1];
        p[i - 1] = (UCHAR)carry;
        carry >>= 8;
    }
}

static void put_change(UCHAR *blob, const struct field *fields, const struct change *c)
{
    const struct field *f = &fields[c->field], *from = &fields[c->from];
    UCHAR *p = blob + f->at;
    switch (c->put) {
    case NOTHING:
        break;
    case ZERO:
    case ONE:
        memset(p, 0, f->n);
        p[f->n - 1] = c->put == ONE;
        break;
    case ALL_ONES:
        memset(p, 0xFF, f->n);
        break;
    case LESS_ONE:
    case COPY:
        memcpy(p, blob + from->at, f->n);
        if (c->put == LESS_ONE)
            p[f->n - 1] &= 0xFE;
        break;
    case PLUS_ONE:
    case PLUS_TWO:
        add(p, f->n, c->put == PLUS_ONE ? 1 : 2);
        break;
    case EVEN:
        p[f->n - 1] &= 0xFE;
        break;
    case FLIP:
        p[c->at] ^= 0x10;
        break;
    case LIMIT:
        memset(p + c->at, 0xFF, 3);
        break;
    }
}

/* ---- rows -------------------------------------------------------------------------------------------------------- */

static const struct row {
    const char *label;
    LPCWSTR alg;
    ULONG bits;
    LPCWSTR property, value, type;
    struct field fields[8];
    struct change changes[20];
    bool orders; /* BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER finds more */
} rows[] = {
    {"RSA, public",
     L"RSA",
     1024,
     NULL,
     NULL,
     BCRYPT_RSAPUBLIC_BLOB,
     {{24, 3}, {27, 128}},
     {{1, ZERO, 0, 0},
      {1, ONE, 0, 0},
      {1, EVEN, 0, 0},
      {1, PLUS_ONE, 0, 0},
      {0, ZERO, 0, 0},
      /* what the header says of lengths */
      {2, ZERO, 0, 0},
      {2, ALL_ONES, 0, 0},
      {3, ZERO, 0, 0},
      {3, ALL_ONES, 0, 0},
      {3, PLUS_ONE, 0, 0},
      {2, PLUS_ONE, 0, 0}}},
    {"RSA, private",
     L"RSA",
     1024,
     NULL,
     NULL,
     BCRYPT_RSAFULLPRIVATE_BLOB,
     {{24, 3}, {27, 128}, {155, 64}, {219, 64}, {283, 64}, {347, 64}, {411, 64}, {475, 128}},
     {{0, ZERO, 0, 0},     {0, ONE, 0, 0},      {0, EVEN, 0, 0},     {1, ZERO, 0, 0},
      {1, EVEN, 0, 0},     {1, PLUS_TWO, 0, 0}, {1, ALL_ONES, 0, 0}, {2, ZERO, 0, 0},
      {2, ONE, 0, 0},      {2, PLUS_TWO, 0, 0}, {2, EVEN, 0, 0},     {3, COPY, 2, 0},
      {3, PLUS_TWO, 0, 0}, {4, PLUS_ONE, 0, 0}, {4, ZERO, 0, 0},     {5, PLUS_ONE, 0, 0},
      {6, PLUS_ONE, 0, 0}, {6, ZERO, 0, 0},     {7, PLUS_TWO, 0, 0}, {7, ALL_ONES, 0, 0}}},
#define POINT_CHANGES                                                                              \
    {0, ALL_ONES, 0, 0}, {1, ALL_ONES, 0, 0}, {0, PLUS_ONE, 0, 0}, {1, PLUS_ONE, 0, 0},            \
        {1, ZERO, 0, 0}, {0, COPY, 1, 0}, {1, COPY, 0, 0}, {0, FLIP, 0, 9}, {1, FLIP, 0, 9},       \
        {1, ONE, 0, 0}, {0, PLUS_TWO, 0, 0},                                                       \
    {                                                                                              \
        1, FLIP, 0, 1                                                                              \
    }
#define POINTS(name, bits, n, kind)                                                                \
    {name ", public",      L##name,        bits, NULL, NULL, BCRYPT_ECCPUBLIC_BLOB,                \
     {{8, n}, {8 + n, n}}, {POINT_CHANGES}},                                                       \
    {                                                                                              \
        name ", private", L##name, bits, NULL, NULL, BCRYPT_ECCPRIVATE_BLOB,                       \
            {{8, n}, {8 + n, n}, {8 + 2 * n, n}},                                                  \
        {                                                                                          \
            {2, ZERO, 0, 0}, {2, ALL_ONES, 0, 0}, {2, PLUS_ONE, 0, 0}, {2, FLIP, 0, 11},           \
                {2, ONE, 0, 0}, POINT_CHANGES                                                      \
        }                                                                                          \
    }
    POINTS("ECDSA_P256", 256, 32, 0),
    POINTS("ECDSA_P384", 384, 48, 0),
    POINTS("ECDSA_P521", 521, 66, 0),
    POINTS("ECDH_P256", 256, 32, 0),
    POINTS("ECDH_P384", 384, 48, 0),
    POINTS("ECDH_P521", 521, 66, 0),
    {"brainpoolP384r1, public",
     L"ECDH",
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_BRAINPOOLP384R1,
     BCRYPT_ECCPUBLIC_BLOB,
     {{8, 48}, {56, 48}},
     {POINT_CHANGES}},
    /* CVE-2020-0601: the parameters of a named curve, one of them another. */
    {"NIST P-256 by its parameters",
     L"ECDSA",
     0,
     BCRYPT_ECC_CURVE_NAME,
     BCRYPT_ECC_CURVE_NISTP256,
     BCRYPT_ECCFULLPUBLIC_BLOB,
     {{32, 32}, {64, 32}, {96, 32}, {128, 32}, {160, 32}, {192, 32}, {224, 1}, {225, 64}},
     {{3, COPY, 7, 0}, /* the generator is the public key: its private key is 1 */
      {0, PLUS_TWO, 0, 0},
      {0, EVEN, 0, 0},
      {1, PLUS_ONE, 0, 0},
      {1, ZERO, 0, 0},
      {2, PLUS_ONE, 0, 0},
      {3, PLUS_ONE, 0, 0},
      {4, PLUS_ONE, 0, 0},
      {4, FLIP, 0, 3},
      {5, PLUS_TWO, 0, 0},
      {5, ONE, 0, 0},
      {5, ALL_ONES, 0, 0},
      {6, PLUS_ONE, 0, 0},
      {6, ZERO, 0, 0}}},
    {"DH, public",
     L"DH",
     1024,
     NULL,
     NULL,
     BCRYPT_DH_PUBLIC_BLOB,
     {{8, 128}, {136, 128}, {264, 128}},
     {{2, ZERO, 0, 0},
      {2, ONE, 0, 0},
      {2, LESS_ONE, 0, 0},
      {2, COPY, 0, 0},
      {2, ALL_ONES, 0, 0},
      {1, ZERO, 0, 0},
      {1, ONE, 0, 0},
      {1, LESS_ONE, 0, 0},
      {1, COPY, 0, 0},
      {0, ZERO, 0, 0},
      {0, EVEN, 0, 0},
      {0, ONE, 0, 0}}},
    {"DH, private",
     L"DH",
     1024,
     NULL,
     NULL,
     BCRYPT_DH_PRIVATE_BLOB,
     {{8, 128}, {136, 128}, {264, 128}, {392, 128}},
     {{3, ZERO, 0, 0},
      {3, PLUS_ONE, 0, 0},
      {3, ALL_ONES, 0, 0},
      {3, FLIP, 0, 127},
      {2, ONE, 0, 0},
      {2, LESS_ONE, 0, 0},
      {2, PLUS_ONE, 0, 0},
      {1, PLUS_ONE, 0, 0},
      {0, EVEN, 0, 0},
      {0, ZERO, 0, 0}}},
    {"DSA, public",
     L"DSA",
     1024,
     NULL,
     NULL,
     BCRYPT_DSA_PUBLIC_BLOB,
     {{32, 20}, {52, 128}, {180, 128}, {308, 128}},
     {{3, ZERO, 0, 0},
      {3, ONE, 0, 0},
      {3, LESS_ONE, 1, 0},
      {3, COPY, 1, 0},
      {3, PLUS_ONE, 0, 0},
      {2, ZERO, 0, 0},
      {2, ONE, 0, 0},
      {2, LESS_ONE, 1, 0},
      {2, PLUS_ONE, 0, 0},
      {0, ZERO, 0, 0},
      {0, PLUS_TWO, 0, 0},
      {1, PLUS_TWO, 0, 0},
      {1, EVEN, 0, 0},
      {1, ZERO, 0, 0}},
     true},
    {"DSA, private",
     L"DSA",
     1024,
     NULL,
     NULL,
     BCRYPT_DSA_PRIVATE_BLOB,
     {{32, 20}, {52, 128}, {180, 128}, {308, 128}, {436, 20}},
     {{4, ZERO, 0, 0},
      {4, COPY, 0, 0},
      {4, ALL_ONES, 0, 0},
      {4, PLUS_ONE, 0, 0},
      {4, FLIP, 0, 10},
      {3, ONE, 0, 0},
      {3, PLUS_ONE, 0, 0},
      {2, ONE, 0, 0},
      {0, PLUS_TWO, 0, 0},
      {1, PLUS_TWO, 0, 0}}},
    {"ML-KEM 768, public",
     L"ML-KEM",
     0,
     BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_MLKEM_PARAMETER_SET_768,
     BCRYPT_MLKEM_PUBLIC_BLOB,
     {{20, 1184}},
     {{0, LIMIT, 0, 0},
      {0, LIMIT, 0, 3},
      {0, LIMIT, 0, 300},
      {0, LIMIT, 0, 381},
      {0, LIMIT, 0, 384},
      {0, LIMIT, 0, 600},
      {0, LIMIT, 0, 765},
      {0, LIMIT, 0, 768},
      {0, LIMIT, 0, 999},
      {0, LIMIT, 0, 1149},
      {0, ALL_ONES, 0, 0}}},
    {"ML-KEM 768, private",
     L"ML-KEM",
     0,
     BCRYPT_PARAMETER_SET_NAME,
     BCRYPT_MLKEM_PARAMETER_SET_768,
     BCRYPT_MLKEM_PRIVATE_BLOB,
     {{20, 1152}, {1172, 1184}, {2356, 32}},
     {{1, FLIP, 0, 0},
      {1, FLIP, 0, 1},
      {1, FLIP, 0, 700},
      {1, FLIP, 0, 1183},
      {1, LIMIT, 0, 0},
      {1, LIMIT, 0, 600},
      {1, ALL_ONES, 0, 0},
      {2, FLIP, 0, 0},
      {2, FLIP, 0, 31},
      {2, ZERO, 0, 0},
      {2, PLUS_ONE, 0, 0}}},
};

static size_t refused, kinds;

static void check_row(const struct row *r)
{
    static UCHAR good[8192], bad[8192];
    row_begin("%s (%d-bit WCHAR)", r->label, (int)sizeof(WCHAR) * 8);
    BCRYPT_ALG_HANDLE alg = open_alg(r->alg);
    if (alg == NULL) {
        tap_skip("invalid keys", "the installed libcrypto lacks it");
        return;
    }
    BCRYPT_KEY_HANDLE key =
        r->property == NULL ? make_key(alg, r->bits) : make_named(r->alg, r->property, r->value);
    ULONG n = export_to(key, r->type, good, sizeof good);
    BCryptDestroyKey(key);
    if (r->property != NULL && text_equal(r->property, BCRYPT_ECC_CURVE_NAME))
        set_text(alg, r->property, r->value);
    tap_status(try_import(alg, r->type, good, n, 0), STATUS_SUCCESS, "the good one");
    struct field fields[COUNT(r->fields)];
    memcpy(fields, r->fields, sizeof fields);
    if (fields[2].n == 0) { /* the header's lengths of exponent and modulus, for public RSA keys */
        fields[2] = (struct field){8, 4};
        fields[3] = (struct field){12, 4};
    }
    size_t changes = 0, taken = 0;
    for (size_t i = 0; i < COUNT(r->changes) && r->changes[i].put != NOTHING; i++) {
        const struct change *c = &r->changes[i];
        memcpy(bad, good, n);
        put_change(bad, fields, c);
        if (memcmp(bad, good, n) == 0)
            continue;
        changes++;
        /* The order of a DSA key's numbers costs exponentiations, and is looked at where the caller says so. */
        if (try_import(alg, r->type, bad, n, 0) < 0 ||
            (r->orders &&
             try_import(alg, r->type, bad, n, BCRYPT_KEY_VALIDATION_RANGE_AND_ORDER) < 0))
            continue;
        taken++;
        printf("# taken: field %d, %s (%d, %u)\n", c->field, put_names[c->put], c->from,
               (unsigned)c->at);
    }
    char what[64];
    snprintf(what, sizeof what, "%zu invalid ones, each refused", changes);
    tap(taken == 0 && changes >= LEAST, what);
    refused += changes;
    kinds++;
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* ---- curve25519 -------------------------------------------------------------------------------------------------- */

/* u, little-endian as RFC 7748 has it: the points of small order, and what is not reduced. */
static const char *const small_order[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

static void check_curve25519(void)
{
    ROW("curve25519, public");
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_ECDH_ALGORITHM);
    set_text(alg, BCRYPT_ECC_CURVE_NAME, BCRYPT_ECC_CURVE_25519);
    size_t taken = 0;
    for (size_t i = 0; i < COUNT(small_order); i++) {
        UCHAR blob[8 + 64] = {0};
        BCRYPT_ECCKEY_BLOB head = {BCRYPT_ECDH_PUBLIC_GENERIC_MAGIC, 32};
        head_turn(&head, sizeof head);
        memcpy(blob, &head, sizeof head);
        for (unsigned k = 0; k < 32; k++) {
            unsigned byte = 0;
            sscanf(small_order[i] + 2 * k, "%2x", &byte);
            blob[8 + k] = (UCHAR)byte;
        }
        if (try_import(alg, BCRYPT_ECCPUBLIC_BLOB, blob, sizeof blob, 0) < 0)
            continue;
        taken++;
        printf("# taken: %s\n", small_order[i]);
    }
    tap(taken == 0, "12 points of small order or not reduced, each refused");
    refused += COUNT(small_order);
    kinds++;
    BCryptCloseAlgorithmProvider(alg, 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
    check_curve25519();
    printf("# figure: 30 %zu invalid keys of %zu kinds, at least %d of each: all refused\n",
           refused, kinds, LEAST);
    return tap_done();
}
