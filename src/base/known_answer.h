/*
 * Known answers: what an algorithm must say before the process may use it.
 *
 * An algorithm's row points to a `selftest`, a list of answers and the verdict that is kept for the process. An answer is data:
 * what goes in and what has to come out. The router runs it through the same slots of the row that calls run through
 * (router/selftest.c), so a new algorithm brings answers and no code.
 */
#ifndef BASE_KNOWN_ANSWER_H
#define BASE_KNOWN_ANSWER_H

#include <stdatomic.h>

#include "padding.h"

struct param;

/* How an answer is asked for. */
enum answer_kind {
    ANSWER_HASH,    /* `output` is the hash or code of `input` under `key` */
    ANSWER_CRYPT,   /* encrypting `input` gives `output` (and `tag`), decrypting gives it back */
    ANSWER_DERIVE,  /* `params` derive `output` from `key` */
    ANSWER_SIGN,    /* `key` signs `input` with exactly `output`, and verifies it */
    ANSWER_VERIFY,  /* `key` finds `output` a good signature of `input` */
    ANSWER_PAIR,    /* what `key` signs it verifies */
    ANSWER_DECRYPT, /* `key` decrypts `input` to `output`, and what it encrypts */
    ANSWER_AGREE,   /* `key` and `peer` agree on `output` */
    ANSWER_DECAPSULATE, /* `key` finds `output` in `input`, and what it encapsulates */
    ANSWER_KEY,         /* `key` comes out in the blob type `expands` with `output` at `offset` */
    ANSWER_RANDOM,      /* two draws are neither constant nor the same */
    ANSWER_KINDS,
};

/* A property that is set first: of the hash, or of the symmetric key; of the algorithm for key pairs. */
struct known_property {
    const char *name;  /* NULL ends the list */
    struct span value; /* strings in UTF-16 */
};

/* Fields that a kind has no use for are zero. */
struct known_answer {
    enum answer_kind kind;
    bool unchecked;   /* keys are imported without validation, which has tests of its own */
    uint32_t flags;   /* of BCryptOpenAlgorithmProvider */
    const char *mode; /* chaining mode ("ChainingModeGCM") */
    const struct known_property *set;
    const char *format; /* blob type of the key pair `key` ("RSAFULLPRIVATEBLOB") */
    const char *peer_format;
    const char *expands;
    size_t offset;
    struct span key, peer, iv, aad, input, output, tag;
    struct padding pad;
    const struct param *params;
    size_t param_count;
};

enum selftest_state { SELFTEST_UNKNOWN, SELFTEST_GOOD, SELFTEST_BAD };

/* Algorithms that are one under several names ("RSA", "RSA_SIGN") may share one. */
struct selftest {
    const struct known_answer *answers;
    size_t count;
    _Atomic int *state; /* enum selftest_state */
};

/* Defines the selftest `id` of an array of answers. */
#define SELFTEST(id, array)                                                                        \
    static _Atomic int id##_state;                                                                 \
    const struct selftest id = {(array), ARRAY_COUNT(array), &id##_state}

/* A span of a string literal, without its NUL; and of one in UTF-16, with it. */
#define KNOWN(literal)                                                                             \
    {                                                                                              \
        (const uint8_t *)("" literal), sizeof(literal) - 1                                         \
    }
#define KNOWN_WIDE(literal)                                                                        \
    {                                                                                              \
        (const uint8_t *)(u"" literal), sizeof(u"" literal)                                        \
    }

#endif
