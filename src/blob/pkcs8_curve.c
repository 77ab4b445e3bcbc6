/* Curves with an identifier (RFC 5480, RFC 5639, SEC 2, X9.62, WAP), by Windows' names. Of several names for one curve the
 * first that stands here is the one that its identifier is read as. */
#include "pkcs8.h"

#include <string.h>

static const struct pkcs8_curve rows[] = {
    {"brainpoolP160r1", "1.3.36.3.3.2.8.1.1.1", 160, 0},
    {"brainpoolP160t1", "1.3.36.3.3.2.8.1.1.2", 160, 0},
    {"brainpoolP192r1", "1.3.36.3.3.2.8.1.1.3", 192, 0},
    {"brainpoolP192t1", "1.3.36.3.3.2.8.1.1.4", 192, 0},
    {"brainpoolP224r1", "1.3.36.3.3.2.8.1.1.5", 224, 0},
    {"brainpoolP224t1", "1.3.36.3.3.2.8.1.1.6", 224, 0},
    {"brainpoolP256r1", "1.3.36.3.3.2.8.1.1.7", 256, 0},
    {"brainpoolP256t1", "1.3.36.3.3.2.8.1.1.8", 256, 0},
    {"brainpoolP320r1", "1.3.36.3.3.2.8.1.1.9", 320, 0},
    {"brainpoolP320t1", "1.3.36.3.3.2.8.1.1.10", 320, 0},
    {"brainpoolP384r1", "1.3.36.3.3.2.8.1.1.11", 384, 0},
    {"brainpoolP384t1", "1.3.36.3.3.2.8.1.1.12", 384, 0},
    {"brainpoolP512r1", "1.3.36.3.3.2.8.1.1.13", 512, 0},
    {"brainpoolP512t1", "1.3.36.3.3.2.8.1.1.14", 512, 0},
    {"ec192wapi", "1.2.156.11235.1.1.2.1", 192, 0},
    {"nistP192", "1.2.840.10045.3.1.1", 192, 0},
    {"nistP224", "1.3.132.0.33", 224, 0},
    {"nistP256", "1.2.840.10045.3.1.7", 256, 256},
    {"nistP384", "1.3.132.0.34", 384, 384},
    {"nistP521", "1.3.132.0.35", 521, 521},
    {"secP160k1", "1.3.132.0.9", 160, 0},
    {"secP160r1", "1.3.132.0.8", 160, 0},
    {"secP160r2", "1.3.132.0.30", 160, 0},
    {"secP192k1", "1.3.132.0.31", 192, 0},
    {"secP192r1", "1.2.840.10045.3.1.1", 192, 0},
    {"secP224k1", "1.3.132.0.32", 224, 0},
    {"secP224r1", "1.3.132.0.33", 224, 0},
    {"secP256k1", "1.3.132.0.10", 256, 0},
    {"secP256r1", "1.2.840.10045.3.1.7", 256, 0},
    {"secP384r1", "1.3.132.0.34", 384, 0},
    {"secP521r1", "1.3.132.0.35", 521, 0},
    {"wtls7", "1.3.132.0.30", 160, 0},
    {"wtls9", "2.23.43.1.4.9", 160, 0},
    {"wtls12", "1.3.132.0.33", 224, 0},
    {"x962P192v1", "1.2.840.10045.3.1.1", 192, 0},
    {"x962P192v2", "1.2.840.10045.3.1.2", 192, 0},
    {"x962P192v3", "1.2.840.10045.3.1.3", 192, 0},
    {"x962P239v1", "1.2.840.10045.3.1.4", 239, 0},
    {"x962P239v2", "1.2.840.10045.3.1.5", 239, 0},
    {"x962P239v3", "1.2.840.10045.3.1.6", 239, 0},
    {"x962P256v1", "1.2.840.10045.3.1.7", 256, 0},
};

const struct pkcs8_curve *pkcs8_curve_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    return NULL;
}

const struct pkcs8_curve *pkcs8_curve_of(const char *oid)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (strcmp(rows[i].oid, oid) == 0)
            return &rows[i];
    }
    return NULL;
}
