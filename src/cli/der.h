/*
 * Key files in DER: PKCS #8 and SubjectPublicKeyInfo, and the older forms that name one algorithm. The envelopes are
 * in der.c; what they hold is a family's business (der_rsa.c, der_ec.c, ...), both directions in one file.
 */
#ifndef CLI_DER_H
#define CLI_DER_H

#include "asn.h"
#include "fields.h"

/* Why something could not be read or written, as the end of a sentence. */
struct why {
    char text[200];
    bool unavailable; /* it is a key, of an algorithm that CNG does not have */
};

/* Fills it in; returns false. */
bool because(struct why *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What an envelope says besides its algorithm. */
struct der_parts {
    struct octets parameters; /* DER; empty: there are none */
    struct octets key;        /* inside the BIT STRING or OCTET STRING */
};

void der_parts_done(struct der_parts *parts);

#define DER_PARTS CLEANUP(der_parts_done) struct der_parts

struct der_row;

struct der_codec {
    bool (*read_public)(const struct der_row *row, const struct der_parts *in, struct fields *out,
                        struct why *why);
    bool (*read_private)(const struct der_row *row, const struct der_parts *in, struct fields *out,
                         struct why *why);
    bool (*write_public)(const struct der_row *row, struct fields *in, struct der_parts *out,
                         struct why *why);
    bool (*write_private)(const struct der_row *row, struct fields *in, struct der_parts *out,
                          struct why *why);
};

/* An algorithm identifier. */
struct der_row {
    const char *oid;
    const char *family; /* struct family's name */
    const char *set;    /* the parameter set that it stands for, or NULL */
    const struct der_codec *codec;
    bool only_read; /* another row of the family is written */
};

extern const struct der_codec der_rsa;
extern const struct der_codec der_ec;
extern const struct der_codec der_x25519;
extern const struct der_codec der_dsa;
extern const struct der_codec der_dh;
extern const struct der_codec der_dhx;
extern const struct der_codec der_seeded;
extern const struct der_codec der_raw;

/* DSA's older private key, which stands alone. */
bool der_dsa_read_alone(struct view der, struct fields *out, struct why *why);

/* What DSA blobs state besides the numbers and files do not: values that mean "not given". */
void der_dsa_complete(struct fields *f);

/* What the user of a key under a passphrase reads. */
#define WHY_ENCRYPTED                                                                              \
    "the key is protected by a passphrase, which cng does not take; "                              \
    "`openssl pkey -in FILE -out OTHER` removes it"

/* What a DER file turned out to be. */
struct der_key {
    const struct der_row *row;
    const char *form; /* "PKCS #8" and so on */
    bool is_private;
};

enum der_result {
    DER_READ,
    DER_OTHER, /* no form of a key that is known here */
    DER_WRONG, /* a known form, but `why` */
};

/* Recognises by content; with a PEM label, only the form of that label is tried. */
enum der_result der_read(struct view der, const char *label, struct fields *out,
                         struct der_key *key, struct why *why) MUST_CHECK;

/* Whether a PEM block with this label is read here; parameters, for one, are passed over. */
bool der_knows_label(const char *label);

/* PKCS #8 or SubjectPublicKeyInfo. `in` may be changed by asking it for text. */
bool der_write(const char *family, const char *set, bool is_private, struct fields *in,
               struct octets *out, struct why *why) MUST_CHECK;

#endif
