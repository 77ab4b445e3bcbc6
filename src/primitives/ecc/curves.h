/*
 * The named elliptic curves: constants only. A `curve` is a name of Windows'; a `curve_domain` is
 * what the name stands for. Several names may share one domain (nistP256, secP256r1 and x962P256v1
 * do).
 */
#ifndef PRIMITIVES_CURVES_H
#define PRIMITIVES_CURVES_H

#include "name.h"

struct curve_form;

/* Domain parameters. Numbers are big-endian hexadecimal: p to gy in the
 * length of the field, n in its own. */
struct curve_domain {
    const struct curve_form *form; /* the shape of its equation, and with it all arithmetic */
    uint16_t bits;                 /* of p: what KeyLength says */
    uint16_t magic_bits; /* 256, 384, 521: key blobs have a magic for this curve alone; else 0 */
    int nid;   /* libcrypto's curve, for its faster arithmetic; 0: made from the numbers */
    uint8_t h; /* cofactor */
    const char *p;
    const char *a, *b; /* twisted Edwards: a and d; Montgomery: A and B */
    const char *gx, *gy;
    const char *n; /* order of the generator */
};

/* One for each domain that a named curve has. */
enum {
    DOMAIN_BRAINPOOLP160R1,
    DOMAIN_BRAINPOOLP160T1,
    DOMAIN_BRAINPOOLP192R1,
    DOMAIN_BRAINPOOLP192T1,
    DOMAIN_BRAINPOOLP224R1,
    DOMAIN_BRAINPOOLP224T1,
    DOMAIN_BRAINPOOLP256R1,
    DOMAIN_BRAINPOOLP256T1,
    DOMAIN_BRAINPOOLP320R1,
    DOMAIN_BRAINPOOLP320T1,
    DOMAIN_BRAINPOOLP384R1,
    DOMAIN_BRAINPOOLP384T1,
    DOMAIN_BRAINPOOLP512R1,
    DOMAIN_BRAINPOOLP512T1,
    DOMAIN_CURVE25519,
    DOMAIN_EC192WAPI,
    DOMAIN_NISTP192,
    DOMAIN_NISTP224,
    DOMAIN_NISTP256,
    DOMAIN_NISTP384,
    DOMAIN_NISTP521,
    DOMAIN_NUMSP256T1,
    DOMAIN_NUMSP384T1,
    DOMAIN_NUMSP512T1,
    DOMAIN_SECP160K1,
    DOMAIN_SECP160R1,
    DOMAIN_SECP160R2,
    DOMAIN_SECP192K1,
    DOMAIN_SECP224K1,
    DOMAIN_SECP256K1,
    DOMAIN_WTLS9,
    DOMAIN_X962P192V2,
    DOMAIN_X962P192V3,
    DOMAIN_X962P239V1,
    DOMAIN_X962P239V2,
    DOMAIN_X962P239V3,
    DOMAIN_COUNT,
};

extern const struct curve_domain curve_domains[DOMAIN_COUNT];

struct curve {
    const char *name; /* the value of ECCCurveName */
    const char *oid;  /* NULL: none */
    uint16_t tls;     /* NamedCurve of TLS, the dwCurveType of SSLECCPUBLICBLOB; 0: none */
    const struct curve_domain *domain;
};

#define CURVE_COUNT 45

/* In the order of ECCCurveNameList. */
extern const struct curve curves[CURVE_COUNT];

/* The curve of that name; NULL: none. Letters compare without regard to case. */
const struct curve *curve_named(const struct name *name);

/* The first name that a domain has, and the first with a TLS number. NULL: none. */
const struct curve *curve_of_domain(const struct curve_domain *domain);
const struct curve *curve_of_tls(uint32_t tls);

#endif
