#include "curve_table.h"

#include <string.h>
#include <strings.h>

/* In the order of Windows' list; the first of several names for one curve is the one that a file gets. */
const struct curve_row curve_rows[] = {
    {"brainpoolP160r1", "1.3.36.3.3.2.8.1.1.1", 160, 0},
    {"brainpoolP160t1", "1.3.36.3.3.2.8.1.1.2", 160, 0},
    {"brainpoolP192r1", "1.3.36.3.3.2.8.1.1.3", 192, 0},
    {"brainpoolP192t1", "1.3.36.3.3.2.8.1.1.4", 192, 0},
    {"brainpoolP224r1", "1.3.36.3.3.2.8.1.1.5", 224, 0},
    {"brainpoolP224t1", "1.3.36.3.3.2.8.1.1.6", 224, 0},
    {"brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", 256, 26},
    {"brainpoolP256t1", "1.3.36.3.3.2.8.1.1.8", 256, 0},
    {"brainpoolP320r1", "1.3.36.3.3.2.8.1.1.9", 320, 0},
    {"brainpoolP320t1", "1.3.36.3.3.2.8.1.1.10", 320, 0},
    {"brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", 384, 27},
    {"brainpoolP384t1", "1.3.36.3.3.2.8.1.1.12", 384, 0},
    {"brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", 512, 28},
    {"brainpoolP512t1", "1.3.36.3.3.2.8.1.1.14", 512, 0},
    {CURVE_X25519, NULL, 255, 29},
    {"ec192wapi", "1.2.156.11235.1.1.2.1", 192, 0},
    {"nistP192", "1.2.840.10045.3.1.1", 192, 19},
    {"nistP224", "1.3.132.0.33", 224, 21},
    {"nistP256", "1.2.840.10045.3.1.7", 256, 23},
    {"nistP384", "1.3.132.0.34", 384, 24},
    {"nistP521", "1.3.132.0.35", 521, 25},
    {"numsP256t1", NULL, 256, 0},
    {"numsP384t1", NULL, 384, 0},
    {"numsP512t1", NULL, 512, 0},
    {"secP160k1", "1.3.132.0.9", 160, 15},
    {"secP160r1", "1.3.132.0.8", 160, 16},
    {"secP160r2", "1.3.132.0.30", 160, 17},
    {"secP192k1", "1.3.132.0.31", 192, 18},
    {"secP192r1", "1.2.840.10045.3.1.1", 192, 19},
    {"secP224k1", "1.3.132.0.32", 224, 20},
    {"secP224r1", "1.3.132.0.33", 224, 21},
    {"secP256k1", "1.3.132.0.10", 256, 22},
    {"secP256r1", "1.2.840.10045.3.1.7", 256, 23},
    {"secP384r1", "1.3.132.0.34", 384, 24},
    {"secP521r1", "1.3.132.0.35", 521, 25},
    {"wtls7", "1.3.132.0.30", 160, 17},
    {"wtls9", "2.23.43.1.4.9", 160, 0},
    {"wtls12", "1.3.132.0.33", 224, 21},
    {"x962P192v1", "1.2.840.10045.3.1.1", 192, 19},
    {"x962P192v2", "1.2.840.10045.3.1.2", 192, 0},
    {"x962P192v3", "1.2.840.10045.3.1.3", 192, 0},
    {"x962P239v1", "1.2.840.10045.3.1.4", 239, 0},
    {"x962P239v2", "1.2.840.10045.3.1.5", 239, 0},
    {"x962P239v3", "1.2.840.10045.3.1.6", 239, 0},
    {"x962P256v1", "1.2.840.10045.3.1.7", 256, 23},
};

const size_t curve_row_count = ARRAY_COUNT(curve_rows);

/* What people write who come from elsewhere, where it is not one of Windows' names but for case. */
static const struct {
    const char *alias;
    const char *name;
} aliases[] = {
    {"P-192", "nistP192"},        {"P-224", "nistP224"},
    {"P-256", "nistP256"},        {"P-384", "nistP384"},
    {"P-521", "nistP521"},        {"prime192v1", "nistP192"},
    {"prime256v1", "nistP256"},   {"prime192v2", "x962P192v2"},
    {"prime192v3", "x962P192v3"}, {"prime239v1", "x962P239v1"},
    {"prime239v2", "x962P239v2"}, {"prime239v3", "x962P239v3"},
    {"X25519", CURVE_X25519},     {"wap-wsg-idm-ecid-wtls9", "wtls9"},
};

const struct curve_row *curve_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(aliases); i++) {
        if (strcasecmp(aliases[i].alias, name) == 0)
            name = aliases[i].name;
    }
    for (size_t i = 0; i < curve_row_count; i++) {
        if (strcasecmp(curve_rows[i].name, name) == 0)
            return &curve_rows[i];
    }
    return NULL;
}

const struct curve_row *curve_of_oid(const char *oid)
{
    for (size_t i = 0; i < curve_row_count; i++) {
        if (curve_rows[i].oid != NULL && strcmp(curve_rows[i].oid, oid) == 0)
            return &curve_rows[i];
    }
    return NULL;
}

const struct curve_row *curve_of_tls(uint32_t tls)
{
    for (size_t i = 0; i < curve_row_count; i++) {
        if (tls != 0 && curve_rows[i].tls == tls)
            return &curve_rows[i];
    }
    return NULL;
}
