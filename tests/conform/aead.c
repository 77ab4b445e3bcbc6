/*
 * The authenticated ciphers: GCM and CCM of AES, ChaCha20-Poly1305. The first half walks rows through single calls: the
 * structure's fields, lengths of nonce and tag, no data, tags that do not match. The second half is GCM in chained calls, where
 * all state lies in the caller's structure and buffers: in order, interleaved, and out of order.
 */
#include "conform_sym.h"

typedef BCRYPT_AUTHENTICATED_CIPHER_MODE_INFO INFO;

struct aead {
    const char *label;
    LPCWSTR alg, mode; /* NULL: the algorithm has one only */
    ULONG secret;
    ULONG nonces[8], bad_nonces[6]; /* ended by 0; a nonce of 0 bytes is always tried */
    ULONG tags[8], bad_tags[8];     /* likewise */
};

#define GCM_ROW(n)                                                                                 \
    {                                                                                              \
        "AES-" #n " GCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM, n / 8, {12},                \
            {1, 8, 11, 13, 16}, {12, 13, 14, 15, 16},                                              \
        {                                                                                          \
            1, 4, 8, 11, 17, 32                                                                    \
        }                                                                                          \
    }
#define CCM_ROW(n)                                                                                 \
    {                                                                                              \
        "AES-" #n " CCM", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM, n / 8,                      \
            {7, 8, 9, 10, 11, 12, 13}, {1, 6, 14, 16}, {4, 6, 8, 10, 12, 14, 16},                  \
        {                                                                                          \
            2, 3, 5, 7, 15, 17, 18                                                                 \
        }                                                                                          \
    }

static const struct aead rows[] = {
    GCM_ROW(128),
    GCM_ROW(192),
    GCM_ROW(256),
    CCM_ROW(128),
    CCM_ROW(192),
    CCM_ROW(256),
    {"CHACHA20_POLY1305",
     BCRYPT_CHACHA20_POLY1305_ALGORITHM,
     NULL,
     32,
     {12},
     {8, 11, 13, 24},
     {16},
     {4, 8, 12, 15, 17, 32}},
};

#define MOST 300

/* One message: what a call takes besides the key. */
struct message {
    UCHAR nonce[32], aad[64], tag[32], data[MOST];
    ULONG nonce_n, aad_n, tag_n, n;
};

static void message_make(struct message *m, const struct aead *a, ULONG n)
{
    fill(m->nonce, sizeof m->nonce);
    fill(m->aad, sizeof m->aad);
    fill(m->data, sizeof m->data);
    memset(m->tag, GUARD_BYTE, sizeof m->tag);
    m->nonce_n = a->nonces[0];
    m->aad_n = below(sizeof m->aad + 1);
    m->tag_n = 16;
    m->n = n;
}

static INFO info_of(struct message *m)
{
    INFO info;
    BCRYPT_INIT_AUTH_MODE_INFO(info);
    info.pbNonce = m->nonce;
    info.cbNonce = m->nonce_n;
    info.pbAuthData = m->aad_n == 0 ? NULL : m->aad;
    info.cbAuthData = m->aad_n;
    info.pbTag = m->tag;
    info.cbTag = m->tag_n;
    return info;
}

static BCRYPT_KEY_HANDLE row_key(const struct aead *a)
{
    UCHAR secret[32];
    fill(secret, sizeof secret);
    return key_of(a->alg, a->mode, secret, a->secret);
}

/* One whole message; the tag stands in or goes to m->tag. */
static NTSTATUS seal(enum way way, BCRYPT_KEY_HANDLE key, struct message *m, const UCHAR *in,
                     UCHAR *out)
{
    INFO info = info_of(m);
    return crypt_once(way, key, in, m->n, &info, NULL, 0, out, m->n, 0);
}

/* ---- single calls ----------------------------------------------------------------------------------------------- */

static void walk_lengths(const struct aead *a, BCRYPT_KEY_HANDLE key)
{
    bool good = true, guards = true;
    char what[96];
    for (size_t nonce = 0; nonce < COUNT(a->nonces) && a->nonces[nonce] != 0; nonce++) {
        for (size_t tag = 0; tag < COUNT(a->tags) && a->tags[tag] != 0; tag++) {
            for (int round = 0; round < 8; round++) {
                static const ULONG sizes[] = {0, 1, 15, 16, 17, 64};
                struct message m;
                ULONG n = round < (int)COUNT(sizes) ? sizes[round] : below(MOST);
                message_make(&m, a, n);
                m.nonce_n = a->nonces[nonce];
                m.tag_n = a->tags[tag];
                struct guarded out = guarded_new(n), back = guarded_new(n);
                struct guarded in_tag = guarded_new(m.tag_n);
                INFO info = info_of(&m);
                info.pbTag = in_tag.p;
                good = good &&
                       crypt_once(ENCRYPT, key, m.data, n, &info, NULL, 0, out.p, n, 0) ==
                           STATUS_SUCCESS &&
                       got == n && !all_bytes(in_tag.p, m.tag_n, GUARD_BYTE);
                good = good &&
                       crypt_once(DECRYPT, key, out.p, n, &info, NULL, 0, back.p, n, 0) ==
                           STATUS_SUCCESS &&
                       got == n && memcmp(back.p, m.data, n) == 0;
                in_tag.p[below(m.tag_n)] ^= 1;
                good = good && crypt_once(DECRYPT, key, out.p, n, &info, NULL, 0, back.p, n, 0) ==
                                   STATUS_AUTH_TAG_MISMATCH;
                guards = guards && guarded_intact(&out) && guarded_intact(&back) &&
                         guarded_intact(&in_tag);
                guarded_free(&out);
                guarded_free(&back);
                guarded_free(&in_tag);
            }
        }
    }
    tap(good, "every length of nonce and tag: round trips, and a changed tag is refused");
    tap(guards, "nothing is written around output and tag");

    struct message m;
    UCHAR out[MOST];
    message_make(&m, a, 48);
    memset(out, GUARD_BYTE, sizeof out);
    for (size_t i = 0; i == 0 || (i - 1 < COUNT(a->bad_nonces) && a->bad_nonces[i - 1] != 0); i++) {
        INFO info = info_of(&m);
        info.cbNonce = i == 0 ? 0 : a->bad_nonces[i - 1];
        snprintf(what, sizeof what, "a nonce of %u bytes", (unsigned)info.cbNonce);
        tap_status(crypt_once(ENCRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, 0),
                   STATUS_INVALID_PARAMETER, what);
        tap_status(crypt_once(DECRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, 0),
                   STATUS_INVALID_PARAMETER, "in decryption too");
    }
    for (size_t i = 0; i == 0 || (i - 1 < COUNT(a->bad_tags) && a->bad_tags[i - 1] != 0); i++) {
        INFO info = info_of(&m);
        info.cbTag = i == 0 ? 0 : a->bad_tags[i - 1];
        snprintf(what, sizeof what, "a tag of %u bytes", (unsigned)info.cbTag);
        tap_status(crypt_once(ENCRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, 0),
                   STATUS_INVALID_PARAMETER, what);
        tap_status(crypt_once(DECRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, 0),
                   STATUS_INVALID_PARAMETER, "in decryption too");
    }
    tap(all_bytes(out, sizeof out, GUARD_BYTE) && all_bytes(m.tag, sizeof m.tag, GUARD_BYTE),
        "output and tag are untouched by all that");
}

static void walk_structure(const struct aead *a, BCRYPT_KEY_HANDLE key)
{
    struct message m;
    UCHAR out[64];
    message_make(&m, a, 48);
    m.aad_n = 20;
    struct change {
        const char *label;
        ULONG size, version;
        bool no_nonce, no_aad, no_tag;
    };
    const ULONG size = sizeof(INFO);
    const struct change changes[] = {
        {"cbSize 0", 0, 1, false, false, false},
        {"cbSize one less", size - 1, 1, false, false, false},
        {"cbSize one more", size + 1, 1, false, false, false},
        {"dwInfoVersion 0", size, 0, false, false, false},
        {"dwInfoVersion 2", size, 2, false, false, false},
        {"no pbNonce", size, 1, true, false, false},
        {"no pbAuthData for its bytes", size, 1, false, true, false},
        {"no pbTag", size, 1, false, false, true},
    };
    memset(out, GUARD_BYTE, sizeof out);
    for (size_t i = 0; i < COUNT(changes); i++) {
        for (int way = ENCRYPT; way <= DECRYPT; way++) {
            INFO info = info_of(&m);
            info.cbSize = changes[i].size;
            info.dwInfoVersion = changes[i].version;
            info.pbNonce = changes[i].no_nonce ? NULL : info.pbNonce;
            info.pbAuthData = changes[i].no_aad ? NULL : info.pbAuthData;
            info.pbTag = changes[i].no_tag ? NULL : info.pbTag;
            tap_status(crypt_once(way, key, m.data, m.n, &info, NULL, 0, out, m.n, 0),
                       STATUS_INVALID_PARAMETER, changes[i].label);
        }
    }
    tap_status(crypt_once(ENCRYPT, key, m.data, m.n, NULL, NULL, 0, out, m.n, 0),
               STATUS_INVALID_PARAMETER, "no structure");
    tap_status(crypt_once(DECRYPT, key, m.data, m.n, NULL, NULL, 0, out, m.n, 0),
               STATUS_INVALID_PARAMETER, "no structure in decryption");
    INFO info = info_of(&m);
    tap_status(crypt_once(ENCRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(crypt_once(ENCRYPT, key, NULL, m.n, &info, NULL, 0, out, m.n, 0),
               STATUS_INVALID_PARAMETER, "no input for its bytes");
    tap(all_bytes(out, sizeof out, GUARD_BYTE) && all_bytes(m.tag, sizeof m.tag, GUARD_BYTE),
        "output and tag are untouched by all that");
    INFO before = info;
    tap(crypt_once(ENCRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, 0) == STATUS_SUCCESS &&
            memcmp(&info, &before, sizeof info) == 0,
        "a single call leaves the structure as it was");
    UCHAR dummy = 0;
    info.pbAuthData = &dummy;
    info.cbAuthData = 0;
    UCHAR tag[16], again[64];
    tap(crypt_once(ENCRYPT, key, m.data, m.n, &info, NULL, 0, out, m.n, 0) == STATUS_SUCCESS,
        "a pointer to no authenticated data");
    memcpy(tag, m.tag, 16);
    info.pbAuthData = NULL;
    tap(crypt_once(ENCRYPT, key, m.data, m.n, &info, NULL, 0, again, m.n, 0) == STATUS_SUCCESS &&
            memcmp(tag, m.tag, 16) == 0 && memcmp(out, again, m.n) == 0,
        "is the same as none");
}

static void walk_queries(const struct aead *a, BCRYPT_KEY_HANDLE key)
{
    struct message m;
    UCHAR out[96], tag[16];
    message_make(&m, a, 32);
    INFO info = info_of(&m);
    memset(out, GUARD_BYTE, sizeof out);
    tap(crypt_once(ENCRYPT, key, m.data, 32, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 32 && all_bytes(m.tag, 16, GUARD_BYTE),
        "a size query tells the input's size and leaves the tag alone");
    tap(crypt_once(ENCRYPT, key, m.data, 0, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 0 && all_bytes(m.tag, 16, GUARD_BYTE),
        "a pointer to no input and NULL output is a size query: 0, tag untouched");
    tap(crypt_once(ENCRYPT, key, NULL, 0, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 0 && !all_bytes(m.tag, 16, GUARD_BYTE),
        "NULL input and NULL output is a real operation and writes the tag");
    memcpy(tag, m.tag, 16);
    memset(m.tag, GUARD_BYTE, 16);
    tap(crypt_once(ENCRYPT, key, m.data, 0, &info, NULL, 0, out, 0, 0) == STATUS_SUCCESS &&
            memcmp(tag, m.tag, 16) == 0,
        "the same as no bytes with buffers");
    tap_status(crypt_once(DECRYPT, key, NULL, 0, &info, NULL, 0, NULL, 0, 0), STATUS_SUCCESS,
               "NULL and NULL in decryption checks the tag");
    m.tag[3] ^= 1;
    tap_status(crypt_once(DECRYPT, key, NULL, 0, &info, NULL, 0, NULL, 0, 0),
               STATUS_AUTH_TAG_MISMATCH, "and refuses another");

    memset(m.tag, GUARD_BYTE, 16);
    for (int way = ENCRYPT; way <= DECRYPT; way++) {
        tap_status(crypt_once(way, key, m.data, 32, &info, NULL, 0, out, 31, 0),
                   STATUS_BUFFER_TOO_SMALL, "an output a byte short");
        tap(got == 32 && all_bytes(out, sizeof out, GUARD_BYTE) && all_bytes(m.tag, 16, GUARD_BYTE),
            "tells the size; output and tag are untouched");
    }
    tap_status(crypt_once(ENCRYPT, key, m.data, 32, &info, NULL, 0, out, 48, BCRYPT_BLOCK_PADDING),
               STATUS_INVALID_PARAMETER, "BLOCK_PADDING with 48 bytes of output for 32");
    if (a->mode != NULL && text_equal(a->mode, BCRYPT_CHAIN_MODE_GCM))
        tap_status(
            crypt_once(ENCRYPT, key, m.data, 32, &info, NULL, 0, out, 32, BCRYPT_BLOCK_PADDING),
            STATUS_BUFFER_TOO_SMALL, "BLOCK_PADDING with 32 bytes of output for 32");
    else
        tap_fails(
            crypt_once(ENCRYPT, key, m.data, 32, &info, NULL, 0, out, 32, BCRYPT_BLOCK_PADDING),
            "BLOCK_PADDING with 32 bytes of output for 32");
    tap(all_bytes(out, sizeof out, GUARD_BYTE) && all_bytes(m.tag, 16, GUARD_BYTE),
        "output and tag are untouched");
    tap_status(crypt_once(ENCRYPT, key, m.data, 32, &info, NULL, 0, NULL, 0, BCRYPT_BLOCK_PADDING),
               STATUS_INVALID_PARAMETER, "BLOCK_PADDING in a size query");
    tap(crypt_once(DECRYPT, key, NULL, 32, &info, NULL, 0, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 32,
        "a size query without a text");
}

static void walk_tags(const struct aead *a, BCRYPT_KEY_HANDLE key)
{
    struct message m;
    UCHAR sealed[64], keep[16];
    message_make(&m, a, 40);
    m.aad_n = 13;
    bool made = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    memcpy(keep, m.tag, 16);
    static const char *const what[] = {"nonce", "authenticated data", "tag", "ciphertext", "key"};
    for (int i = 0; i < 5; i++) {
        struct message bad = m;
        UCHAR changed[64], in_place[64];
        char label[96];
        BCRYPT_KEY_HANDLE use = i == 4 ? row_key(a) : key;
        memcpy(changed, sealed, sizeof sealed);
        *(i == 0   ? &bad.nonce[5]
          : i == 1 ? &bad.aad[12]
          : i == 2 ? &bad.tag[15]
                   : &changed[39]) ^= i == 4 ? 0 : 0x80;
        struct guarded out = guarded_new(40);
        NTSTATUS status = seal(DECRYPT, use, &bad, changed, out.p);
        snprintf(label, sizeof label, "another %s", what[i]);
        tap_status(made ? status : STATUS_UNSUCCESSFUL, STATUS_AUTH_TAG_MISMATCH, label);
        tap(got == 40, "with the input's size");
        tap(guarded_intact(&out) && all_bytes(out.p, 40, 0), "the output is zeroed");
        memcpy(in_place, changed, 40);
        tap(seal(DECRYPT, use, &bad, in_place, in_place) == STATUS_AUTH_TAG_MISMATCH &&
                all_bytes(in_place, 40, 0),
            "in place too");
        guarded_free(&out);
        if (i == 4)
            BCryptDestroyKey(use);
    }
    UCHAR out[64];
    tap(seal(DECRYPT, key, &m, sealed, out) == STATUS_SUCCESS && memcmp(out, m.data, 40) == 0 &&
            memcmp(m.tag, keep, 16) == 0,
        "and the right one still decrypts, its tag only read");
}

static void walk_buffers(const struct aead *a, BCRYPT_KEY_HANDLE key)
{
    struct message m;
    UCHAR area[160], sealed[48], iv[16], keep[16];
    message_make(&m, a, 48);
    bool good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    memcpy(keep, m.tag, 16);
    memcpy(area, m.data, 48);
    tap(good && seal(ENCRYPT, key, &m, area, area) == STATUS_SUCCESS &&
            memcmp(area, sealed, 48) == 0 && memcmp(m.tag, keep, 16) == 0 &&
            seal(DECRYPT, key, &m, area, area) == STATUS_SUCCESS && memcmp(area, m.data, 48) == 0,
        "in place");
    static const int shifts[] = {-47, -16, -1, 1, 16, 47};
    bool refused = true;
    fill(area, sizeof area);
    for (size_t i = 0; i < COUNT(shifts); i++) {
        UCHAR before[160];
        memcpy(before, area, sizeof area);
        refused =
            refused &&
            seal(ENCRYPT, key, &m, area + 56, area + 56 + shifts[i]) == STATUS_INVALID_PARAMETER &&
            seal(DECRYPT, key, &m, area + 56, area + 56 + shifts[i]) == STATUS_INVALID_PARAMETER &&
            memcmp(before, area, sizeof area) == 0;
    }
    tap(refused && memcmp(m.tag, keep, 16) == 0,
        "buffers that overlap in part are refused, with nothing changed");
    for (ULONG iv_n = 0; iv_n <= 16; iv_n += 4) {
        INFO info = info_of(&m);
        fill(iv, sizeof iv);
        UCHAR copy[16];
        memcpy(copy, iv, 16);
        good =
            good &&
            crypt_once(ENCRYPT, key, m.data, 48, &info, iv, iv_n, area, 48, 0) == STATUS_SUCCESS &&
            memcmp(area, sealed, 48) == 0 && memcmp(iv, copy, 16) == 0;
    }
    tap(good, "an IV of any size is ignored and left unchanged");
}

/* Records as protocols lay them out: nonce, ciphertext and tag side by side. */
static void walk_record(const struct aead *a, BCRYPT_KEY_HANDLE key)
{
    UCHAR record[13 + 48 + 16], sealed[48];
    struct message m;
    message_make(&m, a, 48);
    bool good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    INFO info = info_of(&m);
    memcpy(record, m.nonce, m.nonce_n);
    memcpy(record + m.nonce_n, m.data, 48);
    info.pbNonce = record;
    info.pbTag = record + m.nonce_n + 48;
    tap(good &&
            crypt_once(ENCRYPT, key, record + m.nonce_n, 48, &info, NULL, 0, record + m.nonce_n, 48,
                       0) == STATUS_SUCCESS &&
            memcmp(record, m.nonce, m.nonce_n) == 0 &&
            memcmp(record + m.nonce_n, sealed, 48) == 0 && memcmp(info.pbTag, m.tag, 16) == 0 &&
            crypt_once(DECRYPT, key, record + m.nonce_n, 48, &info, NULL, 0, record + m.nonce_n, 48,
                       0) == STATUS_SUCCESS &&
            memcmp(record + m.nonce_n, m.data, 48) == 0 && memcmp(info.pbTag, m.tag, 16) == 0,
        "nonce, data and tag side by side in one buffer, in place");
}

static void walk_keys(const struct aead *a)
{
    UCHAR secret[33], sealed[64], other[64], blob[256];
    struct message m;
    BCRYPT_KEY_HANDLE copy = NULL;
    fill(secret, sizeof secret);
    message_make(&m, a, 50);
    BCRYPT_KEY_HANDLE key = key_of(a->alg, a->mode, secret, a->secret);
    bool good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    tap(good && BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
            seal(DECRYPT, copy, &m, sealed, other) == STATUS_SUCCESS &&
            memcmp(other, m.data, 50) == 0,
        "a copy of the key decrypts");
    BCryptDestroyKey(copy);
    copy = NULL;
    ULONG size = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
    BCRYPT_ALG_HANDLE alg = open_with(a->alg, NULL, 0);
    tap(good && size > 0 &&
            BCryptImportKey(alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &copy, NULL, 0, blob, size, 0) ==
                STATUS_SUCCESS &&
            seal(DECRYPT, copy, &m, sealed, other) == STATUS_SUCCESS &&
            memcmp(other, m.data, 50) == 0,
        "so does one from its OpaqueKeyBlob, which keeps the mode");
    BCryptDestroyKey(copy);
    copy = NULL;
    size = export_to(key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
    BCryptCloseAlgorithmProvider(alg, 0);
    alg = open_with(a->alg, a->mode, 0);
    tap(good && size == 12 + a->secret &&
            BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &copy, NULL, 0, blob, size, 0) ==
                STATUS_SUCCESS &&
            seal(DECRYPT, copy, &m, sealed, other) == STATUS_SUCCESS &&
            memcmp(other, m.data, 50) == 0,
        "and one from its KeyDataBlob, with the algorithm's mode");
    BCryptDestroyKey(copy);
    ULONG length = get_u32(alg, BCRYPT_OBJECT_LENGTH);
    struct guarded object = guarded_new(length < 4096 ? length : 4096);
    copy = NULL;
    tap(BCryptGenerateSymmetricKey(alg, &copy, object.p, object.n, secret, a->secret, 0) ==
                STATUS_SUCCESS &&
            seal(DECRYPT, copy, &m, sealed, other) == STATUS_SUCCESS &&
            memcmp(other, m.data, 50) == 0 && BCryptDestroyKey(copy) == STATUS_SUCCESS &&
            guarded_intact(&object),
        "a key in memory of ObjectLength bytes, with guards around");
    guarded_free(&object);
    BCryptCloseAlgorithmProvider(alg, 0);
    BCryptDestroyKey(key);
}

static void walk(const struct aead *a)
{
    row_begin("%s (%d-bit WCHAR)", a->label, (int)sizeof(WCHAR) * 8);
    BCRYPT_KEY_HANDLE key = row_key(a);
    tap(key != NULL, "a key can be made");
    if (key == NULL)
        return;
    walk_lengths(a, key);
    walk_structure(a, key);
    walk_queries(a, key);
    walk_tags(a, key);
    walk_buffers(a, key);
    walk_record(a, key);
    walk_keys(a);
    BCryptDestroyKey(key);
}

/* ---- chained calls ---------------------------------------------------------------------------------------------- */

static const struct aead *const gcm = &rows[0];

/* A chain as a client keeps it. */
struct chain {
    struct message *m;
    BCRYPT_KEY_HANDLE key;
    enum way way;
    INFO info;
    UCHAR mac[16], iv[16];
    bool shared; /* pbIV is pbMacContext */
    ULONG done;
};

static void chain_begin(struct chain *c, BCRYPT_KEY_HANDLE key, enum way way, struct message *m)
{
    *c = (struct chain){.m = m, .key = key, .way = way};
    c->info = info_of(m);
    c->info.pbMacContext = c->mac;
    c->info.cbMacContext = sizeof c->mac;
    c->info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    /* Whatever lies there before the first call is of no interest. */
    fill(c->mac, sizeof c->mac);
    fill(c->iv, sizeof c->iv);
}

static NTSTATUS chain_call(struct chain *c, const UCHAR *in, ULONG n, UCHAR *out)
{
    return crypt_once(c->way, c->key, in, n, &c->info, c->shared ? c->mac : c->iv, 16, out, n, 0);
}

/* The next n bytes of the message, from `in` to `out`. */
static bool chain_next(struct chain *c, const UCHAR *in, ULONG n, UCHAR *out)
{
    bool good = chain_call(c, in + c->done, n, out + c->done) == STATUS_SUCCESS && got == n;
    c->info.pbAuthData = NULL;
    c->info.cbAuthData = 0;
    c->done += n;
    return good;
}

static bool chain_end(struct chain *c, const UCHAR *in, UCHAR *out)
{
    c->info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    return chain_next(c, in, c->m->n - c->done, out);
}

enum style { PLAIN, AAD_ALONE, SHARED_BUFFER, TAG_AT_THE_END, MAC_OF_64 };

static const char *const style_names[] = {
    "the authenticated data with the first data", "the authenticated data alone, with NULL data",
    "pbIV is pbMacContext", "pbTag is NULL until the last call",
    "more room for pbMacContext than needed"};

static bool run_chain(BCRYPT_KEY_HANDLE key, enum way way, struct message *m, enum style style,
                      const UCHAR *in, UCHAR *out)
{
    struct chain c;
    UCHAR roomy[64];
    chain_begin(&c, key, way, m);
    c.shared = style == SHARED_BUFFER;
    if (style == TAG_AT_THE_END)
        c.info.pbTag = NULL;
    if (style == MAC_OF_64) {
        c.info.pbMacContext = roomy;
        c.info.cbMacContext = sizeof roomy;
    }
    bool good = true;
    if (style == AAD_ALONE) {
        good = crypt_once(way, key, NULL, 0, &c.info, c.iv, 16, NULL, 0, 0) == STATUS_SUCCESS &&
               got == 0;
        c.info.pbAuthData = NULL;
        c.info.cbAuthData = 0;
    }
    while (good && m->n - c.done >= 16 && below(4) != 0) {
        UCHAR tag[32];
        ULONG n = (1 + below((m->n - c.done) / 16)) * 16;
        memcpy(tag, m->tag, sizeof tag);
        good = chain_next(&c, in, n, out) && memcmp(tag, m->tag, sizeof tag) == 0 &&
               (c.info.dwFlags &
                (BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG | BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG)) ==
                   (BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG | BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG) &&
               c.info.cbData == c.done && c.info.cbAAD == m->aad_n;
    }
    c.info.pbTag = m->tag;
    return good && chain_end(&c, in, out);
}

static void check_chains(BCRYPT_KEY_HANDLE key)
{
    for (int style = PLAIN; style <= MAC_OF_64; style++) {
        bool encrypted = true, decrypted = true, refused = true;
        for (int round = 0; round < 40; round++) {
            struct message m;
            UCHAR sealed[MOST], pieces[MOST], back[MOST], tag[16];
            message_make(&m, gcm, round < 4 ? (ULONG)round * 16 : below(MOST));
            m.tag_n = 12 + below(5);
            encrypted = encrypted && seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
            memcpy(tag, m.tag, 16);
            memset(m.tag, 0, 16);
            encrypted = encrypted && run_chain(key, ENCRYPT, &m, style, m.data, pieces) &&
                        memcmp(sealed, pieces, m.n) == 0 && memcmp(tag, m.tag, m.tag_n) == 0;
            decrypted = decrypted && run_chain(key, DECRYPT, &m, style, sealed, back) &&
                        memcmp(back, m.data, m.n) == 0;
            memcpy(pieces, sealed, m.n);
            decrypted = decrypted && run_chain(key, DECRYPT, &m, style, pieces, pieces) &&
                        memcmp(pieces, m.data, m.n) == 0;
            m.tag[below(m.tag_n)] ^= 4;
            refused = refused && !run_chain(key, DECRYPT, &m, style, sealed, back);
        }
        ROW("GCM in chained calls");
        char what[128];
        snprintf(what, sizeof what, "encrypts as in one call: %s", style_names[style]);
        tap(encrypted, what);
        tap(decrypted, "decrypts, in place too");
        tap(refused, "refuses another tag");
    }

    ROW("GCM in chained calls");
    struct message m;
    struct chain c;
    UCHAR sealed[MOST], out[MOST];
    message_make(&m, gcm, 64);
    bool good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    m.tag[0] ^= 1;
    chain_begin(&c, key, DECRYPT, &m);
    good = good && chain_next(&c, sealed, 48, out) && memcmp(out, m.data, 48) == 0;
    c.info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    tap_status(good ? chain_call(&c, sealed + 48, 16, out + 48) : STATUS_UNSUCCESSFUL,
               STATUS_AUTH_TAG_MISMATCH, "another tag shows at the end");
    tap(got == 16 && all_bytes(out + 48, 16, 0), "and the last piece is not given out");
    m.tag[0] ^= 1;

    /* The structure again, for the next message, as clients do. */
    chain_begin(&c, key, DECRYPT, &m);
    good = chain_next(&c, sealed, 32, out) && chain_end(&c, sealed, out);
    c.info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    c.info.pbAuthData = m.aad_n == 0 ? NULL : m.aad;
    c.info.cbAuthData = m.aad_n;
    c.info.cbAAD = 0;
    c.info.cbData = 0;
    c.done = 0;
    memset(out, 0, sizeof out);
    tap(good && chain_next(&c, sealed, 16, out) && chain_end(&c, sealed, out) &&
            memcmp(out, m.data, 64) == 0,
        "a structure that is reset by hand serves the next message");
    /* A chain that is given up; the next begins in its structure, with its flag alone. */
    chain_begin(&c, key, DECRYPT, &m);
    c.info.pbAuthData = m.aad;
    c.info.cbAuthData = m.aad_n;
    good = chain_next(&c, sealed, 48, out);
    c.info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    c.info.pbAuthData = m.aad;
    c.info.cbAuthData = m.aad_n;
    c.info.cbAAD += 7;
    c.done = 0;
    memset(out, 0, sizeof out);
    tap(good && c.info.cbData == 48 && chain_next(&c, sealed, 16, out) && c.info.cbData == 16 &&
            c.info.cbAAD == m.aad_n && chain_end(&c, sealed, out) && memcmp(out, m.data, 64) == 0,
        "the counts of a chain that was given up do not matter to the next");
    c.info.cbData = ~0ull;
    c.info.dwFlags = BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    c.info.pbAuthData = m.aad;
    c.info.cbAuthData = m.aad_n;
    c.done = 0;
    tap(chain_next(&c, sealed, 32, out) && chain_end(&c, sealed, out), "whatever they are");
    chain_begin(&c, key, DECRYPT, &m);
    tap(crypt_once(DECRYPT, key, sealed, 32, &c.info, c.iv, 16, NULL, 0, 0) == STATUS_SUCCESS &&
            got == 32 && c.info.dwFlags == BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG &&
            c.info.cbData == 0 && c.info.cbAAD == 0 && chain_next(&c, sealed, 32, out) &&
            chain_end(&c, sealed, out) && memcmp(out, m.data, 64) == 0,
        "a size query begins nothing");
}

static void check_interleaved(BCRYPT_KEY_HANDLE key)
{
    ROW("GCM in chained calls");
    bool good = true;
    for (int round = 0; round < 30 && good; round++) {
        struct message m[3];
        struct chain c[3];
        UCHAR sealed[3][MOST], out[3][MOST], tag[3][16];
        for (int i = 0; i < 3; i++) {
            message_make(&m[i], gcm, 64 + below(MOST - 64));
            good = good && seal(ENCRYPT, key, &m[i], m[i].data, sealed[i]) == STATUS_SUCCESS;
            memcpy(tag[i], m[i].tag, 16);
            chain_begin(&c[i], key, i == 1 ? DECRYPT : ENCRYPT, &m[i]);
            c[i].shared = i == 2;
        }
        for (int step = 0; step < 20 && good; step++) {
            int i = (int)below(3);
            if (m[i].n - c[i].done >= 32)
                good = chain_next(&c[i], i == 1 ? sealed[i] : m[i].data, 16, out[i]);
            struct message other;
            UCHAR unused[32];
            message_make(&other, gcm, 20);
            good = good && seal(ENCRYPT, key, &other, other.data, unused) == STATUS_SUCCESS;
        }
        for (int i = 0; i < 3; i++)
            good = good && chain_end(&c[i], i == 1 ? sealed[i] : m[i].data, out[i]) &&
                   memcmp(out[i], i == 1 ? m[i].data : sealed[i], m[i].n) == 0 &&
                   memcmp(m[i].tag, tag[i], 16) == 0;
    }
    tap(good, "three chains on one key, in turns, with single calls among them");

    struct message m;
    struct chain c;
    UCHAR sealed[MOST], out[MOST];
    BCRYPT_KEY_HANDLE copy = NULL;
    message_make(&m, gcm, 70);
    good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    chain_begin(&c, key, DECRYPT, &m);
    good = good && chain_next(&c, sealed, 32, out) &&
           BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS;
    c.key = copy;
    tap(good && chain_end(&c, sealed, out) && memcmp(out, m.data, 70) == 0,
        "a chain that began on a key ends on its copy: the key holds nothing of it");
    chain_begin(&c, copy, DECRYPT, &m);
    good =
        chain_next(&c, sealed, 32, out) &&
        set_text(copy, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_CBC) == STATUS_SUCCESS &&
        crypt_once(ENCRYPT, copy, sealed, 32, NULL, NULL, 0, out + 64, 32, 0) == STATUS_SUCCESS &&
        set_text(copy, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_GCM) == STATUS_SUCCESS;
    tap(good && chain_end(&c, sealed, out) && memcmp(out, m.data, 70) == 0,
        "nor does a change of the key's mode, and back, disturb it");
    chain_begin(&c, key, DECRYPT, &m);
    UCHAR dummy = 0;
    good = chain_next(&c, sealed, 32, out) &&
           crypt_once(DECRYPT, key, NULL, 0, &c.info, c.iv, 16, NULL, 0, 0) == STATUS_SUCCESS &&
           crypt_once(DECRYPT, key, &dummy, 0, &c.info, c.iv, 16, &dummy, 0, 0) == STATUS_SUCCESS &&
           crypt_once(DECRYPT, key, sealed, 16, &c.info, c.iv, 16, NULL, 0, 0) == STATUS_SUCCESS &&
           got == 16;
    tap(good && chain_end(&c, sealed, out) && memcmp(out, m.data, 70) == 0,
        "pieces of no bytes and size queries in the middle change nothing");
    BCryptDestroyKey(copy);
}

/* What a client can get wrong. */
static void check_disorder(BCRYPT_KEY_HANDLE key)
{
    struct message m;
    struct chain c;
    UCHAR sealed[MOST], out[MOST], tag[16];
    ROW("GCM in chained calls, out of order");
    message_make(&m, gcm, 100);
    m.aad_n = 20;
    bool good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    memcpy(tag, m.tag, 16);
    tap(good, "a message");

    static const ULONG partial[] = {1, 15, 17, 31};
    for (size_t i = 0; i < COUNT(partial); i++) {
        char what[64];
        chain_begin(&c, key, DECRYPT, &m);
        snprintf(what, sizeof what, "a first piece of %u bytes", (unsigned)partial[i]);
        tap_fails(chain_call(&c, sealed, partial[i], out), what);
        chain_begin(&c, key, DECRYPT, &m);
        good = chain_next(&c, sealed, 16, out);
        tap_fails(chain_call(&c, sealed + 16, partial[i], out + 16), "a later one");
        tap_status(crypt_once(DECRYPT, key, sealed + 16, partial[i], &c.info, c.iv, 16, NULL, 0, 0),
                   STATUS_INVALID_BUFFER_SIZE, "a size query says so, too");
        c.info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        tap(crypt_once(DECRYPT, key, sealed + 16, partial[i], &c.info, c.iv, 16, NULL, 0, 0) ==
                    STATUS_SUCCESS &&
                got == partial[i],
            "but not of the last piece");
        c.info.dwFlags |= BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
        /* A refused call leaves the chain where it was. */
        tap(good && chain_next(&c, sealed, 32, out) && chain_end(&c, sealed, out) &&
                memcmp(out, m.data, 100) == 0,
            "and the chain goes on as if nothing had been");
    }

    memset(out, GUARD_BYTE, sizeof out);
    chain_begin(&c, key, ENCRYPT, &m);
    INFO before = c.info;
    tap_status(crypt_once(ENCRYPT, key, m.data, 16, &c.info, NULL, 0, out, 16, 0),
               STATUS_INVALID_PARAMETER, "no pbIV");
    tap_status(crypt_once(ENCRYPT, key, m.data, 16, &c.info, c.iv, 12, out, 16, 0),
               STATUS_INVALID_PARAMETER, "a pbIV of 12 bytes");
    c.info.pbMacContext = NULL;
    tap_status(chain_call(&c, m.data, 16, out), STATUS_INVALID_PARAMETER, "no pbMacContext");
    c.info.pbMacContext = c.mac;
    c.info.cbMacContext = 15;
    tap_status(chain_call(&c, m.data, 16, out), STATUS_INVALID_PARAMETER,
               "a pbMacContext of 15 bytes");
    c.info.cbMacContext = 16;
    c.info.cbTag = 0;
    tap_status(chain_call(&c, m.data, 16, out), STATUS_INVALID_PARAMETER,
               "a cbTag of 0 on the first call");
    c.info.cbTag = 17;
    tap_status(chain_call(&c, m.data, 16, out), STATUS_INVALID_PARAMETER, "a cbTag of 17");
    c.info.cbTag = 16;
    c.info.cbNonce = 11;
    tap_status(chain_call(&c, m.data, 16, out), STATUS_INVALID_PARAMETER, "a nonce of 11 bytes");
    c.info.cbNonce = 12;
    c.info.cbSize--;
    tap_status(chain_call(&c, m.data, 16, out), STATUS_INVALID_PARAMETER, "cbSize one less");
    c.info.cbSize++;
    tap_status(crypt_once(ENCRYPT, key, m.data, 16, &c.info, c.iv, 16, out, 15, 0),
               STATUS_BUFFER_TOO_SMALL, "an output a byte short");
    tap(got == 16, "tells the size");
    tap(memcmp(&c.info, &before, sizeof before) == 0 && all_bytes(out, sizeof out, GUARD_BYTE),
        "structure and output are untouched by all that");
    memset(m.tag, 0, 16);
    tap(chain_next(&c, m.data, 48, out) && chain_end(&c, m.data, out) &&
            memcmp(out, sealed, 100) == 0 && memcmp(m.tag, tag, 16) == 0,
        "and the chain can still begin");

    chain_begin(&c, key, DECRYPT, &m);
    good = chain_next(&c, sealed, 48, out);
    tap_status(crypt_once(DECRYPT, key, sealed + 48, 16, &c.info, NULL, 0, out + 48, 16, 0),
               STATUS_INVALID_PARAMETER, "no pbIV later on");
    c.info.pbMacContext = NULL;
    tap_status(chain_call(&c, sealed + 48, 16, out + 48), STATUS_INVALID_PARAMETER,
               "no pbMacContext later on");
    c.info.pbMacContext = c.mac;
    c.info.pbTag = NULL;
    c.info.dwFlags &= ~(ULONG)BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG;
    tap_status(chain_call(&c, sealed + 48, 52, out + 48), STATUS_INVALID_PARAMETER,
               "no pbTag at the end");
    c.info.pbTag = m.tag;
    tap(good && chain_next(&c, sealed, 52, out) && memcmp(out, m.data, 100) == 0,
        "and the chain can still end");

    /* Authenticated data in a later call: refused, or without effect. */
    chain_begin(&c, key, DECRYPT, &m);
    good = chain_next(&c, sealed, 48, out);
    c.info.pbAuthData = m.aad;
    c.info.cbAuthData = 20;
    NTSTATUS status = chain_call(&c, sealed + 48, 16, out + 48);
    c.info.pbAuthData = NULL;
    c.info.cbAuthData = 0;
    c.done += status < 0 ? 0 : 16;
    tap(good && chain_end(&c, sealed, out) && memcmp(out, m.data, 100) == 0,
        "authenticated data in a later call spoils nothing");

    /* The nonce is for the first call; where pbIV is pbMacContext nothing else has it later on. */
    UCHAR nonce[16];
    fill(nonce, sizeof nonce);
    for (int shared = 0; shared < 2; shared++) {
        chain_begin(&c, key, DECRYPT, &m);
        c.shared = shared == 1;
        memset(out, 0, sizeof out);
        good = chain_next(&c, sealed, 32, out);
        c.info.pbNonce = nonce;
        good = good && (shared == 1 || chain_next(&c, sealed, 16, out));
        bool ends = chain_end(&c, sealed, out);
        if (shared == 0)
            tap(good && ends && memcmp(out, m.data, 100) == 0,
                "another nonce in the middle is not looked at");
        else
            tap(good && !ends, "but needed in each call where pbIV is pbMacContext");
    }
    chain_begin(&c, key, DECRYPT, &m);
    good = chain_next(&c, sealed, 48, out);
    c.iv[15] ^= 1;
    tap_status(good ? chain_call(&c, sealed + 48, 16, out + 48) : 0, STATUS_INVALID_PARAMETER,
               "another counter in pbIV");
    chain_begin(&c, key, DECRYPT, &m);
    UCHAR both[20];
    c.info.pbMacContext = both + 4;
    tap_status(crypt_once(DECRYPT, key, sealed, 16, &c.info, both, 16, out, 16, 0),
               STATUS_INVALID_PARAMETER, "pbIV and pbMacContext that overlap without being one");

    /* Structures that say that a chain is under way where none is. */
    for (ULONG flags = BCRYPT_AUTH_MODE_IN_PROGRESS_FLAG; flags <= 3; flags++) {
        chain_begin(&c, key, DECRYPT, &m);
        c.info.dwFlags = flags;
        memset(c.mac, 0, 16);
        memset(c.iv, 0, 16);
        memset(out, 0, sizeof out);
        bool claimed = (flags & 1) != 0
                           ? chain_next(&c, sealed, 48, out) && chain_end(&c, sealed, out)
                           : chain_next(&c, sealed, 100, out);
        tap(!claimed || memcmp(out, m.data, 100) == 0,
            flags == 2 ? "IN_PROGRESS alone begins no chain: an error or the right plaintext"
                       : "IN_PROGRESS on the first call: an error or the right plaintext");
    }
    chain_begin(&c, key, DECRYPT, &m);
    c.info.dwFlags = 4;
    tap_status(chain_call(&c, sealed, 16, out), STATUS_INVALID_PARAMETER,
               "an unknown flag in the structure");

    chain_begin(&c, key, DECRYPT, &m);
    c.info.dwFlags = 0;
    memset(out, 0, sizeof out);
    tap(chain_next(&c, sealed, 100, out) && memcmp(out, m.data, 100) == 0,
        "without the flag a context for the tag makes no chain");

    /* A caller that counts for the library. */
    chain_begin(&c, key, ENCRYPT, &m);
    good = chain_next(&c, m.data, 48, out);
    c.info.cbData = ~0ull - 15;
    tap_fails(good ? chain_call(&c, m.data + 48, 16, out + 48) : 0, "a count that overflows");
    chain_begin(&c, key, ENCRYPT, &m);
    good = chain_next(&c, m.data, 48, out);
    c.info.cbData = 0xFFFFFFFE0ull; /* 2^36 - 32: all that one nonce may encrypt */
    tap_fails(good ? chain_call(&c, m.data + 48, 16, out + 48) : 0,
              "no more than 2^36 - 32 bytes under one nonce");
}

static void check_ccm_chain(void)
{
    struct message m;
    struct chain c;
    UCHAR out[64];
    ROW("CCM in chained calls");
    BCRYPT_KEY_HANDLE key = row_key(&rows[3]);
    message_make(&m, gcm, 32);
    memset(out, GUARD_BYTE, sizeof out);
    chain_begin(&c, key, ENCRYPT, &m);
    tap_fails(chain_call(&c, m.data, 16, out), "are refused");
    tap(all_bytes(out, sizeof out, GUARD_BYTE) && all_bytes(m.tag, 16, GUARD_BYTE) &&
            c.info.dwFlags == BCRYPT_AUTH_MODE_CHAIN_CALLS_FLAG,
        "with nothing written");
    BCryptDestroyKey(key);

    ROW("CHACHA20_POLY1305 in chained calls");
    key = row_key(&rows[COUNT(rows) - 1]);
    UCHAR sealed[64], tag[16];
    bool good = seal(ENCRYPT, key, &m, m.data, sealed) == STATUS_SUCCESS;
    memcpy(tag, m.tag, 16);
    chain_begin(&c, key, ENCRYPT, &m);
    bool done = chain_next(&c, m.data, 16, out) && chain_end(&c, m.data, out);
    tap(good && (!done || (memcmp(out, sealed, 32) == 0 && memcmp(tag, m.tag, 16) == 0)),
        "are refused, or give what one call gives");
    BCryptDestroyKey(key);
}

/* The counter of CCM has 15 bytes less the nonce's. */
static void check_ccm_limit(void)
{
    static UCHAR in[65537], out[65537];
    struct message m;
    ROW("CCM with a nonce of 13 bytes");
    BCRYPT_KEY_HANDLE key = row_key(&rows[3]);
    message_make(&m, gcm, 0);
    m.nonce_n = 13;
    INFO info = info_of(&m);
    for (ULONG n = 65534; n <= 65537; n++) {
        char what[64];
        snprintf(what, sizeof what, "%u bytes", (unsigned)n);
        tap_status(crypt_once(ENCRYPT, key, in, n, &info, NULL, 0, out, n, 0),
                   n < 65536 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER, what);
        tap_status(crypt_once(DECRYPT, key, in, n, &info, NULL, 0, out, n, 0),
                   n < 65536 ? STATUS_AUTH_TAG_MISMATCH : STATUS_INVALID_PARAMETER,
                   "in decryption");
    }
    m.nonce_n = 12;
    info = info_of(&m);
    tap_status(crypt_once(ENCRYPT, key, in, 65537, &info, NULL, 0, out, 65537, 0), STATUS_SUCCESS,
               "a nonce of 12 bytes has room for 65537");
    /* Authenticated data of 0xFF00 bytes and more have another encoding of their length. */
    for (ULONG n = 0xFEFF; n <= 0xFF01; n++) {
        info.pbAuthData = in;
        info.cbAuthData = n;
        memset(m.tag, GUARD_BYTE, sizeof m.tag);
        tap(crypt_once(ENCRYPT, key, in, 20, &info, NULL, 0, out, 20, 0) == STATUS_SUCCESS &&
                crypt_once(DECRYPT, key, out, 20, &info, NULL, 0, out, 20, 0) == STATUS_SUCCESS,
            "authenticated data of about 0xFF00 bytes");
    }
    BCryptDestroyKey(key);
}

/* ---- known answers ---------------------------------------------------------------------------------------------- */

/* McGrew and Viega's test case 4, RFC 3610's packet 1, RFC 8439's section 2.8.2. */
static const struct answer {
    const char *label;
    LPCWSTR alg, mode;
    const char *secret, *nonce, *aad, *plain, *cipher, *tag;
} answers[] = {
    {"AES-128 GCM (test case 4)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_GCM,
     "feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {"AES-128 CCM (RFC 3610, packet 1)", BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_CCM,
     "c0c1c2c3c4c5c6c7c8c9cacbcccdcecf", "00000003020100a0a1a2a3a4a5", "0001020304050607",
     "08090a0b0c0d0e0f101112131415161718191a1b1c1d1e",
     "588c979a61c663d2f066d0c2c0f989806d5f6b61dac384", "17e8d12cfdf926e0"},
    {"CHACHA20_POLY1305 (RFC 8439, 2.8.2)", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL,
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f", "070000004041424344454647",
     "50515253c0c1c2c3c4c5c6c7",
     "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
     "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
     "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
     "637265656e20776f756c642062652069742e",
     "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
     "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
     "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
     "3ff4def08e4b7a9de576d26586cec64b6116",
     "1ae10b594f09e26a7e902ecbd0600691"},
};

static void check_answers(void)
{
    for (size_t i = 0; i < COUNT(answers); i++) {
        const struct answer *a = &answers[i];
        struct message m;
        UCHAR out[MOST], back[MOST];
        message_make(&m, gcm, 0);
        m.nonce_n = unhex(m.nonce, a->nonce);
        m.aad_n = unhex(m.aad, a->aad);
        m.n = unhex(m.data, a->plain);
        m.tag_n = (ULONG)strlen(a->tag) / 2;
        BCRYPT_KEY_HANDLE key = key_of_hex(a->alg, a->mode, a->secret);
        ROW(a->label);
        tap(seal(ENCRYPT, key, &m, m.data, out) == STATUS_SUCCESS && is_hex(out, m.n, a->cipher) &&
                is_hex(m.tag, m.tag_n, a->tag) &&
                seal(DECRYPT, key, &m, out, back) == STATUS_SUCCESS &&
                memcmp(back, m.data, m.n) == 0,
            "known answer");
        BCryptDestroyKey(key);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        walk(&rows[i]);
    BCRYPT_KEY_HANDLE key = row_key(gcm);
    check_chains(key);
    check_interleaved(key);
    check_disorder(key);
    BCryptDestroyKey(key);
    check_ccm_chain();
    check_ccm_limit();
    check_answers();
    return tap_done();
}
