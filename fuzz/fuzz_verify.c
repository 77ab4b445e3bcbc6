/*
 * Signatures of any length and contents, for every kind of key. An input is
 *
 *    0  key       row of fuzz_keys.h
 *    1  bit 0     a true signature, with changes; otherwise the bytes of the input
 *    2  flags     index into `flags`
 *    3  hash      index into `hashes`, a length and characters, or none (255)
 *    4  salt      of PSS, in bytes
 *    5  length    of what is signed, and its bytes
 *    …  changes   {offset u16, XOR}: 0 cuts there, an offset beyond the end lengthens; or the signature
 *
 * Nothing verifies but a signature that was made for these very bytes, and that always does. No call
 * reads beyond what it is given, or changes it.
 */
#include "fuzz_keys.h"

#define LONGEST (1u << 16)

static const LPCWSTR hashes[] = {
    BCRYPT_SHA256_ALGORITHM, BCRYPT_SHA1_ALGORITHM,   BCRYPT_MD5_ALGORITHM,
    BCRYPT_SHA384_ALGORITHM, BCRYPT_SHA512_ALGORITHM, BCRYPT_SHA3_256_ALGORITHM,
    BCRYPT_MD2_ALGORITHM,    BCRYPT_MD4_ALGORITHM,    BCRYPT_SHAKE128_ALGORITHM,
};

static const ULONG flags[] = {
    0,
    BCRYPT_PAD_PKCS1,
    BCRYPT_PAD_PSS,
    BCRYPT_PAD_PQDSA,
    BCRYPT_MLDSA_EXTERNAL_MU,
    BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID,
    BCRYPT_PAD_PKCS1 | BCRYPT_PAD_PSS,
    BCRYPT_PAD_NONE,
};

union padding {
    BCRYPT_PKCS1_PADDING_INFO pkcs1;
    BCRYPT_PSS_PADDING_INFO pss;
    BCRYPT_PQDSA_PADDING_INFO pqdsa;
};

/* Which structure a flag stands for; NULL: none. */
static void *padding(ULONG flag, LPCWSTR hash, ULONG salt, union padding *out)
{
    if ((flag & BCRYPT_PAD_PKCS1) != 0)
        out->pkcs1 = (BCRYPT_PKCS1_PADDING_INFO){hash};
    else if ((flag & BCRYPT_PAD_PSS) != 0)
        out->pss = (BCRYPT_PSS_PADDING_INFO){hash, salt};
    else if ((flag & BCRYPT_PAD_PQDSA) != 0)
        out->pqdsa = (BCRYPT_PQDSA_PADDING_INFO){NULL, 0, hash};
    else
        return NULL;
    return out;
}

static NTSTATUS verify(const struct pair *p, void *info, struct bytes hash, struct bytes signature,
                       ULONG flag)
{
    uint32_t before = 0, after = 0;
    for (ULONG i = 0; i < signature.n; i++)
        before = before * 31 + signature.p[i];
    NTSTATUS status =
        BCryptVerifySignature(p->key, info, hash.p, hash.n, signature.p, signature.n, flag);
    for (ULONG i = 0; i < signature.n; i++)
        after = after * 31 + signature.p[i];
    FUZZ_CHECK(before == after);
    return status;
}

/* A true signature; no bytes where this hash and padding cannot be signed. */
static struct bytes sign(struct input *in, const struct pair *p, void *info, struct bytes hash,
                         ULONG flag)
{
    ULONG n = 0, written = 0;
    struct bytes none = {NULL, 0};
    flag &= ~(ULONG)BCRYPT_PAD_PKCS1_OPTIONAL_HASH_OID;
    if (BCryptSignHash(p->key, info, hash.p, hash.n, NULL, 0, &n, flag) < 0)
        return none;
    struct room room = room_new(n);
    NTSTATUS status = BCryptSignHash(p->key, info, hash.p, hash.n, room.p, n, &written, flag);
    FUZZ_CHECK(status < 0 ? room_untouched(&room) : room_intact(&room) && written == n);
    struct bytes signature = {input_own(in, n), n};
    memcpy(signature.p, room.p, n);
    room_free(&room);
    return status < 0 ? none : signature;
}

/* The first n bytes of it; what it does not have is `fill`. */
static struct bytes resized(struct input *in, struct bytes b, ULONG n, uint8_t fill)
{
    struct bytes other = {input_own(in, n), n};
    memset(other.p, fill, n);
    memcpy(other.p, b.p, b.n < n ? b.n : n);
    return other;
}

/* Changes bytes and length as the input says; whether anything is another now. */
static bool damage(struct input *in, struct bytes *signature)
{
    struct bytes was = *signature;
    while (input_more(in)) {
        uint32_t at = take_u16(in);
        uint8_t with = take_byte(in);
        bool inside = at < signature->n;
        *signature = resized(in, *signature, inside && with != 0 ? signature->n : at, with);
        if (inside && with != 0)
            signature->p[at] ^= with;
    }
    return was.n != signature->n || memcmp(was.p, signature->p, was.n) != 0;
}

static void one(struct input *in)
{
    const struct pair *p = pair_of(take_byte(in));
    bool true_one = (take_byte(in) & 1) != 0;
    ULONG flag = flags[take_byte(in) % COUNT(flags)];
    LPCWSTR hash_name = take_name(in, hashes, COUNT(hashes));
    ULONG salt = take_byte(in);
    struct bytes hash = take_some(in);
    union padding info;
    void *at = padding(flag, hash_name, salt, &info);
    if (p == NULL)
        return;
    if (!true_one) {
        FUZZ_CHECK(verify(p, at, hash, take_rest(in), flag) != STATUS_SUCCESS);
        return;
    }
    struct bytes signature = sign(in, p, at, hash, flag);
    if (signature.p == NULL)
        return;
    FUZZ_CHECK(verify(p, at, hash, signature, flag) == STATUS_SUCCESS);
    bool changed = damage(in, &signature);
    FUZZ_CHECK((verify(p, at, hash, signature, flag) == STATUS_SUCCESS) == !changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > LONGEST)
        return 0;
    struct input in = {.p = data, .n = size};
    one(&in);
    input_done(&in);
    return 0;
}
