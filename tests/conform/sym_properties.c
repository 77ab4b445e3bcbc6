/*
 * What symmetric algorithms and their keys tell about themselves and let be changed: a row for each property of each kind of
 * handle, with the value that Windows was seen to give; the lengths of keys that each algorithm takes, cuts and refuses.
 */
#include "conform_sym.h"

/* ---- getting ---------------------------------------------------------------------------------------------------- */

/* What is asked: the opened algorithm, a key made from it, a pseudo-handle. */
enum on { ALG = 1, KEY = 2, PSEUDO = 4 };

struct fact {
    const char *label;
    LPCWSTR alg, mode;
    ULONG open_flags;
    ULONG secret; /* bytes of the key */
    BCRYPT_ALG_HANDLE pseudo;
    int on;
    LPCWSTR property;
    NTSTATUS status;
    ULONG count, values[3]; /* of ULONGs */
};

#define AES_(m) BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_##m, 0, 16, BCRYPT_AES_##m##_ALG_HANDLE
#define DES_ BCRYPT_DES_ALGORITHM, NULL, 0, 8, BCRYPT_DES_CBC_ALG_HANDLE
#define DESX_ BCRYPT_DESX_ALGORITHM, NULL, 0, 24, BCRYPT_DESX_CFB_ALG_HANDLE
#define DES3_ BCRYPT_3DES_ALGORITHM, NULL, 0, 24, BCRYPT_3DES_CBC_ALG_HANDLE
#define DES112_ BCRYPT_3DES_112_ALGORITHM, NULL, 0, 16, BCRYPT_3DES_112_ECB_ALG_HANDLE
#define RC2_ BCRYPT_RC2_ALGORITHM, NULL, 0, 16, BCRYPT_RC2_CBC_ALG_HANDLE
#define RC2_LONG BCRYPT_RC2_ALGORITHM, NULL, BCRYPT_EXTENDED_KEYSIZE, 16, NULL
#define RC4_ BCRYPT_RC4_ALGORITHM, NULL, 0, 16, BCRYPT_RC4_ALG_HANDLE
#define RC4_LONG BCRYPT_RC4_ALGORITHM, NULL, BCRYPT_EXTENDED_KEYSIZE, 16, NULL
#define XTS_ BCRYPT_XTS_AES_ALGORITHM, NULL, 0, 64, BCRYPT_XTS_AES_ALG_HANDLE
#define CHACHA_ BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, 0, 32, BCRYPT_CHACHA20_POLY1305_ALG_HANDLE
#define PBKDF2_ BCRYPT_PBKDF2_ALGORITHM, NULL, 0, 20, BCRYPT_PBKDF2_ALG_HANDLE

#define IS(a)                                                                                      \
    STATUS_SUCCESS, 1,                                                                             \
    {                                                                                              \
        a                                                                                          \
    }
#define ARE(a, b, c)                                                                               \
    STATUS_SUCCESS, 3,                                                                             \
    {                                                                                              \
        a, b, c                                                                                    \
    }
#define HAS_NONE                                                                                   \
    STATUS_NOT_SUPPORTED, 0,                                                                       \
    {                                                                                              \
        0                                                                                          \
    }

static const struct fact facts[] = {
    {"AES", AES_(CBC), ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(128, 256, 64)},
    {"AES GCM", AES_(GCM), ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(128, 256, 64)},
    {"DES", DES_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(64, 64, 0)},
    {"DESX", DESX_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(192, 192, 0)},
    {"3DES", DES3_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(192, 192, 0)},
    {"3DES_112", DES112_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(128, 192, 64)},
    {"RC2", RC2_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(16, 128, 8)},
    {"RC2 with EXTENDED_KEYSIZE", RC2_LONG, ALG, BCRYPT_KEY_LENGTHS, ARE(16, 1024, 8)},
    {"RC4", RC4_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(8, 512, 8)},
    {"RC4 with EXTENDED_KEYSIZE", RC4_LONG, ALG, BCRYPT_KEY_LENGTHS, ARE(8, 2048, 8)},
    {"XTS-AES", XTS_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(256, 512, 128)},
    {"CHACHA20_POLY1305", CHACHA_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(256, 256, 0)},
    {"PBKDF2", PBKDF2_, ALG | PSEUDO, BCRYPT_KEY_LENGTHS, ARE(0, 16384, 8)},

    {"AES", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(16)},
    {"AES ECB", AES_(ECB), ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(16)},
    {"AES CFB", AES_(CFB), ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(16)},
    {"AES GCM", AES_(GCM), ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(16)},
    {"DES", DES_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(8)},
    {"DESX", DESX_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(8)},
    {"3DES", DES3_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(8)},
    {"3DES_112", DES112_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(8)},
    {"RC2", RC2_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(8)},
    {"RC4", RC4_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(1)},
    {"XTS-AES", XTS_, ALG | KEY | PSEUDO, BCRYPT_BLOCK_LENGTH, IS(16)},
    {"PBKDF2", PBKDF2_, ALG | PSEUDO, BCRYPT_BLOCK_LENGTH, HAS_NONE},

    {"AES", AES_(CBC), ALG | PSEUDO, BCRYPT_BLOCK_SIZE_LIST, IS(16)},
    {"3DES", DES3_, ALG | PSEUDO, BCRYPT_BLOCK_SIZE_LIST, IS(8)},
    {"RC2", RC2_, ALG | PSEUDO, BCRYPT_BLOCK_SIZE_LIST, IS(8)},
    {"RC4", RC4_, ALG | PSEUDO, BCRYPT_BLOCK_SIZE_LIST, IS(1)},
    {"XTS-AES", XTS_, ALG | PSEUDO, BCRYPT_BLOCK_SIZE_LIST, IS(16)},
    {"PBKDF2", PBKDF2_, ALG | PSEUDO, BCRYPT_BLOCK_SIZE_LIST, HAS_NONE},

    {"AES", AES_(CBC), KEY, BCRYPT_KEY_LENGTH, IS(128)},
    {"AES", AES_(CBC), ALG | PSEUDO, BCRYPT_KEY_LENGTH, HAS_NONE},
    {"DES", DES_, ALG | KEY | PSEUDO, BCRYPT_KEY_LENGTH, IS(64)},
    {"DESX", DESX_, ALG | KEY | PSEUDO, BCRYPT_KEY_LENGTH, IS(192)},
    {"3DES", DES3_, ALG | KEY | PSEUDO, BCRYPT_KEY_LENGTH, IS(192)},
    {"3DES_112", DES112_, ALG | PSEUDO, BCRYPT_KEY_LENGTH, HAS_NONE},
    {"RC2", RC2_, ALG | PSEUDO, BCRYPT_KEY_LENGTH, HAS_NONE},
    {"RC4", RC4_, ALG | PSEUDO, BCRYPT_KEY_LENGTH, HAS_NONE},
    {"XTS-AES", XTS_, ALG | PSEUDO, BCRYPT_KEY_LENGTH, HAS_NONE},
    {"3DES_112", DES112_, KEY, BCRYPT_KEY_LENGTH, IS(128)},
    {"RC2", RC2_, KEY, BCRYPT_KEY_LENGTH, IS(128)},
    {"RC4", RC4_, KEY, BCRYPT_KEY_LENGTH, IS(128)},
    {"XTS-AES", XTS_, KEY, BCRYPT_KEY_LENGTH, IS(512)},
    {"CHACHA20_POLY1305", CHACHA_, ALG | KEY | PSEUDO, BCRYPT_KEY_LENGTH, IS(256)},
    {"AES", AES_(CBC), KEY, BCRYPT_KEY_STRENGTH, IS(128)},
    {"AES GCM", AES_(GCM), KEY, BCRYPT_KEY_STRENGTH, IS(128)},
    {"PBKDF2", PBKDF2_, KEY, BCRYPT_KEY_STRENGTH, IS(160)},
    {"AES", AES_(CBC), ALG | PSEUDO, BCRYPT_KEY_STRENGTH, HAS_NONE},

    {"AES GCM", AES_(GCM), ALG | PSEUDO, BCRYPT_AUTH_TAG_LENGTH, ARE(12, 16, 1)},
    {"AES GCM", AES_(GCM), KEY, BCRYPT_AUTH_TAG_LENGTH, HAS_NONE},
    {"AES CCM", AES_(CCM), ALG | PSEUDO, BCRYPT_AUTH_TAG_LENGTH, ARE(4, 16, 2)},
    {"AES CCM", AES_(CCM), KEY, BCRYPT_AUTH_TAG_LENGTH, HAS_NONE},
    {"AES CBC", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_AUTH_TAG_LENGTH, HAS_NONE},
    {"AES ECB", AES_(ECB), ALG | KEY | PSEUDO, BCRYPT_AUTH_TAG_LENGTH, HAS_NONE},
    {"AES CFB", AES_(CFB), ALG | KEY | PSEUDO, BCRYPT_AUTH_TAG_LENGTH, HAS_NONE},
    {"3DES", DES3_, ALG | KEY | PSEUDO, BCRYPT_AUTH_TAG_LENGTH, HAS_NONE},

    {"AES CFB", AES_(CFB), ALG | KEY | PSEUDO, BCRYPT_MESSAGE_BLOCK_LENGTH, IS(1)},
    {"XTS-AES", XTS_, ALG | KEY | PSEUDO, BCRYPT_MESSAGE_BLOCK_LENGTH, IS(0)},
    {"AES", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_MESSAGE_BLOCK_LENGTH, HAS_NONE},
    {"AES GCM", AES_(GCM), ALG | KEY | PSEUDO, BCRYPT_MESSAGE_BLOCK_LENGTH, HAS_NONE},
    {"3DES", DES3_, ALG | KEY | PSEUDO, BCRYPT_MESSAGE_BLOCK_LENGTH, HAS_NONE},
    {"RC4", RC4_, ALG | KEY | PSEUDO, BCRYPT_MESSAGE_BLOCK_LENGTH, HAS_NONE},
    {"AES", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_EFFECTIVE_KEY_LENGTH, HAS_NONE},
    {"3DES", DES3_, ALG | KEY | PSEUDO, BCRYPT_EFFECTIVE_KEY_LENGTH, HAS_NONE},
    {"AES", AES_(CBC), ALG | PSEUDO, BCRYPT_PRIMITIVE_TYPE, IS(BCRYPT_CIPHER_INTERFACE)},
    {"RC4", RC4_, ALG | PSEUDO, BCRYPT_PRIMITIVE_TYPE, IS(BCRYPT_CIPHER_INTERFACE)},
    {"CHACHA20_POLY1305", CHACHA_, ALG | PSEUDO, BCRYPT_PRIMITIVE_TYPE,
     IS(BCRYPT_CIPHER_INTERFACE)},
    {"PBKDF2", PBKDF2_, ALG | PSEUDO, BCRYPT_PRIMITIVE_TYPE, IS(BCRYPT_KEY_DERIVATION_INTERFACE)},
    {"AES", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_HASH_LENGTH, HAS_NONE},
    {"AES", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_SIGNATURE_LENGTH, HAS_NONE},
    {"AES", AES_(CBC), ALG | KEY | PSEUDO, BCRYPT_PADDING_SCHEMES, HAS_NONE},
    {"AES", AES_(CBC), ALG | KEY | PSEUDO, L"NoSuchProperty", HAS_NONE},
};

/* The name of a property as text for the report. */
static const char *narrow(LPCWSTR name)
{
    static char text[64];
    ULONG i = 0;
    for (; name[i] != 0 && i + 1 < sizeof text; i++)
        text[i] = (char)name[i];
    text[i] = 0;
    return text;
}

static void get_fact(const struct fact *f, BCRYPT_HANDLE h, const char *on)
{
    char what[128];
    struct guarded out = guarded_new(64);
    const ULONG n = f->count * (ULONG)sizeof(ULONG);
    snprintf(what, sizeof what, "%s of %s", narrow(f->property), on);
    got = 0xBAD;
    NTSTATUS status = BCryptGetProperty(h, f->property, out.p, out.n, &got, 0);
    tap_status(status, f->status, what);
    if (f->status != STATUS_SUCCESS || status != STATUS_SUCCESS) {
        if (status != STATUS_SUCCESS)
            tap(guarded_untouched(&out), "the output is untouched");
        guarded_free(&out);
        return;
    }
    tap(got == n && memcmp(out.p, f->values, n) == 0 && guarded_intact(&out),
        "has the right value");
    if (got == n && memcmp(out.p, f->values, n) != 0)
        printf("# value %u\n", (unsigned)*(ULONG *)(VOID *)out.p);
    guarded_free(&out);
    out = guarded_new(n - 1);
    got = 0;
    tap(BCryptGetProperty(h, f->property, NULL, 0, &got, 0) == STATUS_SUCCESS && got == n,
        "a size query");
    tap(BCryptGetProperty(h, f->property, out.p, out.n, &got, 0) == STATUS_BUFFER_TOO_SMALL &&
            got == n && guarded_untouched(&out),
        "a byte short: the size is told, the buffer untouched");
    guarded_free(&out);
}

static void check_facts(void)
{
    for (size_t i = 0; i < COUNT(facts); i++) {
        const struct fact *f = &facts[i];
        UCHAR secret[64];
        fill(secret, sizeof secret);
        ROW(f->label);
        BCRYPT_ALG_HANDLE alg = open_with(f->alg, f->mode, f->open_flags);
        if ((f->on & ALG) != 0)
            get_fact(f, alg, "the algorithm");
        if ((f->on & KEY) != 0) {
            BCRYPT_KEY_HANDLE key = sym_key(alg, secret, f->secret);
            get_fact(f, key, "a key");
            BCryptDestroyKey(key);
        }
        if ((f->on & PSEUDO) != 0)
            get_fact(f, f->pseudo, "the pseudo-handle");
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

/* ---- chaining modes --------------------------------------------------------------------------------------------- */

struct mode_row {
    const char *label;
    LPCWSTR alg;
    ULONG secret;
    BCRYPT_ALG_HANDLE pseudo;
    LPCWSTR first, second; /* how it comes, and another mode that it has; NULL: none */
    LPCWSTR foreign;       /* one that it has not */
    LPCWSTR pseudo_mode;
};

static const struct mode_row mode_rows[] = {
    {"AES", BCRYPT_AES_ALGORITHM, 16, BCRYPT_AES_GCM_ALG_HANDLE, BCRYPT_CHAIN_MODE_CBC,
     BCRYPT_CHAIN_MODE_CCM, L"ChainingModeXYZ", BCRYPT_CHAIN_MODE_GCM},
    {"DES", BCRYPT_DES_ALGORITHM, 8, BCRYPT_DES_CFB_ALG_HANDLE, BCRYPT_CHAIN_MODE_CBC,
     BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_GCM, BCRYPT_CHAIN_MODE_CFB},
    {"3DES", BCRYPT_3DES_ALGORITHM, 24, BCRYPT_3DES_ECB_ALG_HANDLE, BCRYPT_CHAIN_MODE_CBC,
     BCRYPT_CHAIN_MODE_CFB, BCRYPT_CHAIN_MODE_GCM, BCRYPT_CHAIN_MODE_ECB},
    {"3DES_112", BCRYPT_3DES_112_ALGORITHM, 16, BCRYPT_3DES_112_CBC_ALG_HANDLE,
     BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_CCM, BCRYPT_CHAIN_MODE_CBC},
    {"DESX", BCRYPT_DESX_ALGORITHM, 24, BCRYPT_DESX_ECB_ALG_HANDLE, BCRYPT_CHAIN_MODE_CBC,
     BCRYPT_CHAIN_MODE_CFB, BCRYPT_CHAIN_MODE_GCM, BCRYPT_CHAIN_MODE_ECB},
    {"RC2", BCRYPT_RC2_ALGORITHM, 16, BCRYPT_RC2_CFB_ALG_HANDLE, BCRYPT_CHAIN_MODE_CBC,
     BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_CCM, BCRYPT_CHAIN_MODE_CFB},
    {"RC4", BCRYPT_RC4_ALGORITHM, 16, BCRYPT_RC4_ALG_HANDLE, BCRYPT_CHAIN_MODE_NA,
     BCRYPT_CHAIN_MODE_NA, BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_NA},
    {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, 32, BCRYPT_XTS_AES_ALG_HANDLE, BCRYPT_CHAIN_MODE_NA, NULL,
     BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_NA},
    {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, 32,
     BCRYPT_CHACHA20_POLY1305_ALG_HANDLE, BCRYPT_CHAIN_MODE_NA, NULL, BCRYPT_CHAIN_MODE_CBC,
     BCRYPT_CHAIN_MODE_NA},
};

static bool has_mode(BCRYPT_HANDLE h, LPCWSTR mode)
{
    WCHAR text[32];
    memset(text, 0x55, sizeof text);
    got = 0;
    return BCryptGetProperty(h, BCRYPT_CHAINING_MODE, (PUCHAR)text, sizeof text, &got, 0) ==
               STATUS_SUCCESS &&
           got == MODE_BYTES && text_equal(text, mode);
}

static void check_modes(void)
{
    for (size_t i = 0; i < COUNT(mode_rows); i++) {
        const struct mode_row *r = &mode_rows[i];
        UCHAR secret[32];
        fill(secret, sizeof secret);
        ROW(r->label);
        BCRYPT_ALG_HANDLE alg = open_alg(r->alg);
        BCRYPT_KEY_HANDLE early = sym_key(alg, secret, r->secret);
        tap(has_mode(alg, r->first), "ChainingMode as it comes, always 32 characters");
        tap(has_mode(early, r->first), "on a key too");
        tap(has_mode(r->pseudo, r->pseudo_mode), "and on the pseudo-handle its own");
        BCRYPT_HANDLE all[] = {alg, early, r->pseudo};
        for (size_t k = 0; k < COUNT(all); k++) {
            struct guarded less = guarded_new(MODE_BYTES - 1);
            got = 0;
            tap(BCryptGetProperty(all[k], BCRYPT_CHAINING_MODE, less.p, less.n, &got, 0) ==
                        STATUS_BUFFER_TOO_SMALL &&
                    got == MODE_BYTES && guarded_untouched(&less),
                "a byte short: STATUS_BUFFER_TOO_SMALL with the size");
            guarded_free(&less);
            tap(BCryptGetProperty(all[k], BCRYPT_CHAINING_MODE, NULL, 0, &got, 0) ==
                        STATUS_SUCCESS &&
                    got == MODE_BYTES,
                "a size query");
        }
        tap_status(set_text(r->pseudo, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_ECB),
                   STATUS_ACCESS_DENIED, "set on the pseudo-handle");
        tap(has_mode(r->pseudo, r->pseudo_mode), "whose value stays as it was");
        tap_status(set_text(alg, BCRYPT_CHAINING_MODE, r->foreign), STATUS_NOT_SUPPORTED,
                   "a mode that it has not");
        tap_status(set_text(early, BCRYPT_CHAINING_MODE, r->foreign), STATUS_NOT_SUPPORTED,
                   "on a key too");
        tap_fails(BCryptSetProperty(alg, BCRYPT_CHAINING_MODE, NULL, 32, 0), "no value");
        tap(has_mode(alg, r->first) && has_mode(early, r->first), "change nothing");
        if (r->second != NULL) {
            tap_status(set_text(alg, BCRYPT_CHAINING_MODE, r->second), STATUS_SUCCESS,
                       "a mode that it has");
            BCRYPT_KEY_HANDLE late = sym_key(alg, secret, r->secret);
            tap(has_mode(alg, r->second) && has_mode(late, r->second) && has_mode(early, r->first),
                "goes to the algorithm and to later keys, not to those that are there");
            tap(set_text(early, BCRYPT_CHAINING_MODE, r->second) == STATUS_SUCCESS &&
                    has_mode(early, r->second) &&
                    set_text(early, BCRYPT_CHAINING_MODE, r->first) == STATUS_SUCCESS &&
                    has_mode(early, r->first) && has_mode(late, r->second) &&
                    has_mode(alg, r->second),
                "on a key it changes that key only");
            BCryptDestroyKey(late);
        }
        BCryptDestroyKey(early);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

/* ---- lengths of keys -------------------------------------------------------------------------------------------- */

enum outcome { FITS, IS_CUT, IS_REFUSED };

struct length {
    const char *label;
    LPCWSTR alg;
    ULONG open_flags, make_flags;
    ULONG most;                        /* bytes that a longer secret is cut to */
    ULONG fits[8], cut[3], refused[9]; /* ended by 0; 0 bytes are always refused */
};

static const struct length lengths[] = {
    {"AES", BCRYPT_AES_ALGORITHM, 0, 0, 32, {16, 24, 32}, {33, 64}, {1, 8, 15, 17, 23, 25, 31}},
    {"AES with EXTENDED_KEYSIZE",
     BCRYPT_AES_ALGORITHM,
     0,
     BCRYPT_EXTENDED_KEYSIZE,
     32,
     {0},
     {0},
     {33, 64}},
    {"DES", BCRYPT_DES_ALGORITHM, 0, 0, 8, {8}, {9, 16}, {1, 7}},
    {"DESX", BCRYPT_DESX_ALGORITHM, 0, 0, 24, {24}, {25, 32}, {8, 16, 23}},
    {"3DES", BCRYPT_3DES_ALGORITHM, 0, 0, 24, {24}, {25, 32}, {8, 16, 23}},
    {"3DES_112", BCRYPT_3DES_112_ALGORITHM, 0, 0, 24, {16, 24}, {25}, {8, 15, 17, 23}},
    {"RC2", BCRYPT_RC2_ALGORITHM, 0, 0, 16, {2, 3, 5, 8, 15, 16}, {17, 128}, {1}},
    {"RC2, EXTENDED_KEYSIZE at open",
     BCRYPT_RC2_ALGORITHM,
     BCRYPT_EXTENDED_KEYSIZE,
     0,
     128,
     {2, 16, 17, 127, 128},
     {0},
     {1, 129}},
    {"RC2, EXTENDED_KEYSIZE at generate",
     BCRYPT_RC2_ALGORITHM,
     0,
     BCRYPT_EXTENDED_KEYSIZE,
     128,
     {2, 16, 17, 127, 128},
     {0},
     {1, 129}},
    {"RC2, EXTENDED_KEYSIZE at both",
     BCRYPT_RC2_ALGORITHM,
     BCRYPT_EXTENDED_KEYSIZE,
     BCRYPT_EXTENDED_KEYSIZE,
     128,
     {2, 16, 17, 127, 128},
     {0},
     {1, 129}},
    {"RC4", BCRYPT_RC4_ALGORITHM, 0, 0, 64, {1, 5, 16, 63, 64}, {65, 256}, {0}},
    {"RC4, EXTENDED_KEYSIZE at open",
     BCRYPT_RC4_ALGORITHM,
     BCRYPT_EXTENDED_KEYSIZE,
     0,
     256,
     {1, 64, 65, 255, 256},
     {0},
     {257}},
    {"RC4, EXTENDED_KEYSIZE at generate",
     BCRYPT_RC4_ALGORITHM,
     0,
     BCRYPT_EXTENDED_KEYSIZE,
     256,
     {1, 64, 65, 255, 256},
     {0},
     {257}},
    {"RC4, EXTENDED_KEYSIZE at both",
     BCRYPT_RC4_ALGORITHM,
     BCRYPT_EXTENDED_KEYSIZE,
     BCRYPT_EXTENDED_KEYSIZE,
     256,
     {1, 64, 65, 255, 256},
     {0},
     {257}},
    {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, 0, 0, 64, {32, 64}, {65, 96}, {16, 31, 33, 48, 63}},
    {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, 0, 0, 32, {32}, {33, 64}, {16, 31}},
};

static void check_length(const struct length *l, BCRYPT_ALG_HANDLE alg, ULONG n, enum outcome want)
{
    static const char *const names[] = {"fit", "are cut to the longest key", "are refused"};
    UCHAR secret[300], blob[320];
    char what[64];
    fill(secret, sizeof secret);
    BCRYPT_KEY_HANDLE key = UNTOUCHED;
    snprintf(what, sizeof what, "%u bytes %s", (unsigned)n, names[want]);
    NTSTATUS status = BCryptGenerateSymmetricKey(alg, &key, NULL, 0, secret, n, l->make_flags);
    tap_status(status, want == IS_REFUSED ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS, what);
    if (status < 0) {
        tap(key == UNTOUCHED, "the key variable is untouched");
        return;
    }
    ULONG kept = want == IS_CUT ? l->most : n;
    tap(get_u32(key, BCRYPT_KEY_LENGTH) == kept * 8 &&
            export_to(key, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob) == 12 + kept &&
            memcmp(blob + 12, secret, kept) == 0,
        "KeyLength and KeyDataBlob say so");
    BCryptDestroyKey(key);
}

static void check_lengths(void)
{
    for (size_t i = 0; i < COUNT(lengths); i++) {
        const struct length *l = &lengths[i];
        ROW(l->label);
        BCRYPT_ALG_HANDLE alg = open_with(l->alg, NULL, l->open_flags);
        tap(alg != NULL, "opens");
        for (size_t k = 0; k < COUNT(l->fits) && l->fits[k] != 0; k++)
            check_length(l, alg, l->fits[k], FITS);
        for (size_t k = 0; k < COUNT(l->cut) && l->cut[k] != 0; k++)
            check_length(l, alg, l->cut[k], IS_CUT);
        check_length(l, alg, 0, IS_REFUSED);
        for (size_t k = 0; k < COUNT(l->refused) && l->refused[k] != 0; k++)
            check_length(l, alg, l->refused[k], IS_REFUSED);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
    /* A key that was cut computes as the short one does; 3DES_112's third key is its first. */
    UCHAR secret[64], in[64], one[64], two[64];
    fill(secret, sizeof secret);
    fill(in, sizeof in);
    ROW("AES of 33 bytes");
    BCRYPT_KEY_HANDLE key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 33);
    bool good = crypt_all(ENCRYPT, key, in, 64, NULL, 0, one);
    BCryptDestroyKey(key);
    key = key_of(BCRYPT_AES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 32);
    tap(good && crypt_all(ENCRYPT, key, in, 64, NULL, 0, two) && memcmp(one, two, 64) == 0,
        "is AES of its first 32");
    BCryptDestroyKey(key);
    ROW("3DES_112 of 16 bytes");
    key = key_of(BCRYPT_3DES_112_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 16);
    good = crypt_all(ENCRYPT, key, in, 64, NULL, 0, one);
    BCryptDestroyKey(key);
    memcpy(secret + 16, secret, 8);
    key = key_of(BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, secret, 24);
    tap(good && crypt_all(ENCRYPT, key, in, 64, NULL, 0, two) && memcmp(one, two, 64) == 0,
        "is 3DES with its first key for the third");
    BCryptDestroyKey(key);
}

/* ---- the other settable ones ------------------------------------------------------------------------------------ */

static void check_effective(void)
{
    static const ULONG good[] = {16, 17, 40, 64, 127, 128, 129, 1023, 1024};
    static const ULONG bad[] = {0, 1, 15, 1025, 0xFFFFFFFF};
    UCHAR secret[16], in[8], first[8], out[8];
    ROW("EffectiveKeyLength of RC2");
    fill(secret, sizeof secret);
    fill(in, sizeof in);
    BCRYPT_ALG_HANDLE alg = open_with(BCRYPT_RC2_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, 0);
    for (size_t i = 0; i < COUNT(good); i++) {
        char what[64];
        snprintf(what, sizeof what, "%u bits", (unsigned)good[i]);
        tap_status(set_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, good[i]), STATUS_SUCCESS, what);
        tap(get_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH) == good[i], "can be read");
        BCRYPT_KEY_HANDLE key = NULL;
        static UCHAR bytes[16] = {1};
        tap(BCryptGenerateSymmetricKey(alg, &key, NULL, 0, bytes, 16, 0) == STATUS_SUCCESS &&
                get_u32(key, BCRYPT_EFFECTIVE_KEY_LENGTH) == good[i],
            "and is a key's");
        BCryptDestroyKey(key);
    }
    for (size_t i = 0; i < COUNT(bad); i++) {
        char what[64];
        snprintf(what, sizeof what, "%u bits are refused", (unsigned)bad[i]);
        tap_status(set_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, bad[i]), STATUS_INVALID_PARAMETER,
                   what);
    }
    USHORT half = 64;
    tap_status(BCryptSetProperty(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, (PUCHAR)&half, 2, 0),
               STATUS_INVALID_PARAMETER, "a value of 2 bytes");
    tap(get_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH) == 1024, "leaving it as it was");
    tap_status(set_u32(BCRYPT_RC2_ECB_ALG_HANDLE, BCRYPT_EFFECTIVE_KEY_LENGTH, 64),
               STATUS_ACCESS_DENIED, "a pseudo-handle");
    set_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, 64);
    BCRYPT_KEY_HANDLE key = sym_key(alg, secret, sizeof secret);
    set_u32(alg, BCRYPT_EFFECTIVE_KEY_LENGTH, 40);
    BCRYPT_KEY_HANDLE other = sym_key(alg, secret, sizeof secret);
    tap(crypt_all(ENCRYPT, key, in, 8, NULL, 0, first) &&
            crypt_all(ENCRYPT, other, in, 8, NULL, 0, out) && memcmp(first, out, 8) != 0,
        "a key has the one that was set when it was made");
    BCryptDestroyKey(other);
    other = NULL;
    tap(BCryptDuplicateKey(key, &other, NULL, 0, 0) == STATUS_SUCCESS &&
            crypt_all(ENCRYPT, other, in, 8, NULL, 0, out) && memcmp(first, out, 8) == 0,
        "its copy too");
    BCryptDestroyKey(other);
    other = NULL;
    UCHAR blob[256];
    ULONG n = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
    tap(BCryptImportKey(alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &other, NULL, 0, blob, n, 0) ==
                STATUS_SUCCESS &&
            crypt_all(ENCRYPT, other, in, 8, NULL, 0, out) && memcmp(first, out, 8) == 0,
        "and its OpaqueKeyBlob");
    BCryptDestroyKey(other);
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

static void check_segments(void)
{
    static const struct {
        const char *label;
        LPCWSTR alg;
        ULONG secret, block;
        ULONG bad[6];
    } rows[] = {
        {"CFB of AES", BCRYPT_AES_ALGORITHM, 16, 16, {0, 2, 8, 15, 17, 32}},
        {"CFB of 3DES", BCRYPT_3DES_ALGORITHM, 24, 8, {0, 2, 4, 7, 9, 16}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        UCHAR secret[24], in[32], whole[32], out[32], iv[16] = {0};
        char what[64];
        ROW(rows[i].label);
        fill(secret, sizeof secret);
        fill(in, sizeof in);
        BCRYPT_KEY_HANDLE key = key_of(rows[i].alg, BCRYPT_CHAIN_MODE_CFB, secret, rows[i].secret);
        tap(get_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH) == 1, "a segment is a byte");
        tap(set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, rows[i].block) == STATUS_SUCCESS &&
                get_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH) == rows[i].block,
            "or a block");
        for (size_t k = 0; k < COUNT(rows[i].bad); k++) {
            snprintf(what, sizeof what, "or nothing else: %u", (unsigned)rows[i].bad[k]);
            tap_status(set_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH, rows[i].bad[k]),
                       STATUS_INVALID_PARAMETER, what);
        }
        tap_status(BCryptSetProperty(key, BCRYPT_MESSAGE_BLOCK_LENGTH, iv, 2, 0),
                   STATUS_INVALID_PARAMETER, "a value of 2 bytes");
        tap(get_u32(key, BCRYPT_MESSAGE_BLOCK_LENGTH) == rows[i].block, "leaves it as it was");
        tap_status(
            crypt_once(ENCRYPT, key, in, rows[i].block + 1, NULL, iv, rows[i].block, out, 32, 0),
            STATUS_INVALID_BUFFER_SIZE, "data that is not whole segments");
        tap(crypt_all(ENCRYPT, key, in, 32, iv, rows[i].block, whole), "data that is");
        BCRYPT_KEY_HANDLE copy = NULL;
        memset(iv, 0, sizeof iv);
        tap(BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                get_u32(copy, BCRYPT_MESSAGE_BLOCK_LENGTH) == rows[i].block &&
                crypt_all(ENCRYPT, copy, in, 32, iv, rows[i].block, out) &&
                memcmp(out, whole, 32) == 0,
            "a copy has the same segments");
        BCryptDestroyKey(copy);
        UCHAR blob[256];
        copy = NULL;
        BCRYPT_ALG_HANDLE alg = open_alg(rows[i].alg);
        ULONG n = export_to(key, BCRYPT_OPAQUE_KEY_BLOB, blob, sizeof blob);
        memset(iv, 0, sizeof iv);
        tap(BCryptImportKey(alg, NULL, BCRYPT_OPAQUE_KEY_BLOB, &copy, NULL, 0, blob, n, 0) ==
                    STATUS_SUCCESS &&
                get_u32(copy, BCRYPT_MESSAGE_BLOCK_LENGTH) == rows[i].block &&
                crypt_all(ENCRYPT, copy, in, 32, iv, rows[i].block, out) &&
                memcmp(out, whole, 32) == 0,
            "so has a key from its OpaqueKeyBlob");
        BCryptDestroyKey(copy);
        BCryptDestroyKey(key);
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

/* Programs set it with the mode, before they make keys. */
struct alg_segments {
    const char *label;
    LPCWSTR alg, mode;
    BCRYPT_ALG_HANDLE pseudo;
    ULONG secret, first, other; /* bytes; MessageBlockLength as it comes, and another */
    ULONG bad[5];
};

static const struct alg_segments alg_segments[] = {
    {"CFB of AES algorithms",
     BCRYPT_AES_ALGORITHM,
     BCRYPT_CHAIN_MODE_CFB,
     BCRYPT_AES_CFB_ALG_HANDLE,
     16,
     1,
     16,
     {0, 2, 8, 15, 17}},
    {"CFB of 3DES algorithms",
     BCRYPT_3DES_ALGORITHM,
     BCRYPT_CHAIN_MODE_CFB,
     BCRYPT_3DES_CFB_ALG_HANDLE,
     24,
     1,
     8,
     {0, 2, 7, 9, 16}},
    {"CFB of DES algorithms",
     BCRYPT_DES_ALGORITHM,
     BCRYPT_CHAIN_MODE_CFB,
     BCRYPT_DES_CFB_ALG_HANDLE,
     8,
     1,
     8,
     {0, 2, 7, 9, 16}},
    {"XTS-AES algorithms",
     BCRYPT_XTS_AES_ALGORITHM,
     NULL,
     BCRYPT_XTS_AES_ALG_HANDLE,
     32,
     0,
     512,
     {0, 1, 15, (1u << 24) + 1, 0xFFFFFFFF}},
};

static void check_segment_setting(const struct alg_segments *r, BCRYPT_ALG_HANDLE alg)
{
    char what[64];
    for (size_t k = 0; k < COUNT(r->bad); k++) {
        snprintf(what, sizeof what, "%u is refused", (unsigned)r->bad[k]);
        tap_status(set_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH, r->bad[k]), STATUS_INVALID_PARAMETER,
                   what);
    }
    USHORT half = (USHORT)r->other;
    tap_status(BCryptSetProperty(alg, BCRYPT_MESSAGE_BLOCK_LENGTH, (PUCHAR)&half, 2, 0),
               STATUS_INVALID_PARAMETER, "a value of 2 bytes");
    tap(get_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->first, "leaves it as it comes");
    tap_status(set_u32(r->pseudo, BCRYPT_MESSAGE_BLOCK_LENGTH, r->other), STATUS_ACCESS_DENIED,
               "the pseudo-handle refuses it");
    tap_status(set_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH, r->other), STATUS_SUCCESS,
               "the algorithm takes it");
    tap(get_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->other, "and tells it");
}

static void check_segment_heirs(const struct alg_segments *r, BCRYPT_ALG_HANDLE alg,
                                BCRYPT_KEY_HANDLE early, UCHAR *secret)
{
    UCHAR blob[64], in[512], one[512], two[512], iv[16] = {0};
    const ULONG iv_size = r->mode == NULL ? 8 : r->other;
    fill(in, sizeof in);
    tap(get_u32(early, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->first, "a key that is there keeps its");
    ULONG n = export_to(early, BCRYPT_KEY_DATA_BLOB, blob, sizeof blob);
    set_u32(early, BCRYPT_MESSAGE_BLOCK_LENGTH, r->other);
    bool good = crypt_all(ENCRYPT, early, in, sizeof in, iv, iv_size, one);
    BCRYPT_KEY_HANDLE late = sym_key(alg, secret, r->secret), imported = NULL;
    memset(iv, 0, sizeof iv);
    tap(good && get_u32(late, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->other &&
            crypt_all(ENCRYPT, late, in, sizeof in, iv, iv_size, two) &&
            memcmp(one, two, sizeof one) == 0,
        "a new key takes it over");
    tap(BCryptImportKey(alg, NULL, BCRYPT_KEY_DATA_BLOB, &imported, NULL, 0, blob, n, 0) ==
                STATUS_SUCCESS &&
            get_u32(imported, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->other,
        "so does one that is imported");
    set_u32(late, BCRYPT_MESSAGE_BLOCK_LENGTH, r->mode == NULL ? 16 : 1);
    tap(get_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->other, "whose own changes nothing here");
    BCryptDestroyKey(imported);
    BCryptDestroyKey(late);
}

static void check_alg_segments(void)
{
    for (size_t i = 0; i < COUNT(alg_segments); i++) {
        const struct alg_segments *r = &alg_segments[i];
        UCHAR secret[32];
        ROW(r->label);
        fill(secret, sizeof secret);
        BCRYPT_ALG_HANDLE alg = open_with(r->alg, r->mode, 0);
        BCRYPT_KEY_HANDLE early = sym_key(alg, secret, r->secret);
        check_segment_setting(r, alg);
        check_segment_heirs(r, alg, early, secret);
        BCryptDestroyKey(early);
        if (r->mode != NULL) {
            set_text(alg, BCRYPT_CHAINING_MODE, BCRYPT_CHAIN_MODE_CBC);
            tap_status(set_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH, 1), STATUS_NOT_SUPPORTED,
                       "in CBC it has none");
            set_text(alg, BCRYPT_CHAINING_MODE, r->mode);
            tap(get_u32(alg, BCRYPT_MESSAGE_BLOCK_LENGTH) == r->other, "and back in CFB the same");
        }
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

static void check_refusals(void)
{
    ROW("BCryptSetProperty of symmetric algorithms");
    ULONG bits = 128;
    UCHAR secret[16] = {0}, iv[16] = {0};
    BCRYPT_ALG_HANDLE alg = open_alg(BCRYPT_AES_ALGORITHM);
    BCRYPT_KEY_HANDLE key = sym_key(alg, secret, 16);
    static const struct {
        const char *label;
        LPCWSTR name;
    } fixed[] = {
        {"KeyLength", BCRYPT_KEY_LENGTH},
        {"KeyLengths", BCRYPT_KEY_LENGTHS},
        {"BlockLength", BCRYPT_BLOCK_LENGTH},
        {"ObjectLength", BCRYPT_OBJECT_LENGTH},
        {"KeyStrength", BCRYPT_KEY_STRENGTH},
        {"AlgorithmName", BCRYPT_ALGORITHM_NAME},
        {"AuthTagLength", BCRYPT_AUTH_TAG_LENGTH},
        {"EffectiveKeyLength", BCRYPT_EFFECTIVE_KEY_LENGTH},
        {"a name that is none", L"NoSuchProperty"},
    };
    for (size_t i = 0; i < COUNT(fixed); i++) {
        tap_status(set_u32(alg, fixed[i].name, bits), STATUS_NOT_SUPPORTED, fixed[i].label);
        tap_status(set_u32(key, fixed[i].name, bits), STATUS_NOT_SUPPORTED, "on a key too");
        tap_status(set_u32(BCRYPT_AES_CBC_ALG_HANDLE, fixed[i].name, bits), STATUS_ACCESS_DENIED,
                   "and a pseudo-handle refuses all");
    }
    tap_status(BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, iv, 16, UNKNOWN_BIT),
               STATUS_INVALID_PARAMETER, "an unknown flag");
    tap_status(BCryptSetProperty(key, NULL, iv, 16, 0), STATUS_INVALID_PARAMETER, "no name");
    tap_fails(BCryptSetProperty(key, BCRYPT_INITIALIZATION_VECTOR, NULL, 16, 0), "no IV");
    ULONG n = 0;
    tap(BCryptGetProperty(key, BCRYPT_PROVIDER_HANDLE, room, sizeof room, &n, 0) ==
                STATUS_SUCCESS &&
            n == sizeof alg && memcmp(room, &alg, sizeof alg) == 0,
        "ProviderHandle of a key");
    tap(BCryptGetProperty(key, BCRYPT_ALGORITHM_NAME, room, sizeof room, &n, 0) == STATUS_SUCCESS &&
            n == 4 * sizeof(WCHAR) && text_equal((LPCWSTR)(VOID *)room, BCRYPT_AES_ALGORITHM),
        "AlgorithmName of a key");
    BCryptDestroyKey(key);
    BCryptCloseAlgorithmProvider(alg, 0);
}

/* A size that is asked for in one mode must do in another: callers ask before and after setting it. */
static void check_object_length(void)
{
    static const struct {
        const char *label;
        LPCWSTR alg;
        ULONG most; /* what programs reserve without asking */
        LPCWSTR modes[6];
    } rows[] = {
        {"AES",
         BCRYPT_AES_ALGORITHM,
         768,
         {BCRYPT_CHAIN_MODE_CBC, BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_CFB,
          BCRYPT_CHAIN_MODE_GCM, BCRYPT_CHAIN_MODE_CCM}},
        {"3DES", BCRYPT_3DES_ALGORITHM, 768, {BCRYPT_CHAIN_MODE_ECB, BCRYPT_CHAIN_MODE_CFB}},
        {"RC4", BCRYPT_RC4_ALGORITHM, 768, {NULL}},
        {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, 2048, {NULL}},
        {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, 4096, {NULL}},
        {"PBKDF2", BCRYPT_PBKDF2_ALGORITHM, 768, {NULL}},
        {"HKDF", BCRYPT_HKDF_ALGORITHM, 768, {NULL}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        ROW(rows[i].label);
        BCRYPT_ALG_HANDLE alg = open_alg(rows[i].alg);
        ULONG first = get_u32(alg, BCRYPT_OBJECT_LENGTH);
        tap(first > 0 && first <= rows[i].most, "ObjectLength is what programs reserve at most");
        for (size_t k = 0; k < 6 && rows[i].modes[k] != NULL; k++) {
            set_text(alg, BCRYPT_CHAINING_MODE, rows[i].modes[k]);
            tap(get_u32(alg, BCRYPT_OBJECT_LENGTH) == first, "and the same in every mode");
        }
        BCryptCloseAlgorithmProvider(alg, 0);
    }
}

/* ---- lists and locked memory ------------------------------------------------------------------------------------ */

static bool is_listed(ULONG operations, LPCWSTR name, ULONG class)
{
    ULONG count = 0;
    BCRYPT_ALGORITHM_IDENTIFIER *list = NULL;
    bool found = false;
    if (BCryptEnumAlgorithms(operations, &count, &list, 0) != STATUS_SUCCESS)
        return false;
    for (ULONG i = 0; i < count; i++)
        found = found || (text_equal(list[i].pszName, name) && list[i].dwClass == class &&
                          list[i].dwFlags == 0);
    BCryptFreeBuffer(list);
    return found;
}

/* Every symmetric algorithm: listed in its class only, and alive in locked memory after its algorithm was closed. */
static const struct everybody {
    const char *label;
    LPCWSTR alg;
    ULONG class, key; /* bytes of a key */
} everybody[] = {
    {"AES", BCRYPT_AES_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 16},
    {"DES", BCRYPT_DES_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 8},
    {"DESX", BCRYPT_DESX_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 24},
    {"3DES", BCRYPT_3DES_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 24},
    {"3DES_112", BCRYPT_3DES_112_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 16},
    {"RC2", BCRYPT_RC2_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 16},
    {"RC4", BCRYPT_RC4_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 16},
    {"XTS-AES", BCRYPT_XTS_AES_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 32},
    {"CHACHA20_POLY1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, BCRYPT_CIPHER_INTERFACE, 32},
    {"MD2", BCRYPT_MD2_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"MD4", BCRYPT_MD4_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"MD5", BCRYPT_MD5_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA1", BCRYPT_SHA1_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA256", BCRYPT_SHA256_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA384", BCRYPT_SHA384_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA512", BCRYPT_SHA512_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA3-256", BCRYPT_SHA3_256_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA3-384", BCRYPT_SHA3_384_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHA3-512", BCRYPT_SHA3_512_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHAKE128", BCRYPT_SHAKE128_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"SHAKE256", BCRYPT_SHAKE256_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"CSHAKE128", BCRYPT_CSHAKE128_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"CSHAKE256", BCRYPT_CSHAKE256_ALGORITHM, BCRYPT_HASH_INTERFACE, 0},
    {"KMAC128", BCRYPT_KMAC128_ALGORITHM, BCRYPT_HASH_INTERFACE, 20},
    {"KMAC256", BCRYPT_KMAC256_ALGORITHM, BCRYPT_HASH_INTERFACE, 20},
    {"AES-CMAC", BCRYPT_AES_CMAC_ALGORITHM, BCRYPT_HASH_INTERFACE, 16},
    {"AES-GMAC", BCRYPT_AES_GMAC_ALGORITHM, BCRYPT_HASH_INTERFACE, 16},
    {"PBKDF2", BCRYPT_PBKDF2_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
    {"SP800_108_CTR_HMAC", BCRYPT_SP800108_CTR_HMAC_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
    {"SP800_56A_CONCAT", BCRYPT_SP80056A_CONCAT_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
    {"CAPI_KDF", BCRYPT_CAPI_KDF_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
    {"TLS1_1_KDF", BCRYPT_TLS1_1_KDF_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
    {"TLS1_2_KDF", BCRYPT_TLS1_2_KDF_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
    {"HKDF", BCRYPT_HKDF_ALGORITHM, BCRYPT_KEY_DERIVATION_INTERFACE, 20},
};

static void check_lists(void)
{
    for (size_t i = 0; i < COUNT(everybody); i++) {
        const struct everybody *e = &everybody[i];
        ULONG own = 1u << (e->class - 1); /* the operation's bit */
        ROW(e->label);
        tap(is_listed(0, e->alg, e->class) && is_listed(own, e->alg, e->class) &&
                !is_listed(0xFF & ~own, e->alg, e->class),
            "BCryptEnumAlgorithms lists it in its class");
    }
}

static bool hash_lives(BCRYPT_ALG_HANDLE alg, const struct everybody *e, UCHAR *secret)
{
    BCRYPT_HASH_HANDLE h = NULL, copy = NULL;
    UCHAR one[64], two[64];
    ULONG n = get_u32(alg, BCRYPT_HASH_LENGTH);
    bool good = n <= sizeof one && BCryptCreateHash(alg, &h, NULL, 0, e->key > 0 ? secret : NULL,
                                                    e->key, 0) == STATUS_SUCCESS;
    if (text_equal(e->alg, BCRYPT_AES_GMAC_ALGORITHM))
        good = good &&
               BCryptSetProperty(h, BCRYPT_INITIALIZATION_VECTOR, secret, 12, 0) == STATUS_SUCCESS;
    good = good && BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS &&
           BCryptHashData(h, secret, 50, 0) == STATUS_SUCCESS &&
           BCryptDuplicateHash(h, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
           BCryptFinishHash(h, one, n, 0) == STATUS_SUCCESS &&
           BCryptDestroyHash(h) == STATUS_SUCCESS &&
           BCryptFinishHash(copy, two, n, 0) == STATUS_SUCCESS && memcmp(one, two, n) == 0;
    return BCryptDestroyHash(copy) == STATUS_SUCCESS && good;
}

static bool key_lives(BCRYPT_ALG_HANDLE alg, const struct everybody *e, UCHAR *secret)
{
    UCHAR one[64], two[64];
    BCRYPT_KEY_HANDLE key = sym_key(alg, secret, e->key), copy = NULL;
    bool good = BCryptCloseAlgorithmProvider(alg, 0) == STATUS_SUCCESS &&
                BCryptDuplicateKey(key, &copy, NULL, 0, 0) == STATUS_SUCCESS &&
                export_to(key, BCRYPT_KEY_DATA_BLOB, one, sizeof one) ==
                    (text_equal(e->alg, BCRYPT_HKDF_ALGORITHM) ? 0 : 12 + e->key);
    /* Whatever a call answers, key and copy answer the same. */
    NTSTATUS first = crypt_once(ENCRYPT, key, secret, 64, NULL, NULL, 0, one, 64, 0);
    NTSTATUS second = crypt_once(ENCRYPT, copy, secret, 64, NULL, NULL, 0, two, 64, 0);
    good = good && first == second && (first < 0 || memcmp(one, two, 64) == 0);
    return BCryptDestroyKey(key) == STATUS_SUCCESS && BCryptDestroyKey(copy) == STATUS_SUCCESS &&
           good;
}

static void check_locked(void)
{
    for (size_t i = 0; i < COUNT(everybody); i++) {
        UCHAR secret[64];
        ROW(everybody[i].label);
        fill(secret, sizeof secret);
        BCRYPT_ALG_HANDLE alg = open_with(everybody[i].alg, NULL, BCRYPT_PROV_DISPATCH);
        tap((everybody[i].class == BCRYPT_HASH_INTERFACE ? hash_lives
                                                         : key_lives)(alg, &everybody[i], secret),
            "lives in locked memory, longer than its algorithm");
    }
}

int main(void)
{
    check_facts();
    check_modes();
    check_lengths();
    check_effective();
    check_segments();
    check_alg_segments();
    check_refusals();
    check_object_length();
    check_lists();
    check_locked();
    return tap_done();
}
