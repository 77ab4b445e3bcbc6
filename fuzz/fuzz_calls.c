/*
 * Sequences of calls on handles of every kind, right and wrong ones. An input is
 *
 *    0  bit 0     the two halves of what follows run at the same time, in two threads
 *    …  calls     {op, slot, slot, a byte}, and a length and bytes where an op takes some (`ops`)
 *
 * A slot holds a handle, whatever was closed since; slots are never cleared, so calls meet closed handles,
 * handles of other kinds, and with two threads such as are closed at this moment. Nothing crashes or
 * leaks; what was closed is closed: in one thread a handle is good exactly from its making to its end.
 */
#include "fuzz_api.h"

#include <pthread.h>
#include <stdatomic.h>

#define SLOTS 8
#define CALLS_MOST 200

enum kind { NOTHING, ALGORITHM, HASH, KEY, SECRET };

/* What is known of a slot; with two threads `kind` says no more than what it was made as. */
struct slot {
    _Atomic(BCRYPT_HANDLE) handle;
    _Atomic int kind;
};

struct run {
    struct input in;
    struct slot *slots;
    bool alone; /* then kinds are exact */
};

struct call {
    struct run *run;
    struct slot *a, *b;
    BCRYPT_HANDLE ha, hb;
    uint8_t byte;
};

static const LPCWSTR algorithms[] = {
    BCRYPT_SHA256_ALGORITHM,   BCRYPT_SHA1_ALGORITHM,       BCRYPT_AES_ALGORITHM,
    BCRYPT_RC4_ALGORITHM,      BCRYPT_ECDSA_P256_ALGORITHM, BCRYPT_ECDH_P256_ALGORITHM,
    BCRYPT_DH_ALGORITHM,       BCRYPT_ECDH_ALGORITHM,       BCRYPT_HKDF_ALGORITHM,
    BCRYPT_AES_GMAC_ALGORITHM, BCRYPT_CSHAKE128_ALGORITHM,  BCRYPT_CHACHA20_POLY1305_ALGORITHM,
    BCRYPT_3DES_ALGORITHM,     BCRYPT_RNG_ALGORITHM,        BCRYPT_PBKDF2_ALGORITHM,
    BCRYPT_RSA_ALGORITHM,      BCRYPT_MLKEM_ALGORITHM,
};

static const ULONG open_flags[] = {
    0,
    BCRYPT_ALG_HANDLE_HMAC_FLAG,
    BCRYPT_HASH_REUSABLE_FLAG,
    BCRYPT_PROV_DISPATCH,
    BCRYPT_MULTI_FLAG,
};

static const LPCWSTR values[] = {
    BCRYPT_CHAIN_MODE_CBC,
    BCRYPT_CHAIN_MODE_GCM,
    BCRYPT_CHAIN_MODE_ECB,
    BCRYPT_CHAIN_MODE_CFB,
};

static bool is_alive(const struct call *c, const struct slot *s, enum kind kind)
{
    return !c->run->alone || s->kind == (int)kind;
}

/* Puts what was made where there is nothing to lose, or destroys it. */
static void keep(const struct call *c, NTSTATUS status, BCRYPT_HANDLE made, enum kind kind)
{
    static NTSTATUS (*const ends[])(BCRYPT_HANDLE) = {
        [HASH] = BCryptDestroyHash, [KEY] = BCryptDestroyKey, [SECRET] = BCryptDestroySecret};
    int nothing = NOTHING;
    if (status < 0)
        return;
    if (atomic_compare_exchange_strong(&c->b->kind, &nothing, (int)kind))
        c->b->handle = made;
    else
        FUZZ_CHECK((kind == ALGORITHM ? BCryptCloseAlgorithmProvider(made, 0) : ends[kind](made)) ==
                   STATUS_SUCCESS);
}

/* ---- calls -------------------------------------------------------------------------------------- */

static void do_open(struct call *c)
{
    BCRYPT_ALG_HANDLE alg = NULL;
    NTSTATUS status =
        BCryptOpenAlgorithmProvider(&alg, algorithms[c->byte % COUNT(algorithms)], NULL,
                                    open_flags[c->byte / COUNT(algorithms) % COUNT(open_flags)]);
    keep(c, status, alg, ALGORITHM);
}

static void end(struct call *c, enum kind kind, NTSTATUS status)
{
    if (c->run->alone)
        FUZZ_CHECK((status == STATUS_SUCCESS) == (c->a->kind == (int)kind));
    if (status == STATUS_SUCCESS)
        c->a->kind = NOTHING; /* the handle stays, to be used again */
}

static void do_close(struct call *c)
{
    end(c, ALGORITHM, BCryptCloseAlgorithmProvider(c->ha, 0));
}

static void do_destroy_hash(struct call *c)
{
    end(c, HASH, BCryptDestroyHash(c->ha));
}

static void do_destroy_key(struct call *c)
{
    end(c, KEY, BCryptDestroyKey(c->ha));
}

static void do_destroy_secret(struct call *c)
{
    end(c, SECRET, BCryptDestroySecret(c->ha));
}

static void do_create_hash(struct call *c)
{
    struct bytes key = take_some(&c->run->in);
    BCRYPT_HASH_HANDLE hash = NULL;
    NTSTATUS status = BCryptCreateHash(c->ha, &hash, NULL, 0, key.p, key.n,
                                       (c->byte & 1) != 0 ? BCRYPT_HASH_REUSABLE_FLAG : 0);
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, ALGORITHM));
    keep(c, status, hash, HASH);
}

static void do_create_multi(struct call *c)
{
    BCRYPT_HASH_HANDLE hash = NULL;
    NTSTATUS status = BCryptCreateMultiHash(c->ha, &hash, c->byte % 5u, NULL, 0, NULL, 0, 0);
    keep(c, status, hash, HASH);
}

static void do_multi(struct call *c)
{
    UCHAR data[3] = "abc", digest[32];
    BCRYPT_MULTI_HASH_OPERATION ops[] = {
        {c->byte % 5u, BCRYPT_HASH_OPERATION_HASH_DATA, data, sizeof data},
        {c->byte / 5u % 5u, BCRYPT_HASH_OPERATION_FINISH_HASH, digest, sizeof digest}};
    (void)BCryptProcessMultiOperations(c->ha, BCRYPT_OPERATION_TYPE_HASH, ops, sizeof ops, 0);
}

static void do_hash_data(struct call *c)
{
    struct bytes data = take_some(&c->run->in);
    NTSTATUS status = BCryptHashData(c->ha, data.p, data.n, 0);
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, HASH));
}

static void do_finish_hash(struct call *c)
{
    struct room room = room_new(c->byte % 65u);
    NTSTATUS status = BCryptFinishHash(c->ha, room.p, room.n, 0);
    FUZZ_CHECK(room_intact(&room) && (status >= 0 || room_untouched(&room)));
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, HASH));
    room_free(&room);
}

static void do_duplicate(struct call *c)
{
    BCRYPT_HANDLE made = NULL;
    NTSTATUS status = (c->byte & 1) != 0 ? BCryptDuplicateHash(c->ha, &made, NULL, 0, 0)
                                         : BCryptDuplicateKey(c->ha, &made, NULL, 0, 0);
    keep(c, status, made, (c->byte & 1) != 0 ? HASH : KEY);
}

static void do_symmetric(struct call *c)
{
    struct bytes secret = take_some(&c->run->in);
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status = BCryptGenerateSymmetricKey(c->ha, &key, NULL, 0, secret.p, secret.n, 0);
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, ALGORITHM));
    keep(c, status, key, KEY);
}

/* RSA keys take long: the smallest only, and not finished by do_finalize. */
static void do_pair(struct call *c)
{
    static const ULONG sizes[] = {0, 256, 512, 768};
    BCRYPT_KEY_HANDLE key = NULL;
    NTSTATUS status = BCryptGenerateKeyPair(c->ha, &key, sizes[c->byte % COUNT(sizes)], 0);
    keep(c, status, key, KEY);
}

static void do_finalize(struct call *c)
{
    ULONG bits = 0, n = 0;
    if (BCryptGetProperty(c->ha, BCRYPT_KEY_LENGTH, (PUCHAR)&bits, sizeof bits, &n, 0) >= 0 &&
        bits > 768)
        return;
    NTSTATUS status = BCryptFinalizeKeyPair(c->ha, 0);
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, KEY));
}

static void do_crypt(struct call *c)
{
    struct bytes data = take_some(&c->run->in);
    struct room room = room_new(data.n + c->byte % 33u);
    UCHAR iv[16] = {0};
    ULONG n = 0, iv_n = (c->byte & 64) != 0 ? 16 : 8;
    NTSTATUS status = (c->byte & 128) != 0 ? BCryptEncrypt(c->ha, data.p, data.n, NULL, iv, iv_n,
                                                           room.p, room.n, &n, c->byte / 32u & 1)
                                           : BCryptDecrypt(c->ha, data.p, data.n, NULL, iv, iv_n,
                                                           room.p, room.n, &n, c->byte / 32u & 1);
    FUZZ_CHECK(room_intact(&room) && (status < 0 || n <= room.n));
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, KEY));
    room_free(&room);
}

static void do_sign(struct call *c)
{
    UCHAR hash[32] = {0}, signature[256];
    ULONG n = 0;
    NTSTATUS status =
        BCryptSignHash(c->ha, NULL, hash, sizeof hash, signature, sizeof signature, &n, 0);
    FUZZ_CHECK(status < 0 || n <= sizeof signature);
    if (status >= 0 && c->run->alone)
        FUZZ_CHECK(BCryptVerifySignature(c->ha, NULL, hash, sizeof hash, signature, n, 0) ==
                   STATUS_SUCCESS);
}

static void do_agree(struct call *c)
{
    BCRYPT_SECRET_HANDLE secret = NULL;
    NTSTATUS status = BCryptSecretAgreement(c->ha, c->hb, &secret, 0);
    keep(c, status, secret, SECRET);
}

/* With itself, so that slot b is free for it. */
static void do_agree_alone(struct call *c)
{
    BCRYPT_SECRET_HANDLE secret = NULL;
    NTSTATUS status = BCryptSecretAgreement(c->ha, c->ha, &secret, 0);
    keep(c, status, secret, SECRET);
}

static void do_derive(struct call *c)
{
    struct room room = room_new(c->byte);
    ULONG n = 0;
    NTSTATUS status = BCryptDeriveKey(c->ha, BCRYPT_KDF_RAW_SECRET, NULL, room.p, room.n, &n, 0);
    FUZZ_CHECK(room_intact(&room) && (status < 0 || n <= room.n));
    FUZZ_CHECK(status < 0 || is_alive(c, c->a, SECRET));
    room_free(&room);
}

static void do_export(struct call *c)
{
    static const LPCWSTR types[] = {BCRYPT_PUBLIC_KEY_BLOB, BCRYPT_PRIVATE_KEY_BLOB,
                                    BCRYPT_KEY_DATA_BLOB, BCRYPT_OPAQUE_KEY_BLOB,
                                    BCRYPT_AES_WRAP_KEY_BLOB};
    struct room room = room_new(2048);
    ULONG n = 0;
    BCRYPT_KEY_HANDLE wrap = (c->byte & 128) != 0 ? c->hb : NULL;
    NTSTATUS status =
        BCryptExportKey(c->ha, wrap, types[c->byte % COUNT(types)], room.p, room.n, &n, 0);
    FUZZ_CHECK(room_intact(&room) && (status < 0 || n <= room.n));
    room_free(&room);
}

static void do_set(struct call *c)
{
    LPCWSTR value = values[c->byte % COUNT(values)];
    (void)BCryptSetProperty(c->ha, BCRYPT_CHAINING_MODE, (PUCHAR)(ULONG_PTR)value,
                            text_bytes(value), 0);
    if ((c->byte & 128) != 0)
        (void)BCryptSetProperty(c->ha, BCRYPT_ECC_CURVE_NAME,
                                (PUCHAR)(ULONG_PTR)BCRYPT_ECC_CURVE_25519,
                                text_bytes(BCRYPT_ECC_CURVE_25519), 0);
}

static void do_get(struct call *c)
{
    static const LPCWSTR names[] = {
        BCRYPT_ALGORITHM_NAME, BCRYPT_KEY_LENGTH,  BCRYPT_OBJECT_LENGTH,  BCRYPT_HASH_LENGTH,
        BCRYPT_CHAINING_MODE,  BCRYPT_KEY_LENGTHS, BCRYPT_PROVIDER_HANDLE};
    struct room room = room_new(c->byte);
    ULONG n = 0;
    NTSTATUS status =
        BCryptGetProperty(c->ha, names[c->byte % COUNT(names)], room.p, room.n, &n, 0);
    FUZZ_CHECK(room_untouched_from(&room, status < 0 ? 0 : n));
    room_free(&room);
}

static void (*const ops[])(struct call *c) = {
    do_open,         do_close,       do_create_hash,    do_create_multi, do_multi,    do_hash_data,
    do_finish_hash,  do_duplicate,   do_symmetric,      do_pair,         do_finalize, do_crypt,
    do_sign,         do_agree,       do_derive,         do_export,       do_set,      do_get,
    do_destroy_hash, do_destroy_key, do_destroy_secret, do_agree_alone,
};

static void *run(void *context)
{
    struct run *r = context;
    for (int i = 0; i < CALLS_MOST && input_more(&r->in); i++) {
        uint8_t op = take_byte(&r->in), slots = take_byte(&r->in);
        struct call c = {
            .run = r, .a = &r->slots[slots % SLOTS], .b = &r->slots[slots / SLOTS % SLOTS]};
        c.byte = take_byte(&r->in);
        c.ha = c.a->handle;
        c.hb = c.b->handle;
        ops[op % COUNT(ops)](&c);
    }
    return NULL;
}

static void clear(struct slot *slots)
{
    for (size_t i = 0; i < SLOTS; i++) {
        NTSTATUS status = STATUS_SUCCESS;
        BCRYPT_HANDLE h = slots[i].handle;
        if (slots[i].kind == ALGORITHM)
            status = BCryptCloseAlgorithmProvider(h, 0);
        else if (slots[i].kind == HASH)
            status = BCryptDestroyHash(h);
        else if (slots[i].kind == KEY)
            status = BCryptDestroyKey(h);
        else if (slots[i].kind == SECRET)
            status = BCryptDestroySecret(h);
        FUZZ_CHECK(status == STATUS_SUCCESS);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slot slots[SLOTS];
    if (size < 1 || size > 1u << 16)
        return 0;
    memset(slots, 0, sizeof slots);
    bool two = (data[0] & 1) != 0;
    size_t half = two ? (size - 1) / 2 : size - 1;
    struct run first = {{.p = data + 1, .n = half}, slots, !two};
    struct run second = {{.p = data + 1 + half, .n = size - 1 - half}, slots, !two};
    pthread_t thread;
    if (two)
        FUZZ_CHECK(pthread_create(&thread, NULL, run, &second) == 0);
    run(&first);
    if (two)
        FUZZ_CHECK(pthread_join(thread, NULL) == 0);
    clear(slots);
    input_done(&first.in);
    input_done(&second.in);
    return 0;
}
