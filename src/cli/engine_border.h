/*
 * What the engine_*.c share: the way of statuses, and names between ASCII here and WCHAR there.
 */
#ifndef CLI_ENGINE_BORDER_H
#define CLI_ENGINE_BORDER_H

#include <bcrypt.h>

#include <string.h>

#include "engine.h"

/* TRY for statuses. */
#define TRY_STATUS(expr)                                                                           \
    do {                                                                                           \
        NTSTATUS try_status_ = (expr);                                                             \
        if (!BCRYPT_SUCCESS(try_status_))                                                          \
            return try_status_;                                                                    \
    } while (0)

/* The longest name that any table holds, with room to spare. */
#define WIDE_MOST 64

struct wide {
    WCHAR text[WIDE_MOST];
    ULONG bytes; /* with the NUL */
};

/* A NULL or overlong name becomes the empty string, by which the library knows nothing. */
struct wide wide_of(const char *name);

/* Anything that is not ASCII becomes a question mark. */
void narrow(struct octets *out, const WCHAR *text, size_t most);

/* The same for names that may hold any character (engine_text.c): of keys and providers. */
struct wide_name {
    WCHAR text[1024];
};

/* What is not well-formed UTF-8 or too long becomes a name that the library refuses. */
struct wide_name name_of(const char *utf8);
void utf8_of(struct octets *out, const WCHAR *text, size_t most);

/* A list of the library's: ENGINE_BLOCK PCRYPT_CONTEXTS list = NULL; */
static inline void engine_block_done(void *block)
{
    void *p;
    memcpy(&p, block, sizeof p);
    BCryptFreeBuffer(p);
}

#define ENGINE_BLOCK CLEANUP(engine_block_done)

static inline UCHAR *bytes_in(struct view v)
{
    /* An empty input is not a missing one. */
    static UCHAR nothing;
    return v.n > 0 ? (UCHAR *)(uintptr_t)v.p : &nothing;
}

/* An opened algorithm. */
struct engine_alg {
    BCRYPT_ALG_HANDLE handle;
};

void engine_alg_done(struct engine_alg *alg);

#define ENGINE_ALG CLEANUP(engine_alg_done) struct engine_alg

/* With a curve where one is given. */
NTSTATUS engine_alg_open(const char *algorithm, const char *curve,
                         struct engine_alg *out) MUST_CHECK;

/* What goes with a padding's flags: the structure for pPaddingInfo. NULL: there is none. */
struct engine_info {
    struct wide hash;
    union {
        BCRYPT_PKCS1_PADDING_INFO pkcs1;
        BCRYPT_PSS_PADDING_INFO pss;
        BCRYPT_OAEP_PADDING_INFO oaep;
        BCRYPT_PQDSA_PADDING_INFO pqdsa;
    };
};

void *engine_info_of(const struct engine_padding *padding, struct engine_info *info);
ULONG engine_flags_of(const struct engine_padding *padding);

/* A parameter list with its strings (engine_derive.c). */
struct engine_list {
    BCryptBufferDesc desc;
    BCryptBuffer buffers[ENGINE_PARAMETERS_MOST];
    struct wide text[ENGINE_PARAMETERS_MOST];
};

void engine_list_fill(const struct engine_kdf *kdf, struct engine_list *list);

/* HKDF takes its hash and salt as properties of an agreed secret, or of a key. */
NTSTATUS engine_prepare_hkdf(BCRYPT_HANDLE secret, const struct engine_kdf *kdf) MUST_CHECK;

#endif
