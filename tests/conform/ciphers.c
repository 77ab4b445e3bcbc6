/*
 * Symmetric ciphers without authentication: every algorithm in every mode and key size is walked through the same
 * promises: round trips, data in pieces, the chaining value in the caller's buffer and in the key, padding, sizes, overlap,
 * copies and blobs. What each algorithm computes is measured by known answers here and by against_evp.c.
 */
#include "conform_sym.h"

struct cipher {
    const char *label;
    LPCWSTR alg;
    ULONG secret; /* bytes of the key */
    ULONG block;
};

static const struct cipher ciphers[] = {
    {"AES-128", BCRYPT_AES_ALGORITHM, 16, 16},
    {"AES-192", BCRYPT_AES_ALGORITHM, 24, 16},
    {"AES-256", BCRYPT_AES_ALGORITHM, 32, 16},
    {"DES", BCRYPT_DES_ALGORITHM, 8, 8},
    {"DESX", BCRYPT_DESX_ALGORITHM, 24, 8},
    {"3DES", BCRYPT_3DES_ALGORITHM, 24, 8},
    {"3DES_112", BCRYPT_3DES_112_ALGORITHM, 16, 8},
    {"3DES_112 with 24 bytes", BCRYPT_3DES_112_ALGORITHM, 24, 8},
    {"RC2 with 2 bytes", BCRYPT_RC2_ALGORITHM, 2, 8},
    {"RC2 with 16 bytes", BCRYPT_RC2_ALGORITHM, 16, 8},
};

struct mode {
    const char *label;
    LPCWSTR name;
    bool has_iv;
    bool by_byte; /* CFB in segments of one byte, else whole blocks */
    bool set_segment;
};

static const struct mode modes[] = {
    {"ECB", BCRYPT_CHAIN_MODE_ECB, false, false, false},
    {"CBC", BCRYPT_CHAIN_MODE_CBC, true, false, false},
    {"CFB", BCRYPT_CHAIN_MODE_CFB, true, true, false},
    {"CFB in blocks", BCRYPT_CHAIN_MODE_CFB, true, false, true},
};

/* One cell of the table, with the key that it is walked with. */
struct subject {
    const struct cipher *c;
    const struct mode *m;
    UCHAR secret[32];
    UCHAR iv[16];
    ULONG grain; /* data comes in multiples of so many bytes */
    ULONG iv_n;  /* 0: none */
};

#define MOST 256 /* bytes of data that a walk uses */

static UCHAR *iv_of(const struct subject *s, UCHAR buffer[16])
{
    memcpy(buffer, s->iv, sizeof s->iv);
    return s->m->has_iv ? buffer : NULL;
}

static BCRYPT_KEY_HANDLE subject_key(const struct subject *s)
{
    BCRYPT_KEY_HANDLE key = key_of(s->c->alg, s->m->name, s->secret, s->c->secret);
    if (s->m->set_segment)
        set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, s->c->block);
    return key;
}

/* In one call, with a key of its own: what every other way has to give. */
static bool reference(const struct subject *s, enum way way, const UCHAR *in, ULONG n, UCHAR *out)
{
    UCHAR iv[16];
    BCRYPT_KEY_HANDLE key = subject_key(s);
    bool good = crypt_all(way, key, in, n, iv_of(s, iv), s->iv_n, out);
    BCryptDestroyKey(key);
    return good;
}

static ULONG some_length(const struct subject *s)
{
    return (1 + below(MOST / s->grain)) * s->grain;
}

/* ---- walks ------------------------------------------------------------------------------------------------------ */

static void walk_round_trip(const struct subject *s)
{
    bool good = true, padded_same = true, in_place = true, guards = true;
    for (int round = 0; round < 12; round++) {
        ULONG n = some_length(s);
        UCHAR plain[MOST], iv[16];
        struct guarded out = guarded_new(n), back = guarded_new(n);
        fill(plain, n);
        BCRYPT_KEY_HANDLE key = subject_key(s);
        good = good && crypt_all(ENCRYPT, key, plain, n, iv_of(s, iv), s->iv_n, out.p) &&
               crypt_all(DECRYPT, key, out.p, n, iv_of(s, iv), s->iv_n, back.p) &&
               memcmp(back.p, plain, n) == 0 && (n < 8 || memcmp(out.p, plain, n) != 0);
        in_place = in_place && crypt_all(ENCRYPT, key, back.p, n, iv_of(s, iv), s->iv_n, back.p) &&
                   memcmp(back.p, out.p, n) == 0 &&
                   crypt_all(DECRYPT, key, back.p, n, iv_of(s, iv), s->iv_n, back.p) &&
                   memcmp(back.p, plain, n) == 0;
        UCHAR roomy[MOST + 64];
        memset(roomy, GUARD_BYTE, sizeof roomy);
        padded_same = padded_same &&
                      crypt_once(ENCRYPT, key, plain, n, NULL, iv_of(s, iv), s->iv_n, roomy, n + 64,
                                 0) == STATUS_SUCCESS &&
                      got == n && memcmp(roomy, out.p, n) == 0 &&
                      all_bytes(roomy + n, 64, GUARD_BYTE);
        guards = guards && guarded_intact(&out) && guarded_intact(&back);
        BCryptDestroyKey(key);
        guarded_free(&out);
        guarded_free(&back);
    }
    tap(good, "decrypting gives the plaintext back");
    tap(in_place, "in place");
    tap(padded_same, "a larger output buffer is written as far as the data goes");
    tap(guards, "nothing is written around the buffers");
}

/* How the pieces of one message hand the chaining value on. */
enum carry { IN_BUFFER, IN_KEY, IN_BOTH, IN_PROPERTY, IN_COPY };

static const char *const carry_names[] = {"the IV buffer", "the key (explicit IV first, then NULL)",
                                          "either, at random (an explicit IV also updates the key)",
                                          "the key's property IV", "copies of the key"};

static bool run_pieces(const struct subject *s, enum way way, enum carry carry, const UCHAR *in,
                       ULONG n, UCHAR *out)
{
    UCHAR iv[16];
    UCHAR *at = iv_of(s, iv);
    BCRYPT_KEY_HANDLE key = subject_key(s), copy = NULL;
    bool good = key != NULL;
    if (carry == IN_PROPERTY)
        good = good && BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, iv, s->iv_n, 0) ==
                           STATUS_SUCCESS;
    for (ULONG done = 0; done < n && good;) {
        ULONG piece = (1 + below((n - done) / s->grain)) * s->grain;
        bool by_key = carry == IN_PROPERTY || (carry == IN_BOTH && done > 0 && below(2) == 0) ||
                      ((carry == IN_KEY || carry == IN_COPY) && done > 0);
        good = crypt_all(way, key, in + done, piece, by_key ? NULL : at, by_key ? 0 : s->iv_n,
                         out + done);
        if (by_key && carry == IN_BOTH && s->m->has_iv) {
            /* The caller's buffer is behind now; what the key knows is the truth. */
            ULONG size = 0;
            good = good &&
                   BCryptGetProperty(key, BCRYPT_INITIALIZATION_VECTOR, iv, sizeof iv, &size, 0) ==
                       STATUS_SUCCESS &&
                   size == s->iv_n;
        }
        if (carry == IN_COPY) {
            good = good && BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                   BCryptDestroyKey(key) == STATUS_SUCCESS;
            key = copy;
        }
        done += piece;
    }
    BCryptDestroyKey(key);
    return good;
}

static void walk_pieces(const struct subject *s)
{
    for (int carry = IN_BUFFER; carry <= IN_COPY; carry++) {
        if (!s->m->has_iv && carry != IN_COPY)
            continue;
        for (int way = ENCRYPT; way <= DECRYPT; way++) {
            bool good = true;
            for (int round = 0; round < 10; round++) {
                UCHAR in[MOST], whole[MOST], pieces[MOST];
                ULONG n = some_length(s);
                fill(in, n);
                good = good && reference(s, way, in, n, whole) &&
                       run_pieces(s, way, carry, in, n, pieces) && memcmp(whole, pieces, n) == 0;
            }
            char what[128];
            snprintf(what, sizeof what, "%s in pieces, carried by %s", way_names[way],
                     carry_names[carry]);
            tap(good, what);
        }
    }
}

static void walk_iv(const struct subject *s)
{
    UCHAR in[64], out[64], other[64], iv[16];
    ULONG n = 64;
    fill(in, n);
    if (!s->m->has_iv) {
        BCRYPT_KEY_HANDLE key = subject_key(s);
        tap_status(crypt_once(ENCRYPT, key, in, n, NULL, iv, s->c->block, out, n, 0),
                   STATUS_INVALID_PARAMETER, "an IV");
        tap(got == n, "but the size is set");
        tap_status(crypt_once(ENCRYPT, key, in, n, NULL, NULL, 16, out, n, 0), STATUS_SUCCESS,
                   "NULL with a size");
        BCryptDestroyKey(key);
        return;
    }

    BCRYPT_KEY_HANDLE key = subject_key(s);
    tap(crypt_all(ENCRYPT, key, in, n, iv_of(s, iv), s->iv_n, out) &&
            memcmp(iv, out + n - s->c->block, s->c->block) == 0,
        "the IV buffer gets the last ciphertext block");
    tap(crypt_all(DECRYPT, key, out, n, iv_of(s, iv), s->iv_n, other) &&
            memcmp(iv, out + n - s->c->block, s->c->block) == 0,
        "in decryption too");
    iv_of(s, iv);
    tap(crypt_once(ENCRYPT, key, in, n, NULL, iv, s->iv_n, NULL, 0, 0) == STATUS_SUCCESS &&
            got == n && memcmp(iv, s->iv, s->iv_n) == 0,
        "a size query leaves it alone");
    static const int off[] = {-1, 1, 8};
    for (size_t i = 0; i < COUNT(off); i++) {
        UCHAR wide[32] = {0};
        char what[64];
        snprintf(what, sizeof what, "an IV of %d bytes more", off[i]);
        tap_status(crypt_once(ENCRYPT, key, in, n, NULL, wide, s->iv_n + (ULONG)off[i], out, n, 0),
                   STATUS_INVALID_PARAMETER, what);
    }
    tap_status(crypt_once(ENCRYPT, key, in, n, NULL, iv, 0, out, n, 0), STATUS_INVALID_PARAMETER,
               "an IV of no bytes");
    BCryptDestroyKey(key);

    UCHAR zero[16] = {0};
    key = subject_key(s);
    bool good = crypt_all(ENCRYPT, key, in, n, NULL, 0, out);
    BCryptDestroyKey(key);
    key = subject_key(s);
    tap(good && crypt_all(ENCRYPT, key, in, n, zero, s->iv_n, other) && memcmp(out, other, n) == 0,
        "a fresh key's chaining value is zero");
    ULONG size = 0;
    UCHAR value[16];
    tap(BCryptGetProperty(key, BCRYPT_INITIALIZATION_VECTOR, value, sizeof value, &size, 0) ==
                STATUS_SUCCESS &&
            size == s->iv_n && memcmp(value, zero, size) == 0,
        "property IV follows an explicit IV");
    tap_status(BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, value, s->iv_n - 1, 0),
               STATUS_INVALID_PARAMETER, "property IV a byte short");
    tap(BCryptGetProperty(key, BCRYPT_INITIALIZATION_VECTOR, other, sizeof other, &size, 0) ==
                STATUS_SUCCESS &&
            memcmp(value, other, size) == 0,
        "stays what it was");
    BCryptDestroyKey(key);
}

static void walk_sizes(const struct subject *s)
{
    UCHAR in[64], iv[16], first[64], rest[64];
    ULONG n = 64;
    fill(in, n);
    for (int way = ENCRYPT; way <= DECRYPT; way++) {
        char what[96];
        struct guarded out = guarded_new(n - 1);
        BCRYPT_KEY_HANDLE key = subject_key(s);
        bool good = crypt_all(way, key, in, s->grain, iv_of(s, iv), s->iv_n, first);
        snprintf(what, sizeof what, "%s into an output a byte short", way_names[way]);
        tap_status(crypt_once(way, key, in, n, NULL, iv_of(s, iv), s->iv_n, out.p, n - 1, 0),
                   STATUS_BUFFER_TOO_SMALL, what);
        tap(got == n && guarded_untouched(&out) && memcmp(iv, s->iv, sizeof iv) == 0,
            "the size is told, output and IV are untouched");
        tap_status(crypt_once(way, key, in, n, NULL, NULL, 0, out.p, 0, 0), STATUS_BUFFER_TOO_SMALL,
                   "an output of no bytes");
        tap_status(crypt_once(way, key, in, n, NULL, NULL, 0, NULL, 77, 0), STATUS_SUCCESS,
                   "a size query");
        tap(got == n && guarded_untouched(&out), "is answered with the input's size");
        /* None of this moved the chaining value. */
        UCHAR whole[64];
        ULONG more = s->grain * 2 <= n ? s->grain : n - s->grain;
        good = good && reference(s, way, in, s->grain + more, whole) &&
               crypt_all(way, key, in + s->grain, more, NULL, 0, rest) &&
               memcmp(rest, whole + s->grain, more) == 0;
        tap(good, "and the key's chaining value has not moved");

        got = 0xBAD;
        tap(crypt_once(way, key, in, 0, NULL, NULL, 0, first, sizeof first, 0) == STATUS_SUCCESS &&
                got == 0,
            "no bytes into a buffer: success, no bytes");
        tap(crypt_once(way, key, NULL, 0, NULL, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS && got == 0,
            "NULL in, NULL out, length 0: success, size 0");
        tap(crypt_once(way, key, NULL, 0, NULL, NULL, 0, NULL, 0, BCRYPT_BLOCK_PADDING) ==
                    STATUS_SUCCESS &&
                got == 0,
            "the same with a padding");
        tap_status(crypt_once(way, key, NULL, 0, NULL, NULL, 0, whole, 64, BCRYPT_BLOCK_PADDING),
                   STATUS_INVALID_PARAMETER, "NULL in, length 0, with a padding and a buffer");
        tap_status(crypt_once(way, key, NULL, n, NULL, NULL, 0, whole, n, 0),
                   STATUS_INVALID_PARAMETER, "no input");
        tap_status(crypt_once(way, key, in, n, NULL, NULL, 0, whole, n, UNKNOWN_BIT),
                   STATUS_INVALID_PARAMETER, "an unknown flag");
        tap_status(crypt_once(way, key, in, n, NULL, NULL, 0, whole, n, BCRYPT_PAD_OAEP),
                   STATUS_INVALID_PARAMETER, "a flag of RSA");
        tap_status(crypt_once(way, key, in, n, NULL, NULL, 0, whole, n, BCRYPT_BUFFERS_LOCKED_FLAG),
                   STATUS_SUCCESS, "BCRYPT_BUFFERS_LOCKED_FLAG is ignored");
        if (s->grain > 1) {
            static const ULONG partial[] = {1, 7};
            for (size_t i = 0; i < COUNT(partial); i++) {
                ULONG odd = s->grain + partial[i];
                snprintf(what, sizeof what, "%s %u bytes", way_names[way], (unsigned)odd);
                tap_status(crypt_once(way, key, in, odd, NULL, NULL, 0, whole, n, 0),
                           STATUS_INVALID_BUFFER_SIZE, what);
                tap(got == odd, "with *pcbResult = cbInput");
                tap_status(crypt_once(way, key, in, odd, NULL, NULL, 0, NULL, 0, 0),
                           STATUS_INVALID_BUFFER_SIZE, "in a size query, too");
                tap(got == odd, "with *pcbResult = cbInput");
            }
        }
        BCryptDestroyKey(key);
        guarded_free(&out);
    }
}

static void walk_overlap(const struct subject *s)
{
    UCHAR area[160], before[160], iv[16];
    const ULONG n = 48, at = 56;
    const int shifts[] = {-47, -16, -8, -1, 1, 8, 16, 47};
    fill(area, sizeof area);
    memcpy(before, area, sizeof area);
    for (int way = ENCRYPT; way <= DECRYPT; way++) {
        bool refused = true, untouched = true;
        BCRYPT_KEY_HANDLE key = subject_key(s);
        for (size_t i = 0; i < COUNT(shifts); i++) {
            refused =
                refused && crypt_once(way, key, area + at, n, NULL, iv_of(s, iv), s->iv_n,
                                      area + (int)at + shifts[i], n, 0) == STATUS_INVALID_PARAMETER;
            untouched = untouched && memcmp(area, before, sizeof area) == 0 &&
                        memcmp(iv, s->iv, sizeof iv) == 0;
        }
        tap(refused, "buffers that overlap in part are refused");
        tap(untouched, "with nothing changed");
        UCHAR want[48];
        tap(reference(s, way, area + at, n, want) &&
                crypt_all(way, key, area + at, n, iv_of(s, iv), s->iv_n, area + at + n) &&
                memcmp(area + at + n, want, n) == 0,
            "buffers side by side are not");
        memcpy(area, before, sizeof area);
        BCryptDestroyKey(key);
    }
}

static void walk_padding(const struct subject *s)
{
    const ULONG block = s->c->block;
    bool length = true, back = true, bytes = true, untouched = true, exact = true, iv_good = true;
    bool short_decrypt = true, one_less = true, in_place = true;
    for (ULONG n = 0; n <= 3 * block; n++) {
        UCHAR plain[MOST], whole[MOST], out[MOST], again[MOST], iv[16];
        ULONG padded = (n / block + 1) * block;
        fill(plain, n);
        memcpy(whole, plain, n);
        memset(whole + n, (int)(padded - n), padded - n);
        BCRYPT_KEY_HANDLE key = subject_key(s);
        length = length &&
                 crypt_once(ENCRYPT, key, plain, n, NULL, iv_of(s, iv), s->iv_n, NULL, 0,
                            BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                 got == padded;
        struct guarded less = guarded_new(padded - 1);
        untouched = untouched &&
                    crypt_once(ENCRYPT, key, plain, n, NULL, iv_of(s, iv), s->iv_n, less.p, less.n,
                               BCRYPT_BLOCK_PADDING) == STATUS_BUFFER_TOO_SMALL &&
                    got == padded && guarded_untouched(&less) && memcmp(iv, s->iv, sizeof iv) == 0;
        guarded_free(&less);
        UCHAR *used = iv_of(s, iv);
        bytes = bytes &&
                crypt_once(ENCRYPT, key, plain, n, NULL, used, s->iv_n, out, padded,
                           BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                got == padded && reference(s, ENCRYPT, whole, padded, again) &&
                memcmp(out, again, padded) == 0;
        iv_good = iv_good && (used == NULL || memcmp(iv, out + padded - block, block) == 0);
        memcpy(again, plain, n);
        in_place = in_place &&
                   crypt_once(ENCRYPT, key, again, n, NULL, iv_of(s, iv), s->iv_n, again, padded,
                              BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                   memcmp(again, out, padded) == 0 &&
                   crypt_once(DECRYPT, key, again, padded, NULL, iv_of(s, iv), s->iv_n, again,
                              padded, BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                   got == n && memcmp(again, plain, n) == 0;

        back = back &&
               crypt_once(DECRYPT, key, out, padded, NULL, iv_of(s, iv), s->iv_n, NULL, 0,
                          BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
               got == padded &&
               crypt_once(DECRYPT, key, out, padded, NULL, iv_of(s, iv), s->iv_n, again, padded,
                          BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
               got == n && memcmp(again, plain, n) == 0;
        struct guarded fits = guarded_new(n);
        exact = exact &&
                crypt_once(DECRYPT, key, out, padded, NULL, iv_of(s, iv), s->iv_n, fits.p, n,
                           BCRYPT_BLOCK_PADDING) == STATUS_SUCCESS &&
                got == n && memcmp(fits.p, plain, n) == 0 && guarded_intact(&fits);
        guarded_free(&fits);
        ULONG least = padded - block; /* cbInput less a block */
        if (least > 0) {
            less = guarded_new(least - 1);
            short_decrypt =
                short_decrypt &&
                crypt_once(DECRYPT, key, out, padded, NULL, iv_of(s, iv), s->iv_n, less.p, less.n,
                           BCRYPT_BLOCK_PADDING) == STATUS_BUFFER_TOO_SMALL &&
                got == padded && guarded_untouched(&less) && memcmp(iv, s->iv, sizeof iv) == 0;
            guarded_free(&less);
        }
        if (n > least) {
            less = guarded_new(n - 1);
            one_less = one_less &&
                       crypt_once(DECRYPT, key, out, padded, NULL, iv_of(s, iv), s->iv_n, less.p,
                                  less.n, BCRYPT_BLOCK_PADDING) == STATUS_BUFFER_TOO_SMALL &&
                       got == n && guarded_intact(&less);
            guarded_free(&less);
        }
        BCryptDestroyKey(key);
    }
    UCHAR byte;
    BCRYPT_KEY_HANDLE key = subject_key(s);
    tap_fails(
        crypt_once(ENCRYPT, key, &byte, 0xFFFFFFF8, NULL, NULL, 0, NULL, 0, BCRYPT_BLOCK_PADDING),
        "BLOCK_PADDING: a ciphertext of 2^32 bytes and more has no size");
    tap_fails(
        crypt_once(ENCRYPT, key, &byte, 0xFFFFFFFF, NULL, NULL, 0, &byte, 1, BCRYPT_BLOCK_PADDING),
        "BLOCK_PADDING: nor does it fit into a byte");
    BCryptDestroyKey(key);
    tap(length, "BLOCK_PADDING: a query tells the next whole block (17 -> 32, 32 -> 48)");
    tap(untouched,
        "BLOCK_PADDING: a short output is STATUS_BUFFER_TOO_SMALL with it, IV untouched");
    tap(bytes, "BLOCK_PADDING: the ciphertext is that of PKCS #7's padding");
    tap(iv_good, "BLOCK_PADDING: the IV is the last block of it");
    tap(in_place, "BLOCK_PADDING: in place, both ways");
    tap(back, "BLOCK_PADDING: decrypting tells cbInput in a query, gives the plaintext in a call");
    tap(exact, "BLOCK_PADDING: the buffer may be exactly the plaintext's size");
    tap(short_decrypt,
        "BLOCK_PADDING: cbOutput < cbInput - block is STATUS_BUFFER_TOO_SMALL with cbInput");
    tap(one_less, "BLOCK_PADDING: cbOutput below the plaintext is STATUS_BUFFER_TOO_SMALL with "
                  "the true length");
}

static void walk_bad_padding(const struct subject *s)
{
    const ULONG block = s->c->block, n = 2 * block;
    struct bad {
        const char *label;
        UCHAR last, before;
    } bad[] = {
        {"a last byte of 0", 0, 0},
        {"a last byte over the block", (UCHAR)(block + 1), (UCHAR)(block + 1)},
        {"a last byte of 255", 255, 255},
        {"2 behind a 3", 2, 3},
        {"a whole block but for its first byte", (UCHAR)block, (UCHAR)block},
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        UCHAR plain[32], out[32], iv[16];
        struct guarded back = guarded_new(n);
        memset(plain, bad[i].before, n);
        plain[n - 1] = bad[i].last;
        plain[n - block] = 0x77;
        BCRYPT_KEY_HANDLE key = subject_key(s);
        bool made = crypt_all(ENCRYPT, key, plain, n, iv_of(s, iv), s->iv_n, out);
        NTSTATUS status = crypt_once(DECRYPT, key, out, n, NULL, iv_of(s, iv), s->iv_n, back.p, n,
                                     BCRYPT_BLOCK_PADDING);
        tap_status(made ? status : STATUS_UNSUCCESSFUL, STATUS_DATA_ERROR, bad[i].label);
        tap(guarded_intact(&back), "nothing is written around the buffer");
        tap(crypt_all(DECRYPT, key, out, n, iv_of(s, iv), s->iv_n, back.p) &&
                memcmp(back.p, plain, n) == 0,
            "and the key goes on working");
        BCryptDestroyKey(key);
        guarded_free(&back);
    }
    UCHAR in[32] = {0}, out[32];
    BCRYPT_KEY_HANDLE key = subject_key(s);
    tap_fails(crypt_once(DECRYPT, key, in, 0, NULL, NULL, 0, out, sizeof out, BCRYPT_BLOCK_PADDING),
              "a ciphertext of no bytes cannot be unpadded");
    for (ULONG odd = 1; odd < block; odd += block - 2) {
        tap_status(crypt_once(DECRYPT, key, in, block + odd, NULL, NULL, 0, out, sizeof out,
                              BCRYPT_BLOCK_PADDING),
                   STATUS_INVALID_BUFFER_SIZE, "decrypting a partial block with BLOCK_PADDING");
        tap(got == block + odd, "with *pcbResult = cbInput");
        tap_status(
            crypt_once(DECRYPT, key, in, block + odd, NULL, NULL, 0, NULL, 0, BCRYPT_BLOCK_PADDING),
            STATUS_INVALID_BUFFER_SIZE, "also in a size query");
    }
    BCryptDestroyKey(key);
}

/* The key's blobs, with its chaining value in the middle of a message. */
static void walk_blobs(const struct subject *s)
{
    UCHAR in[64], whole[64], out[64], iv[16], blob[512];
    ULONG half = 32, n = 64;
    fill(in, n);
    bool known = reference(s, ENCRYPT, in, n, whole);
    BCRYPT_ALG_HANDLE alg = open_with(s->c->alg, s->m->name, 0);
    BCRYPT_KEY_HANDLE key = subject_key(s), other = NULL;
    known = known && crypt_all(ENCRYPT, key, in, half, iv_of(s, iv), s->iv_n, out);

    ULONG size = export_to(key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
    BCRYPT_KEY_DATA_BLOB_HEADER head;
    memcpy(&head, blob, sizeof head);
    head_turn(&head, sizeof head);
    tap(size == 12 + s->c->secret && head.dwMagic == BCRYPT_KEY_DATA_BLOB_MAGIC &&
            head.dwVersion == BCRYPT_KEY_DATA_BLOB_VERSION1 && head.cbKeyData == s->c->secret &&
            memcmp(blob + 12, s->secret, s->c->secret) == 0,
        "KeyDataBlob is the header and the secret");
    tap_status(BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &other, NULL, 0, blob, size, 0),
               STATUS_SUCCESS, "KeyDataBlob imports");
    if (s->m->set_segment)
        set_u32(other, BCRYPT_MESSAGE_BLOCK_LENGTH, s->c->block);
    tap(known && crypt_all(ENCRYPT, other, in, n, iv_of(s, iv), s->iv_n, out) &&
            memcmp(out, whole, n) == 0,
        "the same key, in the algorithm's mode");
    BCryptDestroyKey(other);
    other = NULL;

    size = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
    tap(size > 0, "OpaqueKeyBlob exports");
    BCRYPT_ALG_HANDLE plain_alg = open_with(s->c->alg, NULL, 0);
    tap_status(
        BCryptImportKey(plain_alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &other, NULL, 0, blob, size, 0),
        STATUS_SUCCESS, "and imports through an algorithm in another mode");
    WCHAR mode[32] = {0};
    tap(BCryptGetProperty(other, BCRYPT_CHAINING_MODE, (PUCHAR)mode, sizeof mode, &size, 0) ==
                STATUS_SUCCESS &&
            text_equal(mode, s->m->name),
        "the mode comes along");
    tap(known && crypt_all(ENCRYPT, other, in + half, n - half, NULL, 0, out + half) &&
            memcmp(out + half, whole + half, n - half) == 0,
        "and so does the chaining value");
    tap(crypt_all(ENCRYPT, key, in + half, n - half, NULL, 0, out + half) &&
            memcmp(out + half, whole + half, n - half) == 0,
        "while the exported key keeps its own");
    BCryptDestroyKey(other);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(plain_alg, 0);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* The mode of a key can be changed at any time. */
static void walk_change(const struct subject *s)
{
    for (size_t i = 0; i < COUNT(modes); i++) {
        struct subject other = *s;
        UCHAR in[64], want[64], out[64], iv[16];
        char what[96];
        other.m = &modes[i];
        other.grain = other.m->by_byte ? 1 : s->c->block;
        other.iv_n = other.m->has_iv ? s->c->block : 0;
        fill(in, sizeof in);
        BCRYPT_KEY_HANDLE key = subject_key(s);
        bool good = crypt_all(ENCRYPT, key, in, 32, iv_of(s, iv), s->iv_n, out);
        good = good && set_text(key, BCRYPT_CHAINING_MODE, other.m->name) == STATUS_SUCCESS;
        if (other.m->by_byte || other.m->set_segment)
            good = good && set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, other.grain) == STATUS_SUCCESS;
        snprintf(what, sizeof what, "a used key changes to %s", other.m->label);
        tap(good && reference(&other, ENCRYPT, in, 64, want) &&
                crypt_all(ENCRYPT, key, in, 64, iv_of(&other, iv), other.iv_n, out) &&
                memcmp(out, want, 64) == 0 &&
                crypt_all(DECRYPT, key, out, 64, iv_of(&other, iv), other.iv_n, out) &&
                memcmp(out, in, 64) == 0,
            what);
        BCryptDestroyKey(key);
    }
}

/* A key in the caller's memory. */
static void walk_object(const struct subject *s)
{
    BCRYPT_ALG_HANDLE alg = open_with(s->c->alg, s->m->name, 0);
    ULONG size = get_u32(alg, BCRYPT_OBJECT_LENGTH);
    tap(size > 0 && size <= 768, "ObjectLength is at least 1 and at most 768");
    struct guarded object = guarded_new(size <= 4096 ? size : 4096), copy = guarded_new(object.n);
    UCHAR in[64], want[64], out[64], iv[16];
    BCRYPT_KEY_HANDLE key = NULL, twin = NULL;
    fill(in, sizeof in);
    tap_status(BCryptGenerateSymmetricKey(alg, &key, object.p, object.n, (PUCHAR)s->secret,
                                          s->c->secret, 0),
               STATUS_SUCCESS, "a key in memory of exactly that size");
    if (s->m->set_segment)
        set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, s->c->block);
    bool good = reference(s, ENCRYPT, in, 64, want) &&
                BCryptDuplicateKey(key, &twin, copy.p, copy.n, 0) == STATUS_SUCCESS &&
                crypt_all(ENCRYPT, key, in, 64, iv_of(s, iv), s->iv_n, out) &&
                memcmp(out, want, 64) == 0;
    tap(good && BCryptDestroyKey(key) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, twin, in, 64, iv_of(s, iv), s->iv_n, out) &&
            memcmp(out, want, 64) == 0 && BCryptDestroyKey(twin) == STATUS_SUCCESS,
        "works, and so does a copy that outlives it");
    tap(guarded_intact(&object) && guarded_intact(&copy), "nothing is written around the objects");
    BCryptCloseAlgorithmProvider(alg, 0);
    guarded_free(&object);
    guarded_free(&copy);
}

static void walk(const struct cipher *c, const struct mode *m)
{
    struct subject s = {c, m, {0}, {0}, m->by_byte ? 1 : c->block, m->has_iv ? c->block : 0};
    row_begin("%s %s (%d-bit WCHAR)", c->label, m->label, (int)sizeof(WCHAR) * 8);
    fill(s.secret, sizeof s.secret);
    fill(s.iv, sizeof s.iv);
    BCRYPT_KEY_HANDLE key = subject_key(&s);
    tap(key != NULL, "a key can be made");
    if (key == NULL)
        return;
    BCryptDestroyKey(key);
    walk_round_trip(&s);
    walk_pieces(&s);
    walk_iv(&s);
    walk_sizes(&s);
    walk_overlap(&s);
    walk_padding(&s);
    walk_bad_padding(&s);
    walk_blobs(&s);
    walk_change(&s);
    walk_object(&s);
}

/* ---- RC4, XTS-AES ----------------------------------------------------------------------------------------------- */

static void check_rc4(void)
{
    UCHAR secret[16], in[64], whole[64], out[64];
    ROW("RC4");
    fill(secret, sizeof secret);
    fill(in, sizeof in);
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_RC4_ALGORITHM, NULL, secret, sizeof secret);
    tap(crypt_all(ENCRYPT, key, in, 64, NULL, 0, whole), "encrypts");
    BCryptDestroyKey(key);
    bool good = true;
    for (int round = 0; round < 20; round++) {
        BCRYPT_KEY_HANDLE copy = NULL;
        key = key_of(BCRYPT_RC4_ALGORITHM, NULL, secret, sizeof secret);
        for (ULONG done = 0; done < 64 && good;) {
            ULONG piece = 1 + below(64 - done);
            good = crypt_all(round % 2 == 0 ? ENCRYPT : DECRYPT, key, in + done, piece, NULL, 0,
                             out + done) &&
                   BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                   BCryptDestroyKey(key) == STATUS_SUCCESS;
            key = copy;
            done += piece;
        }
        good = good && memcmp(out, whole, 64) == 0;
        BCryptDestroyKey(key);
    }
    tap(good, "the stream goes on in the key, in its copies, and in both directions");

    UCHAR blob[4096];
    BCRYPT_KEY_HANDLE other = NULL;
    key = key_of(BCRYPT_RC4_ALGORITHM, NULL, secret, sizeof secret);
    good = crypt_all(ENCRYPT, key, in, 20, NULL, 0, out);
    ULONG size = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
    tap(good && size > 0 &&
            BCryptImportKey(BCRYPT_RC4_ALG_HANDLE, NULL, BCRYPT_OPAQUE_KEY_BLOB, &other, NULL, 0,
                            blob, size, 0) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, other, in + 20, 44, NULL, 0, out) &&
            memcmp(out, whole + 20, 44) == 0,
        "OpaqueKeyBlob holds the key with its place in the stream (this library's choice)");
    tap(size > 32 && memcmp(blob + 24, "\x14\0\0\0\0\0\0\0", 8) == 0,
        "which is a little-endian number");
    BCryptDestroyKey(other);
    memcpy(out, whole, 20);
    tap_status(crypt_once(ENCRYPT, key, in, 64, NULL, NULL, 0, out, 63, 0), STATUS_BUFFER_TOO_SMALL,
               "an output a byte short");
    tap(got == 64 &&
            crypt_once(ENCRYPT, key, in, 64, NULL, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 64 && crypt_all(ENCRYPT, key, in + 20, 44, NULL, 0, out + 20) &&
            memcmp(out, whole, 64) == 0,
        "that and a size query do not move the stream");
    size = export_to(key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
    tap(size == 12 + 16 && memcmp(blob + 12, secret, 16) == 0, "KeyDataBlob holds the secret");
    tap_fails(
        crypt_once(ENCRYPT, key, in, 16, NULL, NULL, 0, out, sizeof out, BCRYPT_BLOCK_PADDING),
        "a stream cipher does not pad");
    BCryptDestroyKey(key);
}

static void put_le64(UCHAR iv[8], ULONGLONG value)
{
    for (int i = 0; i < 8; i++)
        iv[i] = (UCHAR)(value >> 8 * i);
}

static void check_xts(ULONG secret_n, ULONG unit)
{
    UCHAR secret[64], in[1024], whole[1024], out[1024], iv[8];
    row_begin("XTS-AES with %u bytes, units of %u (%d-bit WCHAR)", (unsigned)secret_n,
              (unsigned)unit, (int)sizeof(WCHAR) * 8);
    fill(secret, sizeof secret);
    fill(in, sizeof in);
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_XTS_AES_ALGORITHM, NULL, secret, secret_n);
    tap_status(set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, unit), STATUS_SUCCESS,
               "MessageBlockLength is set");
    tap(get_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH) == unit, "and read");
    ULONG n = 1024 / unit * unit;
    /* Three units before the tweak wraps around: it does so modulo 2^64. */
    static const ULONGLONG starts[] = {0, 1, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFD};
    for (size_t i = 0; i < COUNT(starts); i++) {
        char what[64];
        put_le64(iv, starts[i]);
        bool good = crypt_all(ENCRYPT, key, in, n, iv, 8, whole);
        for (ULONG u = 0; u < n / unit && good; u++) {
            put_le64(iv, starts[i] + u);
            good = crypt_all(ENCRYPT, key, in + u * unit, unit, iv, 8, out + u * unit);
        }
        snprintf(what, sizeof what, "unit after unit from 0x%llx is all at once",
                 (unsigned long long)starts[i]);
        tap(good && memcmp(out, whole, n) == 0, what);
        put_le64(iv, starts[i]);
        tap(crypt_all(DECRYPT, key, whole, n, iv, 8, out) && memcmp(out, in, n) == 0,
            "and decrypts to the plaintext");
        put_le64(iv, starts[i]);
        memcpy(out, in, n);
        tap(crypt_all(ENCRYPT, key, out, n, iv, 8, out) && memcmp(out, whole, n) == 0, "in place");
    }
    put_le64(iv, 0);
    tap_status(crypt_once(ENCRYPT, key, in, unit + unit / 2, NULL, iv, 8, out, sizeof out, 0),
               STATUS_INVALID_BUFFER_SIZE, "half a data unit");
    UCHAR wide[16] = {0};
    tap_status(crypt_once(ENCRYPT, key, in, unit, NULL, wide, 16, out, sizeof out, 0),
               STATUS_INVALID_PARAMETER, "a tweak of 16 bytes");
    tap_status(crypt_once(ENCRYPT, key, in, unit, NULL, wide, 7, out, sizeof out, 0),
               STATUS_INVALID_PARAMETER, "a tweak of 7 bytes");
    tap_fails(
        crypt_once(ENCRYPT, key, in, unit, NULL, iv, 8, out, sizeof out, BCRYPT_BLOCK_PADDING),
        "XTS does not pad");
    tap_status(crypt_once(ENCRYPT, key, in, unit, NULL, iv, 8, out, unit - 1, 0),
               STATUS_BUFFER_TOO_SMALL, "an output a byte short");
    tap(got == unit, "tells the size");
    tap_status(set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, 15), STATUS_INVALID_PARAMETER,
               "a unit of 15 bytes");
    tap_status(set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, (1u << 24) + 1), STATUS_INVALID_PARAMETER,
               "a unit of 2^24 + 1 bytes");
    tap(get_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH) == unit, "leave it as it was");

    UCHAR blob[512];
    BCRYPT_KEY_HANDLE other = NULL;
    ULONG size = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
    put_le64(iv, 0);
    bool good = crypt_all(ENCRYPT, key, in, n, iv, 8, whole);
    put_le64(iv, 0);
    tap(size > 0 && good &&
            BCryptImportKey(BCRYPT_XTS_AES_ALG_HANDLE, NULL, BCRYPT_OPAQUE_KEY_BLOB, &other, NULL,
                            0, blob, size, 0) == STATUS_SUCCESS &&
            get_u32(other, BCRYPT_MESSAGE_BLOCK_LENGTH) == unit &&
            crypt_all(ENCRYPT, other, in, n, iv, 8, out) && memcmp(out, whole, n) == 0,
        "OpaqueKeyBlob keeps the unit");
    BCryptDestroyKey(other);
    other = NULL;
    put_le64(iv, 0);
    tap(BCryptDuplicateKey(key, &other, NULL, 0, 0) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, other, in, n, iv, 8, out) && memcmp(out, whole, n) == 0,
        "a copy keeps it too");
    BCryptDestroyKey(other);
    BCryptDestroyKey(key);
}

/* XTS as IEEE 1619 writes it, of one unit, out of ECB calls; `ecb` has the one half. */
static void xts_model(BCRYPT_KEY_HANDLE ecb, UCHAR number, const UCHAR *in, ULONG n, UCHAR *out)
{
    UCHAR tweak[16] = {number}, before[16];
    crypt_all(ENCRYPT, ecb, tweak, 16, NULL, 0, tweak);
    ULONG blocks = (n + 15) / 16;
    for (ULONG b = 0; b < blocks; b++) {
        ULONG at = b * 16, have = n - at < 16 ? n - at : 16;
        UCHAR block[16];
        memcpy(block, in + at, have);
        if (have < 16) { /* stolen from the block before, which moves to the end */
            memcpy(block + have, before + have, 16 - have);
            memcpy(out + at, before, have);
            at -= 16;
        }
        for (int i = 0; i < 16; i++)
            block[i] ^= tweak[i];
        crypt_all(ENCRYPT, ecb, block, 16, NULL, 0, block);
        for (int i = 0; i < 16; i++)
            before[i] = out[at + i] = block[i] ^ tweak[i];
        for (int i = 15; i > 0; i--)
            block[i] = (UCHAR)(tweak[i] << 1 | tweak[i - 1] >> 7);
        block[0] = (UCHAR)(tweak[0] << 1 ^ (tweak[15] >> 7) * 0x87);
        memcpy(tweak, block, 16);
    }
}

/* Two equal halves have a way of their own inside, which is held against the model. */
static void check_xts_model(int equal)
{
    UCHAR secret[32], in[5000], out[5000], back[5000], expected[5000];
    row_begin("XTS-AES, %s halves", equal ? "equal" : "different");
    for (size_t i = 0; i < sizeof secret; i++)
        secret[i] = (UCHAR)(i % 16 * 7);
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (UCHAR)(i * 11 + i / 256);
    if (!equal)
        secret[31] ^= 1;
    BCRYPT_KEY_HANDLE key = NULL, data = NULL;
    BCryptGenerateSymmetricKey(BCRYPT_XTS_AES_ALG_HANDLE, &key, NULL, 0, secret, 32, 0);
    BCryptGenerateSymmetricKey(BCRYPT_AES_ECB_ALG_HANDLE, &data, NULL, 0, secret, 16, 0);
    int good = 1, round_trip = 1;
    for (ULONG n = 16; n <= 4400 && good; n += n < 70 ? 1 : 433) {
        UCHAR iv[8] = {(UCHAR)n};
        good = crypt_all(ENCRYPT, key, in, n, iv, 8, out);
        UCHAR again[8] = {(UCHAR)n};
        round_trip &= crypt_all(DECRYPT, key, out, n, again, 8, back) && memcmp(in, back, n) == 0;
        xts_model(data, (UCHAR)n, in, n, expected);
        good = good && (!equal || memcmp(out, expected, n) == 0);
        memcpy(back, in, n);
        memset(iv, 0, sizeof iv);
        iv[0] = (UCHAR)n;
        round_trip &= crypt_all(ENCRYPT, key, back, n, iv, 8, back) && memcmp(out, back, n) == 0;
    }
    tap(good, equal ? "units of any size are as the model has them" : "units of any size encrypt");
    tap(round_trip, "and come back, in place too");
    BCryptDestroyKey(key);
    BCryptDestroyKey(data);
}

static void check_xts_halves(void)
{
    check_xts_model(1);
    check_xts_model(0);
    ROW("XTS-AES");
    UCHAR secret[32];
    BCRYPT_KEY_HANDLE key = NULL;
    memset(secret, 7, sizeof secret);
    tap_status(BCryptGenerateSymmetricKey(BCRYPT_XTS_AES_ALG_HANDLE, &key, NULL, 0, secret, 32, 0),
               STATUS_SUCCESS, "two equal halves");
    UCHAR in[16] = {0}, out[16], back[16], iv[8] = {0};
    set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, 16);
    tap(crypt_all(ENCRYPT, key, in, 16, iv, 8, out), "encrypt");
    memset(iv, 0, 8);
    tap(crypt_all(DECRYPT, key, out, 16, iv, 8, back) && memcmp(back, in, 16) == 0, "and decrypt");
    BCryptDestroyKey(key);
    key = NULL;
    secret[0] = 8;
    tap_status(BCryptGenerateSymmetricKey(BCRYPT_XTS_AES_ALG_HANDLE, &key, NULL, 0, secret, 32,
                                          BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS),
               STATUS_SUCCESS, "BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS with different halves");
    BCryptDestroyKey(key);
    key = UNTOUCHED;
    tap_status(BCryptGenerateSymmetricKey(BCRYPT_AES_CBC_ALG_HANDLE, &key, NULL, 0, secret, 32,
                                          BCRYPT_ENABLE_INCOMPATIBLE_FIPS_CHECKS),
               STATUS_INVALID_PARAMETER, "the flag on another algorithm");
    tap(key == UNTOUCHED, "leaves the key variable untouched");
}

/* ---- known answers ---------------------------------------------------------------------------------------------- */

/* FIPS 197, SP 800-38A, RFC 2268, and the customary ones of DES and RC4. */
static const struct answer {
    const char *label;
    LPCWSTR alg, mode;
    ULONG segment, effective; /* 0: as it comes */
    const char *secret, *iv, *plain, *cipher;
} answers[] = {
    {"AES-128 ECB (FIPS 197 C.1)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "000102030405060708090a0b0c0d0e0f", "", "00112233445566778899aabbccddeeff",
     "69c4e0d86a7b0430d8cdb78070b4c55a"},
    {"AES-192 ECB (FIPS 197 C.2)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "000102030405060708090a0b0c0d0e0f1011121314151617", "", "00112233445566778899aabbccddeeff",
     "dda97ca4864cdfe06eaf70a0ec0d7191"},
    {"AES-256 ECB (FIPS 197 C.3)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "",
     "00112233445566778899aabbccddeeff", "8ea2b7ca516745bfeafc49904b496089"},
    {"AES-128 CBC (SP 800-38A F.2.1)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, 0, 0,
     "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"},
    {"AES-128 CFB8 (SP 800-38A F.3.7)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 0, 0,
     "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
     "6bc1bee22e409f96e93d7e117393172aae2d", "3b79424c9c0dd436bace9e0ed4586a4f32b9"},
    {"AES-128 CFB128 (SP 800-38A F.3.13)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CFB, 16, 0,
     "2b7e151628aed2a6abf7158809cf4f3c", "000102030405060708090a0b0c0d0e0f",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "3b3fd92eb72dad20333449f8e83cfb4ac8a64537a0b3a93fcde3cdad9f1ce58b"},
    {"DES ECB", BCRYPT_DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0, "133457799bbcdff1", "",
     "0123456789abcdef", "85e813540f0ab405"},
    {"DES ECB, parity bits ignored", BCRYPT_DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "123556789abddef0", "", "0123456789abcdef", "85e813540f0ab405"},
    {"DES ECB, a weak key", BCRYPT_DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0, "0101010101010101",
     "", "8000000000000000", "95f8a5e5dd31d900"},
    {"3DES ECB, one key three times", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "133457799bbcdff1133457799bbcdff1133457799bbcdff1", "", "0123456789abcdef",
     "85e813540f0ab405"},
    {"3DES_112 ECB, one key twice", BCRYPT_3DES_112_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "133457799bbcdff1133457799bbcdff1", "", "0123456789abcdef", "85e813540f0ab405"},
    {"DESX ECB, no whitening", BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "133457799bbcdff100000000000000000000000000000000", "", "0123456789abcdef",
     "85e813540f0ab405"},
    {"DESX ECB, whitened input", BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "133457799bbcdff1ffffffffffffffff0000000000000000", "", "fedcba9876543210",
     "85e813540f0ab405"},
    {"DESX ECB, whitened output", BCRYPT_DESX_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 0,
     "133457799bbcdff10000000000000000ffffffffffffffff", "", "0123456789abcdef",
     "7a17ecabf0f54bfa"},
    {"RC2, 8 bytes, 63 bits (RFC 2268)", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 63,
     "0000000000000000", "", "0000000000000000", "ebb773f993278eff"},
    {"RC2, 8 bytes, 64 bits (RFC 2268)", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 64,
     "ffffffffffffffff", "", "ffffffffffffffff", "278b27e42e2f0d49"},
    {"RC2, 8 bytes, 64 bits, 2 (RFC 2268)", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 64,
     "3000000000000000", "", "1000000000000001", "30649edf9be7d2c2"},
    {"RC2, 7 bytes, 64 bits (RFC 2268)", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 64,
     "88bca90e90875a", "", "0000000000000000", "6ccf4308974c267f"},
    {"RC2, 16 bytes, 64 bits (RFC 2268)", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 64,
     "88bca90e90875a7f0f79c384627bafb2", "", "0000000000000000", "1a807d272bbe5db1"},
    {"RC2, 16 bytes, 128 bits (RFC 2268)", BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0, 128,
     "88bca90e90875a7f0f79c384627bafb2", "", "0000000000000000", "2269552ab0f85ca6"},
    {"RC4, \"Key\"", BCRYPT_RC4_ALGORITHM, NULL, 0, 0, "4b6579", "", "506c61696e74657874",
     "bbf316e8d940af0ad3"},
    {"RC4, \"Wiki\"", BCRYPT_RC4_ALGORITHM, NULL, 0, 0, "57696b69", "", "7065646961", "1021bf0420"},
};

static void check_answers(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        UCHAR secret[64], iv[16], plain[64], out[64];
        ULONG secret_n = unhex(secret, a->secret), iv_n = unhex(iv, a->iv),
              n = unhex(plain, a->plain);
        ROW(a->label);
        BCRYPT_ALG_HANDLE alg = open_with(a->alg, a->mode, 0);
        if (a->effective != 0)
            tap_status(set_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, a->effective), STATUS_SUCCESS,
                       "EffectiveKeyLength is set");
        BCRYPT_KEY_HANDLE key = sym_key(alg, secret, secret_n);
        if (a->segment != 0)
            set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, a->segment);
        tap(crypt_all(ENCRYPT, key, plain, n, iv_n == 0 ? NULL : iv, iv_n, out) &&
                is_hex(out, n, a->cipher),
            "known answer");
        BCryptDestroyKey(key);
        key = sym_key(alg, secret, secret_n);
        if (a->segment != 0)
            set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, a->segment);
        unhex(iv, a->iv);
        tap(crypt_all(DECRYPT, key, out, n, iv_n == 0 ? NULL : iv, iv_n, out) &&
                memcmp(out, plain, n) == 0,
            "and back");
        BCryptDestroyKey(key);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

int main(void)
{
    for (size_t c = 0; c < COUNT(ciphers); c++) {
        for (size_t m = 0; m < COUNT(modes); m++)
            walk(&ciphers[c], &modes[m]);
    }
    check_rc4();
    check_xts(32, 16);
    check_xts(64, 512);
    check_xts(32, 256);
    check_xts_halves();
    check_answers();
    return tap_done();
}
