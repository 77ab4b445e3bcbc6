/* Ciphers and their modes with a kept key, encrypting and decrypting. */
#include "rows_sym.h"

#include <string.h>

#define AES(group, mode, name, implicit, key, iv)                                                  \
    group, BCRYPT_AES_ALGORITHM, mode, name, implicit, key, iv, iv

static const struct sym_kind kinds[] = {
    {AES("AES-128-ECB", BCRYPT_CHAIN_MODE_ECB, "AES-128-ECB", EVP_aes_128_ecb, 16, 0),
     .one_block = true},
    {AES("AES-128-CBC", BCRYPT_CHAIN_MODE_CBC, "AES-128-CBC", EVP_aes_128_cbc, 16, 16)},
    {AES("AES-128-CFB8", BCRYPT_CHAIN_MODE_CFB, "AES-128-CFB8", EVP_aes_128_cfb8, 16, 16)},
    {AES("AES-128-CFB128", BCRYPT_CHAIN_MODE_CFB, "AES-128-CFB", EVP_aes_128_cfb128, 16, 16),
     .segment = 16},
    {"AES-128-XTS", BCRYPT_XTS_AES_ALGORITHM, NULL, "AES-128-XTS", EVP_aes_128_xts, 32, 8, 16},
    {AES("AES-128-GCM", BCRYPT_CHAIN_MODE_GCM, "AES-128-GCM", EVP_aes_128_gcm, 16, 12),
     .aead = true},
    {AES("AES-256-GCM", BCRYPT_CHAIN_MODE_GCM, "AES-256-GCM", EVP_aes_256_gcm, 32, 12),
     .aead = true},
    {AES("AES-256-CCM", BCRYPT_CHAIN_MODE_CCM, "AES-256-CCM", EVP_aes_256_ccm, 32, 12),
     .aead = true, .ccm = true},
    {"ChaCha20-Poly1305", BCRYPT_CHACHA20_POLY1305_ALGORITHM, NULL, "ChaCha20-Poly1305",
     EVP_chacha20_poly1305, 32, 12, 12, .aead = true},
    {"3DES-CBC", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_CBC, "DES-EDE3-CBC", EVP_des_ede3_cbc, 24,
     8, 8},
    {"3DES-ECB", BCRYPT_3DES_ALGORITHM, BCRYPT_CHAIN_MODE_ECB, "DES-EDE3-ECB", EVP_des_ede3_ecb, 24,
     0, 0},
};

#define AAD_BYTES 13

static bool pair_init(struct sym_pair *p, const struct sym_kind *k)
{
    static uint8_t aad[AAD_BYTES];
    *p = (struct sym_pair){
        .kind = k,
        .ours = {.alg_name = k->alg,
                 .mode = k->mode,
                 .key_n = (ULONG)k->key_n,
                 .iv_n = (ULONG)k->iv_n,
                 .segment = k->segment,
                 .in = sym_in,
                 .out = sym_ours},
        .ref = {.name = k->ossl_name,
                .implicit = k->implicit,
                .ccm = k->ccm,
                .iv_n = k->ref_iv_n,
                .in = sym_in,
                .out = sym_ref},
    };
    sym_fill(aad, sizeof aad, 3);
    sym_fill(p->ours.key_bytes, sizeof p->ours.key_bytes, 4);
    sym_fill(p->ours.iv, k->iv_n, 5);
    memcpy(p->ref.key, p->ours.key_bytes, sizeof p->ref.key);
    memcpy(p->ref.iv, p->ours.iv, sizeof p->ref.iv);
    if (k->aead) {
        p->ours.aad = p->ref.aad = aad;
        p->ours.aad_n = AAD_BYTES;
        p->ref.aad_n = AAD_BYTES;
    }
    return ours_cipher_init(&p->ours) && ref_cipher_init(&p->ref);
}

bool sym_pair_init(struct sym_pair *p, const char *group)
{
    *p = (struct sym_pair){.kind = NULL};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].group, group) == 0)
            return pair_init(p, &kinds[i]);
    }
    return false;
}

void sym_pair_size(struct sym_pair *p, size_t n)
{
    p->ours.in_n = (ULONG)n;
    p->ref.in_n = n;
}

void sym_pair_done(struct sym_pair *p)
{
    ours_cipher_done(&p->ours);
    ref_cipher_done(&p->ref);
}

void sym_pair_row(struct bench *b, struct sym_pair *p, const char *what, struct bench_goal goal,
                  bool (*ours)(void *), bool (*ref)(void *), bool (*naive)(void *))
{
    sym_row(b, sym_name(what, p->ref.in_n).text, goal,
            &(struct sym_row){op(ours, &p->ours), op(ref, &p->ref), op(naive, &p->ref), sym_ours,
                              sym_ref, p->ref.in_n});
}

/* What libcrypto encrypted is what both sides decrypt. */
static void decrypt_row(struct bench *b, struct sym_pair *p, struct bench_goal goal)
{
    static uint8_t ciphertext[SYM_ROOM];
    bool aead = p->kind->aead;
    if (!(aead ? ref_cipher_seal : ref_cipher_encrypt)(&p->ref))
        return;
    memcpy(ciphertext, sym_ref, p->ref.in_n);
    memcpy(p->ours.tag, p->ref.tag, sizeof p->ours.tag);
    p->ours.in = p->ref.in = ciphertext;
    if (aead)
        sym_pair_row(b, p, "decrypt", goal, ours_cipher_open, ref_cipher_open, naive_cipher_open);
    else
        sym_pair_row(b, p, "decrypt", goal, ours_cipher_decrypt, ref_cipher_decrypt,
                     naive_cipher_decrypt);
    p->ours.in = p->ref.in = sym_in;
}

static void size_rows(struct bench *b, struct sym_pair *p, size_t n)
{
    struct bench_goal goal = n == 16 && p->kind->one_block ? GOAL_BLOCK : sym_goal(n);
    sym_pair_size(p, n);
    if (p->kind->aead)
        sym_pair_row(b, p, "encrypt", goal, ours_cipher_seal, ref_cipher_seal, naive_cipher_seal);
    else
        sym_pair_row(b, p, "encrypt", goal, ours_cipher_encrypt, ref_cipher_encrypt,
                     naive_cipher_encrypt);
    decrypt_row(b, p, goal);
}

void rows_cipher(struct bench *b)
{
    static struct sym_pair p;
    sym_fill(sym_in, sizeof sym_in, 1);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!bench_group(b, kinds[i].group))
            continue;
        if (pair_init(&p, &kinds[i])) {
            for (size_t j = 0; j < SYM_SIZES; j++)
                size_rows(b, &p, sym_sizes[j]);
        }
        sym_pair_done(&p);
    }
}

/* A stream that goes on from message to message, on both sides. */
void rows_rc4(struct bench *b)
{
    if (!bench_group(b, "RC4"))
        return;
#ifdef OPENSSL_NO_RC4
    bench_skip(b, "libcrypto has no RC4");
#else
    static struct ref_rc4 ref;
    struct ours_cipher ours = {.alg_name = BCRYPT_RC4_ALGORITHM, .key_n = 16};
    sym_fill(ours.key_bytes, sizeof ours.key_bytes, 4);
    for (size_t i = 0; i < SYM_SIZES; i++) {
        size_t n = sym_sizes[i];
        ref_rc4_init(&ref, ours.key_bytes, ours.key_n);
        ours.in = ref.in = sym_in;
        ours.in_n = (ULONG)(ref.in_n = n);
        ours.out = sym_ours;
        ref.out = sym_ref;
        if (ours_cipher_init(&ours))
            sym_row(b, sym_name("encrypt", n).text, sym_goal(n),
                    &(struct sym_row){op(ours_cipher_encrypt, &ours),
                                      op(ref_rc4, &ref),
                                      {NULL, NULL},
                                      sym_ours,
                                      sym_ref,
                                      n});
        ours_cipher_done(&ours);
    }
#endif
}
