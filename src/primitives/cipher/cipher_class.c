/* The cipher algorithms: a row of facts each. */
#include "answers.h"
#include "cipher_key.h"
#include "registry.h"

#include <string.h>

/* FIPS 197, SP 800-38A, -38C, -38D. */
static const struct cipher_mode *const aes_modes[] = {
    &aes_cbc_mode, &aes_ecb_mode, &aes_cfb_mode, &aes_ccm_mode, &aes_gcm_mode, NULL,
};
static const struct cipher_mode *const small_modes[] = {
    &small_cbc_mode,
    &small_ecb_mode,
    &small_cfb_mode,
    NULL,
};
static const struct cipher_mode *const xts_modes[] = {&aes_xts_mode, NULL};
static const struct cipher_mode *const chacha_modes[] = {&chacha_mode, NULL};
static const struct cipher_mode *const rc4_modes[] = {&rc4_mode, NULL};

#define SMALL_ROW                                                                                  \
    .block = 8, .chains = true, .first_segment = 1, .modes = small_modes, .expand = small_expand

static const struct cipher_row aes = {
    .block = 16, .chains = true, .wraps = true, .first_segment = 1, .modes = aes_modes};
static const struct cipher_row xts = {
    .block = 16, .halves = true, .key_step = 256, .modes = xts_modes, .expand = xts_expand};
static const struct cipher_row chacha = {.block = 1, .modes = chacha_modes};
static const struct cipher_row rc4 = {.block = 1,
                                      .extended_max = 2048,
                                      .modes = rc4_modes,
                                      .expand = rc4_expand,
                                      .resume = rc4_resume};
static const struct cipher_row des = {SMALL_ROW, .small = &small_des};
static const struct cipher_row desx = {SMALL_ROW, .small = &small_desx};
static const struct cipher_row des3 = {SMALL_ROW, .small = &small_3des};
static const struct cipher_row rc2 = {SMALL_ROW, .small = &small_rc2, .extended_max = 1024,
                                      .effective = true};

#define RC2_EFFECTIVE 128 /* bits, unless somebody sets others */

static NTSTATUS init(struct alg *alg)
{
    struct cipher_alg *cipher = cipher_alg_of(alg);
    const struct cipher_row *row = cipher_row_of(alg->class);
    atomic_init(&cipher->mode, row->modes[0]);
    atomic_init(&cipher->effective, row->effective ? RC2_EFFECTIVE : 0);
    atomic_init(&cipher->segment, row->first_segment);
    return STATUS_SUCCESS;
}

static void set_mode(struct alg *alg, const char *name)
{
    for (const struct cipher_mode *const *m = cipher_row_of(alg->class)->modes; *m != NULL; m++) {
        if (strcmp((*m)->name, name) == 0)
            atomic_store_explicit(&cipher_alg_of(alg)->mode, *m, memory_order_relaxed);
    }
}

#define CIPHER(id)                                                                                 \
    .interface_id = BCRYPT_CIPHER_INTERFACE, .operations = BCRYPT_CIPHER_OPERATION,                \
    .open_flags = BCRYPT_PROV_DISPATCH | BCRYPT_EXTENDED_KEYSIZE, .props = cipher_props,           \
    .alg_size = sizeof(struct cipher_alg), .alg_init = init, .alg_mode = set_mode,                 \
    .sym = &cipher_sym, .selftest = &selftest_##id

const struct alg_class rc4_class = {
    CIPHER(rc4), .name = "RC4", .key_lengths = {8, 512, 8}, .params = &rc4, .not_approved = true,
};

const struct alg_class des3_class = {
    CIPHER(des3),    .name = "3DES",       .key_lengths = {192, 192, 0},
    .params = &des3, .not_approved = true, .capi_expands = true,
};

/* Two keys, or as many bytes as 3DES has (observed). */
const struct alg_class des3_112_class = {
    CIPHER(des3_112), .name = "3DES_112",   .key_lengths = {128, 192, 64},
    .params = &des3,  .not_approved = true,
};

const struct alg_class aes_class = {
    CIPHER(aes), .name = "AES", .key_lengths = {128, 256, 64}, .params = &aes, .capi_expands = true,
};

const struct alg_class des_class = {
    CIPHER(des), .name = "DES", .key_lengths = {64, 64, 0}, .params = &des, .not_approved = true,
};

const struct alg_class desx_class = {
    CIPHER(desx),    .name = "DESX",       .key_lengths = {192, 192, 0},
    .params = &desx, .not_approved = true,
};

const struct alg_class rc2_class = {
    CIPHER(rc2), .name = "RC2", .key_lengths = {16, 128, 8}, .params = &rc2, .not_approved = true,
};

const struct alg_class xts_class = {
    CIPHER(xts),
    .name = "XTS-AES",
    .key_lengths = {256, 512, 128}, /* what Windows tells, although no key has 384 bits */
    .params = &xts,
};

const struct alg_class chacha_class = {
    CIPHER(chacha),    .name = "CHACHA20_POLY1305", .key_lengths = {256, 256, 0},
    .params = &chacha, .not_approved = true,
};
