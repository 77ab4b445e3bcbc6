#include "der.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool because(struct why *why, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return false;
}

void der_parts_done(struct der_parts *parts)
{
    octets_done(&parts->parameters);
    octets_done(&parts->key);
}

/* ---- algorithm identifiers ------------------------------------------------------------------------------------
 * RFC 8017, RFC 5480, RFC 8410, RFC 3279, PKCS #3, RFC 9881, RFC 9935, RFC 9909. */

#define NIST_SIG "2.16.840.1.101.3.4.3."
#define NIST_KEM "2.16.840.1.101.3.4.4."

static const struct der_row rows[] = {
    {"1.2.840.113549.1.1.1", "RSA", NULL, &der_rsa, false},
    {"1.2.840.113549.1.1.10", "RSA", NULL, &der_rsa, true},
    {"1.2.840.10045.2.1", "EC", NULL, &der_ec, false},
    {"1.3.101.110", "X25519", NULL, &der_x25519, false},
    {"1.2.840.10040.4.1", "DSA", NULL, &der_dsa, false},
    {"1.2.840.113549.1.3.1", "DH", NULL, &der_dh, false},
    {"1.2.840.10046.2.1", "DH", NULL, &der_dhx, true},
    {NIST_KEM "1", "ML-KEM", "512", &der_seeded, false},
    {NIST_KEM "2", "ML-KEM", "768", &der_seeded, false},
    {NIST_KEM "3", "ML-KEM", "1024", &der_seeded, false},
    {NIST_SIG "17", "ML-DSA", "44", &der_seeded, false},
    {NIST_SIG "18", "ML-DSA", "65", &der_seeded, false},
    {NIST_SIG "19", "ML-DSA", "87", &der_seeded, false},
    {NIST_SIG "20", "SLH-DSA", "SHA2-128s", &der_raw, false},
    {NIST_SIG "21", "SLH-DSA", "SHA2-128f", &der_raw, false},
    {NIST_SIG "22", "SLH-DSA", "SHA2-192s", &der_raw, false},
    {NIST_SIG "23", "SLH-DSA", "SHA2-192f", &der_raw, false},
    {NIST_SIG "24", "SLH-DSA", "SHA2-256s", &der_raw, false},
    {NIST_SIG "25", "SLH-DSA", "SHA2-256f", &der_raw, false},
    {NIST_SIG "26", "SLH-DSA", "SHAKE-128s", &der_raw, false},
    {NIST_SIG "27", "SLH-DSA", "SHAKE-128f", &der_raw, false},
    {NIST_SIG "28", "SLH-DSA", "SHAKE-192s", &der_raw, false},
    {NIST_SIG "29", "SLH-DSA", "SHAKE-192f", &der_raw, false},
    {NIST_SIG "30", "SLH-DSA", "SHAKE-256s", &der_raw, false},
    {NIST_SIG "31", "SLH-DSA", "SHAKE-256f", &der_raw, false},
};

/* Algorithms that people have keys of and Windows has not: their users should read a name. */
static const struct {
    const char *oid;
    const char *name;
} strangers[] = {
    {"1.3.101.111", "X448"},
    {"1.3.101.112", "Ed25519"},
    {"1.3.101.113", "Ed448"},
    {"1.2.156.10197.1.301", "SM2"},
};

static const struct der_row *row_of_oid(const char *oid)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        if (strcmp(rows[i].oid, oid) == 0)
            return &rows[i];
    }
    return NULL;
}

static const struct der_row *row_to_write(const char *family, const char *set)
{
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        bool same_set = rows[i].set == NULL || (set != NULL && strcmp(rows[i].set, set) == 0);
        if (!rows[i].only_read && strcmp(rows[i].family, family) == 0 && same_set)
            return &rows[i];
    }
    return NULL;
}

static void unknown_algorithm(const char *oid, struct why *why)
{
    why->unavailable = true;
    for (size_t i = 0; i < ARRAY_COUNT(strangers); i++) {
        if (strcmp(strangers[i].oid, oid) == 0) {
            because(why, "the key's algorithm is %s, which CNG does not have", strangers[i].name);
            return;
        }
    }
    because(why, "the key's algorithm, %s, is not known here", oid);
}

/* ---- envelopes ------------------------------------------------------------------------------------------------ */

/* A form of file. `read` returns false with an empty `why` when the bytes are not of this form. */
struct form {
    const char *name;
    const char *label; /* in PEM */
    bool is_private;
    bool (*read)(struct view der, struct fields *out, const struct der_row **row, struct why *why);
};

/* The row of the algorithm, with the parameters put aside; NULL, and `why`: there is none. */
static const struct der_row *read_algorithm(const struct asn *a, struct der_parts *parts,
                                            struct why *why)
{
    OCTETS oid = {0};
    if (!asn_text(a, "algorithm.algorithm", &oid)) {
        because(why, "the algorithm identifier cannot be read");
        return NULL;
    }
    const struct der_row *row = row_of_oid(octets_text(&oid));
    if (row == NULL)
        unknown_algorithm(octets_text(&oid), why);
    else if (!asn_bytes(a, "algorithm.parameters", &parts->parameters))
        octets_resize(&parts->parameters, 0);
    return row;
}

static bool read_spki(struct view der, struct fields *out, const struct der_row **row,
                      struct why *why)
{
    ASN a = {0};
    DER_PARTS parts = {0};
    if (!asn_decode(&a, "SubjectPublicKeyInfo", der))
        return false;
    *row = read_algorithm(&a, &parts, why);
    if (*row == NULL)
        return false;
    if (!asn_bits(&a, "subjectPublicKey", &parts.key))
        return because(why, "the public key is not a string of whole bytes");
    return (*row)->codec->read_public(*row, &parts, out, why);
}

static bool read_pkcs8(struct view der, struct fields *out, const struct der_row **row,
                       struct why *why)
{
    ASN a = {0};
    DER_PARTS parts = {0};
    if (!asn_decode(&a, "PrivateKeyInfo", der))
        return false;
    *row = read_algorithm(&a, &parts, why);
    if (*row == NULL)
        return false;
    if (!asn_bytes(&a, "privateKey", &parts.key))
        return because(why, "the private key cannot be read");
    return (*row)->codec->read_private(*row, &parts, out, why);
}

static bool read_rsa_private(struct view der, struct fields *out, const struct der_row **row,
                             struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, "RSAPrivateKey", der))
        return false;
    DER_PARTS parts = {0};
    octets_set(&parts.key, der);
    *row = row_to_write("RSA", NULL);
    return der_rsa.read_private(*row, &parts, out, why);
}

static bool read_rsa_public(struct view der, struct fields *out, const struct der_row **row,
                            struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, "RSAPublicKey", der))
        return false;
    DER_PARTS parts = {0};
    octets_set(&parts.key, der);
    *row = row_to_write("RSA", NULL);
    return der_rsa.read_public(*row, &parts, out, why);
}

static bool read_sec1(struct view der, struct fields *out, const struct der_row **row,
                      struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, "ECPrivateKey", der))
        return false;
    DER_PARTS parts = {0};
    octets_set(&parts.key, der);
    *row = row_to_write("EC", NULL);
    return der_ec.read_private(*row, &parts, out, why);
}

static bool read_dsa_alone(struct view der, struct fields *out, const struct der_row **row,
                           struct why *why)
{
    ASN a = {0};
    if (!asn_decode(&a, "DSAPrivateKey", der))
        return false;
    *row = row_to_write("DSA", NULL);
    return der_dsa_read_alone(der, out, why);
}

static bool refuse_encrypted(struct view der, struct fields *out, const struct der_row **row,
                             struct why *why)
{
    (void)out;
    (void)row;
    ASN a = {0};
    if (!asn_decode(&a, "EncryptedPrivateKeyInfo", der))
        return false;
    return because(why, "%s", WHY_ENCRYPTED);
}

static bool refuse_certificate(struct view der, struct fields *out, const struct der_row **row,
                               struct why *why)
{
    (void)out;
    (void)row;
    ASN a = {0};
    if (!asn_decode(&a, "Certificate", der))
        return false;
    return because(why, "this is a certificate, not a key; "
                        "`openssl x509 -in FILE -noout -pubkey` extracts its key");
}

static const struct form forms[] = {
    {"PKCS #8", "PRIVATE KEY", true, read_pkcs8},
    {"SubjectPublicKeyInfo", "PUBLIC KEY", false, read_spki},
    {"PKCS #1 private key", "RSA PRIVATE KEY", true, read_rsa_private},
    {"PKCS #1 public key", "RSA PUBLIC KEY", false, read_rsa_public},
    {"SEC 1 private key", "EC PRIVATE KEY", true, read_sec1},
    {"DSA private key", "DSA PRIVATE KEY", true, read_dsa_alone},
    {"encrypted PKCS #8", "ENCRYPTED PRIVATE KEY", true, refuse_encrypted},
    {"certificate", "CERTIFICATE", false, refuse_certificate},
};

bool der_knows_label(const char *label)
{
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (strcmp(forms[i].label, label) == 0)
            return true;
    }
    return false;
}

static enum der_result read_form(const struct form *form, struct view der, struct fields *out,
                                 struct der_key *key, struct why *why)
{
    FIELDS made = {0};
    const struct der_row *row = NULL;
    *why = (struct why){0};
    if (!form->read(der, &made, &row, why))
        return why->text[0] != 0 ? DER_WRONG : DER_OTHER;
    *key = (struct der_key){row, form->name, form->is_private};
    fields_done(out);
    *out = made;
    made = (struct fields){0};
    return DER_READ;
}

enum der_result der_read(struct view der, const char *label, struct fields *out,
                         struct der_key *key, struct why *why)
{
    for (size_t i = 0; i < ARRAY_COUNT(forms); i++) {
        if (label != NULL && strcmp(forms[i].label, label) != 0)
            continue;
        enum der_result result = read_form(&forms[i], der, out, key, why);
        if (result != DER_OTHER)
            return result;
    }
    return DER_OTHER;
}

/* ---- writing -------------------------------------------------------------------------------------------------- */

static void put_algorithm(struct asn *a, const struct der_row *row, const struct der_parts *parts)
{
    asn_put_text(a, "algorithm.algorithm", row->oid);
    if (parts->parameters.n > 0)
        asn_put_bytes(a, "algorithm.parameters", view_of(&parts->parameters));
    else
        asn_leave_out(a, "algorithm.parameters");
}

static bool wrap_private(const struct der_row *row, const struct der_parts *parts,
                         struct octets *out)
{
    ASN a = asn_new("PrivateKeyInfo");
    asn_put_small(&a, "version", 0);
    put_algorithm(&a, row, parts);
    asn_put_bytes(&a, "privateKey", view_of(&parts->key));
    asn_leave_out(&a, "attributes");
    asn_leave_out(&a, "publicKey");
    return asn_encode(&a, out);
}

static bool wrap_public(const struct der_row *row, const struct der_parts *parts,
                        struct octets *out)
{
    ASN a = asn_new("SubjectPublicKeyInfo");
    put_algorithm(&a, row, parts);
    asn_put_bits(&a, "subjectPublicKey", view_of(&parts->key));
    return asn_encode(&a, out);
}

bool der_write(const char *family, const char *set, bool is_private, struct fields *in,
               struct octets *out, struct why *why)
{
    const struct der_row *row = row_to_write(family, set);
    if (row == NULL)
        return because(why, "%s keys have no DER form", family);
    DER_PARTS parts = {0};
    bool written = is_private ? row->codec->write_private(row, in, &parts, why)
                              : row->codec->write_public(row, in, &parts, why);
    if (!written)
        return false;
    if (!(is_private ? wrap_private(row, &parts, out) : wrap_public(row, &parts, out)))
        return because(why, "the DER could not be made");
    return true;
}
