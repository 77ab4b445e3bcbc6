/*
 * Ciphers. An algorithm is a row of facts, a chaining mode a row of functions; a key holds its bytes,
 * its mode, and what a cipher keeps between calls. What several modes share stands between the rows
 * and the engines:
 *
 *   cipher_class.c   the algorithms                 cipher_key.c     making, copying, blobs
 *   cipher_block.c   lengths, padding, chaining      of ECB, CBC, CFB
 *   cipher_aead.h    the structure, sizes, tags      of GCM, CCM, ChaCha20-Poly1305
 *   cipher_aes.c, cipher_gcm.c, cipher_ccm.c, …      engines: bytes in, bytes out
 */
#ifndef PRIMITIVES_CIPHER_KEY_H
#define PRIMITIVES_CIPHER_KEY_H

#include "ctx_pool.h"
#include "ossl.h"

#define CIPHER_BLOCK_MAX 16
#define CIPHER_TAG_MAX 16

struct cipher_key;
struct cipher_mode;
struct small_cipher;

/* clang-format off */

/* A chaining mode as one engine does it. */
struct cipher_mode {
    const char *name; /* "ChainingModeCBC" */
    sym_crypt_fn *crypt; /* of a key in this mode */

    /* Block modes: whole segments of n bytes (ECB, CBC: blocks); `iv` becomes the next chaining value.
     * `in` and `out` are the same or apart. */
    NTSTATUS (*run)(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in, uint8_t *out,
                    size_t n);
    bool chains;   /* has an initialization vector */
    bool segments; /* works on segments of MessageBlockLength bytes instead of blocks */

    /* libcrypto's code leaves the key in its frames. To wipe them after each call would take as long as a short message. */
    bool left_on_stack;

    /* Authenticated modes. */
    const struct aead *aead;
};

/* The sizes of an authenticated mode, in bytes. */
struct aead {
    BCRYPT_AUTH_TAG_LENGTHS_STRUCT tags;
    uint8_t nonce_min, nonce_max;
};

/* What an algorithm's class row points to. */
struct cipher_row {
    uint32_t block;         /* bytes; 1: a stream */
    uint32_t extended_max;  /* bits of the longest key under BCRYPT_EXTENDED_KEYSIZE; 0: the same */
    uint32_t key_step;      /* bits from one length of keys to the next; 0: as the class tells */
    bool effective;         /* has an effective key length (RC2) */
    bool halves;            /* the key is two keys, which FIPS wants to differ (XTS) */
    bool chains;            /* has modes with an initialization vector */
    bool wraps;             /* its keys wrap others (RFC 3394) */
    uint32_t first_segment; /* MessageBlockLength, unless somebody sets another */
    const struct cipher_mode *const *modes; /* ended by NULL; the first is the default */
    NTSTATUS (*expand)(struct cipher_key *k); /* fills k->state and the like; NULL: libcrypto does */
    NTSTATUS (*resume)(struct cipher_key *k); /* goes on from a restored k->iv; NULL: nothing to do */
    const struct small_cipher *small; /* what small_expand expands for */
};

/* clang-format on */

/* An open cipher algorithm: what its next keys take over. */
struct cipher_alg {
    struct alg base;
    _Atomic(const struct cipher_mode *) mode;
    _Atomic uint32_t effective; /* bits */
    _Atomic uint32_t segment;   /* as of struct cipher_key */
};

struct cipher_key {
    struct key base;
    _Atomic(const struct cipher_mode *) mode; /* set by cipher_key_set_mode */
    struct ctx_pool idle[2]; /* libcrypto's contexts, initialised; [1] for encrypting */
    _Atomic uint32_t
        segment; /* MessageBlockLength: CFB 1 or the block; XTS 0 (all is one unit) or bytes */
    bool halves_equal; /* XTS */

    /* From here on not of each call. */
    const struct cipher_row *row;
    uint32_t effective;   /* bits */
    struct secret secret; /* the key's bytes */
    struct secret state;  /* the engine's own: a key schedule, RC4's state */
    struct ctx_pool gcm;  /* what GCM has beside them (gcm_tools.h) */

    /* The chaining value between calls; under base.busy. */
    uint8_t iv[CIPHER_BLOCK_MAX];
};

static inline struct cipher_key *cipher_key_of(struct key *key)
{
    return CONTAINER_OF(key, struct cipher_key, base);
}

static inline struct cipher_alg *cipher_alg_of(struct alg *alg)
{
    return CONTAINER_OF(alg, struct cipher_alg, base);
}

static inline const struct cipher_row *cipher_row_of(const struct alg_class *class)
{
    return class->params;
}

/* The algorithm's effective key length in bits; 0 where there is none. */
static inline uint32_t cipher_effective(struct alg *alg)
{
    return atomic_load_explicit(&cipher_alg_of(alg)->effective, memory_order_relaxed);
}

#define CIPHER_EFFECTIVE_MIN 16 /* bits */
#define CIPHER_EFFECTIVE_MAX 1024

/* Whether MessageBlockLength may be n. */
bool cipher_segment_fits(const struct cipher_row *row, uint32_t n);

/* The row's mode of a name, or NULL. */
const struct cipher_mode *cipher_mode_find(const struct cipher_row *row, const struct name *name);

/* How long a key may be, in bits. */
BCRYPT_KEY_LENGTHS_STRUCT cipher_key_lengths(const struct alg_class *class, bool extended);

/* Whether two ranges overlap without being the same. */
static inline bool cipher_overlaps(const uint8_t *in, size_t in_n, const uint8_t *out, size_t out_n)
{
    uintptr_t a = (uintptr_t)in;
    uintptr_t b = (uintptr_t)out;
    return in_n > 0 && out_n > 0 && a != b && a < b + out_n && b < a + in_n;
}

/* Puts a key into a mode. A call that is under way meanwhile ends in the one before. */
void cipher_key_set_mode(struct cipher_key *k, const struct cipher_mode *mode);

/* ---- mode families: what struct cipher_mode.crypt calls (of authenticated modes: cipher_aead.h) --- */

NTSTATUS cipher_block_crypt(struct cipher_key *k, const struct cipher_mode *mode,
                            const struct crypt *call, const struct out *o) MUST_CHECK;

/* ---- modes, by engine -------------------------------------------------------------------------- */

extern const struct cipher_mode aes_ecb_mode, aes_cbc_mode, aes_cfb_mode, aes_gcm_mode,
    aes_ccm_mode;
extern const struct cipher_mode aes_xts_mode, chacha_mode, rc4_mode;
extern const struct cipher_mode small_ecb_mode, small_cbc_mode, small_cfb_mode;

/* ---- ciphers of 64-bit blocks (cipher_small.c) -------------------------------------------------- */

extern const struct small_cipher small_des, small_3des, small_desx, small_rc2;

/* Makes the key schedule in k->state. */
NTSTATUS small_expand(struct cipher_key *k) MUST_CHECK;

/* RC4's schedule, and the place in the key stream that k->iv tells (cipher_rc4.c). */
NTSTATUS rc4_expand(struct cipher_key *k) MUST_CHECK;

/* cipher_xts.c: looks whether the two keys are one. */
NTSTATUS xts_expand(struct cipher_key *k) MUST_CHECK;
NTSTATUS rc4_resume(struct cipher_key *k) MUST_CHECK;

/* ---- keys (cipher_key.c) ------------------------------------------------------------------------- */

extern const struct sym_class cipher_sym;
extern const struct sym_format cipher_formats[];

/* A key of exactly these bytes with the algorithm's mode. A length that the algorithm does not take, and an
 * effective length out of range, are STATUS_INVALID_PARAMETER. */
NTSTATUS cipher_key_new(struct alg *alg, struct span secret, bool extended, uint32_t effective,
                        struct cipher_key **k) MUST_CHECK;

/* ---- properties (cipher_prop.c) ------------------------------------------------------------------ */

extern const struct prop_row cipher_props[];

#endif
