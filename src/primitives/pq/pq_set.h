/*
 * Facts about the post-quantum families: one constant row for each parameter set, one for each
 * family. Everything that ML-KEM, ML-DSA and SLH-DSA keys have in common is written once (pq_evp,
 * pq_key, pq_prop, pq_sign) and reads these rows.
 */
#ifndef PRIMITIVES_PQ_SET_H
#define PRIMITIVES_PQ_SET_H

#include "ctx_pool.h"
#include "name.h"

#define PQ_KEM_SECRET_BYTES 32 /* of every ML-KEM set */

/* What a blob or a call carries of a key. The first three index tables. */
enum pq_form {
    PQ_PUBLIC,  /* FIPS encoding of the public (encapsulation) key */
    PQ_PRIVATE, /* FIPS encoding of the expanded private (decapsulation) key */
    PQ_SEED,    /* what the key pair is generated from */
    PQ_FORMS,
    /* PRIVATEBLOB: the magic says which of the two private forms it is. */
    PQ_ANY_PRIVATE = PQ_FORMS,
};

/* libcrypto's contexts for making keys of one set, kept between calls. */
struct pq_kept {
    struct ctx_pool load;
    struct ctx_pool generate;
};

struct pq_set {
    const char *name;         /* as in CNG, "768" */
    const char *ossl_name;    /* libcrypto's key type, "ML-KEM-768" */
    uint16_t bytes[PQ_FORMS]; /* length of each form; 0: there is none */
    uint16_t result;          /* bytes of a ciphertext or signature */
    struct pq_kept *kept;
};

struct pq_family {
    const struct pq_set *sets;
    size_t set_count;
    uint32_t magic[PQ_FORMS]; /* of the blob of each form; 0: there is none */
    bool trailing[PQ_FORMS];  /* bytes after the key are accepted in a blob of this form */
    bool check_private;       /* libcrypto loads a private key without comparing its two halves */
    bool external_mu;         /* the caller may hash the message itself, FIPS 204 6.2 */
    NTSTATUS no_private;      /* what signing with a public key gives */
};

/* The row of a parameter set, or NULL. */
const struct pq_set *pq_set_find(const struct pq_family *family, const struct name *name);

/* Whether the installed libcrypto has every set of the family. The answer
 * is kept in *known, which starts as 0. */
bool pq_family_available(const struct pq_family *family, _Atomic int *known) MUST_CHECK;

#endif
