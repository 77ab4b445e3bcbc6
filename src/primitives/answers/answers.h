/*
 * The known answers of the built-in provider's algorithms, one selftest for each row.
 *
 * The answers were computed by other implementations (Python's hashlib and cryptography) or come from the standards; for what those
 * lack (MD2, MD4, RC2, cSHAKE, KMAC, SLH-DSA) by this library, which the vectors of tests/vectors had found right.
 */
#ifndef PRIMITIVES_ANSWERS_H
#define PRIMITIVES_ANSWERS_H

#include "provider.h"

extern const struct selftest selftest_md2, selftest_md4, selftest_md5, selftest_sha1;
extern const struct selftest selftest_sha256, selftest_sha384, selftest_sha512;
extern const struct selftest selftest_sha3_256, selftest_sha3_384, selftest_sha3_512;
extern const struct selftest selftest_shake128, selftest_shake256;
extern const struct selftest selftest_cshake128, selftest_cshake256;
extern const struct selftest selftest_kmac128, selftest_kmac256;
extern const struct selftest selftest_aes_cmac, selftest_aes_gmac;
extern const struct selftest selftest_aes, selftest_xts, selftest_chacha, selftest_rc4;
extern const struct selftest selftest_des, selftest_des3, selftest_des3_112, selftest_desx;
extern const struct selftest selftest_rc2;
extern const struct selftest selftest_pbkdf2, selftest_sp800_108, selftest_sp800_56a;
extern const struct selftest selftest_capi_kdf, selftest_tls1_1_kdf, selftest_tls1_2_kdf;
extern const struct selftest selftest_hkdf;
extern const struct selftest selftest_rsa, selftest_rsa_sign, selftest_dsa, selftest_dh;
extern const struct selftest selftest_ecdsa_p256, selftest_ecdsa_p384, selftest_ecdsa_p521;
extern const struct selftest selftest_ecdh_p256, selftest_ecdh_p384, selftest_ecdh_p521;
extern const struct selftest selftest_ecdsa, selftest_ecdh;
extern const struct selftest selftest_mlkem, selftest_mldsa, selftest_slhdsa;
extern const struct selftest selftest_rng;

#endif
