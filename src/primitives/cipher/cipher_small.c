/*
 * The ciphers of 64-bit blocks, DES, 3DES, DESX and RC2, by the nettle library. libcrypto has DES and RC2
 * only in a provider that an installation may lack, and in functions that are slower; nettle has them
 * always, and the modes around them.
 */
#include "cipher_key.h"

#include <string.h>

#include <nettle/arctwo.h>
#include <nettle/cbc.h>
#include <nettle/cfb.h>
#include <nettle/des.h>

#define BLOCK 8

struct small_cipher {
    size_t schedule; /* bytes */
    void (*expand)(void *schedule, const struct cipher_key *k);
    nettle_cipher_func *encrypt;
    nettle_cipher_func *decrypt;
};

NTSTATUS small_expand(struct cipher_key *k)
{
    const struct small_cipher *cipher = k->row->small;
    TRY(secret_new(&k->state, cipher->schedule));
    cipher->expand(k->state.p, k);
    return STATUS_SUCCESS;
}

/* ---- the ciphers --------------------------------------------------------------------------------- */

/* Weak keys are keys, as on Windows; parity is not looked at. */
static void des_expand(void *schedule, const struct cipher_key *k)
{
    (void)des_set_key(schedule, k->secret.p);
}

static void des_run(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    des_encrypt(schedule, n, out, in);
}

static void des_back(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    des_decrypt(schedule, n, out, in);
}

/* Two keys stand for three of which the last is the first again. */
static void des3_expand(void *schedule, const struct cipher_key *k)
{
    struct secret keys;
    uint8_t three[DES3_KEY_SIZE];
    keys = k->secret;
    memcpy(three, keys.p, keys.n);
    if (keys.n < DES3_KEY_SIZE)
        memcpy(three + keys.n, keys.p, DES3_KEY_SIZE - keys.n);
    (void)des3_set_key(schedule, three);
    wipe(three, sizeof three);
}

static void des3_run(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    des3_encrypt(schedule, n, out, in);
}

static void des3_back(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    des3_decrypt(schedule, n, out, in);
}

/* DESX(x) = output ^ DES(x ^ input); the key is DES key, input whitening, output whitening. */
struct desx_schedule {
    struct des_ctx des;
    uint8_t input[BLOCK];
    uint8_t output[BLOCK];
};

static void desx_expand(void *schedule, const struct cipher_key *k)
{
    struct desx_schedule *s = schedule;
    (void)des_set_key(&s->des, k->secret.p);
    memcpy(s->input, k->secret.p + BLOCK, BLOCK);
    memcpy(s->output, k->secret.p + (size_t)2 * BLOCK, BLOCK);
}

static void whitened(const struct des_ctx *des, nettle_cipher_func *run, const uint8_t *before,
                     const uint8_t *after, size_t n, uint8_t *out, const uint8_t *in)
{
    uint8_t block[BLOCK];
    for (size_t at = 0; at < n; at += BLOCK) {
        for (size_t i = 0; i < BLOCK; i++)
            block[i] = in[at + i] ^ before[i];
        run(des, BLOCK, block, block);
        for (size_t i = 0; i < BLOCK; i++)
            out[at + i] = block[i] ^ after[i];
    }
    wipe(block, sizeof block);
}

static void desx_run(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    const struct desx_schedule *s = schedule;
    whitened(&s->des, des_run, s->input, s->output, n, out, in);
}

static void desx_back(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    const struct desx_schedule *s = schedule;
    whitened(&s->des, des_back, s->output, s->input, n, out, in);
}

static void rc2_expand(void *schedule, const struct cipher_key *k)
{
    arctwo_set_key_ekb(schedule, k->secret.n, k->secret.p, k->effective);
}

static void rc2_run(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    /* nettle's parameter lacks a const in old versions */
    arctwo_encrypt((struct arctwo_ctx *)(uintptr_t)schedule, n, out, in);
}

static void rc2_back(const void *schedule, size_t n, uint8_t *out, const uint8_t *in)
{
    arctwo_decrypt((struct arctwo_ctx *)(uintptr_t)schedule, n, out, in);
}

const struct small_cipher small_des = {sizeof(struct des_ctx), des_expand, des_run, des_back};
const struct small_cipher small_3des = {sizeof(struct des3_ctx), des3_expand, des3_run, des3_back};
const struct small_cipher small_desx = {sizeof(struct desx_schedule), desx_expand, desx_run,
                                        desx_back};
const struct small_cipher small_rc2 = {sizeof(struct arctwo_ctx), rc2_expand, rc2_run, rc2_back};

/* ---- the modes ------------------------------------------------------------------------------------ */

static NTSTATUS ecb_run(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t n)
{
    (void)iv;
    const struct small_cipher *cipher = k->row->small;
    (encrypt ? cipher->encrypt : cipher->decrypt)(k->state.p, n, out, in);
    return STATUS_SUCCESS;
}

/* nettle's own loop has two more calls for each block. */
static void chain(const struct small_cipher *cipher, const void *schedule, uint8_t *iv, size_t n,
                  uint8_t *out, const uint8_t *in)
{
    uint64_t previous, block = 0;
    memcpy(&previous, iv, BLOCK);
    for (size_t at = 0; at < n; at += BLOCK) {
        memcpy(&block, in + at, BLOCK);
        block ^= previous;
        cipher->encrypt(schedule, BLOCK, out + at, (const uint8_t *)&block);
        memcpy(&previous, out + at, BLOCK);
    }
    memcpy(iv, &previous, BLOCK);
    wipe(&block, sizeof block);
}

static NTSTATUS cbc_run(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t n)
{
    const struct small_cipher *cipher = k->row->small;
    if (encrypt)
        chain(cipher, k->state.p, iv, n, out, in);
    else
        cbc_decrypt(k->state.p, cipher->decrypt, BLOCK, iv, n, out, in);
    return STATUS_SUCCESS;
}

static NTSTATUS cfb_run(struct cipher_key *k, bool encrypt, uint8_t *iv, const uint8_t *in,
                        uint8_t *out, size_t n)
{
    const struct small_cipher *cipher = k->row->small;
    bool bytes = atomic_load_explicit(&k->segment, memory_order_relaxed) == 1;
    if (bytes)
        (encrypt ? cfb8_encrypt : cfb8_decrypt)(k->state.p, cipher->encrypt, BLOCK, iv, n, out, in);
    else
        (encrypt ? cfb_encrypt : cfb_decrypt)(k->state.p, cipher->encrypt, BLOCK, iv, n, out, in);
    return STATUS_SUCCESS;
}

static NTSTATUS ecb_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return cipher_block_crypt(cipher_key_of(key), &small_ecb_mode, call, o);
}

const struct cipher_mode small_ecb_mode = {
    .name = "ChainingModeECB",
    .crypt = ecb_crypt,
    .run = ecb_run,
};

static NTSTATUS cbc_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return cipher_block_crypt(cipher_key_of(key), &small_cbc_mode, call, o);
}

const struct cipher_mode small_cbc_mode = {
    .name = "ChainingModeCBC",
    .crypt = cbc_crypt,
    .run = cbc_run,
    .chains = true,
};

static NTSTATUS cfb_crypt(struct key *key, const struct crypt *call, const struct out *o)
{
    return cipher_block_crypt(cipher_key_of(key), &small_cfb_mode, call, o);
}

const struct cipher_mode small_cfb_mode = {
    .name = "ChainingModeCFB",
    .crypt = cfb_crypt,
    .run = cfb_run,
    .chains = true,
    .segments = true,
};
