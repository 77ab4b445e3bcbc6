/* Known answers of key derivation functions. HKDF: the first test case of RFC 5869. */
#include "answers.h"

static const uint64_t pbkdf2_count = 2; /* a parameter is the machine's own number */

static const struct param pbkdf2_params[] = {
    {.type = KDF_HASH_ALGORITHM, .name = {"SHA256"}},
    {.type = KDF_SALT, .bytes = KNOWN("salt")},
    {.type = KDF_ITERATION_COUNT, .bytes = {(const uint8_t *)&pbkdf2_count, sizeof pbkdf2_count}}};

static const uint8_t pbkdf2_output[] = {
    0x2E, 0x53, 0xA6, 0xB0, 0x86, 0x9D, 0xCA, 0x4A, 0x3A, 0xDE, 0xBB, 0x39, 0x5A, 0x88,
    0x6D, 0x9C, 0x99, 0x25, 0x15, 0x66, 0xCB, 0xE2, 0xC0, 0xF2, 0x92, 0xB6, 0x3D, 0x72,
    0xA5, 0x33, 0x01, 0xA7, 0xCD, 0xD3, 0x26, 0xA2, 0x53, 0x21, 0x8D, 0x2C,
};

static const struct known_answer pbkdf2[] = {
    {.kind = ANSWER_DERIVE,
     .key = KNOWN("a secret of some length"),
     .output = {pbkdf2_output, sizeof pbkdf2_output},
     .params = pbkdf2_params,
     .param_count = ARRAY_COUNT(pbkdf2_params)},
};
SELFTEST(selftest_pbkdf2, pbkdf2);

static const struct param sp800_108_params[] = {{.type = KDF_HASH_ALGORITHM, .name = {"SHA256"}},
                                                {.type = KDF_LABEL, .bytes = KNOWN("label")},
                                                {.type = KDF_CONTEXT, .bytes = KNOWN("context")}};

static const uint8_t sp800_108_output[] = {
    0x16, 0xE2, 0x4F, 0x46, 0x68, 0x8B, 0x18, 0x8C, 0xA6, 0x2B, 0x88, 0xFF, 0xD8, 0x14,
    0x61, 0xE9, 0xDF, 0xB8, 0xD2, 0xA5, 0xE3, 0x71, 0x82, 0x6E, 0x2E, 0x30, 0x6B, 0xE1,
    0xF7, 0x81, 0x5A, 0xD4, 0xC0, 0x1B, 0x59, 0x95, 0xC2, 0xF2, 0x00, 0x4C,
};

static const struct known_answer sp800_108[] = {
    {.kind = ANSWER_DERIVE,
     .key = KNOWN("a secret of some length"),
     .output = {sp800_108_output, sizeof sp800_108_output},
     .params = sp800_108_params,
     .param_count = ARRAY_COUNT(sp800_108_params)},
};
SELFTEST(selftest_sp800_108, sp800_108);

static const struct param sp800_56a_params[] = {{.type = KDF_HASH_ALGORITHM, .name = {"SHA256"}},
                                                {.type = KDF_ALGORITHMID, .bytes = KNOWN("id")},
                                                {.type = KDF_PARTYUINFO, .bytes = KNOWN("U")},
                                                {.type = KDF_PARTYVINFO, .bytes = KNOWN("V")}};

static const uint8_t sp800_56a_output[] = {
    0x01, 0x05, 0xB4, 0xF5, 0x23, 0x74, 0x21, 0x50, 0x7C, 0xC6, 0x9E, 0xD6, 0x55, 0x6F,
    0xE3, 0x74, 0x9B, 0x57, 0xCF, 0xF9, 0x96, 0xFA, 0x93, 0x79, 0x91, 0xBB, 0x56, 0x64,
    0x0D, 0xF0, 0xC1, 0xBE, 0xEE, 0xB9, 0xF9, 0x3E, 0x40, 0x23, 0xFF, 0xA0,
};

static const struct known_answer sp800_56a[] = {
    {.kind = ANSWER_DERIVE,
     .key = KNOWN("a secret of some length"),
     .output = {sp800_56a_output, sizeof sp800_56a_output},
     .params = sp800_56a_params,
     .param_count = ARRAY_COUNT(sp800_56a_params)},
};
SELFTEST(selftest_sp800_56a, sp800_56a);

static const struct param capi_kdf_params[] = {{.type = KDF_HASH_ALGORITHM, .name = {"SHA256"}}};

static const uint8_t capi_kdf_output[] = {
    0x83, 0xCF, 0x85, 0x15, 0x19, 0x28, 0xD8, 0xAB, 0x70, 0xBE, 0xE0, 0x9C, 0xDD, 0xB2,
    0x7C, 0xE6, 0x94, 0xDA, 0x33, 0x7A, 0x8E, 0x8C, 0x2A, 0x1C, 0x59, 0x28, 0xA6, 0x8E,
    0x9C, 0xC0, 0x2C, 0x0D, 0x42, 0xE3, 0xFF, 0x90, 0xED, 0x34, 0x15, 0xB5,
};

static const struct known_answer capi_kdf[] = {
    {.kind = ANSWER_DERIVE,
     .key = KNOWN("a secret of some length"),
     .output = {capi_kdf_output, sizeof capi_kdf_output},
     .params = capi_kdf_params,
     .param_count = ARRAY_COUNT(capi_kdf_params)},
};
SELFTEST(selftest_capi_kdf, capi_kdf);

static const struct param tls1_1_kdf_params[] = {
    {.type = KDF_TLS_PRF_LABEL, .bytes = KNOWN("label")},
    {.type = KDF_TLS_PRF_SEED, .bytes = KNOWN("seed")}};

static const uint8_t tls1_1_kdf_output[] = {
    0x32, 0x73, 0x5F, 0xB5, 0x94, 0xFA, 0x37, 0x82, 0xCC, 0xB9, 0x00, 0xC1, 0xC1, 0x50,
    0x84, 0x97, 0x75, 0x0D, 0xAE, 0xC0, 0x61, 0xB2, 0x78, 0xD3, 0xB8, 0x5F, 0xAB, 0xB8,
    0x93, 0xD4, 0x96, 0x5E, 0xC3, 0xB2, 0x6E, 0x99, 0x21, 0x46, 0x6E, 0x1C,
};

static const struct known_answer tls1_1_kdf[] = {
    {.kind = ANSWER_DERIVE,
     .key = KNOWN("a secret of some length"),
     .output = {tls1_1_kdf_output, sizeof tls1_1_kdf_output},
     .params = tls1_1_kdf_params,
     .param_count = ARRAY_COUNT(tls1_1_kdf_params)},
};
SELFTEST(selftest_tls1_1_kdf, tls1_1_kdf);

static const struct param tls1_2_kdf_params[] = {
    {.type = KDF_HASH_ALGORITHM, .name = {"SHA256"}},
    {.type = KDF_TLS_PRF_LABEL, .bytes = KNOWN("label")},
    {.type = KDF_TLS_PRF_SEED, .bytes = KNOWN("seed")}};

static const uint8_t tls1_2_kdf_output[] = {
    0x1C, 0x50, 0x56, 0xDB, 0xFA, 0xD8, 0x9F, 0x6F, 0x8A, 0x11, 0x77, 0x99, 0x81, 0x51,
    0x41, 0x7E, 0x16, 0x28, 0x87, 0x59, 0x8D, 0x25, 0x70, 0x78, 0x4C, 0x30, 0x44, 0x2A,
    0xB4, 0x0C, 0x6A, 0x7F, 0x45, 0xE4, 0xDD, 0xD3, 0xFD, 0x7A, 0x1C, 0xB9,
};

static const struct known_answer tls1_2_kdf[] = {
    {.kind = ANSWER_DERIVE,
     .key = KNOWN("a secret of some length"),
     .output = {tls1_2_kdf_output, sizeof tls1_2_kdf_output},
     .params = tls1_2_kdf_params,
     .param_count = ARRAY_COUNT(tls1_2_kdf_params)},
};
SELFTEST(selftest_tls1_2_kdf, tls1_2_kdf);

static const struct known_property hkdf_set[] = {
    {"HkdfHashAlgorithm", KNOWN_WIDE("SHA256")},
    {"HkdfSaltAndFinalize", KNOWN("\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0A\x0B\x0C")},
    {NULL, {NULL, 0}}};

static const struct param hkdf_params[] = {
    {.type = KDF_HKDF_INFO, .bytes = KNOWN("\xF0\xF1\xF2\xF3\xF4\xF5\xF6\xF7\xF8\xF9")}};

static const uint8_t hkdf_key[] = {
    0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B,
    0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B, 0x0B,
};

static const uint8_t hkdf_output[] = {
    0x3C, 0xB2, 0x5F, 0x25, 0xFA, 0xAC, 0xD5, 0x7A, 0x90, 0x43, 0x4F, 0x64, 0xD0, 0x36,
    0x2F, 0x2A, 0x2D, 0x2D, 0x0A, 0x90, 0xCF, 0x1A, 0x5A, 0x4C, 0x5D, 0xB0, 0x2D, 0x56,
    0xEC, 0xC4, 0xC5, 0xBF, 0x34, 0x00, 0x72, 0x08, 0xD5, 0xB8, 0x87, 0x18, 0x58, 0x65,
};

static const struct known_answer hkdf[] = {
    {.kind = ANSWER_DERIVE,
     .set = hkdf_set,
     .key = {hkdf_key, sizeof hkdf_key},
     .output = {hkdf_output, sizeof hkdf_output},
     .params = hkdf_params,
     .param_count = ARRAY_COUNT(hkdf_params)},
};
SELFTEST(selftest_hkdf, hkdf);
