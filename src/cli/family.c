#include "family.h"

#include <string.h>
#include <strings.h>

#include "curve_table.h"
#include "der.h"

#define ONE(type)                                                                                  \
    {                                                                                              \
        {                                                                                          \
            type                                                                                   \
        }                                                                                          \
    }
#define SAME(public_type, private_type)                                                            \
    {                                                                                              \
        {                                                                                          \
            ONE(public_type), ONE(private_type)                                                    \
        }                                                                                          \
    }

static const struct family rsa = {
    .name = "RSA",
    .natural = SAME("RSAPUBLICBLOB", "RSAFULLPRIVATEBLOB"),
    .store = SAME("RSAPUBLICBLOB", "RSAFULLPRIVATEBLOB"),
    .full = SAME("RSAPUBLICBLOB", "RSAFULLPRIVATEBLOB"),
};

/* The full blobs ask for more fields, so they are tried first. */
static const struct family ec = {
    .name = "EC",
    .natural = SAME("ECCPUBLICBLOB", "ECCPRIVATEBLOB"),
    .store = {{{{"ECCFULLPUBLICBLOB", "ECCPUBLICBLOB"}},
               {{"ECCFULLPRIVATEBLOB", "ECCPRIVATEBLOB"}}}},
    .full = SAME("ECCFULLPUBLICBLOB", "ECCFULLPRIVATEBLOB"),
};

static const struct family x25519 = {
    .name = "X25519",
    .natural = SAME("ECCPUBLICBLOB", "ECCPRIVATEBLOB"),
    .store = SAME("ECCPUBLICBLOB", "ECCPRIVATEBLOB"),
    .full = SAME("ECCPUBLICBLOB", "ECCPRIVATEBLOB"),
};

static const struct family dsa = {
    .name = "DSA",
    .natural = SAME("DSAPUBLICBLOB", "DSAPRIVATEBLOB"),
    .store = SAME("DSAPUBLICBLOB", "DSAPRIVATEBLOB"),
    .full = SAME("DSAPUBLICBLOB", "DSAPRIVATEBLOB"),
    .rules = "CNG wants a q of 160 bits up to 1024 bits of p, and of 256 above.",
    .complete = der_dsa_complete,
};

static const struct family dh = {
    .name = "DH",
    .natural = SAME("DHPUBLICBLOB", "DHPRIVATEBLOB"),
    .store = SAME("DHPUBLICBLOB", "DHPRIVATEBLOB"),
    .full = SAME("DHPUBLICBLOB", "DHPRIVATEBLOB"),
};

#define MLKEM_TYPES                                                                                \
    {                                                                                              \
        {                                                                                          \
            ONE("MLKEMPUBLICBLOB"),                                                                \
            {                                                                                      \
                {                                                                                  \
                    "MLKEMPRIVATESEEDBLOB", "MLKEMPRIVATEBLOB"                                     \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

static const struct family mlkem = {
    .name = "ML-KEM",
    .natural = MLKEM_TYPES,
    .store = MLKEM_TYPES,
    .full = MLKEM_TYPES,
};

#define MLDSA_TYPES                                                                                \
    {                                                                                              \
        {                                                                                          \
            ONE("PQDSAPUBLICBLOB"),                                                                \
            {                                                                                      \
                {                                                                                  \
                    "PQDSAPRIVATESEEDBLOB", "PQDSAPRIVATEBLOB"                                     \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

static const struct family mldsa = {
    .name = "ML-DSA",
    .natural = MLDSA_TYPES,
    .store = MLDSA_TYPES,
    .full = MLDSA_TYPES,
};

static const struct family slhdsa = {
    .name = "SLH-DSA",
    .natural = SAME("PQDSAPUBLICBLOB", "PQDSAPRIVATEBLOB"),
    .store = SAME("PQDSAPUBLICBLOB", "PQDSAPRIVATEBLOB"),
    .full = SAME("PQDSAPUBLICBLOB", "PQDSAPRIVATEBLOB"),
};

/* Where a family has several rows, the first for a use is what a key of no stated algorithm becomes. */
const struct algorithm algorithms[] = {
    {"RSA", "RSA", &rsa, USE_SIGN | USE_ENCRYPT, SIZE_BITS, 3072, NULL, "signs and encrypts"},
    {"RSA_SIGN", "RSA", &rsa, USE_SIGN, SIZE_BITS, 3072, NULL, "RSA that only signs"},
    {"DSA", "DSA", &dsa, USE_SIGN, SIZE_BITS, 2048, NULL, "signs"},
    {"DH", "DH", &dh, USE_AGREE, SIZE_BITS, 2048, NULL, "agrees on secrets"},
    {"ECDSA", "ECDSA", &ec, USE_SIGN, SIZE_CURVE, 0, "nistP256", "signs"},
    {"ECDSA_P256", "ECDSA", &ec, USE_SIGN, SIZE_FIXED, 256, "nistP256", "signs"},
    {"ECDSA_P384", "ECDSA", &ec, USE_SIGN, SIZE_FIXED, 384, "nistP384", "signs"},
    {"ECDSA_P521", "ECDSA", &ec, USE_SIGN, SIZE_FIXED, 521, "nistP521", "signs"},
    {"ECDH", "ECDH", &ec, USE_AGREE, SIZE_CURVE, 0, "nistP256", "agrees on secrets"},
    {"ECDH_P256", "ECDH", &ec, USE_AGREE, SIZE_FIXED, 256, "nistP256", "agrees on secrets"},
    {"ECDH_P384", "ECDH", &ec, USE_AGREE, SIZE_FIXED, 384, "nistP384", "agrees on secrets"},
    {"ECDH_P521", "ECDH", &ec, USE_AGREE, SIZE_FIXED, 521, "nistP521", "agrees on secrets"},
    {"ML-KEM", "ML-KEM", &mlkem, USE_ENCAPSULATE, SIZE_SET, 0, "768", "encapsulates secrets"},
    {"ML-DSA", "ML-DSA", &mldsa, USE_SIGN, SIZE_SET, 0, "65", "signs"},
    {"SLH-DSA", "SLH-DSA", &slhdsa, USE_SIGN, SIZE_SET, 0, "SHA2-128s", "signs"},
};

const size_t algorithm_count = ARRAY_COUNT(algorithms);

const struct algorithm *algorithm_named(const char *name)
{
    for (size_t i = 0; i < algorithm_count; i++) {
        if (strcasecmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    }
    return NULL;
}

const struct algorithm *algorithm_of_family(const char *family, enum use use)
{
    const struct algorithm *first = NULL;
    if (strcmp(family, x25519.name) == 0)
        return algorithm_named("ECDH");
    for (size_t i = 0; i < algorithm_count; i++) {
        if (strcmp(algorithms[i].family->name, family) != 0)
            continue;
        if ((algorithms[i].uses & use) != 0)
            return &algorithms[i];
        if (first == NULL)
            first = &algorithms[i];
    }
    return first;
}

const struct family *family_of(const struct algorithm *algorithm, const char *curve)
{
    bool is_x25519 = curve != NULL && strcmp(curve, CURVE_X25519) == 0;
    return is_x25519 && algorithm->family == &ec ? &x25519 : algorithm->family;
}

/* ---- parameter sets ------------------------------------------------------------------------------------------- */

static const char *const no_sets[] = {NULL};
static const char *const mlkem_sets[] = {"512", "768", "1024", NULL};
static const char *const mldsa_sets[] = {"44", "65", "87", NULL};
static const char *const slhdsa_sets[] = {
    "SHA2-128s",  "SHA2-128f",  "SHA2-192s",  "SHA2-192f",  "SHA2-256s",  "SHA2-256f", "SHAKE-128s",
    "SHAKE-128f", "SHAKE-192s", "SHAKE-192f", "SHAKE-256s", "SHAKE-256f", NULL,
};

static const struct {
    const struct family *family;
    const char *const *sets;
} set_lists[] = {{&mlkem, mlkem_sets}, {&mldsa, mldsa_sets}, {&slhdsa, slhdsa_sets}};

const char *const *sets_of(const struct algorithm *algorithm)
{
    for (size_t i = 0; i < ARRAY_COUNT(set_lists); i++) {
        if (set_lists[i].family == algorithm->family)
            return set_lists[i].sets;
    }
    return no_sets;
}

const char *set_named(const struct algorithm *algorithm, const char *text)
{
    size_t prefix = strlen(algorithm->name);
    if (strncasecmp(text, algorithm->name, prefix) == 0 && text[prefix] == '-')
        text += prefix + 1;
    for (const char *const *set = sets_of(algorithm); *set != NULL; set++) {
        if (strcasecmp(*set, text) == 0)
            return *set;
    }
    return NULL;
}

const char *use_verb(enum use use)
{
    static const char *const verbs[] = {
        [USE_SIGN] = "sign",
        [USE_ENCRYPT] = "encrypt",
        [USE_AGREE] = "agree on secrets",
        [USE_ENCAPSULATE] = "encapsulate secrets",
    };
    return verbs[use] != NULL ? verbs[use] : "";
}
