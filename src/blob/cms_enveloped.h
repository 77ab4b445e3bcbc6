/*
 * CMS EnvelopedData (RFC 5652): a content that is encrypted under a key of its own, and that key once for
 * each recipient. The layout is drawn in cms_enveloped.c; what a content cipher is told is in
 * cms_cipher.c.
 */
#ifndef BLOB_CMS_ENVELOPED_H
#define BLOB_CMS_ENVELOPED_H

#include "asn1.h"

#define CMS_OID_DATA "1.2.840.113549.1.7.1"

/* An AlgorithmIdentifier. */
struct cms_algorithm {
    struct asn1_oid oid;
    struct span params; /* one element; empty: absent */
};

/* How a recipient says who he is. */
enum cms_recipient_kind {
    CMS_ISSUER_SERIAL, /* KeyTransRecipientInfo: issuer and serial number of a certificate */
    CMS_KEY_ID,        /* the same: subject key identifier of a certificate */
    CMS_KEK,           /* KEKRecipientInfo: a symmetric key */
    CMS_OTHER,         /* a kind that is passed over */
};

struct cms_recipient {
    enum cms_recipient_kind kind;
    struct span issuer;        /* a Name, the whole element */
    struct span serial;        /* contents of the INTEGER */
    struct span id;            /* of the certificate's key, or of the KEK */
    struct asn1_oid other_oid; /* OtherKeyAttribute of a KEK; empty: there is none */
    struct span other;         /* one element; empty: absent */
    struct cms_algorithm algorithm;
    struct span key; /* encrypted; encoding with p NULL: zeros stand for it */
};

struct cms_enveloped {
    struct span recipients; /* contents of the SET, of which each element was checked */
    struct asn1_oid content_type;
    struct cms_algorithm cipher;
    bool detached; /* the content stands behind the DER, as some of Windows' producers put it */
    struct span content; /* encrypted; encoding with p NULL: zeros stand for it */
};

/* Malformed: NTE_BAD_DATA. Another CMS type: NTE_NOT_SUPPORTED. Lengths are DER's: definite and shortest. */
NTSTATUS cms_enveloped_decode(struct span in, struct cms_enveloped *out) MUST_CHECK;

/* The next recipient of an asn1_of(recipients); false after the last. */
bool cms_recipient_next(struct asn1 *recipients, struct cms_recipient *out) MUST_CHECK;

/* Writes `count` recipients in the place of v->recipients; a detached content is left out. */
void cms_enveloped_encode(const struct cms_enveloped *v, const struct cms_recipient *list,
                          size_t count, struct asn1_out *o);

/* ---- content ciphers (cms_cipher.c) --------------------------------------------------------- */

enum cms_mode { CMS_CBC, CMS_RC2_CBC, CMS_GCM };

/* A cipher that has an identifier. */
struct cms_cipher {
    const char *oid;
    const char *alg; /* of bcrypt.h */
    enum cms_mode mode;
    uint8_t key_bytes; /* of a key that is drawn; RC2 reads keys of other lengths too */
    uint8_t iv_bytes;
    uint8_t block; /* bytes */
};

/* What the parameters say. */
struct cms_cipher_view {
    const struct cms_cipher *cipher;
    struct span iv;
    uint32_t effective; /* bits of an RC2 key; else 0 */
    uint32_t segment;   /* bytes of plaintext that have a tag of their own; 0: all of it has one */
};

#define CMS_TAG_BYTES 16

/* The row; NULL: another cipher. `dotted` need not end with a NUL. */
const struct cms_cipher *cms_cipher_find(struct span dotted);

/* NTE_NOT_SUPPORTED: another cipher, another length of tag. */
NTSTATUS cms_cipher_decode(const struct cms_algorithm *in, struct cms_cipher_view *out) MUST_CHECK;

/* Writes the parameters alone. */
void cms_cipher_encode(const struct cms_cipher_view *v, struct asn1_out *o);

/* ---- how a key travels under RSA (cms_transport.c) ------------------------------------------ */

struct cms_transport {
    const char *hash;  /* of OAEP; NULL: PKCS #1 v1.5 */
    struct span label; /* of OAEP */
};

/* NTE_NOT_SUPPORTED: another algorithm, or hashes that differ. */
NTSTATUS cms_transport_decode(const struct cms_algorithm *in, struct cms_transport *out) MUST_CHECK;

/* PKCS #1 v1.5. */
struct cms_algorithm cms_transport_usual(void);

#endif
