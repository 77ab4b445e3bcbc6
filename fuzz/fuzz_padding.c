/*
 * The structures behind pPaddingInfo, for encrypting and signing, in bcrypt.h and ncrypt.h. An input is
 *
 *    0  key       row of fuzz_keys.h
 *    1  bit 0     encrypt and decrypt, otherwise sign and verify; bit 1: no structure at all;
 *                 bit 2: a label or context of that length at NULL; bit 3: through ncrypt.h
 *    2  flags     u32; with the byte 255 in front, all 32 bits, otherwise index into `flags`
 *    …  hash      index into `hashes`, a length and characters, or none (255)
 *       salt      u32
 *       label     a length and bytes
 *       room      u16 added to the size that was asked for, modulo 2^16: 0 is just enough
 *       the rest  what is encrypted or signed
 *
 * A refusal writes nothing, a success no byte more than it says; what was encrypted is decrypted to
 * the same, what was signed verifies, and both libraries do the same.
 */
#include "fuzz_keys.h"

#include <ncrypt.h>

static const LPCWSTR hashes[] = {
    BCRYPT_SHA256_ALGORITHM,   BCRYPT_SHA1_ALGORITHM,     BCRYPT_MD5_ALGORITHM,
    BCRYPT_SHA384_ALGORITHM,   BCRYPT_SHA512_ALGORITHM,   BCRYPT_SHA3_256_ALGORITHM,
    BCRYPT_MD2_ALGORITHM,      BCRYPT_MD4_ALGORITHM,      BCRYPT_SHAKE128_ALGORITHM,
    BCRYPT_SHAKE256_ALGORITHM, BCRYPT_AES_CMAC_ALGORITHM, BCRYPT_RSA_ALGORITHM,
};

static const ULONG flags[] = {
    0,
    BCRYPT_PAD_NONE,
    BCRYPT_PAD_PKCS1,
    BCRYPT_PAD_OAEP,
    BCRYPT_PAD_PSS,
    BCRYPT_PAD_PQDSA,
    BCRYPT_MLDSA_EXTERNAL_MU,
    BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID,
};

struct job {
    BCRYPT_KEY_HANDLE key;
    NCRYPT_KEY_HANDLE stored; /* the same key in ncrypt.h; 0: bcrypt.h is asked */
    ULONG flag;
    void *info;
};

/* The same key in ncrypt.h, or 0 where it has none of the kind. */
static NCRYPT_KEY_HANDLE stored_of(const struct pair *p)
{
    static NCRYPT_PROV_HANDLE provider;
    static NCRYPT_KEY_HANDLE stored[COUNT(pairs)];
    NCRYPT_KEY_HANDLE *at = &stored[p - pairs];
    UCHAR blob[8192];
    ULONG n = 0;
    if (provider == 0)
        FUZZ_CHECK(NCryptOpenStorageProvider(&provider, NULL, 0) == ERROR_SUCCESS);
    if (*at == 0 && BCryptExportKey(p->key, NULL, BCRYPT_PRIVATE_KEY_BLOB, blob, sizeof blob, &n,
                                    0) == STATUS_SUCCESS)
        (void)NCryptImportKey(provider, 0, BCRYPT_PRIVATE_KEY_BLOB, NULL, at, blob, n, 0);
    return *at;
}

static NTSTATUS encrypt(const struct job *j, struct bytes in, PUCHAR out, ULONG cap, ULONG *n)
{
    return j->stored != 0
               ? NCryptEncrypt(j->stored, in.p, in.n, j->info, out, cap, n, j->flag)
               : BCryptEncrypt(j->key, in.p, in.n, j->info, NULL, 0, out, cap, n, j->flag);
}

static NTSTATUS decrypt(const struct job *j, struct bytes in, PUCHAR out, ULONG cap, ULONG *n)
{
    return j->stored != 0
               ? NCryptDecrypt(j->stored, in.p, in.n, j->info, out, cap, n, j->flag)
               : BCryptDecrypt(j->key, in.p, in.n, j->info, NULL, 0, out, cap, n, j->flag);
}

static NTSTATUS sign(const struct job *j, struct bytes in, PUCHAR out, ULONG cap, ULONG *n)
{
    return j->stored != 0 ? NCryptSignHash(j->stored, j->info, in.p, in.n, out, cap, n, j->flag)
                          : BCryptSignHash(j->key, j->info, in.p, in.n, out, cap, n, j->flag);
}

static NTSTATUS verify(const struct job *j, struct bytes in, struct bytes signature)
{
    return j->stored != 0 ? NCryptVerifySignature(j->stored, j->info, in.p, in.n, signature.p,
                                                  signature.n, j->flag)
                          : BCryptVerifySignature(j->key, j->info, in.p, in.n, signature.p,
                                                  signature.n, j->flag);
}

typedef NTSTATUS make(const struct job *j, struct bytes in, PUCHAR out, ULONG cap, ULONG *n);

/* One output, in a room of its size and `more` bytes; no pointer where it was refused. */
static struct bytes made(struct input *in, make *how, const struct job *j, struct bytes from,
                         uint32_t more)
{
    ULONG need = 0, n = 0;
    struct bytes none = {NULL, 0};
    if (how(j, from, NULL, 0, &need) < 0)
        return none;
    FUZZ_CHECK(need <= 1u << 17);
    struct room room = room_new((ULONG)(need + more) & 0xFFFF);
    NTSTATUS status = how(j, from, room.p, room.n, &n);
    if (status < 0) {
        FUZZ_CHECK(room_untouched(&room));
        room_free(&room);
        return none;
    }
    FUZZ_CHECK(n <= room.n && n <= need && room_untouched_from(&room, n));
    struct bytes out = {input_own(in, n), n};
    memcpy(out.p, room.p, n);
    room_free(&room);
    return out;
}

/* Raw numbers come back with all the zeros in front of them. */
static void crypt(struct input *in, const struct job *j, struct bytes text, uint32_t more)
{
    struct bytes sealed = made(in, encrypt, j, text, more);
    if (sealed.p != NULL) {
        struct bytes back = made(in, decrypt, j, sealed, 0);
        FUZZ_CHECK(back.p != NULL && back.n >= text.n);
        FUZZ_CHECK(memcmp(back.p + (back.n - text.n), text.p, text.n) == 0);
    }
    (void)made(in, decrypt, j, text, more);
}

static void sign_and_verify(struct input *in, const struct job *j, struct bytes text, uint32_t more)
{
    struct bytes signature = made(in, sign, j, text, more);
    if (signature.p != NULL)
        FUZZ_CHECK(verify(j, text, signature) == STATUS_SUCCESS);
    FUZZ_CHECK(verify(j, text, text) < 0);
}

/* What the flags ask for, in exactly its own size. With several, it is the smallest. */
static void *structure(struct input *in, ULONG flag, LPCWSTR hash, ULONG salt, struct bytes label)
{
    const BCRYPT_PKCS1_PADDING_INFO pkcs1 = {hash};
    const BCRYPT_PSS_PADDING_INFO pss = {hash, salt};
    const BCRYPT_OAEP_PADDING_INFO oaep = {hash, label.p, label.n};
    const BCRYPT_PQDSA_PADDING_INFO pqdsa = {label.p, label.n, hash};
    const struct {
        ULONG flag;
        const void *p;
        size_t n;
    } kinds[] = {{BCRYPT_PAD_PKCS1, &pkcs1, sizeof pkcs1},
                 {BCRYPT_PAD_PSS, &pss, sizeof pss},
                 {BCRYPT_PAD_OAEP, &oaep, sizeof oaep},
                 {BCRYPT_PAD_PQDSA, &pqdsa, sizeof pqdsa}};
    size_t i = 0;
    while (i + 1 < COUNT(kinds) && (flag & kinds[i].flag) == 0)
        i++;
    void *p = input_own(in, kinds[i].n);
    memcpy(p, kinds[i].p, kinds[i].n);
    return p;
}

static void one(struct input *in)
{
    const struct pair *p = pair_of(take_byte(in));
    uint8_t how = take_byte(in);
    uint8_t which = take_byte(in);
    struct job j = {.flag = which == 0xFF ? take_u32(in) : flags[which % COUNT(flags)]};
    LPCWSTR hash = take_name(in, hashes, COUNT(hashes));
    ULONG salt = take_u32(in);
    struct bytes label = take_some(in);
    uint32_t more = take_u16(in);
    struct bytes text = take_rest(in);
    if (p == NULL)
        return;
    if ((how & 4) != 0)
        label.p = NULL;
    j.key = p->key;
    j.stored = (how & 8) != 0 ? stored_of(p) : 0;
    j.info = (how & 2) != 0 ? NULL : structure(in, j.flag, hash, salt, label);
    if ((how & 1) != 0)
        crypt(in, &j, text, more);
    else
        sign_and_verify(in, &j, text, more);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1u << 16)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
